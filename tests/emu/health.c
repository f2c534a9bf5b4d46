// SPDX-License-Identifier: GPL-2.0-or-later
/* SMART and extended health: what counts what, what outlives power, when the host is warned. */
/* Covers: GMX_LOG_SMART GMX_VND_LOG_HEALTH GMX_FEAT_TEMP_THRESHOLD */
#include "vnd.h"

static struct gmx_log_smart smart;
static struct gmx_vnd_log_health health;
static uint8_t buf[128 << 10];

static uint64_t number(const uint8_t field[16])
{
	uint64_t low, high;

	memcpy(&low, field, 8);
	memcpy(&high, field + 8, 8);
	check(!high, "upper half");
	return le64toh(low);
}

static void look(void)
{
	check(!vnd_log(GMX_LOG_SMART, 0, &smart, sizeof(smart)), "SMART");
	check(!vnd_log(GMX_VND_LOG_HEALTH, 0, &health, sizeof(health)), "extended health");
}

static unsigned int kelvin(void)
{
	look();
	return smart.temperature[0] | smart.temperature[1] << 8;
}

static void io(uint8_t opcode, uint32_t blocks)
{
	check(!nvm(.opcode = opcode, .nsid = 1, .cdw12 = blocks - 1, .data = buf, .len = blocks * 512), "I/O");
}

static void fresh(void)
{
	static const struct {
		const char *family;
		unsigned int speed, width;
	} families[] = { { "g1", 3, 8 }, { "g2", 4, 4 }, { "g3", 5, 4 } };

	for (unsigned int i = 0; i < ARRAY_SIZE(families); i++) {
		vnd_start(families[i].family, NULL);
		look();
		check(!smart.critical_warning && smart.avail_spare == 100 && smart.spare_thresh == 10 && !smart.percent_used,
		      "a new one");
		check(number(smart.power_cycles) == 1 && !number(smart.unsafe_shutdowns) && !number(smart.media_errors) &&
			      !number(smart.data_units_read) && !number(smart.data_units_written) && !number(smart.host_reads),
		      "counters");
		check(kelvin() > 290 && kelvin() < 320, "%u K", kelvin());
		check(le16toh(smart.temp_sensor[0]) > 280 && le16toh(smart.temp_sensor[1]) > 280 && !smart.temp_sensor[2],
		      "two sensors");
		check(le16toh(health.length) == 144 && le16toh(health.version) == 0x100 && health.state == GMX_VND_STATE_GOOD &&
			      !health.problems,
		      "extended health");
		check(le16toh(health.nr_drives) == 1 && !health.nr_drives_failed && health.link_speed == families[i].speed &&
			      health.link_width == families[i].width,
		      "drives and link");
		check(le16toh(health.temperature_warning) == EMU_WCTEMP && le16toh(health.temperature_critical) == EMU_CCTEMP,
		      "thresholds");
		for (unsigned int k = 144; k < sizeof(health); k++)
			check(!((uint8_t *)&health)[k], "byte %u is reserved", k);
		vnd_stop();
	}
	tap_group("a new controller");
}

static void counters(void)
{
	vnd_start("g2", NULL);
	io(GMX_NVM_WRITE, 1);
	look();
	check(number(smart.host_writes) == 1 && number(smart.data_units_written) == 1 && !number(smart.host_reads),
	      "a block counts as a unit");
	for (unsigned int i = 0; i < 9; i++)
		io(GMX_NVM_WRITE, 200);
	for (unsigned int i = 0; i < 11; i++)
		io(GMX_NVM_READ, 200);
	look();
	check(number(smart.host_writes) == 10 && number(smart.data_units_written) == 2, "units of 1000 blocks, rounded up");
	check(number(smart.host_reads) == 11 && number(smart.data_units_read) == 3, "reads");
	check(le64toh(health.bytes_written) == 1801 * 512 && le64toh(health.bytes_read) == 2200 * 512, "bytes");
	check(nvm(.opcode = GMX_NVM_READ, .nsid = 1, .cdw10 = 0xffffffff, .data = buf, .len = 512) != 0, "a read that fails");
	look();
	check(number(smart.error_log_entries) == 1 && le64toh(health.commands_failed) == 1, "error log");
	check(vnd_ok("media-error", "\"nsid\":1,\"lba\":40"), "media error");
	check(nvm(.opcode = GMX_NVM_READ, .nsid = 1, .cdw10 = 40, .data = buf, .len = 512) != 0, "a read of it");
	look();
	check(number(smart.media_errors) == 1 && le64toh(health.media_errors) == 1, "media errors");
	vnd_advance(3 * 3600 * 1000 + 1000);
	look();
	check(number(smart.power_on_hours) == 3 && le64toh(health.power_on_seconds) >= 3 * 3600 &&
		      le64toh(health.uptime_ms) >= 3 * 3600 * 1000,
	      "hours");
	vnd_stop();
	tap_group("what is counted");
}

static void busy(void)
{
	vnd_start("g2", NULL);
	for (unsigned int i = 0; i < 32000; i++) {
		io(GMX_NVM_READ, 1);
		vnd_advance(2);
	}
	vnd_advance(3600 * 1000);
	look();
	check(number(smart.busy_time) == 1, "%llu minutes", (unsigned long long)number(smart.busy_time));
	vnd_stop();
	tap_group("busy time");
}

static void power_cycles(void)
{
	uint64_t units, hours;

	vnd_start("g2", NULL);
	vnd_shut_down(0);
	vnd_reopen();
	look();
	check(number(smart.power_cycles) == 2 && !number(smart.unsafe_shutdowns), "in order");
	vnd_power_cut();
	look();
	check(number(smart.power_cycles) == 3 && number(smart.unsafe_shutdowns) == 1, "power cut");
	vnd_shut_down(0);
	vnd_power_cut();
	look();
	check(number(smart.power_cycles) == 4 && number(smart.unsafe_shutdowns) == 1, "a cut after a shutdown is safe");
	for (unsigned int i = 0; i < 20; i++) {
		io(GMX_NVM_WRITE, 200);
		vnd_advance(700);
		look();
		units = number(smart.data_units_written);
		hours = le64toh(health.power_on_seconds);
		vnd_power_cut();
		look();
		check(number(smart.data_units_written) == units && le64toh(health.bytes_written) >= (units - 1) * 512000,
		      "units %u", i);
		check(le64toh(health.power_on_seconds) >= hours, "seconds %u", i);
		check(number(smart.unsafe_shutdowns) == 2 + i && number(smart.power_cycles) == 5 + i, "cycles %u", i);
	}
	/* Nobody reads: a cut loses seconds, not more. */
	for (unsigned int i = 0; i < 200; i++) {
		io(GMX_NVM_WRITE, 100);
		vnd_advance(100);
	}
	units = number(smart.data_units_written);
	vnd_power_cut();
	look();
	check(number(smart.data_units_written) >= units + 10 && number(smart.data_units_written) <= units + 21,
	      "%llu of 20 units", (unsigned long long)(number(smart.data_units_written) - units));
	check(vnd_ok("spare", "\"percent\":55"), "spare");
	vnd_power_cut();
	look();
	check(smart.avail_spare == 55, "spare is kept");
	vnd_stop();
	tap_group("what outlives power");
}

/* Power may go when the last controller that works is shut down. */
static void two_controllers(void)
{
	vnd_start("g2", "{\"functions\":2}");
	vnd_shut_down(0);
	check(!nvm(.function = 1, .opcode = GMX_NVM_WRITE, .nsid = 1, .data = buf, .len = 512), "write");
	vnd_power_cut();
	look();
	check(number(smart.unsafe_shutdowns) == 1, "one is shut down, the other writes");
	vnd_shut_down(0);
	vnd_shut_down(1);
	vnd_power_cut();
	look();
	check(number(smart.unsafe_shutdowns) == 1, "both are shut down");
	vnd_shut_down(1);
	vnd_shut_down(0);
	vnd_enable(1);
	vnd_power_cut();
	look();
	check(number(smart.unsafe_shutdowns) == 2, "one works again");
	emu_ctrl_reset(vnd_fn[1].ctrl, EMU_RESET_FLR);
	vnd_shut_down(0);
	vnd_power_cut();
	look();
	check(number(smart.unsafe_shutdowns) == 2, "the other is not in use");
	vnd_stop();
	tap_group("shutdowns of two controllers");
}

static void warmth(void)
{
	unsigned int idle, loaded, after;

	vnd_start("g2", NULL);
	vnd_advance(600 * 1000);
	idle = kelvin();
	/* 640 MiB a second for two minutes */
	for (unsigned int i = 0; i < 2400; i++) {
		check(!nvm(.opcode = GMX_NVM_VERIFY, .nsid = 1, .cdw12 = 65535), "verify");
		vnd_advance(50);
	}
	loaded = kelvin();
	check(loaded >= idle + 10 && loaded < EMU_WCTEMP, "%u K idle, %u K under load", idle, loaded);
	vnd_advance(10 * 1000);
	after = kelvin();
	check(after < loaded && after > idle, "%u K a while later", after);
	vnd_advance(600 * 1000);
	check(kelvin() == idle, "%u K at rest", kelvin());
	check(le16toh(health.temperature_high) >= loaded && le16toh(health.temperature_low) <= idle, "extremes");
	vnd_stop();
	tap_group("temperature follows the load");
}

static uint16_t threshold(unsigned int sensor, unsigned int type, unsigned int value)
{
	return admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_TEMP_THRESHOLD,
		     .cdw11 = type << 20 | sensor << 16 | value);
}

static void temperature_warnings(void)
{
	static const struct {
		unsigned int over, under, kelvin;
		bool warns;
	} cases[] = {
		{ 343, 0, 342, false },	 { 343, 0, 343, true },	   { 320, 0, 320, true },     { 320, 0, 319, false },
		{ 343, 290, 290, true }, { 343, 290, 291, false }, { 0xffff, 0, 500, false },
	};
	char keys[40];

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		uint32_t event;

		vnd_start("g2", NULL);
		vnd_post_events(1);
		check(!threshold(0, GMX_TEMP_OVER, cases[i].over) && !threshold(0, GMX_TEMP_UNDER, cases[i].under), "thresholds");
		snprintf(keys, sizeof(keys), "\"kelvin\":%u", cases[i].kelvin);
		vnd_quiet();
		check(vnd_ok("temperature", keys), "temperature");
		event = vnd_event();
		check((event == (GMX_AEN_SMART | GMX_AEN_SMART_TEMPERATURE << 8 | GMX_LOG_SMART << 16)) == cases[i].warns,
		      "case %u: %08x", i, event);
		check(kelvin() == cases[i].kelvin && !!(smart.critical_warning & GMX_SMART_TEMPERATURE) == cases[i].warns,
		      "case %u: warning", i);
		vnd_stop();
	}
	vnd_start("g2", NULL);
	vnd_quiet();
	vnd_post_events(1);
	check(!threshold(2, GMX_TEMP_OVER, 330) && vnd_ok("temperature", "\"kelvin\":334"), "sensor 2 is some kelvin cooler");
	check(vnd_event() == NO_EVENT, "not yet");
	check(vnd_ok("temperature", "\"kelvin\":336") && vnd_event() != NO_EVENT, "a sensor's threshold");
	vnd_post_events(1);
	check(vnd_ok("temperature", "\"kelvin\":337") && vnd_event() == NO_EVENT, "no second event while it lasts");
	look();
	check(vnd_ok("temperature", "\"kelvin\":310") && vnd_ok("temperature", "\"kelvin\":340") && vnd_event() != NO_EVENT,
	      "again");
	vnd_post_events(1);
	look();
	check(!threshold(0, GMX_TEMP_OVER, 330) && vnd_event() == NO_EVENT, "the same warning for another reason");
	check(vnd_ok("temperature", "\"kelvin\":0"), "as the load makes it");
	vnd_advance(3600 * 1000);
	check(kelvin() < 320 && !smart.critical_warning, "cool again");
	check(vnd_ok("temperature", "\"kelvin\":350"), "hot");
	vnd_advance(185 * 1000);
	check(vnd_ok("temperature", "\"kelvin\":360"), "very hot");
	vnd_advance(125 * 1000);
	look();
	check(le32toh(smart.warning_temp_time) == 5 && le32toh(smart.critical_temp_time) == 2, "%u and %u minutes",
	      le32toh(smart.warning_temp_time), le32toh(smart.critical_temp_time));
	vnd_stop();
	tap_group("temperature warnings");
}

static void other_warnings(void)
{
	uint32_t event;

	vnd_start("g2", NULL);
	vnd_quiet();
	vnd_post_events(1);
	check(vnd_ok("spare", "\"percent\":10") && vnd_event() == NO_EVENT, "spare at its threshold");
	check(vnd_ok("spare", "\"percent\":9"), "below it");
	check(vnd_event() == (GMX_AEN_SMART | GMX_AEN_SMART_SPARE << 8 | GMX_LOG_SMART << 16), "event");
	look();
	check(smart.critical_warning == GMX_SMART_SPARE && health.state == GMX_VND_STATE_FAILING &&
		      le32toh(health.problems) == GMX_VND_PROBLEM_SPARE,
	      "warning");
	check(vnd_ok("spare", "\"percent\":100"), "spare");
	vnd_post_events(1);
	check(vnd_ok("drive-fail", "\"drive\":0"), "drive");
	check(vnd_event() == (GMX_AEN_SMART | GMX_AEN_SMART_RELIABILITY << 8 | GMX_LOG_SMART << 16), "event");
	look();
	check(smart.critical_warning == GMX_SMART_RELIABILITY && health.state == GMX_VND_STATE_FAILED &&
		      le16toh(health.nr_drives_failed) == 1 &&
		      le32toh(health.problems) == (GMX_VND_PROBLEM_RELIABILITY | GMX_VND_PROBLEM_DRIVE),
	      "warning");
	check(vnd_ok("drive-repair", "\"drive\":0"), "repair");
	look();
	check(!smart.critical_warning && health.state == GMX_VND_STATE_GOOD, "well again");
	vnd_stop();
	vnd_start("g2", NULL);
	vnd_quiet();
	check(!admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_ASYNC_EVENT), "no events");
	vnd_post_events(1);
	check(vnd_ok("spare", "\"percent\":1") && vnd_event() == NO_EVENT, "feature 0Bh");
	vnd_stop();
	vnd_start("g2", NULL);
	check(vnd_ok("spare", "\"percent\":1"), "spare");
	vnd_power_cut();
	vnd_post_events(1);
	vnd_advance(2000);
	event = vnd_event();
	check(event == (GMX_AEN_SMART | GMX_AEN_SMART_SPARE << 8 | GMX_LOG_SMART << 16), "who comes later is told too: %08x",
	      event);
	vnd_stop();
	tap_group("spare and drives");
}

static void namespaces(void)
{
	vnd_start("g2", NULL);
	for (unsigned int i = 0; i < 2; i++) {
		uint8_t page = i ? GMX_VND_LOG_HEALTH : GMX_LOG_SMART;

		check(!admin(.opcode = GMX_ADM_GET_LOG, .nsid = GMX_NSID_ALL, .cdw10 = page | 127 << 16, .data = buf, .len = 512),
		      "all");
		check(!admin(.opcode = GMX_ADM_GET_LOG, .nsid = 0, .cdw10 = page | 127 << 16, .data = buf, .len = 512), "none");
		check(admin(.opcode = GMX_ADM_GET_LOG, .nsid = 1, .cdw10 = page | 127 << 16, .data = buf, .len = 512) ==
			      (GMX_SC_INVALID_FIELD | GMX_STS_DNR),
		      "not of a namespace");
	}
	vnd_stop();
	tap_group("no health of namespaces");
}

int main(void)
{
	fresh();
	counters();
	busy();
	power_cycles();
	two_controllers();
	warmth();
	temperature_warnings();
	other_warnings();
	namespaces();
	return tap_done();
}
