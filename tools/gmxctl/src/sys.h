/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Single files of /sys and /proc, below the folder that tests put in their place. */
#ifndef GMXCTL_SYS_H
#define GMXCTL_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

int sys_path(char *out, size_t room, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* First line, without its end; false: there is none */
bool sys_read(char *out, size_t room, const char *format, ...) __attribute__((format(printf, 3, 4)));
uint64_t sys_number(uint64_t otherwise, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool sys_exists(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* 0 or -errno */
int sys_write(const char *value, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Of "a [b] c": b; as it is where nothing is in brackets */
void sys_chosen(const char *text, char *out, size_t room);

/* run.c: a program with an argument, and what it writes to standard output; NULL: it can't be run */
FILE *run_open(const char *path, const char *argument, pid_t *pid);
/* Whether it ended well */
bool run_close(FILE *f, pid_t pid);

#endif
