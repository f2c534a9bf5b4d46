/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The vendor ioctls of the driver, a function each. <linux/gmx.h> is the manual of the structures and of who may do what;
 * these functions fill in size, zero what is left and return 0, -errno, or for EREMOTEIO the controller's NVMe status.
 *
 * -ENOTTY: the driver has no such call; libgmx_log() and the others of admin.h may still do.
 */
#ifndef LIBGMX_DRIVER_H
#define LIBGMX_DRIVER_H

#include <stdint.h>

#include <linux/gmx.h>

#ifdef __cplusplus
extern "C" {
#endif

struct libgmx_ctrl;

/*
 * Any of the calls: @io begins with its size, which is filled in. The functions below are made in the program, so @size is
 * what the program was built with, whatever a newer library knows.
 */
int libgmx_drv_call(struct libgmx_ctrl *ctrl, unsigned long request, void *io, uint32_t size);

/* int libgmx_drv_NAME(struct libgmx_ctrl *ctrl, struct TYPE *io) */
#define LIBGMX_DRV(name, REQUEST, type) \
	static inline int libgmx_drv_##name(struct libgmx_ctrl *ctrl, struct type *io) \
	{ \
		return libgmx_drv_call(ctrl, REQUEST, io, (uint32_t)sizeof(*io)); \
	}

LIBGMX_DRV(info, GMX_IOCTL_INFO, gmx_ioc_info)
LIBGMX_DRV(health, GMX_IOCTL_HEALTH, gmx_ioc_health)
LIBGMX_DRV(stats, GMX_IOCTL_STATS, gmx_ioc_stats)
LIBGMX_DRV(recovery, GMX_IOCTL_RECOVERY, gmx_ioc_recovery)
LIBGMX_DRV(event_mask, GMX_IOCTL_EVENT_MASK, gmx_ioc_event_mask)
LIBGMX_DRV(op, GMX_IOCTL_OP, gmx_ioc_op)
LIBGMX_DRV(op_cancel, GMX_IOCTL_OP_CANCEL, gmx_ioc_op)
LIBGMX_DRV(fw_info, GMX_IOCTL_FW_INFO, gmx_ioc_fw_info)
LIBGMX_DRV(fw_download, GMX_IOCTL_FW_DOWNLOAD, gmx_ioc_fw_download)
LIBGMX_DRV(fw_commit, GMX_IOCTL_FW_COMMIT, gmx_ioc_fw_commit)
LIBGMX_DRV(telemetry, GMX_IOCTL_TELEMETRY, gmx_ioc_telemetry)
LIBGMX_DRV(telemetry_read, GMX_IOCTL_TELEMETRY_READ, gmx_ioc_telemetry_read)
LIBGMX_DRV(power, GMX_IOCTL_POWER, gmx_ioc_power)
LIBGMX_DRV(irq, GMX_IOCTL_IRQ, gmx_ioc_irq)
LIBGMX_DRV(mi, GMX_IOCTL_MI, gmx_ioc_mi)
LIBGMX_DRV(ns_create, GMX_IOCTL_NS_CREATE, gmx_ioc_ns_create)
LIBGMX_DRV(ns_delete, GMX_IOCTL_NS_DELETE, gmx_ioc_ns)
LIBGMX_DRV(ns_attach, GMX_IOCTL_NS_ATTACH, gmx_ioc_ns)
LIBGMX_DRV(ns_detach, GMX_IOCTL_NS_DETACH, gmx_ioc_ns)

#undef LIBGMX_DRV

/* entry_bytes is filled in; data and data_bytes are an array of struct gmx_ioc_event */
static inline int libgmx_drv_events(struct libgmx_ctrl *ctrl, struct gmx_ioc_events *io)
{
	io->entry_bytes = (uint32_t)sizeof(struct gmx_ioc_event);
	return libgmx_drv_call(ctrl, GMX_IOCTL_EVENTS, io, (uint32_t)sizeof(*io));
}

#ifdef __cplusplus
}
#endif

#endif
