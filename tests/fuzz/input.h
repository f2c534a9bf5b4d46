/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a fuzzer's bytes are made into, and how a case ends that has shown a mistake. */
#ifndef TESTS_FUZZ_INPUT_H
#define TESTS_FUZZ_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FUZZ_RECORDS 64u /* of a case: each case has an end, and soon */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libFuzzer keeps the input of what aborts. */
#define must(condition, ...) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: ", __FILE__, __LINE__); \
			fprintf(stderr, __VA_ARGS__); \
			fputc('\n', stderr); \
			abort(); \
		} \
	} while (0)

struct input {
	const uint8_t *at, *end;
};

/* Behind the end there are zeroes. */
static inline uint8_t in8(struct input *in)
{
	return in->at < in->end ? *in->at++ : 0;
}

static inline uint16_t in16(struct input *in)
{
	uint16_t low = in8(in);

	return (uint16_t)(low | in8(in) << 8);
}

static inline uint32_t in32(struct input *in)
{
	uint32_t low = in16(in);

	return low | (uint32_t)in16(in) << 16;
}

static inline uint64_t in64(struct input *in)
{
	uint64_t low = in32(in);

	return low | (uint64_t)in32(in) << 32;
}

static inline bool in_more(const struct input *in)
{
	return in->at < in->end;
}

static inline void in_bytes(struct input *in, void *to, size_t len)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)to)[i] = in8(in);
}

#endif
