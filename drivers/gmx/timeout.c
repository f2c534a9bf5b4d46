// SPDX-License-Identifier: GPL-2.0-only
/* A command that did not come back: status, missed interrupt, abort once, reset (in this order). */
#include "gmx.h"

#include "trace.h"

/* After the abort the command gets this share of the budget, so that a reset still fits in. */
#define GMX_ABORT_SHARE		6

static enum rq_end_io_ret gmx_abort_end(struct request *rq, blk_status_t status, const struct io_comp_batch *iob)
{
	struct gmx_ctrl *ctrl = rq->end_io_data;

	dev_warn(&ctrl->pdev->dev, "abort: status %#x, result %#llx\n", gmx_req(rq)->status, gmx_req(rq)->result);
	atomic_dec(&ctrl->aborts_in_flight);
	blk_mq_free_request(rq);
	return RQ_END_IO_NONE;
}

GMX_OP_END_IO(gmx_abort_done, gmx_abort_end)

static void gmx_timeout_abort(struct gmx_ctrl *ctrl, u16 sqid, u32 cid)
{
	struct gmx_sqe cmd = {
		.opcode	= GMX_ADM_ABORT,
		.cdw10	= cpu_to_le32(sqid | cid << 16),
	};
	struct request *abort;

	if (atomic_inc_return(&ctrl->aborts_in_flight) > min_t(int, READ_ONCE(gmx_abort_limit), ctrl->acl + 1))
		goto none;
	abort = blk_mq_alloc_request(ctrl->admin_q, REQ_OP_DRV_IN, BLK_MQ_REQ_NOWAIT | BLK_MQ_REQ_RESERVED);
	if (IS_ERR(abort))
		goto none;
	gmx_passthru_init(abort, &cmd, false);
	abort->end_io = gmx_abort_done;
	abort->end_io_data = ctrl;
	atomic64_inc(&ctrl->counters.aborts);
	blk_execute_rq_nowait(abort, false);
	return;
none:
	atomic_dec(&ctrl->aborts_in_flight);
}

/* Nobody else can end this request: the reset that would is the one that waits for it. */
static enum blk_eh_timer_return gmx_timeout_cut_off(struct gmx_hwq *hwq, struct request *rq)
{
	struct gmx_ctrl *ctrl = hwq->ctrl;

	unsigned int i;

	ctrl->stopped = true;
	/* nothing more goes to a controller that is cut off */
	for (i = 0; i < ctrl->nr_hwqs; i++)
		gmx_hwq_disable(&ctrl->hwqs[i]);
	if (!ctrl->gone && !pci_channel_offline(ctrl->pdev))
		gmx_reg_write(ctrl, GMX_REG_CC, ctrl->cc & ~GMX_CC_EN);
	/* After this no transfer reaches the request's pages, whatever the controller does. */
	if (!ctrl->gone)
		pci_clear_master(ctrl->pdev);
	if (gmx_slot_take_back(hwq, rq)) {
		gmx_req(rq)->status = GMX_SC_HOST_ABORTED;
		gmx_req(rq)->flags |= GMX_REQ_CANCELLED;
		blk_mq_complete_request(rq);
	}
	return BLK_EH_DONE;
}

static bool gmx_timeout_state_runs(enum gmx_state state)
{
	return state == GMX_LIVE || state == GMX_ADMIN_ONLY;
}

/* Jiffies until a command that has timed out before is given up. */
unsigned int gmx_timeout_left(const struct gmx_req *req)
{
	u32 now = jiffies;

	if (!req->give_up)
		return UINT_MAX;
	return (s32)(req->give_up - now) > 0 ? req->give_up - now : 0;
}

enum blk_eh_timer_return gmx_recovery_timeout(struct request *rq)
{
	struct gmx_hwq *hwq = rq->mq_hctx->driver_data;
	struct gmx_ctrl *ctrl = hwq->ctrl;
	struct device *dev = &ctrl->pdev->dev;
	struct gmx_req *req = gmx_req(rq);
	enum gmx_state state = gmx_ctrl_state(ctrl);
	/* A bring-up looks after its commands once a second, as no watchdog does it there. */
	bool look = (req->flags & GMX_REQ_RESET_PATH) && gmx_timeout_left(req);
	const char *trouble;
	unsigned int ms;
	u32 csts, cid;
	u16 sqid;

	if (!look) {
		atomic64_inc(&ctrl->counters.timeouts);
		gmx_recovery_episode_begin(ctrl);
	}
	if (!req->give_up)
		req->give_up = ((u32)jiffies + msecs_to_jiffies(READ_ONCE(ctrl->timeouts.budget_ms))) | 1;

	/* The slot's error handling has the word; its recovery resets us, unless what it waits for is this request. */
	if (pci_channel_offline(ctrl->pdev)) {
		if (!gmx_timeout_state_runs(state))
			return gmx_timeout_cut_off(hwq, rq);
		trace_gmx_timeout(rq, GMX_CSTS_GONE, GMX_TIMEOUT_WAIT);
		return BLK_EH_RESET_TIMER;
	}

	trouble = gmx_recovery_trouble(ctrl, &csts);
	if (ctrl->gone)
		trace_gmx_timeout(rq, csts, GMX_TIMEOUT_RESET);
	/* Others may wait for this very request before they can do anything about it. */
	if (ctrl->gone)
		return gmx_timeout_cut_off(hwq, rq);
	if (trouble && gmx_timeout_state_runs(state) && gmx_recovery_reset(ctrl, trouble))
		return BLK_EH_RESET_TIMER;

	/* Silent by right, and not for ever: gmx_fwact_pause() has its bound. */
	if (!trouble && READ_ONCE(ctrl->mgmt.fw.paused)) {
		trace_gmx_timeout(rq, csts, GMX_TIMEOUT_WAIT);
		return BLK_EH_RESET_TIMER;
	}

	/* Done, but nobody told us? */
	if (test_bit(GMX_HWQ_ENABLED, &hwq->flags))
		gmx_cq_poll_vector(hwq);
	if (!blk_mq_request_started(rq) || blk_mq_request_completed(rq)) {
		/* or a reset that has just begun took it back */
		if (!gmx_timeout_state_runs(gmx_ctrl_state(ctrl)))
			return BLK_EH_DONE;
		atomic64_inc(&ctrl->counters.missed_irqs);
		trace_gmx_timeout(rq, csts, GMX_TIMEOUT_COMPLETED);
		dev_warn_ratelimited(dev, "queue %u tag %d: completion without interrupt\n", hwq->idx, rq->tag);
		gmx_recovery_episode_check(ctrl);
		return BLK_EH_DONE;
	}

	if (look && !trouble) {
		rq->timeout = min_t(unsigned int, HZ, gmx_timeout_left(req));
		return BLK_EH_RESET_TIMER;
	}
	if (!gmx_timeout_state_runs(state)) {
		trace_gmx_timeout(rq, csts, GMX_TIMEOUT_CANCEL);
		dev_warn_ratelimited(dev, "queue %u tag %d: %s while %s\n", hwq->idx, rq->tag,
				     trouble && (req->flags & GMX_REQ_RESET_PATH) ? trouble : "time-out",
				     gmx_state_name(state));
		return gmx_timeout_cut_off(hwq, rq);
	}

	/* An admin queue that hangs cannot carry an abort, and a command whose time is up cannot wait for one. */
	if (!hwq->idx || (req->flags & GMX_REQ_TIMED_OUT) || !gmx_timeout_left(req)) {
		dev_warn(dev, "queue %u tag %d: time-out%s, CSTS %#x\n", hwq->idx, rq->tag,
			 req->flags & GMX_REQ_TIMED_OUT ? " after abort" : "", csts);
		trace_gmx_timeout(rq, csts, GMX_TIMEOUT_RESET);
		gmx_recovery_reset(ctrl, hwq->idx ? "I/O time-out" : "admin time-out");
		return BLK_EH_RESET_TIMER;
	}

	cid = gmx_slot_mark_timed_out(hwq, rq, &sqid);
	if (cid == GMX_CID_FREE) {
		gmx_recovery_episode_check(ctrl);
		return blk_mq_request_completed(rq) ? BLK_EH_DONE : BLK_EH_RESET_TIMER;
	}
	dev_warn_ratelimited(dev, "queue %u tag %d: time-out, aborting, CSTS %#x\n", hwq->idx, rq->tag, csts);
	trace_gmx_timeout(rq, csts, GMX_TIMEOUT_ABORT);
	gmx_timeout_abort(ctrl, sqid, cid);
	ms = clamp(READ_ONCE(ctrl->timeouts.budget_ms) / GMX_ABORT_SHARE, 200u, 5000u);
	rq->timeout = min3(rq->timeout, (unsigned int)msecs_to_jiffies(ms), max(gmx_timeout_left(req), 1u));
	return BLK_EH_RESET_TIMER;
}
