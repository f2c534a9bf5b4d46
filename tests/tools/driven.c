// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * driven NAME: libgmx's vendor ioctls on an emulated G3 with the serial number GMXDRIVEN, 512 MiB, a namespace of 64 MiB, of
 * which 1 MiB has been written and read. In a guest (the case libgmx-driven) the driver answers, and what it says is written down; tests/unit/libgmx-driven.t replays that.
 * What is asserted holds for both.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libgmx/libgmx.h>

#include "tap.h"

#define MIB	   (1ull << 20)
#define YEAR_2026  1767225600ull
#define CENTURY_NS (3155760000ull * 1000000000ull)

static struct libgmx_ctrl *ctrl;
static struct gmx_ioc_info info;

static bool is_text(const char *text, size_t room)
{
	size_t len = strnlen(text, room);

	for (size_t i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return len && len < room && text[len - 1] != ' ';
}

static bool is_time(uint64_t ns)
{
	return ns / 1000000000ull >= YEAR_2026 && ns < YEAR_2026 * 1000000000ull + CENTURY_NS;
}

static void test_info(void)
{
	check(!libgmx_drv_info(ctrl, &info), "it answers");
	check(info.size == sizeof(info) && info.abi_version == GMX_IOC_VERSION, "size %u, version %#x", info.size,
	      info.abi_version);
	check(info.state == GMX_IOC_STATE_LIVE, "state %u", info.state);
	check(!strcmp(info.serial, "GMXDRIVEN"), "serial number '%s'", info.serial);
	check(is_text(info.model, sizeof(info.model)) && is_text(info.firmware, sizeof(info.firmware)) &&
		      is_text(info.driver_version, sizeof(info.driver_version)),
	      "texts");
	check(!strncmp(info.subnqn, "nqn.", 4) && strlen(info.pci_address) == strlen("0000:01:00.0"), "names");
	check(info.pci_vendor == 0x474d && info.pci_device == 0x0300 && info.family == 3, "ids");
	check(info.capacity_bytes == 512 * MIB && info.unallocated_bytes == 448 * MIB, "%llu bytes, %llu free",
	      (unsigned long long)info.capacity_bytes, (unsigned long long)info.unallocated_bytes);
	check(info.nr_namespaces == 1 && info.max_transfer >= 4096 && info.queues_default >= 1, "limits");
	check(info.nr_fw_slots >= 1 && info.nr_fw_slots <= 7 && info.nr_power_states >= 1 && info.nr_power_states <= 32 &&
		      info.nr_events_max >= 16,
	      "numbers");
	check(info.dma_bits == 64 && info.ghi_version == 0x0100, "vendor page");
	tap_group("info");
}

static void test_health(void)
{
	struct gmx_ioc_health io = { .flags = 0 };
	struct libgmx_health health;

	check(!libgmx_drv_health(ctrl, &io), "it answers");
	check(io.valid & GMX_IOC_HEALTH_EXTENDED && io.state == GMX_IOC_HEALTH_GOOD && !io.problems, "state %u", io.state);
	check(io.age_ms <= 10000, "%u ms old", io.age_ms);
	check(io.spare_percent == 100 && io.spare_threshold < 100 && io.used_percent <= 1, "spare %u", io.spare_percent);
	check(io.temperature > 0 && io.temperature < io.temperature_warning && io.temperature_warning < io.temperature_critical,
	      "%d, %d, %d degrees", io.temperature, io.temperature_warning, io.temperature_critical);
	check(io.temperature_low <= io.temperature && io.temperature <= io.temperature_high, "%d to %d", io.temperature_low,
	      io.temperature_high);
	check(io.nr_drives == 1 && !io.nr_drives_failed && !io.media_errors, "drives");
	check(io.power_cycles >= 1 && io.read_commands >= 16 && io.bytes_written >= MIB && io.bytes_read >= MIB && io.uptime_ms,
	      "%llu commands have read %llu bytes, %llu bytes written", (unsigned long long)io.read_commands,
	      (unsigned long long)io.bytes_read, (unsigned long long)io.bytes_written);
	/* a second look may be at another copy, but not at an older */
	check(!libgmx_health_read(ctrl, &health), "decoded");
	check(health.state == LIBGMX_STATE_GOOD && health.spare_percent == 100 &&
		      health.warning_celsius == io.temperature_warning && health.uptime_ms >= io.uptime_ms &&
		      health.bytes_read >= io.bytes_read && health.nr_drives == 1,
	      "as libgmx has it");
	tap_group("health");
}

static void test_stats(void)
{
	struct gmx_ioc_stats io = { .flags = 0 };
	struct gmx_ioc_recovery recovery = { .set = 0 };
	uint64_t sum = 0;

	check(!libgmx_drv_stats(ctrl, &io), "it answers");
	for (size_t i = 0; i < ARRAY_SIZE(io.resets_by_reason); i++)
		sum += io.resets_by_reason[i];
	check(io.resets == sum && io.resets_by_reason[GMX_IOC_RESET_REQUEST] == 1, "%llu resets, one asked for",
	      (unsigned long long)io.resets);
	check(is_text(io.last_reset_reason, sizeof(io.last_reset_reason)) && is_time(io.last_reset_ns) && io.last_reset_us,
	      "the last: '%s'", io.last_reset_reason);
	check(!io.timeouts && !io.aborts && !io.events_lost && !io.stale_completions, "nothing went wrong");
	check(!libgmx_drv_recovery(ctrl, &recovery), "policy");
	check(recovery.io_timeout_ms >= 100 && recovery.admin_timeout_ms >= 100 && recovery.budget_ms <= 600000, "time-outs");
	tap_group("stats");
}

static void test_events(void)
{
	static struct gmx_ioc_event e[64];
	struct gmx_ioc_events io = { .data = (uintptr_t)e, .data_bytes = sizeof(e) }, rest;

	check(!libgmx_drv_events(ctrl, &io), "it answers");
	check(io.count >= 3 && io.count <= ARRAY_SIZE(e) && !io.lost, "%u events", io.count);
	for (unsigned int i = 0; i < io.count && i < ARRAY_SIZE(e); i++) {
		check(e[i].sequence == e[0].sequence + i, "%u has the number %llu", i, (unsigned long long)e[i].sequence);
		check(e[i].severity <= GMX_IOC_SEV_CRITICAL && is_text(e[i].text, sizeof(e[i].text)), "%u: '%.80s'", i,
		      e[i].text);
		check(is_time(e[i].time_ns) && (!i || e[i].boot_ns >= e[i - 1].boot_ns), "when %u was", i);
	}
	check(io.next == e[io.count - 1].sequence + 1 && io.newest == io.next - 1, "next %llu, newest %llu",
	      (unsigned long long)io.next, (unsigned long long)io.newest);
	rest = (struct gmx_ioc_events){ .from = io.next, .data = (uintptr_t)e, .data_bytes = sizeof(e) };
	check(!libgmx_drv_events(ctrl, &rest) && !rest.count && rest.next == io.next && rest.ring_id == io.ring_id, "no more");
	tap_group("events");
}

static void test_firmware(void)
{
	struct gmx_ioc_fw_info io = { .flags = 0 };

	check(!libgmx_drv_fw_info(ctrl, &io), "it answers");
	check(io.nr_slots == info.nr_fw_slots && io.running_slot >= 1 && io.running_slot <= io.nr_slots, "slot %u of %u",
	      io.running_slot, io.nr_slots);
	check(io.granularity >= 4096 && io.max_part >= io.granularity && !(io.max_part % io.granularity), "parts of %u",
	      io.max_part);
	check(!strcmp(io.running_revision, info.firmware) && !strcmp(io.revision[io.running_slot], info.firmware), "it runs '%s'",
	      io.running_revision);
	check(!io.stage && !io.bytes_received && !io.failures && !io.next_reset, "no update");
	tap_group("firmware");
}

static void test_power(void)
{
	struct gmx_ioc_power io = { .set = 0 };

	check(!libgmx_drv_power(ctrl, &io), "it answers");
	check(io.power_state < io.nr_power_states && io.nr_power_states == info.nr_power_states, "state %u", io.power_state);
	check(io.nr_rails >= 1 && io.nr_rails <= 7, "%u rails", io.nr_rails);
	check(io.power_mw >= 100 && io.power_mw <= io.power_peak_mw && io.power_peak_mw <= 100000 && io.limit_mw >= 1000,
	      "%u mW, peak %u, limit %u", io.power_mw, io.power_peak_mw, io.limit_mw);
	for (unsigned int i = 0; i < io.nr_rails && i < 7; i++) {
		const struct gmx_ioc_rail *r = &io.rail[i];

		check(is_text(r->name, sizeof(r->name)) && r->vin_mv >= 500 && r->vin_mv <= 50000 && r->vout_mv >= 500 &&
			      r->vout_mv <= 50000,
		      "rail %u: '%.16s'", i, r->name);
		check(r->temperature > -40 && r->temperature < 150, "rail %u: %d degrees", i, r->temperature);
	}
	tap_group("power");
}

static void test_mi(void)
{
	uint8_t vpd[256] = { 0 }, sum = 0;
	struct gmx_ioc_mi io = { .opcode = 5, .dword1 = sizeof(vpd), .data = (uintptr_t)vpd, .data_bytes = sizeof(vpd) };

	check(!libgmx_drv_mi(ctrl, &io) && !(io.response & 0xff) && !io.nvme_status, "response %#x", io.response);
	/* the common header of IPMI's FRU information: version 1, and a sum of 0 */
	for (unsigned int i = 0; i < 8; i++)
		sum = (uint8_t)(sum + vpd[i]);
	check(vpd[0] == 1 && !sum, "its header adds up to %u", sum);
	io = (struct gmx_ioc_mi){ .opcode = 0x7f };
	check(!libgmx_drv_mi(ctrl, &io) && (io.response & 0xff) == 3, "an unknown command: response %#x", io.response);
	tap_group("NVMe-MI");
}

static void look_at(const void *data, uint64_t bytes)
{
	struct libgmx_telemetry t;

	check(!libgmx_decode_telemetry(data, bytes, &t), "decoded");
	check(t.lid == 7 && t.family == 3 && !strcmp(t.serial, "GMXDRIVEN") && !strcmp(t.firmware, info.firmware), "of '%s'",
	      t.serial);
	check(t.area_bytes[0] == bytes && t.area_bytes[0] <= t.area_bytes[1] && t.area_bytes[1] <= t.area_bytes[2], "areas");
	check(t.nr_sections >= 1, "%u sections", t.nr_sections);
	for (unsigned int i = 0; i < t.nr_sections; i++)
		check(t.section[i].data >= (const uint8_t *)data + 512 &&
			      t.section[i].data + (size_t)t.section[i].entry_bytes * t.section[i].count <=
				      (const uint8_t *)data + bytes,
		      "section %u lies within", i);
}

static void test_telemetry(void)
{
	struct gmx_ioc_telemetry begin = { .source = GMX_IOC_TELEMETRY_HOST, .area = 1 };
	struct gmx_ioc_op op = { .timeout_ms = 60000 };
	struct gmx_ioc_telemetry_read part;
	uint8_t *data;

	check(!libgmx_drv_telemetry(ctrl, &begin) && begin.id, "begun");
	op.id = begin.id;
	check(!libgmx_drv_op(ctrl, &op), "waited for");
	check(op.kind == GMX_IOC_OP_TELEMETRY && op.state == GMX_IOC_OP_DONE && op.percent == 100 && !op.error,
	      "state %u, error %d", op.state, op.error);
	check(is_time(op.started_ns) && op.ended_ns >= op.started_ns, "its times");
	check(op.result >= 1024 && op.result <= MIB && !(op.result % 512), "%llu bytes", (unsigned long long)op.result);
	data = op.result <= MIB ? malloc(op.result) : NULL;
	if (!data)
		return;
	/* in two parts, and what lies behind the end */
	part = (struct gmx_ioc_telemetry_read){ .id = op.id, .data = (uintptr_t)data, .bytes = 512 };
	check(!libgmx_drv_telemetry_read(ctrl, &part) && part.bytes == 512 && part.total == op.result, "the first block");
	part = (struct gmx_ioc_telemetry_read){
		.id = op.id, .offset = 512, .data = (uintptr_t)(data + 512), .bytes = (uint32_t)op.result - 512
	};
	check(!libgmx_drv_telemetry_read(ctrl, &part) && part.bytes == op.result - 512, "the rest");
	look_at(data, op.result);
	part = (struct gmx_ioc_telemetry_read){ .id = op.id, .offset = op.result, .data = (uintptr_t)data, .bytes = 512 };
	check(!libgmx_drv_telemetry_read(ctrl, &part) && !part.bytes, "nothing behind it");
	part = (struct gmx_ioc_telemetry_read){ .id = op.id + 1, .data = (uintptr_t)data, .bytes = 512 };
	check(libgmx_drv_telemetry_read(ctrl, &part) == -ENOENT, "not another's");
	free(data);
	tap_group("telemetry");
}

int main(int argc, char **argv)
{
	int rc = libgmx_open(argc > 1 ? argv[1] : "gmx0", &ctrl);

	check(!rc, "opened: %d", rc);
	tap_group("open");
	if (rc)
		return tap_done();
	test_info();
	test_health();
	test_stats();
	test_events();
	test_firmware();
	test_power();
	test_mi();
	test_telemetry();
	libgmx_close(ctrl);
	return tap_done();
}
