/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GMX_CMB_H
#define GMX_CMB_H

#include <linux/types.h>

struct gmx_ctrl;
struct gmx_sq;

/* Memory of the controller, where it reads its submission queues without asking the host. Under hw_lock. */
struct gmx_cmb {
	u32 loc;			/* the registers; sz 0: there is none */
	u32 sz;
	void __iomem *map;		/* NULL: no queue may lie there */
	u64 bytes;			/* of map */
	u64 bus;			/* where it is, for the controller */
	const char *unusable;		/* why it is not used: not tried again until the registers change */
	unsigned int nr_queues;		/* that lie there */
	unsigned int said_queues;
};

void gmx_cmb_setup(struct gmx_ctrl *ctrl);
size_t gmx_cmb_doorbells_end(struct gmx_ctrl *ctrl);
void gmx_cmb_place(struct gmx_ctrl *ctrl, struct gmx_sq *sq);
void gmx_cmb_refused(struct gmx_ctrl *ctrl, int status);
void gmx_cmb_report(struct gmx_ctrl *ctrl);
void gmx_cmb_push(struct gmx_sq *sq);
void gmx_cmb_free(struct gmx_ctrl *ctrl);

#endif
