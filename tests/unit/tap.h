/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A test in one process: checks that fail say where, a group of checks is one line of TAP. */
#ifndef GMX_UNIT_TAP_H
#define GMX_UNIT_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof(*(a)))

#define TAP_SHOW 10 /* failures shown in a group; the rest is counted */

static unsigned int tap_count, tap_failed, tap_group_checks, tap_group_failed;

__attribute__((format(printf, 4, 5))) static inline bool tap_check(bool good, const char *file, int line, const char *format, ...)
{
	va_list args;

	tap_group_checks++;
	if (good)
		return true;
	if (tap_group_failed++ < TAP_SHOW) {
		printf("# %s:%d: ", file, line);
		va_start(args, format);
		vprintf(format, args);
		va_end(args);
		putchar('\n');
	}
	return false;
}

#define check(condition, ...) tap_check(condition, __FILE__, __LINE__, __VA_ARGS__)

/* Ends a group. A group that checked nothing has failed. */
static inline void tap_group(const char *name)
{
	bool good = tap_group_checks && !tap_group_failed;

	tap_count++;
	tap_failed += !good;
	printf("%sok %u - %s (%u checks, %u failed)\n", good ? "" : "not ", tap_count, name, tap_group_checks, tap_group_failed);
	tap_group_checks = 0;
	tap_group_failed = 0;
}

static inline int tap_done(void)
{
	printf("1..%u\n", tap_count);
	return tap_failed != 0;
}

#endif
