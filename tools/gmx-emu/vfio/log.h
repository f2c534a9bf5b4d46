/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines on standard error: seconds since the start, level, text. */
#ifndef VFIO_LOG_H
#define VFIO_LOG_H

#include "model.h"

bool log_set_level(const char *name); /* false: no such level */
bool log_shows(enum emu_log_level level);
void log_at(enum emu_log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
uint64_t log_now(void); /* ns, monotonic: the time that all parts of the process share */

#endif
