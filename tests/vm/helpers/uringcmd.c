// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uringcmd work CTRL DISK GENERIC: passes admin and I/O commands through io_uring and by the 64-bit ioctls, and prints
 * each answer, good and bad ones. uringcmd polled …: the same on a polled ring. uringcmd filter …: what a caller may do by
 * ioctl and by io_uring. The output on the inbox driver's nodes must be the same. uringcmd ioctls …: "NODE REQUEST yes|no",
 * whether a node knows it; what has no name only if it does.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/nvme_ioctl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef NVME_URING_CMD_IO
#error "the headers know no NVMe uring commands"
#endif

static int ring = -1, wrong, ours;
static char *sq, *cq, *sqes;
static struct io_uring_params params;
static unsigned char *buffer;
static unsigned int fixed; /* flags of the next entries */

#define BUFFER 16384

static void ring_open(unsigned int flags)
{
	size_t length;

	params.flags = IORING_SETUP_SQE128 | IORING_SETUP_CQE32 | flags;
	ring = syscall(__NR_io_uring_setup, 4, &params);
	if (ring < 0) {
		perror("io_uring_setup");
		exit(1);
	}
	length = params.sq_off.array + params.sq_entries * 4;
	sq = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	length = params.cq_off.cqes + params.cq_entries * 32;
	cq = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	sqes = mmap(NULL, params.sq_entries * 128, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	if (sq == MAP_FAILED || cq == MAP_FAILED || sqes == MAP_FAILED)
		exit(1);
}

/* One command, waited for; *result is the completion's dword 0. */
static int uring(int fd, unsigned int op, const struct nvme_uring_cmd *cmd, uint64_t *result)
{
	unsigned int *tail = (void *)(sq + params.sq_off.tail), *head = (void *)(cq + params.cq_off.head);
	unsigned int *end = (void *)(cq + params.cq_off.tail);
	unsigned int mask = *(unsigned int *)(cq + params.cq_off.ring_mask), at = *tail % params.sq_entries;
	struct io_uring_sqe *sqe = (void *)(sqes + at * 128);
	struct io_uring_cqe *cqe;
	int res;

	memset(sqe, 0, 128);
	sqe->opcode = IORING_OP_URING_CMD;
	sqe->fd = fd;
	sqe->cmd_op = op;
	sqe->uring_cmd_flags = fixed;
	memcpy(sqe->cmd, cmd, sizeof(*cmd));
	((unsigned int *)(sq + params.sq_off.array))[at] = at;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	/* polling may come back with nothing */
	for (int submit = 1; submit || *head == __atomic_load_n(end, __ATOMIC_ACQUIRE); submit = 0)
		if (syscall(__NR_io_uring_enter, ring, submit, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
			return -errno;
	cqe = (void *)(cq + params.cq_off.cqes + (*head & mask) * 32);
	res = cqe->res;
	*result = cqe->big_cqe[0];
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return res;
}

static const char *name(int res)
{
	static char text[32];

	if (res < 0)
		return strerrorname_np(-res);
	snprintf(text, sizeof(text), "0x%x", res);
	return text;
}

static void tell(const char *node, const char *what, int fd, unsigned int op, struct nvme_uring_cmd cmd)
{
	uint64_t result = 0;
	int res = uring(fd, op, &cmd, &result);

	printf("%s %s: %s result 0x%llx\n", node, what, name(res), res ? 0 : (unsigned long long)result);
}

static void pattern(int seed)
{
	for (int i = 0; i < BUFFER; i++)
		buffer[i] = i * 7 + (i >> 8) + seed;
}

/* What was read must be what pattern(seed) makes of the first 4096 bytes, which lie at @at. */
static void expect(const char *node, const char *what, const unsigned char *at, int seed)
{
	for (int i = 0; i < 4096; i++)
		if (at[i] != (unsigned char)(i * 7 + (i >> 8) + seed)) {
			printf("%s %s: wrong data at %d\n", node, what, i);
			wrong = 1;
			break;
		}
}

static void tell64(const char *node, const char *what, int fd, unsigned long request, struct nvme_passthru_cmd64 cmd)
{
	int ret = ioctl(fd, request, &cmd);

	printf("%s %s: %s result 0x%llx\n", node, what, name(ret < 0 ? -errno : ret), ret ? 0 : (unsigned long long)cmd.result);
}

/* The 4096 bytes in three pieces that touch nowhere. */
static struct iovec pieces[3];

static void cut(void)
{
	pieces[0] = (struct iovec){ buffer + 8192, 512 };
	pieces[1] = (struct iovec){ buffer + 12288, 3072 };
	pieces[2] = (struct iovec){ buffer + 4096, 512 };
}

/* Gathers the pieces, so that they can be compared; what lies between them was not touched. */
static void expect_pieces(const char *node, const char *what, int seed)
{
	unsigned char got[4096];

	memcpy(got, buffer + 8192, 512);
	memcpy(got + 512, buffer + 12288, 3072);
	memcpy(got + 3584, buffer + 4096, 512);
	expect(node, what, got, seed);
	if (buffer[8192 + 512] || buffer[12288 - 1] || buffer[12288 + 3072] || buffer[4096 + 512] || buffer[4095]) {
		printf("%s %s: data beside the pieces\n", node, what);
		wrong = 1;
	}
}

static void ioctl64(const char *node, int fd)
{
	struct nvme_passthru_cmd64 rw = {
		.opcode = 1, .nsid = 1, .addr = (uintptr_t)buffer, .data_len = 4096, .cdw10 = 8, .cdw12 = 7
	};

	pattern(1);
	tell64(node, "write by ioctl 64", fd, NVME_IOCTL_IO64_CMD, rw);
	memset(buffer, 0, BUFFER);
	rw.opcode = 2;
	tell64(node, "read by ioctl 64", fd, NVME_IOCTL_IO64_CMD, rw);
	expect(node, "read by ioctl 64", buffer, 1);
	rw.nsid = 2;
	tell64(node, "read of another namespace by ioctl 64", fd, NVME_IOCTL_IO64_CMD, rw);
	rw.nsid = 1;

	memset(buffer, 0, BUFFER);
	rw.addr = (uintptr_t)pieces;
	rw.vec_cnt = 3;
	tell64(node, "vectored read by ioctl", fd, NVME_IOCTL_IO64_CMD_VEC, rw);
	expect_pieces(node, "vectored read by ioctl", 1);
	/* the same bytes in the same pieces, with the first changed */
	buffer[8192]++;
	rw.opcode = 1;
	tell64(node, "vectored write by ioctl", fd, NVME_IOCTL_IO64_CMD_VEC, rw);
	memset(buffer, 0, BUFFER);
	rw.opcode = 2;
	rw.addr = (uintptr_t)buffer;
	rw.data_len = 4096;
	tell64(node, "read of what was written vectored", fd, NVME_IOCTL_IO64_CMD, rw);
	buffer[0]--;
	expect(node, "read of what was written vectored", buffer, 1);
	rw.addr = (uintptr_t)pieces;
	rw.vec_cnt = 2000;
	tell64(node, "too many pieces by ioctl", fd, NVME_IOCTL_IO64_CMD_VEC, rw);
	rw.addr = 0x1000;
	rw.vec_cnt = 3;
	tell64(node, "pieces that are nowhere by ioctl", fd, NVME_IOCTL_IO64_CMD_VEC, rw);
}

static void vectored(const char *node, int fd)
{
	struct nvme_uring_cmd rw = { .opcode = 2, .nsid = 1, .addr = (uintptr_t)pieces, .data_len = 3, .cdw10 = 0, .cdw12 = 7 };

	memset(buffer, 0, BUFFER);
	tell(node, "vectored read", fd, NVME_URING_CMD_IO_VEC, rw);
	expect_pieces(node, "vectored read", 0);
	buffer[4096]++;
	rw.opcode = 1;
	tell(node, "vectored write", fd, NVME_URING_CMD_IO_VEC, rw);
	memset(buffer, 0, BUFFER);
	rw.opcode = 2;
	rw.addr = (uintptr_t)buffer;
	rw.data_len = 4096;
	tell(node, "read of what was written vectored", fd, NVME_URING_CMD_IO, rw);
	buffer[3584]--;
	expect(node, "read of what was written vectored", buffer, 0);
	rw.addr = 0x1000;
	rw.data_len = 3;
	tell(node, "pieces that are nowhere", fd, NVME_URING_CMD_IO_VEC, rw);
}

/* By a buffer that the ring has registered, at places in it that no page begins at */
static void registered(const char *node, int fd)
{
	struct nvme_uring_cmd rw = {
		.opcode = 1, .nsid = 1, .addr = (uintptr_t)buffer, .data_len = 4096, .cdw10 = 16, .cdw12 = 7
	};
	uint64_t result;

	fixed = IORING_URING_CMD_FIXED;
	pattern(2);
	tell(node, "write, registered", fd, NVME_URING_CMD_IO, rw);
	memset(buffer, 0, BUFFER);
	rw.opcode = 2;
	rw.addr = (uintptr_t)buffer + 4096 + 512;
	tell(node, "read, registered", fd, NVME_URING_CMD_IO, rw);
	expect(node, "read, registered", buffer + 4096 + 512, 2);
	if (buffer[4096 + 511] || buffer[8192 + 512]) {
		printf("%s read, registered: data beside its place\n", node);
		wrong = 1;
	}
	rw.addr = (uintptr_t)buffer + BUFFER - 2048;
	tell(node, "read behind the registered buffer", fd, NVME_URING_CMD_IO, rw);
	rw.addr = (uintptr_t)pieces;
	rw.data_len = 3;
	/* the inbox driver has a kernel warning for it, or serves it */
	if (ours && uring(fd, NVME_URING_CMD_IO_VEC, &rw, &result) != -EINVAL) {
		printf("%s vectored read, registered: not refused\n", node);
		wrong = 1;
	}
	fixed = 0;
}

static void work(const char *node, int fd, int io)
{
	struct nvme_uring_cmd identify = { .opcode = 6, .cdw10 = 1, .addr = (uintptr_t)buffer, .data_len = 4096 };
	struct nvme_uring_cmd rw = { .opcode = 1, .nsid = 1, .addr = (uintptr_t)buffer, .data_len = 4096, .cdw12 = 7 };
	struct nvme_uring_cmd bad;

	memset(buffer, 0, 4096);
	tell(node, "identify", fd, NVME_URING_CMD_ADMIN, identify);
	tell(node, "identify, vectored opcode", fd, NVME_URING_CMD_ADMIN_VEC, identify);
	tell(node, "get feature 7", fd, NVME_URING_CMD_ADMIN, (struct nvme_uring_cmd){ .opcode = 0xa, .cdw10 = 7 });
	tell(node, "unknown command number", fd, _IOWR('N', 0x8f, struct nvme_uring_cmd), identify);
	bad = identify;
	bad.flags = 1;
	tell(node, "flags", fd, NVME_URING_CMD_ADMIN, bad);
	bad = identify;
	bad.addr = 0x1000;
	tell(node, "unmapped buffer", fd, NVME_URING_CMD_ADMIN, bad);
	bad = identify;
	bad.opcode = 0x7f;
	bad.data_len = 0;
	tell(node, "unknown opcode", fd, NVME_URING_CMD_ADMIN, bad);
	if (!io)
		return;
	pattern(0);
	tell(node, "write", fd, NVME_URING_CMD_IO, rw);
	memset(buffer, 0, BUFFER);
	rw.opcode = 2;
	tell(node, "read", fd, NVME_URING_CMD_IO, rw);
	expect(node, "read", buffer, 0);
	rw.nsid = 2;
	tell(node, "read of another namespace", fd, NVME_URING_CMD_IO, rw);
	rw.nsid = 1;
	rw.cdw11 = 0xff;
	tell(node, "read behind the end", fd, NVME_URING_CMD_IO, rw);
	vectored(node, fd);
	registered(node, fd);
	ioctl64(node, fd);
}

static void filter(const char *node, const char *path)
{
	static const struct {
		const char *what;
		struct nvme_passthru_cmd cmd;
		int io;
	} tries[] = {
		{ "identify controller", { .opcode = 6, .cdw10 = 1, .data_len = 4096 }, 0 },
		{ "identify namespace", { .opcode = 6, .nsid = 1, .data_len = 4096 }, 0 },
		{ "identify namespace list", { .opcode = 6, .cdw10 = 2, .data_len = 4096 }, 0 },
		{ "identify descriptors", { .opcode = 6, .nsid = 1, .cdw10 = 3, .data_len = 4096 }, 0 },
		{ "log page 2", { .opcode = 2, .nsid = ~0u, .cdw10 = 2 | 127 << 16, .data_len = 512 }, 0 },
		{ "get feature", { .opcode = 0xa, .cdw10 = 7 }, 0 },
		{ "format", { .opcode = 0x80, .nsid = 99 }, 0 },
		{ "vendor admin", { .opcode = 0xc1 }, 0 },
		{ "read", { .opcode = 2, .nsid = 1, .data_len = 512 }, 1 },
		{ "write", { .opcode = 1, .nsid = 1, .data_len = 512 }, 1 },
		{ "flush", { .opcode = 0, .nsid = 1 }, 1 },
		{ "compare", { .opcode = 5, .nsid = 1, .data_len = 512 }, 1 },
		{ "vendor I/O", { .opcode = 0x85, .nsid = 1 }, 1 },
	};
	static const int modes[] = { O_RDONLY, O_RDWR };

	for (int m = 0; m < 2; m++) {
		int fd = open(path, modes[m]);

		printf("%s open %s: %s\n", node, m ? "rw" : "ro", fd < 0 ? strerrorname_np(errno) : "0");
		for (size_t i = 0; fd >= 0 && i < sizeof(tries) / sizeof(tries[0]); i++) {
			struct nvme_passthru_cmd cmd = tries[i].cmd;
			struct nvme_uring_cmd u = { .opcode = cmd.opcode,
						    .nsid = cmd.nsid,
						    .cdw10 = cmd.cdw10,
						    .data_len = cmd.data_len,
						    .addr = (uintptr_t)buffer };
			uint64_t result;
			int ret;

			memset(buffer, 0, 4096);
			cmd.addr = (uintptr_t)buffer;
			ret = ioctl(fd, tries[i].io ? NVME_IOCTL_IO_CMD : NVME_IOCTL_ADMIN_CMD, &cmd);
			printf("%s %s ioctl: %s\n", node, tries[i].what, name(ret < 0 ? -errno : ret));
			/* what io_uring says of a disk is the kernel's affair, not the driver's */
			if (!strcmp(node, "disk"))
				continue;
			memset(buffer, 0, 4096);
			ret = uring(fd, tries[i].io ? NVME_URING_CMD_IO : NVME_URING_CMD_ADMIN, &u, &result);
			printf("%s %s uring: %s\n", node, tries[i].what, name(ret));
		}
		if (fd < 0)
			continue;
		printf("%s reset: %s\n", node, ioctl(fd, NVME_IOCTL_RESET) < 0 ? strerrorname_np(errno) : "0");
		printf("%s rescan: %s\n", node, ioctl(fd, NVME_IOCTL_RESCAN) < 0 ? strerrorname_np(errno) : "0");
		close(fd);
	}
}

/* Which requests a node knows, by name; and whether there are any without a name. */
static void known(const char *node, const char *path)
{
	static const struct {
		const char *name;
		unsigned long request;
	} names[] = {
#define NAME(x) { #x, x }
		NAME(NVME_IOCTL_ID),	       NAME(NVME_IOCTL_ADMIN_CMD),   NAME(NVME_IOCTL_SUBMIT_IO),
		NAME(NVME_IOCTL_IO_CMD),       NAME(NVME_IOCTL_RESET),	     NAME(NVME_IOCTL_SUBSYS_RESET),
		NAME(NVME_IOCTL_RESCAN),       NAME(NVME_IOCTL_ADMIN64_CMD), NAME(NVME_IOCTL_IO64_CMD),
		NAME(NVME_IOCTL_IO64_CMD_VEC),
	};
	static const unsigned int sizes[] = { 0, 4, 8, 16, 44, 48, 64, 72, 80, 4096 };
	int fd = open(path, O_RDWR);

	if (fd < 0) {
		perror(path);
		exit(1);
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		printf("%s %s %s\n", node, names[i].name,
		       ioctl(fd, names[i].request, NULL) < 0 && errno == ENOTTY ? "no" : "yes");
	for (unsigned int dir = 0; dir < 4; dir++)
		for (unsigned int nr = 0; nr < 256; nr++)
			for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
				unsigned long request = _IOC(dir, 'N', nr, sizes[k]);
				size_t i;

				/* what 32-bit programs make of NVME_IOCTL_SUBMIT_IO */
				if (request == _IOC(_IOC_WRITE, 'N', 0x42, 44))
					continue;
				for (i = 0; i < sizeof(names) / sizeof(names[0]) && names[i].request != request; i++)
					;
				if (i == sizeof(names) / sizeof(names[0]) && (ioctl(fd, request, NULL) >= 0 || errno != ENOTTY))
					printf("%s 0x%lx yes\n", node, request);
			}
	close(fd);
}

int main(int argc, char **argv)
{
	static const char *const kind[] = { "ctrl", "disk", "generic" };
	struct iovec all;

	if (argc != 5) {
		fprintf(stderr, "usage: uringcmd work|polled|filter|ioctls CTRL DISK GENERIC\n");
		return 2;
	}
	buffer = aligned_alloc(4096, BUFFER);
	cut();
	ours = !!strstr(argv[2], "gmx");
	ring_open(strcmp(argv[1], "polled") ? 0 : IORING_SETUP_IOPOLL);
	all = (struct iovec){ buffer, BUFFER };
	if (syscall(__NR_io_uring_register, ring, IORING_REGISTER_BUFFERS, &all, 1)) {
		perror("IORING_REGISTER_BUFFERS");
		return 1;
	}
	for (int i = 0; i < 3; i++) {
		if (!strcmp(argv[1], "filter")) {
			filter(kind[i], argv[i + 2]);
		} else if (!strcmp(argv[1], "ioctls")) {
			known(kind[i], argv[i + 2]);
		} else if (i != 1) {
			int fd = open(argv[i + 2], O_RDWR);

			if (fd < 0) {
				perror(argv[i + 2]);
				return 1;
			}
			work(kind[i], fd, i);
			close(fd);
		}
	}
	return wrong;
}
