/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control socket: a line of JSON is a command, its answer is a line too. */
#ifndef VFIO_CONTROL_H
#define VFIO_CONTROL_H

#include <poll.h>

#include "model.h"

#define CONTROL_CLIENTS 16u
#define CONTROL_POLLS	(CONTROL_CLIENTS + 1)

struct control;

struct control *control_open(struct emu_subsys *s, const char *path); /* NULL: the log says why */
void control_close(struct control *c);
/* Fills CONTROL_POLLS entries; those not in use get the descriptor -1. */
void control_poll(const struct control *c, struct pollfd *polls);
void control_handle(struct control *c, const struct pollfd *polls);

/* gmx-emu ctl: the exit status */
int control_client(int argc, char **argv);

#endif
