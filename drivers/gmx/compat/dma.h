/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two back ends that map a request's segments: the block layer's DMA iterator, and a scatterlist on kernels without it.
 * Both record the mapped segments in space that is the request's, because unmapping needs them and because
 * the descriptors in coherent memory are the controller's to scribble on.
 */
#ifndef GMX_COMPAT_DMA_H
#define GMX_COMPAT_DMA_H

#include <linux/blk-mq.h>
#include <linux/dma-mapping.h>
#include "seg.h"

#define GMX_DMA_MAX_SEGS	128

#ifdef GMX_HAVE_BLK_DMA_ITER
#include <linux/blk-mq-dma.h>

struct gmx_dma_state {
	struct dma_iova_state iova;
};

/* Asked after the mapping: a device's first bounce buffer changes it. */
static inline bool gmx_dma_wants_unmap(struct device *dev)
{
	return dma_need_unmap(dev);
}

static inline void gmx_dma_unmap_segs(struct request *rq, struct device *dev, struct gmx_dma_state *state, gmx_seg *seg,
				      unsigned int nr)
{
	unsigned int i;
	bool done;

	/* what has an IOVA was mapped in one piece */
	done = blk_rq_dma_unmap(rq, dev, &state->iova, blk_rq_payload_bytes(rq), PCI_P2PDMA_MAP_NONE);
	for (i = 0; !done && i < nr; i++)
		dma_unmap_page(dev, seg[i].addr, seg[i].len, rq_dma_dir(rq));
}

static inline blk_status_t gmx_dma_map_segs(struct request *rq, struct device *dev, struct gmx_dma_state *state,
					    gmx_seg *seg, unsigned int max, unsigned int *nr)
{
	gmx_seg *at = seg, *end = seg + max;
	struct blk_dma_iter iter;
	blk_status_t status = BLK_STS_OK;

	memset(state, 0, sizeof(*state));
	if (!blk_rq_dma_map_iter_start(rq, dev, &state->iova, &iter))
		return iter.status;
	do {
		/* Cannot be: the queue's limits say so. The segment is recorded nowhere, so it is undone here. */
		if (WARN_ON_ONCE(at == end)) {
			dma_unmap_page(dev, iter.addr, iter.len, rq_dma_dir(rq));
			status = BLK_STS_IOERR;
			break;
		}
		at->addr = iter.addr;
		at++->len = iter.len;
	} while (blk_rq_dma_map_iter_next(rq, dev, &iter));

	if (!status)
		status = iter.status;
	if (status) {
		gmx_dma_unmap_segs(rq, dev, state, seg, at - seg);
		return status;
	}
	*nr = at - seg;
	return BLK_STS_OK;
}

#else /* remove when minimum >= 7.1 */

struct gmx_dma_state {
	unsigned int orig_nents;
};

static inline bool gmx_dma_wants_unmap(struct device *dev)
{
	return true;
}

static inline void gmx_dma_unmap_segs(struct request *rq, struct device *dev, struct gmx_dma_state *state, gmx_seg *seg,
				      unsigned int nr)
{
	dma_unmap_sg(dev, seg, state->orig_nents, rq_dma_dir(rq));
}

/* The scatterlist was made once: the block layer moves the mark of its end. */
static inline blk_status_t gmx_dma_map_segs(struct request *rq, struct device *dev, struct gmx_dma_state *state,
					    gmx_seg *seg, unsigned int max, unsigned int *nr)
{
	struct sg_table table = { .sgl = seg };
	int ret;

	if (WARN_ON_ONCE(blk_rq_nr_phys_segments(rq) > max))
		return BLK_STS_IOERR;
	table.orig_nents = blk_rq_map_sg(rq, seg);
	if (!table.orig_nents)
		return BLK_STS_IOERR;

	ret = dma_map_sgtable(dev, &table, rq_dma_dir(rq), DMA_ATTR_NO_WARN);
	if (ret)
		return ret == -EREMOTEIO ? BLK_STS_TARGET : BLK_STS_RESOURCE;
	state->orig_nents = table.orig_nents;
	*nr = table.nents;
	return BLK_STS_OK;
}
#endif

#endif
