/* SPDX-License-Identifier: GPL-2.0-only */
/* Administration: what the vendor ioctls, sysfs, hwmon and the firmware class are about. Nothing here is near I/O. */
#ifndef GMX_MGMT_H
#define GMX_MGMT_H

#include <linux/mutex.h>
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

struct gmx_mgmt {
	struct gmx_identity id;
	struct gmx_stats stats;
	struct gmx_health health;
};

/* An open /dev/gmxN. */
struct gmx_file {
	struct gmx_ctrl *ctrl;
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

#endif
