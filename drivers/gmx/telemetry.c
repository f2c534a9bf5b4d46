// SPDX-License-Identifier: GPL-2.0-only
/* Telemetry (NVMe 1.4, 5.14.1.7, 5.14.1.8): captures in chunks, whole or not at all. */
#include "gmx.h"

#include <linux/ktime.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#define GMX_TELEMETRY_CHUNK	SZ_128K
#define GMX_TELEMETRY_TRIES	3
#define GMX_TELEMETRY_LSP_NEW	1	/* Create Telemetry Host-Initiated Data */

struct gmx_telemetry_read {
	struct gmx_op *op;		/* NULL: nobody asked */
	u8 lid;
	u8 area;
	bool release;
};

static int gmx_telemetry_header(struct gmx_ctrl *ctrl, u8 lid, bool create, bool retain,
				struct gmx_log_telemetry *head)
{
	return gmx_admin_get_log(ctrl, GMX_NSID_ALL, lid, create ? GMX_TELEMETRY_LSP_NEW : 0, retain, 0, head,
				 sizeof(*head), 0);
}

static u8 gmx_telemetry_generation(u8 lid, const struct gmx_log_telemetry *head)
{
	return lid == GMX_LOG_TELEMETRY_HOST ? head->host_generation : head->ctrl_generation;
}

/* @chunk: GMX_TELEMETRY_CHUNK bytes, as the page's own memory is not for DMA. */
static int gmx_telemetry_parts(struct gmx_ctrl *ctrl, const struct gmx_telemetry_read *read, void *chunk,
			       struct gmx_capture *to)
{
	u32 step = rounddown(min_t(u32, ctrl->max_transfer, GMX_TELEMETRY_CHUNK), GMX_TELEMETRY_BLOCK);
	u64 at;
	int ret;

	for (at = GMX_TELEMETRY_BLOCK; at < to->bytes; at += step) {
		u32 bytes = min_t(u64, step, to->bytes - at);

		if (read->op && gmx_op_cancelled(read->op))
			return -ECANCELED;
		ret = gmx_admin_get_log(ctrl, GMX_NSID_ALL, read->lid, 0, true, at, chunk, bytes, 0);
		if (ret)
			return ret;
		memcpy(to->data + at, chunk, bytes);
		if (read->op)
			gmx_op_bytes(ctrl, read->op, at + bytes, to->bytes, 10, 95);
	}
	return 0;
}

/* The page is still the one that @to was read from, and valid: whoever releases it makes room for another. */
static int gmx_telemetry_check(struct gmx_ctrl *ctrl, u8 lid, struct gmx_log_telemetry *head,
			       const struct gmx_capture *to)
{
	int ret = gmx_telemetry_header(ctrl, lid, false, true, head);

	if (ret)
		return ret;
	if (lid == GMX_LOG_TELEMETRY_CTRL && !head->ctrl_available)
		return -ESTALE;
	return gmx_telemetry_generation(lid, head) == to->generation ? 0 : -ESTALE;
}

/* One look at the page. -ESTALE: it became another meanwhile, or nobody's. */
static int gmx_telemetry_once(struct gmx_ctrl *ctrl, const struct gmx_telemetry_read *read, bool create, void *chunk,
			      struct gmx_capture *to)
{
	struct gmx_log_telemetry *head = chunk;
	u16 last;
	int ret;

	ret = gmx_telemetry_header(ctrl, read->lid, create, true, head);
	if (ret)
		return ret;
	if (read->lid == GMX_LOG_TELEMETRY_CTRL && !head->ctrl_available)
		return -ENODATA;
	last = le16_to_cpu(head->last_block[read->area - 1]);
	to->bytes = ((u64)last + 1) * GMX_TELEMETRY_BLOCK;
	to->generation = gmx_telemetry_generation(read->lid, head);
	if (to->bytes > GMX_IOC_TELEMETRY_MAX)
		return -EFBIG;
	to->data = vmalloc(to->bytes);
	if (!to->data)
		return -ENOMEM;
	memcpy(to->data, head, sizeof(*head));
	if (read->op)
		gmx_op_stage(ctrl, read->op, GMX_IOC_STAGE_READ, 10);
	ret = gmx_telemetry_parts(ctrl, read, chunk, to);
	if (!ret)
		ret = gmx_telemetry_check(ctrl, read->lid, head, to);
	if (!ret && read->op && gmx_op_cancelled(read->op))
		ret = -ECANCELED;
	/* only what was read: another's would be lost */
	if (!ret && read->release)
		ret = gmx_telemetry_header(ctrl, read->lid, false, false, head);
	if (ret) {
		vfree(to->data);
		to->data = NULL;
	}
	return ret;
}

/* 0: @to is the caller's to vfree(). */
static int gmx_telemetry_capture(struct gmx_ctrl *ctrl, const struct gmx_telemetry_read *read, struct gmx_capture *to)
{
	bool create = read->lid == GMX_LOG_TELEMETRY_HOST;
	unsigned int tries = GMX_TELEMETRY_TRIES;
	void *chunk;
	int ret;

	memset(to, 0, sizeof(*to));
	/* a controller that transfers less than it was asked for must not show what was here before */
	chunk = kzalloc(GMX_TELEMETRY_CHUNK, GFP_KERNEL);
	if (!chunk)
		return -ENOMEM;
	do {
		ret = gmx_telemetry_once(ctrl, read, create, chunk, to);
	} while (ret == -ESTALE && --tries);
	kfree(chunk);
	return ret == -ESTALE ? -EAGAIN : ret;
}

static void gmx_telemetry_keep(struct gmx_capture *place, struct gmx_capture *capture)
{
	vfree(place->data);
	*place = *capture;
}

static int gmx_telemetry_copy(struct gmx_telemetry *t, struct gmx_capture *to)
{
	guard(mutex)(&t->lock);
	if (!t->kept.data)
		return -ENODATA;
	*to = t->kept;
	to->data = vmalloc(to->bytes);
	if (!to->data)
		return -ENOMEM;
	memcpy(to->data, t->kept.data, to->bytes);
	return 0;
}

/* What the controller captured by itself since then, for a dump: it stays there, or was kept here meanwhile. */
int gmx_telemetry_peek(struct gmx_ctrl *ctrl, u64 since_ns, struct gmx_capture *to)
{
	struct gmx_telemetry *t = &ctrl->mgmt.telemetry;
	struct gmx_telemetry_read read = { .lid = GMX_LOG_TELEMETRY_CTRL, .area = 3 };
	int ret;

	if (!(ctrl->lpa & GMX_LPA_TELEMETRY))
		return -EOPNOTSUPP;
	ret = gmx_telemetry_capture(ctrl, &read, to);
	if (ret != -ENODATA)
		return ret;
	flush_work(&t->notice_work);
	return READ_ONCE(t->kept_ns) >= since_ns ? gmx_telemetry_copy(t, to) : -ENODATA;
}

static void gmx_telemetry_work(struct work_struct *work)
{
	struct gmx_ctrl *ctrl = container_of(work, struct gmx_ctrl, mgmt.telemetry.work);
	struct gmx_telemetry *t = &ctrl->mgmt.telemetry;
	struct gmx_op *op = t->op;
	struct gmx_telemetry_read read = {
		.op		= op,
		.lid		= t->source == GMX_IOC_TELEMETRY_HOST ? GMX_LOG_TELEMETRY_HOST : GMX_LOG_TELEMETRY_CTRL,
		.area		= t->area,
		.release	= t->source == GMX_IOC_TELEMETRY_CTRL_RELEASE,
	};
	struct gmx_capture capture = { };
	u64 bytes;
	int ret;

	if (t->source == GMX_IOC_TELEMETRY_KEPT) {
		/* a page that was released, and has not come here yet */
		flush_work(&t->notice_work);
		ret = gmx_telemetry_copy(t, &capture);
	} else {
		ret = gmx_telemetry_capture(ctrl, &read, &capture);
	}
	mutex_lock(&t->lock);
	bytes = capture.bytes;
	if (ret) {
		bytes = 0;
	} else {
		gmx_telemetry_keep(&t->last, &capture);
		t->last_id = op->id;
	}
	t->op = NULL;
	mutex_unlock(&t->lock);
	gmx_op_end(ctrl, op, ret, 0, bytes);
}

int gmx_telemetry_call(struct gmx_file *file, void *arg)
{
	struct gmx_ctrl *ctrl = file->ctrl;
	struct gmx_telemetry *t = &ctrl->mgmt.telemetry;
	struct gmx_ioc_telemetry *req = arg;
	int ret;

	if (req->rsvd1 || req->rsvd2 || req->source > GMX_IOC_TELEMETRY_KEPT || req->area < 1 || req->area > 3)
		return -EINVAL;
	if (!(ctrl->lpa & GMX_LPA_TELEMETRY))
		return -EOPNOTSUPP;
	/* what is kept here can be had without the controller */
	ret = req->source == GMX_IOC_TELEMETRY_KEPT ? 0 : gmx_uabi_ready(ctrl);
	if (ret)
		return ret;
	guard(mutex)(&t->lock);
	if (t->closed)
		return -ENODEV;
	if (t->op)
		return -EBUSY;
	t->op = gmx_op_begin(ctrl, GMX_IOC_OP_TELEMETRY, GMX_IOC_STAGE_CAPTURE);
	if (!t->op)
		return -EBUSY;
	t->source = req->source;
	t->area = req->area;
	gmx_telemetry_keep(&t->last, &(struct gmx_capture){ });
	req->id = t->op->id;
	queue_work(gmx_admin_wq, &t->work);
	return 0;
}

int gmx_telemetry_read_call(struct gmx_file *file, void *arg)
{
	struct gmx_telemetry *t = &file->ctrl->mgmt.telemetry;
	struct gmx_ioc_telemetry_read *req = arg;

	guard(mutex)(&t->lock);
	if (!t->last.data || t->last_id != req->id)
		return -ENOENT;
	req->total = t->last.bytes;
	req->generation = t->last.generation;
	req->bytes = req->offset < req->total ? min_t(u64, req->bytes, req->total - req->offset) : 0;
	if (copy_to_user(gmx_uabi_ptr(req->data), t->last.data + req->offset, req->bytes))
		return -EFAULT;
	return 0;
}

static void gmx_telemetry_notice_work(struct work_struct *work)
{
	struct gmx_ctrl *ctrl = container_of(work, struct gmx_ctrl, mgmt.telemetry.notice_work);
	struct gmx_telemetry *t = &ctrl->mgmt.telemetry;
	struct gmx_telemetry_read read = { .lid = GMX_LOG_TELEMETRY_CTRL, .area = 3, .release = true };
	struct gmx_capture capture;
	int ret;

	ret = gmx_telemetry_capture(ctrl, &read, &capture);
	if (ret == -ENODATA)
		return;
	if (ret) {
		dev_warn_ratelimited(&ctrl->dev, "the controller's telemetry cannot be read (error %d)\n", ret);
		return;
	}
	dev_info_ratelimited(&ctrl->dev, "the controller captured telemetry: %llu bytes are kept\n", capture.bytes);
	guard(mutex)(&t->lock);
	gmx_telemetry_keep(&t->kept, &capture);
	WRITE_ONCE(t->kept_ns, ktime_get_ns());
}

/* The controller has captured by itself: kept here, so that it can tell the next. */
void gmx_telemetry_notice(struct gmx_ctrl *ctrl)
{
	if (ctrl->lpa & GMX_LPA_TELEMETRY)
		queue_work(gmx_admin_wq, &ctrl->mgmt.telemetry.notice_work);
}

void gmx_telemetry_init(struct gmx_ctrl *ctrl)
{
	struct gmx_telemetry *t = &ctrl->mgmt.telemetry;

	mutex_init(&t->lock);
	INIT_WORK(&t->work, gmx_telemetry_work);
	INIT_WORK(&t->notice_work, gmx_telemetry_notice_work);
}

void gmx_telemetry_close(struct gmx_ctrl *ctrl)
{
	struct gmx_telemetry *t = &ctrl->mgmt.telemetry;

	mutex_lock(&t->lock);
	t->closed = true;
	mutex_unlock(&t->lock);
	flush_work(&t->work);
	cancel_work_sync(&t->notice_work);
}

void gmx_telemetry_free(struct gmx_ctrl *ctrl)
{
	vfree(ctrl->mgmt.telemetry.last.data);
	vfree(ctrl->mgmt.telemetry.kept.data);
}
