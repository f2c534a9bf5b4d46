// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl telemetry. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "event.h"

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

static int run_capture(struct ctl *ctl)
{
	bool controller = ctl_option(ctl, "source") && !strcmp(ctl_option(ctl, "source"), "controller");
	struct libgmx_telemetry t;
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	struct ctl one = *ctl;
	struct json_object *r;
	uint64_t area = 3;
	void *data;
	size_t len;
	int status = ctl_option_number(ctl, "area", 1, 3, &area), rc;

	one.args++;
	one.nr_args--;
	if (!status)
		status = ctl_open_one(&one, &target, &ctrl);
	if (status)
		return status;
	rc = libgmx_telemetry_capture(ctrl, controller ? LIBGMX_TELEMETRY_CONTROLLER : LIBGMX_TELEMETRY_HOST, (unsigned int)area,
				      &data, &len, progress, ctl);
	libgmx_close(ctrl);
	progress_end(ctl);
	if (rc)
		return ctl_fail_rc(ctl, rc, "telemetry of %s", target.ctrl);
	status = file_write(ctl, ctl->args[0], data, len);
	rc = libgmx_decode_telemetry(data, len, &t);
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
	{ "source", K_TEXT, "host or controller", 0, NULL },
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

static int run_decode(struct ctl *ctl)
{
	struct json_object *r, *sections, *ctrls, *queues, *faults, *commands, *events, *spaces, *s;
	struct libgmx_telemetry t;
	char *data, family[16];
	size_t len;
	int status = file_read(ctl, ctl->args[0], MAX_BYTES, &data, &len), rc;

	if (status)
		return status;
	rc = libgmx_decode_telemetry(data, len, &t);
	if (rc) {
		free(data);
		return ctl_fail(ctl, CTL_FAILED, "gmxctl telemetry capture writes files that can be decoded",
				"%s is no telemetry of a Gigamax controller", ctl->args[0]);
	}
	ctl->result = r = json_object_new_object();
	put_text(r, "file", ctl->args[0]);
	put_text(r, "source", t.controller_initiated ? "controller" : "host");
	snprintf(family, sizeof(family), "G%u", t.family);
	put_text(r, "family", family);
	put_text(r, "serial", t.serial);
	put_text(r, "firmware", t.firmware);
	put_number(r, "captured_ms", t.captured_ms);
	put_number(r, "uptime_ms", t.uptime_ns / 1000000);
	put_number(r, "generation", t.generation);
	put_number(r, "missed", t.missed);
	put_text(r, "reason", t.reason);
	put_number(r, "cut", t.nr_cut);
	sections = put_array(r, "sections");
	ctrls = put_array(r, "controllers");
	queues = put_array(r, "queues");
	faults = put_array(r, "faults");
	commands = put_array(r, "commands");
	events = put_array(r, "events");
	spaces = put_array(r, "namespaces");
	for (unsigned int i = 0; i < t.nr_sections; i++) {
		s = ctl_record(sections);
		put_name(s, "kind", libgmx_telemetry_kind_name(t.section[i].kind), t.section[i].kind);
		put_number(s, "area", t.section[i].area);
		put_number(s, "entries", t.section[i].count);
		put_number(s, "entry_bytes", t.section[i].entry_bytes);
		put_ctrls(ctrls, &t.section[i]);
		put_queues(queues, &t.section[i]);
		put_faults(faults, &t.section[i]);
		put_commands(commands, &t.section[i]);
		put_events(events, &t.section[i], t.serial);
		put_spaces(spaces, &t.section[i]);
	}
	free(data);
	return CTL_OK;
}

static const struct ctl_option capture_options[] = {
	{ "source", 0, "WHO", "host: captured now; controller: what it has captured by itself", "host controller" },
	{ "area", 0, "N", "up to this data area, 1 to 3 (3)", NULL },
	{ NULL },
};

const struct ctl_command cmd_telemetry[] = {
	{ "telemetry", "capture", "FILE [TARGET]", "have a controller capture its state, and keep it in a file",
	  "The file is the log page as the controller wrote it; - is standard output.", capture_options, capture_fields,
	  SHAPE_RECORDS, C_PROGRESS, run_capture },
	{ "telemetry", "decode", "FILE", "show what is in a capture", NULL, NULL, decode_fields, SHAPE_RECORD, 0, run_decode },
	{ NULL },
};
