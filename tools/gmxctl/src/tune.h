/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings that gmxctl tune knows: where they are, and what a profile makes of them. */
#ifndef GMXCTL_TUNE_H
#define GMXCTL_TUNE_H

#include "ctl.h"

enum tune_where { TUNE_DISK, TUNE_CTRL };

struct tune_setting {
	const char *name;
	enum tune_where where;
	const char *file; /* of the disk's or controller's folder in sysfs; NULL: the interrupt profile */
	const char *latency, *balanced, *throughput;
	const char *help;
};

extern const struct tune_setting tune_settings[];

#define TUNE_VALUE 64

/* On a disk or controller of this name; false: there is no such setting there */
bool tune_read(const struct tune_setting *s, const char *name, char value[TUNE_VALUE]);
int tune_write(const struct tune_setting *s, const char *name, const char *value);
const char *tune_wanted(const struct tune_setting *s, const char *profile);

#endif
