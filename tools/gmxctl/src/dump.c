// SPDX-License-Identifier: GPL-2.0-or-later
/* What gmxctl telemetry decode shows of a core dump of the driver. */
#include "dump.h"

const struct ctl_field dump_register_fields[] = {
	{ "offset", K_HEX, "offset in BAR 0", 0, NULL },
	{ "value", K_HEX, "32 bits", 0, NULL },
	{ NULL },
};

const struct ctl_field dump_queue_fields[] = {
	{ "queue", K_NUMBER, "submission queue", 0, NULL },
	{ "completion_queue", K_NUMBER, "where it completes", 0, NULL },
	{ "vector", K_NUMBER, "interrupt vector, null: polled", 0, NULL },
	{ "created", K_BOOL, "the controller knew it", 0, NULL },
	{ "depth", K_NUMBER, "entries", 0, NULL },
	{ "tail", K_NUMBER, "next entry that the driver writes", 0, NULL },
	{ "rung", K_NUMBER, "what the controller was told", 0, NULL },
	{ "head", K_NUMBER, "next completion that the driver looks at", 0, NULL },
	{ "in_flight", K_NUMBER, "commands in flight", 0, NULL },
	{ NULL },
};

const struct ctl_field dump_command_fields[] = {
	{ "queue", K_NUMBER, "submission queue", 0, NULL },
	{ "index", K_NUMBER, "entry of the ring", 0, NULL },
	{ "state", K_TEXT, "done, in-flight, or unknown: done, and its completion is gone", 0, NULL },
	{ "cid", K_NUMBER, "command identifier", 0, NULL },
	{ "opcode", K_HEX, "opcode", 0, NULL },
	{ "nsid", K_NUMBER, "namespace", 0, NULL },
	{ "cdw10", K_HEX, "dword 10", 0, NULL },
	{ "cdw11", K_HEX, "dword 11", 0, NULL },
	{ "cdw12", K_HEX, "dword 12", 0, NULL },
	{ "status", K_HEX, "status, type << 8 | code; null: not done", 0, NULL },
	{ NULL },
};

void dump_section(struct json_object *r, const struct libgmx_dump_section *section)
{
	static const char *const kinds[] = {
		NULL, "registers", "pci-config", "driver-queues", "driver-commands", "driver-events", "telemetry"
	};

	put_name(r, "kind", section->kind < ARRAY_SIZE(kinds) ? kinds[section->kind] : NULL, section->kind);
	put_null(r, "area");
	put_number(r, "entries", section->count);
	put_number(r, "entry_bytes", section->entry_bytes);
}

static void put_registers(struct json_object *list, const struct libgmx_dump_section *s)
{
	uint32_t value;

	for (unsigned int i = 0; !libgmx_dump_register(s, i, &value); i++) {
		struct json_object *r;

		/* most of them are reserved */
		if (!value)
			continue;
		r = ctl_record(list);
		put_number(r, "offset", (uint64_t)i * 4);
		put_number(r, "value", value);
	}
}

static void put_queues(struct json_object *list, const struct libgmx_dump_section *s)
{
	struct libgmx_dump_queue q;

	for (unsigned int i = 0; !libgmx_dump_queue(s, i, &q); i++) {
		struct json_object *r = ctl_record(list);

		put_number(r, "queue", q.sqid);
		put_number(r, "completion_queue", q.cqid);
		if (q.vector == 0xffff)
			put_null(r, "vector");
		else
			put_number(r, "vector", q.vector);
		put_bool(r, "created", q.created);
		put_number(r, "depth", q.depth);
		put_number(r, "tail", q.tail);
		put_number(r, "rung", q.rung);
		put_number(r, "head", q.cq_head);
		put_number(r, "in_flight", q.in_flight);
	}
}

static void put_commands(struct json_object *list, const struct libgmx_dump_section *s)
{
	static const char *const states[] = { NULL, "done", "in-flight", "unknown" };
	struct libgmx_dump_command c;

	for (unsigned int i = 0; !libgmx_dump_command(s, i, &c); i++) {
		struct json_object *r;

		if (!c.state)
			continue;
		r = ctl_record(list);
		put_number(r, "queue", c.sqid);
		put_number(r, "index", c.index);
		put_name(r, "state", c.state < ARRAY_SIZE(states) ? states[c.state] : NULL, c.state);
		put_number(r, "cid", c.cid);
		put_number(r, "opcode", c.opcode);
		put_number(r, "nsid", c.nsid);
		put_number(r, "cdw10", c.cdw[0]);
		put_number(r, "cdw11", c.cdw[1]);
		put_number(r, "cdw12", c.cdw[2]);
		if (c.state == 1)
			put_number(r, "status", (uint64_t)LIBGMX_STATUS(c.status));
		else
			put_null(r, "status");
	}
}

void dump_put(struct json_object *r, const struct libgmx_dump *dump)
{
	struct json_object *registers = put_array(r, "registers"), *queues = put_array(r, "driver_queues"),
			   *commands = put_array(r, "driver_commands");

	for (unsigned int i = 0; i < dump->nr_sections; i++) {
		put_registers(registers, &dump->section[i]);
		put_queues(queues, &dump->section[i]);
		put_commands(commands, &dump->section[i]);
	}
}
