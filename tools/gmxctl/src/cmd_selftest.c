// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl selftest. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "wait.h"

#define LOG_SELFTEST 0x06
#define LOG_BYTES    564
#define POLL_MS	     300

static const struct ctl_field result_fields[] = {
	{ "test", K_TEXT, "short or extended", 0, NULL },
	{ "result", K_TEXT, "how it ended", 0, NULL },
	{ "passed", K_BOOL, "it found nothing wrong", 0, NULL },
	{ "power_on_hours", K_NUMBER, "when", 0, NULL },
	{ "segment", K_NUMBER, "that failed first, 0: none", 0, NULL },
	{ "nsid", K_NUMBER, "where, null: not known", 0, NULL },
	{ "lba", K_NUMBER, "first block that failed, null: not known", 0, NULL },
	{ NULL },
};

static const struct ctl_field fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "running", K_TEXT, "test that runs: short or extended; null: none", 0, NULL },
	{ "percent", K_PERCENT, "how far it is", F_METRIC, NULL },
	{ "results", K_RECORDS, "results, newest first", 0, result_fields },
	{ NULL },
};

static const char *test_name(unsigned int code)
{
	return code == 1 ? "short" : code == 2 ? "extended" : NULL;
}

static const char *result_name(unsigned int result)
{
	static const char *const names[] = { "passed",
					     "aborted",
					     "aborted by a reset",
					     "aborted: namespace gone",
					     "aborted by a format",
					     "fatal error",
					     "failed",
					     "failed in a segment",
					     "aborted",
					     "aborted by sanitize" };

	return result < ARRAY_SIZE(names) ? names[result] : NULL;
}

static int read_log(struct ctl *ctl, struct libgmx_ctrl *ctrl, struct libgmx_selftest_log *log)
{
	uint8_t data[LOG_BYTES];
	int rc = libgmx_log(ctrl, LOG_SELFTEST, LIBGMX_ALL_NAMESPACES, 0, true, 0, data, sizeof(data));

	if (!rc)
		rc = libgmx_decode_selftest(data, sizeof(data), log);
	return rc ? ctl_fail_may(ctl, rc, NULL, "self-test log of %s", libgmx_name(ctrl)) : CTL_OK;
}

static void put_log(struct ctl *ctl, const char *name, const struct libgmx_selftest_log *log)
{
	struct json_object *r = ctl_record(ctl_list(ctl)), *list;

	put_text(r, "name", name);
	if (log->running)
		put_name(r, "running", test_name(log->running), log->running);
	else
		put_null(r, "running");
	put_number(r, "percent", log->running ? log->percent : 100);
	list = put_array(r, "results");
	for (unsigned int i = 0; i < log->nr; i++) {
		const struct libgmx_selftest_entry *e = &log->entry[i];
		struct json_object *o = ctl_record(list);

		put_name(o, "test", test_name(e->code), e->code);
		put_name(o, "result", result_name(e->result), e->result);
		put_bool(o, "passed", e->result == 0);
		put_number(o, "power_on_hours", e->power_on_hours);
		put_number(o, "segment", e->segment);
		if (e->nsid_valid)
			put_number(o, "nsid", e->nsid);
		else
			put_null(o, "nsid");
		if (e->lba_valid)
			put_number(o, "lba", e->lba);
		else
			put_null(o, "lba");
	}
}

static int wait_end(struct ctl *ctl, struct libgmx_ctrl *ctrl, struct libgmx_selftest_log *log)
{
	int status;

	while (!(status = read_log(ctl, ctrl, log)) && log->running) {
		progress_show(ctl, "self-test", log->percent, 100);
		sleep_ms(POLL_MS);
	}
	progress_end(ctl);
	return status;
}

static int run_start(struct ctl *ctl)
{
	bool extended = ctl_option(ctl, "extended"), waits = ctl_option(ctl, "wait");
	struct libgmx_selftest_log log = { .nr = 0 };
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	int status = ctl_open_one(ctl, &target, &ctrl), rc;

	if (status)
		return status;
	rc = libgmx_selftest(ctrl, target.nsid ? target.nsid : LIBGMX_ALL_NAMESPACES, extended ? 2 : 1);
	if (rc)
		status = ctl_fail_rc(ctl, rc, "%s does not begin the self-test", target.ctrl);
	if (!status)
		status = waits ? wait_end(ctl, ctrl, &log) : read_log(ctl, ctrl, &log);
	if (!status)
		put_log(ctl, target.ctrl, &log);
	libgmx_close(ctrl);
	if (!status && waits && (!log.nr || log.entry[0].result))
		return ctl_fail(ctl, CTL_FAILED, "gmxctl health and gmxctl drive list say more; back up, and have it replaced",
				"the self-test of %s: %s", target.ctrl,
				log.nr && result_name(log.entry[0].result) ? result_name(log.entry[0].result) : "no result");
	return status;
}

static int run_status(struct ctl *ctl)
{
	struct libgmx_selftest_log log = { .nr = 0 };
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	int status = ctl_open_one(ctl, &target, &ctrl);

	if (status)
		return status;
	status = ctl_option(ctl, "wait") ? wait_end(ctl, ctrl, &log) : read_log(ctl, ctrl, &log);
	if (!status)
		put_log(ctl, target.ctrl, &log);
	libgmx_close(ctrl);
	return status;
}

static int run_abort(struct ctl *ctl)
{
	struct libgmx_selftest_log log = { .nr = 0 };
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	int status = ctl_open_one(ctl, &target, &ctrl), rc;

	if (status)
		return status;
	rc = libgmx_selftest(ctrl, LIBGMX_ALL_NAMESPACES, 15);
	if (rc)
		status = ctl_fail_rc(ctl, rc, "%s does not abort the self-test", target.ctrl);
	if (!status)
		status = read_log(ctl, ctrl, &log);
	if (!status)
		put_log(ctl, target.ctrl, &log);
	libgmx_close(ctrl);
	return status;
}

static const struct ctl_option start_options[] = {
	{ "extended", 0, NULL, "the thorough one; the controller says how long it takes", NULL },
	{ "wait", 'w', NULL, "until it has ended; it failed: exit status 1", NULL },
	{ NULL },
};

static const struct ctl_option status_options[] = {
	{ "wait", 'w', NULL, "until it has ended", NULL },
	{ NULL },
};

const struct ctl_command cmd_selftest[] = {
	{ "selftest", "start", "[TARGET]", "begin a self-test of a controller, or of a namespace", "I/O goes on meanwhile.",
	  start_options, fields, SHAPE_RECORDS, C_PROGRESS, run_start },
	{ "selftest", "status", "[TARGET]", "show how far a self-test is, and earlier results", NULL, status_options, fields,
	  SHAPE_RECORDS, C_PROGRESS, run_status },
	{ "selftest", "abort", "[TARGET]", "end a self-test", NULL, NULL, fields, SHAPE_RECORDS, 0, run_abort },
	{ NULL },
};
