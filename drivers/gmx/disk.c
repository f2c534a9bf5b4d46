// SPDX-License-Identifier: GPL-2.0-only
/* What the block layer is told about a namespace: format, limits, capacity; and the block node's operations. */
#include "gmx.h"

#include <linux/dma-mapping.h>
#include <linux/hdreg.h>
#include <linux/log2.h>
#include <linux/overflow.h>
#include <linux/sched/mm.h>

/* Sizes above this are no hints worth following, and would overflow in the block layer's arithmetic. */
#define GMX_DISK_HINT_MAX	SZ_1G

/* The part of Identify Namespace that the I/O path works with. */
struct gmx_disk_format {
	u8 index;
	u8 lba_shift;
	u16 ms;
	bool ms_extended;
	bool ms_is_pi;
	u64 sectors;
};

/* What holds for every command, also for those that are passed through. */
void gmx_disk_limits_base(struct gmx_ctrl *ctrl, struct gmx_limits *lim)
{
	lim->logical_block_size = SECTOR_SIZE;
	/* The block layer takes nothing below a page; where MDTS is smaller, there is no disk and still a node. */
	lim->max_hw_sectors = max_t(u32, ctrl->max_transfer, PAGE_SIZE) >> SECTOR_SHIFT;
	lim->max_segments = GMX_MAX_SEGS;
	lim->max_segment_size = UINT_MAX;
	/* SGLs describe any hole between segments, PRPs none. */
	if (!ctrl->sgl)
		lim->virt_boundary_mask = (1u << ctrl->page_shift) - 1;
	lim->dma_alignment = 3;
}

/* NULL, or why no disk can serve this format; every value here is the device's word only. */
static const char *gmx_disk_parse(const struct gmx_ctrl *ctrl, const struct gmx_id_ns *id, struct gmx_disk_format *fmt)
{
	u64 blocks = le64_to_cpu(id->nsze);
	const struct gmx_lbaf *lbaf;
	unsigned int nr = id->nlbaf + 1;

	/* The upper index bits count only where there are that many formats. */
	fmt->index = nr > 16 ? GMX_FLBAS_INDEX(id->flbas) : id->flbas & 0xf;
	fmt->lba_shift = SECTOR_SHIFT;
	fmt->ms = 0;
	fmt->ms_extended = false;
	fmt->ms_is_pi = false;
	fmt->sectors = 0;
	if (fmt->index >= nr || fmt->index >= ARRAY_SIZE(id->lbaf))
		return "its format does not exist";

	lbaf = &id->lbaf[fmt->index];
	if (lbaf->ds < SECTOR_SHIFT || lbaf->ds > 31)
		return "unusable block size";
	fmt->lba_shift = lbaf->ds;
	fmt->ms = le16_to_cpu(lbaf->ms);
	fmt->ms_extended = fmt->ms && (id->flbas & GMX_FLBAS_EXTENDED);
	fmt->ms_is_pi = fmt->ms == GMX_PI_SIZE && (id->dps & GMX_DPS_TYPE_MASK);
	if (lbaf->ds > ilog2(BLK_MAX_BLOCK_SIZE))
		return "blocks larger than this kernel serves";
	if (fmt->ms)
		return "metadata";
	if (!blocks)
		return "no capacity";
	if (blocks > (u64)LLONG_MAX >> lbaf->ds)
		return "impossible capacity";
	if (max_t(u32, 1u << lbaf->ds, PAGE_SIZE) > ctrl->max_transfer)
		return "the controller transfers less than a block or page at once";
	fmt->sectors = blocks << (lbaf->ds - SECTOR_SHIFT);
	return NULL;
}

/* @count blocks of @bs bytes, or @otherwise where that is no sensible size. */
static u32 gmx_disk_bytes(u32 count, u32 bs, u32 otherwise)
{
	u64 bytes = (u64)count * bs;

	return bytes <= GMX_DISK_HINT_MAX ? bytes : otherwise;
}

/* Returns how many bytes are written whole or not at all when power fails. */
static u32 gmx_disk_limits_atomic(const struct gmx_ctrl *ctrl, const struct gmx_id_ns *id, u32 bs,
				  struct gmx_limits *lim)
{
	u32 units = ctrl->awupf, bytes, boundary = 0;

	/* An offset of the boundaries is nothing that the block layer knows. */
	if (id->nabo)
		return bs;
	if ((id->nsfeat & GMX_NSFEAT_ATOMICS) && id->nawupf)
		units = le16_to_cpu(id->nawupf);
	bytes = gmx_disk_bytes(units + 1, bs, bs);

	if (id->nabspf) {
		boundary = gmx_disk_bytes(le16_to_cpu(id->nabspf) + 1, bs, 0);
		if (!boundary || !is_power_of_2(boundary))
			return bs;
		bytes = min(bytes, boundary);
	}
	if (lim->chunk_sectors) {
		bytes = min_t(u64, bytes, (u64)lim->chunk_sectors << SECTOR_SHIFT);
		if (boundary && (((u64)lim->chunk_sectors << SECTOR_SHIFT) & (boundary - 1)))
			return bytes;
	}

	lim->atomic_write_hw_max = bytes;
	lim->atomic_write_hw_boundary = boundary;
	lim->atomic_write_hw_unit_min = bs;
	lim->atomic_write_hw_unit_max = rounddown_pow_of_two(bytes);
	return bytes;
}

static void gmx_disk_limits_sizes(const struct gmx_ctrl *ctrl, const struct gmx_id_ns *id, u32 bs,
				  struct gmx_limits *lim)
{
	u32 noiob = le16_to_cpu(id->noiob) * (bs >> SECTOR_SHIFT);
	u32 atomic, write = bs, optimal = 0;

	if (is_power_of_2(noiob))
		lim->chunk_sectors = noiob;
	atomic = gmx_disk_limits_atomic(ctrl, id, bs, lim);

	if (id->nsfeat & GMX_NSFEAT_OPTPERF) {
		write = gmx_disk_bytes(le16_to_cpu(id->npwg) + 1, bs, bs);
		if (id->nows)
			optimal = gmx_disk_bytes(le16_to_cpu(id->nows) + 1, bs, 0);
	}
	lim->logical_block_size = bs;
	/* File systems take a physical block for something that is never torn. */
	lim->physical_block_size = rounddown_pow_of_two(min(write, atomic));
	lim->io_min = write;
	lim->io_opt = optimal;
}

/* Whether Write Zeroes may deallocate, and reading still gives zeroes. */
static bool gmx_disk_deac(const struct gmx_id_ns *id)
{
	return (id->dlfeat & GMX_DLFEAT_READ_MASK) == GMX_DLFEAT_READ_ZERO && (id->dlfeat & GMX_DLFEAT_DEAC);
}

static void gmx_disk_limits_offloads(const struct gmx_ctrl *ctrl, const struct gmx_id_ns *id, u32 bs,
				     struct gmx_limits *lim)
{
	if (ctrl->oncs & GMX_ONCS_DSM) {
		lim->max_hw_discard_sectors = UINT_MAX;
		lim->max_discard_segments = GMX_DSM_MAX_RANGES;
		lim->discard_granularity = bs;
		if (id->nsfeat & GMX_NSFEAT_OPTPERF)
			lim->discard_granularity = gmx_disk_bytes(max(le16_to_cpu(id->npdg), le16_to_cpu(id->npda)) + 1,
								  bs, bs);
	}
	/* MDTS does not bind it, but the time that it takes should stay a command's. NLB has 16 bits. */
	if (ctrl->oncs & GMX_ONCS_WRITE_ZEROES)
		lim->max_write_zeroes_sectors = min_t(u64, ctrl->max_transfer, (u64)bs << 16) >> SECTOR_SHIFT;
	if (gmx_disk_deac(id))
		lim->max_wzeroes_unmap_sectors = lim->max_write_zeroes_sectors;
}

static void gmx_disk_limits(const struct gmx_ctrl *ctrl, const struct gmx_id_ns *id, u32 bs, struct gmx_limits *lim)
{
	gmx_disk_limits_sizes(ctrl, id, bs, lim);
	gmx_disk_limits_offloads(ctrl, id, bs, lim);
	lim->write_cache = ctrl->vwc & GMX_VWC_PRESENT;
	lim->fua = lim->write_cache;
	lim->nowait = true;
	lim->poll = ctrl->tagset.map[HCTX_TYPE_POLL].nr_queues;
}

static void gmx_disk_report(struct gmx_ns *ns, const char *why, const struct gmx_id_ns *id,
			    const struct gmx_disk_format *fmt)
{
	struct device *dev = &ns->ctrl->dev;
	const struct gmx_lbaf *lbaf = &id->lbaf[fmt->index];

	if (why)
		dev_warn(dev, "namespace %u: no disk: %s (format %u: blocks of 2^%u + %u bytes, %llu of them); its node /dev/gmxg%dn%u takes commands\n",
			 ns->nsid, why, fmt->index, lbaf->ds, le16_to_cpu(lbaf->ms), le64_to_cpu(id->nsze),
			 ns->ctrl->instance, ns->nsid);
	else if (ns->unserved)
		dev_info(dev, "namespace %u can be served now\n", ns->nsid);
	ns->unserved = why;
}

/*
 * Fit the disk to what Identify Namespace says, under scan_lock. 0: it can be served; a negative errno: not, the reason
 * has been said once, and a disk that is there already is empty.
 */
int gmx_disk_update(struct gmx_ns *ns, struct gmx_id_ns *id)
{
	struct gmx_ctrl *ctrl = ns->ctrl;
	struct gmx_limits lim = { };
	struct gmx_disk_format fmt;
	unsigned int noio;
	const char *why;
	int ret;

	gmx_disk_limits_base(ctrl, &lim);
	why = gmx_disk_parse(ctrl, id, &fmt);
	if (!why)
		gmx_disk_limits(ctrl, id, 1u << fmt.lba_shift, &lim);

	/* Block size and limits change together, with no I/O between them. */
	noio = memalloc_noio_save();
	blk_freeze_queue_start_non_owner(ns->queue);
	blk_mq_freeze_queue_wait(ns->queue);
	ns->lba_shift = fmt.lba_shift;
	ns->ms = fmt.ms;
	ns->ms_extended = fmt.ms_extended;
	ns->ms_is_pi = fmt.ms_is_pi;
	ns->deac = gmx_disk_deac(id);
	ret = gmx_disk_limits_set(ns->disk, &lim);
	if (ret && !why)
		why = "the block layer refuses its limits";
	/* Every bit: whatever waited for the queue is refused. */
	ns->lba_mask = why ? UINT_MAX : (1u << (fmt.lba_shift - SECTOR_SHIFT)) - 1;
	blk_mq_unfreeze_queue_non_owner(ns->queue);
	memalloc_noio_restore(noio);

	if (!why && fmt.sectors < get_capacity(ns->disk) && disk_openers(ns->disk))
		dev_warn(&ctrl->dev, "namespace %u shrank from %llu to %llu bytes while in use: what lay behind is lost\n",
			 ns->nsid, (u64)get_capacity(ns->disk) << SECTOR_SHIFT, (u64)fmt.sectors << SECTOR_SHIFT);
	set_disk_ro(ns->disk, id->nsattr & GMX_NSATTR_WRITE_PROT);
	set_capacity_and_notify(ns->disk, why ? 0 : fmt.sectors);
	if (why != ns->unserved)
		gmx_disk_report(ns, why, id, &fmt);
	return why ? -EOPNOTSUPP : 0;
}

/* What the namespace is cannot be known: nothing is sent until a scan tells. Called with its queue frozen. */
void gmx_disk_empty(struct gmx_ns *ns)
{
	ns->lba_mask = UINT_MAX;
	set_capacity(ns->disk, 0);
}

static int gmx_disk_open(struct gendisk *disk, blk_mode_t mode)
{
	struct gmx_ns *ns = disk->private_data;

	return !READ_ONCE(ns->removing) && gmx_ns_get(ns) ? 0 : -ENXIO;
}

static void gmx_disk_release(struct gendisk *disk)
{
	gmx_ns_put(disk->private_data);
}

/* Made up, as everywhere: partitioning tools still ask. */
static int gmx_disk_getgeo(struct gendisk *disk, struct hd_geometry *geo)
{
	geo->heads = 1 << 6;
	geo->sectors = 1 << 5;
	geo->cylinders = get_capacity(disk) >> 11;
	return 0;
}

static int gmx_disk_ioctl(struct block_device *bdev, blk_mode_t mode, unsigned int cmd, unsigned long arg)
{
	struct gmx_ns *ns = bdev->bd_disk->private_data;
	unsigned int flags = 0;

	if (mode & BLK_OPEN_WRITE)
		flags |= GMX_IOCTL_WRITE;
	if (bdev_is_partition(bdev))
		flags |= GMX_IOCTL_PARTITION;
	return gmx_ioctl_ns(ns, cmd, (void __user *)arg, flags);
}

GMX_OP_BDEV_OPEN(gmx_disk_op_open, gmx_disk_open)
GMX_OP_BDEV_RELEASE(gmx_disk_op_release, gmx_disk_release)
GMX_OP_GETGEO(gmx_disk_op_getgeo, gmx_disk_getgeo)

const struct block_device_operations gmx_disk_ops = {
	.owner		= THIS_MODULE,
	.open		= gmx_disk_op_open,
	.release	= gmx_disk_op_release,
	.ioctl		= gmx_disk_ioctl,
	.compat_ioctl	= blkdev_compat_ptr_ioctl,
	.getgeo		= gmx_disk_op_getgeo,
};
