// SPDX-License-Identifier: GPL-2.0-or-later
/* Health as hosts see it: SMART (5.14.1.2) and extended health (C0h). What they read is in NVRAM before they have it. */
#include "health.h"

static void health_put128(uint8_t field[16], uint64_t value)
{
	uint64_t le = htole64(value);

	memset(field, 0, 16);
	memcpy(field, &le, sizeof(le));
}

void emu_health_smart(struct emu_ctrl *c, struct gmx_log_smart *log)
{
	struct emu_health *h = c->s->health;
	uint16_t kelvin;

	emu_health_account(h);
	kelvin = htole16((uint16_t)emu_health_temperature(c->s));
	memset(log, 0, sizeof(*log));
	log->critical_warning = emu_health_warnings(c);
	memcpy(log->temperature, &kelvin, sizeof(kelvin));
	log->avail_spare = (uint8_t)h->spare;
	log->spare_thresh = EMU_SPARE_LOW;
	log->percent_used = (uint8_t)emu_health_used(c->s);
	health_put128(log->data_units_read, (h->bytes_read + 511999) / 512000);
	health_put128(log->data_units_written, (h->bytes_written + 511999) / 512000);
	health_put128(log->host_reads, h->reads);
	health_put128(log->host_writes, h->writes);
	health_put128(log->busy_time, h->busy_ns / (60 * HEALTH_TICK));
	health_put128(log->power_cycles, h->power_cycles);
	health_put128(log->power_on_hours, h->power_on_ns / (3600 * HEALTH_TICK));
	health_put128(log->unsafe_shutdowns, h->unsafe);
	health_put128(log->media_errors, h->media_errors);
	if (c->s->errors)
		health_put128(log->error_log_entries, emu_error_count(c));
	log->warning_temp_time = htole32((uint32_t)(h->warning_ns / (60 * HEALTH_TICK)));
	log->critical_temp_time = htole32((uint32_t)(h->critical_ns / (60 * HEALTH_TICK)));
	for (unsigned int i = 1; i <= EMU_TEMP_SENSORS; i++)
		log->temp_sensor[i - 1] = htole16((uint16_t)emu_health_sensor(c->s, i));
}

/* What a host reads must not be less after the next power cut. */
static void health_keep(struct emu_health *h)
{
	if (h->dirty || emu_now(h->s) - h->saved >= HEALTH_TICK)
		emu_health_store(h);
}

uint16_t emu_health_log(struct emu_cmd *cmd, uint8_t **buf, size_t *len)
{
	struct gmx_log_smart *log = malloc(sizeof(*log));

	if (!log)
		return GMX_SC_INTERNAL;
	emu_health_smart(cmd->ctrl, log);
	health_keep(cmd->ctrl->s->health);
	*buf = (uint8_t *)log;
	*len = sizeof(*log);
	return 0;
}

static uint32_t health_problems(struct emu_ctrl *c)
{
	uint8_t warnings = emu_health_warnings(c);
	uint32_t problems = 0;
	unsigned int failed;

	emu_health_drives(c->s, &failed);
	if (warnings & GMX_SMART_SPARE)
		problems |= GMX_VND_PROBLEM_SPARE;
	if (warnings & GMX_SMART_TEMPERATURE)
		problems |= GMX_VND_PROBLEM_TEMPERATURE;
	if (warnings & GMX_SMART_RELIABILITY)
		problems |= GMX_VND_PROBLEM_RELIABILITY;
	if (failed)
		problems |= GMX_VND_PROBLEM_DRIVE;
	if (c->s->health->link_trouble)
		problems |= GMX_VND_PROBLEM_LINK;
	if (emu_health_used(c->s) >= 100)
		problems |= GMX_VND_PROBLEM_WORN;
	return problems;
}

static uint8_t health_state(uint32_t problems, unsigned int nr, unsigned int failed)
{
	if (nr && failed == nr)
		return GMX_VND_STATE_FAILED;
	if (problems & (GMX_VND_PROBLEM_SPARE | GMX_VND_PROBLEM_WORN))
		return GMX_VND_STATE_FAILING;
	return problems ? GMX_VND_STATE_DEGRADED : GMX_VND_STATE_GOOD;
}

uint16_t emu_health_extended_log(struct emu_cmd *cmd, uint8_t **buf, size_t *len)
{
	struct gmx_vnd_log_health *log = calloc(1, sizeof(*log));
	struct emu_ctrl *c = cmd->ctrl;
	struct emu_health *h = c->s->health;
	unsigned int nr, failed;

	if (!log)
		return GMX_SC_INTERNAL;
	emu_health_account(h);
	health_keep(h);
	nr = emu_health_drives(c->s, &failed);
	log->length = htole16(offsetof(struct gmx_vnd_log_health, rsvd144));
	log->version = htole16(GMX_VND_VERSION);
	log->problems = htole32(health_problems(c));
	log->state = health_state(le32toh(log->problems), nr, failed);
	log->temperature = htole16((uint16_t)emu_health_temperature(c->s));
	log->temperature_low = htole16((uint16_t)h->low);
	log->temperature_high = htole16((uint16_t)h->high);
	log->temperature_warning = htole16(EMU_WCTEMP);
	log->temperature_critical = htole16(EMU_CCTEMP);
	log->nr_drives = htole16((uint16_t)nr);
	log->nr_drives_failed = htole16((uint16_t)failed);
	log->link_speed = (uint8_t)c->s->config.link_speed;
	log->link_width = (uint8_t)c->s->config.link_width;
	log->spare_percent = (uint8_t)h->spare;
	log->used_percent = (uint8_t)emu_health_used(c->s);
	log->uptime_ms = htole64(emu_health_uptime_ms(c->s));
	log->power_on_seconds = htole64(h->power_on_ns / HEALTH_TICK);
	log->power_cycles = htole64(h->power_cycles);
	log->unsafe_shutdowns = htole64(h->unsafe);
	log->controller_resets = htole64(h->resets);
	log->fatal_errors = htole64(h->fatals);
	log->bytes_read = htole64(h->bytes_read);
	log->bytes_written = htole64(h->bytes_written);
	log->media_errors = htole64(h->media_errors);
	if (c->s->errors)
		log->commands_failed = htole64(emu_error_count(c));
	for (unsigned int i = 0; i < 3; i++)
		log->link_errors[i] = htole64(h->link[i]);
	log->event_sequence = htole64(emu_event_last(c->s));
	*buf = (uint8_t *)log;
	*len = sizeof(*log);
	return 0;
}
