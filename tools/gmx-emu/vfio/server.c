// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#include "control.h"
#include "log.h"
#include "port.h"
#include "server.h"

struct server {
	struct emu_subsys *s;
	struct port *ports[EMU_MAX_FUNCTIONS];
	unsigned int nr_ports;
	struct control *control;
};

static volatile sig_atomic_t server_signal;

static void server_on_signal(int number)
{
	if (number != SIGALRM)
		server_signal = number;
}

/* Signals only come in while the loop waits, but for the alarm that ends the library's waiting. */
static void server_signals(sigset_t *waiting)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGALRM };
	struct sigaction action = { .sa_handler = server_on_signal };
	sigset_t blocked;

	sigemptyset(&blocked);
	for (unsigned int i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		sigaction(numbers[i], &action, NULL);
		if (numbers[i] != SIGALRM)
			sigaddset(&blocked, numbers[i]);
	}
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &blocked, waiting);
	for (unsigned int i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		sigdelset(waiting, numbers[i]);
}

static uint64_t server_now(void *host)
{
	(void)host;
	return log_now();
}

static uint64_t server_wall(void *host)
{
	struct timespec t;

	(void)host;
	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void server_log(void *host, enum emu_log_level level, const char *text)
{
	(void)host;
	log_at(level, "%s", text);
}

static const struct emu_subsys_ops server_ops = { .now = server_now, .wall = server_wall, .log = server_log };

static bool server_open(struct server *v, const struct server_options *o)
{
	char error[EMU_ERROR_SIZE] = "", *path = NULL;

	v->s = emu_subsys_open(o->family, o->state, o->config, &server_ops, v, error);
	if (!v->s) {
		log_at(EMU_LOG_ERROR, "%s", error);
		return false;
	}
	if (o->nr_sockets > emu_subsys_nr_ctrls(v->s)) {
		log_at(EMU_LOG_ERROR, "%u sockets, but the subsystem has %u functions: see \"functions\" in the configuration",
		       o->nr_sockets, emu_subsys_nr_ctrls(v->s));
		return false;
	}
	for (; v->nr_ports < o->nr_sockets; v->nr_ports++) {
		v->ports[v->nr_ports] = port_open(v->s, v->nr_ports, o->sockets[v->nr_ports]);
		if (!v->ports[v->nr_ports])
			return false;
	}
	if (!o->control && asprintf(&path, "%s/control", o->state) < 0)
		return false;
	v->control = control_open(v->s, path ? path : o->control);
	free(path);
	return v->control;
}

/* Functions leave before the medium does. After a power cut the model hears of nothing any more. */
static void server_close(struct server *v, bool cut)
{
	if (v->control)
		control_close(v->control);
	for (unsigned int i = 0; i < v->nr_ports; i++) {
		v->ports[i]->cut = cut;
		port_drain(v->ports[i]);
		port_close(v->ports[i]);
	}
	if (cut)
		emu_subsys_power_cut(v->s);
	else if (v->s)
		emu_subsys_close(v->s);
}

/* Waits for news or until the model wants to run; returns with what ppoll() says. */
static int server_wait(struct server *v, struct pollfd *polls, uint64_t due, const sigset_t *waiting)
{
	struct timespec timeout = { 0 };

	for (unsigned int i = 0; i < v->nr_ports; i++)
		polls[i] = (struct pollfd){ port_fd(v->ports[i]), (short)(POLLIN | (v->ports[i]->full ? POLLOUT : 0)), 0 };
	control_poll(v->control, polls + v->nr_ports);
	if (due != EMU_NEVER) {
		uint64_t now = log_now(), left = due > now ? due - now : 0;

		timeout.tv_sec = (time_t)(left / 1000000000u);
		timeout.tv_nsec = (long)(left % 1000000000u);
	}
	return ppoll(polls, v->nr_ports + CONTROL_POLLS, due == EMU_NEVER ? NULL : &timeout, waiting);
}

static void server_loop(struct server *v, const sigset_t *waiting)
{
	struct pollfd polls[EMU_MAX_FUNCTIONS + CONTROL_POLLS];

	while (!server_signal) {
		uint64_t due = emu_subsys_run(v->s);
		int ready;

		for (unsigned int i = 0; i < v->nr_ports; i++)
			port_flush(v->ports[i]);
		ready = server_wait(v, polls, due, waiting);
		if (ready <= 0)
			continue;
		for (unsigned int i = 0; i < v->nr_ports; i++)
			if (polls[i].revents & ~POLLOUT)
				port_receive(v->ports[i]);
		control_handle(v->control, polls + v->nr_ports);
	}
}

static double server_seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int server_run(const struct server_options *o)
{
	struct server v = { 0 };
	struct rlimit files;
	struct rusage used;
	sigset_t waiting;
	bool cut;

	/* each region that a client maps holds a descriptor */
	if (!getrlimit(RLIMIT_NOFILE, &files)) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	/* latencies of microseconds are timed */
	prctl(PR_SET_TIMERSLACK, 1000ul);
	server_signals(&waiting);
	if (!server_open(&v, o)) {
		server_close(&v, false);
		return 1;
	}
	log_at(EMU_LOG_INFO, "%s: %u of %u functions wait for a client", o->state, v.nr_ports, emu_subsys_nr_ctrls(v.s));
	server_loop(&v, &waiting);
	cut = server_signal == SIGQUIT;
	getrusage(RUSAGE_SELF, &used);
	log_at(EMU_LOG_INFO, "%s after %.2f s of CPU (%.2f in the kernel), %ld MiB", cut ? "power cut" : "power down",
	       server_seconds(used.ru_utime) + server_seconds(used.ru_stime), server_seconds(used.ru_stime),
	       used.ru_maxrss >> 10);
	server_close(&v, cut);
	return 0;
}
