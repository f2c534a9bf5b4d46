// SPDX-License-Identifier: GPL-2.0-only
/* The hot path: from request to submission entry, and from completion to the end of the request. */
#include "queue.h"

#include "trace.h"

/* Less than this is no time for a command. */
#define GMX_RETRY_MIN		((unsigned int)HZ / 2)

static __le64 gmx_word0(u8 opcode, u8 psdt, u16 cid, u32 nsid)
{
	return cpu_to_le64(opcode | (u32)psdt << 8 | (u32)cid << 16 | (u64)nsid << 32);
}

static noinline u64 gmx_rw_flags(blk_opf_t opf)
{
	u64 flags = 0;

	if (opf & REQ_FUA)
		flags |= GMX_RW_FUA << 16;
	if (opf & (REQ_FAILFAST_DEV | REQ_RAHEAD))
		flags |= GMX_RW_LR << 16;
	if (opf & REQ_RAHEAD)
		flags |= (u64)GMX_RW_DSM_PREFETCH << 32;
	return flags;
}

/* To be counted with: reads come before writes, and both before all others. */
static __always_inline u32 gmx_rq_op(struct request *rq)
{
	return (__force u32)req_op(rq);
}

/* Built in the ring in one pass: eight words, each written once. */
static __always_inline void gmx_sqe_rw(struct gmx_sqe *sqe, struct gmx_ns *ns, struct request *rq, u16 cid)
{
	struct gmx_req *req = gmx_req(rq);
	/* one shift count serves both: blocks in units of sectors */
	unsigned int shift = ns->lba_shift - SECTOR_SHIFT;
	u64 word6 = (blk_rq_sectors(rq) >> shift) - 1;

	BUILD_BUG_ON((__force u32)REQ_OP_READ);
	BUILD_BUG_ON(GMX_NVM_READ - (__force u32)REQ_OP_WRITE - GMX_NVM_WRITE);
	if (unlikely(rq->cmd_flags & (REQ_FUA | REQ_FAILFAST_DEV | REQ_RAHEAD)))
		word6 |= gmx_rw_flags(rq->cmd_flags);

	sqe->word[0] = gmx_word0(GMX_NVM_READ - gmx_rq_op(rq), req->flags & GMX_REQ_SGL, cid, ns->nsid);
	sqe->word[1] = 0;
	sqe->word[2] = 0;
	sqe->dptr = req->dptr;
	sqe->word[5] = cpu_to_le64(blk_rq_pos(rq) >> shift);
	sqe->word[6] = cpu_to_le64(word6);
	sqe->word[7] = 0;
}

static noinline void gmx_sqe_other(struct gmx_sqe *sqe, struct gmx_ns *ns, struct request *rq, u16 cid)
{
	struct gmx_req *req = gmx_req(rq);

	memset(sqe, 0, sizeof(*sqe));
	switch (req_op(rq)) {
	case REQ_OP_FLUSH:
		sqe->word[0] = gmx_word0(GMX_NVM_FLUSH, 0, cid, ns->nsid);
		break;
	case REQ_OP_DISCARD:
		sqe->word[0] = gmx_word0(GMX_NVM_DSM, req->flags & GMX_REQ_SGL, cid, ns->nsid);
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
			sqe->flags = (sqe->flags & ~GMX_SQE_PSDT_MASK) | (req->flags & GMX_REQ_SGL);
			sqe->dptr = req->dptr;
		}
		break;
	}
}

/* Called with the submission queue's lock held; the request's data is mapped. Returns the tail behind it. */
static __always_inline u16 gmx_sq_put(struct gmx_hwq *hwq, struct gmx_sq *sq, u16 tail, struct request *rq)
{
	struct gmx_slot *slot = &hwq->slots[rq->tag];
	struct gmx_sqe *sqe = &sq->ring[tail];
	u16 cid = slot->next_cid;

	slot->next_cid = cid + BIT(GMX_TAG_BITS);
	slot->rq = rq;
	if (likely(gmx_rq_op(rq) <= (__force u32)REQ_OP_WRITE))
		gmx_sqe_rw(sqe, rq->q->queuedata, rq, cid);
	else
		gmx_sqe_other(sqe, rq->q->queuedata, rq, cid);
	trace_gmx_setup_cmd(rq, sqe);
	/* last: a broken device may complete it from here on, before it is told of it */
	smp_store_release(&slot->cid, cid);
	return ++tail == sq->depth ? 0 : tail;
}

/* A request that comes back for a retry keeps its count and what is left of its time. */
static noinline void gmx_rq_start_again(struct request *rq)
{
	struct gmx_req *req = gmx_req(rq);

	if (req->give_up)
		rq->timeout = min(rq->q->rq_timeout, max(gmx_timeout_left(req), GMX_RETRY_MIN));
	req->status = 0;
	req->flags &= ~(GMX_REQ_MAPPED | GMX_REQ_SGL);
}

static __always_inline void gmx_rq_start(struct request *rq)
{
	if (likely(!(rq->rq_flags & RQF_DONTPREP)))
		gmx_req(rq)->start = 0;
	else
		gmx_rq_start_again(rq);
}

/*
 * A format changes the block size under those who wait for the queue meanwhile; what does not fit would count in wrong
 * blocks, and the controller move other memory than the request's.
 */
static __always_inline bool gmx_rq_fits_blocks(struct request *rq)
{
	struct gmx_ns *ns = rq->q->queuedata;

	return likely(!(((u32)blk_rq_pos(rq) | blk_rq_sectors(rq)) & ns->lba_mask));
}

/* A read or write of several segments. */
static noinline blk_status_t gmx_rq_prep_multi(struct gmx_hwq *hwq, struct request *rq)
{
	blk_status_t status;

	if (!gmx_rq_fits_blocks(rq))
		return BLK_STS_IOERR;
	gmx_rq_start(rq);
	status = gmx_dma_map_multi(hwq, rq);
	if (likely(!status))
		blk_mq_start_request(rq);
	return status;
}

/* What is neither a read nor a write. */
static noinline blk_status_t gmx_rq_prep_other(struct gmx_hwq *hwq, struct request *rq)
{
	blk_status_t status;

	/* a passthrough command has its flags */
	if (!blk_rq_is_passthrough(rq)) {
		gmx_rq_start(rq);
		if (req_op(rq) != REQ_OP_FLUSH && !gmx_rq_fits_blocks(rq))
			return BLK_STS_IOERR;
	}
	if (req_op(rq) == REQ_OP_DISCARD) {
		status = gmx_cmd_prep_discard(rq->q->queuedata, rq);
		if (unlikely(status))
			return status;
		gmx_req(rq)->flags |= GMX_REQ_SPECIAL;
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

/* Everything that may fail or wait, done without a lock. */
static __always_inline blk_status_t gmx_rq_prep(struct gmx_hwq *hwq, struct request *rq)
{
	struct gmx_req *req = gmx_req(rq);
	blk_status_t status;
	struct bio_vec bv;
	dma_addr_t addr;

	if (unlikely(gmx_rq_op(rq) > (__force u32)REQ_OP_WRITE))
		return gmx_rq_prep_other(hwq, rq);
	if (unlikely(rq->nr_phys_segments != 1))
		return gmx_rq_prep_multi(hwq, rq);
	bv = mp_bvec_iter_bvec(rq->bio->bi_io_vec, rq->bio->bi_iter);
	/* one segment may be several pieces that are neighbours */
	if (unlikely(bv.bv_len != blk_rq_bytes(rq)))
		return gmx_rq_prep_multi(hwq, rq);
	if (!gmx_rq_fits_blocks(rq))
		return BLK_STS_IOERR;

	addr = dma_map_page(hwq->dma_dev, bv.bv_page, bv.bv_offset, bv.bv_len, rq_dma_dir(rq));
	if (unlikely(dma_mapping_error(hwq->dma_dev, addr)))
		return BLK_STS_RESOURCE;
	gmx_rq_start(rq);
	req->flags |= GMX_REQ_MAP_SINGLE;
	if (unlikely(!gmx_prp_set_inline(&req->dptr, addr, bv.bv_len, hwq->page_bytes))) {
		status = gmx_dma_describe_wide(hwq, rq, addr, bv.bv_len);
		if (unlikely(status))
			return status;
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

/* While a reset brings the controller up, the admin queue is its alone. */
static noinline bool gmx_admin_ready(struct gmx_hwq *hwq, struct request *rq)
{
	switch (gmx_ctrl_state(hwq->ctrl)) {
	case GMX_LIVE:
	case GMX_ADMIN_ONLY:
		return true;
	default:
		return gmx_req(rq)->flags & GMX_REQ_RESET_PATH;
	}
}

static __always_inline bool gmx_rq_may(struct gmx_hwq *hwq, struct request *rq, unsigned int bit)
{
	if (unlikely(!test_bit(bit, &hwq->flags)))
		return false;
	return likely(hwq->idx) || gmx_admin_ready(hwq, rq);
}

static bool gmx_rq_ready(struct gmx_hwq *hwq, struct request *rq)
{
	return gmx_rq_may(hwq, rq, GMX_HWQ_ENABLED);
}

/* The one question that is asked anyway tells the hot path that there is nothing to choose. */
static __always_inline bool gmx_rq_straight(struct gmx_hwq *hwq, struct request *rq)
{
	return gmx_rq_may(hwq, rq, GMX_HWQ_STRAIGHT);
}

static void gmx_ring_all(struct gmx_hwq *hwq)
{
	unsigned int i;

	for (i = 0; i < hwq->nr_sqs; i++) {
		spin_lock(&hwq->sq[i].lock);
		gmx_sq_ring(&hwq->sq[i]);
		spin_unlock(&hwq->sq[i].lock);
	}
}

/* Where priority chooses among several submission queues, or there is none that takes commands. */
static noinline blk_status_t gmx_queue_rq_aside(struct gmx_hwq *hwq, const struct blk_mq_queue_data *bd)
{
	struct request *rq = bd->rq;
	blk_status_t status;
	struct gmx_sq *sq;

	if (!gmx_rq_ready(hwq, rq))
		return gmx_rq_refuse(hwq->ctrl, rq);
	status = gmx_rq_prep(hwq, rq);
	if (status)
		return status;
	sq = gmx_arbitration_sq(hwq, rq);
	spin_lock(&sq->lock);
	sq->tail = gmx_sq_put(hwq, sq, sq->tail, rq);
	spin_unlock(&sq->lock);
	/* those before it in the batch may be in the others */
	if (bd->last)
		gmx_ring_all(hwq);
	return BLK_STS_OK;
}

static blk_status_t gmx_queue_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	struct gmx_hwq *hwq = hctx->driver_data;
	struct request *rq = bd->rq;
	struct gmx_sq *sq;
	blk_status_t status;

	if (unlikely(!gmx_rq_straight(hwq, rq)))
		return gmx_queue_rq_aside(hwq, bd);

	status = gmx_rq_prep(hwq, rq);
	if (unlikely(status))
		return status;

	sq = &hwq->sq[0];
	spin_lock(&sq->lock);
	sq->tail = gmx_sq_put(hwq, sq, sq->tail, rq);
	if (bd->last)
		gmx_sq_ring(sq);
	spin_unlock(&sq->lock);
	return BLK_STS_OK;
}

/* The list's requests before @end. One that is put may be completed at once: its link is followed before. */
static __always_inline void gmx_submit_list(struct gmx_hwq *hwq, struct request *rq, struct request *end)
{
	struct gmx_sq *sq = &hwq->sq[0];
	struct request *next;
	u16 tail;

	spin_lock(&sq->lock);
	for (tail = sq->tail; rq != end; rq = next) {
		next = rq->rq_next;
		tail = gmx_sq_put(hwq, sq, tail, rq);
	}
	sq->tail = tail;
	gmx_sq_ring(sq);
	spin_unlock(&sq->lock);
}

/* A plug's worth of requests: one lock and one doorbell for each run of requests for the same queue. */
static void gmx_queue_rqs(gmx_rqlist *list)
{
	struct request *first = gmx_rqlist_peek(list), *rq;

	/* What cannot go now is left in the list and comes again one by one, where errors and priorities have a way. */
	do {
		struct blk_mq_hw_ctx *hctx = first->mq_hctx;
		struct gmx_hwq *hwq = hctx->driver_data;

		if (unlikely(!test_bit(GMX_HWQ_STRAIGHT, &hwq->flags)))
			return;
		rq = first;
		do {
			if (unlikely(gmx_rq_prep(hwq, rq)))
				break;
			rq = rq->rq_next;
		} while (rq && rq->mq_hctx == hctx);
		gmx_submit_list(hwq, first, rq);
		gmx_rqlist_cut(list, rq);
		if (unlikely(rq && rq->mq_hctx == hctx))
			return;
		first = rq;
	} while (first);
}

/* Where the controller does not reach all memory: only these look at a request's addresses, each once. */
static void gmx_rq_count_bounced(struct gmx_hwq *hwq, struct request *rq)
{
	if ((rq->rq_flags & RQF_DONTPREP) || !gmx_rq_ready(hwq, rq))
		return;
	if (!blk_rq_is_passthrough(rq))
		gmx_req(rq)->start = 0;
	rq->rq_flags |= RQF_DONTPREP;
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
	gmx_ring_all(hctx->driver_data);
}

int gmx_poll(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *iob)
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

/* What is more than one mapped segment to give back. */
void gmx_rq_release_more(struct gmx_hwq *hwq, struct request *rq)
{
	struct gmx_req *req = gmx_req(rq);

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
	req->flags &= ~GMX_REQ_SPECIAL;
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
			/* quiet are those from user space too */
			if (!(rq->rq_flags & RQF_QUIET))
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
	rq->rq_flags |= RQF_DONTPREP;
	/* not what an abort left of it */
	rq->timeout = 0;
	blk_mq_requeue_request(rq, false);
	blk_mq_delay_kick_requeue_list(rq->q, delay);
}

/* Its memory is given back. */
void gmx_rq_end(struct request *rq)
{
	if (likely(!gmx_req(rq)->status))
		blk_mq_end_request(rq, BLK_STS_OK);
	else
		gmx_complete_failed(rq);
}

void gmx_complete_rq(struct request *rq)
{
	gmx_rq_release(rq->mq_hctx->driver_data, rq);
	gmx_rq_end(rq);
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
