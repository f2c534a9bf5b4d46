// SPDX-License-Identifier: GPL-2.0-or-later
// flags: -I/repo/include/uapi
/*
 * uabifw update NODE FILE SLOT ACTION FLAGS [PART]: downloads, commits, waits and prints the operation's fields
 * uabifw commit NODE SLOT ACTION FLAGS: the same without a download
 * uabifw hold NODE FILE: sends the first part, says so, and keeps the file open until its input ends
 * uabifw two NODE FILE: the same, then commits it, and sends the second part
 */
#include "uabi.h"

static int fd;
static unsigned char image[4 << 20];

static int part(unsigned int offset, unsigned int bytes)
{
	struct gmx_ioc_fw_download req = {
		.size = sizeof(req), .data = (uintptr_t)(image + offset), .bytes = bytes, .offset = offset
	};

	if (!ioctl(fd, GMX_IOCTL_FW_DOWNLOAD, &req))
		return 0;
	printf("download %s status %#x at %u\n", strerrorname_np(errno), req.nvme_status, offset);
	return 1;
}

static int load(const char *name)
{
	int file = open(name, O_RDONLY), n = file < 0 ? -1 : read(file, image, sizeof(image));

	if (n <= 0)
		exit(2);
	return n;
}

static int commit(char **args)
{
	struct gmx_ioc_fw_commit req = {
		.size = sizeof(req), .slot = atoi(args[0]), .action = atoi(args[1]), .flags = atoi(args[2])
	};
	struct gmx_ioc_op op = { .size = sizeof(op), .timeout_ms = 120000 };

	if (ioctl(fd, GMX_IOCTL_FW_COMMIT, &req)) {
		printf("commit %s\n", strerrorname_np(errno));
		return 1;
	}
	op.id = req.id;
	if (ioctl(fd, GMX_IOCTL_OP, &op)) {
		printf("op %s\n", strerrorname_np(errno));
		return 1;
	}
	fields_print(op_fields, (unsigned char *)&op);
	return op.state != GMX_IOC_OP_DONE;
}

int main(int argc, char **argv)
{
	unsigned int bytes, size, at;

	if (argc < 4)
		return 2;
	fd = open(argv[2], O_RDONLY);
	if (fd < 0)
		return 2;
	if (!strcmp(argv[1], "commit") && argc == 6)
		return commit(argv + 3);
	bytes = load(argv[3]);
	if (!strcmp(argv[1], "hold") || !strcmp(argv[1], "two")) {
		if (part(0, 4096))
			return 1;
		puts("held");
		fflush(stdout);
		while (getchar() != EOF)
			;
		return *argv[1] == 't' && (commit((char *[]){ "0", "3", "0" }) & part(4096, 4096));
	}
	if (strcmp(argv[1], "update") || argc < 7)
		return 2;
	size = argc > 7 ? atoi(argv[7]) : 65536;
	for (at = 0; at < bytes; at += size)
		if (part(at, bytes - at < size ? bytes - at : size))
			return 1;
	return commit(argv + 4);
}
