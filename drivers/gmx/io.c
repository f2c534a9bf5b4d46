// SPDX-License-Identifier: GPL-2.0-only
/* The hot path: from request to submission entry, and from completion to the end of the request. */
#include "queue.h"

#include "trace.h"

/* Less than this is no time for a command. */
#define GMX_RETRY_MIN		((unsigned int)HZ / 2)

static __le64 gmx_word0(u8 opcode, u8 psdt, u16 cid, u32 nsid)
{
	return cpu_to_le64(opcode | (u64)psdt << 8 | (u64)cid << 16 | (u64)nsid << 32);
}

/* Built in the ring in one pass: eight words, each written once. */
static void gmx_sqe_rw(struct gmx_sqe *sqe, struct gmx_ns *ns, struct request *rq, u16 cid, u8 opcode)
{
	struct gmx_req *req = gmx_req(rq);
	blk_opf_t opf = rq->cmd_flags;
	u32 control = 0, dsm = 0;

	if (opf & REQ_FUA)
		control |= GMX_RW_FUA;
	if (opf & (REQ_FAILFAST_DEV | REQ_RAHEAD))
		control |= GMX_RW_LR;
	if (opf & REQ_RAHEAD)
		dsm |= GMX_RW_DSM_PREFETCH;

	sqe->word[0] = gmx_word0(opcode, req->psdt, cid, ns->nsid);
	sqe->word[1] = 0;
	sqe->word[2] = 0;
	sqe->dptr = req->dptr;
	sqe->word[5] = cpu_to_le64(gmx_ns_lba(ns, blk_rq_pos(rq)));
	sqe->word[6] = cpu_to_le64(((blk_rq_bytes(rq) >> ns->lba_shift) - 1) | control << 16 | (u64)dsm << 32);
	sqe->word[7] = 0;
}

static void gmx_sqe_other(struct gmx_sqe *sqe, struct gmx_ns *ns, struct request *rq, u16 cid)
{
	struct gmx_req *req = gmx_req(rq);

	memset(sqe, 0, sizeof(*sqe));
	switch (req_op(rq)) {
	case REQ_OP_FLUSH:
		sqe->word[0] = gmx_word0(GMX_NVM_FLUSH, 0, cid, ns->nsid);
		break;
	case REQ_OP_DISCARD:
		sqe->word[0] = gmx_word0(GMX_NVM_DSM, req->psdt, cid, ns->nsid);
		sqe->dptr = req->dptr;
		sqe->cdw10 = cpu_to_le32(blk_rq_nr_discard_segments(rq) - 1);
		sqe->cdw11 = cpu_to_le32(GMX_DSM_AD);
		break;
	case REQ_OP_WRITE_ZEROES:
		sqe->word[0] = gmx_word0(GMX_NVM_WRITE_ZEROES, 0, cid, ns->nsid);
		sqe->word[5] = cpu_to_le64(gmx_ns_lba(ns, blk_rq_pos(rq)));
		sqe->cdw12 = cpu_to_le32(((blk_rq_bytes(rq) >> ns->lba_shift) - 1) |
					 (ns->deac && !(rq->cmd_flags & REQ_NOUNMAP) ? GMX_RW_DEAC << 16 : 0));
		break;
	default: /* passthrough: only the id and the data pointer are ours */
		*sqe = req->sqe;
		sqe->cid = cpu_to_le16(cid);
		if (blk_rq_nr_phys_segments(rq)) {
			sqe->flags = (sqe->flags & ~GMX_SQE_PSDT_MASK) | req->psdt;
			sqe->dptr = req->dptr;
		}
		break;
	}
}

/* Called with the submission queue's lock held; the request's data is mapped. */
static void gmx_sq_put(struct gmx_hwq *hwq, struct gmx_sq *sq, struct request *rq)
{
	struct gmx_ns *ns = rq->q->queuedata;
	struct gmx_slot *slot = &hwq->slots[rq->tag];
	struct gmx_sqe *sqe = gmx_sq_next(sq);
	u16 cid = rq->tag | (u16)(++slot->gen << GMX_TAG_BITS);

	slot->rq = rq;
	slot->cid = cid;

	switch (req_op(rq)) {
	case REQ_OP_READ:
		gmx_sqe_rw(sqe, ns, rq, cid, GMX_NVM_READ);
		break;
	case REQ_OP_WRITE:
		gmx_sqe_rw(sqe, ns, rq, cid, GMX_NVM_WRITE);
		break;
	default:
		gmx_sqe_other(sqe, ns, rq, cid);
		break;
	}
	trace_gmx_setup_cmd(rq, sqe);
}

/* Several submission queues differ in NVMe priority; with one, there is nothing to choose. */
static struct gmx_sq *gmx_hwq_sq(struct gmx_hwq *hwq, struct request *rq)
{
	return &hwq->sq[0];
}

/* Everything that may fail or wait, done without a lock. */
static blk_status_t gmx_rq_prep(struct gmx_hwq *hwq, struct request *rq)
{
	struct gmx_req *req = gmx_req(rq);
	blk_status_t status;

	/* A request that comes back for a retry keeps its count. */
	if (!(rq->rq_flags & RQF_DONTPREP)) {
		req->retries = 0;
		if (!blk_rq_is_passthrough(rq)) {
			req->give_up = 0;
			req->flags = 0;
		}
		rq->rq_flags |= RQF_DONTPREP;
	} else if (unlikely(req->give_up) && !(req->flags & GMX_REQ_RESET_PATH)) {
		rq->timeout = min(rq->q->rq_timeout, max(gmx_timeout_left(req), GMX_RETRY_MIN));
	}
	req->status = 0;

	/*
	 * A format changes the block size under those who wait for the queue meanwhile; what does not fit would count
	 * in wrong blocks, and the controller move other memory than the request's.
	 */
	if (!blk_rq_is_passthrough(rq) && req_op(rq) != REQ_OP_FLUSH &&
	    unlikely((blk_rq_pos(rq) | blk_rq_sectors(rq)) & ((struct gmx_ns *)rq->q->queuedata)->lba_mask))
		return BLK_STS_IOERR;

	if (req_op(rq) == REQ_OP_DISCARD) {
		status = gmx_cmd_prep_discard(rq->q->queuedata, rq);
		if (unlikely(status))
			return status;
	}
	if (blk_rq_nr_phys_segments(rq)) {
		status = gmx_dma_map(hwq, rq);
		if (unlikely(status)) {
			gmx_cmd_free_special(rq);
			return status;
		}
	}
	blk_mq_start_request(rq);
	return BLK_STS_OK;
}

/* The queues are down: wait if they will come back within the budget, fail if not. */
static blk_status_t gmx_rq_refuse(struct gmx_ctrl *ctrl, struct request *rq)
{
	/* What the reset itself sends must not wait for the reset. */
	if (gmx_ctrl_state(ctrl) == GMX_RESETTING && !(gmx_req(rq)->flags & GMX_REQ_RESET_PATH))
		return BLK_STS_RESOURCE;
	gmx_req(rq)->status = GMX_SC_HOST_PATH_ERROR;
	gmx_req(rq)->flags |= GMX_REQ_CANCELLED;
	return BLK_STS_IOERR;
}

static bool gmx_rq_ready(struct gmx_hwq *hwq, struct request *rq)
{
	if (unlikely(!test_bit(GMX_HWQ_ENABLED, &hwq->flags)))
		return false;
	if (likely(hwq->idx))
		return true;
	/* While a reset brings the controller up, the admin queue is its alone. */
	switch (gmx_ctrl_state(hwq->ctrl)) {
	case GMX_LIVE:
	case GMX_ADMIN_ONLY:
		return true;
	default:
		return gmx_req(rq)->flags & GMX_REQ_RESET_PATH;
	}
}

static blk_status_t gmx_queue_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	struct gmx_hwq *hwq = hctx->driver_data;
	struct request *rq = bd->rq;
	struct gmx_sq *sq;
	blk_status_t status;

	if (unlikely(!gmx_rq_ready(hwq, rq)))
		return gmx_rq_refuse(hwq->ctrl, rq);

	status = gmx_rq_prep(hwq, rq);
	if (unlikely(status))
		return status;

	sq = gmx_hwq_sq(hwq, rq);
	spin_lock(&sq->lock);
	gmx_sq_put(hwq, sq, rq);
	if (bd->last)
		gmx_sq_ring(sq);
	spin_unlock(&sq->lock);
	return BLK_STS_OK;
}

static void gmx_submit_list(struct gmx_hwq *hwq, gmx_rqlist *list)
{
	struct gmx_sq *sq = &hwq->sq[0];
	struct request *rq;

	spin_lock(&sq->lock);
	while ((rq = gmx_rqlist_pop(list)))
		gmx_sq_put(hwq, sq, rq);
	gmx_sq_ring(sq);
	spin_unlock(&sq->lock);
}

/* A plug's worth of requests: one lock and one doorbell for each run of requests for the same queue. */
static void gmx_queue_rqs(gmx_rqlist *list)
{
	gmx_rqlist ready = GMX_RQLIST_INIT, back = GMX_RQLIST_INIT;
	struct gmx_hwq *hwq = NULL;
	struct request *rq;

	while ((rq = gmx_rqlist_pop(list))) {
		struct gmx_hwq *this = rq->mq_hctx->driver_data;

		if (hwq && hwq != this)
			gmx_submit_list(hwq, &ready);
		hwq = this;
		/* What cannot go now is handed back and comes again one by one, where errors have a way out. */
		if (likely(gmx_rq_ready(hwq, rq) && !gmx_rq_prep(hwq, rq)))
			gmx_rqlist_add_tail(&ready, rq);
		else
			gmx_rqlist_add_tail(&back, rq);
	}
	if (hwq && !gmx_rqlist_empty(&ready))
		gmx_submit_list(hwq, &ready);
	*list = back;
}

/* Where the controller does not reach all memory: only these look at a request's addresses, each once. */
static void gmx_rq_count_bounced(struct gmx_hwq *hwq, struct request *rq)
{
	if (!(rq->rq_flags & RQF_DONTPREP) && gmx_rq_ready(hwq, rq))
		gmx_dma_count_bounced(hwq->ctrl, rq);
}

static blk_status_t gmx_bounce_queue_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	gmx_rq_count_bounced(hctx->driver_data, bd->rq);
	return gmx_queue_rq(hctx, bd);
}

static void gmx_bounce_queue_rqs(gmx_rqlist *list)
{
	struct request *rq;

	gmx_rqlist_for_each(list, rq)
		gmx_rq_count_bounced(rq->mq_hctx->driver_data, rq);
	gmx_queue_rqs(list);
}

static void gmx_commit_rqs(struct blk_mq_hw_ctx *hctx)
{
	struct gmx_hwq *hwq = hctx->driver_data;
	unsigned int i;

	for (i = 0; i < hwq->nr_sqs; i++) {
		spin_lock(&hwq->sq[i].lock);
		gmx_sq_ring(&hwq->sq[i]);
		spin_unlock(&hwq->sq[i].lock);
	}
}

static int gmx_poll(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *iob)
{
	struct gmx_hwq *hwq = hctx->driver_data;
	bool found;

	/* a reset that changes the layout may give the queue to a vector, which is then its one sweeper */
	if (hwq->vector >= 0 || !test_bit(GMX_HWQ_ENABLED, &hwq->flags) || !gmx_cq_pending(hwq))
		return 0;
	spin_lock(&hwq->cq_lock);
	found = gmx_cq_process(hwq, iob);
	spin_unlock(&hwq->cq_lock);
	return found;
}

static void gmx_rq_release(struct request *rq)
{
	struct gmx_hwq *hwq = rq->mq_hctx->driver_data;
	struct gmx_req *req = gmx_req(rq);

	if (req->flags & (GMX_REQ_MAP_SINGLE | GMX_REQ_MAP_MULTI))
		gmx_dma_unmap(hwq, rq);
	if (unlikely(req->flags & GMX_REQ_TIMED_OUT)) {
		if (atomic_dec_and_test(&hwq->ctrl->timed_out))
			gmx_recovery_episode_check(hwq->ctrl);
		req->flags &= ~GMX_REQ_TIMED_OUT;
		/* It may be what hangs the controller: a reset does not make it free. */
		if (req->flags & GMX_REQ_CANCELLED)
			req->retries++;
	}
	gmx_cmd_free_special(rq);
}

static bool gmx_rq_retries(struct gmx_ctrl *ctrl, struct request *rq)
{
	struct gmx_req *req = gmx_req(rq);

	if (blk_noretry_request(rq) || blk_rq_is_passthrough(rq))
		return false;
	if (req->retries >= GMX_MAX_RETRIES || gmx_timeout_left(req) < GMX_RETRY_MIN)
		return false;
	/* Taken back by a reset: not the command's fault, so DNR and the like say nothing. */
	if (req->flags & GMX_REQ_CANCELLED)
		return gmx_ctrl_state(ctrl) == GMX_LIVE || gmx_ctrl_state(ctrl) == GMX_RESETTING;
	return !(req->status & GMX_STS_DNR);
}

static noinline void gmx_complete_failed(struct request *rq)
{
	struct gmx_ctrl *ctrl = ((struct gmx_hwq *)rq->mq_hctx->driver_data)->ctrl;
	struct gmx_req *req = gmx_req(rq);
	unsigned long delay = 0;
	u8 crd = GMX_STS_CRD(req->status);

	if (!gmx_rq_retries(ctrl, rq)) {
		if (!(req->flags & GMX_REQ_CANCELLED)) {
			atomic64_inc(&ctrl->counters.command_errors);
			if (!(req->flags & GMX_REQ_USER_CMD) && !(rq->rq_flags & RQF_QUIET))
				gmx_log_error(rq);
		}
		blk_mq_end_request(rq, gmx_status_to_blk(req->status));
		return;
	}

	if (!(req->flags & GMX_REQ_CANCELLED)) {
		req->retries++;
		atomic64_inc(&ctrl->counters.command_retries);
		/* Whatever the controller asks for: all the delays of a command together stay within the budget. */
		if (crd)
			delay = min(ctrl->crdt[crd - 1] * 100u,
				    READ_ONCE(ctrl->timeouts.budget_ms) / GMX_MAX_RETRIES);
	}
	req->flags &= ~GMX_REQ_CANCELLED;
	/* not what an abort left of it */
	rq->timeout = 0;
	blk_mq_requeue_request(rq, false);
	blk_mq_delay_kick_requeue_list(rq->q, delay);
}

void gmx_complete_rq(struct request *rq)
{
	gmx_rq_release(rq);
	if (likely(!gmx_req(rq)->status))
		blk_mq_end_request(rq, BLK_STS_OK);
	else
		gmx_complete_failed(rq);
}

void gmx_complete_batch(struct io_comp_batch *iob)
{
	struct request *rq;

	gmx_rqlist_for_each(&iob->req_list, rq)
		gmx_rq_release(rq);
	blk_mq_end_request_batch(iob);
}

static bool gmx_cancel_rq(struct request *rq, void *data)
{
	/* the controller's own completion, or the time-out handler, may have come first */
	if (!gmx_slot_take_back_stopped(rq->mq_hctx->driver_data, rq))
		return true;
	gmx_req(rq)->status = GMX_SC_HOST_ABORTED;
	gmx_req(rq)->flags |= GMX_REQ_CANCELLED;
	blk_mq_complete_request(rq);
	return true;
}

/*
 * Take back everything in flight. Only once the controller can no longer reach the requests' memory: it is disabled, or
 * its bus mastering is off.
 */
void gmx_io_cancel_all(struct gmx_ctrl *ctrl, struct blk_mq_tag_set *set)
{
	if (!set->tags)
		return;
	blk_mq_tagset_busy_iter(set, gmx_cancel_rq, ctrl);
	blk_mq_tagset_wait_completed_request(set);
}

static bool gmx_take_back_rq(struct request *rq, void *data)
{
	if (!gmx_slot_take_back(rq->mq_hctx->driver_data, rq))
		return true;
	gmx_req(rq)->status = GMX_SC_HOST_ABORTED;
	gmx_req(rq)->flags |= GMX_REQ_CANCELLED;
	blk_mq_complete_request(rq);
	return true;
}

/* The same with the vectors in place, for a device that is gone. May sleep. */
void gmx_io_take_back(struct blk_mq_tag_set *set)
{
	if (set->tags)
		blk_mq_tagset_busy_iter(set, gmx_take_back_rq, NULL);
}

static int gmx_init_hctx(struct blk_mq_hw_ctx *hctx, void *data, unsigned int idx)
{
	struct gmx_ctrl *ctrl = data;

	hctx->driver_data = &ctrl->hwqs[idx + 1];
	return 0;
}

static int gmx_init_admin_hctx(struct blk_mq_hw_ctx *hctx, void *data, unsigned int idx)
{
	struct gmx_ctrl *ctrl = data;

	hctx->driver_data = &ctrl->hwqs[0];
	return 0;
}

const struct blk_mq_ops gmx_io_ops = {
	.queue_rq	= gmx_queue_rq,
	.queue_rqs	= gmx_queue_rqs,
	.commit_rqs	= gmx_commit_rqs,
	.complete	= gmx_complete_rq,
	.poll		= gmx_poll,
	.timeout	= gmx_recovery_timeout,
	.map_queues	= gmx_irq_map_queues,
	.init_hctx	= gmx_init_hctx,
};

const struct blk_mq_ops gmx_io_bounce_ops = {
	.queue_rq	= gmx_bounce_queue_rq,
	.queue_rqs	= gmx_bounce_queue_rqs,
	.commit_rqs	= gmx_commit_rqs,
	.complete	= gmx_complete_rq,
	.poll		= gmx_poll,
	.timeout	= gmx_recovery_timeout,
	.map_queues	= gmx_irq_map_queues,
	.init_hctx	= gmx_init_hctx,
};

const struct blk_mq_ops gmx_admin_ops = {
	.queue_rq	= gmx_queue_rq,
	.commit_rqs	= gmx_commit_rqs,
	.complete	= gmx_complete_rq,
	.timeout	= gmx_recovery_timeout,
	.init_hctx	= gmx_init_admin_hctx,
};
