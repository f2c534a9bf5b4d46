/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two back ends that map a request's segments: the block layer's DMA iterator, and a scatterlist on kernels without it.
 * Both record the mapped segments in space that belongs to the request's tag, because unmapping needs them and because
 * the descriptors in coherent memory are the controller's to scribble on.
 */
#ifndef GMX_COMPAT_DMA_H
#define GMX_COMPAT_DMA_H

#include <linux/blk-mq.h>
#include <linux/dma-mapping.h>
#include "../desc.h"

#define GMX_DMA_MAX_SEGS	128

#ifdef GMX_HAVE_BLK_DMA_ITER
#include <linux/blk-mq-dma.h>

struct gmx_dma_state {
	struct dma_iova_state iova;
	unsigned int len;
};

#define GMX_DMA_SPACE		(GMX_DMA_MAX_SEGS * sizeof(struct gmx_vec))

static inline void gmx_dma_unmap_vecs(struct request *rq, struct device *dev, struct gmx_dma_state *state, void *space,
				      unsigned int nr)
{
	struct gmx_vec *vec = space;
	unsigned int i;
	bool done;

	done = blk_rq_dma_unmap(rq, dev, &state->iova, state->len, PCI_P2PDMA_MAP_NONE);
	for (i = 0; !done && i < nr; i++)
		dma_unmap_page(dev, vec[i].addr, vec[i].len, rq_dma_dir(rq));
}

static inline blk_status_t gmx_dma_map_vecs(struct request *rq, struct device *dev, struct gmx_dma_state *state,
					    void *space, struct gmx_vec **vecs, unsigned int *nr)
{
	struct gmx_vec *vec = space;
	struct blk_dma_iter iter;
	unsigned int n = 0;
	blk_status_t status = BLK_STS_OK;

	memset(state, 0, sizeof(*state));
	if (!blk_rq_dma_map_iter_start(rq, dev, &state->iova, &iter))
		return iter.status;
	do {
		/* Cannot be: the queue's limits say so. The segment is recorded nowhere, so it is undone here. */
		if (WARN_ON_ONCE(n == GMX_DMA_MAX_SEGS)) {
			dma_unmap_page(dev, iter.addr, iter.len, rq_dma_dir(rq));
			status = BLK_STS_IOERR;
			break;
		}
		vec[n].addr = iter.addr;
		vec[n++].len = iter.len;
		state->len += iter.len;
	} while (blk_rq_dma_map_iter_next(rq, dev, &iter));

	if (!status)
		status = iter.status;
	if (status) {
		gmx_dma_unmap_vecs(rq, dev, state, space, n);
		return status;
	}
	*vecs = vec;
	*nr = n;
	return BLK_STS_OK;
}

#else /* remove when minimum >= 7.1 */
#include <linux/scatterlist.h>

struct gmx_dma_state {
	struct sg_table table;
};

#define GMX_DMA_SPACE		(GMX_DMA_MAX_SEGS * (sizeof(struct gmx_vec) + sizeof(struct scatterlist)))

static inline void gmx_dma_unmap_vecs(struct request *rq, struct device *dev, struct gmx_dma_state *state, void *space,
				      unsigned int nr)
{
	dma_unmap_sgtable(dev, &state->table, rq_dma_dir(rq), 0);
}

static inline blk_status_t gmx_dma_map_vecs(struct request *rq, struct device *dev, struct gmx_dma_state *state,
					    void *space, struct gmx_vec **vecs, unsigned int *nr)
{
	struct gmx_vec *vec = space;
	struct scatterlist *sg;
	unsigned int i;
	int ret;

	if (WARN_ON_ONCE(blk_rq_nr_phys_segments(rq) > GMX_DMA_MAX_SEGS))
		return BLK_STS_IOERR;
	state->table.sgl = space + GMX_DMA_MAX_SEGS * sizeof(*vec);
	sg_init_table(state->table.sgl, blk_rq_nr_phys_segments(rq));
	state->table.orig_nents = blk_rq_map_sg(rq, state->table.sgl);
	if (!state->table.orig_nents)
		return BLK_STS_IOERR;

	ret = dma_map_sgtable(dev, &state->table, rq_dma_dir(rq), DMA_ATTR_NO_WARN);
	if (ret)
		return ret == -EREMOTEIO ? BLK_STS_TARGET : BLK_STS_RESOURCE;
	for_each_sgtable_dma_sg(&state->table, sg, i) {
		vec[i].addr = sg_dma_address(sg);
		vec[i].len = sg_dma_len(sg);
	}
	*vecs = vec;
	*nr = state->table.nents;
	return BLK_STS_OK;
}
#endif

#endif
