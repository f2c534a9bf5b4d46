// SPDX-License-Identifier: LGPL-2.1-or-later
/* The vendor ioctls, a function each. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include <libgmx/driver.h>

#include "ctrl.h"

static int call(struct libgmx_ctrl *ctrl, unsigned long request, void *io, uint32_t size)
{
	memcpy(io, &size, sizeof(size));
	return ioctl(ctrl->fd, request, io) < 0 ? -errno : 0;
}

#define CALL(name, NUMBER, type) \
	int libgmx_drv_##name(struct libgmx_ctrl *ctrl, struct type *io) \
	{ \
		return call(ctrl, NUMBER, io, sizeof(*io)); \
	}

/* Where the controller refuses, its status says more than EREMOTEIO */
#define CALL_STATUS(name, NUMBER, type) \
	int libgmx_drv_##name(struct libgmx_ctrl *ctrl, struct type *io) \
	{ \
		int rc = call(ctrl, NUMBER, io, sizeof(*io)); \
\
		return rc == -EREMOTEIO && io->nvme_status ? io->nvme_status : rc; \
	}

CALL(info, GMX_IOCTL_INFO, gmx_ioc_info)
CALL(health, GMX_IOCTL_HEALTH, gmx_ioc_health)
CALL(stats, GMX_IOCTL_STATS, gmx_ioc_stats)
CALL(recovery, GMX_IOCTL_RECOVERY, gmx_ioc_recovery)
CALL(op, GMX_IOCTL_OP, gmx_ioc_op)
CALL(op_cancel, GMX_IOCTL_OP_CANCEL, gmx_ioc_op)
CALL(fw_commit, GMX_IOCTL_FW_COMMIT, gmx_ioc_fw_commit)
CALL(telemetry, GMX_IOCTL_TELEMETRY, gmx_ioc_telemetry)
CALL(telemetry_read, GMX_IOCTL_TELEMETRY_READ, gmx_ioc_telemetry_read)
CALL_STATUS(event_mask, GMX_IOCTL_EVENT_MASK, gmx_ioc_event_mask)
CALL_STATUS(fw_info, GMX_IOCTL_FW_INFO, gmx_ioc_fw_info)
CALL_STATUS(fw_download, GMX_IOCTL_FW_DOWNLOAD, gmx_ioc_fw_download)
CALL_STATUS(power, GMX_IOCTL_POWER, gmx_ioc_power)
CALL_STATUS(irq, GMX_IOCTL_IRQ, gmx_ioc_irq)
CALL_STATUS(mi, GMX_IOCTL_MI, gmx_ioc_mi)
CALL_STATUS(ns_create, GMX_IOCTL_NS_CREATE, gmx_ioc_ns_create)
CALL_STATUS(ns_delete, GMX_IOCTL_NS_DELETE, gmx_ioc_ns)
CALL_STATUS(ns_attach, GMX_IOCTL_NS_ATTACH, gmx_ioc_ns)
CALL_STATUS(ns_detach, GMX_IOCTL_NS_DETACH, gmx_ioc_ns)

int libgmx_drv_events(struct libgmx_ctrl *ctrl, struct gmx_ioc_events *io)
{
	io->entry_bytes = sizeof(struct gmx_ioc_event);
	return call(ctrl, GMX_IOCTL_EVENTS, io, sizeof(*io));
}
