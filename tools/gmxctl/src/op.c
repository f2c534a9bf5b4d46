// SPDX-License-Identifier: GPL-2.0-or-later
/* Long operations of the driver: how far they are, waiting for them, leaving them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "op.h"
#include "wait.h"

#define POLL_MS 300

const char *op_stage_name(unsigned int stage)
{
	static const char *const names[] = { "start", "download", "commit", "activate", "reset", "refresh", "capture", "read" };

	return stage < ARRAY_SIZE(names) ? names[stage] : "other";
}

bool op_ended(const struct gmx_ioc_op *op)
{
	return op->state != GMX_IOC_OP_RUNNING;
}

int op_result(const struct gmx_ioc_op *op)
{
	if (op->state == GMX_IOC_OP_DONE)
		return 0;
	return op->nvme_status ? op->nvme_status : op->error ? op->error : -ECANCELED;
}

static int read_after(struct libgmx_ctrl *ctrl, uint64_t id, uint64_t ms, struct gmx_ioc_op *op)
{
	memset(op, 0, sizeof(*op));
	op->id = id;
	op->timeout_ms = (uint32_t)ms;
	return libgmx_drv_op(ctrl, op);
}

int op_read(struct libgmx_ctrl *ctrl, uint64_t id, struct gmx_ioc_op *op)
{
	return read_after(ctrl, id, 0, op);
}

static int wait_end(struct ctl *ctl, struct libgmx_ctrl *ctrl, uint64_t id, uint64_t ms, struct gmx_ioc_op *op)
{
	uint64_t end = ms ? clock_ms() + ms : UINT64_MAX, now;
	int rc;

	for (;;) {
		now = clock_ms();
		rc = read_after(ctrl, id, end - now < POLL_MS ? end - now : POLL_MS, op);
		/* a reset of the controller is no end of its operations */
		if (rc == -EAGAIN)
			sleep_ms(POLL_MS);
		if (rc && rc != -EAGAIN && rc != -EINTR)
			return rc;
		if (!rc)
			progress_show(ctl, op_stage_name(op->stage), op->percent, 100);
		if (!rc && op_ended(op))
			return 0;
		if (leave_asked())
			return -ECANCELED;
		if (clock_ms() >= end)
			return -ETIMEDOUT;
	}
}

int op_wait(struct ctl *ctl, struct libgmx_ctrl *ctrl, uint64_t id, uint64_t ms, struct gmx_ioc_op *op)
{
	int rc;

	leave_begin();
	rc = wait_end(ctl, ctrl, id, ms, op);
	leave_end();
	progress_end(ctl);
	return rc;
}

int op_left(struct ctl *ctl, int rc, const char *name, uint64_t id, const char *then)
{
	char hint[256];

	if (rc != -ETIMEDOUT && rc != -ECANCELED)
		return ctl_fail_rc(ctl, rc, "operation %llu of %s", (unsigned long long)id, name);
	snprintf(hint, sizeof(hint), "gmxctl operation wait %s --id %llu waits for its end%s%s", name, (unsigned long long)id,
		 then ? "; " : "", then ? then : "");
	return ctl_fail(ctl, CTL_BUSY, hint, "operation %llu of %s goes on, and is not waited for any longer",
			(unsigned long long)id, name);
}

int op_verdict(struct ctl *ctl, const char *name, const struct gmx_ioc_op *op)
{
	int rc = op_result(op);

	if (!rc)
		return CTL_OK;
	if (op->state == GMX_IOC_OP_CANCELLED)
		return ctl_fail(ctl, CTL_FAILED, NULL, "operation %llu of %s was cancelled", (unsigned long long)op->id, name);
	return ctl_fail_rc(ctl, rc, "operation %llu of %s, stage %s", (unsigned long long)op->id, name, op_stage_name(op->stage));
}

const struct ctl_field op_fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "id", K_NUMBER, "of the operation, while the driver is bound", F_LABEL, NULL },
	{ "kind", K_TEXT, "firmware, firmware-upload (by /sys/class/firmware) or telemetry", 0, NULL },
	{ "state", K_TEXT, "running, done, failed or cancelled", 0, NULL },
	{ "stage", K_TEXT, "start, download, commit, activate, reset, refresh, capture or read: where it is, or ended", 0, NULL },
	{ "percent", K_PERCENT, "of all of it", F_METRIC, NULL },
	{ "done_bytes", K_BYTES, "moved so far", F_MORE, NULL },
	{ "total_bytes", K_BYTES, "to move; null: not known", F_MORE, NULL },
	{ "started_ms", K_TIME_MS, "when it began", 0, NULL },
	{ "ended_ms", K_TIME_MS, "when it ended; null: it runs", 0, NULL },
	{ "error", K_TEXT, "why it failed, null: it did not", 0, NULL },
	{ "slot", K_NUMBER, "of firmware that is done: the slot that runs; null: not known", F_MORE, NULL },
	{ "waits_for", K_TEXT, "likewise: the reset that has still to come: controller, conventional or subsystem; null: none", 0,
	  NULL },
	{ "capture_bytes", K_BYTES, "of telemetry that is done: what can be read", F_MORE, NULL },
	{ NULL },
};

static void put_result(struct json_object *r, const struct gmx_ioc_op *op)
{
	bool done = op->state == GMX_IOC_OP_DONE, firmware = op->kind != GMX_IOC_OP_TELEMETRY;
	unsigned int slot = (unsigned int)GMX_IOC_FW_RESULT_SLOT(op->result),
		     waits = (unsigned int)GMX_IOC_FW_RESULT_WAITS(op->result);

	if (done && firmware && slot)
		put_number(r, "slot", slot);
	else
		put_null(r, "slot");
	put_text(r, "waits_for", done && firmware && waits ? libgmx_fw_reset_name(waits) : "");
	if (done && !firmware)
		put_number(r, "capture_bytes", op->result);
	else
		put_null(r, "capture_bytes");
}

void op_put(struct json_object *r, const char *name, const struct gmx_ioc_op *op)
{
	static const char *const kinds[] = { NULL, "firmware", "firmware-upload", "telemetry" };
	static const char *const states[] = { NULL, "running", "done", "failed", "cancelled" };

	put_text(r, "name", name);
	put_number(r, "id", op->id);
	put_name(r, "kind", op->kind < ARRAY_SIZE(kinds) ? kinds[op->kind] : NULL, op->kind);
	put_name(r, "state", op->state < ARRAY_SIZE(states) ? states[op->state] : NULL, op->state);
	put_text(r, "stage", op_stage_name(op->stage));
	put_number(r, "percent", op->percent);
	put_number(r, "done_bytes", op->bytes_done);
	if (op->bytes_total)
		put_number(r, "total_bytes", op->bytes_total);
	else
		put_null(r, "total_bytes");
	put_number(r, "started_ms", op->started_ns / 1000000);
	if (op_ended(op))
		put_number(r, "ended_ms", op->ended_ns / 1000000);
	else
		put_null(r, "ended_ms");
	put_text(r, "error", op->state == GMX_IOC_OP_FAILED ? libgmx_strerror(op_result(op)) : "");
	put_result(r, op);
}
