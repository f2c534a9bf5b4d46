// SPDX-License-Identifier: GPL-2.0-or-later
/* The settings of gmxctl tune. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys.h"
#include "tune.h"

#define FEATURE_COALESCING 0x08

const struct tune_setting tune_settings[] = {
	{ "scheduler", TUNE_DISK, "queue/scheduler", "none", "none", "none", "I/O scheduler: solid media need none" },
	{ "rq_affinity", TUNE_DISK, "queue/rq_affinity", "2", "1", "1",
	  "where a completion ends: 2 on the processor that asked, 1 near it" },
	{ "nomerges", TUNE_DISK, "queue/nomerges", "2", "0", "0",
	  "2: requests are not merged, which costs time where nothing is sequential" },
	{ "max_sectors_kb", TUNE_DISK, "queue/max_sectors_kb", "128", "512", "max",
	  "largest request, KiB; max: what the controller takes" },
	/* behind it: the kernel derives the read-ahead anew from the limits that change */
	{ "read_ahead_kb", TUNE_DISK, "queue/read_ahead_kb", "16", "128", "4096", "read ahead of buffered I/O, KiB" },
	{ "wbt_lat_usec", TUNE_DISK, "queue/wbt_lat_usec", "0", "2000", "75000",
	  "writeback is throttled when reads take longer, us; 0: never" },
	{ "coalescing", TUNE_CTRL, NULL, "off", "4/100us", "16/300us", "interrupts: so many completions, or so long" },
	{ NULL },
};

const struct tune_setting *tune_find(const char *name)
{
	for (const struct tune_setting *s = tune_settings; s->name; s++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}

const char *tune_wanted(const struct tune_setting *s, const char *profile)
{
	return !strcmp(profile, "latency") ? s->latency : !strcmp(profile, "throughput") ? s->throughput : s->balanced;
}

/* "off", or THRESHOLD/TIMEus: completions (1 to 256) and time (steps of 100 us) */
static bool parse_coalescing(const char *text, unsigned int *threshold, unsigned int *us)
{
	*threshold = 1;
	*us = 0;
	return !strcmp(text, "off") ||
	       (sscanf(text, "%u/%uus", threshold, us) == 2 && *threshold >= 1 && *threshold <= 256 && *us <= 25500);
}

static void print_coalescing(unsigned int threshold, unsigned int us, char value[TUNE_VALUE])
{
	if (threshold <= 1 || !us)
		snprintf(value, TUNE_VALUE, "off");
	else
		snprintf(value, TUNE_VALUE, "%u/%uus", threshold, us);
}

/* By the driver, which keeps it over resets; by the feature where it has no such call */
static int coalescing(const char *name, bool set, char value[TUNE_VALUE])
{
	struct gmx_ioc_irq io = { .flags = 0 };
	unsigned int threshold = 1, us = 0;
	struct libgmx_ctrl *ctrl;
	uint32_t raw = 0;
	int rc;

	if (set && !parse_coalescing(value, &threshold, &us))
		return -EINVAL;
	rc = libgmx_open(name, &ctrl);
	if (rc)
		return rc;
	if (set) {
		io.set = GMX_IOC_IRQ_VALUES;
		io.threshold = threshold;
		io.time_us = us;
	}
	rc = libgmx_drv_irq(ctrl, &io);
	if (!rc) {
		threshold = io.threshold;
		us = io.time_us;
	} else if (rc == -ENOTTY) {
		rc = set ? libgmx_feature_set(ctrl, FEATURE_COALESCING, 0, false, (threshold - 1) | (us / 100) << 8, NULL, 0)
			 : libgmx_feature_get(ctrl, FEATURE_COALESCING, 0, LIBGMX_CURRENT, 0, NULL, 0, &raw);
		if (!rc && !set) {
			threshold = (raw & 255) + 1;
			us = (raw >> 8 & 255) * 100;
		}
	}
	libgmx_close(ctrl);
	if (!rc && !set)
		print_coalescing(threshold, us, value);
	return rc;
}

bool tune_read(const struct tune_setting *s, const char *name, char value[TUNE_VALUE])
{
	char text[256];

	value[0] = 0;
	if (s->where == TUNE_CTRL)
		return !coalescing(name, false, value);
	if (!sys_read(text, sizeof(text), "/sys/block/%s/%s", name, s->file))
		return false;
	sys_chosen(text, value, TUNE_VALUE);
	return true;
}

int tune_write(const struct tune_setting *s, const char *name, const char *value)
{
	char text[TUNE_VALUE];

	snprintf(text, sizeof(text), "%s", value);
	if (s->where == TUNE_CTRL)
		return coalescing(name, true, text);
	if (!strcmp(s->name, "max_sectors_kb")) {
		uint64_t most = sys_number(0, "/sys/block/%s/queue/max_hw_sectors_kb", name);

		if (most && (!strcmp(value, "max") || strtoull(value, NULL, 10) > most))
			snprintf(text, sizeof(text), "%llu", (unsigned long long)most);
	}
	return sys_write(text, "/sys/block/%s/%s", name, s->file);
}
