// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * submitio NODE read|write SLBA BLOCKS BYTES CONTROL FILE: one NVME_IOCTL_SUBMIT_IO with a buffer of exactly BYTES, at the end
 * of its mapping, from or to the file. Exit status 1: refused, and the error is printed.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAPPED (1 << 20)

int main(int argc, char **argv)
{
	int node, file, write_it = argc == 8 && !strcmp(argv[2], "write"), ret;
	struct nvme_user_io io = { .opcode = write_it ? 1 : 2 };
	size_t bytes = argc == 8 ? strtoul(argv[5], NULL, 0) : 0;
	char *map, *buffer;

	if (argc != 8 || !bytes || bytes > MAPPED) {
		fprintf(stderr, "usage: submitio NODE read|write SLBA BLOCKS BYTES CONTROL FILE\n");
		return 2;
	}
	node = open(argv[1], O_RDWR);
	file = open(argv[7], write_it ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC, 0600);
	map = mmap(NULL, MAPPED + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (node < 0 || file < 0 || map == MAP_FAILED || mprotect(map + MAPPED, 4096, PROT_NONE)) {
		perror("submitio");
		return 2;
	}
	buffer = map + MAPPED - bytes;
	if (write_it && read(file, buffer, bytes) != (ssize_t)bytes)
		return 2;
	io.slba = strtoull(argv[3], NULL, 0);
	io.nblocks = strtoul(argv[4], NULL, 0) - 1;
	io.control = strtoul(argv[6], NULL, 0);
	io.addr = (unsigned long)buffer;
	ret = ioctl(node, NVME_IOCTL_SUBMIT_IO, &io);
	if (ret) {
		printf("%s\n", ret < 0 ? strerror(errno) : "NVMe status");
		return 1;
	}
	return !write_it && write(file, buffer, bytes) != (ssize_t)bytes ? 2 : 0;
}
