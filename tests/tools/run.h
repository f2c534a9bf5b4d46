/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run of gmxctl in this process, with a terminal where that is wanted; a part of model.c. */
#ifndef TESTS_TOOLS_RUN_H
#define TESTS_TOOLS_RUN_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool on_terminal;
static char typed[64];

/* A terminal in place of input and errors; its other end */
static int terminal_open(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), slave;

	if (master < 0 || grantpt(master) || unlockpt(master))
		abort();
	slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0 || dup2(slave, 0) < 0 || dup2(slave, 2) < 0 || write(master, typed, strlen(typed)) < 0)
		abort();
	close(slave);
	return master;
}

/* What came out of it goes to the file of errors, now that nobody has it open */
static void terminal_close(int master, int errors)
{
	char data[4096];
	ssize_t n;

	while ((n = read(master, data, sizeof(data))) > 0)
		if (write(errors, data, (size_t)n) != n)
			abort();
	close(master);
	clearerr(stdin);
	on_terminal = false;
}

/* Standard output and error of one run go to files */
static int run(int argc, char **argv)
{
	int saved[2] = { dup(1), dup(2) }, input = dup(0), errors, master = -1, status;
	char path[512];

	for (int i = 0; i < 2; i++) {
		int fd;

		snprintf(path, sizeof(path), "%s/%s", folder, i ? "err" : "out");
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		if (fd < 0 || dup2(fd, i + 1) < 0)
			abort();
		close(fd);
	}
	errors = dup(2);
	if (on_terminal)
		master = terminal_open();
	optind = 0;
	status = gmxctl_main(argc, argv);
	fflush(stdout);
	for (int i = 0; i < 2; i++) {
		dup2(saved[i], i + 1);
		close(saved[i]);
	}
	dup2(input, 0);
	close(input);
	if (on_terminal)
		terminal_close(master, errors);
	close(errors);
	return status;
}

/* For replay.c, what the calls that follow belong to */
static void begun(int n, char **words)
{
	const char *file = getenv("GMX_RECORD");
	FILE *f = file ? fopen(file, "ae") : NULL;

	if (!f)
		return;
	fputs("# gmxctl", f);
	for (int i = 1; i < n; i++)
		fprintf(f, " %s", words[i]);
	fputc('\n', f);
	fclose(f);
}

#endif
