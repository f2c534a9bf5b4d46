// SPDX-License-Identifier: GPL-2.0-or-later
/* What a fault rule says: its kind, what it matches, when a match counts. */
#include <ctype.h>

#include "fault.h"

#define RULE_MAX_BYTES 64u

static const struct fault_kind fault_kinds[] = {
	{ "drop", FAULT_CMD, FAULT_DROP, EMU_CMD_DROP, "" },
	{ "delay", FAULT_CMD, FAULT_DELAY, 0, "us" },
	{ "wrong-cid", FAULT_CMD, FAULT_WRONG_CID, EMU_CMD_WRONG_CID, "" },
	{ "stale-cid", FAULT_CMD, FAULT_STALE_CID, EMU_CMD_STALE_CID, "" },
	{ "wrong-phase", FAULT_CMD, FAULT_WRONG_PHASE, EMU_CMD_WRONG_PHASE, "" },
	{ "double", FAULT_CMD, FAULT_DOUBLE, EMU_CMD_DOUBLE, "" },
	{ "no-irq", FAULT_CMD, FAULT_NO_IRQ, EMU_CMD_NO_IRQ, "" },
	{ "status", FAULT_CMD, FAULT_STATUS, 0, "status" },
	{ "hang", FAULT_CMD, FAULT_HANG, 0, "" },
	{ "irq-lost", FAULT_IRQ, FAULT_IRQ_LOST, 0, "vector" },
	{ "corrupt", FAULT_DATA, FAULT_CORRUPT, 0, "what, offset, bytes, value" },
	{ "fw-activation", FAULT_QUERY, FAULT_FW_ACTIVATION, 0, "" },
	{ "self-test", FAULT_QUERY, FAULT_SELF_TEST, 0, "segment" },
};

static const struct fault_kind fault_action_kind = { "", FAULT_CMD, FAULT_ACTION, 0, "" };

static bool same_name(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b) &&
		    (isalnum((unsigned char)*a) || isalnum((unsigned char)*b)))
			return false;
	}
	return !*a && !*b;
}

static bool opcode_named(const char *name, bool admin, uint32_t *opcode)
{
	unsigned int nr;
	const struct emu_opcode *op = emu_cmd_table(admin, &nr);

	for (unsigned int i = 0; i < nr; i++) {
		if (same_name(op[i].name, name)) {
			*opcode = op[i].opcode;
			return true;
		}
	}
	return false;
}

static void parse_opcode(struct emu_fault_rule *r, struct emu_args *a)
{
	static const char *const sets[] = { "io", "admin" };
	json_object *value;
	char name[48];

	if (emu_args_word(a, "set", sets, ARRAY_SIZE(sets), &r->set))
		r->any_set = false;
	if (!emu_args_has(a, "opcode"))
		return;
	r->any_opcode = false;
	value = json_object_object_get(a->object, "opcode");
	if (!json_object_is_type(value, json_type_string) || isdigit((unsigned char)*json_object_get_string(value))) {
		emu_args_u32(a, "opcode", 0, 255, &r->opcode);
		if (r->any_set && r->any_queue)
			emu_args_fail(a, "\"opcode\" needs \"set\": \"admin\" or \"io\"");
		return;
	}
	if (!emu_args_text(a, "opcode", name, sizeof(name)))
		return;
	for (uint32_t set = 0; set < 2; set++) {
		if ((r->any_set || r->set == set) && opcode_named(name, set, &r->opcode)) {
			r->set = set;
			r->any_set = false;
			return;
		}
	}
	emu_args_fail(a, "\"opcode\" is \"%s\": a number from 0 to 255, or a command's name like \"read\" or \"identify\"", name);
}

bool emu_rule_has_blocks(uint32_t opcode)
{
	switch (opcode) {
	case GMX_NVM_WRITE:
	case GMX_NVM_READ:
	case GMX_NVM_WRITE_UNCOR:
	case GMX_NVM_COMPARE:
	case GMX_NVM_WRITE_ZEROES:
	case GMX_NVM_DSM:
	case GMX_NVM_VERIFY: return true;
	default: return false;
	}
}

static void parse_match(struct emu_fault_rule *r, struct emu_args *a)
{
	if (emu_args_u32(a, "queue", 0, EMU_MAX_QUEUES - 1, &r->queue))
		r->any_queue = false;
	parse_opcode(r, a);
	if (r->kind->id == FAULT_ACTION)
		return;
	emu_args_u32(a, "nsid", 1, UINT32_MAX, &r->nsid);
	r->blocks = 1;
	if (emu_args_number(a, "lba", 0, UINT64_MAX >> 1, &r->lba))
		r->any_lba = false;
	if (!r->any_lba &&
	    ((!r->any_set && r->set) || (!r->any_queue && !r->queue) || (!r->any_opcode && !emu_rule_has_blocks(r->opcode))))
		emu_args_fail(a, "\"lba\": only I/O commands that name blocks have any, like \"read\" or \"dataset management\"");
	if (emu_args_u32(a, "blocks", 1, UINT32_MAX, &r->blocks))
		emu_args_need(a, !r->any_lba, "lba", "\"blocks\" counts from it");
}

static void parse_values(struct emu_fault_rule *r, struct emu_args *a)
{
	switch (r->kind->id) {
	case FAULT_DELAY: emu_args_need(a, emu_args_u32(a, "us", 1, 3600000000u, &r->us), "us", "1 to 3600000000"); break;
	case FAULT_STATUS:
		emu_args_need(a, emu_args_u32(a, "status", 1, 0x7fff, &r->status), "status",
			      "1 to 0x7fff, code type << 8 | code, 0x4000 is Do Not Retry");
		break;
	case FAULT_IRQ_LOST: r->any_vector = !emu_args_u32(a, "vector", 0, 2047, &r->vector); break;
	case FAULT_SELF_TEST:
		r->segment = 1;
		emu_args_u32(a, "segment", 1, 255, &r->segment);
		break;
	case FAULT_CORRUPT:
		emu_args_need(a, emu_args_text(a, "what", r->what, sizeof(r->what)), "what",
			      "\"identify\", \"log\", or with CNS or page like \"identify:01\", \"log:c4\"");
		if (!a->failed && strncmp(r->what, "identify", 8) && strncmp(r->what, "log", 3))
			emu_args_fail(a, "\"what\" is \"%s\": \"identify\", \"log\", or with CNS or page like \"log:c4\"",
				      r->what);
		r->bytes = 1;
		emu_args_u32(a, "bytes", 1, RULE_MAX_BYTES, &r->bytes);
		r->has_offset = emu_args_u32(a, "offset", 0, UINT32_MAX >> 1, &r->offset);
		r->has_value = emu_args_number(a, "value", 0, UINT64_MAX, &r->value);
		break;
	default: break;
	}
}

/* What an action needs no command for, it does at once. */
static void parse_action(struct emu_fault_rule *r, struct emu_args *a)
{
	emu_action_parse(r->s, r->action.kind, a, &r->action);
	r->by_command = !r->any_queue || !r->any_set || !r->any_opcode || r->nth || emu_args_has(a, "probability") ||
			emu_args_has(a, "count");
	if (!r->count)
		r->count = 1;
}

static void fault_kind_names(char *list, size_t len)
{
	list[0] = '\0';
	for (unsigned int i = 0; i < ARRAY_SIZE(fault_kinds); i++)
		snprintf(list + strlen(list), len - strlen(list), "%s, ", fault_kinds[i].name);
	for (unsigned int i = 0; i < EMU_NR_ACTIONS; i++)
		snprintf(list + strlen(list), len - strlen(list), "%s%s", emu_action_name((enum emu_action_kind)i),
			 i + 1 < EMU_NR_ACTIONS ? ", " : "");
}

static void parse_kind(struct emu_fault_rule *r, struct emu_args *a)
{
	char name[24] = "", list[2 * EMU_ERROR_SIZE - 80];

	emu_args_has(a, "command");
	emu_args_need(a, emu_args_text(a, "kind", name, sizeof(name)), "kind", "what goes wrong; \"help\" lists them");
	for (unsigned int i = 0; i < ARRAY_SIZE(fault_kinds); i++) {
		if (!strcmp(fault_kinds[i].name, name))
			r->kind = &fault_kinds[i];
	}
	if (emu_action_find(name, &r->action.kind))
		r->kind = &fault_action_kind;
	if (!r->kind) {
		fault_kind_names(list, sizeof(list));
		emu_args_fail(a, "\"kind\" is \"%s\": one of %s", name, list);
		return;
	}
	snprintf(r->text, sizeof(r->text), "%s (rule %u)", name, r->id);
}

void emu_rule_parse(struct emu_fault_rule *r, struct emu_args *a)
{
	parse_kind(r, a);
	if (a->failed)
		return;
	emu_args_u32(a, "nth", 1, UINT32_MAX, &r->nth);
	r->count = r->nth ? 1 : 0;
	emu_args_u32(a, "count", 1, UINT32_MAX, &r->count);
	emu_args_fraction(a, "probability", &r->probability);
	emu_args_u32(a, "after_ms", 0, 86400000, &r->after_ms);
	if (r->kind->class == FAULT_CMD)
		parse_match(r, a);
	if (r->kind->class != FAULT_QUERY)
		r->any_function = !emu_args_u32(a, "controller", 0, EMU_MAX_FUNCTIONS - 1, &r->function);
	parse_values(r, a);
	if (r->kind->id == FAULT_ACTION)
		parse_action(r, a);
	emu_args_end(a);
}

void emu_rule_kinds(json_object *out)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(fault_kinds); i++)
		json_object_object_add(out, fault_kinds[i].name, json_object_new_string(fault_kinds[i].keys));
	for (unsigned int i = 0; i < EMU_NR_ACTIONS; i++)
		json_object_object_add(out, emu_action_name((enum emu_action_kind)i),
				       json_object_new_string(emu_action_keys((enum emu_action_kind)i)));
}
