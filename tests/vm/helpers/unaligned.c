// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * unaligned DISK BYTES: direct I/O from buffers that start at any multiple of four in a page,
 * one to eight segments a call, written and read with different splits, compared.
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
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_SEGMENTS 8
#define MAX_CALL     (2 << 20)

static uint64_t seed = 88172645463325252ull;

static uint32_t draw(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 16) % below;
}

/* Cuts `length` bytes into segments, each at an odd place of its own part of the arena. */
static int split(struct iovec *iov, char *arena, size_t length, unsigned int block)
{
	size_t blocks = length / block;
	int n = 0;

	while (blocks) {
		size_t take = n == MAX_SEGMENTS - 1 ? blocks : 1 + draw(blocks);

		iov[n].iov_base = arena + (size_t)n * (MAX_CALL + 8192) + 4 * draw(1024);
		iov[n].iov_len = take * block;
		blocks -= take;
		n++;
	}
	return n;
}

static void copy(const struct iovec *iov, int n, char *flat, int to_iov)
{
	for (int i = 0; i < n; i++) {
		if (to_iov)
			memcpy(iov[i].iov_base, flat, iov[i].iov_len);
		else
			memcpy(flat, iov[i].iov_base, iov[i].iov_len);
		flat += iov[i].iov_len;
	}
}

int main(int argc, char **argv)
{
	struct iovec iov[MAX_SEGMENTS];
	char *arena, *want, *got;
	unsigned int block = 512;
	size_t total = 0, limit;
	off_t at = 0;
	int fd, n;

	if (argc != 3) {
		fprintf(stderr, "usage: unaligned DISK BYTES\n");
		return 2;
	}
	limit = strtoull(argv[2], NULL, 0);
	fd = open(argv[1], O_RDWR | O_DIRECT);
	if (fd < 0 || ioctl(fd, BLKSSZGET, &block) < 0) {
		perror(argv[1]);
		return 1;
	}
	arena = mmap(NULL, MAX_SEGMENTS * (MAX_CALL + 8192), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	want = malloc(MAX_CALL);
	got = malloc(MAX_CALL);
	if (arena == MAP_FAILED || !want || !got)
		return 1;
	while (total < limit) {
		size_t length = block * (1 + draw(MAX_CALL / block));

		for (size_t i = 0; i < length; i += 4)
			memcpy(want + i, &(uint32_t){ draw(~0u) }, 4);
		n = split(iov, arena, length, block);
		copy(iov, n, want, 1);
		if (pwritev(fd, iov, n, at) != (ssize_t)length) {
			fprintf(stderr, "write of %zu at %lld: %s\n", length, (long long)at, strerror(errno));
			return 1;
		}
		n = split(iov, arena, length, block);
		for (int i = 0; i < n; i++)
			memset(iov[i].iov_base, 0xee, iov[i].iov_len);
		if (preadv(fd, iov, n, at) != (ssize_t)length) {
			fprintf(stderr, "read of %zu at %lld: %s\n", length, (long long)at, strerror(errno));
			return 1;
		}
		copy(iov, n, got, 0);
		if (memcmp(want, got, length)) {
			fprintf(stderr, "wrong data: %zu bytes at %lld\n", length, (long long)at);
			return 1;
		}
		total += length;
		at = (at + length) % (32 << 20) / block * block;
	}
	return 0;
}
