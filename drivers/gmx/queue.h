/* SPDX-License-Identifier: GPL-2.0-only */
/* Ring and doorbell primitives shared by the hot path and the queue code. */
#ifndef GMX_QUEUE_H
#define GMX_QUEUE_H

#include "gmx.h"

#include <linux/dma-mapping.h>
#include <linux/jump_label.h>

/*
 * Shadow doorbells (NVMe 1.4, 7.13): returns whether the controller also wants the register written, which is when the
 * new value passed the event index that it left.
 */
static inline bool gmx_shadow_update(u16 value, __le32 *db, __le32 *ei)
{
	u16 old, event;

	/* the ring entries must be visible before the doorbell that announces them */
	wmb();
	old = le32_to_cpu(*db);
	WRITE_ONCE(*db, cpu_to_le32(value));
	/* the controller writes the event index, then reads the doorbell again: we do the mirror image */
	mb();
	event = le32_to_cpu(READ_ONCE(*ei));
	return (u16)(value - event - 1) < (u16)(value - old);
}

/* What it takes beside the register; returns whether that is to be written. */
static inline bool gmx_sq_announce(struct gmx_sq *sq)
{
	if (sq->cmb)
		gmx_cmb_push(sq);
	return !sq->shadow_db || gmx_shadow_update(sq->tail, sq->shadow_db, sq->shadow_ei);
}

/* Tell the controller about everything up to the tail. Called with sq->lock held. */
static inline void gmx_sq_ring(struct gmx_sq *sq)
{
	if (sq->tail == sq->rung)
		return;
	if (sq->plain || gmx_sq_announce(sq))
		writel(sq->tail, sq->db);
	sq->rung = sq->tail;
}

/* The entry after the last one; never full: a ring has one entry more than its context has tags. */
static inline struct gmx_sqe *gmx_sq_next(struct gmx_sq *sq)
{
	struct gmx_sqe *sqe = &sq->ring[sq->tail];

	if (++sq->tail == sq->depth)
		sq->tail = 0;
	return sqe;
}

/* What a command's submission took. Most is one mapped segment. */
static __always_inline void gmx_rq_release(struct gmx_hwq *hwq, struct request *rq)
{
	struct gmx_req *req = gmx_req(rq);
	u8 flags = req->flags & ~GMX_REQ_SGL;

	if (likely(flags == GMX_REQ_MAP_SINGLE)) {
		if (gmx_dma_wants_unmap(hwq->dma_dev))
			dma_unmap_page(hwq->dma_dev, le64_to_cpu(req->dptr.prp1), blk_rq_bytes(rq), rq_dma_dir(rq));
	} else if ((flags | GMX_REQ_MAP_SINGLE) == GMX_REQ_MAPPED) {
		gmx_dma_unmap_multi(hwq, rq);
	} else {
		gmx_rq_release_more(hwq, rq);
	}
}

/* inject.c */
DECLARE_STATIC_KEY_FALSE(gmx_inject_key);
int gmx_inject(struct gmx_hwq *hwq, const struct gmx_cqe *cqe, struct gmx_slot *slot, u16 status);

/* Whether the completion is to be ignored for now; it may also end with another status. */
static __always_inline bool gmx_injected(struct gmx_hwq *hwq, const struct gmx_cqe *cqe, struct gmx_slot *slot,
					 u16 *status)
{
	int ret;

	if (!static_branch_unlikely(&gmx_inject_key))
		return false;
	ret = gmx_inject(hwq, cqe, slot, *status);
	if (ret < 0)
		return true;
	*status = ret;
	return false;
}

static inline bool gmx_cq_pending(const struct gmx_hwq *hwq)
{
	return (le16_to_cpu(READ_ONCE(hwq->cqes[hwq->cq_head].status)) & 1) == hwq->phase;
}

#endif
