// SPDX-License-Identifier: LGPL-2.1-or-later
/* Opening controllers, and what their node takes beside commands. */
#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <libgmx/ctrl.h>

#include "ctrl.h"

int libgmx_open(const char *text, struct libgmx_ctrl **out)
{
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	char path[512];
	int rc = libgmx_resolve(text, &target);

	*out = NULL;
	if (rc)
		return rc;
	rc = libgmx_path(path, sizeof(path), "/dev/%s", target.ctrl);
	if (rc)
		return rc;
	ctrl = calloc(1, sizeof(*ctrl));
	if (!ctrl)
		return -ENOMEM;
	ctrl->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (ctrl->fd < 0) {
		rc = -errno;
		free(ctrl);
		return rc == -ENOENT ? -ENODEV : rc;
	}
	snprintf(ctrl->name, sizeof(ctrl->name), "%s", target.ctrl);
	*out = ctrl;
	return 0;
}

void libgmx_close(struct libgmx_ctrl *ctrl)
{
	if (!ctrl)
		return;
	close(ctrl->fd);
	free(ctrl);
}

const char *libgmx_name(const struct libgmx_ctrl *ctrl)
{
	return ctrl->name;
}

int libgmx_fd(const struct libgmx_ctrl *ctrl)
{
	return ctrl->fd;
}

int libgmx_reset(struct libgmx_ctrl *ctrl)
{
	return ioctl(ctrl->fd, NVME_IOCTL_RESET) < 0 ? -errno : 0;
}

int libgmx_reset_subsystem(struct libgmx_ctrl *ctrl)
{
	return ioctl(ctrl->fd, NVME_IOCTL_SUBSYS_RESET) < 0 ? -errno : 0;
}

int libgmx_rescan(struct libgmx_ctrl *ctrl)
{
	return ioctl(ctrl->fd, NVME_IOCTL_RESCAN) < 0 ? -errno : 0;
}
