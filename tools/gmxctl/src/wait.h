/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GMXCTL_WAIT_H
#define GMXCTL_WAIT_H

#include "ctl.h"

void sleep_ms(unsigned int ms);
uint64_t clock_ms(void);

/* Between the two SIGINT and SIGTERM end the waiting and not the program, also what the kernel waits in */
void leave_begin(void);
void leave_end(void);
/* One has come */
bool leave_asked(void);

/* The disk of a namespace, waiting up to 10 s until it is there (or gone); false: it did not happen */
bool disk_wait(const char *ctrl, uint32_t nsid, bool there, struct libgmx_disk *disk);
bool disk_find(const char *ctrl, uint32_t nsid, struct libgmx_disk *disk);

#endif
