// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Without an IOMMU there are a few regions, with one as many as the guest has pages mapped. The one used last serves most
 * look-ups.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

#define MEMORY_MIN_ROOM 64u

void memory_free(struct memory *m)
{
	free(m->regions);
	memset(m, 0, sizeof(*m));
}

/* The first region that ends at this address or later */
static unsigned int memory_search(const struct memory *m, uint64_t address)
{
	unsigned int low = 0, high = m->nr;

	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (m->regions[middle].last < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct memory_region *memory_find(struct memory *m, uint64_t address)
{
	const struct memory_region *r;

	if (m->hit >= m->nr || address < m->regions[m->hit].start || address > m->regions[m->hit].last) {
		m->hit = memory_search(m, address);
		if (m->hit == m->nr)
			return NULL;
	}
	r = &m->regions[m->hit];
	return address >= r->start ? r : NULL;
}

int memory_add(struct memory *m, uint64_t start, uint64_t len, void *at, bool readable, bool writable)
{
	unsigned int i = memory_search(m, start);

	if (!len || start + (len - 1) < start || (i < m->nr && m->regions[i].start <= start + (len - 1)))
		return -EINVAL;
	if (m->nr == m->room) {
		unsigned int room = m->room ? 2 * m->room : MEMORY_MIN_ROOM;
		struct memory_region *regions = realloc(m->regions, room * sizeof(*regions));

		if (!regions)
			return -ENOMEM;
		m->regions = regions;
		m->room = room;
	}
	memmove(m->regions + i + 1, m->regions + i, (m->nr - i) * sizeof(*m->regions));
	m->regions[i] = (struct memory_region){ start, start + (len - 1), at, at && readable, at && writable };
	m->nr++;
	return 0;
}

void memory_remove(struct memory *m, uint64_t start)
{
	unsigned int i = memory_search(m, start);

	if (i == m->nr || m->regions[i].start != start)
		return;
	m->nr--;
	memmove(m->regions + i, m->regions + i + 1, (m->nr - i) * sizeof(*m->regions));
}

/* The part of [address, address + len) that one region has, 0: none of it */
static size_t memory_piece(const struct memory_region *r, uint64_t address, size_t len)
{
	uint64_t left = r->last - address;

	return left < len - 1 ? (size_t)left + 1 : len;
}

/* The host polls the end of a completion entry: it may not change before the rest. */
static void memory_put(uint8_t *to, const uint8_t *from, size_t len)
{
	uint64_t halves[2];

	if (len != sizeof(halves) || (uintptr_t)to % sizeof(halves)) {
		memcpy(to, from, len);
		return;
	}
	memcpy(halves, from, sizeof(halves));
	__atomic_store_n((uint64_t *)(void *)to, halves[0], __ATOMIC_RELAXED);
	__atomic_store_n((uint64_t *)(void *)to + 1, halves[1], __ATOMIC_RELEASE);
}

static int memory_check(struct memory *m, uint64_t address, size_t len, bool write)
{
	while (len) {
		const struct memory_region *r = memory_find(m, address);
		size_t piece;

		if (!r || !r->at)
			return -EFAULT;
		if (!(write ? r->writable : r->readable))
			return -EACCES;
		piece = memory_piece(r, address, len);
		address += piece;
		len -= piece;
		if (len && !address)
			return -EFAULT;
	}
	return 0;
}

static int memory_copy(struct memory *m, uint64_t address, uint8_t *buf, size_t len, bool write)
{
	const struct memory_region *r = len ? memory_find(m, address) : NULL;
	int ret;

	/* nearly always one region has it all */
	if (!r || memory_piece(r, address, len) != len) {
		ret = memory_check(m, address, len, write);
		if (ret)
			return ret;
	}
	while (len) {
		size_t piece;

		r = memory_find(m, address);
		if (!r || !r->at)
			return -EFAULT;
		if (!(write ? r->writable : r->readable))
			return -EACCES;
		piece = memory_piece(r, address, len);
		if (write)
			memory_put(r->at + (address - r->start), buf, piece);
		else
			memcpy(buf, r->at + (address - r->start), piece);
		address += piece;
		buf += piece;
		len -= piece;
	}
	return 0;
}

int memory_read(struct memory *m, uint64_t address, void *buf, size_t len)
{
	return memory_copy(m, address, buf, len, false);
}

int memory_write(struct memory *m, uint64_t address, const void *buf, size_t len)
{
	return memory_copy(m, address, (uint8_t *)(uintptr_t)buf, len, true);
}

void *memory_at(struct memory *m, uint64_t address, size_t len)
{
	const struct memory_region *r = len ? memory_find(m, address) : NULL;

	if (!r || !r->readable || !r->writable || memory_piece(r, address, len) != len)
		return NULL;
	return r->at + (address - r->start);
}
