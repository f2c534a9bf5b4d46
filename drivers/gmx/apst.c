// SPDX-License-Identifier: GPL-2.0-only
/*
 * Autonomous power state transitions (NVMe 1.4, 8.4.2): an idle controller goes to a state from which it is back in
 * time. How much that is: the device's PM QoS latency tolerance, the module parameter's unless somebody set it.
 */
#include "gmx.h"

#include <linux/crash_dump.h>
#include <linux/pm_qos.h>
#include <linux/slab.h>

/* Idle for so many times of what the way there and back takes: of a load with such pauses that is 2 percent. */
#define GMX_APST_PATIENCE	50
#define GMX_APST_MS_MAX		0xffffffu
#define GMX_APST_AGAIN_MS	100

/* What is wanted of each state's entry; part of bringing the controller up. */
void gmx_apst_identify(struct gmx_ctrl *ctrl, const struct gmx_id_ctrl *id)
{
	struct gmx_apst *apst = &ctrl->mgmt.apst;
	unsigned int ps;

	apst->offered = id->apsta & GMX_APSTA_OFFERED;
	for (ps = 0; ps < ARRAY_SIZE(id->psd); ps++) {
		const struct gmx_psd *psd = &id->psd[ps];

		apst->state[ps].idle = ps <= ctrl->mgmt.id.npss && psd->flags & GMX_PSD_NOPS;
		apst->state[ps].us = (u64)le32_to_cpu(psd->entry_lat_us) + le32_to_cpu(psd->exit_lat_us);
	}
}

/*
 * From the deepest state on: each goes to the next deeper one that is idle and back in time; a state that is entered so
 * has its own entry, which leads further down. False: there is none.
 */
static bool gmx_apst_fill(const struct gmx_apst *apst, unsigned int npss, u64 tolerance_us, __le64 *table)
{
	u64 target = 0, ms;
	int ps;

	for (ps = npss; ps >= 0; ps--) {
		table[ps] = cpu_to_le64(target);
		if (!apst->state[ps].idle || apst->state[ps].us > tolerance_us)
			continue;
		ms = clamp_t(u64, DIV_ROUND_UP_ULL(apst->state[ps].us * GMX_APST_PATIENCE, USEC_PER_MSEC), 1,
			     GMX_APST_MS_MAX);
		target = GMX_APST_ENTRY(ps, ms);
	}
	return target;
}

static int gmx_apst_send(struct gmx_ctrl *ctrl, unsigned int flags)
{
	struct gmx_apst *apst = &ctrl->mgmt.apst;
	struct gmx_sqe cmd = {
		.opcode	= GMX_ADM_SET_FEATURES,
		.cdw10	= cpu_to_le32(GMX_FEAT_APST),
	};
	s32 wish = READ_ONCE(apst->tolerance_us);
	u64 tolerance_us = wish == PM_QOS_LATENCY_TOLERANCE_NO_CONSTRAINT ? READ_ONCE(gmx_apst_max_latency_us) :
			   wish == PM_QOS_LATENCY_ANY ? U64_MAX : wish;
	__le64 *table;
	int ret;

	table = kzalloc(GMX_APST_SIZE, GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	if (tolerance_us && !is_kdump_kernel() && gmx_apst_fill(apst, ctrl->mgmt.id.npss, tolerance_us, table))
		cmd.cdw11 = cpu_to_le32(GMX_APST_ENABLE);
	ret = gmx_admin_sync(ctrl, &cmd, NULL, table, GMX_APST_SIZE, flags);
	kfree(table);
	return ret;
}

static void gmx_apst_say(struct gmx_ctrl *ctrl, int ret)
{
	if (ret && ret != -EINTR && ret != -ENODEV)
		dev_warn_once(&ctrl->dev, "autonomous power state transitions cannot be set (%d)\n", ret);
}

/* Part of bringing the controller up: a reset has gone back to what is saved in the controller. */
void gmx_apst_apply(struct gmx_ctrl *ctrl)
{
	if (ctrl->mgmt.apst.offered)
		gmx_apst_say(ctrl, gmx_apst_send(ctrl, GMX_CMD_RESET_PATH));
}

/* A reset that runs may be behind its own look at the tolerance: once more, after it. */
static void gmx_apst_work(struct work_struct *work)
{
	struct gmx_ctrl *ctrl = container_of(to_delayed_work(work), struct gmx_ctrl, mgmt.apst.work);

	switch (gmx_ctrl_state(ctrl)) {
	case GMX_DELETING:
	case GMX_DEAD:
		/* whoever brings it back brings this up too */
		return;
	case GMX_LIVE:
	case GMX_ADMIN_ONLY:
		if (ctrl->mgmt.apst.offered)
			gmx_apst_say(ctrl, gmx_apst_send(ctrl, 0));
		return;
	default:
		queue_delayed_work(gmx_admin_wq, &ctrl->mgmt.apst.work, msecs_to_jiffies(GMX_APST_AGAIN_MS));
	}
}

/* By a work, because the caller holds a lock that is the whole kernel's. */
static void gmx_apst_set_tolerance(struct device *dev, s32 us)
{
	struct gmx_ctrl *ctrl = container_of(dev, struct gmx_ctrl, dev);
	struct gmx_apst *apst = &ctrl->mgmt.apst;

	if (READ_ONCE(apst->tolerance_us) == us)
		return;
	WRITE_ONCE(apst->tolerance_us, us);
	mod_delayed_work(gmx_admin_wq, &apst->work, 0);
}

void gmx_apst_init(struct gmx_ctrl *ctrl)
{
	INIT_DELAYED_WORK(&ctrl->mgmt.apst.work, gmx_apst_work);
	ctrl->mgmt.apst.tolerance_us = PM_QOS_LATENCY_TOLERANCE_NO_CONSTRAINT;
}

/* power/pm_qos_latency_tolerance_us of the controller's node */
void gmx_apst_add(struct gmx_ctrl *ctrl)
{
	if (!ctrl->mgmt.apst.offered)
		return;
	ctrl->dev.power.set_latency_tolerance = gmx_apst_set_tolerance;
	dev_pm_qos_expose_latency_tolerance(&ctrl->dev);
}

void gmx_apst_del(struct gmx_ctrl *ctrl)
{
	if (ctrl->dev.power.set_latency_tolerance)
		dev_pm_qos_hide_latency_tolerance(&ctrl->dev);
	cancel_delayed_work_sync(&ctrl->mgmt.apst.work);
}
