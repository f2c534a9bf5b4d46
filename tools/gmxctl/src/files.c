// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that the user names; - is standard input or output. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl.h"

int file_read(struct ctl *ctl, const char *path, size_t max, char **data, size_t *len)
{
	bool standard = !strcmp(path, "-");
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	size_t room = 0;
	ssize_t n = 1;

	*data = NULL;
	*len = 0;
	if (fd < 0)
		return ctl_fail(ctl, CTL_FAILED, "is the name right?", "%s: %s", path, strerror(errno));
	while (n > 0 && *len <= max) {
		if (*len == room) {
			char *more = realloc(*data, room += 65536);

			if (!more) {
				errno = ENOMEM;
				n = -1;
				break;
			}
			*data = more;
		}
		n = read(fd, *data + *len, room - *len);
		if (n > 0)
			*len += (size_t)n;
	}
	if (!standard)
		close(fd);
	if (n < 0 || *len > max) {
		free(*data);
		*data = NULL;
		if (n < 0)
			return ctl_fail(ctl, CTL_FAILED, NULL, "%s: %s", path, strerror(errno));
		return ctl_fail(ctl, CTL_FAILED, "is it the right file?", "%s is longer than %zu bytes", path, max);
	}
	return CTL_OK;
}

static bool write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

/* A device, a pipe, or a link that ends nowhere yet (@make): it stays what it is */
static int write_in_place(struct ctl *ctl, const char *path, bool make, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | (make ? O_CREAT : 0), 0600), error = 0;

	if (fd < 0)
		return ctl_fail(ctl, CTL_FAILED, "can it be written to?", "%s: %s", path, strerror(errno));
	if (!write_all(fd, data, len))
		error = errno;
	if (close(fd) && !error)
		error = errno;
	return error ? ctl_fail(ctl, CTL_FAILED, NULL, "%s: %s", path, strerror(error)) : CTL_OK;
}

/* A file appears whole or not at all */
static int write_whole(struct ctl *ctl, const char *path, const void *data, size_t len)
{
	char temporary[4200];
	int fd, error = 0;

	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= (int)sizeof(temporary))
		return ctl_usage(ctl, "the name of the file is too long");
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return ctl_fail(ctl, CTL_FAILED, "can the folder be written to?", "%s: %s", path, strerror(errno));
	if (!write_all(fd, data, len) || fsync(fd))
		error = errno;
	if (close(fd) && !error)
		error = errno;
	if (!error && rename(temporary, path))
		error = errno;
	if (!error)
		return CTL_OK;
	unlink(temporary);
	return ctl_fail(ctl, CTL_FAILED, NULL, "%s: %s", path, strerror(error));
}

int file_write(struct ctl *ctl, const char *path, const void *data, size_t len)
{
	char real[PATH_MAX];
	struct stat st;

	if (!strcmp(path, "-"))
		return fwrite(data, 1, len, stdout) == len
			       ? CTL_OK
			       : ctl_fail(ctl, CTL_FAILED, NULL, "standard output: %s", strerror(errno));
	if (!lstat(path, &st) && !S_ISREG(st.st_mode)) {
		/* a link stays one: what it leads to is written */
		bool nowhere = stat(path, &st);

		if (nowhere || !S_ISREG(st.st_mode) || !realpath(path, real))
			return write_in_place(ctl, path, nowhere, data, len);
		path = real;
	}
	return write_whole(ctl, path, data, len);
}
