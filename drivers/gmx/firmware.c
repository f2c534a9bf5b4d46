// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware: slots, download in parts, commit (NVMe 1.4, 5.11, 5.12). One download at a time, whose owner is an open
 * file or the firmware class; one operation at a time.
 */
#include "gmx.h"

#include <linux/slab.h>
#include <linux/uaccess.h>

#define GMX_FW_PART_MAX		(128u << 10)
#define GMX_FW_IMAGE_MAX	(64u << 20)
#define GMX_FW_SLOT_MAX		7
#define GMX_FW_COMMIT_MS	120000u		/* verifying and storing may take long */
#define GMX_FW_DROP_REASON	"download given up"

/* 0: no command reaches as far as the controller's granularity. */
u32 gmx_fw_part(struct gmx_ctrl *ctrl)
{
	u32 unit = ctrl->mgmt.id.fw_granularity;

	return rounddown(min(ctrl->max_transfer, max(GMX_FW_PART_MAX, unit)), unit);
}

static bool gmx_fw_offered(struct gmx_ctrl *ctrl)
{
	return ctrl->oacs & GMX_OACS_FIRMWARE && gmx_fw_part(ctrl);
}

/* The log page of firmware update, if there is one; zeroes otherwise. */
static int gmx_fw_read_state(struct gmx_ctrl *ctrl, struct gmx_vnd_log_fw *state)
{
	int ret = 0;

	if (le64_to_cpu(ctrl->mgmt.id.page.log_pages) & BIT_ULL(GMX_VND_LOG_FW - GMX_VND_LOG_HEALTH))
		ret = gmx_admin_get_log(ctrl, GMX_NSID_ALL, GMX_VND_LOG_FW, 0, true, 0, state, sizeof(*state), 0);
	if (ret || le16_to_cpu(state->length) < offsetofend(struct gmx_vnd_log_fw, previous_slot))
		memset(state, 0, sizeof(*state));
	return ret;
}

static void gmx_fw_fill_state(const struct gmx_vnd_log_fw *state, struct gmx_ioc_fw_info *to)
{
	to->stage = state->stage;
	to->next_reset = state->next_reset;
	to->previous_slot = state->previous_slot;
	to->bytes_received = le32_to_cpu(state->bytes_received);
	to->bytes_total = le32_to_cpu(state->bytes_total);
	to->last_status = le16_to_cpu(state->last_status);
	to->activations = le32_to_cpu(state->activations);
	to->failures = le32_to_cpu(state->failures);
}

int gmx_fw_info_call(struct gmx_file *file, void *arg)
{
	struct gmx_ctrl *ctrl = file->ctrl;
	const struct gmx_identity *id = &ctrl->mgmt.id;
	struct gmx_ioc_fw_info *info = arg;
	struct gmx_log_fw_slot *log;
	struct gmx_vnd_log_fw *state;
	unsigned int slot;
	int ret;

	*info = (struct gmx_ioc_fw_info) {
		.size			= info->size,
		.granularity		= id->fw_granularity,
		.max_part		= gmx_fw_part(ctrl),
		.activation_ms		= id->mtfa_ms,
		.nr_slots		= id->frmw >> 1 & 7,
		.slot1_read_only	= id->frmw & GMX_FRMW_SLOT1_RO,
		.no_reset		= !!(id->frmw & GMX_FRMW_NO_RESET),
	};
	strscpy(info->running_revision, ctrl->firmware_rev, sizeof(info->running_revision));
	log = kzalloc(sizeof(*log), GFP_KERNEL);
	state = kzalloc(sizeof(*state), GFP_KERNEL);
	ret = log && state ? gmx_fw_read_state(ctrl, state) : -ENOMEM;
	if (!ret)
		ret = gmx_admin_get_log(ctrl, GMX_NSID_ALL, GMX_LOG_FW_SLOT, 0, true, 0, log, sizeof(*log), 0);
	if (!ret) {
		gmx_fw_fill_state(state, info);
		info->running_slot = log->afi & 7;
		info->next_slot = log->afi >> 4 & 7;
		for (slot = 1; slot <= GMX_FW_SLOT_MAX; slot++)
			gmx_admin_copy_string(info->revision[slot], log->frs[slot - 1], sizeof(log->frs[0]));
	}
	kfree(state);
	kfree(log);
	return gmx_uabi_result(ctrl, ret, &info->nvme_status);
}

/* ---- download */

static u64 gmx_fw_life(struct gmx_ctrl *ctrl)
{
	return atomic64_read(&ctrl->counters.resets);
}

/* A reset ends a download: the controller has none of its parts any more. */
bool gmx_fw_forgotten(struct gmx_ctrl *ctrl)
{
	return ctrl->mgmt.fw.life != gmx_fw_life(ctrl);
}

/* What came of a download that got no commit stays in the controller. */
void gmx_fw_give_up(struct gmx_ctrl *ctrl)
{
	struct gmx_fw *fw = &ctrl->mgmt.fw;

	fw->left = (fw->left || fw->received) && !gmx_fw_forgotten(ctrl);
	fw->received = 0;
}

/* And is forgotten by a reset, unless that would do more, which nobody has asked for. */
static int gmx_fw_drop(struct gmx_ctrl *ctrl)
{
	struct gmx_log_fw_slot *log = kzalloc(sizeof(*log), GFP_KERNEL);
	int ret = -EBUSY;

	if (log && !gmx_admin_get_log(ctrl, GMX_NSID_ALL, GMX_LOG_FW_SLOT, 0, true, 0, log, sizeof(*log), 0) &&
	    !(log->afi >> 4 & 7) && !gmx_recovery_reset_sync(ctrl, GMX_FW_DROP_REASON))
		ret = 0;
	kfree(log);
	return ret;
}

static int gmx_fw_download(struct gmx_ctrl *ctrl, void *data, u32 bytes, u32 offset)
{
	struct gmx_sqe cmd = {
		.opcode	= GMX_ADM_FW_DOWNLOAD,
		.cdw10	= cpu_to_le32(bytes / 4 - 1),
		.cdw11	= cpu_to_le32(offset / 4),
	};

	return gmx_admin_sync(ctrl, &cmd, NULL, data, bytes, GMX_CMD_USER);
}

/*
 * The part that follows the one before; @data can be mapped for DMA. Returns as gmx_admin_sync(). Called by the owner:
 * under the lock, or while its operation runs.
 */
int gmx_fw_send_part(struct gmx_ctrl *ctrl, void *data, u32 bytes, u32 offset)
{
	struct gmx_fw *fw = &ctrl->mgmt.fw;
	int ret;

	if (!offset)
		fw->life = gmx_fw_life(ctrl);
	else if (gmx_fw_forgotten(ctrl))
		return -EINTR;
	ret = gmx_fw_download(ctrl, data, bytes, offset);
	if (!offset && ret > 0 && GMX_STS_CODE(ret) == GMX_SC_OVERLAPPING_RANGE) {
		ret = gmx_fw_drop(ctrl);
		if (ret)
			return ret;
		fw->life = gmx_fw_life(ctrl);
		ret = gmx_fw_download(ctrl, data, bytes, offset);
	}
	if (ret)
		return ret;
	fw->left = false;
	fw->received = offset + bytes;
	/* whether it went before the reset or after is not known */
	if (gmx_fw_forgotten(ctrl)) {
		fw->life = gmx_fw_life(ctrl);
		gmx_fw_give_up(ctrl);
		return -EINTR;
	}
	return 0;
}

/* Takes the download for @owner. */
int gmx_fw_claim(struct gmx_ctrl *ctrl, const void *owner)
{
	struct gmx_fw *fw = &ctrl->mgmt.fw;

	guard(mutex)(&fw->lock);
	if (fw->op || (fw->owner && fw->owner != owner))
		return -EBUSY;
	gmx_fw_give_up(ctrl);
	fw->owner = owner;
	fw->life = gmx_fw_life(ctrl);
	return 0;
}

void gmx_fw_unclaim(struct gmx_ctrl *ctrl, const void *owner)
{
	struct gmx_fw *fw = &ctrl->mgmt.fw;

	guard(mutex)(&fw->lock);
	if (fw->owner != owner)
		return;
	/* an operation that runs has it from here on */
	if (!fw->op)
		gmx_fw_give_up(ctrl);
	fw->owner = NULL;
}

static int gmx_fw_check_part(struct gmx_ctrl *ctrl, const struct gmx_ioc_fw_download *req)
{
	u32 unit = ctrl->mgmt.id.fw_granularity;

	if (req->bytes > gmx_fw_part(ctrl) || req->bytes % unit || req->offset % unit ||
	    req->offset > GMX_FW_IMAGE_MAX - req->bytes)
		return -EINVAL;
	return req->bytes || !req->offset ? 0 : -EINVAL;
}

int gmx_fw_download_call(struct gmx_file *file, void *arg)
{
	struct gmx_ctrl *ctrl = file->ctrl;
	struct gmx_fw *fw = &ctrl->mgmt.fw;
	struct gmx_ioc_fw_download *req = arg;
	void *data;
	int ret;

	req->nvme_status = 0;
	req->rsvd1 = 0;
	req->rsvd2 = 0;
	if (!gmx_fw_offered(ctrl))
		return -EOPNOTSUPP;
	ret = gmx_fw_check_part(ctrl, req);
	if (ret)
		return ret;
	if (!req->bytes) {
		gmx_fw_unclaim(ctrl, file);
		return 0;
	}
	data = memdup_user(gmx_uabi_ptr(req->data), req->bytes);
	if (IS_ERR(data))
		return PTR_ERR(data);
	if (!req->offset) {
		ret = gmx_fw_claim(ctrl, file);
		if (ret)
			goto free;
	}
	mutex_lock(&fw->lock);
	if (fw->owner != file || fw->op)
		ret = -EBUSY;
	else if (fw->received != req->offset || (req->offset && gmx_fw_forgotten(ctrl)))
		ret = -EINVAL;
	else
		ret = gmx_fw_send_part(ctrl, data, req->bytes, req->offset);
	mutex_unlock(&fw->lock);
	ret = gmx_uabi_result(ctrl, ret, &req->nvme_status);
free:
	kfree(data);
	return ret;
}

/* ---- commit */

/*
 * 0 or a status that means: stored, and waits for a reset of the kind in *waits. Everything else is an error, as
 * gmx_admin_sync() has them.
 */
static int gmx_fw_commit(struct gmx_ctrl *ctrl, u8 slot, u8 action, u8 *waits)
{
	struct gmx_sqe cmd = {
		.opcode	= GMX_ADM_FW_COMMIT,
		.cdw10	= cpu_to_le32(slot | action << 3),
	};
	unsigned int ms = max(READ_ONCE(ctrl->timeouts.admin_ms), GMX_FW_COMMIT_MS + ctrl->mgmt.id.mtfa_ms);
	int ret = gmx_cmd_sync(ctrl->admin_q, &cmd, NULL, NULL, 0, ms, GMX_CMD_USER);

	*waits = GMX_IOC_FW_RESET_NONE;
	switch (ret > 0 ? GMX_STS_CODE(ret) : 0) {
	case GMX_SC_FW_NEEDS_RESET:
		*waits = GMX_IOC_FW_RESET_CONTROLLER;
		break;
	case GMX_SC_FW_NEEDS_CONV_RESET:
		*waits = GMX_IOC_FW_RESET_CONVENTIONAL;
		break;
	case GMX_SC_FW_NEEDS_SUBSYS_RESET:
		*waits = GMX_IOC_FW_RESET_SUBSYSTEM;
		break;
	default:
		if (!ret && (action == GMX_IOC_FW_STORE_ACTIVATE || action == GMX_IOC_FW_ACTIVATE))
			*waits = GMX_IOC_FW_RESET_CONTROLLER;
		break;
	}
	return ret;
}

/* What would take too long without a reset is in its slot, and runs from the next one on. */
static int gmx_fw_commit_later(struct gmx_ctrl *ctrl, u8 *waits)
{
	struct gmx_vnd_log_fw *state = kzalloc(sizeof(*state), GFP_KERNEL);
	int ret = state ? gmx_fw_read_state(ctrl, state) : -ENOMEM;

	/* slot 0 where the page is not there: the controller knows which */
	if (!ret)
		ret = gmx_fw_commit(ctrl, state->slot & 7, GMX_IOC_FW_ACTIVATE, waits);
	kfree(state);
	return ret;
}

/* The command was refused, not what was downloaded, which is there still. */
static bool gmx_fw_stays(int status)
{
	return status > 0 && (GMX_STS_CODE(status) < 0x100 || GMX_STS_CODE(status) == GMX_SC_FW_SLOT);
}

/* The commit of an operation, and nothing of another download's or of another life's. */
static int gmx_fw_commit_own(struct gmx_ctrl *ctrl, u8 slot, u8 action, u8 *waits)
{
	struct gmx_fw *fw = &ctrl->mgmt.fw;
	bool stores = fw->received && action != GMX_IOC_FW_ACTIVATE;
	int ret = 0;

	*waits = GMX_IOC_FW_RESET_NONE;
	if (stores && gmx_fw_forgotten(ctrl))
		return -EINTR;
	if (action == GMX_IOC_FW_ACTIVATE_NOW && !fw->received && fw->left && !gmx_fw_forgotten(ctrl))
		ret = gmx_fw_drop(ctrl);
	if (!ret)
		ret = gmx_fw_commit(ctrl, slot, action, waits);
	/* the class leaves it to us how the image gets to run */
	if (ret > 0 && GMX_STS_CODE(ret) == GMX_SC_FW_NEEDS_MAX_TIME && fw->op->kind == GMX_IOC_OP_FW_UPLOAD)
		ret = gmx_fw_commit_later(ctrl, waits);
	/* it may have waited for a reset, and been about something else then */
	if (stores && gmx_fw_forgotten(ctrl))
		ret = -EINTR;
	if (stores)
		fw->left = gmx_fw_stays(ret);
	return ret;
}

/* From a commit to what runs afterwards; ends the operation, and the download with it. */
void gmx_fw_finish(struct gmx_ctrl *ctrl, struct gmx_op *op, u8 slot, u8 action, bool reset)
{
	struct gmx_fw *fw = &ctrl->mgmt.fw;
	char before[sizeof(ctrl->firmware_rev)];
	u16 status = 0;
	u8 waits, runs;
	u64 result;
	int ret;

	strscpy(before, ctrl->firmware_rev, sizeof(before));
	gmx_op_stage(ctrl, op, GMX_IOC_STAGE_COMMIT, 85);
	ret = gmx_fw_commit_own(ctrl, slot, action, &waits);
	if (ret > 0 && waits) {
		status = ret;
		ret = 0;
	}
	if (!ret && action == GMX_IOC_FW_ACTIVATE_NOW && !waits) {
		gmx_op_stage(ctrl, op, GMX_IOC_STAGE_ACTIVATE, 90);
		ret = gmx_fwact_pause(ctrl);
	} else if (!ret && waits && reset) {
		gmx_op_stage(ctrl, op, GMX_IOC_STAGE_RESET, 90);
		ret = gmx_fwact_reset(ctrl, waits);
		if (!ret)
			waits = GMX_IOC_FW_RESET_NONE;
	}
	if (!ret) {
		gmx_op_stage(ctrl, op, GMX_IOC_STAGE_REFRESH, 98);
		ret = gmx_fwact_refresh(ctrl, &runs);
	}
	result = ret ? 0 : runs | (u32)waits << 8 | (strcmp(before, ctrl->firmware_rev) ? BIT(16) : 0);
	if (ret < 0 && gmx_ctrl_state(ctrl) == GMX_DELETING)
		ret = -ENODEV;

	mutex_lock(&fw->lock);
	fw->owner = NULL;
	fw->received = 0;
	fw->op = NULL;
	mutex_unlock(&fw->lock);
	gmx_op_end(ctrl, op, ret, status, result);
}

static void gmx_fw_work(struct work_struct *work)
{
	struct gmx_ctrl *ctrl = container_of(work, struct gmx_ctrl, mgmt.fw.work);
	struct gmx_fw *fw = &ctrl->mgmt.fw;

	gmx_fw_finish(ctrl, fw->op, fw->slot, fw->action, fw->reset);
}

int gmx_fw_commit_call(struct gmx_file *file, void *arg)
{
	struct gmx_ctrl *ctrl = file->ctrl;
	struct gmx_fw *fw = &ctrl->mgmt.fw;
	struct gmx_ioc_fw_commit *req = arg;
	bool stores;

	if (req->rsvd1 || req->rsvd2 || req->slot > GMX_FW_SLOT_MAX || req->action > GMX_IOC_FW_ACTIVATE_NOW)
		return -EINVAL;
	if (!gmx_fw_offered(ctrl))
		return -EOPNOTSUPP;
	guard(mutex)(&fw->lock);
	if (fw->op || fw->closed || (fw->owner && fw->owner != file))
		return fw->closed ? -ENODEV : -EBUSY;
	stores = req->action == GMX_IOC_FW_STORE || req->action == GMX_IOC_FW_STORE_ACTIVATE ||
		 (req->action == GMX_IOC_FW_ACTIVATE_NOW && fw->owner);
	if (stores && (!fw->owner || !fw->received || gmx_fw_forgotten(ctrl)))
		return -ENODATA;
	fw->op = gmx_op_begin(ctrl, GMX_IOC_OP_FW_COMMIT, GMX_IOC_STAGE_COMMIT);
	if (!fw->op)
		return -EBUSY;
	fw->slot = req->slot;
	fw->action = req->action;
	fw->reset = req->flags & GMX_IOC_FW_RESET;
	req->id = fw->op->id;
	/* may wait for a reset, so not on the queue that resets wait for */
	queue_work(gmx_admin_wq, &fw->work);
	return 0;
}

void gmx_fw_init(struct gmx_ctrl *ctrl)
{
	mutex_init(&ctrl->mgmt.fw.lock);
	INIT_WORK(&ctrl->mgmt.fw.work, gmx_fw_work);
	gmx_fwact_init(ctrl);
}

/* Nothing begins any more; what runs has ended. */
void gmx_fw_close(struct gmx_ctrl *ctrl)
{
	struct gmx_fw *fw = &ctrl->mgmt.fw;

	mutex_lock(&fw->lock);
	fw->closed = true;
	mutex_unlock(&fw->lock);
	flush_work(&fw->work);
	cancel_work_sync(&fw->act_work);
}
