// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ranges DISK: BLKDISCARD and BLKZEROOUT with ranges at and beyond every edge. What is wrong is refused with the right
 * errno and changes nothing; what is right reads as zeroes in its range and nowhere else.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WINDOW (1u << 20) /* looked at: so much at the start and at the end of the disk */

static int fd, ro;
static uint64_t size;
static int block;
static unsigned char *buf;
static int failures;

static void fail(const char *what, const char *name, uint64_t start, uint64_t len, long got, long want)
{
	printf("%s(%s, %llu + %llu): %ld, expected %ld\n", what, name, (unsigned long long)start, (unsigned long long)len, got,
	       want);
	failures++;
}

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static void fill(uint64_t at)
{
	memset(buf, 0xa5, WINDOW);
	if (pwrite(fd, buf, WINDOW, (off_t)at) != WINDOW)
		die("write");
}

/* Bytes of a window that are not what they must be: zero inside the range, the pattern outside */
static long wrong(uint64_t at, uint64_t start, uint64_t len)
{
	long n = 0;

	if (pread(fd, buf, WINDOW, (off_t)at) != WINDOW)
		die("read");
	for (uint64_t i = 0; i < WINDOW; i++) {
		int inside = at + i >= start && at + i - start < len;

		n += buf[i] != (inside ? 0 : 0xa5);
	}
	return n;
}

static void try(unsigned long request, const char *name, uint64_t start, uint64_t len, int want)
{
	uint64_t range[2] = { start, len };
	long bad;
	int err;

	fill(0);
	fill(size - WINDOW);
	err = ioctl(fd, request, range) ? errno : 0;
	if (err != want)
		fail("errno", name, start, len, err, want);
	if (err)
		len = 0;
	bad = wrong(0, start, len) + wrong(size - WINDOW, start, len);
	if (bad)
		fail("wrong bytes", name, start, len, bad, 0);
}

static void edges(unsigned long request, const char *name)
{
	uint64_t b = (uint64_t)block, range[2] = { 0, b };

	try(request, name, 0, b, 0);
	try(request, name, b, b, 0);
	try(request, name, size - b, b, 0);
	try(request, name, WINDOW - b, 2 * b, 0);
	try(request, name, 3 * b, WINDOW / 2 + b, 0);
	try(request, name, 0, size, 0);
	try(request, name, 1, b, EINVAL);
	try(request, name, 0, b - 1, EINVAL);
	try(request, name, b / 2, b, EINVAL);
	try(request, name, size, b, EINVAL);
	try(request, name, size - b, 2 * b, EINVAL);
	try(request, name, UINT64_MAX - b + 1, 2 * b, EINVAL);
	try(request, name, b, UINT64_MAX - b + 1, EINVAL);
	if (!ioctl(ro, request, range) || errno != EBADF)
		fail("errno read only", name, range[0], range[1], errno, EBADF);
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	fd = open(argv[1], O_RDWR | O_DIRECT);
	ro = open(argv[1], O_RDONLY | O_DIRECT);
	if (fd < 0 || ro < 0 || ioctl(fd, BLKGETSIZE64, &size) || ioctl(fd, BLKSSZGET, &block))
		die(argv[1]);
	if (posix_memalign((void **)&buf, 4096, WINDOW))
		die("memory");
	edges(BLKDISCARD, "BLKDISCARD");
	edges(BLKZEROOUT, "BLKZEROOUT");
	return failures != 0;
}
