// SPDX-License-Identifier: GPL-2.0-or-later
// flags: -m32 -nostdlib -ffreestanding -fno-pic -fno-stack-protector -fno-builtin
/*
 * ioctl32 CTRL DISK GENERIC: the NVMe ioctls as a 32-bit program makes them, "NODE WHAT: ANSWER" a line. The disk's first
 * blocks are written. No C library, as none for 32 bits is installed.
 */
#include <linux/ioctl.h>
#include <linux/nvme_ioctl.h>
#include <linux/unistd.h>

#define GUARD  0x5a
#define BLOCKS 8
#define BYTES  (BLOCKS * 512)

/* i386 numbers and pointers, by the entry that a 64-bit kernel has for them. */
static int call(int number, unsigned int a, unsigned int b, unsigned int c)
{
	int ret;

	__asm__ volatile("int $0x80" : "=a"(ret) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
	return ret;
}

static unsigned char buffer[4096] __attribute__((aligned(4096)));

static void put(const char *text)
{
	unsigned int length = 0;

	while (text[length])
		length++;
	call(__NR_write, 1, (unsigned int)text, length);
}

static void put_hex(unsigned int value)
{
	char text[9];
	int i;

	for (i = 7; i >= 0; i--, value >>= 4)
		text[i] = "0123456789abcdef"[value & 15];
	text[8] = 0;
	put(text);
}

static void fill(unsigned char value)
{
	unsigned int i;

	for (i = 0; i < sizeof(buffer); i++)
		((volatile unsigned char *)buffer)[i] = value;
}

static unsigned int sum(void)
{
	unsigned int i, s = 1;

	for (i = 0; i < sizeof(buffer); i++)
		s = s * 31 + buffer[i];
	return s;
}

/* The answer, and what the buffer holds after it. */
static void try(int fd, const char *node, const char *what, unsigned int request, void *arg)
{
	int ret = call(__NR_ioctl, fd, request, (unsigned int)arg);

	put(node);
	put(" ");
	put(what);
	put(ret < 0 ? ": error " : ": status ");
	put_hex(ret < 0 ? -ret : ret);
	put(" data ");
	put_hex(sum());
	put("\n");
}

static struct nvme_passthru_cmd identify(unsigned int cns)
{
	return (struct nvme_passthru_cmd){ .opcode = 6, .cdw10 = cns, .addr = (unsigned int)buffer, .data_len = 4096 };
}

static struct nvme_passthru_cmd64 identify64(unsigned int cns)
{
	return (struct nvme_passthru_cmd64){ .opcode = 6, .cdw10 = cns, .addr = (unsigned int)buffer, .data_len = 4096 };
}

static void admin(int fd, const char *node)
{
	struct nvme_passthru_cmd cmd = identify(1);
	struct nvme_passthru_cmd64 cmd64 = identify64(1);
	struct nvme_passthru_cmd feature = { .opcode = 0xa, .cdw10 = 7 };

	fill(GUARD);
	try(fd, node, "identify", NVME_IOCTL_ADMIN_CMD, &cmd);
	fill(GUARD);
	try(fd, node, "identify 64", NVME_IOCTL_ADMIN64_CMD, &cmd64);
	cmd = identify(0xff);
	fill(GUARD);
	try(fd, node, "identify, no such CNS", NVME_IOCTL_ADMIN_CMD, &cmd);
	cmd = identify(1);
	cmd.addr = 0xc0000000;
	try(fd, node, "identify into no memory", NVME_IOCTL_ADMIN_CMD, &cmd);
	/* the upper half of a pointer that a 32-bit program does not have */
	cmd.addr = 1ull << 32 | (unsigned int)buffer;
	try(fd, node, "identify above 4 GiB", NVME_IOCTL_ADMIN_CMD, &cmd);
	try(fd, node, "null", NVME_IOCTL_ADMIN_CMD, (void *)0);
	try(fd, node, "get features", NVME_IOCTL_ADMIN_CMD, &feature);
	put(node);
	put(" result ");
	put_hex(feature.result);
	put("\n");
	try(fd, node, "unknown", _IO('N', 0x7f), (void *)0);
}

static void io(int fd, const char *node, unsigned char mark)
{
	struct nvme_user_io old = { .opcode = 1, .nblocks = BLOCKS - 1, .addr = (unsigned int)buffer, .slba = 16 };
	struct nvme_passthru_cmd cmd = {
		.opcode = 2, .nsid = 1, .addr = (unsigned int)buffer, .data_len = BYTES, .cdw10 = 16, .cdw12 = BLOCKS - 1
	};
	struct nvme_passthru_cmd64 cmd64 = {
		.opcode = 2, .nsid = 1, .addr = (unsigned int)buffer, .data_len = BYTES, .cdw10 = 16, .cdw12 = BLOCKS - 1
	};

	try(fd, node, "id", NVME_IOCTL_ID, (void *)0);
	fill(mark);
	cmd.opcode = 1;
	try(fd, node, "write", NVME_IOCTL_IO_CMD, &cmd);
	fill(GUARD);
	cmd.opcode = 2;
	try(fd, node, "read", NVME_IOCTL_IO_CMD, &cmd);
	fill(GUARD);
	try(fd, node, "read 64", NVME_IOCTL_IO64_CMD, &cmd64);
	fill(mark - 32);
	try(fd, node, "submit a write", NVME_IOCTL_SUBMIT_IO, &old);
	fill(GUARD);
	old.opcode = 2;
	try(fd, node, "submit a read", NVME_IOCTL_SUBMIT_IO, &old);
	old.slba = ~0ull >> 9;
	fill(GUARD);
	try(fd, node, "submit beyond the end", NVME_IOCTL_SUBMIT_IO, &old);
	old.slba = 16;
	old.addr = 0xc0000000;
	try(fd, node, "submit a read into no memory", NVME_IOCTL_SUBMIT_IO, &old);
}

static void run(char **argv)
{
	static const char *const names[] = { "ctrl", "disk", "generic" };
	int i, fd;

	for (i = 0; i < 3; i++) {
		fd = argv[i + 1] ? call(__NR_open, (unsigned int)argv[i + 1], 2, 0) : -1;
		if (fd < 0) {
			put("can't open a node\n");
			call(__NR_exit, 2, 0, 0);
		}
		admin(fd, names[i]);
		if (i)
			io(fd, names[i], 'a' + i);
		else
			try(fd, names[i], "id", NVME_IOCTL_ID, (void *)0);
	}
	call(__NR_exit, 0, 0, 0);
}

__attribute__((used)) static void start(unsigned int *stack)
{
	run((char **)(stack + 1));
}

__asm__(".globl _start\n_start:\n\tmov %esp, %eax\n\tand $-16, %esp\n\tsub $12, %esp\n\tpush %eax\n\tcall start\n\thlt\n");
