// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables by libsmartcols, and csv. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libsmartcols.h>

#include "ctl.h"

#define MAX_COLUMNS 64

/* Key with blanks, in capitals, without its unit: that stands in the cells */
static void heading(const struct ctl_field *f, char *out, size_t room)
{
	static const char *const units[] = { "_bytes", "_celsius", "_percent", "_ms", "_seconds", "_mw" };
	size_t n = 0, len = strlen(f->key);

	for (unsigned int i = 0; i < ARRAY_SIZE(units); i++) {
		size_t u = strlen(units[i]);

		if (len > u && !strcmp(f->key + len - u, units[i]) && f->kind != K_NUMBER) {
			len -= u;
			break;
		}
	}
	for (; n < len && n + 1 < room; n++)
		out[n] = f->key[n] == '_' ? '-' : (char)toupper((unsigned char)f->key[n]);
	out[n] = 0;
}

static unsigned int columns_of(const struct ctl *ctl, const struct ctl_field *fields, const struct ctl_field **out)
{
	unsigned int n = 0;

	if (!ctl->columns || fields != ctl->cmd->fields) {
		for (const struct ctl_field *f = fields; f->key && n < MAX_COLUMNS; f++)
			if (f->kind != K_RECORDS && (!(f->flags & F_MORE) || ctl->output == OUT_CSV))
				out[n++] = f;
		return n;
	}
	for (const char *p = ctl->columns; *p && n < MAX_COLUMNS;) {
		size_t len = strcspn(p, ",");

		for (const struct ctl_field *f = fields; f->key; f++)
			if (strlen(f->key) == len && !strncmp(f->key, p, len))
				out[n++] = f;
		p += len + (p[len] == ',');
	}
	return n;
}

static bool is_number(const struct ctl_field *f)
{
	return f->kind != K_TEXT && f->kind != K_TEXTS && f->kind != K_BOOL && f->kind != K_TIME_MS && f->kind != K_RECORDS;
}

static struct libscols_table *table_new(const struct ctl *ctl, unsigned int nr, char names[][64], const bool *right)
{
	struct libscols_table *t = scols_new_table();

	if (!t)
		return NULL;
	scols_table_enable_noheadings(t, ctl->no_headings);
	if (!isatty(STDOUT_FILENO))
		scols_table_enable_maxout(t, 0);
	for (unsigned int i = 0; i < nr; i++)
		if (!scols_table_new_column(t, names[i], 0.1, right[i] ? SCOLS_FL_RIGHT : 0)) {
			scols_unref_table(t);
			return NULL;
		}
	return t;
}

static void list_print(const struct ctl *ctl, const struct ctl_field *fields, struct json_object *list)
{
	const struct ctl_field *cols[MAX_COLUMNS];
	unsigned int n = columns_of(ctl, fields, cols);
	char names[MAX_COLUMNS][64], *text;
	bool right[MAX_COLUMNS];
	struct libscols_table *t;

	for (unsigned int i = 0; i < n; i++) {
		heading(cols[i], names[i], sizeof(names[i]));
		right[i] = is_number(cols[i]);
	}
	t = table_new(ctl, n, names, right);
	if (!t)
		return;
	for (size_t k = 0; k < json_object_array_length(list); k++) {
		struct json_object *r = json_object_array_get_idx(list, k);
		struct libscols_line *line = scols_table_new_line(t, NULL);

		for (unsigned int i = 0; line && i < n; i++) {
			text = value_string(ctl, cols[i], json_object_object_get(r, cols[i]->key));
			scols_line_refer_data(line, i, text);
		}
	}
	scols_print_table(t);
	scols_unref_table(t);
}

/* One record: a line a member; lists inside of it follow as tables of their own */
static void record_print(const struct ctl *ctl, const struct ctl_field *fields, struct json_object *r)
{
	const struct ctl_field *cols[MAX_COLUMNS];
	unsigned int n = columns_of(ctl, fields, cols), width = 0;
	char name[64], *text;
	struct json_object *v;

	for (unsigned int i = 0; i < n; i++)
		if (strlen(cols[i]->key) > width)
			width = (unsigned int)strlen(cols[i]->key);
	for (unsigned int i = 0; i < n; i++) {
		if (!json_object_object_get_ex(r, cols[i]->key, &v))
			continue;
		text = value_string(ctl, cols[i], v);
		heading(cols[i], name, sizeof(name));
		for (char *p = name; *p; p++)
			*p = *p == '-' ? ' ' : (char)tolower((unsigned char)*p);
		if (ctl->no_headings)
			printf("%s\n", text);
		else
			printf("%-*s  %s\n", (int)width, name, text);
		free(text);
	}
	for (const struct ctl_field *f = fields; f->key && !ctl->columns; f++) {
		if (f->kind != K_RECORDS || !json_object_object_get_ex(r, f->key, &v) || !json_object_array_length(v))
			continue;
		printf("\n%s:\n", f->key);
		list_print(ctl, f->sub, v);
	}
}

void table_print(struct ctl *ctl)
{
	if (!ctl->result)
		return;
	if (ctl->cmd->shape == SHAPE_LIST && json_object_is_type(ctl->result, json_type_array)) {
		list_print(ctl, ctl->cmd->fields, ctl->result);
		return;
	}
	if (!json_object_is_type(ctl->result, json_type_array)) {
		record_print(ctl, ctl->cmd->fields, ctl->result);
		return;
	}
	for (size_t i = 0; i < json_object_array_length(ctl->result); i++) {
		if (i)
			putchar('\n');
		record_print(ctl, ctl->cmd->fields, json_object_array_get_idx(ctl->result, i));
	}
}

/* RFC 4180, with values as JSON has them */
static void csv_cell(const struct ctl_field *f, struct json_object *v)
{
	const char *s = v ? json_object_get_string(v) : "";
	struct ctl plain = { .show_bytes = true };
	char *joined = NULL;

	if (v && f->kind == K_TEXTS) {
		joined = value_string(&plain, f, v);
		s = strcmp(joined, "-") ? joined : "";
	}
	if (!strpbrk(s, ",\"\r\n")) {
		fputs(s, stdout);
		free(joined);
		return;
	}
	putchar('"');
	for (; *s; s++) {
		if (*s == '"')
			putchar('"');
		putchar(*s);
	}
	putchar('"');
	free(joined);
}

static void csv_record(const struct ctl_field **cols, unsigned int n, struct json_object *r)
{
	for (unsigned int i = 0; i < n; i++) {
		if (i)
			putchar(',');
		csv_cell(cols[i], json_object_object_get(r, cols[i]->key));
	}
	putchar('\n');
}

void csv_print(struct ctl *ctl)
{
	const struct ctl_field *cols[MAX_COLUMNS];
	unsigned int n;

	if (!ctl->result || !ctl->cmd->fields)
		return;
	n = columns_of(ctl, ctl->cmd->fields, cols);
	for (unsigned int i = 0; i < n && !ctl->no_headings; i++)
		printf("%s%s", i ? "," : "", cols[i]->key);
	if (!ctl->no_headings)
		putchar('\n');
	if (!json_object_is_type(ctl->result, json_type_array)) {
		csv_record(cols, n, ctl->result);
		return;
	}
	for (size_t i = 0; i < json_object_array_length(ctl->result); i++)
		csv_record(cols, n, json_object_array_get_idx(ctl->result, i));
}
