// SPDX-License-Identifier: GPL-2.0-or-later
/* Each function of libgmx that sends a command: the command that reaches the driver, field by field, and what comes back. */
#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libgmx/libgmx.h>

#include "tap.h"

#define MAX_SEEN 64

struct seen {
	unsigned long request;
	struct nvme_passthru_cmd cmd;
	uint8_t data[4096]; /* as it was sent */
};

static struct seen seen[MAX_SEEN];
static unsigned int nr;
static int answer, answer_errno;
static uint32_t answer_result;
static uint8_t fill;
static uint8_t vendor_in[4096];

int ioctl(int fd, unsigned long request, ...)
{
	struct seen *s = &seen[nr % MAX_SEEN];
	va_list args;
	void *arg;

	(void)fd;
	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	nr++;
	s->request = request;
	if ((request >> 8 & 0xff) == GMX_IOC_MAGIC) {
		uint32_t size;

		memcpy(&size, arg, 4);
		memcpy(vendor_in, arg, size);
	} else if (request == NVME_IOCTL_ADMIN_CMD) {
		struct nvme_passthru_cmd *cmd = arg;
		void *data = (void *)(uintptr_t)cmd->addr;

		s->cmd = *cmd;
		if (data && cmd->opcode & 1)
			memcpy(s->data, data, cmd->data_len < sizeof(s->data) ? cmd->data_len : sizeof(s->data));
		else if (data && !answer)
			memset(data, fill, cmd->data_len);
		cmd->result = answer_result;
	}
	errno = answer_errno;
	return answer;
}

static void answers(int rc, int error, uint32_t result)
{
	nr = 0;
	memset(seen, 0, sizeof(seen));
	answer = rc;
	answer_errno = error;
	answer_result = result;
}

static const struct nvme_passthru_cmd *one(const char *what, unsigned int opcode, uint32_t nsid, uint32_t cdw10, uint32_t cdw11)
{
	const struct nvme_passthru_cmd *c = &seen[0].cmd;

	check(nr == 1, "%s: %u calls", what, nr);
	check(seen[0].request == NVME_IOCTL_ADMIN_CMD, "%s: request %lx", what, seen[0].request);
	check(c->opcode == opcode && c->nsid == nsid, "%s: opcode %x, nsid %x", what, c->opcode, c->nsid);
	check(c->cdw10 == cdw10 && c->cdw11 == cdw11, "%s: dwords 10 and 11: %x %x", what, c->cdw10, c->cdw11);
	check(!c->flags && !c->metadata && !c->metadata_len, "%s: flags or metadata", what);
	return c;
}

static char root[] = "/tmp/libgmx-XXXXXX";

static void file(const char *path, const char *content)
{
	char full[256], *p;
	int fd;

	snprintf(full, sizeof(full), "%s%s", root, path);
	for (p = full + strlen(root) + 1; (p = strchr(p, '/')); p++) {
		*p = 0;
		mkdir(full, 0755);
		*p = '/';
	}
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || write(fd, content, strlen(content)) < 0)
		abort();
	close(fd);
}

static void tree(void)
{
	if (!mkdtemp(root))
		abort();
	setenv("LIBGMX_ROOT", root, 1);
	file("/dev/gmx0", "");
	for (int i = 0; i < 2; i++) {
		char path[64];
#define ATTR(name, value) (snprintf(path, sizeof(path), "/sys/class/gmx/gmx%d/" name, i ? 10 : 0), file(path, value))
		ATTR("state", "live\n");
		ATTR("serial", i ? "SECOND\n" : "FIRST\n");
		ATTR("model", i ? "Model \x01\xff x\n" : "Gigamax G3\n");
		ATTR("address", i ? "0000:02:00.0\n" : "0000:01:00.0\n");
		ATTR("numa_node", "-1\n");
		ATTR("reset_count", i ? "18446744073709551616\n" : "7\n");
	}
	file("/sys/block/gmx0n1/nsid", "1\n");
	file("/sys/block/gmx0n1/size", "131072\n");
	file("/sys/block/gmx0n1/queue/logical_block_size", "4096\n");
	file("/sys/block/gmx0n1/uuid", "01234567-89ab-4def-8123-456789abcdef\n");
	file("/sys/block/gmx10n2/nsid", "2\n");
	file("/sys/block/nvme0n1/nsid", "1\n");
	file("/sys/block/gmx0n1p1x/nsid", "1\n");
}

static void targets(void)
{
	static const struct {
		const char *text, *ctrl, *disk;
		int rc;
	} cases[] = {
		{ "gmx0", "gmx0", "", 0 },
		{ "/dev/gmx0", "gmx0", "", 0 },
		{ "gmx0n1", "gmx0", "gmx0n1", 0 },
		{ "/dev/gmx0n1", "gmx0", "gmx0n1", 0 },
		{ "/dev/gmxg0n1", "gmx0", "gmx0n1", 0 },
		{ "gmx10", "gmx10", "", 0 },
		{ "0000:01:00.0", "gmx0", "", 0 },
		{ "01:00.0", "gmx0", "", 0 },
		{ "SECOND", "gmx10", "", 0 },
		{ "01234567-89AB-4DEF-8123-456789ABCDEF", "gmx0", "gmx0n1", 0 },
		{ "gmx1", "", "", -ENODEV },
		{ "gmx0n2", "", "", -ENODEV },
		{ "gmx", "", "", -ENODEV },
		{ "gmx0n", "", "", -ENODEV },
		{ "gmx0/../gmx0", "", "", 0 },
		{ "nvme0n1", "", "", -ENODEV },
		{ "../../etc/passwd", "", "", -ENODEV },
		{ "", "", "", -EINVAL },
	};
	struct libgmx_target t;
	struct libgmx_ctrl_info *list;
	struct libgmx_disk *disks;
	size_t n;

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		int rc = libgmx_resolve(cases[i].text, &t);

		/* a path that is not there is taken by its last word */
		if (!strcmp(cases[i].text, "gmx0/../gmx0"))
			continue;
		check(rc == cases[i].rc && !strcmp(t.ctrl, cases[i].ctrl) && !strcmp(t.disk, cases[i].disk), "'%s': %d %s %s",
		      cases[i].text, rc, t.ctrl, t.disk);
	}
	check(!libgmx_list(&list, &n) && n == 2, "%zu controllers", n);
	check(!strcmp(list[0].name, "gmx0") && !strcmp(list[1].name, "gmx10"), "order");
	check(!strcmp(list[1].model, "Model ?? x"), "a model's characters: '%s'", list[1].model);
	check(list[0].resets == 7 && list[1].resets == 0 && list[0].numa_node == -1, "numbers");
	free(list);
	check(!libgmx_disks(NULL, &disks, &n) && n == 2, "%zu disks", n);
	check(disks[0].bytes == 67108864 && disks[0].block_bytes == 4096 && !strcmp(disks[1].ctrl, "gmx10"), "disks");
	free(disks);
	check(!libgmx_disks("gmx10", &disks, &n) && n == 1, "disks of one");
	free(disks);
	tap_group("what a text given by a user means");
}

static void reads(struct libgmx_ctrl *c)
{
	static uint8_t data[10000];
	uint32_t value;

	fill = 0xab;
	answers(0, 0, 0);
	check(!libgmx_identify(c, 0x11, 7, 0x1234, data), "identify");
	check(one("identify", 0x06, 7, 0x12340011, 0)->data_len == 4096 && data[4095] == 0xab, "identify: data");
	answers(0, 0, 0);
	check(!libgmx_log(c, 0xc4, 5, 3, true, 0x100000040ull, data, 64), "log");
	check(one("log", 0x02, 5, 15u << 16 | 1u << 15 | 3u << 8 | 0xc4, 0)->cdw12 == 0x40 && seen[0].cmd.cdw13 == 1,
	      "log: offset");
	answers(0, 0, 0);
	check(!libgmx_log(c, 0x07, 1, 1, false, 0, data, 8200), "a long log");
	check(nr == 3 && seen[0].cmd.data_len == 4096 && seen[2].cmd.data_len == 8 && seen[2].cmd.cdw12 == 8192, "its parts");
	check((seen[0].cmd.cdw10 >> 8 & 0xff) == 0x81 && (seen[1].cmd.cdw10 >> 8 & 0xff) == 0x80 &&
		      !(seen[2].cmd.cdw10 >> 8 & 0xff),
	      "only the first part acts, only the last one ends the event");
	answers(0, 0, 0);
	check(libgmx_log(c, 2, 0, 0, false, 0, data, 6) == -EINVAL && libgmx_log(c, 2, 0, 0, false, 2, data, 8) == -EINVAL && !nr,
	      "odd sizes");
	answers(0, 0, 0x55);
	check(!libgmx_feature_get(c, 0xc0, 0, LIBGMX_SAVED, 9, NULL, 0, &value) && value == 0x55, "get features");
	check(one("get features", 0x0a, 0, 0x2c0, 9)->addr && seen[0].cmd.data_len == 4096, "get features: room for data");
	memset(data, 0, sizeof(data));
	answers(0, 0, 0);
	check(!libgmx_feature_get(c, 0x0e, 0, LIBGMX_CURRENT, 0, data, 8, &value) && data[7] == 0xab && !data[8],
	      "get features: as much data as was asked for");
	answers(0, 0, 0);
	check(libgmx_feature_get(c, 0x0e, 0, LIBGMX_CURRENT, 0, data, 5000, &value) == -EINVAL && !nr,
	      "get features: too much data");
	for (unsigned int fid = 1; fid < 256; fid++) {
		bool takes = fid == 0x03 || fid == 0x0c || fid == 0x0d || fid == 0x0e || fid == 0x16;

		answers(0, 0, 0);
		check(libgmx_feature_set(c, fid, 0, false, 0, NULL, 0) == (takes ? -EINVAL : 0) && nr == !takes,
		      "set features without data: %02xh", fid);
	}
	answers(0, 0, 0);
	check(!libgmx_feature_set(c, 0x02, 0, true, 3, NULL, 0), "set features");
	one("set features", 0x09, 0, 1u << 31 | 2, 3);
	tap_group("Identify, log pages and features");
}

static void changes(struct libgmx_ctrl *c)
{
	struct libgmx_ns_create want = {
		.blocks = 0x1122334455, .capacity_blocks = 0x1122334400, .format = 3, .protection = 1, .shared = true
	};
	const uint16_t list[] = { 1, 0x203 };
	uint32_t nsid;
	uint8_t image[8192];

	memset(image, 0x77, sizeof(image));
	answers(0, 0, 42);
	check(!libgmx_ns_create(c, &want, &nsid) && nsid == 42, "create: %u", nsid);
	check(one("create", 0x0d, 0, 0, 0)->data_len == 4096, "create: data");
	check(!memcmp(seen[0].data, "\x55\x44\x33\x22\x11\0\0\0\0\x44\x33\x22\x11", 13) && seen[0].data[26] == 3 &&
		      seen[0].data[29] == 1 && seen[0].data[30] == 1,
	      "create: fields");
	answers(0, 0, 0);
	check(!libgmx_ns_delete(c, 9), "delete");
	one("delete", 0x0d, 9, 1, 0);
	answers(0, 0, 0);
	check(!libgmx_ns_attach(c, 9, list, 2, true), "attach");
	one("attach", 0x15, 9, 0, 0);
	check(!memcmp(seen[0].data, "\2\0\1\0\3\2\0", 7), "attach: list");
	answers(0, 0, 0);
	check(!libgmx_ns_attach(c, 9, list, 1, false), "detach");
	one("detach", 0x15, 9, 1, 0);
	check(libgmx_ns_attach(c, 9, list, 0, true) == -EINVAL && libgmx_ns_attach(c, 9, list, 5000, true) == -EINVAL,
	      "absurd lists");
	answers(0, 0, 0);
	check(!libgmx_format(c, 3, 2, 1, 1, true, true, 1000), "format");
	check(one("format", 0x80, 3, 2 | 1 << 4 | 1 << 5 | 1 << 8 | 1 << 9, 0)->timeout_ms == 1000, "format: time-out");
	answers(0, 0, 0);
	check(!libgmx_sanitize(c, LIBGMX_SANITIZE_OVERWRITE, 16, 0xdeadbeef, true), "sanitize");
	one("sanitize", 0x84, 0, 3 | 0 << 4 | 1 << 9, 0xdeadbeef);
	check(libgmx_sanitize(c, (enum libgmx_sanitize)9, 1, 0, false) == -EINVAL, "an absurd sanitize");
	answers(0, 0, 0);
	check(!libgmx_selftest(c, LIBGMX_ALL_NAMESPACES, 2), "self-test");
	one("self-test", 0x14, 0xffffffff, 2, 0);
	answers(0, 0, 0);
	check(!libgmx_fw_download(c, 4096, image, 4096), "download");
	one("download", 0x11, 0, 1023, 1024);
	check(seen[0].data[4095] == 0x77 && libgmx_fw_download(c, 2, image, 4096) == -EINVAL, "download: data");
	answers(0, 0, 0);
	check(!libgmx_fw_commit(c, 2, 3, 5000), "commit");
	check(one("commit", 0x10, 0, 2 | 3 << 3, 0)->timeout_ms == 5000 && libgmx_fw_commit(c, 8, 1, 0) == -EINVAL,
	      "commit: time-out");
	answers(0, 0, 0);
	check(!libgmx_fw_send(c, image, 8192, 0, NULL, NULL) && nr == 2 && seen[1].cmd.cdw11 == 1024, "an image in parts");
	answers(0, 0, 0x00000a00);
	check(!libgmx_mi(c, false, 1, 2, 3, image, 8, &nsid) && nsid == 0xa00, "NVMe-MI");
	check(seen[0].cmd.data_len == 4096 && image[7] == 0xab && image[8] == 0x77, "NVMe-MI: room for all of an answer");
	check(one("NVMe-MI", 0x1e, 0, 0x0804, 1)->cdw12 == 2 && seen[0].cmd.cdw13 == 3 &&
		      libgmx_mi(c, false, 256, 0, 0, NULL, 0, &nsid) == -EINVAL,
	      "NVMe-MI: dwords");
	answers(0, 0, 0);
	check(!libgmx_reset(c) && seen[0].request == NVME_IOCTL_RESET, "reset");
	check(!libgmx_reset_subsystem(c) && seen[1].request == NVME_IOCTL_SUBSYS_RESET, "subsystem reset");
	check(!libgmx_rescan(c) && seen[2].request == NVME_IOCTL_RESCAN, "rescan");
	tap_group("what changes a controller");
}

static void results(struct libgmx_ctrl *c)
{
	uint8_t data[4096];
	struct gmx_ioc_power power = { .flags = 0 };
	struct gmx_ioc_events events = { .from = 3 };

	answers(-1, EACCES, 0);
	check(libgmx_identify(c, 1, 0, 0, data) == -EACCES && libgmx_kind(-EACCES) == LIBGMX_PERMISSION, "EACCES");
	answers(0x4109, 0, 0);
	check(libgmx_log(c, 0xfe, 0, 0, true, 0, data, 512) == 0x4109 && libgmx_kind(0x4109) == LIBGMX_NOT_SUPPORTED, "a status");
	check(strstr(libgmx_strerror(0x4109), "109h"), "text '%s'", libgmx_strerror(0x4109));
	check(strstr(libgmx_strerror(0x41c4), "belongs to a volume") && libgmx_kind(0x41c4) == LIBGMX_REJECTED,
	      "a vendor status");
	check(libgmx_hint(0x4115) && !strcmp(libgmx_strerror(0), "Success") && libgmx_kind(0) == LIBGMX_OK, "hints");
	for (int rc = -200; rc < 0x800; rc++)
		check(libgmx_strerror(rc) && libgmx_strerror(rc)[0] && libgmx_kind(rc) <= LIBGMX_NOT_SUPPORTED, "text of %d", rc);
	answers(-1, ENOTTY, 0);
	check(libgmx_drv_power(c, &power) == -ENOTTY && power.size == sizeof(power), "a driver without vendor ioctls");
	power.nvme_status = 0x4002;
	answers(-1, EREMOTEIO, 0);
	check(libgmx_drv_power(c, &power) == 0x4002, "what the controller said");
	answers(0, 0, 0);
	/* a program that was built when the structure was shorter */
	{
		struct {
			uint32_t size;
			uint8_t more[60], behind[16];
		} older;

		memset(&older, 0x5a, sizeof(older));
		check(!libgmx_drv_call(c, GMX_IOCTL_POWER, &older, 64) && older.size == 64 && vendor_in[0] == 64,
		      "an older size");
		check(libgmx_drv_call(c, GMX_IOCTL_POWER, &older, 3) == -EINVAL, "a size that is none");
		answers(-1, EREMOTEIO, 0);
		check(libgmx_drv_call(c, GMX_IOCTL_POWER, &older, 8) == -EREMOTEIO, "no status behind the size");
		answers(0, 0, 0);
	}
	check(!libgmx_drv_events(c, &events) && events.entry_bytes == sizeof(struct gmx_ioc_event) &&
		      seen[0].request == GMX_IOCTL_EVENTS,
	      "events");
	tap_group("results");
}

int main(void)
{
	struct libgmx_ctrl *c;
	char command[300];

	tree();
	targets();
	check(libgmx_open("gmx7", &c) == -ENODEV && !c, "a controller that is not there");
	check(libgmx_open("gmx10", &c) == -ENODEV && !c, "a node that is not there");
	check(!libgmx_open("FIRST", &c) && !strcmp(libgmx_name(c), "gmx0") && libgmx_fd(c) >= 0, "open");
	tap_group("opening");
	reads(c);
	changes(c);
	results(c);
	libgmx_close(c);
	libgmx_close(NULL);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	if (system(command))
		return 1;
	return tap_done();
}
