/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a mapped segment is kept: in 16 bytes of our own, or in the scatterlist that older kernels fill. */
#ifndef GMX_COMPAT_SEG_H
#define GMX_COMPAT_SEG_H

#ifdef GMX_HAVE_BLK_DMA_ITER
#include <linux/types.h>

typedef struct gmx_seg {
	u64 addr;
	u32 len;
} gmx_seg;

static inline u64 gmx_seg_addr(const gmx_seg *seg)
{
	return seg->addr;
}

static inline u32 gmx_seg_len(const gmx_seg *seg)
{
	return seg->len;
}

static inline void gmx_seg_set(gmx_seg *seg, u64 addr, u32 len)
{
	seg->addr = addr;
	seg->len = len;
}

/* Once, before anything is mapped there. */
static inline void gmx_segs_init(gmx_seg *seg, unsigned int nr)
{
}

#else /* remove when minimum >= 7.1 */
#include <linux/scatterlist.h>

typedef struct scatterlist gmx_seg;

static inline u64 gmx_seg_addr(const gmx_seg *seg)
{
	return sg_dma_address(seg);
}

static inline u32 gmx_seg_len(const gmx_seg *seg)
{
	return sg_dma_len(seg);
}

static inline void gmx_seg_set(gmx_seg *seg, u64 addr, u32 len)
{
	sg_dma_address(seg) = addr;
	sg_dma_len(seg) = len;
}

static inline void gmx_segs_init(gmx_seg *seg, unsigned int nr)
{
	sg_init_table(seg, nr);
}
#endif

#endif
