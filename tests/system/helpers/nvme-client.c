// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * nvme-client CONTROLLER DISK SERIAL [DISK-TO-FORMAT]: what a program that knows only libnvme gets of a controller. Opens the
 * nodes itself, as libnvme's own way to open takes names of the inbox driver alone.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <libnvme.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void __attribute__((format(printf, 1, 2), noreturn)) fail(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

/* A negative result is an error of the system's, a positive one the controller's status */
static void must(const char *what, int ret)
{
	if (ret < 0)
		fail("%s: %s", what, strerror(errno));
	if (ret)
		fail("%s: %s", what, nvme_status_to_string(ret, false));
	printf("%s: done\n", what);
}

static int open_node(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	return fd;
}

int main(int argc, char **argv)
{
	static struct nvme_error_log_page errors[4];
	static struct nvme_firmware_slot slots;
	static struct nvme_smart_log smart;
	static struct nvme_id_ctrl id;
	static struct nvme_id_ns ns;
	static struct nvme_ns_list list;
	unsigned int kelvin;
	int ctrl, disk;
	__u32 nsid;

	if (argc < 4)
		fail("usage: nvme-client CONTROLLER DISK SERIAL [DISK-TO-FORMAT]");
	ctrl = open_node(argv[1]);
	disk = open_node(argv[2]);
	must("identify controller", nvme_identify_ctrl(ctrl, &id));
	if (strncmp(id.sn, argv[3], strlen(argv[3])))
		fail("the serial number is %.20s, not %s", id.sn, argv[3]);
	must("namespaces", nvme_identify_active_ns_list(ctrl, 0, &list));
	must("the disk's number", nvme_get_nsid(disk, &nsid));
	if (le32toh(list.ns[0]) != nsid)
		fail("namespace %u is the first, and the disk is %u", le32toh(list.ns[0]), nsid);
	must("identify namespace", nvme_identify_ns(ctrl, nsid, &ns));
	if (!ns.nsze)
		fail("a namespace without a size");
	must("health", nvme_get_log_smart(ctrl, NVME_NSID_ALL, true, &smart));
	kelvin = smart.temperature[0] | smart.temperature[1] << 8;
	if (kelvin < 273 || kelvin > 400)
		fail("%u K is no temperature", kelvin);
	must("errors", nvme_get_log_error(ctrl, 4, true, errors));
	must("firmware slots", nvme_get_log_fw_slot(ctrl, true, &slots));
	if (strncmp(slots.frs[(slots.afi & 7) - 1], id.fr, sizeof(id.fr)))
		fail("the active slot has %.8s, the controller runs %.8s", slots.frs[(slots.afi & 7) - 1], id.fr);
	if (argc > 4) {
		struct nvme_format_nvm_args format = {
			.args_size = sizeof(format),
			.fd = ctrl,
			.timeout = 60000,
		};

		must("the number of the disk to format", nvme_get_nsid(open_node(argv[4]), &format.nsid));
		must("format", nvme_format_nvm(&format));
	}
	return 0;
}
