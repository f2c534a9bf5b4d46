/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An open controller, and what the library's files give each other. */
#ifndef LIBGMX_SRC_CTRL_H
#define LIBGMX_SRC_CTRL_H

#include <stddef.h>
#include <stdint.h>

struct libgmx_ctrl {
	int fd;
	char name[32];
};

/* Below the folder that the variable LIBGMX_ROOT names (tests), which programs with raised privileges ignore */
int libgmx_path(char *out, size_t room, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The first line of a file, printable ASCII and trimmed; -errno where there is none */
int libgmx_read_text(const char *path, char *out, size_t room);
uint64_t libgmx_read_number(const char *path, uint64_t otherwise);

#endif
