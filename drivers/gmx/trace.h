/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers only: their names come from the print format, so nothing is copied on the hot path. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM gmx

#if !defined(GMX_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define GMX_TRACE_H

#include <linux/tracepoint.h>

#include "gmx.h"

#ifndef GMX_TRACE_ENUMS
#define GMX_TRACE_ENUMS

/* What the time-out handler did about a command that is late */
enum gmx_timeout_action {
	GMX_TIMEOUT_COMPLETED,		/* it was done, only its interrupt was missed */
	GMX_TIMEOUT_ABORT,
	GMX_TIMEOUT_RESET,
	GMX_TIMEOUT_CANCEL,		/* taken back by the host */
	GMX_TIMEOUT_WAIT,		/* given more time */
};

enum gmx_pci_event {
	GMX_PCI_ERROR_DETECTED,
	GMX_PCI_MMIO_ENABLED,
	GMX_PCI_SLOT_RESET,
	GMX_PCI_RESUME,
	GMX_PCI_RESET_PREPARE,
	GMX_PCI_RESET_DONE,
	GMX_PCI_CORRECTED,
};

/* The stronger means of a reset that a reset of the controller alone did not end */
enum gmx_means {
	GMX_MEANS_FUNCTION,
	GMX_MEANS_SUBSYSTEM,
};

static inline struct gmx_hwq *gmx_trace_hwq(struct request *rq)
{
	return rq->mq_hctx->driver_data;
}

#endif

#define gmx_show_state(state)				\
	__print_symbolic(state,				\
		{ GMX_NEW,		"new" },	\
		{ GMX_LIVE,		"live" },	\
		{ GMX_RESETTING,	"resetting" },	\
		{ GMX_RECOVERING,	"recovering" },	\
		{ GMX_ADMIN_ONLY,	"admin-only" },	\
		{ GMX_DELETING,		"deleting" },	\
		{ GMX_DEAD,		"dead" })

#define gmx_show_event(event)					\
	__print_symbolic(event,					\
		{ GMX_EV_RESET,		"reset" },		\
		{ GMX_EV_READY,		"ready" },		\
		{ GMX_EV_NO_IO_QUEUES,	"no-io-queues" },	\
		{ GMX_EV_BUDGET,	"budget" },		\
		{ GMX_EV_FAILED,	"failed" },		\
		{ GMX_EV_GONE,		"gone" },		\
		{ GMX_EV_REMOVE,	"remove" })

#define gmx_show_timeout_action(action)				\
	__print_symbolic(action,				\
		{ GMX_TIMEOUT_COMPLETED,	"completed" },	\
		{ GMX_TIMEOUT_ABORT,		"abort" },	\
		{ GMX_TIMEOUT_RESET,		"reset" },	\
		{ GMX_TIMEOUT_CANCEL,		"cancel" },	\
		{ GMX_TIMEOUT_WAIT,		"wait" })

#define gmx_show_pci_event(event)					\
	__print_symbolic(event,						\
		{ GMX_PCI_ERROR_DETECTED,	"error-detected" },	\
		{ GMX_PCI_MMIO_ENABLED,		"mmio-enabled" },	\
		{ GMX_PCI_SLOT_RESET,		"slot-reset" },		\
		{ GMX_PCI_RESUME,		"resume" },		\
		{ GMX_PCI_RESET_PREPARE,	"reset-prepare" },	\
		{ GMX_PCI_RESET_DONE,		"reset-done" },		\
		{ GMX_PCI_CORRECTED,		"corrected" })

#define gmx_show_means(means)					\
	__print_symbolic(means,					\
		{ GMX_MEANS_FUNCTION,		"function" },	\
		{ GMX_MEANS_SUBSYSTEM,		"subsystem" })

/* Print formats are read by user space too: it knows values, not the names of our enumerators. */
TRACE_DEFINE_ENUM(GMX_NEW);
TRACE_DEFINE_ENUM(GMX_LIVE);
TRACE_DEFINE_ENUM(GMX_RESETTING);
TRACE_DEFINE_ENUM(GMX_RECOVERING);
TRACE_DEFINE_ENUM(GMX_ADMIN_ONLY);
TRACE_DEFINE_ENUM(GMX_DELETING);
TRACE_DEFINE_ENUM(GMX_DEAD);
TRACE_DEFINE_ENUM(GMX_EV_RESET);
TRACE_DEFINE_ENUM(GMX_EV_READY);
TRACE_DEFINE_ENUM(GMX_EV_NO_IO_QUEUES);
TRACE_DEFINE_ENUM(GMX_EV_BUDGET);
TRACE_DEFINE_ENUM(GMX_EV_FAILED);
TRACE_DEFINE_ENUM(GMX_EV_GONE);
TRACE_DEFINE_ENUM(GMX_EV_REMOVE);
TRACE_DEFINE_ENUM(GMX_TIMEOUT_COMPLETED);
TRACE_DEFINE_ENUM(GMX_TIMEOUT_ABORT);
TRACE_DEFINE_ENUM(GMX_TIMEOUT_RESET);
TRACE_DEFINE_ENUM(GMX_TIMEOUT_CANCEL);
TRACE_DEFINE_ENUM(GMX_TIMEOUT_WAIT);
TRACE_DEFINE_ENUM(GMX_PCI_ERROR_DETECTED);
TRACE_DEFINE_ENUM(GMX_PCI_MMIO_ENABLED);
TRACE_DEFINE_ENUM(GMX_PCI_SLOT_RESET);
TRACE_DEFINE_ENUM(GMX_PCI_RESUME);
TRACE_DEFINE_ENUM(GMX_PCI_RESET_PREPARE);
TRACE_DEFINE_ENUM(GMX_PCI_RESET_DONE);
TRACE_DEFINE_ENUM(GMX_PCI_CORRECTED);
TRACE_DEFINE_ENUM(GMX_MEANS_FUNCTION);
TRACE_DEFINE_ENUM(GMX_MEANS_SUBSYSTEM);

TRACE_EVENT(gmx_setup_cmd,
	    TP_PROTO(struct request *rq, const struct gmx_sqe *sqe),
	    TP_ARGS(rq, sqe),
	    TP_STRUCT__entry(__field(int, ctrl)
			     __field(u16, qid)
			     __field(u16, sq)
			     __field(u16, cid)
			     __field(u32, nsid)
			     __field(u8, opcode)
			     __field(u8, flags)
			     __field(u32, cdw10)
			     __field(u32, cdw11)
			     __field(u32, cdw12)),
	    TP_fast_assign(__entry->ctrl = gmx_trace_hwq(rq)->ctrl->instance;
			   __entry->qid = gmx_trace_hwq(rq)->idx;
			   __entry->sq = gmx_arbitration_sq(gmx_trace_hwq(rq), rq)->qid;
			   __entry->cid = le16_to_cpu(sqe->cid);
			   __entry->nsid = le32_to_cpu(sqe->nsid);
			   __entry->opcode = sqe->opcode;
			   __entry->flags = sqe->flags;
			   __entry->cdw10 = le32_to_cpu(sqe->cdw10);
			   __entry->cdw11 = le32_to_cpu(sqe->cdw11);
			   __entry->cdw12 = le32_to_cpu(sqe->cdw12);),
	    TP_printk("gmx%d: qid=%u sq=%u cid=%#x nsid=%u opcode=%#x flags=%#x cdw10=%#x cdw11=%#x cdw12=%#x",
		      __entry->ctrl, __entry->qid, __entry->sq, __entry->cid, __entry->nsid, __entry->opcode,
		      __entry->flags, __entry->cdw10, __entry->cdw11, __entry->cdw12)
);

TRACE_EVENT(gmx_complete_rq,
	    TP_PROTO(struct request *rq),
	    TP_ARGS(rq),
	    TP_STRUCT__entry(__field(int, ctrl)
			     __field(u16, qid)
			     __field(u16, tag)
			     __field(u64, result)
			     __field(u16, status)
			     __field(u8, retries)
			     __field(u8, flags)),
	    TP_fast_assign(__entry->ctrl = gmx_trace_hwq(rq)->ctrl->instance;
			   __entry->qid = gmx_trace_hwq(rq)->idx;
			   __entry->tag = rq->tag;
			   __entry->result = blk_rq_is_passthrough(rq) ? gmx_req(rq)->result : 0;
			   __entry->status = gmx_req(rq)->status;
			   __entry->retries = gmx_req(rq)->retries;
			   __entry->flags = gmx_req(rq)->flags;),
	    TP_printk("gmx%d: qid=%u tag=%u status=%#x result=%#llx retries=%u flags=%#x",
		      __entry->ctrl, __entry->qid, __entry->tag, __entry->status, __entry->result, __entry->retries,
		      __entry->flags)
);

TRACE_EVENT(gmx_ctrl_state,
	    TP_PROTO(struct gmx_ctrl *ctrl, enum gmx_state from, enum gmx_event event, enum gmx_state to),
	    TP_ARGS(ctrl, from, event, to),
	    TP_STRUCT__entry(__field(int, ctrl)
			     __field(u8, from)
			     __field(u8, event)
			     __field(u8, to)),
	    TP_fast_assign(__entry->ctrl = ctrl->instance;
			   __entry->from = from;
			   __entry->event = event;
			   __entry->to = to;),
	    TP_printk("gmx%d: from=%s event=%s to=%s", __entry->ctrl, gmx_show_state(__entry->from),
		      gmx_show_event(__entry->event), gmx_show_state(__entry->to))
);

TRACE_EVENT(gmx_timeout,
	    TP_PROTO(struct request *rq, u32 csts, enum gmx_timeout_action action),
	    TP_ARGS(rq, csts, action),
	    TP_STRUCT__entry(__field(int, ctrl)
			     __field(u16, qid)
			     __field(u16, tag)
			     __field(u32, csts)
			     __field(u8, action)),
	    TP_fast_assign(__entry->ctrl = gmx_trace_hwq(rq)->ctrl->instance;
			   __entry->qid = gmx_trace_hwq(rq)->idx;
			   __entry->tag = rq->tag;
			   __entry->csts = csts;
			   __entry->action = action;),
	    TP_printk("gmx%d: qid=%u tag=%u csts=%#x action=%s", __entry->ctrl, __entry->qid, __entry->tag,
		      __entry->csts, gmx_show_timeout_action(__entry->action))
);

TRACE_EVENT(gmx_pci_error,
	    TP_PROTO(struct gmx_ctrl *ctrl, enum gmx_pci_event event, unsigned int channel),
	    TP_ARGS(ctrl, event, channel),
	    TP_STRUCT__entry(__field(int, ctrl)
			     __field(u8, event)
			     __field(u8, channel)),
	    TP_fast_assign(__entry->ctrl = ctrl->instance;
			   __entry->event = event;
			   __entry->channel = channel;),
	    TP_printk("gmx%d: event=%s channel=%u", __entry->ctrl, gmx_show_pci_event(__entry->event), __entry->channel)
);

TRACE_EVENT(gmx_escalation,
	    TP_PROTO(struct gmx_ctrl *ctrl, enum gmx_means means, int error, int result),
	    TP_ARGS(ctrl, means, error, result),
	    TP_STRUCT__entry(__field(int, ctrl)
			     __field(u8, means)
			     __field(int, error)
			     __field(int, result)),
	    TP_fast_assign(__entry->ctrl = ctrl->instance;
			   __entry->means = means;
			   __entry->error = error;
			   __entry->result = result;),
	    TP_printk("gmx%d: means=%s error=%d result=%d", __entry->ctrl, gmx_show_means(__entry->means),
		      __entry->error, __entry->result)
);

TRACE_EVENT(gmx_async_event,
	    TP_PROTO(struct gmx_ctrl *ctrl, u32 result),
	    TP_ARGS(ctrl, result),
	    TP_STRUCT__entry(__field(int, ctrl)
			     __field(u32, result)),
	    TP_fast_assign(__entry->ctrl = ctrl->instance;
			   __entry->result = result;),
	    TP_printk("gmx%d: type=%u info=%#x log=%#x", __entry->ctrl, GMX_AEN_TYPE(__entry->result),
		      GMX_AEN_INFO(__entry->result), GMX_AEN_LOG(__entry->result))
);

#endif

/* Kbuild names our folder to the compiler for trace.o. */
#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace

#include <trace/define_trace.h>
