/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFIO_UNIXSOCK_H
#define VFIO_UNIXSOCK_H

#include <stdbool.h>

/* A connected descriptor, or -1 and errno */
int unixsock_connect(const char *path);
/* Makes way for a new socket: one that nobody listens at is removed. false: the log says why there is none. */
bool unixsock_clear(const char *path);
int unixsock_listen(const char *path); /* not blocking; -1: the log says why */

#endif
