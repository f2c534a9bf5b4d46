// SPDX-License-Identifier: GPL-2.0-only
/* The life of what administers a controller. */
#include "gmx.h"

/* With the controller's structure; gmx_mgmt_free() goes with its release. */
int gmx_mgmt_init(struct gmx_ctrl *ctrl)
{
	gmx_health_init(ctrl);
	gmx_power_init(ctrl);
	gmx_apst_init(ctrl);
	gmx_op_init(ctrl);
	gmx_fw_init(ctrl);
	gmx_telemetry_init(ctrl);
	gmx_dump_init(ctrl);
	gmx_moderation_init(ctrl);
	gmx_arbitration_init(ctrl);
	gmx_inject_init(ctrl);
	return gmx_events_init(ctrl);
}

void gmx_mgmt_free(struct gmx_ctrl *ctrl)
{
	gmx_dump_free(ctrl);
	gmx_telemetry_free(ctrl);
	gmx_events_free(ctrl);
}

/* Once the controller's node is there. What cannot be had is said, and is no reason to let the controller go. */
void gmx_mgmt_add(struct gmx_ctrl *ctrl)
{
	gmx_events_up(ctrl);
	gmx_fwupload_add(ctrl);
	gmx_hwmon_add(ctrl);
	gmx_apst_add(ctrl);
	gmx_debugfs_add(ctrl);
}

/* Before its node goes; nothing of ours runs after it. */
void gmx_mgmt_del(struct gmx_ctrl *ctrl)
{
	gmx_debugfs_del(ctrl);
	gmx_apst_del(ctrl);
	gmx_hwmon_del(ctrl);
	gmx_op_cancel_all(ctrl);
	gmx_fwupload_del(ctrl);
	gmx_fw_close(ctrl);
	gmx_telemetry_close(ctrl);
	gmx_dump_close(ctrl);
	gmx_moderation_close(ctrl);
	gmx_events_down(ctrl);
	cancel_work_sync(&ctrl->mgmt.health.work);
}

/* Part of bringing the controller up: what the administrator set, and a reset has forgotten. */
void gmx_mgmt_apply(struct gmx_ctrl *ctrl)
{
	gmx_power_apply(ctrl);
	gmx_apst_apply(ctrl);
	gmx_moderation_apply(ctrl);
	gmx_arbitration_apply(ctrl);
}
