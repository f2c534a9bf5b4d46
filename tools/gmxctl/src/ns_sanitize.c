// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl ns sanitize. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ns.h"
#include "wait.h"

#define LOG_SANITIZE	 0x81
#define SANITIZE_POLL_MS 200

const struct ctl_option ns_sanitize_options[] = {
	{ "action", 0, "ACTION", "what to do (block)", "block overwrite crypto exit-failure" },
	{ "passes", 0, "N", "overwrite: so often, 1 to 16 (1)", NULL },
	{ "pattern", 0, "N", "overwrite: with this, 32 bits (0)", NULL },
	{ "wait", 'w', NULL, "until it has ended", NULL },
	{ "status", 0, NULL, "only say how far one is, or how the last one ended", NULL },
	{ "force", 'f', NULL, "also when a namespace is in use", NULL },
	{ NULL },
};

const struct ctl_field ns_sanitize_fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "state", K_TEXT, "never, done, running, failed or deallocated", 0, NULL },
	{ "percent", K_PERCENT, "how far it is", F_METRIC, NULL },
	{ "erased", K_BOOL, "nothing was written since", 0, NULL },
	{ NULL },
};

static int read_status(struct ctl *ctl, struct libgmx_ctrl *ctrl, struct libgmx_sanitize_log *log)
{
	uint8_t data[512];
	int rc = libgmx_log(ctrl, LOG_SANITIZE, LIBGMX_ALL_NAMESPACES, 0, true, 0, data, sizeof(data));

	if (!rc)
		rc = libgmx_decode_sanitize(data, sizeof(data), log);
	return rc ? ctl_fail_may(ctl, rc, NULL, "sanitize log of %s", libgmx_name(ctrl)) : CTL_OK;
}

static int put_status(struct ctl *ctl, struct libgmx_ctrl *ctrl)
{
	static const char *const states[] = { "never", "done", "running", "failed", "deallocated" };
	struct libgmx_sanitize_log log;
	struct json_object *r;
	int status = read_status(ctl, ctrl, &log);

	if (status)
		return status;
	r = ctl_record(ctl_list(ctl));
	put_text(r, "name", libgmx_name(ctrl));
	put_name(r, "state", log.state < ARRAY_SIZE(states) ? states[log.state] : NULL, log.state);
	put_number(r, "percent", log.percent);
	put_bool(r, "erased", log.erased);
	return CTL_OK;
}

/* @only_running: how one ended that nobody waits for is no failure of looking */
static int wait_end(struct ctl *ctl, struct libgmx_ctrl *ctrl, bool only_running)
{
	struct libgmx_sanitize_log log = { .state = 2 };
	int status = only_running ? read_status(ctl, ctrl, &log) : CTL_OK;

	if (status || log.state != 2)
		return status;
	while (!status && log.state == 2) {
		sleep_ms(SANITIZE_POLL_MS);
		status = read_status(ctl, ctrl, &log);
		if (!status)
			progress_show(ctl, "sanitize", log.percent, 100);
	}
	progress_end(ctl);
	if (!status && log.state == 3)
		return ctl_fail(ctl, CTL_REJECTED,
				"sanitize again, or gmxctl ns sanitize --action exit-failure where that is allowed",
				"the sanitize operation of %s has failed", libgmx_name(ctrl));
	return status;
}

static int confirm(struct ctl *ctl, const struct libgmx_target *target, const char *action)
{
	struct plan *plan = plan_new(
		ctl, "%s of all namespaces of the subsystem of %s; all data is lost, nothing can stop it:", action, target->ctrl);

	plan_namespace(plan, target->ctrl, LIBGMX_ALL_NAMESPACES, NULL, 0);
	return plan_confirm(plan, target->ctrl);
}

int run_ns_sanitize(struct ctl *ctl)
{
	static const char *const actions[] = { "", "exit-failure", "block", "overwrite", "crypto" };
	const char *action = ctl_option(ctl, "action") ? ctl_option(ctl, "action") : "block";
	struct libgmx_target target;
	struct libgmx_id_ctrl id;
	struct libgmx_ctrl *ctrl;
	uint64_t passes = 1, pattern = 0;
	unsigned int code = 0;
	int status = ctl_option_number(ctl, "passes", 1, 16, &passes), rc;

	if (!status)
		status = ctl_option_number(ctl, "pattern", 0, 0xffffffff, &pattern);
	while (strcmp(actions[code], action))
		code++;
	if (!status && code != LIBGMX_SANITIZE_OVERWRITE && (ctl_option(ctl, "passes") || ctl_option(ctl, "pattern")))
		return ctl_usage(ctl, "--passes and --pattern are for --action overwrite");
	if (!status && ctl_option(ctl, "status") && ctl_option(ctl, "action"))
		return ctl_usage(ctl, "--status only looks: --action is not for it");
	if (!status)
		status = ctl_open_one(ctl, &target, &ctrl);
	if (status)
		return status;
	if (ctl_option(ctl, "status"))
		goto show;
	status = ns_identify_ctrl(ctl, ctrl, &id);
	if (!status &&
	    ((code == LIBGMX_SANITIZE_BLOCK && !id.sanitize_block) || (code == LIBGMX_SANITIZE_CRYPTO && !id.sanitize_crypto) ||
	     (code == LIBGMX_SANITIZE_OVERWRITE && !id.sanitize_overwrite)))
		status = ctl_fail(ctl, CTL_UNSUPPORTED,
				  id.sanitize_block	  ? "it can --action block"
				  : id.sanitize_crypto	  ? "it can --action crypto"
				  : id.sanitize_overwrite ? "it can --action overwrite"
							  : NULL,
				  "%s has no sanitize operation '%s'", target.ctrl, action);
	if (!status)
		status = confirm(ctl, &target, action);
	if (!status) {
		rc = libgmx_sanitize(ctrl, (enum libgmx_sanitize)code, (unsigned int)passes, (uint32_t)pattern, false);
		if (rc)
			status = ctl_fail_rc(ctl, rc, "%s does not sanitize", target.ctrl);
	}
show:
	if (!status && ctl_option(ctl, "wait"))
		status = wait_end(ctl, ctrl, ctl_option(ctl, "status"));
	if (!status)
		status = put_status(ctl, ctrl);
	libgmx_close(ctrl);
	return status == PLAN_DRY ? CTL_OK : status;
}
