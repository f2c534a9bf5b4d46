// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupt profile "adaptive": vectors gather completions where many commands are in flight, and only there. What an
 * interrupt finds is noted behind a static key, so that it costs nothing where no controller has the profile.
 */
#include "gmx.h"

#define GMX_ADAPTIVE_MS		100
#define GMX_ADAPTIVE_IDLE_MS	400
/* Commands in flight with which a vector begins to gather, and with fewer than which it ends. */
#define GMX_ADAPTIVE_ON		12
#define GMX_ADAPTIVE_OFF	6
/* Completions of a decision: interrupts that are rarer cost nothing that is worth a wait. */
#define GMX_ADAPTIVE_RATE	200
/* Of the commands in flight, the part that is gathered: the rest keeps the controller busy meanwhile. */
#define GMX_ADAPTIVE_SHARE	2
#define GMX_ADAPTIVE_MAX	32	/* completions */
#define GMX_ADAPTIVE_TIME_US	600	/* for what comes late, as the load ends */
/* Feature commands of a decision; what is left is the next one's. */
#define GMX_ADAPTIVE_COMMANDS	16

DEFINE_STATIC_KEY_FALSE(gmx_adaptive_key);

/* In the vector's handler, after it has swept the queue. */
void gmx_adaptive_note(struct gmx_hwq *hwq)
{
	struct gmx_adaptive_seen *now = &hwq->seen;
	unsigned int i, head = hwq->cq_head, in_flight = hwq->cq_depth - hwq->seen_head;

	for (i = 0; i < hwq->nr_sqs; i++)
		in_flight += READ_ONCE(hwq->sq[i].tail);
	/* before this interrupt took some away */
	now->in_flight += in_flight % hwq->cq_depth;
	now->done += (head + hwq->cq_depth - hwq->seen_head) % hwq->cq_depth;
	now->rounds++;
	hwq->seen_head = head;
}

static bool gmx_adaptive_serves(const struct gmx_hwq *hwq)
{
	return test_bit(GMX_HWQ_ENABLED, &hwq->flags) && READ_ONCE(hwq->vector) >= 0;
}

static int gmx_adaptive_vector(struct gmx_ctrl *ctrl, struct gmx_hwq *hwq, bool gathers)
{
	/* once: a reset may give the queue another, or none, and then all is told again */
	int vector = READ_ONCE(hwq->vector), ret = 0;

	/* the lone vector is the admin queue's too, and switched by feature 08h alone */
	if (vector > 0)
		ret = gmx_admin_set_feature(ctrl, GMX_FEAT_IRQ_CONFIG, vector | (gathers ? 0 : GMX_IRQ_CONFIG_CD),
					    NULL, 0);
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

	m->idle = true;
	for (i = 1; i < ctrl->online_hwqs; i++) {
		struct gmx_hwq *hwq = &ctrl->hwqs[i];
		/* torn against the handler by an interrupt at most */
		struct gmx_adaptive_seen now = hwq->seen;
		u32 rounds = now.rounds - hwq->decided.rounds, done = now.done - hwq->decided.done;
		u32 load = rounds ? (now.in_flight - hwq->decided.in_flight) / rounds : 0;

		hwq->decided = now;
		hwq->busy = done >= GMX_ADAPTIVE_RATE && load >= (hwq->busy ? GMX_ADAPTIVE_OFF : GMX_ADAPTIVE_ON);
		m->idle &= !done;
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
		value = gmx_moderation_value(clamp(roundup_pow_of_two(sum / busy) / GMX_ADAPTIVE_SHARE, 2ul,
						   (unsigned long)GMX_ADAPTIVE_MAX), GMX_ADAPTIVE_TIME_US);
	if (value == m->value)
		return 0;
	ret = gmx_admin_set_feature(ctrl, GMX_FEAT_IRQ_COALESCE, value, NULL, 0);
	if (!ret)
		m->value = value;
	return ret;
}

/* Called with the lock held. */
void gmx_adaptive_count(struct gmx_moderation *m, bool count)
{
	if (m->counts == count)
		return;
	m->counts = count;
	if (count)
		static_branch_inc(&gmx_adaptive_key);
	else
		static_branch_dec(&gmx_adaptive_key);
}

/* Vectors gather again as feature 08h says. */
static int gmx_adaptive_restore(struct gmx_ctrl *ctrl)
{
	unsigned int i;
	int ret;

	for (i = 1; i < ctrl->online_hwqs; i++) {
		struct gmx_hwq *hwq = &ctrl->hwqs[i];

		hwq->busy = false;
		if (!gmx_adaptive_serves(hwq) || hwq->gathers)
			continue;
		ret = gmx_adaptive_vector(ctrl, hwq, true);
		if (ret)
			return ret;
	}
	return 0;
}

/* Refused: what was set meanwhile is taken back as far as the controller lets us, the rest when a profile is set. */
static void gmx_adaptive_refused(struct gmx_ctrl *ctrl, int status)
{
	struct gmx_moderation *m = &ctrl->mgmt.moderation;

	dev_warn(&ctrl->dev, "interrupt profile adaptive ends: the controller refuses a feature (status %#x)\n",
		 status);
	m->set = false;
	m->profile = GMX_IOC_IRQ_LATENCY;
	m->value = GMX_MODERATION_UNKNOWN;
	gmx_adaptive_count(m, false);
	if (!gmx_admin_set_feature(ctrl, GMX_FEAT_IRQ_COALESCE, 0, NULL, 0))
		m->value = 0;
	m->leftover = gmx_adaptive_restore(ctrl);
}

void gmx_adaptive_work(struct work_struct *work)
{
	struct gmx_moderation *m = container_of(to_delayed_work(work), struct gmx_moderation, work);
	struct gmx_ctrl *ctrl = container_of(m, struct gmx_ctrl, mgmt.moderation);
	unsigned int ms = GMX_ADAPTIVE_IDLE_MS;
	int ret = 0;

	guard(mutex)(&m->lock);
	if (m->profile != GMX_IOC_IRQ_ADAPTIVE || m->closed)
		return;
	if (gmx_ctrl_state(ctrl) != GMX_LIVE)
		goto again;
	/* told, not taken for granted: a command of ours may have waited for that reset, and come after it */
	if (test_and_clear_bit(GMX_MODERATION_FORGOTTEN, &m->flags)) {
		m->value = GMX_MODERATION_UNKNOWN;
		ret = gmx_adaptive_restore(ctrl);
		/* half way: the rest is told next time, and not what the next decision makes of it */
		if (ret < 0)
			set_bit(GMX_MODERATION_FORGOTTEN, &m->flags);
	}
	if (!ret)
		ret = gmx_adaptive_decide(ctrl);
	if (ret > 0) {
		gmx_adaptive_refused(ctrl, ret);
		return;
	}
	if (!m->idle)
		ms = GMX_ADAPTIVE_MS;
again:
	queue_delayed_work(gmx_admin_wq, &m->work, msecs_to_jiffies(ms));
}

/* Called with the lock held, coalescing switched off. */
void gmx_adaptive_begin(struct gmx_ctrl *ctrl)
{
	struct gmx_moderation *m = &ctrl->mgmt.moderation;
	unsigned int i;

	if (m->closed)
		return;
	for (i = 1; i < ctrl->nr_hwqs; i++) {
		ctrl->hwqs[i].busy = false;
		ctrl->hwqs[i].gathers = true;
	}
	m->value = GMX_MODERATION_UNKNOWN;
	gmx_adaptive_count(m, true);
	mod_delayed_work(gmx_admin_wq, &m->work, msecs_to_jiffies(GMX_ADAPTIVE_MS));
}

/* Called with the lock held. */
int gmx_adaptive_end(struct gmx_ctrl *ctrl)
{
	struct gmx_moderation *m = &ctrl->mgmt.moderation;
	int ret = gmx_adaptive_restore(ctrl);

	if (ret)
		return ret;
	m->leftover = false;
	gmx_adaptive_count(m, false);
	return 0;
}

/* Part of bringing the controller up, which takes no lock: who has it may wait for this bring-up. */
void gmx_adaptive_apply(struct gmx_ctrl *ctrl)
{
	struct gmx_moderation *m = &ctrl->mgmt.moderation;

	set_bit(GMX_MODERATION_FORGOTTEN, &m->flags);
	mod_delayed_work(gmx_admin_wq, &m->work, msecs_to_jiffies(GMX_ADAPTIVE_MS));
}
