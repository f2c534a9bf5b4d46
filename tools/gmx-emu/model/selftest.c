// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Device Self-test (5.8, 8.11): one at a time in the subsystem. It goes through segments from a timer; two of them read
 * the media: the short test samples of them, the extended test everything. Results and an extended test that runs are in
 * NVRAM.
 */
#include <errno.h>
#include <unistd.h>

#include "drive.h"

#define TEST_STEPS	100u
#define TEST_SHORT_MS	2000u
#define TEST_LONG_MS	30000u
#define TEST_CHUNK	(1u << 20) /* bytes read in one go */
#define TEST_STEP_READS 64u	   /* chunks with data a step */
#define TEST_STEP_HOLES 4096u	   /* chunks a step, whatever is in them */
#define TEST_SAMPLES	128u	   /* chunks of a namespace that the short test looks at */
#define TEST_RESULTS	20u

/* The segments that 8.11 has for an example, in its order */
enum test_segment {
	TEST_RAM = 1,
	TEST_SMART,
	TEST_BACKUP,
	TEST_METADATA,
	TEST_NVM_INTEGRITY,
	TEST_DATA_INTEGRITY,
	TEST_MEDIA,
	TEST_DRIVE_LIFE,
	TEST_SMART_AGAIN,
	TEST_END,
};

/* Percent of the whole at which the media's segment begins and ends */
#define TEST_MEDIA_BEGIN 20u
#define TEST_MEDIA_END	 90u

struct emu_selftest {
	struct emu_subsys *s;
	struct emu_timer timer;
	unsigned int code;     /* GMX_SELFTEST_SHORT or _EXTENDED; _NONE: none runs */
	uint32_t nsid;	       /* as the command had it: 0, one, or all */
	unsigned int function; /* that was asked */
	unsigned int step;
	uint32_t at_ns; /* where the media's segment is: index into emu_subsys::ns */
	uint64_t at_byte;
	uint8_t *buf;
	struct gmx_selftest_result result[TEST_RESULTS]; /* newest first */
};

static void test_save(struct emu_selftest *t)
{
	json_object *o = json_object_new_object(), *list = json_object_new_array();
	char text[2 * sizeof(t->result[0]) + 1];

	for (unsigned int i = 0; i < TEST_RESULTS; i++) {
		const uint8_t *raw = (const uint8_t *)&t->result[i];

		if ((raw[0] & 0xf) == GMX_SELFTEST_UNUSED)
			break;
		for (unsigned int b = 0; b < sizeof(t->result[0]); b++)
			snprintf(text + 2 * b, 3, "%02x", raw[b]);
		json_object_array_add(list, json_object_new_string(text));
	}
	json_object_object_add(o, "results", list);
	if (t->code) {
		json_object_object_add(o, "code", json_object_new_int((int)t->code));
		json_object_object_add(o, "nsid", json_object_new_int64(t->nsid));
		json_object_object_add(o, "function", json_object_new_int((int)t->function));
		json_object_object_add(o, "step", json_object_new_int((int)t->step));
		json_object_object_add(o, "at-namespace", json_object_new_int64(t->at_ns));
		json_object_object_add(o, "at-byte", json_object_new_int64((int64_t)t->at_byte));
	}
	emu_nvram_set(t->s, "selftest", o);
	emu_nvram_save(t->s);
}

static void test_restore_results(struct emu_selftest *t, json_object *list)
{
	size_t nr = json_object_is_type(list, json_type_array) ? json_object_array_length(list) : 0;

	for (size_t i = 0; i < EMU_MIN(nr, TEST_RESULTS); i++) {
		const char *text = json_object_get_string(json_object_array_get_idx(list, i));
		uint8_t raw[sizeof(t->result[0])];
		unsigned int v, b;

		for (b = 0; text && b < sizeof(raw) && sscanf(text + 2 * b, "%2x", &v) == 1; b++)
			raw[b] = (uint8_t)v;
		if (b < sizeof(raw))
			return;
		memcpy(&t->result[i], raw, sizeof(raw));
	}
}

static bool test_number(json_object *o, const char *key, uint64_t max, uint64_t *n)
{
	json_object *v;

	if (!json_object_object_get_ex(o, key, &v) || json_object_get_int64(v) < 0)
		return false;
	*n = (uint64_t)json_object_get_int64(v);
	return *n <= max;
}

static void test_restore(struct emu_selftest *t)
{
	json_object *o = emu_nvram_get(t->s, "selftest"), *list;
	uint64_t code, nsid, function, step, at_ns, at_byte;

	if (json_object_object_get_ex(o, "results", &list))
		test_restore_results(t, list);
	if (!test_number(o, "code", GMX_SELFTEST_EXTENDED, &code) || !test_number(o, "nsid", UINT32_MAX, &nsid) ||
	    !test_number(o, "step", TEST_STEPS, &step) || !test_number(o, "function", EMU_MAX_FUNCTIONS - 1, &function) ||
	    !test_number(o, "at-namespace", EMU_MAX_NS, &at_ns) || !test_number(o, "at-byte", INT64_MAX, &at_byte))
		return;
	t->code = (unsigned int)code;
	t->nsid = (uint32_t)nsid;
	t->function = (unsigned int)function;
	t->step = (unsigned int)step;
	t->at_ns = (uint32_t)at_ns;
	t->at_byte = at_byte / TEST_CHUNK * TEST_CHUNK;
}

static unsigned int test_percent(const struct emu_selftest *t)
{
	return EMU_MIN(99, t->step * 100 / TEST_STEPS);
}

static void test_record(struct emu_selftest *t, struct gmx_selftest_result entry, enum gmx_selftest_outcome outcome)
{
	entry.status = (uint8_t)(t->code << 4 | outcome);
	if (t->s->health)
		entry.power_on_hours = htole64(emu_health_power_on_ms(t->s) / 3600000);
	memmove(&t->result[1], &t->result[0], (TEST_RESULTS - 1) * sizeof(t->result[0]));
	t->result[0] = entry;
	t->code = GMX_SELFTEST_NONE;
	test_save(t);
}

static void test_end(struct emu_selftest *t, struct gmx_selftest_result *r, enum gmx_selftest_outcome outcome)
{
	struct gmx_selftest_result entry = { 0 };
	char text[80];

	if (r)
		entry = *r;
	emu_timer_cancel(t->s, &t->timer);
	snprintf(text, sizeof(text), "%s self-test ended: result %u, segment %u",
		 t->code == GMX_SELFTEST_SHORT ? "short" : "extended", outcome, entry.segment);
	test_record(t, entry, outcome);
	emu_event_add(t->s, GMX_VND_EV_SELF_TEST_DONE, t->function, t->result[0].status, text);
	if (outcome == GMX_SELFTEST_FAILED)
		emu_telemetry_capture(t->s, true, text);
}

static void test_failed(struct emu_selftest *t, unsigned int segment, struct emu_ns *ns)
{
	struct gmx_selftest_result r = { .segment = (uint8_t)segment };

	if (ns) {
		r.nsid = htole32(ns->nsid);
		r.valid = GMX_SELFTEST_NSID_VALID;
	}
	test_end(t, &r, GMX_SELFTEST_FAILED);
}

static void test_media_failed(struct emu_selftest *t, struct emu_ns *ns, uint64_t lba, uint16_t status)
{
	struct gmx_selftest_result r = {
		.segment = TEST_MEDIA,
		.valid = GMX_SELFTEST_NSID_VALID | GMX_SELFTEST_LBA_VALID | GMX_SELFTEST_SCT_VALID | GMX_SELFTEST_SC_VALID,
		.nsid = htole32(ns->nsid),
		.lba = htole64(lba),
		.sct = (uint8_t)(status >> 8 & 7),
		.sc = (uint8_t)status,
	};

	test_end(t, &r, GMX_SELFTEST_FAILED);
}

static bool test_covers(const struct emu_selftest *t, const struct emu_ns *ns)
{
	const struct emu_ctrl *c = t->function < t->s->nr_ctrls ? t->s->ctrls[t->function] : NULL;

	if (!ns->nsid || !ns->drive || !t->nsid)
		return false;
	return t->nsid == ns->nsid || (t->nsid == GMX_NSID_ALL && c && emu_ns_attached(ns, c));
}

/* Has what is below this chunk data, or is it a hole of the drive's file? */
static bool test_has_data(struct emu_ns *ns, uint64_t byte, uint64_t len)
{
	off_t data = lseek(ns->drive->area[EMU_AREA_IMG].fd, (off_t)byte, SEEK_DATA);

	return data < 0 ? errno != ENXIO : (uint64_t)data < byte + len;
}

/* One chunk; a failure ends the test. *cost counts those that were really read. */
static bool test_chunk(struct emu_selftest *t, struct emu_ns *ns, uint64_t byte, unsigned int *cost)
{
	uint64_t end = ns->nsze << ns->lba_shift, len = EMU_MIN(TEST_CHUNK, end - byte);
	uint64_t lba = byte >> ns->lba_shift;
	uint32_t nr = (uint32_t)(len >> ns->lba_shift);
	bool data = test_has_data(ns, byte, len);
	uint16_t status;

	*cost += data;
	/* Without a buffer the medium is only asked whether it could: all that a hole needs */
	status = emu_drive_read(ns, lba, nr, data ? t->buf : NULL, NULL);
	if (!status)
		return true;
	if (emu_drive_failed(ns->drive))
		test_failed(t, TEST_NVM_INTEGRITY, ns);
	else
		test_media_failed(t, ns, emu_drive_first_bad(ns, lba, nr), status);
	return false;
}

/* Bytes that the test reads through: all, or those before the place where it is */
static uint64_t test_bytes(const struct emu_selftest *t, bool all)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < EMU_MAX_NS && (all || i < t->at_ns); i++) {
		const struct emu_ns *ns = &t->s->ns[i];

		if (test_covers(t, ns))
			sum += ns->nsze << ns->lba_shift;
	}
	return all ? sum : sum + t->at_byte;
}

/* Goes on reading until this share of the whole (percent) or a step's budget is reached; false: it failed, or lags. */
static bool test_media(struct emu_selftest *t, unsigned int percent)
{
	uint64_t aim = test_bytes(t, true) / 100 * percent, at = test_bytes(t, false);
	unsigned int cost = 0, chunks = 0;

	for (; t->at_ns < EMU_MAX_NS; t->at_ns++, t->at_byte = 0) {
		struct emu_ns *ns = &t->s->ns[t->at_ns];
		uint64_t end, stride = TEST_CHUNK, next;

		if (!test_covers(t, ns))
			continue;
		end = ns->nsze << ns->lba_shift;
		if (t->code == GMX_SELFTEST_SHORT)
			stride = EMU_MAX(end / TEST_SAMPLES / TEST_CHUNK, 1u) * TEST_CHUNK;
		while (t->at_byte < end) {
			if (percent < 100 && at >= aim)
				return true;
			if (cost >= TEST_STEP_READS || chunks++ >= TEST_STEP_HOLES || !test_chunk(t, ns, t->at_byte, &cost))
				return false;
			next = t->at_byte + stride;
			/* The last chunk is always among the samples. */
			if (next >= end && t->at_byte + TEST_CHUNK < end)
				next = (end - 1) / TEST_CHUNK * TEST_CHUNK;
			at += next - t->at_byte;
			t->at_byte = next;
		}
	}
	return true;
}

/* What may have happened since the last step, where nobody told us */
static bool test_disturbed(struct emu_selftest *t)
{
	if (emu_sanitize_running(t->s)) {
		test_end(t, NULL, GMX_SELFTEST_ABORTED_SANITIZE);
		return true;
	}
	if (t->nsid && t->nsid != GMX_NSID_ALL && !emu_ns_find(t->s, t->nsid)) {
		test_end(t, NULL, GMX_SELFTEST_ABORTED_NS_GONE);
		return true;
	}
	for (unsigned int i = 0; i < EMU_MAX_NS; i++) {
		if (test_covers(t, &t->s->ns[i]) && t->s->ns[i].formatting) {
			test_end(t, NULL, GMX_SELFTEST_ABORTED_FORMAT);
			return true;
		}
	}
	return false;
}

/* Drives are looked at whatever the scope: they are the controller's. */
static bool test_drives(struct emu_selftest *t)
{
	for (unsigned int i = 0; i < EMU_MAX_NS; i++) {
		struct emu_ns *ns = &t->s->ns[i];

		if (ns->nsid && ns->drive && emu_drive_failed(ns->drive)) {
			test_failed(t, TEST_NVM_INTEGRITY, ns);
			return false;
		}
	}
	return true;
}

static void test_arm(struct emu_selftest *t)
{
	uint64_t ms = t->code == GMX_SELFTEST_SHORT ? TEST_SHORT_MS : TEST_LONG_MS;

	emu_timer_set(t->s, &t->timer, emu_now(t->s) + ms * (t->s->config.time_warp ? 1000 : 1000000) / TEST_STEPS);
}

static void test_timer(struct emu_timer *timer)
{
	struct emu_selftest *t = EMU_ENTRY(timer, struct emu_selftest, timer);
	unsigned int segment, begin = TEST_MEDIA_BEGIN * TEST_STEPS / 100, end = TEST_MEDIA_END * TEST_STEPS / 100;

	if (test_disturbed(t))
		return;
	t->step++;
	if (t->step == 1 && emu_fault_selftest_fails(t->s, &segment)) {
		test_failed(t, segment >= TEST_RAM && segment < TEST_END ? segment : TEST_RAM, NULL);
		return;
	}
	if (t->step == begin && !test_drives(t))
		return;
	if (t->step > begin && t->step <= end) {
		bool done = test_media(t, (t->step - begin) * 100 / (end - begin));

		if (t->code == GMX_SELFTEST_NONE)
			return;
		/* Much data takes longer: the last step of the segment is repeated. */
		if (!done && t->step == end)
			t->step--;
	}
	if (t->step >= TEST_STEPS) {
		test_end(t, NULL, GMX_SELFTEST_PASSED);
		return;
	}
	if (t->code == GMX_SELFTEST_EXTENDED && t->step % 10 == 0)
		test_save(t);
	test_arm(t);
}

uint16_t emu_selftest_cmd(struct emu_cmd *cmd)
{
	struct emu_selftest *t = cmd->ctrl->s->selftest;
	unsigned int code = emu_cdw10(cmd) & 0xf;
	uint32_t nsid = emu_nsid(cmd);
	struct emu_ns *ns;

	if (code != GMX_SELFTEST_SHORT && code != GMX_SELFTEST_EXTENDED && code != GMX_SELFTEST_ABORT)
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	if (code == GMX_SELFTEST_ABORT) {
		emu_selftest_abort(t->s, GMX_SELFTEST_ABORTED, GMX_NSID_ALL);
		return 0;
	}
	if (nsid && nsid != GMX_NSID_ALL) {
		if (nsid > EMU_MAX_NS)
			return GMX_SC_INVALID_NS | GMX_STS_DNR;
		ns = emu_ns_find(t->s, nsid);
		if (!ns || !emu_ns_attached(ns, cmd->ctrl))
			return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	}
	if (t->code)
		return GMX_SC_SELF_TEST_BUSY;
	t->code = code;
	t->nsid = nsid;
	t->function = cmd->ctrl->function;
	t->step = 0;
	t->at_ns = 0;
	t->at_byte = 0;
	test_save(t);
	emu_event_add(t->s, GMX_VND_EV_SELF_TEST_START, t->function, code,
		      code == GMX_SELFTEST_SHORT ? "short self-test begins" : "extended self-test begins");
	test_arm(t);
	return 0;
}

void emu_selftest_abort(struct emu_subsys *s, enum gmx_selftest_outcome why, uint32_t nsid)
{
	struct emu_selftest *t = s->selftest;

	if (!t || !t->code)
		return;
	if (nsid == GMX_NSID_ALL || t->nsid == nsid || t->nsid == GMX_NSID_ALL)
		test_end(t, NULL, why);
}

/* The short test ends with its controller; the extended one goes on (8.11.1, 8.11.2). */
void emu_selftest_ctrl_reset(struct emu_ctrl *c)
{
	struct emu_selftest *t = c->s->selftest;

	if (t && t->code == GMX_SELFTEST_SHORT && t->function == c->function)
		test_end(t, NULL, GMX_SELFTEST_ABORTED_RESET);
}

unsigned int emu_selftest_running(struct emu_subsys *s)
{
	return s->selftest->code;
}

uint16_t emu_selftest_log(struct emu_cmd *cmd, uint8_t **buf, size_t *len)
{
	struct emu_selftest *t = cmd->ctrl->s->selftest;
	struct gmx_log_selftest *log = calloc(1, sizeof(*log));

	if (!log)
		return GMX_SC_INTERNAL;
	log->running = (uint8_t)t->code;
	log->percent = t->code ? (uint8_t)test_percent(t) : 0;
	memcpy(log->result, t->result, sizeof(log->result));
	*buf = (uint8_t *)log;
	*len = sizeof(*log);
	return 0;
}

int emu_selftest_open(struct emu_subsys *s)
{
	struct emu_selftest *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->buf = malloc(TEST_CHUNK);
	if (!t->buf) {
		free(t);
		return -ENOMEM;
	}
	t->s = s;
	emu_timer_init(&t->timer, test_timer);
	for (unsigned int i = 0; i < TEST_RESULTS; i++)
		t->result[i].status = GMX_SELFTEST_UNUSED;
	s->selftest = t;
	test_restore(t);
	/* A short test does not outlive the power (8.11.1). */
	if (t->code == GMX_SELFTEST_SHORT)
		test_record(t, (struct gmx_selftest_result){ 0 }, GMX_SELFTEST_ABORTED_RESET);
	if (t->code)
		test_arm(t);
	return 0;
}

void emu_selftest_close(struct emu_subsys *s)
{
	struct emu_selftest *t = s->selftest;

	if (!t)
		return;
	emu_timer_cancel(s, &t->timer);
	free(t->buf);
	free(t);
	s->selftest = NULL;
}
