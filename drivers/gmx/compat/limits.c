// SPDX-License-Identifier: GPL-2.0-only
#include "compat.h"

/*
 * The features whose absence nobody would notice before data is lost. Exactly one spelling must have been found.
 */
#if defined(GMX_HAVE_LIMITS_FEATURES) == defined(GMX_HAVE_WRITE_CACHE_SETTER)
#error "gmx: this kernel spells write cache and FUA in no known way: see LIMITS_FEATURES in compat/probes"
#endif
#if defined(GMX_HAVE_INTEGRITY_IN_LIMITS) == defined(GMX_HAVE_INTEGRITY_REGISTER)
#error "gmx: this kernel spells integrity in no known way: see INTEGRITY_IN_LIMITS in compat/probes"
#endif
#if defined(GMX_HAVE_ALLOC_DISK_LIMITS) && !defined(GMX_HAVE_LIMITS_FEATURES)
#error "gmx: this kernel (6.9 or 6.10) has queue limits without features and is not supported; use 6.11 or newer"
#endif

#ifdef GMX_HAVE_ALLOC_DISK_LIMITS

static void gmx_limits_feature(struct queue_limits *to, blk_features_t feature, bool on)
{
	if (on)
		to->features |= feature;
	else
		to->features &= ~feature;
}

/* Everything that the driver rules; the rest, such as the user's own settings, stays. */
static void gmx_limits_fill(struct queue_limits *to, const struct gmx_limits *from)
{
	to->logical_block_size = from->logical_block_size;
	to->physical_block_size = from->physical_block_size;
	to->io_min = from->io_min;
	to->io_opt = from->io_opt;

	to->max_hw_sectors = from->max_hw_sectors;
	to->chunk_sectors = from->chunk_sectors;
	to->max_segments = min_t(unsigned int, from->max_segments, USHRT_MAX);
	to->max_segment_size = from->virt_boundary_mask ? UINT_MAX : from->max_segment_size;
	to->seg_boundary_mask = from->seg_boundary_mask;
	to->virt_boundary_mask = from->virt_boundary_mask;
	to->dma_alignment = from->dma_alignment;

	to->max_hw_discard_sectors = from->max_hw_discard_sectors;
	to->max_discard_segments = min_t(unsigned int, from->max_discard_segments, USHRT_MAX);
	to->discard_granularity = from->discard_granularity;
	to->discard_alignment = from->discard_alignment;
	to->max_write_zeroes_sectors = from->max_write_zeroes_sectors;
#ifdef GMX_HAVE_LIMITS_WZEROES_UNMAP	/* remove when minimum >= 6.17 */
	to->max_hw_wzeroes_unmap_sectors = from->max_wzeroes_unmap_sectors;
#endif

#ifdef GMX_HAVE_LIMITS_ATOMIC		/* remove when minimum >= 6.11 */
	to->atomic_write_hw_max = from->atomic_write_hw_max;
	to->atomic_write_hw_unit_min = from->atomic_write_hw_unit_min;
	to->atomic_write_hw_unit_max = from->atomic_write_hw_unit_max;
	to->atomic_write_hw_boundary = from->atomic_write_hw_boundary;
#endif
#ifdef GMX_HAVE_FEAT_ATOMIC_WRITES	/* remove when minimum >= 6.14 */
	gmx_limits_feature(to, BLK_FEAT_ATOMIC_WRITES, from->atomic_write_hw_max);
#endif

	gmx_limits_feature(to, BLK_FEAT_WRITE_CACHE, from->write_cache);
	gmx_limits_feature(to, BLK_FEAT_FUA, from->write_cache && from->fua);
	gmx_limits_feature(to, BLK_FEAT_ROTATIONAL, from->rotational);
	/* blk-mq sets these two by itself, and only its tag set can take them back. */
	if (from->poll)
		to->features |= BLK_FEAT_POLL;
	if (from->nowait)
		to->features |= BLK_FEAT_NOWAIT;
}

struct request_queue *gmx_admin_queue_alloc(struct blk_mq_tag_set *set, const struct gmx_limits *lim, void *queuedata)
{
	struct queue_limits limits = { };

	if (lim)
		gmx_limits_fill(&limits, lim);
	return blk_mq_alloc_queue(set, &limits, queuedata);
}

int gmx_disk_limits_set(struct gendisk *disk, const struct gmx_limits *lim)
{
	struct request_queue *q = disk->queue;
	struct queue_limits limits = queue_limits_start_update(q);

	gmx_limits_fill(&limits, lim);
#ifdef GMX_HAVE_LIMITS_COMMIT_FROZEN	/* remove when minimum >= 6.14 */
	return queue_limits_commit_update_frozen(q, &limits);
#else
	{
		unsigned int memflags = blk_mq_freeze_queue(q);
		int ret = queue_limits_commit_update(q, &limits);

		blk_mq_unfreeze_queue(q, memflags);
		return ret;
	}
#endif
}

#else /* remove when minimum >= 6.11 */

static void gmx_queue_flag(struct request_queue *q, unsigned int flag, bool on)
{
	if (on)
		blk_queue_flag_set(flag, q);
	else
		blk_queue_flag_clear(flag, q);
}

/* Sizes first: each setter raises those that were set before it to what fits, and rounds to them. */
static void gmx_queue_set_limits(struct request_queue *q, const struct gmx_limits *lim)
{
	unsigned int lba = lim->logical_block_size ?: SECTOR_SIZE;
	unsigned int pba = max(lim->physical_block_size, lba);

	blk_queue_logical_block_size(q, lba);
	blk_queue_physical_block_size(q, pba);
	blk_queue_io_min(q, max(lim->io_min, pba));
	blk_queue_io_opt(q, rounddown(lim->io_opt, pba));

	blk_queue_max_hw_sectors(q, lim->max_hw_sectors ?: BLK_SAFE_MAX_SECTORS);
	blk_queue_chunk_sectors(q, lim->chunk_sectors);
	blk_queue_max_segments(q, min_t(unsigned int, lim->max_segments ?: BLK_MAX_SEGMENTS, USHRT_MAX));
	blk_queue_segment_boundary(q, lim->seg_boundary_mask ?: BLK_SEG_BOUNDARY_MASK);
	blk_queue_virt_boundary(q, lim->virt_boundary_mask);
	if (!lim->virt_boundary_mask)
		blk_queue_max_segment_size(q, lim->max_segment_size ?: BLK_MAX_SEGMENT_SIZE);
	blk_queue_dma_alignment(q, lim->dma_alignment ?: SECTOR_SIZE - 1);

	blk_queue_max_discard_sectors(q, lim->max_hw_discard_sectors);
	blk_queue_max_discard_segments(q, clamp_t(unsigned int, lim->max_discard_segments, 1, USHRT_MAX));
	q->limits.discard_granularity = lim->max_hw_discard_sectors ? max(lim->discard_granularity, pba) : 0;
	q->limits.discard_alignment = lim->discard_alignment;
	blk_queue_max_write_zeroes_sectors(q, lim->max_write_zeroes_sectors);

	gmx_queue_flag(q, QUEUE_FLAG_NONROT, !lim->rotational);
	gmx_queue_flag(q, QUEUE_FLAG_ADD_RANDOM, false);
	if (lim->nowait)
		blk_queue_flag_set(QUEUE_FLAG_NOWAIT, q);
}

/* The setter forgets what the user chose in queue/write_cache, so it is called only when the device has changed. */
static void gmx_queue_set_cache(struct request_queue *q, const struct gmx_limits *lim)
{
	bool cache = test_bit(QUEUE_FLAG_HW_WC, &q->queue_flags);
	bool fua = test_bit(QUEUE_FLAG_FUA, &q->queue_flags);

	if (cache != lim->write_cache || fua != (lim->write_cache && lim->fua))
		blk_queue_write_cache(q, lim->write_cache, lim->write_cache && lim->fua);
}

struct request_queue *gmx_admin_queue_alloc(struct blk_mq_tag_set *set, const struct gmx_limits *lim, void *queuedata)
{
	struct request_queue *q = blk_mq_init_queue(set);

	if (IS_ERR(q))
		return q;
	q->queuedata = queuedata;
	if (lim)
		gmx_queue_set_limits(q, lim);
	return q;
}

int gmx_disk_limits_set(struct gendisk *disk, const struct gmx_limits *lim)
{
	struct request_queue *q = disk->queue;
	unsigned int memflags = blk_mq_freeze_queue(q);

	gmx_queue_set_limits(q, lim);
	gmx_queue_set_cache(q, lim);
	blk_mq_unfreeze_queue(q, memflags);
	disk_update_readahead(disk);
	return 0;
}

#endif
