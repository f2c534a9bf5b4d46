// SPDX-License-Identifier: GPL-2.0-or-later
/* Events of the driver's ring, as gmxctl event shows them. */
#include <stdio.h>
#include <stdlib.h>

#include "event.h"

static const char *state_name(unsigned int state)
{
	static const char *const names[] = { "new", "live", "resetting", "recovering", "admin-only", "deleting", "dead" };

	return state < ARRAY_SIZE(names) ? names[state] : "other";
}

static const char *kind_name(unsigned int kind)
{
	static const char *const names[] = { "async", "log", "state", "reset", "dump", "operation", "lost" };

	return kind < ARRAY_SIZE(names) ? names[kind] : "other";
}

const char *event_ring_class(const struct gmx_ioc_event *e)
{
	return e->kind == GMX_IOC_EVENT_LOG ? libgmx_event_class_name(e->event_class) : "driver";
}

void event_put_ring(struct json_object *r, const char *name, const struct gmx_ioc_event *e)
{
	char text[128];

	put_text(r, "name", name);
	put_number(r, "sequence", e->sequence);
	put_number(r, "time_ms", e->time_ns / 1000000);
	put_name(r, "severity", libgmx_severity_name(e->severity), e->severity);
	put_name(r, "class", event_ring_class(e), e->event_class);
	put_number(r, "code", e->code);
	put_text(r, "event",
		 e->kind == GMX_IOC_EVENT_LOG && libgmx_event_name(e->code) ? libgmx_event_name(e->code) : kind_name(e->kind));
	put_number(r, "object", e->object);
	put_number(r, "value", e->value);
	snprintf(text, sizeof(text), "%.*s", (int)sizeof(e->text), e->text);
	if (!text[0] && e->kind == GMX_IOC_EVENT_STATE)
		snprintf(text, sizeof(text), "%s", state_name(e->code));
	put_text(r, "text", text);
}
