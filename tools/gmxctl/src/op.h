/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Long operations of the driver: <linux/gmx.h> has them. They go on when gmxctl ends. */
#ifndef GMXCTL_OP_H
#define GMXCTL_OP_H

#include "ctl.h"

const char *op_stage_name(unsigned int stage);
bool op_ended(const struct gmx_ioc_op *op);
/* How it ended, as libgmx returns it: 0, -errno or an NVMe status */
int op_result(const struct gmx_ioc_op *op);
/* -ENOENT: no longer known */
int op_read(struct libgmx_ctrl *ctrl, uint64_t id, struct gmx_ioc_op *op);
/*
 * Waits for the end, with progress. 0: *op says how it ended. -ETIMEDOUT: @ms (0: any) are over. -ECANCELED: somebody does
 * not want to wait any longer (SIGINT, SIGTERM).
 */
int op_wait(struct ctl *ctl, struct libgmx_ctrl *ctrl, uint64_t id, uint64_t ms, struct gmx_ioc_op *op);
/* What op_wait() returned in words, with the way back to the operation; @then: what is left to do after it, or NULL */
int op_left(struct ctl *ctl, int rc, const char *name, uint64_t id, const char *then);
/* The end in words. CTL_OK where it ended well */
int op_verdict(struct ctl *ctl, const char *name, const struct gmx_ioc_op *op);
void op_put(struct json_object *r, const char *name, const struct gmx_ioc_op *op);

extern const struct ctl_field op_fields[];

#endif
