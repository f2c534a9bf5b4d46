/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GMXCTL_COMMANDS_H
#define GMXCTL_COMMANDS_H

#include "ctl.h"

extern const struct ctl_command cmd_controller[];

#endif
