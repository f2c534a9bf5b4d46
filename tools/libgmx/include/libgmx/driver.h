/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The vendor ioctls of the driver, a function each. <linux/gmx.h> is the manual of the structures and of who may do what;
 * these functions fill in size, zero what is left and return 0, -errno, or for EREMOTEIO the controller's NVMe status.
 *
 * -ENOTTY: the driver has no such call; libgmx_log() and the others of admin.h may still do.
 */
#ifndef LIBGMX_DRIVER_H
#define LIBGMX_DRIVER_H

#include <linux/gmx.h>

#ifdef __cplusplus
extern "C" {
#endif

struct libgmx_ctrl;

int libgmx_drv_info(struct libgmx_ctrl *ctrl, struct gmx_ioc_info *io);
int libgmx_drv_health(struct libgmx_ctrl *ctrl, struct gmx_ioc_health *io);
int libgmx_drv_stats(struct libgmx_ctrl *ctrl, struct gmx_ioc_stats *io);
int libgmx_drv_recovery(struct libgmx_ctrl *ctrl, struct gmx_ioc_recovery *io);
/* entry_bytes is filled in; data and data_bytes are an array of struct gmx_ioc_event */
int libgmx_drv_events(struct libgmx_ctrl *ctrl, struct gmx_ioc_events *io);
int libgmx_drv_event_mask(struct libgmx_ctrl *ctrl, struct gmx_ioc_event_mask *io);
int libgmx_drv_op(struct libgmx_ctrl *ctrl, struct gmx_ioc_op *io);
int libgmx_drv_op_cancel(struct libgmx_ctrl *ctrl, struct gmx_ioc_op *io);
int libgmx_drv_fw_info(struct libgmx_ctrl *ctrl, struct gmx_ioc_fw_info *io);
int libgmx_drv_fw_download(struct libgmx_ctrl *ctrl, struct gmx_ioc_fw_download *io);
int libgmx_drv_fw_commit(struct libgmx_ctrl *ctrl, struct gmx_ioc_fw_commit *io);
int libgmx_drv_telemetry(struct libgmx_ctrl *ctrl, struct gmx_ioc_telemetry *io);
int libgmx_drv_telemetry_read(struct libgmx_ctrl *ctrl, struct gmx_ioc_telemetry_read *io);
int libgmx_drv_power(struct libgmx_ctrl *ctrl, struct gmx_ioc_power *io);
int libgmx_drv_irq(struct libgmx_ctrl *ctrl, struct gmx_ioc_irq *io);
int libgmx_drv_mi(struct libgmx_ctrl *ctrl, struct gmx_ioc_mi *io);
int libgmx_drv_ns_create(struct libgmx_ctrl *ctrl, struct gmx_ioc_ns_create *io);
int libgmx_drv_ns_delete(struct libgmx_ctrl *ctrl, struct gmx_ioc_ns *io);
int libgmx_drv_ns_attach(struct libgmx_ctrl *ctrl, struct gmx_ioc_ns *io);
int libgmx_drv_ns_detach(struct libgmx_ctrl *ctrl, struct gmx_ioc_ns *io);

#ifdef __cplusplus
}
#endif

#endif
