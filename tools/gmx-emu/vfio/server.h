/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process: ports, control socket and the model, in one loop. */
#ifndef VFIO_SERVER_H
#define VFIO_SERVER_H

#include "model.h"

struct server_options {
	const char *family, *state, *config; /* config: the file's text */
	const char *control;		     /* NULL: in the state folder */
	const char *sockets[EMU_MAX_FUNCTIONS];
	unsigned int nr_sockets;
};

/* Serves until a signal ends it; the process's exit status */
int server_run(const struct server_options *o);

#endif
