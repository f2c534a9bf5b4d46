// SPDX-License-Identifier: GPL-2.0-or-later
/* Power states, their transitions by time, and what the regulators say. */
/* Covers: GMX_VND_LOG_POWER GMX_FEAT_POWER GMX_FEAT_APST */
#include "vnd.h"

static struct gmx_vnd_log_power seen;
static uint8_t buf[128 << 10];

static unsigned int state(void)
{
	check(!admin(.opcode = GMX_ADM_GET_FEATURES, .cdw10 = GMX_FEAT_POWER), "Get Features");
	return GMX_POWER_PS(vnd_dw0);
}

static uint16_t set_state(unsigned int ps)
{
	return admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_POWER, .cdw11 = ps);
}

static uint16_t set_apst(bool on, const uint64_t *entries, unsigned int nr)
{
	uint64_t table[32] = { 0 };

	for (unsigned int i = 0; i < nr; i++)
		table[i] = htole64(entries[i]);
	return admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_APST, .cdw11 = on, .data = table, .len = sizeof(table));
}

#define GO(ps, ms) ((uint64_t)(ps) << 3 | (uint64_t)(ms) << 8)

static void read_block(void)
{
	check(!nvm(.opcode = GMX_NVM_READ, .nsid = 1, .data = buf, .len = 512), "read");
}

static void look(void)
{
	check(!vnd_log(GMX_VND_LOG_POWER, 0, &seen, sizeof(seen)), "log page");
}

static void states(void)
{
	struct gmx_id_ctrl *id = (struct gmx_id_ctrl *)buf;

	vnd_start("g2", NULL);
	check(state() == 0, "PS0 after power on");
	check(!vnd_identify(GMX_CNS_CTRL, 0, buf) && id->npss == 4, "five states");
	for (unsigned int ps = 0; ps <= 4; ps++) {
		uint32_t limit = le16toh(id->psd[ps].max_power) * 10;

		check(!set_state(ps) && state() == ps, "PS%u", ps);
		vnd_advance(200);
		look();
		check(seen.power_state == ps && le32toh(seen.limit_mw) == limit && le32toh(seen.power_mw) <= limit,
		      "PS%u: %u of %u mW", ps, le32toh(seen.power_mw), limit);
	}
	check(set_state(5) == (GMX_SC_INVALID_FIELD | GMX_STS_DNR) && state() == 4, "PS5");
	read_block();
	check(state() == 2, "I/O goes back to the last operational state: PS%u", state());
	check(!set_state(1), "PS1");
	vnd_enable(0);
	check(state() == 0, "a reset ends it");
	vnd_stop();
	tap_group("power states");
}

static void idle(void)
{
	static const uint64_t steps[] = { GO(3, 100), GO(3, 100), GO(3, 100), GO(4, 1000) };

	vnd_start("g2", NULL);
	check(!set_apst(true, steps, 4), "APST");
	read_block();
	vnd_advance(99);
	check(state() == 0, "not before its time");
	vnd_advance(2);
	check(state() == 3, "idle");
	vnd_advance(998);
	check(state() == 3, "not yet");
	vnd_advance(3);
	check(state() == 4, "deeper");
	vnd_advance(3600 * 1000);
	check(state() == 4, "no further");
	read_block();
	check(state() == 0, "I/O wakes it");
	for (unsigned int i = 0; i < 20; i++) {
		vnd_advance(60);
		read_block();
		check(state() == 0, "it is not idle");
	}
	vnd_advance(101);
	check(state() == 3, "idle again");
	check(!set_state(1) && state() == 1, "PS1");
	vnd_advance(101);
	check(state() == 3, "from PS1 as well");
	read_block();
	check(state() == 1, "and back to PS1");
	check(!set_apst(false, steps, 4), "off");
	vnd_advance(3600 * 1000);
	check(state() == 1, "stays");
	check(!set_apst(true, NULL, 0), "an empty table");
	vnd_advance(3600 * 1000);
	check(state() == 1, "stays");
	vnd_stop();
	tap_group("autonomous transitions");
}

static void not_idle(void)
{
	static const uint64_t steps[] = { GO(3, 50), GO(3, 50), GO(3, 50) };

	vnd_start("g2", NULL);
	check(!set_apst(true, steps, 3), "APST");
	check(vnd_ok("fault-add", "\"kind\":\"delay\",\"opcode\":\"read\",\"us\":500000,\"count\":1"), "a slow command");
	vnd_post(.opcode = GMX_NVM_READ, .queue = 1, .nsid = 1, .data = buf, .len = 512);
	vnd_advance(400);
	check(state() == 0, "with a command under way");
	vnd_advance(200);
	check(vnd_peek(0, 1), "it is done");
	vnd_advance(60);
	check(state() == 3, "now");
	vnd_enable(0);
	vnd_advance(200);
	check(state() == 0, "a reset forgets the table");
	vnd_stop();
	tap_group("a command under way is no idleness");
}

static double linear11(__le16 raw)
{
	int mantissa = (int16_t)(le16toh(raw) << 5) >> 5, exponent = (int16_t)le16toh(raw) >> 11;
	double value = mantissa;

	for (; exponent > 0; exponent--)
		value *= 2;
	for (; exponent < 0; exponent++)
		value /= 2;
	return value;
}

static void close_to(double raw, uint32_t milli, const char *what, unsigned int rail)
{
	double value = milli / 1000.0, off = raw > value ? raw - value : value - raw;

	check(off <= value * 0.002 + 0.0001, "rail %u: %s is %f raw and %f", rail, what, raw, value);
}

static void rails(void)
{
	static const char *const families[] = { "g1", "g2", "g3" };

	for (unsigned int f = 0; f < ARRAY_SIZE(families); f++) {
		uint32_t in = 0;

		vnd_start(families[f], NULL);
		vnd_advance(1000);
		look();
		check(le16toh(seen.version) == 0x100 && seen.rail_bytes == 64 && seen.nr_rails == 5 &&
			      le16toh(seen.length) == 64 + seen.nr_rails * 64,
		      "head");
		for (unsigned int i = 0; i < seen.nr_rails; i++) {
			struct gmx_vnd_rail *r = &seen.rail[i];
			int exponent = (int8_t)(r->vout_mode << 3) >> 3;

			check(r->name[0] && r->page == i && !r->status_word && exponent == -12, "rail %u", i);
			close_to(linear11(r->read_vin), le32toh(r->vin_mv), "vin", i);
			close_to(linear11(r->read_iin), le32toh(r->iin_ma), "iin", i);
			close_to(linear11(r->read_iout), le32toh(r->iout_ma), "iout", i);
			close_to(linear11(r->read_pin), le32toh(r->pin_mw), "pin", i);
			close_to(linear11(r->read_pout), le32toh(r->pout_mw), "pout", i);
			close_to(le16toh(r->read_vout) / 4096.0, le32toh(r->vout_mv), "vout", i);
			check(linear11(r->read_temperature) > 20 && linear11(r->read_temperature) < 60, "rail %u: temperature",
			      i);
			check(le32toh(r->pout_mw) <= le32toh(r->pin_mw), "rail %u: more out than in", i);
			check((uint64_t)le32toh(r->vin_mv) * le32toh(r->iin_ma) / 1000 <= le32toh(r->pin_mw) + 1u,
			      "rail %u: power is not U x I", i);
			if (i < 2)
				in += le32toh(r->pin_mw);
		}
		check(in == le32toh(seen.power_mw), "%u mW come in, %u mW are shown", in, le32toh(seen.power_mw));
		vnd_stop();
	}
	tap_group("rails: raw and plain readings agree");
}

static void load(void)
{
	uint32_t idle, busy, energy;

	vnd_start("g2", NULL);
	vnd_advance(30000);
	look();
	idle = le32toh(seen.power_mw);
	check(le32toh(seen.power_average_mw) == idle && le32toh(seen.power_peak_mw) >= idle, "at rest");
	energy = (uint32_t)le64toh(seen.energy_mj);
	check(energy > idle * 29 && energy < idle * 32, "energy: %u mJ", energy);
	for (unsigned int i = 0; i < 400; i++) {
		check(!nvm(.opcode = GMX_NVM_VERIFY, .nsid = 1, .cdw12 = 65535), "verify");
		vnd_advance(10);
	}
	look();
	busy = le32toh(seen.power_mw);
	check(busy > idle * 2 && busy <= le32toh(seen.limit_mw), "%u mW idle, %u busy, %u at most", idle, busy,
	      le32toh(seen.limit_mw));
	check(le32toh(seen.power_average_mw) > idle && le32toh(seen.power_average_mw) < busy, "average");
	vnd_advance(60000);
	look();
	check(le32toh(seen.power_mw) == idle && le32toh(seen.power_peak_mw) >= busy && le32toh(seen.power_average_mw) == idle,
	      "at rest again");
	check(!set_state(4), "PS4");
	vnd_advance(200);
	look();
	check(le32toh(seen.power_mw) < idle / 10, "asleep: %u mW", le32toh(seen.power_mw));
	check(vnd_ok("temperature", "\"kelvin\":350"), "hot");
	look();
	check(le16toh(seen.rail[0].status_word) & 4, "STATUS_WORD knows");
	vnd_stop();
	tap_group("power follows the load");
}

int main(void)
{
	states();
	idle();
	not_idle();
	rails();
	load();
	return tap_done();
}
