// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * badioctl CTRL DISK GENERIC [huge]: tries ioctls that must be refused and prints "WHAT: ANSWER" a line,
 * the answer being an errno name, a positive NVMe status, or 0. The same list from the inbox
 * driver's nodes must be equal. Fails by itself when a refused command wrote to its buffer. With "huge" only a buffer
 * longer than the guest's memory is tried, which the inbox driver of old kernels pins before it refuses it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define GUARD  0x5a
#define BUFFER 16384

static int wrong;
static unsigned char *buffer;

static const char *answer(int ret)
{
	static char text[32];

	if (ret < 0)
		return strerrorname_np(errno);
	snprintf(text, sizeof(text), "0x%x", ret);
	return text;
}

/* Reports one ioctl; a failed one must have left the buffer alone. */
static void try(int fd, const char *node, const char *what, unsigned long request, void *arg)
{
	int ret;

	memset(buffer, GUARD, BUFFER);
	errno = 0;
	ret = ioctl(fd, request, arg);
	printf("%s %s: %s\n", node, what, answer(ret));
	if (!ret)
		return;
	for (int i = 0; i < BUFFER; i++)
		if (buffer[i] != GUARD) {
			printf("%s %s: buffer written at %d\n", node, what, i);
			wrong = 1;
			break;
		}
}

static struct nvme_passthru_cmd identify(uint32_t nsid, uint32_t cns)
{
	return (struct nvme_passthru_cmd){ .opcode = 6, .nsid = nsid, .cdw10 = cns, .addr = (uintptr_t)buffer, .data_len = 4096 };
}

/* All of it is mapped: where a long buffer ends in the middle, the kernel (bio_map_user_iov) loses its page array. */
static void long_identify(int fd, const char *node, const char *what, uint32_t length)
{
	struct nvme_passthru_cmd cmd = identify(0, 1);
	void *map = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	cmd.data_len = length;
	cmd.addr = (uintptr_t)map;
	try(fd, node, what, NVME_IOCTL_ADMIN_CMD, &cmd);
	munmap(map, length);
}

static void admin(int fd, const char *node)
{
	struct nvme_passthru_cmd cmd;
	struct nvme_passthru_cmd64 cmd64 = { .opcode = 6, .cdw10 = 1, .data_len = 4096 };
	void *gone = mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	try(fd, node, "admin null argument", NVME_IOCTL_ADMIN_CMD, NULL);
	try(fd, node, "admin unmapped argument", NVME_IOCTL_ADMIN_CMD, gone);
	try(fd, node, "admin64 unmapped argument", NVME_IOCTL_ADMIN64_CMD, gone);
	cmd = identify(0, 1);
	try(fd, node, "identify", NVME_IOCTL_ADMIN_CMD, &cmd);
	cmd.addr = (uintptr_t)gone;
	try(fd, node, "identify into an unmapped buffer", NVME_IOCTL_ADMIN_CMD, &cmd);
	cmd = identify(0, 1);
	cmd.addr = 0;
	try(fd, node, "identify into a null buffer", NVME_IOCTL_ADMIN_CMD, &cmd);
	cmd = identify(0, 1);
	cmd.addr = 0xffff800000000000ull;
	try(fd, node, "identify into the kernel", NVME_IOCTL_ADMIN_CMD, &cmd);
	long_identify(fd, node, "identify of 32 MiB", 32u << 20);
	cmd = identify(0, 1);
	cmd.flags = 0x40;
	try(fd, node, "identify with flags", NVME_IOCTL_ADMIN_CMD, &cmd);
	cmd = identify(0xfffffffe, 0);
	try(fd, node, "identify of namespace 0xfffffffe", NVME_IOCTL_ADMIN_CMD, &cmd);
	cmd = identify(99, 0x7f);
	try(fd, node, "identify with a bad CNS", NVME_IOCTL_ADMIN_CMD, &cmd);
	cmd = (struct nvme_passthru_cmd){ .opcode = 0x7f };
	try(fd, node, "unknown admin opcode", NVME_IOCTL_ADMIN_CMD, &cmd);
	cmd = (struct nvme_passthru_cmd){
		.opcode = 2, .cdw10 = 0xff | 3 << 16, .nsid = ~0u, .addr = (uintptr_t)buffer, .data_len = 16
	};
	try(fd, node, "log page 0xff", NVME_IOCTL_ADMIN_CMD, &cmd);
	cmd = (struct nvme_passthru_cmd){ .opcode = 0xa, .cdw10 = 0xbf };
	try(fd, node, "feature 0xbf", NVME_IOCTL_ADMIN_CMD, &cmd);
	cmd64.addr = (uintptr_t)gone;
	try(fd, node, "identify64 into an unmapped buffer", NVME_IOCTL_ADMIN64_CMD, &cmd64);
	cmd64.addr = (uintptr_t)buffer;
	cmd64.flags = 1;
	try(fd, node, "identify64 with flags", NVME_IOCTL_ADMIN64_CMD, &cmd64);
}

static void io(int fd, const char *node)
{
	struct nvme_passthru_cmd cmd = { .opcode = 2, .nsid = 1, .addr = (uintptr_t)buffer, .data_len = 512 };
	struct nvme_user_io rw = { .opcode = 2, .addr = (uintptr_t)buffer };
	void *gone = mmap(NULL, 8192, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	try(fd, node, "read", NVME_IOCTL_IO_CMD, &cmd);
	cmd.nsid = 2;
	try(fd, node, "read of another namespace", NVME_IOCTL_IO_CMD, &cmd);
	cmd.nsid = 0;
	try(fd, node, "read of namespace 0", NVME_IOCTL_IO_CMD, &cmd);
	cmd.nsid = 1;
	cmd.cdw10 = 0xfffffff0;
	cmd.cdw11 = 0xf;
	try(fd, node, "read behind the end", NVME_IOCTL_IO_CMD, &cmd);
	cmd.cdw10 = cmd.cdw11 = 0;
	cmd.addr = (uintptr_t)gone;
	try(fd, node, "read into an unmapped buffer", NVME_IOCTL_IO_CMD, &cmd);
	cmd = (struct nvme_passthru_cmd){ .opcode = 0x7f, .nsid = 1 };
	try(fd, node, "unknown I/O opcode", NVME_IOCTL_IO_CMD, &cmd);
	cmd.flags = 0x80;
	try(fd, node, "I/O with flags", NVME_IOCTL_IO_CMD, &cmd);
	try(fd, node, "null I/O argument", NVME_IOCTL_IO_CMD, NULL);
	try(fd, node, "submit read", NVME_IOCTL_SUBMIT_IO, &rw);
	rw.opcode = 0x7f;
	try(fd, node, "submit unknown opcode", NVME_IOCTL_SUBMIT_IO, &rw);
	rw.opcode = 2;
	rw.flags = 1;
	try(fd, node, "submit with flags", NVME_IOCTL_SUBMIT_IO, &rw);
	rw.flags = 0;
	rw.metadata = (uintptr_t)buffer | 1;
	try(fd, node, "submit with metadata the format has not", NVME_IOCTL_SUBMIT_IO, &rw);
	rw.metadata = 0;
	rw.addr = (uintptr_t)gone;
	try(fd, node, "submit into an unmapped buffer", NVME_IOCTL_SUBMIT_IO, &rw);
	rw.addr = (uintptr_t)buffer;
	rw.slba = ~0ull;
	try(fd, node, "submit behind the end", NVME_IOCTL_SUBMIT_IO, &rw);
	try(fd, node, "submit null argument", NVME_IOCTL_SUBMIT_IO, NULL);
	try(fd, node, "namespace id", NVME_IOCTL_ID, NULL);
}

int main(int argc, char **argv)
{
	static const char *const kind[] = { "ctrl", "disk", "generic" };

	if (argc < 4) {
		fprintf(stderr, "usage: badioctl CTRL DISK GENERIC [huge]\n");
		return 2;
	}
	buffer = aligned_alloc(4096, BUFFER);
	for (int i = 0; i < 3; i++) {
		int fd = open(argv[i + 1], O_RDWR);

		if (fd < 0) {
			perror(argv[i + 1]);
			return 1;
		}
		if (argc > 4) {
			long_identify(fd, kind[i], "identify of 4 GiB", 0xfffff000);
			close(fd);
			continue;
		}
		try(fd, kind[i], "unknown ioctl 'N' 0x7e", _IO('N', 0x7e), NULL);
		try(fd, kind[i], "unknown ioctl 'z' 1", _IO('z', 1), NULL);
		try(fd, kind[i], "old-size admin command", _IOWR('N', 0x41, char[8]), buffer);
		admin(fd, kind[i]);
		if (i)
			io(fd, kind[i]);
		else
			try(fd, kind[i], "namespace id", NVME_IOCTL_ID, NULL);
		close(fd);
	}
	return wrong;
}
