// SPDX-License-Identifier: GPL-2.0-only
/* The controller object, and the registers that start and stop the controller (NVMe 1.4, 7.6). */
#include "gmx.h"

#include <linux/crash_dump.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/idr.h>
#include <linux/slab.h>

static DEFINE_IDA(gmx_instances);

static void gmx_ctrl_release(struct device *dev)
{
	struct gmx_ctrl *ctrl = container_of(dev, struct gmx_ctrl, dev);

	ida_free(&gmx_instances, ctrl->instance);
	cleanup_srcu_struct(&ctrl->srcu);
	if (ctrl->discard_page)
		__free_page(ctrl->discard_page);
	kfree(ctrl->effects);
	gmx_mgmt_free(ctrl);
	if (ctrl->admin_q)
		blk_put_queue(ctrl->admin_q);
	kvfree(ctrl->hwqs);
	pci_dev_put(ctrl->pdev);
	kfree(ctrl);
}

void gmx_ctrl_put(struct gmx_ctrl *ctrl)
{
	put_device(&ctrl->dev);
}

struct gmx_ctrl *gmx_ctrl_alloc(struct pci_dev *pdev)
{
	int node = dev_to_node(&pdev->dev), ret;
	struct gmx_ctrl *ctrl;

	ctrl = kzalloc_node(sizeof(*ctrl), GFP_KERNEL, node);
	if (!ctrl)
		return ERR_PTR(-ENOMEM);

	ctrl->state = GMX_NEW;
	spin_lock_init(&ctrl->state_lock);
	spin_lock_init(&ctrl->aen_lock);
	mutex_init(&ctrl->hw_lock);
	mutex_init(&ctrl->irq_lock);
	mutex_init(&ctrl->alone_lock);
	mutex_init(&ctrl->quiesce_lock);
	mutex_init(&ctrl->scan_lock);
	gmx_hmb_init(ctrl);
	init_waitqueue_head(&ctrl->state_wq);
	INIT_LIST_HEAD(&ctrl->namespaces);
	INIT_WORK(&ctrl->reset_work, gmx_recovery_reset_work);
	INIT_WORK(&ctrl->scan_work, gmx_ns_scan_work);
	INIT_WORK(&ctrl->aen_work, gmx_aen_work);
	INIT_DELAYED_WORK(&ctrl->watchdog, gmx_recovery_watchdog);
	INIT_DELAYED_WORK(&ctrl->budget_work, gmx_recovery_budget_work);
	INIT_DELAYED_WORK(&ctrl->rescan_work, gmx_ns_rescan_work);
	ctrl->timeouts.io_ms = gmx_io_timeout_ms;
	ctrl->timeouts.admin_ms = gmx_admin_timeout_ms;
	ctrl->timeouts.budget_ms = gmx_recovery_budget_ms;
	strscpy(ctrl->last_reset_reason, "none", sizeof(ctrl->last_reset_reason));
	ctrl->pdev = pci_dev_get(pdev);
	ctrl->dma_dev = &pdev->dev;

	ret = init_srcu_struct(&ctrl->srcu);
	if (ret)
		goto free;
	ret = ida_alloc(&gmx_instances, GFP_KERNEL);
	if (ret < 0)
		goto free_srcu;
	ctrl->instance = ret;

	/* From here on the device's release frees everything. */
	device_initialize(&ctrl->dev);
	ctrl->dev.class = &gmx_class;
	ctrl->dev.parent = &pdev->dev;
	ctrl->dev.groups = gmx_sysfs_ctrl_groups;
	ctrl->dev.release = gmx_ctrl_release;
	ctrl->dev.devt = gmx_chardev_devt(ctrl->instance);
	dev_set_drvdata(&ctrl->dev, ctrl);
	ret = dev_set_name(&ctrl->dev, "gmx%d", ctrl->instance);
	if (ret)
		goto put;

	ret = -ENOMEM;
	ctrl->discard_page = alloc_pages_node(node, GFP_KERNEL, 0);
	ctrl->wish.max_queues = GMX_QUEUES_BY_PARAMETER;
	ctrl->wish.write_queues = GMX_QUEUES_BY_PARAMETER;
	ctrl->wish.poll_queues = GMX_QUEUES_BY_PARAMETER;
	/* An admin queue, and at worst a default, a read and a poll queue for each CPU. */
	ctrl->nr_hwqs = 1 + 3 * num_possible_cpus();
	ctrl->hwqs = kvzalloc_node(array_size(ctrl->nr_hwqs, sizeof(*ctrl->hwqs)), GFP_KERNEL, node);
	if (!ctrl->discard_page || !ctrl->hwqs || gmx_mgmt_init(ctrl))
		goto put;
	return ctrl;

put:
	put_device(&ctrl->dev);
	return ERR_PTR(ret);
free_srcu:
	cleanup_srcu_struct(&ctrl->srcu);
free:
	pci_dev_put(pdev);
	kfree(ctrl);
	return ERR_PTR(ret);
}

/*
 * Of a big space's list: enough for the driver's own transfer limit, so that it does not depend on what the controller
 * says after a reset.
 */
static void gmx_ctrl_size_descriptors(struct gmx_ctrl *ctrl)
{
	size_t prps = gmx_prp_room(gmx_max_transfer_kb << 10, ctrl->page_shift) * sizeof(__le64);

	ctrl->desc_size = roundup_pow_of_two(max(prps, GMX_MAX_SEGS * sizeof(struct gmx_sgl_desc)));
}

/* What must hold before a single register is written. */
int gmx_ctrl_check_caps(struct gmx_ctrl *ctrl)
{
	struct device *dev = &ctrl->pdev->dev;
	u32 csts = gmx_reg_read(ctrl, GMX_REG_CSTS);
	unsigned int min, max;

	if (csts == GMX_CSTS_GONE) {
		dev_err(dev, "registers read as all ones: the device does not answer\n");
		return -ENODEV;
	}
	ctrl->cap = gmx_reg_read64(ctrl, GMX_REG_CAP);
	ctrl->vs = gmx_reg_read(ctrl, GMX_REG_VS);

	if (!(ctrl->vs >> 16)) {
		dev_err(dev, "no version of NVMe (VS %#x)\n", ctrl->vs);
		return -EOPNOTSUPP;
	}
	min = 12 + GMX_CAP_MPSMIN(ctrl->cap);
	max = 12 + GMX_CAP_MPSMAX(ctrl->cap);
	if (min > PAGE_SHIFT || max < min) {
		dev_err(dev, "controller pages of 2^%u to 2^%u bytes do not fit the host's 2^%d\n", min, max,
			PAGE_SHIFT);
		return -EOPNOTSUPP;
	}
	/* The smallest page gives the finest PRPs, and every host has it. */
	if (!ctrl->admin_q) {
		ctrl->page_shift = min;
		/* a bounce buffer must not break what PRPs rely on */
		dma_set_min_align_mask(ctrl->dma_dev, (1u << min) - 1);
	}

	if (!(GMX_CAP_CSS(ctrl->cap) & (GMX_CAP_CSS_NVM | GMX_CAP_CSS_CSI))) {
		dev_err(dev, "no NVM command set (CAP.CSS %#llx)\n", GMX_CAP_CSS(ctrl->cap));
		return -EOPNOTSUPP;
	}
	if (!GMX_CAP_MQES(ctrl->cap)) {
		dev_err(dev, "queues of one entry (CAP.MQES 0) are not possible\n");
		return -EOPNOTSUPP;
	}
	ctrl->db_stride = 1u << GMX_CAP_DSTRD(ctrl->cap);
	if (GMX_REG_DBS + 2 * 2 * ctrl->db_stride * sizeof(u32) > ctrl->bar_size) {
		dev_err(dev, "BAR 0 of %zu bytes has no room for two doorbell pairs\n", ctrl->bar_size);
		return -EOPNOTSUPP;
	}
	/* Memory and tags were sized by the first start: a controller that no longer fits them is another one. */
	if (ctrl->admin_q) {
		if (ctrl->page_shift < min || ctrl->page_shift > max ||
		    GMX_CAP_MQES(ctrl->cap) + 1 < ctrl->ring_depth) {
			dev_err(dev, "CAP changed over a reset to %#llx: unbind and bind again\n", ctrl->cap);
			return -EOPNOTSUPP;
		}
	} else {
		ctrl->q_depth = min3(gmx_io_queue_depth + 1, (unsigned int)GMX_CAP_MQES(ctrl->cap) + 1,
				     GMX_MAX_DEPTH + 1u);
		/* blk-mq gives it no more tags */
		if (is_kdump_kernel())
			ctrl->q_depth = min(ctrl->q_depth, GMX_KDUMP_DEPTH);
		ctrl->ring_depth = ctrl->q_depth;
		gmx_ctrl_size_descriptors(ctrl);
	}
	dev_dbg(dev, "CAP %#llx, NVMe %u.%u, CSTS %#x\n", ctrl->cap, ctrl->vs >> 16, (ctrl->vs >> 8) & 0xff, csts);
	return 0;
}

/* For one that was given its time before, and did not stop. */
#define GMX_STUCK_MS	100u

/* CAP.TO counts 500 ms; 0 is a controller's mistake, not a wish for no time. */
unsigned int gmx_ctrl_ready_ms(struct gmx_ctrl *ctrl)
{
	return (GMX_CAP_TO(ctrl->cap) + 1) * 500;
}

static int gmx_ctrl_wait_csts(struct gmx_ctrl *ctrl, u32 mask, u32 want, unsigned int ms, const char *what)
{
	unsigned long end = jiffies + msecs_to_jiffies(ms);
	u32 csts;

	for (;;) {
		csts = gmx_reg_read(ctrl, GMX_REG_CSTS);
		if (csts == GMX_CSTS_GONE || ctrl->gone)
			return -ENODEV;
		if ((csts & mask) == want)
			return 0;
		if (time_after(jiffies, end))
			break;
		usleep_range(500, 2000);
	}
	dev_err(&ctrl->pdev->dev, "%s: not within %u ms (CSTS %#x)\n", what, ms, csts);
	return -ETIMEDOUT;
}

int gmx_ctrl_hw_disable(struct gmx_ctrl *ctrl)
{
	unsigned int want = ctrl->ready_stuck ? GMX_STUCK_MS : gmx_ctrl_ready_ms(ctrl), ms;
	int ret;

	ctrl->cc = gmx_reg_read(ctrl, GMX_REG_CC) & ~(GMX_CC_SHN_MASK | GMX_CC_EN);
	gmx_reg_write(ctrl, GMX_REG_CC, ctrl->cc);
	/* Within an episode I/O waits for this, so the budget bounds it; the caller then cuts off bus mastering. */
	ms = gmx_recovery_clip(ctrl, want);
	ret = gmx_ctrl_wait_csts(ctrl, GMX_CSTS_RDY, 0, ms, "controller disable");
	ctrl->ready_stuck = ret == -ETIMEDOUT && (ctrl->ready_stuck || ms == want);
	return ret;
}

int gmx_ctrl_hw_enable(struct gmx_ctrl *ctrl)
{
	u32 cc;

	cc = GMX_CC_MPS(ctrl->page_shift) | GMX_CC_IOSQES(GMX_SQE_SHIFT) | GMX_CC_IOCQES(GMX_CQE_SHIFT);
	cc |= ctrl->weighted ? GMX_CC_AMS_WRR : GMX_CC_AMS_RR;
	cc |= GMX_CAP_CSS(ctrl->cap) & GMX_CAP_CSS_NVM ? GMX_CC_CSS_NVM : GMX_CC_CSS_CSI;
	/* Settings first, then EN: some controllers look at the rest only when EN was already clear. */
	gmx_reg_write(ctrl, GMX_REG_CC, cc);
	ctrl->cc = cc | GMX_CC_EN;
	gmx_reg_write(ctrl, GMX_REG_CC, ctrl->cc);
	return gmx_ctrl_wait_csts(ctrl, GMX_CSTS_RDY | GMX_CSTS_CFS, GMX_CSTS_RDY, gmx_ctrl_ready_ms(ctrl),
				  "controller enable");
}

/* Tell the controller that power may go (NVMe 1.4, 7.6.2). */
int gmx_ctrl_hw_shutdown(struct gmx_ctrl *ctrl)
{
	u32 cc = gmx_reg_read(ctrl, GMX_REG_CC) & ~GMX_CC_SHN_MASK;

	if (!(cc & GMX_CC_EN))
		return 0;
	ctrl->cc = cc | GMX_CC_SHN_NORMAL;
	gmx_reg_write(ctrl, GMX_REG_CC, ctrl->cc);
	return gmx_ctrl_wait_csts(ctrl, GMX_CSTS_SHST_MASK, GMX_CSTS_SHST_DONE, clamp(ctrl->rtd3e_ms, 5000u, 60000u),
				  "controller shutdown");
}
