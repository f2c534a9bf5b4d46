// SPDX-License-Identifier: GPL-2.0-or-later
// flags: -I/repo/include/uapi
/* uabi64 NODE: what uabi32 prints, of a 64-bit program */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include "uabibytes.h"

static int fd;

static int ask(unsigned int number, void *arg)
{
	return ioctl(fd, number, arg) ? errno : 0;
}

static void put_hex(const volatile unsigned char *from, unsigned int bytes)
{
	for (; bytes; bytes--)
		printf("%02x", *from++);
}

static void put_end(void)
{
	putchar('\n');
}

int main(int argc, char **argv)
{
	fd = argc > 1 ? open(argv[1], O_RDONLY) : -1;
	if (fd < 0)
		return 2;
	all_bytes();
	return 0;
}
