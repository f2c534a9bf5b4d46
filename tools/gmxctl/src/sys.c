// SPDX-License-Identifier: GPL-2.0-or-later
/* Single files of /sys and /proc. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys.h"

#define PATH_ROOM 600

static int path_of(char *out, size_t room, const char *format, va_list args)
{
	const char *root = secure_getenv("LIBGMX_ROOT");
	int head = snprintf(out, room, "%s", root ? root : ""), tail;

	if (head < 0 || (size_t)head >= room)
		return -ENAMETOOLONG;
	tail = vsnprintf(out + head, room - (size_t)head, format, args);
	return tail < 0 || (size_t)tail >= room - (size_t)head ? -ENAMETOOLONG : 0;
}

int sys_path(char *out, size_t room, const char *format, ...)
{
	va_list args;
	int rc;

	va_start(args, format);
	rc = path_of(out, room, format, args);
	va_end(args);
	return rc;
}

static bool read_at(char *out, size_t room, const char *format, va_list args)
{
	char path[PATH_ROOM];
	ssize_t n;
	int fd;

	out[0] = 0;
	if (path_of(path, sizeof(path), format, args))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, out, room - 1);
	close(fd);
	out[n > 0 ? n : 0] = 0;
	out[strcspn(out, "\n")] = 0;
	for (char *p = out; *p; p++)
		if (!isprint((unsigned char)*p))
			*p = '?';
	return n > 0;
}

bool sys_read(char *out, size_t room, const char *format, ...)
{
	va_list args;
	bool found;

	va_start(args, format);
	found = read_at(out, room, format, args);
	va_end(args);
	return found;
}

uint64_t sys_number(uint64_t otherwise, const char *format, ...)
{
	char text[64], *end;
	va_list args;
	uint64_t v;
	bool found;

	va_start(args, format);
	found = read_at(text, sizeof(text), format, args);
	va_end(args);
	if (!found || !isdigit((unsigned char)text[0]))
		return otherwise;
	v = strtoull(text, &end, 10);
	return *end && !isspace((unsigned char)*end) ? otherwise : v;
}

bool sys_exists(const char *format, ...)
{
	char path[PATH_ROOM];
	va_list args;
	int rc;

	va_start(args, format);
	rc = path_of(path, sizeof(path), format, args);
	va_end(args);
	return !rc && !access(path, F_OK);
}

int sys_write(const char *value, const char *format, ...)
{
	char path[PATH_ROOM];
	va_list args;
	ssize_t n;
	int fd, rc;

	va_start(args, format);
	rc = path_of(path, sizeof(path), format, args);
	va_end(args);
	if (rc)
		return rc;
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = write(fd, value, strlen(value));
	rc = n < 0 ? -errno : 0;
	close(fd);
	return rc;
}

void sys_chosen(const char *text, char *out, size_t room)
{
	const char *open_ = strchr(text, '['), *close_ = open_ ? strchr(open_, ']') : NULL;

	if (close_)
		snprintf(out, room, "%.*s", (int)(close_ - open_ - 1), open_ + 1);
	else
		snprintf(out, room, "%s", text);
}
