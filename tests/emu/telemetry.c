// SPDX-License-Identifier: GPL-2.0-or-later
/* Telemetry: the two log pages, what is in them, when it is captured, and that it stays while it is read. */
/* Covers: GMX_LOG_TELEMETRY_HOST GMX_LOG_TELEMETRY_CTRL */
#include "ops.h"
#include "firmware.h"

struct snapshot {
	struct gmx_log_telemetry log;
	const struct gmx_vnd_telemetry_header *head;
	uint8_t *data; /* all blocks but the first */
	size_t len;
};

static struct gmx_log_telemetry header(unsigned int page, uint32_t flags)
{
	struct gmx_log_telemetry log = { 0 };

	check(!ops_log(page, flags, 0, &log, sizeof(log)), "page %02x", page);
	check(log.lid == page, "identifier %02x", log.lid);
	return log;
}

static void drop(struct snapshot *s)
{
	free(s->data);
	*s = (struct snapshot){ 0 };
}

/* Block by block, as a host with small buffers reads it */
static struct snapshot take(unsigned int page, uint32_t flags)
{
	struct snapshot s = { header(page, flags), NULL, NULL, 0 };

	s.len = le16toh(s.log.last_block[2]) * 512u;
	s.data = calloc(1, s.len + 512);
	for (size_t off = 0; off < s.len; off += 512)
		check(!ops_log(page, flags & GMX_LOG_RAE, (uint32_t)off + 512, s.data + off, 512), "offset %zu", off);
	s.head = (const struct gmx_vnd_telemetry_header *)s.data;
	return s;
}

static const void *section(const struct snapshot *s, unsigned int kind, size_t size, unsigned int *count, unsigned int *area)
{
	for (unsigned int i = 0; i < s->head->nr_sections && i < GMX_VND_TELEMETRY_SECTIONS; i++) {
		const struct gmx_vnd_telemetry_section *sec = &s->head->section[i];
		uint32_t off = le32toh(sec->offset);

		if (le16toh(sec->kind) != kind)
			continue;
		*count = le32toh(sec->count);
		*area = le16toh(sec->area);
		check(le32toh(sec->entry_size) == size, "kind %u: entries of %u", kind, le32toh(sec->entry_size));
		check(off + *count * size <= s->len, "kind %u lies inside", kind);
		check(*area >= 1 && *area <= 3 && (!*count || off / 512 < le16toh(s->log.last_block[*area - 1])), "kind %u: area",
		      kind);
		check(*area == 1 || off / 512 >= le16toh(s->log.last_block[*area - 2]), "kind %u: not in the area before", kind);
		return s->data + off;
	}
	*count = 0;
	return NULL;
}

static void begin(void)
{
	ops_begin(
		"g2",
		"{\"time_warp\":true,\"namespaces\":[{\"size\":\"8M\"},{\"size\":\"8M\"}],\"functions\":2,\"serial\":\"SN-1234\"}");
}

static void end(const char *name)
{
	ops_end(name);
}

static void new_device(void)
{
	struct gmx_id_ctrl *id = calloc(1, sizeof(*id));
	struct gmx_log_telemetry log;

	begin();
	check(!ops_admin(0, GMX_ADM_IDENTIFY, 0, GMX_CNS_CTRL, 0, id, sizeof(*id)), "Identify");
	check(id->lpa & GMX_LPA_TELEMETRY, "LPA");
	for (unsigned int page = GMX_LOG_TELEMETRY_HOST; page <= GMX_LOG_TELEMETRY_CTRL; page++) {
		log = header(page, 0);
		check(!log.last_block[0] && !log.last_block[1] && !log.last_block[2], "page %02x: no data", page);
		check(!log.ctrl_available && !log.ctrl_generation && !log.host_generation, "page %02x: no capture", page);
		check(!memcmp(log.ieee, id->ieee, 3), "page %02x: IEEE", page);
	}
	free(id);
	end("a new device");
}

static void blocks(void)
{
	static uint8_t buf[2048];

	begin();
	for (unsigned int page = GMX_LOG_TELEMETRY_HOST; page <= GMX_LOG_TELEMETRY_CTRL; page++) {
		check(ops_log(page, 0, 0, buf, 256) == GMX_SC_INVALID_FIELD, "half a block");
		check(ops_log(page, 0, 0, buf, 516) == GMX_SC_INVALID_FIELD, "more than a block");
		check(ops_log(page, 0, 4, buf, 512) == GMX_SC_INVALID_FIELD, "offset");
		check(ops_log(page, 0, 512, buf, 512) == GMX_SC_INVALID_FIELD, "behind the end");
	}
	check(!ops_log(GMX_LOG_TELEMETRY_HOST, GMX_TELEMETRY_CREATE, 0, buf, 2048), "four blocks");
	check(!memcmp(buf + 512, "GMXTELEM", 8), "the header and data");
	end("blocks of 512 bytes");
}

static void host_initiated(void)
{
	struct gmx_log_telemetry log;
	struct snapshot one, two;

	begin();
	one = take(GMX_LOG_TELEMETRY_HOST, GMX_TELEMETRY_CREATE);
	check(le16toh(one.log.last_block[0]) > 0 && le16toh(one.log.last_block[1]) > le16toh(one.log.last_block[0]) &&
		      le16toh(one.log.last_block[2]) > le16toh(one.log.last_block[1]),
	      "three data areas");
	check(one.log.host_generation == 1 && one.log.reason[0], "generation %u", one.log.host_generation);
	check(!memcmp(one.head->magic, GMX_VND_TELEMETRY_MAGIC, 8) && le16toh(one.head->version) == GMX_VND_TELEMETRY_VERSION &&
		      le16toh(one.head->header_length) == sizeof(*one.head),
	      "header");
	check(one.head->family == 2 && !one.head->ctrl_initiated && !memcmp(one.head->serial, "SN-1234", 8) &&
		      !memcmp(one.head->revision, "G2-1.0.0", 8),
	      "who");
	check(!memcmp(one.head->reason, one.log.reason, 128), "why");

	ops_run(5000000);
	two = take(GMX_LOG_TELEMETRY_HOST, 0);
	check(two.len == one.len && !memcmp(two.data, one.data, one.len), "without the bit: as it was");
	check(two.log.host_generation == 1, "nor a new generation");
	drop(&two);
	two = take(GMX_LOG_TELEMETRY_HOST, GMX_TELEMETRY_CREATE);
	check(two.log.host_generation == 2 && le64toh(two.head->captured) >= le64toh(one.head->captured) + 5000, "a new one");
	for (unsigned int i = 0; i < 300; i++)
		header(GMX_LOG_TELEMETRY_HOST, GMX_TELEMETRY_CREATE);
	log = header(GMX_LOG_TELEMETRY_HOST, 0);
	check(log.host_generation == (uint8_t)302, "the generation wraps: %u", log.host_generation);
	check(!log.ctrl_available, "the other page has nothing to do with it");
	drop(&one);
	drop(&two);
	end("host-initiated");
}

static void content(void)
{
	const struct gmx_vnd_telemetry_state *state;
	const struct gmx_vnd_telemetry_ctrl *ctrl;
	const struct gmx_vnd_telemetry_queue *q;
	const struct gmx_log_fw_slot *slots;
	const struct gmx_log_smart *smart;
	const struct gmx_vnd_log_fw *fw;
	const struct gmx_vnd_event *event;
	struct gmx_log_smart now;
	unsigned int nr, area, admin = 0;
	struct snapshot s;

	begin();
	check(vnd_ok("drive-fail", "\"drive\":1"), "drive 1 fails");
	check(!ops_log(GMX_LOG_SMART, 0, 0, &now, sizeof(now)), "SMART");
	s = take(GMX_LOG_TELEMETRY_HOST, GMX_TELEMETRY_CREATE);
	state = section(&s, GMX_VND_TELEMETRY_STATE, sizeof(*state), &nr, &area);
	check(state && nr == 1 && area == 1 && le64toh(state->failed_drives) == 2 && le32toh(state->nr_drives) == 2 &&
		      le32toh(state->nr_ns) == 2,
	      "state");
	check(state && le16toh(state->temperature) == (now.temperature[0] | now.temperature[1] << 8) &&
		      le16toh(state->warning_temp) > le16toh(state->temperature),
	      "temperatures");
	ctrl = section(&s, GMX_VND_TELEMETRY_CTRLS, sizeof(*ctrl), &nr, &area);
	check(ctrl && nr == 2 && area == 1, "both controllers");
	for (unsigned int i = 0; ctrl && i < nr; i++)
		check(ctrl[i].function == i && le32toh(ctrl[i].csts) == vnd_reg(i, GMX_REG_CSTS), "registers of function %u", i);
	q = section(&s, GMX_VND_TELEMETRY_QUEUES, sizeof(*q), &nr, &area);
	check(q && nr == 8 && area == 1, "%u queues", nr);
	for (unsigned int i = 0; q && i < nr; i++) {
		admin += !le16toh(q[i].qid);
		check(le32toh(q[i].size) && le32toh(q[i].head) < le32toh(q[i].size) && le32toh(q[i].tail) < le32toh(q[i].size),
		      "queue %u", i);
	}
	check(admin == 4, "of them admin queues: %u", admin);
	smart = section(&s, GMX_VND_TELEMETRY_SMART, sizeof(*smart), &nr, &area);
	check(smart && smart->temperature[0] == now.temperature[0] && smart->avail_spare == now.avail_spare, "SMART");
	slots = section(&s, GMX_VND_TELEMETRY_FW_SLOTS, sizeof(*slots), &nr, &area);
	check(slots && slots->afi == 1 && !memcmp(slots->frs[0], "G2-1.0.0", 8), "firmware slots");
	fw = section(&s, GMX_VND_TELEMETRY_FW_UPDATE, sizeof(*fw), &nr, &area);
	check(fw && fw->running_slot == 1 && fw->stage == GMX_VND_FW_IDLE, "firmware update");
	event = section(&s, GMX_VND_TELEMETRY_EVENTS, sizeof(*event), &nr, &area);
	check(event && nr && area == 3, "%u events", nr);
	for (unsigned int i = 1; event && i < nr; i++)
		check(le64toh(event[i].sequence) == le64toh(event[i - 1].sequence) + 1, "event %u in order", i);
	check(!section(&s, GMX_VND_TELEMETRY_SPACES, 64, &nr, &area), "namespaces: only with firmware that has it");
	drop(&s);
	end("content: registers, queues, health, firmware, events");
}

static void commands(void)
{
	const struct gmx_vnd_telemetry_cmd *c;
	unsigned int nr, area;
	struct snapshot s;

	begin();
	for (unsigned int i = 0; i < 300; i++)
		ops_admin(1, GMX_ADM_SELF_TEST, 60, i << 4, 0x1000 + (i << 4), NULL, 0);
	s = take(GMX_LOG_TELEMETRY_HOST, GMX_TELEMETRY_CREATE);
	c = section(&s, GMX_VND_TELEMETRY_COMMANDS, sizeof(*c), &nr, &area);
	check(c && nr == 256 && area == 2, "the last 256 commands: %u", nr);
	for (unsigned int i = 1; c && i < nr; i++) {
		const struct gmx_vnd_telemetry_cmd *e = &c[i];

		check(le64toh(e->time) >= le64toh(e[-1].time), "command %u in order", i);
		check(e->opcode == GMX_ADM_SELF_TEST && le32toh(e->nsid) == 60, "command %u: opcode %02x", i, e->opcode);
		check(le32toh(e->cdw[0]) + 0x1000 == le32toh(e->cdw[1]), "command %u: its dwords", i);
		check((le16toh(e->status) & 0x7ff) == GMX_SC_INVALID_FIELD, "command %u: status %04x", i, le16toh(e->status));
		check(le16toh(e->sqid) == 0 && le16toh(e->cntlid) == vnd_fn[1].ctrl->cntlid, "command %u: queue, controller", i);
	}
	check(c && le32toh(c[255].cdw[0]) == 299 << 4, "the newest is the last");
	drop(&s);
	end("content: commands");
}

static void controller_initiated(void)
{
	struct gmx_log_telemetry log;
	struct snapshot one, two;
	uint32_t event;

	begin();
	ops_listen();
	emu_telemetry_capture(vnd, true, "the first");
	event = ops_event(GMX_AEN_NOTICE);
	check(event == ops_aen(GMX_AEN_NOTICE, GMX_AEN_NOTICE_TELEMETRY, GMX_LOG_TELEMETRY_CTRL), "event %08x", event);
	check(header(GMX_LOG_TELEMETRY_HOST, 0).ctrl_available, "page 07h says so, too");
	one = take(GMX_LOG_TELEMETRY_CTRL, GMX_LOG_RAE);
	check(one.log.ctrl_available && one.log.ctrl_generation == 1 && !strcmp((char *)one.log.reason, "the first"), "header");
	check(one.head->ctrl_initiated && one.head->generation == 1, "header inside");

	emu_telemetry_capture(vnd, true, "the second");
	two = take(GMX_LOG_TELEMETRY_CTRL, GMX_LOG_RAE);
	check(two.len == one.len && !memcmp(two.data, one.data, one.len) && two.log.ctrl_generation == 1,
	      "stays until it is read");
	drop(&two);
	check(ops_event(GMX_AEN_NOTICE) == NO_EVENT, "no event for what was not kept");

	ops_restart(true);
	two = take(GMX_LOG_TELEMETRY_CTRL, GMX_LOG_RAE);
	check(two.log.ctrl_available && two.log.ctrl_generation == 1, "outlives the power");
	check(two.len == one.len && !memcmp(two.data, one.data, one.len), "byte by byte");
	drop(&two);

	/* A read that brings nothing takes nothing. */
	check(ops_log(GMX_LOG_TELEMETRY_CTRL, 0, 1u << 30, &log, sizeof(log)) == GMX_SC_INVALID_FIELD, "behind the end");
	vnd_submit(&(struct vnd_cmd){ .opcode = GMX_ADM_GET_LOG, .len = 512, .cdw10 = 127 << 16 | GMX_LOG_TELEMETRY_CTRL },
		   VND_RAM + VND_RAM_SIZE, 0x7300);
	check(ops_wait(0x7300) == GMX_SC_DATA_XFER, "memory that is not there");
	check(header(GMX_LOG_TELEMETRY_HOST, 0).ctrl_available, "both have not taken it");

	check(header(GMX_LOG_TELEMETRY_CTRL, 0).ctrl_available, "the read that takes it still says so");
	log = header(GMX_LOG_TELEMETRY_CTRL, 0);
	check(!log.ctrl_available && log.ctrl_generation == 1 && log.last_block[2], "taken, and still there");
	ops_restart(true);
	log = header(GMX_LOG_TELEMETRY_CTRL, 0);
	check(!log.ctrl_available && log.ctrl_generation == 1 && log.last_block[2], "also after the power was gone");
	emu_telemetry_capture(vnd, true, "the third");
	emu_telemetry_capture(vnd, true, "the fourth");
	header(GMX_LOG_TELEMETRY_CTRL, 0);
	emu_telemetry_capture(vnd, true, "the fifth");
	two = take(GMX_LOG_TELEMETRY_CTRL, 0);
	check(two.log.ctrl_generation == 3 && !strcmp((char *)two.log.reason, "the fifth"), "a new one after that: %s",
	      two.log.reason);
	check(le32toh(two.head->missed) == 1, "one was missed: %u", le32toh(two.head->missed));
	drop(&one);
	drop(&two);
	end("controller-initiated: event, kept until read");
}

/* A kill between the file and NVRAM */
static void torn(void)
{
	struct gmx_log_telemetry log;
	char path[128], old[8192];
	size_t len;
	FILE *f;

	begin();
	snprintf(path, sizeof(path), "%s/nvram.json", vnd_dir);
	f = fopen(path, "r");
	check(f != NULL, "%s", path);
	len = fread(old, 1, sizeof(old), f);
	check(len < sizeof(old), "it is small");
	fclose(f);
	emu_telemetry_capture(vnd, true, "torn");
	vnd_close_cut();
	f = fopen(path, "w");
	check(f && fwrite(old, 1, len, f) == len && !fclose(f), "NVRAM as it was before");
	vnd_open_again();
	log = header(GMX_LOG_TELEMETRY_CTRL, GMX_LOG_RAE);
	check(log.ctrl_available && log.ctrl_generation == 1 && !strcmp((char *)log.reason, "torn"), "the file counts");

	vnd_close_cut();
	snprintf(path, sizeof(path), "%s/telemetry.bin", vnd_dir);
	check(!truncate(path, 1000), "damage it");
	vnd_open_again();
	log = header(GMX_LOG_TELEMETRY_CTRL, GMX_LOG_RAE);
	check(!log.ctrl_available && !log.last_block[2], "what is damaged is not shown");
	end("controller-initiated: killed in the middle, damaged");
}

static bool names(unsigned int page, const char *what)
{
	const struct gmx_vnd_telemetry_fault *e;
	struct snapshot s = take(page, page == GMX_LOG_TELEMETRY_HOST ? GMX_TELEMETRY_CREATE : 0);
	unsigned int nr, area;
	bool found = false;

	e = section(&s, GMX_VND_TELEMETRY_FAULTS, sizeof(*e), &nr, &area);
	for (unsigned int i = 0; e && i < nr; i++)
		found |= strstr(e[i].text, what) && le32toh(e[i].count);
	drop(&s);
	return found;
}

static void faults(void)
{
	const struct gmx_vnd_telemetry_fault *e;
	struct snapshot s;
	unsigned int nr, area;
	char text[200];

	begin();
	check(!names(GMX_LOG_TELEMETRY_HOST, "fw-activation"), "no fault yet");
	check(vnd_ok("fault-add", "\"kind\":\"fw-activation\",\"count\":1"), "fault");
	check(!names(GMX_LOG_TELEMETRY_HOST, "fw-activation"), "it did not fire yet");
	check(ops_admin(0, GMX_ADM_FW_COMMIT, 0, GMX_FW_ACTIVATE_NOW << 3 | 1, 0, NULL, 0) == GMX_SC_FW_IMAGE, "now it does");
	check(names(GMX_LOG_TELEMETRY_HOST, "fw-activation"), "the host's telemetry names it");
	check(names(GMX_LOG_TELEMETRY_CTRL, "fw-activation"), "and what the controller captured at once");
	for (unsigned int i = 0; i < 40; i++) {
		snprintf(text, sizeof(text), "fault %u %0150u", i, i);
		emu_telemetry_fault(vnd, text);
		emu_telemetry_fault(vnd, "again and again");
	}
	s = take(GMX_LOG_TELEMETRY_HOST, GMX_TELEMETRY_CREATE);
	e = section(&s, GMX_VND_TELEMETRY_FAULTS, sizeof(*e), &nr, &area);
	check(e && nr == 32, "%u faults are kept", nr);
	check(e && !strcmp(e[31].text, "again and again") && le32toh(e[31].count) == 40, "the newest last, counted");
	check(e && strlen(e[30].text) == sizeof(e->text) - 1 && !strncmp(e[30].text, "fault 39", 8), "long texts end: %s",
	      e[30].text);
	drop(&s);
	end("faults that fired are named");
}

static void causes(void)
{
	struct gmx_log_telemetry log;

	begin();
	check(vnd_ok("drive-fail", "\"drive\":0"), "drive 0 fails");
	log = header(GMX_LOG_TELEMETRY_CTRL, 0);
	check(log.ctrl_available && strstr((char *)log.reason, "drive"), "a drive fails: '%s'", log.reason);
	check(vnd_ok("fatal", "\"controller\":1"), "fatal");
	log = header(GMX_LOG_TELEMETRY_CTRL, 0);
	check(log.ctrl_available && log.ctrl_generation == 2 && log.reason[0], "fatal status: '%s'", log.reason);
	check(vnd_reg(1, GMX_REG_CSTS) & GMX_CSTS_CFS, "CSTS.CFS");
	end("what makes a controller capture");
}

int main(void)
{
	new_device();
	blocks();
	host_initiated();
	content();
	commands();
	controller_initiated();
	torn();
	faults();
	causes();
	return tap_done();
}
