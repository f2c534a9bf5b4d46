// SPDX-License-Identifier: GPL-2.0-only
/* Namespaces: finding them on the controller, and their life in the host. Limits and capacity are disk.c's. */
#include "gmx.h"

#include <linux/sched/mm.h>
#include <linux/slab.h>

/* More than any controller has; keeps one that lies from filling the host with disks. */
#define GMX_NS_MAX		4096
#define GMX_NS_SCAN_TRIES	7	/* after 1, 2, 4 .. 64 s */

/* Where Identify puts its answers, for one scan. */
struct gmx_ns_scan {
	struct gmx_id_ns id;
	__le32 list[GMX_NS_LIST_ENTRIES];
	u8 desc[GMX_IDENTIFY_SIZE];
	unsigned int nr;
	bool cut;
	int error;			/* the first that is worth another scan */
};

/* Members of the lists against freezing, so that one that joins while the others are frozen joins frozen. */
static DEFINE_MUTEX(gmx_ns_list_mutex);

static struct lock_class_key gmx_disk_lock_class;

static void gmx_ns_release(struct kref *kref)
{
	struct gmx_ns *ns = container_of(kref, struct gmx_ns, kref);

	put_disk(ns->disk);
	blk_put_queue(ns->queue);
	gmx_ctrl_put(ns->ctrl);
	kfree(ns);
}

bool gmx_ns_get(struct gmx_ns *ns)
{
	return kref_get_unless_zero(&ns->kref);
}

void gmx_ns_put(struct gmx_ns *ns)
{
	kref_put(&ns->kref, gmx_ns_release);
}

static void gmx_ns_join(struct gmx_ns *ns)
{
	struct gmx_ctrl *ctrl = ns->ctrl;
	struct gmx_ns *pos;
	unsigned int i;

	guard(mutex)(&ctrl->quiesce_lock);
	guard(mutex)(&gmx_ns_list_mutex);
	if (ctrl->quiesced_io)
		blk_mq_quiesce_queue(ns->queue);
	for (i = 0; i < ctrl->ns_frozen; i++)
		blk_freeze_queue_start_non_owner(ns->queue);
	list_for_each_entry(pos, &ctrl->namespaces, list)
		if (pos->nsid > ns->nsid)
			break;
	list_add_tail_rcu(&ns->list, &pos->list);
}

static void gmx_ns_leave(struct gmx_ns *ns)
{
	scoped_guard(mutex, &gmx_ns_list_mutex)
		list_del_rcu(&ns->list);
	synchronize_srcu(&ns->ctrl->srcu);
}

/* From here on all I/O fails at once, and nobody makes new dirty pages. */
static void gmx_ns_kill(struct gmx_ns *ns)
{
	WRITE_ONCE(ns->dead, true);
	set_capacity(ns->disk, 0);
	/* Without this, kernels that leave the mark out let passthrough commands wait for good. */
	blk_queue_flag_set(QUEUE_FLAG_DYING, ns->queue);
	blk_mark_disk_dead(ns->disk);
}

/*
 * @vanished: the controller no longer has it, so there is no point in writing back. It stays on the list until its disk
 * is gone, so that a controller that dies meanwhile still fails what we wait for.
 */
static void gmx_ns_remove(struct gmx_ns *ns, bool vanished)
{
	lockdep_assert_held(&ns->ctrl->scan_lock);

	WRITE_ONCE(ns->removing, true);
	if (vanished && !ns->dead)
		gmx_ns_kill(ns);
	gmx_chardev_del_ns(ns);
	if (ns->has_disk)
		del_gendisk(ns->disk);
	/* Those who hold the character node open get ENODEV from here on. */
	blk_mq_destroy_queue(ns->queue);
	gmx_ns_leave(ns);
	gmx_ns_put(ns);
}

static void gmx_ns_add_disk(struct gmx_ns *ns)
{
	int ret = device_add_disk(&ns->ctrl->dev, ns->disk, gmx_sysfs_disk_groups);

	if (ret) {
		dev_err(&ns->ctrl->dev, "namespace %u: disk %s cannot be added (error %d); rescan to try again\n",
			ns->nsid, ns->disk->disk_name, ret);
		/* a disk cannot be added twice: the next scan makes a new one */
		WRITE_ONCE(ns->dead, true);
	} else {
		ns->has_disk = true;
	}
}

static struct gmx_ns *gmx_ns_alloc(struct gmx_ctrl *ctrl, u32 nsid, const struct gmx_ns_ids *ids)
{
	struct gmx_limits lim = { };
	struct gmx_ns *ns;

	ns = kzalloc_node(sizeof(*ns), GFP_KERNEL, dev_to_node(ctrl->dma_dev));
	if (!ns)
		return NULL;
	kref_init(&ns->kref);
	ns->ctrl = ctrl;
	ns->nsid = nsid;
	ns->ids = *ids;
	ns->lba_shift = SECTOR_SHIFT;

	/*
	 * The queue is the namespace's and not the disk's: one whose format no disk can serve takes commands too.
	 */
	gmx_disk_limits_base(ctrl, &lim);
	ns->queue = gmx_admin_queue_alloc(&ctrl->tagset, &lim, ns);
	if (IS_ERR(ns->queue))
		goto free;
	ns->disk = blk_mq_alloc_disk_for_queue(ns->queue, &gmx_disk_lock_class);
	if (!ns->disk)
		goto free_queue;
	ns->disk->fops = &gmx_disk_ops;
	ns->disk->private_data = ns;
	snprintf(ns->disk->disk_name, sizeof(ns->disk->disk_name), "gmx%dn%u", ctrl->instance, nsid);
	get_device(&ctrl->dev);
	return ns;

free_queue:
	blk_mq_destroy_queue(ns->queue);
	blk_put_queue(ns->queue);
free:
	kfree(ns);
	return NULL;
}

static int gmx_ns_add(struct gmx_ctrl *ctrl, u32 nsid, const struct gmx_ns_ids *ids, struct gmx_id_ns *id)
{
	struct gmx_ns *ns = gmx_ns_alloc(ctrl, nsid, ids);
	int ret;

	if (!ns) {
		dev_err(&ctrl->dev, "namespace %u: no memory for its queue and disk\n", nsid);
		return -ENOMEM;
	}
	ret = gmx_disk_update(ns, id);
	gmx_ns_join(ns);
	if (!ret)
		gmx_ns_add_disk(ns);
	ret = gmx_chardev_add_ns(ns);
	if (ret)
		dev_err(&ctrl->dev, "namespace %u: its character node cannot be made (error %d)\n", nsid, ret);
	return 0;
}

static void gmx_ns_parse_desc(struct gmx_ctrl *ctrl, const u8 *buf, struct gmx_ns_ids *ids)
{
	static const u8 lengths[] = { [GMX_NIDT_EUI64] = 8, [GMX_NIDT_NGUID] = 16, [GMX_NIDT_UUID] = 16 };
	size_t pos = 0;

	while (pos + sizeof(struct gmx_ns_desc) <= GMX_IDENTIFY_SIZE) {
		const struct gmx_ns_desc *desc = (const void *)(buf + pos);

		pos += sizeof(*desc);
		if (!desc->nidl || desc->nidl > GMX_IDENTIFY_SIZE - pos)
			return;
		pos += desc->nidl;
		if (desc->nidt >= ARRAY_SIZE(lengths) || !lengths[desc->nidt])
			continue;
		if (desc->nidl != lengths[desc->nidt]) {
			dev_warn_ratelimited(&ctrl->dev, "identifier of type %u is %u bytes long and not %u: ignored\n",
					     desc->nidt, desc->nidl, lengths[desc->nidt]);
			continue;
		}
		switch (desc->nidt) {
		case GMX_NIDT_EUI64:
			memcpy(ids->eui64, desc->nid, sizeof(ids->eui64));
			break;
		case GMX_NIDT_NGUID:
			memcpy(ids->nguid, desc->nid, sizeof(ids->nguid));
			break;
		case GMX_NIDT_UUID:
			import_uuid(&ids->uuid, desc->nid);
			break;
		}
	}
}

/* As gmx_admin_identify() returns. */
static int gmx_ns_read_ids(struct gmx_ctrl *ctrl, struct gmx_ns_scan *scan, u32 nsid, struct gmx_ns_ids *ids)
{
	const struct gmx_id_ns *id = &scan->id;
	int status;

	memset(ids, 0, sizeof(*ids));
	if (ctrl->vs >= GMX_VS(1, 3, 0)) {
		status = gmx_admin_identify(ctrl, GMX_CNS_NS_DESC_LIST, nsid, 0, scan->desc, 0);
		if (!status)
			gmx_ns_parse_desc(ctrl, scan->desc, ids);
		/* One that refuses for good has only what Identify Namespace gives. */
		else if (status < 0 || !(status & GMX_STS_DNR))
			return status;
	}
	if (ctrl->vs >= GMX_VS(1, 1, 0) && !memchr_inv(ids->eui64, 0, sizeof(ids->eui64)))
		memcpy(ids->eui64, id->eui64, sizeof(ids->eui64));
	if (ctrl->vs >= GMX_VS(1, 2, 0) && !memchr_inv(ids->nguid, 0, sizeof(ids->nguid)))
		memcpy(ids->nguid, id->nguid, sizeof(ids->nguid));
	return 0;
}

static struct gmx_ns *gmx_ns_known(struct gmx_ctrl *ctrl, u32 nsid)
{
	struct gmx_ns *ns;

	lockdep_assert_held(&ctrl->scan_lock);
	list_for_each_entry(ns, &ctrl->namespaces, list)
		if (ns->nsid == nsid)
			return ns;
	return NULL;
}

/* Look at one namespace id. An error leaves what is known of it as it is. */
static int gmx_ns_check(struct gmx_ctrl *ctrl, struct gmx_ns_scan *scan, u32 nsid)
{
	struct gmx_ns *ns = gmx_ns_known(ctrl, nsid);
	struct gmx_ns_ids ids;
	bool inactive;
	int status;

	status = gmx_admin_identify(ctrl, GMX_CNS_NS, nsid, 0, &scan->id, 0);
	/* An inactive one is all zeroes (NVMe 1.4, 5.15.2.1). */
	inactive = status > 0 ? GMX_STS_CODE(status) == GMX_SC_INVALID_NS :
				!status && !memchr_inv(&scan->id, 0, sizeof(scan->id));
	if (inactive) {
		if (ns)
			gmx_ns_remove(ns, true);
		return 0;
	}
	if (!status)
		status = gmx_ns_read_ids(ctrl, scan, nsid, &ids);
	if (status)
		return status;

	if (ns && memcmp(&ns->ids, &ids, sizeof(ids))) {
		dev_warn(&ctrl->dev, "namespace %u is another one than before: its disk is replaced\n", nsid);
		gmx_ns_remove(ns, true);
		ns = NULL;
	} else if (ns && ns->dead) {
		gmx_ns_remove(ns, false);
		ns = NULL;
	}

	if (scan->nr++ >= GMX_NS_MAX) {
		scan->cut = true;
		return 0;
	}
	if (!ns)
		return gmx_ns_add(ctrl, nsid, &ids, &scan->id);
	if (!gmx_disk_update(ns, &scan->id) && !ns->has_disk)
		gmx_ns_add_disk(ns);
	return 0;
}

/* Whether the scan goes on: errors of one namespace do not keep the others from being looked at. */
static bool gmx_ns_checked(struct gmx_ctrl *ctrl, struct gmx_ns_scan *scan, u32 nsid)
{
	int status = gmx_ns_check(ctrl, scan, nsid);

	if (status > 0)
		dev_warn_ratelimited(&ctrl->dev, "namespace %u cannot be identified: %s\n", nsid,
				     gmx_status_text(status));
	if (status && !scan->error)
		scan->error = status;
	return gmx_ctrl_state(ctrl) == GMX_LIVE && !scan->cut;
}

static void gmx_ns_remove_between(struct gmx_ctrl *ctrl, u32 after, u32 before)
{
	struct gmx_ns *ns, *next;

	list_for_each_entry_safe(ns, next, &ctrl->namespaces, list)
		if (ns->nsid > after && ns->nsid < before)
			gmx_ns_remove(ns, true);
}

/* Positive: the controller refuses the list. */
static int gmx_ns_scan_list(struct gmx_ctrl *ctrl, struct gmx_ns_scan *scan)
{
	u32 last = 0, nsid;
	unsigned int i;
	int status;

	for (;;) {
		status = gmx_admin_identify(ctrl, GMX_CNS_NS_ACTIVE_LIST, last, 0, scan->list, 0);
		if (status)
			return status;
		for (i = 0; i < GMX_NS_LIST_ENTRIES; i++) {
			nsid = le32_to_cpu(scan->list[i]);
			if (!nsid) {
				gmx_ns_remove_between(ctrl, last, U32_MAX);
				return 0;
			}
			if (nsid <= last || nsid > ctrl->nn) {
				dev_err(&ctrl->dev, "list of active namespaces is broken: %u after %u, with %u at most\n",
					nsid, last, ctrl->nn);
				return -EPROTO;
			}
			gmx_ns_remove_between(ctrl, last, nsid);
			if (!gmx_ns_checked(ctrl, scan, nsid))
				return -EINTR;
			last = nsid;
		}
		/* A full page that ends with the last possible one has no successor to ask for. */
		if (last >= ctrl->nn)
			return 0;
	}
}

/* Controllers before 1.1 have no list: every id up to NN is asked for. */
static int gmx_ns_scan_each(struct gmx_ctrl *ctrl, struct gmx_ns_scan *scan)
{
	u32 nn = min_t(u32, ctrl->nn, GMX_NS_MAX);
	u32 nsid;

	scan->cut = nn < ctrl->nn;
	for (nsid = 1; nsid <= nn; nsid++) {
		gmx_ns_checked(ctrl, scan, nsid);
		if (gmx_ctrl_state(ctrl) != GMX_LIVE)
			return -EINTR;
	}
	gmx_ns_remove_between(ctrl, nn, U32_MAX);
	return 0;
}

static int gmx_ns_clear_changed(struct gmx_ctrl *ctrl, struct gmx_ns_scan *scan)
{
	int status;

	if (!atomic_xchg(&ctrl->ns_changed, 0))
		return 0;
	/* What it says is not used: user space may have read it before us. */
	status = gmx_admin_get_log(ctrl, GMX_NSID_ALL, GMX_LOG_CHANGED_NS, 0, false, 0, scan->list, sizeof(scan->list),
				   0);
	if (status)
		atomic_set(&ctrl->ns_changed, 1);
	return status;
}

static int gmx_ns_scan_all(struct gmx_ctrl *ctrl)
{
	struct gmx_ns_scan *scan = kzalloc(sizeof(*scan), GFP_KERNEL);
	int status;

	if (!scan)
		return -ENOMEM;
	scan->error = gmx_ns_clear_changed(ctrl, scan);

	status = ctrl->vs >= GMX_VS(1, 1, 0) ? gmx_ns_scan_list(ctrl, scan) : gmx_ns_scan_each(ctrl, scan);
	if (status > 0 && (status & GMX_STS_DNR))
		status = gmx_ns_scan_each(ctrl, scan);
	if (scan->cut)
		dev_warn(&ctrl->dev, "more than %u namespaces: those beyond are left out\n", GMX_NS_MAX);
	if (!status || scan->cut)
		status = scan->error;
	kfree(scan);
	return status;
}

/*
 * After a command that may have changed formats, with all namespaces still frozen: an I/O command that counts in blocks
 * of the old size would make the controller move more memory than the request has.
 */
void gmx_ns_revalidate(struct gmx_ctrl *ctrl)
{
	unsigned int noio = memalloc_noio_save();
	struct gmx_id_ns *id = kmalloc(sizeof(*id), GFP_KERNEL);
	struct gmx_ns *ns;

	lockdep_assert_held(&ctrl->scan_lock);
	list_for_each_entry(ns, &ctrl->namespaces, list) {
		if (ns->dead)
			continue;
		if (id && !gmx_admin_identify(ctrl, GMX_CNS_NS, ns->nsid, 0, id, 0) &&
		    memchr_inv(id, 0, sizeof(*id)))
			gmx_disk_update(ns, id);
		else
			gmx_disk_empty(ns);
	}
	kfree(id);
	memalloc_noio_restore(noio);
}

/* Make disks and nodes what the controller has. May sleep for as long as a reset takes. */
void gmx_ns_scan(struct gmx_ctrl *ctrl)
{
	int status;

	guard(mutex)(&ctrl->scan_lock);
	if (gmx_ctrl_state(ctrl) != GMX_LIVE || !ctrl->tagset_ready)
		return;
	status = gmx_ns_scan_all(ctrl);
	if (!status) {
		ctrl->scan_tries = 0;
		return;
	}
	/* A reset, when it is done, scans by itself. */
	if (gmx_ctrl_state(ctrl) != GMX_LIVE)
		return;
	if (ctrl->scan_tries >= GMX_NS_SCAN_TRIES) {
		dev_err(&ctrl->dev, "namespaces cannot be scanned (error %d); write 1 to rescan_controller to try again\n",
			status);
		ctrl->scan_tries = 0;
		return;
	}
	queue_delayed_work(ctrl->wq, &ctrl->rescan_work, HZ << ctrl->scan_tries++);
}

void gmx_ns_queue_scan(struct gmx_ctrl *ctrl)
{
	unsigned long irqflags;

	/* Locked against removal: once it has begun, nothing may come onto the queue that it empties and destroys. */
	spin_lock_irqsave(&ctrl->state_lock, irqflags);
	/* namespaces are children of the controller's device: probe asks again when that is there */
	if (ctrl->state == GMX_LIVE && device_is_registered(&ctrl->dev))
		queue_work(ctrl->wq, &ctrl->scan_work);
	spin_unlock_irqrestore(&ctrl->state_lock, irqflags);
}

void gmx_ns_scan_work(struct work_struct *work)
{
	gmx_ns_scan(container_of(work, struct gmx_ctrl, scan_work));
}

void gmx_ns_rescan_work(struct work_struct *work)
{
	gmx_ns_queue_scan(container_of(to_delayed_work(work), struct gmx_ctrl, rescan_work));
}

/* The state no longer is live, so that no scan begins anew; one that runs is waited for. */
void gmx_ns_remove_all(struct gmx_ctrl *ctrl)
{
	struct gmx_ns *ns, *next;

	cancel_work_sync(&ctrl->scan_work);
	cancel_delayed_work_sync(&ctrl->rescan_work);
	cancel_work_sync(&ctrl->scan_work);

	guard(mutex)(&ctrl->scan_lock);
	list_for_each_entry_safe(ns, next, &ctrl->namespaces, list)
		gmx_ns_remove(ns, false);
}

/* For good: a controller that comes back gets new disks by the next scan. I/O queues must not be quiesced. */
void gmx_ns_mark_dead(struct gmx_ctrl *ctrl)
{
	struct gmx_ns *ns;
	int idx;

	idx = srcu_read_lock(&ctrl->srcu);
	list_for_each_entry_srcu(ns, &ctrl->namespaces, list, srcu_read_lock_held(&ctrl->srcu))
		if (!ns->dead)
			gmx_ns_kill(ns);
	srcu_read_unlock(&ctrl->srcu, idx);
}

static void gmx_ns_freeze_start(struct gmx_ctrl *ctrl)
{
	struct gmx_ns *ns;

	guard(mutex)(&gmx_ns_list_mutex);
	ctrl->ns_frozen++;
	list_for_each_entry(ns, &ctrl->namespaces, list)
		blk_freeze_queue_start_non_owner(ns->queue);
}

/* On return no I/O is in flight on any namespace and none starts. Nests. */
void gmx_ns_freeze(struct gmx_ctrl *ctrl)
{
	struct gmx_ns *ns;
	int idx;

	gmx_ns_freeze_start(ctrl);
	idx = srcu_read_lock(&ctrl->srcu);
	list_for_each_entry_srcu(ns, &ctrl->namespaces, list, srcu_read_lock_held(&ctrl->srcu))
		blk_mq_freeze_queue_wait(ns->queue);
	srcu_read_unlock(&ctrl->srcu, idx);
}

/* The same with an end to the waiting; gmx_ns_unfreeze() is due in any case. */
void gmx_ns_freeze_timeout(struct gmx_ctrl *ctrl, unsigned int ms)
{
	unsigned long end = jiffies + msecs_to_jiffies(ms);
	struct gmx_ns *ns;
	int idx;

	gmx_ns_freeze_start(ctrl);
	idx = srcu_read_lock(&ctrl->srcu);
	list_for_each_entry_srcu(ns, &ctrl->namespaces, list, srcu_read_lock_held(&ctrl->srcu))
		blk_mq_freeze_queue_wait_timeout(ns->queue, time_before(jiffies, end) ? end - jiffies : 1);
	srcu_read_unlock(&ctrl->srcu, idx);
}

/* The gate: on return no queue_rq of a namespace runs and none begins. Called under quiesce_lock. */
void gmx_ns_quiesce(struct gmx_ctrl *ctrl)
{
	struct gmx_ns *ns;

	scoped_guard(mutex, &gmx_ns_list_mutex) {
		list_for_each_entry(ns, &ctrl->namespaces, list)
			blk_mq_quiesce_queue_nowait(ns->queue);
	}
	/* One grace period serves all queues, as none of ours may sleep in queue_rq. */
	synchronize_rcu();
}

void gmx_ns_unquiesce(struct gmx_ctrl *ctrl)
{
	struct gmx_ns *ns;

	guard(mutex)(&gmx_ns_list_mutex);
	list_for_each_entry(ns, &ctrl->namespaces, list)
		blk_mq_unquiesce_queue(ns->queue);
}

void gmx_ns_unfreeze(struct gmx_ctrl *ctrl)
{
	struct gmx_ns *ns;

	guard(mutex)(&gmx_ns_list_mutex);
	ctrl->ns_frozen--;
	list_for_each_entry(ns, &ctrl->namespaces, list)
		blk_mq_unfreeze_queue_non_owner(ns->queue);
}

/* On return no time-out or requeue work of a namespace runs. */
void gmx_ns_sync_queues(struct gmx_ctrl *ctrl)
{
	struct gmx_ns *ns;
	int idx;

	idx = srcu_read_lock(&ctrl->srcu);
	list_for_each_entry_srcu(ns, &ctrl->namespaces, list, srcu_read_lock_held(&ctrl->srcu))
		blk_sync_queue(ns->queue);
	srcu_read_unlock(&ctrl->srcu, idx);
}
