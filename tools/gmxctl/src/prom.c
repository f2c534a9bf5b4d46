// SPDX-License-Identifier: GPL-2.0-or-later
/* The text format of Prometheus: base units, ratios for percents, labels by the fields that name things. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"

struct unit {
	enum ctl_kind kind;
	const char *ending; /* of the key */
	const char *base;
	double factor;
};

static const struct unit units[] = {
	{ K_PERCENT, "_percent", "_ratio", 0.01 }, { K_MS, "_ms", "_seconds", 0.001 },
	{ K_TIME_MS, "_ms", "_seconds", 0.001 },   { K_MW, "_mw", "_watts", 0.001 },
	{ K_NUMBER, "_mj", "_joules", 0.001 },	   { K_NUMBER, "_minutes", "_seconds", 60 },
	{ K_NUMBER, "_hours", "_seconds", 3600 },
};

static void metric_name(const struct ctl *ctl, const struct ctl_field *f, char *out, size_t room, double *factor)
{
	size_t len = strlen(f->key);
	const char *base = "";

	*factor = 1;
	for (unsigned int i = 0; i < ARRAY_SIZE(units); i++) {
		size_t u = strlen(units[i].ending);

		if (units[i].kind == f->kind && len > u && !strcmp(f->key + len - u, units[i].ending)) {
			len -= u;
			base = units[i].base;
			*factor = units[i].factor;
			break;
		}
	}
	snprintf(out, room, "gmx_%s_%.*s%s%s", ctl->cmd->object, (int)len, f->key, base, f->flags & F_COUNTER ? "_total" : "");
}

/* Escaped as the format wants it */
static void label_value(const char *s)
{
	for (; *s; s++) {
		if (*s == '\\' || *s == '"')
			putchar('\\');
		putchar(*s == '\n' ? ' ' : *s);
	}
}

/* Names of controllers and of disks are labels of their own */
static const char *ctl_name_label(struct json_object *r)
{
	const char *name = json_object_get_string(json_object_object_get(r, "name"));

	return name && !strncmp(name, "gmx", 3) && strchr(name, 'n') ? "disk" : "controller";
}

static void labels(const struct ctl_field *fields, struct json_object *r, unsigned int flags)
{
	bool first = true;

	for (const struct ctl_field *f = fields; f->key; f++) {
		struct json_object *v = json_object_object_get(r, f->key);

		if (!(f->flags & flags) || !v)
			continue;
		printf("%s%s=\"", first ? "{" : ",", strcmp(f->key, "name") ? f->key : ctl_name_label(r));
		label_value(json_object_get_string(v));
		putchar('"');
		first = false;
	}
	if (!first)
		putchar('}');
}

static void sample(const struct ctl_field *fields, const struct ctl_field *f, const char *name, double factor,
		   struct json_object *r)
{
	struct json_object *v = json_object_object_get(r, f->key);

	if (!v)
		return;
	fputs(name, stdout);
	labels(fields, r, F_LABEL);
	if (f->kind == K_BOOL)
		printf(" %d\n", json_object_get_boolean(v) ? 1 : 0);
	else if (factor != 1)
		printf(" %.10g\n", json_object_get_double(v) * factor);
	else
		printf(" %s\n", json_object_get_string(v));
}

static struct json_object *record(const struct ctl *ctl, size_t i)
{
	return json_object_is_type(ctl->result, json_type_array) ? json_object_array_get_idx(ctl->result, i) : ctl->result;
}

/* What does not change is in one metric, whose value says nothing */
static void info_print(struct ctl *ctl, size_t nr)
{
	bool any = false;

	for (const struct ctl_field *f = ctl->cmd->fields; f && f->key; f++)
		any |= f->flags & F_INFO;
	if (!any || !nr)
		return;
	printf("# HELP gmx_%s_info %s\n# TYPE gmx_%s_info gauge\n", ctl->cmd->object, "what it is", ctl->cmd->object);
	for (size_t i = 0; i < nr; i++) {
		printf("gmx_%s_info", ctl->cmd->object);
		labels(ctl->cmd->fields, record(ctl, i), F_LABEL | F_INFO);
		puts(" 1");
	}
}

void prom_print(struct ctl *ctl)
{
	size_t nr = json_object_is_type(ctl->result, json_type_array) ? json_object_array_length(ctl->result)
		    : ctl->result				      ? 1
								      : 0;

	info_print(ctl, nr);
	for (const struct ctl_field *f = ctl->cmd->fields; f && f->key; f++) {
		char name[128];
		double factor;
		bool any = false;

		if (!(f->flags & (F_METRIC | F_COUNTER)))
			continue;
		metric_name(ctl, f, name, sizeof(name), &factor);
		for (size_t i = 0; i < nr; i++) {
			struct json_object *r = record(ctl, i);

			if (!any && json_object_object_get(r, f->key)) {
				printf("# HELP %s %s\n# TYPE %s %s\n", name, f->help, name,
				       f->flags & F_COUNTER ? "counter" : "gauge");
				any = true;
			}
			sample(ctl->cmd->fields, f, name, factor, r);
		}
	}
}
