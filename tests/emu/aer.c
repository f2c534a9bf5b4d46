// SPDX-License-Identifier: GPL-2.0-or-later
/* Asynchronous events: slots, masks until a page is read, what the host switched off, and resets. */
/* Covers: GMX_ADM_GET_LOG GMX_ADM_ABORT GMX_ADM_ASYNC_EVENT GMX_LOG_SMART GMX_LOG_FW_SLOT GMX_LOG_CHANGED_NS
 * GMX_VND_LOG_EVENTS GMX_FEAT_TEMP_THRESHOLD GMX_FEAT_ASYNC_EVENT */
#include "admin.h"

#define SMART_EVENT(info) (GMX_AEN_SMART | (info) << 8 | GMX_LOG_SMART << 16)
#define NS_EVENT	  (GMX_AEN_NOTICE | GMX_AEN_NOTICE_NS_CHANGED << 8 | GMX_LOG_CHANGED_NS << 16)

static const char two[] = "{\"functions\":2,\"namespaces\":[{\"size\":\"16M\"},{\"size\":\"16M\"}]}";
static uint8_t buf[4096];

/* The next event, or ffffffffh */
static uint32_t event(struct admin *a, unsigned int function)
{
	uint32_t dw0;

	return admin_event(a, function, &dw0) ? dw0 : 0xffffffff;
}

static void read_page(struct admin *a, unsigned int function, unsigned int page, uint32_t more)
{
	check(!ADMIN(a, .opcode = GMX_ADM_GET_LOG, .function = function, .cdw10 = page | more | 127 << 16, .buf = buf,
		     .len = 512),
	      "page %02x", page);
}

static void configure(struct admin *a, uint32_t value)
{
	check(!ADMIN(a, .opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_ASYNC_EVENT, .cdw11 = value), "configuration %x",
	      value);
}

/* No vendor events between those that are meant */
static void open_quiet(struct admin *a, const char *family, const char *config)
{
	admin_open(a, family, config);
	for (unsigned int f = 0; f < a->s->nr_ctrls; f++)
		check(!ADMIN(a, .opcode = GMX_ADM_SET_FEATURES, .function = f, .cdw10 = GMX_VND_FEAT_EVENT_MASK),
		      "no vendor events");
}

static void test_slots(void)
{
	struct admin a;

	open_quiet(&a, "g2", two);
	for (unsigned int f = 0; f < 2; f++) {
		for (unsigned int i = 0; i < EMU_MAX_AENS; i++)
			check(!admin_aer(&a, f), "function %u, slot %u", f, i);
		for (unsigned int i = 0; i < 3; i++)
			check(admin_aer(&a, f) == GMX_SC_AER_LIMIT, "function %u has no more", f);
	}
	emu_aer_send_all(a.s, GMX_AEN_SMART, GMX_AEN_SMART_SPARE, GMX_LOG_SMART);
	for (unsigned int f = 0; f < 2; f++) {
		check(event(&a, f) == SMART_EVENT(GMX_AEN_SMART_SPARE), "each function hears of it");
		check(event(&a, f) == 0xffffffff, "once");
		check(!admin_aer(&a, f), "the slot is free again");
		check(admin_aer(&a, f) == GMX_SC_AER_LIMIT, "that one");
	}
	admin_reset(&a, 0);
	check(event(&a, 0) == 0xffffffff, "a reset completes none");
	for (unsigned int i = 0; i < EMU_MAX_AENS; i++)
		check(!admin_aer(&a, 0), "slot %u after the reset", i);
	check(admin_aer(&a, 0) == GMX_SC_AER_LIMIT, "as many as before");
	check(admin_aer(&a, 1) == GMX_SC_AER_LIMIT, "the other function kept its own");
	admin_close(&a);
	tap_group("slots");
}

static void test_abort(void)
{
	struct vnd_queue *q = &vnd_fn[0].q[0];
	struct admin a;
	int at;

	open_quiet(&a, "g2", two);
	for (unsigned int i = 0; i < EMU_MAX_AENS; i++) {
		check(!admin_aer(&a, 0), "request %u", i);
		if (i % 3)
			continue;
		check(!ADMIN(&a, .opcode = GMX_ADM_ABORT, .cdw10 = (uint32_t)admin_aer_cid << 16) && !a.dw0, "aborted");
		at = admin_find(0, admin_aer_cid);
		check(at >= 0, "request %u is answered", i);
		if (at >= 0)
			check(le16toh(vnd_take(q, (unsigned int)at).status) >> 1 == GMX_SC_ABORT_REQ, "as aborted");
	}
	for (unsigned int i = 0; i < 3; i++)
		check(!admin_aer(&a, 0), "a slot that was given back");
	check(admin_aer(&a, 0) == GMX_SC_AER_LIMIT, "no more than there were");
	emu_aer_send(a.s->ctrls[0], GMX_AEN_SMART, GMX_AEN_SMART_SPARE, GMX_LOG_SMART);
	check(event(&a, 0) == SMART_EVENT(GMX_AEN_SMART_SPARE), "events go on");
	admin_close(&a);
	tap_group("aborted requests");
}

static void test_mask(void)
{
	struct emu_ctrl *c;
	struct admin a;

	open_quiet(&a, "g2", two);
	c = a.s->ctrls[0];
	for (unsigned int i = 0; i < 4; i++)
		check(!admin_aer(&a, 0), "request");
	emu_aer_send(c, GMX_AEN_SMART, GMX_AEN_SMART_TEMPERATURE, GMX_LOG_SMART);
	emu_aer_send(c, GMX_AEN_SMART, GMX_AEN_SMART_SPARE, GMX_LOG_SMART);
	emu_aer_send(c, GMX_AEN_SMART, GMX_AEN_SMART_TEMPERATURE, GMX_LOG_SMART);
	check(event(&a, 0) == SMART_EVENT(GMX_AEN_SMART_TEMPERATURE), "the first");
	check(event(&a, 0) == 0xffffffff, "one at a time of a type");
	emu_aer_send(c, GMX_AEN_NOTICE, GMX_AEN_NOTICE_NS_CHANGED, GMX_LOG_CHANGED_NS);
	check(event(&a, 0) == NS_EVENT, "another type is not masked");
	read_page(&a, 0, GMX_LOG_SMART, GMX_LOG_RAE);
	check(event(&a, 0) == 0xffffffff, "retained: still masked");
	emu_aer_send(c, GMX_AEN_SMART, GMX_AEN_SMART_SPARE, GMX_LOG_SMART);
	check(event(&a, 0) == 0xffffffff, "even for new ones");
	read_page(&a, 0, GMX_LOG_ERROR, 0);
	check(event(&a, 0) == 0xffffffff, "another page does not help");
	read_page(&a, 0, GMX_LOG_SMART, 0);
	check(event(&a, 0) == 0xffffffff, "what the page showed is not told again");
	emu_aer_send(c, GMX_AEN_SMART, GMX_AEN_SMART_SPARE, GMX_LOG_SMART);
	check(event(&a, 0) == SMART_EVENT(GMX_AEN_SMART_SPARE), "what is new is");
	emu_aer_send(c, GMX_AEN_NOTICE, GMX_AEN_NOTICE_FW_ACT, GMX_LOG_FW_SLOT);
	check(event(&a, 0) == 0xffffffff, "notices wait for the page of the last one");
	read_page(&a, 0, GMX_LOG_FW_SLOT, 0);
	check(event(&a, 0) == 0xffffffff, "not for another one");
	read_page(&a, 0, GMX_LOG_CHANGED_NS, 0);
	check(event(&a, 0) == 0xffffffff, "and it was dropped, for its page was read");
	emu_aer_send(c, GMX_AEN_NOTICE, GMX_AEN_NOTICE_FW_ACT, GMX_LOG_FW_SLOT);
	check(event(&a, 0) == 0x030102, "now it comes");
	admin_close(&a);
	tap_group("masked until read");
}

static void test_other_page_waits(void)
{
	struct admin a;

	open_quiet(&a, "g2", two);
	check(!admin_aer(&a, 0) && !admin_aer(&a, 0), "requests");
	emu_aer_send(a.s->ctrls[0], GMX_AEN_NOTICE, GMX_AEN_NOTICE_NS_CHANGED, GMX_LOG_CHANGED_NS);
	emu_aer_send(a.s->ctrls[0], GMX_AEN_NOTICE, GMX_AEN_NOTICE_FW_ACT, GMX_LOG_FW_SLOT);
	check(event(&a, 0) == NS_EVENT && event(&a, 0) == 0xffffffff, "the first, then the mask");
	read_page(&a, 0, GMX_LOG_CHANGED_NS, 0);
	check(event(&a, 0) == 0x030102, "the second follows when the page was read");
	admin_close(&a);
	tap_group("what waits behind the mask");
}

static void test_queue(void)
{
	struct emu_ctrl *c;
	struct admin a;

	open_quiet(&a, "g2", two);
	c = a.s->ctrls[0];
	emu_aer_send(c, GMX_AEN_SMART, GMX_AEN_SMART_TEMPERATURE, GMX_LOG_SMART);
	emu_aer_send(c, GMX_AEN_ERROR, GMX_AEN_ERROR_DOORBELL, GMX_LOG_ERROR);
	emu_aer_send(c, GMX_AEN_SMART, GMX_AEN_SMART_TEMPERATURE, GMX_LOG_SMART);
	check(!admin_aer(&a, 0), "a request after the events");
	check(event(&a, 0) == SMART_EVENT(GMX_AEN_SMART_TEMPERATURE), "is answered with the first");
	check(!admin_aer(&a, 0), "another");
	check(event(&a, 0) == 0x010000, "with the second");
	check(!admin_aer(&a, 0), "another");
	check(event(&a, 0) == 0xffffffff, "the same again was one event");
	admin_reset(&a, 0);
	for (unsigned int i = 0; i < 40; i++)
		emu_aer_send(c, GMX_AEN_VENDOR, i, GMX_VND_LOG_EVENTS);
	check(!admin_aer(&a, 0) && event(&a, 0) == (7 | GMX_VND_LOG_EVENTS << 16), "a storm: the first");
	for (unsigned int i = 0; i < EMU_MAX_AENS; i++)
		check(!admin_aer(&a, 0), "request %u", i);
	check(event(&a, 0) == 0xffffffff, "then the mask");
	read_page(&a, 0, GMX_VND_LOG_EVENTS, 0);
	check(event(&a, 0) == 0xffffffff, "read: all of the storm is over");
	admin_reset(&a, 0);
	emu_aer_send(c, GMX_AEN_SMART, GMX_AEN_SMART_SPARE, GMX_LOG_SMART);
	admin_reset(&a, 0);
	check(!admin_aer(&a, 0) && event(&a, 0) == 0xffffffff, "a reset forgets what waited");
	emu_aer_send(c, GMX_AEN_SMART, GMX_AEN_SMART_SPARE, GMX_LOG_SMART);
	check(event(&a, 0) != 0xffffffff && !admin_aer(&a, 0), "an event");
	admin_reset(&a, 0);
	check(!admin_aer(&a, 0), "a request");
	emu_aer_send(c, GMX_AEN_SMART, GMX_AEN_SMART_SPARE, GMX_LOG_SMART);
	check(event(&a, 0) == SMART_EVENT(GMX_AEN_SMART_SPARE), "and what was masked");
	admin_close(&a);
	tap_group("events that wait");
}

static void test_configured(void)
{
	static const struct {
		uint8_t type, info, page;
		uint32_t bit;
	} events[] = {
		{ GMX_AEN_SMART, GMX_AEN_SMART_SPARE, GMX_LOG_SMART, GMX_AEC_SPARE },
		{ GMX_AEN_SMART, GMX_AEN_SMART_TEMPERATURE, GMX_LOG_SMART, GMX_AEC_TEMPERATURE },
		{ GMX_AEN_SMART, GMX_AEN_SMART_RELIABILITY, GMX_LOG_SMART, GMX_AEC_RELIABILITY },
		{ GMX_AEN_SMART, GMX_AEN_SMART_RELIABILITY, GMX_LOG_SMART, GMX_AEC_READ_ONLY },
		{ GMX_AEN_SMART, GMX_AEN_SMART_RELIABILITY, GMX_LOG_SMART, GMX_AEC_BACKUP },
		{ GMX_AEN_NOTICE, GMX_AEN_NOTICE_NS_CHANGED, GMX_LOG_CHANGED_NS, GMX_AEC_NS_ATTR },
		{ GMX_AEN_NOTICE, GMX_AEN_NOTICE_FW_ACT, GMX_LOG_FW_SLOT, GMX_AEC_FW_ACT },
		{ GMX_AEN_NOTICE, GMX_AEN_NOTICE_TELEMETRY, GMX_LOG_TELEMETRY_CTRL, GMX_AEC_TELEMETRY },
	};
	struct admin a;

	open_quiet(&a, "g2", two);
	check(!admin_aer(&a, 0), "request");
	for (unsigned int i = 0; i < ARRAY_SIZE(events); i++) {
		uint32_t expected = events[i].type | (uint32_t)events[i].info << 8 | (uint32_t)events[i].page << 16;
		uint32_t others = events[i].bit;

		for (unsigned int j = 0; j < ARRAY_SIZE(events); j++) {
			if (events[j].type == events[i].type && events[j].info == events[i].info)
				others |= events[j].bit;
		}
		configure(&a, ~others);
		emu_aer_send(a.s->ctrls[0], events[i].type, events[i].info, events[i].page);
		check(event(&a, 0) == 0xffffffff, "event %u is off", i);
		configure(&a, events[i].bit);
		check(event(&a, 0) == 0xffffffff, "event %u was not kept", i);
		emu_aer_send(a.s->ctrls[0], events[i].type, events[i].info, events[i].page);
		check(event(&a, 0) == expected, "event %u is on", i);
		read_page(&a, 0, events[i].page, 0);
		check(!admin_aer(&a, 0), "request");
	}
	configure(&a, 0);
	emu_aer_send(a.s->ctrls[0], GMX_AEN_NVM, GMX_AEN_NVM_SANITIZED, GMX_LOG_SANITIZE);
	check(event(&a, 0) == 0x810106, "sanitize cannot be switched off");
	check(!admin_aer(&a, 0), "request");
	emu_error_report(a.s->ctrls[0], GMX_AEN_ERROR_PERSISTENT, 0xffff, GMX_SC_INTERNAL);
	check(event(&a, 0) == 0x010300, "nor can errors");
	admin_close(&a);
	tap_group("event configuration");
}

static void test_causes(void)
{
	struct admin a;

	open_quiet(&a, "g2", two);
	for (unsigned int i = 0; i < 4; i++)
		check(!admin_aer(&a, 0), "request");
	emu_health_set_temperature(a.s, EMU_WCTEMP + 2);
	check(event(&a, 0) == SMART_EVENT(GMX_AEN_SMART_TEMPERATURE), "too hot");
	emu_health_set_temperature(a.s, 310);
	read_page(&a, 0, GMX_LOG_SMART, 0);
	check(event(&a, 0) == 0xffffffff, "cool again");
	check(!ADMIN(&a, .opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_TEMP_THRESHOLD, .cdw11 = 305), "threshold below it");
	check(event(&a, 0) == SMART_EVENT(GMX_AEN_SMART_TEMPERATURE), "the threshold decides");
	read_page(&a, 0, GMX_LOG_SMART, 0);
	check(!ADMIN(&a, .opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_TEMP_THRESHOLD, .cdw11 = 350), "threshold above it");
	check(!ADMIN(&a, .opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_TEMP_THRESHOLD, .cdw11 = 0x100000 | 320), "too cold");
	check(event(&a, 0) == SMART_EVENT(GMX_AEN_SMART_TEMPERATURE), "under the threshold");
	emu_health_set_spare(a.s, 5);
	check(event(&a, 0) == 0xffffffff, "masked");
	read_page(&a, 0, GMX_LOG_SMART, 0);
	check(!ADMIN(&a, .opcode = GMX_ADM_NS_MGMT, .function = 1, .nsid = 2, .cdw10 = 1), "a namespace is deleted");
	check(event(&a, 0) == NS_EVENT, "by the other function");
	admin_close(&a);
	tap_group("where they come from");
}

static void test_not_ready(void)
{
	struct admin a;

	open_quiet(&a, "g2", two);
	check(!admin_aer(&a, 0) && !admin_aer(&a, 1), "requests");
	a.s->ctrls[0]->csts &= ~GMX_CSTS_RDY;
	emu_aer_send_all(a.s, GMX_AEN_SMART, GMX_AEN_SMART_SPARE, GMX_LOG_SMART);
	a.s->ctrls[0]->csts |= GMX_CSTS_RDY;
	check(event(&a, 0) == 0xffffffff && event(&a, 1) == SMART_EVENT(GMX_AEN_SMART_SPARE), "only who is ready");
	admin_close(&a);
	tap_group("a controller that is not ready");
}

int main(void)
{
	test_slots();
	test_abort();
	test_mask();
	test_other_page_waits();
	test_queue();
	test_configured();
	test_causes();
	test_not_ready();
	return tap_done();
}
