/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From DMA segments to PRP lists and SGLs (NVMe 1.4, 4.3 and 4.4). Pure: the only thing taken from outside is the
 * little-endian types, so that the host tests check it against an independent walker.
 */
#ifndef GMX_DESC_H
#define GMX_DESC_H

/* gmx_seg: one DMA segment as it was mapped, gmx_seg_addr() and gmx_seg_len(); kept until the request is unmapped. */
#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/types.h>
#include <asm/byteorder.h>
#include "compat/seg.h"
#else
#include "host.h"	/* tests/unit: that, u32, u64, cpu_to_le64, cpu_to_le32 */
#endif
#include <gmx/nvme.h>

/* Room in entries that a PRP list for @bytes needs at worst, chain pointers included. */
unsigned int gmx_prp_room(u32 bytes, unsigned int page_shift);

/*
 * Fill @dptr for @nr segments. @list is the CPU address of descriptor space at bus address @list_dma: aligned to the
 * smaller of its size and the controller page, contiguous for both sides, @room entries of 8 (PRP) or 16 (SGL) bytes.
 * Returns 0; -1 when the segments cannot be described (a hole inside a page for PRP, no segment, no room).
 */
int gmx_prp_build(union gmx_dptr *dptr, const gmx_seg *seg, unsigned int nr, unsigned int page_shift,
		  __le64 *list, u64 list_dma, unsigned int room);
int gmx_sgl_build(union gmx_dptr *dptr, const gmx_seg *seg, unsigned int nr,
		  struct gmx_sgl_desc *list, u64 list_dma, unsigned int room);

static inline void gmx_sgl_set_data(struct gmx_sgl_desc *desc, u64 addr, u32 len)
{
	*desc = (struct gmx_sgl_desc) {
		.addr	= cpu_to_le64(addr),
		.length	= cpu_to_le32(len),
		.type	= GMX_SGL_DATA_BLOCK,
	};
}

/* A segment that PRP1 and PRP2 describe without a list: false if it is of more than two pages. */
static inline bool gmx_prp_set_inline(union gmx_dptr *dptr, u64 addr, u32 len, u32 page)
{
	u64 end = (addr & (page - 1)) + len;

	dptr->prp1 = cpu_to_le64(addr);
	dptr->prp2 = 0;
	if (likely(end <= page))
		return true;
	dptr->prp2 = cpu_to_le64((addr | (page - 1)) + 1);
	return end <= 2ull * page;
}

#endif
