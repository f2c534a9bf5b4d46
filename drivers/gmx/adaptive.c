// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupt profile "adaptive": vectors gather completions where many commands are in flight, and only there. How many
 * there are is what the rings say, looked at now and then, so the hot path knows nothing of it.
 */
#include "gmx.h"

#define GMX_ADAPTIVE_SAMPLE_MS	20
#define GMX_ADAPTIVE_IDLE_MS	200
#define GMX_ADAPTIVE_SAMPLES	5	/* for a decision */
/* Commands in flight with which a vector begins to gather, and with fewer than which it ends. */
#define GMX_ADAPTIVE_ON		12
#define GMX_ADAPTIVE_OFF	6
/* Of the commands in flight, the part that is gathered: the rest keeps the controller busy meanwhile. */
#define GMX_ADAPTIVE_SHARE	4
#define GMX_ADAPTIVE_MAX	32	/* completions */
#define GMX_ADAPTIVE_TIME_US	300	/* for what comes late, as the load ends */
/* Feature commands of a decision; what is left is the next one's. */
#define GMX_ADAPTIVE_COMMANDS	16

/* Racy by a few commands, which an average does not mind. */
static unsigned int gmx_adaptive_in_flight(const struct gmx_hwq *hwq)
{
	unsigned int i, n = hwq->cq_depth - READ_ONCE(hwq->cq_head);

	for (i = 0; i < hwq->nr_sqs; i++)
		n += READ_ONCE(hwq->sq[i].tail);
	return n % hwq->cq_depth;
}

static bool gmx_adaptive_serves(const struct gmx_hwq *hwq)
{
	/* one vector for all is switched by feature 08h alone */
	return test_bit(GMX_HWQ_ENABLED, &hwq->flags) && hwq->vector >= 0;
}

static bool gmx_adaptive_sample(struct gmx_ctrl *ctrl)
{
	unsigned int i, n, all = 0;

	for (i = 1; i < ctrl->online_hwqs; i++) {
		struct gmx_hwq *hwq = &ctrl->hwqs[i];

		n = gmx_adaptive_serves(hwq) ? gmx_adaptive_in_flight(hwq) : 0;
		hwq->load += n;
		all += n;
	}
	return all;
}

static int gmx_adaptive_vector(struct gmx_ctrl *ctrl, struct gmx_hwq *hwq, bool gathers)
{
	int ret;

	if (!hwq->vector)
		return 0;
	ret = gmx_admin_set_feature(ctrl, GMX_FEAT_IRQ_CONFIG, hwq->vector | (gathers ? 0 : GMX_IRQ_CONFIG_CD), NULL, 0);
	if (!ret)
		hwq->gathers = gathers;
	return ret;
}

/* From the samples to what the controller is told. */
static int gmx_adaptive_decide(struct gmx_ctrl *ctrl)
{
	struct gmx_moderation *m = &ctrl->mgmt.moderation;
	unsigned int i, busy = 0, sum = 0, commands = GMX_ADAPTIVE_COMMANDS;
	u32 value = 0;
	int ret;

	for (i = 1; i < ctrl->online_hwqs; i++) {
		struct gmx_hwq *hwq = &ctrl->hwqs[i];
		unsigned int load = hwq->load / GMX_ADAPTIVE_SAMPLES;

		hwq->load = 0;
		hwq->busy = load >= (hwq->busy ? GMX_ADAPTIVE_OFF : GMX_ADAPTIVE_ON);
		busy += hwq->busy;
		sum += hwq->busy ? load : 0;
	}
	for (i = 1; busy && i < ctrl->online_hwqs && commands; i++) {
		struct gmx_hwq *hwq = &ctrl->hwqs[i];

		if (!gmx_adaptive_serves(hwq) || hwq->gathers == hwq->busy)
			continue;
		commands--;
		ret = gmx_adaptive_vector(ctrl, hwq, hwq->busy);
		if (ret)
			return ret;
	}
	if (busy)
		value = gmx_moderation_value(clamp(rounddown_pow_of_two(sum / busy) / GMX_ADAPTIVE_SHARE, 2u,
						   (unsigned int)GMX_ADAPTIVE_MAX), GMX_ADAPTIVE_TIME_US);
	if (value == m->value)
		return 0;
	ret = gmx_admin_set_feature(ctrl, GMX_FEAT_IRQ_COALESCE, value, NULL, 0);
	if (!ret)
		m->value = value;
	return ret;
}

static void gmx_adaptive_work(struct work_struct *work)
{
	struct gmx_moderation *m = container_of(to_delayed_work(work), struct gmx_moderation, work);
	struct gmx_ctrl *ctrl = container_of(m, struct gmx_ctrl, mgmt.moderation);
	unsigned int ms = GMX_ADAPTIVE_SAMPLE_MS;
	int ret = 0;

	mutex_lock(&m->lock);
	/* A bring-up starts it again. */
	if (m->profile != GMX_IOC_IRQ_ADAPTIVE || gmx_ctrl_state(ctrl) != GMX_LIVE)
		goto out;
	if (test_and_clear_bit(GMX_MODERATION_FORGOTTEN, &m->flags))
		gmx_adaptive_forget(ctrl);
	m->active |= gmx_adaptive_sample(ctrl);
	if (++m->samples == GMX_ADAPTIVE_SAMPLES) {
		ret = gmx_adaptive_decide(ctrl);
		m->idle = !m->active;
		m->active = false;
		m->samples = 0;
	}
	if (ret > 0) {
		dev_warn(&ctrl->dev, "interrupt profile adaptive ends: the controller refused a feature (status %#x)\n", ret);
		m->profile = GMX_IOC_IRQ_CUSTOM;
	} else if (!ret || gmx_ctrl_state(ctrl) == GMX_LIVE) {
		if (m->idle)
			ms = GMX_ADAPTIVE_IDLE_MS;
		queue_delayed_work(gmx_admin_wq, &m->work, msecs_to_jiffies(ms));
	}
out:
	mutex_unlock(&m->lock);
}
