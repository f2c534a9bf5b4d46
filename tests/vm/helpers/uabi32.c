// SPDX-License-Identifier: GPL-2.0-or-later
// flags: -I/repo/include/uapi -m32 -nostdlib -ffreestanding -fno-pic -fno-stack-protector -fno-builtin
/*
 * uabi32 NODE: vendor ioctls as a 32-bit program makes them, the structures as bytes. No C library, as none for 32 bits is
 * installed.
 */
#include <linux/unistd.h>

#include "uabibytes.h"

static int fd;

static int call(int number, unsigned int a, unsigned int b, unsigned int c)
{
	int ret;

	__asm__ volatile("int $0x80" : "=a"(ret) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
	return ret;
}

static int ask(unsigned int number, void *arg)
{
	return -call(__NR_ioctl, fd, number, (unsigned int)arg);
}

static void put_hex(const volatile unsigned char *from, unsigned int bytes)
{
	char text[2];

	for (; bytes; bytes--, from++) {
		text[0] = "0123456789abcdef"[*from >> 4];
		text[1] = "0123456789abcdef"[*from & 15];
		call(__NR_write, 1, (unsigned int)text, 2);
	}
}

static void put_end(void)
{
	call(__NR_write, 1, (unsigned int)"\n", 1);
}

__attribute__((used)) static void start(unsigned int *stack)
{
	fd = call(__NR_open, stack[2], 0, 0);
	all_bytes();
	call(__NR_exit, 0, 0, 0);
}

__asm__(".globl _start\n_start:\n\tmov %esp, %eax\n\tand $-16, %esp\n\tsub $12, %esp\n\tpush %eax\n\tcall start\n\thlt\n");
