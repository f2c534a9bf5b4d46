// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sleep. The controller is shut down in good order and started anew: what the platform does to its power meanwhile does
 * not matter then.
 */
#include "gmx.h"

#include <linux/pm.h>

static int gmx_pm_suspend(struct device *dev)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);
	bool held;

	if (!gmx_recovery_hold_own(ctrl, "suspend", &held)) {
		dev_err(dev, "no sleep while a reset is under way\n");
		return -EBUSY;
	}
	if (held) {
		/* Requests that are held back would keep CPUs from going offline. */
		gmx_ns_freeze_timeout(ctrl, READ_ONCE(ctrl->timeouts.io_ms));
		ctrl->drained = true;
	}
	gmx_setup_disable(ctrl, true);
	mutex_unlock(&ctrl->hw_lock);
	/* what timed out meanwhile has set a clock, which is not to run out during the sleep */
	gmx_recovery_stop(ctrl);
	return 0;
}

/* Not waited for: requests are held back until the controller is there. */
static int gmx_pm_resume(struct device *dev)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	/* before 6.19 the PCI core's restore has used up what probe saved */
	if (gmx_pci_present(ctrl))
		pci_save_state(ctrl->pdev);
	if (gmx_recovery_runs(ctrl))
		queue_work(gmx_reset_wq, &ctrl->reset_work);
	return 0;
}

const struct dev_pm_ops gmx_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(gmx_pm_suspend, gmx_pm_resume)
};
