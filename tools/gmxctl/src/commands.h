/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GMXCTL_COMMANDS_H
#define GMXCTL_COMMANDS_H

#include "ctl.h"

extern const struct ctl_command cmd_controller[], cmd_status[], cmd_health[], cmd_smart[], cmd_ns[], cmd_fw[], cmd_event[],
	cmd_telemetry[], cmd_power[], cmd_mi[], cmd_log[], cmd_drive[], cmd_feature[], cmd_selftest[], cmd_tune[], cmd_queue[],
	cmd_operation[], cmd_doctor[];

#endif
