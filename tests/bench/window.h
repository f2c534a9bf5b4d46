/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Instructions by which a guest tells tests/bench/count.c where to count: nopl with displacements that no compiler emits. */
#ifndef BENCH_WINDOW_H
#define BENCH_WINDOW_H

#define WINDOW_SIZE  7
#define WINDOW_OPEN  0x0f, 0x1f, 0x80, 0x67, 0x6d, 0x78, 0x3c
#define WINDOW_CLOSE 0x0f, 0x1f, 0x80, 0x67, 0x6d, 0x78, 0x3e

#define WINDOW_TEXT(...) #__VA_ARGS__
#define WINDOW_EMIT(...) __asm__ volatile(".byte " WINDOW_TEXT(__VA_ARGS__) : : : "memory")

#endif
