// SPDX-License-Identifier: GPL-2.0-only
/* The life of what administers a controller. */
#include "gmx.h"

/* With the controller's structure; gmx_mgmt_free() goes with its release. */
int gmx_mgmt_init(struct gmx_ctrl *ctrl)
{
	gmx_health_init(ctrl);
	return gmx_events_init(ctrl);
}

void gmx_mgmt_free(struct gmx_ctrl *ctrl)
{
	gmx_events_free(ctrl);
}

/* Once the controller's node is there. What cannot be had is said, and is no reason to let the controller go. */
void gmx_mgmt_add(struct gmx_ctrl *ctrl)
{
	gmx_events_up(ctrl);
}

/* Before its node goes; nothing of ours runs after it. */
void gmx_mgmt_del(struct gmx_ctrl *ctrl)
{
	gmx_events_down(ctrl);
	cancel_work_sync(&ctrl->mgmt.health.work);
}
