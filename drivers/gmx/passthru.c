// SPDX-License-Identifier: GPL-2.0-only
/* Commands that somebody else made: how they become requests, and what they do to the rest of the controller. */
#include "gmx.h"

#include <linux/bio.h>
#include <linux/blkdev.h>
#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/uio.h>

static struct gmx_ctrl *gmx_passthru_ctrl(struct request *rq)
{
	return ((struct gmx_hwq *)rq->mq_hctx->driver_data)->ctrl;
}

static unsigned int gmx_passthru_timeout(struct gmx_ctrl *ctrl, struct gmx_ns *ns)
{
	u32 own = ns ? READ_ONCE(ns->io_timeout_ms) : 0;

	if (!ns)
		return READ_ONCE(ctrl->timeouts.admin_ms);
	return own ? own : READ_ONCE(ctrl->timeouts.io_ms);
}

void gmx_passthru_init(struct request *rq, const struct gmx_sqe *cmd, bool user)
{
	struct gmx_req *req = gmx_req(rq);

	rq->timeout = msecs_to_jiffies(gmx_passthru_timeout(gmx_passthru_ctrl(rq), rq->q->queuedata));
	rq->cmd_flags |= REQ_FAILFAST_DRIVER;
	if (rq->mq_hctx->type == HCTX_TYPE_POLL)
		rq->cmd_flags |= REQ_POLLED;
	if (user)
		rq->rq_flags |= RQF_QUIET;

	req->start = 0;
	req->flags = GMX_REQ_PASSTHRU;
	req->result = 0;
	req->sqe = *cmd;
	/* how data is described is for the driver to say */
	req->sqe.flags &= ~GMX_SQE_PSDT_MASK;
}

/* The controller makes and strips protection information, so that the host's buffers have none. */
static bool gmx_passthru_pract(const struct gmx_sqe *cmd)
{
	return le32_to_cpu(cmd->cdw12) >> 16 & GMX_RW_PRACT;
}

/*
 * What the controller will move whatever the caller's buffer holds. PRPs carry no length, so a controller that is given
 * too little memory goes on past it.
 */
u64 gmx_passthru_needs(struct gmx_ns *ns, const struct gmx_sqe *cmd)
{
	u64 blocks = (le32_to_cpu(cmd->cdw12) & 0xffff) + 1;

	if (!ns && cmd->opcode == GMX_ADM_IDENTIFY)
		return GMX_IDENTIFY_SIZE;
	if (!ns)
		return GMX_OPC_HAS_DATA(cmd->opcode) ? GMX_PASSTHRU_UNKNOWN : 0;

	switch (cmd->opcode) {
	case GMX_NVM_WRITE:
	case GMX_NVM_READ:
	case GMX_NVM_COMPARE:
		if (ns->ms_extended && !(ns->ms_is_pi && gmx_passthru_pract(cmd)))
			return (blocks << ns->lba_shift) + blocks * ns->ms;
		return blocks << ns->lba_shift;
	case GMX_NVM_DSM:
		return ((le32_to_cpu(cmd->cdw10) & 0xff) + 1) * sizeof(struct gmx_dsm_range);
	case GMX_NVM_RESV_REPORT:
		return ((u64)le32_to_cpu(cmd->cdw10) + 1) * 4;
	case GMX_NVM_RESV_REGISTER:
	case GMX_NVM_RESV_ACQUIRE:
		return 16;
	case GMX_NVM_RESV_RELEASE:
		return 8;
	default:
		return GMX_OPC_HAS_DATA(cmd->opcode) ? GMX_PASSTHRU_UNKNOWN : 0;
	}
}

/*
 * Metadata in a buffer of its own is not passed on, and without that buffer the controller would use bus address 0.
 * Only what the controller makes and strips itself needs none.
 */
static bool gmx_passthru_meta_ok(struct gmx_ns *ns, const struct gmx_sqe *cmd)
{
	if (!ns || !ns->ms || ns->ms_extended)
		return true;
	switch (cmd->opcode) {
	case GMX_NVM_WRITE:
	case GMX_NVM_READ:
	case GMX_NVM_COMPARE:
		return ns->ms_is_pi && gmx_passthru_pract(cmd);
	default:
		return true;
	}
}

/* An administrator may send what he likes; others never make the controller leave their own memory. */
static bool gmx_passthru_len_ok(struct request *rq)
{
	u64 needs = gmx_passthru_needs(rq->q->queuedata, &gmx_req(rq)->sqe);

	return blk_rq_bytes(rq) >= needs || capable(CAP_SYS_ADMIN);
}

/* A 32-bit caller's upper halves are ignored, as a 32-bit kernel would. */
static void __user *gmx_passthru_uptr(u64 addr)
{
	if (in_compat_syscall())
		return compat_ptr(lower_32_bits(addr));
	return (void __user *)(uintptr_t)addr;
}

/* Refused before the block layer does: kernels before 6.2 first pin all of the buffer, however long. */
static bool gmx_passthru_too_long(struct request *rq, const struct gmx_user_data *data)
{
	return !data->fixed && !data->vec && data->len > (u64)queue_max_hw_sectors(rq->q) << SECTOR_SHIFT;
}

/* Frees the request when it fails. */
int gmx_passthru_map(struct request *rq, const struct gmx_user_data *data)
{
	struct gmx_ns *ns = rq->q->queuedata;
	void __user *addr = gmx_passthru_uptr(data->addr);
	int ret = -EINVAL;

	if (!gmx_passthru_meta_ok(ns, &gmx_req(rq)->sqe) || gmx_passthru_too_long(rq, data))
		goto free;
	if (addr && data->len) {
		/* no disk of ours carries integrity data */
		if (gmx_passthru_uptr(data->meta) && data->meta_len)
			goto free;
		if (data->fixed)
			ret = blk_rq_map_user_iov(rq->q, rq, NULL, data->fixed, GFP_KERNEL);
		else
			ret = blk_rq_map_user_io(rq, NULL, addr, data->len, GFP_KERNEL, data->vec, 0, false,
						 rq_data_dir(rq));
		if (ret)
			goto free;
		if (ns && rq->bio)
			bio_set_dev(rq->bio, ns->disk->part0);
	}
	if (!gmx_passthru_len_ok(rq)) {
		ret = -EINVAL;
		goto unmap;
	}
	if (data->timeout_ms)
		rq->timeout = msecs_to_jiffies(data->timeout_ms);
	return 0;

unmap:
	if (rq->bio)
		blk_rq_unmap_user(rq->bio);
free:
	blk_mq_free_request(rq);
	return ret;
}

/* 0, a positive NVMe status, or a negative errno when the controller has not carried the command out. */
int gmx_passthru_errno(struct request *rq, blk_status_t status)
{
	struct gmx_req *req = gmx_req(rq);

	if (req->flags & GMX_REQ_CANCELLED) {
		switch (gmx_ctrl_state(gmx_passthru_ctrl(rq))) {
		case GMX_DELETING:
		case GMX_DEAD:
			return -ENODEV;
		default:
			return -EINTR;
		}
	}
	return req->status ? req->status : blk_status_to_errno(status);
}

static int gmx_passthru_execute(struct gmx_ctrl *ctrl, struct gmx_ns *ns, struct request_queue *q,
				const struct gmx_sqe *cmd, const struct gmx_user_data *data, u64 *result)
{
	struct request *rq;
	struct bio *bio;
	u32 effects;
	int ret;

	rq = blk_mq_alloc_request(q, GMX_OPC_IS_WRITE(cmd->opcode) ? REQ_OP_DRV_OUT : REQ_OP_DRV_IN, 0);
	if (IS_ERR(rq))
		return PTR_ERR(rq);
	gmx_passthru_init(rq, cmd, true);
	ret = gmx_passthru_map(rq, data);
	if (ret)
		return ret;

	/* Only now that no page fault can need the disks that this may freeze. */
	bio = rq->bio;
	effects = gmx_passthru_start(ctrl, ns, cmd->opcode);
	ret = gmx_passthru_errno(rq, blk_execute_rq(rq, false));
	*result = gmx_req(rq)->result;
	if (bio)
		blk_rq_unmap_user(bio);
	blk_mq_free_request(rq);

	gmx_passthru_end(ctrl, ns, effects, cmd);
	return ret;
}

int gmx_passthru_user(struct gmx_ctrl *ctrl, struct gmx_ns *ns, const struct gmx_sqe *cmd,
		      const struct gmx_user_data *data, u64 *result)
{
	struct request_queue *q = ns ? ns->queue : ctrl->admin_q;
	bool alone;
	int ret;

	if (!q)
		return -ENODEV;
	/* One at a time: several that wait for a scan would hold the tags that the scan needs. */
	alone = gmx_passthru_effects(ctrl, ns, cmd->opcode) & GMX_EFFECTS_CSE_MASK;
	if (alone)
		mutex_lock(&ctrl->alone_lock);
	ret = gmx_passthru_execute(ctrl, ns, q, cmd, data, result);
	if (alone)
		mutex_unlock(&ctrl->alone_lock);
	return ret;
}

u32 gmx_passthru_effects(struct gmx_ctrl *ctrl, struct gmx_ns *ns, u8 opcode)
{
	struct gmx_log_effects *log = ctrl->effects;
	u32 effects = 0;

	if (ns) {
		if (log)
			effects = le32_to_cpu(log->iocs[opcode]);
		switch (opcode) {
		case GMX_NVM_WRITE:
		case GMX_NVM_WRITE_UNCOR:
		case GMX_NVM_WRITE_ZEROES:
			effects |= GMX_EFFECTS_LBCC;
			break;
		}
		/* an I/O command cannot wait until no I/O command is left */
		return effects & ~GMX_EFFECTS_CSE_MASK;
	}

	if (log)
		effects = le32_to_cpu(log->acs[opcode]);
	switch (opcode) {
	case GMX_ADM_FORMAT:
		effects |= GMX_EFFECTS_LBCC | GMX_EFFECTS_NCC | GMX_EFFECTS_CSE_MASK;
		break;
	case GMX_ADM_SANITIZE:
		effects |= GMX_EFFECTS_LBCC | GMX_EFFECTS_CSE_MASK;
		break;
	case GMX_ADM_NS_MGMT:
	case GMX_ADM_NS_ATTACH:
		if (!log)
			effects |= GMX_EFFECTS_NIC;
		break;
	case GMX_ADM_SECURITY_RECV:
		/* says: not between another's Send and Receive; freezing I/O would not give that */
		effects &= ~GMX_EFFECTS_CSE_MASK;
		break;
	}
	if (effects & GMX_EFFECTS_CSER_MASK)
		effects &= ~GMX_EFFECTS_CSE_MASK;
	return effects;
}

u32 gmx_passthru_start(struct gmx_ctrl *ctrl, struct gmx_ns *ns, u8 opcode)
{
	u32 effects = gmx_passthru_effects(ctrl, ns, opcode);

	/* all namespaces, even where the command wants only its own for itself */
	if (effects & GMX_EFFECTS_CSE_MASK) {
		mutex_lock(&ctrl->scan_lock);
		gmx_ns_freeze(ctrl);
	}
	return effects;
}

void gmx_passthru_end(struct gmx_ctrl *ctrl, struct gmx_ns *ns, u32 effects, const struct gmx_sqe *cmd)
{
	if (effects & GMX_EFFECTS_CSE_MASK) {
		if (effects & GMX_EFFECTS_NCC)
			gmx_ns_revalidate(ctrl);
		gmx_ns_unfreeze(ctrl);
		mutex_unlock(&ctrl->scan_lock);
	}
	if ((effects & GMX_EFFECTS_CCC) && !READ_ONCE(ctrl->caps_changed)) {
		WRITE_ONCE(ctrl->caps_changed, true);
		dev_info(&ctrl->dev, "%s (%#x) may change what the controller can do: reset it to let the driver see\n",
			 gmx_opcode_text(!ns, cmd->opcode), cmd->opcode);
	}
	if (effects & (GMX_EFFECTS_NIC | GMX_EFFECTS_NCC)) {
		gmx_ns_queue_scan(ctrl);
		flush_work(&ctrl->scan_work);
	}
}
