/* SPDX-License-Identifier: GPL-2.0-only */
/* What a disk can do, told to the block layer of any kernel. */
#ifndef GMX_COMPAT_LIMITS_H
#define GMX_COMPAT_LIMITS_H

#include <linux/blk-mq.h>
#include <linux/blkdev.h>

#ifndef BLK_MAX_BLOCK_SIZE /* remove when minimum >= 6.15 */
#define BLK_MAX_BLOCK_SIZE	PAGE_SIZE
#endif

/*
 * Zero means the block layer's default, or "not there" for discard, write zeroes and atomic writes.
 * max_segment_size is ignored where virt_boundary_mask is set, as such a device takes any length without holes.
 */
struct gmx_limits {
	unsigned int logical_block_size;	/* bytes, as all sizes without a unit */
	unsigned int physical_block_size;
	unsigned int io_min;
	unsigned int io_opt;

	unsigned int max_hw_sectors;
	unsigned int chunk_sectors;
	unsigned int max_segments;
	unsigned int max_segment_size;
	unsigned long seg_boundary_mask;
	unsigned long virt_boundary_mask;
	unsigned int dma_alignment;		/* mask */

	unsigned int max_hw_discard_sectors;
	unsigned int max_discard_segments;
	unsigned int discard_granularity;
	unsigned int discard_alignment;
	unsigned int max_write_zeroes_sectors;
	unsigned int max_wzeroes_unmap_sectors;	/* zero, or max_write_zeroes_sectors */

	/* Dropped on kernels that know no atomic writes. */
	unsigned int atomic_write_hw_max;
	unsigned int atomic_write_hw_unit_min;
	unsigned int atomic_write_hw_unit_max;
	unsigned int atomic_write_hw_boundary;

	bool write_cache;
	bool fua;				/* counts only with write_cache */
	bool rotational;
	bool nowait;
	bool poll;
};

/*
 * Changes the limits of a disk. Waits until the disk's requests are done and holds new ones back meanwhile, so neither
 * a quiesced queue nor a caller who completes requests may be in the way.
 */
int gmx_disk_limits_set(struct gendisk *disk, const struct gmx_limits *lim);

/* ERR_PTR on failure; lim may be NULL. Undone with blk_mq_destroy_queue() and blk_put_queue(). */
struct request_queue *gmx_admin_queue_alloc(struct blk_mq_tag_set *set, const struct gmx_limits *lim, void *queuedata);

#endif
