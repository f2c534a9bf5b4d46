// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl telemetry. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "dump.h"
#include "event.h"
#include "op.h"
#include "telemetry.h"

#define MAX_BYTES (64u << 20)

static const struct ctl_field capture_fields[] = {
	{ "name", K_TEXT, "name of the controller", 0, NULL },
	{ "file", K_TEXT, "where it was written", 0, NULL },
	{ "size_bytes", K_BYTES, "size", 0, NULL },
	{ "reason", K_TEXT, "why the controller captured", 0, NULL },
	{ NULL },
};

static int progress(void *arg, uint64_t done, uint64_t total)
{
	progress_show(arg, "telemetry", done, total);
	return 0;
}

static int capture(struct ctl *ctl, struct libgmx_ctrl *ctrl, uint64_t id, unsigned int area, void **data, size_t *len)
{
	const char *source = ctl_option(ctl, "source");
	int rc;

	if (id)
		return telemetry_of_operation(ctl, ctrl, id, data, len);
	rc = libgmx_telemetry_capture(
		ctrl, source && !strcmp(source, "controller") ? LIBGMX_TELEMETRY_CONTROLLER : LIBGMX_TELEMETRY_HOST, area, data,
		len, progress, ctl);
	progress_end(ctl);
	return rc ? ctl_fail_may(ctl, rc, NULL, "telemetry of %s", libgmx_name(ctrl)) : CTL_OK;
}

static int run_capture(struct ctl *ctl)
{
	struct libgmx_telemetry t;
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	struct ctl one = *ctl;
	struct json_object *r;
	uint64_t area = 3, id = 0;
	void *data = NULL;
	size_t len = 0;
	int status = ctl_option_number(ctl, "area", 1, 3, &area);

	if (!status)
		status = ctl_option_number(ctl, "id", 1, UINT64_MAX, &id);
	if (!status && id && (ctl_option(ctl, "area") || ctl_option(ctl, "source")))
		return ctl_usage(ctl, "--id is of an operation that had its --source and --area when it was started");
	one.args++;
	one.nr_args--;
	if (!status)
		status = ctl_open_one(&one, &target, &ctrl);
	if (status)
		return status;
	status = capture(ctl, ctrl, id, (unsigned int)area, &data, &len);
	libgmx_close(ctrl);
	if (status)
		return status;
	status = file_write(ctl, ctl->args[0], data, len);
	libgmx_decode_telemetry(data, len, &t);
	free(data);
	if (status || !strcmp(ctl->args[0], "-")) {
		ctl->output = !status ? OUT_TABLE : ctl->output;
		return status;
	}
	r = ctl_record(ctl_list(ctl));
	put_text(r, "name", target.ctrl);
	put_text(r, "file", ctl->args[0]);
	put_number(r, "size_bytes", len);
	put_text(r, "reason", t.reason);
	return CTL_OK;
}

static const struct ctl_field section_fields[] = {
	{ "kind", K_TEXT, "what it is", 0, NULL },
	{ "area", K_NUMBER, "data area", 0, NULL },
	{ "entries", K_NUMBER, "entries", 0, NULL },
	{ "entry_bytes", K_BYTES, "size of an entry", 0, NULL },
	{ NULL },
};

static const struct ctl_field command_fields[] = {
	{ "time_ms", K_MS, "when it was completed, by the controller's clock", 0, NULL },
	{ "cntlid", K_NUMBER, "controller", 0, NULL },
	{ "queue", K_NUMBER, "submission queue", 0, NULL },
	{ "cid", K_NUMBER, "command identifier", 0, NULL },
	{ "opcode", K_HEX, "opcode", 0, NULL },
	{ "nsid", K_NUMBER, "namespace", 0, NULL },
	{ "cdw10", K_HEX, "dword 10", 0, NULL },
	{ "cdw11", K_HEX, "dword 11", 0, NULL },
	{ "cdw12", K_HEX, "dword 12", 0, NULL },
	{ "status", K_HEX, "status, type << 8 | code", 0, NULL },
	{ NULL },
};

static const struct ctl_field queue_fields[] = {
	{ "cntlid", K_NUMBER, "controller", 0, NULL },
	{ "queue", K_NUMBER, "queue identifier", 0, NULL },
	{ "completion", K_BOOL, "a completion queue", 0, NULL },
	{ "size", K_NUMBER, "entries", 0, NULL },
	{ "head", K_NUMBER, "head", 0, NULL },
	{ "tail", K_NUMBER, "tail", 0, NULL },
	{ "pending", K_NUMBER, "fetched and not completed, or waiting for room", 0, NULL },
	{ "stalled", K_BOOL, "it does not go on", 0, NULL },
	{ NULL },
};

static const struct ctl_field ctrl_fields[] = {
	{ "cntlid", K_NUMBER, "controller", 0, NULL },	    { "function", K_NUMBER, "function", 0, NULL },
	{ "queues", K_NUMBER, "I/O queue pairs", 0, NULL }, { "power_state", K_NUMBER, "power state", 0, NULL },
	{ "resets", K_NUMBER, "resets", 0, NULL },	    { "cc", K_HEX, "register CC", 0, NULL },
	{ "csts", K_HEX, "register CSTS", 0, NULL },	    { NULL },
};

static const struct ctl_field fault_fields[] = {
	{ "time_ms", K_TIME_MS, "when it last happened", 0, NULL },
	{ "count", K_NUMBER, "how often", 0, NULL },
	{ "text", K_TEXT, "what", 0, NULL },
	{ NULL },
};

static const struct ctl_field space_fields[] = {
	{ "nsid", K_NUMBER, "namespace", 0, NULL },	      { "drive", K_NUMBER, "drive", 0, NULL },
	{ "block_bytes", K_BYTES, "logical block", 0, NULL }, { "blocks", K_NUMBER, "blocks", 0, NULL },
	{ "used_blocks", K_NUMBER, "allocated", 0, NULL },    { "reads", K_NUMBER, "read commands", 0, NULL },
	{ "writes", K_NUMBER, "write commands", 0, NULL },    { NULL },
};

static const struct ctl_field decode_fields[] = {
	{ "file", K_TEXT, "what was decoded", 0, NULL },
	{ "source", K_TEXT, "host, controller, or driver: a core dump", 0, NULL },
	{ "family", K_TEXT, "family", 0, NULL },
	{ "serial", K_TEXT, "serial number", 0, NULL },
	{ "firmware", K_TEXT, "firmware that ran", 0, NULL },
	{ "captured_ms", K_TIME_MS, "when", 0, NULL },
	{ "uptime_ms", K_MS, "of the controller's clock", 0, NULL },
	{ "generation", K_NUMBER, "of the log page", 0, NULL },
	{ "missed", K_NUMBER, "captures that found the last one not read yet", 0, NULL },
	{ "reason", K_TEXT, "why it was captured", 0, NULL },
	{ "cut", K_NUMBER, "sections that are not in the file", 0, NULL },
	{ "sections", K_RECORDS, "what is in it", 0, section_fields },
	{ "controllers", K_RECORDS, "controllers", 0, ctrl_fields },
	{ "queues", K_RECORDS, "queues", 0, queue_fields },
	{ "faults", K_RECORDS, "faults", 0, fault_fields },
	{ "commands", K_RECORDS, "the last commands, newest last", 0, command_fields },
	{ "events", K_RECORDS, "events, newest last", 0, event_fields },
	{ "namespaces", K_RECORDS, "namespaces", 0, space_fields },
	{ "registers", K_RECORDS, "of a core dump: registers before the reset", 0, dump_register_fields },
	{ "driver_queues", K_RECORDS, "of a core dump: queues as the driver had them", 0, dump_queue_fields },
	{ "driver_commands", K_RECORDS, "of a core dump: the last commands, by queue, oldest first", 0, dump_command_fields },
	{ NULL },
};

static void put_commands(struct json_object *list, const struct libgmx_telemetry_section *s)
{
	struct libgmx_telemetry_cmd c;

	for (unsigned int i = 0; !libgmx_telemetry_command(s, i, &c); i++) {
		struct json_object *r = ctl_record(list);

		put_number(r, "time_ms", c.time_ns / 1000000);
		put_number(r, "cntlid", c.cntlid);
		put_number(r, "queue", c.sqid);
		put_number(r, "cid", c.cid);
		put_number(r, "opcode", c.opcode);
		put_number(r, "nsid", c.nsid);
		put_number(r, "cdw10", c.cdw[0]);
		put_number(r, "cdw11", c.cdw[1]);
		put_number(r, "cdw12", c.cdw[2]);
		put_number(r, "status", (uint64_t)LIBGMX_STATUS(c.status));
	}
}

static void put_queues(struct json_object *list, const struct libgmx_telemetry_section *s)
{
	struct libgmx_telemetry_queue q;

	for (unsigned int i = 0; !libgmx_telemetry_queue(s, i, &q); i++) {
		struct json_object *r = ctl_record(list);

		put_number(r, "cntlid", q.cntlid);
		put_number(r, "queue", q.qid);
		put_bool(r, "completion", q.completion);
		put_number(r, "size", q.size);
		put_number(r, "head", q.head);
		put_number(r, "tail", q.tail);
		put_number(r, "pending", q.pending);
		put_bool(r, "stalled", q.stalled);
	}
}

static void put_ctrls(struct json_object *list, const struct libgmx_telemetry_section *s)
{
	struct libgmx_telemetry_ctrl c;

	for (unsigned int i = 0; !libgmx_telemetry_ctrl(s, i, &c); i++) {
		struct json_object *r = ctl_record(list);

		put_number(r, "cntlid", c.cntlid);
		put_number(r, "function", c.function);
		put_number(r, "queues", c.nr_queues);
		put_number(r, "power_state", c.power_state);
		put_number(r, "resets", c.life);
		put_number(r, "cc", c.cc);
		put_number(r, "csts", c.csts);
	}
}

static void put_faults(struct json_object *list, const struct libgmx_telemetry_section *s)
{
	struct libgmx_telemetry_fault f;

	for (unsigned int i = 0; !libgmx_telemetry_fault(s, i, &f); i++) {
		struct json_object *r = ctl_record(list);

		put_number(r, "time_ms", f.time_ms);
		put_number(r, "count", f.count);
		put_text(r, "text", f.text);
	}
}

static void put_spaces(struct json_object *list, const struct libgmx_telemetry_section *s)
{
	struct libgmx_telemetry_ns n;

	for (unsigned int i = 0; !libgmx_telemetry_ns(s, i, &n); i++) {
		struct json_object *r = ctl_record(list);

		put_number(r, "nsid", n.nsid);
		put_number(r, "drive", n.drive);
		put_number(r, "block_bytes", n.block_bytes);
		put_number(r, "blocks", n.blocks);
		put_number(r, "used_blocks", n.used_blocks);
		put_number(r, "reads", n.reads);
		put_number(r, "writes", n.writes);
	}
}

#define KIND_EVENTS 9

static void put_events(struct json_object *list, const struct libgmx_telemetry_section *s, const char *name)
{
	struct libgmx_event e;

	for (unsigned int i = 0; s->kind == KIND_EVENTS && i < s->count; i++)
		if (!libgmx_decode_event(s->data + (size_t)i * s->entry_bytes, s->entry_bytes, &e))
			event_put(ctl_record(list), name, &e);
}

/* Lists of all that a file may have; what it has not stays empty */
struct lists {
	struct json_object *sections, *ctrls, *queues, *faults, *commands, *events, *spaces;
};

static void put_header(struct json_object *r, const char *file, const char *source, const struct libgmx_telemetry *t)
{
	char family[16];

	snprintf(family, sizeof(family), "G%u", t->family);
	put_text(r, "file", file);
	put_text(r, "source", source);
	put_text(r, "family", t->family ? family : "");
	put_text(r, "serial", t->serial);
	put_text(r, "firmware", t->firmware);
	put_number(r, "captured_ms", t->captured_ms);
	put_number(r, "uptime_ms", t->uptime_ns / 1000000);
	put_number(r, "generation", t->generation);
	put_number(r, "missed", t->missed);
	put_text(r, "reason", t->reason);
}

static void put_lists(struct json_object *r, struct lists *l)
{
	l->sections = put_array(r, "sections");
	l->ctrls = put_array(r, "controllers");
	l->queues = put_array(r, "queues");
	l->faults = put_array(r, "faults");
	l->commands = put_array(r, "commands");
	l->events = put_array(r, "events");
	l->spaces = put_array(r, "namespaces");
}

static void put_sections(const struct lists *l, const struct libgmx_telemetry *t)
{
	for (unsigned int i = 0; i < t->nr_sections; i++) {
		const struct libgmx_telemetry_section *x = &t->section[i];
		struct json_object *s = ctl_record(l->sections);

		put_name(s, "kind", libgmx_telemetry_kind_name(x->kind), x->kind);
		put_number(s, "area", x->area);
		put_number(s, "entries", x->count);
		put_number(s, "entry_bytes", x->entry_bytes);
		put_ctrls(l->ctrls, x);
		put_queues(l->queues, x);
		put_faults(l->faults, x);
		put_commands(l->commands, x);
		put_events(l->events, x, t->serial);
		put_spaces(l->spaces, x);
	}
}

/* A core dump of the driver, and within it what the controller had captured */
static void decode_dump(struct json_object *r, const char *file, const struct libgmx_dump *d)
{
	struct libgmx_telemetry t = { .captured_ms = d->time_ns / 1000000 }, inner;
	struct lists l;

	snprintf(t.serial, sizeof(t.serial), "%.20s", d->serial);
	snprintf(t.firmware, sizeof(t.firmware), "%.8s", d->firmware);
	snprintf(t.reason, sizeof(t.reason), "%s", d->reason_text);
	put_header(r, file, "driver", &t);
	put_number(r, "cut", d->nr_cut);
	put_lists(r, &l);
	for (unsigned int i = 0; i < d->nr_sections; i++) {
		const struct libgmx_dump_section *x = &d->section[i];

		dump_section(ctl_record(l.sections), x);
		if (x->kind == LIBGMX_DUMP_TELEMETRY && !libgmx_decode_telemetry(x->data, x->bytes, &inner))
			put_sections(&l, &inner);
	}
	dump_put(r, d);
}

static int run_decode(struct ctl *ctl)
{
	struct libgmx_telemetry t;
	struct libgmx_dump d = { .nr_sections = 0 };
	struct lists l;
	char *data;
	size_t len;
	int status = file_read(ctl, ctl->args[0], MAX_BYTES, &data, &len), rc;

	if (status)
		return status;
	if (!libgmx_decode_dump(data, len, &d)) {
		ctl->result = json_object_new_object();
		decode_dump(ctl->result, ctl->args[0], &d);
		free(data);
		return CTL_OK;
	}
	rc = libgmx_decode_telemetry(data, len, &t);
	if (rc) {
		free(data);
		return ctl_fail(ctl, CTL_FAILED, "gmxctl telemetry capture writes files that can be decoded",
				"%s is no telemetry of a Gigamax controller, and no core dump of the driver", ctl->args[0]);
	}
	ctl->result = json_object_new_object();
	put_header(ctl->result, ctl->args[0], t.controller_initiated ? "controller" : "host", &t);
	put_number(ctl->result, "cut", t.nr_cut);
	put_lists(ctl->result, &l);
	put_sections(&l, &t);
	dump_put(ctl->result, &d);
	free(data);
	return CTL_OK;
}

static const struct ctl_option capture_options[] = {
	{ "source", 0, "WHO", "host: captured now; controller: what it has captured by itself", "host controller" },
	{ "area", 0, "N", "up to this data area, 1 to 3 (3)", NULL },
	{ "id", 0, "N", "what this operation has captured, see gmxctl telemetry start", NULL },
	{ NULL },
};

const struct ctl_command cmd_telemetry[] = {
	{ "telemetry", "capture", "FILE [TARGET]", "have a controller capture its state, and keep it in a file",
	  "The file is the log page as the controller wrote it; - is standard output.", capture_options, capture_fields,
	  SHAPE_RECORDS, C_PROGRESS, run_capture },
	{ "telemetry", "start", "[TARGET]", "have a controller capture its state, and do not wait",
	  "gmxctl operation wait waits for it, gmxctl telemetry capture --id N writes the file. The driver keeps one capture, the last.\n"
	  "What it has fetched by itself from a controller that had captured is given by gmxctl telemetry capture --source controller alone.",
	  telemetry_start_options, op_fields, SHAPE_RECORDS, 0, run_telemetry_start },
	{ "telemetry", "decode", "FILE", "show what is in a capture, or in a core dump of the driver",
	  "Core dumps are /sys/class/devcoredump/devcd<N>/data.", NULL, decode_fields, SHAPE_RECORD, 0, run_decode },
	{ NULL },
};
