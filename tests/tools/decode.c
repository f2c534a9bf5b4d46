// SPDX-License-Identifier: GPL-2.0-or-later
/* Decoders of libgmx: values in their places and units, whatever is cut off, whatever a controller claims. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libgmx/libgmx.h>

#include "tap.h"

/* Written by offset, from the tables of the documentation: not by the structures that the decoders use */
static uint8_t page[65536];

static void put(size_t offset, uint64_t value, unsigned int bytes)
{
	for (unsigned int i = 0; i < bytes; i++)
		page[offset + i] = (uint8_t)(value >> 8 * i);
}

static void blank(void)
{
	memset(page, 0, sizeof(page));
}

static void standard(void)
{
	struct libgmx_smart s;
	struct libgmx_id_ctrl id;
	struct libgmx_id_ns ns;
	struct libgmx_selftest_log st;
	struct libgmx_sanitize_log sz;
	struct libgmx_fw_slots fw;
	struct libgmx_error_entry e[4];
	uint32_t list[8];
	char uuid[37];

	blank();
	page[0] = 5;
	put(1, 300, 2);
	page[3] = 90;
	page[5] = 255;
	put(32, 2, 8);
	put(48 + 8, 1, 8);
	put(112, 7, 8);
	put(200, 273 + 41, 2);
	check(!libgmx_decode_smart(page, 512, &s), "smart");
	check(s.warnings == 5 && s.temperature_celsius == 27 && s.spare_percent == 90 && s.used_percent == 255, "smart: bytes");
	check(s.read_bytes == 1024000 && s.written_bytes == UINT64_MAX && s.power_cycles == 7, "smart: counters");
	check(s.sensor_celsius[0] == 41 && s.sensor_celsius[1] == LIBGMX_NO_TEMPERATURE, "smart: sensors");
	check(libgmx_decode_smart(page, 100, &s) == -EBADMSG && libgmx_decode_smart(NULL, 512, &s) == -EBADMSG, "smart: cut");

	blank();
	memcpy(page + 4, "  SER\x1bIAL \0junk", 16);
	memcpy(page + 24, "Model", 5);
	put(78, 0x1234, 2);
	put(256, 1 << 3 | 1 << 1, 2);
	page[260] = 1 | 3 << 1 | 1 << 4;
	page[263] = 2;
	put(270, 50, 2);
	put(280, 1000000, 8);
	put(296, 4096, 8);
	page[319] = 2;
	put(2048, 700, 2);
	put(2080, 12345, 2);
	page[2080 + 3] = 3;
	check(!libgmx_decode_id_ctrl(page, 4096, &id), "identify");
	check(!strcmp(id.serial, "SER?IAL") && !strcmp(id.model, "Model") && id.cntlid == 0x1234, "identify: texts '%s'",
	      id.serial);
	check(id.ns_management && id.format && !id.self_test && id.fw_slots == 3 && id.fw_slot1_read_only && id.fw_no_reset,
	      "identify: bits");
	check(id.activation_ms == 5000 && id.capacity_bytes == 1000000 && id.free_bytes == 4096 &&
		      id.fw_granularity_bytes == 8192,
	      "identify: numbers");
	check(id.nr_power_states == 3 && id.power[0].max_mw == 7000 && id.power[1].max_mw == 1234 && id.power[1].non_operational,
	      "identify: power");
	page[263] = 255;
	check(!libgmx_decode_id_ctrl(page, 4096, &id) && id.nr_power_states == 32, "identify: an absurd number of power states");
	check(libgmx_decode_id_ctrl(page, 2047, &id) == -EBADMSG, "identify: cut");

	blank();
	put(0, 1000, 8);
	page[25] = 1;
	page[26] = 1;
	page[128 + 2] = 9;
	put(128 + 4, 8, 2);
	page[128 + 6] = 12;
	memset(page + 104, 0xab, 16);
	check(!libgmx_decode_id_ns(page, 4096, &ns), "namespace");
	check(ns.block_bytes == 4096 && ns.metadata_bytes == 8 && ns.nr_formats == 2 && ns.bytes == 4096000, "namespace: format");
	check(!strcmp(ns.nguid, "abababababababababababababababab") && !ns.eui64[0], "namespace: names");
	put(0, UINT64_MAX, 8);
	page[128 + 6] = 200;
	check(!libgmx_decode_id_ns(page, 4096, &ns) && !ns.block_bytes && !ns.bytes, "namespace: a block of 2^200 bytes");
	page[128 + 6] = 12;
	check(!libgmx_decode_id_ns(page, 4096, &ns) && ns.bytes == UINT64_MAX, "namespace: a size that does not fit");
	check(!ns.tells_format && !ns.format_left, "namespace: nothing of formats");
	page[32] = 0x80 | 60;
	check(!libgmx_decode_id_ns(page, 4096, &ns) && ns.tells_format && ns.format_left == 60, "namespace: a format");
	page[32] = 0xff;
	check(!libgmx_decode_id_ns(page, 4096, &ns) && ns.format_left == 100, "namespace: more than all is left");
	page[32] = 60;
	check(!libgmx_decode_id_ns(page, 4096, &ns) && !ns.format_left, "namespace: it does not say");

	blank();
	page[0] = 2;
	page[1] = 33;
	memset(page + 4, 0xff, 28 * 20);
	page[4] = 0x17;
	page[6] = 1;
	put(4 + 4, 99, 8);
	check(!libgmx_decode_selftest(page, 564, &st) && st.running == 2 && st.percent == 33 && st.nr == 1, "self-test: %u",
	      st.nr);
	check(st.entry[0].result == 7 && st.entry[0].code == 1 && st.entry[0].nsid_valid && !st.entry[0].lba_valid &&
		      st.entry[0].power_on_hours == 99,
	      "self-test: entry");

	blank();
	put(0, 32768, 2);
	put(2, 2 | 1 << 8, 2);
	check(!libgmx_decode_sanitize(page, 512, &sz) && sz.state == 2 && sz.percent == 50 && sz.erased, "sanitize");

	blank();
	page[0] = 1 | 3 << 4;
	memcpy(page + 8, "1.0     ", 8);
	memcpy(page + 24, "3.0", 3);
	check(!libgmx_decode_fw_slots(page, 512, &fw) && fw.running == 1 && fw.next == 3 && !strcmp(fw.revision[0], "1.0") &&
		      !fw.revision[1][0],
	      "firmware slots");

	blank();
	put(0, 9, 8);
	put(12, 0x4005, 2);
	put(128, 8, 8);
	check(libgmx_decode_errors(page, 256, e, 4) == 2 && e[0].count == 9 && e[0].status == 0x2002 && e[1].count == 8,
	      "error log");
	check(libgmx_decode_errors(page, 256, e, 1) == 1 && libgmx_decode_errors(page, 63, e, 4) == 0, "error log: cut");

	blank();
	put(0, 1, 4);
	put(4, 5, 4);
	put(8, 3, 4);
	check(libgmx_decode_ns_list(page, 4096, list, 8) == 2 && list[1] == 5, "a list that does not ascend ends there");
	blank();
	memcpy(page, "\1\x08\0\0\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\3\x10\0\0\1\2\3\4\5\6\7\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10",
	       32);
	libgmx_decode_ns_uuid(page, 4096, uuid);
	check(!strcmp(uuid, "01020304-0506-0708-090a-0b0c0d0e0f10"), "uuid '%s'", uuid);
	libgmx_decode_ns_uuid(page, 31, uuid);
	check(!uuid[0], "a UUID that is cut");
	tap_group("structures of NVMe");
}

static void vendor(void)
{
	struct libgmx_vendor_page v;
	struct libgmx_health h;
	struct libgmx_power p;
	struct libgmx_fw_state fw;
	struct libgmx_drive d[3];
	struct libgmx_event e;
	struct libgmx_event_log log;
	unsigned int n;
	size_t entry;

	blank();
	memcpy(page + 3072, "GMXC", 4);
	put(3076, 80, 2);
	put(3078, 0x0105, 2);
	page[3080] = 3;
	put(3088, 0x7c0, 8);
	check(!libgmx_decode_vendor_page(page, 4096, &v) && v.family == 3 && v.features == 0x7c0, "vendor page");
	put(3078, 0x0200, 2);
	check(libgmx_decode_vendor_page(page, 4096, &v) == -ENOTSUP, "another major version");
	put(3078, 0x0100, 2);
	put(3076, 40, 2);
	check(libgmx_decode_vendor_page(page, 4096, &v) == -EBADMSG && libgmx_decode_vendor_page(page, 3100, &v) == -ENOTSUP,
	      "too short");

	blank();
	put(0, 144, 2);
	put(2, 0x0100, 2);
	page[4] = 1;
	put(8, 0x10, 4);
	put(12, 320, 2);
	put(96, 11, 8);
	put(112 + 16, 3, 8);
	put(136, 77, 8);
	check(!libgmx_decode_health(page, 512, &h) && h.state == 1 && h.problems == 0x10 && h.temperature_celsius == 47,
	      "health");
	check(h.media_errors == 11 && h.link_errors[2] == 3 && h.event_sequence == 77 &&
		      h.lowest_celsius == LIBGMX_NO_TEMPERATURE,
	      "health: counters");
	put(0, 100, 2);
	check(!libgmx_decode_health(page, 512, &h) && h.bytes_read == 0 && h.event_sequence == 0,
	      "an older, shorter page: what is behind is 0");
	put(0, 65535, 2);
	check(!libgmx_decode_health(page, 144, &h) && h.event_sequence == 77, "a length beyond what was read");

	blank();
	put(0, 512, 2);
	put(2, 0x0100, 2);
	page[4] = 1;
	page[5] = 64;
	put(12, 4321, 4);
	memcpy(page + 64, "12V", 3);
	put(64 + 36, 12000, 4);
	check(!libgmx_decode_power(page, 512, &p) && p.power_mw == 4321 && p.nr_rails == 1 && p.rail[0].vin_mv == 12000 &&
		      !strcmp(p.rail[0].name, "12V"),
	      "power");
	page[4] = 8;
	check(libgmx_decode_power(page, 512, &p) == -EBADMSG, "eight rails");
	page[4] = 7;
	page[5] = 255;
	check(libgmx_decode_power(page, 512, &p) == -EBADMSG, "rails beyond the page");

	blank();
	put(0, 64, 2);
	put(2, 0x0100, 2);
	page[17] = 2;
	page[18] = 1;
	memcpy(page + 32, "R1", 2);
	check(!libgmx_decode_fw_state(page, 64, &fw) && fw.next_slot == 2 && fw.next_reset == 1 &&
		      !strcmp(fw.running_revision, "R1"),
	      "firmware state");

	blank();
	put(0, 32 + 2 * 300, 4);
	put(4, 0x0100, 2);
	put(6, 300, 2);
	put(8, 2, 4);
	put(32 + 300, 1, 2);
	memcpy(page + 32 + 300 + 72, "DRIVE2", 6);
	check(!libgmx_decode_drives(page, 632, d, 3, &n) && n == 2 && d[1].id == 1 && !strcmp(d[1].serial, "DRIVE2"),
	      "drives, with longer entries");
	put(8, 0xffffffff, 4);
	check(libgmx_decode_drives(page, 632, d, 3, &n) == -EBADMSG && !n, "more drives than there is data");
	put(6, 0, 2);
	check(libgmx_decode_drives(page, 632, d, 3, &n) == -EBADMSG, "entries of no bytes");

	blank();
	put(4, 0x0100, 2);
	put(6, 128, 2);
	put(8, 2, 4);
	put(12, 256, 4);
	put(16, 5, 8);
	put(24, 6, 8);
	check(!libgmx_decode_event_head(page, 64, &log, &entry) && entry == 128 && log.first == 5 && log.count == 2, "event log");
	put(6, 4096, 2);
	check(libgmx_decode_event_head(page, 64, &log, &entry) == -EBADMSG, "an event log with huge entries");
	put(6, 128, 2);
	put(24, 60, 8);
	check(libgmx_decode_event_head(page, 64, &log, &entry) == -EBADMSG, "an event log with gaps");
	blank();
	put(0, 9, 8);
	put(24, 0x0501, 2);
	page[26] = 5;
	memcpy(page + 48, "hot\x1b[2J \xc3\xa4 \xff", 12);
	check(!libgmx_decode_event(page, 128, &e) && e.sequence == 9 && !strcmp(e.text, "hot?[2J \xc3\xa4 ?"), "text '%s'",
	      e.text);
	check(!strcmp(libgmx_event_name(e.code), "thermal-warning") && !strcmp(libgmx_event_class_name(5), "thermal") &&
		      !libgmx_event_name(0x9999),
	      "names");
	tap_group("structures of Gigamax");
}

static void telemetry(void)
{
	struct libgmx_telemetry t;
	struct libgmx_telemetry_cmd c;

	blank();
	page[0] = 7;
	put(8, 4, 2);
	memcpy(page + 512, "GMXTELEM", 8);
	put(520, 1, 2);
	page[527] = 3;
	memcpy(page + 512 + 64, "because", 7);
	/* commands: two of 64 bytes; then one beyond the end, one whose product overflows */
	put(512 + 256, 8, 2);
	put(512 + 256 + 4, 512, 4);
	put(512 + 256 + 8, 64, 4);
	put(512 + 256 + 12, 2, 4);
	put(512 + 272, 9, 2);
	put(512 + 272 + 4, 0xffffff00, 4);
	put(512 + 272 + 8, 128, 4);
	put(512 + 272 + 12, 1, 4);
	put(512 + 288, 3, 2);
	put(512 + 288 + 8, 0xffffffff, 4);
	put(512 + 288 + 12, 0xffffffff, 4);
	page[1024 + 64 + 16] = 0x99;
	check(!libgmx_decode_telemetry(page, 4096, &t) && t.nr_sections == 1 && t.nr_cut == 2, "%u sections, %u cut",
	      t.nr_sections, t.nr_cut);
	check(!strcmp(t.reason, "because") && t.area_bytes[0] == 2560, "header");
	check(!libgmx_telemetry_command(&t.section[0], 1, &c) && c.opcode == 0x99, "a command");
	check(libgmx_telemetry_command(&t.section[0], 2, &c) == -ERANGE, "one too many");
	/* entries of a byte; the same data once more, which makes more than there is */
	put(512 + 272 + 4, 512, 4);
	put(512 + 272 + 8, 1, 4);
	put(512 + 272 + 12, 3000, 4);
	put(512 + 288 + 4, 512, 4);
	put(512 + 288 + 8, 32, 4);
	put(512 + 288 + 12, 96, 4);
	put(512 + 304, 3, 2);
	put(512 + 304 + 4, 512, 4);
	put(512 + 304 + 8, 32, 4);
	put(512 + 304 + 12, 32, 4);
	page[527] = 4;
	check(!libgmx_decode_telemetry(page, 4096, &t) && t.nr_sections == 2 && t.nr_cut == 2, "%u sections, %u cut",
	      t.nr_sections, t.nr_cut);
	page[512] = 'X';
	check(libgmx_decode_telemetry(page, 4096, &t) == -ENOTSUP && libgmx_decode_telemetry(page, 511, &t) == -EBADMSG,
	      "of somebody else");
	tap_group("telemetry");
}

static void dump(void)
{
	const size_t sections = 256;
	struct libgmx_dump d;
	struct libgmx_dump_command c;
	struct libgmx_dump_queue q;
	uint32_t reg;

	blank();
	memcpy(page, "GMXDUMP", 8);
	put(8, 1, 4);
	put(16, 4096, 8);
	put(44, 4, 4);
	memcpy(page + 48, "fatal status", 12);
	put(sections, 1, 4);
	put(sections + 4, 4, 4);
	put(sections + 8, 1024, 8);
	put(sections + 16, 256, 8);
	put(sections + 24, 4, 4);
	put(sections + 28, 88, 4);
	put(sections + 32, 2048, 8);
	put(sections + 40, 176, 8);
	/* beyond the end, and entries of nothing */
	put(sections + 48, 3, 4);
	put(sections + 52, 24, 4);
	put(sections + 56, UINT64_MAX - 8, 8);
	put(sections + 64, 24, 8);
	put(sections + 72, 3, 4);
	put(sections + 88, 24, 8);
	put(1024 + 0x1c, 0xabcd, 4);
	page[2048 + 88 + 4] = 2;
	page[2048 + 88 + 8] = 1;
	put(2048 + 88 + 8 + 40, 77, 4);
	check(!libgmx_decode_dump(page, 4096, &d) && d.nr_sections == 2 && d.nr_cut == 2, "%u sections, %u cut", d.nr_sections,
	      d.nr_cut);
	check(!strcmp(d.reason_text, "fatal status"), "reason '%s'", d.reason_text);
	check(!libgmx_dump_register(&d.section[0], 7, &reg) && reg == 0xabcd &&
		      libgmx_dump_register(&d.section[0], 64, &reg) == -ERANGE,
	      "CSTS");
	check(!libgmx_dump_command(&d.section[1], 1, &c) && c.state == 2 && c.opcode == 1 && c.cdw[0] == 77, "a command");
	check(libgmx_dump_queue(&d.section[1], 0, &q) == -ERANGE, "no queues");
	put(sections + 28, 1, 4);
	put(sections + 52, 24, 4);
	put(sections + 56, 1024, 8);
	put(sections + 64, 2400, 8);
	put(sections + 76, 24, 4);
	put(sections + 80, 1024, 8);
	put(sections + 88, 2400, 8);
	check(!libgmx_decode_dump(page, 4096, &d) && d.nr_sections == 2 && d.nr_cut == 2,
	      "short entries, twice the same: %u sections, %u cut", d.nr_sections, d.nr_cut);
	check(libgmx_decode_dump(page, 600, &d) == -EBADMSG, "cut");
	tap_group("core dumps");
}

static void image(void)
{
	const char manifest[] =
		"{\"activation\":\"controller\",\"features\":[\"a\",\"b\"],\"activation-ms\":70,\"no-downgrade\":true}";
	struct libgmx_fw_image i;
	const char *why;
	size_t len = 4096;

#define SEAL(bytes) (put(40, libgmx_crc32c(page + 64, (bytes) - 64), 4), put(60, libgmx_crc32c(page, 60), 4))
	blank();
	memcpy(page, "GMXFWIMG", 8);
	put(8, 64, 2);
	put(10, 1, 2);
	page[12] = 2;
	memcpy(page + 16, "9.9     ", 8);
	put(24, 0x00020304, 4);
	put(32, len, 4);
	put(36, strlen(manifest), 4);
	memcpy(page + 64, manifest, strlen(manifest));
	SEAL(len);
	check(libgmx_crc32c("123456789", 9) == 0xe3069283, "CRC32C");
	check(!libgmx_fw_parse(page, len, &i, &why) && i.family == 2 && !strcmp(i.revision, "9.9") && i.version == 0x20304,
	      "an image: %s", why);
	check(i.activation == LIBGMX_CONTROLLER_RESET && i.nr_features == 2 && !strcmp(i.feature[1], "b") &&
		      i.activation_ms == 70 && i.no_downgrade,
	      "its manifest");
	check(libgmx_fw_parse(page, len - 1, &i, &why) && strstr(why, "truncated"), "cut: %s", why);
	check(libgmx_fw_parse(page, 63, &i, &why) == -EBADMSG && libgmx_fw_parse(NULL, 0, &i, NULL) == -EBADMSG,
	      "shorter than a header");
	for (size_t at = 0; at < len; at += 7) {
		page[at] ^= 0x10;
		check(libgmx_fw_parse(page, len, &i, &why) == -EBADMSG && why, "byte %zu changed", at);
		page[at] ^= 0x10;
	}
	/* sound checksums around a manifest that is none */
	static const char *const bad[] = { "[]",
					   "{",
					   "{} x",
					   "{\"activation\":\"soon\"}",
					   "{\"activation\":1}",
					   "{\"features\":[1]}",
					   "{\"features\":{}}",
					   "{\"features\":[\"\"]}",
					   "{\"activation-ms\":-1}",
					   "{\"activation-ms\":1e9}",
					   "{\"no-downgrade\":1}",
					   "{\"a\":[[[[[[[[[[[[1]]]]]]]]]]]]}" };
	for (unsigned int n = 0; n < ARRAY_SIZE(bad); n++) {
		memset(page + 64, 0, 256);
		memcpy(page + 64, bad[n], strlen(bad[n]));
		put(36, strlen(bad[n]), 4);
		SEAL(len);
		check(libgmx_fw_parse(page, len, &i, &why) == -EBADMSG && strstr(why, "manifest"), "manifest %s", bad[n]);
	}
	tap_group("firmware images");
}

int main(void)
{
	standard();
	vendor();
	telemetry();
	dump();
	image();
	return tap_done();
}
