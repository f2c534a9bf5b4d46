/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GMXCTL_EVENT_H
#define GMXCTL_EVENT_H

#include "ctl.h"

extern const struct ctl_field event_fields[];

void event_put(struct json_object *r, const char *name, const struct libgmx_event *e);
/* The same of the driver's ring */
void event_put_ring(struct json_object *r, const char *name, const struct gmx_ioc_event *e);
/* Name of its class, NULL: not known */
const char *event_ring_class(const struct gmx_ioc_event *e);
/* By --severity and --class */
bool event_wanted(const struct ctl *ctl, unsigned int severity, const char *class_);
int event_follow(struct ctl *ctl);

#endif
