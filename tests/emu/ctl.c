// SPDX-License-Identifier: GPL-2.0-or-later
/* The control socket as its clients meet it; the model is one that answers with what it was told. */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../tools/gmx-emu/vfio/control.h"
#include "../../tools/gmx-emu/vfio/log.h"
#include "../../tools/gmx-emu/vfio/unixsock.h"
#include "../unit/tap.h"

static char path[64];
static struct control *control;
static size_t answer_size;

char *emu_subsys_control(struct emu_subsys *s, const char *line)
{
	char *text = NULL;

	(void)s;
	if (strstr(line, "\"fail\""))
		return strdup("{\"ok\":false,\"error\":\"so you said\"}");
	if (strstr(line, "\"fine\""))
		return strdup("{\"ok\":true}");
	if (strstr(line, "\"big\"")) {
		text = malloc(answer_size + 1);
		memset(text, 'x', answer_size);
		text[answer_size] = 0;
		return text;
	}
	return asprintf(&text, "[%s]", line) < 0 ? NULL : text;
}

/* The server's loop, until it has nothing to do */
static void turn(void)
{
	struct pollfd polls[CONTROL_POLLS];

	for (;;) {
		control_poll(control, polls);
		if (poll(polls, CONTROL_POLLS, 1) <= 0)
			return;
		control_handle(control, polls);
	}
}

static int client(void)
{
	int fd = unixsock_connect(path);

	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static void say(int fd, const char *text)
{
	check(send(fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text), "send");
	turn();
}

static const char *hear(int fd)
{
	static char buf[4096];
	ssize_t n = recv(fd, buf, sizeof(buf) - 1, 0);

	buf[n > 0 ? n : 0] = 0;
	return n ? buf : "(end)";
}

static void expect(int fd, const char *want, const char *what)
{
	const char *text = hear(fd);

	check(!strcmp(text, want), "%s: %s", what, text);
}

static void test_lines(void)
{
	int a = client(), b = client();

	turn();
	say(a, "{\"command\":\"x\"}\n");
	expect(a, "[{\"command\":\"x\"}]\n", "one command");
	say(a, "1\n2\n\n  \n3\n");
	expect(a, "[1]\n[2]\n[3]\n", "three commands and empty lines");
	say(a, "par");
	say(b, "other\nhal");
	expect(b, "[other]\n", "two clients");
	check(!*hear(a), "half a line has an answer");
	say(a, "tial\n");
	expect(a, "[partial]\n", "the rest");
	send(a, "a\0b\nc\n", 6, 0);
	turn();
	expect(a, "{\"ok\":false,\"error\":\"a NUL byte in a line\"}\n[c]\n", "a NUL");
	say(b, "f\n");
	expect(b, "[half]\n", "the other's rest");
	close(b);
	turn();
	say(a, "last\n");
	expect(a, "[last]\n", "after the other has gone");
	say(a, "bye\n");
	shutdown(a, SHUT_WR);
	turn();
	expect(a, "[bye]\n", "the last answer");
	check(!strcmp(hear(a), "(end)"), "then the end");
	close(a);
	turn();
	tap_group("lines, whole and in parts, of several clients");
}

static void test_long(void)
{
	char *text = malloc(1 << 20);
	int fd = client();
	size_t sent = 0;

	memset(text, 'a', 1 << 20);
	text[(1 << 20) - 1] = '\n';
	while (sent < 1 << 20) {
		ssize_t n = send(fd, text + sent, (1 << 20) - sent, MSG_NOSIGNAL);

		if (n > 0)
			sent += (size_t)n;
		turn();
	}
	expect(fd, "{\"ok\":false,\"error\":\"a line of more than 256 KiB\"}\n", "answer");
	say(fd, "short\n");
	expect(fd, "[short]\n", "answer");
	close(fd);
	turn();
	free(text);
	tap_group("a line that is too long has an error, the next is a line again");
}

/* A client that never reads must neither stop the loop nor make it grow without end. */
static void test_deaf(void)
{
	int deaf = client(), other = client();
	size_t got = 0;
	char buf[65536];
	ssize_t n;

	answer_size = 1 << 20;
	for (int i = 0; i < 100; i++)
		if (send(deaf, "\"big\"\n", 6, MSG_NOSIGNAL | MSG_DONTWAIT) != 6)
			break;
	turn();
	say(other, "hello\n");
	expect(other, "[hello]\n", "beside a deaf client");
	while (got < 100u * ((1 << 20) + 1)) {
		turn();
		while ((n = recv(deaf, buf, sizeof(buf), 0)) > 0)
			got += (size_t)n;
		if (!n)
			break;
	}
	check(got == 100u * ((1 << 20) + 1), "it gets its answers when it reads: %zu", got);
	close(deaf);
	close(other);
	turn();
	tap_group("a client that does not read holds up nobody");
}

static void test_many(void)
{
	int fds[CONTROL_CLIENTS + 4];

	for (unsigned int i = 0; i < ARRAY_SIZE(fds); i++) {
		fds[i] = client();
		turn();
	}
	say(fds[CONTROL_CLIENTS - 1], "in\n");
	expect(fds[CONTROL_CLIENTS - 1], "[in]\n", "the last that has room");
	say(fds[CONTROL_CLIENTS], "waits\n");
	check(!*hear(fds[CONTROL_CLIENTS]), "one too many is served");
	close(fds[0]);
	turn();
	expect(fds[CONTROL_CLIENTS], "[waits]\n", "its turn when another goes");
	for (unsigned int i = 1; i < ARRAY_SIZE(fds); i++)
		close(fds[i]);
	turn();
	turn();
	tap_group("more clients than there is room for");
}

static int ctl(int argc, char **argv)
{
	pid_t pid;
	int status = -1;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		freopen("/dev/null", "w", stdout);
		freopen("/dev/null", "w", stderr);
		_exit(control_client(argc, argv));
	}
	while (waitpid(pid, &status, WNOHANG) == 0)
		turn();
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_client(void)
{
	static char command[] = "fine", a[] = "a=1", json[] = "{\"command\": \"fail\"}", bad[] = "{x", fail[] = "fail",
		    none[] = "/nowhere";

	check(ctl(3, (char *[]){ path, command, a }) == 0, "a command");
	check(ctl(2, (char *[]){ path, json }) == 1, "an error as JSON");
	check(ctl(2, (char *[]){ path, fail }) == 1, "an error");
	check(ctl(2, (char *[]){ path, bad }) == 2, "bad JSON");
	check(ctl(3, (char *[]){ path, command, command }) == 2, "no KEY=VALUE");
	check(ctl(2, (char *[]){ none, command }) == 2, "nobody there");
	check(ctl(1, (char *[]){ path }) == 2, "no command");
	tap_group("gmx-emu ctl and its status");
}

static void test_sockets(void)
{
	char longer[200];

	check(unixsock_listen(path) < 0, "a socket in use is taken over");
	control_close(control);
	check(access(path, F_OK), "the socket stays behind");
	close(unixsock_listen(path));
	check(!access(path, F_OK), "a stale socket");
	control = control_open(NULL, path);
	check(control, "is replaced");
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = 0;
	check(unixsock_listen(longer) < 0 && unixsock_connect(longer) < 0, "a path that is too long");
	check(unixsock_listen("/nowhere/at/all") < 0, "a folder that is not there");
	tap_group("stale sockets are replaced, others left alone");
}

int main(void)
{
	log_set_level("error");
	freopen("/dev/null", "w", stderr);
	snprintf(path, sizeof(path), "/tmp/emu-control-%d", getpid());
	control = control_open(NULL, path);
	if (!control)
		return 1;
	test_lines();
	test_long();
	test_deaf();
	test_many();
	test_client();
	test_sockets();
	control_close(control);
	return tap_done();
}
