// SPDX-License-Identifier: GPL-2.0-or-later
/* The vendor event log, its asynchronous events, and the persistent event log of NVMe. */
/* Covers: GMX_LOG_PERSISTENT GMX_VND_LOG_EVENTS GMX_FEAT_TIMESTAMP GMX_VND_FEAT_EVENT_MASK */
#include <fcntl.h>
#include <sys/stat.h>

#include "vnd.h"

#define DNR(code) ((code) | GMX_STS_DNR)
#define RING	  1024u

static uint8_t page[256 << 10];
static struct gmx_vnd_log_events *const head = (struct gmx_vnd_log_events *)page;
static struct gmx_vnd_event *const entries = (struct gmx_vnd_event *)(page + sizeof(*head));

/* The whole log, as a host reads it: the head, then as much as that says. */
static unsigned int read_log(void)
{
	check(!vnd_log(GMX_VND_LOG_EVENTS, 0, page, 64), "head");
	for (uint32_t at = 64; at < le32toh(head->length) && at < sizeof(page); at += 4096)
		check(!vnd_log(GMX_VND_LOG_EVENTS, at, page + at, EMU_MIN(4096u, le32toh(head->length) - at)), "at %u", at);
	return le32toh(head->count);
}

static const struct gmx_vnd_event *newest(void)
{
	return &entries[read_log() - 1];
}

static bool in_order(unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		if (le64toh(entries[i].sequence) != le64toh(head->first) + i)
			return false;
	}
	return nr == le64toh(head->last) - le64toh(head->first) + 1;
}

static void event(const char *keys)
{
	check(vnd_ok("event", keys), "%s", keys);
}

static void contents(void)
{
	const struct gmx_vnd_event *e;
	unsigned int nr;

	vnd_start("g2", NULL);
	nr = read_log();
	check(nr >= 1 && in_order(nr) && le64toh(head->first) == 1 && !head->lost, "a new log");
	check(le16toh(head->version) == 0x100 && le16toh(head->entry_bytes) == 128 && le32toh(head->capacity) == RING &&
		      le32toh(head->length) == 64 + nr * 128,
	      "head");
	check(le16toh(entries[0].code) == GMX_VND_EV_POWER_ON && le64toh(entries[0].value) == 1 &&
		      entries[0].class == GMX_VND_CLASS_CONTROLLER && !strcmp(entries[0].text, "power on, cycle 1"),
	      "power on");
	vnd_advance(5000);
	event("\"code\":1285,\"object\":7,\"value\":\"0x123456789abcdef0\",\"text\":\"eighty characters are what the text of an event has room for, and not one more.\"");
	e = newest();
	check(le16toh(e->code) == 1285 && e->class == GMX_VND_CLASS_THERMAL && le32toh(e->object) == 7 &&
		      le64toh(e->value) == 0x123456789abcdef0,
	      "fields");
	check(!memcmp(e->text, "eighty", 6) && strlen(e->text) <= 79, "text");
	check(le64toh(e->power_on_ms) >= 5000 && le64toh(e->power_on_ms) < 10000 && le64toh(e->time_ms) == vnd_wall(), "times");
	vnd_stop();
	tap_group("what an event says");
}

static void severities(void)
{
	static const struct {
		const char *request;
		unsigned int code, severity, object;
	} cases[] = {
		{ "{\"command\":\"drive-fail\",\"drive\":0}", GMX_VND_EV_DRIVE_FAILED, GMX_VND_SEV_CRITICAL, 0 },
		{ "{\"command\":\"drive-repair\",\"drive\":0}", GMX_VND_EV_DRIVE_REPAIRED, GMX_VND_SEV_INFO, 0 },
		{ "{\"command\":\"spare\",\"percent\":3}", GMX_VND_EV_DRIVE_SPARE_LOW, GMX_VND_SEV_WARNING, 0 },
		{ "{\"command\":\"temperature\",\"kelvin\":343}", GMX_VND_EV_THERMAL_WARNING, GMX_VND_SEV_WARNING, 0 },
		{ "{\"command\":\"temperature\",\"kelvin\":360}", GMX_VND_EV_THERMAL_CRITICAL, GMX_VND_SEV_CRITICAL, 0 },
		{ "{\"command\":\"temperature\",\"kelvin\":350}", GMX_VND_EV_THERMAL_WARNING, GMX_VND_SEV_WARNING, 0 },
		{ "{\"command\":\"temperature\",\"kelvin\":340}", GMX_VND_EV_THERMAL_NORMAL, GMX_VND_SEV_INFO, 0 },
		{ "{\"command\":\"link-error\",\"severity\":\"fatal\"}", GMX_VND_EV_LINK_ERROR, GMX_VND_SEV_WARNING, 0 },
		{ "{\"command\":\"ns-resize\",\"nsid\":1,\"bytes\":1048576}", GMX_VND_EV_NS_RESIZED, GMX_VND_SEV_INFO, 1 },
		{ "{\"command\":\"ns-identity\",\"nsid\":1}", GMX_VND_EV_NS_IDENTITY, GMX_VND_SEV_INFO, 1 },
		{ "{\"command\":\"ns-detach\",\"nsid\":1}", GMX_VND_EV_NS_DETACHED, GMX_VND_SEV_INFO, 1 },
		{ "{\"command\":\"ns-attach\",\"nsid\":1}", GMX_VND_EV_NS_ATTACHED, GMX_VND_SEV_INFO, 1 },
	};

	vnd_start("g2", NULL);
	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		json_object *answer = vnd_ask(cases[i].request);
		const struct gmx_vnd_event *e;

		check(vnd_flag(answer, "ok"), "%s", cases[i].request);
		json_object_put(answer);
		/* A drive that fails also leaves telemetry behind. */
		e = newest();
		if (le16toh(e->code) == GMX_VND_EV_TELEMETRY)
			e--;
		check(le16toh(e->code) == cases[i].code && e->class == cases[i].code >> 8 && e->severity == cases[i].severity &&
			      le32toh(e->object) == cases[i].object && e->text[0],
		      "%s: code %04x severity %u object %u", cases[i].request, le16toh(e->code), e->severity, le32toh(e->object));
	}
	check(vnd_ok("temperature", "\"kelvin\":341"), "within the hysteresis");
	check(le16toh(newest()->code) == GMX_VND_EV_NS_ATTACHED, "is no event");
	vnd_stop();
	tap_group("what makes which event");
}

/* What ends a controller is told to the others, and by them. */
static void endings(void)
{
	static const struct {
		const char *what;
		unsigned int code;
		uint64_t value;
	} cases[] = {
		{ "reset", GMX_VND_EV_RESET, 0 },
		{ "shutdown", GMX_VND_EV_SHUTDOWN, 1 },
		{ "fatal", GMX_VND_EV_FATAL, 0 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct gmx_vnd_event *e;
		unsigned int nr;
		bool found = false;

		vnd_start("g2", "{ \"functions\": 2 }");
		vnd_post_events(1);
		if (i == 0)
			vnd_enable(1);
		else if (i == 1)
			vnd_shut_down(1);
		else
			check(vnd_ok("fatal", "\"controller\":1"), "fatal");
		check(vnd_event() == (GMX_AEN_VENDOR | GMX_VND_LOG_EVENTS << 8 | GMX_VND_LOG_EVENTS << 16), "%s is told",
		      cases[i].what);
		nr = read_log();
		for (e = entries; e < entries + nr; e++)
			found |= le16toh(e->code) == cases[i].code && le32toh(e->object) == 1 &&
				 le64toh(e->value) == cases[i].value;
		check(found, "%s is in the log", cases[i].what);
		vnd_stop();
	}
	tap_group("resets, shutdowns, fatal errors");
}

static void wrap(void)
{
	unsigned int nr, before;

	vnd_start("g2", NULL);
	before = read_log();
	for (unsigned int i = 0; i < 3000; i++)
		event("\"code\":2047");
	nr = read_log();
	check(nr == RING && in_order(nr) && le64toh(head->last) == before + 3000, "the newest are kept");
	check(le64toh(head->lost) == 3000 - RING, "%llu were lost unread", (unsigned long long)le64toh(head->lost));
	for (unsigned int i = 0; i < 500; i++)
		event("\"code\":2047");
	nr = read_log();
	check(nr == RING && in_order(nr) && le64toh(head->lost) == 3000 - RING, "what was read is not lost");
	vnd_stop();
	tap_group("a ring");
}

static void kills(void)
{
	uint64_t last = 0, lost = 0;
	unsigned int nr;

	vnd_start("g2", NULL);
	for (unsigned int i = 0; i < 12; i++) {
		for (unsigned int k = 0; k < i * 37; k++)
			event("\"code\":2047,\"text\":\"before the cut\"");
		if (i % 3 == 0)
			read_log();
		last = vnd_last_event();
		if (i % 4 == 3)
			vnd_reopen();
		else
			vnd_power_cut();
		nr = read_log();
		check(in_order(nr) && le64toh(head->last) > last && le64toh(head->last) <= last + 8, "cut %u: %llu after %llu", i,
		      (unsigned long long)le64toh(head->last), (unsigned long long)last);
		check(le64toh(head->lost) >= lost, "lost never shrinks");
		lost = le64toh(head->lost);
		check(le16toh(entries[nr - 1].code) == GMX_VND_EV_POWER_ON ||
			      le16toh(entries[nr - 2].code) == GMX_VND_EV_POWER_ON ||
			      le16toh(entries[nr - 3].code) == GMX_VND_EV_POWER_ON,
		      "cut %u: power on is there", i);
	}
	vnd_stop();
	tap_group("consistent after a cut");
}

/* As a kill in the middle of a write leaves it, and worse */
static void damage(void)
{
	static const struct {
		const char *what;
		int64_t at;
		unsigned int bytes;
	} damages[] = {
		{ "the newest is torn", -1, 60 },
		{ "one byte of the newest", -1, 1 },
		{ "an old one", 5, 20 },
		{ "all of it", 0, 0 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(damages); i++) {
		static const uint8_t junk[64] = { [0 ... 63] = 0xa5 };
		char path[128];
		uint64_t last;
		unsigned int nr;
		int fd;

		vnd_start("g2", NULL);
		for (unsigned int k = 0; k < 50; k++)
			event("\"code\":2047");
		last = vnd_last_event();
		vnd_close_cut();
		snprintf(path, sizeof(path), "%s/events", vnd_dir);
		fd = open(path, O_RDWR);
		check(fd >= 0, "events file");
		if (damages[i].bytes)
			check(pwrite(fd, junk, damages[i].bytes,
				     (off_t)((damages[i].at < 0 ? (int64_t)last - 1 : damages[i].at) * (16 + 128) + 40)) > 0,
			      "damage");
		else
			check(!ftruncate(fd, 100), "truncate");
		close(fd);
		vnd_open_again();
		nr = read_log();
		check(nr && in_order(nr), "%s: in order", damages[i].what);
		if (damages[i].at < 0)
			check(le64toh(head->first) == 1 && le64toh(head->last) > last, "%s: the others are there",
			      damages[i].what);
		else if (damages[i].at)
			check(le64toh(head->first) == 7 && le64toh(head->last) > last, "%s: what is newer is there",
			      damages[i].what);
		vnd_stop();
	}
	tap_group("damaged files");
}

static void async(void)
{
	static const struct {
		unsigned int class, page;
	} classes[] = {
		{ GMX_VND_CLASS_DRIVE, GMX_VND_LOG_DRIVES },	{ GMX_VND_CLASS_VOLUME, GMX_VND_LOG_VOLUMES },
		{ GMX_VND_CLASS_JOURNAL, GMX_VND_LOG_JOURNAL }, { GMX_VND_CLASS_KEY, GMX_VND_LOG_KEYS },
		{ GMX_VND_CLASS_QOS, GMX_VND_LOG_QOS },		{ GMX_VND_CLASS_THERMAL, GMX_VND_LOG_HEALTH },
		{ GMX_VND_CLASS_FIRMWARE, GMX_VND_LOG_FW },	{ GMX_VND_CLASS_CONTROLLER, GMX_VND_LOG_EVENTS },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(classes); i++) {
		for (unsigned int on = 0; on < 2; on++) {
			uint32_t mask = on ? 1u << classes[i].class : 0xffu & ~(1u << classes[i].class), got;
			char keys[40];

			vnd_start("g2", NULL);
			check(!admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_VND_FEAT_EVENT_MASK, .cdw11 = mask), "mask");
			vnd_post_events(1);
			snprintf(keys, sizeof(keys), "\"code\":%u", classes[i].class << 8 | 0x7f);
			event(keys);
			got = vnd_event();
			check(got == (on ? GMX_AEN_VENDOR | classes[i].page << 8 | classes[i].page << 16 : NO_EVENT),
			      "class %u mask %02x: %08x", classes[i].class, mask, got);
			vnd_stop();
		}
	}
	vnd_start("g2", NULL);
	vnd_post_events(2);
	event("\"code\":2047");
	check(vnd_event() != NO_EVENT, "first");
	event("\"code\":2047");
	check(vnd_event() == NO_EVENT, "masked until the page is read");
	read_log();
	event("\"code\":2047");
	check(vnd_event() != NO_EVENT, "after reading");
	check(!admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_VND_FEAT_EVENT_MASK | 1u << 31, .cdw11 = 0x21), "saved");
	vnd_power_cut();
	check(!admin(.opcode = GMX_ADM_GET_FEATURES, .cdw10 = GMX_VND_FEAT_EVENT_MASK) && vnd_dw0 == 0x21,
	      "the mask outlives power: %x", vnd_dw0);
	check(!admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_VND_FEAT_EVENT_MASK, .cdw11 = 0xffffff01) &&
		      !admin(.opcode = GMX_ADM_GET_FEATURES, .cdw10 = GMX_VND_FEAT_EVENT_MASK) && vnd_dw0 == 1,
	      "reserved bits read as zero");
	vnd_stop();
	tap_group("asynchronous events by class");
}

/* The persistent event log */

static struct gmx_log_persistent *const plog = (struct gmx_log_persistent *)page;

static uint16_t persistent(unsigned int action, void *buf, uint32_t len)
{
	return admin(.opcode = GMX_ADM_GET_LOG, .nsid = GMX_NSID_ALL,
		     .cdw10 = GMX_LOG_PERSISTENT | action << 8 | (len / 4 - 1) << 16, .data = buf, .len = len);
}

/* Establishes a context, reads all, releases it; checks the chain of events. */
static unsigned int read_persistent(void)
{
	uint64_t length, at = sizeof(*plog);
	unsigned int nr = 0;

	check(!persistent(GMX_PERSISTENT_ESTABLISH, page, 512), "establish");
	length = le64toh(plog->length);
	check(length <= sizeof(page), "length %llu", (unsigned long long)length);
	for (uint64_t i = 512; i < length && i < sizeof(page); i += 4096) {
		uint32_t part = (uint32_t)EMU_MIN(4096u, (length - i + 3) & ~3ull);

		check(!admin(.opcode = GMX_ADM_GET_LOG, .cdw10 = GMX_LOG_PERSISTENT | (part / 4 - 1) << 16, .cdw12 = (uint32_t)i,
			     .data = page + i, .len = part),
		      "read");
	}
	while (at + sizeof(struct gmx_persistent_event) <= length) {
		const struct gmx_persistent_event *e = (const void *)(page + at);

		check(e->revision == 1 && e->header_length == 21 && !e->vendor_length && e->cntlid, "event %u", nr);
		at += e->header_length + 3u + le16toh(e->length);
		nr++;
	}
	check(at == length && nr == le32toh(plog->nr_events), "the chain ends where the log does");
	check(!persistent(GMX_PERSISTENT_RELEASE, page + sizeof(page) - 512, 512), "release");
	return nr;
}

/* The newest event of a type; NULL: none */
static const uint8_t *last_of(unsigned int type, unsigned int *len)
{
	const uint8_t *found = NULL;

	for (uint64_t at = sizeof(*plog); at < le64toh(plog->length);) {
		const struct gmx_persistent_event *e = (const void *)(page + at);

		if (e->type == type) {
			found = page + at + sizeof(*e);
			*len = le16toh(e->length);
		}
		at += sizeof(*e) + le16toh(e->length);
	}
	return found;
}

static void persistent_context(void)
{
	vnd_start("g2", "{ \"functions\": 2 }");
	check(persistent(GMX_PERSISTENT_READ, page, 512) == DNR(GMX_SC_CMD_SEQ), "no context yet");
	check(!persistent(GMX_PERSISTENT_RELEASE, page, 512), "nothing to release");
	check(!persistent(GMX_PERSISTENT_ESTABLISH, page, 512), "establish");
	check(persistent(GMX_PERSISTENT_ESTABLISH, page, 512) == DNR(GMX_SC_CMD_SEQ), "there is one");
	check(persistent(3, page, 512) == DNR(GMX_SC_INVALID_FIELD), "action 3");
	check(!persistent(GMX_PERSISTENT_READ, page, 512), "read");
	check(plog->lid == 0x0d && plog->revision == 1 && le16toh(plog->header_length) == 492 && plog->nr_events, "header");
	check(le16toh(plog->vid) == 0x474d && !strncmp(plog->mn, "Gigamax", 7) && !strncmp(plog->subnqn, "nqn.", 4), "identity");
	check(plog->supported[0] == 0xfe && plog->supported[1] == 0x27 && !plog->supported[2], "supported events %02x %02x",
	      plog->supported[0], plog->supported[1]);
	check(vnd_ok("link-error", "\"severity\":\"fatal\""), "something happens");
	check(!persistent(GMX_PERSISTENT_READ, page + 4096, 512) && !memcmp(page, page + 4096, 512),
	      "the context does not change");
	check(admin(.function = 1, .opcode = GMX_ADM_GET_LOG, .cdw10 = GMX_LOG_PERSISTENT | 127 << 16, .data = page,
		    .len = 512) == DNR(GMX_SC_CMD_SEQ),
	      "another controller has none");
	vnd_enable(0);
	check(persistent(GMX_PERSISTENT_READ, page, 512) == DNR(GMX_SC_CMD_SEQ), "a reset ends it");
	vnd_stop();
	tap_group("persistent event log: contexts");
}

static void persistent_events(void)
{
	struct gmx_id_ns *id = calloc(1, 4096);
	struct gmx_persistent_ns_change change;
	const uint8_t *data;
	struct gmx_persistent_timestamp since;
	struct gmx_persistent_reset power_on;
	unsigned int len = 0;
	uint64_t stamp;

	vnd_start("g2", "{ \"time_warp\": true }");
	vnd_advance(2000);
	read_persistent();
	data = last_of(GMX_PERSISTENT_RESET, &len);
	check(data && len >= 8 + 36 && (len - 8) % 36 == 0 && data[0] > ' ', "power on");
	memcpy(&power_on, data ? data + 8 : page, sizeof(power_on));
	check(!power_on.power_on_ms && !power_on.timestamp, "at the time that power came");
	vnd_advance(3000);
	vnd_enable(0);
	read_persistent();
	data = last_of(GMX_PERSISTENT_RESET, &len);
	check(data && len == 8 + 36 && data[8] == 1 && !data[9], "reset of controller 1");
	data = last_of(GMX_PERSISTENT_SMART, &len);
	check(data && len == 512 && ((const struct gmx_log_smart *)data)->avail_spare == 100, "SMART snapshot");
	check(vnd_ok("temperature", "\"kelvin\":347"), "warm");
	read_persistent();
	data = last_of(GMX_PERSISTENT_THERMAL, &len);
	check(data && len == 2 && data[0] == 347 - EMU_WCTEMP && data[1] == 1, "thermal excursion");
	check(vnd_ok("link-error", "\"severity\":\"nonfatal\""), "link");
	read_persistent();
	data = last_of(GMX_PERSISTENT_HW_ERROR, &len);
	check(data && len == 8 && data[0] == GMX_HW_PCIE_NONFATAL, "hardware error");
	stamp = htole64(1700000000123ull);
	check(!admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_TIMESTAMP, .data = &stamp, .len = 8), "timestamp");
	read_persistent();
	data = last_of(GMX_PERSISTENT_TIMESTAMP, &len);
	check(data && len == 16, "timestamp change");
	memcpy(&since, data ? data : page, sizeof(since));
	check(since.since_reset_ms == since.previous && le64toh(since.since_reset_ms) < 2000,
	      "counted from the reset, not from power on");
	memcpy(&stamp, plog->timestamp, sizeof(stamp));
	check((le64toh(stamp) & 0xffffffffffff) >= 1700000000123ull, "and the header's");
	id->nsze = id->ncap = htole64(2048);
	check(!admin(.opcode = GMX_ADM_NS_MGMT, .data = id, .len = 4096), "create");
	free(id);
	read_persistent();
	data = last_of(GMX_PERSISTENT_NS_CHANGE, &len);
	check(data && len == sizeof(change), "namespace created");
	memcpy(&change, data ? data : page, sizeof(change));
	check(change.nsze == htole64(2048) && change.nsid == htole32(2) && !change.cdw10, "namespace created: fields");
	check(!admin(.opcode = GMX_ADM_NS_MGMT, .nsid = 2, .cdw10 = 1), "delete");
	read_persistent();
	data = last_of(GMX_PERSISTENT_NS_CHANGE, &len);
	memcpy(&change, data ? data : page, sizeof(change));
	check(data && change.cdw10 == htole32(1) && change.nsid == htole32(2), "namespace deleted");
	check(!vnd_long(GMX_ADM_FORMAT, 1, 0), "format");
	read_persistent();
	data = last_of(GMX_PERSISTENT_FORMAT_START, &len);
	check(data && len == 12 && data[0] == 1, "format start");
	data = last_of(GMX_PERSISTENT_FORMAT_DONE, &len);
	check(data && len == 12 && data[0] == 1 && !data[5], "format done");
	check(!admin(.opcode = GMX_ADM_SANITIZE, .cdw10 = GMX_SANITIZE_BLOCK_ERASE), "sanitize");
	vnd_advance(600 * 1000);
	read_persistent();
	data = last_of(GMX_PERSISTENT_SANITIZE_START, &len);
	check(data && len == 12 && data[4] == GMX_SANITIZE_BLOCK_ERASE, "sanitize start");
	data = last_of(GMX_PERSISTENT_SANITIZE_DONE, &len);
	check(data && len == 8 && (data[2] & GMX_SANITIZED_MASK) == GMX_SANITIZED_OK, "sanitize done");
	event("\"code\":1538,\"object\":2,\"value\":\"0x1070003\",\"text\":\"G2-1.1.0\"");
	read_persistent();
	data = last_of(GMX_PERSISTENT_FW_COMMIT, &len);
	check(data && len == 22 && data[0] > ' ' && !memcmp(data + 8, "G2-1.1.0", 8) && data[16] == 3 && data[17] == 2 &&
		      data[18] == 1 && data[19] == 7,
	      "firmware commit");
	vnd_power_cut();
	read_persistent();
	data = last_of(GMX_PERSISTENT_HW_ERROR, &len);
	check(data && data[0] == GMX_HW_UNSAFE_SHUTDOWN, "unsafe shutdown");
	check(last_of(GMX_PERSISTENT_SANITIZE_DONE, &len), "it outlives power");
	vnd_stop();
	tap_group("persistent event log: events");
}

static void persistent_full(void)
{
	struct gmx_id_ctrl *id = (struct gmx_id_ctrl *)page;
	uint64_t limit;

	vnd_start("g2", NULL);
	check(!vnd_identify(GMX_CNS_CTRL, 0, page) && id->pels && id->lpa & GMX_LPA_PERSISTENT, "identify");
	limit = le32toh(id->pels) * 65536ull;
	for (unsigned int i = 0; i < 300; i++) {
		check(vnd_ok("temperature", "\"kelvin\":360"), "hot");
		check(vnd_ok("temperature", "\"kelvin\":300"), "cool");
	}
	check(read_persistent() > 150, "many");
	check(le64toh(plog->length) <= limit, "%llu of %llu bytes", (unsigned long long)le64toh(plog->length),
	      (unsigned long long)limit);
	vnd_power_cut();
	check(read_persistent() > 150, "still many");
	vnd_stop();
	tap_group("persistent event log: never larger than it says");
}

int main(void)
{
	contents();
	severities();
	endings();
	wrap();
	kills();
	damage();
	async();
	persistent_context();
	persistent_events();
	persistent_full();
	return tap_done();
}
