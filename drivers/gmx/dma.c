// SPDX-License-Identifier: GPL-2.0-only
/* A request's pages, mapped and described to the controller. Allocates nothing. */
#include "gmx.h"

#include <linux/dma-mapping.h>

#include "space.h"

/* Admin commands use PRPs (NVMe 1.4, 4.4: SGLs there are optional for a PCIe controller). */
static inline bool gmx_dma_prefers_sgl(struct gmx_hwq *hwq, u32 bytes, unsigned int nr)
{
	struct gmx_ctrl *ctrl = hwq->ctrl;

	return ctrl->sgl && hwq->idx && ctrl->sgl_threshold && bytes >= (u64)nr * ctrl->sgl_threshold;
}

static __always_inline blk_status_t gmx_dma_describe(struct gmx_hwq *hwq, struct request *rq,
						     const struct gmx_space *space, const gmx_seg *seg, unsigned int nr)
{
	struct gmx_ctrl *ctrl = hwq->ctrl;
	struct gmx_req *req = gmx_req(rq);
	bool sgl = gmx_dma_prefers_sgl(hwq, blk_rq_payload_bytes(rq), nr);

	if (!sgl && !gmx_prp_build(&req->dptr, seg, nr, ctrl->page_shift, space->list, space->dma, space->prp_room))
		return BLK_STS_OK;
	/* PRPs cannot say it (a hole inside a page) or are the longer way. */
	if (ctrl->sgl && hwq->idx && !gmx_sgl_build(&req->dptr, seg, nr, space->list, space->dma, space->max_segs)) {
		req->flags |= GMX_REQ_SGL;
		return BLK_STS_OK;
	}
	dev_err_ratelimited(&ctrl->pdev->dev, "request of %u bytes in %u segments cannot be described to the controller\n",
			    blk_rq_payload_bytes(rq), nr);
	return BLK_STS_IOERR;
}

/* One segment of more than two pages: it is mapped, and unmapped again if it cannot be described. */
blk_status_t gmx_dma_describe_wide(struct gmx_hwq *hwq, struct request *rq, dma_addr_t addr, u32 len)
{
	struct gmx_req *req = gmx_req(rq);
	struct gmx_space *space;
	blk_status_t status;
	gmx_seg seg;

	if (gmx_dma_prefers_sgl(hwq, len, 1)) {
		gmx_sgl_set_data(&req->dptr.sgl, addr, len);
		req->flags |= GMX_REQ_SGL;
		return BLK_STS_OK;
	}
	status = BLK_STS_RESOURCE;
	space = gmx_space_take(hwq, rq);
	if (unlikely(!space))
		goto unmap;
	gmx_seg_set(&seg, addr, len);
	status = gmx_dma_describe(hwq, rq, space, &seg, 1);
	if (unlikely(status))
		goto put;
	req->flags |= GMX_REQ_MAP_MULTI;
	return BLK_STS_OK;

put:
	gmx_space_put(space);
unmap:
	dma_unmap_page(hwq->dma_dev, addr, len, rq_dma_dir(rq));
	req->flags &= ~GMX_REQ_MAP_SINGLE;
	return status;
}

static blk_status_t gmx_dma_map_single(struct gmx_hwq *hwq, struct request *rq, struct bio_vec *bv)
{
	struct gmx_req *req = gmx_req(rq);
	dma_addr_t addr;

	addr = dma_map_page(hwq->dma_dev, bv->bv_page, bv->bv_offset, bv->bv_len, rq_dma_dir(rq));
	if (unlikely(dma_mapping_error(hwq->dma_dev, addr)))
		return BLK_STS_RESOURCE;
	req->flags |= GMX_REQ_MAP_SINGLE;
	if (likely(gmx_prp_set_inline(&req->dptr, addr, bv->bv_len, hwq->page_bytes)))
		return BLK_STS_OK;
	return gmx_dma_describe_wide(hwq, rq, addr, bv->bv_len);
}

/* Of several segments, or of pieces that may be one. */
blk_status_t gmx_dma_map_multi(struct gmx_hwq *hwq, struct request *rq)
{
	struct gmx_req *req = gmx_req(rq);
	struct gmx_space *space;
	blk_status_t status;
	unsigned int nr;

	/* blk-mq asks again when one of its requests ends, and where others have all spaces, a little later */
	space = gmx_space_take(hwq, rq);
	if (unlikely(!space))
		return BLK_STS_RESOURCE;
	status = gmx_dma_map_segs(rq, hwq->dma_dev, &req->dma, space->segs, space->max_segs, &nr);
	if (unlikely(status)) {
		gmx_space_put(space);
		return status;
	}
	req->nr_segs = nr;
	req->flags |= GMX_REQ_MAP_MULTI;

	status = gmx_dma_describe(hwq, rq, space, space->segs, nr);
	if (unlikely(status))
		gmx_dma_unmap(hwq, rq);
	return status;
}

/* BLK_STS_RESOURCE: space for its mapping or its description is short, try again later. */
blk_status_t gmx_dma_map(struct gmx_hwq *hwq, struct request *rq)
{
	if (blk_rq_nr_phys_segments(rq) == 1) {
		struct bio_vec bv = req_bvec(rq);

		if (bv.bv_len == blk_rq_payload_bytes(rq))
			return gmx_dma_map_single(hwq, rq, &bv);
	}
	return gmx_dma_map_multi(hwq, rq);
}

/* A segment that ends above what the controller reaches goes through memory below. */
void gmx_dma_count_bounced(struct gmx_ctrl *ctrl, struct request *rq)
{
	u64 mask = dma_get_mask(ctrl->dma_dev);
	struct req_iterator iter;
	struct bio_vec bv;
	u64 bytes = 0;

	if (!rq->bio || !bio_has_data(rq->bio))
		return;
	rq_for_each_bvec(bv, rq, iter)
		if (page_to_phys(bv.bv_page) + bv.bv_offset + bv.bv_len - 1 > mask)
			bytes += bv.bv_len;
	if (!bytes)
		return;
	atomic64_inc(&ctrl->counters.bounced_requests);
	atomic64_add(bytes, &ctrl->counters.bounced_bytes);
}

static void gmx_dma_unmap_single(struct gmx_hwq *hwq, struct request *rq)
{
	dma_unmap_page(hwq->dma_dev, le64_to_cpu(gmx_req(rq)->dptr.prp1), blk_rq_payload_bytes(rq), rq_dma_dir(rq));
}

/* What has a space. */
void gmx_dma_unmap_multi(struct gmx_hwq *hwq, struct request *rq)
{
	struct gmx_req *req = gmx_req(rq);
	struct gmx_space *space = req->space;

	if (req->flags & GMX_REQ_MAP_SINGLE)
		gmx_dma_unmap_single(hwq, rq);
	else
		gmx_dma_unmap_segs(rq, hwq->dma_dev, &req->dma, space->segs, req->nr_segs);
	gmx_space_put(space);
}

void gmx_dma_unmap(struct gmx_hwq *hwq, struct request *rq)
{
	struct gmx_req *req = gmx_req(rq);

	if (req->flags & GMX_REQ_MAP_MULTI)
		gmx_dma_unmap_multi(hwq, rq);
	else if (req->flags & GMX_REQ_MAP_SINGLE)
		gmx_dma_unmap_single(hwq, rq);
	req->flags &= ~GMX_REQ_MAPPED;
}
