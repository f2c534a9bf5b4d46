// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "log.h"
#include "server.h"

#define MAIN_CONFIG_SIZE (1u << 20)

static const char main_usage[] = "usage: gmx-emu --state DIR --socket PATH [--socket PATH...] [OPTION...]\n"
				 "       gmx-emu ctl SOCKET COMMAND [KEY=VALUE...]\n"
				 "An emulated Gigamax controller for QEMU's vfio-user-pci.\n"
				 "  --family g1|g2|g3   what it is; a state folder that exists knows\n"
				 "  --state DIR         drives, NVRAM and firmware; made when there is none\n"
				 "  --socket PATH       one a function, in their order\n"
				 "  --config FILE       JSON, see gmx-emu(8)\n"
				 "  --control PATH      the control socket (DIR/control)\n"
				 "  --log-level LEVEL   error, warn, info (the default), debug\n"
				 "  --help, --version\n"
				 "SIGTERM is an orderly power down, SIGQUIT a power cut.\n";

static int main_misused(const char *format, const char *what)
{
	fputs("gmx-emu: ", stderr);
	fprintf(stderr, format, what);
	fputs("; gmx-emu --help lists the options\n", stderr);
	return 2;
}

/* The file's text, to be freed; NULL: said why */
static char *main_read(const char *path)
{
	FILE *f = fopen(path, "re");
	char *text = f ? malloc(MAIN_CONFIG_SIZE) : NULL;
	size_t len;

	if (!text) {
		fprintf(stderr, "gmx-emu: %s: %s\n", path, strerror(errno));
		if (f)
			fclose(f);
		return NULL;
	}
	len = fread(text, 1, MAIN_CONFIG_SIZE, f);
	if (ferror(f) || len == MAIN_CONFIG_SIZE || memchr(text, 0, len)) {
		fprintf(stderr, "gmx-emu: %s: %s\n", path,
			ferror(f) ? strerror(errno) : "not a configuration of less than 1 MiB");
		free(text);
		text = NULL;
	} else {
		text[len] = 0;
	}
	fclose(f);
	return text;
}

int main(int argc, char **argv)
{
	enum { FAMILY = 1, STATE, SOCKET, CONFIG, CONTROL, LEVEL, HELP, VERSION };
	static const struct option options[] = {
		{ "family", required_argument, NULL, FAMILY },
		{ "state", required_argument, NULL, STATE },
		{ "socket", required_argument, NULL, SOCKET },
		{ "config", required_argument, NULL, CONFIG },
		{ "control", required_argument, NULL, CONTROL },
		{ "log-level", required_argument, NULL, LEVEL },
		{ "help", no_argument, NULL, HELP },
		{ "version", no_argument, NULL, VERSION },
		{ NULL, 0, NULL, 0 },
	};
	struct server_options o = { 0 };
	const char *config = NULL;
	char *text = NULL;
	int c, status;

	if (argc > 1 && !strcmp(argv[1], "ctl"))
		return control_client(argc - 2, argv + 2);
	opterr = 0;
	while ((c = getopt_long(argc, argv, "+:h", options, NULL)) != -1) {
		switch (c) {
		case FAMILY: o.family = optarg; break;
		case STATE: o.state = optarg; break;
		case CONFIG: config = optarg; break;
		case CONTROL: o.control = optarg; break;
		case SOCKET:
			if (o.nr_sockets == EMU_MAX_FUNCTIONS)
				return main_misused("%s: more sockets than a subsystem can have functions", optarg);
			o.sockets[o.nr_sockets++] = optarg;
			break;
		case LEVEL:
			if (!log_set_level(optarg))
				return main_misused("--log-level %s: error, warn, info or debug", optarg);
			break;
		case 'h':
		case HELP: fputs(main_usage, stdout); return 0;
		case VERSION: puts("gmx-emu " GMX_VERSION); return 0;
		case ':': return main_misused("%s wants a value", argv[optind - 1]);
		default: return main_misused("%s: no such option", argv[optind - 1]);
		}
	}
	if (optind < argc)
		return main_misused("%s: what is that for?", argv[optind]);
	if (!o.state)
		return main_misused("%s is missing", "--state DIR");
	if (!o.nr_sockets)
		return main_misused("%s is missing", "--socket PATH");
	if (config) {
		text = main_read(config);
		if (!text)
			return 1;
		o.config = text;
	}
	status = server_run(&o);
	free(text);
	return status;
}
