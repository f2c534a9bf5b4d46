// SPDX-License-Identifier: GPL-2.0-or-later
/* The settings of gmxctl tune. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys.h"
#include "tune.h"

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
	{ "interrupt_profile", TUNE_CTRL, NULL, "latency", "adaptive", "adaptive",
	  "when the controller interrupts: adaptive gathers completions where many I/Os are in flight" },
	{ NULL },
};

const char *tune_wanted(const struct tune_setting *s, const char *profile)
{
	return !strcmp(profile, "latency") ? s->latency : !strcmp(profile, "throughput") ? s->throughput : s->balanced;
}

static const char *const irq_names[] = {
	[GMX_IOC_IRQ_LATENCY] = "latency",
	[GMX_IOC_IRQ_BALANCED] = "balanced",
	[GMX_IOC_IRQ_THROUGHPUT] = "throughput",
	[GMX_IOC_IRQ_ADAPTIVE] = "adaptive",
};

/* A profile's name, or THRESHOLD/TIMEus: completions (1 to 256) and time (steps of 100 us) */
static bool irq_parse(const char *text, struct gmx_ioc_irq *io)
{
	io->set = GMX_IOC_IRQ_PROFILE;
	for (io->profile = 0; io->profile < ARRAY_SIZE(irq_names); io->profile++)
		if (!strcmp(text, irq_names[io->profile]))
			return true;
	io->set = GMX_IOC_IRQ_VALUES;
	return sscanf(text, "%u/%uus", &io->threshold, &io->time_us) == 2 && io->threshold >= 1 && io->threshold <= 256 &&
	       io->time_us <= 25500;
}

static int irq_profile(const char *name, bool set, char value[TUNE_VALUE])
{
	struct gmx_ioc_irq io = { .flags = 0 };
	struct libgmx_ctrl *ctrl;
	int rc;

	if (set && !irq_parse(value, &io))
		return -EINVAL;
	rc = libgmx_open(name, &ctrl);
	if (rc)
		return rc;
	rc = libgmx_drv_irq(ctrl, &io);
	libgmx_close(ctrl);
	if (rc || set)
		return rc;
	if (io.profile < ARRAY_SIZE(irq_names))
		snprintf(value, TUNE_VALUE, "%s", irq_names[io.profile]);
	else
		snprintf(value, TUNE_VALUE, "%u/%uus", io.threshold, io.time_us);
	return 0;
}

bool tune_read(const struct tune_setting *s, const char *name, char value[TUNE_VALUE])
{
	char text[256];

	value[0] = 0;
	if (s->where == TUNE_CTRL)
		return !irq_profile(name, false, value);
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
		return irq_profile(name, true, text);
	if (!strcmp(s->name, "max_sectors_kb")) {
		uint64_t most = sys_number(0, "/sys/block/%s/queue/max_hw_sectors_kb", name);

		if (most && (!strcmp(value, "max") || strtoull(value, NULL, 10) > most))
			snprintf(text, sizeof(text), "%llu", (unsigned long long)most);
	}
	return sys_write(text, "/sys/block/%s/%s", name, s->file);
}
