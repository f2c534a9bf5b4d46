/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Telemetry by the driver's operations: begun now, read later. */
#ifndef GMXCTL_TELEMETRY_H
#define GMXCTL_TELEMETRY_H

#include "ctl.h"

/* What the operation of --id has captured; waits for its end. @data is freed by free() */
int telemetry_of_operation(struct ctl *ctl, struct libgmx_ctrl *ctrl, uint64_t id, void **data, size_t *len);

int run_telemetry_start(struct ctl *ctl);

extern const struct ctl_option telemetry_start_options[];

#endif
