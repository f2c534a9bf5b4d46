// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Process 1 of a guest once its root is there: takes a command from the host, runs it, sends back what it writes and its
 * status, and the kernel's log all along.
 *
 * Channel: virtio-serial port "result". Host to guest: 4 bytes of length (little endian), then strings, each ended by a
 * NUL: "i" (interactive, on /dev/hvc0) or "b"; number of VAR=VALUE strings; those; the arguments.
 * Guest to host: frames of type (1 byte), length (4 bytes), data. Types: R ready, o stdout, e stderr, k kernel log,
 * s exit status, x trouble of the agent's own.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int channel = -1;
static int kmsg = -1;
static int result = -1;

/* Ports have no fixed device names: the name that the host gave stands in sysfs. */
static int port_open(const char *name)
{
	const char *dir = "/sys/class/virtio-ports";
	struct dirent *e;
	char path[600], text[64] = "";
	int fd, n, found = -1;
	DIR *d = opendir(dir);

	while (d && found < 0 && (e = readdir(d))) {
		snprintf(path, sizeof(path), "%s/%s/name", dir, e->d_name);
		fd = open(path, O_RDONLY);
		if (fd < 0)
			continue;
		n = read(fd, text, sizeof(text) - 1);
		close(fd);
		text[n > 0 ? n : 0] = 0;
		text[strcspn(text, "\n")] = 0;
		if (!strcmp(text, name)) {
			snprintf(path, sizeof(path), "/dev/%s", e->d_name);
			found = open(path, O_RDWR | O_CLOEXEC);
		}
	}
	if (d)
		closedir(d);
	return found;
}

/* A port whose driver was unbound is another port when it is bound again. */
static int port_reopen(void)
{
	close(channel);
	channel = -1;
	for (int i = 0; i < 100 && channel < 0; i++) {
		channel = port_open("result");
		if (channel < 0)
			usleep(100000);
	}
	return channel;
}

static void write_all(const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(channel, p, len);

		if (n > 0) {
			p += n;
			len -= n;
		} else if (n < 0 && errno == ENODEV) {
			if (port_reopen() < 0)
				return;
		} else if (n < 0 && errno != EINTR && errno != EAGAIN) {
			return;
		}
	}
}

static void send_frame(char type, const void *data, uint32_t len)
{
	unsigned char head[5] = { type, len, len >> 8, len >> 16, len >> 24 };

	write_all(head, sizeof(head));
	write_all(data, len);
}

static void __attribute__((format(printf, 1, 2), noreturn)) trouble(const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (channel >= 0)
		send_frame('x', text, strlen(text));
	result = open("/dev/console", O_WRONLY);
	if (result >= 0)
		dprintf(result, "agent: %s\n", text);
	for (;;)
		pause();
}

static void read_all(int fd, void *data, size_t len)
{
	char *p = data;

	while (len) {
		ssize_t n = read(fd, p, len);

		if (n > 0) {
			p += n;
			len -= n;
		} else if (!n || errno == EAGAIN) {
			/* the host is not there yet, or a snapshot is being taken */
			usleep(20000);
		} else if (errno != EINTR) {
			trouble("the channel: %s", strerror(errno));
		}
	}
}

/* Sends what is there now; false when the descriptor is at its end. */
static int forward(int fd, char type)
{
	static char buf[65536];

	for (;;) {
		ssize_t n = read(fd, buf, sizeof(buf));

		if (n > 0) {
			send_frame(type, buf, n);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && type == 'k' && errno == EPIPE)
			continue; /* the log overtook us; go on at its oldest record */
		return n < 0 && errno == EAGAIN;
	}
}

static int run_wait(char *const argv[])
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		execv(argv[0], argv);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static void interactive_tty(void)
{
	int fd;

	setsid();
	fd = open("/dev/hvc0", O_RDWR);
	if (fd < 0)
		_exit(126);
	ioctl(fd, TIOCSCTTY, 1);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

static pid_t spawn(char **argv, int interactive, int out[2], int err[2])
{
	pid_t pid;

	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		trouble("pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		trouble("fork: %s", strerror(errno));
	if (!pid) {
		if (interactive) {
			interactive_tty();
		} else {
			setsid();
			dup2(open("/dev/null", O_RDONLY), 0);
			dup2(out[1], 1);
			dup2(err[1], 2);
		}
		signal(SIGPIPE, SIG_DFL);
		if (chdir("/"))
			_exit(126);
		execvp(argv[0], argv);
		dprintf(2, "%s: %s\n", argv[0], strerror(errno));
		_exit(errno == ENOENT ? 127 : 126);
	}
	close(out[1]);
	close(err[1]);
	fcntl(out[0], F_SETFL, O_NONBLOCK);
	fcntl(err[0], F_SETFL, O_NONBLOCK);
	return pid;
}

static int supervise(pid_t pid, int out, int err)
{
	struct pollfd p[3] = { { out, POLLIN, 0 }, { err, POLLIN, 0 }, { kmsg, POLLIN, 0 } };
	const char types[3] = { 'o', 'e', 'k' };
	int status = -1, w, done = 0;

	while (!done) {
		poll(p, 3, 100);
		for (pid_t gone; (gone = waitpid(-1, &w, WNOHANG)) > 0;)
			if (gone == pid) {
				status = w;
				done = 1;
			}
		/* after the wait, so that nothing written before the end is lost */
		for (int i = 0; i < 3; i++)
			if (p[i].fd >= 0 && !forward(p[i].fd, types[i]))
				p[i].fd = -1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* An object must be found twice, some seconds old, before kmemleak names it. */
static void kmemleak_scan(void)
{
	const char *path = "/sys/kernel/debug/kmemleak";
	char buf[8192];
	ssize_t n;
	int fd = open(path, O_RDWR);

	if (fd < 0)
		return;
	sleep(6);
	for (int i = 0; i < 2; i++)
		if (write(fd, "scan", 4) < 0)
			break;
	lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		send_frame('k', buf, n);
	close(fd);
}

static void kmsg_mark(const char *text)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		dprintf(fd, "<4>%s\n", text);
		close(fd);
	}
}

int main(void)
{
	char *late[] = { "/usr/local/bin/gmx-late", NULL };
	char *block, *s, *end, **argv;
	unsigned char head[4];
	int interactive, out[2], err[2], env, argc = 0, status, leaks = 0;
	uint32_t len;
	pid_t pid;

	signal(SIGPIPE, SIG_IGN);
	setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("HOME", "/root", 1);
	setenv("LANG", "C.UTF-8", 1);
	if (port_reopen() < 0)
		trouble("no channel to the host");
	kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg < 0)
		trouble("/dev/kmsg: %s", strerror(errno));
	send_frame('R', NULL, 0);

	read_all(channel, head, sizeof(head));
	len = head[0] | head[1] << 8 | head[2] << 16 | (uint32_t)head[3] << 24;
	block = calloc(1, len + 1);
	argv = calloc(len + 1, sizeof(*argv));
	if (!block || !argv)
		trouble("a command of %u bytes", len);
	read_all(channel, block, len);
	end = block + len;
	s = block;
	interactive = *s == 'i';
	s += strlen(s) + 1;
	env = atoi(s);
	s += strlen(s) + 1;
	for (; env > 0 && s < end; env--, s += strlen(s) + 1) {
		if (!strcmp(s, "GMX_KMEMLEAK=1"))
			leaks = 1;
		if (!strncmp(s, "GMX_EPOCH=", 10))
			clock_settime(CLOCK_REALTIME, &(struct timespec){ .tv_sec = atoll(s + 10) });
		putenv(s);
	}
	for (; s < end; s += strlen(s) + 1)
		argv[argc++] = s;
	if (!argc)
		trouble("an empty command");

	status = run_wait(late);
	if (status)
		trouble("the host's folders do not mount (status %#x)", status);
	kmsg_mark("gmx-vm: command starts");
	pid = spawn(argv, interactive, out, err);
	status = supervise(pid, out[0], err[0]);
	if (leaks)
		kmemleak_scan();
	kmsg_mark("gmx-vm: command ended");
	forward(kmsg, 'k');
	s = NULL;
	if (asprintf(&s, "%d", status) < 0)
		trouble("no memory");
	send_frame('s', s, strlen(s));
	for (;;)
		pause();
}
