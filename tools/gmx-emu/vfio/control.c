// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control.h"
#include "log.h"
#include "unixsock.h"

#define CONTROL_LINE   (256u << 10) /* the longest command */
#define CONTROL_UNREAD (4u << 20)   /* answers kept for a client before its next command is read */

struct control_client {
	int fd;
	char *in;
	size_t have;
	bool skip;  /* to the end of a line that is too long */
	bool ended; /* it sends nothing more */
	char *out;
	size_t left, sent;
};

struct control {
	struct emu_subsys *s;
	char *path;
	int fd;
	struct control_client clients[CONTROL_CLIENTS];
};

struct control *control_open(struct emu_subsys *s, const char *path)
{
	struct control *c = calloc(1, sizeof(*c));

	if (c)
		c->path = strdup(path);
	if (!c || !c->path) {
		log_at(EMU_LOG_ERROR, "%s: no memory", path);
		free(c);
		return NULL;
	}
	c->s = s;
	for (unsigned int i = 0; i < CONTROL_CLIENTS; i++)
		c->clients[i].fd = -1;
	c->fd = unixsock_listen(path);
	if (c->fd < 0) {
		free(c->path);
		free(c);
		return NULL;
	}
	return c;
}

static void control_drop(struct control_client *k)
{
	close(k->fd);
	free(k->in);
	free(k->out);
	*k = (struct control_client){ .fd = -1 };
}

void control_close(struct control *c)
{
	for (unsigned int i = 0; i < CONTROL_CLIENTS; i++)
		if (c->clients[i].fd >= 0)
			control_drop(&c->clients[i]);
	close(c->fd);
	unlink(c->path);
	free(c->path);
	free(c);
}

static bool control_reads(const struct control_client *k)
{
	return k->fd >= 0 && !k->ended && k->left < CONTROL_UNREAD;
}

void control_poll(const struct control *c, struct pollfd *polls)
{
	bool room = false;

	for (unsigned int i = 0; i < CONTROL_CLIENTS; i++) {
		const struct control_client *k = &c->clients[i];

		polls[i] = (struct pollfd){ k->fd, (short)((control_reads(k) ? POLLIN : 0) | (k->left ? POLLOUT : 0)), 0 };
		room = room || k->fd < 0;
	}
	polls[CONTROL_CLIENTS] = (struct pollfd){ room ? c->fd : -1, POLLIN, 0 };
}

static bool control_answer(struct control_client *k, const char *text)
{
	size_t len = strlen(text);
	char *out;

	if (k->sent) {
		memmove(k->out, k->out + k->sent, k->left);
		k->sent = 0;
	}
	out = realloc(k->out, k->left + len + 1);
	if (!out)
		return false;
	memcpy(out + k->left, text, len);
	out[k->left + len] = '\n';
	k->out = out;
	k->left += len + 1;
	return true;
}

static bool control_command(struct control *c, struct control_client *k, const char *line)
{
	char *answer;
	bool good;

	log_at(EMU_LOG_DEBUG, "control: %s", line);
	answer = emu_subsys_control(c->s, line);
	good = control_answer(k, answer ? answer : "{\"ok\":false,\"error\":\"no memory\"}");
	free(answer);
	return good;
}

/* All whole lines that are there; false: this client is lost */
static bool control_lines(struct control *c, struct control_client *k)
{
	char *line = k->in, *end = k->in + k->have, *newline;

	while ((newline = memchr(line, '\n', (size_t)(end - line)))) {
		bool good = true;

		*newline = 0;
		if (k->skip)
			good = control_answer(k, "{\"ok\":false,\"error\":\"a line of more than 256 KiB\"}");
		else if (strlen(line) != (size_t)(newline - line))
			good = control_answer(k, "{\"ok\":false,\"error\":\"a NUL byte in a line\"}");
		else if (line[strspn(line, " \t\r")])
			good = control_command(c, k, line);
		k->skip = false;
		if (!good)
			return false;
		line = newline + 1;
	}
	k->have = (size_t)(end - line);
	memmove(k->in, line, k->have);
	if (k->have == CONTROL_LINE || k->skip) {
		k->skip = true;
		k->have = 0;
	}
	return true;
}

static bool control_receive(struct control *c, struct control_client *k)
{
	ssize_t n;

	if (!k->in)
		k->in = malloc(CONTROL_LINE);
	if (!k->in)
		return false;
	n = recv(k->fd, k->in + k->have, CONTROL_LINE - k->have, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	if (!n) {
		k->ended = true;
		return k->left;
	}
	k->have += (size_t)n;
	return control_lines(c, k);
}

static bool control_send(struct control_client *k)
{
	ssize_t n = send(k->fd, k->out + k->sent, k->left, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	k->sent += (size_t)n;
	k->left -= (size_t)n;
	if (!k->left) {
		free(k->out);
		k->out = NULL;
		k->sent = 0;
	}
	return k->left || !k->ended;
}

static void control_accept(struct control *c)
{
	int fd = accept4(c->fd, NULL, NULL, SOCK_CLOEXEC);

	for (unsigned int i = 0; fd >= 0 && i < CONTROL_CLIENTS; i++) {
		if (c->clients[i].fd < 0) {
			c->clients[i].fd = fd;
			return;
		}
	}
	if (fd >= 0)
		close(fd);
}

void control_handle(struct control *c, const struct pollfd *polls)
{
	for (unsigned int i = 0; i < CONTROL_CLIENTS; i++) {
		struct control_client *k = &c->clients[i];
		bool good = true;

		if (k->fd < 0 || polls[i].fd != k->fd || !polls[i].revents)
			continue;
		if (control_reads(k) && polls[i].revents & (POLLIN | POLLHUP | POLLERR))
			good = control_receive(c, k);
		/* at once, not after another round of the loop */
		if (good && k->left)
			good = control_send(k);
		if (good && k->ended && polls[i].revents & (POLLHUP | POLLERR))
			good = false;
		if (!good)
			control_drop(k);
	}
	if (polls[CONTROL_CLIENTS].revents)
		control_accept(c);
}
