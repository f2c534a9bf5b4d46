// SPDX-License-Identifier: GPL-2.0-only
/* NVMe-MI commands through the controller (NVMe 1.4, 5.17, 5.18). */
#include "gmx.h"

#include <linux/slab.h>
#include <linux/uaccess.h>

#include <gmx/mi.h>

#define GMX_MI_DATA_MAX		4096

static int gmx_mi_run(struct gmx_ctrl *ctrl, struct gmx_ioc_mi *req, void *data)
{
	struct gmx_sqe cmd = {
		.opcode	= req->flags & GMX_IOC_MI_SEND ? GMX_ADM_MI_SEND : GMX_ADM_MI_RECV,
		.cdw10	= cpu_to_le32(GMX_MI_HEADER),
		.cdw11	= cpu_to_le32(req->opcode),
		.cdw12	= cpu_to_le32(req->dword0),
		.cdw13	= cpu_to_le32(req->dword1),
	};
	u64 result = 0;
	int ret;

	ret = gmx_admin_sync(ctrl, &cmd, &result, data, GMX_MI_DATA_MAX, GMX_CMD_USER);
	req->response = lower_32_bits(result);
	return ret;
}

int gmx_mi_call(struct gmx_file *file, void *arg)
{
	struct gmx_ctrl *ctrl = file->ctrl;
	struct gmx_ioc_mi *req = arg;
	void __user *user = gmx_uabi_ptr(req->data);
	void *data;
	int ret;

	if (req->opcode > U8_MAX || req->data_bytes > GMX_MI_DATA_MAX || req->data_bytes % 4)
		return -EINVAL;
	if (!(ctrl->oacs & GMX_OACS_MI))
		return -EOPNOTSUPP;
	req->nvme_status = 0;
	req->rsvd1 = 0;
	/* whole, even where nothing is asked for: how much the controller writes is its own affair */
	data = kzalloc(GMX_MI_DATA_MAX, GFP_KERNEL);
	if (!data)
		return -ENOMEM;
	if (req->flags & GMX_IOC_MI_SEND && copy_from_user(data, user, req->data_bytes)) {
		kfree(data);
		return -EFAULT;
	}
	ret = gmx_mi_run(ctrl, req, data);
	if (!ret && !(req->flags & GMX_IOC_MI_SEND) && copy_to_user(user, data, req->data_bytes))
		ret = -EFAULT;
	kfree(data);
	return gmx_uabi_result(ctrl, ret, &req->nvme_status);
}
