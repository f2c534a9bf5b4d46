// SPDX-License-Identifier: GPL-2.0-only
/* Host memory buffer (NVMe 1.4, 8.9): memory that the controller is lent until a reset, or until it is told. */
#include "gmx.h"

#include <linux/crash_dump.h>
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#define GMX_HMB_UNIT		4096u	/* of Identify's fields, whatever the page size */
#define GMX_HMB_MAX_PARTS	4096u	/* a list of 64 KiB */
#define GMX_HMB_ATTRS		(DMA_ATTR_NO_KERNEL_MAPPING | DMA_ATTR_NO_WARN)

struct gmx_hmb_part {
	void *cookie;
	dma_addr_t dma;
	size_t bytes;
};

void gmx_hmb_init(struct gmx_ctrl *ctrl)
{
	mutex_init(&ctrl->hmb.lock);
}

void gmx_hmb_identify(struct gmx_ctrl *ctrl, const struct gmx_id_ctrl *id)
{
	struct gmx_hmb *hmb = &ctrl->hmb;

	guard(mutex)(&hmb->lock);
	hmb->units_wanted = le32_to_cpu(id->hmpre);
	hmb->units_min = le32_to_cpu(id->hmmin);
	hmb->units_part = le32_to_cpu(id->hmminds);
	hmb->max_parts = le16_to_cpu(id->hmmaxd);
}

/* All sizes are multiples of this: the controller counts its own pages, which may be larger than ours. */
static size_t gmx_hmb_page(struct gmx_ctrl *ctrl)
{
	return max_t(size_t, PAGE_SIZE, 1u << ctrl->page_shift);
}

/* The controller does not use the memory any more. */
static void gmx_hmb_release(struct gmx_ctrl *ctrl)
{
	struct gmx_hmb *hmb = &ctrl->hmb;

	lockdep_assert_held(&hmb->lock);
	while (hmb->nr_parts) {
		struct gmx_hmb_part *part = &hmb->parts[--hmb->nr_parts];

		dma_free_attrs(ctrl->dma_dev, part->bytes, part->cookie, part->dma, GMX_HMB_ATTRS);
	}
	if (hmb->descs)
		dma_free_coherent(ctrl->dma_dev, hmb->nr_descs * sizeof(*hmb->descs), hmb->descs, hmb->descs_dma);
	kvfree(hmb->parts);
	hmb->descs = NULL;
	hmb->parts = NULL;
	hmb->size = 0;
	hmb->returned = false;
}

/* @want bytes in parts of @chunk, none below @least: as many as can be had. */
static void gmx_hmb_alloc_parts(struct gmx_ctrl *ctrl, u64 want, size_t chunk, size_t least)
{
	struct gmx_hmb *hmb = &ctrl->hmb;
	unsigned int max = hmb->max_parts ? min_t(unsigned int, hmb->max_parts, GMX_HMB_MAX_PARTS) : GMX_HMB_MAX_PARTS;

	hmb->nr_descs = min_t(u64, DIV_ROUND_UP_ULL(want, chunk), max);
	hmb->parts = kvcalloc(hmb->nr_descs, sizeof(*hmb->parts), GFP_KERNEL);
	hmb->descs = dma_alloc_coherent(ctrl->dma_dev, hmb->nr_descs * sizeof(*hmb->descs), &hmb->descs_dma,
					GFP_KERNEL | __GFP_NOWARN);
	if (!hmb->parts || !hmb->descs)
		return;
	while (hmb->nr_parts < hmb->nr_descs && hmb->size < want) {
		struct gmx_hmb_part *part = &hmb->parts[hmb->nr_parts];

		part->bytes = min_t(u64, chunk, want - hmb->size);
		if (part->bytes < least)
			break;
		part->cookie = dma_alloc_attrs(ctrl->dma_dev, part->bytes, &part->dma, GFP_KERNEL | __GFP_NOWARN,
					       GMX_HMB_ATTRS);
		if (!part->cookie)
			break;
		hmb->descs[hmb->nr_parts].addr = cpu_to_le64(part->dma);
		hmb->descs[hmb->nr_parts].pages = cpu_to_le32(part->bytes >> ctrl->page_shift);
		hmb->descs[hmb->nr_parts].rsvd12 = 0;
		hmb->size += part->bytes;
		hmb->nr_parts++;
	}
}

/* In the largest parts that add up to @min at least. */
static int gmx_hmb_alloc(struct gmx_ctrl *ctrl, u64 want, u64 min)
{
	size_t largest = PAGE_SIZE * MAX_ORDER_NR_PAGES, least, chunk;
	u64 part = (u64)ctrl->hmb.units_part * GMX_HMB_UNIT;
	bool merges = dma_get_merge_boundary(ctrl->dma_dev);

	/* An IOMMU makes one part of many pages. */
	if (part > (merges ? want : largest))
		return -ENOMEM;
	least = max_t(u64, part, gmx_hmb_page(ctrl));
	if (merges) {
		gmx_hmb_alloc_parts(ctrl, want, want, least);
		if (ctrl->hmb.nr_parts)
			return 0;
		gmx_hmb_release(ctrl);
	}
	for (chunk = min_t(u64, roundup_pow_of_two(want), largest); chunk >= least; chunk /= 2) {
		gmx_hmb_alloc_parts(ctrl, want, chunk, least);
		if (ctrl->hmb.nr_parts && ctrl->hmb.size >= min)
			return 0;
		gmx_hmb_release(ctrl);
	}
	return -ENOMEM;
}

static int gmx_hmb_send(struct gmx_ctrl *ctrl, u32 flags)
{
	struct gmx_hmb *hmb = &ctrl->hmb;
	struct gmx_sqe cmd = {
		.opcode	= GMX_ADM_SET_FEATURES,
		.cdw10	= cpu_to_le32(GMX_FEAT_HMB),
		.cdw11	= cpu_to_le32(flags),
		.cdw12	= cpu_to_le32(hmb->size >> ctrl->page_shift),
		.cdw13	= cpu_to_le32(lower_32_bits(hmb->descs_dma)),
		.cdw14	= cpu_to_le32(upper_32_bits(hmb->descs_dma)),
		.cdw15	= cpu_to_le32(hmb->nr_parts),
	};
	int ret = gmx_admin_sync(ctrl, &cmd, NULL, NULL, 0, GMX_CMD_RESET_PATH);

	if (!ret)
		WRITE_ONCE(hmb->on, flags & GMX_HMB_ENABLE);
	return ret;
}

static int gmx_hmb_give(struct gmx_ctrl *ctrl)
{
	u64 limit = (u64)READ_ONCE(gmx_max_host_mem_mb) << 20, want, min;
	struct device *dev = &ctrl->pdev->dev;
	struct gmx_hmb *hmb = &ctrl->hmb;
	bool first;
	int ret;

	want = (u64)hmb->units_wanted * GMX_HMB_UNIT;
	min = (u64)hmb->units_min * GMX_HMB_UNIT;
	limit = round_down(min(limit, want), gmx_hmb_page(ctrl));
	/* A crash kernel has little memory, and one file to write. */
	if (!limit || hmb->refused || is_kdump_kernel()) {
		gmx_hmb_release(ctrl);
		return 0;
	}
	if (min > limit) {
		gmx_hmb_release(ctrl);
		dev_warn(dev, "host memory buffer: the controller needs %llu KiB and may have %llu: none given, see max_host_mem_size_mb\n",
			 min >> 10, limit >> 10);
		return 0;
	}
	/* after a firmware update it may need more, or have another page size's worth */
	if (hmb->size && (hmb->size < min || hmb->size > limit))
		gmx_hmb_release(ctrl);
	if (!hmb->size && gmx_hmb_alloc(ctrl, limit, min)) {
		dev_warn(dev, "host memory buffer: no %llu KiB in parts that the controller can use: going on without\n",
			 max_t(u64, min, GMX_HMB_UNIT) >> 10);
		return 0;
	}
	ret = gmx_hmb_send(ctrl, GMX_HMB_ENABLE | (hmb->returned ? GMX_HMB_RETURN : 0));
	/* The command was cut off: whether the controller has the memory is not known before it is reset. */
	if (ret < 0)
		return ret;
	if (ret) {
		gmx_hmb_release(ctrl);
		dev_warn(dev, "host memory buffer: offered and refused with status %#x: going on without\n", ret);
		return 0;
	}
	first = !hmb->returned;
	hmb->returned = true;
	if (first)
		dev_info(dev, "host memory buffer: %llu KiB in %u parts, %llu wanted\n", hmb->size >> 10, hmb->nr_parts,
			 want >> 10);
	return 0;
}

/* Part of bringing the controller up, which has none of it after its reset. Negative: the controller went away. */
int gmx_hmb_setup(struct gmx_ctrl *ctrl)
{
	struct gmx_hmb *hmb = &ctrl->hmb;
	int ret;

	guard(mutex)(&hmb->lock);
	/* Lent by the administrator since the admin queue works again: not freed before the controller let go. */
	if (hmb->on) {
		ret = gmx_hmb_send(ctrl, 0);
		if (ret)
			return min(ret, 0);
		hmb->returned = false;
	}
	return gmx_hmb_give(ctrl);
}

/*
 * Before the controller loses power or is handed on. Who holds the lock has a command out, and waits for whoever stops
 * the controller: that ends the use too.
 */
void gmx_hmb_take_back(struct gmx_ctrl *ctrl)
{
	if (!mutex_trylock(&ctrl->hmb.lock))
		return;
	if (ctrl->hmb.on && gmx_hmb_send(ctrl, 0))
		dev_dbg(&ctrl->pdev->dev, "host memory buffer: not given back\n");
	mutex_unlock(&ctrl->hmb.lock);
}

/* The administrator's word, which outlives resets. */
int gmx_hmb_switch(struct gmx_ctrl *ctrl, bool on)
{
	struct gmx_hmb *hmb = &ctrl->hmb;
	int ret = 0;

	guard(mutex)(&hmb->lock);
	hmb->refused = !on;
	if (on == hmb->on)
		return 0;
	if (on) {
		ret = gmx_hmb_give(ctrl);
		return ret ? ret : hmb->on ? 0 : -EOPNOTSUPP;
	}
	ret = gmx_hmb_send(ctrl, 0);
	if (ret)
		return ret < 0 ? ret : -EIO;
	gmx_hmb_release(ctrl);
	return 0;
}

/* The controller is disabled, or cut off from memory. */
void gmx_hmb_free(struct gmx_ctrl *ctrl)
{
	guard(mutex)(&ctrl->hmb.lock);
	WRITE_ONCE(ctrl->hmb.on, false);
	gmx_hmb_release(ctrl);
}
