// SPDX-License-Identifier: GPL-2.0-or-later
/* The result in the format that was asked for; JSON in its envelope. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"

/* of the formats of all commands; a minor version only adds members */
#define FORMAT_MAJOR 1
#define FORMAT_MINOR 1

void ctl_command_name(const struct ctl_command *cmd, char between, char *out, size_t room)
{
	if (cmd->verb)
		snprintf(out, room, "%s%c%s", cmd->object, between, cmd->verb);
	else
		snprintf(out, room, "%s", cmd->object);
}

void ctl_envelope(struct ctl *ctl)
{
	struct json_object *doc = json_object_new_object(), *format = json_object_new_object();
	char name[64], full[80];

	ctl_command_name(ctl->cmd, '.', name, sizeof(name));
	snprintf(full, sizeof(full), "gmxctl.%s", name);
	json_object_object_add(format, "name", json_object_new_string(strcmp(name, "gmxctl") ? full : name));
	json_object_object_add(format, "major", json_object_new_int(FORMAT_MAJOR));
	json_object_object_add(format, "minor", json_object_new_int(FORMAT_MINOR));
	json_object_object_add(doc, "format", format);
	json_object_object_add(doc, "tool_version", json_object_new_string(GMX_VERSION));
	json_object_object_add(doc, "result", json_object_get(ctl->result));
	json_object_object_add(doc, "errors", json_object_get(ctl->errors));
	if (ctl->cmd->flags & C_DESTROYS)
		json_object_object_add(doc, "plan", json_object_get(ctl->plan));
	puts(json_object_to_json_string_ext(doc, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(doc);
}

void ctl_output(struct ctl *ctl, int status)
{
	(void)status;
	progress_end(ctl);
	if (ctl->cmd->flags & C_STREAM && !json_object_array_length(ctl->errors))
		return;
	switch (ctl->output) {
	case OUT_JSON: ctl_envelope(ctl); break;
	case OUT_CSV: csv_print(ctl); break;
	case OUT_PROM: prom_print(ctl); break;
	case OUT_TABLE: table_print(ctl); break;
	}
}
