/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the driver's pure files take from the kernel, for the host. */
#ifndef GMX_UNIT_HOST_H
#define GMX_UNIT_HOST_H

#include <endian.h>
#include <stdint.h>

#include <linux/types.h>

typedef uint32_t u32;
typedef uint64_t u64;

#define cpu_to_le32(x) ((__le32)htole32(x))
#define cpu_to_le64(x) ((__le64)htole64(x))

#endif
