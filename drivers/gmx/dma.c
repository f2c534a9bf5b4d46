// SPDX-License-Identifier: GPL-2.0-only
/* A request's pages, mapped and described to the controller. Allocates nothing. */
#include "gmx.h"

#include <linux/dma-mapping.h>

static void *gmx_dma_space(struct gmx_hwq *hwq, struct request *rq)
{
	return hwq->vecs + (size_t)rq->tag * GMX_DMA_SPACE;
}

static void *gmx_dma_desc(struct gmx_hwq *hwq, struct request *rq, dma_addr_t *dma)
{
	unsigned int mask = (1u << GMX_DESC_CHUNK_SHIFT) - 1;
	struct gmx_desc_chunk *chunk = &hwq->desc[rq->tag >> GMX_DESC_CHUNK_SHIFT];
	size_t offset = (size_t)(rq->tag & mask) * hwq->ctrl->desc_size;

	*dma = chunk->dma + offset;
	return chunk->cpu + offset;
}

/* One segment: two PRPs or one SGL data block in the command itself, no descriptor memory touched. */
static blk_status_t gmx_dma_map_single(struct gmx_hwq *hwq, struct request *rq, struct bio_vec *bv)
{
	struct gmx_ctrl *ctrl = hwq->ctrl;
	struct gmx_req *req = gmx_req(rq);
	dma_addr_t addr;

	addr = dma_map_page(ctrl->dma_dev, bv->bv_page, bv->bv_offset, bv->bv_len, rq_dma_dir(rq));
	if (unlikely(dma_mapping_error(ctrl->dma_dev, addr)))
		return BLK_STS_RESOURCE;
	req->dma_addr = addr;
	req->dma_len = bv->bv_len;
	req->flags |= GMX_REQ_MAP_SINGLE;

	if (likely(gmx_prp_fits_inline(addr, bv->bv_len, ctrl->page_shift))) {
		gmx_prp_set_inline(&req->dptr, addr, bv->bv_len, ctrl->page_shift);
		req->psdt = 0;
		return BLK_STS_OK;
	}
	if (ctrl->sgl && hwq->idx && ctrl->sgl_threshold && bv->bv_len >= ctrl->sgl_threshold) {
		gmx_sgl_set_data(&req->dptr.sgl, addr, bv->bv_len);
		req->psdt = GMX_SQE_SGL;
		return BLK_STS_OK;
	}
	return BLK_STS_NOTSUPP;
}

static bool gmx_dma_prefers_sgl(struct gmx_hwq *hwq, struct request *rq, unsigned int nr)
{
	struct gmx_ctrl *ctrl = hwq->ctrl;

	/* Admin commands use PRPs (NVMe 1.4, 4.4: SGLs there are optional for a PCIe controller). */
	return ctrl->sgl && hwq->idx && ctrl->sgl_threshold && blk_rq_payload_bytes(rq) / nr >= ctrl->sgl_threshold;
}

static blk_status_t gmx_dma_describe(struct gmx_hwq *hwq, struct request *rq, const struct gmx_vec *vec,
				     unsigned int nr)
{
	struct gmx_ctrl *ctrl = hwq->ctrl;
	struct gmx_req *req = gmx_req(rq);
	dma_addr_t dma;
	void *list = gmx_dma_desc(hwq, rq, &dma);
	bool sgl = gmx_dma_prefers_sgl(hwq, rq, nr);

	if (!sgl && !gmx_prp_build(&req->dptr, vec, nr, ctrl->page_shift, list, dma, ctrl->prp_room)) {
		req->psdt = 0;
		return BLK_STS_OK;
	}
	/* PRPs cannot say it (a hole inside a page) or are the longer way. */
	if (ctrl->sgl && hwq->idx && !gmx_sgl_build(&req->dptr, vec, nr, list, dma, ctrl->sgl_room)) {
		req->psdt = GMX_SQE_SGL;
		return BLK_STS_OK;
	}
	dev_err_ratelimited(&ctrl->pdev->dev, "request of %u bytes in %u segments cannot be described to the controller\n",
			    blk_rq_payload_bytes(rq), nr);
	return BLK_STS_IOERR;
}

static blk_status_t gmx_dma_map_multi(struct gmx_hwq *hwq, struct request *rq)
{
	struct gmx_req *req = gmx_req(rq);
	void *space = gmx_dma_space(hwq, rq);
	struct gmx_vec *vec;
	unsigned int nr;
	blk_status_t status;

	status = gmx_dma_map_vecs(rq, hwq->ctrl->dma_dev, &req->dma, space, &vec, &nr);
	if (status)
		return status;
	req->nr_vecs = nr;
	req->flags |= GMX_REQ_MAP_MULTI;

	status = gmx_dma_describe(hwq, rq, vec, nr);
	if (status)
		gmx_dma_unmap(hwq, rq);
	return status;
}

/* Fills dptr and psdt. BLK_STS_RESOURCE: mapping space is short, try again later. */
blk_status_t gmx_dma_map(struct gmx_hwq *hwq, struct request *rq)
{
	struct gmx_req *req = gmx_req(rq);

	if (likely(blk_rq_nr_phys_segments(rq) == 1)) {
		struct bio_vec bv = req_bvec(rq);

		if (likely(bv.bv_len == blk_rq_payload_bytes(rq))) {
			blk_status_t status = gmx_dma_map_single(hwq, rq, &bv);

			if (status == BLK_STS_NOTSUPP) {
				struct gmx_vec vec = { .addr = req->dma_addr, .len = req->dma_len };

				status = gmx_dma_describe(hwq, rq, &vec, 1);
				if (status)
					gmx_dma_unmap(hwq, rq);
			}
			return status;
		}
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

void gmx_dma_unmap(struct gmx_hwq *hwq, struct request *rq)
{
	struct gmx_req *req = gmx_req(rq);
	struct device *dev = hwq->ctrl->dma_dev;

	if (req->flags & GMX_REQ_MAP_SINGLE)
		dma_unmap_page(dev, req->dma_addr, req->dma_len, rq_dma_dir(rq));
	else if (req->flags & GMX_REQ_MAP_MULTI)
		gmx_dma_unmap_vecs(rq, dev, &req->dma, gmx_dma_space(hwq, rq), req->nr_vecs);
	req->flags &= ~(GMX_REQ_MAP_SINGLE | GMX_REQ_MAP_MULTI);
}
