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

struct gmx_ctrl;
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
	u32 class_mask;			/* feature C0h, as the administrator wants it */
	bool class_mask_set;
	u32 async_mask;			/* feature 0Bh, likewise */
	bool async_mask_set;
};

struct gmx_mgmt {
	struct gmx_identity id;
	struct gmx_stats stats;
	struct gmx_health health;
	struct gmx_events events;
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
int gmx_stats_call(struct gmx_file *file, void *arg);
int gmx_stats_recovery_call(struct gmx_file *file, void *arg);

/* health.c */
void gmx_health_init(struct gmx_ctrl *ctrl);
int gmx_health_get(struct gmx_ctrl *ctrl, struct gmx_ioc_health *to);
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
__poll_t gmx_events_poll(struct gmx_file *file, struct file *filp, struct poll_table_struct *table);
int gmx_events_call(struct gmx_file *file, void *arg);

/* evlog.c */
void gmx_evlog_start(struct gmx_ctrl *ctrl);
void gmx_evlog_read(struct gmx_ctrl *ctrl);
int gmx_evlog_mask_call(struct gmx_file *file, void *arg);

#endif
