/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GMXCTL_QUEUE_H
#define GMXCTL_QUEUE_H

#include "ctl.h"

struct queue_irq {
	unsigned int irq;
	uint64_t count;
	char cpus[128];
};

/* The interrupt of a queue; false: it has none of its own */
bool queue_irq(const char *ctrl, unsigned int queue, struct queue_irq *out);
/* Queues for everything, for reads, polled */
void queue_map(const char *ctrl, unsigned int counts[3]);

#endif
