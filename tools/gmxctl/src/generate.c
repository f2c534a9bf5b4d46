// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl generate: what packages ship, made of the tables. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "generate.h"

static int run_man(struct ctl *ctl)
{
	(void)ctl;
	generate_man();
	return CTL_OK;
}

static int run_bash(struct ctl *ctl)
{
	(void)ctl;
	generate_bash();
	return CTL_OK;
}

static int run_zsh(struct ctl *ctl)
{
	(void)ctl;
	generate_zsh();
	return CTL_OK;
}

static int run_fish(struct ctl *ctl)
{
	(void)ctl;
	generate_fish();
	return CTL_OK;
}

static int run_commands(struct ctl *ctl)
{
	char name[64];

	(void)ctl;
	for (unsigned int i = 0; ctl_objects[i]; i++) {
		for (const struct ctl_command *c = ctl_objects[i]; c->object; c++) {
			ctl_command_name(c, '.', name, sizeof(name));
			puts(name);
		}
	}
	return CTL_OK;
}

static int run_schema(struct ctl *ctl)
{
	char name[64];

	for (unsigned int i = 0; ctl_objects[i]; i++) {
		for (const struct ctl_command *c = ctl_objects[i]; c->object; c++) {
			struct json_object *schema;

			ctl_command_name(c, '.', name, sizeof(name));
			if (strcmp(name, ctl->args[0]))
				continue;
			if (c->flags & C_STREAM && !c->fields)
				return ctl_fail(ctl, CTL_FAILED, NULL, "%s prints no document", name);
			schema = ctl_schema(c);
			puts(json_object_to_json_string_ext(schema, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
			json_object_put(schema);
			return CTL_OK;
		}
	}
	return ctl_fail(ctl, CTL_USAGE, "gmxctl generate commands lists them", "there is no command '%s' (written like ns.list)",
			ctl->args[0]);
}

const struct ctl_command ctl_generate[] = {
	{ "generate", "man", "", "print the manual page", NULL, NULL, NULL, SHAPE_RECORD, C_STREAM, run_man },
	{ "generate", "bash", "", "print the completion for bash", NULL, NULL, NULL, SHAPE_RECORD, C_STREAM, run_bash },
	{ "generate", "zsh", "", "print the completion for zsh", NULL, NULL, NULL, SHAPE_RECORD, C_STREAM, run_zsh },
	{ "generate", "fish", "", "print the completion for fish", NULL, NULL, NULL, SHAPE_RECORD, C_STREAM, run_fish },
	{ "generate", "commands", "", "print the names of all commands", NULL, NULL, NULL, SHAPE_RECORD, C_STREAM, run_commands },
	{ "generate", "schema", "COMMAND", "print the JSON Schema of a command's document", NULL, NULL, NULL, SHAPE_RECORD,
	  C_STREAM, run_schema },
	{ NULL },
};
