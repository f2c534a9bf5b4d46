// SPDX-License-Identifier: GPL-2.0-or-later
// flags: -I/repo/include/uapi -pthread
/*
 * uabistorm NODE: a thread a vendor ioctl, each with what makes it do something, over and over through one open file. Says
 * "running" when each has done what it is for; ends when the driver has let the controller go, after a line for each answer that
 * the manual does not have.
 */
#include "uabi.h"

#include <pthread.h>
#include <stdatomic.h>

#define FROM_NOW_ON 10 /* ENODEV in a row */

union args {
	unsigned int size;
	unsigned char bytes[4096];
	struct gmx_ioc_recovery recovery;
	struct gmx_ioc_events events;
	struct gmx_ioc_event_mask event_mask;
	struct gmx_ioc_op op;
	struct gmx_ioc_fw_download fw_download;
	struct gmx_ioc_fw_commit fw_commit;
	struct gmx_ioc_telemetry telemetry;
	struct gmx_ioc_telemetry_read telemetry_read;
	struct gmx_ioc_power power;
	struct gmx_ioc_irq irq;
	struct gmx_ioc_mi mi;
	struct gmx_ioc_ns_create ns_create;
	struct gmx_ioc_ns ns;
};

static int fd;
static atomic_uint working, ended, wrong;
static _Atomic uint64_t newest;

static void fill_ns(union args *a, unsigned long number, unsigned int turn)
{
	if (number == GMX_IOCTL_NS_CREATE) {
		a->ns_create.blocks = 2048;
		return;
	}
	/* not the first, which is the disk of others */
	a->ns.nsid = 2 + turn % 3;
	a->ns.cntlid = 0xffff;
}

static void fill_settings(union args *a, unsigned long number, unsigned int turn)
{
	switch (number) {
	case GMX_IOCTL_RECOVERY:
		a->recovery.set = GMX_IOC_RECOVERY_BUDGET;
		a->recovery.budget_ms = 20000 + turn % 2;
		break;
	case GMX_IOCTL_EVENT_MASK:
		a->event_mask.set = GMX_IOC_MASK_CLASSES;
		a->event_mask.classes = turn % 2;
		break;
	case GMX_IOCTL_POWER:
		a->power.set = GMX_IOC_POWER_STATE;
		a->power.power_state = turn % 2;
		break;
	case GMX_IOCTL_IRQ:
		a->irq.set = GMX_IOC_IRQ_PROFILE;
		a->irq.profile = turn % 4;
		break;
	}
}

static void fill_data(union args *a, unsigned long number, unsigned int turn, unsigned char *data)
{
	switch (number) {
	case GMX_IOCTL_EVENTS:
		a->events.data = (uintptr_t)data;
		a->events.data_bytes = 4096;
		a->events.entry_bytes = sizeof(struct gmx_ioc_event);
		break;
	case GMX_IOCTL_FW_DOWNLOAD:
		a->fw_download.data = (uintptr_t)data;
		/* one after another that was given up costs a reset */
		a->fw_download.bytes = turn % 16 ? 0 : 4096;
		break;
	case GMX_IOCTL_TELEMETRY_READ:
		a->telemetry_read.id = newest;
		a->telemetry_read.data = (uintptr_t)data;
		a->telemetry_read.bytes = 4096;
		break;
	case GMX_IOCTL_MI:
		/* vital product data, its last bytes */
		a->mi.flags = turn % 2 ? GMX_IOC_MI_SEND : 0;
		a->mi.opcode = 5 + turn % 2;
		a->mi.dword0 = 252;
		a->mi.dword1 = 4;
		a->mi.data = (uintptr_t)data;
		a->mi.data_bytes = 4;
		break;
	}
}

static void fill(union args *a, unsigned long number, unsigned int turn, unsigned char *data)
{
	memset(a, 0, sizeof(*a));
	fill_settings(a, number, turn);
	fill_data(a, number, turn, data);
	if (number >= GMX_IOCTL_NS_CREATE)
		fill_ns(a, number, turn);
	if (number == GMX_IOCTL_OP)
		a->op.timeout_ms = 50;
	/* most operations may end by themselves */
	if (number == GMX_IOCTL_OP_CANCEL && turn % 64)
		a->op.id = UINT64_MAX;
	if (number == GMX_IOCTL_TELEMETRY)
		a->telemetry.area = 3;
}

/* As the manual has it, but EINVAL, for which there is no reason, and ENODEV. */
static int has_error(unsigned long number, int error)
{
	switch (number) {
	case GMX_IOCTL_INFO:
	case GMX_IOCTL_STATS:
	case GMX_IOCTL_HEALTH:
	case GMX_IOCTL_RECOVERY:
	case GMX_IOCTL_EVENTS: return 0;
	case GMX_IOCTL_OP:
	case GMX_IOCTL_TELEMETRY_READ: return error == ENOENT;
	case GMX_IOCTL_OP_CANCEL: return error == ENOENT || error == EBUSY;
	case GMX_IOCTL_FW_DOWNLOAD:
	case GMX_IOCTL_TELEMETRY: return error == EBUSY || error == EAGAIN || error == EINTR || error == EREMOTEIO;
	case GMX_IOCTL_FW_COMMIT: return error == EBUSY || error == ENODATA || error == EAGAIN;
	default: return error == EAGAIN || error == EINTR || error == EREMOTEIO;
	}
}

static void *storm(void *arg)
{
	const struct call *c = arg;
	unsigned int turn, gone = 0;
	unsigned char data[4096] = { 0 };
	union args a;
	int error, done = 0;

	for (turn = 0; gone < FROM_NOW_ON; turn++) {
		fill(&a, c->number, turn, data);
		a.size = c->bytes;
		error = ioctl(fd, c->number, &a) ? errno : 0;
		if (c->number == GMX_IOCTL_TELEMETRY && !error)
			newest = a.telemetry.id;
		if (!done && (!error || error == EREMOTEIO)) {
			done = 1;
			working++;
		}
		if (error ? error != ENODEV && !has_error(c->number, error) : gone)
			printf("%s: %s%s\n", c->name, error ? strerrorname_np(error) : "works", gone ? " after ENODEV" : ""),
				wrong++;
		gone = error == ENODEV ? gone + 1 : 0;
		/* a processor alone has to serve what is asked for, too */
		usleep(1000);
		/* events outlive the device */
		if (c->number == GMX_IOCTL_EVENTS && ended == NR_CALLS - 1)
			break;
	}
	ended++;
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread[NR_CALLS];
	unsigned int i;

	fd = argc == 2 ? open(argv[1], O_RDONLY) : -1;
	if (fd < 0)
		return 2;
	for (i = 0; i < NR_CALLS; i++)
		if (pthread_create(&thread[i], NULL, storm, (void *)&calls[i]))
			return 2;
	while (working < NR_CALLS)
		usleep(10000);
	puts("running");
	fflush(stdout);
	for (i = 0; i < NR_CALLS; i++)
		pthread_join(thread[i], NULL);
	return !!wrong;
}
