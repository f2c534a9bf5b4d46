// SPDX-License-Identifier: GPL-2.0-only
#include "desc.h"

unsigned int gmx_prp_room(u32 bytes, unsigned int page_shift)
{
	u64 page = 1ull << page_shift;
	unsigned int per_page = page / sizeof(__le64);
	/* An unaligned start adds one page; the first page is PRP1 and never in the list. */
	unsigned int entries = (bytes + page - 1) >> page_shift;

	/* All list pages but the last give their last slot to the chain pointer. */
	if (entries > per_page)
		entries += (entries - 2) / (per_page - 1);
	return entries;
}

/*
 * Entry @idx of the list is the first of a new list page when idx is a multiple of the entries a page holds: what stood
 * last on the page before moves here, and its place takes the pointer (4.3: the last entry is a pointer only if more
 * than one entry is still to come).
 */
static unsigned int gmx_prp_chain(__le64 *list, u64 list_dma, unsigned int idx)
{
	list[idx] = list[idx - 1];
	list[idx - 1] = cpu_to_le64(list_dma + (u64)idx * sizeof(__le64));
	return idx + 1;
}

int gmx_prp_build(union gmx_dptr *dptr, const gmx_seg *seg, unsigned int nr, unsigned int page_shift,
		  __le64 *list, u64 list_dma, unsigned int room)
{
	u64 page = 1ull << page_shift, addr, end;
	unsigned int per_page = page / sizeof(__le64);
	/* entries below this index need no look at the list's room and pages */
	unsigned int idx = 0, stop = room < per_page ? room : per_page;

	if (!nr)
		return -1;
	addr = gmx_seg_addr(seg);
	end = addr + gmx_seg_len(seg);
	if (end <= addr)
		return -1;
	dptr->prp1 = cpu_to_le64(addr);
	addr = (addr | (page - 1)) + 1;

	for (;;) {
		const gmx_seg *from, *until;
		__le64 *at;

		/* Only the last may end inside a page, only the first may start in one. */
		if (nr > 1 && (end & (page - 1)))
			return -1;
		for (; addr < end; addr += page) {
			if (idx == stop) {
				if (idx >= room)
					return -1;
				idx = gmx_prp_chain(list, list_dma, idx);
				if (idx >= room)
					return -1;
				stop = room - idx < per_page - 1 ? room : idx + per_page - 1;
			}
			list[idx++] = cpu_to_le64(addr);
		}
		if (!--nr)
			break;
		seg++;

		/* most segments are a page */
		from = seg;
		until = seg + (nr < stop - idx ? nr : stop - idx);
		end = 0;
		for (at = list + idx; seg != until && gmx_seg_len(seg) == (u32)page; seg++) {
			addr = gmx_seg_addr(seg);
			end |= addr;
			*at++ = cpu_to_le64(addr);
		}
		if (end & (page - 1))
			return -1;
		idx = at - list;
		nr -= seg - from;
		if (!nr)
			break;

		addr = gmx_seg_addr(seg);
		end = addr + gmx_seg_len(seg);
		if (end <= addr || (addr & (page - 1)))
			return -1;
	}

	if (!idx)
		dptr->prp2 = 0;
	else if (idx == 1)
		dptr->prp2 = list[0];
	else
		dptr->prp2 = cpu_to_le64(list_dma);
	return 0;
}

int gmx_sgl_build(union gmx_dptr *dptr, const gmx_seg *seg, unsigned int nr,
		  struct gmx_sgl_desc *list, u64 list_dma, unsigned int room)
{
	unsigned int i;

	if (!nr || !gmx_seg_len(seg))
		return -1;
	if (nr == 1) {
		gmx_sgl_set_data(&dptr->sgl, gmx_seg_addr(seg), gmx_seg_len(seg));
		return 0;
	}
	if (nr > room)
		return -1;

	for (i = 0; i < nr; i++) {
		if (unlikely(!gmx_seg_len(&seg[i])))
			return -1;
		gmx_sgl_set_data(&list[i], gmx_seg_addr(&seg[i]), gmx_seg_len(&seg[i]));
	}

	dptr->sgl = (struct gmx_sgl_desc) {
		.addr	= cpu_to_le64(list_dma),
		.length	= cpu_to_le32(nr * sizeof(*list)),
		.type	= GMX_SGL_LAST_SEGMENT,
	};
	return 0;
}
