// SPDX-License-Identifier: GPL-2.0-or-later
/* What a controller counts in its life: I/O, power, errors, temperature, spare. To NVRAM every few seconds. */
#include <errno.h>

#include "health.h"

#define HEALTH_NVRAM	 "health"
#define HEALTH_SAVE	 (5 * HEALTH_TICK)
#define HEALTH_SAVE_IDLE (60 * HEALTH_TICK)
#define HEALTH_ENDURANCE 600		/* times the capacity may be written */
#define HEALTH_SMALLEST	 (256ull << 30) /* less capacity than that lasts no shorter */

/* Temperatures are millikelvin inside. */
#define HEAT_AMBIENT	298000
#define HEAT_IDLE	310000
#define HEAT_LOAD	30000	       /* what endless load adds */
#define HEAT_HALF	(200ull << 20) /* bytes a second that add half of it */
#define HEAT_COMMAND	8192	       /* a command warms like so many bytes */
#define HEAT_SECONDS	30	       /* time constant */
#define HEAT_MEDIUM	5	       /* kelvin that the medium is cooler */
#define HEAT_HYSTERESIS 3

enum { HEAT_NORMAL, HEAT_WARNING, HEAT_CRITICAL };

static const struct {
	const char *key;
	size_t offset;
} health_counters[] = {
	{ "bytes_read", offsetof(struct emu_health, bytes_read) },
	{ "bytes_written", offsetof(struct emu_health, bytes_written) },
	{ "reads", offsetof(struct emu_health, reads) },
	{ "writes", offsetof(struct emu_health, writes) },
	{ "busy_ns", offsetof(struct emu_health, busy_ns) },
	{ "power_cycles", offsetof(struct emu_health, power_cycles) },
	{ "power_on_ns", offsetof(struct emu_health, power_on_ns) },
	{ "unsafe_shutdowns", offsetof(struct emu_health, unsafe) },
	{ "media_errors", offsetof(struct emu_health, media_errors) },
	{ "warning_ns", offsetof(struct emu_health, warning_ns) },
	{ "critical_ns", offsetof(struct emu_health, critical_ns) },
	{ "resets", offsetof(struct emu_health, resets) },
	{ "fatal_errors", offsetof(struct emu_health, fatals) },
	{ "link_correctable", offsetof(struct emu_health, link[0]) },
	{ "link_nonfatal", offsetof(struct emu_health, link[1]) },
	{ "link_fatal", offsetof(struct emu_health, link[2]) },
};

static uint64_t *health_counter(struct emu_health *h, unsigned int i)
{
	return (uint64_t *)((char *)h + health_counters[i].offset);
}

/* Into the NVRAM's memory; who calls says when it is written. */
void emu_health_store(struct emu_health *h)
{
	json_object *o = json_object_new_object();

	for (unsigned int i = 0; i < ARRAY_SIZE(health_counters); i++)
		json_object_object_add(o, health_counters[i].key, json_object_new_int64((int64_t)*health_counter(h, i)));
	json_object_object_add(o, "low", json_object_new_int64(h->low));
	json_object_object_add(o, "high", json_object_new_int64(h->high));
	json_object_object_add(o, "spare", json_object_new_int64(h->spare));
	json_object_object_add(o, "clean", json_object_new_boolean(h->clean));
	emu_nvram_set(h->s, HEALTH_NVRAM, o);
	h->saved = emu_now(h->s);
	h->dirty = false;
}

static uint32_t health_load_number(json_object *o, const char *key, uint32_t min, uint32_t max, uint32_t otherwise)
{
	json_object *value;

	if (!json_object_object_get_ex(o, key, &value) || json_object_get_int64(value) < min ||
	    json_object_get_int64(value) > max)
		return otherwise;
	return (uint32_t)json_object_get_int64(value);
}

static void health_load(struct emu_health *h)
{
	json_object *o = emu_nvram_get(h->s, HEALTH_NVRAM), *value;

	if (!json_object_is_type(o, json_type_object))
		return;
	for (unsigned int i = 0; i < ARRAY_SIZE(health_counters); i++) {
		if (json_object_object_get_ex(o, health_counters[i].key, &value) && json_object_get_int64(value) > 0)
			*health_counter(h, i) = (uint64_t)json_object_get_int64(value);
	}
	h->low = health_load_number(o, "low", 1, 1000, h->low);
	h->high = health_load_number(o, "high", 1, 1000, h->high);
	h->spare = health_load_number(o, "spare", 0, 100, h->spare);
	h->was_unsafe = json_object_object_get_ex(o, "clean", &value) && !json_object_get_boolean(value);
	h->unsafe += h->was_unsafe;
}

static uint32_t heat_target(const struct emu_health *h)
{
	return HEAT_IDLE + (uint32_t)(HEAT_LOAD * (h->rate >> 10) / ((h->rate >> 10) + (HEAT_HALF >> 10)));
}

/* Towards what the load makes, in steps, so that it does not matter how often this is called. */
static void heat_follow(struct emu_health *h, uint64_t ns)
{
	int64_t target = h->pinned ? h->pinned : heat_target(h);
	uint64_t steps = ns / (HEALTH_TICK / 2) + 1;

	if (h->pinned || steps > 20 * HEAT_SECONDS) {
		h->heat = (uint32_t)target;
		return;
	}
	for (uint64_t i = 0; i < steps; i++) {
		int64_t step = (target - (int64_t)h->heat) * (int64_t)(ns / steps) / (int64_t)(HEAT_SECONDS * HEALTH_TICK);

		h->heat = (uint32_t)((int64_t)h->heat + step);
	}
}

/* Time has gone by: age, temperature, how long it was too hot. */
void emu_health_account(struct emu_health *h)
{
	uint64_t now = emu_now(h->s), ns = now - h->accounted;

	if (now <= h->accounted)
		return;
	if (now - h->rated >= HEALTH_TICK / 2) {
		h->rate = (uint64_t)((double)h->warmed * HEALTH_TICK / (double)(now - h->rated));
		h->rated = now;
		h->warmed = 0;
	}
	h->accounted = now;
	h->power_on_ns += ns;
	if (emu_health_temperature(h->s) >= EMU_WCTEMP)
		h->warning_ns += ns;
	if (emu_health_temperature(h->s) >= EMU_CCTEMP)
		h->critical_ns += ns;
	heat_follow(h, ns);
	h->low = EMU_MIN(h->low, emu_health_temperature(h->s));
	h->high = EMU_MAX(h->high, emu_health_temperature(h->s));
}

static void health_tick(struct emu_timer *t)
{
	struct emu_health *h = EMU_ENTRY(t, struct emu_health, timer);
	uint64_t now = emu_now(h->s);

	emu_health_account(h);
	emu_health_check(h->s);
	if (now - h->saved >= (h->dirty ? HEALTH_SAVE : HEALTH_SAVE_IDLE)) {
		emu_health_store(h);
		emu_nvram_save(h->s);
	}
	emu_timer_set(h->s, t, now + HEALTH_TICK);
}

int emu_health_open(struct emu_subsys *s)
{
	struct emu_health *h = calloc(1, sizeof(*h));

	if (!h)
		return -ENOMEM;
	s->health = h;
	h->s = s;
	h->opened = h->accounted = h->rated = h->last_io = emu_now(s);
	h->heat = HEAT_AMBIENT;
	h->low = h->high = h->heat / 1000;
	h->spare = 100;
	health_load(h);
	h->power_cycles++;
	h->spare_low = h->spare < EMU_SPARE_LOW;
	emu_health_store(h);
	emu_timer_init(&h->timer, health_tick);
	emu_timer_set(s, &h->timer, h->opened + HEALTH_TICK);
	emu_event_power_on(s);
	return 0;
}

void emu_health_close(struct emu_subsys *s)
{
	struct emu_health *h = s->health;

	if (!h)
		return;
	emu_health_account(h);
	h->clean = true;
	if (s->nvram)
		emu_health_store(h);
	emu_timer_cancel(s, &h->timer);
	free(h);
	s->health = NULL;
}

void emu_health_save(struct emu_subsys *s)
{
	struct emu_health *h = s->health;

	if (h->dirty && emu_now(s) - h->saved >= HEALTH_TICK)
		emu_health_store(h);
}

static void health_set_clean(struct emu_subsys *s, bool clean)
{
	struct emu_health *h = s->health;

	if (!h || h->clean == clean)
		return;
	emu_health_account(h);
	h->clean = clean;
	emu_health_store(h);
}

void emu_health_shutdown(struct emu_ctrl *c)
{
	struct emu_subsys *s = c->s;

	for (unsigned int i = 0; i < s->nr_ctrls; i++) {
		const struct emu_ctrl *other = s->ctrls[i];

		if (other && other != c && other->cc & GMX_CC_EN && (other->csts & GMX_CSTS_SHST_MASK) != GMX_CSTS_SHST_DONE)
			return;
	}
	health_set_clean(s, true);
}

void emu_health_enabled(struct emu_subsys *s)
{
	health_set_clean(s, false);
}

bool emu_health_was_unsafe(struct emu_subsys *s)
{
	return s->health->was_unsafe;
}

void emu_health_unsafe_shutdown(struct emu_subsys *s)
{
	s->health->unsafe++;
	emu_health_store(s->health);
	emu_event_add(s, GMX_VND_EV_UNSAFE_SHUTDOWN, 0, s->health->unsafe, "power went without a shutdown");
}

void emu_health_io(struct emu_subsys *s, bool write, uint64_t bytes)
{
	struct emu_health *h = s->health;
	/* the pass's time will do: a look at the clock for each command costs more than its bookkeeping */
	uint64_t now = s->now;

	if (write) {
		h->writes++;
		h->bytes_written += bytes;
	} else {
		h->reads++;
		h->bytes_read += bytes;
	}
	/* Commands that follow each other closely keep it busy between them too. */
	h->busy_ns += EMU_MIN(now - h->last_io, (uint64_t)2000000);
	h->last_io = now;
	h->warmed += bytes + HEAT_COMMAND;
	h->dirty = true;
}

void emu_health_media_error(struct emu_subsys *s)
{
	s->health->media_errors++;
	s->health->dirty = true;
}

void emu_health_reset(struct emu_ctrl *c, bool fatal)
{
	struct emu_health *h = c->s->health;

	if (!h)
		return;
	h->warned[c->function] = 0;
	h->dirty = true;
	if (fatal) {
		h->fatals++;
		return;
	}
	h->resets++;
	emu_event_add(c->s, GMX_VND_EV_RESET, c->function, 0, "controller reset");
}

void emu_health_link_error(struct emu_subsys *s, unsigned int severity)
{
	struct emu_health *h = s->health;

	h->link[EMU_MIN(severity, 2u)]++;
	h->link_trouble |= severity > 0;
	h->dirty = true;
}

unsigned int emu_health_temperature(struct emu_subsys *s)
{
	return (s->health->heat + 500) / 1000;
}

unsigned int emu_health_sensor(struct emu_subsys *s, unsigned int idx)
{
	return emu_health_temperature(s) - (idx > 1 ? HEAT_MEDIUM : 0);
}

unsigned int emu_health_spare(struct emu_subsys *s)
{
	return s->health->spare;
}

unsigned int emu_health_used(struct emu_subsys *s)
{
	uint64_t life = EMU_MAX(s->config.capacity, HEALTH_SMALLEST) / 100 * HEALTH_ENDURANCE;
	uint64_t used = s->health->bytes_written / life;

	return used > 255 ? 255 : (unsigned int)used;
}

uint64_t emu_health_power_on_ms(struct emu_subsys *s)
{
	emu_health_account(s->health);
	return s->health->power_on_ns / 1000000;
}

uint64_t emu_health_power_cycles(struct emu_subsys *s)
{
	return s->health->power_cycles;
}

uint64_t emu_health_uptime_ms(struct emu_subsys *s)
{
	return (emu_now(s) - s->health->opened) / 1000000;
}

unsigned int emu_health_drives(struct emu_subsys *s, unsigned int *failed)
{
	unsigned int nr = 0;

	*failed = 0;
	for (unsigned int i = 0; i < EMU_MAX_DRIVES; i++) {
		if (!s->drives[i])
			continue;
		nr++;
		*failed += emu_drive_failed(s->drives[i]);
	}
	return nr;
}

static bool health_temperature_out(struct emu_ctrl *c)
{
	for (unsigned int i = 0; i <= EMU_TEMP_SENSORS; i++) {
		unsigned int kelvin = i ? emu_health_sensor(c->s, i) : emu_health_temperature(c->s);

		if (kelvin >= c->temp_over[i] || kelvin <= c->temp_under[i])
			return true;
	}
	return false;
}

uint8_t emu_health_warnings(struct emu_ctrl *c)
{
	unsigned int failed, warnings = 0;

	emu_health_drives(c->s, &failed);
	if (c->s->health->spare < EMU_SPARE_LOW)
		warnings |= GMX_SMART_SPARE;
	if (health_temperature_out(c))
		warnings |= GMX_SMART_TEMPERATURE;
	if (failed)
		warnings |= GMX_SMART_RELIABILITY;
	return (uint8_t)warnings;
}

static void health_thermal_event(struct emu_health *h)
{
	static const struct {
		unsigned int code;
		const char *text;
	} events[] = {
		[HEAT_NORMAL] = { GMX_VND_EV_THERMAL_NORMAL, "temperature is normal again" },
		[HEAT_WARNING] = { GMX_VND_EV_THERMAL_WARNING, "temperature above the warning threshold" },
		[HEAT_CRITICAL] = { GMX_VND_EV_THERMAL_CRITICAL, "temperature above the critical threshold" },
	};
	unsigned int kelvin = emu_health_temperature(h->s), state = HEAT_NORMAL;

	/* To leave a state it has to be some kelvin cooler than it took to enter it. */
	if (kelvin >= EMU_CCTEMP || (h->heat_state == HEAT_CRITICAL && kelvin > EMU_CCTEMP - HEAT_HYSTERESIS))
		state = HEAT_CRITICAL;
	else if (kelvin >= EMU_WCTEMP || (h->heat_state != HEAT_NORMAL && kelvin > EMU_WCTEMP - HEAT_HYSTERESIS))
		state = HEAT_WARNING;
	if (state == h->heat_state)
		return;
	h->heat_state = state;
	emu_event_add(h->s, events[state].code, 0, kelvin, events[state].text);
}

void emu_health_check(struct emu_subsys *s)
{
	static const struct {
		uint8_t bit, info;
	} events[] = {
		{ GMX_SMART_SPARE, GMX_AEN_SMART_SPARE },
		{ GMX_SMART_TEMPERATURE, GMX_AEN_SMART_TEMPERATURE },
		{ GMX_SMART_RELIABILITY, GMX_AEN_SMART_RELIABILITY },
	};
	struct emu_health *h = s->health;
	bool low = h->spare < EMU_SPARE_LOW;

	health_thermal_event(h);
	if (low && !h->spare_low)
		emu_event_add(s, GMX_VND_EV_DRIVE_SPARE_LOW, 0, h->spare, "available spare below its threshold");
	h->spare_low = low;
	for (unsigned int i = 0; i < s->nr_ctrls; i++) {
		struct emu_ctrl *c = s->ctrls[i];
		uint8_t warnings, fresh;

		/* Who is not ready is told later. */
		if (!c || !(c->csts & GMX_CSTS_RDY))
			continue;
		warnings = emu_health_warnings(c);
		fresh = warnings & (uint8_t)~h->warned[i];
		h->warned[i] = warnings;
		for (unsigned int e = 0; e < ARRAY_SIZE(events); e++) {
			if (fresh & events[e].bit)
				emu_aer_send(c, GMX_AEN_SMART, events[e].info, GMX_LOG_SMART);
		}
	}
}

void emu_health_set_temperature(struct emu_subsys *s, unsigned int kelvin)
{
	struct emu_health *h = s->health;

	emu_health_account(h);
	h->pinned = kelvin * 1000;
	if (kelvin) {
		h->heat = h->pinned;
		h->low = EMU_MIN(h->low, kelvin);
		h->high = EMU_MAX(h->high, kelvin);
	}
	emu_health_check(s);
}

void emu_health_set_spare(struct emu_subsys *s, unsigned int percent)
{
	s->health->spare = EMU_MIN(percent, 100u);
	emu_health_store(s->health);
	emu_nvram_save(s);
	emu_health_check(s);
}

void emu_health_status(struct emu_subsys *s, json_object *out)
{
	struct emu_health *h = s->health;

	emu_health_account(h);
	for (unsigned int i = 0; i < ARRAY_SIZE(health_counters); i++)
		json_object_object_add(out, health_counters[i].key, json_object_new_int64((int64_t)*health_counter(h, i)));
	json_object_object_add(out, "temperature", json_object_new_int64(emu_health_temperature(s)));
	json_object_object_add(out, "temperature_pinned", json_object_new_boolean(h->pinned != 0));
	json_object_object_add(out, "spare", json_object_new_int64(h->spare));
	json_object_object_add(out, "used", json_object_new_int64(emu_health_used(s)));
}
