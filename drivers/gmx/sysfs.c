// SPDX-License-Identifier: GPL-2.0-only
/* Attributes: world-readable; none of these asks the controller. docs/abi describes each. */
#include "gmx.h"

#include <linux/blkdev.h>
#include <linux/sysfs.h>

#define GMX_TIMEOUT_MIN_MS	100
#define GMX_TIMEOUT_MAX_MS	600000
#define GMX_BUDGET_MIN_MS	1000
#define GMX_BUDGET_MAX_MS	600000

/* Attributes that differ only in where their value lies. */
struct gmx_field_attr {
	struct device_attribute attr;
	size_t offset;
};

static ssize_t gmx_string_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_field_attr *field = container_of(attr, struct gmx_field_attr, attr);

	return sysfs_emit(buf, "%s\n", (char *)dev_get_drvdata(dev) + field->offset);
}

static ssize_t gmx_counter_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_field_attr *field = container_of(attr, struct gmx_field_attr, attr);
	atomic64_t *counter = dev_get_drvdata(dev) + field->offset;

	return sysfs_emit(buf, "%lld\n", atomic64_read(counter));
}

#define GMX_FIELD_ATTR(_name, _show, _field)				\
static struct gmx_field_attr gmx_attr_##_name = {			\
	.attr	= __ATTR(_name, 0444, _show, NULL),			\
	.offset	= offsetof(struct gmx_ctrl, _field),			\
}

GMX_FIELD_ATTR(model, gmx_string_show, model);
GMX_FIELD_ATTR(serial, gmx_string_show, serial);
GMX_FIELD_ATTR(firmware_rev, gmx_string_show, firmware_rev);
GMX_FIELD_ATTR(subsysnqn, gmx_string_show, subnqn);
GMX_FIELD_ATTR(reset_count, gmx_counter_show, counters.resets);
GMX_FIELD_ATTR(function_reset_count, gmx_counter_show, counters.function_resets);
GMX_FIELD_ATTR(subsystem_reset_count, gmx_counter_show, counters.subsystem_resets);
GMX_FIELD_ATTR(timeout_count, gmx_counter_show, counters.timeouts);
GMX_FIELD_ATTR(missed_interrupt_count, gmx_counter_show, counters.missed_irqs);
GMX_FIELD_ATTR(abort_count, gmx_counter_show, counters.aborts);
GMX_FIELD_ATTR(stale_completion_count, gmx_counter_show, counters.stale_completions);
GMX_FIELD_ATTR(command_error_count, gmx_counter_show, counters.command_errors);
GMX_FIELD_ATTR(command_retries_count, gmx_counter_show, counters.command_retries);
GMX_FIELD_ATTR(pci_corrected_error_count, gmx_counter_show, counters.pci_errors_corrected);
GMX_FIELD_ATTR(async_event_count, gmx_counter_show, counters.async_events);
GMX_FIELD_ATTR(bounced_request_count, gmx_counter_show, counters.bounced_requests);
GMX_FIELD_ATTR(bounced_bytes, gmx_counter_show, counters.bounced_bytes);

static ssize_t state_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s\n", gmx_state_name(gmx_ctrl_state(ctrl)));
}
static DEVICE_ATTR_RO(state);

static ssize_t cntlid_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", ctrl->cntlid);
}
static DEVICE_ATTR_RO(cntlid);

static ssize_t address_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s\n", pci_name(ctrl->pdev));
}
static DEVICE_ATTR_RO(address);

static ssize_t numa_node_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%d\n", dev_to_node(&ctrl->pdev->dev));
}
static DEVICE_ATTR_RO(numa_node);

static ssize_t queue_count_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", READ_ONCE(ctrl->online_hwqs));
}
static DEVICE_ATTR_RO(queue_count);

static ssize_t sqsize_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%d\n", ctrl->q_depth - 1);
}
static DEVICE_ATTR_RO(sqsize);

static ssize_t max_transfer_bytes_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", ctrl->max_transfer);
}
static DEVICE_ATTR_RO(max_transfer_bytes);

static ssize_t transport_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "pcie\n");
}
static DEVICE_ATTR_RO(transport);

static ssize_t queue_map_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return sysfs_emit(buf, "default %u read %u poll %u\n", ctrl->live_plan.nr_default, ctrl->live_plan.nr_read,
			  ctrl->live_plan.nr_poll);
}
static DEVICE_ATTR_RO(queue_map);

static ssize_t last_reset_reason_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);
	char reason[sizeof(ctrl->last_reset_reason)];
	unsigned long flags;

	spin_lock_irqsave(&ctrl->state_lock, flags);
	strscpy(reason, ctrl->last_reset_reason, sizeof(reason));
	spin_unlock_irqrestore(&ctrl->state_lock, flags);
	return sysfs_emit(buf, "%s\n", reason);
}
static DEVICE_ATTR_RO(last_reset_reason);

static int gmx_sysfs_parse_ms(const char *buf, unsigned int min, unsigned int max, unsigned int *ms)
{
	unsigned int value;

	if (kstrtouint(buf, 0, &value) || value < min || value > max)
		return -EINVAL;
	*ms = value;
	return 0;
}

/* Requests of the block layer are timed by their queue, pass-through by gmx_passthru_init(). */
void gmx_sysfs_apply_io_timeout(struct gmx_ctrl *ctrl)
{
	unsigned int ms = READ_ONCE(ctrl->timeouts.io_ms);
	struct gmx_ns *ns;
	int idx;

	ctrl->tagset.timeout = msecs_to_jiffies(ms);
	idx = srcu_read_lock(&ctrl->srcu);
	list_for_each_entry_srcu(ns, &ctrl->namespaces, list, srcu_read_lock_held(&ctrl->srcu)) {
		unsigned int own = READ_ONCE(ns->io_timeout_ms);

		blk_queue_rq_timeout(ns->queue, msecs_to_jiffies(own ? own : ms));
	}
	srcu_read_unlock(&ctrl->srcu, idx);
}

static ssize_t io_timeout_ms_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", READ_ONCE(ctrl->timeouts.io_ms));
}

static ssize_t io_timeout_ms_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);
	unsigned int ms;

	if (gmx_sysfs_parse_ms(buf, GMX_TIMEOUT_MIN_MS, GMX_TIMEOUT_MAX_MS, &ms))
		return -EINVAL;
	WRITE_ONCE(ctrl->timeouts.io_ms, ms);
	gmx_sysfs_apply_io_timeout(ctrl);
	return count;
}
static DEVICE_ATTR_RW(io_timeout_ms);

static ssize_t admin_timeout_ms_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", READ_ONCE(ctrl->timeouts.admin_ms));
}

static ssize_t admin_timeout_ms_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);
	unsigned int ms;

	if (gmx_sysfs_parse_ms(buf, GMX_TIMEOUT_MIN_MS, GMX_TIMEOUT_MAX_MS, &ms))
		return -EINVAL;
	WRITE_ONCE(ctrl->timeouts.admin_ms, ms);
	return count;
}
static DEVICE_ATTR_RW(admin_timeout_ms);

static ssize_t recovery_budget_ms_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", READ_ONCE(ctrl->timeouts.budget_ms));
}

static ssize_t recovery_budget_ms_store(struct device *dev, struct device_attribute *attr, const char *buf,
					size_t count)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);
	unsigned int ms;

	if (gmx_sysfs_parse_ms(buf, GMX_BUDGET_MIN_MS, GMX_BUDGET_MAX_MS, &ms))
		return -EINVAL;
	WRITE_ONCE(ctrl->timeouts.budget_ms, ms);
	return count;
}
static DEVICE_ATTR_RW(recovery_budget_ms);

static ssize_t reset_controller_store(struct device *dev, struct device_attribute *attr, const char *buf,
				      size_t count)
{
	int ret = gmx_recovery_reset_sync(dev_get_drvdata(dev), "sysfs");

	return ret ? ret : count;
}
static DEVICE_ATTR_WO(reset_controller);

static ssize_t rescan_controller_store(struct device *dev, struct device_attribute *attr, const char *buf,
				       size_t count)
{
	gmx_ns_queue_scan(dev_get_drvdata(dev));
	return count;
}
static DEVICE_ATTR_WO(rescan_controller);

static ssize_t hmb_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%d\n", READ_ONCE(ctrl->hmb.on));
}

static ssize_t hmb_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	bool on;
	int ret;

	if (kstrtobool(buf, &on))
		return -EINVAL;
	ret = gmx_hmb_switch(dev_get_drvdata(dev), on);
	return ret ? ret : count;
}
static DEVICE_ATTR_RW(hmb);

/* The three as the inbox driver writes them. */
static ssize_t cmb_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return sysfs_emit(buf, "cmbloc : x%08x\ncmbsz  : x%08x\n", ctrl->cmb.loc, ctrl->cmb.sz);
}
static DEVICE_ATTR_RO(cmb);

static ssize_t cmbloc_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", ctrl->cmb.loc);
}
static DEVICE_ATTR_RO(cmbloc);

static ssize_t cmbsz_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", ctrl->cmb.sz);
}
static DEVICE_ATTR_RO(cmbsz);

static struct attribute *gmx_ctrl_attrs[] = {
	&gmx_attr_model.attr.attr,
	&gmx_attr_serial.attr.attr,
	&gmx_attr_firmware_rev.attr.attr,
	&gmx_attr_subsysnqn.attr.attr,
	&dev_attr_state.attr,
	&dev_attr_cntlid.attr,
	&dev_attr_address.attr,
	&dev_attr_numa_node.attr,
	&dev_attr_transport.attr,
	&dev_attr_queue_count.attr,
	&dev_attr_queue_map.attr,
	&dev_attr_sqsize.attr,
	&dev_attr_max_transfer_bytes.attr,
	&dev_attr_io_timeout_ms.attr,
	&dev_attr_admin_timeout_ms.attr,
	&dev_attr_recovery_budget_ms.attr,
	&dev_attr_reset_controller.attr,
	&dev_attr_rescan_controller.attr,
	&dev_attr_last_reset_reason.attr,
	&dev_attr_hmb.attr,
	&dev_attr_cmb.attr,
	&dev_attr_cmbloc.attr,
	&dev_attr_cmbsz.attr,
	&gmx_attr_reset_count.attr.attr,
	&gmx_attr_function_reset_count.attr.attr,
	&gmx_attr_subsystem_reset_count.attr.attr,
	&gmx_attr_timeout_count.attr.attr,
	&gmx_attr_missed_interrupt_count.attr.attr,
	&gmx_attr_abort_count.attr.attr,
	&gmx_attr_stale_completion_count.attr.attr,
	&gmx_attr_command_error_count.attr.attr,
	&gmx_attr_command_retries_count.attr.attr,
	&gmx_attr_pci_corrected_error_count.attr.attr,
	&gmx_attr_async_event_count.attr.attr,
	&gmx_attr_bounced_request_count.attr.attr,
	&gmx_attr_bounced_bytes.attr.attr,
	NULL
};

static umode_t gmx_ctrl_attr_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(kobj_to_dev(kobj));

	if (attr == &dev_attr_hmb.attr && !ctrl->hmb.units_wanted)
		return 0;
	if (!ctrl->cmb.sz &&
	    (attr == &dev_attr_cmb.attr || attr == &dev_attr_cmbloc.attr || attr == &dev_attr_cmbsz.attr))
		return 0;
	return attr->mode;
}

static const struct attribute_group gmx_ctrl_group = {
	.attrs		= gmx_ctrl_attrs,
	.is_visible	= gmx_ctrl_attr_visible,
};

const struct attribute_group *gmx_sysfs_ctrl_groups[] = {
	&gmx_ctrl_group,
	&gmx_attrs_mgmt_group,
	&gmx_attrs_health_group,
	NULL
};

/* with a vendor page */
const struct attribute_group *gmx_sysfs_vendor_groups[] = {
	&gmx_ctrl_group,
	&gmx_attrs_mgmt_group,
	&gmx_attrs_health_group,
	&gmx_vendor_group,
	NULL
};

static struct gmx_ns *gmx_sysfs_ns(struct device *dev)
{
	return dev_to_disk(dev)->private_data;
}

static bool gmx_sysfs_has_nguid(const struct gmx_ns *ns)
{
	return memchr_inv(ns->ids.nguid, 0, sizeof(ns->ids.nguid));
}

static bool gmx_sysfs_has_eui(const struct gmx_ns *ns)
{
	return memchr_inv(ns->ids.eui64, 0, sizeof(ns->ids.eui64));
}

/* The best name there is; at last one of what every namespace has. */
static ssize_t wwid_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ns *ns = gmx_sysfs_ns(dev);
	struct gmx_ctrl *ctrl = ns->ctrl;

	if (!uuid_is_null(&ns->ids.uuid))
		return sysfs_emit(buf, "uuid.%pU\n", &ns->ids.uuid);
	if (gmx_sysfs_has_nguid(ns))
		return sysfs_emit(buf, "eui.%16phN\n", ns->ids.nguid);
	if (gmx_sysfs_has_eui(ns))
		return sysfs_emit(buf, "eui.%8phN\n", ns->ids.eui64);
	return sysfs_emit(buf, "nvme.%04x-%*phN-%*phN-%08x\n", ctrl->vid, (int)strlen(ctrl->serial), ctrl->serial,
			  (int)strlen(ctrl->model), ctrl->model, ns->nsid);
}
static DEVICE_ATTR_RO(wwid);

static ssize_t nguid_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%pU\n", gmx_sysfs_ns(dev)->ids.nguid);
}
static DEVICE_ATTR_RO(nguid);

/* Without a UUID the NGUID stands in, as tools have come to expect. */
static ssize_t uuid_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ns_ids *ids = &gmx_sysfs_ns(dev)->ids;

	if (uuid_is_null(&ids->uuid))
		return sysfs_emit(buf, "%pU\n", ids->nguid);
	return sysfs_emit(buf, "%pU\n", &ids->uuid);
}
static DEVICE_ATTR_RO(uuid);

static ssize_t eui_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%8ph\n", gmx_sysfs_ns(dev)->ids.eui64);
}
static DEVICE_ATTR_RO(eui);

static ssize_t nsid_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", gmx_sysfs_ns(dev)->nsid);
}
static DEVICE_ATTR_RO(nsid);

static ssize_t ns_io_timeout_ms_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(gmx_sysfs_ns(dev)->io_timeout_ms));
}

static ssize_t ns_io_timeout_ms_store(struct device *dev, struct device_attribute *attr, const char *buf,
				      size_t count)
{
	struct gmx_ns *ns = gmx_sysfs_ns(dev);
	unsigned int ms;

	/* 0 is the controller's value; what lies between would be no time at all */
	if (gmx_sysfs_parse_ms(buf, 0, GMX_TIMEOUT_MAX_MS, &ms) || (ms && ms < GMX_TIMEOUT_MIN_MS))
		return -EINVAL;
	WRITE_ONCE(ns->io_timeout_ms, ms);
	blk_queue_rq_timeout(ns->queue, msecs_to_jiffies(ms ? ms : READ_ONCE(ns->ctrl->timeouts.io_ms)));
	return count;
}

static struct device_attribute dev_attr_ns_io_timeout_ms =
	__ATTR(io_timeout_ms, 0644, ns_io_timeout_ms_show, ns_io_timeout_ms_store);

static struct attribute *gmx_disk_attrs[] = {
	&dev_attr_wwid.attr,
	&dev_attr_uuid.attr,
	&dev_attr_nguid.attr,
	&dev_attr_eui.attr,
	&dev_attr_nsid.attr,
	&dev_attr_ns_io_timeout_ms.attr,
	NULL
};

static umode_t gmx_disk_attr_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	struct gmx_ns *ns = gmx_sysfs_ns(kobj_to_dev(kobj));

	if (attr == &dev_attr_uuid.attr && uuid_is_null(&ns->ids.uuid) && !gmx_sysfs_has_nguid(ns))
		return 0;
	if (attr == &dev_attr_nguid.attr && !gmx_sysfs_has_nguid(ns))
		return 0;
	if (attr == &dev_attr_eui.attr && !gmx_sysfs_has_eui(ns))
		return 0;
	return attr->mode;
}

static const struct attribute_group gmx_disk_group = {
	.attrs		= gmx_disk_attrs,
	.is_visible	= gmx_disk_attr_visible,
};

const struct attribute_group *gmx_sysfs_disk_groups[] = {
	&gmx_disk_group,
	NULL
};
