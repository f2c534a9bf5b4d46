// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/class/firmware/gmxN: a whole image through the kernel's firmware class. The controller chooses the slot; it runs
 * the image at once where it can, else from its next reset on.
 */
#include "gmx.h"

#include <linux/firmware.h>
#include <linux/module.h>
#include <linux/slab.h>

static enum fw_upload_err gmx_fwupload_error(int ret)
{
	if (ret > 0)
		return FW_UPLOAD_ERR_INVALID_IMAGE;
	switch (ret) {
	case 0:
		return FW_UPLOAD_ERR_NONE;
	case -EBUSY:
	case -EAGAIN:
		return FW_UPLOAD_ERR_BUSY;
	case -ETIMEDOUT:
		return FW_UPLOAD_ERR_TIMEOUT;
	case -ECANCELED:
		return FW_UPLOAD_ERR_CANCELED;
	default:
		return FW_UPLOAD_ERR_RW_ERROR;
	}
}

static enum fw_upload_err gmx_fwupload_prepare(struct fw_upload *fwl, const u8 *data, u32 size)
{
	struct gmx_ctrl *ctrl = fwl->dd_handle;
	struct gmx_fw *fw = &ctrl->mgmt.fw;
	int ret;

	if (!size || size % ctrl->mgmt.id.fw_granularity || !gmx_fw_part(ctrl))
		return FW_UPLOAD_ERR_INVALID_SIZE;
	ret = gmx_uabi_ready(ctrl);
	if (ret)
		return gmx_fwupload_error(ret);
	guard(mutex)(&fw->lock);
	if (fw->op || fw->owner || fw->closed)
		return FW_UPLOAD_ERR_BUSY;
	fw->op = gmx_op_begin(ctrl, GMX_IOC_OP_FW_UPLOAD, GMX_IOC_STAGE_DOWNLOAD);
	if (!fw->op)
		return FW_UPLOAD_ERR_BUSY;
	gmx_fw_give_up(ctrl);
	fw->owner = fwl;
	fw->upload_result = -ECANCELED;
	return FW_UPLOAD_ERR_NONE;
}

static enum fw_upload_err gmx_fwupload_write(struct fw_upload *fwl, const u8 *data, u32 offset, u32 size,
					     u32 *written)
{
	struct gmx_ctrl *ctrl = fwl->dd_handle;
	struct gmx_fw *fw = &ctrl->mgmt.fw;
	u32 bytes = min(size, gmx_fw_part(ctrl));
	void *part;
	int ret = -ECANCELED;

	if (gmx_op_cancelled(fw->op))
		goto out;
	/* the class's memory is not for DMA */
	part = kmemdup(data + offset, bytes, GFP_KERNEL);
	ret = part ? gmx_fw_send_part(ctrl, part, bytes, offset) : -ENOMEM;
	kfree(part);
	if (!ret) {
		*written = bytes;
		gmx_op_bytes(ctrl, fw->op, offset + bytes, offset + size, 0, 85);
	}
out:
	fw->upload_result = ret;
	return gmx_fwupload_error(ret);
}

static enum fw_upload_err gmx_fwupload_poll_complete(struct fw_upload *fwl)
{
	struct gmx_ctrl *ctrl = fwl->dd_handle;
	struct gmx_fw *fw = &ctrl->mgmt.fw;
	struct gmx_op *op = fw->op;
	bool now = ctrl->mgmt.id.frmw & GMX_FRMW_NO_RESET;

	if (!gmx_op_commit(ctrl, op, 85)) {
		fw->upload_result = -ECANCELED;
		return FW_UPLOAD_ERR_CANCELED;
	}
	gmx_fw_finish(ctrl, op, 0, now ? GMX_IOC_FW_ACTIVATE_NOW : GMX_IOC_FW_STORE_ACTIVATE, false);
	return gmx_fwupload_error(op->nvme_status && op->error ? op->nvme_status : op->error);
}

static void gmx_fwupload_cancel(struct fw_upload *fwl)
{
	struct gmx_ctrl *ctrl = fwl->dd_handle;
	struct gmx_fw *fw = &ctrl->mgmt.fw;

	guard(mutex)(&fw->lock);
	if (fw->op && fw->owner == fwl)
		WRITE_ONCE(fw->op->cancel, true);
}

/* An upload that did not come to its commit ends here. */
static void gmx_fwupload_cleanup(struct fw_upload *fwl)
{
	struct gmx_ctrl *ctrl = fwl->dd_handle;
	struct gmx_fw *fw = &ctrl->mgmt.fw;
	struct gmx_op *op = NULL;

	scoped_guard(mutex, &fw->lock) {
		if (fw->owner == fwl) {
			gmx_fw_give_up(ctrl);
			op = fw->op;
			fw->op = NULL;
			fw->owner = NULL;
		}
	}
	if (op)
		gmx_op_end(ctrl, op, fw->upload_result, 0, 0);
}

static const struct fw_upload_ops gmx_fwupload_ops = {
	.prepare	= gmx_fwupload_prepare,
	.write		= gmx_fwupload_write,
	.poll_complete	= gmx_fwupload_poll_complete,
	.cancel		= gmx_fwupload_cancel,
	.cleanup	= gmx_fwupload_cleanup,
};

void gmx_fwupload_add(struct gmx_ctrl *ctrl)
{
	struct fw_upload *fwl;

	if (!IS_ENABLED(CONFIG_FW_UPLOAD) || !(ctrl->oacs & GMX_OACS_FIRMWARE))
		return;
	/* No module: it would be in use for as long as a controller is bound; unregistering waits for what runs. */
	fwl = firmware_upload_register(NULL, &ctrl->pdev->dev, dev_name(&ctrl->dev), &gmx_fwupload_ops, ctrl);
	if (IS_ERR(fwl))
		dev_warn(&ctrl->dev, "no firmware upload by sysfs (error %ld)\n", PTR_ERR(fwl));
	else
		ctrl->mgmt.fw.upload = fwl;
}

/* Cancels what runs, and waits for its end. */
void gmx_fwupload_del(struct gmx_ctrl *ctrl)
{
	if (ctrl->mgmt.fw.upload)
		firmware_upload_unregister(ctrl->mgmt.fw.upload);
	ctrl->mgmt.fw.upload = NULL;
}
