/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests and their queues. */
#ifndef GMX_COMPAT_BLOCK_H
#define GMX_COMPAT_BLOCK_H

#include <linux/blk-mq.h>
#include <linux/sched/mm.h>

/* Lists of requests: what queue_rqs gets and what a batch of completions holds. */
#ifdef GMX_HAVE_RQ_LIST

typedef struct rq_list gmx_rqlist;

#define gmx_rqlist_for_each(list, rq)	rq_list_for_each(list, rq)

static inline struct request *gmx_rqlist_peek(gmx_rqlist *list)
{
	return rq_list_peek(list);
}

/* The list begins with @rq, which is in it, or is empty. */
static inline void gmx_rqlist_cut(gmx_rqlist *list, struct request *rq)
{
	list->head = rq;
	if (!rq)
		list->tail = NULL;
}

#else /* remove when minimum >= 6.13 */

typedef struct request *gmx_rqlist;

#define gmx_rqlist_for_each(list, rq)	for (rq = *(list); rq; rq = rq->rq_next)

static inline struct request *gmx_rqlist_peek(gmx_rqlist *list)
{
	return *list;
}

static inline void gmx_rqlist_cut(gmx_rqlist *list, struct request *rq)
{
	*list = rq;
}

#endif

static inline bool gmx_rqlist_empty(gmx_rqlist *list)
{
	return !gmx_rqlist_peek(list);
}

/* fn(struct request *, blk_status_t, const struct io_comp_batch *); the batch is NULL where the kernel tells none. */
#ifdef GMX_HAVE_RQ_END_IO_BATCH
#define GMX_OP_END_IO(name, fn)							\
	static enum rq_end_io_ret name(struct request *rq, blk_status_t status,	\
				       const struct io_comp_batch *iob)		\
	{									\
		return fn(rq, status, iob);					\
	}
#else /* remove when minimum >= 7.1 */
#define GMX_OP_END_IO(name, fn)							\
	static enum rq_end_io_ret name(struct request *rq, blk_status_t status)	\
	{									\
		return fn(rq, status, NULL);					\
	}
#endif

#ifndef GMX_HAVE_F_SHOULD_MERGE
/* Newer kernels merge without being asked. */
#define BLK_MQ_F_SHOULD_MERGE		0
#endif

#ifndef GMX_HAVE_FREEZE_NON_OWNER /* remove when minimum >= 6.13 */
static inline void blk_freeze_queue_start_non_owner(struct request_queue *q)
{
	blk_freeze_queue_start(q);
}

static inline void blk_mq_unfreeze_queue_non_owner(struct request_queue *q)
{
	blk_mq_unfreeze_queue(q);
}
#endif

#ifndef GMX_HAVE_FREEZE_MEMFLAGS /* remove when minimum >= 6.14 */
static inline unsigned int gmx_queue_freeze(struct request_queue *q)
{
	unsigned int memflags = memalloc_noio_save();

	blk_mq_freeze_queue(q);
	return memflags;
}

static inline void gmx_queue_unfreeze(struct request_queue *q, unsigned int memflags)
{
	blk_mq_unfreeze_queue(q);
	memalloc_noio_restore(memflags);
}

#define blk_mq_freeze_queue(q)			gmx_queue_freeze(q)
#define blk_mq_unfreeze_queue(q, memflags)	gmx_queue_unfreeze(q, memflags)
#endif

#ifndef GMX_HAVE_ADD_TO_BATCH_BOOL /* remove when minimum >= 6.14 */
#define blk_mq_add_to_batch(rq, iob, is_error, complete)	\
	blk_mq_add_to_batch(rq, iob, (is_error) ? -EIO : 0, complete)
#endif

#ifndef GMX_HAVE_MAP_HW_QUEUES /* remove when minimum >= 6.14 */
#include <linux/blk-mq-pci.h>
#include <linux/pci.h>

static inline void blk_mq_map_hw_queues(struct blk_mq_queue_map *map, struct device *dev, unsigned int offset)
{
	blk_mq_pci_map_queues(map, to_pci_dev(dev), offset);
}
#endif

#ifndef GMX_HAVE_NUM_POSSIBLE_QUEUES /* remove when minimum >= 6.17 */
static inline unsigned int blk_mq_num_possible_queues(unsigned int max_queues)
{
	return min_not_zero(num_possible_cpus(), max_queues);
}
#endif

#ifndef GMX_HAVE_RQ_MAP_KERN_NO_Q /* remove when minimum >= 6.16 */
static inline int gmx_rq_map_kern(struct request *rq, void *buf, unsigned int len, gfp_t gfp)
{
	return blk_rq_map_kern(rq->q, rq, buf, len, gfp);
}

#define blk_rq_map_kern(rq, buf, len, gfp)	gmx_rq_map_kern(rq, buf, len, gfp)
#endif

#ifndef GMX_HAVE_RQ_MAP_SG_NO_Q /* remove when minimum >= 6.15 */
static inline int gmx_rq_map_sg(struct request *rq, struct scatterlist *sgl)
{
	return blk_rq_map_sg(rq->q, rq, sgl);
}

#define blk_rq_map_sg(rq, sgl)			gmx_rq_map_sg(rq, sgl)
#endif

#endif
