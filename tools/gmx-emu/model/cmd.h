/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EMU_CMD_H
#define EMU_CMD_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>

#include <gmx/nvme.h>

#include "base.h"

struct emu_ctrl;
struct emu_sq;

/* A command from its fetch to its completion. Freed by emu_cmd_complete(), at once or when the host makes room. */
struct emu_cmd {
	struct emu_ctrl *ctrl;
	struct emu_sq *sq;
	struct gmx_sqe sqe; /* as fetched; use the accessors below for the fields */
	uint16_t cid;
	uint16_t status;
	uint32_t dw0, dw1;
	uint64_t error_info; /* command specific information of its error log entry */
	bool error_logged;   /* it has that entry: whoever knows most was first */
	uint64_t delay;	     /* ns that a fault adds to what it takes anyway */
	uint32_t generation; /* of the controller's life: an old one is dropped */
	struct emu_list of_sq;
	struct emu_list of_cq;
	struct emu_timer timer; /* latency, or whatever the handler waits for */
	void *priv;		/* the handler's; free_priv is called with it when the command is complete or gone */
	void (*free_priv)(void *priv);
	bool done;	/* complete; the host may not know yet */
	bool aborted;	/* by the host: with an answer at once, and nothing in the error log */
	uint8_t faults; /* EMU_CMD_*: what fault.c wants of the completion */
};

#define EMU_CMD_DOUBLE	    0x01 /* complete twice */
#define EMU_CMD_WRONG_CID   0x02
#define EMU_CMD_STALE_CID   0x04 /* an id that was completed before */
#define EMU_CMD_WRONG_PHASE 0x08
#define EMU_CMD_NO_IRQ	    0x10
#define EMU_CMD_DROP	    0x20 /* never completed */

static inline uint32_t emu_cdw10(const struct emu_cmd *cmd)
{
	return le32toh(cmd->sqe.cdw10);
}
static inline uint32_t emu_cdw11(const struct emu_cmd *cmd)
{
	return le32toh(cmd->sqe.cdw11);
}
static inline uint32_t emu_cdw12(const struct emu_cmd *cmd)
{
	return le32toh(cmd->sqe.cdw12);
}
static inline uint32_t emu_cdw13(const struct emu_cmd *cmd)
{
	return le32toh(cmd->sqe.cdw13);
}
static inline uint32_t emu_cdw14(const struct emu_cmd *cmd)
{
	return le32toh(cmd->sqe.cdw14);
}
static inline uint32_t emu_cdw15(const struct emu_cmd *cmd)
{
	return le32toh(cmd->sqe.cdw15);
}
static inline uint32_t emu_nsid(const struct emu_cmd *cmd)
{
	return le32toh(cmd->sqe.nsid);
}

#endif
