// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring of the last events: what the controller reports and what the driver itself does, for GMX_IOCTL_EVENTS,
 * poll() and uevents.
 */
#include "gmx.h"

#include <linux/kobject.h>
#include <linux/ktime.h>
#include <linux/poll.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#define GMX_EVENTS_ENTRY_MIN	64
#define GMX_EVENTS_ENTRY_MAX	1024
#define GMX_EVENTS_UEVENTS	64	/* a second; those beyond are counted */

static const char * const gmx_events_kinds[] = {
	[GMX_IOC_EVENT_ASYNC]	= "async",
	[GMX_IOC_EVENT_LOG]	= "log",
	[GMX_IOC_EVENT_STATE]	= "state",
	[GMX_IOC_EVENT_RESET]	= "reset",
	[GMX_IOC_EVENT_DUMP]	= "dump",
	[GMX_IOC_EVENT_OP]	= "operation",
	[GMX_IOC_EVENT_LOST]	= "lost",
};

static const char * const gmx_events_severities[] = {
	[GMX_IOC_SEV_INFO]	= "info",
	[GMX_IOC_SEV_WARNING]	= "warning",
	[GMX_IOC_SEV_ERROR]	= "error",
	[GMX_IOC_SEV_CRITICAL]	= "critical",
};

static const char * const gmx_events_classes[] = {
	[GMX_VND_CLASS_DRIVE]		= "drive",
	[GMX_VND_CLASS_VOLUME]		= "volume",
	[GMX_VND_CLASS_JOURNAL]		= "journal",
	[GMX_VND_CLASS_KEY]		= "key",
	[GMX_VND_CLASS_QOS]		= "qos",
	[GMX_VND_CLASS_THERMAL]		= "thermal",
	[GMX_VND_CLASS_FIRMWARE]	= "firmware",
	[GMX_VND_CLASS_CONTROLLER]	= "controller",
};

/* Number of the oldest entry; newest + 1 where there is none. Called with the lock held. */
static u64 gmx_events_oldest(const struct gmx_events *ev)
{
	return ev->newest > GMX_EVENTS_RING ? ev->newest - GMX_EVENTS_RING + 1 : 1;
}

u64 gmx_events_lost(struct gmx_ctrl *ctrl)
{
	struct gmx_events *ev = &ctrl->mgmt.events;
	unsigned long irqflags;
	u64 lost;

	spin_lock_irqsave(&ev->lock, irqflags);
	lost = gmx_events_oldest(ev) - 1;
	spin_unlock_irqrestore(&ev->lock, irqflags);
	return lost;
}

/* Any context. Number and times are filled in here. */
void gmx_events_add(struct gmx_ctrl *ctrl, struct gmx_ioc_event *event)
{
	struct gmx_events *ev = &ctrl->mgmt.events;
	unsigned long irqflags;

	spin_lock_irqsave(&ev->lock, irqflags);
	event->sequence = ++ev->newest;
	event->time_ns = ktime_get_real_ns();
	event->boot_ns = ktime_get_boottime_ns();
	ev->ring[event->sequence % GMX_EVENTS_RING] = *event;
	if (ev->up)
		queue_work(ctrl->wq, &ev->work);
	spin_unlock_irqrestore(&ev->lock, irqflags);
	wake_up_all(&ev->wait);
}

/* What the driver has to tell. */
void gmx_events_tell(struct gmx_ctrl *ctrl, enum gmx_ioc_event_kind kind, enum gmx_ioc_severity severity, u16 code,
		     u64 value, const char *text)
{
	struct gmx_ioc_event event = {
		.kind		= kind,
		.severity	= severity,
		.code		= code,
		.value		= value,
	};

	strscpy(event.text, text, sizeof(event.text));
	gmx_events_add(ctrl, &event);
}

static const char *gmx_events_name(const char * const *names, unsigned int nr, unsigned int i)
{
	return i < nr ? names[i] : "unknown";
}

static void gmx_events_uevent(struct gmx_ctrl *ctrl, const struct gmx_ioc_event *event, u64 dropped)
{
	struct kobj_uevent_env *env;

	env = kzalloc(sizeof(*env), GFP_KERNEL);
	if (!env)
		return;
	add_uevent_var(env, "GMX_EVENT=%s",
		       gmx_events_name(gmx_events_kinds, ARRAY_SIZE(gmx_events_kinds), event->kind));
	add_uevent_var(env, "GMX_SEQUENCE=%llu", event->sequence);
	add_uevent_var(env, "GMX_SEVERITY=%s",
		       gmx_events_name(gmx_events_severities, ARRAY_SIZE(gmx_events_severities), event->severity));
	add_uevent_var(env, "GMX_TEXT=%s", event->text);
	switch (event->kind) {
	case GMX_IOC_EVENT_ASYNC:
		add_uevent_var(env, "GMX_ASYNC_TYPE=%u", event->async_type);
		add_uevent_var(env, "GMX_ASYNC_INFO=%u", event->async_info);
		add_uevent_var(env, "GMX_LOG_PAGE=%#x", event->log_page);
		break;
	case GMX_IOC_EVENT_LOG:
		add_uevent_var(env, "GMX_CLASS=%s", gmx_events_name(gmx_events_classes, ARRAY_SIZE(gmx_events_classes),
								    event->event_class));
		add_uevent_var(env, "GMX_CODE=%#06x", event->code);
		if (gmx_evname(event->code))
			add_uevent_var(env, "GMX_NAME=%s", gmx_evname(event->code));
		add_uevent_var(env, "GMX_OBJECT=%u", event->object);
		add_uevent_var(env, "GMX_LOG_SEQUENCE=%llu", event->log_sequence);
		fallthrough;
	default:
		add_uevent_var(env, "GMX_VALUE=%llu", event->value);
		break;
	}
	if (dropped)
		add_uevent_var(env, "GMX_DROPPED=%llu", dropped);
	kobject_uevent_env(&ctrl->dev.kobj, KOBJ_CHANGE, env->envp);
	kfree(env);
}

/* One uevent an entry, as many a second as listeners can be asked to take. */
static void gmx_events_work(struct work_struct *work)
{
	struct gmx_ctrl *ctrl = container_of(work, struct gmx_ctrl, mgmt.events.work);
	struct gmx_events *ev = &ctrl->mgmt.events;
	struct gmx_ioc_event event;
	unsigned long irqflags;
	u64 now, oldest;

	for (;;) {
		spin_lock_irqsave(&ev->lock, irqflags);
		oldest = gmx_events_oldest(ev);
		if (ev->told + 1 < oldest) {
			ev->dropped += oldest - ev->told - 1;
			ev->told = oldest - 1;
		}
		if (ev->told == ev->newest || !ev->up) {
			spin_unlock_irqrestore(&ev->lock, irqflags);
			return;
		}
		event = ev->ring[++ev->told % GMX_EVENTS_RING];
		now = ktime_get_ns();
		if (now - ev->window_ns >= NSEC_PER_SEC) {
			ev->window_ns = now;
			ev->in_window = 0;
		}
		if (++ev->in_window > GMX_EVENTS_UEVENTS) {
			ev->dropped++;
			spin_unlock_irqrestore(&ev->lock, irqflags);
			continue;
		}
		now = ev->dropped - ev->dropped_told;
		ev->dropped_told = ev->dropped;
		spin_unlock_irqrestore(&ev->lock, irqflags);
		gmx_events_uevent(ctrl, &event, now);
	}
}

int gmx_events_init(struct gmx_ctrl *ctrl)
{
	struct gmx_events *ev = &ctrl->mgmt.events;

	spin_lock_init(&ev->lock);
	mutex_init(&ev->mask_lock);
	init_waitqueue_head(&ev->wait);
	INIT_WORK(&ev->work, gmx_events_work);
	ev->ring_id = get_random_u32();
	ev->ring = kvcalloc(GMX_EVENTS_RING, sizeof(*ev->ring), GFP_KERNEL);
	return ev->ring ? 0 : -ENOMEM;
}

void gmx_events_free(struct gmx_ctrl *ctrl)
{
	kvfree(ctrl->mgmt.events.ring);
}

/* The node is there: uevents may name it. */
void gmx_events_up(struct gmx_ctrl *ctrl)
{
	struct gmx_events *ev = &ctrl->mgmt.events;
	unsigned long irqflags;

	spin_lock_irqsave(&ev->lock, irqflags);
	ev->up = true;
	spin_unlock_irqrestore(&ev->lock, irqflags);
	queue_work(ctrl->wq, &ev->work);
}

void gmx_events_down(struct gmx_ctrl *ctrl)
{
	struct gmx_events *ev = &ctrl->mgmt.events;
	unsigned long irqflags;

	spin_lock_irqsave(&ev->lock, irqflags);
	ev->up = false;
	spin_unlock_irqrestore(&ev->lock, irqflags);
	cancel_work_sync(&ev->work);
	wake_up_all(&ev->wait);
}

void gmx_events_open(struct gmx_file *file)
{
	struct gmx_events *ev = &file->ctrl->mgmt.events;
	unsigned long irqflags;

	spin_lock_irqsave(&ev->lock, irqflags);
	file->event_next = ev->newest + 1;
	spin_unlock_irqrestore(&ev->lock, irqflags);
}

__poll_t gmx_events_poll(struct gmx_file *file, struct file *filp, struct poll_table_struct *table)
{
	struct gmx_events *ev = &file->ctrl->mgmt.events;
	unsigned long irqflags;
	__poll_t mask = 0;

	poll_wait(filp, &ev->wait, table);
	spin_lock_irqsave(&ev->lock, irqflags);
	if (ev->newest >= file->event_next)
		mask |= EPOLLIN | EPOLLRDNORM;
	spin_unlock_irqrestore(&ev->lock, irqflags);
	if (gmx_ctrl_state(file->ctrl) == GMX_DELETING)
		mask |= EPOLLHUP;
	return mask;
}

/* Copies what is at *next, or the oldest after it; false: nothing more. */
static bool gmx_events_fetch(struct gmx_events *ev, u64 *next, u64 *lost, struct gmx_ioc_event *event)
{
	unsigned long irqflags;
	bool found;
	u64 oldest;

	spin_lock_irqsave(&ev->lock, irqflags);
	oldest = gmx_events_oldest(ev);
	if (*next < oldest) {
		*lost += oldest - *next;
		*next = oldest;
	}
	found = *next <= ev->newest;
	if (found)
		*event = ev->ring[*next % GMX_EVENTS_RING];
	else
		*next = ev->newest + 1;
	spin_unlock_irqrestore(&ev->lock, irqflags);
	return found;
}

/* The newest entries, oldest first; zeroes in front where there are fewer. @to NULL: none. */
void gmx_events_copy(struct gmx_ctrl *ctrl, struct gmx_ioc_event *to, unsigned int nr)
{
	struct gmx_events *ev = &ctrl->mgmt.events;
	unsigned long irqflags;
	u64 i;

	if (!to)
		return;
	spin_lock_irqsave(&ev->lock, irqflags);
	for (i = 0; i < nr && i < ev->newest && i < GMX_EVENTS_RING; i++)
		to[nr - 1 - i] = ev->ring[(ev->newest - i) % GMX_EVENTS_RING];
	spin_unlock_irqrestore(&ev->lock, irqflags);
}

static int gmx_events_put(void __user *to, const struct gmx_ioc_event *event, u32 entry_bytes)
{
	u32 known = min_t(u32, entry_bytes, sizeof(*event));

	if (copy_to_user(to, event, known) || clear_user(to + known, entry_bytes - known))
		return -EFAULT;
	return 0;
}

int gmx_events_call(struct gmx_file *file, void *arg)
{
	struct gmx_events *ev = &file->ctrl->mgmt.events;
	struct gmx_ioc_events *req = arg;
	void __user *to = gmx_uabi_ptr(req->data);
	struct gmx_ioc_event event;
	unsigned long irqflags;
	u64 next = req->from;
	u32 room = 0;

	if (req->data_bytes) {
		if (req->entry_bytes < GMX_EVENTS_ENTRY_MIN || req->entry_bytes > GMX_EVENTS_ENTRY_MAX ||
		    req->entry_bytes % 8)
			return -EINVAL;
		room = req->data_bytes / req->entry_bytes;
	}
	req->lost = 0;
	req->count = 0;
	/* 0 asks for no certain one, so nothing is missing before the oldest */
	if (!next)
		next = gmx_events_lost(file->ctrl) + 1;
	while (req->count < room && gmx_events_fetch(ev, &next, &req->lost, &event)) {
		if (gmx_events_put(to, &event, req->entry_bytes))
			return -EFAULT;
		to += req->entry_bytes;
		req->count++;
		next++;
	}
	if (!room)
		gmx_events_fetch(ev, &next, &req->lost, &event);

	req->ring_id = ev->ring_id;
	req->next = next;
	spin_lock_irqsave(&ev->lock, irqflags);
	req->newest = ev->newest;
	file->event_next = next;
	spin_unlock_irqrestore(&ev->lock, irqflags);
	return 0;
}
