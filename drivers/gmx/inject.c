// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults on demand, on any controller (debugfs gmxN/inject/): a completion that came is changed, lost or late. What the
 * driver does about it is what it always does.
 */
#include "queue.h"

#include <linux/debugfs.h>
#include <linux/interrupt.h>
#include <linux/uaccess.h>

#include "trace.h"

#define GMX_INJECT_ANY		256u	/* opcode */
#define GMX_INJECT_DELAY_MAX	600000u
#define GMX_INJECT_STATUS_MAX	0x7fffu

/* Number of controllers that have something armed: none of this costs a thing without. */
DEFINE_STATIC_KEY_FALSE(gmx_inject_key);

static const char * const gmx_inject_queues[] = { "admin", "io" };

enum { GMX_INJECT_STATUS, GMX_INJECT_DROP, GMX_INJECT_DELAY };

static const char * const gmx_inject_actions[] = {
	[GMX_INJECT_STATUS]	= "status",
	[GMX_INJECT_DROP]	= "drop",
	[GMX_INJECT_DELAY]	= "delay",
};

static bool gmx_inject_matches(struct gmx_inject *inject, struct gmx_hwq *hwq, struct request *rq)
{
	const struct gmx_inject_rule *rule = &inject->rule;

	return inject->armed && !!hwq->idx == rule->queue &&
	       (rule->opcode == GMX_INJECT_ANY || gmx_rq_opcode(rq) == rule->opcode) &&
	       ++inject->seen >= rule->nth && (!rule->count || inject->fired < rule->count);
}

static bool gmx_inject_late(struct gmx_inject *inject, struct gmx_hwq *hwq, const struct gmx_cqe *cqe, u16 cid,
			    u16 status)
{
	struct gmx_inject_late *late = inject->late, *end = late + ARRAY_SIZE(inject->late);

	while (late < end && late->hwq)
		late++;
	/* more at once than there is room for are in time */
	if (late == end)
		return false;
	late->hwq = hwq;
	late->cid = cid;
	late->status = status;
	late->result = le32_to_cpu(cqe->dw0) | (u64)le32_to_cpu(cqe->dw1) << 32;
	queue_delayed_work(gmx_admin_wq, &late->work, msecs_to_jiffies(inject->rule.delay_ms));
	return true;
}

/* The status that the command of @slot ends with; negative: not now. Called by the sweeper, who keeps the slot. */
int gmx_inject(struct gmx_hwq *hwq, const struct gmx_cqe *cqe, struct gmx_slot *slot, u16 status)
{
	struct gmx_inject *inject = &hwq->ctrl->mgmt.inject;
	unsigned long irqflags;
	int ret = status;

	spin_lock_irqsave(&inject->lock, irqflags);
	if (gmx_inject_matches(inject, hwq, slot->rq)) {
		switch (inject->rule.action) {
		case GMX_INJECT_STATUS:
			ret = inject->rule.status;
			break;
		case GMX_INJECT_DROP:
			ret = -1;
			break;
		default:
			ret = gmx_inject_late(inject, hwq, cqe, slot->cid, status) ? -1 : status;
			break;
		}
		if (ret != status)
			inject->fired++;
	}
	spin_unlock_irqrestore(&inject->lock, irqflags);
	return ret;
}

/* A reset, or a time-out, may have taken the command back, and its slot may be another's: then its id is another. */
static struct request *gmx_inject_take(struct gmx_hwq *hwq, u16 cid)
{
	struct gmx_slot *slot = &hwq->slots[cid & hwq->slot_mask];
	struct request *rq = NULL;
	bool irq;

	mutex_lock(&hwq->ctrl->irq_lock);
	irq = test_bit(GMX_HWQ_IRQ, &hwq->flags);
	if (irq)
		disable_irq(pci_irq_vector(hwq->ctrl->pdev, hwq->vector));
	spin_lock(&hwq->cq_lock);
	if (slot->cid == cid) {
		slot->cid = GMX_CID_FREE;
		rq = slot->rq;
	}
	spin_unlock(&hwq->cq_lock);
	if (irq)
		enable_irq(pci_irq_vector(hwq->ctrl->pdev, hwq->vector));
	mutex_unlock(&hwq->ctrl->irq_lock);
	return rq;
}

static void gmx_inject_work(struct work_struct *work)
{
	struct gmx_inject_late *late = container_of(to_delayed_work(work), struct gmx_inject_late, work);
	struct request *rq = gmx_inject_take(late->hwq, late->cid);

	if (rq) {
		gmx_req(rq)->status = late->status;
		gmx_req(rq)->result = late->result;
		trace_gmx_complete_rq(rq);
		blk_mq_complete_request(rq);
	}
	/* last: from here on the entry is another command's */
	smp_store_release(&late->hwq, NULL);
}

static bool gmx_inject_valid(const struct gmx_inject_rule *rule)
{
	return rule->opcode <= GMX_INJECT_ANY && rule->status <= GMX_INJECT_STATUS_MAX &&
	       rule->delay_ms <= GMX_INJECT_DELAY_MAX;
}

/* The rule is what the files say now. Called with the mutex held. */
static int gmx_inject_arm(struct gmx_inject *inject, bool armed)
{
	struct gmx_inject_rule rule = inject->wanted;
	bool was = inject->armed;

	rule.queue = inject->queue.value;
	rule.action = inject->action.value;
	if (armed && !gmx_inject_valid(&rule))
		return -EINVAL;
	spin_lock_irq(&inject->lock);
	if (armed) {
		inject->rule = rule;
		inject->seen = 0;
		inject->fired = 0;
	}
	inject->armed = armed;
	spin_unlock_irq(&inject->lock);
	if (armed && !was)
		static_branch_inc(&gmx_inject_key);
	else if (was && !armed)
		static_branch_dec(&gmx_inject_key);
	return 0;
}

static int gmx_inject_armed_get(void *data, u64 *value)
{
	struct gmx_inject *inject = data;

	*value = READ_ONCE(inject->armed);
	return 0;
}

static int gmx_inject_armed_set(void *data, u64 value)
{
	struct gmx_inject *inject = data;

	if (value > 1)
		return -EINVAL;
	guard(mutex)(&inject->mutex);
	return gmx_inject_arm(inject, value);
}
DEFINE_DEBUGFS_ATTRIBUTE(gmx_inject_armed_fops, gmx_inject_armed_get, gmx_inject_armed_set, "%llu\n");

static ssize_t gmx_inject_word_read(struct file *file, char __user *to, size_t bytes, loff_t *at)
{
	const struct gmx_inject_word *word = file->private_data;
	char text[16];
	int len = scnprintf(text, sizeof(text), "%s\n", word->words[READ_ONCE(word->value)]);

	return simple_read_from_buffer(to, bytes, at, text, len);
}

static ssize_t gmx_inject_word_write(struct file *file, const char __user *from, size_t bytes, loff_t *at)
{
	struct gmx_inject_word *word = file->private_data;
	char text[16] = "";
	int i;

	if (bytes >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, bytes))
		return -EFAULT;
	i = __sysfs_match_string(word->words, word->nr, text);
	if (i < 0)
		return i;
	WRITE_ONCE(word->value, i);
	return bytes;
}

static const struct file_operations gmx_inject_word_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.read	= gmx_inject_word_read,
	.write	= gmx_inject_word_write,
	.llseek	= default_llseek,
};

void gmx_inject_init(struct gmx_ctrl *ctrl)
{
	struct gmx_inject *inject = &ctrl->mgmt.inject;
	unsigned int i;

	mutex_init(&inject->mutex);
	spin_lock_init(&inject->lock);
	inject->queue = (struct gmx_inject_word) { 1, ARRAY_SIZE(gmx_inject_queues), gmx_inject_queues };
	inject->action = (struct gmx_inject_word) { 0, ARRAY_SIZE(gmx_inject_actions), gmx_inject_actions };
	inject->wanted = (struct gmx_inject_rule) { .opcode = GMX_NVM_READ, .nth = 1, .count = 1 };
	for (i = 0; i < ARRAY_SIZE(inject->late); i++)
		INIT_DELAYED_WORK(&inject->late[i].work, gmx_inject_work);
}

void gmx_inject_add(struct gmx_ctrl *ctrl, struct dentry *parent)
{
	struct gmx_inject *inject = &ctrl->mgmt.inject;
	struct gmx_inject_rule *rule = &inject->wanted;
	struct dentry *dir = debugfs_create_dir("inject", parent);

	debugfs_create_file("queue", 0600, dir, &inject->queue, &gmx_inject_word_fops);
	debugfs_create_u32("opcode", 0600, dir, &rule->opcode);
	debugfs_create_u32("nth", 0600, dir, &rule->nth);
	debugfs_create_u32("count", 0600, dir, &rule->count);
	debugfs_create_file("action", 0600, dir, &inject->action, &gmx_inject_word_fops);
	debugfs_create_x32("status", 0600, dir, &rule->status);
	debugfs_create_u32("delay_ms", 0600, dir, &rule->delay_ms);
	debugfs_create_file("armed", 0600, dir, inject, &gmx_inject_armed_fops);
	debugfs_create_u32("fired", 0400, dir, &inject->fired);
}

/* The files are gone; what is late comes now. */
void gmx_inject_del(struct gmx_ctrl *ctrl)
{
	struct gmx_inject *inject = &ctrl->mgmt.inject;
	unsigned int i;

	scoped_guard(mutex, &inject->mutex)
		gmx_inject_arm(inject, false);
	for (i = 0; i < ARRAY_SIZE(inject->late); i++)
		flush_delayed_work(&inject->late[i].work);
}
