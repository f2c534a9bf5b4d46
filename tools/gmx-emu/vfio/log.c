// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "log.h"

static const char *const log_names[] = { "error", "warn", "info", "debug" };
static enum emu_log_level log_level = EMU_LOG_INFO;

uint64_t log_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

bool log_set_level(const char *name)
{
	for (unsigned int i = 0; i < sizeof(log_names) / sizeof(log_names[0]); i++) {
		if (!strcmp(name, log_names[i])) {
			log_level = (enum emu_log_level)i;
			return true;
		}
	}
	return false;
}

bool log_shows(enum emu_log_level level)
{
	return level <= log_level;
}

/* One write a line, so that lines of several processes in one file stay whole. */
void log_at(enum emu_log_level level, const char *fmt, ...)
{
	static uint64_t start;
	uint64_t now;
	char line[1024];
	va_list args;
	int n;

	if (!log_shows(level))
		return;
	now = log_now();
	if (!start)
		start = now;
	n = snprintf(line, sizeof(line), "%8.3f %-5s ", (double)(now - start) / 1e9, log_names[level]);
	va_start(args, fmt);
	vsnprintf(line + n, sizeof(line) - (size_t)n - 1, fmt, args);
	va_end(args);
	strcat(line, "\n");
	fputs(line, stderr);
}
