// SPDX-License-Identifier: GPL-2.0-or-later
/* Get Log Page: which pages there are, every kind of length and offset, and the pages that have no file of their own.
 */
/* Covers: GMX_ADM_GET_LOG GMX_LOG_ERROR GMX_LOG_SMART GMX_LOG_FW_SLOT GMX_LOG_CHANGED_NS GMX_LOG_EFFECTS
 * GMX_LOG_SELF_TEST GMX_LOG_TELEMETRY_HOST GMX_LOG_TELEMETRY_CTRL GMX_LOG_PERSISTENT GMX_LOG_SANITIZE
 * GMX_VND_LOG_HEALTH GMX_VND_LOG_VOLUMES GMX_VND_LOG_DRIVES GMX_VND_LOG_EVENTS GMX_VND_LOG_FW GMX_VND_LOG_POWER */
#include "admin.h"

#define ALL  GMX_NSID_ALL
#define ROOM (1u << 20)

static const char two[] = "{\"functions\":2,\"namespaces\":[{\"size\":\"16M\"},{\"size\":\"16M\"}]}";
static uint8_t buf[ROOM], whole[ROOM];

/* bytes: a multiple of 4 */
static uint16_t read_log(struct admin *a, unsigned int function, unsigned int lid, uint64_t offset, uint64_t bytes, uint32_t more)
{
	uint64_t dwords = bytes / 4 - 1;

	memset(buf, 0xcc, EMU_MIN(bytes + 64, (uint64_t)ROOM));
	return ADMIN(a, .opcode = GMX_ADM_GET_LOG, .function = function, .cdw10 = lid | more | (uint32_t)(dwords & 0xffff) << 16,
		     .cdw11 = (uint32_t)(dwords >> 16), .cdw12 = (uint32_t)offset, .cdw13 = (uint32_t)(offset >> 32), .buf = buf,
		     .len = (uint32_t)EMU_MIN(bytes + 64, (uint64_t)128 << 10));
}

/* size: 0 where it depends */
static const struct {
	uint8_t lid;
	uint32_t size;
} pages[] = {
	{ GMX_LOG_ERROR, 4096 },   { GMX_LOG_SMART, 512 },     { GMX_LOG_FW_SLOT, 512 },      { GMX_LOG_CHANGED_NS, 4096 },
	{ GMX_LOG_EFFECTS, 4096 }, { GMX_LOG_SELF_TEST, 564 }, { GMX_LOG_TELEMETRY_HOST, 0 }, { GMX_LOG_TELEMETRY_CTRL, 0 },
	{ GMX_LOG_PERSISTENT, 0 }, { GMX_LOG_SANITIZE, 512 },  { GMX_VND_LOG_HEALTH, 512 },   { GMX_VND_LOG_VOLUMES, 0 },
	{ GMX_VND_LOG_DRIVES, 0 }, { GMX_VND_LOG_EVENTS, 0 },  { GMX_VND_LOG_FW, 0 },	      { GMX_VND_LOG_POWER, 512 },
};

static bool known(unsigned int lid)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(pages); i++) {
		if (pages[i].lid == lid)
			return true;
	}
	return false;
}

static void test_pages(void)
{
	static const struct {
		uint32_t nsid;
		uint16_t status;
	} scope[] = {
		{ 0, 0 },
		{ 1, GMX_SC_INVALID_FIELD },
		{ 64, GMX_SC_INVALID_FIELD },
		{ 65, GMX_SC_INVALID_NS },
		{ ALL - 1, GMX_SC_INVALID_NS },
		{ ALL, 0 },
	};
	struct admin a;

	admin_open(&a, "g3", NULL);
	for (unsigned int lid = 0; lid < 256; lid++) {
		for (unsigned int i = 0; i < ARRAY_SIZE(scope); i++) {
			/* The persistent event log needs a context, the host's telemetry a capture. */
			uint32_t action = lid == GMX_LOG_PERSISTENT ? 1 << 8 : 0;
			uint16_t status = ADMIN(&a, .opcode = GMX_ADM_GET_LOG, .nsid = scope[i].nsid, .buf = buf, .len = 512,
						.cdw10 = lid | action | 127 << 16);

			check(status == (known(lid) ? scope[i].status : GMX_SC_LOG_PAGE), "page %02x of %x: %03x", lid,
			      scope[i].nsid, status);
			check(!status || a.dnr, "page %02x of %x: no DNR", lid, scope[i].nsid);
			if (lid == GMX_LOG_PERSISTENT)
				read_log(&a, 0, lid, 0, 4, 2 << 8);
		}
	}
	admin_close(&a);
	tap_group("pages and NSID");
}

static void test_extent(const char *family)
{
	struct admin a;

	admin_open(&a, family, NULL);
	for (unsigned int i = 0; i < ARRAY_SIZE(pages); i++) {
		const uint32_t size = pages[i].size, max = 4096u << a.s->traits->mdts;
		unsigned int lid = pages[i].lid;

		if (!size)
			continue;
		check(!read_log(&a, 0, lid, 0, size, GMX_LOG_RAE), "%02x: all of it", lid);
		check(buf[size] == 0xcc, "%02x: no more", lid);
		memcpy(whole, buf, size);
		for (uint32_t offset = 0; offset < size; offset += EMU_MAX(4u, size / 37 & ~3u)) {
			for (uint32_t len = 4; len <= 2048; len *= 4) {
				uint32_t there = EMU_MIN(len, size - offset);

				check(!read_log(&a, 0, lid, offset, len, GMX_LOG_RAE), "%02x: %u bytes at %u", lid, len, offset);
				check(buf[there] == 0xcc, "%02x: %u bytes at %u: no more", lid, len, offset);
				/* Errors are counted, time goes by. */
				check(lid == GMX_LOG_ERROR || lid == GMX_LOG_SMART || lid >= 0xc0 ||
					      !memcmp(buf, whole + offset, there),
				      "%02x: %u bytes at %u: the same", lid, len, offset);
			}
			for (uint32_t odd = 1; odd < 4; odd++)
				check(read_log(&a, 0, lid, offset + odd, 4, GMX_LOG_RAE) == GMX_SC_INVALID_FIELD, "%02x: at %u",
				      lid, offset + odd);
		}
		check(!read_log(&a, 0, lid, 0, max, GMX_LOG_RAE), "%02x: as much as may be asked for", lid);
		check(read_log(&a, 0, lid, 0, max + 4ull, GMX_LOG_RAE) == GMX_SC_INVALID_FIELD, "%02x: more than that", lid);
		check(read_log(&a, 0, lid, 0, 1ull << 34, GMX_LOG_RAE) == GMX_SC_INVALID_FIELD, "%02x: 16 GiB", lid);
		check(!read_log(&a, 0, lid, size - 4, 512, GMX_LOG_RAE) && buf[4] == 0xcc, "%02x: the end", lid);
		check(read_log(&a, 0, lid, size, 4, GMX_LOG_RAE) == GMX_SC_INVALID_FIELD, "%02x: behind it", lid);
		check(read_log(&a, 0, lid, size + 4, 4, GMX_LOG_RAE) == GMX_SC_INVALID_FIELD, "%02x: far behind it", lid);
		check(read_log(&a, 0, lid, 1ull << 32, 4, GMX_LOG_RAE) == GMX_SC_INVALID_FIELD, "%02x: at 4 GiB", lid);
		check(read_log(&a, 0, lid, ~3ull, 4, GMX_LOG_RAE) == GMX_SC_INVALID_FIELD, "%02x: at the last of all", lid);
	}
	admin_close(&a);
	tap_group("length and offset");
}

/* The host describes room for all that it asks for: a list of pages where two would have been enough. */
static void test_room(void)
{
	const struct gmx_vnd_log_events *head = (struct gmx_vnd_log_events *)buf;
	const uint32_t tail = 6144;
	uint32_t size;
	struct admin a;

	admin_open(&a, "g2", NULL);
	for (unsigned int i = 0; i < 100; i++)
		emu_event_add(a.s, GMX_VND_EV_TEST, i, i, "test");
	check(!read_log(&a, 0, GMX_VND_LOG_EVENTS, 0, 64, 0), "events");
	size = le32toh(head->length);
	check(size > tail + 4096 && size < ROOM, "%u bytes", size);
	check(!read_log(&a, 0, GMX_VND_LOG_EVENTS, 0, size, 0), "all of them");
	memcpy(whole, buf, size);
	check(!read_log(&a, 0, GMX_VND_LOG_EVENTS, size - tail, 16384, 0), "the end, with room for more");
	check(!memcmp(buf, whole + size - tail, tail) && buf[tail] == 0xcc, "is where it belongs");
	admin_close(&a);
	tap_group("more room than page");
}

static void test_effects(const char *family)
{
	struct gmx_log_effects log;
	struct admin a;

	admin_open(&a, family, NULL);
	check(!read_log(&a, 0, GMX_LOG_EFFECTS, 0, sizeof(log), 0), "page");
	memcpy(&log, buf, sizeof(log));
	for (unsigned int opcode = 0; opcode < 256; opcode++) {
		bool there = emu_cmd_find(a.s->ctrls[0], true, (uint8_t)opcode);

		check(there == (le32toh(log.acs[opcode]) & GMX_EFFECTS_CSUPP), "admin %02x: %x", opcode, log.acs[opcode]);
		check(there || !log.acs[opcode], "admin %02x: nothing of what is not there", opcode);
		if (!there)
			check(ADMIN(&a, .opcode = (uint8_t)opcode) == GMX_SC_INVALID_OPCODE, "admin %02x: no such command",
			      opcode);
		there = emu_cmd_find(a.s->ctrls[0], false, (uint8_t)opcode);
		check(there == (le32toh(log.iocs[opcode]) & GMX_EFFECTS_CSUPP), "I/O %02x: %x", opcode, log.iocs[opcode]);
	}
	for (unsigned int i = 0; i < sizeof(log.rsvd2048); i++)
		check(!log.rsvd2048[i], "byte %u", 2048 + i);
	admin_close(&a);
	tap_group("commands supported and effects");
}

static bool changed(struct admin *a, unsigned int function, uint32_t more, const char *expected)
{
	char text[128] = "";

	if (read_log(a, function, GMX_LOG_CHANGED_NS, 0, 4096, more))
		return false;
	for (unsigned int i = 0; i < 16 && ((__le32 *)buf)[i]; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%x ", le32toh(((__le32 *)buf)[i]));
	if (strcmp(text, expected))
		printf("# '%s'\n", text);
	return !strcmp(text, expected);
}

static void test_changed(void)
{
	struct admin a;

	admin_open(&a, "g2", two);
	check(changed(&a, 0, 0, ""), "nothing yet");
	emu_ns_resize(&a.s->ns[1], 8u << 20);
	emu_ns_resize(&a.s->ns[0], 8u << 20);
	emu_ns_resize(&a.s->ns[1], 4u << 20);
	check(changed(&a, 0, GMX_LOG_RAE, "2 1 "), "each once");
	check(changed(&a, 0, GMX_LOG_RAE, "2 1 "), "kept");
	check(changed(&a, 0, 0, "2 1 "), "still");
	check(changed(&a, 0, 0, ""), "read");
	check(changed(&a, 1, 0, "2 1 "), "the other function's own");
	check(!ADMIN(&a, .opcode = GMX_ADM_NS_MGMT, .nsid = 2, .cdw10 = 1), "deleted");
	check(changed(&a, 0, 0, ""), "who did it is not told");
	check(changed(&a, 1, 0, "2 "), "the other is");
	for (uint32_t nsid = 1; nsid <= GMX_NS_LIST_ENTRIES; nsid++)
		emu_log_ns_changed(a.s, nsid, NULL);
	check(!read_log(&a, 0, GMX_LOG_CHANGED_NS, 4092, 4, GMX_LOG_RAE) && *(__le32 *)buf == htole32(1024), "a full list");
	emu_log_ns_changed(a.s, 1025, NULL);
	emu_log_ns_changed(a.s, 1026, NULL);
	check(changed(&a, 0, 0, "ffffffff "), "more than it holds");
	check(changed(&a, 0, 0, ""), "read");
	emu_log_ns_changed(a.s, 7, NULL);
	check(changed(&a, 0, 0, "7 "), "and it goes on");
	admin_reset(&a, 1);
	check(changed(&a, 1, 0, ""), "a reset begins anew");
	admin_close(&a);
	tap_group("changed namespaces");
}

static struct gmx_log_error *entries(struct admin *a, unsigned int function)
{
	static struct gmx_log_error list[64];

	read_log(a, function, GMX_LOG_ERROR, 0, sizeof(list), 0);
	memcpy(list, buf, sizeof(list));
	return list;
}

static uint64_t smart_errors(struct admin *a)
{
	read_log(a, 0, GMX_LOG_SMART, 0, 512, 0);
	return le64toh(*(uint64_t *)((struct gmx_log_smart *)buf)->error_log_entries);
}

static void fail_one(struct admin *a, unsigned int function)
{
	check(ADMIN(a, .opcode = GMX_ADM_IDENTIFY, .function = function, .nsid = 7, .cdw10 = 0xee) == GMX_SC_INVALID_FIELD,
	      "fails");
}

static void test_errors(void)
{
	struct gmx_log_error *e;
	uint64_t count;
	uint32_t dw0;
	struct admin a;

	admin_open(&a, "g2", two);
	e = entries(&a, 0);
	for (unsigned int i = 0; i < 64; i++)
		check(!e[i].count, "entry %u is none", i);
	check(smart_errors(&a) == 0, "none in SMART");
	for (uint64_t n = 1; n <= 70; n++) {
		fail_one(&a, 0);
		e = entries(&a, 0);
		check(le64toh(e[0].count) == n, "the newest first: %u", (unsigned int)e[0].count);
		check(n == 1 || le64toh(e[1].count) == n - 1, "the one before");
		check(le64toh(e[63].count) == (n < 64 ? 0 : n - 63), "the oldest");
	}
	check(e[0].sqid == 0 && le16toh(e[0].status) == (GMX_SC_INVALID_FIELD | GMX_STS_DNR) << 1, "status %x", e[0].status);
	check(le32toh(e[0].nsid) == 7 && le16toh(e[0].location) == 0xffff && !e[0].lba, "its fields");
	check(le16toh(e[0].cid) != le16toh(e[1].cid), "command ids");
	check(smart_errors(&a) == 70, "SMART counts them");
	check(!entries(&a, 1)[0].count, "none of the other function");
	fail_one(&a, 1);
	check(le64toh(entries(&a, 1)[0].count) == 1, "its own count");
	admin_reopen(&a, false);
	check(!entries(&a, 0)[0].count, "entries go with the power");
	check(smart_errors(&a) == 70, "the count stays");
	fail_one(&a, 0);
	check(le64toh(entries(&a, 0)[0].count) == 71, "and goes on");
	for (int cut = 0; cut < 5; cut++) {
		for (int i = 0; i < 20; i++)
			fail_one(&a, 0);
		count = le64toh(entries(&a, 0)[0].count);
		admin_reopen(&a, true);
		check(smart_errors(&a) >= count && smart_errors(&a) <= count + 64, "never back: %u", (unsigned int)count);
		fail_one(&a, 0);
		check(le64toh(entries(&a, 0)[0].count) > count, "no number twice");
	}
	check(!admin_aer(&a, 0), "a request");
	emu_error_report(a.s->ctrls[0], GMX_AEN_ERROR_DOORBELL_VALUE, 3, GMX_SC_INTERNAL);
	check(admin_event(&a, 0, &dw0) && dw0 == 0x010100, "an event: %x", dw0);
	e = entries(&a, 0);
	check(le16toh(e[0].sqid) == 3 && le16toh(e[0].cid) == 0xffff, "of no command");
	admin_close(&a);
	tap_group("error information");
}

static void test_faulty(void)
{
	struct admin a;
	char *answer;

	admin_open(&a, "g2", NULL);
	check(!read_log(&a, 0, GMX_LOG_SMART, 0, 512, 0), "as it is");
	memcpy(whole, buf, 512);
	answer = emu_subsys_control(a.s, "{\"command\":\"fault-add\",\"kind\":\"corrupt\",\"what\":\"log:02\","
					 "\"offset\":3,\"value\":1,\"count\":1}");
	check(answer && strstr(answer, "\"ok\":true"), "%s", answer);
	free(answer);
	check(!read_log(&a, 0, GMX_LOG_SMART, 0, 512, 0) && buf[3] == 1 && whole[3] == 100, "corrupt: %u", buf[3]);
	check(!read_log(&a, 0, GMX_LOG_SMART, 0, 512, 0) && buf[3] == 100, "once");
	admin_close(&a);
	tap_group("corrupt on its way out");
}

int main(void)
{
	test_pages();
	test_extent("g1");
	test_extent("g3");
	test_room();
	test_effects("g1");
	test_effects("g2");
	test_effects("g3");
	test_changed();
	test_errors();
	test_faulty();
	return tap_done();
}
