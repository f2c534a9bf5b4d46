// SPDX-License-Identifier: GPL-2.0-only
/*
 * Holds every answer of the probes against the kernel's own declarations, both ways: what was found must be there with
 * the arguments that compat relies on, what was not found must be absent. A wrong probe is an error that names it.
 *
 * Only the kernel's headers are included, as compat's own definitions would hide what is asked here. sparse knows no
 * __has_include and finds nothing here that the compiler does not.
 */
#ifndef __CHECKER__

#include <linux/blk-integrity.h>
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/build_bug.h>
#include <linux/device.h>
#include <linux/hdreg.h>
#include <linux/firmware.h>
#include <linux/pci.h>
#include <linux/sysfs.h>
#if __has_include("linux/blk-mq-dma.h")
#include <linux/blk-mq-dma.h>
#endif
#if __has_include("linux/io_uring/cmd.h")
#include <linux/io_uring/cmd.h>
#else
#include <linux/io_uring.h>
#endif

/* The type of a function, a variable or a member must be the one that compat expects. */
#define GMX_TYPE_IS(probe, expr, ...) \
	static_assert(__same_type(expr, __VA_ARGS__), "gmx: wrong probe " #probe ": see drivers/gmx/compat/probes")
#define GMX_MEMBER_IS(probe, type, member, ...) \
	GMX_TYPE_IS(probe, ((type *)NULL)->member, __VA_ARGS__)
/* A constant exists; an undeclared name is the error. */
#define GMX_CONST_IS_THERE(probe, name)	static_assert((name) || 1, #probe)
/* A function or constant does not exist; the conflicting declaration is the error. */
#define GMX_IS_ABSENT(probe, name)	extern struct gmx_wrong_probe_##probe name
/* A member does not exist; the duplicate member is the error. */
#define GMX_MEMBER_IS_ABSENT(probe, type, member) \
	struct gmx_wrong_probe_##probe { type; int member; }

/* Disks and limits */

#ifdef GMX_HAVE_ALLOC_DISK_LIMITS
GMX_TYPE_IS(ALLOC_DISK_LIMITS, &__blk_mq_alloc_disk,
	    struct gendisk *(*)(struct blk_mq_tag_set *, struct queue_limits *, void *, struct lock_class_key *));
GMX_TYPE_IS(ALLOC_DISK_LIMITS, &blk_mq_alloc_queue,
	    struct request_queue *(*)(struct blk_mq_tag_set *, struct queue_limits *, void *));
#else
GMX_TYPE_IS(ALLOC_DISK_LIMITS, &__blk_mq_alloc_disk,
	    struct gendisk *(*)(struct blk_mq_tag_set *, void *, struct lock_class_key *));
GMX_TYPE_IS(ALLOC_DISK_LIMITS, &blk_mq_init_queue, struct request_queue *(*)(struct blk_mq_tag_set *));
#endif

#ifdef GMX_HAVE_LIMITS_COMMIT_FROZEN
GMX_TYPE_IS(LIMITS_COMMIT_FROZEN, &queue_limits_commit_update_frozen,
	    int (*)(struct request_queue *, struct queue_limits *));
#else
GMX_IS_ABSENT(LIMITS_COMMIT_FROZEN, queue_limits_commit_update_frozen);
#endif

#ifdef GMX_HAVE_LIMITS_FEATURES
GMX_MEMBER_IS(LIMITS_FEATURES, struct queue_limits, features, blk_features_t);
#else
GMX_MEMBER_IS_ABSENT(LIMITS_FEATURES, struct queue_limits, features);
#endif

#ifdef GMX_HAVE_WRITE_CACHE_SETTER
GMX_TYPE_IS(WRITE_CACHE_SETTER, &blk_queue_write_cache, void (*)(struct request_queue *, bool, bool));
#elif !defined(GMX_HAVE_LIMITS_FEATURES)
GMX_IS_ABSENT(WRITE_CACHE_SETTER, blk_queue_write_cache);
#else
/* The name lives on, as a question. */
GMX_TYPE_IS(WRITE_CACHE_SETTER, &blk_queue_write_cache, bool (*)(struct request_queue *));
#endif

#ifdef GMX_HAVE_INTEGRITY_IN_LIMITS
GMX_MEMBER_IS(INTEGRITY_IN_LIMITS, struct queue_limits, integrity, struct blk_integrity);
#else
GMX_MEMBER_IS_ABSENT(INTEGRITY_IN_LIMITS, struct queue_limits, integrity);
#endif

#ifdef GMX_HAVE_INTEGRITY_REGISTER
GMX_TYPE_IS(INTEGRITY_REGISTER, &blk_integrity_register, void (*)(struct gendisk *, struct blk_integrity *));
#else
GMX_IS_ABSENT(INTEGRITY_REGISTER, blk_integrity_register);
#endif

#ifdef GMX_HAVE_LIMITS_ATOMIC
GMX_MEMBER_IS(LIMITS_ATOMIC, struct queue_limits, atomic_write_hw_max, unsigned int);
GMX_MEMBER_IS(LIMITS_ATOMIC, struct queue_limits, atomic_write_hw_unit_min, unsigned int);
GMX_MEMBER_IS(LIMITS_ATOMIC, struct queue_limits, atomic_write_hw_unit_max, unsigned int);
GMX_MEMBER_IS(LIMITS_ATOMIC, struct queue_limits, atomic_write_hw_boundary, unsigned int);
#else
GMX_MEMBER_IS_ABSENT(LIMITS_ATOMIC, struct queue_limits, atomic_write_hw_max);
#endif

#if defined(GMX_HAVE_FEAT_ATOMIC_WRITES) != defined(BLK_FEAT_ATOMIC_WRITES)
#error "gmx: wrong probe FEAT_ATOMIC_WRITES: see drivers/gmx/compat/probes"
#endif

#ifdef GMX_HAVE_LIMITS_WZEROES_UNMAP
GMX_MEMBER_IS(LIMITS_WZEROES_UNMAP, struct queue_limits, max_hw_wzeroes_unmap_sectors, unsigned int);
#else
GMX_MEMBER_IS_ABSENT(LIMITS_WZEROES_UNMAP, struct queue_limits, max_hw_wzeroes_unmap_sectors);
#endif

/* Request queues */

#ifdef GMX_HAVE_RQ_LIST
GMX_MEMBER_IS(RQ_LIST, struct blk_mq_ops, queue_rqs, void (*)(struct rq_list *));
GMX_MEMBER_IS(RQ_LIST, struct io_comp_batch, req_list, struct rq_list);
#else
GMX_MEMBER_IS(RQ_LIST, struct blk_mq_ops, queue_rqs, void (*)(struct request **));
GMX_MEMBER_IS(RQ_LIST, struct io_comp_batch, req_list, struct request *);
#endif

#ifdef GMX_HAVE_FREEZE_MEMFLAGS
GMX_TYPE_IS(FREEZE_MEMFLAGS, &blk_mq_freeze_queue, unsigned int (*)(struct request_queue *));
GMX_TYPE_IS(FREEZE_MEMFLAGS, &blk_mq_unfreeze_queue, void (*)(struct request_queue *, unsigned int));
#else
GMX_TYPE_IS(FREEZE_MEMFLAGS, &blk_mq_freeze_queue, void (*)(struct request_queue *));
GMX_TYPE_IS(FREEZE_MEMFLAGS, &blk_mq_unfreeze_queue, void (*)(struct request_queue *));
#endif

#ifdef GMX_HAVE_FREEZE_NON_OWNER
GMX_TYPE_IS(FREEZE_NON_OWNER, &blk_freeze_queue_start_non_owner, void (*)(struct request_queue *));
GMX_TYPE_IS(FREEZE_NON_OWNER, &blk_mq_unfreeze_queue_non_owner, void (*)(struct request_queue *));
#else
GMX_IS_ABSENT(FREEZE_NON_OWNER, blk_freeze_queue_start_non_owner);
#endif

#ifdef GMX_HAVE_ADD_TO_BATCH_BOOL
GMX_TYPE_IS(ADD_TO_BATCH_BOOL, &blk_mq_add_to_batch,
	    bool (*)(struct request *, struct io_comp_batch *, bool, void (*)(struct io_comp_batch *)));
#else
GMX_TYPE_IS(ADD_TO_BATCH_BOOL, &blk_mq_add_to_batch,
	    bool (*)(struct request *, struct io_comp_batch *, int, void (*)(struct io_comp_batch *)));
#endif

#ifdef GMX_HAVE_MAP_HW_QUEUES
GMX_TYPE_IS(MAP_HW_QUEUES, &blk_mq_map_hw_queues, void (*)(struct blk_mq_queue_map *, struct device *, unsigned int));
#else
GMX_IS_ABSENT(MAP_HW_QUEUES, blk_mq_map_hw_queues);
#endif

#ifdef GMX_HAVE_F_SHOULD_MERGE
GMX_CONST_IS_THERE(F_SHOULD_MERGE, BLK_MQ_F_SHOULD_MERGE);
#else
GMX_IS_ABSENT(F_SHOULD_MERGE, BLK_MQ_F_SHOULD_MERGE);
#endif

#ifdef GMX_HAVE_RQ_MAP_KERN_NO_Q
GMX_TYPE_IS(RQ_MAP_KERN_NO_Q, &blk_rq_map_kern, int (*)(struct request *, void *, unsigned int, gfp_t));
#else
GMX_TYPE_IS(RQ_MAP_KERN_NO_Q, &blk_rq_map_kern,
	    int (*)(struct request_queue *, struct request *, void *, unsigned int, gfp_t));
#endif

#ifdef GMX_HAVE_RQ_MAP_SG_NO_Q
GMX_TYPE_IS(RQ_MAP_SG_NO_Q, &blk_rq_map_sg, int (*)(struct request *, struct scatterlist *));
#else
GMX_TYPE_IS(RQ_MAP_SG_NO_Q, &blk_rq_map_sg, int (*)(struct request_queue *, struct request *, struct scatterlist *));
#endif

#ifdef GMX_HAVE_RQ_END_IO_BATCH
GMX_TYPE_IS(RQ_END_IO_BATCH, rq_end_io_fn,
	    enum rq_end_io_ret (struct request *, blk_status_t, const struct io_comp_batch *));
#else
GMX_TYPE_IS(RQ_END_IO_BATCH, rq_end_io_fn, enum rq_end_io_ret (struct request *, blk_status_t));
#endif

#ifdef GMX_HAVE_NUM_POSSIBLE_QUEUES
GMX_TYPE_IS(NUM_POSSIBLE_QUEUES, &blk_mq_num_possible_queues, unsigned int (*)(unsigned int));
#else
GMX_IS_ABSENT(NUM_POSSIBLE_QUEUES, blk_mq_num_possible_queues);
#endif

#ifdef GMX_HAVE_BLK_DMA_ITER
GMX_TYPE_IS(BLK_DMA_ITER, &blk_rq_dma_map_iter_start,
	    bool (*)(struct request *, struct device *, struct dma_iova_state *, struct blk_dma_iter *));
GMX_TYPE_IS(BLK_DMA_ITER, &blk_rq_dma_map_iter_next,
	    bool (*)(struct request *, struct device *, struct blk_dma_iter *));
GMX_TYPE_IS(BLK_DMA_ITER, &blk_rq_dma_unmap,
	    bool (*)(struct request *, struct device *, struct dma_iova_state *, size_t, enum pci_p2pdma_map_type));
#elif __has_include("linux/blk-mq-dma.h")
/* 6.17 to 7.0 hand a state to the second call too. */
GMX_TYPE_IS(BLK_DMA_ITER, &blk_rq_dma_map_iter_next,
	    bool (*)(struct request *, struct device *, struct dma_iova_state *, struct blk_dma_iter *));
#endif

/* Block devices */

#ifdef GMX_HAVE_BDEV_OPEN_GENDISK
GMX_MEMBER_IS(BDEV_OPEN_GENDISK, struct block_device_operations, open, int (*)(struct gendisk *, blk_mode_t));
GMX_MEMBER_IS(BDEV_OPEN_GENDISK, struct block_device_operations, release, void (*)(struct gendisk *));
GMX_MEMBER_IS(BDEV_OPEN_GENDISK, struct block_device_operations, ioctl,
	      int (*)(struct block_device *, blk_mode_t, unsigned int, unsigned long));
#else
GMX_MEMBER_IS(BDEV_OPEN_GENDISK, struct block_device_operations, open, int (*)(struct block_device *, fmode_t));
GMX_MEMBER_IS(BDEV_OPEN_GENDISK, struct block_device_operations, release, void (*)(struct gendisk *, fmode_t));
GMX_MEMBER_IS(BDEV_OPEN_GENDISK, struct block_device_operations, ioctl,
	      int (*)(struct block_device *, fmode_t, unsigned int, unsigned long));
#endif

#ifdef GMX_HAVE_GETGEO_GENDISK
GMX_MEMBER_IS(GETGEO_GENDISK, struct block_device_operations, getgeo, int (*)(struct gendisk *, struct hd_geometry *));
#else
GMX_MEMBER_IS(GETGEO_GENDISK, struct block_device_operations, getgeo,
	      int (*)(struct block_device *, struct hd_geometry *));
#endif

#if defined(GMX_HAVE_STS_RESV_CONFLICT) != defined(BLK_STS_RESV_CONFLICT)
#error "gmx: wrong probe STS_RESV_CONFLICT: see drivers/gmx/compat/probes"
#endif
/* io_uring commands */

#if defined(GMX_HAVE_IO_URING_CMD_H) != __has_include("linux/io_uring/cmd.h")
#error "gmx: wrong probe IO_URING_CMD_H: see drivers/gmx/compat/probes"
#endif

#ifdef GMX_HAVE_UCMD_SQE
GMX_MEMBER_IS(UCMD_SQE, struct io_uring_cmd, sqe, const struct io_uring_sqe *);
#else
GMX_MEMBER_IS(UCMD_SQE, struct io_uring_cmd, cmd, const void *);
#endif

#ifdef GMX_HAVE_UCMD_DONE32
GMX_TYPE_IS(UCMD_DONE32, &io_uring_cmd_done32, void (*)(struct io_uring_cmd *, s32, u64, unsigned int));
#else
GMX_IS_ABSENT(UCMD_DONE32, io_uring_cmd_done32);
#endif

#ifdef GMX_HAVE_UCMD_TASK_WORK
GMX_TYPE_IS(UCMD_TASK_WORK, &io_uring_cmd_complete_in_task,
	    void (*)(struct io_uring_cmd *, void (*)(struct io_tw_req, io_tw_token_t)));
#else
GMX_TYPE_IS(UCMD_TASK_WORK, &io_uring_cmd_complete_in_task,
	    void (*)(struct io_uring_cmd *, void (*)(struct io_uring_cmd *, unsigned int)));
#endif

#ifdef GMX_HAVE_UCMD_DO_LAZY
GMX_TYPE_IS(UCMD_DO_LAZY, io_uring_cmd_do_in_task_lazy, io_uring_cmd_complete_in_task);
#else
GMX_IS_ABSENT(UCMD_DO_LAZY, io_uring_cmd_do_in_task_lazy);
#endif

#ifdef GMX_HAVE_UCMD_IMPORT_FLAGS
GMX_TYPE_IS(UCMD_IMPORT_FLAGS, &io_uring_cmd_import_fixed,
	    int (*)(u64, unsigned long, int, struct iov_iter *, struct io_uring_cmd *, unsigned int));
#else
GMX_TYPE_IS(UCMD_IMPORT_FLAGS, &io_uring_cmd_import_fixed, int (*)(u64, unsigned long, int, struct iov_iter *, void *));
#endif

#if defined(GMX_HAVE_UCMD_PDU) != defined(io_uring_cmd_to_pdu)
#error "gmx: wrong probe UCMD_PDU: see drivers/gmx/compat/probes"
#endif

/* Devices, sysfs, PCI */

#ifdef GMX_HAVE_CLASS_CONST_DEV
GMX_MEMBER_IS(CLASS_CONST_DEV, struct class, dev_uevent, int (*)(const struct device *, struct kobj_uevent_env *));
GMX_MEMBER_IS(CLASS_CONST_DEV, struct class, devnode, char *(*)(const struct device *, umode_t *));
#else
GMX_MEMBER_IS(CLASS_CONST_DEV, struct class, dev_uevent, int (*)(struct device *, struct kobj_uevent_env *));
GMX_MEMBER_IS(CLASS_CONST_DEV, struct class, devnode, char *(*)(struct device *, umode_t *));
#endif

#ifdef GMX_HAVE_AER_COR_ERROR
GMX_MEMBER_IS(AER_COR_ERROR, struct pci_error_handlers, cor_error_detected, void (*)(struct pci_dev *));
#else
GMX_MEMBER_IS_ABSENT(AER_COR_ERROR, struct pci_error_handlers, cor_error_detected);
#endif

#ifdef GMX_HAVE_FW_UPLOAD_INVALID
static_assert((int)FW_UPLOAD_ERR_MAX == 9, "gmx: wrong probe FW_UPLOAD_INVALID: see drivers/gmx/compat/probes");
#else
static_assert((int)FW_UPLOAD_ERR_MAX == 8, "gmx: wrong probe FW_UPLOAD_INVALID: see drivers/gmx/compat/probes");
#endif

#if defined(GMX_HAVE_PCI_IRQ_INTX) != defined(PCI_IRQ_INTX)
#error "gmx: wrong probe PCI_IRQ_INTX: see drivers/gmx/compat/probes"
#endif

#endif
