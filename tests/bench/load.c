// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * load DISK JOB DEPTH COUNT WARM: I/O through io_uring at a constant depth: what completed together is replaced
 * together. COUNT of it, after WARM, lies in a window of tests/bench/count.c. Jobs: randread, randwrite (4 KiB), read
 * (128 KiB, one after the other, in pages that are not neighbours), bigread (the same in a huge page), flush; and loop,
 * which is no I/O but COUNT times two instructions, by which the count itself is judged.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <liburing.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "window.h"

#define PAGE 4096u
#define HUGE (2u << 20)

enum op { READ, WRITE, FLUSH };

static const struct job {
	const char *name;
	enum op op;
	unsigned int bytes;
	bool sequential;
	bool huge;
} jobs[] = {
	{ "randread", READ, PAGE, false, false }, { "randwrite", WRITE, PAGE, false, false },
	{ "read", READ, 128 << 10, true, false }, { "bigread", READ, 128 << 10, true, true },
	{ "flush", FLUSH, 0, false, false },
};

static const struct job *job;
static struct io_uring ring;
static int disk;
static char *buffers;
static uint64_t blocks, place, rounds;

static uint64_t next_block(void)
{
	if (job->sequential)
		return place++ % blocks;
	place = place * 6364136223846793005ull + 1442695040888963407ull;
	return (place >> 33) % blocks;
}

static void put(uintptr_t slot)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
	char *buffer = buffers + slot * job->bytes;

	switch (job->op) {
	case READ: io_uring_prep_read(sqe, disk, buffer, job->bytes, next_block() * job->bytes); break;
	case WRITE: io_uring_prep_write(sqe, disk, buffer, job->bytes, next_block() * job->bytes); break;
	case FLUSH: io_uring_prep_fsync(sqe, disk, 0); break;
	}
	io_uring_sqe_set_data64(sqe, slot);
}

static void run(uint64_t count, unsigned int depth)
{
	uint64_t issued, done = 0;

	for (issued = 0; issued < depth && issued < count; issued++)
		put(issued);
	while (done < count) {
		struct io_uring_cqe *cqe;
		unsigned int head, seen = 0;
		int r = io_uring_submit_and_wait(&ring, 1);

		if (r < 0)
			errx(1, "io_uring: %s", strerror(-r));
		rounds++;
		io_uring_for_each_cqe(&ring, head, cqe)
		{
			if (cqe->res != (int)job->bytes)
				errx(1, "result %d instead of %u", cqe->res, job->bytes);
			seen++;
			if (issued < count) {
				put(cqe->user_data);
				issued++;
			}
		}
		io_uring_cq_advance(&ring, seen);
		done += seen;
	}
}

/* Pages of a file in an order in which none stands beside a neighbour, whichever way they lie: each is a segment. */
static char *scattered(size_t bytes)
{
	size_t pages = bytes / PAGE, i;
	int fd = memfd_create("buffers", 0);
	char *at = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (fd < 0 || ftruncate(fd, bytes) || at == MAP_FAILED || fallocate(fd, 0, 0, bytes))
		err(1, "%zu bytes of buffers", bytes);
	for (i = 0; i < pages; i++)
		if (mmap(at + i * PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED | MAP_POPULATE, fd,
			 i * 389 % pages * PAGE) == MAP_FAILED)
			err(1, "a page of buffers");
	return at;
}

static char *contiguous(size_t bytes)
{
	char *at = mmap(NULL, bytes + HUGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		err(1, "%zu bytes of buffers", bytes);
	at = (char *)(((uintptr_t)at + HUGE - 1) & ~(uintptr_t)(HUGE - 1));
	madvise(at, bytes, MADV_HUGEPAGE);
	memset(at, 1, bytes);
	return at;
}

static void loop(uint64_t count)
{
	WINDOW_EMIT(WINDOW_OPEN);
	__asm__ volatile("1: dec %0\n\tjnz 1b" : "+r"(count) : : "cc");
	WINDOW_EMIT(WINDOW_CLOSE);
}

int main(int argc, char **argv)
{
	uint64_t size, count, warm;
	unsigned int depth, i;
	int r;

	if (argc != 6)
		errx(2, "usage: load DISK JOB DEPTH COUNT WARM");
	for (i = 0; i < sizeof(jobs) / sizeof(*jobs); i++)
		if (!strcmp(jobs[i].name, argv[2]))
			job = &jobs[i];
	depth = strtoul(argv[3], NULL, 10);
	count = strtoull(argv[4], NULL, 10);
	warm = strtoull(argv[5], NULL, 10);
	if (!strcmp(argv[2], "loop") && count) {
		loop(count);
		printf("%llu 1\n", (unsigned long long)count);
		return 0;
	}
	if (!job || !depth || depth > 1024 || count < depth)
		errx(2, "no such job, or depth is not 1 to 1024, or COUNT is below it");

	disk = open(argv[1], (job->op == READ ? O_RDONLY : O_RDWR) | O_DIRECT);
	if (disk < 0 || ioctl(disk, BLKGETSIZE64, &size))
		err(1, "%s", argv[1]);
	if (job->bytes) {
		blocks = size / job->bytes;
		buffers = (job->huge ? contiguous : scattered)((size_t)depth * job->bytes);
	}
	r = io_uring_queue_init(1024, &ring, 0);
	if (r)
		errx(1, "io_uring: %s", strerror(-r));

	run(warm, depth);
	rounds = 0;
	WINDOW_EMIT(WINDOW_OPEN);
	run(count, depth);
	WINDOW_EMIT(WINDOW_CLOSE);
	printf("%llu %llu\n", (unsigned long long)count, (unsigned long long)rounds);
	return 0;
}
