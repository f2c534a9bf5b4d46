// SPDX-License-Identifier: GPL-2.0-or-later
/* --help, from the tables. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"

static void option_line(const struct ctl_option *o)
{
	char left[64];

	snprintf(left, sizeof(left), "%s%c%s--%s%s%s", o->letter ? "-" : "   ", o->letter ? o->letter : ' ',
		 o->letter ? ", " : "", o->name, o->arg ? " " : "", o->arg ? o->arg : "");
	printf("  %-26s %s%s%s%s\n", left, o->help, o->values ? ": " : "", o->values ? o->values : "", "");
}

static void options(const struct ctl_option *o)
{
	for (; o && o->name; o++)
		option_line(o);
}

void ctl_help(const struct ctl_command *cmd)
{
	char name[64];

	ctl_command_name(cmd, ' ', name, sizeof(name));
	printf("usage: gmxctl %s%s%s [options]\n\n%s.\n", name, cmd->args[0] ? " " : "", cmd->args, cmd->summary);
	if (cmd->help)
		printf("\n%s\n", cmd->help);
	printf("\noptions:\n");
	options(cmd->options);
	if (cmd->flags & C_DESTROYS)
		options(ctl_destroy_options);
	if (cmd->flags & C_PROGRESS)
		options(ctl_progress_options);
	options(ctl_common_options);
	if (cmd->fields)
		printf("\ncolumns, and members of the result:\n");
	for (const struct ctl_field *f = cmd->fields; f && f->key; f++)
		printf("  %-26s %s\n", f->key, f->help);
	putchar('\n');
}

void ctl_help_all(void)
{
	char name[128];

	printf("usage: gmxctl OBJECT VERB [TARGET] [options]\n\n"
	       "TARGET: gmx0, /dev/gmx0, gmx0n1, a PCI address, a serial number, a UUID of a namespace\n\n");
	for (unsigned int i = 0; ctl_objects[i]; i++) {
		for (const struct ctl_command *c = ctl_objects[i]; c->object; c++) {
			snprintf(name, sizeof(name), "%s%s%s %s", c->object, c->verb ? " " : "", c->verb ? c->verb : "", c->args);
			printf("  %-44s %s\n", name, c->summary);
		}
	}
	printf("\ngmxctl OBJECT VERB --help says more; the manual is gmxctl(8)\n");
}
