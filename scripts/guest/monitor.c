// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hmp 'COMMAND' and qmp 'JSON': a guest speaks to the monitor of its own QEMU, over the virtio-serial port "qmp".
 * hmp prints the command's output and fails when that is an error; qmp prints the answer and fails on {"error": ...}.
 * emu WORD...: the same to the emulators beside QEMU, over the port "emu": prints what they say, with their status.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define ANSWER_SECONDS 60

static int port = -1;

static void __attribute__((noreturn)) fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", program_invocation_short_name, what);
	exit(1);
}

static int port_open(const char *name)
{
	const char *dir = "/sys/class/virtio-ports";
	char path[600], text[64];
	struct dirent *e;
	int found = -1;
	DIR *d = opendir(dir);

	while (d && found < 0 && (e = readdir(d))) {
		FILE *f;

		snprintf(path, sizeof(path), "%s/%s/name", dir, e->d_name);
		f = fopen(path, "r");
		if (!f)
			continue;
		if (fgets(text, sizeof(text), f) && !strncmp(text, name, strlen(name)) && text[strlen(name)] == '\n') {
			snprintf(path, sizeof(path), "/dev/%s", e->d_name);
			found = open(path, O_RDWR);
		}
		fclose(f);
	}
	if (d)
		closedir(d);
	return found;
}

static void put(const char *text)
{
	size_t len = strlen(text);

	while (len) {
		ssize_t n = write(port, text, len);

		if (n < 0 && errno != EINTR)
			fail("the monitor's channel is closed");
		if (n > 0) {
			text += n;
			len -= n;
		}
	}
}

/* One line of the monitor's, without its end; the caller frees nothing, the next call overwrites it. */
static char *get_line(void)
{
	static char *line, buf[4096];
	static size_t size, have, at;
	struct pollfd p = { port, POLLIN, 0 };
	size_t used = 0;

	for (;;) {
		if (at == have) {
			ssize_t n;

			if (poll(&p, 1, ANSWER_SECONDS * 1000) == 0)
				fail("the monitor does not answer");
			n = read(port, buf, sizeof(buf));
			if (n <= 0) {
				usleep(10000);
				continue;
			}
			have = n;
			at = 0;
		}
		if (used + 1 >= size) {
			size = size ? size * 2 : 4096;
			line = realloc(line, size);
			if (!line)
				fail("no memory");
		}
		line[used] = buf[at++];
		if (line[used] == '\n')
			break;
		used++;
	}
	if (used && line[used - 1] == '\r')
		used--;
	line[used] = 0;
	return line;
}

/* The answer that carries our id; events and the rests of an earlier caller pass by. */
static char *answer(const char *id)
{
	char mark[64], *line;

	snprintf(mark, sizeof(mark), "\"id\": \"%s\"", id);
	do
		line = get_line();
	while (!strstr(line, mark));
	return line;
}

static void put_quoted(const char *s)
{
	char c[8];

	put("\"");
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			snprintf(c, sizeof(c), "\\%c", *s);
		else if ((unsigned char)*s < 32)
			snprintf(c, sizeof(c), "\\u%04x", *s);
		else
			snprintf(c, sizeof(c), "%c", *s);
		put(c);
	}
	put("\"");
}

/* Decodes the JSON string at s in place. */
static void unquote(char *s)
{
	char *to = s;

	for (s++; *s && *s != '"'; s++) {
		if (*s != '\\') {
			*to++ = *s;
			continue;
		}
		switch (*++s) {
		case 'n': *to++ = '\n'; break;
		case 'r': break;
		case 't': *to++ = '\t'; break;
		case 'u':
			*to++ = strtol((char[]){ s[1], s[2], s[3], s[4], 0 }, NULL, 16);
			s += 4;
			break;
		default: *to++ = *s;
		}
	}
	*to = 0;
}

static int run_hmp(const char *command, const char *id)
{
	char *line, *text;
	int bad;

	put("{\"execute\":\"human-monitor-command\",\"id\":\"");
	put(id);
	put("\",\"arguments\":{\"command-line\":");
	put_quoted(command);
	put("}}\n");
	line = answer(id);
	text = strstr(line, "\"return\": \"");
	if (!text)
		fail(line);
	text += strlen("\"return\": ");
	unquote(text);
	/* the human monitor has no status: its errors begin with this word, or name the command as unknown */
	bad = !strncmp(text, "Error:", 6) || strstr(text, "\nError:") || !strncmp(text, "unknown command", 15) ||
	      strstr(text, "Try \"help ");
	fputs(text, bad ? stderr : stdout);
	return bad;
}

static int run_qmp(const char *json, const char *id)
{
	const char *brace = strchr(json, '{');
	char *line;

	if (!brace)
		fail("the argument is not a JSON object");
	put("{\"id\":\"");
	put(id);
	put("\",");
	put(brace + 1);
	put("\n");
	line = answer(id);
	puts(line);
	return strncmp(line, "{\"error\"", 8) == 0 || strstr(line, ", \"error\": {") != NULL;
}

/* The answer's keys are in a fixed order: id, status, out, err. */
static int run_emu(char **words, const char *id)
{
	char *line, *status, *out, *err;

	put("{\"id\":\"");
	put(id);
	put("\",\"words\":[");
	for (int i = 0; words[i]; i++) {
		if (i)
			put(",");
		put_quoted(words[i]);
	}
	put("]}\n");
	line = answer(id);
	status = strstr(line, "\"status\": ");
	out = strstr(line, "\"out\": \"");
	err = strrchr(line, '}');
	if (!status || !out || !err)
		fail(line);
	/* from the end: a text may hold anything, but not an unescaped quote */
	for (err -= 2; err > out && !(err[0] == '"' && err[-1] == ' ' && err[-2] == ':'); err--)
		;
	unquote(err);
	out += strlen("\"out\": ");
	unquote(out);
	fputs(out, stdout);
	fputs(err, stderr);
	return atoi(status + strlen("\"status\": "));
}

int main(int argc, char **argv)
{
	char id[32];
	int lock, qmp = !strcmp(program_invocation_short_name, "qmp");

	if (!strcmp(program_invocation_short_name, "emu")) {
		lock = open("/run/emu.lock", O_CREAT | O_RDWR, 0600);
		if (lock < 0 || flock(lock, LOCK_EX))
			fail("/run/emu.lock");
		port = port_open("emu");
		if (port < 0)
			fail("no port to the emulators: this guest was started without -e");
		snprintf(id, sizeof(id), "r%d", getpid());
		return run_emu(argv + 1, id);
	}
	if (argc != 2) {
		fprintf(stderr, "usage: %s\n", qmp ? "qmp '{\"execute\":...}'" : "hmp 'COMMAND'");
		return 2;
	}
	lock = open("/run/monitor.lock", O_CREAT | O_RDWR, 0600);
	if (lock < 0 || flock(lock, LOCK_EX))
		fail("/run/monitor.lock");
	port = port_open("qmp");
	if (port < 0)
		fail("no port to the monitor");
	/* an answer of error means that an earlier call of this boot has done it */
	snprintf(id, sizeof(id), "c%d", getpid());
	put("{\"execute\":\"qmp_capabilities\",\"id\":\"");
	put(id);
	put("\"}\n");
	answer(id);
	snprintf(id, sizeof(id), "r%d", getpid());
	return qmp ? run_qmp(argv[1], id) : run_hmp(argv[1], id);
}
