// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "log.h"
#include "unixsock.h"

static bool unixsock_address(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	strcpy(address->sun_path, path);
	return true;
}

static int unixsock_open(const char *path, int flags)
{
	struct sockaddr_un address;
	int fd, error;

	if (!unixsock_address(path, &address))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
	if (fd < 0 || !connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

int unixsock_connect(const char *path)
{
	return unixsock_open(path, 0);
}

bool unixsock_clear(const char *path)
{
	int fd = unixsock_open(path, SOCK_NONBLOCK);

	/* with clients in a queue there is somebody, too */
	if (fd >= 0 || errno == EAGAIN) {
		log_at(EMU_LOG_ERROR, "%s: another process serves this socket", path);
		if (fd >= 0)
			close(fd);
		return false;
	}
	if (errno == ENAMETOOLONG) {
		log_at(EMU_LOG_ERROR, "%s: too long for a socket, at most %zu bytes", path,
		       sizeof(((struct sockaddr_un *)0)->sun_path) - 1);
		return false;
	}
	if (errno == ECONNREFUSED)
		unlink(path);
	return true;
}

int unixsock_listen(const char *path)
{
	struct sockaddr_un address;
	int fd;

	if (!unixsock_clear(path) || !unixsock_address(path, &address))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && !bind(fd, (struct sockaddr *)&address, sizeof(address)) && !listen(fd, 8))
		return fd;
	log_at(EMU_LOG_ERROR, "%s: no socket there: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}
