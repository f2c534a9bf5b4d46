// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * gmxctl and an emulated controller in one process, with as much of a driver between them as gmxctl sees: ioctl() hands
 * admin commands to the model, and files stand for sysfs. Reads lines:
 *
 *	ctl WORD...	runs gmxctl; its output goes to out and err of the folder, the answer is its exit status
 *	driver		from now on there are the vendor ioctls, and the driver has fetched what the controller had captured
 *	user		from now on the caller has no CAP_SYS_ADMIN
 *	hold		the next long operation does not end until: release
 *	slow		the next Format comes to 40 percent, and stays there until: release
 *	interrupt	the next wait for a long operation, or look at a Format, is interrupted, as by the keyboard
 *	terminal WORD	the next run has a terminal for its input and errors, where WORD is typed; without a WORD: end of file
 *	emu JSON	a command for the model's control socket; the answer is the model's
 *
 * usage: model FOLDER FAMILY CONFIG
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/gmx.h>
#include <linux/nvme_ioctl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
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
	put_padded("/sys/class/gmx/gmx0/subsysnqn", id->subnqn, (int)strnlen(id->subnqn, sizeof(id->subnqn)));
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

#include "passed.h"

static bool vendor;

/* Long operations: the last few; one may be held in the middle */
#define OPS 16
static struct gmx_ioc_op ops[OPS];
static uint64_t last_op, held_op;
static bool hold;

static uint64_t op_add(unsigned int kind, unsigned int stage, int status, uint64_t result)
{
	struct gmx_ioc_op *op = &ops[last_op % OPS];

	*op = (struct gmx_ioc_op){
		.id = ++last_op,
		.kind = kind,
		.state = status ? GMX_IOC_OP_FAILED : GMX_IOC_OP_DONE,
		.stage = stage,
		.percent = status ? 50 : 100,
		.error = status < 0 ? status
			 : status   ? -EREMOTEIO
				    : 0,
		.nvme_status = (uint16_t)(status > 0 ? status : 0),
		.started_ns = 1700000000000000000ull,
		.ended_ns = 1700000001000000000ull,
		.result = status ? 0 : result,
	};
	if (hold)
		held_op = last_op;
	hold = false;
	return last_op;
}

static struct gmx_ioc_op *op_find(uint64_t id)
{
	id = id ? id : last_op;
	return id && ops[(id - 1) % OPS].id == id ? &ops[(id - 1) % OPS] : NULL;
}

static int op_call(struct gmx_ioc_op *io)
{
	struct gmx_ioc_op *op = op_find(io->id);
	uint32_t size = io->size, ms = io->timeout_ms;

	if (!op) {
		errno = ENOENT;
		return -1;
	}
	if (interrupt && ms) {
		interrupt = false;
		raise(SIGINT);
		errno = EINTR;
		return -1;
	}
	*io = *op;
	io->size = size;
	if (op->id != held_op)
		return 0;
	usleep(ms * 1000);
	io->state = GMX_IOC_OP_RUNNING;
	io->percent = 50;
	io->error = io->nvme_status = 0;
	io->ended_ns = io->result = 0;
	return 0;
}

static int op_cancel(struct gmx_ioc_op *io)
{
	struct gmx_ioc_op *op = op_find(io->id);

	if (op && op->id == held_op && op->kind != GMX_IOC_OP_TELEMETRY) {
		errno = EBUSY;
		return -1;
	}
	if (op && op->id == held_op) {
		held_op = 0;
		op->state = GMX_IOC_OP_CANCELLED;
		op->error = -ECANCELED;
	}
	return op_call(io);
}

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

/* As gmx_fwact_reset() does it */
static void fw_reset(unsigned int kind)
{
	resets++;
	if (kind == GMX_IOC_FW_RESET_CONVENTIONAL) {
		ops_hot_reset(0);
	} else if (kind == GMX_IOC_FW_RESET_SUBSYSTEM) {
		ops_subsystem_reset();
	} else {
		ops_reset(0);
	}
	look();
}

static int fw_commit(struct gmx_ioc_fw_commit *io)
{
	struct nvme_passthru_cmd c = { .opcode = GMX_ADM_FW_COMMIT, .cdw10 = io->slot | (uint32_t)io->action << 3 };
	int status = command(&c) & 0x7ff;
	unsigned int waits = status == GMX_SC_FW_NEEDS_CONV_RESET     ? GMX_IOC_FW_RESET_CONVENTIONAL
			     : status == GMX_SC_FW_NEEDS_SUBSYS_RESET ? GMX_IOC_FW_RESET_SUBSYSTEM
			     : status == GMX_SC_FW_NEEDS_RESET || (!status && io->action && io->action < 3)
				     ? GMX_IOC_FW_RESET_CONTROLLER
				     : 0;

	if (waits)
		status = 0;
	if (!status && waits && io->flags & GMX_IOC_FW_RESET) {
		fw_reset(waits);
		waits = 0;
	}
	io->id = op_add(GMX_IOC_OP_FW_COMMIT, GMX_IOC_STAGE_COMMIT, status, (uint64_t)waits << 8);
	return 0;
}

static int log_page(unsigned int page, void *buf, size_t len)
{
	return ops_log(page, 1u << 15, 0, buf, len);
}

static int fw_info(struct gmx_ioc_fw_info *io)
{
	static uint8_t data[4096], state[64];
	const struct gmx_id_ctrl *id = (const void *)data;
	struct gmx_log_fw_slot log;

	if (vnd_identify(GMX_CNS_CTRL, 0, data) || log_page(GMX_LOG_FW_SLOT, &log, sizeof(log)) ||
	    log_page(GMX_VND_LOG_FW, state, sizeof(state)))
		return -1;
	io->granularity = 4096;
	io->max_part = 8192;
	io->nr_slots = id->frmw >> 1 & 7;
	io->slot1_read_only = id->frmw & 1;
	io->no_reset = id->frmw >> 4 & 1;
	io->running_slot = log.afi & 7;
	io->next_slot = log.afi >> 4 & 7;
	io->next_reset = state[18];
	io->previous_slot = state[19];
	for (unsigned int i = 0; i < 7; i++) {
		memcpy(io->revision[i + 1], log.frs[i], 8);
		for (unsigned int k = 8; k && io->revision[i + 1][k - 1] == ' '; k--)
			io->revision[i + 1][k - 1] = 0;
	}
	return 0;
}

static int power(struct gmx_ioc_power *io)
{
	static struct gmx_vnd_log_power log;
	struct nvme_passthru_cmd c = { .opcode = io->set ? GMX_ADM_SET_FEATURES : GMX_ADM_GET_FEATURES,
				       .cdw10 = GMX_FEAT_POWER,
				       .cdw11 = io->set ? io->power_state : 0 };

	io->nvme_status = (uint16_t)command(&c);
	if (io->nvme_status || log_page(GMX_VND_LOG_POWER, &log, sizeof(log)))
		return io->nvme_status ? io->nvme_status : -1;
	if (!io->set)
		io->power_state = c.result & 31;
	io->power_mw = le32toh(log.power_mw);
	io->limit_mw = le32toh(log.limit_mw);
	io->energy_mj = le64toh(log.energy_mj);
	io->nr_rails = log.nr_rails;
	for (unsigned int i = 0; i < log.nr_rails; i++) {
		memcpy(io->rail[i].name, log.rail[i].name, sizeof(log.rail[i].name));
		io->rail[i].name[sizeof(io->rail[i].name) - 1] = 0;
		io->rail[i].pin_mw = le32toh(log.rail[i].pin_mw);
	}
	return 0;
}

/* What the driver has fetched when the controller had captured, and released there */
static uint8_t *kept;
static size_t kept_bytes;
static uint64_t kept_id;

static void keep(unsigned int page, const uint8_t *head)
{
	free(kept);
	kept_bytes = (1 + (size_t)(head[12] | head[13] << 8)) * 512;
	kept = calloc(1, kept_bytes);
	for (size_t at = 0; kept && at < kept_bytes; at += 512)
		ops_log(page, 1u << 15, (uint32_t)at, kept + at, 512);
}

static void keep_telemetry(void)
{
	uint8_t head[512];

	if (log_page(GMX_LOG_TELEMETRY_CTRL, head, sizeof(head)) || !head[382])
		return;
	keep(GMX_LOG_TELEMETRY_CTRL, head);
	ops_log(GMX_LOG_TELEMETRY_CTRL, 0, 0, head, sizeof(head));
}

static int telemetry(struct gmx_ioc_telemetry *io)
{
	uint8_t head[512];

	if (held_op) {
		errno = EBUSY;
		return -1;
	}
	if (io->source == GMX_IOC_TELEMETRY_HOST && !ops_log(GMX_LOG_TELEMETRY_HOST, 1u << 15 | 1u << 8, 0, head, sizeof(head)))
		keep(GMX_LOG_TELEMETRY_HOST, head);
	io->id = kept_id = op_add(GMX_IOC_OP_TELEMETRY, GMX_IOC_STAGE_READ, kept ? 0 : -ENODATA, kept_bytes);
	return 0;
}

static int telemetry_read(struct gmx_ioc_telemetry_read *io)
{
	if (io->id != kept_id) {
		errno = ENOENT;
		return -1;
	}
	io->total = kept_bytes;
	io->bytes = io->offset >= kept_bytes		  ? 0
		    : kept_bytes - io->offset < io->bytes ? (uint32_t)(kept_bytes - io->offset)
							  : io->bytes;
	memcpy((void *)(uintptr_t)io->data, kept + io->offset, io->bytes);
	return 0;
}

/* A ring of two: a reset, and what came of it */
static int events(struct gmx_ioc_events *io)
{
	static const struct gmx_ioc_event ring[] = {
		{ .sequence = 1,
		  .time_ns = 1700000000000000000ull,
		  .kind = GMX_IOC_EVENT_RESET,
		  .code = GMX_IOC_RESET_IO_TIMEOUT,
		  .severity = GMX_IOC_SEV_WARNING,
		  .text = "I/O timeout" },
		{ .sequence = 2, .time_ns = 1700000001000000000ull, .kind = GMX_IOC_EVENT_STATE, .code = GMX_IOC_STATE_LIVE },
	};

	io->count = 0;
	io->newest = io->next = 2;
	for (unsigned int i = 0; i < 2 && io->data_bytes >= (io->count + 1) * io->entry_bytes; i++) {
		uint32_t n = io->entry_bytes < sizeof(ring[i]) ? io->entry_bytes : sizeof(ring[i]);

		if (ring[i].sequence >= io->from)
			memcpy((uint8_t *)(uintptr_t)io->data + io->entry_bytes * io->count++, &ring[i], n);
	}
	io->next = 3;
	return 0;
}

static int event_mask(struct gmx_ioc_event_mask *io)
{
	struct nvme_passthru_cmd c = { .opcode = io->set ? GMX_ADM_SET_FEATURES : GMX_ADM_GET_FEATURES,
				       .cdw10 = 0xc0,
				       .cdw11 = io->classes };

	io->nvme_status = (uint16_t)command(&c);
	if (!io->set)
		io->classes = c.result;
	return io->nvme_status;
}

static int health(struct gmx_ioc_health *io)
{
	struct gmx_log_smart log;

	if (log_page(GMX_LOG_SMART, &log, sizeof(log)))
		return -1;
	io->critical_warning = log.critical_warning;
	io->temperature = (int16_t)((log.temperature[0] | log.temperature[1] << 8) - 273);
	io->spare_percent = log.avail_spare;
	io->used_percent = log.percent_used;
	return 0;
}

static int info(struct gmx_ioc_info *io)
{
	static uint8_t list[4096];

	if (vnd_identify(GMX_CNS_NS_ACTIVE_LIST, 0, list))
		return -1;
	io->abi_version = GMX_IOC_VERSION;
	for (io->nr_namespaces = 0; ((const __le32 *)list)[io->nr_namespaces];)
		io->nr_namespaces++;
	return 0;
}

static int irq(struct gmx_ioc_irq *io)
{
	static uint32_t profile, threshold = 1;

	if (io->set) {
		profile = io->set == GMX_IOC_IRQ_PROFILE ? io->profile : GMX_IOC_IRQ_CUSTOM;
		threshold = io->set == GMX_IOC_IRQ_VALUES ? io->threshold : 1;
	}
	io->profile = profile;
	io->threshold = threshold;
	return 0;
}

/* Somebody without CAP_SYS_ADMIN: what docs/abi/ioctl-nvme.md and <linux/gmx.h> leave of the calls */
static bool user;

uid_t geteuid(void)
{
	return user ? 1000 : 0;
}

static bool may_send(const struct nvme_passthru_cmd *c)
{
	unsigned int cns = c->cdw10 & 0xff;

	return !user || (c->opcode == GMX_ADM_IDENTIFY && (cns < 2 || cns == 5 || cns == 6 || cns == 8));
}

static bool may_call(unsigned long request, const void *arg)
{
	uint32_t set;

	memcpy(&set, (const uint8_t *)arg + 8, sizeof(set));
	switch (request) {
	case GMX_IOCTL_EVENT_MASK:
	case GMX_IOCTL_POWER:
	case GMX_IOCTL_IRQ: return !user || !set;
	case GMX_IOCTL_OP_CANCEL:
	case GMX_IOCTL_FW_DOWNLOAD:
	case GMX_IOCTL_FW_COMMIT:
	case GMX_IOCTL_TELEMETRY:
	case GMX_IOCTL_TELEMETRY_READ: return !user;
	default: return true;
	}
}

static int vendor_ioctl(unsigned long request, void *arg)
{
	int status = 0;

	if (!may_call(request, arg)) {
		errno = EPERM;
		return -1;
	}
	switch (request) {
	case GMX_IOCTL_HEALTH: return health(arg);
	case GMX_IOCTL_IRQ: return irq(arg);
	case GMX_IOCTL_FW_INFO: return fw_info(arg);
	case GMX_IOCTL_FW_DOWNLOAD: status = fw_download(arg); break;
	case GMX_IOCTL_FW_COMMIT: return fw_commit(arg);
	case GMX_IOCTL_INFO: return info(arg);
	case GMX_IOCTL_OP: return op_call(arg);
	case GMX_IOCTL_OP_CANCEL: return op_cancel(arg);
	case GMX_IOCTL_POWER: status = power(arg); break;
	case GMX_IOCTL_EVENT_MASK: status = event_mask(arg); break;
	case GMX_IOCTL_EVENTS: return events(arg);
	case GMX_IOCTL_TELEMETRY: return telemetry(arg);
	case GMX_IOCTL_TELEMETRY_READ: return telemetry_read(arg);
	default: errno = ENOTTY; return -1;
	}
	errno = status ? EREMOTEIO : 0;
	return status ? -1 : 0;
}

int model_ioctl(unsigned long request, void *arg)
{
	if (getpid() != owner)
		return request == NVME_IOCTL_ADMIN_CMD ? pass(arg) : -1;
	serve();
	switch (request) {
	case NVME_IOCTL_ADMIN_CMD:
		if (may_send(arg))
			return command(arg);
		errno = EACCES;
		return -1;
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

/* A node beside which NAME.busy lies is one that somebody has alone; NAME.denied: one that the caller may not open */
int open(const char *path, int flags, ...)
{
	static int (*real)(const char *, int, ...);
	char busy[512];
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = flags & O_CREAT ? va_arg(args, mode_t) : 0;
	va_end(args);
	if (!real)
		real = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
	snprintf(busy, sizeof(busy), "%.500s.busy", path);
	if (flags & O_EXCL && !(flags & O_CREAT) && !access(busy, F_OK)) {
		errno = EBUSY;
		return -1;
	}
	snprintf(busy, sizeof(busy), "%.500s.denied", path);
	if (!(flags & O_CREAT) && !access(busy, F_OK)) {
		errno = EACCES;
		return -1;
	}
	return real(path, flags, mode);
}

#include "run.h"

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
	owner = getpid();
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, passed))
		abort();
	ops_begin(argv[2], argv[3]);
	put_file("/dev/gmx0", "%s", "");
	look();
	while ((len = getline(&line, &room, stdin)) > 0) {
		line[strcspn(line, "\n")] = 0;
		if (!strcmp(line, "driver")) {
			vendor = true;
			keep_telemetry();
			fputs("0\n", answers);
		} else if (!strcmp(line, "user")) {
			user = true;
			fputs("0\n", answers);
		} else if (!strcmp(line, "hold") || !strcmp(line, "interrupt")) {
			*(line[0] == 'h' ? &hold : &interrupt) = true;
			fputs("0\n", answers);
		} else if (!strcmp(line, "slow")) {
			slow = true;
			fputs("0\n", answers);
		} else if (!strncmp(line, "terminal", 8)) {
			on_terminal = true;
			/* the second end of file is for who reads again */
			snprintf(typed, sizeof(typed), line[8] ? "%s\n" : "\004\004", line + 8 + (line[8] == ' '));
			fputs("0\n", answers);
		} else if (!strcmp(line, "release")) {
			held_op = 0;
			still = false;
			serve();
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
			begun(n, words);
			words[0] = (char[]){ "gmxctl" };
			fprintf(answers, "%d\n", run(n, words));
		}
		fflush(answers);
	}
	free(line);
	free(kept);
	fclose(answers);
	vnd_stop();
	return 0;
}
