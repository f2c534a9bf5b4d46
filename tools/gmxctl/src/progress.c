// SPDX-License-Identifier: GPL-2.0-or-later
/* How far something is, on standard error: a line that is drawn again on a terminal, JSON lines when asked for, else nothing. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ctl.h"

#define INTERVAL_NS 200000000ull

static uint64_t last;
static bool drawn;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

void progress_show(struct ctl *ctl, const char *stage, uint64_t done, uint64_t total)
{
	const char *kind = ctl_option(ctl, "progress");
	uint64_t now = now_ns();
	unsigned int percent = total ? (unsigned int)(done * 100 / total) : 0;

	if (done < total && now - last < INTERVAL_NS)
		return;
	if (ctl->progress_json) {
		last = now;
		fprintf(stderr, "{\"stage\":\"%s\",\"done\":%llu,\"total\":%llu}\n", stage, (unsigned long long)done,
			(unsigned long long)total);
		return;
	}
	if ((kind && !strcmp(kind, "none")) || !isatty(STDERR_FILENO))
		return;
	last = now;
	drawn = true;
	fprintf(stderr, "\r\033[K%s [%.*s%*s] %u %%", stage, (int)(percent * 3 / 10), "##############################",
		(int)(30 - percent * 3 / 10), "", percent);
}

void progress_end(struct ctl *ctl)
{
	(void)ctl;
	if (drawn)
		fputs("\r\033[K", stderr);
	drawn = false;
	last = 0;
}
