/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host's memory as its client maps it: which address is where in this process. */
#ifndef VFIO_MEMORY_H
#define VFIO_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct memory_region {
	uint64_t start, last;
	uint8_t *at;
	bool readable, writable;
};

struct memory {
	struct memory_region *regions; /* by address */
	unsigned int nr, room;
	unsigned int hit; /* the one used last */
};

void memory_free(struct memory *m);
/* 0 or a negative errno; at NULL: not shared, nobody's for us. */
int memory_add(struct memory *m, uint64_t start, uint64_t len, void *at, bool readable, bool writable);
void memory_remove(struct memory *m, uint64_t start);
/* All of it or nothing but an error: -EFAULT where there is no memory, -EACCES where the host forbids the access. */
int memory_read(struct memory *m, uint64_t address, void *buf, size_t len);
int memory_write(struct memory *m, uint64_t address, const void *buf, size_t len);
/* NULL: not one piece that may be read and written */
void *memory_at(struct memory *m, uint64_t address, size_t len);

#endif
