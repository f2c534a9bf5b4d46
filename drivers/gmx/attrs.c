// SPDX-License-Identifier: GPL-2.0-only
/* What administration shows in sysfs: the folder health/, interrupt moderation, arbitration, counters by reason. */
#include "gmx.h"

#include <linux/slab.h>
#include <linux/sysfs.h>

/* A field of struct gmx_ioc_health. */
struct gmx_health_attr {
	struct device_attribute attr;
	u16 offset;
	u8 bytes;
	bool celsius;
	bool ext;			/* only with log page C0h */
};

static u64 gmx_attrs_value(const struct gmx_health_attr *field, const void *at)
{
	switch (field->bytes) {
	case 1:
		return *(const u8 *)at;
	case 2:
		return *(const u16 *)at;
	case 4:
		return *(const u32 *)at;
	default:
		return *(const u64 *)at;
	}
}

static ssize_t gmx_health_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	static const char * const states[] = { "good", "degraded", "failing", "failed" };
	struct gmx_health_attr *field = container_of(attr, struct gmx_health_attr, attr);
	struct gmx_ioc_health *health = kzalloc(sizeof(*health), GFP_KERNEL);
	void *at = (void *)health + field->offset;
	ssize_t ret;

	if (!health)
		return -ENOMEM;
	ret = gmx_health_get(dev_get_drvdata(dev), health);
	if (ret)
		goto free;
	if (field->offset == offsetof(struct gmx_ioc_health, state))
		ret = sysfs_emit(buf, "%s\n", states[min_t(u32, health->state, GMX_IOC_HEALTH_FAILED)]);
	else if (field->ext && !(health->valid & GMX_IOC_HEALTH_EXTENDED))
		ret = -ENODATA;
	else if (!field->celsius)
		ret = sysfs_emit(buf, "%llu\n", gmx_attrs_value(field, at));
	else if (*(s16 *)at == GMX_IOC_NO_TEMPERATURE)
		ret = -ENODATA;
	else
		ret = sysfs_emit(buf, "%d\n", *(s16 *)at);
free:
	kfree(health);
	return ret;
}

#define GMX_HEALTH_FIELD(_type, _name, _field, _ext)			\
static struct gmx_health_attr gmx_health_##_name = {			\
	.attr		= __ATTR(_name, 0444, gmx_health_show, NULL),	\
	.offset		= offsetof(struct gmx_ioc_health, _field),	\
	.bytes		= sizeof(_type),				\
	.celsius	= is_signed_type(_type),			\
	.ext		= _ext,						\
}

GMX_HEALTH_FIELD(u32, state, state, false);
GMX_HEALTH_FIELD(u32, age_ms, age_ms, false);
GMX_HEALTH_FIELD(u8, critical_warning, critical_warning, false);
GMX_HEALTH_FIELD(u8, spare_percent, spare_percent, false);
GMX_HEALTH_FIELD(u8, spare_threshold, spare_threshold, false);
GMX_HEALTH_FIELD(u8, used_percent, used_percent, false);
GMX_HEALTH_FIELD(s16, temperature, temperature, false);
GMX_HEALTH_FIELD(s16, temperature_warning, temperature_warning, false);
GMX_HEALTH_FIELD(s16, temperature_critical, temperature_critical, false);
GMX_HEALTH_FIELD(u32, warning_minutes, warning_minutes, false);
GMX_HEALTH_FIELD(u32, critical_minutes, critical_minutes, false);
GMX_HEALTH_FIELD(u64, bytes_read, bytes_read, false);
GMX_HEALTH_FIELD(u64, bytes_written, bytes_written, false);
GMX_HEALTH_FIELD(u64, read_commands, read_commands, false);
GMX_HEALTH_FIELD(u64, write_commands, write_commands, false);
GMX_HEALTH_FIELD(u64, busy_minutes, busy_minutes, false);
GMX_HEALTH_FIELD(u64, power_cycles, power_cycles, false);
GMX_HEALTH_FIELD(u64, power_on_hours, power_on_hours, false);
GMX_HEALTH_FIELD(u64, unsafe_shutdowns, unsafe_shutdowns, false);
GMX_HEALTH_FIELD(u64, media_errors, media_errors, false);
GMX_HEALTH_FIELD(u64, error_entries, error_entries, false);
GMX_HEALTH_FIELD(u32, problems, problems, true);
GMX_HEALTH_FIELD(s16, temperature_low, temperature_low, true);
GMX_HEALTH_FIELD(s16, temperature_high, temperature_high, true);
GMX_HEALTH_FIELD(u16, drives, nr_drives, true);
GMX_HEALTH_FIELD(u16, drives_failed, nr_drives_failed, true);
GMX_HEALTH_FIELD(u64, uptime_ms, uptime_ms, true);
GMX_HEALTH_FIELD(u64, controller_resets, controller_resets, true);
GMX_HEALTH_FIELD(u64, fatal_errors, fatal_errors, true);
GMX_HEALTH_FIELD(u64, commands_failed, commands_failed, true);
GMX_HEALTH_FIELD(u64, link_errors_correctable, link_errors[0], true);
GMX_HEALTH_FIELD(u64, link_errors_nonfatal, link_errors[1], true);
GMX_HEALTH_FIELD(u64, link_errors_fatal, link_errors[2], true);

static struct attribute *gmx_health_attrs[] = {
	&gmx_health_state.attr.attr,
	&gmx_health_age_ms.attr.attr,
	&gmx_health_critical_warning.attr.attr,
	&gmx_health_spare_percent.attr.attr,
	&gmx_health_spare_threshold.attr.attr,
	&gmx_health_used_percent.attr.attr,
	&gmx_health_temperature.attr.attr,
	&gmx_health_temperature_warning.attr.attr,
	&gmx_health_temperature_critical.attr.attr,
	&gmx_health_warning_minutes.attr.attr,
	&gmx_health_critical_minutes.attr.attr,
	&gmx_health_bytes_read.attr.attr,
	&gmx_health_bytes_written.attr.attr,
	&gmx_health_read_commands.attr.attr,
	&gmx_health_write_commands.attr.attr,
	&gmx_health_busy_minutes.attr.attr,
	&gmx_health_power_cycles.attr.attr,
	&gmx_health_power_on_hours.attr.attr,
	&gmx_health_unsafe_shutdowns.attr.attr,
	&gmx_health_media_errors.attr.attr,
	&gmx_health_error_entries.attr.attr,
	&gmx_health_problems.attr.attr,
	&gmx_health_temperature_low.attr.attr,
	&gmx_health_temperature_high.attr.attr,
	&gmx_health_drives.attr.attr,
	&gmx_health_drives_failed.attr.attr,
	&gmx_health_uptime_ms.attr.attr,
	&gmx_health_controller_resets.attr.attr,
	&gmx_health_fatal_errors.attr.attr,
	&gmx_health_commands_failed.attr.attr,
	&gmx_health_link_errors_correctable.attr.attr,
	&gmx_health_link_errors_nonfatal.attr.attr,
	&gmx_health_link_errors_fatal.attr.attr,
	NULL
};

static umode_t gmx_health_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(kobj_to_dev(kobj));
	struct gmx_health_attr *field = container_of(attr, struct gmx_health_attr, attr.attr);

	return field->ext && !(le64_to_cpu(ctrl->mgmt.id.page.log_pages) & 1) ? 0 : attr->mode;
}

const struct attribute_group gmx_attrs_health_group = {
	.name		= "health",
	.attrs		= gmx_health_attrs,
	.is_visible	= gmx_health_visible,
};

static ssize_t reset_reasons_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);
	static const char * const names[] = {
		[GMX_IOC_RESET_OTHER]		= "other",
		[GMX_IOC_RESET_REQUEST]		= "request",
		[GMX_IOC_RESET_IO_TIMEOUT]	= "io-timeout",
		[GMX_IOC_RESET_ADMIN_TIMEOUT]	= "admin-timeout",
		[GMX_IOC_RESET_FATAL]		= "fatal",
		[GMX_IOC_RESET_NOT_READY]	= "not-ready",
		[GMX_IOC_RESET_ALL_ONES]	= "all-ones",
		[GMX_IOC_RESET_SUBSYSTEM]	= "subsystem",
		[GMX_IOC_RESET_INTERNAL_ERROR]	= "internal-error",
		[GMX_IOC_RESET_PCI]		= "pci",
		[GMX_IOC_RESET_SUSPEND]		= "suspend",
		[GMX_IOC_RESET_FIRMWARE]	= "firmware",
	};
	unsigned int i;
	int at = 0;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		at += sysfs_emit_at(buf, at, "%s %lld\n", names[i], atomic64_read(&ctrl->mgmt.stats.by_reason[i]));
	return at;
}
static DEVICE_ATTR_RO(reset_reasons);

#define GMX_MGMT_COUNTER(_name, _counter)						\
static ssize_t _name##_show(struct device *dev, struct device_attribute *attr, char *buf) \
{											\
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);					\
											\
	return sysfs_emit(buf, "%lld\n", atomic64_read(&ctrl->mgmt.stats._counter));	\
}											\
static DEVICE_ATTR_RO(_name)

GMX_MGMT_COUNTER(budget_spent_count, budgets_spent);
GMX_MGMT_COUNTER(dump_count, dumps_kept);
GMX_MGMT_COUNTER(dump_not_kept_count, dumps_not_kept);

static ssize_t interrupt_profile_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%s\n", gmx_moderation_name(ctrl));
}

static ssize_t interrupt_profile_store(struct device *dev, struct device_attribute *attr, const char *buf,
				       size_t count)
{
	int ret = gmx_moderation_set_by_name(dev_get_drvdata(dev), buf);

	return ret ? ret : count;
}
static DEVICE_ATTR_RW(interrupt_profile);

static ssize_t arbitration_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return gmx_arbitration_show(dev_get_drvdata(dev), buf);
}

static ssize_t arbitration_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	int ret = gmx_arbitration_store(dev_get_drvdata(dev), buf);

	return ret ? ret : count;
}
static DEVICE_ATTR_RW(arbitration);

static ssize_t arbitration_in_use_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s\n", gmx_arbitration_in_use(dev_get_drvdata(dev)));
}
static DEVICE_ATTR_RO(arbitration_in_use);

static ssize_t arbitration_weights_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return gmx_arbitration_weights_show(dev_get_drvdata(dev), buf);
}

static ssize_t arbitration_weights_store(struct device *dev, struct device_attribute *attr, const char *buf,
					 size_t count)
{
	int ret = gmx_arbitration_weights_store(dev_get_drvdata(dev), buf);

	return ret ? ret : count;
}
static DEVICE_ATTR_RW(arbitration_weights);

struct gmx_queue_attr {
	struct device_attribute attr;
	size_t wish;			/* offset in struct gmx_queue_wish */
	int least;
};

static int *gmx_queue_wish(struct device *dev, const struct gmx_queue_attr *attr)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(dev);

	return (void *)&ctrl->wish + attr->wish;
}

static ssize_t gmx_queue_wish_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	int value = READ_ONCE(*gmx_queue_wish(dev, container_of(attr, struct gmx_queue_attr, attr)));

	return value == GMX_QUEUES_BY_PARAMETER ? sysfs_emit(buf, "parameter\n") : sysfs_emit(buf, "%d\n", value);
}

static ssize_t gmx_queue_wish_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	struct gmx_queue_attr *queues = container_of(attr, struct gmx_queue_attr, attr);
	int value = GMX_QUEUES_BY_PARAMETER, ret;

	if (!sysfs_streq(buf, "parameter")) {
		ret = kstrtoint(buf, 0, &value);
		if (ret)
			return ret;
		if (value < queues->least || value > GMX_QUEUES_MAX)
			return -EINVAL;
	}
	WRITE_ONCE(*gmx_queue_wish(dev, queues), value);
	return count;
}

static struct gmx_queue_attr gmx_attr_max_queues = {
	__ATTR(max_queues, 0644, gmx_queue_wish_show, gmx_queue_wish_store),
	offsetof(struct gmx_queue_wish, max_queues), 1
};

static struct gmx_queue_attr gmx_attr_write_queues = {
	__ATTR(write_queues, 0644, gmx_queue_wish_show, gmx_queue_wish_store),
	offsetof(struct gmx_queue_wish, write_queues)
};

static struct gmx_queue_attr gmx_attr_poll_queues = {
	__ATTR(poll_queues, 0644, gmx_queue_wish_show, gmx_queue_wish_store),
	offsetof(struct gmx_queue_wish, poll_queues)
};

static struct attribute *gmx_mgmt_attrs[] = {
	&dev_attr_reset_reasons.attr,
	&dev_attr_budget_spent_count.attr,
	&dev_attr_dump_count.attr,
	&dev_attr_dump_not_kept_count.attr,
	&dev_attr_interrupt_profile.attr,
	&gmx_attr_max_queues.attr.attr,
	&gmx_attr_write_queues.attr.attr,
	&gmx_attr_poll_queues.attr.attr,
	&dev_attr_arbitration.attr,
	&dev_attr_arbitration_in_use.attr,
	&dev_attr_arbitration_weights.attr,
	NULL
};

static umode_t gmx_mgmt_visible(struct kobject *kobj, struct attribute *attr, int n)
{
	struct gmx_ctrl *ctrl = dev_get_drvdata(kobj_to_dev(kobj));

	if (attr == &dev_attr_interrupt_profile.attr && !gmx_moderation_offered(ctrl))
		return 0;
	if (attr == &dev_attr_arbitration_weights.attr && !gmx_arbitration_offered(ctrl))
		return 0;
	return attr->mode;
}

const struct attribute_group gmx_attrs_mgmt_group = {
	.attrs		= gmx_mgmt_attrs,
	.is_visible	= gmx_mgmt_visible,
};
