// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl event: the controller's log, what happens now, and which classes are reported. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "event.h"

#define BATCH	     1024u
#define FEATURE_MASK 0xc0
#define MAX_LAST     1000000

const struct ctl_field event_fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "sequence", K_NUMBER, "number of the event", 0, NULL },
	{ "time_ms", K_TIME_MS, "when, in ms since 1970 by the controller's clock (follow: by the host's)", 0, NULL },
	{ "severity", K_TEXT, "info, warning, error or critical", 0, NULL },
	{ "class", K_TEXT, "class of the event; driver: what the driver noticed", 0, NULL },
	{ "code", K_HEX, "code of the event", F_MORE, NULL },
	{ "event", K_TEXT, "name of the code", 0, NULL },
	{ "object", K_NUMBER, "what it is about, by the code", 0, NULL },
	{ "value", K_NUMBER, "more, by the code", 0, NULL },
	{ "text", K_TEXT, "for people", 0, NULL },
	{ NULL },
};

void event_put(struct json_object *r, const char *name, const struct libgmx_event *e)
{
	put_text(r, "name", name);
	put_number(r, "sequence", e->sequence);
	put_number(r, "time_ms", e->time_ms);
	put_name(r, "severity", libgmx_severity_name(e->severity), e->severity);
	put_name(r, "class", libgmx_event_class_name(e->class_), e->class_);
	put_number(r, "code", e->code);
	put_name(r, "event", libgmx_event_name(e->code), e->code);
	put_number(r, "object", e->object);
	put_number(r, "value", e->value);
	put_text(r, "text", e->text);
}

/* Position in a list of names, or -1 */
static int severity_of(const char *name)
{
	for (unsigned int i = 0; i < 4; i++)
		if (!strcmp(libgmx_severity_name(i), name))
			return (int)i;
	return -1;
}

bool event_wanted(const struct ctl *ctl, unsigned int severity, const char *class_)
{
	const char *least = ctl_option(ctl, "severity"), *only = ctl_option(ctl, "class");

	if (least && (int)severity < severity_of(least))
		return false;
	return !only || (class_ && !strcmp(only, class_));
}

/* What a list takes of a controller; the filters come first, and then the newest of what is left */
struct taking {
	struct ctl *ctl;
	struct json_object *found;
	uint64_t from, last;
};

static void take(struct taking *t, struct json_object *r)
{
	json_object_array_add(t->found, r);
	/* in pieces: taking the first entry away moves all of them */
	if (t->last && json_object_array_length(t->found) >= 2 * t->last + BATCH)
		json_object_array_del_idx(t->found, 0, json_object_array_length(t->found) - t->last);
}

static int take_log(struct taking *t, struct libgmx_ctrl *ctrl)
{
	struct libgmx_event *events = calloc(BATCH, sizeof(*events));
	struct libgmx_event_log head = { .count = 0 };
	uint64_t next = t->from;
	unsigned int n = BATCH;
	int rc = events ? 0 : -ENOMEM;

	while (!rc && n == BATCH) {
		rc = libgmx_event_read(ctrl, next, events, BATCH, &n, &head);
		if (!rc && next == t->from && head.lost && !t->from)
			fprintf(stderr, "%llu events of %s had left its log before any host read them\n",
				(unsigned long long)head.lost, libgmx_name(ctrl));
		for (unsigned int i = 0; i < n && !rc; i++) {
			struct json_object *r;

			next = events[i].sequence + 1;
			if (!event_wanted(t->ctl, events[i].severity, libgmx_event_class_name(events[i].class_)))
				continue;
			r = json_object_new_object();
			event_put(r, libgmx_name(ctrl), &events[i]);
			take(t, r);
		}
	}
	free(events);
	return rc;
}

static int take_ring(struct taking *t, struct libgmx_ctrl *ctrl)
{
	struct gmx_ioc_event events[64];
	struct gmx_ioc_events io = { .next = t->from };
	int rc;

	do {
		io = (struct gmx_ioc_events){ .from = io.next, .data = (uintptr_t)events, .data_bytes = sizeof(events) };
		rc = libgmx_drv_events(ctrl, &io);
		for (unsigned int i = 0; !rc && i < io.count && i < ARRAY_SIZE(events); i++) {
			struct json_object *r;

			if (!event_wanted(t->ctl, events[i].severity, event_ring_class(&events[i])))
				continue;
			r = json_object_new_object();
			event_put_ring(r, libgmx_name(ctrl), &events[i]);
			take(t, r);
		}
	} while (!rc && io.count && io.next <= io.newest);
	return rc;
}

static int list_of(struct ctl *ctl, const char *name, uint64_t from, uint64_t last)
{
	struct taking t = { ctl, NULL, from, last };
	struct libgmx_ctrl *ctrl;
	size_t n, first;
	int status = ctl_open(ctl, name, &ctrl), rc;

	if (status)
		return status;
	t.found = json_object_new_array();
	rc = ctl_option(ctl, "driver") ? take_ring(&t, ctrl) : take_log(&t, ctrl);
	if (rc)
		status = ctl_fail_may(ctl, rc, "gmxctl event list --driver has those since the driver was bound", "events of %s",
				      name);
	n = json_object_array_length(t.found);
	first = last && n > last ? n - (size_t)last : 0;
	for (size_t i = first; i < n; i++)
		json_object_array_add(ctl_list(ctl), json_object_get(json_object_array_get_idx(t.found, i)));
	json_object_put(t.found);
	libgmx_close(ctrl);
	return status;
}

static int run_list(struct ctl *ctl)
{
	struct libgmx_ctrl_info *ctrls;
	uint64_t from = 0, last = 0;
	size_t n, done = 0;
	int status = ctl_option_number(ctl, "from", 0, UINT64_MAX, &from), worst = CTL_OK;

	if (!status)
		status = ctl_option_number(ctl, "last", 1, MAX_LAST, &last);
	if (!status)
		status = ctl_controllers(ctl, &ctrls, &n);
	if (status)
		return status;
	ctl_list(ctl);
	for (size_t i = 0; i < n; i++) {
		status = list_of(ctl, ctrls[i].name, from, last);
		done += !status;
		worst = status ? status : worst;
	}
	free(ctrls);
	return worst && done ? CTL_PARTIAL : worst;
}

static const struct ctl_field mask_fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "classes", K_TEXTS, "classes whose events the controller reports", 0, NULL },
	{ "silent", K_TEXTS, "classes whose events are only in its log", 0, NULL },
	{ NULL },
};

/* "none", or names with commas between */
static int parse_classes(struct ctl *ctl, const char *text, uint32_t *mask)
{
	*mask = 0;
	if (!text[0])
		return ctl_usage(ctl, "--set is empty: name classes, or all, or none");
	if (!strcmp(text, "none"))
		return CTL_OK;
	for (const char *p = text; *p; p += strcspn(p, ","), p += *p == ',') {
		size_t len = strcspn(p, ",");
		unsigned int i = 0;

		if (len == 3 && !strncmp(p, "all", 3)) {
			*mask |= (1u << LIBGMX_NR_EVENT_CLASSES) - 1;
			continue;
		}
		while (i < LIBGMX_NR_EVENT_CLASSES &&
		       (strlen(libgmx_event_class_name(i)) != len || strncmp(p, libgmx_event_class_name(i), len)))
			i++;
		if (i == LIBGMX_NR_EVENT_CLASSES)
			return ctl_fail(ctl, CTL_USAGE,
					"drive, volume, journal, key, qos, thermal, firmware, controller, all, none",
					"there is no class '%.*s'; there are", (int)len, p);
		*mask |= 1u << i;
	}
	return CTL_OK;
}

/* By the driver, which sets it again after a reset; by the feature where it has no such call */
static int mask_access(struct ctl *ctl, struct libgmx_ctrl *ctrl, bool set, uint32_t *mask)
{
	struct gmx_ioc_event_mask io = { .set = set ? GMX_IOC_MASK_CLASSES : 0, .classes = *mask };
	int rc = libgmx_drv_event_mask(ctrl, &io);
	bool save = ctl_option(ctl, "save");

	if (rc != -ENOTTY) {
		/* the driver's call does not save */
		if (!rc && save)
			rc = libgmx_feature_set(ctrl, FEATURE_MASK, 0, true, *mask, NULL, 0);
		*mask = io.classes;
	} else {
		if (set)
			rc = libgmx_feature_set(ctrl, FEATURE_MASK, 0, save, *mask, NULL, 0);
		if (!set || !rc)
			rc = libgmx_feature_get(ctrl, FEATURE_MASK, 0, LIBGMX_CURRENT, 0, NULL, 0, mask);
	}
	return rc ? ctl_fail_rc(ctl, rc, "event mask of %s", libgmx_name(ctrl)) : CTL_OK;
}

static int run_mask(struct ctl *ctl)
{
	const char *set = ctl_option(ctl, "set");
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	struct json_object *r, *on, *off;
	uint32_t mask = 0;
	int status = set ? parse_classes(ctl, set, &mask) : CTL_OK;

	if (!set && ctl_option(ctl, "save"))
		return ctl_usage(ctl, "--save saves what --set says, which is missing");
	if (!status)
		status = ctl_open_one(ctl, &target, &ctrl);
	if (status)
		return status;
	status = mask_access(ctl, ctrl, set, &mask);
	libgmx_close(ctrl);
	if (status)
		return status;
	r = ctl_record(ctl_list(ctl));
	put_text(r, "name", target.ctrl);
	on = put_array(r, "classes");
	off = put_array(r, "silent");
	for (unsigned int i = 0; i < LIBGMX_NR_EVENT_CLASSES; i++)
		json_object_array_add(mask & (1u << i) ? on : off, json_object_new_string(libgmx_event_class_name(i)));
	return CTL_OK;
}

#define FILTERS \
	{ "severity", 0, "LEVEL", "only these and worse", "info warning error critical" }, \
		{ "class", 0, "CLASS", "only of this class", "drive volume journal key qos thermal firmware controller driver" }

static const struct ctl_option list_options[] = {
	FILTERS,
	{ "from", 0, "N", "from this number on", NULL },
	{ "last", 0, "N", "only the newest", NULL },
	{ "driver", 0, NULL,
	  "what the driver has noticed since it was bound: resets, changes of its state, events of the log; the last 256", NULL },
	{ NULL },
};

static const struct ctl_option follow_options[] = {
	FILTERS,
	{ "count", 0, "N", "end after so many", NULL },
	{ "timeout", 't', "SECONDS", "end after so long", NULL },
	{ "from", 0, "N", "begin with this number of the driver's ring; 0: the oldest there is", NULL },
	{ NULL },
};

static const struct ctl_option mask_options[] = {
	{ "set", 0, "CLASSES", "report these, commas between; or all, or none", NULL },
	{ "save", 0, NULL, "also after power was off", NULL },
	{ NULL },
};

const struct ctl_command cmd_event[] = {
	{ "event", "list", "[TARGET]...", "list the event log of controllers, oldest first",
	  "The log is the controller's own, and outlives power. Resets and what else the driver notices is in its ring: --driver.",
	  list_options, event_fields, SHAPE_LIST, 0, run_list },
	{ "event", "follow", "[TARGET]", "print events as they happen",
	  "Events of the controller, and of the driver: resets, changes of its state. With -o json a document a line.",
	  follow_options, event_fields, SHAPE_LIST, C_STREAM, event_follow },
	{ "event", "mask", "[TARGET]", "show or set which classes of events the controller reports",
	  "Events of other classes are in its log all the same.", mask_options, mask_fields, SHAPE_RECORDS, 0, run_mask },
	{ NULL },
};
