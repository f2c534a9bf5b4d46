// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * uringcmd work CTRL DISK GENERIC: passes admin and I/O commands through io_uring and prints each
 * answer, good and bad ones. uringcmd filter …: what a caller may do by ioctl and by io_uring.
 * The output on the inbox driver's nodes must be the same.
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
#include <unistd.h>

#ifndef NVME_URING_CMD_IO
#error "the headers know no NVMe uring commands"
#endif

static int ring = -1, wrong;
static char *sq, *cq, *sqes;
static struct io_uring_params params;
static unsigned char *buffer;

static void ring_open(void)
{
	size_t length;

	params.flags = IORING_SETUP_SQE128 | IORING_SETUP_CQE32;
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
	unsigned int mask = *(unsigned int *)(cq + params.cq_off.ring_mask), at = *tail % params.sq_entries;
	struct io_uring_sqe *sqe = (void *)(sqes + at * 128);
	struct io_uring_cqe *cqe;
	int res;

	memset(sqe, 0, 128);
	sqe->opcode = IORING_OP_URING_CMD;
	sqe->fd = fd;
	sqe->cmd_op = op;
	memcpy(sqe->cmd, cmd, sizeof(*cmd));
	((unsigned int *)(sq + params.sq_off.array))[at] = at;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(__NR_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
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
	for (int i = 0; i < 4096; i++)
		buffer[i] = i * 7;
	tell(node, "write", fd, NVME_URING_CMD_IO, rw);
	memset(buffer, 0, 4096);
	rw.opcode = 2;
	tell(node, "read", fd, NVME_URING_CMD_IO, rw);
	for (int i = 0; i < 4096; i++)
		if (buffer[i] != (unsigned char)(i * 7)) {
			printf("%s read: wrong data at %d\n", node, i);
			wrong = 1;
			break;
		}
	rw.nsid = 2;
	tell(node, "read of another namespace", fd, NVME_URING_CMD_IO, rw);
	rw.nsid = 1;
	rw.cdw11 = 0xff;
	tell(node, "read behind the end", fd, NVME_URING_CMD_IO, rw);
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

int main(int argc, char **argv)
{
	static const char *const kind[] = { "ctrl", "disk", "generic" };

	if (argc != 5) {
		fprintf(stderr, "usage: uringcmd work|filter CTRL DISK GENERIC\n");
		return 2;
	}
	buffer = aligned_alloc(4096, 16384);
	ring_open();
	for (int i = 0; i < 3; i++) {
		if (!strcmp(argv[1], "filter")) {
			filter(kind[i], argv[i + 2]);
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
