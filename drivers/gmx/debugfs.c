// SPDX-License-Identifier: GPL-2.0-only
/* /sys/kernel/debug/gmx/gmxN: registers, queues, events, faults. For people; docs/abi says what may change. */
#include "gmx.h"

#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

static struct dentry *gmx_debugfs_root;

static const struct {
	const char *name;
	u16 offset;
	bool wide;
} gmx_debugfs_registers[] = {
	{ "cap", GMX_REG_CAP, true },
	{ "vs", GMX_REG_VS },
	{ "intms", GMX_REG_INTMS },
	{ "intmc", GMX_REG_INTMC },
	{ "cc", GMX_REG_CC },
	{ "csts", GMX_REG_CSTS },
	{ "aqa", GMX_REG_AQA },
	{ "asq", GMX_REG_ASQ, true },
	{ "acq", GMX_REG_ACQ, true },
	{ "cmbloc", GMX_REG_CMBLOC },
	{ "cmbsz", GMX_REG_CMBSZ },
	{ "cmbmsc", GMX_REG_CMBMSC, true },
	{ "cmbsts", GMX_REG_CMBSTS },
};

static int registers_show(struct seq_file *m, void *v)
{
	struct gmx_ctrl *ctrl = m->private;
	unsigned int i;

	guard(mutex)(&ctrl->hw_lock);
	if (!ctrl->bar || ctrl->gone)
		return -ENODEV;
	for (i = 0; i < ARRAY_SIZE(gmx_debugfs_registers); i++) {
		u16 at = gmx_debugfs_registers[i].offset;

		if (gmx_debugfs_registers[i].wide)
			seq_printf(m, "%s %#llx\n", gmx_debugfs_registers[i].name, gmx_reg_read64(ctrl, at));
		else
			seq_printf(m, "%s %#x\n", gmx_debugfs_registers[i].name, gmx_reg_read(ctrl, at));
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(registers);

static unsigned int gmx_debugfs_in_flight(const struct gmx_hwq *hwq)
{
	unsigned int tag, nr = 0;

	for (tag = 0; tag < hwq->nr_slots; tag++)
		nr += READ_ONCE(hwq->slots[tag].cid) != GMX_CID_FREE;
	return nr;
}

/* A look without the queues' locks: numbers of one line may be of different moments. */
static int queues_show(struct seq_file *m, void *v)
{
	struct gmx_ctrl *ctrl = m->private;
	unsigned int i, j;

	guard(mutex)(&ctrl->hw_lock);
	seq_puts(m, "sq cq vector depth tail rung head phase in_flight state\n");
	for (i = 0; i < ctrl->nr_hwqs; i++) {
		const struct gmx_hwq *hwq = &ctrl->hwqs[i];

		if (!test_bit(GMX_HWQ_MEMORY, &hwq->flags))
			continue;
		for (j = 0; j < hwq->nr_sqs; j++)
			seq_printf(m, "%u %u %d %u %u %u %u %u %u %s%s\n", hwq->sq[j].qid, hwq->idx, hwq->vector,
				   hwq->sq[j].depth, READ_ONCE(hwq->sq[j].tail), READ_ONCE(hwq->sq[j].rung),
				   READ_ONCE(hwq->cq_head), READ_ONCE(hwq->phase), gmx_debugfs_in_flight(hwq),
				   test_bit(GMX_HWQ_ENABLED, &hwq->flags) ? "enabled" : "disabled",
				   hwq->sq[j].cmb ? ",cmb" : "");
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(queues);

static int events_show(struct seq_file *m, void *v)
{
	struct gmx_ctrl *ctrl = m->private;
	struct gmx_ioc_event *ring;
	unsigned int i;

	ring = kvcalloc(GMX_EVENTS_RING, sizeof(*ring), GFP_KERNEL);
	if (!ring)
		return -ENOMEM;
	gmx_events_copy(ctrl, ring, GMX_EVENTS_RING);
	for (i = 0; i < GMX_EVENTS_RING; i++)
		if (ring[i].sequence)
			seq_printf(m, "%llu %llu.%03llu %u %u %#06x %u %llu %s\n", ring[i].sequence,
				   div_u64(ring[i].boot_ns, NSEC_PER_SEC),
				   div_u64(ring[i].boot_ns, NSEC_PER_MSEC) -
				   div_u64(ring[i].boot_ns, NSEC_PER_SEC) * MSEC_PER_SEC,
				   ring[i].kind, ring[i].severity, ring[i].code, ring[i].object, ring[i].value,
				   ring[i].text);
	kvfree(ring);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(events);

/* Nothing hangs on any of it: errors are debugfs's affair. */
void gmx_debugfs_add(struct gmx_ctrl *ctrl)
{
	struct dentry *dir = debugfs_create_dir(dev_name(&ctrl->dev), gmx_debugfs_root);

	debugfs_create_file("registers", 0400, dir, ctrl, &registers_fops);
	debugfs_create_file("queues", 0400, dir, ctrl, &queues_fops);
	debugfs_create_file("events", 0400, dir, ctrl, &events_fops);
	gmx_inject_add(ctrl, dir);
	ctrl->mgmt.debugfs = dir;
}

/* Waits for those who read. */
void gmx_debugfs_del(struct gmx_ctrl *ctrl)
{
	debugfs_remove_recursive(ctrl->mgmt.debugfs);
	gmx_inject_del(ctrl);
}

void gmx_debugfs_init(void)
{
	gmx_debugfs_root = debugfs_create_dir("gmx", NULL);
}

void gmx_debugfs_exit(void)
{
	debugfs_remove_recursive(gmx_debugfs_root);
}
