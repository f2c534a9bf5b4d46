/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading a JSON object whose keys are known: the first thing wrong is kept as a text that names the key and what it may be. */
#ifndef EMU_ARGS_H
#define EMU_ARGS_H

#include "emu.h"

#define EMU_MAX_ARGS 24

struct emu_args {
	json_object *object;
	const char *known[EMU_MAX_ARGS];
	unsigned int nr;
	bool failed;
	char error[2 * EMU_ERROR_SIZE];
};

void emu_args_init(struct emu_args *a, json_object *object);
void emu_args_fail(struct emu_args *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Each: is the key there, and what it says is fine? out stays as it is otherwise. Numbers may be texts like "0x2a". */
bool emu_args_number(struct emu_args *a, const char *key, uint64_t min, uint64_t max, uint64_t *out);
bool emu_args_u32(struct emu_args *a, const char *key, uint32_t min, uint32_t max, uint32_t *out);
bool emu_args_fraction(struct emu_args *a, const char *key, double *out); /* above 0, at most 1 */
bool emu_args_flag(struct emu_args *a, const char *key, bool *out);
bool emu_args_text(struct emu_args *a, const char *key, char *out, size_t room);
bool emu_args_word(struct emu_args *a, const char *key, const char *const *words, unsigned int nr, unsigned int *out);
bool emu_args_has(struct emu_args *a, const char *key);
/* After the last key: no other may be there. False: a->error says why. */
bool emu_args_end(struct emu_args *a);
void emu_args_need(struct emu_args *a, bool there, const char *key, const char *what);

#endif
