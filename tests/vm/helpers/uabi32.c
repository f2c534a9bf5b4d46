// SPDX-License-Identifier: GPL-2.0-or-later
// flags: -I/repo/include/uapi -m32 -nostdlib -ffreestanding -fno-pic -fno-stack-protector -fno-builtin
/*
 * uabi32 NODE: vendor ioctls as a 32-bit program makes them, the structures as bytes. No C library, as none for 32 bits is
 * installed.
 */
#include <linux/gmx.h>
#include <linux/unistd.h>

static int call(int number, unsigned int a, unsigned int b, unsigned int c)
{
	int ret;

	__asm__ volatile("int $0x80" : "=a"(ret) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
	return ret;
}

static void put_hex(unsigned int value, int digits)
{
	char text[8];
	int i;

	for (i = digits - 1; i >= 0; i--, value >>= 4)
		text[i] = "0123456789abcdef"[value & 15];
	call(__NR_write, 1, (unsigned int)text, digits);
}

static union {
	unsigned int size;
	unsigned char byte[4096];
} s;

static void one(int fd, unsigned int number, unsigned int size)
{
	unsigned int i;
	int ret;

	for (i = 0; i < sizeof(s); i++)
		((volatile unsigned char *)s.byte)[i] = 0;
	s.size = size;
	ret = call(__NR_ioctl, fd, number, (unsigned int)&s);
	put_hex(number & 0xff, 2);
	call(__NR_write, 1, (unsigned int)" ", 1);
	put_hex(-ret, 2);
	call(__NR_write, 1, (unsigned int)" ", 1);
	for (i = 0; i < size; i++)
		put_hex(s.byte[i], 2);
	call(__NR_write, 1, (unsigned int)"\n", 1);
}

__attribute__((used)) static void start(unsigned int *stack)
{
	int fd = call(__NR_open, stack[2], 0, 0);

	one(fd, GMX_IOCTL_INFO, sizeof(struct gmx_ioc_info));
	one(fd, GMX_IOCTL_RECOVERY, sizeof(struct gmx_ioc_recovery));
	call(__NR_exit, 0, 0, 0);
}

__asm__(".globl _start\n_start:\n\tmov %esp, %eax\n\tand $-16, %esp\n\tsub $12, %esp\n\tpush %eax\n\tcall start\n\thlt\n");
