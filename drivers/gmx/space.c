// SPDX-License-Identifier: GPL-2.0-only
/* Small and big spaces of a queue: their memory, and the search for one that is free. */
#include "gmx.h"

#include <linux/dma-mapping.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "space.h"

/* In a machine with many processors, each of which has a queue, they are fewer a queue. */
#define GMX_SMALL_ALL_QUEUES	2048u
#define GMX_MAX_SMALL		256u
#define GMX_MIN_SMALL		64u
/* In chunks, because one contiguous piece for all is more than the page allocator gives. */
#define GMX_SPACE_CHUNK		16u

static unsigned int gmx_space_nr_small(struct gmx_hwq *hwq)
{
	return hwq->space_mask + 1;
}

static unsigned int gmx_space_nr_big(struct gmx_hwq *hwq)
{
	return max(gmx_space_nr_small(hwq) / 4, 1u);
}

static size_t gmx_space_small_list(struct gmx_ctrl *ctrl)
{
	return ctrl->desc_size / (GMX_MAX_SEGS / GMX_SMALL_SEGS);
}

static void gmx_space_free_lists(struct gmx_hwq *hwq, struct gmx_space *first, unsigned int nr, size_t bytes)
{
	unsigned int i, chunk = min(nr, GMX_SPACE_CHUNK);

	for (i = 0; i < nr && first[i].list; i += chunk)
		dma_free_coherent(hwq->dma_dev, chunk * bytes, first[i].list, first[i].dma);
}

static int gmx_space_alloc_lists(struct gmx_hwq *hwq, struct gmx_space *first, unsigned int nr, size_t bytes)
{
	unsigned int i, at, chunk = min(nr, GMX_SPACE_CHUNK);
	dma_addr_t dma = 0;
	void *list = NULL;

	for (i = 0; i < nr; i++) {
		at = i % chunk;
		if (!at)
			list = dma_alloc_coherent(hwq->dma_dev, chunk * bytes, &dma, GFP_KERNEL);
		if (!list)
			return -ENOMEM;
		first[i].list = list + at * bytes;
		first[i].dma = dma + at * bytes;
		first[i].prp_room = min_t(size_t, bytes / sizeof(__le64), U16_MAX);
	}
	return 0;
}

static void gmx_space_share_segs(struct gmx_space *first, unsigned int nr, gmx_seg *segs, unsigned int each)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		first[i].segs = segs + i * each;
		first[i].max_segs = each;
		gmx_segs_init(first[i].segs, each);
	}
}

void gmx_space_free(struct gmx_hwq *hwq)
{
	unsigned int small = gmx_space_nr_small(hwq);

	if (!hwq->spaces)
		return;
	gmx_space_free_lists(hwq, hwq->spaces, small, gmx_space_small_list(hwq->ctrl));
	gmx_space_free_lists(hwq, hwq->spaces + small, gmx_space_nr_big(hwq), hwq->ctrl->desc_size);
	kvfree(hwq->spaces->segs);
	kvfree(hwq->spaces);
	hwq->spaces = NULL;
}

/* What is there after a failure, gmx_space_free() frees. */
int gmx_space_alloc(struct gmx_hwq *hwq)
{
	unsigned int small, big;
	gmx_seg *segs;

	small = clamp(GMX_SMALL_ALL_QUEUES / num_possible_cpus(), GMX_MIN_SMALL, GMX_MAX_SMALL);
	small = roundup_pow_of_two(min_t(unsigned int, small, hwq->nr_slots));
	hwq->space_mask = small - 1;
	big = gmx_space_nr_big(hwq);
	/* Of a request that begins and ends within a page, a list has an entry more than there are pages in it. */
	hwq->small_bytes = (gmx_space_small_list(hwq->ctrl) / sizeof(__le64) - 1) << hwq->ctrl->page_shift;

	hwq->spaces = kvzalloc_node(array_size(small + big, sizeof(*hwq->spaces)), GFP_KERNEL, hwq->node);
	if (!hwq->spaces)
		return -ENOMEM;
	segs = kvzalloc_node(array_size(small * GMX_SMALL_SEGS + big * GMX_MAX_SEGS, sizeof(*segs)), GFP_KERNEL,
			     hwq->node);
	if (!segs)
		return -ENOMEM;
	gmx_space_share_segs(hwq->spaces, small, segs, GMX_SMALL_SEGS);
	gmx_space_share_segs(hwq->spaces + small, big, segs + small * GMX_SMALL_SEGS, GMX_MAX_SEGS);
	return gmx_space_alloc_lists(hwq, hwq->spaces, small, gmx_space_small_list(hwq->ctrl)) ?:
	       gmx_space_alloc_lists(hwq, hwq->spaces + small, big, hwq->ctrl->desc_size);
}

struct gmx_space *gmx_space_search(struct gmx_hwq *hwq, struct request *rq)
{
	struct gmx_space *first = hwq->spaces, *space;
	unsigned int i, nr = gmx_space_nr_small(hwq);

	if (gmx_space_is_big(hwq, rq)) {
		first += nr;
		nr = gmx_space_nr_big(hwq);
	}
	for (i = 0; i < nr; i++) {
		space = &first[(rq->tag + i) & (nr - 1)];
		if (!READ_ONCE(space->taken) && !xchg_acquire(&space->taken, 1))
			return space;
	}
	return NULL;
}
