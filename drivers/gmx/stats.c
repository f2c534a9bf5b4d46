// SPDX-License-Identifier: GPL-2.0-only
/* Counters and the recovery policy (GMX_IOCTL_STATS, GMX_IOCTL_RECOVERY). */
#include "gmx.h"

#include <linux/ktime.h>

#define GMX_TIMEOUT_MIN_MS	100
#define GMX_TIMEOUT_MAX_MS	600000
#define GMX_BUDGET_MIN_MS	1000
#define GMX_BUDGET_MAX_MS	600000

static const struct {
	const char *words;
	u8 reason;
} gmx_stats_reasons[] = {
	{ "sysfs",				GMX_IOC_RESET_REQUEST },
	{ "ioctl",				GMX_IOC_RESET_REQUEST },
	{ "new queue layout",			GMX_IOC_RESET_REQUEST },
	{ "I/O time-out",			GMX_IOC_RESET_IO_TIMEOUT },
	{ "commands lost",			GMX_IOC_RESET_IO_TIMEOUT },
	{ "admin time-out",			GMX_IOC_RESET_ADMIN_TIMEOUT },
	{ "controller fatal status",		GMX_IOC_RESET_FATAL },
	{ "controller is not ready",		GMX_IOC_RESET_NOT_READY },
	{ "registers read as all ones",		GMX_IOC_RESET_ALL_ONES },
	{ "subsystem reset occurred",		GMX_IOC_RESET_SUBSYSTEM },
	{ "subsystem reset",			GMX_IOC_RESET_SUBSYSTEM },
	{ "persistent internal error",		GMX_IOC_RESET_INTERNAL_ERROR },
	{ "PCI error",				GMX_IOC_RESET_PCI },
	{ "PCI slot reset",			GMX_IOC_RESET_PCI },
	{ "PCI function reset",			GMX_IOC_RESET_PCI },
	{ "suspend",				GMX_IOC_RESET_SUSPEND },
	{ "firmware activation",		GMX_IOC_RESET_FIRMWARE },
	{ "download given up",			GMX_IOC_RESET_FIRMWARE },
};

enum gmx_ioc_reset_reason gmx_stats_reason(const char *words)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(gmx_stats_reasons); i++)
		if (!strcmp(words, gmx_stats_reasons[i].words))
			return gmx_stats_reasons[i].reason;
	return GMX_IOC_RESET_OTHER;
}

/* Whether nobody asked for a reset of this reason. */
bool gmx_stats_unexpected(const char *words)
{
	switch (gmx_stats_reason(words)) {
	case GMX_IOC_RESET_REQUEST:
	case GMX_IOC_RESET_SUSPEND:
	case GMX_IOC_RESET_FIRMWARE:
		return false;
	case GMX_IOC_RESET_SUBSYSTEM:
		return !!strcmp(words, "subsystem reset");
	case GMX_IOC_RESET_PCI:
		return !!strcmp(words, "PCI function reset");
	default:
		return true;
	}
}

/* A reset was decided on. Any context. */
void gmx_stats_reset_begin(struct gmx_ctrl *ctrl, const char *reason)
{
	struct gmx_stats *stats = &ctrl->mgmt.stats;
	unsigned long irqflags;

	BUILD_BUG_ON(ARRAY_SIZE(((struct gmx_ioc_stats *)NULL)->resets_by_reason) < GMX_IOC_NR_RESETS);
	atomic64_inc(&stats->by_reason[gmx_stats_reason(reason)]);
	spin_lock_irqsave(&ctrl->state_lock, irqflags);
	stats->last_ns = ktime_get_real_ns();
	stats->begun_ns = ktime_get_ns();
	spin_unlock_irqrestore(&ctrl->state_lock, irqflags);
	gmx_events_tell(ctrl, GMX_IOC_EVENT_RESET, GMX_IOC_SEV_WARNING, gmx_stats_reason(reason), 0, reason);
}

/* The controller works again. */
void gmx_stats_reset_end(struct gmx_ctrl *ctrl)
{
	struct gmx_stats *stats = &ctrl->mgmt.stats;
	unsigned long irqflags;

	spin_lock_irqsave(&ctrl->state_lock, irqflags);
	if (stats->begun_ns)
		stats->took_ns = ktime_get_ns() - stats->begun_ns;
	stats->begun_ns = 0;
	spin_unlock_irqrestore(&ctrl->state_lock, irqflags);
}

int gmx_stats_call(struct gmx_file *file, void *arg)
{
	struct gmx_ctrl *ctrl = file->ctrl;
	struct gmx_counters *counters = &ctrl->counters;
	struct gmx_stats *stats = &ctrl->mgmt.stats;
	struct gmx_ioc_stats *to = arg;
	unsigned long irqflags;
	unsigned int i;

	*to = (struct gmx_ioc_stats) {
		.size			= to->size,
		.resets			= atomic64_read(&counters->resets),
		.timeouts		= atomic64_read(&counters->timeouts),
		.missed_interrupts	= atomic64_read(&counters->missed_irqs),
		.aborts			= atomic64_read(&counters->aborts),
		.stale_completions	= atomic64_read(&counters->stale_completions),
		.command_errors		= atomic64_read(&counters->command_errors),
		.command_retries	= atomic64_read(&counters->command_retries),
		.pci_corrected_errors	= atomic64_read(&counters->pci_errors_corrected),
		.async_events		= atomic64_read(&counters->async_events),
		.bounced_requests	= atomic64_read(&counters->bounced_requests),
		.bounced_bytes		= atomic64_read(&counters->bounced_bytes),
		.dumps_kept		= atomic64_read(&stats->dumps_kept),
		.dumps_not_kept		= atomic64_read(&stats->dumps_not_kept),
		.budgets_spent		= atomic64_read(&stats->budgets_spent),
		.events_lost		= gmx_events_lost(ctrl),
		.uevents_dropped	= READ_ONCE(ctrl->mgmt.events.dropped),
	};
	for (i = 0; i < GMX_IOC_NR_RESETS; i++)
		to->resets_by_reason[i] = atomic64_read(&stats->by_reason[i]);
	spin_lock_irqsave(&ctrl->state_lock, irqflags);
	strscpy(to->last_reset_reason, ctrl->last_reset_reason, sizeof(to->last_reset_reason));
	to->last_reset_ns = stats->last_ns;
	to->last_reset_us = stats->took_ns / NSEC_PER_USEC;
	spin_unlock_irqrestore(&ctrl->state_lock, irqflags);
	return 0;
}

static bool gmx_stats_timeout_ok(u32 ms)
{
	return ms >= GMX_TIMEOUT_MIN_MS && ms <= GMX_TIMEOUT_MAX_MS;
}

int gmx_stats_recovery_call(struct gmx_file *file, void *arg)
{
	struct gmx_ctrl *ctrl = file->ctrl;
	struct gmx_timeouts *timeouts = &ctrl->timeouts;
	struct gmx_ioc_recovery *req = arg;

	if (req->set & ~(GMX_IOC_RECOVERY_IO | GMX_IOC_RECOVERY_ADMIN | GMX_IOC_RECOVERY_BUDGET))
		return -EINVAL;
	if ((req->set & GMX_IOC_RECOVERY_IO && !gmx_stats_timeout_ok(req->io_timeout_ms)) ||
	    (req->set & GMX_IOC_RECOVERY_ADMIN && !gmx_stats_timeout_ok(req->admin_timeout_ms)) ||
	    (req->set & GMX_IOC_RECOVERY_BUDGET &&
	     (req->budget_ms < GMX_BUDGET_MIN_MS || req->budget_ms > GMX_BUDGET_MAX_MS)))
		return -EINVAL;

	if (req->set & GMX_IOC_RECOVERY_IO) {
		WRITE_ONCE(timeouts->io_ms, req->io_timeout_ms);
		gmx_sysfs_apply_io_timeout(ctrl);
	}
	if (req->set & GMX_IOC_RECOVERY_ADMIN)
		WRITE_ONCE(timeouts->admin_ms, req->admin_timeout_ms);
	if (req->set & GMX_IOC_RECOVERY_BUDGET)
		WRITE_ONCE(timeouts->budget_ms, req->budget_ms);
	req->io_timeout_ms = READ_ONCE(timeouts->io_ms);
	req->admin_timeout_ms = READ_ONCE(timeouts->admin_ms);
	req->budget_ms = READ_ONCE(timeouts->budget_ms);
	return 0;
}
