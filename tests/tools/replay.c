// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An ioctl() in place of the kernel's, for the nodes of gmx. GMX_RECORD=FILE: passes calls on and writes them down (as a
 * preloaded library, in a guest). GMX_REPLAY=FILE: answers from what was written down, from the line "# gmxctl WORDS" on that
 * has the words of GMX_REPLAY_AT; a call that is not there ends the program with status 99. A line a call:
 *
 *	admin OPCODE NSID CDW2 CDW3 CDW10 ... CDW15 LENGTH SENT = RETURN ERRNO RESULT RECEIVED
 *	vendor REQUEST STRUCTURE SENT = RETURN ERRNO STRUCTURE RECEIVED
 *	plain REQUEST = RETURN ERRNO
 *
 * Numbers are hexadecimal but RETURN and ERRNO; data is runs "XX*COUNT" and hexadecimal bytes, dots between, "-" for none.
 */
#include <dlfcn.h>
#include <errno.h>
#include <linux/gmx.h>
#include <linux/nvme_ioctl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_RECORDS 4096
#define RUN	    8 /* equal bytes worth a run */

static void put_data(FILE *f, const uint8_t *data, size_t len)
{
	size_t i = 0;
	bool first = true;

	if (!len)
		fputc('-', f);
	while (i < len) {
		size_t n = 1;

		while (i + n < len && data[i + n] == data[i])
			n++;
		if (n >= RUN) {
			fprintf(f, "%s%02x*%zu", first ? "" : ".", data[i], n);
			i += n;
		} else {
			if (!first)
				fputc('.', f);
			do {
				fprintf(f, "%02x", data[i++]);
				for (n = 1; i + n < len && n < RUN && data[i + n] == data[i];)
					n++;
			} while (i < len && n < RUN);
		}
		first = false;
	}
}

static size_t take_data(const char *text, uint8_t *out, size_t room)
{
	size_t n = 0;
	unsigned int byte;

	if (*text == '-')
		return 0;
	while (*text && *text != ' ' && *text != '\n') {
		if (*text == '.') {
			text++;
			continue;
		}
		if (sscanf(text, "%2x", &byte) != 1)
			break;
		text += 2;
		if (*text == '*') {
			size_t count = strtoul(text + 1, (char **)&text, 10);

			while (count-- && n < room)
				out[n++] = (uint8_t)byte;
		} else if (n < room) {
			out[n++] = (uint8_t)byte;
		}
	}
	return n;
}

/* Where a structure points to data, and how much; to the controller or from it */
struct pointer {
	unsigned long request;
	size_t data, bytes;
	bool sends;
};

static const struct pointer pointers[] = {
	{ GMX_IOCTL_EVENTS, offsetof(struct gmx_ioc_events, data), offsetof(struct gmx_ioc_events, data_bytes), false },
	{ GMX_IOCTL_FW_DOWNLOAD, offsetof(struct gmx_ioc_fw_download, data), offsetof(struct gmx_ioc_fw_download, bytes), true },
	{ GMX_IOCTL_TELEMETRY_READ, offsetof(struct gmx_ioc_telemetry_read, data), offsetof(struct gmx_ioc_telemetry_read, bytes),
	  false },
	{ GMX_IOCTL_MI, offsetof(struct gmx_ioc_mi, data), offsetof(struct gmx_ioc_mi, data_bytes), false },
};

struct call {
	unsigned long request;
	void *arg;
	uint8_t *data; /* that it points to */
	uint32_t len;
	bool sends;
	uint32_t size; /* of a vendor structure */
};

static bool is_vendor(unsigned long request)
{
	return (request >> 8 & 0xff) == GMX_IOC_MAGIC && (request & 0xff) >= 0x40;
}

static struct call call_of(unsigned long request, void *arg)
{
	struct call c = { .request = request, .arg = arg };

	if (request == NVME_IOCTL_ADMIN_CMD) {
		struct nvme_passthru_cmd *cmd = arg;

		c.data = (uint8_t *)(uintptr_t)cmd->addr;
		c.len = cmd->addr ? cmd->data_len : 0;
		c.sends = cmd->opcode & 1;
	} else if (is_vendor(request)) {
		memcpy(&c.size, arg, sizeof(c.size));
		for (size_t i = 0; i < sizeof(pointers) / sizeof(pointers[0]); i++) {
			uint64_t where;

			if (pointers[i].request != request)
				continue;
			memcpy(&where, (uint8_t *)arg + pointers[i].data, sizeof(where));
			memcpy(&c.len, (uint8_t *)arg + pointers[i].bytes, sizeof(c.len));
			c.data = (uint8_t *)(uintptr_t)where;
			c.len = where ? c.len : 0;
			c.sends = pointers[i].sends;
		}
	}
	return c;
}

/* A structure without the pointer in it, which differs from run to run */
static void put_struct(FILE *f, const struct call *c)
{
	static uint8_t copy[GMX_IOC_MAX_SIZE];
	uint32_t size = c->size < sizeof(copy) ? c->size : sizeof(copy);

	memcpy(copy, c->arg, size);
	for (size_t i = 0; i < sizeof(pointers) / sizeof(pointers[0]); i++)
		if (pointers[i].request == c->request)
			memset(copy + pointers[i].data, 0, 8);
	put_data(f, copy, size);
}

/* What a call asks, up to the "=" */
static void put_key(FILE *f, const struct call *c)
{
	if (c->request == NVME_IOCTL_ADMIN_CMD) {
		const struct nvme_passthru_cmd *cmd = c->arg;

		fprintf(f, "admin %x %x %x %x %x %x %x %x %x %x %x ", cmd->opcode, cmd->nsid, cmd->cdw2, cmd->cdw3, cmd->cdw10,
			cmd->cdw11, cmd->cdw12, cmd->cdw13, cmd->cdw14, cmd->cdw15, cmd->data_len);
		put_data(f, c->data, c->sends ? c->len : 0);
	} else if (is_vendor(c->request)) {
		fprintf(f, "vendor %lx ", c->request);
		put_struct(f, c);
		fputc(' ', f);
		put_data(f, c->data, c->sends ? c->len : 0);
	} else {
		fprintf(f, "plain %lx", c->request);
	}
}

/* In the recorder: the model in place of a kernel */
int model_ioctl(unsigned long request, void *arg) __attribute__((weak));

static int real_ioctl(int fd, unsigned long request, void *arg)
{
	return model_ioctl ? model_ioctl(request, arg)
			   : ((int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl"))(fd, request, arg);
}

static int record(const struct call *c, int fd, const char *file)
{
	FILE *f = fopen(file, "ae");
	int rc, error;

	if (!f)
		abort();
	put_key(f, c);
	rc = real_ioctl(fd, c->request, c->arg);
	error = rc < 0 ? errno : 0;
	fprintf(f, " = %d %d", rc, error);
	if (c->request == NVME_IOCTL_ADMIN_CMD) {
		fprintf(f, " %x ", ((struct nvme_passthru_cmd *)c->arg)->result);
		put_data(f, c->data, c->sends || rc ? 0 : c->len);
	} else if (is_vendor(c->request)) {
		fputc(' ', f);
		put_struct(f, c);
		fputc(' ', f);
		put_data(f, c->data, c->sends || rc ? 0 : c->len);
	}
	fputc('\n', f);
	fclose(f);
	errno = error;
	return rc;
}

struct line {
	char *text;
	bool used;
};

static struct line lines[MAX_RECORDS];
static size_t nr_lines;

static void load(const char *file)
{
	const char *at = getenv("GMX_REPLAY_AT");
	FILE *f = fopen(file, "re");
	char *text = NULL;
	size_t room = 0;

	if (!f) {
		perror(file);
		_exit(99);
	}
	while (nr_lines < MAX_RECORDS && getline(&text, &room, f) > 0) {
		if (text[0] != '#') {
			lines[nr_lines++].text = strdup(text);
		} else if (at && !strncmp(text, "# gmxctl ", 9)) {
			text[strcspn(text, "\n")] = 0;
			for (size_t i = 0; i < nr_lines && !strcmp(text + 9, at); i++)
				lines[i].used = true;
		}
	}
	free(text);
	fclose(f);
}

/* The first answer that was not given yet, else the last one that was */
static const char *answer_to(const char *key)
{
	size_t len = strlen(key);
	const char *last = NULL;

	for (size_t i = 0; i < nr_lines; i++) {
		if (strncmp(lines[i].text, key, len) || strncmp(lines[i].text + len, " = ", 3))
			continue;
		last = lines[i].text + len + 3;
		if (!lines[i].used) {
			lines[i].used = true;
			return last;
		}
	}
	return last;
}

static int replay(const struct call *c, const char *file)
{
	static uint8_t copy[GMX_IOC_MAX_SIZE];
	char *key = NULL, *p;
	const char *answer;
	size_t len;
	FILE *f = open_memstream(&key, &len);
	int rc, error;

	if (!nr_lines)
		load(file);
	put_key(f, c);
	fclose(f);
	answer = answer_to(key);
	if (!answer) {
		fprintf(stderr, "replay: not in %s: %s\n", file, key);
		_exit(99);
	}
	free(key);
	rc = (int)strtol(answer, &p, 10);
	error = (int)strtol(p, &p, 10);
	if (c->request == NVME_IOCTL_ADMIN_CMD) {
		((struct nvme_passthru_cmd *)c->arg)->result = (uint32_t)strtoul(p, &p, 16);
		if (!c->sends)
			take_data(p + 1, c->data, c->len);
	} else if (is_vendor(c->request)) {
		size_t n = take_data(p + 1, copy, sizeof(copy));
		const char *data = strchr(p + 1, ' ');

		for (size_t i = 0; i < sizeof(pointers) / sizeof(pointers[0]); i++)
			if (pointers[i].request == c->request)
				memcpy(copy + pointers[i].data, (uint8_t *)c->arg + pointers[i].data, 8);
		memcpy(c->arg, copy, n < c->size ? n : c->size);
		if (data && !c->sends)
			take_data(data + 1, c->data, c->len);
	}
	errno = error;
	return rc;
}

int ioctl(int fd, unsigned long request, ...)
{
	const char *file;
	struct call c;
	va_list args;
	void *arg;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	/* terminals are asked too */
	if (request != NVME_IOCTL_ADMIN_CMD && !is_vendor(request) && request != NVME_IOCTL_RESET &&
	    request != NVME_IOCTL_SUBSYS_RESET && request != NVME_IOCTL_RESCAN)
		return ((int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl"))(fd, request, arg);
	c = call_of(request, arg);
	file = getenv("GMX_RECORD");
	if (file)
		return record(&c, fd, file);
	file = getenv("GMX_REPLAY");
	if (file)
		return replay(&c, file);
	return real_ioctl(fd, request, arg);
}
