/* SPDX-License-Identifier: GPL-2.0-only */
/* Administration: what the vendor ioctls, sysfs, hwmon and the firmware class are about. Nothing here is near I/O. */
#ifndef GMX_MGMT_H
#define GMX_MGMT_H

#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <gmx/vendor.h>
#include <uapi/linux/gmx.h>

struct attribute_group;
struct dentry;
struct device;
struct fw_upload;
struct gmx_ctrl;
struct gmx_hwq;
struct gmx_id_ctrl;

/* What administration wants of Identify Controller; written by probe and reset. */
struct gmx_identity {
	u64 capacity;			/* bytes, U64_MAX: that and more */
	u64 unallocated;
	u32 fw_granularity;		/* bytes */
	u32 mtfa_ms;
	u16 wctemp;			/* kelvin, 0: none */
	u16 cctemp;
	u8 frmw;
	u8 npss;
	struct gmx_vnd_id page;		/* zeroes without one */
};

/* Counters that have no place in gmx_counters. */
struct gmx_stats {
	atomic64_t by_reason[GMX_IOC_NR_RESETS];
	atomic64_t budgets_spent;
	atomic64_t dumps_kept;
	atomic64_t dumps_not_kept;
	u64 last_ns;			/* CLOCK_REALTIME; this and the next two under state_lock */
	u64 begun_ns;			/* CLOCK_MONOTONIC, 0: no reset runs */
	u64 took_ns;
};

/* The pages of health, as they were last read. */
struct gmx_health {
	struct mutex lock;		/* all of this but the work */
	struct work_struct work;
	wait_queue_head_t wait;		/* for the work */
	u64 read_ns;			/* CLOCK_MONOTONIC when smart came, 0: never */
	u64 asked_ns;			/* when the look that runs began, 0: none runs */
	bool has_ext;
	bool has_power;
	struct gmx_log_smart smart;
	struct gmx_vnd_log_health ext;
	struct gmx_vnd_log_power power;
};

#define GMX_EVENTS_RING		256	/* entries; also gmx_ioc_info::nr_events_max */

struct gmx_events {
	spinlock_t lock;		/* up to dropped_told, and gmx_file::event_next */
	struct gmx_ioc_event *ring;	/* an entry lies at its number modulo the size */
	u64 newest;			/* number of the newest entry, 0: none */
	u64 told;			/* of the last one that was a uevent, or was dropped */
	u64 window_ns;			/* uevents are counted from here on */
	unsigned int in_window;
	bool up;			/* uevents may be sent */
	u64 dropped;			/* uevents */
	u64 dropped_told;

	u32 ring_id;
	wait_queue_head_t wait;
	struct work_struct work;	/* uevents */

	/* the controller's log; written by bring-up and by the work of asynchronous events */
	bool log_known;
	u64 log_seen;			/* number of the last entry that is in the ring */
	bool look;			/* once after a bring-up */
	bool more;			/* than was read in one turn; the work's */
	struct mutex mask_lock;		/* one setter at a time, over its commands; never taken by a bring-up */
	u32 class_mask;			/* feature C0h, as the administrator wants it */
	bool class_mask_set;
	u32 async_mask;			/* feature 0Bh, likewise */
	bool async_mask_set;
};

#define GMX_OPS			16

struct gmx_op {
	u64 id;				/* 0: never used */
	u64 done;			/* bytes */
	u64 total;
	u64 started_ns;
	u64 ended_ns;
	u64 result;
	int error;
	u16 nvme_status;
	u8 kind;
	u8 state;
	u8 stage;
	u8 percent;
	bool cancel;
};

struct gmx_ops {
	spinlock_t lock;		/* all of this; who runs an operation reads what it wrote itself without */
	struct gmx_op op[GMX_OPS];
	u64 last;			/* id */
	wait_queue_head_t wait;		/* for an end */
};

struct gmx_fw {
	struct mutex lock;		/* up to closed; held over a part's command */
	const void *owner;		/* of the download: an open file, or the class; NULL: nobody */
	u32 received;			/* bytes */
	u64 life;			/* counters.resets of the download: another number, and it is forgotten */
	bool left;			/* likewise: the controller has parts of one that was given up */
	struct gmx_op *op;		/* that runs, and has the above to itself */
	u8 slot;			/* of it */
	u8 action;
	bool reset;
	bool closed;
	bool paused;			/* the controller may be silent: a time-out means nothing */
	struct work_struct work;
	struct work_struct act_work;	/* an activation was announced */
	struct fw_upload *upload;
	int upload_result;		/* of the class's last step */
};

struct gmx_capture {
	void *data;			/* vmalloc(), the log page from its header on; NULL: none */
	u64 bytes;
	u8 generation;
};

struct gmx_telemetry {
	struct mutex lock;		/* all of this */
	struct gmx_op *op;		/* that runs */
	u8 source;			/* of it */
	u8 area;
	bool closed;
	u64 last_id;			/* of the operation that last came from */
	struct gmx_capture last;
	struct gmx_capture kept;	/* of the controller's own initiative */
	u64 kept_ns;			/* CLOCK_MONOTONIC */
	struct work_struct work;
	struct work_struct notice_work;
};

/* As the administrator set it: set again after a reset. */
struct gmx_power {
	struct mutex lock;		/* one setter at a time, over its command; never taken by a bring-up */
	bool set;
	u32 value;			/* feature 02h */
};

struct gmx_moderation {
	struct mutex lock;		/* who changes any of this; a bring-up only reads */
	bool set;
	bool closed;
	u8 profile;			/* enum gmx_ioc_irq_profile */
	u32 value;			/* feature 08h */
	/* adaptive */
	unsigned long flags;
	bool counts;			/* handlers note what they find */
	bool leftover;			/* vectors that adaptive could not let gather again */
	bool idle;			/* nothing between two decisions */
	struct delayed_work work;
};

#define GMX_MODERATION_FORGOTTEN	0 /* a reset came: the controller has its defaults */
#define GMX_MODERATION_UNKNOWN	U32_MAX

enum { GMX_ARBITRATION_BY_PARAMETER, GMX_ARBITRATION_ROUND_ROBIN, GMX_ARBITRATION_PRIORITY };

struct gmx_arbitration {
	struct mutex lock;		/* one setter of weights at a time; never taken by a bring-up */
	u8 wish;			/* of the administrator, before the parameter */
	bool set;			/* weights are, by the administrator: again after a reset */
	bool known;			/* value is */
	u32 weights;
	u32 value;			/* feature 01h, as the controller last had it */
	const char *refused;		/* why there are no priority queues though they are wanted; under hw_lock */
};

/* Taken by a reset under hw_lock while data is NULL; the work's alone from then on. */
struct gmx_dump {
	struct work_struct work;
	void *data;			/* vmalloc() */
	size_t bytes;
	size_t room;
	u64 taken_ns;			/* CLOCK_MONOTONIC */
	bool asked;			/* for this reset, under hw_lock; and was it worth a dump? */
	bool taken;
};

/* Which completions a fault is about, and what becomes of them (inject.c). */
struct gmx_inject_rule {
	u8 queue;
	u8 action;
	u32 opcode;
	u32 nth;
	u32 count;			/* 0: without end */
	u32 status;
	u32 delay_ms;
};

struct gmx_inject_word {
	u8 value;
	u8 nr;
	const char * const *words;
};

struct gmx_inject_late {
	struct delayed_work work;
	struct gmx_hwq *hwq;		/* NULL: free */
	u64 result;
	u16 cid;
	u16 status;
};

struct gmx_inject {
	struct mutex mutex;		/* arming */
	struct gmx_inject_word queue;	/* the files'; these are the rule's from arming on */
	struct gmx_inject_word action;
	struct gmx_inject_rule wanted;
	spinlock_t lock;		/* all below, of which the sweepers make use */
	struct gmx_inject_rule rule;
	bool armed;
	u32 seen;
	u32 fired;
	struct gmx_inject_late late[16];
};

struct gmx_hwmon {
	struct device *dev;
	u8 sensors;			/* bit n: SMART's temperature sensor n has a value */
	u8 nr_rails;
	bool has_power;
	bool extended;
	char rail[GMX_VND_MAX_RAILS][16];
	char rail_input[GMX_VND_MAX_RAILS][24];
};

/* Autonomous power state transitions. */
struct gmx_apst {
	struct delayed_work work;
	s32 tolerance_us;		/* as PM QoS has it */
	bool offered;			/* this and the states: of Identify Controller */
	struct {
		bool idle;		/* non-operational */
		u64 us;			/* there and back */
	} state[32];			/* as many as Identify Controller has room for */
};

struct gmx_mgmt {
	struct gmx_identity id;
	struct gmx_stats stats;
	struct gmx_health health;
	struct gmx_events events;
	struct gmx_ops ops;
	struct gmx_fw fw;
	struct gmx_telemetry telemetry;
	struct gmx_power power;
	struct gmx_apst apst;
	struct gmx_moderation moderation;
	struct gmx_arbitration arbitration;
	struct gmx_dump dump;
	struct gmx_hwmon hwmon;
	struct gmx_inject inject;
	struct dentry *debugfs;
};

/* An open /dev/gmxN. */
struct gmx_file {
	struct gmx_ctrl *ctrl;
	u64 event_next;			/* poll() waits for this one; under the lock of gmx_events */
};

/* mgmt.c: their life */
int gmx_mgmt_init(struct gmx_ctrl *ctrl);
void gmx_mgmt_free(struct gmx_ctrl *ctrl);
void gmx_mgmt_add(struct gmx_ctrl *ctrl);
void gmx_mgmt_del(struct gmx_ctrl *ctrl);
void gmx_mgmt_apply(struct gmx_ctrl *ctrl);

/* uabi.c: the vendor ioctls; a call gets the kernel's copy of its structure */
long gmx_uabi_ioctl(struct gmx_file *file, unsigned int cmd, void __user *arg);
int gmx_uabi_ready(struct gmx_ctrl *ctrl);
int gmx_uabi_result(struct gmx_ctrl *ctrl, int ret, u16 *nvme_status);
void __user *gmx_uabi_ptr(u64 addr);

/* info.c */
void gmx_info_identify(struct gmx_ctrl *ctrl, const struct gmx_id_ctrl *id);
void gmx_info_page(struct gmx_ctrl *ctrl, const struct gmx_vnd_id *page);
int gmx_info_call(struct gmx_file *file, void *arg);

/* stats.c */
void gmx_stats_reset_begin(struct gmx_ctrl *ctrl, const char *reason);
void gmx_stats_reset_end(struct gmx_ctrl *ctrl);
enum gmx_ioc_reset_reason gmx_stats_reason(const char *words);
bool gmx_stats_unexpected(const char *words);
int gmx_stats_call(struct gmx_file *file, void *arg);
int gmx_stats_recovery_call(struct gmx_file *file, void *arg);

/* health.c */
void gmx_health_init(struct gmx_ctrl *ctrl);
int gmx_health_get(struct gmx_ctrl *ctrl, struct gmx_ioc_health *to);
void gmx_health_power(struct gmx_ctrl *ctrl, struct gmx_ioc_power *to);
int gmx_health_call(struct gmx_file *file, void *arg);

/* events.c */
struct file;
struct poll_table_struct;
int gmx_events_init(struct gmx_ctrl *ctrl);
void gmx_events_free(struct gmx_ctrl *ctrl);
void gmx_events_up(struct gmx_ctrl *ctrl);
void gmx_events_down(struct gmx_ctrl *ctrl);
void gmx_events_open(struct gmx_file *file);
void gmx_events_add(struct gmx_ctrl *ctrl, struct gmx_ioc_event *event);
void gmx_events_tell(struct gmx_ctrl *ctrl, enum gmx_ioc_event_kind kind, enum gmx_ioc_severity severity, u16 code,
		     u64 value, const char *text);
u64 gmx_events_lost(struct gmx_ctrl *ctrl);
void gmx_events_copy(struct gmx_ctrl *ctrl, struct gmx_ioc_event *to, unsigned int nr);
__poll_t gmx_events_poll(struct gmx_file *file, struct file *filp, struct poll_table_struct *table);
int gmx_events_call(struct gmx_file *file, void *arg);

/* evname.c, evlog.c */
const char *gmx_evname(u16 code);
void gmx_evlog_start(struct gmx_ctrl *ctrl);
bool gmx_evlog_read(struct gmx_ctrl *ctrl);
int gmx_evlog_mask_call(struct gmx_file *file, void *arg);

/* op.c */
void gmx_op_init(struct gmx_ctrl *ctrl);
struct gmx_op *gmx_op_begin(struct gmx_ctrl *ctrl, enum gmx_ioc_op_kind kind, enum gmx_ioc_op_stage stage);
void gmx_op_stage(struct gmx_ctrl *ctrl, struct gmx_op *op, enum gmx_ioc_op_stage stage, u8 percent);
void gmx_op_bytes(struct gmx_ctrl *ctrl, struct gmx_op *op, u64 done, u64 total, u8 from, u8 to);
bool gmx_op_commit(struct gmx_ctrl *ctrl, struct gmx_op *op, u8 percent);
bool gmx_op_cancelled(struct gmx_op *op);
void gmx_op_end(struct gmx_ctrl *ctrl, struct gmx_op *op, int ret, u16 nvme_status, u64 result);
void gmx_op_cancel_all(struct gmx_ctrl *ctrl);
int gmx_op_call(struct gmx_file *file, void *arg);
int gmx_op_cancel_call(struct gmx_file *file, void *arg);

/* firmware.c */
void gmx_fw_init(struct gmx_ctrl *ctrl);
void gmx_fw_close(struct gmx_ctrl *ctrl);
u32 gmx_fw_part(struct gmx_ctrl *ctrl);
int gmx_fw_claim(struct gmx_ctrl *ctrl, const void *owner);
void gmx_fw_unclaim(struct gmx_ctrl *ctrl, const void *owner);
int gmx_fw_send_part(struct gmx_ctrl *ctrl, void *data, u32 bytes, u32 offset);
bool gmx_fw_forgotten(struct gmx_ctrl *ctrl);
void gmx_fw_give_up(struct gmx_ctrl *ctrl);
void gmx_fw_finish(struct gmx_ctrl *ctrl, struct gmx_op *op, u8 slot, u8 action, bool reset);
int gmx_fw_info_call(struct gmx_file *file, void *arg);
int gmx_fw_download_call(struct gmx_file *file, void *arg);
int gmx_fw_commit_call(struct gmx_file *file, void *arg);

/* fwact.c */
void gmx_fwact_init(struct gmx_ctrl *ctrl);
void gmx_fwact_notice(struct gmx_ctrl *ctrl);
int gmx_fwact_pause(struct gmx_ctrl *ctrl);
int gmx_fwact_refresh(struct gmx_ctrl *ctrl, u8 *slot);
int gmx_fwact_reset(struct gmx_ctrl *ctrl, enum gmx_ioc_fw_reset kind);

/* fwupload.c */
void gmx_fwupload_add(struct gmx_ctrl *ctrl);
void gmx_fwupload_del(struct gmx_ctrl *ctrl);

/* telemetry.c */
void gmx_telemetry_init(struct gmx_ctrl *ctrl);
void gmx_telemetry_close(struct gmx_ctrl *ctrl);
void gmx_telemetry_free(struct gmx_ctrl *ctrl);
void gmx_telemetry_notice(struct gmx_ctrl *ctrl);
int gmx_telemetry_peek(struct gmx_ctrl *ctrl, u64 since_ns, struct gmx_capture *to);
int gmx_telemetry_call(struct gmx_file *file, void *arg);
int gmx_telemetry_read_call(struct gmx_file *file, void *arg);

/* power.c, apst.c, moderation.c, mi.c */
void gmx_power_init(struct gmx_ctrl *ctrl);
void gmx_power_apply(struct gmx_ctrl *ctrl);
void gmx_power_fill(const struct gmx_vnd_log_power *log, struct gmx_ioc_power *to);
int gmx_power_call(struct gmx_file *file, void *arg);
void gmx_apst_init(struct gmx_ctrl *ctrl);
void gmx_apst_identify(struct gmx_ctrl *ctrl, const struct gmx_id_ctrl *id);
void gmx_apst_apply(struct gmx_ctrl *ctrl);
void gmx_apst_add(struct gmx_ctrl *ctrl);
void gmx_apst_del(struct gmx_ctrl *ctrl);
void gmx_moderation_init(struct gmx_ctrl *ctrl);
void gmx_moderation_close(struct gmx_ctrl *ctrl);
void gmx_moderation_apply(struct gmx_ctrl *ctrl);
u32 gmx_moderation_value(u32 threshold, u32 time_us);
bool gmx_moderation_offered(struct gmx_ctrl *ctrl);
const char *gmx_moderation_name(struct gmx_ctrl *ctrl);
int gmx_moderation_set_by_name(struct gmx_ctrl *ctrl, const char *name);
int gmx_moderation_call(struct gmx_file *file, void *arg);

/* adaptive.c: the profile of that name */
void gmx_adaptive_count(struct gmx_moderation *m, bool count);
void gmx_adaptive_begin(struct gmx_ctrl *ctrl);
int gmx_adaptive_end(struct gmx_ctrl *ctrl);
void gmx_adaptive_apply(struct gmx_ctrl *ctrl);
void gmx_adaptive_work(struct work_struct *work);
int gmx_mi_call(struct gmx_file *file, void *arg);

/* arbitration.c: its attributes */
void gmx_arbitration_init(struct gmx_ctrl *ctrl);
void gmx_arbitration_apply(struct gmx_ctrl *ctrl);
ssize_t gmx_arbitration_show(struct gmx_ctrl *ctrl, char *buf);
int gmx_arbitration_store(struct gmx_ctrl *ctrl, const char *buf);
const char *gmx_arbitration_in_use(struct gmx_ctrl *ctrl);
ssize_t gmx_arbitration_weights_show(struct gmx_ctrl *ctrl, char *buf);
int gmx_arbitration_weights_store(struct gmx_ctrl *ctrl, const char *buf);

/* nsmgmt.c */
int gmx_nsmgmt_create_call(struct gmx_file *file, void *arg);
int gmx_nsmgmt_delete_call(struct gmx_file *file, void *arg);
int gmx_nsmgmt_attach_call(struct gmx_file *file, void *arg);
int gmx_nsmgmt_detach_call(struct gmx_file *file, void *arg);

/* dump.c, debugfs.c, inject.c, hwmon.c, attrs.c */
void gmx_dump_init(struct gmx_ctrl *ctrl);
void gmx_dump_collect(struct gmx_ctrl *ctrl);
void gmx_dump_finish(struct gmx_ctrl *ctrl);
void gmx_dump_close(struct gmx_ctrl *ctrl);
void gmx_dump_free(struct gmx_ctrl *ctrl);
void gmx_debugfs_init(void);
void gmx_debugfs_exit(void);
void gmx_debugfs_add(struct gmx_ctrl *ctrl);
void gmx_debugfs_del(struct gmx_ctrl *ctrl);
void gmx_inject_init(struct gmx_ctrl *ctrl);
void gmx_inject_add(struct gmx_ctrl *ctrl, struct dentry *parent);
void gmx_inject_del(struct gmx_ctrl *ctrl);
void gmx_hwmon_add(struct gmx_ctrl *ctrl);
void gmx_hwmon_del(struct gmx_ctrl *ctrl);
extern const struct attribute_group gmx_attrs_health_group;
extern const struct attribute_group gmx_attrs_mgmt_group;

#endif
