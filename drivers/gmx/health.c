// SPDX-License-Identifier: GPL-2.0-only
/*
 * Health: copies of the SMART log, of extended health and of the power readings, at most a second old while the
 * controller works. Who asks for them never waits longer than GMX_HEALTH_WAIT_MS, whatever the controller does.
 */
#include "gmx.h"

#include <linux/ktime.h>
#include <linux/slab.h>

#define GMX_HEALTH_FRESH_NS	NSEC_PER_SEC
#define GMX_HEALTH_WAIT_MS	500
#define GMX_HEALTH_LOG_LEN	512

static u64 gmx_health_u128(const u8 *le)
{
	u64 value = 0;
	int i;

	if (memchr_inv(le + 8, 0, 8))
		return U64_MAX;
	for (i = 7; i >= 0; i--)
		value = value << 8 | le[i];
	return value;
}

/* Data units are a thousand blocks of 512 bytes. */
static u64 gmx_health_bytes(const u8 *le)
{
	u64 units = gmx_health_u128(le), bytes;

	return check_mul_overflow(units, (u64)512000, &bytes) ? U64_MAX : bytes;
}

static s16 gmx_health_celsius(u16 kelvin)
{
	return kelvin ? clamp((int)kelvin - 273, -32767, 32767) : GMX_IOC_NO_TEMPERATURE;
}

/* A vendor page: what lies behind its length means nothing. */
static bool gmx_health_read_page(struct gmx_ctrl *ctrl, u8 lid, void *buf)
{
	__le16 *length = buf;
	u16 bytes;

	if (!(le64_to_cpu(ctrl->mgmt.id.page.log_pages) & BIT_ULL(lid - GMX_VND_LOG_HEALTH)))
		return false;
	if (gmx_admin_get_log(ctrl, GMX_NSID_ALL, lid, 0, true, 0, buf, GMX_HEALTH_LOG_LEN, 0))
		return false;
	bytes = min_t(u16, le16_to_cpu(*length), GMX_HEALTH_LOG_LEN);
	memset(buf + bytes, 0, GMX_HEALTH_LOG_LEN - bytes);
	return true;
}

static void gmx_health_work(struct work_struct *work)
{
	struct gmx_ctrl *ctrl = container_of(work, struct gmx_ctrl, mgmt.health.work);
	struct gmx_health *health = &ctrl->mgmt.health;
	bool got, ext = false, power = false;
	u8 *buf;

	static_assert(sizeof(health->smart) == GMX_HEALTH_LOG_LEN && sizeof(health->ext) == GMX_HEALTH_LOG_LEN &&
		      sizeof(health->power) == GMX_HEALTH_LOG_LEN);
	buf = kcalloc(3, GMX_HEALTH_LOG_LEN, GFP_KERNEL);
	got = buf && !gmx_uabi_ready(ctrl) &&
	      !gmx_admin_get_log(ctrl, GMX_NSID_ALL, GMX_LOG_SMART, 0, true, 0, buf, GMX_HEALTH_LOG_LEN, 0);
	if (got) {
		ext = gmx_health_read_page(ctrl, GMX_VND_LOG_HEALTH, buf + GMX_HEALTH_LOG_LEN);
		power = gmx_health_read_page(ctrl, GMX_VND_LOG_POWER, buf + 2 * GMX_HEALTH_LOG_LEN);
	}

	mutex_lock(&health->lock);
	if (got) {
		memcpy(&health->smart, buf, sizeof(health->smart));
		memcpy(&health->ext, buf + GMX_HEALTH_LOG_LEN, sizeof(health->ext));
		memcpy(&health->power, buf + 2 * GMX_HEALTH_LOG_LEN, sizeof(health->power));
		health->has_ext = ext;
		health->has_power = power;
		health->read_ns = ktime_get_ns();
	}
	health->asked_ns = 0;
	mutex_unlock(&health->lock);
	wake_up_all(&health->wait);
	kfree(buf);
}

void gmx_health_init(struct gmx_ctrl *ctrl)
{
	struct gmx_health *health = &ctrl->mgmt.health;

	mutex_init(&health->lock);
	init_waitqueue_head(&health->wait);
	INIT_WORK(&health->work, gmx_health_work);
}

/* Locked against removal, which empties and destroys the queue. False: there is nobody to be asked. */
static bool gmx_health_ask(struct gmx_ctrl *ctrl)
{
	unsigned long irqflags;
	bool runs;

	spin_lock_irqsave(&ctrl->state_lock, irqflags);
	runs = ctrl->state == GMX_LIVE || ctrl->state == GMX_ADMIN_ONLY;
	if (runs)
		queue_work(ctrl->wq, &ctrl->mgmt.health.work);
	spin_unlock_irqrestore(&ctrl->state_lock, irqflags);
	return runs;
}

/* Sees to it that the copies are fresh where that is possible; returns with the lock held. */
static void gmx_health_lock(struct gmx_ctrl *ctrl)
{
	struct gmx_health *health = &ctrl->mgmt.health;
	u64 now, waited;

	mutex_lock(&health->lock);
	now = ktime_get_ns();
	if (health->read_ns && now - health->read_ns < GMX_HEALTH_FRESH_NS)
		return;
	if (!health->asked_ns) {
		if (!gmx_health_ask(ctrl))
			return;
		health->asked_ns = now;
	} else if (gmx_uabi_ready(ctrl)) {
		return;
	}
	/* One that has hung for long makes nobody wait any more. */
	waited = now - health->asked_ns;
	mutex_unlock(&health->lock);
	if (waited < GMX_HEALTH_WAIT_MS * NSEC_PER_MSEC)
		wait_event_timeout(health->wait, !READ_ONCE(health->asked_ns), msecs_to_jiffies(GMX_HEALTH_WAIT_MS));
	mutex_lock(&health->lock);
}

static u32 gmx_health_state(const struct gmx_health *health)
{
	if (health->has_ext)
		return min_t(u32, health->ext.state, GMX_IOC_HEALTH_FAILED);
	if (health->smart.critical_warning & (GMX_SMART_SPARE | GMX_SMART_RELIABILITY | GMX_SMART_READ_ONLY))
		return GMX_IOC_HEALTH_FAILING;
	return health->smart.critical_warning ? GMX_IOC_HEALTH_DEGRADED : GMX_IOC_HEALTH_GOOD;
}

static void gmx_health_fill_smart(const struct gmx_log_smart *smart, struct gmx_ioc_health *to)
{
	unsigned int i;

	to->critical_warning = smart->critical_warning;
	to->spare_percent = smart->avail_spare;
	to->spare_threshold = smart->spare_thresh;
	to->used_percent = smart->percent_used;
	to->temperature = gmx_health_celsius(smart->temperature[0] | smart->temperature[1] << 8);
	for (i = 0; i < ARRAY_SIZE(to->sensor); i++)
		to->sensor[i] = gmx_health_celsius(le16_to_cpu(smart->temp_sensor[i]));
	to->warning_minutes = le32_to_cpu(smart->warning_temp_time);
	to->critical_minutes = le32_to_cpu(smart->critical_temp_time);
	to->bytes_read = gmx_health_bytes(smart->data_units_read);
	to->bytes_written = gmx_health_bytes(smart->data_units_written);
	to->read_commands = gmx_health_u128(smart->host_reads);
	to->write_commands = gmx_health_u128(smart->host_writes);
	to->busy_minutes = gmx_health_u128(smart->busy_time);
	to->power_cycles = gmx_health_u128(smart->power_cycles);
	to->power_on_hours = gmx_health_u128(smart->power_on_hours);
	to->unsafe_shutdowns = gmx_health_u128(smart->unsafe_shutdowns);
	to->media_errors = gmx_health_u128(smart->media_errors);
	to->error_entries = gmx_health_u128(smart->error_log_entries);
}

static void gmx_health_fill_ext(const struct gmx_vnd_log_health *ext, struct gmx_ioc_health *to)
{
	unsigned int i;

	to->valid |= GMX_IOC_HEALTH_EXTENDED;
	to->problems = le32_to_cpu(ext->problems);
	to->temperature_low = gmx_health_celsius(le16_to_cpu(ext->temperature_low));
	to->temperature_high = gmx_health_celsius(le16_to_cpu(ext->temperature_high));
	to->nr_drives = le16_to_cpu(ext->nr_drives);
	to->nr_drives_failed = le16_to_cpu(ext->nr_drives_failed);
	to->uptime_ms = le64_to_cpu(ext->uptime_ms);
	to->controller_resets = le64_to_cpu(ext->controller_resets);
	to->fatal_errors = le64_to_cpu(ext->fatal_errors);
	to->commands_failed = le64_to_cpu(ext->commands_failed);
	for (i = 0; i < ARRAY_SIZE(to->link_errors); i++)
		to->link_errors[i] = le64_to_cpu(ext->link_errors[i]);
	to->event_sequence = le64_to_cpu(ext->event_sequence);
	/* whole bytes where SMART counts units */
	to->bytes_read = le64_to_cpu(ext->bytes_read);
	to->bytes_written = le64_to_cpu(ext->bytes_written);
}

/* Size and flags stay the caller's. -ENODATA: never read. */
int gmx_health_get(struct gmx_ctrl *ctrl, struct gmx_ioc_health *to)
{
	struct gmx_health *health = &ctrl->mgmt.health;

	gmx_health_lock(ctrl);
	if (!health->read_ns) {
		mutex_unlock(&health->lock);
		return -ENODATA;
	}
	*to = (struct gmx_ioc_health) {
		.size			= to->size,
		.age_ms			= min_t(u64, div_u64(ktime_get_ns() - health->read_ns, NSEC_PER_MSEC), U32_MAX),
		.state			= gmx_health_state(health),
		.temperature_warning	= gmx_health_celsius(ctrl->mgmt.id.wctemp),
		.temperature_critical	= gmx_health_celsius(ctrl->mgmt.id.cctemp),
		.temperature_low	= GMX_IOC_NO_TEMPERATURE,
		.temperature_high	= GMX_IOC_NO_TEMPERATURE,
	};
	gmx_health_fill_smart(&health->smart, to);
	if (health->has_ext)
		gmx_health_fill_ext(&health->ext, to);
	mutex_unlock(&health->lock);
	return 0;
}

/* Readings, if there are any; age_ms is theirs, as the controller took them before it was asked. */
void gmx_health_power(struct gmx_ctrl *ctrl, struct gmx_ioc_power *to)
{
	struct gmx_health *health = &ctrl->mgmt.health;
	u64 age;

	gmx_health_lock(ctrl);
	if (health->read_ns && health->has_power) {
		age = div_u64(ktime_get_ns() - health->read_ns, NSEC_PER_MSEC) + le32_to_cpu(health->power.age_ms);
		to->age_ms = min_t(u64, age, U32_MAX);
		gmx_power_fill(&health->power, to);
	}
	mutex_unlock(&health->lock);
}

int gmx_health_call(struct gmx_file *file, void *arg)
{
	return gmx_health_get(file->ctrl, arg);
}
