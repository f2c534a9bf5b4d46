// SPDX-License-Identifier: GPL-2.0-only
/* Queue memory, completion sweeping and the commands that no request stands behind. */
#include "queue.h"

#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/slab.h>

#include "space.h"
#include "trace.h"

void gmx_hwq_free(struct gmx_hwq *hwq)
{
	struct device *dev;
	unsigned int i;

	if (!hwq->ctrl)
		return;
	dev = hwq->ctrl->dma_dev;
	gmx_space_free(hwq);
	for (i = 0; i < GMX_SQS_PER_HWQ; i++) {
		struct gmx_sq *sq = &hwq->sq[i];

		if (sq->ring)
			dma_free_coherent(dev, sq->depth * sizeof(*sq->ring), sq->ring, sq->ring_dma);
		sq->ring = NULL;
	}
	if (hwq->cqes)
		dma_free_coherent(dev, hwq->cq_depth * sizeof(*hwq->cqes), hwq->cqes, hwq->cq_dma);
	hwq->cqes = NULL;
	kvfree(hwq->slots);
	hwq->slots = NULL;
	clear_bit(GMX_HWQ_MEMORY, &hwq->flags);
}

/* Rings, each as deep as the context, so that none is ever full. Those that a life with fewer does not use stay. */
static int gmx_hwq_alloc_sqs(struct gmx_hwq *hwq, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		struct gmx_sq *sq = &hwq->sq[i];

		if (sq->ring)
			continue;
		sq->depth = hwq->cq_depth;
		sq->ring = dma_alloc_coherent(hwq->dma_dev, sq->depth * sizeof(*sq->ring), &sq->ring_dma, GFP_KERNEL);
		if (!sq->ring)
			return -ENOMEM;
	}
	hwq->nr_sqs = nr;
	return 0;
}

int gmx_hwq_alloc(struct gmx_ctrl *ctrl, unsigned int idx, unsigned int depth, unsigned int nr_slots,
		  unsigned int nr_sqs, int node)
{
	struct gmx_hwq *hwq = &ctrl->hwqs[idx];
	unsigned int i;

	if (test_bit(GMX_HWQ_MEMORY, &hwq->flags)) {
		if (hwq->cq_depth == depth)
			return gmx_hwq_alloc_sqs(hwq, nr_sqs);
		gmx_hwq_free(hwq);
	}

	hwq->ctrl = ctrl;
	hwq->dma_dev = ctrl->dma_dev;
	hwq->idx = idx;
	hwq->node = node;
	hwq->cq_depth = depth;
	hwq->nr_slots = nr_slots;
	spin_lock_init(&hwq->cq_lock);
	for (i = 0; i < GMX_SQS_PER_HWQ; i++)
		spin_lock_init(&hwq->sq[i].lock);

	hwq->cqes = dma_alloc_coherent(ctrl->dma_dev, depth * sizeof(*hwq->cqes), &hwq->cq_dma, GFP_KERNEL);
	hwq->slot_mask = roundup_pow_of_two(nr_slots) - 1;
	hwq->slots = kvzalloc_node(array_size(hwq->slot_mask + 1, sizeof(*hwq->slots)), GFP_KERNEL, node);
	if (!hwq->cqes || !hwq->slots)
		goto nomem;
	if (gmx_hwq_alloc_sqs(hwq, nr_sqs) || gmx_space_alloc(hwq))
		goto nomem;
	set_bit(GMX_HWQ_MEMORY, &hwq->flags);
	return 0;

nomem:
	gmx_hwq_free(hwq);
	return -ENOMEM;
}

static void gmx_hwq_init_shadow(struct gmx_hwq *hwq)
{
	struct gmx_ctrl *ctrl = hwq->ctrl;
	/* The admin queues have no shadow (NVMe 1.4, 7.13). */
	bool shadow = ctrl->dbbuf_live && hwq->idx;
	unsigned int i, at;

	for (i = 0; i < hwq->nr_sqs; i++) {
		at = hwq->sq[i].qid * 2 * ctrl->db_stride;
		hwq->sq[i].shadow_db = shadow ? &ctrl->dbbuf[at] : NULL;
		hwq->sq[i].shadow_ei = shadow ? &ctrl->dbbuf_ei[at] : NULL;
		hwq->sq[i].plain = !shadow && !hwq->sq[i].cmb;
	}
	at = (hwq->idx * 2 + 1) * ctrl->db_stride;
	hwq->cq_shadow_db = shadow ? &ctrl->dbbuf[at] : NULL;
	hwq->cq_shadow_ei = shadow ? &ctrl->dbbuf_ei[at] : NULL;
}

/* To the state that a freshly created queue pair has on the controller's side. */
void gmx_hwq_init(struct gmx_hwq *hwq)
{
	struct gmx_ctrl *ctrl = hwq->ctrl;
	u32 __iomem *dbs = ctrl->bar + GMX_REG_DBS;
	unsigned int i;

	for (i = 0; i < hwq->nr_sqs; i++) {
		struct gmx_sq *sq = &hwq->sq[i];

		sq->qid = hwq->idx ? (hwq->idx - 1) * hwq->nr_sqs + 1 + i : 0;
		sq->tail = 0;
		sq->rung = 0;
		sq->db = &dbs[sq->qid * 2 * ctrl->db_stride];
		gmx_cmb_place(ctrl, sq);
	}
	hwq->cq_head = 0;
	hwq->seen_head = 0;
	hwq->phase = 1;
	hwq->cq_db = &dbs[(hwq->idx * 2 + 1) * ctrl->db_stride];
	memset(hwq->cqes, 0, hwq->cq_depth * sizeof(*hwq->cqes));
	hwq->page_bytes = 1u << ctrl->page_shift;
	for (i = 0; i <= hwq->slot_mask; i++) {
		hwq->slots[i].cid = GMX_CID_FREE;
		/* a new queue goes on with the generations of the old one */
		hwq->slots[i].next_cid = (hwq->slots[i].next_cid & ~GMX_TAG_MASK) | i;
	}
	gmx_hwq_init_shadow(hwq);
	/* before the controller may see the queue */
	wmb();
}

void gmx_hwq_enable(struct gmx_hwq *hwq)
{
	set_bit(GMX_HWQ_ENABLED, &hwq->flags);
	if (hwq->nr_sqs == 1)
		set_bit(GMX_HWQ_STRAIGHT, &hwq->flags);
}

void gmx_hwq_disable(struct gmx_hwq *hwq)
{
	clear_bit(GMX_HWQ_STRAIGHT, &hwq->flags);
	clear_bit(GMX_HWQ_ENABLED, &hwq->flags);
}

static noinline void gmx_cqe_stale(struct gmx_hwq *hwq, u16 cid)
{
	struct gmx_ctrl *ctrl = hwq->ctrl;

	atomic64_inc(&ctrl->counters.stale_completions);
	dev_warn_ratelimited(&ctrl->pdev->dev, "completion on queue %u for command id %#x, which is not in flight: ignored\n",
			     hwq->idx, cid);
}

/* Neither a request's success nor its failure. */
static noinline void gmx_cqe_other(struct gmx_hwq *hwq, const struct gmx_cqe *cqe, u16 cid, u16 status)
{
	if (!hwq->idx && cid >= GMX_ADMIN_TAGS && cid < GMX_ADMIN_TAGS + hwq->ctrl->nr_aens)
		gmx_aen_complete(hwq->ctrl, cid - GMX_ADMIN_TAGS, status, le32_to_cpu(cqe->dw0));
	else
		gmx_cqe_stale(hwq, cid);
}

/* @cid and @status were read once: a broken device may change them while we look. */
static __always_inline void gmx_cqe_handle(struct gmx_hwq *hwq, const struct gmx_cqe *cqe, u16 cid, u16 status,
					   struct io_comp_batch *iob)
{
	struct gmx_slot *slot = &hwq->slots[cid & hwq->slot_mask];
	struct gmx_req *req;
	struct request *rq;

	/* A tag's slot holds the one id that may complete now: a late, doubled or made-up completion finds nothing. */
	if (unlikely(smp_load_acquire(&slot->cid) != cid)) {
		gmx_cqe_other(hwq, cqe, cid, status);
		return;
	}
	if (gmx_injected(hwq, cqe, slot, &status))
		return;
	slot->cid = GMX_CID_FREE;
	rq = slot->rq;
	req = gmx_req(rq);

	if (unlikely(status | (req->flags & GMX_REQ_PASSTHRU))) {
		req->status = status;
		req->result = le32_to_cpu(cqe->dw0) | (u64)le32_to_cpu(cqe->dw1) << 32;
	}
	trace_gmx_complete_rq(rq);

	if (blk_mq_complete_request_remote(rq))
		return;
	gmx_rq_release(hwq, rq);
	/* Failed pass-through could go with a batch too, but nobody would count and log it there. */
	if (unlikely(req->status) || !blk_mq_add_to_batch(rq, iob, false, blk_mq_end_request_batch))
		gmx_rq_end(rq);
}

/* Returns whether there was something. */
static __always_inline bool gmx_cq_sweep(struct gmx_hwq *hwq, struct io_comp_batch *iob)
{
	struct gmx_cqe *cqe = &hwq->cqes[hwq->cq_head], *end = &hwq->cqes[hwq->cq_depth];
	u16 status = le16_to_cpu(READ_ONCE(cqe->status));
	unsigned int phase = hwq->phase;
	bool wrapped = false;

	if (unlikely((status & 1) != phase))
		return false;
	do {
		/* the rest of the entry is read after its phase bit */
		dma_rmb();
		gmx_cqe_handle(hwq, cqe, le16_to_cpu(READ_ONCE(cqe->cid)), status >> 1, iob);
		if (unlikely(++cqe == end)) {
			cqe = hwq->cqes;
			phase ^= 1;
			/* More than a ring without a doorbell: a broken device must not keep the CPU. */
			if (unlikely(wrapped))
				break;
			wrapped = true;
		}
		status = le16_to_cpu(READ_ONCE(cqe->status));
	} while ((status & 1) == phase);
	hwq->cq_head = cqe - hwq->cqes;
	hwq->phase = phase;
	return true;
}

static __always_inline void gmx_cq_ring(struct gmx_hwq *hwq)
{
	if (!hwq->cq_shadow_db || gmx_shadow_update(hwq->cq_head, hwq->cq_shadow_db, hwq->cq_shadow_ei))
		writel(hwq->cq_head, hwq->cq_db);
}

irqreturn_t gmx_cq_irq(int irq, void *data)
{
	struct gmx_hwq *hwq = data;

	hwq->iob = (struct io_comp_batch) { };
	if (unlikely(!gmx_cq_sweep(hwq, &hwq->iob)))
		return IRQ_NONE;
	gmx_cq_ring(hwq);
	if (static_branch_unlikely(&gmx_adaptive_key))
		gmx_adaptive_note(hwq);
	if (likely(!gmx_rqlist_empty(&hwq->iob.req_list)))
		blk_mq_end_request_batch(&hwq->iob);
	return IRQ_HANDLED;
}

/* What a stopped controller left behind. Its doorbells are out of bounds; its vectors are released. */
void gmx_cq_process_stopped(struct gmx_hwq *hwq)
{
	spin_lock(&hwq->cq_lock);
	gmx_cq_sweep(hwq, NULL);
	spin_unlock(&hwq->cq_lock);
}

/* Called with cq_lock held. */
bool gmx_cq_process(struct gmx_hwq *hwq, struct io_comp_batch *iob)
{
	bool found = gmx_cq_sweep(hwq, iob);

	if (found)
		gmx_cq_ring(hwq);
	return found;
}

/* Keep the sweeper of this queue out. May sleep. irq_lock holds the vector in place until gmx_cq_unlock(). */
static void gmx_cq_lock(struct gmx_hwq *hwq) __acquires(&hwq->cq_lock)
{
	mutex_lock(&hwq->ctrl->irq_lock);
	if (test_bit(GMX_HWQ_IRQ, &hwq->flags))
		disable_irq(pci_irq_vector(hwq->ctrl->pdev, hwq->vector));
	spin_lock(&hwq->cq_lock);
}

static void gmx_cq_unlock(struct gmx_hwq *hwq) __releases(&hwq->cq_lock)
{
	spin_unlock(&hwq->cq_lock);
	if (test_bit(GMX_HWQ_IRQ, &hwq->flags))
		enable_irq(pci_irq_vector(hwq->ctrl->pdev, hwq->vector));
	mutex_unlock(&hwq->ctrl->irq_lock);
}

/* Look for completions whose interrupt got lost. */
void gmx_cq_poll_vector(struct gmx_hwq *hwq)
{
	gmx_cq_lock(hwq);
	gmx_cq_process(hwq, NULL);
	gmx_cq_unlock(hwq);
}

/* NULL: it is not in flight. */
static struct gmx_slot *gmx_slot_of(struct gmx_hwq *hwq, struct request *rq)
{
	int tag = READ_ONCE(rq->tag);
	struct gmx_slot *slot;

	lockdep_assert_held(&hwq->cq_lock);
	/* -1: its completion has requeued it, and with an I/O scheduler the tag is somebody else's */
	if (tag < 0)
		return NULL;
	slot = &hwq->slots[tag];
	return slot->rq == rq && slot->cid != GMX_CID_FREE ? slot : NULL;
}

static bool gmx_slot_disown(struct gmx_hwq *hwq, struct request *rq)
{
	struct gmx_slot *slot = gmx_slot_of(hwq, rq);

	if (slot)
		slot->cid = GMX_CID_FREE;
	return slot;
}

/*
 * The command id of a command that has timed out, which is counted as such from here on, and its submission queue;
 * GMX_CID_FREE: its completion was faster.
 */
u32 gmx_slot_mark_timed_out(struct gmx_hwq *hwq, struct request *rq, u16 *sqid)
{
	u32 cid = GMX_CID_FREE;
	struct gmx_slot *slot;

	gmx_cq_lock(hwq);
	slot = gmx_slot_of(hwq, rq);
	if (slot) {
		cid = slot->cid;
		/* its bio is there until it completes, which we keep out here */
		*sqid = gmx_arbitration_sq(hwq, rq)->qid;
		gmx_req(rq)->flags |= GMX_REQ_TIMED_OUT;
		atomic_inc(&hwq->ctrl->timed_out);
	}
	gmx_cq_unlock(hwq);
	return cid;
}

/* Disown a command, so that a late completion finds nothing. False: its completion was faster. */
bool gmx_slot_take_back(struct gmx_hwq *hwq, struct request *rq)
{
	bool taken;

	gmx_cq_lock(hwq);
	taken = gmx_slot_disown(hwq, rq);
	gmx_cq_unlock(hwq);
	return taken;
}

/* The same where the vectors are released. Does not sleep. */
bool gmx_slot_take_back_stopped(struct gmx_hwq *hwq, struct request *rq)
{
	bool taken;

	spin_lock(&hwq->cq_lock);
	taken = gmx_slot_disown(hwq, rq);
	spin_unlock(&hwq->cq_lock);
	return taken;
}

/* Async event requests never time out and have no request: their ids lie above the tags. */
int gmx_aen_post(struct gmx_ctrl *ctrl, unsigned int slot)
{
	struct gmx_hwq *hwq = &ctrl->hwqs[0];
	struct gmx_sq *sq = &hwq->sq[0];
	struct gmx_sqe *sqe;

	if (slot >= GMX_MAX_AENS)
		return -EINVAL;
	spin_lock(&sq->lock);
	if (!test_bit(GMX_HWQ_ENABLED, &hwq->flags)) {
		spin_unlock(&sq->lock);
		return -ENODEV;
	}
	sqe = gmx_sq_next(sq);
	memset(sqe, 0, sizeof(*sqe));
	sqe->opcode = GMX_ADM_ASYNC_EVENT;
	sqe->cid = cpu_to_le16(GMX_ADMIN_TAGS + slot);
	gmx_sq_ring(sq);
	spin_unlock(&sq->lock);
	return 0;
}
