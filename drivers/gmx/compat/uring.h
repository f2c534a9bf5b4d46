/* SPDX-License-Identifier: GPL-2.0-only */
/* Commands that come through io_uring. */
#ifndef GMX_COMPAT_URING_H
#define GMX_COMPAT_URING_H

#ifdef GMX_HAVE_IO_URING_CMD_H
#include <linux/io_uring/cmd.h>
#else /* remove when minimum >= 6.8 */
#include <linux/io_uring.h>
#endif
#include <linux/blk-mq.h>

/* The command's payload: 80 bytes on a ring with large entries (IO_URING_F_SQE128), else 16. */
static inline const void *gmx_uring_cmd_payload(const struct io_uring_cmd *cmd)
{
#ifdef GMX_HAVE_UCMD_SQE
	return cmd->sqe->cmd;
#else /* remove when minimum >= 6.6 */
	return cmd->cmd;
#endif
}

/* True on a ring whose submission and completion entries are both large. */
static inline bool gmx_uring_cmd_is_large(unsigned int issue_flags)
{
	return (issue_flags & IO_URING_F_SQE128) && (issue_flags & IO_URING_F_CQE32);
}

#ifndef GMX_HAVE_UCMD_PDU /* remove when minimum >= 6.11 */
#define io_uring_cmd_to_pdu(cmd, type) ({						\
	BUILD_BUG_ON(sizeof(type) > sizeof_field(struct io_uring_cmd, pdu));		\
	(type *)&(cmd)->pdu;								\
})
#endif

/* Completes a command with a second result. issue_flags are those that came with the call or task work. */
#ifndef GMX_HAVE_UCMD_DONE32 /* remove when minimum >= 6.18 */
#define io_uring_cmd_done32(cmd, ret, res2, issue_flags)	io_uring_cmd_done(cmd, ret, res2, issue_flags)
#endif

/* fn(struct io_uring_cmd *, unsigned int issue_flags) */
#ifdef GMX_HAVE_UCMD_TASK_WORK
#define GMX_OP_URING_TASK_WORK(name, fn)						\
	static void name(struct io_tw_req tw_req, io_tw_token_t tw)			\
	{										\
		fn(io_uring_cmd_from_tw(tw_req), IO_URING_CMD_TASK_WORK_ISSUE_FLAGS);	\
	}
#else /* remove when minimum >= 6.19 */
#define GMX_OP_URING_TASK_WORK(name, fn)						\
	static void name(struct io_uring_cmd *cmd, unsigned int issue_flags)		\
	{										\
		fn(cmd, issue_flags);							\
	}
#endif

#ifndef GMX_HAVE_UCMD_DO_LAZY /* remove when minimum >= 6.5 */
#define io_uring_cmd_do_in_task_lazy(cmd, work)	io_uring_cmd_complete_in_task(cmd, work)
#endif

#ifndef GMX_HAVE_UCMD_IMPORT_FLAGS /* remove when minimum >= 6.15 */
#define io_uring_cmd_import_fixed(ubuf, len, rw, iter, cmd, issue_flags)	\
	((void)(issue_flags), io_uring_cmd_import_fixed(ubuf, len, rw, iter, cmd))
#endif

#endif
