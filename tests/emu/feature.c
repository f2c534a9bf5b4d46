// SPDX-License-Identifier: GPL-2.0-or-later
/* Get and Set Features: values by every SEL, scope, what is saved and what a reset or a power cut brings back. */
/* Covers: GMX_ADM_SET_FEATURES GMX_ADM_GET_FEATURES GMX_ADM_KEEP_ALIVE GMX_FEAT_ARBITRATION GMX_FEAT_POWER
 * GMX_FEAT_TEMP_THRESHOLD GMX_FEAT_ERROR_RECOVERY GMX_FEAT_VWC GMX_FEAT_NUM_QUEUES GMX_FEAT_IRQ_COALESCE
 * GMX_FEAT_IRQ_CONFIG GMX_FEAT_ATOMICITY GMX_FEAT_ASYNC_EVENT GMX_FEAT_APST GMX_FEAT_HMB GMX_FEAT_TIMESTAMP
 * GMX_FEAT_KATO GMX_FEAT_NOPSC GMX_FEAT_HOST_BEHAVIOR GMX_FEAT_SANITIZE GMX_FEAT_WRITE_PROTECT
 * GMX_VND_FEAT_EVENT_MASK GMX_VND_FEAT_RATES GMX_VND_FEAT_RECOVERY */
#include "admin.h"

#define ALL GMX_NSID_ALL

static const char two[] = "{\"functions\":2,\"namespaces\":[{\"size\":\"16M\"},{\"size\":\"16M\"},{\"size\":\"16M\"}]}";
static uint8_t page[4096];

static uint16_t get(struct admin *a, unsigned int fid, unsigned int sel, uint32_t nsid, uint32_t dw11)
{
	memset(page, 0xcc, sizeof(page));
	return ADMIN(a, .opcode = GMX_ADM_GET_FEATURES, .nsid = nsid, .cdw10 = fid | sel << 8, .cdw11 = dw11, .buf = page,
		     .len = sizeof(page));
}

static uint16_t set(struct admin *a, unsigned int fid, bool save, uint32_t nsid, uint32_t dw11)
{
	return ADMIN(a, .opcode = GMX_ADM_SET_FEATURES, .nsid = nsid, .cdw10 = fid | (save ? GMX_SET_FEAT_SAVE : 0),
		     .cdw11 = dw11, .buf = page, .len = sizeof(page));
}

/* The value, or ffffffffh where there is none */
static uint32_t value(struct admin *a, unsigned int fid, unsigned int sel)
{
	return get(a, fid, sel, 0, 0) ? 0xffffffff : a->dw0;
}

/* dw11 is a value that is neither the default nor, with the bits that do not count, exactly what comes back. */
static const struct plain {
	uint8_t fid, caps;
	uint32_t initial, dw11, back, invalid; /* invalid: 0: none is */
	const char *not_in;		       /* families without it */
} plain[] = {
	{ GMX_FEAT_ARBITRATION, 5, 0x1f0f0704, 0x010203f9, 0x01020301, 0, "" },
	{ GMX_FEAT_POWER, 5, 0, 0xffffff21, 0x21, 5, "" },
	{ GMX_FEAT_VWC, 5, 1, 0xfffffffe, 0, 0, "" },
	{ GMX_FEAT_IRQ_COALESCE, 5, 0, 0xffff0a07, 0x0a07, 0, "g1" },
	{ GMX_FEAT_ATOMICITY, 5, 0, 0xf1, 1, 0, "" },
	{ GMX_FEAT_ASYNC_EVENT, 5, 0x71f, 0xffffffff & ~0x300u, 0x41f, 0, "" },
	{ GMX_FEAT_KATO, 4, 0, 20000, 20000, 0, "" },
	{ GMX_FEAT_NOPSC, 5, 1, 0xfffffffe, 0, 0, "" },
	{ GMX_FEAT_SANITIZE, 5, 0, 0xffffffff, 1, 0, "" },
	{ GMX_VND_FEAT_EVENT_MASK, 5, 0xff, 0xffffff0f, 0x0f, 0, "" },
	{ GMX_VND_FEAT_RATES, 5, 0x1432, 0xffff6401, 0x6401, 0x1400, "" },
	{ GMX_VND_FEAT_RECOVERY, 5, 0x00050046, 0xfffaffff, 0x0002ffff, 0, "" },
};

static void test_plain_one(struct admin *a, const struct plain *p)
{
	uint16_t status;

	for (unsigned int sel = 0; sel < 3; sel++)
		check(value(a, p->fid, sel) == p->initial, "%02x, SEL %u: %x", p->fid, sel, a->dw0);
	check(value(a, p->fid, 3) == p->caps, "%02x: capabilities %x", p->fid, a->dw0);
	for (unsigned int sel = 4; sel < 8; sel++)
		check(get(a, p->fid, sel, 0, 0) == GMX_SC_INVALID_FIELD, "%02x, SEL %u", p->fid, sel);

	check(!set(a, p->fid, false, 0, p->dw11), "%02x: set", p->fid);
	check(value(a, p->fid, 0) == p->back, "%02x: %x set, %x there", p->fid, p->dw11, a->dw0);
	check(value(a, p->fid, 1) == p->initial && value(a, p->fid, 2) == p->initial, "%02x: not saved", p->fid);
	check(!p->invalid || set(a, p->fid, false, 0, p->invalid) == GMX_SC_INVALID_FIELD, "%02x: %x", p->fid, p->invalid);
	check(value(a, p->fid, 0) == p->back, "%02x: a refused value changes nothing", p->fid);
	check(set(a, p->fid, false, 1, p->initial) == GMX_SC_FEATURE_NOT_PER_NS, "%02x: of a namespace", p->fid);
	check(set(a, p->fid, false, 65, p->initial) == GMX_SC_INVALID_NS, "%02x: of an invalid one", p->fid);
	check(!get(a, p->fid, 0, 1, 0) && a->dw0 == p->back, "%02x: read by namespace", p->fid);
	check(!get(a, p->fid, 0, ALL, 0) && a->dw0 == p->back, "%02x: read of all", p->fid);
	check(get(a, p->fid, 0, 65, 0) == GMX_SC_INVALID_NS, "%02x: read by an invalid one", p->fid);

	admin_reset(a, 0);
	check(value(a, p->fid, 0) == p->initial, "%02x: %x after a reset", p->fid, a->dw0);
	status = set(a, p->fid, true, ALL, p->dw11);
	check(status == (p->caps & 1 ? 0 : GMX_SC_FEATURE_NOT_SAVEABLE), "%02x: saved: %x", p->fid, status);
	if (status)
		return;
	check(value(a, p->fid, 0) == p->back && value(a, p->fid, 2) == p->back, "%02x: current, saved", p->fid);
	check(value(a, p->fid, 1) == p->initial, "%02x: the default stays", p->fid);
	check(!set(a, p->fid, false, 0, p->initial), "%02x: another value", p->fid);
	check(value(a, p->fid, 2) == p->back, "%02x: leaves the saved one", p->fid);
	admin_reset(a, 0);
	check(value(a, p->fid, 0) == p->back, "%02x: %x after a reset", p->fid, a->dw0);
}

static void test_plain(void)
{
	static const char *const families[] = { "g1", "g2", "g3" };
	struct admin a;

	for (unsigned int f = 0; f < ARRAY_SIZE(families); f++) {
		admin_open(&a, families[f], NULL);
		for (unsigned int i = 0; i < ARRAY_SIZE(plain); i++) {
			if (!strstr(plain[i].not_in, families[f]))
				test_plain_one(&a, &plain[i]);
		}
		admin_reopen(&a, true);
		for (unsigned int i = 0; i < ARRAY_SIZE(plain); i++) {
			uint32_t back = plain[i].caps & 1 ? plain[i].back : plain[i].initial;

			if (!strstr(plain[i].not_in, families[f]))
				check(value(&a, plain[i].fid, 0) == back, "%02x: %x after a power cut", plain[i].fid, a.dw0);
		}
		admin_close(&a);
		tap_group(families[f]);
	}
}

static void test_unknown(void)
{
	static const uint8_t known[] = {
		0x01, 0x02, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c,
		0x0d, 0x0e, 0x0f, 0x11, 0x16, 0x17, 0x84, 0xc0, 0xc1, 0xc2,
	};
	struct admin a;

	admin_open(&a, "g3", NULL);
	for (unsigned int fid = 0; fid < 256; fid++) {
		bool there = memchr(known, (int)fid, sizeof(known));

		check((get(&a, fid, 3, 0, 0) == 0) == there, "feature %02x", fid);
		if (there)
			continue;
		check(get(&a, fid, 0, 0, 0) == GMX_SC_INVALID_FIELD && a.dnr, "get %02x", fid);
		check(set(&a, fid, false, 0, 0) == GMX_SC_INVALID_FIELD && a.dnr, "set %02x", fid);
		check(set(&a, fid, true, 0, 0) == GMX_SC_INVALID_FIELD, "save %02x", fid);
	}
	admin_close(&a);
	tap_group("features that are not there");

	admin_open(&a, "g1", "{\"write_cache\":false}");
	check(get(&a, GMX_FEAT_VWC, 0, 0, 0) == GMX_SC_INVALID_FIELD, "no write cache: get");
	check(set(&a, GMX_FEAT_VWC, false, 0, 1) == GMX_SC_INVALID_FIELD, "no write cache: set");
	check(get(&a, GMX_FEAT_HMB, 0, 0, 0) == GMX_SC_INVALID_FIELD, "no host memory buffer");
	check(!get(&a, GMX_FEAT_IRQ_COALESCE, 0, 0, 0) && !a.dw0, "coalescing: nothing");
	check(!get(&a, GMX_FEAT_IRQ_COALESCE, 3, 0, 0) && !a.dw0, "coalescing: no capabilities");
	check(set(&a, GMX_FEAT_IRQ_COALESCE, false, 0, 0x101) == GMX_SC_FEATURE_NOT_CHANGEABLE, "coalescing: not changeable");
	admin_close(&a);
	tap_group("features that a family or a configuration does not have");
}

static void test_power(void)
{
	struct admin a;

	admin_open(&a, "g2", NULL);
	for (uint32_t ps = 0; ps < 32; ps++) {
		bool valid = ps <= EMU_NPSS;

		check(set(&a, GMX_FEAT_POWER, false, 0, ps) == (valid ? 0 : GMX_SC_INVALID_FIELD), "state %u", ps);
		check(value(&a, GMX_FEAT_POWER, 0) == (valid ? ps : EMU_NPSS), "state %u there", ps);
		check(!valid || a.s->ctrls[0]->power_state == ps, "state %u in force", ps);
	}
	for (uint32_t wh = 0; wh < 8; wh++)
		check(set(&a, GMX_FEAT_POWER, false, 0, wh << 5) == (wh <= 2 ? 0 : GMX_SC_INVALID_FIELD), "workload %u", wh);
	check(!set(&a, GMX_FEAT_POWER, true, 0, 2), "saved");
	check(!set(&a, GMX_FEAT_POWER, false, 0, 1), "set");
	admin_reset(&a, 0);
	check(a.s->ctrls[0]->power_state == 2, "state %u after a reset", a.s->ctrls[0]->power_state);
	admin_close(&a);
	tap_group("power states");
}

static void test_temperature(void)
{
	static const struct {
		uint32_t dw11;
		uint16_t initial;
	} initial[] = {
		{ 0x000000, EMU_WCTEMP }, { 0x100000, 0 },	{ 0x010000, 0xffff },
		{ 0x110000, 0 },	  { 0x020000, 0xffff }, { 0x120000, 0 },
	};
	static const uint32_t invalid[] = { 0x030000, 0x080000, 0x090000, 0x0e0000, 0x130000, 0x200000, 0x300000, 0x2f0000 };
	struct admin a;

	admin_open(&a, "g2", NULL);
	for (unsigned int i = 0; i < ARRAY_SIZE(initial); i++) {
		for (unsigned int sel = 0; sel < 3; sel++) {
			check(!get(&a, GMX_FEAT_TEMP_THRESHOLD, sel, 0, initial[i].dw11) && a.dw0 == initial[i].initial,
			      "%x, SEL %u: %u", initial[i].dw11, sel, a.dw0);
		}
		check(!set(&a, GMX_FEAT_TEMP_THRESHOLD, true, 0, initial[i].dw11 | (200 + i)), "%x: set", initial[i].dw11);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(initial); i++) {
		check(!get(&a, GMX_FEAT_TEMP_THRESHOLD, 0, 0, initial[i].dw11) && a.dw0 == 200 + i, "each its own: %u", a.dw0);
		check(!get(&a, GMX_FEAT_TEMP_THRESHOLD, 2, 0, initial[i].dw11) && a.dw0 == 200 + i, "saved: %u", a.dw0);
		check(!get(&a, GMX_FEAT_TEMP_THRESHOLD, 1, 0, initial[i].dw11) && a.dw0 == initial[i].initial, "default: %u",
		      a.dw0);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(invalid); i++) {
		check(set(&a, GMX_FEAT_TEMP_THRESHOLD, false, 0, invalid[i] | 300) == GMX_SC_INVALID_FIELD, "set %x", invalid[i]);
		check(get(&a, GMX_FEAT_TEMP_THRESHOLD, 0, 0, invalid[i]) == GMX_SC_INVALID_FIELD, "get %x", invalid[i]);
	}
	check(!set(&a, GMX_FEAT_TEMP_THRESHOLD, false, 0, 0x0f0000 | 350), "all over");
	check(get(&a, GMX_FEAT_TEMP_THRESHOLD, 0, 0, 0x0f0000) == GMX_SC_INVALID_FIELD, "all cannot be read");
	for (unsigned int i = 0; i < ARRAY_SIZE(initial); i++) {
		check(!get(&a, GMX_FEAT_TEMP_THRESHOLD, 0, 0, initial[i].dw11) && a.dw0 == (i & 1 ? 200 + i : 350), "%u: %u", i,
		      a.dw0);
		check(!get(&a, GMX_FEAT_TEMP_THRESHOLD, 2, 0, initial[i].dw11) && a.dw0 == 200 + i, "%u saved: %u", i, a.dw0);
	}
	admin_reopen(&a, false);
	for (unsigned int i = 0; i < ARRAY_SIZE(initial); i++)
		check(!get(&a, GMX_FEAT_TEMP_THRESHOLD, 0, 0, initial[i].dw11) && a.dw0 == 200 + i, "back: %u", a.dw0);
	admin_close(&a);
	tap_group("temperature thresholds");
}

static void test_queues(void)
{
	static const struct {
		const char *family;
		uint32_t dw11, granted;
	} table[] = {
		{ "g1", 0x00000000, 1 },   { "g1", 0x00070007, 8 },   { "g1", 0x00080008, 8 },	{ "g1", 0xfffefffe, 8 },
		{ "g1", 0x00000003, 4 },   { "g1", 0x00030000, 4 },   { "g2", 0x003f003f, 64 }, { "g2", 0x00ff00ff, 64 },
		{ "g3", 0x007f007f, 128 }, { "g3", 0x00ff00ff, 128 }, { "g3", 0x00000001, 2 },
	};
	struct admin a;

	for (unsigned int i = 0; i < ARRAY_SIZE(table); i++) {
		uint32_t expected = (table[i].granted - 1) * 0x10001;

		admin_open(&a, table[i].family, NULL);
		check(!set(&a, GMX_FEAT_NUM_QUEUES, false, 0, table[i].dw11) && a.dw0 == expected, "%s, %x: %x", table[i].family,
		      table[i].dw11, a.dw0);
		check(value(&a, GMX_FEAT_NUM_QUEUES, 0) == expected, "get: %x", a.dw0);
		check(value(&a, GMX_FEAT_NUM_QUEUES, 1) == (a.s->traits->nr_queues - 1u) * 0x10001, "default: %x", a.dw0);
		admin_reset(&a, 0);
		check(value(&a, GMX_FEAT_NUM_QUEUES, 0) == (a.s->traits->nr_queues - 1u) * 0x10001, "reset: %x", a.dw0);
		admin_close(&a);
	}
	admin_open(&a, "g2", NULL);
	check(set(&a, GMX_FEAT_NUM_QUEUES, false, 0, 0xffff0000) == GMX_SC_INVALID_FIELD, "65536 completion queues");
	check(set(&a, GMX_FEAT_NUM_QUEUES, false, 0, 0x0000ffff) == GMX_SC_INVALID_FIELD, "65536 submission queues");
	check(set(&a, GMX_FEAT_NUM_QUEUES, true, 0, 0) == GMX_SC_FEATURE_NOT_SAVEABLE, "not saved");
	check(value(&a, GMX_FEAT_NUM_QUEUES, 3) == 4, "capabilities");
	check(!admin_queue(&a, 0), "an I/O queue");
	check(set(&a, GMX_FEAT_NUM_QUEUES, false, 0, 0x00010001) == GMX_SC_CMD_SEQ && a.dnr, "too late");
	admin_reset(&a, 0);
	check(!set(&a, GMX_FEAT_NUM_QUEUES, false, 0, 0x00010001), "in the next life");
	admin_close(&a);
	tap_group("number of queues");
}

static void test_vectors(void)
{
	struct admin a;

	admin_open(&a, "g2", NULL);
	for (uint32_t vector = 0; vector < 70; vector++) {
		uint16_t expected = vector < 65 ? 0 : GMX_SC_INVALID_FIELD;

		check(get(&a, GMX_FEAT_IRQ_CONFIG, 0, 0, vector) == expected, "get %u", vector);
		check(expected || a.dw0 == vector, "vector %u: %x", vector, a.dw0);
		check(set(&a, GMX_FEAT_IRQ_CONFIG, false, 0, vector | (vector & 1) << 16) == expected, "set %u", vector);
	}
	for (uint32_t vector = 0; vector < 65; vector++)
		check(!get(&a, GMX_FEAT_IRQ_CONFIG, 0, 0, vector) && a.dw0 == (vector | (vector & 1) << 16), "%u: %x", vector,
		      a.dw0);
	check(!get(&a, GMX_FEAT_IRQ_CONFIG, 1, 0, 3) && a.dw0 == 3, "default");
	check(set(&a, GMX_FEAT_IRQ_CONFIG, true, 0, 3) == GMX_SC_FEATURE_NOT_SAVEABLE, "not saved");
	admin_reset(&a, 0);
	check(!get(&a, GMX_FEAT_IRQ_CONFIG, 0, 0, 3) && a.dw0 == 3, "reset");
	admin_close(&a);
	tap_group("interrupt vector configuration");
}

static void test_apst(void)
{
	static const struct {
		unsigned int at;
		uint64_t entry;
		uint16_t status;
	} table[] = {
		{ 0, 3 << 3 | 100 << 8, 0 },
		{ 2, 4 << 3 | 0xffffff00u, 0 },
		{ 4, 0, 0 },
		{ 0, 2 << 3 | 100 << 8, GMX_SC_INVALID_FIELD },
		{ 0, 5 << 3 | 100 << 8, GMX_SC_INVALID_FIELD },
		{ 1, 31 << 3 | 1 << 8, GMX_SC_INVALID_FIELD },
		{ 0, 2 << 3, 0 },
		{ 5, ~0ull, 0 },
		{ 3, 4 << 3 | 1 << 8, 0 },
		{ 0, 0 << 3 | 1 << 8, GMX_SC_INVALID_FIELD },
	};
	uint64_t entries[32] = { 0 };
	struct admin a;

	admin_open(&a, "g3", NULL);
	check(value(&a, GMX_FEAT_APST, 0) == 0 && !memcmp(page, entries, 256), "nothing at first");
	check(page[256] == 0xcc, "256 bytes are written");
	for (unsigned int i = 0; i < ARRAY_SIZE(table); i++) {
		uint8_t before[256];

		get(&a, GMX_FEAT_APST, 0, 0, 0);
		memcpy(before, page, sizeof(before));
		memset(entries, 0, sizeof(entries));
		entries[table[i].at] = htole64(table[i].entry);
		memcpy(page, entries, sizeof(entries));
		check(set(&a, GMX_FEAT_APST, false, 0, 1) == table[i].status, "case %u", i);
		check(!get(&a, GMX_FEAT_APST, 0, 0, 0), "get");
		check(!memcmp(page, table[i].status ? (void *)before : (void *)entries, 256), "case %u: the table", i);
	}
	memset(page, 0, sizeof(page));
	entries[0] = htole64(3 << 3 | 500 << 8);
	memcpy(page, entries, 8);
	check(!set(&a, GMX_FEAT_APST, true, 0, 1), "saved");
	memset(page, 0, sizeof(page));
	check(!set(&a, GMX_FEAT_APST, false, 0, 0), "off");
	check(value(&a, GMX_FEAT_APST, 0) == 0 && !memcmp(page, (uint8_t[8]){ 0 }, 8), "current");
	check(value(&a, GMX_FEAT_APST, 2) == 1 && !memcmp(page, entries, 8), "saved");
	check(value(&a, GMX_FEAT_APST, 1) == 0 && !memcmp(page, (uint8_t[8]){ 0 }, 8), "default");
	check(value(&a, GMX_FEAT_APST, 3) == 5 && page[0] == 0xcc, "capabilities, no data");
	admin_reopen(&a, true);
	check(value(&a, GMX_FEAT_APST, 0) == 1 && !memcmp(page, entries, 8), "back after a power cut");
	admin_close(&a);
	tap_group("autonomous power state transitions");
}

static uint64_t stamp(const uint8_t *p)
{
	uint64_t ms = 0;

	memcpy(&ms, p, 6);
	return le64toh(ms);
}

static void test_timestamp(void)
{
	uint64_t ms = htole64(0x0190aabbccddull);
	struct admin a;

	admin_open(&a, "g2", NULL);
	check(!get(&a, GMX_FEAT_TIMESTAMP, 0, 0, 0) && stamp(page) < 1000 && page[6] == 0 && !page[7], "since the reset");
	check(page[8] == 0xcc, "8 bytes are written");
	admin_advance(&a, 5000);
	check(!get(&a, GMX_FEAT_TIMESTAMP, 0, 0, 0) && stamp(page) >= 5000 && stamp(page) < 6000, "counts");
	memset(page, 0xff, sizeof(page));
	memcpy(page, &ms, 6);
	check(!set(&a, GMX_FEAT_TIMESTAMP, false, 0, 0), "set");
	check(!get(&a, GMX_FEAT_TIMESTAMP, 0, 0, 0) && stamp(page) - le64toh(ms) < 1000, "it is %llx",
	      (unsigned long long)stamp(page));
	check(page[6] == 2 && !page[7], "by the host: %x", page[6]);
	admin_advance(&a, 2500);
	check(!get(&a, GMX_FEAT_TIMESTAMP, 0, 0, 0) && stamp(page) - le64toh(ms) >= 2500, "goes on");
	check(stamp(page) - le64toh(ms) < 3500, "no faster than time");
	check(!get(&a, GMX_FEAT_TIMESTAMP, 1, 0, 0) && !stamp(page) && !page[6], "default");
	memset(page, 0xff, 6);
	check(!set(&a, GMX_FEAT_TIMESTAMP, false, 0, 0), "the last one");
	admin_advance(&a, 10);
	check(!get(&a, GMX_FEAT_TIMESTAMP, 0, 0, 0) && stamp(page) < 1000, "48 bits");
	check(set(&a, GMX_FEAT_TIMESTAMP, true, 0, 0) == GMX_SC_FEATURE_NOT_SAVEABLE, "not saved");
	check(set(&a, GMX_FEAT_TIMESTAMP, false, 1, 0) == GMX_SC_FEATURE_NOT_PER_NS, "not of a namespace");
	admin_reset(&a, 0);
	check(!get(&a, GMX_FEAT_TIMESTAMP, 0, 0, 0) && stamp(page) < 1000 && page[6] == 0, "reset");
	admin_close(&a);
	tap_group("timestamp");
}

static void test_behavior(void)
{
	struct admin a;

	admin_open(&a, "g2", NULL);
	check(!get(&a, GMX_FEAT_HOST_BEHAVIOR, 0, 0, 0) && !page[0] && !page[511] && page[512] == 0xcc, "512 zeroes");
	for (unsigned int acre = 0; acre < 256; acre++) {
		memset(page, 0xee, sizeof(page));
		page[0] = (uint8_t)acre;
		check(set(&a, GMX_FEAT_HOST_BEHAVIOR, false, 0, 0) == (acre > 1 ? GMX_SC_INVALID_FIELD : 0), "ACRE %u", acre);
		check(!get(&a, GMX_FEAT_HOST_BEHAVIOR, 0, 0, 0) && page[0] == (acre ? 1 : 0) && !page[1], "then %u", page[0]);
	}
	check(!get(&a, GMX_FEAT_HOST_BEHAVIOR, 1, 0, 0) && !page[0], "default");
	check(set(&a, GMX_FEAT_HOST_BEHAVIOR, true, 0, 0) == GMX_SC_FEATURE_NOT_SAVEABLE, "not saved");
	admin_reset(&a, 0);
	check(!get(&a, GMX_FEAT_HOST_BEHAVIOR, 0, 0, 0) && !page[0], "reset");
	admin_close(&a);
	tap_group("host behavior");
}

static void test_namespace(void)
{
	static const struct {
		uint32_t nsid;
		uint16_t get, set;
	} scope[] = {
		{ 0, GMX_SC_INVALID_NS, GMX_SC_INVALID_NS },
		{ 1, 0, 0 },
		{ 2, 0, 0 },
		{ 3, GMX_SC_INVALID_FIELD, GMX_SC_INVALID_FIELD },
		{ 64, GMX_SC_INVALID_FIELD, GMX_SC_INVALID_FIELD },
		{ 65, GMX_SC_INVALID_NS, GMX_SC_INVALID_NS },
		{ ALL, GMX_SC_INVALID_NS, 0 },
	};
	static const uint8_t fids[] = { GMX_FEAT_ERROR_RECOVERY, GMX_FEAT_WRITE_PROTECT };
	struct admin a;

	admin_open(&a, "g2", two);
	check(!ADMIN(&a, .opcode = GMX_ADM_NS_MGMT, .nsid = 3, .cdw10 = 1), "namespace 3 is deleted");
	for (unsigned int i = 0; i < ARRAY_SIZE(scope); i++) {
		for (unsigned int f = 0; f < ARRAY_SIZE(fids); f++) {
			check(get(&a, fids[f], 0, scope[i].nsid, 0) == scope[i].get, "get %02x of %x", fids[f], scope[i].nsid);
			check(set(&a, fids[f], false, scope[i].nsid, 0) == scope[i].set, "set %02x of %x", fids[f],
			      scope[i].nsid);
			check(!get(&a, fids[f], 3, 0, 0) && a.dw0 == (f ? 6 : 7), "capabilities of %02x: %x", fids[f], a.dw0);
		}
	}
	check(!set(&a, GMX_FEAT_ERROR_RECOVERY, false, 1, 0xfff00011), "TLER");
	check(!get(&a, GMX_FEAT_ERROR_RECOVERY, 0, 1, 0) && a.dw0 == 0x11, "of the one");
	check(!get(&a, GMX_FEAT_ERROR_RECOVERY, 0, 2, 0) && a.dw0 == 0, "not of the other");
	check(set(&a, GMX_FEAT_ERROR_RECOVERY, false, 1, 0x10000) == GMX_SC_INVALID_FIELD, "DULBE is not there");
	check(!set(&a, GMX_FEAT_ERROR_RECOVERY, true, ALL, 0x22), "of all, saved");
	check(!get(&a, GMX_FEAT_ERROR_RECOVERY, 0, 1, 0) && a.dw0 == 0x22, "the one");
	check(!set(&a, GMX_FEAT_ERROR_RECOVERY, false, 2, 0x33), "the other again");
	check(!get(&a, GMX_FEAT_ERROR_RECOVERY, 2, 2, 0) && a.dw0 == 0x22, "its saved value");
	check(!get(&a, GMX_FEAT_ERROR_RECOVERY, 1, 2, 0) && a.dw0 == 0, "its default");
	admin_reset(&a, 1);
	check(!get(&a, GMX_FEAT_ERROR_RECOVERY, 0, 2, 0) && a.dw0 == 0x33, "another controller's reset leaves it");
	admin_reopen(&a, true);
	check(!get(&a, GMX_FEAT_ERROR_RECOVERY, 0, 2, 0) && a.dw0 == 0x22, "back: %x", a.dw0);
	check(!ADMIN(&a, .opcode = GMX_ADM_NS_MGMT, .nsid = 2, .cdw10 = 1), "namespace 2 is deleted");
	admin_create_ns(&a, 16u << 20);
	check(!get(&a, GMX_FEAT_ERROR_RECOVERY, 0, 2, 0) && a.dw0 == 0, "the next namespace 2 starts anew: %x", a.dw0);
	check(!get(&a, GMX_FEAT_ERROR_RECOVERY, 2, 2, 0) && a.dw0 == 0, "nothing saved either: %x", a.dw0);
	admin_close(&a);
	tap_group("features of a namespace");
}

static void test_protect(void)
{
	struct gmx_id_ns *id = (struct gmx_id_ns *)page;
	struct admin a;
	uint32_t dw0;

	admin_open(&a, "g2", two);
	check(!admin_aer(&a, 0) && !admin_aer(&a, 1), "requests");
	for (uint32_t state = 2; state < 8; state++)
		check(set(&a, GMX_FEAT_WRITE_PROTECT, false, 1, state) == GMX_SC_INVALID_FIELD, "state %u", state);
	check(set(&a, GMX_FEAT_WRITE_PROTECT, true, 1, 1) == GMX_SC_FEATURE_NOT_SAVEABLE, "SV");
	check(!set(&a, GMX_FEAT_WRITE_PROTECT, false, 1, 1), "protected");
	check(!get(&a, GMX_FEAT_WRITE_PROTECT, 0, 1, 0) && a.dw0 == 1, "it is");
	check(!get(&a, GMX_FEAT_WRITE_PROTECT, 0, 2, 0) && a.dw0 == 0, "the other is not");
	check(!get(&a, GMX_FEAT_WRITE_PROTECT, 1, 1, 0) && a.dw0 == 0, "not by default");
	check(!ADMIN(&a, .opcode = GMX_ADM_IDENTIFY, .nsid = 1, .cdw10 = 0, .buf = page, .len = 4096) && id->nsattr == 1,
	      "NSATTR");
	check(admin_event(&a, 1, &dw0) && dw0 == 0x040002, "the other function hears of it: %x", dw0);
	check(!admin_event(&a, 0, &dw0), "this one does not");
	admin_reopen(&a, true);
	check(!get(&a, GMX_FEAT_WRITE_PROTECT, 0, 1, 0) && a.dw0 == 1, "still after a power cut");
	check(!set(&a, GMX_FEAT_WRITE_PROTECT, false, ALL, 1), "all of them");
	check(!get(&a, GMX_FEAT_WRITE_PROTECT, 0, 3, 0) && a.dw0 == 1, "the third too");
	check(!set(&a, GMX_FEAT_WRITE_PROTECT, false, ALL, 0), "none of them");
	check(!get(&a, GMX_FEAT_WRITE_PROTECT, 0, 1, 0) && a.dw0 == 0, "nor the first");
	admin_close(&a);
	tap_group("write protection");
}

static void test_shared(void)
{
	static const uint8_t fids[] = { GMX_FEAT_VWC, GMX_FEAT_SANITIZE, GMX_VND_FEAT_RATES, GMX_VND_FEAT_RECOVERY };
	static const uint32_t values[] = { 0, 1, 0x0102, 0x10007 };
	struct admin a;

	admin_open(&a, "g2", two);
	for (unsigned int i = 0; i < ARRAY_SIZE(fids); i++) {
		check(!set(&a, fids[i], false, 0, values[i]), "set %02x", fids[i]);
		check(!ADMIN(&a, .opcode = GMX_ADM_GET_FEATURES, .function = 1, .cdw10 = fids[i]) && a.dw0 == values[i],
		      "%02x: %x", fids[i], a.dw0);
	}
	check(a.s->cache_off, "the cache is off");
	admin_reset(&a, 0);
	for (unsigned int i = 0; i < ARRAY_SIZE(fids); i++)
		check(value(&a, fids[i], 0) == values[i], "%02x outlives the reset of one: %x", fids[i], a.dw0);
	check(a.s->cache_off, "the cache too");
	check(!set(&a, GMX_FEAT_ARBITRATION, true, 0, 1), "one of its own");
	check(!ADMIN(&a, .opcode = GMX_ADM_GET_FEATURES, .function = 1, .cdw10 = 1) && a.dw0 == 0x1f0f0704, "not shared");
	check(!ADMIN(&a, .opcode = GMX_ADM_GET_FEATURES, .function = 1, .cdw10 = 0x201) && a.dw0 == 0x1f0f0704,
	      "nor saved there");
	admin_reopen(&a, false);
	check(!a.s->cache_off && value(&a, GMX_FEAT_VWC, 0) == 1, "back on with the power");
	check(!set(&a, GMX_FEAT_VWC, true, 0, 0), "off for good");
	admin_reopen(&a, false);
	check(a.s->cache_off && value(&a, GMX_FEAT_VWC, 0) == 0, "off");
	admin_close(&a);
	tap_group("values of the subsystem");
}

static void test_keep_alive(void)
{
	struct admin a;

	admin_open(&a, "g2", NULL);
	check(!ADMIN(&a, .opcode = GMX_ADM_KEEP_ALIVE), "nothing to keep alive");
	admin_advance(&a, 100000);
	check(!(a.s->ctrls[0]->csts & GMX_CSTS_CFS), "no timer, no failure");
	check(!set(&a, GMX_FEAT_KATO, false, 0, 1500), "1.5 s");
	for (int i = 0; i < 5; i++) {
		admin_advance(&a, 1900);
		check(!ADMIN(&a, .opcode = GMX_ADM_KEEP_ALIVE), "alive");
	}
	check(!(a.s->ctrls[0]->csts & GMX_CSTS_CFS), "rounded up to 2 s");
	check(!set(&a, GMX_FEAT_KATO, false, 0, 0), "off");
	admin_advance(&a, 100000);
	check(!(a.s->ctrls[0]->csts & GMX_CSTS_CFS), "off is off");
	check(!set(&a, GMX_FEAT_KATO, false, 0, 3000), "3 s");
	admin_reset(&a, 0);
	check(value(&a, GMX_FEAT_KATO, 0) == 0, "gone with a reset");
	admin_advance(&a, 100000);
	check(!(a.s->ctrls[0]->csts & GMX_CSTS_CFS), "so is the timer");
	check(!set(&a, GMX_FEAT_KATO, false, 0, 3000), "3 s");
	admin_advance(&a, 2900);
	check(!(a.s->ctrls[0]->csts & GMX_CSTS_CFS), "not yet");
	admin_advance(&a, 200);
	check(a.s->ctrls[0]->csts & GMX_CSTS_CFS, "too late");
	admin_close(&a);
	tap_group("keep alive");
}

int main(void)
{
	test_plain();
	test_unknown();
	test_power();
	test_temperature();
	test_queues();
	test_vectors();
	test_apst();
	test_timestamp();
	test_behavior();
	test_namespace();
	test_protect();
	test_shared();
	test_keep_alive();
	return tap_done();
}
