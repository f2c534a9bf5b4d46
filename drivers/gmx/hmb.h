/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GMX_HMB_H
#define GMX_HMB_H

#include <linux/mutex.h>
#include <linux/types.h>

struct gmx_ctrl;
struct gmx_hmb_desc;
struct gmx_id_ctrl;

/* Memory lent to the controller. */
struct gmx_hmb {
	struct mutex lock;		/* all of this; a command sent under it must pass while a reset runs */
	bool refused;			/* by the administrator: sysfs */
	bool on;			/* the controller has it */
	bool returned;			/* it had the same memory before */
	u32 units_wanted;		/* Identify: HMPRE, HMMIN, HMMINDS in GMX_HMB_UNIT bytes; HMMAXD */
	u32 units_min;
	u32 units_part;
	u16 max_parts;

	u64 size;			/* bytes in all parts */
	unsigned int nr_parts;
	unsigned int nr_descs;		/* that the list has room for */
	struct gmx_hmb_desc *descs;	/* the controller may write there: never read back */
	dma_addr_t descs_dma;
	struct gmx_hmb_part *parts;
};

void gmx_hmb_init(struct gmx_ctrl *ctrl);
void gmx_hmb_identify(struct gmx_ctrl *ctrl, const struct gmx_id_ctrl *id);
int gmx_hmb_setup(struct gmx_ctrl *ctrl);
void gmx_hmb_take_back(struct gmx_ctrl *ctrl);
int gmx_hmb_switch(struct gmx_ctrl *ctrl, bool on);
void gmx_hmb_free(struct gmx_ctrl *ctrl);

#endif
