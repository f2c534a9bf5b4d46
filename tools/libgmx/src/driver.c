// SPDX-License-Identifier: LGPL-2.1-or-later
/* The vendor ioctls. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>

#include <libgmx/driver.h>

#include "ctrl.h"

/* Where the controller refuses, its status says more than EREMOTEIO */
static const struct {
	unsigned long request;
	size_t status;
} statuses[] = {
	{ GMX_IOCTL_EVENT_MASK, offsetof(struct gmx_ioc_event_mask, nvme_status) },
	{ GMX_IOCTL_FW_INFO, offsetof(struct gmx_ioc_fw_info, nvme_status) },
	{ GMX_IOCTL_FW_DOWNLOAD, offsetof(struct gmx_ioc_fw_download, nvme_status) },
	{ GMX_IOCTL_POWER, offsetof(struct gmx_ioc_power, nvme_status) },
	{ GMX_IOCTL_IRQ, offsetof(struct gmx_ioc_irq, nvme_status) },
	{ GMX_IOCTL_MI, offsetof(struct gmx_ioc_mi, nvme_status) },
	{ GMX_IOCTL_NS_CREATE, offsetof(struct gmx_ioc_ns_create, nvme_status) },
	{ GMX_IOCTL_NS_DELETE, offsetof(struct gmx_ioc_ns, nvme_status) },
	{ GMX_IOCTL_NS_ATTACH, offsetof(struct gmx_ioc_ns, nvme_status) },
	{ GMX_IOCTL_NS_DETACH, offsetof(struct gmx_ioc_ns, nvme_status) },
};

int libgmx_drv_call(struct libgmx_ctrl *ctrl, unsigned long request, void *io, uint32_t size)
{
	uint16_t status = 0;
	int rc;

	if (size < sizeof(size))
		return -EINVAL;
	memcpy(io, &size, sizeof(size));
	rc = ioctl(ctrl->fd, request, io) < 0 ? -errno : 0;
	if (rc != -EREMOTEIO)
		return rc;
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].request == request && statuses[i].status + sizeof(status) <= size)
			memcpy(&status, (const uint8_t *)io + statuses[i].status, sizeof(status));
	return status ? status : rc;
}
