/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the driver's pure files take from the kernel, for the host. */
#ifndef GMX_UNIT_HOST_H
#define GMX_UNIT_HOST_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>

#include <linux/types.h>

typedef uint32_t u32;
typedef uint64_t u64;

struct gmx_vec {
	u64 addr;
	u32 len;
};

typedef struct gmx_vec gmx_seg;

static inline u64 gmx_seg_addr(const gmx_seg *seg)
{
	return seg->addr;
}

static inline u32 gmx_seg_len(const gmx_seg *seg)
{
	return seg->len;
}

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define cpu_to_le32(x) ((__le32)htole32(x))
#define cpu_to_le64(x) ((__le64)htole64(x))

#endif
