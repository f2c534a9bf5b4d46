/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GMX_H
#define GMX_H

#include "compat/compat.h"

#include <linux/blk-mq.h>
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/srcu.h>
#include <linux/uuid.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <gmx/nvme.h>
#include <gmx/regs.h>

#include "compat/dma.h"
#include "cmb.h"
#include "desc.h"
#include "hmb.h"
#include "hwq.h"
#include "mgmt.h"
#include "state.h"

#define GMX_ADMIN_DEPTH		64	/* entries of the admin queues */
#define GMX_SHORT_RING		((u16)256) /* where memory for it is short */
#define GMX_KDUMP_DEPTH		((u16)65)
#define GMX_ADMIN_TAGS		32	/* command ids of requests; those above are async events */
#define GMX_ABORT_MAX		8	/* abort commands in flight */
#define GMX_ADMIN_RESERVED	(GMX_ABORT_MAX + 2) /* for them, and for what brings the controller up */
#define GMX_MAX_AENS		16
#define GMX_MAX_RETRIES		5

struct gmx_timeouts {
	u32 io_ms;
	u32 admin_ms;
	u32 budget_ms;			/* how long I/O may wait, from the first time-out */
};

struct gmx_counters {
	atomic64_t resets;
	atomic64_t function_resets;
	atomic64_t subsystem_resets;
	atomic64_t timeouts;
	atomic64_t missed_irqs;
	atomic64_t aborts;
	atomic64_t stale_completions;
	atomic64_t command_errors;
	atomic64_t command_retries;
	atomic64_t pci_errors_corrected;
	atomic64_t async_events;
	atomic64_t bounced_requests;
	atomic64_t bounced_bytes;
};

/* What the driver uses of the vendor page (GHI, section 2). */
struct gmx_vendor {
	u16 version;			/* 0: there is no vendor part */
	bool refused;			/* said once: a page that makes no sense */
	u8 family;
	u8 function;
	u8 dma_bits;
	u8 form_factor;
	u8 link_speed;
	u8 link_width;
	u64 features;
};

/* What the current queue layout was made from: read from the parameters at each reset. */
struct gmx_queue_plan {
	unsigned int nr_default;
	unsigned int nr_read;
	unsigned int nr_poll;
};

/* GMX_QUEUES_BY_PARAMETER: as the module parameter of that name says. */
struct gmx_queue_wish {
	int max_queues;
	int write_queues;
	int poll_queues;
};

#define GMX_QUEUES_BY_PARAMETER	(-1)
#define GMX_QUEUES_MAX		1024

struct gmx_ctrl {
	/* hot: read by every command, written by reset only */
	struct gmx_hwq *hwqs;
	struct device *dma_dev;
	u32 desc_size;			/* bytes of a big space's list */
	u8 page_shift;			/* of the controller: 2 ^ page_shift bytes a page */
	bool sgl;			/* use SGLs at all */
	u32 sgl_threshold;		/* mean segment size, bytes, from which an SGL beats PRPs */

	struct pci_dev *pdev;
	struct device dev;		/* class gmx, /dev/gmxN; its release frees this structure */
	struct cdev cdev;
	int instance;
	void __iomem *bar;
	size_t bar_size;
	unsigned int dma_bits;		/* width of the addresses that the controller is given */
	u32 db_stride;			/* in u32 steps */
	u64 cap;
	u32 vs;
	u32 cc;

	spinlock_t state_lock;		/* state; last_reset_reason */
	enum gmx_state state;
	char last_reset_reason[32];
	wait_queue_head_t state_wq;	/* woken at every state change */
	bool gone;			/* all-ones reads, or the slot said so: never wait for the hardware again */

	/*
	 * Serialises everything that makes or tears down queues: reset, removal, suspend, PCI error handling. Taken
	 * before freezing any request queue; never under state_lock.
	 */
	struct mutex hw_lock;
	unsigned int nr_hwqs;		/* allocated; online_hwqs of them are known to the controller, admin included */
	unsigned int online_hwqs;
	unsigned int nr_vectors;
	unsigned int irq_sets[2];	/* calc_sets: default, read */
	struct gmx_queue_plan plan;	/* while queues are made: what is wanted */
	struct gmx_queue_wish wish;	/* of the administrator, before the parameters */
	struct gmx_queue_plan wanted_plan; /* what the parameters asked for then */
	struct gmx_queue_plan live_plan; /* what the tag set was fitted to */
	bool plan_changed;
	bool plan_kept;			/* the parameters ask for another, which waits for the next reset */
	u16 q_depth;			/* of an I/O queue: its commands and one */
	u16 ring_depth;			/* entries of its rings, q_depth or more; fixed by the first start */
	u8 nr_sqs;			/* submission queues of an I/O context */
	bool weighted;			/* CC.AMS: the controller goes by their priorities */
	struct mutex irq_lock;		/* release of a vector against those who mask it; under hw_lock */
	struct mutex alone_lock;	/* a user command that wants the controller for itself; taken first of all */
	struct mutex quiesce_lock;	/* quiesced_io, quiesced_admin: our one level of quiesce; innermost mutex */
	bool quiesced_io;
	bool drained;			/* under hw_lock: namespaces are frozen over this reset */
	bool quiesced_admin;

	__le32 *dbbuf;			/* shadow doorbells and event indices, a page each; NULL: not offered */
	__le32 *dbbuf_ei;
	dma_addr_t dbbuf_dma;
	dma_addr_t dbbuf_ei_dma;
	bool dbbuf_live;

	struct blk_mq_tag_set admin_tagset;
	struct blk_mq_tag_set tagset;
	struct request_queue *admin_q;
	bool tagset_ready;

	struct workqueue_struct *wq;	/* scan, async events */
	struct work_struct reset_work;
	struct work_struct scan_work;
	struct work_struct aen_work;
	struct delayed_work watchdog;
	struct delayed_work budget_work;
	struct delayed_work rescan_work; /* a scan that met a busy controller is tried again */
	unsigned long budget_end;	/* jiffies; 0: no episode */
	atomic_t aborts_in_flight;
	bool ready_stuck;		/* CSTS.RDY was waited for in full, and did not follow CC.EN */
	bool stopped;			/* cut off by the timeout handler in the middle of a reset */
	atomic_t timed_out;		/* requests that timed out and are still out */

	/* from Identify Controller, refreshed by each reset */
	char model[41];
	char serial[21];
	char firmware_rev[9];
	char subnqn[224];
	u16 vid;
	u16 ssvid;
	u16 cntlid;
	u16 oacs;
	u16 oncs;
	u32 oaes;
	u32 sgls;
	u32 nn;
	u32 rtd3e_ms;
	u16 awupf;
	u16 crdt[3];
	u8 vwc;
	u8 lpa;
	u8 aerl;
	u8 acl;
	u8 mdts;
	u32 max_transfer;		/* bytes a command */
	struct gmx_cmb cmb;		/* controller memory buffer */
	struct gmx_hmb hmb;		/* host memory buffer */
	struct gmx_vendor vendor;
	struct gmx_log_effects *effects; /* NULL: the log is not offered */
	bool caps_changed;		/* said once: a command changed capabilities */

	struct gmx_timeouts timeouts;
	struct gmx_counters counters;

	struct page *discard_page;	/* for discards when memory is short, so that reclaim goes on */
	unsigned long discard_page_busy;

	struct mutex scan_lock;		/* one scan at a time; writers of namespaces */
	struct list_head namespaces;	/* readers: srcu; sorted by nsid */
	struct srcu_struct srcu;
	unsigned int ns_frozen;		/* under ns.c's list lock: how often gmx_ns_freeze() is in force */
	atomic_t ns_changed;		/* the Changed Namespace List log waits to be read */
	u8 scan_tries;			/* scans in a row that met an error */

	spinlock_t aen_lock;		/* aen_results, aens_free */
	u32 aen_results[GMX_MAX_AENS];
	unsigned int nr_aen_results;
	unsigned int nr_aens;		/* slots the controller has, at most GMX_MAX_AENS */
	DECLARE_BITMAP(aens_free, GMX_MAX_AENS); /* to be posted */
	DECLARE_BITMAP(aens_posted, GMX_MAX_AENS); /* the controller has them; in neither: stopped by an error */
	bool aens_up;			/* may be posted: between gmx_aen_enable() and gmx_aen_stop() */

	struct gmx_mgmt mgmt;
};

struct gmx_ns_ids {
	u8 eui64[8];
	u8 nguid[16];
	uuid_t uuid;
};

struct gmx_ns {
	struct list_head list;
	struct gmx_ctrl *ctrl;		/* pinned: a reference on ctrl->dev */
	struct kref kref;
	u32 nsid;
	u8 lba_shift;
	u32 lba_mask;			/* sectors inside a block; all bits: no block command is sent */
	u16 ms;
	bool ms_extended;		/* metadata follows each block's data in the same buffer */
	bool ms_is_pi;			/* metadata is protection information alone */
	bool deac;			/* Write Zeroes may deallocate */
	bool removing;			/* under scan_lock */
	bool has_disk;			/* add_disk() was done; without, the character node alone serves */
	bool dead;			/* the block layer was told so: only a new object can serve again */
	const char *unserved;		/* why there is no disk, or an empty one; NULL: it serves */
	struct gmx_ns_ids ids;
	struct gendisk *disk;		/* always there, for its queue */
	struct request_queue *queue;
	struct device cdev_dev;		/* /dev/gmxgCnN */
	struct cdev cdev;
	u32 io_timeout_ms;		/* 0: the controller's */
};

extern unsigned int gmx_io_queue_depth, gmx_write_queues, gmx_poll_queues, gmx_max_queues;
extern unsigned int gmx_sgl_threshold, gmx_abort_limit, gmx_max_transfer_kb;
extern unsigned int gmx_max_host_mem_mb, gmx_apst_max_latency_us;
extern bool gmx_priority_queues;
extern unsigned int gmx_io_timeout_ms, gmx_admin_timeout_ms, gmx_recovery_budget_ms;
extern bool gmx_use_sgl, gmx_use_msix, gmx_use_msi, gmx_use_threaded_irq, gmx_use_dbbuf, gmx_use_cmb_sqes;
extern struct workqueue_struct *gmx_reset_wq;	/* resets and their clocks: nothing in it waits for a scan */
extern struct workqueue_struct *gmx_admin_wq;	/* what takes long, and waits for resets */

static inline enum gmx_state gmx_ctrl_state(struct gmx_ctrl *ctrl)
{
	return READ_ONCE(ctrl->state);
}

static inline u64 gmx_ns_lba(struct gmx_ns *ns, sector_t sector)
{
	return sector >> (ns->lba_shift - SECTOR_SHIFT);
}

static inline u32 gmx_reg_read(struct gmx_ctrl *ctrl, u32 reg)
{
	return readl(ctrl->bar + reg);
}

static inline void gmx_reg_write(struct gmx_ctrl *ctrl, u32 reg, u32 val)
{
	writel(val, ctrl->bar + reg);
}

/* Two halves: a 64-bit access to a register is not allowed everywhere (NVMe 1.4, 3.1). */
static inline u64 gmx_reg_read64(struct gmx_ctrl *ctrl, u32 reg)
{
	u64 lo = readl(ctrl->bar + reg);

	return lo | (u64)readl(ctrl->bar + reg + 4) << 32;
}

static inline void gmx_reg_write64(struct gmx_ctrl *ctrl, u32 reg, u64 val)
{
	writel(lower_32_bits(val), ctrl->bar + reg);
	writel(upper_32_bits(val), ctrl->bar + reg + 4);
}

/* pci.c */
extern struct pci_driver gmx_pci_driver;
bool gmx_pci_present(struct gmx_ctrl *ctrl);
int gmx_pci_enable(struct gmx_ctrl *ctrl);
void gmx_pci_disable(struct gmx_ctrl *ctrl);
int gmx_pci_function_reset(struct gmx_ctrl *ctrl);
int gmx_pci_subsystem_reset(struct gmx_ctrl *ctrl);

/*
 * What makes a bring-up fail: the controller, by these errors; or the host, which is short of something, or does not
 * serve what the controller says it is (-EOPNOTSUPP).
 */
static inline bool gmx_ctrl_at_fault(int error)
{
	return error == -ETIMEDOUT || error == -EIO || error == -EINTR || error == -ENODEV;
}

/* ctrl.c: the controller object and its registers */
struct gmx_ctrl *gmx_ctrl_alloc(struct pci_dev *pdev);
int gmx_ctrl_check_caps(struct gmx_ctrl *ctrl);
unsigned int gmx_ctrl_ready_ms(struct gmx_ctrl *ctrl);
int gmx_ctrl_hw_disable(struct gmx_ctrl *ctrl);
int gmx_ctrl_hw_enable(struct gmx_ctrl *ctrl);
int gmx_ctrl_hw_shutdown(struct gmx_ctrl *ctrl);
void gmx_ctrl_put(struct gmx_ctrl *ctrl);

/* irq.c */
int gmx_irq_alloc(struct gmx_ctrl *ctrl, unsigned int nr_irq_queues);
void gmx_irq_free(struct gmx_ctrl *ctrl);
int gmx_irq_request(struct gmx_hwq *hwq);
void gmx_irq_release(struct gmx_hwq *hwq);
void gmx_irq_map_queues(struct blk_mq_tag_set *set);

/* setup.c: queue layout, creation on the controller, shadow doorbells */
int gmx_setup_admin_queue(struct gmx_ctrl *ctrl);
int gmx_setup_io_queues(struct gmx_ctrl *ctrl);
void gmx_setup_plan_limit(struct gmx_queue_plan *plan, unsigned int max);
bool gmx_setup_disable(struct gmx_ctrl *ctrl, bool shutdown);
bool gmx_setup_plan_differs(struct gmx_ctrl *ctrl);
void gmx_setup_free(struct gmx_ctrl *ctrl);

/* tagset.c: request queues and their gates */
int gmx_tagset_alloc_admin(struct gmx_ctrl *ctrl);
int gmx_tagset_update(struct gmx_ctrl *ctrl);
void gmx_tagset_free(struct gmx_ctrl *ctrl);
void gmx_tagset_quiesce(struct gmx_ctrl *ctrl);
void gmx_tagset_unquiesce(struct gmx_ctrl *ctrl);
void gmx_tagset_quiesce_admin(struct gmx_ctrl *ctrl);
void gmx_tagset_unquiesce_admin(struct gmx_ctrl *ctrl);

/* io.c: the hot path */
extern const struct blk_mq_ops gmx_io_ops;
extern const struct blk_mq_ops gmx_io_bounce_ops;
extern const struct blk_mq_ops gmx_admin_ops;
void gmx_complete_rq(struct request *rq);
void gmx_rq_release_more(struct gmx_hwq *hwq, struct request *rq);
void gmx_rq_end(struct request *rq);
DECLARE_STATIC_KEY_FALSE(gmx_adaptive_key);
void gmx_adaptive_note(struct gmx_hwq *hwq);

int gmx_poll(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *iob);
void gmx_io_take_back(struct blk_mq_tag_set *set);
void gmx_io_cancel_all(struct gmx_ctrl *ctrl, struct blk_mq_tag_set *set);

/* arbitration.c: which submission queue of a context that has several */
struct gmx_sq *gmx_arbitration_sq(struct gmx_hwq *hwq, struct request *rq);
u8 gmx_arbitration_prio(const struct gmx_hwq *hwq, const struct gmx_sq *sq);
bool gmx_arbitration_offered(struct gmx_ctrl *ctrl);
void gmx_arbitration_choose(struct gmx_ctrl *ctrl);
void gmx_arbitration_refused(struct gmx_ctrl *ctrl, const char *why);

/* cmd.c: what a request becomes that is neither a read nor a write; status */
blk_status_t gmx_cmd_prep_discard(struct gmx_ns *ns, struct request *rq);
void gmx_cmd_free_special(struct request *rq);
blk_status_t gmx_status_to_blk(u16 status);
const char *gmx_status_text(u16 status);
const char *gmx_opcode_text(bool admin, u8 opcode);
u8 gmx_rq_opcode(struct request *rq);
void gmx_log_error(struct request *rq);

/* dma.c: dptr, and in flags what was mapped and how it is described */
blk_status_t gmx_dma_map(struct gmx_hwq *hwq, struct request *rq);
blk_status_t gmx_dma_map_multi(struct gmx_hwq *hwq, struct request *rq);
blk_status_t gmx_dma_describe_wide(struct gmx_hwq *hwq, struct request *rq, dma_addr_t addr, u32 len);
void gmx_dma_unmap(struct gmx_hwq *hwq, struct request *rq);
void gmx_dma_unmap_multi(struct gmx_hwq *hwq, struct request *rq);
void gmx_dma_count_bounced(struct gmx_ctrl *ctrl, struct request *rq);

/*
 * admin.c: synchronous commands. 0; a negative errno when the command was not carried out (-EINTR: cancelled by a
 * reset or removal); a positive NVMe status with its flags otherwise.
 */
#define GMX_CMD_RESET_PATH	BIT(0)	/* part of bringing the controller up: passes while it is not live */
#define GMX_CMD_USER		BIT(1)	/* somebody is told of its failure, so the log is not */
int gmx_cmd_sync(struct request_queue *q, struct gmx_sqe *cmd, u64 *result, void *buf, unsigned int len,
		 unsigned int timeout_ms, unsigned int flags);
int gmx_admin_sync(struct gmx_ctrl *ctrl, struct gmx_sqe *cmd, u64 *result, void *buf, unsigned int len,
		   unsigned int flags);
int gmx_admin_identify(struct gmx_ctrl *ctrl, u8 cns, u32 nsid, u16 cntid, void *buf, unsigned int flags);
int gmx_admin_get_log(struct gmx_ctrl *ctrl, u32 nsid, u8 lid, u8 lsp, bool rae, u64 offset, void *buf, u32 len,
		      unsigned int flags);
int gmx_admin_set_feature(struct gmx_ctrl *ctrl, u8 fid, u32 dword11, u32 *result, unsigned int flags);
int gmx_admin_get_feature(struct gmx_ctrl *ctrl, u8 fid, u32 *result, unsigned int flags);
int gmx_admin_init_ctrl(struct gmx_ctrl *ctrl);
void gmx_admin_copy_string(char *to, const char *from, size_t len);
void gmx_admin_take_string(char *to, size_t size, const char *from, size_t len);

/*
 * Passthrough. The request takes a copy of @cmd; q is admin_q or a namespace's queue. Completion status of an executed
 * request: gmx_req(rq)->status, or GMX_REQ_CANCELLED in its flags.
 */
void gmx_passthru_init(struct request *rq, const struct gmx_sqe *cmd, bool user);
/* A user's data: registered buffers if @fixed is set, else @addr is a buffer or, vectored, an iovec array. */
struct gmx_user_data {
	u64 addr;
	u64 meta;
	u32 len;			/* bytes, or entries of the iovec array */
	u32 meta_len;
	u32 timeout_ms;			/* 0: the default */
	bool vec;
	struct iov_iter *fixed;
};

#define GMX_PASSTHRU_UNKNOWN	U64_MAX	/* data of a length that only the controller knows */
u64 gmx_passthru_needs(struct gmx_ns *ns, const struct gmx_sqe *cmd);
int gmx_passthru_map(struct request *rq, const struct gmx_user_data *data);
int gmx_passthru_user(struct gmx_ctrl *ctrl, struct gmx_ns *ns, const struct gmx_sqe *cmd,
		      const struct gmx_user_data *data, u64 *result);
int gmx_passthru_errno(struct request *rq, blk_status_t status);
/* Effects (NVMe 1.4, 5.14.1.5): freeze what the command wants alone, and rescan what it changed. */
u32 gmx_passthru_effects(struct gmx_ctrl *ctrl, struct gmx_ns *ns, u8 opcode);
u32 gmx_passthru_start(struct gmx_ctrl *ctrl, struct gmx_ns *ns, u8 opcode);
void gmx_passthru_end(struct gmx_ctrl *ctrl, struct gmx_ns *ns, u32 effects, const struct gmx_sqe *cmd);

/* ns.c, disk.c */
void gmx_ns_scan(struct gmx_ctrl *ctrl);
void gmx_ns_queue_scan(struct gmx_ctrl *ctrl);
void gmx_ns_revalidate(struct gmx_ctrl *ctrl);
void gmx_ns_scan_work(struct work_struct *work);
void gmx_ns_rescan_work(struct work_struct *work);
void gmx_ns_remove_all(struct gmx_ctrl *ctrl);
void gmx_ns_mark_dead(struct gmx_ctrl *ctrl);
void gmx_ns_freeze(struct gmx_ctrl *ctrl);
void gmx_ns_freeze_timeout(struct gmx_ctrl *ctrl, unsigned int ms);
void gmx_ns_quiesce(struct gmx_ctrl *ctrl);
void gmx_ns_unquiesce(struct gmx_ctrl *ctrl);
void gmx_ns_unfreeze(struct gmx_ctrl *ctrl);
void gmx_ns_sync_queues(struct gmx_ctrl *ctrl);
bool gmx_ns_get(struct gmx_ns *ns);
void gmx_ns_put(struct gmx_ns *ns);
void gmx_disk_limits_base(struct gmx_ctrl *ctrl, struct gmx_limits *lim);
void gmx_disk_empty(struct gmx_ns *ns);
int gmx_disk_update(struct gmx_ns *ns, struct gmx_id_ns *id);
extern const struct block_device_operations gmx_disk_ops;

/* vendor.c: what Gigamax adds to Identify Controller */
int gmx_vendor_parse(struct gmx_ctrl *ctrl, const struct gmx_id_ctrl *id);
extern const struct attribute_group gmx_vendor_group;

/* aen.c */
void gmx_aen_enable(struct gmx_ctrl *ctrl);
void gmx_aen_stop(struct gmx_ctrl *ctrl);
void gmx_aen_complete(struct gmx_ctrl *ctrl, unsigned int slot, u16 status, u32 result);
void gmx_aen_work(struct work_struct *work);
u32 gmx_aen_offered(struct gmx_ctrl *ctrl);
int gmx_aen_set_mask(struct gmx_ctrl *ctrl, u32 mask);

/* recovery.c */
bool gmx_ctrl_event(struct gmx_ctrl *ctrl, enum gmx_event event);
bool gmx_recovery_hold(struct gmx_ctrl *ctrl, const char *reason);
bool gmx_recovery_hold_own(struct gmx_ctrl *ctrl, const char *reason, bool *held);
bool gmx_recovery_runs(struct gmx_ctrl *ctrl);
bool gmx_recovery_reset(struct gmx_ctrl *ctrl, const char *reason);
int gmx_recovery_reset_sync(struct gmx_ctrl *ctrl, const char *reason);
int gmx_recovery_subsystem_sync(struct gmx_ctrl *ctrl, const char *reason);
void gmx_recovery_reset_work(struct work_struct *work);
void gmx_recovery_budget_work(struct work_struct *work);
void gmx_recovery_watchdog(struct work_struct *work);
void gmx_recovery_episode_begin(struct gmx_ctrl *ctrl);
void gmx_recovery_episode_check(struct gmx_ctrl *ctrl);
const char *gmx_recovery_trouble(struct gmx_ctrl *ctrl, u32 *csts);
unsigned int gmx_recovery_clip(struct gmx_ctrl *ctrl, unsigned int ms);
unsigned int gmx_recovery_command_ms(struct gmx_ctrl *ctrl);
void gmx_recovery_gone(struct gmx_ctrl *ctrl);
int gmx_recovery_start(struct gmx_ctrl *ctrl);
void gmx_recovery_stop(struct gmx_ctrl *ctrl);
void gmx_recovery_undrain(struct gmx_ctrl *ctrl);

/* timeout.c */
unsigned int gmx_timeout_left(const struct gmx_req *req);
enum blk_eh_timer_return gmx_recovery_timeout(struct request *rq);

/* chardev.c, ioctl.c, uring.c, sysfs.c */
int gmx_chardev_init(void);
void gmx_chardev_exit(void);
int gmx_chardev_add_ctrl(struct gmx_ctrl *ctrl);
void gmx_chardev_del_ctrl(struct gmx_ctrl *ctrl);
int gmx_chardev_add_ns(struct gmx_ns *ns);
void gmx_chardev_del_ns(struct gmx_ns *ns);
#define GMX_IOCTL_WRITE		BIT(0)	/* the node was opened for writing */
#define GMX_IOCTL_PARTITION	BIT(1)	/* the node is a partition's */
dev_t gmx_chardev_devt(int instance);
long gmx_ioctl_ctrl(struct gmx_ctrl *ctrl, unsigned int cmd, void __user *arg, unsigned int flags);
long gmx_ioctl_ns(struct gmx_ns *ns, unsigned int cmd, void __user *arg, unsigned int flags);
bool gmx_ioctl_allowed(struct gmx_ns *ns, const struct gmx_sqe *cmd, unsigned int flags);
bool gmx_ioctl_nsid_ok(struct gmx_ctrl *ctrl, struct gmx_ns *ns, u32 nsid);
int gmx_uring_ctrl(struct io_uring_cmd *ioucmd, unsigned int issue_flags);
int gmx_uring_ns(struct io_uring_cmd *ioucmd, unsigned int issue_flags);
int gmx_uring_ns_poll(struct io_uring_cmd *ioucmd, struct io_comp_batch *iob, unsigned int poll_flags);
void gmx_sysfs_apply_io_timeout(struct gmx_ctrl *ctrl);
extern const struct attribute_group *gmx_sysfs_ctrl_groups[];
extern const struct attribute_group *gmx_sysfs_vendor_groups[];
extern const struct attribute_group *gmx_sysfs_disk_groups[];
extern GMX_CLASS_CONST struct class gmx_class;

/* main.c */
extern const struct dev_pm_ops gmx_pm_ops;	/* pm.c */

#endif
