// SPDX-License-Identifier: GPL-2.0-or-later
/* Host memory buffer: which descriptions are taken, that the memory is used, looked after, and left alone when it
 * should. */
/* Covers: GMX_FEAT_HMB */
#include "admin.h"

#define PAGE	4096u
#define LEAST	(EMU_HMMIN) /* pages */
#define NOWHERE (1ull << 40)

static uint8_t page[PAGE];

struct buffer {
	struct gmx_hmb_desc *list;
	uint64_t list_addr;
	uint8_t *memory;
	uint64_t addr;
};

/* Memory for the least there may be, and a list of parts of it */
static void buffer_get(struct admin *a, struct buffer *b, unsigned int parts)
{
	admin_free_all(a);
	b->list_addr = admin_alloc(a, 2 * PAGE, (void **)&b->list);
	b->addr = admin_alloc(a, LEAST * PAGE, (void **)&b->memory);
	for (unsigned int i = 0; i < parts; i++) {
		b->list[i].addr = htole64(b->addr + (uint64_t)i * LEAST / parts * PAGE);
		b->list[i].pages = htole32(LEAST / parts);
	}
}

static uint16_t enable(struct admin *a, const struct buffer *b, uint32_t pages, uint32_t entries, uint32_t flags)
{
	return ADMIN(a, .opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_HMB, .cdw11 = GMX_HMB_ENABLE | flags, .cdw12 = pages,
		     .cdw13 = (uint32_t)b->list_addr, .cdw14 = (uint32_t)(b->list_addr >> 32), .cdw15 = entries);
}

static uint16_t disable(struct admin *a)
{
	return ADMIN(a, .opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_HMB);
}

static const struct gmx_hmb_attrs *attributes(struct admin *a, unsigned int sel)
{
	memset(page, 0xcc, sizeof(page));
	check(!ADMIN(a, .opcode = GMX_ADM_GET_FEATURES, .cdw10 = GMX_FEAT_HMB | sel << 8, .buf = page, .len = sizeof(page)),
	      "get");
	return (struct gmx_hmb_attrs *)page;
}

static unsigned int pages_used(const struct buffer *b)
{
	static const uint8_t zeroes[PAGE];
	unsigned int nr = 0;

	for (unsigned int i = 0; i < LEAST; i++)
		nr += memcmp(b->memory + i * PAGE, zeroes, PAGE) != 0;
	return nr;
}

/* Time goes by as it does: not all of it at once */
static void pass(struct admin *a, unsigned int ms)
{
	for (; ms; ms -= 10)
		admin_advance(a, 10);
}

static void test_description(void)
{
	struct buffer b;
	struct admin a;

	admin_open(&a, "g2", NULL);
	buffer_get(&a, &b, 4);
	check(enable(&a, &b, LEAST - 1, 4, 0) == GMX_SC_INVALID_FIELD && a.dnr, "less than HMMIN");
	check(enable(&a, &b, LEAST + 1, 4, 0) == GMX_SC_INVALID_FIELD, "more than the list has");
	check(enable(&a, &b, LEAST, 3, 0) == GMX_SC_INVALID_FIELD, "a list that is too short");
	check(enable(&a, &b, LEAST, 0, 0) == GMX_SC_INVALID_FIELD, "no list");
	check(enable(&a, &b, LEAST, EMU_HMMAXD + 1, 0) == GMX_SC_INVALID_FIELD, "more than HMMAXD");
	check(enable(&a, &b, LEAST, 0xffffffff, 0) == GMX_SC_INVALID_FIELD, "far more");
	check(enable(&a, &b, 0, 4, 0) == GMX_SC_INVALID_FIELD, "no size");
	check(enable(&a, &b, 0xffffffff, 4, 0) == GMX_SC_INVALID_FIELD, "16 TiB");
	b.list[1].addr = htole64(b.addr + 512);
	check(enable(&a, &b, LEAST, 4, 0) == GMX_SC_INVALID_FIELD, "not aligned");
	b.list[1].addr = htole64(b.addr + PAGE);
	check(enable(&a, &b, LEAST, 4, 0) == GMX_SC_INVALID_FIELD, "over another one");
	b.list[1].addr = b.list[0].addr;
	check(enable(&a, &b, LEAST, 4, 0) == GMX_SC_INVALID_FIELD, "the same twice");
	b.list[1].addr = htole64(~0ull - PAGE + 1);
	check(enable(&a, &b, LEAST, 4, 0) == GMX_SC_INVALID_FIELD, "around the end");
	buffer_get(&a, &b, 4);
	b.list[3].pages = htole32(0xffffffff);
	check(enable(&a, &b, LEAST, 4, 0) == GMX_SC_INVALID_FIELD, "an entry that is too large");
	b.list_addr = NOWHERE;
	check(enable(&a, &b, LEAST, 4, 0) == GMX_SC_DATA_XFER, "a list that is nowhere");
	buffer_get(&a, &b, 128);
	check(enable(&a, &b, LEAST, 128, 0) == GMX_SC_INVALID_FIELD, "only entries below HMMINDS");
	check(!attributes(&a, 0)->pages && !a.dw0 && !pages_used(&b), "nothing was taken");
	buffer_get(&a, &b, 64);
	check(!enable(&a, &b, LEAST, 64, 0), "64 parts");
	check(enable(&a, &b, LEAST, 64, 0) == GMX_SC_CMD_SEQ && a.dnr, "once is enough");
	check(!disable(&a) && !disable(&a), "off is off");
	b.list[64].addr = htole64(b.addr);
	b.list_addr += 8;
	check(enable(&a, &b, LEAST, 64, 0) == 0 && attributes(&a, 0)->list_low == htole32((uint32_t)b.list_addr - 8),
	      "low bits are none");
	check(ADMIN(&a, .opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_HMB | GMX_SET_FEAT_SAVE) == GMX_SC_FEATURE_NOT_SAVEABLE,
	      "SV");
	check(ADMIN(&a, .opcode = GMX_ADM_SET_FEATURES, .nsid = 1, .cdw10 = GMX_FEAT_HMB) == GMX_SC_FEATURE_NOT_PER_NS, "NSID");
	admin_close(&a);
	tap_group("what is taken");
}

static void test_attributes(void)
{
	const struct gmx_hmb_attrs *attrs;
	struct buffer b;
	struct admin a;

	admin_open(&a, "g3", NULL);
	buffer_get(&a, &b, 8);
	check(!enable(&a, &b, LEAST, 8, 0), "on");
	attrs = attributes(&a, 0);
	check(a.dw0 == GMX_HMB_ENABLE, "enabled: %x", a.dw0);
	check(le32toh(attrs->pages) == LEAST && le32toh(attrs->entries) == 8, "size");
	check(le32toh(attrs->list_low) == (uint32_t)b.list_addr && le32toh(attrs->list_high) == b.list_addr >> 32, "list");
	check(!page[16] && !page[4095], "zeroes behind");
	for (unsigned int sel = 1; sel < 3; sel++)
		check(!attributes(&a, sel)->pages && !a.dw0, "SEL %u: off", sel);
	check(!ADMIN(&a, .opcode = GMX_ADM_GET_FEATURES, .cdw10 = GMX_FEAT_HMB | 3 << 8) && a.dw0 == 4, "capabilities");
	check(!disable(&a) && !attributes(&a, 0)->pages && !a.dw0, "off");
	check(!enable(&a, &b, LEAST, 8, 0), "on");
	admin_reset(&a, 0);
	check(!attributes(&a, 0)->pages && !a.dw0, "a reset switches it off");
	check(!enable(&a, &b, LEAST, 8, 0), "and on again");
	admin_close(&a);
	tap_group("what is told");
}

static void test_use(void)
{
	uint8_t *before = malloc(LEAST * PAGE);
	json_object *status;
	struct buffer b;
	struct admin a;
	uint32_t dw0;

	admin_open(&a, "g2", NULL);
	buffer_get(&a, &b, 16);
	check(!pages_used(&b), "untouched");
	check(!enable(&a, &b, LEAST, 16, 0), "on");
	pass(&a, 100);
	check(pages_used(&b) == LEAST, "all of it is written: %u", pages_used(&b));
	check(memcmp(b.memory, b.memory + PAGE, PAGE), "each page its own");
	memcpy(before, b.memory, LEAST * PAGE);
	pass(&a, 4000);
	check(memcmp(before, b.memory, PAGE) && memcmp(before + (LEAST - 1) * PAGE, b.memory + (LEAST - 1) * PAGE, PAGE),
	      "renewed");
	check(!emu_hmb_errors(a.s->ctrls[0]), "no errors");
	status = json_object_new_object();
	emu_hmb_status(a.s->ctrls[0], status);
	check(json_object_get_boolean(json_object_object_get(status, "enabled")), "status: enabled");
	check(json_object_get_int64(json_object_object_get(status, "pages")) == LEAST &&
		      json_object_get_int64(json_object_object_get(status, "written")) == LEAST,
	      "status: all written");
	check(json_object_get_int64(json_object_object_get(status, "checked")) > LEAST, "status: checked");
	json_object_put(status);

	check(!admin_aer(&a, 0), "a request");
	b.memory[37 * PAGE + 5] ^= 1;
	pass(&a, 4000);
	check(emu_hmb_errors(a.s->ctrls[0]) == 1, "a changed bit is found: %u", (unsigned int)emu_hmb_errors(a.s->ctrls[0]));
	check(admin_event(&a, 0, &dw0) && dw0 == (GMX_AEN_ERROR_TRANSIENT << 8 | GMX_LOG_ERROR << 16), "and told: %x", dw0);
	check(emu_error_count(a.s->ctrls[0]) == 1, "and logged");
	memcpy(b.memory + 5 * PAGE, b.memory + 6 * PAGE, PAGE);
	memset(b.memory + 200 * PAGE, 0, PAGE);
	pass(&a, 4000);
	check(emu_hmb_errors(a.s->ctrls[0]) == 3, "so is a page in another's place, and one of zeroes");

	check(!disable(&a), "off");
	memset(b.memory, 0, LEAST * PAGE);
	pass(&a, 4000);
	check(!pages_used(&b), "left alone");
	check(emu_hmb_errors(a.s->ctrls[0]) == 3, "and not looked at");
	admin_close(&a);
	free(before);
	tap_group("used, checked, given back");
}

static void test_return(void)
{
	uint8_t *before = malloc(LEAST * PAGE);
	struct buffer b;
	struct admin a;

	admin_open(&a, "g2", NULL);
	buffer_get(&a, &b, 4);
	check(!enable(&a, &b, LEAST, 4, 0), "on");
	pass(&a, 100);
	admin_reset(&a, 0);
	memcpy(before, b.memory, LEAST * PAGE);
	pass(&a, 1000);
	check(!memcmp(before, b.memory, LEAST * PAGE), "nothing moves after a reset");
	check(!enable(&a, &b, LEAST, 4, GMX_HMB_RETURN), "the same memory returns");
	pass(&a, 4000);
	check(!emu_hmb_errors(a.s->ctrls[0]), "its content is what it was");
	admin_reset(&a, 0);
	b.memory[9 * PAGE] ^= 0xff;
	check(!enable(&a, &b, LEAST, 4, GMX_HMB_RETURN), "returned, but changed");
	pass(&a, 4000);
	check(emu_hmb_errors(a.s->ctrls[0]) == 1, "that is found");
	admin_reset(&a, 0);
	memset(b.memory, 0, LEAST * PAGE);
	check(!enable(&a, &b, LEAST, 4, 0), "not said to be the same");
	pass(&a, 4000);
	check(emu_hmb_errors(a.s->ctrls[0]) == 1 && pages_used(&b) == LEAST, "so it is written first");
	admin_reset(&a, 0);
	buffer_get(&a, &b, 8);
	memset(b.memory, 0, LEAST * PAGE);
	check(!enable(&a, &b, LEAST, 8, GMX_HMB_RETURN), "said to be the same, but other parts");
	pass(&a, 4000);
	check(emu_hmb_errors(a.s->ctrls[0]) == 1 && pages_used(&b) == LEAST, "written first too");
	admin_close(&a);
	free(before);
	tap_group("memory that returns");
}

static void test_nowhere(void)
{
	struct buffer b;
	struct admin a;
	uint32_t dw0;

	admin_open(&a, "g2", NULL);
	buffer_get(&a, &b, 4);
	b.list[2].addr = htole64(NOWHERE);
	check(!admin_aer(&a, 0), "a request");
	check(!enable(&a, &b, LEAST, 4, 0), "on");
	pass(&a, 100);
	check(admin_event(&a, 0, &dw0) && dw0 == (GMX_AEN_ERROR_PERSISTENT << 8 | GMX_LOG_ERROR << 16), "told: %x", dw0);
	check(emu_hmb_errors(a.s->ctrls[0]) == 1, "once");
	pass(&a, 2000);
	check(emu_hmb_errors(a.s->ctrls[0]) == 1, "and given up");
	check(!(a.s->ctrls[0]->csts & GMX_CSTS_CFS), "that is not fatal");
	check(!disable(&a), "off");
	buffer_get(&a, &b, 4);
	check(!enable(&a, &b, LEAST, 4, 0), "on, with memory that is there");
	pass(&a, 100);
	check(pages_used(&b) == LEAST, "used");
	admin_close(&a);
	tap_group("memory that is not there");
}

int main(void)
{
	test_description();
	test_attributes();
	test_use();
	test_return();
	test_nowhere();
	return tap_done();
}
