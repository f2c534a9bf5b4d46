// SPDX-License-Identifier: GPL-2.0-only
/* Vectors, their affinity, and which CPU uses which queue. */
#include "queue.h"

#include <linux/interrupt.h>

enum { GMX_IRQ_SET_DEFAULT, GMX_IRQ_SET_READ };

/*
 * How the vectors that we really got are shared out. The core calls this again with fewer if it must. Reads have queues
 * of their own only if every kind gets at least one.
 */
static void gmx_irq_calc_sets(struct irq_affinity *affd, unsigned int nr)
{
	struct gmx_ctrl *ctrl = affd->priv;
	unsigned int writes = ctrl->plan.nr_default, reads = ctrl->plan.nr_read;

	if (!nr) {
		nr = 1;
		reads = 0;
	} else if (nr == 1 || !reads) {
		reads = 0;
	} else if (writes >= nr) {
		reads = 1;
	} else {
		reads = nr - writes;
	}
	ctrl->irq_sets[GMX_IRQ_SET_DEFAULT] = nr - reads;
	ctrl->irq_sets[GMX_IRQ_SET_READ] = reads;
	affd->set_size[GMX_IRQ_SET_DEFAULT] = nr - reads;
	affd->set_size[GMX_IRQ_SET_READ] = reads;
	affd->nr_sets = reads ? 2 : 1;
}

/*
 * Vectors for the admin queue and @nr_irq_queues I/O queues; fewer are fine, one is shared by all.
 * Returns how many there are; ctrl->irq_sets says how the I/O queues split.
 */
int gmx_irq_alloc(struct gmx_ctrl *ctrl, unsigned int nr_irq_queues)
{
	struct irq_affinity affd = {
		.pre_vectors	= 1,
		.calc_sets	= gmx_irq_calc_sets,
		.priv		= ctrl,
	};
	unsigned int types = PCI_IRQ_INTX;
	int nr;

	if (gmx_use_msi)
		types |= PCI_IRQ_MSI;
	if (gmx_use_msix)
		types |= PCI_IRQ_MSIX;

	/* A lone vector comes without the core's call. */
	ctrl->irq_sets[GMX_IRQ_SET_DEFAULT] = 1;
	ctrl->irq_sets[GMX_IRQ_SET_READ] = 0;
	nr = pci_alloc_irq_vectors_affinity(ctrl->pdev, 1, nr_irq_queues + 1, types | PCI_IRQ_AFFINITY, &affd);
	if (nr < 0) {
		dev_err(&ctrl->pdev->dev, "no interrupt vector to be had (error %d)\n", nr);
		return nr;
	}
	if (nr == 1) {
		ctrl->irq_sets[GMX_IRQ_SET_DEFAULT] = 1;
		ctrl->irq_sets[GMX_IRQ_SET_READ] = 0;
	}
	ctrl->nr_vectors = nr;
	return nr;
}

void gmx_irq_free(struct gmx_ctrl *ctrl)
{
	if (!ctrl->nr_vectors)
		return;
	pci_free_irq_vectors(ctrl->pdev);
	ctrl->nr_vectors = 0;
}

int gmx_irq_request(struct gmx_hwq *hwq)
{
	struct gmx_ctrl *ctrl = hwq->ctrl;
	int ret;

	/* Threaded: no hard handler, so the line stays masked until the thread has swept the queue. */
	if (gmx_use_threaded_irq)
		ret = pci_request_irq(ctrl->pdev, hwq->vector, NULL, gmx_cq_irq, hwq, "gmx%dq%u", ctrl->instance,
				      hwq->idx);
	else
		ret = pci_request_irq(ctrl->pdev, hwq->vector, gmx_cq_irq, NULL, hwq, "gmx%dq%u", ctrl->instance,
				      hwq->idx);
	if (ret) {
		dev_err(&ctrl->pdev->dev, "vector %d for queue %u refused (error %d)\n", hwq->vector, hwq->idx, ret);
		return ret;
	}
	/* who has the lock goes by the bit twice */
	mutex_lock(&ctrl->irq_lock);
	set_bit(GMX_HWQ_IRQ, &hwq->flags);
	mutex_unlock(&ctrl->irq_lock);
	return 0;
}

void gmx_irq_release(struct gmx_hwq *hwq)
{
	if (!test_bit(GMX_HWQ_IRQ, &hwq->flags))
		return;
	mutex_lock(&hwq->ctrl->irq_lock);
	clear_bit(GMX_HWQ_IRQ, &hwq->flags);
	pci_free_irq(hwq->ctrl->pdev, hwq->vector, hwq);
	mutex_unlock(&hwq->ctrl->irq_lock);
}

void gmx_irq_map_queues(struct blk_mq_tag_set *set)
{
	struct gmx_ctrl *ctrl = set->driver_data;
	struct gmx_queue_plan plan = ctrl->plan;
	unsigned int nr[HCTX_MAX_TYPES];
	unsigned int type, first = 0;

	/* The block layer comes back with fewer when it has no memory for more. */
	gmx_setup_plan_limit(&plan, set->nr_hw_queues);
	nr[HCTX_TYPE_DEFAULT] = plan.nr_default;
	nr[HCTX_TYPE_READ] = plan.nr_read;
	nr[HCTX_TYPE_POLL] = plan.nr_poll;
	for (type = 0; type < set->nr_maps; type++) {
		struct blk_mq_queue_map *map = &set->map[type];

		map->nr_queues = nr[type];
		map->queue_offset = first;
		first += nr[type];
		/* An empty kind uses the default queues. */
		if (!map->nr_queues)
			continue;
		/* Polled queues, and a vector shared with the admin queue, have no affinity to follow. */
		if (type != HCTX_TYPE_POLL && ctrl->nr_vectors > 1)
			blk_mq_map_hw_queues(map, &ctrl->pdev->dev, 1 + map->queue_offset);
		else
			blk_mq_map_queues(map);
	}
}
