// SPDX-License-Identifier: GPL-2.0-or-later
/* The manual page, from the tables. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "generate.h"

/* A text of mdoc: nothing in it is a macro or an escape */
static void text(const char *s)
{
	bool start = true;

	for (; *s; s++) {
		if (start && (*s == '.' || *s == '\''))
			fputs("\\&", stdout);
		start = *s == '\n';
		if (*s == '\\')
			fputs("\\e", stdout);
		else if (*s == '-')
			fputs("\\-", stdout);
		else
			putchar(*s);
	}
}

static void line(const char *s)
{
	text(s);
	putchar('\n');
}

static void options(const struct ctl_option *o)
{
	for (; o && o->name; o++) {
		printf(".It ");
		if (o->letter)
			printf("Fl %c , ", o->letter);
		printf("Fl Fl ");
		text(o->name);
		if (o->arg)
			printf(" Ar %s", o->arg);
		putchar('\n');
		text(o->help);
		if (o->values) {
			fputs(": ", stdout);
			text(o->values);
		}
		fputs(".\n", stdout);
	}
}

static void fields(const struct ctl_field *f, unsigned int depth)
{
	puts(".Bl -tag -width \"power_on_seconds\" -compact");
	for (; f->key; f++) {
		fputs(".It Cm ", stdout);
		line(f->key);
		line(f->help);
		if (f->sub && depth < 3)
			fields(f->sub, depth + 1);
	}
	puts(".El");
}

static void command(const struct ctl_command *c)
{
	char name[64];

	ctl_command_name(c, ' ', name, sizeof(name));
	printf(".Ss gmxctl %s %s\n", name, c->args);
	text(c->summary);
	fputs(".\n", stdout);
	if (c->help)
		line(c->help);
	if ((c->options && c->options->name) || c->flags & (C_DESTROYS | C_PROGRESS)) {
		puts(".Bl -tag -width \"--no-headings\"");
		options(c->options);
		if (c->flags & C_DESTROYS)
			options(ctl_destroy_options);
		if (c->flags & C_PROGRESS)
			options(ctl_progress_options);
		puts(".El");
	}
	if (c->fields) {
		puts(".Pp\nThe result has these members:");
		fields(c->fields, 0);
	}
}

void generate_man(void)
{
	puts(".\\\" SPDX-License-Identifier: GPL-2.0-or-later\n.\\\" Made by gmxctl generate man.\n.Dd November 25, 2026\n.Dt GMXCTL 8\n.Os\n"
	     ".Sh NAME\n.Nm gmxctl\n.Nd manage Gigamax storage controllers\n.Sh SYNOPSIS\n.Nm\n.Ar object verb\n.Op Ar target\n.Op options\n"
	     ".Sh DESCRIPTION\n.Nm\nshows and changes Gigamax controllers, their namespaces and their firmware.\nA\n.Ar target\n"
	     "is the name of a controller or namespace (gmx0, /dev/gmx0, gmx0n1), a PCI address, a serial number, or the UUID of a namespace.\n"
	     "Listing and showing what sysfs has needs no privilege; what sends commands needs root.\n.Pp\nThese options are known by all commands:\n"
	     ".Bl -tag -width \"--no-headings\"");
	options(ctl_common_options);
	puts(".El\n.Pp\nWith\n.Fl o Cm json\none document is written to standard output and nothing else, errors included:\n"
	     ".Dl {\\(dqformat\\(dq:{\\(dqname\\(dq,\\(dqmajor\\(dq,\\(dqminor\\(dq},\\(dqtool_version\\(dq,\\(dqresult\\(dq,\\(dqerrors\\(dq:[...]}\n"
	     "Commands that ask first also have\n.Dq plan ,\nthe lines of what they ask about, with\n.Fl Fl dry-run\ntoo.\n"
	     "Units are in the names of members; a number above 2^53 is there as a text too, in a member whose name ends with _string.\n"
	     ".Cm gmxctl generate schema Ar command\nprints the JSON Schema of a command.\n.Sh COMMANDS");
	for (unsigned int i = 0; ctl_objects[i]; i++)
		for (const struct ctl_command *c = ctl_objects[i]; c->object; c++)
			command(c);
	puts(".Sh EXIT STATUS\n.Bl -tag -width Ds -compact");
	for (int i = 0; i <= CTL_UNKNOWN; i++) {
		if (!ctl_exit_name(i))
			continue;
		printf(".It %d\n", i);
		text(ctl_exit_name(i));
		fputs(": ", stdout);
		line(ctl_exit_help(i));
	}
	puts(".El\n.Sh FILES\n.Bl -tag -width Ds\n.It Pa /usr/share/gmx/keys/*.pub , /etc/gmx/keys/*.pub\n"
	     "Public keys that firmware images are checked with, in minisign's format.\n"
	     ".It Pa /var/lib/gmx/tune\nWhat\n.Cm gmxctl tune apply\nfound before it changed anything.\n.El\n"
	     ".Sh SEE ALSO\n.Xr gmx-fwsign 1 ,\n.Xr nvme 1 ,\n.Xr smartctl 8");
}
