// SPDX-License-Identifier: GPL-2.0-or-later
// flags: -I/repo/include/uapi
/* uabitel NODE SOURCE AREA FILE: captures telemetry, waits, writes it to FILE and prints the operation's fields */
#include "uabi.h"

int main(int argc, char **argv)
{
	struct gmx_ioc_telemetry req = { .size = sizeof(req) };
	struct gmx_ioc_op op = { .size = sizeof(op), .timeout_ms = 60000 };
	struct gmx_ioc_telemetry_read part = { .size = sizeof(part) };
	static unsigned char buffer[10000];
	int fd, out;

	if (argc != 5)
		return 2;
	fd = open(argv[1], O_RDONLY);
	out = open(argv[4], O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || out < 0)
		return 2;
	req.source = atoi(argv[2]);
	req.area = atoi(argv[3]);
	if (ioctl(fd, GMX_IOCTL_TELEMETRY, &req)) {
		printf("%s\n", strerrorname_np(errno));
		return 1;
	}
	op.id = req.id;
	if (ioctl(fd, GMX_IOCTL_OP, &op)) {
		printf("%s\n", strerrorname_np(errno));
		return 1;
	}
	fields_print(op_fields, (unsigned char *)&op);
	if (op.state != GMX_IOC_OP_DONE)
		return 1;
	part.id = req.id;
	part.data = (uintptr_t)buffer;
	do {
		part.bytes = sizeof(buffer);
		if (ioctl(fd, GMX_IOCTL_TELEMETRY_READ, &part)) {
			printf("%s\n", strerrorname_np(errno));
			return 1;
		}
		if (write(out, buffer, part.bytes) != (ssize_t)part.bytes)
			return 2;
		part.offset += part.bytes;
	} while (part.bytes);
	printf("generation %u\n", part.generation);
	return 0;
}
