// SPDX-License-Identifier: GPL-2.0-only
/* Activation of firmware: the pause of one without a reset (NVMe 1.4, 8.1), and the resets of the others. */
#include "gmx.h"

#include <linux/delay.h>
#include <linux/slab.h>

#define GMX_FWACT_REASON	"firmware activation"
#define GMX_FWACT_LIVE_MS	60000	/* for a reset that somebody else has begun */
#define GMX_FWACT_TRIES		3

static bool gmx_fwact_running(struct gmx_ctrl *ctrl)
{
	enum gmx_state state = gmx_ctrl_state(ctrl);

	return state == GMX_LIVE || state == GMX_ADMIN_ONLY;
}

static int gmx_fwact_wait_paused(struct gmx_ctrl *ctrl)
{
	u32 ms = ctrl->mgmt.id.mtfa_ms ? ctrl->mgmt.id.mtfa_ms : READ_ONCE(ctrl->timeouts.admin_ms);
	unsigned long end = jiffies + msecs_to_jiffies(ms) + 1;
	u32 csts;

	do {
		csts = gmx_reg_read(ctrl, GMX_REG_CSTS);
		if (csts == GMX_CSTS_GONE || READ_ONCE(ctrl->gone) || !gmx_fwact_running(ctrl))
			return -EAGAIN;
		if (!(csts & GMX_CSTS_PP))
			return 0;
		usleep_range(1000, 5000);
	} while (!time_after(jiffies, end));
	return -ETIMEDOUT;
}

/* I/O waits behind the gates while the controller has paused processing, for MTFA at most; then it is reset. */
int gmx_fwact_pause(struct gmx_ctrl *ctrl)
{
	struct gmx_fw *fw = &ctrl->mgmt.fw;
	int ret = -EAGAIN;

	mutex_lock(&ctrl->hw_lock);
	if (gmx_fwact_running(ctrl)) {
		WRITE_ONCE(fw->paused, true);
		gmx_tagset_quiesce(ctrl);
		ret = gmx_fwact_wait_paused(ctrl);
		WRITE_ONCE(fw->paused, false);
		/* a reset that waits for us opens them itself */
		switch (gmx_ctrl_state(ctrl)) {
		case GMX_RESETTING:
		case GMX_RECOVERING:
			break;
		default:
			gmx_tagset_unquiesce(ctrl);
			break;
		}
	}
	mutex_unlock(&ctrl->hw_lock);
	if (ret == -ETIMEDOUT) {
		dev_err(&ctrl->dev, "firmware activation did not end within %u ms\n", ctrl->mgmt.id.mtfa_ms);
		gmx_recovery_reset(ctrl, GMX_FWACT_REASON);
	}
	return ret;
}

/* What runs now: revision and slot; the event's log page is read, so that the next is reported. */
int gmx_fwact_refresh(struct gmx_ctrl *ctrl, u8 *slot)
{
	char before[sizeof(ctrl->firmware_rev)];
	struct gmx_log_fw_slot *log;
	struct gmx_id_ctrl *id;
	int ret = -ENOMEM;

	*slot = 0;
	strscpy(before, ctrl->firmware_rev, sizeof(before));
	id = kzalloc(sizeof(*id), GFP_KERNEL);
	log = kzalloc(sizeof(*log), GFP_KERNEL);
	if (id && log)
		ret = gmx_admin_get_log(ctrl, GMX_NSID_ALL, GMX_LOG_FW_SLOT, 0, false, 0, log, sizeof(*log), 0);
	if (!ret)
		ret = gmx_admin_identify(ctrl, GMX_CNS_CTRL, 0, 0, id, 0);
	if (!ret) {
		*slot = log->afi & 7;
		gmx_info_identify(ctrl, id);
		gmx_admin_take_string(ctrl->firmware_rev, sizeof(ctrl->firmware_rev), id->fr, sizeof(id->fr));
		if (strcmp(before, ctrl->firmware_rev))
			dev_info_ratelimited(&ctrl->dev, "firmware %s runs, %s did\n", ctrl->firmware_rev, before);
	}
	kfree(log);
	kfree(id);
	return ret;
}

static void gmx_fwact_work(struct work_struct *work)
{
	struct gmx_ctrl *ctrl = container_of(work, struct gmx_ctrl, mgmt.fw.act_work);
	u8 slot;

	if (!gmx_fwact_pause(ctrl))
		gmx_fwact_refresh(ctrl, &slot);
}

/* An event says that one has begun, whoever asked for it. */
void gmx_fwact_notice(struct gmx_ctrl *ctrl)
{
	dev_info_ratelimited(&ctrl->dev, "firmware activation has begun\n");
	queue_work(gmx_admin_wq, &ctrl->mgmt.fw.act_work);
}

void gmx_fwact_init(struct gmx_ctrl *ctrl)
{
	INIT_WORK(&ctrl->mgmt.fw.act_work, gmx_fwact_work);
}

static bool gmx_fwact_settle(struct gmx_ctrl *ctrl)
{
	return wait_event_timeout(ctrl->state_wq, gmx_fwact_running(ctrl) || gmx_ctrl_state(ctrl) == GMX_DEAD ||
				  gmx_ctrl_state(ctrl) == GMX_DELETING, msecs_to_jiffies(GMX_FWACT_LIVE_MS));
}

static int gmx_fwact_subsystem(struct gmx_ctrl *ctrl)
{
	unsigned int tries = GMX_FWACT_TRIES;
	int ret;

	if (!GMX_CAP_NSSRS(ctrl->cap))
		return -EOPNOTSUPP;
	/* somebody else's reset is of another kind, and only waited for */
	do {
		ret = gmx_recovery_subsystem_sync(ctrl, GMX_FWACT_REASON);
	} while (ret == -EBUSY && --tries && gmx_fwact_settle(ctrl));
	return ret;
}

/* The reset that an activation waits for; returns when the controller works again. */
int gmx_fwact_reset(struct gmx_ctrl *ctrl, enum gmx_ioc_fw_reset kind)
{
	int ret;

	switch (kind) {
	case GMX_IOC_FW_RESET_CONVENTIONAL:
		/* our own callbacks do the rest */
		ret = pci_reset_bus(ctrl->pdev);
		break;
	case GMX_IOC_FW_RESET_SUBSYSTEM:
		ret = gmx_fwact_subsystem(ctrl);
		break;
	default:
		ret = gmx_recovery_reset_sync(ctrl, GMX_FWACT_REASON);
		/* the watchdog may have been faster */
		if (ret == -EBUSY)
			ret = 0;
		break;
	}
	if (ret)
		return ret;
	if (!gmx_fwact_settle(ctrl))
		return -ETIMEDOUT;
	return gmx_fwact_running(ctrl) ? 0 : -ENETRESET;
}
