// SPDX-License-Identifier: GPL-2.0-only
/* Interrupt moderation by profiles (features 08h and 09h): the controller coalesces, the driver only says how much. */
#include "gmx.h"

#include <linux/capability.h>

#define GMX_MODERATION_UNIT_US	100
#define GMX_MODERATION_MAX_US	25500

static const char * const gmx_moderation_names[] = {
	[GMX_IOC_IRQ_LATENCY]		= "latency",
	[GMX_IOC_IRQ_BALANCED]		= "balanced",
	[GMX_IOC_IRQ_THROUGHPUT]	= "throughput",
	[GMX_IOC_IRQ_ADAPTIVE]		= "adaptive",
	[GMX_IOC_IRQ_CUSTOM]		= "custom",
};

static const struct {
	u16 threshold;			/* completions */
	u16 time_us;
} gmx_moderation_profiles[] = {
	[GMX_IOC_IRQ_LATENCY]		= { 1, 0 },
	[GMX_IOC_IRQ_BALANCED]		= { 8, 100 },
	[GMX_IOC_IRQ_THROUGHPUT]	= { 32, 500 },
	[GMX_IOC_IRQ_ADAPTIVE]		= { 1, 0 },	/* to begin with */
};

bool gmx_moderation_offered(struct gmx_ctrl *ctrl)
{
	return le64_to_cpu(ctrl->mgmt.id.page.features) & GMX_VND_F_COALESCING;
}

u32 gmx_moderation_value(u32 threshold, u32 time_us)
{
	/* zeroes based; a time of 0 switches it off */
	return (threshold - 1) | time_us / GMX_MODERATION_UNIT_US << 8;
}

/* Part of bringing the controller up: a reset has forgotten it. The admin queue's interrupts are never held back. */
void gmx_moderation_apply(struct gmx_ctrl *ctrl)
{
	struct gmx_moderation *m = &ctrl->mgmt.moderation;

	if (!READ_ONCE(m->set) || !gmx_moderation_offered(ctrl))
		return;
	if (READ_ONCE(m->profile) == GMX_IOC_IRQ_ADAPTIVE)
		gmx_adaptive_apply(ctrl);
	else if (gmx_admin_set_feature(ctrl, GMX_FEAT_IRQ_COALESCE, READ_ONCE(m->value), NULL, GMX_CMD_RESET_PATH))
		dev_warn(&ctrl->dev, "interrupt moderation cannot be set again\n");
}

void gmx_moderation_init(struct gmx_ctrl *ctrl)
{
	mutex_init(&ctrl->mgmt.moderation.lock);
	INIT_DELAYED_WORK(&ctrl->mgmt.moderation.work, gmx_adaptive_work);
}

void gmx_moderation_close(struct gmx_ctrl *ctrl)
{
	struct gmx_moderation *m = &ctrl->mgmt.moderation;

	mutex_lock(&m->lock);
	m->closed = true;
	gmx_adaptive_count(m, false);
	mutex_unlock(&m->lock);
	cancel_delayed_work_sync(&m->work);
}

/* Called with the lock held. */
static int gmx_moderation_set(struct gmx_ctrl *ctrl, u32 profile, u32 threshold, u32 time_us)
{
	struct gmx_moderation *m = &ctrl->mgmt.moderation;
	u32 value = gmx_moderation_value(threshold, time_us), value_before = m->value;
	u8 profile_before = m->profile;
	bool set_before = m->set, adaptive = set_before && profile_before == GMX_IOC_IRQ_ADAPTIVE;
	int ret;

	/* first, for a reset that comes between the commands */
	WRITE_ONCE(m->value, value);
	WRITE_ONCE(m->profile, profile);
	WRITE_ONCE(m->set, true);
	ret = gmx_admin_set_feature(ctrl, GMX_FEAT_IRQ_COALESCE, value, NULL, 0);
	if (!ret && (adaptive || m->leftover))
		ret = gmx_adaptive_end(ctrl);
	if (ret) {
		WRITE_ONCE(m->set, set_before);
		WRITE_ONCE(m->profile, profile_before);
		WRITE_ONCE(m->value, value_before);
		/* goes on, and tells the controller all of it again */
		if (adaptive)
			gmx_adaptive_apply(ctrl);
		return ret;
	}
	if (profile == GMX_IOC_IRQ_ADAPTIVE)
		gmx_adaptive_begin(ctrl);
	return 0;
}

static int gmx_moderation_set_profile(struct gmx_ctrl *ctrl, u32 profile)
{
	return gmx_moderation_set(ctrl, profile, gmx_moderation_profiles[profile].threshold,
				  gmx_moderation_profiles[profile].time_us);
}

/* As it was last set, not as the controller has it. */
const char *gmx_moderation_name(struct gmx_ctrl *ctrl)
{
	struct gmx_moderation *m = &ctrl->mgmt.moderation;

	return gmx_moderation_names[m->set ? m->profile : GMX_IOC_IRQ_LATENCY];
}

int gmx_moderation_set_by_name(struct gmx_ctrl *ctrl, const char *name)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(gmx_moderation_profiles); i++) {
		if (!sysfs_streq(name, gmx_moderation_names[i]))
			continue;
		mutex_lock(&ctrl->mgmt.moderation.lock);
		ret = gmx_uabi_ready(ctrl);
		if (!ret)
			ret = gmx_moderation_set_profile(ctrl, i);
		mutex_unlock(&ctrl->mgmt.moderation.lock);
		return ret > 0 ? -EREMOTEIO : ret;
	}
	return -EINVAL;
}

static int gmx_moderation_check(const struct gmx_ioc_irq *req)
{
	switch (req->set) {
	case 0:
		return 0;
	case GMX_IOC_IRQ_PROFILE:
		return req->profile < ARRAY_SIZE(gmx_moderation_profiles) ? 0 : -EINVAL;
	case GMX_IOC_IRQ_VALUES:
		if (req->threshold < 1 || req->threshold > 256 || req->time_us > GMX_MODERATION_MAX_US ||
		    req->time_us % GMX_MODERATION_UNIT_US)
			return -EINVAL;
		return 0;
	default:
		return -EINVAL;
	}
}

int gmx_moderation_call(struct gmx_file *file, void *arg)
{
	struct gmx_ctrl *ctrl = file->ctrl;
	struct gmx_moderation *m = &ctrl->mgmt.moderation;
	struct gmx_ioc_irq *req = arg;
	u32 value = 0;
	int ret;

	if (req->set && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	ret = gmx_moderation_check(req);
	if (ret)
		return ret;
	if (!gmx_moderation_offered(ctrl))
		return -EOPNOTSUPP;
	guard(mutex)(&m->lock);
	if (req->set == GMX_IOC_IRQ_PROFILE)
		ret = gmx_moderation_set_profile(ctrl, req->profile);
	else if (req->set == GMX_IOC_IRQ_VALUES)
		ret = gmx_moderation_set(ctrl, GMX_IOC_IRQ_CUSTOM, req->threshold, req->time_us);
	if (!ret)
		ret = gmx_admin_get_feature(ctrl, GMX_FEAT_IRQ_COALESCE, &value, 0);
	req->nvme_status = 0;
	req->rsvd1 = 0;
	req->threshold = (value & 0xff) + 1;
	req->time_us = (value >> 8 & 0xff) * GMX_MODERATION_UNIT_US;
	req->profile = m->set ? m->profile : GMX_IOC_IRQ_LATENCY;
	/* somebody else has set it meanwhile */
	if (value != m->value && m->value != GMX_MODERATION_UNKNOWN && (m->set || req->time_us))
		req->profile = GMX_IOC_IRQ_CUSTOM;
	req->nr_vectors = ctrl->nr_vectors;
	return gmx_uabi_result(ctrl, ret, &req->nvme_status);
}
