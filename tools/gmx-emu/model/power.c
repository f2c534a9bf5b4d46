// SPDX-License-Identifier: GPL-2.0-or-later
/* Power states and APST (8.4), and what the regulators measure: log page C9h, PMBus readings that follow the load. */
#include <errno.h>

#include "args.h"

#define POWER_SAMPLE   (EMU_POWER_INTERVAL_MS * 1000000ull)
#define POWER_HALF     (300ull << 20) /* bytes a second that take half of what a state allows above idle */
#define POWER_AVERAGE  10000000000ull
#define POWER_MAX_MW   200000u
#define POWER_NOPS     0x02 /* gmx_psd::flags: non-operational */
#define POWER_AUX_MW   110u
#define POWER_VOUT_EXP 12 /* LINEAR16: 2^-12 V */

/* Rails behind the two that come from the slot share what those bring. */
static const struct power_rail {
	const char *name;
	uint16_t mv;
	uint8_t share; /* percent; 0: from the slot */
	uint8_t efficiency;
} power_rails[] = {
	{ "12V", 12100, 0, 100 },   { "3V3AUX", 3300, 0, 100 }, { "VCORE", 850, 45, 90 },
	{ "VMEDIA", 2500, 40, 93 }, { "VDDQ", 1200, 15, 91 },
};

static_assert(ARRAY_SIZE(power_rails) == EMU_POWER_RAILS && EMU_POWER_RAILS <= GMX_VND_MAX_RAILS,
	      "the page has room for all rails");

struct power_override {
	uint32_t vin_mv, vout_mv, iout_ma; /* 0: as measured */
	uint16_t status_word;
};

struct emu_power {
	struct emu_subsys *s;
	struct emu_timer timer;
	uint64_t sampled;
	uint64_t bytes; /* since then */
	uint32_t mw, average_mw, peak_mw;
	double energy_mj;
	uint32_t pinned_mw;
	struct power_override rail[EMU_POWER_RAILS];
	struct {
		uint8_t operational; /* to which I/O returns */
		uint64_t entered;
	} ctrl[EMU_MAX_FUNCTIONS];
};

static bool power_idle_state(unsigned int ps)
{
	return emu_power_states[ps].flags & POWER_NOPS;
}

static uint32_t power_limit_mw(unsigned int ps)
{
	return le16toh(emu_power_states[ps].max_power) * 10u;
}

/* What is switched on for one controller is on for all. */
static unsigned int power_subsys_state(struct emu_subsys *s)
{
	unsigned int ps = EMU_NPSS;

	for (unsigned int i = 0; i < s->nr_ctrls; i++) {
		if (s->ctrls[i] && s->ctrls[i]->power_state < ps)
			ps = s->ctrls[i]->power_state;
	}
	return s->nr_ctrls ? ps : 0;
}

static uint32_t power_model(const struct emu_power *p, uint64_t ns)
{
	unsigned int ps = power_subsys_state(p->s);
	uint32_t limit = power_limit_mw(ps), idle = limit * 3 / 10;
	uint64_t rate = ns ? (uint64_t)((double)p->bytes * 1e9 / (double)ns) >> 10 : 0;

	if (p->pinned_mw)
		return p->pinned_mw;
	if (power_idle_state(ps))
		return limit;
	return idle + (uint32_t)((limit - idle) * rate / (rate + (POWER_HALF >> 10)));
}

static void power_sample(struct emu_power *p)
{
	uint64_t now = emu_now(p->s), ns = now - p->sampled;
	double part;

	if (now <= p->sampled || ns < POWER_SAMPLE)
		return;
	p->mw = power_model(p, ns);
	part = (double)ns / (double)POWER_AVERAGE;
	if (part > 1)
		part = 1;
	p->average_mw = (uint32_t)((double)p->average_mw + ((double)p->mw - (double)p->average_mw) * part);
	p->peak_mw = EMU_MAX(p->peak_mw, p->mw);
	p->energy_mj += (double)p->mw * (double)ns / 1e9;
	p->sampled = now;
	p->bytes = 0;
}

void emu_power_busy(struct emu_subsys *s, uint64_t bytes)
{
	struct emu_power *p = s->power;

	p->bytes += bytes;
	if (s->now - p->sampled >= POWER_SAMPLE)
		power_sample(p);
}

/* The state in force is what Get Features shows. */
static void power_enter(struct emu_ctrl *c, unsigned int ps)
{
	struct emu_power *p = c->s->power;

	if (p)
		power_sample(p);
	c->power_state = (uint8_t)ps;
	c->feat[GMX_FEAT_POWER] = (c->feat[GMX_FEAT_POWER] & ~0x1fu) | ps;
	if (!p)
		return;
	p->ctrl[c->function].entered = emu_now(c->s);
	if (!power_idle_state(ps))
		p->ctrl[c->function].operational = (uint8_t)ps;
}

/* When this controller wants to go to which state; EMU_NEVER: it stays */
static uint64_t power_apst_due(struct emu_ctrl *c, unsigned int *ps)
{
	uint64_t entry, since = EMU_MAX(c->last_io, c->s->power->ctrl[c->function].entered);

	memcpy(&entry, c->apst + c->power_state * 8u, sizeof(entry));
	entry = le64toh(entry);
	*ps = GMX_APST_STATE(entry);
	if (!(c->feat[GMX_FEAT_APST] & GMX_APST_ENABLE) || !(c->csts & GMX_CSTS_RDY) || !GMX_APST_MS(entry) || *ps > EMU_NPSS)
		return EMU_NEVER;
	return since + GMX_APST_MS(entry) * 1000000ull;
}

static bool power_has_io(const struct emu_ctrl *c)
{
	for (unsigned int i = 1; i < EMU_MAX_QUEUES; i++) {
		if (c->sq[i].size && c->sq[i].inflight)
			return true;
	}
	return false;
}

static void power_timer(struct emu_timer *t)
{
	struct emu_power *p = EMU_ENTRY(t, struct emu_power, timer);
	uint64_t next = EMU_NEVER, now = emu_now(p->s);

	for (unsigned int i = 0; i < p->s->nr_ctrls; i++) {
		struct emu_ctrl *c = p->s->ctrls[i];
		unsigned int ps;
		uint64_t due;

		if (!c)
			continue;
		due = power_apst_due(c, &ps);
		if (due <= now && power_has_io(c)) {
			c->last_io = now;
			due = power_apst_due(c, &ps);
		} else if (due <= now) {
			power_enter(c, ps);
			due = power_apst_due(c, &ps);
		}
		next = EMU_MIN(next, due);
	}
	if (next != EMU_NEVER)
		emu_timer_set(p->s, t, EMU_MAX(next, now + 1000000));
}

/* An entry that is due earlier than what the timer is set to moves it; a later one finds itself when it fires. */
void emu_power_apst_changed(struct emu_ctrl *c)
{
	struct emu_power *p = c->s->power;
	unsigned int ps;
	uint64_t due;

	if (!p)
		return;
	due = power_apst_due(c, &ps);
	if (due < p->timer.due)
		emu_timer_set(c->s, &p->timer, due);
}

uint16_t emu_power_set_state(struct emu_ctrl *c, unsigned int ps)
{
	if (ps > EMU_NPSS)
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	power_enter(c, ps);
	emu_power_apst_changed(c);
	return 0;
}

void emu_power_io(struct emu_ctrl *c)
{
	c->last_io = c->s->now;
	if (power_idle_state(c->power_state))
		power_enter(c, c->s->power->ctrl[c->function].operational);
	if (c->s->power->timer.due == EMU_NEVER && c->feat[GMX_FEAT_APST] & GMX_APST_ENABLE)
		emu_power_apst_changed(c);
}

int emu_power_open(struct emu_subsys *s)
{
	struct emu_power *p = calloc(1, sizeof(*p));

	if (!p)
		return -ENOMEM;
	p->s = s;
	p->sampled = emu_now(s);
	emu_timer_init(&p->timer, power_timer);
	s->power = p;
	p->mw = p->average_mw = p->peak_mw = power_model(p, 0);
	return 0;
}

void emu_power_close(struct emu_subsys *s)
{
	if (!s->power)
		return;
	emu_timer_cancel(s, &s->power->timer);
	free(s->power);
	s->power = NULL;
}

/* LINEAR11: an exponent and a mantissa of 11 bits, both signed; as exact as it gets. */
static uint16_t power_linear11(uint32_t milli)
{
	int exponent = -16;
	double value;

	for (;; exponent++) {
		value = (double)milli / 1000;
		for (int i = 0; i < exponent; i++)
			value /= 2;
		for (int i = exponent; i < 0; i++)
			value *= 2;
		if (value < 1023 || exponent == 15)
			break;
	}
	return (uint16_t)(((unsigned int)exponent & 0x1f) << 11 | ((unsigned int)(value + 0.5) & 0x7ff));
}

static uint16_t power_linear16(uint32_t mv)
{
	uint32_t value = ((mv << POWER_VOUT_EXP) + 500) / 1000;

	return (uint16_t)EMU_MIN(value, 0xffffu);
}

static void power_rail(struct emu_power *p, unsigned int i, struct gmx_vnd_rail *out)
{
	const struct power_rail *rail = &power_rails[i];
	const struct power_override *over = &p->rail[i];
	uint32_t slot = p->mw > POWER_AUX_MW ? p->mw - POWER_AUX_MW : 0;
	/* The slot's voltage sags under load. */
	uint32_t vin = rail->share || !i ? power_rails[0].mv - p->mw / 100 : rail->mv;
	uint32_t vout = rail->share ? rail->mv : vin, iout, pin, pout, iin;
	unsigned int kelvin = emu_health_temperature(p->s);

	vin = over->vin_mv ? over->vin_mv : vin;
	vout = over->vout_mv ? over->vout_mv : vout;
	pin = rail->share ? slot * rail->share / 100 : i ? POWER_AUX_MW : slot;
	pout = pin * rail->efficiency / 100;
	iout = (uint32_t)((uint64_t)pout * 1000 / vout);
	if (over->iout_ma) {
		iout = over->iout_ma;
		pout = (uint32_t)((uint64_t)iout * vout / 1000);
		pin = pout * 100 / rail->efficiency;
	}
	iin = (uint32_t)((uint64_t)pin * 1000 / vin);
	snprintf(out->name, sizeof(out->name), "%s", rail->name);
	out->page = (uint8_t)i;
	out->vout_mode = (uint8_t)-POWER_VOUT_EXP & 0x1f;
	out->status_word = htole16(over->status_word | (kelvin >= EMU_WCTEMP ? 0x0004 : 0));
	out->read_vin = htole16(power_linear11(vin));
	out->read_iin = htole16(power_linear11(iin));
	out->read_vout = htole16(power_linear16(vout));
	out->read_iout = htole16(power_linear11(iout));
	out->read_temperature = htole16(power_linear11(kelvin > 273 ? (kelvin - 273) * 1000 : 0));
	out->read_pin = htole16(power_linear11(pin));
	out->read_pout = htole16(power_linear11(pout));
	out->vin_mv = htole32(vin);
	out->iin_ma = htole32(iin);
	out->vout_mv = htole32(vout);
	out->iout_ma = htole32(iout);
	out->pin_mw = htole32(pin);
	out->pout_mw = htole32(pout);
}

uint16_t emu_power_log(struct emu_cmd *cmd, uint8_t **buf, size_t *len)
{
	struct gmx_vnd_log_power *log = calloc(1, sizeof(*log));
	struct emu_power *p = cmd->ctrl->s->power;
	unsigned int ps = power_subsys_state(p->s);

	if (!log)
		return GMX_SC_INTERNAL;
	power_sample(p);
	log->length =
		htole16((uint16_t)(offsetof(struct gmx_vnd_log_power, rail) + EMU_POWER_RAILS * sizeof(struct gmx_vnd_rail)));
	log->version = htole16(GMX_VND_VERSION);
	log->nr_rails = EMU_POWER_RAILS;
	log->rail_bytes = sizeof(struct gmx_vnd_rail);
	log->power_state = (uint8_t)ps;
	log->age_ms = htole32((uint32_t)((emu_now(p->s) - p->sampled) / 1000000));
	log->power_mw = htole32(p->mw);
	log->power_average_mw = htole32(p->average_mw);
	log->power_peak_mw = htole32(p->peak_mw);
	log->limit_mw = htole32(power_limit_mw(ps));
	log->energy_mj = htole64((uint64_t)p->energy_mj);
	for (unsigned int i = 0; i < EMU_POWER_RAILS; i++)
		power_rail(p, i, &log->rail[i]);
	*buf = (uint8_t *)log;
	*len = sizeof(*log);
	return 0;
}

void emu_power_control(struct emu_subsys *s, struct emu_args *a)
{
	bool has_mw, has_rail, has_vin, has_vout, has_iout, has_status, automatic = false;
	uint32_t mw = 0, rail = 0, vin = 0, vout = 0, iout = 0, status = 0;
	struct emu_power *p = s->power;

	emu_args_flag(a, "auto", &automatic);
	has_mw = emu_args_u32(a, "power_mw", 0, POWER_MAX_MW, &mw);
	has_rail = emu_args_u32(a, "rail", 0, EMU_POWER_RAILS - 1, &rail);
	has_vin = emu_args_u32(a, "vin_mv", 0, 15999, &vin);
	has_vout = emu_args_u32(a, "vout_mv", 0, 15999, &vout);
	has_iout = emu_args_u32(a, "iout_ma", 0, 100000, &iout);
	has_status = emu_args_u32(a, "status_word", 0, 0xffff, &status);
	if (has_vin || has_vout || has_iout || has_status)
		emu_args_need(a, has_rail, "rail", "which rail the readings are of");
	if (!emu_args_end(a))
		return;
	if (automatic) {
		p->pinned_mw = 0;
		memset(p->rail, 0, sizeof(p->rail));
	}
	if (has_mw)
		p->pinned_mw = mw;
	if (mw)
		p->mw = mw;
	if (has_vin)
		p->rail[rail].vin_mv = vin;
	if (has_vout)
		p->rail[rail].vout_mv = vout;
	if (has_iout)
		p->rail[rail].iout_ma = iout;
	if (has_status)
		p->rail[rail].status_word = (uint16_t)status;
}

void emu_power_status(struct emu_subsys *s, json_object *out)
{
	json_object *states = json_object_new_array();

	power_sample(s->power);
	json_object_object_add(out, "power_mw", json_object_new_int64(s->power->mw));
	json_object_object_add(out, "average_mw", json_object_new_int64(s->power->average_mw));
	json_object_object_add(out, "peak_mw", json_object_new_int64(s->power->peak_mw));
	for (unsigned int i = 0; i < s->nr_ctrls; i++)
		json_object_array_add(states, json_object_new_int64(s->ctrls[i] ? s->ctrls[i]->power_state : 0));
	json_object_object_add(out, "states", states);
}
