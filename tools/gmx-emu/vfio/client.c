// SPDX-License-Identifier: GPL-2.0-or-later
/* gmx-emu ctl: one command to the control socket of a running gmx-emu. */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control.h"
#include "unixsock.h"

#define CLIENT_ANSWER_S 60

static const char client_usage[] =
	"usage: gmx-emu ctl SOCKET COMMAND [KEY=VALUE...]\n"
	"       gmx-emu ctl SOCKET '{\"command\": ...}'\n"
	"A VALUE that is a JSON number, true, false, null, [...] or {...} is sent as that, any other as a text.\n"
	"The answer is printed; the status is 0, 1 when the answer is an error, 2 when there is none.\n";

/* What looks like JSON and is, else a text */
static json_object *client_value(const char *text)
{
	json_object *value = NULL;

	if (*text &&
	    (strchr("-0123456789[{", *text) || !strcmp(text, "true") || !strcmp(text, "false") || !strcmp(text, "null"))) {
		enum json_tokener_error error;

		value = json_tokener_parse_verbose(text, &error);
		if (error == json_tokener_success && (value || !strcmp(text, "null"))) {
			/* 1e3 is a number, 1abc and 0x10 begin with one */
			char *end;

			if (!value || json_object_is_type(value, json_type_object) ||
			    json_object_is_type(value, json_type_array) || json_object_is_type(value, json_type_boolean) ||
			    (strtod(text, &end), !*end && !strpbrk(text, "xX")))
				return value;
		}
		json_object_put(value);
	}
	return json_object_new_string(text);
}

static json_object *client_request(int argc, char **argv)
{
	json_object *request;

	if (argv[0][0] == '{') {
		request = argc == 1 ? json_tokener_parse(argv[0]) : NULL;
		if (!json_object_is_type(request, json_type_object)) {
			fprintf(stderr, "gmx-emu: %s: not a JSON object\n", argv[0]);
			return NULL;
		}
		return request;
	}
	request = json_object_new_object();
	json_object_object_add(request, "command", json_object_new_string(argv[0]));
	for (int i = 1; i < argc; i++) {
		char *equals = strchr(argv[i], '=');

		if (!equals || equals == argv[i]) {
			fprintf(stderr, "gmx-emu: %s: not KEY=VALUE\n", argv[i]);
			json_object_put(request);
			return NULL;
		}
		*equals = 0;
		json_object_object_add(request, argv[i], client_value(equals + 1));
	}
	return request;
}

static bool client_send(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return true;
}

/* A line without its end, to be freed; NULL: there is none */
static char *client_line(int fd)
{
	size_t have = 0, room = 0;
	char *line = NULL;

	for (;;) {
		ssize_t n;

		if (have == room) {
			char *more = realloc(line, room += 4096);

			if (!more)
				break;
			line = more;
		}
		n = recv(fd, line + have, room - have, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			if (!n)
				errno = ECONNRESET;
			break;
		}
		have += (size_t)n;
		if (line[have - 1] == '\n') {
			line[have - 1] = 0;
			return line;
		}
	}
	free(line);
	return NULL;
}

/* {"error": ...} and {"ok": false} are errors */
static bool client_good(const char *line)
{
	json_object *answer = json_tokener_parse(line), *ok;
	bool good = json_object_is_type(answer, json_type_object) && !json_object_object_get_ex(answer, "error", NULL);

	if (good && json_object_object_get_ex(answer, "ok", &ok))
		good = json_object_get_boolean(ok);
	json_object_put(answer);
	return good;
}

int control_client(int argc, char **argv)
{
	const struct timeval patience = { .tv_sec = CLIENT_ANSWER_S };
	json_object *request;
	char *answer = NULL;
	int fd, status = 2;

	if (argc >= 1 && (!strcmp(argv[0], "--help") || !strcmp(argv[0], "-h"))) {
		fputs(client_usage, stdout);
		return 0;
	}
	if (argc < 2) {
		fputs(client_usage, stderr);
		return 2;
	}
	request = client_request(argc - 1, argv + 1);
	if (!request)
		return 2;
	fd = unixsock_connect(argv[0]);
	if (fd < 0) {
		fprintf(stderr, "gmx-emu: %s: no gmx-emu listens there: %s\n", argv[0], strerror(errno));
	} else {
		const char *text = json_object_to_json_string_ext(request, JSON_C_TO_STRING_PLAIN);

		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		if (client_send(fd, text, strlen(text)) && client_send(fd, "\n", 1))
			answer = client_line(fd);
		if (answer) {
			puts(answer);
			status = client_good(answer) ? 0 : 1;
		} else {
			fprintf(stderr, "gmx-emu: %s: no answer: %s\n", argv[0], strerror(errno));
		}
		free(answer);
		close(fd);
	}
	json_object_put(request);
	return status;
}
