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

	gmx_recovery_stop(ctrl);
	mutex_lock(&ctrl->hw_lock);
	if (gmx_recovery_hold(ctrl, "suspend")) {
		/* Requests that are held back would keep CPUs from going offline. */
		gmx_ns_freeze_timeout(ctrl, READ_ONCE(ctrl->timeouts.io_ms));
		ctrl->drained = true;
	}
	gmx_setup_disable(ctrl, true);
	mutex_unlock(&ctrl->hw_lock);
	return 0;
}

/* Not waited for: requests are held back until the controller is there. */
static int gmx_pm_resume(struct device *dev)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	if (gmx_ctrl_state(ctrl) == GMX_RESETTING)
		queue_work(gmx_reset_wq, &ctrl->reset_work);
	return 0;
}

const struct dev_pm_ops gmx_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(gmx_pm_suspend, gmx_pm_resume)
};
