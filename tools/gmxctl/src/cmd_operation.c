// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl operation: what was begun, and left. */
#include <errno.h>
#include <stdlib.h>

#include "commands.h"
#include "op.h"

/* The driver keeps the last 16; one that runs for long may be older than those */
#define KEPT	 16
#define SEARCHED 256

/* Newest first; the newest is known by the id 0 */
static int put_all(struct ctl *ctl, struct libgmx_ctrl *ctrl)
{
	struct gmx_ioc_op op;
	unsigned int found = 0;
	uint64_t newest;
	int rc = op_read(ctrl, 0, &op);

	if (rc == -ENOENT)
		return CTL_OK;
	newest = op.id;
	for (uint64_t id = newest; !rc && id && newest - id < SEARCHED && found < KEPT; id--) {
		rc = op_read(ctrl, id, &op);
		if (!rc) {
			op_put(ctl_record(ctl_list(ctl)), libgmx_name(ctrl), &op);
			found++;
		}
		if (rc == -ENOENT)
			rc = 0;
	}
	return rc ? ctl_fail_rc(ctl, rc, "operations of %s", libgmx_name(ctrl)) : CTL_OK;
}

static int run_list(struct ctl *ctl)
{
	struct libgmx_ctrl_info *ctrls;
	struct libgmx_ctrl *ctrl;
	size_t n, done = 0;
	int status = ctl_controllers(ctl, &ctrls, &n), worst = CTL_OK;

	if (status)
		return status;
	ctl_list(ctl);
	for (size_t i = 0; i < n; i++) {
		status = ctl_open(ctl, ctrls[i].name, &ctrl);
		if (!status) {
			status = put_all(ctl, ctrl);
			libgmx_close(ctrl);
		}
		done += !status;
		worst = status ? status : worst;
	}
	free(ctrls);
	return worst && done ? CTL_PARTIAL : worst;
}

static int unknown(struct ctl *ctl, const char *name, uint64_t id)
{
	const char *hint = "gmxctl operation list shows them; the driver keeps the last 16, until it lets the controller go";

	if (!id)
		return ctl_fail(ctl, CTL_NO_DEVICE, hint, "%s has had no long operation", name);
	return ctl_fail(ctl, CTL_NO_DEVICE, hint, "%s knows no operation %llu", name, (unsigned long long)id);
}

/* Opens, and finds the operation of --id or the newest; both must then be there */
static int find(struct ctl *ctl, struct libgmx_target *target, struct libgmx_ctrl **ctrl, struct gmx_ioc_op *op)
{
	uint64_t id = 0;
	int status = ctl_option_number(ctl, "id", 1, UINT64_MAX, &id), rc;

	if (!status)
		status = ctl_open_one(ctl, target, ctrl);
	if (status)
		return status;
	rc = op_read(*ctrl, id, op);
	if (!rc)
		return CTL_OK;
	libgmx_close(*ctrl);
	if (rc == -ENOENT)
		return unknown(ctl, target->ctrl, id);
	return ctl_fail_rc(ctl, rc, "operations of %s", target->ctrl);
}

static int run_show(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	struct gmx_ioc_op op;
	int status = find(ctl, &target, &ctrl, &op);

	if (status)
		return status;
	libgmx_close(ctrl);
	op_put(ctl_record(ctl_list(ctl)), target.ctrl, &op);
	return CTL_OK;
}

static int run_wait(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	struct gmx_ioc_op op;
	uint64_t seconds = 0, id;
	int status = ctl_option_number(ctl, "timeout", 1, 86400, &seconds), rc;

	if (!status)
		status = find(ctl, &target, &ctrl, &op);
	if (status)
		return status;
	id = op.id;
	rc = op_wait(ctl, ctrl, id, seconds * 1000, &op);
	libgmx_close(ctrl);
	if (rc == -ENOENT)
		return unknown(ctl, target.ctrl, id);
	if (rc)
		return op_left(ctl, rc, target.ctrl, id, NULL);
	op_put(ctl_record(ctl_list(ctl)), target.ctrl, &op);
	return op_verdict(ctl, target.ctrl, &op);
}

static int run_cancel(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	struct gmx_ioc_op op;
	uint64_t id;
	int status, rc;

	if (!ctl_option(ctl, "id"))
		return ctl_usage(ctl, "which operation? --id says it; gmxctl operation list shows them");
	status = find(ctl, &target, &ctrl, &op);
	if (status)
		return status;
	id = op.id;
	rc = op_ended(&op) ? 0 : libgmx_drv_op_cancel(ctrl, &op);
	libgmx_close(ctrl);
	if (rc == -EBUSY)
		return ctl_fail(ctl, CTL_BUSY, "gmxctl operation wait waits for its end",
				"operation %llu of %s can't be stopped any more: the controller has the image",
				(unsigned long long)id, target.ctrl);
	if (rc)
		return ctl_fail_may(ctl, rc, NULL, "operation %llu of %s is not cancelled", (unsigned long long)id, target.ctrl);
	op_put(ctl_record(ctl_list(ctl)), target.ctrl, &op);
	return CTL_OK;
}

static const struct ctl_option show_options[] = {
	{ "id", 0, "N", "the operation; without it the newest", NULL },
	{ NULL },
};

static const struct ctl_option wait_options[] = {
	{ "id", 0, "N", "the operation; without it the newest", NULL },
	{ "timeout", 0, "SECONDS", "not longer than this; the exit status is 5 then", NULL },
	{ NULL },
};

static const struct ctl_option cancel_options[] = {
	{ "id", 0, "N", "the operation", NULL },
	{ NULL },
};

const struct ctl_command cmd_operation[] = {
	{ "operation", "list", "[TARGET]...", "list the long operations that the driver knows, newest first",
	  "Storing and activating firmware, and telemetry that was started, go on when gmxctl is interrupted; that says the operation's id then.",
	  NULL, op_fields, SHAPE_LIST, 0, run_list },
	{ "operation", "show", "[TARGET]", "show a long operation", NULL, show_options, op_fields, SHAPE_RECORDS, 0, run_show },
	{ "operation", "wait", "[TARGET]", "wait for the end of a long operation",
	  "The exit status says how it ended. Firmware whose waits_for is not null runs after a reset, which this command does not make.",
	  wait_options, op_fields, SHAPE_RECORDS, C_PROGRESS, run_wait },
	{ "operation", "cancel", "[TARGET]", "ask a long operation to stop",
	  "Returns at once. Firmware that the controller has been given can't be stopped any more; what has ended stays as it is.",
	  cancel_options, op_fields, SHAPE_RECORDS, 0, run_cancel },
	{ NULL },
};
