// SPDX-License-Identifier: GPL-2.0-or-later
/* Values as people read them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ctl.h"

static void size_text(uint64_t bytes, char *out, size_t room)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	unsigned int u = 0;
	uint64_t rest = 0;

	while (bytes >= 1024 && u + 1 < ARRAY_SIZE(units)) {
		rest = bytes % 1024;
		bytes /= 1024;
		u++;
	}
	if (u && bytes < 100)
		snprintf(out, room, "%llu.%llu %s", (unsigned long long)bytes, (unsigned long long)(rest * 10 / 1024), units[u]);
	else
		snprintf(out, room, "%llu %s", (unsigned long long)bytes, units[u]);
}

static void time_text(int64_t ms, char *out, size_t room)
{
	time_t s = (time_t)(ms / 1000);
	struct tm tm;
	char date[32];

	if (!ms || !gmtime_r(&s, &tm) || !strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", &tm))
		snprintf(out, room, "-");
	else
		snprintf(out, room, "%s.%03d", date, (int)(ms % 1000));
}

static void texts(struct json_object *value, char *out, size_t room)
{
	size_t n = 0;

	out[0] = 0;
	for (size_t i = 0; i < json_object_array_length(value) && n < room; i++)
		n += (size_t)snprintf(out + n, room - n, "%s%s", i ? "," : "",
				      json_object_get_string(json_object_array_get_idx(value, i)));
	if (!out[0])
		snprintf(out, room, "-");
}

void value_text(const struct ctl *ctl, const struct ctl_field *field, struct json_object *value, char *out, size_t room)
{
	int64_t n = json_object_get_int64(value);

	if (!value) {
		snprintf(out, room, "-");
		return;
	}
	switch (field->kind) {
	case K_TEXT:
	case K_NUMBER:
	case K_RECORDS: snprintf(out, room, "%s", json_object_get_string(value)); break;
	case K_HEX: snprintf(out, room, "%llXh", (unsigned long long)json_object_get_uint64(value)); break;
	case K_BOOL: snprintf(out, room, "%s", json_object_get_boolean(value) ? "yes" : "no"); break;
	case K_BYTES:
		if (ctl->show_bytes)
			snprintf(out, room, "%llu", (unsigned long long)json_object_get_uint64(value));
		else
			size_text(json_object_get_uint64(value), out, room);
		break;
	case K_CELSIUS: snprintf(out, room, "%lld C", (long long)n); break;
	case K_PERCENT: snprintf(out, room, "%lld %%", (long long)n); break;
	case K_MS: snprintf(out, room, "%lld ms", (long long)n); break;
	case K_SECONDS: snprintf(out, room, "%lld s", (long long)n); break;
	case K_TIME_MS: time_text(n, out, room); break;
	case K_MW: snprintf(out, room, "%lld.%02lld W", (long long)n / 1000, (long long)n % 1000 / 10); break;
	case K_TEXTS: texts(value, out, room); break;
	}
}

static char *joined(struct json_object *value)
{
	size_t room = 2;
	char *out;

	for (size_t i = 0; i < json_object_array_length(value); i++)
		room += (size_t)json_object_get_string_len(json_object_array_get_idx(value, i)) + 1;
	out = malloc(room);
	if (out)
		texts(value, out, room);
	return out;
}

char *value_string(const struct ctl *ctl, const struct ctl_field *field, struct json_object *value)
{
	char short_[64], *out;

	if (value && field->kind == K_TEXT) {
		out = strdup(json_object_get_string(value));
	} else if (value && field->kind == K_TEXTS) {
		out = joined(value);
	} else {
		value_text(ctl, field, value, short_, sizeof(short_));
		out = strdup(short_);
	}
	if (!out)
		abort();
	return out;
}
