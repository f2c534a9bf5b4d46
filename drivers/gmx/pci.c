// SPDX-License-Identifier: GPL-2.0-only
/* Probe and removal, the BAR, and the bus's own error handling. */
#include "gmx.h"

#include <linux/aer.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/pci.h>

#include <gmx/vendor.h>

#include "trace.h"

/* driver_data: how many address bits the family's DMA engine has, 0: all 64. An id from new_id brings its own. */
static const struct pci_device_id gmx_pci_ids[] = {
	{ PCI_DEVICE(GMX_PCI_VENDOR, GMX_PCI_G1), .driver_data = 32 },
	{ PCI_DEVICE(GMX_PCI_VENDOR, GMX_PCI_G2) },
	{ PCI_DEVICE(GMX_PCI_VENDOR, GMX_PCI_G3) },
	{ PCI_DEVICE(GMX_PCI_VENDOR, GMX_PCI_G3_VF) },
	{ }
};
MODULE_DEVICE_TABLE(pci, gmx_pci_ids);

/* A read of configuration space is the one question that an absent device answers reliably. */
bool gmx_pci_present(struct gmx_ctrl *ctrl)
{
	if (ctrl->gone)
		return false;
	/* Behind a frozen link nothing can be asked; the bus's error handling decides. */
	return ctrl->pdev->error_state == pci_channel_io_frozen || pci_device_is_present(ctrl->pdev);
}

int gmx_pci_enable(struct gmx_ctrl *ctrl)
{
	struct pci_dev *pdev = ctrl->pdev;
	struct device *dev = &pdev->dev;
	int ret;

	ret = pci_enable_device_mem(pdev);
	if (ret) {
		dev_err(dev, "cannot enable the device (error %d)\n", ret);
		return ret;
	}
	ret = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(ctrl->dma_bits));
	if (ret) {
		dev_err(dev, "the host cannot give %u bit DMA addresses (error %d)\n", ctrl->dma_bits, ret);
		goto disable;
	}
	dma_set_max_seg_size(dev, UINT_MAX);

	ret = pci_request_mem_regions(pdev, "gmx");
	if (ret) {
		dev_err(dev, "BAR 0 is in use by somebody else (error %d)\n", ret);
		goto disable;
	}
	ctrl->bar_size = pci_resource_len(pdev, 0);
	if (ctrl->bar_size < GMX_REG_DBS + SZ_4K) {
		dev_err(dev, "BAR 0 has %zu bytes, registers and doorbells need %u\n", ctrl->bar_size,
			(unsigned int)(GMX_REG_DBS + SZ_4K));
		ret = -ENODEV;
		goto release;
	}
	ctrl->bar = ioremap(pci_resource_start(pdev, 0), ctrl->bar_size);
	if (!ctrl->bar) {
		dev_err(dev, "cannot map %zu bytes of BAR 0\n", ctrl->bar_size);
		ret = -ENOMEM;
		goto release;
	}
	pci_save_state(pdev);
	return 0;

release:
	pci_release_mem_regions(pdev);
disable:
	pci_disable_device(pdev);
	return ret;
}

void gmx_pci_disable(struct gmx_ctrl *ctrl)
{
	if (!ctrl->bar)
		return;
	iounmap(ctrl->bar);
	ctrl->bar = NULL;
	pci_release_mem_regions(ctrl->pdev);
	pci_disable_device(ctrl->pdev);
}

/* Reset of the whole function; configuration space comes back as probe left it. */
int gmx_pci_function_reset(struct gmx_ctrl *ctrl)
{
	struct pci_dev *pdev = ctrl->pdev;
	int ret;

	if (!gmx_pci_present(ctrl))
		return -ENODEV;
	ret = pcie_reset_flr(pdev, PCI_RESET_DO_RESET);
	if (ret)
		return ret;
	pci_restore_state(pdev);
	pci_save_state(pdev);
	return 0;
}

/* Reset of everything behind the port, namespaces and other controllers of the subsystem included. */
int gmx_pci_subsystem_reset(struct gmx_ctrl *ctrl)
{
	unsigned int tries;

	gmx_reg_write(ctrl, GMX_REG_NSSR, GMX_NSSR_MAGIC);
	/* The link goes down and trains anew; a second is what PCIe allows for that. */
	for (tries = 0; tries < 10; tries++) {
		msleep(100);
		if (gmx_pci_present(ctrl)) {
			pci_restore_state(ctrl->pdev);
			pci_save_state(ctrl->pdev);
			return 0;
		}
	}
	return -ENODEV;
}

static int gmx_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct gmx_ctrl *ctrl;
	int ret;

	/* By new_id and driver_override anything comes here, whose registers may mean something else. */
	if (!pci_match_id(gmx_pci_ids, pdev) && pdev->class != PCI_CLASS_STORAGE_EXPRESS) {
		dev_err(&pdev->dev, "%04x:%04x is no Gigamax controller, and its class %06x is not NVMe's (%06x): left alone\n",
			pdev->vendor, pdev->device, pdev->class, PCI_CLASS_STORAGE_EXPRESS);
		return -ENODEV;
	}
	ctrl = gmx_ctrl_alloc(pdev);
	if (IS_ERR(ctrl)) {
		/* dev_err_probe() keeps quiet about memory */
		dev_err(&pdev->dev, "no memory for the controller (error %ld)\n", PTR_ERR(ctrl));
		return PTR_ERR(ctrl);
	}
	pci_set_drvdata(pdev, ctrl);
	ctrl->dma_bits = id->driver_data ? id->driver_data : 64;

	ctrl->wq = alloc_workqueue("gmx%d", WQ_MEM_RECLAIM | WQ_UNBOUND, 0, ctrl->instance);
	if (!ctrl->wq) {
		ret = -ENOMEM;
		dev_err(&pdev->dev, "no memory for the controller's work queue\n");
		goto put;
	}
	ret = gmx_pci_enable(ctrl);
	if (ret)
		goto destroy_wq;
	ret = gmx_recovery_start(ctrl);
	if (ret) {
		dev_err(&pdev->dev, "controller start failed (error %d)\n", ret);
		/* a driver that does not serve a device, to the driver core */
		if (ret == -EOPNOTSUPP)
			ret = -ENODEV;
		goto disable;
	}
	ret = gmx_chardev_add_ctrl(ctrl);
	if (ret) {
		dev_err(&pdev->dev, "cannot create the controller's node (error %d)\n", ret);
		goto stop;
	}
	gmx_mgmt_add(ctrl);
	gmx_ns_queue_scan(ctrl);
	return 0;

stop:
	gmx_ctrl_event(ctrl, GMX_EV_REMOVE);
	gmx_recovery_stop(ctrl);
	cancel_work_sync(&ctrl->aen_work);
	cancel_work_sync(&ctrl->scan_work);
	cancel_delayed_work_sync(&ctrl->rescan_work);
	gmx_ns_remove_all(ctrl);
	/* what events have begun; nothing of it was added */
	gmx_mgmt_del(ctrl);
	gmx_setup_disable(ctrl, true);
	gmx_tagset_unquiesce(ctrl);
disable:
	gmx_ctrl_event(ctrl, GMX_EV_REMOVE);
	gmx_recovery_stop(ctrl);
	gmx_setup_free(ctrl);
	/* once more: until now there were time-outs */
	gmx_recovery_stop(ctrl);
	gmx_pci_disable(ctrl);
destroy_wq:
	destroy_workqueue(ctrl->wq);
put:
	pci_set_drvdata(pdev, NULL);
	gmx_ctrl_put(ctrl);
	return ret;
}

static void gmx_pci_remove(struct pci_dev *pdev)
{
	struct gmx_ctrl *ctrl = pci_get_drvdata(pdev);
	bool stopped;

	/* A reset that runs may still bring the disks back for what is to be written; one that cannot end, ends now. */
	if (!pci_device_is_present(pdev))
		gmx_recovery_gone(ctrl);
	/* a subsystem reset stops the controller first, and queues the work before it gives the lock back */
	mutex_lock(&ctrl->hw_lock);
	mutex_unlock(&ctrl->hw_lock);
	flush_work(&ctrl->reset_work);
	gmx_ctrl_event(ctrl, GMX_EV_REMOVE);
	gmx_recovery_stop(ctrl);
	/*
	 * Gone, given up, asleep, or stopped for a reset that removal has overtaken: what waits behind the gates never
	 * gets further, and is failed. Under the lock, from which on nobody stops it any more.
	 */
	mutex_lock(&ctrl->hw_lock);
	stopped = ctrl->gone || !ctrl->online_hwqs;
	if (stopped) {
		gmx_setup_disable(ctrl, false);
		gmx_tagset_unquiesce_admin(ctrl);
		gmx_recovery_undrain(ctrl);
	}
	mutex_unlock(&ctrl->hw_lock);
	if (stopped)
		gmx_ns_mark_dead(ctrl);

	cancel_work_sync(&ctrl->aen_work);
	cancel_work_sync(&ctrl->scan_work);
	cancel_delayed_work_sync(&ctrl->rescan_work);
	gmx_ns_remove_all(ctrl);
	gmx_mgmt_del(ctrl);
	/* after its children in sysfs */
	gmx_chardev_del_ctrl(ctrl);

	mutex_lock(&ctrl->hw_lock);
	gmx_setup_disable(ctrl, true);
	mutex_unlock(&ctrl->hw_lock);
	gmx_setup_free(ctrl);
	/* once more: until now there were time-outs */
	gmx_recovery_stop(ctrl);
	/* who still has the node open may look at the mapping, under the same lock */
	mutex_lock(&ctrl->hw_lock);
	gmx_pci_disable(ctrl);
	mutex_unlock(&ctrl->hw_lock);
	destroy_workqueue(ctrl->wq);
	pci_set_drvdata(pdev, NULL);
	gmx_ctrl_put(ctrl);
}

static void gmx_pci_shutdown(struct pci_dev *pdev)
{
	struct gmx_ctrl *ctrl = pci_get_drvdata(pdev);

	/* Nothing starts it again: the next kernel may own the memory by then. */
	gmx_ctrl_event(ctrl, GMX_EV_REMOVE);
	gmx_recovery_stop(ctrl);
	mutex_lock(&ctrl->hw_lock);
	gmx_setup_disable(ctrl, true);
	mutex_unlock(&ctrl->hw_lock);
}

/* Shut down in good order where somebody else does the reset; gmx_recovery_reset_work() picks up from there. */
static void gmx_pci_stop_for_reset(struct gmx_ctrl *ctrl, const char *reason)
{
	mutex_lock(&ctrl->hw_lock);
	gmx_recovery_hold(ctrl, reason);
	gmx_recovery_episode_begin(ctrl);
	gmx_dump_collect(ctrl);
	gmx_setup_disable(ctrl, false);
	mutex_unlock(&ctrl->hw_lock);
}

static void __maybe_unused gmx_pci_cor_error_detected(struct pci_dev *pdev)
{
	struct gmx_ctrl *ctrl = pci_get_drvdata(pdev);

	trace_gmx_pci_error(ctrl, GMX_PCI_CORRECTED, 0);
	atomic64_inc(&ctrl->counters.pci_errors_corrected);
}

static pci_ers_result_t gmx_pci_error_detected(struct pci_dev *pdev, pci_channel_state_t channel)
{
	struct gmx_ctrl *ctrl = pci_get_drvdata(pdev);

	trace_gmx_pci_error(ctrl, GMX_PCI_ERROR_DETECTED, (__force unsigned int)channel);
	switch (channel) {
	case pci_channel_io_normal:
		return PCI_ERS_RESULT_CAN_RECOVER;
	case pci_channel_io_frozen:
		dev_warn(&pdev->dev, "bus error: link is frozen, reset asked for\n");
		gmx_pci_stop_for_reset(ctrl, "PCI error");
		return PCI_ERS_RESULT_NEED_RESET;
	default:
		dev_err(&pdev->dev, "bus error: link is lost for good\n");
		gmx_recovery_gone(ctrl);
		return PCI_ERS_RESULT_DISCONNECT;
	}
}

/* After an uncorrected but non-fatal error registers can be read: is the controller all right? */
static pci_ers_result_t gmx_pci_mmio_enabled(struct pci_dev *pdev)
{
	struct gmx_ctrl *ctrl = pci_get_drvdata(pdev);
	u32 csts = gmx_reg_read(ctrl, GMX_REG_CSTS);

	trace_gmx_pci_error(ctrl, GMX_PCI_MMIO_ENABLED, 0);
	if (csts == GMX_CSTS_GONE || (csts & GMX_CSTS_CFS)) {
		gmx_pci_stop_for_reset(ctrl, "PCI error");
		return PCI_ERS_RESULT_NEED_RESET;
	}
	return PCI_ERS_RESULT_RECOVERED;
}

static pci_ers_result_t gmx_pci_slot_reset(struct pci_dev *pdev)
{
	struct gmx_ctrl *ctrl = pci_get_drvdata(pdev);

	trace_gmx_pci_error(ctrl, GMX_PCI_SLOT_RESET, 0);
	WRITE_ONCE(ctrl->gone, false);
	pci_restore_state(pdev);
	pci_save_state(pdev);
	gmx_pci_stop_for_reset(ctrl, "PCI slot reset");
	queue_work(gmx_reset_wq, &ctrl->reset_work);
	return PCI_ERS_RESULT_RECOVERED;
}

static void gmx_pci_error_resume(struct pci_dev *pdev)
{
	struct gmx_ctrl *ctrl = pci_get_drvdata(pdev);

	trace_gmx_pci_error(ctrl, GMX_PCI_RESUME, 0);
	flush_work(&ctrl->reset_work);
}

static void gmx_pci_reset_prepare(struct pci_dev *pdev)
{
	struct gmx_ctrl *ctrl = pci_get_drvdata(pdev);
	bool held;

	trace_gmx_pci_error(ctrl, GMX_PCI_RESET_PREPARE, 0);
	if (!gmx_recovery_hold_own(ctrl, "PCI function reset", &held))
		mutex_lock(&ctrl->hw_lock);
	gmx_recovery_episode_begin(ctrl);
	gmx_setup_disable(ctrl, false);
	mutex_unlock(&ctrl->hw_lock);
}

static void gmx_pci_reset_done(struct pci_dev *pdev)
{
	struct gmx_ctrl *ctrl = pci_get_drvdata(pdev);

	trace_gmx_pci_error(ctrl, GMX_PCI_RESET_DONE, 0);
	WRITE_ONCE(ctrl->gone, false);
	/* before 6.19 the core's restore has used up what probe saved */
	pci_save_state(pdev);
	gmx_recovery_hold(ctrl, "PCI function reset");
	queue_work(gmx_reset_wq, &ctrl->reset_work);
	flush_work(&ctrl->reset_work);
}

static const struct pci_error_handlers gmx_pci_err_handlers = {
	.error_detected		= gmx_pci_error_detected,
	.mmio_enabled		= gmx_pci_mmio_enabled,
	.slot_reset		= gmx_pci_slot_reset,
	.resume			= gmx_pci_error_resume,
	.reset_prepare		= gmx_pci_reset_prepare,
	.reset_done		= gmx_pci_reset_done,
	GMX_COR_ERROR(gmx_pci_cor_error_detected)
};

struct pci_driver gmx_pci_driver = {
	.name		= "gmx",
	.id_table	= gmx_pci_ids,
	.probe		= gmx_pci_probe,
	.remove		= gmx_pci_remove,
	.shutdown	= gmx_pci_shutdown,
	.err_handler	= &gmx_pci_err_handlers,
	.driver = {
		.probe_type	= PROBE_PREFER_ASYNCHRONOUS,
		.pm		= pm_sleep_ptr(&gmx_pm_ops),
	},
};
