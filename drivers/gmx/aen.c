// SPDX-License-Identifier: GPL-2.0-only
/* Asynchronous events (NVMe 1.4, 5.2): every slot the controller has is kept posted; each event's log is read. */
#include "gmx.h"

#include <linux/slab.h>

#include "trace.h"

/* What of OAES may be asked for in Set Features 0Bh: the notices of NVMe 1.4. Bits 0 to 4: SMART critical warnings. */
#define GMX_AEN_NOTICES		0x7f00u
#define GMX_AEN_SMART_ALL	0x1fu

/* Without these the driver would not see what changes under it. */
#define GMX_AEN_NEEDED		(GMX_OAES_NS_ATTR | GMX_OAES_FW_ACT)

#define GMX_AEN_LOG_LEN		512
#define GMX_AEN_LOG_ERROR_LEN	64

/*
 * Posting against the admin queue's going down and coming back: what was taken for the old queue must not reach the new
 * one. Protects aens_up; never taken in the completion path.
 */
static DEFINE_MUTEX(gmx_aen_post_mutex);

static bool gmx_aen_take(struct gmx_ctrl *ctrl, unsigned int *slot)
{
	unsigned long irqflags;
	unsigned int i;

	spin_lock_irqsave(&ctrl->aen_lock, irqflags);
	i = find_first_bit(ctrl->aens_free, ctrl->nr_aens);
	if (i < ctrl->nr_aens) {
		__clear_bit(i, ctrl->aens_free);
		/* before the command is out: it may complete at once */
		__set_bit(i, ctrl->aens_posted);
	}
	spin_unlock_irqrestore(&ctrl->aen_lock, irqflags);
	*slot = i;
	return i < ctrl->nr_aens;
}

static void gmx_aen_post_all(struct gmx_ctrl *ctrl)
{
	unsigned long irqflags;
	unsigned int slot;

	lockdep_assert_held(&gmx_aen_post_mutex);
	while (gmx_aen_take(ctrl, &slot)) {
		if (!gmx_aen_post(ctrl, slot))
			continue;
		/* The queue is down: the reset that brings it back starts anew. */
		spin_lock_irqsave(&ctrl->aen_lock, irqflags);
		__clear_bit(slot, ctrl->aens_posted);
		spin_unlock_irqrestore(&ctrl->aen_lock, irqflags);
		return;
	}
}

/* The admin queue no longer takes commands. */
void gmx_aen_stop(struct gmx_ctrl *ctrl)
{
	guard(mutex)(&gmx_aen_post_mutex);
	ctrl->aens_up = false;
}

u32 gmx_aen_offered(struct gmx_ctrl *ctrl)
{
	return (ctrl->oaes & GMX_AEN_NOTICES) | GMX_AEN_SMART_ALL;
}

/* Which events are wanted from now on, over resets too. Called with mask_lock held. */
int gmx_aen_set_mask(struct gmx_ctrl *ctrl, u32 mask)
{
	struct gmx_events *ev = &ctrl->mgmt.events;
	u32 value = gmx_aen_offered(ctrl) & (mask | GMX_AEN_NEEDED);
	int ret;

	ret = gmx_admin_set_feature(ctrl, GMX_FEAT_ASYNC_EVENT, value, NULL, GMX_CMD_USER);
	if (!ret) {
		ev->async_mask = mask;
		ev->async_mask_set = true;
	}
	return ret;
}

/* Part of bringing the controller up: once for each time the admin queue is made. */
void gmx_aen_enable(struct gmx_ctrl *ctrl)
{
	struct gmx_events *ev = &ctrl->mgmt.events;
	u32 mask = gmx_aen_offered(ctrl);
	unsigned long irqflags;
	int status;

	if (ev->async_mask_set)
		mask &= ev->async_mask | GMX_AEN_NEEDED;
	status = gmx_admin_set_feature(ctrl, GMX_FEAT_ASYNC_EVENT, mask, NULL, GMX_CMD_RESET_PATH);
	/* Events that need no enabling still come. */
	if (status > 0)
		dev_warn(&ctrl->dev, "asynchronous events %#x cannot be enabled: %s\n", mask, gmx_status_text(status));
	gmx_evlog_start(ctrl);
	WRITE_ONCE(ctrl->mgmt.events.look, true);

	guard(mutex)(&gmx_aen_post_mutex);
	spin_lock_irqsave(&ctrl->aen_lock, irqflags);
	bitmap_zero(ctrl->aens_posted, GMX_MAX_AENS);
	bitmap_zero(ctrl->aens_free, GMX_MAX_AENS);
	bitmap_set(ctrl->aens_free, 0, ctrl->nr_aens);
	ctrl->nr_aen_results = 0;
	spin_unlock_irqrestore(&ctrl->aen_lock, irqflags);
	ctrl->aens_up = true;
	gmx_aen_post_all(ctrl);
}

/* Interrupt context. A slot that completes with an error (too many of them, taken back) is not posted again. */
void gmx_aen_complete(struct gmx_ctrl *ctrl, unsigned int slot, u16 status, u32 result)
{
	unsigned long irqflags;

	spin_lock_irqsave(&ctrl->aen_lock, irqflags);
	if (slot >= GMX_MAX_AENS || !__test_and_clear_bit(slot, ctrl->aens_posted)) {
		atomic64_inc(&ctrl->counters.stale_completions);
	} else if (!status) {
		__set_bit(slot, ctrl->aens_free);
		/* Never full: a slot gives one result and is posted again only after the work took it. */
		if (ctrl->nr_aen_results < GMX_MAX_AENS)
			ctrl->aen_results[ctrl->nr_aen_results++] = result;
		queue_work(ctrl->wq, &ctrl->aen_work);
	}
	spin_unlock_irqrestore(&ctrl->aen_lock, irqflags);
}

static void gmx_aen_smart_line(struct gmx_ctrl *ctrl, const struct gmx_log_smart *smart)
{
	u8 warning = smart->critical_warning;

	if (!warning)
		return;
	dev_warn_ratelimited(&ctrl->dev, "critical warning %#x:%s%s%s%s%s%s; temperature %d C, spare %u %%, used %u %%\n",
			     warning, warning & BIT(0) ? " spare space low," : "",
			     warning & BIT(1) ? " temperature out of range," : "",
			     warning & BIT(2) ? " reliability degraded," : "",
			     warning & BIT(3) ? " media read-only," : "",
			     warning & BIT(4) ? " memory backup failed," : "",
			     warning & BIT(5) ? " persistent memory unreliable," : "",
			     (smart->temperature[0] | smart->temperature[1] << 8) - 273, smart->avail_spare,
			     smart->percent_used);
}

/* Reading the log without RAE is what lets the controller report this kind of event again. */
static void gmx_aen_read_log(struct gmx_ctrl *ctrl, u8 lid, void *buf)
{
	u32 len = lid == GMX_LOG_ERROR ? GMX_AEN_LOG_ERROR_LEN : GMX_AEN_LOG_LEN;
	int status;

	/* No log has this number; events that need no clearing carry it. */
	if (!lid)
		return;
	status = gmx_admin_get_log(ctrl, GMX_NSID_ALL, lid, 0, false, 0, buf, len, 0);
	if (status > 0)
		dev_warn_ratelimited(&ctrl->dev, "log page %#x of an asynchronous event cannot be read: %s\n", lid,
				     gmx_status_text(status));
	else if (!status && lid == GMX_LOG_SMART)
		gmx_aen_smart_line(ctrl, buf);
}

static const char *gmx_aen_words(u8 type, u8 info)
{
	static const char * const errors[] = {
		"write to an invalid doorbell", "invalid doorbell value", "diagnostic failure",
		"persistent internal error", "transient internal error", "firmware image load error",
	};
	static const char * const smart[] = {
		"reliability degraded", "temperature beyond a threshold", "spare space low",
	};
	static const char * const notices[] = {
		"namespaces changed", "firmware activation begins", "telemetry captured", "asymmetric access changed",
		"predictable latency log changed", "LBA status information", "endurance group log changed",
	};

	switch (type) {
	case GMX_AEN_ERROR:
		return info < ARRAY_SIZE(errors) ? errors[info] : "error";
	case GMX_AEN_SMART:
		return info < ARRAY_SIZE(smart) ? smart[info] : "health";
	case GMX_AEN_NOTICE:
		return info < ARRAY_SIZE(notices) ? notices[info] : "notice";
	case GMX_AEN_NVM:
		return "reservation or sanitize";
	default:
		return "vendor";
	}
}

static void gmx_aen_tell(struct gmx_ctrl *ctrl, u32 result)
{
	struct gmx_ioc_event event = {
		.kind		= GMX_IOC_EVENT_ASYNC,
		.async_type	= GMX_AEN_TYPE(result),
		.async_info	= GMX_AEN_INFO(result),
		.log_page	= GMX_AEN_LOG(result),
	};

	if (event.async_type == GMX_AEN_ERROR)
		event.severity = GMX_IOC_SEV_ERROR;
	else if (event.async_type == GMX_AEN_SMART)
		event.severity = GMX_IOC_SEV_WARNING;
	strscpy(event.text, gmx_aen_words(event.async_type, event.async_info), sizeof(event.text));
	gmx_events_add(ctrl, &event);
}

static void gmx_aen_handle(struct gmx_ctrl *ctrl, u32 result, void *buf)
{
	u8 info = GMX_AEN_INFO(result);
	u8 lid = GMX_AEN_LOG(result);

	trace_gmx_async_event(ctrl, result);
	atomic64_inc(&ctrl->counters.async_events);
	gmx_aen_tell(ctrl, result);

	switch (GMX_AEN_TYPE(result)) {
	case GMX_AEN_ERROR:
		if (info == GMX_AEN_ERROR_PERSISTENT) {
			gmx_recovery_reset(ctrl, "persistent internal error");
			return;
		}
		break;
	case GMX_AEN_NOTICE:
		if (info == GMX_AEN_NOTICE_NS_CHANGED || lid == GMX_LOG_CHANGED_NS) {
			/* The scan reads the log first, so that what changes while it runs is reported again. */
			atomic_set(&ctrl->ns_changed, 1);
			gmx_ns_queue_scan(ctrl);
			return;
		}
		if (info == GMX_AEN_NOTICE_FW_ACT) {
			/* it reads the log when the controller goes on */
			gmx_fwact_notice(ctrl);
			return;
		}
		if (info == GMX_AEN_NOTICE_TELEMETRY) {
			gmx_telemetry_notice(ctrl);
			return;
		}
		break;
	default:
		break;
	}
	gmx_aen_read_log(ctrl, lid, buf);
}

static bool gmx_aen_usable(struct gmx_ctrl *ctrl)
{
	enum gmx_state state = gmx_ctrl_state(ctrl);

	return state == GMX_LIVE || state == GMX_ADMIN_ONLY;
}

void gmx_aen_work(struct work_struct *work)
{
	struct gmx_ctrl *ctrl = container_of(work, struct gmx_ctrl, aen_work);
	struct gmx_events *ev = &ctrl->mgmt.events;
	u32 results[GMX_MAX_AENS];
	unsigned long irqflags;
	unsigned int nr, i;
	void *buf;

	/* Kept until the controller is up: an event whose log is not read is never reported again. */
	if (!gmx_aen_usable(ctrl))
		return;
	spin_lock_irqsave(&ctrl->aen_lock, irqflags);
	nr = ctrl->nr_aen_results;
	memcpy(results, ctrl->aen_results, nr * sizeof(*results));
	ctrl->nr_aen_results = 0;
	spin_unlock_irqrestore(&ctrl->aen_lock, irqflags);

	buf = kzalloc(GMX_AEN_LOG_LEN, GFP_KERNEL);
	for (i = 0; buf && i < nr && gmx_aen_usable(ctrl); i++)
		gmx_aen_handle(ctrl, results[i], buf);
	kfree(buf);
	/*
	 * After the pages are read, so that what is logged meanwhile is reported again. Many kinds leave an entry, and
	 * what was logged around a reset was not reported, as nobody could be told.
	 */
	if (gmx_aen_usable(ctrl) && (nr || READ_ONCE(ev->look) || ev->more)) {
		/* nor was telemetry that a fatal controller captured before the reset */
		if (READ_ONCE(ev->look))
			gmx_telemetry_notice(ctrl);
		WRITE_ONCE(ev->look, false);
		ev->more = gmx_evlog_read(ctrl);
		if (ev->more)
			queue_work(ctrl->wq, &ctrl->aen_work);
	}

	guard(mutex)(&gmx_aen_post_mutex);
	if (ctrl->aens_up)
		gmx_aen_post_all(ctrl);
}
