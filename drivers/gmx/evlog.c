// SPDX-License-Identifier: GPL-2.0-only
/* The controller's event log (C4h; GHI, section 4.5): new entries go into the driver's ring; which are sent at all. */
#include "gmx.h"

#include <linux/slab.h>

#define GMX_EVLOG_PART		32	/* entries a read */
#define GMX_EVLOG_PARTS		64	/* of a turn: others have work too */
#define GMX_EVLOG_TRIES		4	/* the log moved while it was read */
#define GMX_EVLOG_ENTRY_MAX	1024
#define GMX_VND_FEAT_FIRST	0xc0	/* bit 0 of Identify's feature_ids */

static bool gmx_evlog_offered(struct gmx_ctrl *ctrl)
{
	return le64_to_cpu(ctrl->mgmt.id.page.log_pages) & BIT_ULL(GMX_VND_LOG_EVENTS - GMX_VND_LOG_HEALTH);
}

static bool gmx_evlog_mask_offered(struct gmx_ctrl *ctrl)
{
	return le64_to_cpu(ctrl->mgmt.id.page.feature_ids) & BIT_ULL(GMX_VND_FEAT_EVENT_MASK - GMX_VND_FEAT_FIRST);
}

static int gmx_evlog_head(struct gmx_ctrl *ctrl, struct gmx_vnd_log_events *head, unsigned int flags)
{
	int ret = gmx_admin_get_log(ctrl, GMX_NSID_ALL, GMX_VND_LOG_EVENTS, 0, true, 0, head, sizeof(*head), flags);
	u32 entry;
	u64 first, last;

	if (ret)
		return ret;
	entry = le16_to_cpu(head->entry_bytes);
	first = le64_to_cpu(head->first);
	last = le64_to_cpu(head->last);
	if (entry < sizeof(struct gmx_vnd_event) || entry > GMX_EVLOG_ENTRY_MAX || entry % 4 || last < first ||
	    (first && last - first + 1 != le32_to_cpu(head->count)))
		return -EPROTO;
	return 0;
}

/* Part of bringing the controller up, before any event can come: what was logged before the driver came is not told. */
void gmx_evlog_start(struct gmx_ctrl *ctrl)
{
	struct gmx_events *ev = &ctrl->mgmt.events;
	struct gmx_vnd_log_events *head;

	if (ev->class_mask_set && gmx_evlog_mask_offered(ctrl))
		gmx_admin_set_feature(ctrl, GMX_VND_FEAT_EVENT_MASK, ev->class_mask, NULL, GMX_CMD_RESET_PATH);
	if (ev->log_known || !gmx_evlog_offered(ctrl))
		return;
	head = kzalloc(sizeof(*head), GFP_KERNEL);
	if (head && !gmx_evlog_head(ctrl, head, GMX_CMD_RESET_PATH)) {
		ev->log_seen = le64_to_cpu(head->last);
		ev->log_known = true;
	}
	kfree(head);
}

static void gmx_evlog_add(struct gmx_ctrl *ctrl, const struct gmx_vnd_event *entry, const u32 *wanted)
{
	struct gmx_ioc_event event = {
		.kind		= GMX_IOC_EVENT_LOG,
		.code		= le16_to_cpu(entry->code),
		.severity	= min_t(u8, entry->severity, GMX_IOC_SEV_CRITICAL),
		.event_class	= entry->class,
		.object		= le32_to_cpu(entry->object),
		.value		= le64_to_cpu(entry->value),
		.log_sequence	= le64_to_cpu(entry->sequence),
		.log_time_ms	= le64_to_cpu(entry->time_ms),
	};

	/* came with others, and is not wanted */
	if (wanted && (entry->class >= 32 || !(*wanted & BIT(entry->class))))
		return;
	gmx_admin_copy_string(event.text, entry->text, sizeof(event.text) - 1);
	gmx_events_add(ctrl, &event);
}

/* One part of the log from the entry after log_seen on. 0: more may follow; 1: that was all; or an error. */
static int gmx_evlog_part(struct gmx_ctrl *ctrl, const struct gmx_vnd_log_events *head, void *buf, const u32 *wanted)
{
	struct gmx_events *ev = &ctrl->mgmt.events;
	u64 first = le64_to_cpu(head->first), last = le64_to_cpu(head->last), next = ev->log_seen + 1;
	u32 bytes = le16_to_cpu(head->entry_bytes), nr, i;
	int ret;

	if (!first || next > last)
		return 1;
	nr = min_t(u64, last - next + 1, GMX_EVLOG_PART * sizeof(struct gmx_vnd_event) / bytes);
	ret = gmx_admin_get_log(ctrl, GMX_NSID_ALL, GMX_VND_LOG_EVENTS, 0, true,
				sizeof(*head) + (next - first) * bytes, buf, nr * bytes, 0);
	if (ret)
		return ret;
	for (i = 0; i < nr; i++) {
		const struct gmx_vnd_event *entry = buf + i * bytes;

		/* the ring has moved on: where things are must be asked again */
		if (le64_to_cpu(entry->sequence) != next + i)
			return i ? 0 : -ESTALE;
		gmx_evlog_add(ctrl, entry, wanted);
		ev->log_seen = next + i;
	}
	return 0;
}

/* What has left the log is counted. */
static void gmx_evlog_skip(struct gmx_ctrl *ctrl, const struct gmx_vnd_log_events *head)
{
	struct gmx_events *ev = &ctrl->mgmt.events;
	u64 first = le64_to_cpu(head->first), last = le64_to_cpu(head->last), lost;

	if (last < ev->log_seen) {
		/* a log that begins anew: another controller's, or one whose memory was lost */
		ev->log_seen = first ? first - 1 : 0;
		return;
	}
	if (!first || ev->log_seen + 1 >= first)
		return;
	lost = first - ev->log_seen - 1;
	ev->log_seen = first - 1;
	gmx_events_tell(ctrl, GMX_IOC_EVENT_LOST, GMX_IOC_SEV_WARNING, 0, lost,
			"entries of the controller's event log came faster than they were read");
}

/* From the work of asynchronous events alone. True: there is more. */
bool gmx_evlog_read(struct gmx_ctrl *ctrl)
{
	struct gmx_events *ev = &ctrl->mgmt.events;
	unsigned int tries = GMX_EVLOG_TRIES, parts = GMX_EVLOG_PARTS;
	struct gmx_vnd_log_events *head;
	u32 mask, *wanted = NULL;
	int ret = -ESTALE;

	if (!gmx_evlog_offered(ctrl) || !ev->log_known)
		return false;
	/* as the controller has it: others set it too, by a command of their own */
	if (gmx_evlog_mask_offered(ctrl) && !gmx_admin_get_feature(ctrl, GMX_VND_FEAT_EVENT_MASK, &mask, 0))
		wanted = &mask;
	head = kzalloc(sizeof(*head) + GMX_EVLOG_PART * sizeof(struct gmx_vnd_event), GFP_KERNEL);
	if (!head)
		return false;
	while (parts && (!ret || (ret == -ESTALE && tries--))) {
		parts--;
		ret = gmx_evlog_head(ctrl, head, 0);
		if (ret)
			break;
		gmx_evlog_skip(ctrl, head);
		ret = gmx_evlog_part(ctrl, head, head + 1, wanted);
	}
	if (ret == -EPROTO || ret == -ESTALE)
		dev_warn_ratelimited(&ctrl->dev, "event log makes no sense (error %d): its new entries are not told\n",
				     ret);
	kfree(head);
	return !ret;
}

/* What a reset sets again is what the controller took last. */
static int gmx_evlog_set(struct gmx_ctrl *ctrl, struct gmx_ioc_event_mask *req)
{
	struct gmx_events *ev = &ctrl->mgmt.events;
	int ret = 0;

	guard(mutex)(&ev->mask_lock);
	if (req->set & GMX_IOC_MASK_CLASSES) {
		ret = gmx_admin_set_feature(ctrl, GMX_VND_FEAT_EVENT_MASK, req->classes, NULL, GMX_CMD_USER);
		if (!ret) {
			ev->class_mask = req->classes;
			ev->class_mask_set = true;
		}
	}
	if (!ret && req->set & GMX_IOC_MASK_ASYNC)
		ret = gmx_aen_set_mask(ctrl, req->async);
	return ret;
}

int gmx_evlog_mask_call(struct gmx_file *file, void *arg)
{
	struct gmx_ctrl *ctrl = file->ctrl;
	struct gmx_ioc_event_mask *req = arg;
	u32 async = 0, classes = 0;
	bool vendor = gmx_evlog_mask_offered(ctrl);
	int ret = 0;

	req->nvme_status = 0;
	req->rsvd1 = 0;
	req->async_offered = gmx_aen_offered(ctrl);
	req->classes_offered = vendor ? le32_to_cpu(ctrl->mgmt.id.page.events) : 0;
	if ((req->set & ~(GMX_IOC_MASK_ASYNC | GMX_IOC_MASK_CLASSES)) ||
	    (req->set & GMX_IOC_MASK_ASYNC && req->async & ~req->async_offered))
		return -EINVAL;
	if (req->set & GMX_IOC_MASK_CLASSES) {
		if (!vendor)
			return -EOPNOTSUPP;
		if (req->classes & ~req->classes_offered)
			return -EINVAL;
	}
	if (req->set)
		ret = gmx_evlog_set(ctrl, req);
	if (!ret)
		ret = gmx_admin_get_feature(ctrl, GMX_FEAT_ASYNC_EVENT, &async, 0);
	if (!ret && vendor)
		ret = gmx_admin_get_feature(ctrl, GMX_VND_FEAT_EVENT_MASK, &classes, 0);
	req->async = async;
	req->classes = classes;
	return gmx_uabi_result(ctrl, ret, &req->nvme_status);
}
