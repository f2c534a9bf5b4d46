/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A fast hash that spreads well; no secret may depend on it. */
#ifndef EMU_HASH_H
#define EMU_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t emu_hash_mix(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9ull;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebull;
	return x ^ x >> 31;
}

static inline uint64_t emu_hash(const void *data, size_t len, uint64_t seed)
{
	const unsigned char *p = data;
	uint64_t h = emu_hash_mix(seed + 0x9e3779b97f4a7c15ull + len), word;

	for (; len >= 8; p += 8, len -= 8) {
		memcpy(&word, p, 8);
		h = (h ^ word) * 0x9fb21c651e98df25ull;
		h ^= h >> 32;
	}
	word = 0;
	memcpy(&word, p, len);
	return emu_hash_mix(h ^ word);
}

#endif
