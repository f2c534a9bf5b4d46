/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The health of a controller: what it says and what the driver says of it. */
#ifndef GMXCTL_HEALTH_H
#define GMXCTL_HEALTH_H

#include "ctl.h"

struct health {
	struct libgmx_ctrl_info info;
	struct libgmx_health data;
	bool read;	    /* data is valid */
	bool state_problem; /* the driver's state is one */
	int level;	    /* 0 good to 3 failed, -1 unknown */
};

/* 0, or why nothing is known: a result of libgmx */
int health_read(const struct libgmx_ctrl_info *info, struct health *h);
const char *health_name(const struct health *h);
int health_exit(const struct health *h);
int health_worse(int a, int b);

#endif
