// SPDX-License-Identifier: GPL-2.0-only
/* Synchronous commands, and what Identify Controller tells. */
#include "gmx.h"

#include <linux/slab.h>

/* See gmx.h for what the return values mean. @timeout_ms 0: the controller's admin time-out. */
int gmx_cmd_sync(struct request_queue *q, struct gmx_sqe *cmd, u64 *result, void *buf, unsigned int len,
		 unsigned int timeout_ms, unsigned int flags)
{
	blk_opf_t opf = GMX_OPC_IS_WRITE(cmd->opcode) ? REQ_OP_DRV_OUT : REQ_OP_DRV_IN;
	struct gmx_req *req;
	struct request *rq;
	blk_status_t blk;
	int ret;

	/* A reset must never wait for a tag that user commands hold. */
	if (flags & GMX_CMD_RESET_PATH)
		rq = blk_mq_alloc_request(q, opf, BLK_MQ_REQ_NOWAIT | BLK_MQ_REQ_RESERVED);
	else
		rq = blk_mq_alloc_request(q, opf, 0);
	if (IS_ERR(rq))
		return PTR_ERR(rq);

	gmx_passthru_init(rq, cmd, flags & GMX_CMD_USER);
	req = gmx_req(rq);
	if (timeout_ms)
		rq->timeout = msecs_to_jiffies(timeout_ms);
	if (flags & GMX_CMD_RESET_PATH) {
		req->flags |= GMX_REQ_RESET_PATH;
		req->give_up = ((u32)jiffies + rq->timeout) | 1;
		rq->timeout = min_t(unsigned int, HZ, rq->timeout);
	}
	if (buf && len) {
		ret = blk_rq_map_kern(rq, buf, len, GFP_KERNEL);
		if (ret)
			goto out;
	}

	/* Before the commands that wait for the very reset that this one is part of. */
	blk = blk_execute_rq(rq, flags & GMX_CMD_RESET_PATH);
	if (req->flags & GMX_REQ_CANCELLED)
		ret = -EINTR;
	else if (req->status)
		ret = req->status;
	else
		ret = blk_status_to_errno(blk);
	if (result)
		*result = req->result;
out:
	blk_mq_free_request(rq);
	return ret;
}

int gmx_admin_sync(struct gmx_ctrl *ctrl, struct gmx_sqe *cmd, u64 *result, void *buf, unsigned int len,
		   unsigned int flags)
{
	unsigned int ms = flags & GMX_CMD_RESET_PATH ? gmx_recovery_command_ms(ctrl) : 0;

	return gmx_cmd_sync(ctrl->admin_q, cmd, result, buf, len, ms, flags);
}

int gmx_admin_identify(struct gmx_ctrl *ctrl, u8 cns, u32 nsid, u16 cntid, void *buf, unsigned int flags)
{
	struct gmx_sqe cmd = {
		.opcode	= GMX_ADM_IDENTIFY,
		.nsid	= cpu_to_le32(nsid),
		.cdw10	= cpu_to_le32(cns | (u32)cntid << 16),
	};

	return gmx_admin_sync(ctrl, &cmd, NULL, buf, GMX_IDENTIFY_SIZE, flags);
}

int gmx_admin_get_log(struct gmx_ctrl *ctrl, u32 nsid, u8 lid, u8 lsp, bool rae, u64 offset, void *buf, u32 len,
		      unsigned int flags)
{
	u32 dwords = len / 4 - 1;
	struct gmx_sqe cmd = {
		.opcode	= GMX_ADM_GET_LOG,
		.nsid	= cpu_to_le32(nsid),
		.cdw10	= cpu_to_le32(lid | (u32)lsp << 8 | (rae ? GMX_LOG_RAE : 0) | dwords << 16),
		.cdw11	= cpu_to_le32(dwords >> 16),
		.cdw12	= cpu_to_le32(lower_32_bits(offset)),
		.cdw13	= cpu_to_le32(upper_32_bits(offset)),
	};

	return gmx_admin_sync(ctrl, &cmd, NULL, buf, len, flags);
}

int gmx_admin_set_feature(struct gmx_ctrl *ctrl, u8 fid, u32 dword11, u32 *result, unsigned int flags)
{
	struct gmx_sqe cmd = {
		.opcode	= GMX_ADM_SET_FEATURES,
		.cdw10	= cpu_to_le32(fid),
		.cdw11	= cpu_to_le32(dword11),
	};
	u64 res = 0;
	int ret;

	ret = gmx_admin_sync(ctrl, &cmd, &res, NULL, 0, flags);
	if (!ret && result)
		*result = lower_32_bits(res);
	return ret;
}

int gmx_admin_get_feature(struct gmx_ctrl *ctrl, u8 fid, u32 *result, unsigned int flags)
{
	struct gmx_sqe cmd = {
		.opcode	= GMX_ADM_GET_FEATURES,
		.cdw10	= cpu_to_le32(fid),
	};
	u64 res = 0;
	int ret;

	ret = gmx_admin_sync(ctrl, &cmd, &res, NULL, 0, flags);
	if (!ret)
		*result = lower_32_bits(res);
	return ret;
}

/*
 * Strings from the device end up in logs, sysfs and udev rules: printable ASCII alone, blanks at both ends cut.
 * @to has room for @len + 1 bytes.
 */
void gmx_admin_copy_string(char *to, const char *from, size_t len)
{
	size_t i;

	for (i = 0; i < len && from[i]; i++)
		to[i] = from[i] >= 0x20 && from[i] < 0x7f ? from[i] : '?';
	while (i && to[i - 1] == ' ')
		i--;
	to[i] = '\0';
	for (i = 0; to[i] == ' '; i++)
		;
	memmove(to, to + i, strlen(to + i) + 1);
}

/* The same for a text that others may be reading: it changes only where it is another one. */
void gmx_admin_take_string(char *to, size_t size, const char *from, size_t len)
{
	char text[sizeof_field(struct gmx_ctrl, subnqn)];

	gmx_admin_copy_string(text, from, min(len, sizeof(text) - 1));
	if (strcmp(to, text))
		strscpy(to, text, size);
}

static void gmx_admin_set_transfer_limit(struct gmx_ctrl *ctrl)
{
	u64 limit = (u64)gmx_max_transfer_kb << 10;

	if (ctrl->mdts && ctrl->mdts + 12 + GMX_CAP_MPSMIN(ctrl->cap) < 32)
		limit = min_t(u64, limit, 1ull << (ctrl->mdts + 12 + GMX_CAP_MPSMIN(ctrl->cap)));
	limit = min_t(u64, limit, dma_max_mapping_size(ctrl->dma_dev));
	ctrl->max_transfer = round_down(limit, 1u << ctrl->page_shift);
}

static void gmx_admin_set_sgl(struct gmx_ctrl *ctrl)
{
	u32 support = ctrl->sgls & GMX_SGLS_SUPPORT_MASK;

	ctrl->sgl = gmx_use_sgl && (support == 1 || support == 2);
	ctrl->sgl_threshold = gmx_sgl_threshold;
}

static void gmx_admin_read_effects(struct gmx_ctrl *ctrl)
{
	struct gmx_log_effects *effects;

	if (ctrl->effects || !(ctrl->lpa & GMX_LPA_EFFECTS))
		return;
	effects = kzalloc(sizeof(*effects), GFP_KERNEL);
	if (!effects)
		return;
	if (gmx_admin_get_log(ctrl, GMX_NSID_ALL, GMX_LOG_EFFECTS, 0, false, 0, effects, sizeof(*effects),
			      GMX_CMD_RESET_PATH)) {
		dev_warn(&ctrl->pdev->dev, "Commands Supported and Effects log is offered but cannot be read\n");
		kfree(effects);
		return;
	}
	ctrl->effects = effects;
}

/* The controller dates its logs; its clock starts anew with each reset of its own (NVMe 1.4, 5.21.1.14). */
static void gmx_admin_set_timestamp(struct gmx_ctrl *ctrl)
{
	struct gmx_sqe cmd = {
		.opcode	= GMX_ADM_SET_FEATURES,
		.cdw10	= cpu_to_le32(GMX_FEAT_TIMESTAMP),
	};
	__le64 *ms;
	int ret;

	if (!(ctrl->oncs & GMX_ONCS_TIMESTAMP))
		return;
	ms = kmalloc(sizeof(*ms), GFP_KERNEL);
	if (!ms)
		return;
	*ms = cpu_to_le64(ktime_to_ms(ktime_get_real()));
	ret = gmx_admin_sync(ctrl, &cmd, NULL, ms, sizeof(*ms), GMX_CMD_RESET_PATH);
	if (ret)
		dev_warn_once(&ctrl->pdev->dev, "Set Features (timestamp) failed (%d): its logs keep its own time\n",
			      ret);
	kfree(ms);
}

static int gmx_admin_parse_ctrl(struct gmx_ctrl *ctrl, const struct gmx_id_ctrl *id)
{
	char serial[sizeof(ctrl->serial)], subnqn[sizeof(ctrl->subnqn)];
	unsigned int i;

	gmx_admin_copy_string(serial, id->sn, sizeof(id->sn));
	/* Behind the same slot, somebody else: its namespaces are not ours to serve under the old names. */
	if (ctrl->subnqn[0] && strcmp(serial, ctrl->serial)) {
		dev_err(&ctrl->pdev->dev, "serial number changed from %s to %s over a reset: unbind and bind again\n",
			ctrl->serial, serial);
		return -EOPNOTSUPP;
	}
	if ((id->sqes & 0xf) > GMX_SQE_SHIFT || (id->sqes >> 4) < GMX_SQE_SHIFT ||
	    (id->cqes & 0xf) > GMX_CQE_SHIFT || (id->cqes >> 4) < GMX_CQE_SHIFT) {
		dev_err(&ctrl->pdev->dev, "queue entry sizes (SQES %#x, CQES %#x) exclude 64 and 16 bytes\n",
			id->sqes, id->cqes);
		return -EOPNOTSUPP;
	}

	gmx_admin_take_string(ctrl->serial, sizeof(ctrl->serial), id->sn, sizeof(id->sn));
	gmx_admin_take_string(ctrl->model, sizeof(ctrl->model), id->mn, sizeof(id->mn));
	gmx_admin_take_string(ctrl->firmware_rev, sizeof(ctrl->firmware_rev), id->fr, sizeof(id->fr));
	ctrl->vid = le16_to_cpu(id->vid);
	ctrl->ssvid = le16_to_cpu(id->ssvid);
	gmx_admin_copy_string(subnqn, id->subnqn, sizeof(subnqn) - 1);
	/* Controllers before 1.2.1 need no name: one is made of what is unique (as NVMe 1.4, 7.9 asks). */
	if (!subnqn[0])
		snprintf(subnqn, sizeof(subnqn), "nqn.2014.08.org.nvmexpress:%04x%04x%-20s%-40s", ctrl->vid,
			 ctrl->ssvid, ctrl->serial, ctrl->model);
	if (strcmp(ctrl->subnqn, subnqn))
		strscpy(ctrl->subnqn, subnqn, sizeof(ctrl->subnqn));
	ctrl->cntlid = le16_to_cpu(id->cntlid);
	ctrl->oacs = le16_to_cpu(id->oacs);
	ctrl->oncs = le16_to_cpu(id->oncs);
	ctrl->oaes = le32_to_cpu(id->oaes);
	ctrl->sgls = le32_to_cpu(id->sgls);
	ctrl->nn = le32_to_cpu(id->nn);
	ctrl->rtd3e_ms = le32_to_cpu(id->rtd3e) / 1000;
	ctrl->awupf = le16_to_cpu(id->awupf);
	for (i = 0; i < ARRAY_SIZE(ctrl->crdt); i++)
		ctrl->crdt[i] = le16_to_cpu(id->crdt[i]);
	ctrl->vwc = id->vwc;
	ctrl->lpa = id->lpa;
	ctrl->acl = id->acl;
	ctrl->aerl = id->aerl;
	ctrl->mdts = id->mdts;
	gmx_hmb_identify(ctrl, id);
	gmx_info_identify(ctrl, id);
	gmx_apst_identify(ctrl, id);
	ctrl->nr_aens = min_t(unsigned int, id->aerl + 1u, GMX_MAX_AENS);
	ctrl->caps_changed = false;
	return gmx_vendor_parse(ctrl, id);
}

/* Identify the controller and derive from it; part of probe and of each reset. */
int gmx_admin_init_ctrl(struct gmx_ctrl *ctrl)
{
	struct gmx_id_ctrl *id;
	int ret;

	id = kzalloc(sizeof(*id), GFP_KERNEL);
	ret = id ? gmx_admin_identify(ctrl, GMX_CNS_CTRL, 0, 0, id, GMX_CMD_RESET_PATH) : -ENOMEM;
	if (ret) {
		dev_err(&ctrl->pdev->dev, "Identify Controller failed (%d)\n", ret);
		ret = ret > 0 ? -EIO : ret;
		goto out;
	}
	ret = gmx_admin_parse_ctrl(ctrl, id);
	if (ret)
		goto out;
	gmx_admin_set_transfer_limit(ctrl);
	gmx_admin_set_sgl(ctrl);
	gmx_admin_read_effects(ctrl);
	gmx_admin_set_timestamp(ctrl);
out:
	kfree(id);
	return ret;
}
