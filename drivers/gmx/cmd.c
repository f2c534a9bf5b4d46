// SPDX-License-Identifier: GPL-2.0-only
/* Deallocation: the one request whose payload the driver makes itself. */
#include "gmx.h"

#include <linux/mm.h>
#include <linux/slab.h>

/* Room for all the ranges a command can have: some controllers fetch them all, whatever number they are told. */
#define GMX_DISCARD_SIZE	(GMX_DSM_MAX_RANGES * sizeof(struct gmx_dsm_range))

static struct gmx_dsm_range *gmx_discard_ranges_get(struct gmx_ctrl *ctrl, struct request *rq)
{
	struct gmx_dsm_range *ranges;

	BUILD_BUG_ON(GMX_DISCARD_SIZE > PAGE_SIZE);
	ranges = kzalloc(GMX_DISCARD_SIZE, GFP_ATOMIC | __GFP_NOWARN);
	if (ranges) {
		rq->special_vec.bv_page = virt_to_page(ranges);
		rq->special_vec.bv_offset = offset_in_page(ranges);
		return ranges;
	}
	/* Discards may be what reclaim waits for: one page a controller is always there. */
	if (test_and_set_bit_lock(0, &ctrl->discard_page_busy))
		return NULL;
	rq->special_vec.bv_page = ctrl->discard_page;
	rq->special_vec.bv_offset = 0;
	return page_address(ctrl->discard_page);
}

void gmx_cmd_free_special(struct request *rq)
{
	struct gmx_ctrl *ctrl;

	if (likely(!(rq->rq_flags & RQF_SPECIAL_PAYLOAD)))
		return;
	ctrl = ((struct gmx_hwq *)rq->mq_hctx->driver_data)->ctrl;
	if (rq->special_vec.bv_page == ctrl->discard_page)
		clear_bit_unlock(0, &ctrl->discard_page_busy);
	else
		kfree(bvec_virt(&rq->special_vec));
	rq->rq_flags &= ~RQF_SPECIAL_PAYLOAD;
}

blk_status_t gmx_cmd_prep_discard(struct gmx_ns *ns, struct request *rq)
{
	unsigned int nr = blk_rq_nr_discard_segments(rq), n = 0;
	struct gmx_dsm_range *ranges;
	struct bio *bio;

	if (WARN_ON_ONCE(nr > GMX_DSM_MAX_RANGES))
		return BLK_STS_IOERR;
	ranges = gmx_discard_ranges_get(ns->ctrl, rq);
	if (!ranges)
		return BLK_STS_RESOURCE;

	rq->special_vec.bv_len = GMX_DISCARD_SIZE;
	rq->rq_flags |= RQF_SPECIAL_PAYLOAD;
	__rq_for_each_bio(bio, rq) {
		if (n < nr) {
			ranges[n].attributes = 0;
			ranges[n].nlb = cpu_to_le32(bio->bi_iter.bi_size >> ns->lba_shift);
			ranges[n].slba = cpu_to_le64(gmx_ns_lba(ns, bio->bi_iter.bi_sector));
		}
		n++;
	}
	if (WARN_ON_ONCE(n != nr)) {
		gmx_cmd_free_special(rq);
		return BLK_STS_IOERR;
	}
	return BLK_STS_OK;
}
