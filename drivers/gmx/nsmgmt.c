// SPDX-License-Identifier: GPL-2.0-only
/* Namespaces made, deleted, attached and detached (NVMe 1.4, 5.19, 5.20) for the vendor ioctls. */
#include "gmx.h"

#include <linux/slab.h>

enum { GMX_NSMGMT_CREATE, GMX_NSMGMT_DELETE };	/* CDW10 */
enum { GMX_NSATT_ATTACH, GMX_NSATT_DETACH };

#define GMX_NSMGMT_MULTI	BIT(0)	/* NMIC: may be attached to several controllers */
#define GMX_NSMGMT_MS		120000	/* deleting may take as long as a format */

static int gmx_nsmgmt_send(struct gmx_ctrl *ctrl, u8 opcode, u32 nsid, u32 sel, void *data, u64 *result)
{
	struct gmx_sqe cmd = {
		.opcode	= opcode,
		.nsid	= cpu_to_le32(nsid),
		.cdw10	= cpu_to_le32(sel),
	};
	unsigned int ms = max_t(unsigned int, READ_ONCE(ctrl->timeouts.admin_ms), GMX_NSMGMT_MS);

	return gmx_cmd_sync(ctrl->admin_q, &cmd, result, data, data ? GMX_IDENTIFY_SIZE : 0, ms,
			    GMX_CMD_USER);
}

/* The driver looks again, and at what is left to make namespaces of. */
static void gmx_nsmgmt_look(struct gmx_ctrl *ctrl)
{
	struct gmx_id_ctrl *id = kzalloc(sizeof(*id), GFP_KERNEL);

	if (id && !gmx_admin_identify(ctrl, GMX_CNS_CTRL, 0, 0, id, 0))
		gmx_info_identify(ctrl, id);
	kfree(id);
	gmx_ns_queue_scan(ctrl);
	flush_work(&ctrl->scan_work);
}

int gmx_nsmgmt_create_call(struct gmx_file *file, void *arg)
{
	struct gmx_ctrl *ctrl = file->ctrl;
	struct gmx_ioc_ns_create *req = arg;
	struct gmx_id_ns *ns;
	u64 result = 0;
	int ret;

	if (!req->blocks || req->capacity_blocks > req->blocks || req->format > 15 || req->metadata_inline > 1 ||
	    req->shared > 1)
		return -EINVAL;
	if (!(ctrl->oacs & GMX_OACS_NS_MGMT))
		return -EOPNOTSUPP;
	ns = kzalloc(GMX_IDENTIFY_SIZE, GFP_KERNEL);
	if (!ns)
		return -ENOMEM;
	ns->nsze = cpu_to_le64(req->blocks);
	ns->ncap = cpu_to_le64(req->capacity_blocks ? req->capacity_blocks : req->blocks);
	ns->flbas = req->format | req->metadata_inline << 4;
	ns->dps = req->protection;
	ns->nmic = req->shared ? GMX_NSMGMT_MULTI : 0;
	ret = gmx_nsmgmt_send(ctrl, GMX_ADM_NS_MGMT, 0, GMX_NSMGMT_CREATE, ns, &result);
	kfree(ns);
	if (!ret)
		gmx_nsmgmt_look(ctrl);
	req->nsid = lower_32_bits(result);
	req->nvme_status = 0;
	req->rsvd1 = 0;
	req->rsvd2 = 0;
	return gmx_uabi_result(ctrl, ret, &req->nvme_status);
}

static int gmx_nsmgmt_do(struct gmx_file *file, struct gmx_ioc_ns *req, u8 opcode, u32 sel, void *data)
{
	struct gmx_ctrl *ctrl = file->ctrl;
	int ret;

	req->nvme_status = 0;
	if (!req->nsid)
		return -EINVAL;
	if (!(ctrl->oacs & GMX_OACS_NS_MGMT))
		return -EOPNOTSUPP;
	ret = gmx_nsmgmt_send(ctrl, opcode, req->nsid, sel, data, NULL);
	if (!ret)
		gmx_nsmgmt_look(ctrl);
	return gmx_uabi_result(ctrl, ret, &req->nvme_status);
}

int gmx_nsmgmt_delete_call(struct gmx_file *file, void *arg)
{
	return gmx_nsmgmt_do(file, arg, GMX_ADM_NS_MGMT, GMX_NSMGMT_DELETE, NULL);
}

static int gmx_nsmgmt_attachment(struct gmx_file *file, struct gmx_ioc_ns *req, u32 sel)
{
	__le16 *list = kzalloc(GMX_IDENTIFY_SIZE, GFP_KERNEL);
	int ret;

	if (!list)
		return -ENOMEM;
	list[0] = cpu_to_le16(1);
	list[1] = cpu_to_le16(req->cntlid == U16_MAX ? file->ctrl->cntlid : req->cntlid);
	ret = gmx_nsmgmt_do(file, req, GMX_ADM_NS_ATTACH, sel, list);
	kfree(list);
	return ret;
}

int gmx_nsmgmt_attach_call(struct gmx_file *file, void *arg)
{
	return gmx_nsmgmt_attachment(file, arg, GMX_NSATT_ATTACH);
}

int gmx_nsmgmt_detach_call(struct gmx_file *file, void *arg)
{
	return gmx_nsmgmt_attachment(file, arg, GMX_NSATT_DETACH);
}
