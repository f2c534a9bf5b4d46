// SPDX-License-Identifier: GPL-2.0-only
/*
 * Priority queues: a context has a submission queue for each I/O priority class, and the controller serves them
 * by weights (NVMe 1.4, 4.13.2). I/O of a context with one queue never comes here.
 */
#include "gmx.h"

#include <linux/crash_dump.h>
#include <linux/ioprio.h>

#define GMX_ARBITRATION_WEIGHTS	0xffffff00u	/* of feature 01h; the rest is the burst, which is the controller's */
#define GMX_ARBITRATION_MAX	256		/* commands a round; zeroes based in the feature */

static const char * const gmx_arbitration_words[] = {
	[GMX_ARBITRATION_BY_PARAMETER]	= "parameter",
	[GMX_ARBITRATION_ROUND_ROBIN]	= "round-robin",
	[GMX_ARBITRATION_PRIORITY]	= "priority",
};

/* The urgent class has none: it is served before all others, so that one busy process would starve them. */
static const u8 gmx_arbitration_prios[GMX_SQS_PER_HWQ] = {
	[GMX_SQ_MEDIUM]	= GMX_SQ_PRIO_MEDIUM,
	[GMX_SQ_HIGH]	= GMX_SQ_PRIO_HIGH,
	[GMX_SQ_LOW]	= GMX_SQ_PRIO_LOW,
};

u8 gmx_arbitration_prio(const struct gmx_hwq *hwq, const struct gmx_sq *sq)
{
	return gmx_arbitration_prios[sq - hwq->sq];
}

/* The same answer for as long as the command is in flight. */
struct gmx_sq *gmx_arbitration_sq(struct gmx_hwq *hwq, struct request *rq)
{
	if (hwq->nr_sqs == 1)
		return &hwq->sq[0];
	/* the bio's own: before 6.12 a request without one has what is left of its tag's last user */
	switch (rq->bio ? IOPRIO_PRIO_CLASS(rq->bio->bi_ioprio) : IOPRIO_CLASS_NONE) {
	case IOPRIO_CLASS_RT:
		return &hwq->sq[GMX_SQ_HIGH];
	case IOPRIO_CLASS_IDLE:
		return &hwq->sq[GMX_SQ_LOW];
	default:
		return &hwq->sq[GMX_SQ_MEDIUM];
	}
}

/* One line for one reason, not for each reset that meets it again. */
void gmx_arbitration_refused(struct gmx_ctrl *ctrl, const char *why)
{
	struct gmx_arbitration *a = &ctrl->mgmt.arbitration;

	ctrl->nr_sqs = 1;
	if (a->refused != why)
		dev_warn(&ctrl->pdev->dev, "priority queues not used: %s: going on by round robin\n", why);
	a->refused = why;
}

/*
 * Before the controller is enabled, as CC.AMS can't be changed later. Where the queues can't be had then, each context
 * has one of medium priority, and within a class it is round robin.
 */
void gmx_arbitration_choose(struct gmx_ctrl *ctrl)
{
	struct gmx_arbitration *a = &ctrl->mgmt.arbitration;
	u8 wish = READ_ONCE(a->wish);

	if (wish == GMX_ARBITRATION_BY_PARAMETER)
		wish = READ_ONCE(gmx_priority_queues) ? GMX_ARBITRATION_PRIORITY : GMX_ARBITRATION_ROUND_ROBIN;
	ctrl->weighted = false;
	ctrl->nr_sqs = 1;
	if (wish != GMX_ARBITRATION_PRIORITY || is_kdump_kernel()) {
		a->refused = NULL;
	} else if (!gmx_arbitration_offered(ctrl)) {
		gmx_arbitration_refused(ctrl, "the controller has no weighted round robin");
	} else {
		ctrl->weighted = true;
		ctrl->nr_sqs = GMX_SQS_PER_HWQ;
	}
}

bool gmx_arbitration_offered(struct gmx_ctrl *ctrl)
{
	return GMX_CAP_AMS(ctrl->cap) & GMX_CAP_AMS_WRR;
}

/* @weights NULL: only look at what the controller has. What it made of new ones is read back. */
static int gmx_arbitration_exchange(struct gmx_ctrl *ctrl, const u32 *weights, unsigned int flags)
{
	struct gmx_arbitration *a = &ctrl->mgmt.arbitration;
	u32 value;
	int ret;

	ret = gmx_admin_get_feature(ctrl, GMX_FEAT_ARBITRATION, &value, flags);
	if (!ret && weights && (value & GMX_ARBITRATION_WEIGHTS) != *weights) {
		value = (value & ~GMX_ARBITRATION_WEIGHTS) | *weights;
		ret = gmx_admin_set_feature(ctrl, GMX_FEAT_ARBITRATION, value, NULL, flags);
		if (!ret)
			ret = gmx_admin_get_feature(ctrl, GMX_FEAT_ARBITRATION, &value, flags);
	}
	if (!ret) {
		WRITE_ONCE(a->value, value);
		WRITE_ONCE(a->known, true);
	}
	return ret;
}

/* Part of bringing the controller up: a reset has forgotten them. */
void gmx_arbitration_apply(struct gmx_ctrl *ctrl)
{
	struct gmx_arbitration *a = &ctrl->mgmt.arbitration;
	u32 weights = READ_ONCE(a->weights);
	bool set = READ_ONCE(a->set);

	if (ctrl->nr_sqs > 1)
		a->refused = NULL;
	if (!gmx_arbitration_offered(ctrl) || (ctrl->nr_sqs == 1 && !set))
		return;
	if (gmx_arbitration_exchange(ctrl, set ? &weights : NULL, GMX_CMD_RESET_PATH))
		dev_warn(&ctrl->dev, "arbitration weights cannot be %s\n", set ? "set again" : "read");
}

void gmx_arbitration_init(struct gmx_ctrl *ctrl)
{
	mutex_init(&ctrl->mgmt.arbitration.lock);
}

ssize_t gmx_arbitration_show(struct gmx_ctrl *ctrl, char *buf)
{
	return sysfs_emit(buf, "%s\n", gmx_arbitration_words[READ_ONCE(ctrl->mgmt.arbitration.wish)]);
}

int gmx_arbitration_store(struct gmx_ctrl *ctrl, const char *buf)
{
	int word = sysfs_match_string(gmx_arbitration_words, buf);

	if (word < 0)
		return word;
	WRITE_ONCE(ctrl->mgmt.arbitration.wish, word);
	return 0;
}

const char *gmx_arbitration_in_use(struct gmx_ctrl *ctrl)
{
	return gmx_arbitration_words[READ_ONCE(ctrl->nr_sqs) > 1 ? GMX_ARBITRATION_PRIORITY :
							    GMX_ARBITRATION_ROUND_ROBIN];
}

/* Three numbers of commands a round: high, medium, low; in the feature from its highest byte on. */
static int gmx_arbitration_parse(const char *buf, u32 *weights)
{
	char text[32], *rest = text, *word;
	unsigned int nr = 0, value;

	if (strscpy(text, buf, sizeof(text)) < 0)
		return -EINVAL;
	*weights = 0;
	while ((word = strsep(&rest, "\n "))) {
		if (!*word)
			continue;
		if (nr == GMX_SQS_PER_HWQ || kstrtouint(word, 10, &value) || !value || value > GMX_ARBITRATION_MAX)
			return -EINVAL;
		*weights |= (value - 1) << (24 - 8 * nr++);
	}
	return nr == GMX_SQS_PER_HWQ ? 0 : -EINVAL;
}

ssize_t gmx_arbitration_weights_show(struct gmx_ctrl *ctrl, char *buf)
{
	struct gmx_arbitration *a = &ctrl->mgmt.arbitration;
	u32 value = READ_ONCE(a->value);

	if (!READ_ONCE(a->known))
		return sysfs_emit(buf, "default\n");
	return sysfs_emit(buf, "%u %u %u\n", (value >> 24) + 1, (value >> 16 & 0xff) + 1, (value >> 8 & 0xff) + 1);
}

int gmx_arbitration_weights_store(struct gmx_ctrl *ctrl, const char *buf)
{
	struct gmx_arbitration *a = &ctrl->mgmt.arbitration;
	u32 weights, before;
	bool set;
	int ret;

	ret = gmx_arbitration_parse(buf, &weights);
	if (ret)
		return ret;
	guard(mutex)(&a->lock);
	ret = gmx_uabi_ready(ctrl);
	if (ret)
		return ret;
	/* first, for a reset that comes between the commands */
	before = a->weights;
	set = a->set;
	WRITE_ONCE(a->weights, weights);
	WRITE_ONCE(a->set, true);
	ret = gmx_arbitration_exchange(ctrl, &weights, 0);
	if (!ret)
		return 0;
	WRITE_ONCE(a->weights, before);
	WRITE_ONCE(a->set, set);
	return ret > 0 ? -EREMOTEIO : ret;
}
