// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl: finds the command, runs it, prints what came of it. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "ctl.h"

static const struct ctl_command *find(const char *object, const char *verb, bool *known)
{
	*known = false;
	for (unsigned int i = 0; ctl_objects[i]; i++) {
		for (const struct ctl_command *c = ctl_objects[i]; c->object; c++) {
			if (strcmp(c->object, object))
				continue;
			*known = true;
			if (!c->verb || (verb && !strcmp(c->verb, verb)))
				return c;
		}
	}
	return NULL;
}

static void verbs_of(const char *object, char *out, size_t room)
{
	size_t n = 0;

	out[0] = 0;
	for (unsigned int i = 0; ctl_objects[i]; i++)
		for (const struct ctl_command *c = ctl_objects[i]; c->object && n < room; c++)
			if (!strcmp(c->object, object))
				n += (size_t)snprintf(out + n, room - n, "%s%s", n ? ", " : "", c->verb);
}

/* A run that could not be understood is answered in the format that it asks for */
static enum ctl_output asked_output(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *v = NULL;

		if ((!strcmp(argv[i], "-o") || !strcmp(argv[i], "--output")) && i + 1 < argc)
			v = argv[i + 1];
		else if (!strncmp(argv[i], "--output=", 9))
			v = argv[i] + 9;
		else if (!strncmp(argv[i], "-o", 2))
			v = argv[i] + 2;
		if (v && !strcmp(v, "json"))
			return OUT_JSON;
	}
	return OUT_TABLE;
}

static const struct ctl_command unknown = { .object = "gmxctl" };

static int not_found(struct ctl *ctl, const char *object, const char *verb, bool known)
{
	char verbs[256];

	ctl->cmd = &unknown;
	if (!known)
		return ctl_fail(ctl, CTL_USAGE, "gmxctl --help lists what there is", "there is no object '%s'", object);
	verbs_of(object, verbs, sizeof(verbs));
	if (!verb || verb[0] == '-')
		return ctl_fail(ctl, CTL_USAGE, verbs, "what shall be done with the %s? One of these is missing", object);
	return ctl_fail(ctl, CTL_USAGE, verbs, "'%s' is nothing that a %s knows; it knows", verb, object);
}

static bool wants_help(int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		if (!strcmp(argv[i], "--"))
			return false;
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	struct ctl ctl = { .output = asked_output(argc, argv) };
	const struct ctl_command *cmd;
	bool known = false;
	int status, skip;

	setlocale(LC_ALL, "");
	/* numbers are the same everywhere: they are read by programs */
	setlocale(LC_NUMERIC, "C");
	if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		ctl_help_all();
		return argc < 2 ? CTL_USAGE : CTL_OK;
	}
	if (!strcmp(argv[1], "--version")) {
		puts("gmxctl " GMX_VERSION);
		return CTL_OK;
	}
	cmd = find(argv[1], argc > 2 ? argv[2] : NULL, &known);
	ctl.errors = json_object_new_array();
	if (cmd) {
		ctl.cmd = cmd;
		skip = cmd->verb ? 2 : 1;
		if (wants_help(argc - skip, argv + skip)) {
			ctl_help(cmd);
			json_object_put(ctl.errors);
			return CTL_OK;
		}
		status = ctl_parse(&ctl, argc - skip, argv + skip);
		if (!status)
			status = cmd->run(&ctl);
	} else {
		if (known && wants_help(argc, argv)) {
			for (unsigned int i = 0; ctl_objects[i]; i++)
				if (!strcmp(ctl_objects[i]->object, argv[1]))
					for (cmd = ctl_objects[i]; cmd->object; cmd++)
						ctl_help(cmd);
			json_object_put(ctl.errors);
			return CTL_OK;
		}
		status = not_found(&ctl, argv[1], argc > 2 ? argv[2] : NULL, known);
	}
	ctl_output(&ctl, status);
	json_object_put(ctl.result);
	json_object_put(ctl.errors);
	json_object_put(ctl.plan);
	if (fflush(stdout) || ferror(stdout)) {
		perror("gmxctl: standard output");
		return CTL_FAILED;
	}
	return status;
}
