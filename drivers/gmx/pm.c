// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sleep. The controller is shut down in good order and started anew: what the platform does to its power meanwhile does
 * not matter then.
 */
#include "gmx.h"

#include <linux/pm.h>

#define GMX_PM_TRIES	3

static bool gmx_pm_resets(struct gmx_ctrl *ctrl)
{
	enum gmx_state state = gmx_ctrl_state(ctrl);

	return state == GMX_RESETTING || state == GMX_RECOVERING;
}

/*
 * Make the coming reset ours, under hw_lock: a reset of somebody else, who was faster, would bring the controller up
 * again while the machine goes to sleep. False: it runs and does not end.
 */
static bool gmx_pm_hold(struct gmx_ctrl *ctrl, bool *held)
{
	unsigned int tries;

	for (tries = 0; tries < GMX_PM_TRIES; tries++) {
		gmx_recovery_stop(ctrl);
		wait_event_timeout(ctrl->state_wq, !gmx_pm_resets(ctrl), HZ);
		mutex_lock(&ctrl->hw_lock);
		*held = gmx_recovery_hold(ctrl, "suspend");
		if (*held || !gmx_pm_resets(ctrl))
			return true;
		mutex_unlock(&ctrl->hw_lock);
	}
	return false;
}

static int gmx_pm_suspend(struct device *dev)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);
	bool held;

	if (!gmx_pm_hold(ctrl, &held)) {
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

	if (gmx_pm_resets(ctrl))
		queue_work(gmx_reset_wq, &ctrl->reset_work);
	return 0;
}

const struct dev_pm_ops gmx_pm_ops = {
	SYSTEM_SLEEP_PM_OPS(gmx_pm_suspend, gmx_pm_resume)
};
