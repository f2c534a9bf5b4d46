// SPDX-License-Identifier: GPL-2.0-or-later
/* JSON Schema of what a command prints with -o json, made of its table. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"

static struct json_object *type_or_null(const char *type)
{
	struct json_object *o = json_object_new_object(), *t = json_object_new_array();

	json_object_array_add(t, json_object_new_string(type));
	json_object_array_add(t, json_object_new_string("null"));
	json_object_object_add(o, "type", t);
	return o;
}

static struct json_object *type_of(const char *type)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "type", json_object_new_string(type));
	return o;
}

static struct json_object *record_schema(const struct ctl_field *fields);

static struct json_object *field_schema(const struct ctl_field *f)
{
	struct json_object *o;

	switch (f->kind) {
	case K_TEXT: o = type_or_null("string"); break;
	case K_BOOL: o = type_or_null("boolean"); break;
	case K_TEXTS:
		o = type_of("array");
		json_object_object_add(o, "items", type_of("string"));
		break;
	case K_RECORDS:
		o = type_of("array");
		json_object_object_add(o, "items", record_schema(f->sub));
		break;
	default: o = type_or_null("integer"); break;
	}
	json_object_object_add(o, "description", json_object_new_string(f->help));
	return o;
}

static struct json_object *record_schema(const struct ctl_field *fields)
{
	struct json_object *o = type_of("object"), *p = json_object_new_object(), *required = json_object_new_array();
	char name[96];

	for (const struct ctl_field *f = fields; f && f->key; f++) {
		json_object_object_add(p, f->key, field_schema(f));
		json_object_array_add(required, json_object_new_string(f->key));
		/* beside a number that not every reader can hold */
		if (f->kind == K_TEXT || f->kind == K_BOOL || f->kind == K_TEXTS || f->kind == K_RECORDS)
			continue;
		snprintf(name, sizeof(name), "%s_string", f->key);
		json_object_object_add(p, name, type_of("string"));
	}
	json_object_object_add(o, "properties", p);
	json_object_object_add(o, "required", required);
	json_object_object_add(o, "additionalProperties", json_object_new_boolean(false));
	return o;
}

static struct json_object *constant(struct json_object *value)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "const", value);
	return o;
}

static void closed(struct json_object *o, struct json_object *properties)
{
	struct json_object *required = json_object_new_array();

	json_object_object_foreach(properties, key, value)
	{
		(void)value;
		json_object_array_add(required, json_object_new_string(key));
	}
	json_object_object_add(o, "properties", properties);
	json_object_object_add(o, "required", required);
	json_object_object_add(o, "additionalProperties", json_object_new_boolean(false));
}

static struct json_object *error_schema(void)
{
	struct json_object *list = type_of("array"), *item = type_of("object"), *p = json_object_new_object(), *codes, *code;

	codes = json_object_new_array();
	for (int i = 0; i <= CTL_UNKNOWN; i++)
		if (ctl_exit_name(i))
			json_object_array_add(codes, json_object_new_string(ctl_exit_name(i)));
	code = json_object_new_object();
	json_object_object_add(code, "enum", codes);
	json_object_object_add(p, "code", code);
	json_object_object_add(p, "nvme_status", type_or_null("integer"));
	json_object_object_add(p, "message", type_of("string"));
	json_object_object_add(p, "hint", type_or_null("string"));
	closed(item, p);
	json_object_object_add(list, "items", item);
	return list;
}

static struct json_object *plan_schema(void)
{
	struct json_object *o = json_object_new_object(), *either = json_object_new_array(), *lines = type_of("array");

	json_object_object_add(lines, "items", type_of("string"));
	json_object_array_add(either, lines);
	json_object_array_add(either, type_of("null"));
	json_object_object_add(o, "anyOf", either);
	return o;
}

struct json_object *ctl_schema(const struct ctl_command *cmd)
{
	struct json_object *o = json_object_new_object(), *format = type_of("object"), *p = json_object_new_object(), *result,
			   *either;
	char name[64], full[80];

	ctl_command_name(cmd, '.', name, sizeof(name));
	snprintf(full, sizeof(full), "gmxctl.%s", name);
	json_object_object_add(o, "$schema", json_object_new_string("https://json-schema.org/draft/2020-12/schema"));
	json_object_object_add(o, "title", json_object_new_string(full));
	json_object_object_add(o, "description", json_object_new_string(cmd->summary));
	json_object_object_add(o, "type", json_object_new_string("object"));
	json_object_object_add(p, "name", constant(json_object_new_string(full)));
	json_object_object_add(p, "major", constant(json_object_new_int(1)));
	json_object_object_add(p, "minor", type_of("integer"));
	closed(format, p);
	p = json_object_new_object();
	json_object_object_add(p, "format", format);
	json_object_object_add(p, "tool_version", type_of("string"));
	result = cmd->shape != SHAPE_RECORD ? type_of("array") : record_schema(cmd->fields);
	if (cmd->shape != SHAPE_RECORD)
		json_object_object_add(result, "items", record_schema(cmd->fields));
	either = json_object_new_array();
	json_object_array_add(either, result);
	json_object_array_add(either, type_of("null"));
	result = json_object_new_object();
	json_object_object_add(result, "anyOf", either);
	json_object_object_add(p, "result", result);
	json_object_object_add(p, "errors", error_schema());
	if (cmd->flags & C_DESTROYS)
		json_object_object_add(p, "plan", plan_schema());
	closed(o, p);
	return o;
}
