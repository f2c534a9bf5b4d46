// SPDX-License-Identifier: GPL-2.0-or-later
// flags: -I/repo/include/uapi -pthread
/*
 * uabiop NODE TIMES: telemetry that is cancelled, each time a bit later in its life, while two wait for its end. Prints how
 * many were done and how many cancelled, after what is wrong.
 */
#include "uabi.h"

#include <pthread.h>
#include <time.h>

#define WAITERS 2

struct waiter {
	pthread_t thread;
	struct gmx_ioc_op op;
	int error;
};

static int fd;
static int wrong;

static void bad(const char *what, long got)
{
	printf("%s (%ld)\n", what, got);
	wrong = 1;
}

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000ull + t.tv_nsec / 1000;
}

static uint64_t begin(void)
{
	struct gmx_ioc_telemetry req = { .size = sizeof(req), .area = 3 };

	if (ioctl(fd, GMX_IOCTL_TELEMETRY, &req)) {
		printf("telemetry: %s\n", strerrorname_np(errno));
		exit(1);
	}
	return req.id;
}

static int ask(unsigned long number, struct gmx_ioc_op *op, uint64_t id, unsigned int timeout_ms)
{
	*op = (struct gmx_ioc_op){ .size = sizeof(*op), .id = id, .timeout_ms = timeout_ms };
	return ioctl(fd, number, op) ? errno : 0;
}

static void *waits(void *arg)
{
	struct waiter *w = arg;

	w->error = ask(GMX_IOCTL_OP, &w->op, w->op.id, 600000);
	return NULL;
}

static int read_error(uint64_t id)
{
	static unsigned char data[512];
	struct gmx_ioc_telemetry_read req = { .size = sizeof(req), .id = id, .data = (uintptr_t)data, .bytes = sizeof(data) };

	return ioctl(fd, GMX_IOCTL_TELEMETRY_READ, &req) ? errno : 0;
}

/* What ended stays as it is, whoever asks, and whoever cancels it then. */
static void look(const struct gmx_ioc_op *op)
{
	struct gmx_ioc_op again;
	int done = op->state == GMX_IOC_OP_DONE, error;

	if (!done && op->state != GMX_IOC_OP_CANCELLED)
		bad("its state", op->state);
	if (op->error != (done ? 0 : -ECANCELED))
		bad("its error", op->error);
	if (!!op->result != done)
		bad("its result", op->result);
	if (!op->ended_ns || op->ended_ns < op->started_ns)
		bad("ended before it began", op->ended_ns - op->started_ns);
	if (done && op->percent != 100)
		bad("percent of one that is done", op->percent);
	error = read_error(op->id);
	if (error != (done ? 0 : ENOENT))
		bad("reading it", error);
	error = ask(GMX_IOCTL_OP_CANCEL, &again, op->id, 600000);
	if (error || memcmp(&again, op, sizeof(again)))
		bad("cancelled at its end", error);
}

/* The state that it ended with */
static unsigned int once(uint64_t after_us)
{
	struct waiter w[WAITERS];
	struct gmx_ioc_op op;
	uint64_t id = begin();
	int error, i;

	for (i = 0; i < WAITERS; i++) {
		w[i].op.id = id;
		if (pthread_create(&w[i].thread, NULL, waits, &w[i]))
			exit(2);
	}
	usleep(after_us);
	error = ask(GMX_IOCTL_OP_CANCEL, &op, id, 0);
	if (error || op.id != id)
		bad("cancelling it", error);
	for (i = 0; i < WAITERS; i++) {
		pthread_join(w[i].thread, NULL);
		if (w[i].error)
			bad("waiting for it", w[i].error);
		else if (memcmp(&w[i].op, &w[0].op, sizeof(op)))
			bad("two see something else", i);
	}
	look(&w[0].op);
	return w[0].op.state;
}

int main(int argc, char **argv)
{
	unsigned int times = argc > 2 ? atoi(argv[2]) : 0, done = 0, cancelled = 0, i;
	struct gmx_ioc_op op;
	uint64_t from, took;

	fd = times ? open(argv[1], O_RDONLY) : -1;
	if (fd < 0)
		return 2;
	from = now_us();
	if (ask(GMX_IOCTL_OP, &op, begin(), 600000) || op.state != GMX_IOC_OP_DONE)
		bad("one that nobody cancels", op.state);
	took = now_us() - from;
	for (i = 0; i < times; i++) {
		unsigned int state = once(2 * took * i / times);

		done += state == GMX_IOC_OP_DONE;
		cancelled += state == GMX_IOC_OP_CANCELLED;
	}
	printf("done %u\ncancelled %u\n", done, cancelled);
	return wrong;
}
