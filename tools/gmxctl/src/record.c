// SPDX-License-Identifier: GPL-2.0-or-later
/* Members of results. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"

/* What a double holds exactly: above it readers of JSON may round */
#define SAFE (1ull << 53)

struct json_object *ctl_list(struct ctl *ctl)
{
	if (!ctl->result)
		ctl->result = json_object_new_array();
	return ctl->result;
}

struct json_object *ctl_record(struct json_object *list)
{
	struct json_object *r = json_object_new_object();

	json_object_array_add(list, r);
	return r;
}

void put_text(struct json_object *r, const char *key, const char *value)
{
	json_object_object_add(r, key, value && value[0] ? json_object_new_string(value) : NULL);
}

void put_number(struct json_object *r, const char *key, uint64_t value)
{
	char name[96], text[24];

	json_object_object_add(r, key, json_object_new_uint64(value));
	if (value <= SAFE)
		return;
	snprintf(name, sizeof(name), "%s_string", key);
	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	json_object_object_add(r, name, json_object_new_string(text));
}

void put_signed(struct json_object *r, const char *key, int64_t value)
{
	json_object_object_add(r, key, json_object_new_int64(value));
}

void put_bool(struct json_object *r, const char *key, bool value)
{
	json_object_object_add(r, key, json_object_new_boolean(value));
}

void put_null(struct json_object *r, const char *key)
{
	json_object_object_add(r, key, NULL);
}

void put_celsius(struct json_object *r, const char *key, int16_t value)
{
	if (value == LIBGMX_NO_TEMPERATURE)
		put_null(r, key);
	else
		put_signed(r, key, value);
}

void put_name(struct json_object *r, const char *key, const char *name, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)value);
	put_text(r, key, name ? name : text);
}

struct json_object *put_array(struct json_object *r, const char *key)
{
	struct json_object *a = json_object_new_array();

	json_object_object_add(r, key, a);
	return a;
}
