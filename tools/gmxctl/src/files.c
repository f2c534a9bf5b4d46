// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that the user names; - is standard input or output. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* A file appears whole or not at all */
int file_write(struct ctl *ctl, const char *path, const void *data, size_t len)
{
	char temporary[4200];
	const char *p = data;
	ssize_t n = 0;
	int fd;

	if (!strcmp(path, "-"))
		return fwrite(data, 1, len, stdout) == len
			       ? CTL_OK
			       : ctl_fail(ctl, CTL_FAILED, NULL, "standard output: %s", strerror(errno));
	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= (int)sizeof(temporary))
		return ctl_usage(ctl, "the name of the file is too long");
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return ctl_fail(ctl, CTL_FAILED, "can the folder be written to?", "%s: %s", path, strerror(errno));
	while (len && (n = write(fd, p, len)) > 0) {
		p += n;
		len -= (size_t)n;
	}
	if (len || fsync(fd) || close(fd) || rename(temporary, path)) {
		n = errno;
		unlink(temporary);
		return ctl_fail(ctl, CTL_FAILED, NULL, "%s: %s", path, strerror((int)n));
	}
	return CTL_OK;
}
