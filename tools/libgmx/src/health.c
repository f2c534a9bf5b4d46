// SPDX-License-Identifier: LGPL-2.1-or-later
/* Health: the driver's copy where it has one, else the log pages. */
#include <errno.h>
#include <string.h>

#include <gmx/nvme.h>
#include <gmx/log.h>
#include <gmx/vendor.h>

#include <libgmx/admin.h>
#include <libgmx/driver.h>
#include <libgmx/log.h>
#include <libgmx/vendor.h>

/* A counter that is full stays so */
static uint64_t seconds_of(uint64_t hours)
{
	return hours > UINT64_MAX / 3600 ? UINT64_MAX : hours * 3600;
}

/* What the SMART log lets conclude, as log page C0h would say it */
static void from_smart(const struct libgmx_smart *smart, struct libgmx_health *out)
{
	memset(out, 0, sizeof(*out));
	out->problems = smart->warnings & 0xf;
	if (smart->used_percent >= 100)
		out->problems |= LIBGMX_PROBLEM_WORN;
	if (out->problems)
		out->state = LIBGMX_STATE_DEGRADED;
	if (out->problems & (LIBGMX_PROBLEM_SPARE | LIBGMX_PROBLEM_RELIABILITY | LIBGMX_PROBLEM_READ_ONLY | LIBGMX_PROBLEM_WORN))
		out->state = LIBGMX_STATE_FAILING;
	out->temperature_celsius = smart->temperature_celsius;
	out->lowest_celsius = out->highest_celsius = LIBGMX_NO_TEMPERATURE;
	out->warning_celsius = out->critical_celsius = LIBGMX_NO_TEMPERATURE;
	out->spare_percent = smart->spare_percent;
	out->used_percent = smart->used_percent;
	out->power_on_seconds = seconds_of(smart->power_on_hours);
	out->power_cycles = smart->power_cycles;
	out->unsafe_shutdowns = smart->unsafe_shutdowns;
	out->bytes_read = smart->read_bytes;
	out->bytes_written = smart->written_bytes;
	out->media_errors = smart->media_errors;
}

static void from_driver(const struct gmx_ioc_health *io, struct libgmx_health *out)
{
	memset(out, 0, sizeof(*out));
	out->state = (uint8_t)(io->state > GMX_IOC_HEALTH_FAILED ? GMX_IOC_HEALTH_FAILED : io->state);
	/* without C0h the driver concludes the state alone */
	out->problems = io->valid & GMX_IOC_HEALTH_EXTENDED ? io->problems : io->critical_warning & 0xf;
	out->temperature_celsius = io->temperature;
	out->lowest_celsius = io->temperature_low;
	out->highest_celsius = io->temperature_high;
	out->warning_celsius = io->temperature_warning;
	out->critical_celsius = io->temperature_critical;
	out->nr_drives = io->nr_drives;
	out->nr_drives_failed = io->nr_drives_failed;
	out->spare_percent = io->spare_percent;
	out->used_percent = io->used_percent;
	out->uptime_ms = io->uptime_ms;
	out->power_on_seconds = seconds_of(io->power_on_hours);
	out->power_cycles = io->power_cycles;
	out->unsafe_shutdowns = io->unsafe_shutdowns;
	out->controller_resets = io->controller_resets;
	out->fatal_errors = io->fatal_errors;
	out->bytes_read = io->bytes_read;
	out->bytes_written = io->bytes_written;
	out->media_errors = io->media_errors;
	out->commands_failed = io->commands_failed;
	memcpy(out->link_errors, io->link_errors, sizeof(out->link_errors));
	out->event_sequence = io->event_sequence;
}

int libgmx_smart_read(struct libgmx_ctrl *ctrl, struct libgmx_smart *out)
{
	uint8_t data[sizeof(struct gmx_log_smart)];
	struct gmx_ioc_health io = { .flags = 0 };
	int rc = libgmx_log(ctrl, GMX_LOG_SMART, LIBGMX_ALL_NAMESPACES, 0, true, 0, data, sizeof(data));

	if (!rc)
		return libgmx_decode_smart(data, sizeof(data), out);
	/* a user without privileges has the driver's copy */
	if (rc != -EACCES || libgmx_drv_health(ctrl, &io))
		return rc;
	memset(out, 0, sizeof(*out));
	out->warnings = io.critical_warning;
	out->temperature_celsius = io.temperature;
	out->spare_percent = io.spare_percent;
	out->spare_threshold_percent = io.spare_threshold;
	out->used_percent = io.used_percent;
	out->read_bytes = io.bytes_read;
	out->written_bytes = io.bytes_written;
	out->read_commands = io.read_commands;
	out->write_commands = io.write_commands;
	out->busy_minutes = io.busy_minutes;
	out->power_cycles = io.power_cycles;
	out->power_on_hours = io.power_on_hours;
	out->unsafe_shutdowns = io.unsafe_shutdowns;
	out->media_errors = io.media_errors;
	out->error_log_entries = io.error_entries;
	out->warning_minutes = io.warning_minutes;
	out->critical_minutes = io.critical_minutes;
	for (unsigned int i = 0; i < 8; i++)
		out->sensor_celsius[i] = io.sensor[i];
	return 0;
}

int libgmx_health_read(struct libgmx_ctrl *ctrl, struct libgmx_health *out)
{
	uint8_t data[sizeof(struct gmx_vnd_log_health)];
	struct gmx_ioc_health io = { .flags = 0 };
	struct libgmx_smart smart;
	int rc = libgmx_drv_health(ctrl, &io);

	if (!rc) {
		from_driver(&io, out);
		return 0;
	}
	if (rc == -EAGAIN || rc == -ENODEV || rc == -ENODATA)
		return rc;
	rc = libgmx_log(ctrl, GMX_VND_LOG_HEALTH, 0, 0, true, 0, data, sizeof(data));
	if (!rc)
		rc = libgmx_decode_health(data, sizeof(data), out);
	if (!rc)
		return 0;
	if (rc < 0 && rc != -ENOTSUP)
		return rc;
	rc = libgmx_smart_read(ctrl, &smart);
	if (!rc)
		from_smart(&smart, out);
	return rc;
}
