// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device core dump of a reset that nobody asked for (uapi/linux/gmx_dump.h). What the host knows is taken before
 * the reset; telemetry is added after it, when the controller answers again.
 */
#include "gmx.h"

#include <linux/devcoredump.h>
#include <linux/kernfs.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <uapi/linux/gmx_dump.h>

#define GMX_DUMP_REGISTER_BYTES	0x100
#define GMX_DUMP_CONFIG_BYTES	0x100
#define GMX_DUMP_NR_COMMANDS	256
#define GMX_DUMP_LEAST		8	/* commands of a queue, however many there are */
#define GMX_DUMP_NR_EVENTS	64

/* The kernel keeps one of a device, for five minutes or until somebody has taken it. */
static bool gmx_dump_lies_there(struct gmx_ctrl *ctrl)
{
	struct kernfs_node *kn = sysfs_get_dirent(ctrl->pdev->dev.kobj.sd, "devcoredump");

	if (!kn)
		return false;
	sysfs_put(kn);
	return true;
}

static void *gmx_dump_section(struct gmx_dump *dump, enum gmx_dump_kind kind, u32 entry_bytes, u32 nr)
{
	struct gmx_dump_header *head = dump->data;
	u32 i = le32_to_cpu(head->nr_sections);
	void *at = dump->data + dump->bytes;
	size_t bytes = (size_t)entry_bytes * nr;

	if (i >= GMX_DUMP_SECTIONS || dump->bytes + ALIGN(bytes, 8) > dump->room)
		return NULL;
	head->section[i] = (struct gmx_dump_section) {
		.kind		= cpu_to_le32(kind),
		.entry_bytes	= cpu_to_le32(entry_bytes),
		.offset		= cpu_to_le64(dump->bytes),
		.bytes		= cpu_to_le64(bytes),
	};
	head->nr_sections = cpu_to_le32(i + 1);
	dump->bytes += ALIGN(bytes, 8);
	head->bytes = cpu_to_le64(dump->bytes);
	return at;
}

static void gmx_dump_head(struct gmx_ctrl *ctrl, struct gmx_dump *dump, const char *reason)
{
	struct gmx_dump_header *head = dump->data;

	*head = (struct gmx_dump_header) {
		.version	= cpu_to_le32(GMX_DUMP_VERSION),
		.header_bytes	= cpu_to_le32(sizeof(*head)),
		.time_ns	= cpu_to_le64(ktime_get_real_ns()),
		.boot_ns	= cpu_to_le64(ktime_get_boottime_ns()),
		.reason		= cpu_to_le32(gmx_stats_reason(reason)),
	};
	memcpy(head->magic, GMX_DUMP_MAGIC, sizeof(head->magic));
	strscpy(head->reason_text, reason, sizeof(head->reason_text));
	strscpy(head->driver_version, THIS_MODULE->version, sizeof(head->driver_version));
	strscpy(head->pci_address, pci_name(ctrl->pdev), sizeof(head->pci_address));
	strscpy(head->serial, ctrl->serial, sizeof(head->serial));
	strscpy(head->model, ctrl->model, sizeof(head->model));
	strscpy(head->firmware, ctrl->firmware_rev, sizeof(head->firmware));
	dump->bytes = sizeof(*head);
}

static void gmx_dump_registers(struct gmx_ctrl *ctrl, struct gmx_dump *dump)
{
	__le32 *regs = gmx_dump_section(dump, GMX_DUMP_REGISTERS, 4, GMX_DUMP_REGISTER_BYTES / 4);
	__le32 *config = gmx_dump_section(dump, GMX_DUMP_PCI_CONFIG, 4, GMX_DUMP_CONFIG_BYTES / 4);
	unsigned int i;
	u32 value;

	/* nobody answers behind a dead link, and some machines stop at the attempt */
	if (pci_channel_offline(ctrl->pdev)) {
		if (regs)
			memset(regs, 0xff, GMX_DUMP_REGISTER_BYTES);
		if (config)
			memset(config, 0xff, GMX_DUMP_CONFIG_BYTES);
		return;
	}
	for (i = 0; regs && i < GMX_DUMP_REGISTER_BYTES / 4; i++)
		regs[i] = cpu_to_le32(gmx_reg_read(ctrl, i * 4));
	for (i = 0; config && i < GMX_DUMP_CONFIG_BYTES / 4; i++) {
		pci_read_config_dword(ctrl->pdev, i * 4, &value);
		config[i] = cpu_to_le32(value);
	}
}

static bool gmx_dump_has(const struct gmx_hwq *hwq)
{
	return test_bit(GMX_HWQ_MEMORY, &hwq->flags) && (!hwq->idx || test_bit(GMX_HWQ_CREATED, &hwq->flags));
}

static unsigned int gmx_dump_count_queues(struct gmx_ctrl *ctrl)
{
	unsigned int i, nr = 0;

	for (i = 0; i < ctrl->nr_hwqs; i++)
		if (gmx_dump_has(&ctrl->hwqs[i]))
			nr += ctrl->hwqs[i].nr_sqs;
	return nr;
}

static void gmx_dump_queue(const struct gmx_hwq *hwq, const struct gmx_sq *sq, struct gmx_dump_queue *to)
{
	unsigned int tag, in_flight = 0;
	u16 flags = 0;

	for (tag = 0; tag < hwq->nr_slots; tag++)
		in_flight += READ_ONCE(hwq->slots[tag].cid) != GMX_CID_FREE;
	if (!hwq->idx || test_bit(GMX_HWQ_CREATED, &hwq->flags))
		flags |= GMX_DUMP_QUEUE_CREATED;
	if (test_bit(GMX_HWQ_ENABLED, &hwq->flags))
		flags |= GMX_DUMP_QUEUE_ENABLED;
	if (sq->cmb)
		flags |= GMX_DUMP_QUEUE_CMB;
	*to = (struct gmx_dump_queue) {
		.sqid		= cpu_to_le16(sq->qid),
		.cqid		= cpu_to_le16(hwq->idx),
		.vector		= cpu_to_le16(hwq->vector),
		.flags		= cpu_to_le16(flags),
		.sq_depth	= cpu_to_le16(sq->depth),
		.sq_tail	= cpu_to_le16(READ_ONCE(sq->tail)),
		.sq_rung	= cpu_to_le16(READ_ONCE(sq->rung)),
		.cq_depth	= cpu_to_le16(hwq->cq_depth),
		.cq_head	= cpu_to_le16(READ_ONCE(hwq->cq_head)),
		.cq_phase	= cpu_to_le16(READ_ONCE(hwq->phase)),
		.in_flight	= cpu_to_le16(in_flight),
	};
}

static void gmx_dump_command_end(const struct gmx_hwq *hwq, u16 cid, struct gmx_dump_command *to)
{
	unsigned int tag = cid & (BIT(GMX_TAG_BITS) - 1), i, at = READ_ONCE(hwq->cq_head);

	if (tag < hwq->nr_slots && READ_ONCE(hwq->slots[tag].cid) == cid) {
		to->state = GMX_DUMP_CMD_IN_FLIGHT;
		return;
	}
	to->state = GMX_DUMP_CMD_UNKNOWN;
	for (i = 0; i < hwq->cq_depth; i++) {
		at = at ? at - 1 : hwq->cq_depth - 1;
		if (le16_to_cpu(READ_ONCE(hwq->cqes[at].cid)) != cid)
			continue;
		memcpy(to->cqe, &hwq->cqes[at], sizeof(to->cqe));
		to->state = GMX_DUMP_CMD_DONE;
		return;
	}
}

static void gmx_dump_commands(const struct gmx_hwq *hwq, const struct gmx_sq *sq, struct gmx_dump_command *to,
			      unsigned int nr)
{
	unsigned int at = READ_ONCE(sq->tail), i;

	for (i = 0; i < nr; i++) {
		at = at ? at - 1 : sq->depth - 1;
		/* newest first in the ring, last in the dump */
		to[nr - 1 - i].sqid = cpu_to_le16(sq->qid);
		to[nr - 1 - i].index = cpu_to_le16(at);
		if (!memchr_inv(&sq->ring[at], 0, sizeof(to->sqe)))
			continue;
		memcpy(to[nr - 1 - i].sqe, &sq->ring[at], sizeof(to->sqe));
		gmx_dump_command_end(hwq, le16_to_cpu(READ_ONCE(sq->ring[at].cid)), &to[nr - 1 - i]);
	}
}

static void gmx_dump_queues(struct gmx_ctrl *ctrl, struct gmx_dump *dump, unsigned int nr)
{
	unsigned int share = max_t(unsigned int, GMX_DUMP_NR_COMMANDS / max(nr, 1u), GMX_DUMP_LEAST), i, j, n = 0;
	struct gmx_dump_queue *queues = gmx_dump_section(dump, GMX_DUMP_QUEUES, sizeof(*queues), nr);
	struct gmx_dump_command *commands = gmx_dump_section(dump, GMX_DUMP_COMMANDS, sizeof(*commands), nr * share);

	for (i = 0; queues && commands && i < ctrl->nr_hwqs; i++) {
		const struct gmx_hwq *hwq = &ctrl->hwqs[i];

		for (j = 0; gmx_dump_has(hwq) && j < hwq->nr_sqs && n < nr; j++, n++) {
			gmx_dump_queue(hwq, &hwq->sq[j], &queues[n]);
			gmx_dump_commands(hwq, &hwq->sq[j], &commands[n * share],
					  min_t(unsigned int, share, hwq->sq[j].depth));
		}
	}
}

/*
 * Called under hw_lock with the queues as they were when trouble was found, which is before they are taken down: the
 * bus's error handling does that long before the reset, whose own call then changes nothing. Nothing is taken while an
 * earlier one waits, here or in the kernel. gmx_dump_finish() is to follow.
 */
void gmx_dump_collect(struct gmx_ctrl *ctrl)
{
	struct gmx_dump *dump = &ctrl->mgmt.dump;
	char reason[sizeof(ctrl->last_reset_reason)];
	unsigned long irqflags;
	unsigned int nr;

	if (dump->asked)
		return;
	dump->asked = true;
	spin_lock_irqsave(&ctrl->state_lock, irqflags);
	strscpy(reason, ctrl->last_reset_reason, sizeof(reason));
	spin_unlock_irqrestore(&ctrl->state_lock, irqflags);
	if (!gmx_stats_unexpected(reason))
		return;
	/* the work has done with what it had */
	if (smp_load_acquire(&dump->data) || gmx_dump_lies_there(ctrl)) {
		atomic64_inc(&ctrl->mgmt.stats.dumps_not_kept);
		return;
	}
	nr = gmx_dump_count_queues(ctrl);
	dump->room = sizeof(struct gmx_dump_header) + GMX_DUMP_REGISTER_BYTES + GMX_DUMP_CONFIG_BYTES +
		     nr * (sizeof(struct gmx_dump_queue) + 8) +
		     (GMX_DUMP_NR_COMMANDS + nr * GMX_DUMP_LEAST) * sizeof(struct gmx_dump_command) +
		     GMX_DUMP_NR_EVENTS * sizeof(struct gmx_ioc_event);
	/* I/O waits for this reset, and the memory may be what that I/O frees */
	dump->data = __vmalloc(dump->room, GFP_NOIO | __GFP_NOWARN | __GFP_ZERO);
	if (!dump->data) {
		atomic64_inc(&ctrl->mgmt.stats.dumps_not_kept);
		return;
	}
	dump->taken_ns = ktime_get_ns();
	gmx_dump_head(ctrl, dump, reason);
	gmx_dump_registers(ctrl, dump);
	gmx_dump_queues(ctrl, dump, nr);
	gmx_events_copy(ctrl, gmx_dump_section(dump, GMX_DUMP_EVENTS, sizeof(struct gmx_ioc_event),
					       GMX_DUMP_NR_EVENTS), GMX_DUMP_NR_EVENTS);
	dump->taken = true;
}

/* The reset that took it is over, well or not: once for each dump, as the work gives it away. */
void gmx_dump_finish(struct gmx_ctrl *ctrl)
{
	struct gmx_dump *dump = &ctrl->mgmt.dump;

	if (dump->taken)
		queue_work(gmx_admin_wq, &dump->work);
	dump->asked = false;
	dump->taken = false;
}

static void gmx_dump_add_telemetry(struct gmx_ctrl *ctrl, struct gmx_dump *dump)
{
	struct gmx_capture capture;
	void *data;

	if (gmx_uabi_ready(ctrl) || gmx_telemetry_peek(ctrl, dump->taken_ns, &capture))
		return;
	data = vmalloc(dump->bytes + capture.bytes);
	if (data) {
		memcpy(data, dump->data, dump->bytes);
		vfree(dump->data);
		dump->data = data;
		dump->room = dump->bytes + capture.bytes;
		data = gmx_dump_section(dump, GMX_DUMP_TELEMETRY, 1, capture.bytes);
		if (data)
			memcpy(data, capture.data, capture.bytes);
	}
	vfree(capture.data);
}

static void gmx_dump_work(struct work_struct *work)
{
	struct gmx_ctrl *ctrl = container_of(work, struct gmx_ctrl, mgmt.dump.work);
	struct gmx_dump *dump = &ctrl->mgmt.dump;
	char text[48];

	gmx_dump_add_telemetry(ctrl, dump);
	snprintf(text, sizeof(text), "a device core dump of %zu bytes", dump->bytes);
	/* Of the PCI device: unlike ours it may outlive the driver. The data is the kernel's from here on. */
	dev_coredumpv(&ctrl->pdev->dev, dump->data, dump->bytes, GFP_KERNEL);
	/* nobody says so when an administrator has switched dumps off */
	if (gmx_dump_lies_there(ctrl)) {
		dev_info(&ctrl->pdev->dev, "%s is in /sys/class/devcoredump\n", text);
		atomic64_inc(&ctrl->mgmt.stats.dumps_kept);
		gmx_events_tell(ctrl, GMX_IOC_EVENT_DUMP, GMX_IOC_SEV_WARNING, 0, dump->bytes, text);
	} else {
		atomic64_inc(&ctrl->mgmt.stats.dumps_not_kept);
	}
	/* last: from here on the next reset may fill it */
	smp_store_release(&dump->data, NULL);
}

void gmx_dump_init(struct gmx_ctrl *ctrl)
{
	INIT_WORK(&ctrl->mgmt.dump.work, gmx_dump_work);
}

void gmx_dump_close(struct gmx_ctrl *ctrl)
{
	flush_work(&ctrl->mgmt.dump.work);
}

void gmx_dump_free(struct gmx_ctrl *ctrl)
{
	vfree(ctrl->mgmt.dump.data);
}
