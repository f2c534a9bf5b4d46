// SPDX-License-Identifier: GPL-2.0-or-later
/* Small files of the state folder: written beside the old one and renamed over it, so a kill leaves one or the other. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "emu.h"

static int file_write(int fd, const uint8_t *buf, size_t len)
{
	while (len) {
		ssize_t n = write(fd, buf, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		buf += n;
		len -= (size_t)n;
	}
	return 0;
}

int emu_file_replace(struct emu_subsys *s, const char *name, const void *buf, size_t len)
{
	char fresh[64];
	int fd, ret;

	if (snprintf(fresh, sizeof(fresh), "%s.new", name) >= (int)sizeof(fresh))
		return -ENAMETOOLONG;
	fd = openat(s->dir_fd, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ret = fd < 0 ? -errno : file_write(fd, buf, len);
	if (fd >= 0)
		close(fd);
	if (!ret && renameat(s->dir_fd, fresh, s->dir_fd, name))
		ret = -errno;
	if (ret)
		emu_log(s, EMU_LOG_ERROR, "%s/%s cannot be written: %s", s->dir, name, strerror(-ret));
	return ret;
}

/* *buf is malloc'ed; -EFBIG: more than max */
int emu_file_load(struct emu_subsys *s, const char *name, size_t max, uint8_t **buf, size_t *len)
{
	int fd = openat(s->dir_fd, name, O_RDONLY | O_CLOEXEC);
	size_t done = 0;
	struct stat st;
	int ret = 0;

	if (fd < 0)
		return -errno;
	*buf = NULL;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		ret = -EINVAL;
	else if ((uint64_t)st.st_size > max)
		ret = -EFBIG;
	else if (!(*buf = malloc((size_t)st.st_size + 1)))
		ret = -ENOMEM;
	while (!ret && done < (size_t)st.st_size) {
		ssize_t n = pread(fd, *buf + done, (size_t)st.st_size - done, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			ret = n ? -errno : -EIO;
		else
			done += (size_t)n;
	}
	close(fd);
	if (ret) {
		free(*buf);
		*buf = NULL;
		return ret;
	}
	*len = done;
	return 0;
}
