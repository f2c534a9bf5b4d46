/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the segments of a request are kept and described to the controller, if two pointers do not do that. A request
 * has one while it is mapped. There are fewer than tags, because they are the greater part of a queue's memory, and
 * none is ever allocated for a request.
 */
#ifndef GMX_SPACE_H
#define GMX_SPACE_H

#include "hwq.h"

struct gmx_space {
	gmx_seg *segs;			/* what was mapped */
	void *list;			/* coherent: PRP list or SGL */
	dma_addr_t dma;
	u16 max_segs;			/* also what an SGL may have */
	u16 prp_room;			/* entries */
	u32 taken;
};

int gmx_space_alloc(struct gmx_hwq *hwq);
void gmx_space_free(struct gmx_hwq *hwq);
struct gmx_space *gmx_space_search(struct gmx_hwq *hwq, struct request *rq);

/* Most requests need a small one. */
static __always_inline bool gmx_space_is_big(struct gmx_hwq *hwq, struct request *rq)
{
	return rq->nr_phys_segments > GMX_SMALL_SEGS || blk_rq_payload_bytes(rq) > hwq->small_bytes;
}

/* Tags in flight are mostly neighbours, so the first look finds one. NULL: all are taken. */
static __always_inline struct gmx_space *gmx_space_take(struct gmx_hwq *hwq, struct request *rq)
{
	struct gmx_space *space = &hwq->spaces[rq->tag & hwq->space_mask];

	if (unlikely(gmx_space_is_big(hwq, rq) || xchg_acquire(&space->taken, 1)))
		space = gmx_space_search(hwq, rq);
	gmx_req(rq)->space = space;
	return space;
}

static __always_inline void gmx_space_put(struct gmx_space *space)
{
	/* after the last look at what it holds */
	smp_store_release(&space->taken, 0);
}

#endif
