/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GMXCTL_DUMP_H
#define GMXCTL_DUMP_H

#include "ctl.h"

extern const struct ctl_field dump_register_fields[], dump_queue_fields[], dump_command_fields[];

/* registers, driver_queues and driver_commands of a dump; empty ones where it has none */
void dump_put(struct json_object *r, const struct libgmx_dump *dump);
/* A section, as sections of telemetry are shown */
void dump_section(struct json_object *r, const struct libgmx_dump_section *section);

#endif
