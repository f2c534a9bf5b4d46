// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "args.h"

void emu_args_init(struct emu_args *a, json_object *object)
{
	memset(a, 0, sizeof(*a));
	a->object = object;
	if (!json_object_is_type(object, json_type_object))
		emu_args_fail(a, "must be a JSON object");
}

void emu_args_fail(struct emu_args *a, const char *fmt, ...)
{
	va_list args;

	if (a->failed)
		return;
	a->failed = true;
	va_start(args, fmt);
	vsnprintf(a->error, sizeof(a->error), fmt, args);
	va_end(args);
}

static json_object *args_get(struct emu_args *a, const char *key)
{
	json_object *value;
	unsigned int i = 0;

	while (i < a->nr && strcmp(a->known[i], key))
		i++;
	if (i == a->nr && a->nr < EMU_MAX_ARGS)
		a->known[a->nr++] = key;
	if (a->failed || !json_object_object_get_ex(a->object, key, &value))
		return NULL;
	if (!value)
		emu_args_fail(a, "\"%s\" must not be null", key);
	return value;
}

bool emu_args_has(struct emu_args *a, const char *key)
{
	return args_get(a, key);
}

static bool args_number(json_object *value, uint64_t *out)
{
	const char *text;
	char *end;

	if (json_object_is_type(value, json_type_int)) {
		*out = json_object_get_uint64(value);
		return json_object_get_int64(value) >= 0;
	}
	if (!json_object_is_type(value, json_type_string))
		return false;
	text = json_object_get_string(value);
	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*out = strtoull(text, &end, 0);
	return !errno && !*end;
}

bool emu_args_number(struct emu_args *a, const char *key, uint64_t min, uint64_t max, uint64_t *out)
{
	json_object *value = args_get(a, key);
	uint64_t n;

	if (!value)
		return false;
	if (!args_number(value, &n) || n < min || n > max) {
		emu_args_fail(a, "\"%s\" is %.40s: a whole number from %llu to %llu", key, json_object_to_json_string(value),
			      (unsigned long long)min, (unsigned long long)max);
		return false;
	}
	*out = n;
	return true;
}

bool emu_args_u32(struct emu_args *a, const char *key, uint32_t min, uint32_t max, uint32_t *out)
{
	uint64_t n;

	if (!emu_args_number(a, key, min, max, &n))
		return false;
	*out = (uint32_t)n;
	return true;
}

bool emu_args_fraction(struct emu_args *a, const char *key, double *out)
{
	json_object *value = args_get(a, key);
	double n;

	if (!value)
		return false;
	n = json_object_get_double(value);
	if ((!json_object_is_type(value, json_type_double) && !json_object_is_type(value, json_type_int)) || !(n > 0 && n <= 1)) {
		emu_args_fail(a, "\"%s\" is %.40s: a number above 0, at most 1", key, json_object_to_json_string(value));
		return false;
	}
	*out = n;
	return true;
}

bool emu_args_flag(struct emu_args *a, const char *key, bool *out)
{
	json_object *value = args_get(a, key);

	if (!value)
		return false;
	if (!json_object_is_type(value, json_type_boolean)) {
		emu_args_fail(a, "\"%s\" is %.40s: true or false", key, json_object_to_json_string(value));
		return false;
	}
	*out = json_object_get_boolean(value);
	return true;
}

bool emu_args_text(struct emu_args *a, const char *key, char *out, size_t room)
{
	json_object *value = args_get(a, key);

	if (!value)
		return false;
	if (!json_object_is_type(value, json_type_string) || (size_t)json_object_get_string_len(value) >= room ||
	    strlen(json_object_get_string(value)) != (size_t)json_object_get_string_len(value)) {
		emu_args_fail(a, "\"%s\" is %.40s: a text of at most %zu bytes", key, json_object_to_json_string(value),
			      room - 1);
		return false;
	}
	memcpy(out, json_object_get_string(value), (size_t)json_object_get_string_len(value) + 1);
	return true;
}

bool emu_args_word(struct emu_args *a, const char *key, const char *const *words, unsigned int nr, unsigned int *out)
{
	json_object *value = args_get(a, key);
	char list[160] = "";

	if (!value)
		return false;
	for (unsigned int i = 0; i < nr; i++) {
		if (json_object_is_type(value, json_type_string) && !strcmp(json_object_get_string(value), words[i])) {
			*out = i;
			return true;
		}
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s\"%s\"", i ? ", " : "", words[i]);
	}
	emu_args_fail(a, "\"%s\" is %.40s: one of %s", key, json_object_to_json_string(value), list);
	return false;
}

void emu_args_need(struct emu_args *a, bool there, const char *key, const char *what)
{
	if (!there)
		emu_args_fail(a, "\"%s\" is missing: %s", key, what);
}

bool emu_args_end(struct emu_args *a)
{
	char list[200] = "";

	if (a->failed)
		return false;
	for (unsigned int i = 0; i < a->nr; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i ? ", " : "", a->known[i]);
	json_object_object_foreach(a->object, key, value)
	{
		unsigned int i = 0;

		(void)value;
		while (i < a->nr && strcmp(a->known[i], key))
			i++;
		if (i == a->nr)
			emu_args_fail(a, "\"%.40s\" is unknown, here are known: %s", key, list);
	}
	return !a->failed;
}
