// SPDX-License-Identifier: GPL-2.0-or-later
/* All objects, in the order of the manual. */
#include "commands.h"

const struct ctl_command *const ctl_objects[] = {
	cmd_controller, cmd_status,    cmd_health, cmd_smart,  cmd_ns,	     cmd_fw,	cmd_event,
	cmd_telemetry,	cmd_operation, cmd_power,  cmd_mi,     cmd_log,	     cmd_drive, cmd_feature,
	cmd_selftest,	cmd_tune,      cmd_queue,  cmd_doctor, ctl_generate, NULL,
};
