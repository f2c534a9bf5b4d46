// SPDX-License-Identifier: GPL-2.0-or-later
/* Device Self-test: scopes, progress, what ends it, what it finds, the log page's history, resets and power cuts. */
/* Covers: GMX_ADM_SELF_TEST GMX_LOG_SELF_TEST */
#include "ops.h"

static uint16_t test(uint32_t nsid, unsigned int code)
{
	return ops_admin(0, GMX_ADM_SELF_TEST, nsid, code, 0, NULL, 0);
}

static struct gmx_log_selftest state(void)
{
	struct gmx_log_selftest log = { 0 };

	check(!ops_log(GMX_LOG_SELF_TEST, 0, 0, &log, sizeof(log)), "log page 06h");
	return log;
}

/* Lets the test end: its result */
static struct gmx_selftest_result finish(void)
{
	for (unsigned int i = 0; i < 10000 && state().running; i++)
		ops_run(10000);
	check(!state().percent, "no percentage when none runs");
	return state().result[0];
}

static bool result_is(unsigned int code, unsigned int outcome)
{
	struct gmx_selftest_result r = finish();

	if (r.status != (code << 4 | outcome))
		printf("# result %02x, not %x%x\n", r.status, code, outcome);
	return r.status == (code << 4 | outcome);
}

static void media_error(uint32_t nsid, uint64_t lba, bool clear)
{
	char keys[100];

	snprintf(keys, sizeof(keys), "\"nsid\":%u,\"lba\":%llu,\"clear\":%s", nsid, (unsigned long long)lba,
		 clear ? "true" : "false");
	check(vnd_ok("media-error", keys), "%s", keys);
}

static void begin_with(const char *config)
{
	ops_begin("g2", config);
}

static void begin(void)
{
	begin_with("{\"time_warp\":true,\"functions\":2,\"capacity\":\"1G\","
		   "\"namespaces\":[{\"size\":\"8M\"},{\"size\":\"512M\",\"block\":4096}]}");
}

static void end(const char *name)
{
	ops_end(name);
}

static void new_device(void)
{
	struct gmx_id_ctrl *id = calloc(1, sizeof(*id));
	struct gmx_log_selftest log;

	begin();
	check(!ops_admin(0, GMX_ADM_IDENTIFY, 0, GMX_CNS_CTRL, 0, id, sizeof(*id)), "Identify");
	check(le16toh(id->oacs) & GMX_OACS_SELF_TEST && le16toh(id->edstt) && id->dsto & 1, "OACS, EDSTT, DSTO");
	log = state();
	check(!log.running && !log.percent, "none runs");
	for (unsigned int i = 0; i < 20; i++)
		check((log.result[i].status & 0xf) == GMX_SELFTEST_UNUSED, "result %u is not used", i);
	free(id);
	end("a new device");
}

static void fields(void)
{
	begin();
	for (unsigned int code = 0; code < 16; code++) {
		if (code != GMX_SELFTEST_SHORT && code != GMX_SELFTEST_EXTENDED && code != GMX_SELFTEST_ABORT)
			check(test(0, code) == GMX_SC_INVALID_FIELD, "code %x", code);
	}
	check(test(3, GMX_SELFTEST_SHORT) == GMX_SC_INVALID_FIELD, "no such namespace");
	check(test(65, GMX_SELFTEST_SHORT) == GMX_SC_INVALID_NS, "there never is one");
	check(test(0xfffffffe, GMX_SELFTEST_SHORT) == GMX_SC_INVALID_NS, "nor there");
	check(!test(0, GMX_SELFTEST_ABORT), "abort of none");
	check(!state().running && (state().result[0].status & 0xf) == GMX_SELFTEST_UNUSED, "nothing happened");
	end("fields");
}

static void takes_time(unsigned int code, unsigned int ms, const char *name)
{
	unsigned int last = 0, percent;

	begin_with("{\"functions\":2,\"namespaces\":[{\"size\":\"8M\"}]}");
	check(!test(GMX_NSID_ALL, code), "begins");
	check(test(0, GMX_SELFTEST_SHORT) == GMX_SC_SELF_TEST_BUSY, "one at a time");
	check(ops_admin(1, GMX_ADM_SELF_TEST, 0, GMX_SELFTEST_EXTENDED, 0, NULL, 0) == GMX_SC_SELF_TEST_BUSY,
	      "also by another controller");
	for (unsigned int i = 0; i < 9; i++) {
		check(state().running == code, "runs");
		percent = state().percent;
		check(percent >= last && percent <= 100 && percent >= i * 10 && percent <= i * 10 + 15, "%u%% after %u", percent,
		      last);
		last = percent;
		ops_run(ms * 100);
	}
	check(state().running == code, "runs for %u ms", ms * 9 / 10);
	ops_run(ms * 110);
	check(!state().running && state().result[0].status == (code << 4 | GMX_SELFTEST_PASSED), "and not longer than %u", ms);
	check(!state().result[0].valid && !state().result[0].segment, "nothing to report");
	end(name);
}

static void scopes(void)
{
	static const uint32_t nsids[] = { 0, 1, 2, GMX_NSID_ALL };
	static uint8_t block[4096];

	begin();
	check(!ops_io(true, 2, 0, 1, block, sizeof(block)) && !ops_flush(2), "write");
	media_error(2, 77, false);
	for (unsigned int i = 0; i < ARRAY_SIZE(nsids); i++) {
		bool bad = nsids[i] == 2 || nsids[i] == GMX_NSID_ALL;

		check(!test(nsids[i], GMX_SELFTEST_EXTENDED), "begins");
		check(result_is(GMX_SELFTEST_EXTENDED, bad ? GMX_SELFTEST_FAILED : GMX_SELFTEST_PASSED), "scope %x", nsids[i]);
	}
	end("scopes: controller, a namespace, all of them");
}

static void media(void)
{
	struct gmx_selftest_result r;
	static uint8_t block[4096];

	begin();
	check(!ops_io(true, 2, 99999, 1, block, sizeof(block)) && !ops_flush(2), "write");
	media_error(2, 99999, false);
	check(!test(2, GMX_SELFTEST_EXTENDED), "begins");
	r = finish();
	check(r.status == (GMX_SELFTEST_EXTENDED << 4 | GMX_SELFTEST_FAILED) && r.segment == 7, "result %02x, segment %u",
	      r.status, r.segment);
	check(r.valid == 0xf, "all of it is valid: %x", r.valid);
	check(le32toh(r.nsid) == 2 && le64toh(r.lba) == 99999, "namespace %u, block %llu", le32toh(r.nsid),
	      (unsigned long long)le64toh(r.lba));
	check(r.sct == 2 && r.sc == 0x81, "Unrecovered Read Error: %x/%x", r.sct, r.sc);
	media_error(2, 99999, true);
	check(!test(2, GMX_SELFTEST_EXTENDED) && result_is(GMX_SELFTEST_EXTENDED, GMX_SELFTEST_PASSED), "repaired");

	media_error(1, 0, false);
	check(!test(1, GMX_SELFTEST_SHORT), "short");
	check(result_is(GMX_SELFTEST_SHORT, GMX_SELFTEST_FAILED) && !state().result[0].lba, "the first block is a sample");
	media_error(1, 0, true);
	media_error(2, (512ull << 20) / 4096 - 1, false);
	check(!test(2, GMX_SELFTEST_SHORT) && result_is(GMX_SELFTEST_SHORT, GMX_SELFTEST_FAILED), "the last one, too");
	end("media errors");
}

static void failed_drive(void)
{
	struct gmx_selftest_result r;
	struct gmx_log_telemetry log;

	begin();
	check(vnd_ok("drive-fail", "\"drive\":1"), "drive 1 fails");
	check(!test(0, GMX_SELFTEST_SHORT), "begins");
	r = finish();
	check(r.status == (GMX_SELFTEST_SHORT << 4 | GMX_SELFTEST_FAILED) && r.segment == 5, "result %02x, segment %u", r.status,
	      r.segment);
	check(r.valid == GMX_SELFTEST_NSID_VALID && le32toh(r.nsid) == 2, "namespace %u", le32toh(r.nsid));
	check(!ops_log(GMX_LOG_TELEMETRY_CTRL, 0, 0, &log, sizeof(log)) && log.ctrl_available, "telemetry was taken");
	end("a failed drive");
}

static void injected(void)
{
	struct gmx_selftest_result r;

	begin();
	check(vnd_ok("fault-add", "\"kind\":\"self-test\",\"segment\":3,\"count\":1"), "fault");
	check(!test(0, GMX_SELFTEST_EXTENDED), "begins");
	r = finish();
	check(r.status == (GMX_SELFTEST_EXTENDED << 4 | GMX_SELFTEST_FAILED) && r.segment == 3 && !r.valid,
	      "result %02x, segment %u", r.status, r.segment);
	check(!test(0, GMX_SELFTEST_EXTENDED) && result_is(GMX_SELFTEST_EXTENDED, GMX_SELFTEST_PASSED), "once");
	end("an injected fault");
}

static void aborts(void)
{
	begin();
	check(!test(GMX_NSID_ALL, GMX_SELFTEST_EXTENDED), "begins");
	ops_run(3000);
	check(state().running == GMX_SELFTEST_EXTENDED && !test(0, GMX_SELFTEST_ABORT), "abort");
	check(!state().running && state().result[0].status == (GMX_SELFTEST_EXTENDED << 4 | GMX_SELFTEST_ABORTED), "result");

	check(!test(1, GMX_SELFTEST_EXTENDED), "begins");
	check(!vnd_long(GMX_ADM_FORMAT, 2, vnd->ns[1].lbaf) && state().running, "a format of another namespace is nothing");
	check(!vnd_long(GMX_ADM_FORMAT, 1, vnd->ns[0].lbaf), "of this one");
	check(!state().running && state().result[0].status == (GMX_SELFTEST_EXTENDED << 4 | GMX_SELFTEST_ABORTED_FORMAT),
	      "format");

	check(!test(2, GMX_SELFTEST_EXTENDED), "begins");
	ops_run(3000);
	check(!ops_admin(0, GMX_ADM_NS_MGMT, 2, 1, 0, NULL, 0), "delete the namespace");
	check(result_is(GMX_SELFTEST_EXTENDED, GMX_SELFTEST_ABORTED_NS_GONE), "namespace gone");
	end("aborted: by command, by format, namespace deleted");
}

static void resets(void)
{
	begin();
	check(!test(GMX_NSID_ALL, GMX_SELFTEST_SHORT), "short");
	ops_reset(1);
	check(state().result[0].status == (GMX_SELFTEST_SHORT << 4 | GMX_SELFTEST_PASSED) || state().running,
	      "a reset of another controller is nothing");
	finish();
	check(!test(GMX_NSID_ALL, GMX_SELFTEST_SHORT), "short");
	ops_reset(0);
	check(state().result[0].status == (GMX_SELFTEST_SHORT << 4 | GMX_SELFTEST_ABORTED_RESET), "ended by a reset: %02x",
	      state().result[0].status);
	end("controller reset: short");

	begin_with("{\"namespaces\":[{\"size\":\"8M\"}]}");
	check(!test(GMX_NSID_ALL, GMX_SELFTEST_EXTENDED), "extended");
	ops_run(5000000);
	ops_reset(0);
	check(state().running == GMX_SELFTEST_EXTENDED && state().percent >= 15, "goes on: %u%%", state().percent);
	check(result_is(GMX_SELFTEST_EXTENDED, GMX_SELFTEST_PASSED), "to its end");
	end("controller reset: extended");
}

static void power_cuts(void)
{
	unsigned int last = 0, cuts = 0;

	begin_with("{\"namespaces\":[{\"size\":\"8M\"}]}");
	check(!test(1, GMX_SELFTEST_SHORT), "short");
	ops_run(500000);
	ops_restart(true);
	check(!state().running && state().result[0].status == (GMX_SELFTEST_SHORT << 4 | GMX_SELFTEST_ABORTED_RESET), "ended");

	check(!test(1, GMX_SELFTEST_EXTENDED), "extended");
	media_error(1, (8 << 20) / 512 - 1, false);
	while (cuts < 50) {
		ops_run(5000000);
		if (!state().running)
			break;
		ops_restart(true);
		cuts++;
		check(state().running == GMX_SELFTEST_EXTENDED && state().percent >= last, "cut %u: goes on, %u%%", cuts,
		      state().percent);
		last = state().percent;
	}
	check(cuts >= 2, "%u cuts", cuts);
	check(result_is(GMX_SELFTEST_EXTENDED, GMX_SELFTEST_FAILED), "and finds what is there");
	check(le64toh(state().result[0].lba) == (8 << 20) / 512 - 1, "in the last block");
	ops_restart(true);
	check(state().result[0].status == (GMX_SELFTEST_EXTENDED << 4 | GMX_SELFTEST_FAILED) && le64toh(state().result[0].lba),
	      "results outlive the power");
	check(state().result[1].status == (GMX_SELFTEST_SHORT << 4 | GMX_SELFTEST_ABORTED_RESET), "all of them");
	end("power cuts");
}

static void history(void)
{
	begin();
	for (unsigned int i = 0; i < 25; i++) {
		check(!test(0, i % 3 ? GMX_SELFTEST_EXTENDED : GMX_SELFTEST_SHORT), "test %u", i);
		if (i % 2)
			check(!test(0, GMX_SELFTEST_ABORT), "abort");
		finish();
	}
	for (unsigned int pass = 0; pass < 2; pass++) {
		for (unsigned int i = 0; i < 20; i++) {
			unsigned int nr = 24 - i, code = nr % 3 ? GMX_SELFTEST_EXTENDED : GMX_SELFTEST_SHORT;

			check(state().result[i].status == (code << 4 | nr % 2), "result %u: %02x", i, state().result[i].status);
		}
		ops_restart(false);
	}
	end("20 results, newest first, kept");
}

int main(void)
{
	new_device();
	fields();
	takes_time(GMX_SELFTEST_SHORT, 2000, "short: 2 s");
	takes_time(GMX_SELFTEST_EXTENDED, 30000, "extended: 30 s");
	scopes();
	media();
	failed_drive();
	injected();
	aborts();
	resets();
	power_cuts();
	history();
	return tap_done();
}
