// SPDX-License-Identifier: GPL-2.0-or-later
/* Options, as the tables have them. */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

const struct ctl_option ctl_common_options[] = {
	{ "output", 'o', "FORMAT", "how to print the result", "table json csv prom" },
	{ "columns", 0, "LIST", "columns of a table or csv, by the keys of JSON, commas between", NULL },
	{ "no-headings", 0, NULL, "no line with the names of the columns", NULL },
	{ "bytes", 0, NULL, "sizes in bytes, not rounded", NULL },
	{ "help", 'h', NULL, "show this", NULL },
	{ NULL },
};

const struct ctl_option ctl_destroy_options[] = {
	{ "yes", 'y', NULL, "do it without asking", NULL },
	{ "dry-run", 'n', NULL, "show the plan and do nothing", NULL },
	{ NULL },
};

const struct ctl_option ctl_progress_options[] = {
	{ "progress", 0, "KIND", "progress on standard error: a line on a terminal, or JSON lines", "auto json none" },
	{ NULL },
};

struct collected {
	const struct ctl_option *option[CTL_MAX_OPTIONS];
	struct option getopt[CTL_MAX_OPTIONS + 1];
	char letters[2 * CTL_MAX_OPTIONS + 3];
	unsigned int nr;
};

static void collect(struct collected *all, const struct ctl_option *from)
{
	for (; from && from->name && all->nr < CTL_MAX_OPTIONS; from++) {
		char *letters = all->letters + strlen(all->letters);

		all->option[all->nr] = from;
		all->getopt[all->nr] = (struct option){ from->name, from->arg ? required_argument : no_argument, NULL,
							1000 + (int)all->nr };
		if (from->letter)
			sprintf(letters, "%c%s", from->letter, from->arg ? ":" : "");
		all->nr++;
	}
}

/* A word of a list with blanks between */
static bool one_of(const char *values, const char *value)
{
	size_t len = strlen(value);

	for (const char *p = values; *p; p += strcspn(p, " "), p += strspn(p, " "))
		if (strcspn(p, " ") == len && !strncmp(p, value, len))
			return true;
	return false;
}

static int apply(struct ctl *ctl, const struct ctl_option *o, const char *value)
{
	if (o->values && !one_of(o->values, value))
		return ctl_fail(ctl, CTL_USAGE, o->values, "--%s can't be '%s'; it is one of", o->name, value);
	if (ctl->nr_given >= CTL_MAX_OPTIONS)
		return ctl_usage(ctl, "too many options");
	ctl->given[ctl->nr_given] = o;
	ctl->value[ctl->nr_given++] = value ? value : "";
	if (!strcmp(o->name, "output"))
		ctl->output = !strcmp(value, "json")   ? OUT_JSON
			      : !strcmp(value, "csv")  ? OUT_CSV
			      : !strcmp(value, "prom") ? OUT_PROM
						       : OUT_TABLE;
	else if (!strcmp(o->name, "columns"))
		ctl->columns = value;
	else if (!strcmp(o->name, "no-headings"))
		ctl->no_headings = true;
	else if (!strcmp(o->name, "bytes"))
		ctl->show_bytes = true;
	else if (!strcmp(o->name, "yes"))
		ctl->assume_yes = true;
	else if (!strcmp(o->name, "dry-run"))
		ctl->dry_run = true;
	else if (!strcmp(o->name, "progress"))
		ctl->progress_json = !strcmp(value, "json");
	return CTL_OK;
}

/* Each column must be a key of the result */
static int check_columns(struct ctl *ctl)
{
	const char *p = ctl->columns;

	while (p && *p) {
		size_t len = strcspn(p, ",");
		const struct ctl_field *f = ctl->cmd->fields;
		char all[1024];
		size_t n = 0;

		while (f && f->key && (strlen(f->key) != len || strncmp(f->key, p, len)))
			f++;
		if (!f || !f->key) {
			all[0] = 0;
			for (f = ctl->cmd->fields; f && f->key && n < sizeof(all); f++)
				n += (size_t)snprintf(all + n, sizeof(all) - n, "%s%s", n ? ", " : "", f->key);
			return ctl_fail(ctl, CTL_USAGE, all, "there is no column '%.*s'; there are", (int)len, p);
		}
		p += len + (p[len] == ',');
	}
	return CTL_OK;
}

/* How many words a synopsis needs, and may have */
static void count_args(const char *args, int *least, int *most)
{
	*least = *most = 0;
	for (const char *p = args; *p; p += strcspn(p, " "), p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");

		if (*p != '[')
			++*least;
		++*most;
		if (len > 3 && !strncmp(p + len - 3, "...", 3))
			*most = 64;
	}
}

int ctl_parse(struct ctl *ctl, int argc, char **argv)
{
	struct collected all = { .letters = ":" };
	int c, index, status, least, most;

	collect(&all, ctl->cmd->options);
	if (ctl->cmd->flags & C_DESTROYS)
		collect(&all, ctl_destroy_options);
	if (ctl->cmd->flags & C_PROGRESS)
		collect(&all, ctl_progress_options);
	collect(&all, ctl_common_options);
	opterr = 0;
	/* argv[0] stands where the last word of the command was */
	while ((c = getopt_long(argc, argv, all.letters, all.getopt, &index)) != -1) {
		const struct ctl_option *o = NULL;

		if (c == '?')
			return ctl_usage(ctl, "unknown option '%s'",
					 optopt > 0 && optopt < 1000 ? (char[]){ '-', (char)optopt, 0 } : argv[optind - 1]);
		if (c == ':')
			return ctl_usage(ctl, "option '%s' needs a value", argv[optind - 1]);
		for (unsigned int i = 0; i < all.nr && !o; i++)
			if (c == 1000 + (int)i || c == all.option[i]->letter)
				o = all.option[i];
		status = apply(ctl, o, optarg);
		if (status)
			return status;
	}
	ctl->args = argv + optind;
	ctl->nr_args = argc - optind;
	count_args(ctl->cmd->args, &least, &most);
	if (ctl->nr_args < least)
		return ctl_usage(ctl, "something is missing: %s", ctl->cmd->args);
	if (ctl->nr_args > most)
		return ctl_usage(ctl, "'%s' is too much", ctl->args[most]);
	return check_columns(ctl);
}

const char *ctl_option(const struct ctl *ctl, const char *name)
{
	const char *value = NULL;

	/* the last one counts */
	for (unsigned int i = 0; i < ctl->nr_given; i++)
		if (!strcmp(ctl->given[i]->name, name))
			value = ctl->value[i];
	return value;
}

bool ctl_number(const char *text, uint64_t *out)
{
	size_t len = strlen(text);
	char copy[32], *end;
	int base = 10;

	if (!len || len >= sizeof(copy) || !isxdigit((unsigned char)text[0]))
		return false;
	strcpy(copy, text);
	/* 0xc0, and C0h as the standard writes it */
	if (len > 2 && text[0] == '0' && (text[1] | 32) == 'x') {
		base = 16;
	} else if ((copy[len - 1] | 32) == 'h') {
		copy[len - 1] = 0;
		base = 16;
	}
	errno = 0;
	*out = strtoull(copy, &end, base);
	return !errno && !*end && end != copy;
}

bool ctl_size(const char *text, uint64_t *out)
{
	static const char units[] = "KMGT";
	char *end;
	uint64_t n;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	n = strtoull(text, &end, 10);
	if (errno)
		return false;
	if (*end) {
		const char *u = strchr(units, toupper((unsigned char)*end));
		unsigned int shift = u ? 10 * (unsigned int)(u - units + 1) : 0;

		if (!u || (end[1] && strcmp(end + 1, "iB") && strcmp(end + 1, "B")) || n > UINT64_MAX >> shift)
			return false;
		n <<= shift;
	}
	*out = n;
	return true;
}

int ctl_option_number(struct ctl *ctl, const char *name, uint64_t least, uint64_t most, uint64_t *out)
{
	const char *text = ctl_option(ctl, name);
	uint64_t n;

	if (!text)
		return CTL_OK;
	if (!ctl_number(text, &n) || n < least || n > most)
		return ctl_usage(ctl, "--%s can't be '%s': it is a number from %llu to %llu", name, text,
				 (unsigned long long)least, (unsigned long long)most);
	*out = n;
	return CTL_OK;
}

int ctl_option_size(struct ctl *ctl, const char *name, uint64_t *out)
{
	const char *text = ctl_option(ctl, name);

	if (!text)
		return CTL_OK;
	if (!ctl_size(text, out))
		return ctl_usage(ctl, "--%s can't be '%s': it is a number of bytes, or one with K, M, G or T", name, text);
	return CTL_OK;
}
