// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gmxctl and an emulated controller in one process, with as much of a driver between them as gmxctl sees: ioctl() hands
 * admin commands to the model, and files stand for sysfs. Reads lines:
 *
 *	ctl WORD...	runs gmxctl; its output goes to out and err of the folder, the answer is its exit status
 *	driver		from now on there are the vendor ioctls of firmware
 *	emu JSON	a command for the model's control socket; the answer is the model's
 *
 * usage: model FOLDER FAMILY CONFIG
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/gmx.h>
#include <linux/nvme_ioctl.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "../emu/ops.h"

int gmxctl_main(int argc, char **argv);
/* Also what replay.c records, where it is in the program */
int model_ioctl(unsigned long request, void *arg);

static const char *folder;
static unsigned int resets;
static FILE *answers;

__attribute__((format(printf, 2, 3))) static void put_file(const char *name, const char *format, ...)
{
	char path[512], *p;
	va_list args;
	FILE *f;

	snprintf(path, sizeof(path), "%s%s", folder, name);
	for (p = path + strlen(folder) + 1; (p = strchr(p, '/')); p++) {
		*p = 0;
		mkdir(path, 0755);
		*p = '/';
	}
	f = fopen(path, "we");
	if (!f)
		abort();
	va_start(args, format);
	vfprintf(f, format, args);
	va_end(args);
	fputc('\n', f);
	fclose(f);
}

static void put_padded(const char *name, const char *text, int len)
{
	while (len && (text[len - 1] == ' ' || !text[len - 1]))
		len--;
	put_file(name, "%.*s", len, text);
}

static void disk(uint32_t nsid)
{
	static uint8_t data[4096];
	const struct gmx_id_ns *id = (const void *)data;
	unsigned int shift;
	char path[64];

	if (vnd_identify(GMX_CNS_NS, nsid, data))
		return;
	shift = id->lbaf[id->flbas & 15].ds;
	snprintf(path, sizeof(path), "/sys/block/gmx0n%u/nsid", nsid);
	put_file(path, "%u", nsid);
	snprintf(path, sizeof(path), "/sys/block/gmx0n%u/size", nsid);
	put_file(path, "%llu", (unsigned long long)le64toh(id->nsze) << shift >> 9);
	snprintf(path, sizeof(path), "/sys/block/gmx0n%u/queue/logical_block_size", nsid);
	put_file(path, "%u", 1u << shift);
}

/* What the driver does after a reset, a rescan, and commands that change namespaces */
static void look(void)
{
	static uint8_t data[4096], list[4096];
	const struct gmx_id_ctrl *id = (const void *)data;
	char path[256];

	if (vnd_identify(GMX_CNS_CTRL, 0, data) || vnd_identify(GMX_CNS_NS_ACTIVE_LIST, 0, list))
		abort();
	put_file("/sys/class/gmx/gmx0/state", "live");
	put_file("/sys/class/gmx/gmx0/address", "0000:01:00.0");
	put_file("/sys/class/gmx/gmx0/numa_node", "-1");
	put_file("/sys/class/gmx/gmx0/queue_count", "2");
	put_file("/sys/class/gmx/gmx0/queue_map", "default 1 read 0 poll 0");
	put_file("/sys/class/gmx/gmx0/reset_count", "%u", resets);
	put_file("/sys/class/gmx/gmx0/cntlid", "%u", le16toh(id->cntlid));
	put_padded("/sys/class/gmx/gmx0/serial", id->sn, sizeof(id->sn));
	put_padded("/sys/class/gmx/gmx0/model", id->mn, sizeof(id->mn));
	put_padded("/sys/class/gmx/gmx0/firmware_rev", id->fr, sizeof(id->fr));
	for (uint32_t nsid = 1; nsid <= EMU_MAX_NS; nsid++) {
		bool active = false;

		for (unsigned int i = 0; i < GMX_NS_LIST_ENTRIES; i++)
			active |= le32toh(((const __le32 *)list)[i]) == nsid;
		if (active) {
			disk(nsid);
			continue;
		}
		snprintf(path, sizeof(path), "%s/sys/block/gmx0n%u/nsid", folder, nsid);
		unlink(path);
	}
}

static int command(struct nvme_passthru_cmd *c)
{
	uint16_t status = vnd_wait(
		&(struct vnd_cmd){
			.opcode = c->opcode,
			.nsid = c->nsid,
			.cdw10 = c->cdw10,
			.cdw11 = c->cdw11,
			.cdw12 = c->cdw12,
			.cdw13 = c->cdw13,
			.cdw14 = c->cdw14,
			.cdw15 = c->cdw15,
			.data = (void *)(uintptr_t)c->addr,
			.len = c->data_len,
		},
		60000);

	if (status == 0xffff) {
		errno = EINTR;
		return -1;
	}
	c->result = vnd_dw0;
	if (c->opcode == GMX_ADM_NS_MGMT || c->opcode == GMX_ADM_NS_ATTACH || c->opcode == GMX_ADM_FORMAT ||
	    c->opcode == GMX_ADM_FW_COMMIT)
		look();
	return status & 0x7fff;
}

static bool vendor;
static struct gmx_ioc_op op;

/* Firmware as the driver does it: <linux/gmx.h> */
static int fw_download(struct gmx_ioc_fw_download *io)
{
	struct nvme_passthru_cmd c = { .opcode = GMX_ADM_FW_DOWNLOAD,
				       .addr = io->data,
				       .data_len = io->bytes,
				       .cdw10 = io->bytes / 4 - 1,
				       .cdw11 = io->offset / 4 };
	int status = command(&c);

	io->nvme_status = (uint16_t)status;
	return status;
}

static int fw_commit(struct gmx_ioc_fw_commit *io)
{
	struct nvme_passthru_cmd c = { .opcode = GMX_ADM_FW_COMMIT, .cdw10 = io->slot | (uint32_t)io->action << 3 };
	int status = command(&c) & 0x7ff;
	unsigned int waits = status == GMX_SC_FW_NEEDS_CONV_RESET ? GMX_IOC_FW_RESET_CONVENTIONAL
			     : status == GMX_SC_FW_NEEDS_RESET || (!status && io->action && io->action < 3)
				     ? GMX_IOC_FW_RESET_CONTROLLER
				     : 0;

	if (waits)
		status = 0;
	if (!status && waits == GMX_IOC_FW_RESET_CONTROLLER && io->flags & GMX_IOC_FW_RESET) {
		model_ioctl(NVME_IOCTL_RESET, NULL);
		waits = 0;
	}
	io->id = ++op.id;
	op.kind = GMX_IOC_OP_FW_COMMIT;
	op.state = status ? GMX_IOC_OP_FAILED : GMX_IOC_OP_DONE;
	op.stage = GMX_IOC_STAGE_COMMIT;
	op.percent = 100;
	op.error = status ? -EREMOTEIO : 0;
	op.nvme_status = (uint16_t)status;
	op.result = (uint64_t)waits << 8;
	return 0;
}

static int vendor_ioctl(unsigned long request, void *arg)
{
	int status = 0;

	switch (request) {
	case GMX_IOCTL_FW_INFO:
		((struct gmx_ioc_fw_info *)arg)->granularity = 4096;
		((struct gmx_ioc_fw_info *)arg)->max_part = 8192;
		return 0;
	case GMX_IOCTL_FW_DOWNLOAD: status = fw_download(arg); break;
	case GMX_IOCTL_FW_COMMIT: return fw_commit(arg);
	case GMX_IOCTL_OP: memcpy((uint8_t *)arg + 4, (uint8_t *)&op + 4, sizeof(op) - 4); return 0;
	default: errno = ENOTTY; return -1;
	}
	errno = status ? EREMOTEIO : 0;
	return status ? -1 : 0;
}

int model_ioctl(unsigned long request, void *arg)
{
	/* time passes between two calls */
	ops_run(100000);
	switch (request) {
	case NVME_IOCTL_ADMIN_CMD: return command(arg);
	case NVME_IOCTL_RESET:
		resets++;
		ops_reset(0);
		look();
		return 0;
	case NVME_IOCTL_SUBSYS_RESET:
		resets++;
		ops_subsystem_reset();
		look();
		return 0;
	case NVME_IOCTL_RESCAN: look(); return 0;
	default:
		if (vendor)
			return vendor_ioctl(request, arg);
		errno = ENOTTY;
		return -1;
	}
}

#ifndef RECORDER
int ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;

	(void)fd;
	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	return model_ioctl(request, arg);
}
#endif

/* Standard output and error of one run go to files */
static int run(int argc, char **argv)
{
	int saved[2] = { dup(1), dup(2) }, status;
	char path[512];

	for (int i = 0; i < 2; i++) {
		int fd;

		snprintf(path, sizeof(path), "%s/%s", folder, i ? "err" : "out");
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		if (fd < 0 || dup2(fd, i + 1) < 0)
			abort();
		close(fd);
	}
	optind = 0;
	status = gmxctl_main(argc, argv);
	fflush(stdout);
	for (int i = 0; i < 2; i++) {
		dup2(saved[i], i + 1);
		close(saved[i]);
	}
	return status;
}

int main(int argc, char **argv)
{
	char *line = NULL, *words[64], *save, *answer;
	size_t room = 0;
	ssize_t len;

	if (argc != 4)
		return 2;
	folder = argv[1];
	setenv("LIBGMX_ROOT", folder, 1);
	answers = fdopen(dup(1), "w");
	ops_begin(argv[2], argv[3]);
	put_file("/dev/gmx0", "%s", "");
	look();
	while ((len = getline(&line, &room, stdin)) > 0) {
		line[strcspn(line, "\n")] = 0;
		if (!strcmp(line, "driver")) {
			vendor = true;
			fputs("0\n", answers);
		} else if (!strncmp(line, "emu ", 4)) {
			answer = emu_subsys_control(vnd, line + 4);
			ops_run(200000);
			look();
			fprintf(answers, "%s\n", answer ? answer : "");
			free(answer);
		} else {
			int n = 0;

			for (char *w = strtok_r(line, " ", &save); w && n < 63; w = strtok_r(NULL, " ", &save))
				words[n++] = w;
			words[n] = NULL;
			words[0] = (char[]){ "gmxctl" };
			fprintf(answers, "%d\n", run(n, words));
		}
		fflush(answers);
	}
	free(line);
	fclose(answers);
	vnd_stop();
	return 0;
}
