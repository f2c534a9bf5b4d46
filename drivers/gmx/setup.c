// SPDX-License-Identifier: GPL-2.0-only
/* From a disabled controller to working queues, and back. All of it runs under hw_lock, or before anybody else can. */
#include "queue.h"

#include <linux/crash_dump.h>
#include <linux/dma-mapping.h>

#define GMX_SHADOW_RING	1024u

/* QID 0 is the admin queue's in all four commands (NVMe 1.4, 5.3 to 5.6). */
static int gmx_setup_create_cq(struct gmx_hwq *hwq)
{
	u32 flags = GMX_QUEUE_PC | (hwq->vector >= 0 ? GMX_CQ_IEN : 0);
	struct gmx_sqe cmd = {
		.opcode	= GMX_ADM_CREATE_CQ,
		.dptr.prp1 = cpu_to_le64(hwq->cq_dma),
		.cdw10	= cpu_to_le32(hwq->idx | (u32)(hwq->cq_depth - 1) << 16),
		.cdw11	= cpu_to_le32(flags | (u32)max(hwq->vector, 0) << 16),
	};

	return gmx_admin_sync(hwq->ctrl, &cmd, NULL, NULL, 0, GMX_CMD_RESET_PATH);
}

static int gmx_setup_create_sq_at(struct gmx_hwq *hwq, struct gmx_sq *sq, u64 addr)
{
	u8 prio = gmx_arbitration_prio(hwq, sq);
	struct gmx_sqe cmd = {
		.opcode	= GMX_ADM_CREATE_SQ,
		.dptr.prp1 = cpu_to_le64(addr),
		.cdw10	= cpu_to_le32(sq->qid | (u32)(sq->depth - 1) << 16),
		.cdw11	= cpu_to_le32(GMX_QUEUE_PC | GMX_SQ_PRIO(prio) | (u32)hwq->idx << 16),
	};

	return gmx_admin_sync(hwq->ctrl, &cmd, NULL, NULL, 0, GMX_CMD_RESET_PATH);
}

static int gmx_setup_create_sq(struct gmx_hwq *hwq, struct gmx_sq *sq)
{
	int ret;

	if (sq->cmb) {
		ret = gmx_setup_create_sq_at(hwq, sq, sq->cmb_bus);
		if (ret <= 0)
			return ret;
		gmx_cmb_refused(hwq->ctrl, ret);
		sq->cmb = NULL;
		sq->plain = !sq->shadow_db;
	}
	return gmx_setup_create_sq_at(hwq, sq, sq->ring_dma);
}

static int gmx_setup_delete(struct gmx_ctrl *ctrl, u8 opcode, u16 qid)
{
	struct gmx_sqe cmd = {
		.opcode	= opcode,
		.cdw10	= cpu_to_le32(qid),
	};

	return gmx_admin_sync(ctrl, &cmd, NULL, NULL, 0, GMX_CMD_RESET_PATH);
}

/* Submission queues before the completion queue that they feed. Stops at the first refusal: a reset follows anyway. */
static int gmx_setup_delete_hwq(struct gmx_hwq *hwq)
{
	unsigned int i;
	int ret;

	if (!test_and_clear_bit(GMX_HWQ_CREATED, &hwq->flags))
		return 0;
	for (i = 0; i < hwq->nr_sqs; i++) {
		ret = gmx_setup_delete(hwq->ctrl, GMX_ADM_DELETE_SQ, hwq->sq[i].qid);
		if (ret)
			return ret;
	}
	return gmx_setup_delete(hwq->ctrl, GMX_ADM_DELETE_CQ, hwq->idx);
}

static int gmx_setup_create_hwq(struct gmx_ctrl *ctrl, unsigned int idx, int vector)
{
	struct gmx_hwq *hwq = &ctrl->hwqs[idx];
	unsigned int i;
	int ret;

	ret = gmx_hwq_alloc(ctrl, idx, ctrl->ring_depth, ctrl->q_depth - 1, ctrl->nr_sqs, dev_to_node(ctrl->dma_dev));
	if (ret)
		return ret;
	WRITE_ONCE(hwq->vector, vector);
	gmx_hwq_init(hwq);

	ret = gmx_setup_create_cq(hwq);
	if (ret)
		return ret;
	for (i = 0; i < hwq->nr_sqs; i++) {
		ret = gmx_setup_create_sq(hwq, &hwq->sq[i]);
		if (ret)
			goto delete;
	}
	set_bit(GMX_HWQ_CREATED, &hwq->flags);
	if (vector >= 0) {
		ret = gmx_irq_request(hwq);
		if (ret) {
			gmx_setup_delete_hwq(hwq);
			return ret;
		}
	}
	return 0;

delete:
	while (i--)
		gmx_setup_delete(ctrl, GMX_ADM_DELETE_SQ, hwq->sq[i].qid);
	gmx_setup_delete(ctrl, GMX_ADM_DELETE_CQ, hwq->idx);
	return ret;
}

int gmx_setup_admin_queue(struct gmx_ctrl *ctrl)
{
	struct gmx_hwq *hwq = &ctrl->hwqs[0];
	int ret;

	ret = gmx_ctrl_hw_disable(ctrl);
	if (ret)
		return ret;
	/* Not before it has stopped: it may have commands of requests that were given back. */
	pci_set_master(ctrl->pdev);
	ret = gmx_hwq_alloc(ctrl, 0, GMX_ADMIN_DEPTH, GMX_ADMIN_TAGS, 1, dev_to_node(ctrl->dma_dev));
	if (ret) {
		dev_err(&ctrl->pdev->dev, "no memory for the admin queue (error %d)\n", ret);
		return ret;
	}
	if (!ctrl->admin_q) {
		ret = gmx_tagset_alloc_admin(ctrl);
		if (ret) {
			dev_err(&ctrl->pdev->dev, "no memory for the tags of the admin queue (error %d)\n", ret);
			return ret;
		}
	}
	gmx_hwq_init(hwq);
	ctrl->dbbuf_live = false;
	gmx_cmb_setup(ctrl);
	gmx_arbitration_choose(ctrl);
	/* Stands until it is written back, over resets too (RW1C). */
	if (GMX_CAP_NSSRS(ctrl->cap) && (gmx_reg_read(ctrl, GMX_REG_CSTS) & GMX_CSTS_NSSRO))
		gmx_reg_write(ctrl, GMX_REG_CSTS, GMX_CSTS_NSSRO);

	gmx_reg_write(ctrl, GMX_REG_AQA, (GMX_ADMIN_DEPTH - 1) | (GMX_ADMIN_DEPTH - 1) << 16);
	gmx_reg_write64(ctrl, GMX_REG_ASQ, hwq->sq[0].ring_dma);
	gmx_reg_write64(ctrl, GMX_REG_ACQ, hwq->cq_dma);
	ret = gmx_ctrl_hw_enable(ctrl);
	if (ret)
		return ret;

	ret = gmx_irq_alloc(ctrl, 0);
	if (ret < 0)
		return ret;
	hwq->vector = 0;
	ret = gmx_irq_request(hwq);
	if (ret)
		return ret;
	ctrl->online_hwqs = 1;
	gmx_hwq_enable(hwq);
	gmx_tagset_unquiesce_admin(ctrl);
	return 0;
}

/*
 * Shadow doorbells save register writes, which are what a virtual machine pays most for. Optional all the way.
 * @nr: I/O contexts at most.
 */
static void gmx_setup_dbbuf(struct gmx_ctrl *ctrl, unsigned int nr)
{
	struct gmx_sqe cmd = { .opcode = GMX_ADM_DBBUF };
	size_t size = 1u << ctrl->page_shift;

	if (!gmx_use_dbbuf || !(ctrl->oacs & GMX_OACS_DBBUF))
		return;
	/* A pin stays asserted until the controller learns of the new head, which it may not read while it is idle. */
	if (!ctrl->pdev->msix_enabled && !ctrl->pdev->msi_enabled)
		return;
	/* One page holds the doorbells of both kinds. */
	if ((nr * ctrl->nr_sqs + 1) * 2 * ctrl->db_stride * sizeof(u32) > size)
		return;
	if (!ctrl->dbbuf)
		ctrl->dbbuf = dma_alloc_coherent(ctrl->dma_dev, size, &ctrl->dbbuf_dma, GFP_KERNEL);
	if (!ctrl->dbbuf_ei)
		ctrl->dbbuf_ei = dma_alloc_coherent(ctrl->dma_dev, size, &ctrl->dbbuf_ei_dma, GFP_KERNEL);
	if (!ctrl->dbbuf || !ctrl->dbbuf_ei)
		return;
	memset(ctrl->dbbuf, 0, size);
	memset(ctrl->dbbuf_ei, 0, size);
	cmd.dptr.prp1 = cpu_to_le64(ctrl->dbbuf_dma);
	cmd.dptr.prp2 = cpu_to_le64(ctrl->dbbuf_ei_dma);
	if (gmx_admin_sync(ctrl, &cmd, NULL, NULL, 0, GMX_CMD_RESET_PATH))
		dev_warn(&ctrl->pdev->dev, "shadow doorbells are offered but refused: going on without\n");
	else
		ctrl->dbbuf_live = true;
}

/*
 * A busy controller leaves its event index where it was, and the shadow passes that once a turn of the ring: fewer
 * turns, fewer register writes. Not in the controller's memory, of which every entry takes some.
 */
static void gmx_setup_size_rings(struct gmx_ctrl *ctrl)
{
	if (!ctrl->tagset_ready && ctrl->dbbuf_live && !ctrl->cmb.map && !is_kdump_kernel())
		ctrl->ring_depth = max_t(unsigned int, ctrl->q_depth,
					 min_t(unsigned int, GMX_SHADOW_RING, GMX_CAP_MQES(ctrl->cap) + 1));
}

/* Depth is worth no queue: where memory is short, all rings are short. */
static bool gmx_setup_shorten_rings(struct gmx_ctrl *ctrl, unsigned int made)
{
	if (ctrl->tagset_ready || ctrl->ring_depth <= GMX_SHORT_RING ||
	    test_bit(GMX_HWQ_MEMORY, &ctrl->hwqs[made + 1].flags))
		return false;
	ctrl->q_depth = min(ctrl->q_depth, GMX_SHORT_RING);
	ctrl->ring_depth = ctrl->q_depth;
	return true;
}

void gmx_setup_plan_limit(struct gmx_queue_plan *plan, unsigned int max)
{
	/* Interrupt queues come first: at least one, and polled ones from what is left. */
	plan->nr_poll = min(plan->nr_poll, max - 1);
	max -= plan->nr_poll;
	plan->nr_default = min(plan->nr_default, max);
	plan->nr_read = min(plan->nr_read, max - plan->nr_default);
}

static unsigned int gmx_setup_wish(const int *wish, const unsigned int *parameter)
{
	int own = READ_ONCE(*wish);

	return own == GMX_QUEUES_BY_PARAMETER ? READ_ONCE(*parameter) : own;
}

/* How many queues of each kind are asked for; a crash kernel gets one. */
static void gmx_setup_plan(struct gmx_ctrl *ctrl, struct gmx_queue_plan *plan)
{
	unsigned int cpus = blk_mq_num_possible_queues(0);
	unsigned int writes = gmx_setup_wish(&ctrl->wish.write_queues, &gmx_write_queues);

	if (is_kdump_kernel()) {
		*plan = (struct gmx_queue_plan){ .nr_default = 1 };
		return;
	}
	plan->nr_poll = min(gmx_setup_wish(&ctrl->wish.poll_queues, &gmx_poll_queues), cpus);
	plan->nr_read = writes ? cpus : 0;
	plan->nr_default = writes ? min(writes, cpus) : cpus;
	gmx_setup_plan_limit(plan, min(gmx_setup_wish(&ctrl->wish.max_queues, &gmx_max_queues), ctrl->nr_hwqs - 1));
}

/* Whether the parameters ask for another layout than they did when this one was made. */
bool gmx_setup_plan_differs(struct gmx_ctrl *ctrl)
{
	struct gmx_queue_plan plan;

	gmx_setup_plan(ctrl, &plan);
	return memcmp(&plan, &ctrl->wanted_plan, sizeof(plan));
}

/*
 * Ask for the queues of @want contexts, which may have several submission queues each; returns how many contexts the
 * controller gives them for, 0: none.
 */
static int gmx_setup_ask_queues(struct gmx_ctrl *ctrl, unsigned int want)
{
	unsigned int room = (gmx_cmb_doorbells_end(ctrl) - GMX_REG_DBS) / (2 * ctrl->db_stride * sizeof(u32)) - 1, sqs;
	u32 result = 0;
	int ret;

	want = min(want, room);
	if (want * ctrl->nr_sqs > room)
		gmx_arbitration_refused(ctrl, "no room for their doorbells");
	sqs = want * ctrl->nr_sqs;
	ret = gmx_admin_set_feature(ctrl, GMX_FEAT_NUM_QUEUES, (sqs - 1) | (want - 1) << 16, &result,
				    GMX_CMD_RESET_PATH);
	if (ret < 0)
		return ret;
	if (ret && ctrl->nr_sqs > 1) {
		gmx_arbitration_refused(ctrl, "more submission than completion queues are refused");
		return gmx_setup_ask_queues(ctrl, want);
	}
	if (ret) {
		dev_err(&ctrl->pdev->dev, "Set Features (number of queues) refused with status %#x: admin queue only\n",
			ret);
		return 0;
	}
	want = min(want, (result >> 16) + 1);
	sqs = (result & 0xffff) + 1;
	/* each processor its own queue comes before each class */
	if (sqs < want * ctrl->nr_sqs)
		gmx_arbitration_refused(ctrl, "the controller gives too few submission queues");
	return min(want, sqs);
}

/* Vectors for the planned queues, then the queues. Returns how many I/O queues were made. */
static int gmx_setup_create_queues(struct gmx_ctrl *ctrl, struct gmx_queue_plan *plan)
{
	unsigned int irqs = plan->nr_default + plan->nr_read, i, total;
	struct gmx_hwq *admin = &ctrl->hwqs[0];
	int nr, ret;

	gmx_irq_release(admin);
	gmx_irq_free(ctrl);
	ctrl->plan = *plan;
	nr = gmx_irq_alloc(ctrl, irqs);
	if (nr < 0)
		return nr;
	plan->nr_default = ctrl->irq_sets[0];
	plan->nr_read = ctrl->irq_sets[1];
	ret = gmx_irq_request(admin);
	if (ret)
		return ret;

	irqs = plan->nr_default + plan->nr_read;
	total = irqs + plan->nr_poll;
	for (i = 0; i < total; i++) {
		/* A lone vector is shared with the admin queue. */
		int vector = i >= irqs ? -1 : nr == 1 ? 0 : (int)i + 1;

		ret = gmx_setup_create_hwq(ctrl, i + 1, vector);
		if (gmx_ctrl_at_fault(ret))
			return ret;
		if (ret) {
			dev_warn(&ctrl->pdev->dev, "I/O queue %u of %u could not be made (%d)\n", i + 1, total, ret);
			break;
		}
		ctrl->online_hwqs = i + 2;
	}
	return i;
}

static void gmx_setup_drop_queues(struct gmx_ctrl *ctrl)
{
	unsigned int i;

	for (i = 1; i < ctrl->nr_hwqs; i++) {
		gmx_hwq_disable(&ctrl->hwqs[i]);
		gmx_irq_release(&ctrl->hwqs[i]);
		gmx_setup_delete_hwq(&ctrl->hwqs[i]);
	}
	ctrl->online_hwqs = 1;
}

/*
 * I/O queues, as many of the planned as can be had. 0 with online_hwqs 1 means: none, and the controller stays
 * manageable through its admin queue.
 */
int gmx_setup_io_queues(struct gmx_ctrl *ctrl)
{
	struct gmx_queue_plan plan, old = ctrl->live_plan;
	unsigned int total, i;
	int got, made;

	gmx_setup_plan(ctrl, &plan);
	/*
	 * Requests that were held back have queues of the old layout: one of those that is polled, or gone, by the new
	 * one would keep them until they time out. The watchdog asks for another reset, which lets them through first.
	 */
	ctrl->plan_kept = ctrl->tagset_ready && !ctrl->drained && gmx_setup_plan_differs(ctrl);
	if (ctrl->plan_kept)
		plan = ctrl->wanted_plan;
	ctrl->wanted_plan = plan;
	total = plan.nr_default + plan.nr_read + plan.nr_poll;

	got = gmx_setup_ask_queues(ctrl, total);
	if (got <= 0)
		return got;
	gmx_setup_dbbuf(ctrl, got);
	gmx_setup_size_rings(ctrl);

	for (;;) {
		gmx_setup_plan_limit(&plan, got);
		made = gmx_setup_create_queues(ctrl, &plan);
		if (made < 0)
			return made;
		total = plan.nr_default + plan.nr_read + plan.nr_poll;
		if (made == total)
			break;
		if (gmx_setup_shorten_rings(ctrl, made)) {
			gmx_setup_drop_queues(ctrl);
			continue;
		}
		if (!made && ctrl->nr_sqs == 1)
			break;
		gmx_setup_drop_queues(ctrl);
		/* Fewer than planned: share out anew what there is, so that every CPU is mapped to a living queue. */
		if (ctrl->nr_sqs == 1)
			got = made;
		else
			gmx_arbitration_refused(ctrl, "a queue could not be made");
	}
	if (!made) {
		dev_err(&ctrl->pdev->dev, "no I/O queue could be made: admin queue only\n");
		return 0;
	}

	/* Only now: while layouts were tried, nothing may have been sent to a queue that is dropped again. */
	for (i = 1; i < ctrl->online_hwqs; i++)
		gmx_hwq_enable(&ctrl->hwqs[i]);
	ctrl->plan = plan;
	ctrl->live_plan = plan;
	/* or has not been followed yet */
	ctrl->plan_changed |= memcmp(&plan, &old, sizeof(plan)) != 0;
	gmx_cmb_report(ctrl);
	return 0;
}

static bool gmx_setup_answers(struct gmx_ctrl *ctrl)
{
	return !ctrl->gone && !pci_channel_offline(ctrl->pdev) && ctrl->bar && pci_is_enabled(ctrl->pdev) &&
	       gmx_reg_read(ctrl, GMX_REG_CSTS) != GMX_CSTS_GONE;
}

/*
 * Stop the controller and take back all commands; the gates stay shut. With @shutdown the controller is also told that
 * power may go. What cannot be stopped is cut off from memory before the first request is given back. Returns whether
 * it stopped as it should.
 */
bool gmx_setup_disable(struct gmx_ctrl *ctrl, bool shutdown)
{
	bool answers = gmx_setup_answers(ctrl);
	bool quiet = false;
	unsigned int i;

	gmx_tagset_quiesce(ctrl);
	for (i = 1; i < ctrl->nr_hwqs; i++)
		gmx_hwq_disable(&ctrl->hwqs[i]);

	if (answers && shutdown && ctrl->online_hwqs) {
		for (i = 1; i < ctrl->online_hwqs; i++)
			if (gmx_setup_delete_hwq(&ctrl->hwqs[i]))
				break;
		/* What does not answer any more gets no further command. */
		if (i >= ctrl->online_hwqs)
			gmx_hmb_take_back(ctrl);
		gmx_ctrl_hw_shutdown(ctrl);
	}
	gmx_hwq_disable(&ctrl->hwqs[0]);
	gmx_aen_stop(ctrl);
	gmx_tagset_quiesce_admin(ctrl);

	if (answers)
		quiet = !gmx_ctrl_hw_disable(ctrl);
	if (!quiet && !ctrl->gone && pci_is_enabled(ctrl->pdev))
		pci_clear_master(ctrl->pdev);

	for (i = 0; i < ctrl->nr_hwqs; i++) {
		struct gmx_hwq *hwq = &ctrl->hwqs[i];

		gmx_irq_release(hwq);
		clear_bit(GMX_HWQ_CREATED, &hwq->flags);
		/* What did complete is not repeated. */
		if (quiet && i < ctrl->online_hwqs && test_bit(GMX_HWQ_MEMORY, &hwq->flags))
			gmx_cq_process_stopped(hwq);
	}
	gmx_irq_free(ctrl);
	ctrl->online_hwqs = 0;
	ctrl->dbbuf_live = false;
	WRITE_ONCE(ctrl->hmb.on, false);

	gmx_io_cancel_all(ctrl, &ctrl->tagset);
	gmx_io_cancel_all(ctrl, &ctrl->admin_tagset);

	/* A time-out handler that looked before must not act on the next life. */
	if (ctrl->admin_q)
		blk_sync_queue(ctrl->admin_q);
	gmx_ns_sync_queues(ctrl);

	switch (gmx_ctrl_state(ctrl)) {
	case GMX_RECOVERING:
	case GMX_DELETING:
	case GMX_DEAD:
		/* Nobody is to wait any more: what comes is failed. */
		gmx_tagset_unquiesce(ctrl);
		break;
	default:
		break;
	}
	return quiet;
}

/* Everything that was allocated; the controller is disabled and no request queue is left but the admin queue. */
void gmx_setup_free(struct gmx_ctrl *ctrl)
{
	size_t size = 1u << ctrl->page_shift;
	unsigned int i;

	gmx_tagset_unquiesce_admin(ctrl);
	gmx_tagset_free(ctrl);
	gmx_hmb_free(ctrl);
	gmx_cmb_free(ctrl);
	for (i = 0; i < ctrl->nr_hwqs; i++)
		gmx_hwq_free(&ctrl->hwqs[i]);
	if (ctrl->dbbuf)
		dma_free_coherent(ctrl->dma_dev, size, ctrl->dbbuf, ctrl->dbbuf_dma);
	if (ctrl->dbbuf_ei)
		dma_free_coherent(ctrl->dma_dev, size, ctrl->dbbuf_ei, ctrl->dbbuf_ei_dma);
	ctrl->dbbuf = NULL;
	ctrl->dbbuf_ei = NULL;
}
