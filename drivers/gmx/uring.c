// SPDX-License-Identifier: GPL-2.0-only
/* The same commands as the ioctls', without waiting: io_uring's uring_cmd on the character nodes. */
#include "gmx.h"

#include <linux/fs.h>
#include <linux/nvme_ioctl.h>
#include <linux/uio.h>

/* What is kept in the command while its request is out. */
struct gmx_uring_pdu {
	struct blk_mq_hw_ctx *hctx;	/* NULL: not polled, or ended */
	struct bio *bio;		/* the request no longer has it once it has ended */
	u64 result;
	int status;
};

static struct gmx_uring_pdu *gmx_uring_pdu(struct io_uring_cmd *ioucmd)
{
	return io_uring_cmd_to_pdu(ioucmd, struct gmx_uring_pdu);
}

static void gmx_uring_finish(struct io_uring_cmd *ioucmd, unsigned int issue_flags)
{
	struct gmx_uring_pdu *pdu = gmx_uring_pdu(ioucmd);

	if (pdu->bio)
		blk_rq_unmap_user(pdu->bio);
	io_uring_cmd_done32(ioucmd, pdu->status, pdu->result, issue_flags);
}

GMX_OP_URING_TASK_WORK(gmx_uring_task_work, gmx_uring_finish)

static enum rq_end_io_ret gmx_uring_ended(struct request *rq, blk_status_t status, const struct io_comp_batch *iob)
{
	struct io_uring_cmd *ioucmd = rq->end_io_data;
	struct gmx_uring_pdu *pdu = gmx_uring_pdu(ioucmd);

	/* who polls must not look at it from here on */
	WRITE_ONCE(pdu->hctx, NULL);
	pdu->status = gmx_passthru_errno(rq, status);
	pdu->result = gmx_req(rq)->result;
	/* Always in the submitter's task: who polls may be another ring, and memory is not unmapped in an interrupt. */
	io_uring_cmd_do_in_task_lazy(ioucmd, gmx_uring_task_work);
	return RQ_END_IO_FREE;
}

GMX_OP_END_IO(gmx_uring_end_io, gmx_uring_ended)

/* The entry is shared with user space: each field is read once. */
static void gmx_uring_read(struct io_uring_cmd *ioucmd, struct gmx_sqe *cmd, struct gmx_user_data *data)
{
	const struct nvme_uring_cmd *ucmd = gmx_uring_cmd_payload(ioucmd);

	*cmd = (struct gmx_sqe) {
		.opcode	= READ_ONCE(ucmd->opcode),
		.flags	= READ_ONCE(ucmd->flags),
		.nsid	= cpu_to_le32(READ_ONCE(ucmd->nsid)),
		.cdw2	= cpu_to_le32(READ_ONCE(ucmd->cdw2)),
		.cdw3	= cpu_to_le32(READ_ONCE(ucmd->cdw3)),
		.cdw10	= cpu_to_le32(READ_ONCE(ucmd->cdw10)),
		.cdw11	= cpu_to_le32(READ_ONCE(ucmd->cdw11)),
		.cdw12	= cpu_to_le32(READ_ONCE(ucmd->cdw12)),
		.cdw13	= cpu_to_le32(READ_ONCE(ucmd->cdw13)),
		.cdw14	= cpu_to_le32(READ_ONCE(ucmd->cdw14)),
		.cdw15	= cpu_to_le32(READ_ONCE(ucmd->cdw15)),
	};
	*data = (struct gmx_user_data) {
		.addr		= READ_ONCE(ucmd->addr),
		.len		= READ_ONCE(ucmd->data_len),
		.meta		= READ_ONCE(ucmd->metadata),
		.meta_len	= READ_ONCE(ucmd->metadata_len),
		.timeout_ms	= READ_ONCE(ucmd->timeout_ms),
	};
}

static int gmx_uring_issue(struct request_queue *q, struct io_uring_cmd *ioucmd, const struct gmx_sqe *cmd,
			   const struct gmx_user_data *data, unsigned int issue_flags)
{
	struct gmx_uring_pdu *pdu = gmx_uring_pdu(ioucmd);
	blk_opf_t opf = GMX_OPC_IS_WRITE(cmd->opcode) ? REQ_OP_DRV_OUT : REQ_OP_DRV_IN;
	blk_mq_req_flags_t flags = 0;
	struct request *rq;
	int ret;

	opf |= REQ_ALLOC_CACHE;
	if (issue_flags & IO_URING_F_NONBLOCK) {
		opf |= REQ_NOWAIT;
		flags = BLK_MQ_REQ_NOWAIT;
	}
	if (issue_flags & IO_URING_F_IOPOLL)
		opf |= REQ_POLLED;

	rq = blk_mq_alloc_request(q, opf, flags);
	if (IS_ERR(rq))
		return PTR_ERR(rq);
	gmx_passthru_init(rq, cmd, true);
	ret = gmx_passthru_map(rq, data);
	if (ret)
		return ret;

	pdu->hctx = rq->mq_hctx->type == HCTX_TYPE_POLL ? rq->mq_hctx : NULL;
	pdu->bio = rq->bio;
	rq->end_io_data = ioucmd;
	rq->end_io = gmx_uring_end_io;
	blk_execute_rq_nowait(rq, false);
	return -EIOCBQUEUED;
}

/* Freezing and scanning wait, so they need a context that may: the ring's workers, who come here without NONBLOCK. */
static int gmx_uring_wait(struct gmx_ctrl *ctrl, struct io_uring_cmd *ioucmd, const struct gmx_sqe *cmd,
			  const struct gmx_user_data *data, unsigned int issue_flags)
{
	u64 result = 0;
	int ret;

	if (issue_flags & IO_URING_F_NONBLOCK)
		return -EAGAIN;
	ret = gmx_passthru_user(ctrl, NULL, cmd, data, &result);
	io_uring_cmd_done32(ioucmd, ret, result, issue_flags);
	return -EIOCBQUEUED;
}

static int gmx_uring_cmd(struct gmx_ctrl *ctrl, struct gmx_ns *ns, struct io_uring_cmd *ioucmd,
			 unsigned int issue_flags, bool vec)
{
	u32 waits = GMX_EFFECTS_CSE_MASK | GMX_EFFECTS_NIC | GMX_EFFECTS_NCC | GMX_EFFECTS_CCC;
	struct request_queue *q = ns ? ns->queue : ctrl->admin_q;
	struct gmx_user_data data;
	struct iov_iter iter;
	struct gmx_sqe cmd;
	int ret;

	gmx_uring_read(ioucmd, &cmd, &data);
	data.vec = vec;
	if (cmd.flags)
		return -EINVAL;
	if (!gmx_ioctl_nsid_ok(ctrl, ns, le32_to_cpu(cmd.nsid)))
		return -EINVAL;
	if (!gmx_ioctl_allowed(ns, &cmd, ioucmd->file->f_mode & FMODE_WRITE ? GMX_IOCTL_WRITE : 0))
		return -EACCES;
	if (!q)
		return -ENODEV;

	if ((ioucmd->flags & IORING_URING_CMD_FIXED) && data.addr && data.len) {
		if (vec)
			return -EINVAL;
		ret = io_uring_cmd_import_fixed(data.addr, data.len, GMX_OPC_IS_WRITE(cmd.opcode) ? WRITE : READ, &iter,
						ioucmd, issue_flags);
		if (ret < 0)
			return ret;
		data.fixed = &iter;
	}
	if (!ns && (gmx_passthru_effects(ctrl, ns, cmd.opcode) & waits))
		return gmx_uring_wait(ctrl, ioucmd, &cmd, &data, issue_flags);
	return gmx_uring_issue(q, ioucmd, &cmd, &data, issue_flags);
}

int gmx_uring_ctrl(struct io_uring_cmd *ioucmd, unsigned int issue_flags)
{
	struct gmx_ctrl *ctrl = ((struct gmx_file *)ioucmd->file->private_data)->ctrl;

	/* no admin queue is polled */
	if ((issue_flags & IO_URING_F_IOPOLL) || !gmx_uring_cmd_is_large(issue_flags))
		return -EOPNOTSUPP;
	switch (ioucmd->cmd_op) {
	case NVME_URING_CMD_ADMIN:
		return gmx_uring_cmd(ctrl, NULL, ioucmd, issue_flags, false);
	case NVME_URING_CMD_ADMIN_VEC:
		return gmx_uring_cmd(ctrl, NULL, ioucmd, issue_flags, true);
	default:
		return -ENOTTY;
	}
}

int gmx_uring_ns(struct io_uring_cmd *ioucmd, unsigned int issue_flags)
{
	struct gmx_ns *ns = ioucmd->file->private_data;

	if (!gmx_uring_cmd_is_large(issue_flags))
		return -EOPNOTSUPP;
	switch (ioucmd->cmd_op) {
	case NVME_URING_CMD_IO:
		return gmx_uring_cmd(ns->ctrl, ns, ioucmd, issue_flags, false);
	case NVME_URING_CMD_IO_VEC:
		return gmx_uring_cmd(ns->ctrl, ns, ioucmd, issue_flags, true);
	default:
		return -ENOTTY;
	}
}

/* By the queue that it went to: the request itself may end, and be another's, at any time. */
int gmx_uring_ns_poll(struct io_uring_cmd *ioucmd, struct io_comp_batch *iob, unsigned int poll_flags)
{
	struct gmx_ns *ns = ioucmd->file->private_data;
	struct blk_mq_hw_ctx *hctx;
	int found = 0;

	/* A change of the queue layout frees hardware contexts, while nothing uses the queue. */
	if (!percpu_ref_tryget(&ns->queue->q_usage_counter))
		return 0;
	hctx = READ_ONCE(gmx_uring_pdu(ioucmd)->hctx);
	if (hctx)
		found = gmx_poll(hctx, iob);
	percpu_ref_put(&ns->queue->q_usage_counter);
	return found;
}
