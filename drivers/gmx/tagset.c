// SPDX-License-Identifier: GPL-2.0-only
/* Tag sets, the admin request queue, and the gates that hold requests back while the controller is away. */
#include "gmx.h"

#include <linux/dma-mapping.h>

int gmx_tagset_alloc_admin(struct gmx_ctrl *ctrl)
{
	struct blk_mq_tag_set *set = &ctrl->admin_tagset;
	struct gmx_limits lim = {
		.logical_block_size	= SECTOR_SIZE,
		.max_hw_sectors		= min_t(size_t, (size_t)gmx_max_transfer_kb << 10,
						dma_max_mapping_size(ctrl->dma_dev)) >> SECTOR_SHIFT,
		.max_segments		= GMX_MAX_SEGS,
		.max_segment_size	= UINT_MAX,
		/* no SGLs on the admin queue */
		.virt_boundary_mask	= (1u << ctrl->page_shift) - 1,
		.dma_alignment		= 3,
	};
	int ret;

	set->ops = &gmx_admin_ops;
	set->queue_depth = GMX_ADMIN_TAGS;
	set->reserved_tags = GMX_ADMIN_RESERVED;
	set->nr_hw_queues = 1;
	set->numa_node = dev_to_node(ctrl->dma_dev);
	set->cmd_size = sizeof(struct gmx_req);
	set->timeout = msecs_to_jiffies(ctrl->timeouts.admin_ms);
	set->driver_data = ctrl;
	ret = blk_mq_alloc_tag_set(set);
	if (ret)
		return ret;

	ctrl->admin_q = gmx_admin_queue_alloc(set, &lim, NULL);
	if (IS_ERR(ctrl->admin_q)) {
		ret = PTR_ERR(ctrl->admin_q);
		ctrl->admin_q = NULL;
		blk_mq_free_tag_set(set);
		return ret;
	}
	return 0;
}

/*
 * Fit the I/O tag set to the queues that the controller has now. On a running set this waits for the I/O in flight, so
 * the queues must work and be unquiesced.
 */
int gmx_tagset_update(struct gmx_ctrl *ctrl)
{
	struct blk_mq_tag_set *set = &ctrl->tagset;
	unsigned int nr = ctrl->online_hwqs - 1;
	int ret;

	if (ctrl->tagset_ready) {
		if (ctrl->plan_changed)
			blk_mq_update_nr_hw_queues(set, nr);
		/* it says nothing when it has no memory for more */
		if (set->nr_hw_queues != nr) {
			dev_err(&ctrl->pdev->dev, "no memory to fit the disks to %u queues\n", nr);
			return -ENOMEM;
		}
		ctrl->plan_changed = false;
		return 0;
	}

	set->ops = dma_addressing_limited(ctrl->dma_dev) ? &gmx_io_bounce_ops : &gmx_io_ops;
	set->nr_hw_queues = nr;
	set->nr_maps = HCTX_MAX_TYPES;
	set->queue_depth = ctrl->q_depth - 1;
	set->numa_node = dev_to_node(ctrl->dma_dev);
	set->cmd_size = sizeof(struct gmx_req);
	set->flags = BLK_MQ_F_SHOULD_MERGE;
	set->timeout = msecs_to_jiffies(ctrl->timeouts.io_ms);
	set->driver_data = ctrl;
	ret = blk_mq_alloc_tag_set(set);
	if (ret) {
		dev_err(&ctrl->pdev->dev, "no memory for the tags of %u queues (error %d)\n", nr, ret);
		return ret;
	}
	ctrl->plan_changed = false;
	ctrl->tagset_ready = true;
	return 0;
}

void gmx_tagset_free(struct gmx_ctrl *ctrl)
{
	if (ctrl->tagset_ready)
		blk_mq_free_tag_set(&ctrl->tagset);
	ctrl->tagset_ready = false;
	if (!ctrl->admin_q)
		return;
	/* The queue itself stays for those who still have a node open: it tells them ENODEV. */
	blk_mq_destroy_queue(ctrl->admin_q);
	blk_mq_free_tag_set(&ctrl->admin_tagset);
}

/* On return no queue_rq is running and none will start. */
void gmx_tagset_quiesce(struct gmx_ctrl *ctrl)
{
	guard(mutex)(&ctrl->quiesce_lock);
	if (!ctrl->tagset_ready || ctrl->quiesced_io)
		return;
	gmx_ns_quiesce(ctrl);
	ctrl->quiesced_io = true;
}

void gmx_tagset_unquiesce(struct gmx_ctrl *ctrl)
{
	guard(mutex)(&ctrl->quiesce_lock);
	if (!ctrl->quiesced_io)
		return;
	gmx_ns_unquiesce(ctrl);
	ctrl->quiesced_io = false;
}

void gmx_tagset_quiesce_admin(struct gmx_ctrl *ctrl)
{
	guard(mutex)(&ctrl->quiesce_lock);
	if (!ctrl->admin_q || ctrl->quiesced_admin)
		return;
	blk_mq_quiesce_queue(ctrl->admin_q);
	ctrl->quiesced_admin = true;
}

void gmx_tagset_unquiesce_admin(struct gmx_ctrl *ctrl)
{
	guard(mutex)(&ctrl->quiesce_lock);
	if (!ctrl->quiesced_admin)
		return;
	blk_mq_unquiesce_queue(ctrl->admin_q);
	ctrl->quiesced_admin = false;
}
