/* SPDX-License-Identifier: GPL-2.0-only */
/* A hardware context's rings, its slots, and what a request carries through them. */
#ifndef GMX_HWQ_H
#define GMX_HWQ_H

#include "compat/compat.h"

#include <linux/blk-mq.h>
#include <linux/interrupt.h>
#include <linux/spinlock.h>

#include <gmx/nvme.h>

#include "compat/dma.h"
#include "desc.h"

#define GMX_MAX_DEPTH		4095	/* 12 bits of a command id are the tag */
#define GMX_MAX_SEGS		GMX_DMA_MAX_SEGS
#define GMX_SMALL_SEGS		32	/* of 128 KiB in pages */
#define GMX_TAG_BITS		12
#define GMX_TAG_MASK		((1u << GMX_TAG_BITS) - 1)
#define GMX_CID_FREE		0x1ffff	/* no command of this tag is in flight: not of a command id's 16 bits */

struct gmx_ctrl;
struct gmx_hwq;
struct gmx_space;

/* Of a context; a lone one is the first. */
enum { GMX_SQ_MEDIUM, GMX_SQ_HIGH, GMX_SQ_LOW, GMX_SQS_PER_HWQ };

/* Which command owns a tag. Written by the submitter before the doorbell, freed by the one completer. */
struct gmx_slot {
	struct request *rq;
	u32 cid;
	u16 next_cid;			/* the tag, below a generation that each use raises */
};

struct gmx_sq {
	spinlock_t lock;		/* ring contents, tail, rung, shadow doorbell */
	u16 tail;
	u16 rung;			/* the tail that the controller was last told */
	u16 depth;
	u16 qid;
	bool plain;			/* a doorbell is one register write: neither shadow nor cmb */
	struct gmx_sqe *ring;
	u32 __iomem *db;
	__le32 *shadow_db;		/* NULL without Doorbell Buffer Config */
	__le32 *shadow_ei;
	dma_addr_t ring_dma;
	void __iomem *cmb;		/* the controller reads the ring's copy there; NULL: the ring itself */
	u64 cmb_bus;
};

/* Sums over interrupts, which wrap. */
struct gmx_adaptive_seen {
	u32 rounds;
	u32 done;
	u32 in_flight;
};

/*
 * One blk-mq hardware context: a completion queue with its vector, and the submission queues that feed it.
 * Index 0 is the admin queue, index i + 1 serves hctx i.
 */
struct gmx_hwq {
	struct gmx_sq sq[GMX_SQS_PER_HWQ];

	/* read by submission and completion, written while queues are made */
	struct gmx_slot *slots ____cacheline_aligned_in_smp;
	struct device *dma_dev;
	struct gmx_ctrl *ctrl;
	unsigned long flags;
	u32 page_bytes;			/* of the controller */
	u16 slot_mask;			/* slots are a power of two, of which nr_slots are used */
	u16 nr_slots;
	u16 idx;			/* in ctrl->hwqs; also the completion queue's id */
	u16 space_mask;			/* small spaces are a power of two */
	u32 small_bytes;		/* most that one describes */
	struct gmx_space *spaces;	/* the small ones, then a fourth as many big ones */

	struct gmx_cqe *cqes ____cacheline_aligned_in_smp;
	u32 __iomem *cq_db;
	__le32 *cq_shadow_db;
	__le32 *cq_shadow_ei;
	u16 cq_head;
	u16 cq_depth;
	u8 phase;
	u8 nr_sqs;
	spinlock_t cq_lock;		/* cq_head, phase and slots against all but the vector's handler */
	struct io_comp_batch iob;	/* the handler's */

	dma_addr_t cq_dma;
	int vector;			/* index for pci_irq_vector(), -1: polled */
	int node;
	/* interrupt profile "adaptive" */
	struct gmx_adaptive_seen seen;	/* the handler's */
	struct gmx_adaptive_seen decided; /* what it was at the last decision */
	u16 seen_head;
	bool busy;
	bool gathers;			/* feature 09h lets the vector */
	char irq_name[24];
} ____cacheline_aligned_in_smp;

enum {
	GMX_HWQ_MEMORY,			/* rings and slots are allocated */
	GMX_HWQ_CREATED,		/* the controller knows the queues */
	GMX_HWQ_IRQ,			/* the vector is requested */
	GMX_HWQ_ENABLED,		/* takes commands */
	GMX_HWQ_STRAIGHT,		/* and has one submission queue for all of them: the hot path's question */
};

/* Per-request context, behind struct request. */
struct gmx_req {
	union gmx_dptr dptr;		/* of one mapped piece, the first word is its address */
	union {
		struct {
			u16 status;	/* without the phase bit */
			u8 flags;
			u8 retries;
			u32 give_up;	/* jiffies; 0: never timed out, then no retry from there on */
		};
		u64 start;		/* all of these, for a command's first try */
	};
	u64 result;			/* passthrough: completion dwords 0 and 1 */
	u16 nr_segs;
	struct gmx_space *space;	/* of a request that has GMX_REQ_MAP_MULTI */
	struct gmx_dma_state dma;	/* compat/dma.h: the back end's own */
	struct gmx_sqe sqe;		/* passthrough only: the caller's command */
};

#define GMX_REQ_MAP_SINGLE	BIT(0)
#define GMX_REQ_MAP_MULTI	BIT(1)
#define GMX_REQ_TIMED_OUT	BIT(2)	/* timed out once; an abort may be under way */
#define GMX_REQ_CANCELLED	BIT(3)	/* completed by the host, not by the controller */
#define GMX_REQ_SPECIAL	BIT(4)	/* the payload is the driver's own */
#define GMX_REQ_RESET_PATH	BIT(5)	/* part of bringing the controller up: passes while it is not live */
#define GMX_REQ_SGL		GMX_SQE_SGL /* BIT(6), as the command has it */
#define GMX_REQ_PASSTHRU	BIT(7)	/* wants the result */
#define GMX_REQ_MAPPED		(GMX_REQ_MAP_SINGLE | GMX_REQ_MAP_MULTI) /* both: one piece, which has a space too */

static inline struct gmx_req *gmx_req(struct request *rq)
{
	return blk_mq_rq_to_pdu(rq);
}

/* queue.c: memory, rings, doorbells */
int gmx_hwq_alloc(struct gmx_ctrl *ctrl, unsigned int idx, unsigned int depth, unsigned int nr_slots,
		  unsigned int nr_sqs, int node);
void gmx_hwq_free(struct gmx_hwq *hwq);
void gmx_hwq_init(struct gmx_hwq *hwq);
void gmx_hwq_enable(struct gmx_hwq *hwq);
void gmx_hwq_disable(struct gmx_hwq *hwq);
irqreturn_t gmx_cq_irq(int irq, void *data);
bool gmx_cq_process(struct gmx_hwq *hwq, struct io_comp_batch *iob);
void gmx_cq_process_stopped(struct gmx_hwq *hwq);
void gmx_cq_poll_vector(struct gmx_hwq *hwq);
bool gmx_slot_take_back(struct gmx_hwq *hwq, struct request *rq);
u32 gmx_slot_mark_timed_out(struct gmx_hwq *hwq, struct request *rq, u16 *sqid);
bool gmx_slot_take_back_stopped(struct gmx_hwq *hwq, struct request *rq);
int gmx_aen_post(struct gmx_ctrl *ctrl, unsigned int slot);

#endif
