// SPDX-License-Identifier: GPL-2.0-or-later
/* The decoders of libgmx, with pages that a controller made up: nothing is read behind the end, and no text is a trap. */
#include <errno.h>

#include <libgmx/libgmx.h>

#include "input.h"

#define ROOM 8192u

static uint8_t *page;
static size_t page_len;
static unsigned int reads;

/* What the library asks of a controller is answered from the page; now and then it is another one, or none */
int libgmx_log(struct libgmx_ctrl *ctrl, unsigned int lid, uint32_t nsid, unsigned int lsp, bool retain, uint64_t offset,
	       void *data, size_t len)
{
	(void)ctrl;
	(void)lid;
	(void)nsid;
	(void)lsp;
	(void)retain;
	memset(data, 0, len);
	if (offset < page_len)
		memcpy(data, page + offset, len < page_len - offset ? len : page_len - (size_t)offset);
	reads++;
	if (reads % 3 == 0 && page_len > 400)
		page[(offset + reads) % 400] ^= 1;
	return reads > 40 ? -5 : 0;
}

/* A driver that keeps nothing */
int libgmx_drv_call(struct libgmx_ctrl *ctrl, unsigned long request, void *io, uint32_t size)
{
	(void)ctrl;
	(void)request;
	(void)io;
	(void)size;
	return -ENOTTY;
}

/* Printable ASCII, ended within its room, without blanks at its ends */
static void text(const char *s, size_t room)
{
	size_t len = strnlen(s, room);

	must(len < room, "a text without an end");
	for (size_t i = 0; i < len; i++)
		must(s[i] >= ' ' && s[i] < 0x7f, "character %02x", (unsigned char)s[i]);
	must(!len || (s[0] != ' ' && s[len - 1] != ' '), "blanks around '%s'", s);
}

static void utf8(const char *s, size_t room)
{
	size_t len = strnlen(s, room);

	must(len < room, "a text without an end");
	for (size_t i = 0; i < len; i++)
		must((unsigned char)s[i] >= ' ' && s[i] != 0x7f, "character %02x", (unsigned char)s[i]);
}

static void standard(void)
{
	struct libgmx_id_ctrl id;
	struct libgmx_id_ns ns;
	struct libgmx_smart smart;
	struct libgmx_fw_slots fw;
	struct libgmx_selftest_log st;
	struct libgmx_sanitize_log sz;
	struct libgmx_error_entry errors[64];
	uint32_t nsids[1024];
	uint16_t ctrls[64];
	char uuid[37];

	libgmx_decode_id_ctrl(page, page_len, &id);
	text(id.serial, sizeof(id.serial));
	text(id.model, sizeof(id.model));
	text(id.firmware, sizeof(id.firmware));
	text(id.subnqn, sizeof(id.subnqn));
	must(id.nr_power_states <= 32 && id.fw_slots <= 7, "power states or slots");
	libgmx_decode_id_ns(page, page_len, &ns);
	must(ns.nr_formats <= 16 && ns.format < 16, "formats");
	libgmx_decode_smart(page, page_len, &smart);
	libgmx_decode_fw_slots(page, page_len, &fw);
	for (unsigned int i = 0; i < 7; i++)
		text(fw.revision[i], sizeof(fw.revision[i]));
	libgmx_decode_selftest(page, page_len, &st);
	must(st.nr <= 20, "%u results", st.nr);
	libgmx_decode_sanitize(page, page_len, &sz);
	must(sz.percent <= 100, "%u percent", sz.percent);
	must(libgmx_decode_errors(page, page_len, errors, 64) <= 64, "errors");
	must(libgmx_decode_ns_list(page, page_len, nsids, 1024) <= 1024, "namespaces");
	must(libgmx_decode_ctrl_list(page, page_len, ctrls, 64) <= 64, "controllers");
	libgmx_decode_ns_uuid(page, page_len, uuid);
	must(strlen(uuid) == 36 || !uuid[0], "uuid '%s'", uuid);
}

static void vendor(void)
{
	struct libgmx_vendor_page v;
	struct libgmx_health h;
	struct libgmx_power p;
	struct libgmx_fw_state fw;
	struct libgmx_drive drives[16];
	struct libgmx_event e;
	struct libgmx_event_log log;
	unsigned int n;
	size_t entry;

	libgmx_decode_vendor_page(page, page_len, &v);
	libgmx_decode_health(page, page_len, &h);
	libgmx_health_state_name(h.state);
	libgmx_decode_power(page, page_len, &p);
	must(p.nr_rails <= 7, "rails");
	for (unsigned int i = 0; i < p.nr_rails; i++)
		text(p.rail[i].name, sizeof(p.rail[i].name));
	libgmx_decode_fw_state(page, page_len, &fw);
	text(fw.running_revision, sizeof(fw.running_revision));
	libgmx_fw_stage_name(fw.stage);
	libgmx_decode_drives(page, page_len, drives, 16, &n);
	must(n <= 16, "drives");
	for (unsigned int i = 0; i < n; i++) {
		text(drives[i].serial, sizeof(drives[i].serial));
		text(drives[i].model, sizeof(drives[i].model));
	}
	libgmx_decode_event(page, page_len, &e);
	utf8(e.text, sizeof(e.text));
	libgmx_event_name(e.code);
	libgmx_decode_event_head(page, page_len, &log, &entry);
}

static void telemetry(void)
{
	struct libgmx_telemetry t;
	struct libgmx_telemetry_cmd c;
	struct libgmx_telemetry_queue q;
	struct libgmx_telemetry_ctrl k;
	struct libgmx_telemetry_fault f;
	struct libgmx_telemetry_ns s;
	size_t total = 0;

	libgmx_decode_telemetry(page, page_len, &t);
	text(t.reason, sizeof(t.reason));
	must(t.nr_sections + t.nr_cut <= 16, "sections");
	for (unsigned int i = 0; i < t.nr_sections; i++)
		total += (size_t)t.section[i].entry_bytes * t.section[i].count;
	must(total <= page_len, "more entries than there is data");
	for (unsigned int i = 0; i < t.nr_sections; i++) {
		const struct libgmx_telemetry_section *x = &t.section[i];

		must(x->data >= page && x->data + (size_t)x->entry_bytes * x->count <= page + page_len,
		     "a section beyond the end");
		libgmx_telemetry_kind_name(x->kind);
		for (unsigned int n = 0; n < x->count && n < 100; n++) {
			libgmx_telemetry_command(x, n, &c);
			libgmx_telemetry_queue(x, n, &q);
			libgmx_telemetry_ctrl(x, n, &k);
			libgmx_telemetry_fault(x, n, &f);
			text(f.text, sizeof(f.text));
			libgmx_telemetry_ns(x, n, &s);
		}
	}
}

static void dump(void)
{
	struct libgmx_dump d;
	struct libgmx_dump_queue q;
	struct libgmx_dump_command c;
	size_t total = 0;
	uint32_t reg;

	libgmx_decode_dump(page, page_len, &d);
	text(d.reason_text, sizeof(d.reason_text));
	text(d.model, sizeof(d.model));
	must(d.nr_sections + d.nr_cut <= 16, "sections");
	for (unsigned int i = 0; i < d.nr_sections; i++)
		total += d.section[i].bytes;
	must(total <= page_len, "more entries than there is data");
	for (unsigned int i = 0; i < d.nr_sections; i++) {
		must(d.section[i].data >= page && d.section[i].data + d.section[i].bytes <= page + page_len,
		     "a section beyond the end");
		for (unsigned int n = 0; n < d.section[i].count && n < 300; n++) {
			libgmx_dump_register(&d.section[i], n, &reg);
			libgmx_dump_queue(&d.section[i], n, &q);
			libgmx_dump_command(&d.section[i], n, &c);
		}
	}
}

static void asked(uint8_t how)
{
	struct libgmx_event events[32];
	struct libgmx_event_log log;
	unsigned int n = 0;
	void *data;
	size_t len;

	reads = how & 1 ? 1000 : how & 2 ? 0 : 1;
	if (!libgmx_event_read(NULL, how, events, 32, &n, &log))
		must(n <= 32, "%u events", n);
	for (unsigned int i = 0; i < n; i++)
		must(!i || events[i].sequence == events[i - 1].sequence + 1, "a gap");
	reads = 0;
	if (!libgmx_telemetry_capture(NULL, how & 4 ? LIBGMX_TELEMETRY_HOST : LIBGMX_TELEMETRY_CONTROLLER, how % 3 + 1, &data,
				      &len, NULL, NULL))
		free(data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };
	uint8_t how = in8(&in), fill = in8(&in);

	page_len = in16(&in) % ROOM;
	/* of its own size, so that a byte behind the end is seen */
	page = malloc(page_len ? page_len : 1);
	if (!page)
		return 0;
	memset(page, fill, page_len ? page_len : 1);
	for (unsigned int i = 0; i < FUZZ_RECORDS && in_more(&in); i++) {
		size_t at = in16(&in), n = in8(&in) % 64 + 1;

		for (size_t k = 0; k < n; k++) {
			uint8_t b = in8(&in);

			if (page_len)
				page[(at + k) % page_len] = b;
		}
	}
	standard();
	vendor();
	telemetry();
	dump();
	asked(how);
	free(page);
	page = NULL;
	return 0;
}
