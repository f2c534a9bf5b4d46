// SPDX-License-Identifier: GPL-2.0-only
/* Long operations: what goes on when the call that began it has returned (GMX_IOCTL_OP, GMX_IOCTL_OP_CANCEL). */
#include "gmx.h"

#include <linux/ktime.h>

#define GMX_OP_WAIT_MAX_MS	600000

static const char * const gmx_op_kinds[] = {
	[GMX_IOC_OP_FW_COMMIT]	= "firmware commit",
	[GMX_IOC_OP_FW_UPLOAD]	= "firmware upload",
	[GMX_IOC_OP_TELEMETRY]	= "telemetry",
};

void gmx_op_init(struct gmx_ctrl *ctrl)
{
	spin_lock_init(&ctrl->mgmt.ops.lock);
	init_waitqueue_head(&ctrl->mgmt.ops.wait);
}

/* NULL: as many run as are remembered. What ended longest ago is forgotten. */
struct gmx_op *gmx_op_begin(struct gmx_ctrl *ctrl, enum gmx_ioc_op_kind kind, enum gmx_ioc_op_stage stage)
{
	struct gmx_ops *ops = &ctrl->mgmt.ops;
	struct gmx_op *op = NULL;
	unsigned int i;

	spin_lock(&ops->lock);
	for (i = 0; i < GMX_OPS; i++)
		if (ops->op[i].state != GMX_IOC_OP_RUNNING && (!op || ops->op[i].id < op->id))
			op = &ops->op[i];
	if (op)
		*op = (struct gmx_op) {
			.id		= ++ops->last,
			.kind		= kind,
			.state		= GMX_IOC_OP_RUNNING,
			.stage		= stage,
			.started_ns	= ktime_get_real_ns(),
		};
	spin_unlock(&ops->lock);
	return op;
}

void gmx_op_stage(struct gmx_ctrl *ctrl, struct gmx_op *op, enum gmx_ioc_op_stage stage, u8 percent)
{
	spin_lock(&ctrl->mgmt.ops.lock);
	op->stage = stage;
	op->percent = percent;
	spin_unlock(&ctrl->mgmt.ops.lock);
}

/* @from and @to: the percents that this many bytes are worth. */
void gmx_op_bytes(struct gmx_ctrl *ctrl, struct gmx_op *op, u64 done, u64 total, u8 from, u8 to)
{
	spin_lock(&ctrl->mgmt.ops.lock);
	op->done = done;
	op->total = total;
	op->percent = total ? from + div64_u64((to - from) * done, total) : from;
	spin_unlock(&ctrl->mgmt.ops.lock);
}

/* The step that cannot be taken back. False: it was cancelled before. */
bool gmx_op_commit(struct gmx_ctrl *ctrl, struct gmx_op *op, u8 percent)
{
	struct gmx_ops *ops = &ctrl->mgmt.ops;
	bool cancelled;

	spin_lock(&ops->lock);
	cancelled = op->cancel;
	if (!cancelled) {
		op->stage = GMX_IOC_STAGE_COMMIT;
		op->percent = percent;
	}
	spin_unlock(&ops->lock);
	return !cancelled;
}

/* Asked to stop; also where the driver lets the controller go. */
bool gmx_op_cancelled(struct gmx_op *op)
{
	return READ_ONCE(op->cancel);
}

/* @ret: 0, a negative errno, or a positive NVMe status. */
void gmx_op_end(struct gmx_ctrl *ctrl, struct gmx_op *op, int ret, u16 nvme_status, u64 result)
{
	struct gmx_ops *ops = &ctrl->mgmt.ops;
	struct gmx_ioc_event event = {
		.kind	= GMX_IOC_EVENT_OP,
		.object	= op->kind,
	};

	spin_lock(&ops->lock);
	op->nvme_status = ret > 0 ? ret : nvme_status;
	op->error = ret > 0 ? -EREMOTEIO : ret;
	op->state = !ret ? GMX_IOC_OP_DONE : ret == -ECANCELED ? GMX_IOC_OP_CANCELLED : GMX_IOC_OP_FAILED;
	op->result = result;
	op->ended_ns = ktime_get_real_ns();
	if (!ret)
		op->percent = 100;
	event.value = op->id;
	event.code = op->state;
	event.severity = op->state == GMX_IOC_OP_FAILED ? GMX_IOC_SEV_WARNING : GMX_IOC_SEV_INFO;
	spin_unlock(&ops->lock);
	snprintf(event.text, sizeof(event.text), "%s %s", gmx_op_kinds[event.object],
		 !ret ? "done" : ret == -ECANCELED ? "cancelled" : "failed");
	gmx_events_add(ctrl, &event);
	wake_up_all(&ops->wait);
}

/* Called with the lock held. @id 0: the newest. */
static struct gmx_op *gmx_op_find(struct gmx_ops *ops, u64 id)
{
	unsigned int i;

	if (!id)
		id = ops->last;
	for (i = 0; id && i < GMX_OPS; i++)
		if (ops->op[i].id == id)
			return &ops->op[i];
	return NULL;
}

static bool gmx_op_get(struct gmx_ops *ops, struct gmx_ioc_op *to)
{
	struct gmx_op *op;

	spin_lock(&ops->lock);
	op = gmx_op_find(ops, to->id);
	if (!op) {
		spin_unlock(&ops->lock);
		return false;
	}
	*to = (struct gmx_ioc_op) {
		.size		= to->size,
		.id		= op->id,
		.timeout_ms	= to->timeout_ms,
		.kind		= op->kind,
		.state		= op->state,
		.stage		= op->stage,
		.percent	= op->percent,
		.error		= op->error,
		.nvme_status	= op->nvme_status,
		.bytes_done	= op->done,
		.bytes_total	= op->total,
		.started_ns	= op->started_ns,
		.ended_ns	= op->ended_ns,
		.result		= op->result,
	};
	spin_unlock(&ops->lock);
	return true;
}

static bool gmx_op_over(struct gmx_ctrl *ctrl, struct gmx_ioc_op *to)
{
	return !gmx_op_get(&ctrl->mgmt.ops, to) || to->state != GMX_IOC_OP_RUNNING;
}

int gmx_op_call(struct gmx_file *file, void *arg)
{
	struct gmx_ops *ops = &file->ctrl->mgmt.ops;
	struct gmx_ioc_op *req = arg;

	if (req->timeout_ms > GMX_OP_WAIT_MAX_MS)
		return -EINVAL;
	if (!gmx_op_get(ops, req))
		return -ENOENT;
	if (req->timeout_ms &&
	    wait_event_interruptible_timeout(ops->wait, gmx_op_over(file->ctrl, req),
					     msecs_to_jiffies(req->timeout_ms)) < 0)
		return -EINTR;
	return gmx_op_get(ops, req) ? 0 : -ENOENT;
}

/* An image that has been handed over is the controller's affair. */
static bool gmx_op_stoppable(const struct gmx_op *op)
{
	return op->kind == GMX_IOC_OP_TELEMETRY || op->stage < GMX_IOC_STAGE_COMMIT;
}

int gmx_op_cancel_call(struct gmx_file *file, void *arg)
{
	struct gmx_ops *ops = &file->ctrl->mgmt.ops;
	struct gmx_ioc_op *req = arg;
	struct gmx_op *op;
	int ret = 0;

	spin_lock(&ops->lock);
	op = gmx_op_find(ops, req->id);
	if (!op)
		ret = -ENOENT;
	else if (op->state == GMX_IOC_OP_RUNNING && !gmx_op_stoppable(op))
		ret = -EBUSY;
	else if (op->state == GMX_IOC_OP_RUNNING)
		WRITE_ONCE(op->cancel, true);
	spin_unlock(&ops->lock);
	if (ret)
		return ret;
	return gmx_op_get(ops, req) ? 0 : -ENOENT;
}

/* All that run, for the controller's removal: they end at their next step. */
void gmx_op_cancel_all(struct gmx_ctrl *ctrl)
{
	struct gmx_ops *ops = &ctrl->mgmt.ops;
	unsigned int i;

	spin_lock(&ops->lock);
	for (i = 0; i < GMX_OPS; i++)
		WRITE_ONCE(ops->op[i].cancel, true);
	spin_unlock(&ops->lock);
}
