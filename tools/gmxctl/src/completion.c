// SPDX-License-Identifier: GPL-2.0-or-later
/* Completions of shells, from the tables. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "generate.h"

typedef void (*each_option)(const struct ctl_command *cmd, const struct ctl_option *o);

static void options_of(const struct ctl_command *cmd, each_option each)
{
	const struct ctl_option *const lists[] = { cmd->options, cmd->flags & C_DESTROYS ? ctl_destroy_options : NULL,
						   cmd->flags & C_PROGRESS ? ctl_progress_options : NULL, ctl_common_options };

	for (unsigned int i = 0; i < ARRAY_SIZE(lists); i++)
		for (const struct ctl_option *o = lists[i]; o && o->name; o++)
			each(cmd, o);
}

static bool takes_target(const struct ctl_command *cmd)
{
	return strstr(cmd->args, "TARGET") || strstr(cmd->args, "NAMESPACE");
}

static bool takes_file(const struct ctl_option *o)
{
	return o->arg && !strcmp(o->arg, "FILE");
}

/* Within single quotes of a shell */
static void quoted(const char *s)
{
	for (; *s; s++) {
		if (*s == '\'')
			fputs("'\\''", stdout);
		else
			putchar(*s);
	}
}

static void bash_option(const struct ctl_command *cmd, const struct ctl_option *o)
{
	(void)cmd;
	printf(" --%s", o->name);
	if (o->letter)
		printf(" -%c", o->letter);
}

static void bash_values(const struct ctl_command *cmd, const struct ctl_option *o)
{
	char name[64];

	if (!o->values && !takes_file(o))
		return;
	ctl_command_name(cmd, ' ', name, sizeof(name));
	printf("\t'%s --%s')", name, o->name);
	if (o->letter)
		printf(" ;&\n\t'%s -%c')", name, o->letter);
	if (o->values)
		printf(" words='%s' ;;\n", o->values);
	else
		puts(" mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); return ;;");
}

void generate_bash(void)
{
	char name[64];

	puts("# SPDX-License-Identifier: GPL-2.0-or-later\n# Made by gmxctl generate bash.\n"
	     "_gmxctl_targets() { for t in /sys/class/gmx/gmx* /sys/block/gmx*; do [ -e \"$t\" ] && echo \"${t##*/}\"; done; }\n"
	     "_gmxctl() {\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} object=${COMP_WORDS[1]} words= cmd\n"
	     "\tCOMPREPLY=()\n\tcase $COMP_CWORD in\n\t1)");
	fputs("\t\twords='", stdout);
	for (unsigned int i = 0; ctl_objects[i]; i++)
		printf("%s%s", i ? " " : "", ctl_objects[i]->object);
	puts("'\n\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n\t\treturn ;;\n\t2)\n\t\tcase $object in");
	for (unsigned int i = 0; ctl_objects[i]; i++) {
		if (!ctl_objects[i]->verb)
			continue;
		printf("\t\t%s) words='", ctl_objects[i]->object);
		for (const struct ctl_command *c = ctl_objects[i]; c->object; c++)
			printf("%s%s", c == ctl_objects[i] ? "" : " ", c->verb);
		puts("' ;;");
	}
	puts("\t\tesac\n\t\tif [ \"$words\" ]; then\n\t\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n\t\t\treturn\n\t\tfi ;;\n"
	     "\tesac\n\tcase $object in");
	fputs("\t", stdout);
	for (unsigned int i = 0, n = 0; ctl_objects[i]; i++)
		if (!ctl_objects[i]->verb)
			printf("%s%s", n++ ? " | " : "", ctl_objects[i]->object);
	puts(") cmd=$object ;;\n\t*) cmd=\"$object ${COMP_WORDS[2]}\" ;;\n\tesac\n\tcase \"$cmd $prev\" in");
	for (unsigned int i = 0; ctl_objects[i]; i++)
		for (const struct ctl_command *c = ctl_objects[i]; c->object; c++)
			options_of(c, bash_values);
	puts("\tesac\n\tif [ -z \"$words\" ]; then\n\t\tcase $cmd in");
	for (unsigned int i = 0; ctl_objects[i]; i++) {
		for (const struct ctl_command *c = ctl_objects[i]; c->object; c++) {
			ctl_command_name(c, ' ', name, sizeof(name));
			printf("\t\t'%s') words='", name);
			options_of(c, bash_option);
			printf("'%s ;;\n", takes_target(c) ? "\"$([[ $cur == -* ]] || _gmxctl_targets)\"" : "");
		}
	}
	puts("\t\tesac\n\tfi\n\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	     "\t[ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n}\ncomplete -F _gmxctl gmxctl");
}

static void zsh_option(const struct ctl_command *cmd, const struct ctl_option *o)
{
	(void)cmd;
	fputs("\t\t\t'", stdout);
	if (o->letter)
		printf("(-%c --%s)'{-%c,--%s}'", o->letter, o->name, o->letter, o->name);
	else
		printf("--%s", o->name);
	putchar('[');
	quoted(o->help);
	putchar(']');
	if (takes_file(o))
		printf(":%s:_files", o->arg);
	else if (o->arg)
		printf(":%s:(%s)", o->arg, o->values ? o->values : "");
	puts("' \\");
}

void generate_zsh(void)
{
	char name[64];

	puts("#compdef gmxctl\n# SPDX-License-Identifier: GPL-2.0-or-later\n# Made by gmxctl generate zsh.\n"
	     "_gmxctl_targets() { local -a t; t=(/sys/class/gmx/gmx*(N:t) /sys/block/gmx*(N:t)); compadd -a t }\n"
	     "_gmxctl() {\n\tlocal -a list\n\tif (( CURRENT == 2 )); then\n\t\tlist=(");
	for (unsigned int i = 0; ctl_objects[i]; i++)
		printf("\t\t\t'%s'\n", ctl_objects[i]->object);
	puts("\t\t)\n\t\t_describe object list\n\t\treturn\n\tfi\n\tlocal cmd=$words[2]\n\tcase $cmd in");
	for (unsigned int i = 0; ctl_objects[i]; i++) {
		if (!ctl_objects[i]->verb)
			continue;
		printf("\t%s)\n\t\tif (( CURRENT == 3 )); then\n\t\t\tlist=(\n", ctl_objects[i]->object);
		for (const struct ctl_command *c = ctl_objects[i]; c->object; c++) {
			printf("\t\t\t\t'%s:", c->verb);
			quoted(c->summary);
			puts("'");
		}
		puts("\t\t\t)\n\t\t\t_describe verb list\n\t\t\treturn\n\t\tfi\n\t\tcmd=\"$cmd $words[3]\"\n\t\tshift words; (( CURRENT-- )) ;;");
	}
	puts("\tesac\n\tshift words; (( CURRENT-- ))\n\tcase $cmd in");
	for (unsigned int i = 0; ctl_objects[i]; i++) {
		for (const struct ctl_command *c = ctl_objects[i]; c->object; c++) {
			ctl_command_name(c, ' ', name, sizeof(name));
			printf("\t'%s')\n\t\t_arguments \\\n", name);
			options_of(c, zsh_option);
			printf("\t\t\t'*:argument:%s' ;;\n", takes_target(c) ? "_gmxctl_targets" : "_files");
		}
	}
	puts("\tesac\n}\n_gmxctl \"$@\"");
}

static void fish_option(const struct ctl_command *cmd, const struct ctl_option *o)
{
	printf("complete -c gmxctl -n '__gmxctl_is %s%s%s' -l %s", cmd->object, cmd->verb ? " " : "", cmd->verb ? cmd->verb : "",
	       o->name);
	if (o->letter)
		printf(" -s %c", o->letter);
	if (o->arg)
		printf(takes_file(o) ? " -r -F" : " -x");
	if (o->values)
		printf(" -a '%s'", o->values);
	fputs(" -d '", stdout);
	quoted(o->help);
	puts("'");
}

void generate_fish(void)
{
	puts("# SPDX-License-Identifier: GPL-2.0-or-later\n# Made by gmxctl generate fish.\n"
	     "function __gmxctl_is\n\tset -l w (commandline -opc)\n\ttest (count $w) -gt (count $argv); or return 1\n"
	     "\tfor i in (seq (count $argv))\n\t\tset -l k (math $i + 1)\n\t\ttest \"$w[$k]\" = \"$argv[$i]\"; or return 1\n\tend\nend\n"
	     "function __gmxctl_at\n\tset -l w (commandline -opc)\n\ttest (count $w) -eq $argv[1]; or return 1\n"
	     "\ttest (count $argv) -eq 1; or test \"$w[2]\" = \"$argv[2]\"\nend\n"
	     "function __gmxctl_targets\n\tfor t in /sys/class/gmx/gmx* /sys/block/gmx*\n\t\tstring replace -r '.*/' '' $t\n\tend\nend\n"
	     "complete -c gmxctl -f");
	for (unsigned int i = 0; ctl_objects[i]; i++) {
		printf("complete -c gmxctl -n '__gmxctl_at 1' -a %s\n", ctl_objects[i]->object);
		for (const struct ctl_command *c = ctl_objects[i]; c->object; c++) {
			if (c->verb) {
				printf("complete -c gmxctl -n '__gmxctl_at 2 %s' -a %s -d '", c->object, c->verb);
				quoted(c->summary);
				puts("'");
			}
			options_of(c, fish_option);
			if (takes_target(c))
				printf("complete -c gmxctl -n '__gmxctl_is %s%s%s' -a '(__gmxctl_targets)'\n", c->object,
				       c->verb ? " " : "", c->verb ? c->verb : "");
		}
	}
}
