// SPDX-License-Identifier: GPL-2.0-or-later
/* The NVM command set: what each command does, and the status that each mistake gets. */
/* Covers: GMX_NVM_FLUSH GMX_NVM_WRITE GMX_NVM_READ GMX_NVM_WRITE_UNCOR GMX_NVM_COMPARE GMX_NVM_WRITE_ZEROES
 * GMX_NVM_DSM GMX_NVM_VERIFY */
#include "media.h"

#define BLOCKS	  2048u /* of namespace 1: 1 MiB */
#define NONE	  0xffffffffu
#define DNR(code) ((code) | GMX_STS_DNR)

static uint8_t out[1 << 20], in[1 << 20], tags[16 << 10], back[16 << 10];

static const char plain[] =
	"{ \"functions\": 2, \"capacity\": \"16M\", \"namespaces\": [ { \"size\": \"1M\" }, { \"size\": \"1M\", \"block\": 4096 } ] }";

static void fill(uint8_t *buf, size_t len, unsigned int seed)
{
	for (size_t i = 0; i < len; i++)
		buf[i] = (uint8_t)(seed * 31 + i * 7 + (i >> 9) * 13);
}

static uint16_t rw(uint8_t opcode, uint32_t nsid, uint32_t lba, uint32_t nr, void *data, uint32_t control)
{
	uint32_t block = nsid == 2 ? 4096 : 512;

	return nvm(.opcode = opcode, .nsid = nsid, .cdw10 = lba, .cdw12 = (nr - 1) | control << 16, .data = data,
		   .len = nr * block);
}

static uint16_t no_data(uint8_t opcode, uint32_t lba, uint32_t nr, uint32_t control)
{
	return nvm(.opcode = opcode, .nsid = 1, .cdw10 = lba, .cdw12 = (nr - 1) | control << 16);
}

static uint16_t deallocate(uint32_t nsid, uint32_t lba, uint32_t nr)
{
	struct gmx_dsm_range range = { .nlb = htole32(nr), .slba = htole64(lba) };

	return nvm(.opcode = GMX_NVM_DSM, .nsid = nsid, .cdw11 = GMX_DSM_AD, .data = &range, .len = sizeof(range));
}

static bool reads_as(uint32_t nsid, uint32_t lba, uint32_t nr, const void *data)
{
	uint32_t block = nsid == 2 ? 4096 : 512;

	memset(in, 0xee, (size_t)nr * block);
	return !rw(GMX_NVM_READ, nsid, lba, nr, in, 0) && !memcmp(in, data, (size_t)nr * block);
}

static bool reads_zero(uint32_t nsid, uint32_t lba, uint32_t nr)
{
	static const uint8_t zeroes[64 << 10];

	return reads_as(nsid, lba, nr, zeroes);
}

static void round_trip(void)
{
	static const uint32_t sizes[] = { 1, 2, 7, 8, 9, 31, 32, 33, 100, 128, 129, 255, 256 };

	bed_new("g2", plain);
	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
		uint32_t nr = sizes[i], at[] = { 0, 3, 1024 - nr / 2, BLOCKS - nr };

		for (unsigned int k = 0; k < ARRAY_SIZE(at); k++) {
			fill(out, nr * 512, i * 4 + k);
			check(!rw(GMX_NVM_WRITE, 1, at[k], nr, out, 0), "write of %u at %u", nr, at[k]);
			check(reads_as(1, at[k], nr, out), "read of %u at %u", nr, at[k]);
		}
	}
	for (uint32_t nr = 1; nr <= 32; nr *= 2) {
		fill(out, nr * 4096, nr);
		check(!rw(GMX_NVM_WRITE, 2, 256 - nr, nr, out, GMX_RW_FUA), "write of %u large blocks", nr);
		check(reads_as(2, 256 - nr, nr, out), "read of %u large blocks", nr);
	}
	fill(out, 512, 1);
	check(!rw(GMX_NVM_WRITE, 1, 5, 1, out, GMX_RW_LR), "limited retry");
	check(!rw(GMX_NVM_READ, 1, 5, 1, in, GMX_RW_LR | GMX_RW_FUA) && !memcmp(in, out, 512), "read with FUA");
	bed_end();
	tap_group("what is written is read");
}

static const uint8_t commands[] = { GMX_NVM_WRITE,	  GMX_NVM_READ, GMX_NVM_COMPARE, GMX_NVM_WRITE_UNCOR,
				    GMX_NVM_WRITE_ZEROES, GMX_NVM_DSM,	GMX_NVM_VERIFY,	 GMX_NVM_FLUSH };

/* A good command of its kind, but for nsid and flags */
static uint16_t attempt(unsigned int function, uint8_t opcode, uint32_t nsid, uint8_t flags)
{
	static struct gmx_dsm_range range;
	bool moves = opcode == GMX_NVM_WRITE || opcode == GMX_NVM_READ || opcode == GMX_NVM_COMPARE;

	range.nlb = htole32(1);
	memset(in, 0, 512);
	return nvm(.function = function, .opcode = opcode, .nsid = nsid, .flags = flags,
		   .cdw11 = opcode == GMX_NVM_DSM ? GMX_DSM_AD : 0,
		   .data = opcode == GMX_NVM_DSM ? (void *)&range
			   : moves		 ? in
						 : NULL,
		   .len = opcode == GMX_NVM_DSM ? sizeof(range)
			  : moves		? 512
						: 0);
}

static void bad_nsid(void)
{
	bed_new("g2", plain);
	for (unsigned int i = 0; i < ARRAY_SIZE(commands); i++) {
		uint8_t opc = commands[i];
		static const struct {
			uint32_t nsid;
			uint16_t status;
		} bad[] = {
			{ 0, DNR(GMX_SC_INVALID_NS) },
			{ EMU_MAX_NS + 1, DNR(GMX_SC_INVALID_NS) },
			{ 0xfffffffe, DNR(GMX_SC_INVALID_NS) },
			{ 3, DNR(GMX_SC_INVALID_FIELD) },
			{ EMU_MAX_NS, DNR(GMX_SC_INVALID_FIELD) },
			{ NONE, DNR(GMX_SC_INVALID_FIELD) },
		};

		for (unsigned int k = 0; k < ARRAY_SIZE(bad); k++) {
			uint16_t status = attempt(0, opc, bad[k].nsid, 0);
			uint16_t want = opc == GMX_NVM_FLUSH && bad[k].nsid == NONE ? 0 : bad[k].status;

			check(status == want, "opcode %02x nsid %x: %04x, not %04x", opc, bad[k].nsid, status, want);
		}
		check(!attempt(0, opc, 1, 0) && !attempt(1, opc, 1, 0), "opcode %02x: the good one fails", opc);
	}
	bed_end();
	tap_group("namespaces that are not there");
}

static uint16_t attach(uint32_t nsid, bool on, unsigned int function)
{
	static uint16_t list[2048];

	list[0] = htole16(1);
	list[1] = htole16(bed->ctrls[function]->cntlid);
	return admin(.opcode = GMX_ADM_NS_ATTACH, .nsid = nsid, .cdw10 = !on, .data = list, .len = sizeof(list));
}

static void not_attached(void)
{
	bed_new("g2", plain);
	check(!attach(1, false, 1), "detach");
	for (unsigned int i = 0; i < ARRAY_SIZE(commands); i++) {
		uint16_t status = attempt(1, commands[i], 1, 0);

		check(status == DNR(GMX_SC_INVALID_FIELD), "opcode %02x: %04x", commands[i], status);
		check(!attempt(0, commands[i], 1, 0), "opcode %02x: fails for the other controller", commands[i]);
	}
	check(!attach(1, true, 1), "attach");
	check(!attempt(1, GMX_NVM_READ, 1, 0), "fails when attached again");
	bed_end();
	tap_group("namespaces of another controller");
}

static void fused(void)
{
	bed_new("g2", plain);
	for (unsigned int i = 0; i < ARRAY_SIZE(commands); i++)
		for (uint8_t fuse = 1; fuse <= 3; fuse++)
			check(attempt(0, commands[i], 1, fuse) == DNR(GMX_SC_INVALID_FIELD), "opcode %02x fuse %u", commands[i],
			      fuse);
	bed_end();
	tap_group("fused operations are refused");
}

static void ranges(void)
{
	static const struct {
		uint64_t lba;
		uint32_t nr;
		bool good;
	} cases[] = {
		{ 0, 1, true },		  { BLOCKS - 1, 1, true },  { BLOCKS - 8, 8, true },	  { BLOCKS, 1, false },
		{ BLOCKS - 1, 2, false }, { BLOCKS - 7, 8, false }, { 1ull << 32, 1, false },	  { 1ull << 63, 1, false },
		{ UINT64_MAX, 1, false }, { UINT64_MAX, 2, false }, { UINT64_MAX - 7, 8, false }, { 1ull << 55, 8, false },
	};

	bed_new("g2", plain);
	for (unsigned int i = 0; i < ARRAY_SIZE(commands); i++) {
		uint8_t opc = commands[i];
		bool moves = opc == GMX_NVM_WRITE || opc == GMX_NVM_READ || opc == GMX_NVM_COMPARE;

		if (opc == GMX_NVM_DSM || opc == GMX_NVM_FLUSH)
			continue;
		for (unsigned int k = 0; k < ARRAY_SIZE(cases); k++) {
			uint16_t status;

			memset(in, 0, 4096);
			status = nvm(.opcode = opc, .nsid = 1, .cdw10 = (uint32_t)cases[k].lba,
				     .cdw11 = (uint32_t)(cases[k].lba >> 32), .cdw12 = cases[k].nr - 1, .data = moves ? in : NULL,
				     .len = moves ? cases[k].nr * 512 : 0);
			check(status == (cases[k].good ? 0 : DNR(GMX_SC_LBA_RANGE)), "opcode %02x at %llx, %u: %04x", opc,
			      (unsigned long long)cases[k].lba, cases[k].nr, status);
		}
		check(no_data(opc, 0, 65536, 0) != 0, "opcode %02x takes 65536 blocks", opc);
		no_data(GMX_NVM_WRITE_ZEROES, 0, BLOCKS, 0);
	}
	bed_end();
	tap_group("blocks that are not there");
}

static void fields(void)
{
	uint32_t most;

	bed_new("g2", plain);
	most = (4096u << bed->traits->mdts) / 512;
	check(most <= sizeof(in) / 512, "the buffer holds a transfer");
	check(!rw(GMX_NVM_READ, 1, 0, most, in, 0), "the largest transfer");
	check(rw(GMX_NVM_READ, 1, 0, most + 1, in, 0) == DNR(GMX_SC_INVALID_FIELD), "read above MDTS");
	check(rw(GMX_NVM_WRITE, 1, 0, most + 1, in, 0) == DNR(GMX_SC_INVALID_FIELD), "write above MDTS");
	check(rw(GMX_NVM_COMPARE, 1, 0, most + 1, in, 0) == DNR(GMX_SC_INVALID_FIELD), "compare above MDTS");
	check(!no_data(GMX_NVM_VERIFY, 0, BLOCKS, 0), "verify moves nothing and has no such limit");
	for (uint32_t bit = 0x0400; bit <= 0x2000; bit <<= 1) {
		check(!rw(GMX_NVM_READ, 1, 0, 1, in, bit), "read PRINFO %04x without protection information", bit);
		check(!rw(GMX_NVM_WRITE, 1, 0, 1, in, bit), "write PRINFO %04x without protection information", bit);
		check(!rw(GMX_NVM_COMPARE, 1, 0, 1, in, bit), "compare PRINFO %04x without protection information", bit);
		check(!no_data(GMX_NVM_VERIFY, 0, 1, bit), "verify PRINFO %04x without protection information", bit);
		check(!no_data(GMX_NVM_WRITE_ZEROES, 0, 1, bit), "write zeroes PRINFO %04x without protection information", bit);
	}
	for (uint32_t type = 1; type <= 15; type++) {
		check(rw(GMX_NVM_WRITE, 1, 0, 1, in, type << 4) == DNR(GMX_SC_INVALID_FIELD), "directive type %u", type);
		/* a key that is not there: nothing is written in clear */
		check(rw(GMX_NVM_WRITE, 1, 0, 1, in, type) == DNR(GMX_SC_INVALID_FIELD), "write CETYPE %u", type);
		check(rw(GMX_NVM_READ, 1, 0, 1, in, type) == DNR(GMX_SC_INVALID_FIELD), "read CETYPE %u", type);
		check(rw(GMX_NVM_COMPARE, 1, 0, 1, in, type) == DNR(GMX_SC_INVALID_FIELD), "compare CETYPE %u", type);
		check(no_data(GMX_NVM_VERIFY, 0, 1, type) == DNR(GMX_SC_INVALID_FIELD), "verify CETYPE %u", type);
	}
	bed_end();
	tap_group("fields that must not be so");
}

static void compare(void)
{
	bed_new("g2", plain);
	fill(out, 100 * 512, 1);
	check(!rw(GMX_NVM_WRITE, 1, 10, 100, out, 0), "write");
	check(!rw(GMX_NVM_COMPARE, 1, 10, 100, out, 0), "equal");
	check(!rw(GMX_NVM_COMPARE, 1, 10, 100, out, GMX_RW_FUA), "equal, with FUA");
	for (unsigned int i = 0; i < 100 * 512; i += 511 * 7) {
		out[i] ^= 1;
		check(GMX_STS_CODE(rw(GMX_NVM_COMPARE, 1, 10, 100, out, 0)) == GMX_SC_COMPARE_FAILED, "byte %u differs", i);
		out[i] ^= 1;
	}
	check(reads_as(1, 10, 100, out), "compare has changed something");
	bed_end();
	tap_group("compare");
}

static void write_zeroes(void)
{
	uint64_t used;

	bed_new("g2", plain);
	fill(out, 256 * 512, 1);
	for (uint32_t lba = 0; lba < BLOCKS; lba += 256)
		check(!rw(GMX_NVM_WRITE, 1, lba, 256, out, 0), "write at %u", lba);
	check(!no_data(GMX_NVM_WRITE_ZEROES, 3, 10, 0), "a few");
	check(!no_data(GMX_NVM_WRITE_ZEROES, 100, 10, GMX_RW_DEAC), "a few, deallocated");
	check(!no_data(GMX_NVM_WRITE_ZEROES, 1000, 100, 0), "many");
	check(!no_data(GMX_NVM_WRITE_ZEROES, 2000, 48, GMX_RW_DEAC | GMX_RW_FUA), "many, deallocated");
	check(reads_zero(1, 3, 10) && reads_zero(1, 100, 10) && reads_zero(1, 1000, 100) && reads_zero(1, 2000, 48), "zeroes");
	check(reads_as(1, 0, 3, out) && reads_as(1, 13, 80, out + 13 * 512), "before and behind the first");
	check(reads_as(1, 999, 1, out + (999 % 256) * 512) && reads_as(1, 1100, 1, out + (1100 % 256) * 512),
	      "around the others");
	nvm(.opcode = GMX_NVM_FLUSH, .nsid = 1);
	bed_run(100000000);
	used = bed->ns[0].nuse;
	check(used && used <= BLOCKS, "utilization of %llu", (unsigned long long)used);
	check(!no_data(GMX_NVM_WRITE_ZEROES, 0, BLOCKS, GMX_RW_DEAC), "all");
	bed_run(100000000);
	check(bed->ns[0].nuse < used / 4, "utilization of %llu after %llu", (unsigned long long)bed->ns[0].nuse,
	      (unsigned long long)used);
	bed_end();
	tap_group("write zeroes");
}

static void uncorrectable(void)
{
	static const uint8_t readers[] = { GMX_NVM_READ, GMX_NVM_COMPARE, GMX_NVM_VERIFY };

	bed_new("g2", plain);
	fill(out, 64 * 512, 1);
	check(!rw(GMX_NVM_WRITE, 1, 0, 64, out, 0), "write");
	check(!no_data(GMX_NVM_WRITE_UNCOR, 9, 3, 0), "write uncorrectable");
	for (unsigned int again = 0; again < 3; again++) {
		for (unsigned int i = 0; i < ARRAY_SIZE(readers); i++) {
			void *data = readers[i] == GMX_NVM_VERIFY ? NULL : memcpy(in, out, 64 * 512);

			check(GMX_STS_CODE(rw(readers[i], 1, 0, 64, data, 0)) == GMX_SC_READ_ERROR, "opcode %02x over it",
			      readers[i]);
			check(GMX_STS_CODE(rw(readers[i], 1, 11, 1, data, 0)) == GMX_SC_READ_ERROR, "opcode %02x of the last",
			      readers[i]);
		}
		check(reads_as(1, 0, 9, out) && reads_as(1, 12, 52, out + 12 * 512), "its neighbours");
		bed_again(again == 0);
		if (again == 0)
			check(!rw(GMX_NVM_WRITE, 1, 0, 9, out, GMX_RW_FUA), "write beside it");
	}
	check(!deallocate(1, 9, 1), "deallocate");
	check(GMX_STS_CODE(rw(GMX_NVM_READ, 1, 9, 1, in, 0)) == GMX_SC_READ_ERROR, "deallocation is no write");
	check(!rw(GMX_NVM_WRITE, 1, 9, 1, out, 0) && reads_as(1, 9, 1, out), "a cached write ends it");
	check(!no_data(GMX_NVM_WRITE_ZEROES, 10, 1, 0) && reads_zero(1, 10, 1), "zeroes end it");
	check(!rw(GMX_NVM_WRITE, 1, 11, 1, out, GMX_RW_FUA) && reads_as(1, 11, 1, out), "a written-through write ends it");
	bed_again(false);
	check(GMX_STS_CODE(rw(GMX_NVM_READ, 1, 9, 1, in, 0)) == GMX_SC_READ_ERROR, "the cached write is lost");
	check(reads_as(1, 11, 1, out), "the other is not");
	check(!no_data(GMX_NVM_WRITE_UNCOR, 0, BLOCKS, 0), "all blocks");
	check(GMX_STS_CODE(no_data(GMX_NVM_VERIFY, 0, BLOCKS, 0)) == GMX_SC_READ_ERROR, "verify of all");
	check(GMX_STS_CODE(no_data(GMX_NVM_VERIFY, BLOCKS - 1, 1, 0)) == GMX_SC_READ_ERROR, "the last");
	check(!no_data(GMX_NVM_WRITE_ZEROES, 1, BLOCKS - 1, 0) && !no_data(GMX_NVM_VERIFY, 1, BLOCKS - 1, 0), "zeroes over all");
	check(GMX_STS_CODE(no_data(GMX_NVM_VERIFY, 0, 2, 0)) == GMX_SC_READ_ERROR, "but the first");
	bed_end();
	tap_group("write uncorrectable");
}

static void dsm(void)
{
	static struct gmx_dsm_range r[GMX_DSM_MAX_RANGES];

	bed_new("g2", plain);
	fill(out, 256 * 512, 1);
	for (uint32_t lba = 0; lba < BLOCKS; lba += 256)
		check(!rw(GMX_NVM_WRITE, 1, lba, 256, out, 0), "write at %u", lba);
	for (unsigned int i = 0; i < GMX_DSM_MAX_RANGES; i++)
		r[i] = (struct gmx_dsm_range){ .nlb = htole32(1), .slba = htole64(i * 8) };
	check(!nvm(.opcode = GMX_NVM_DSM, .nsid = 1, .cdw10 = 255, .cdw11 = 3, .data = r, .len = sizeof(r)), "hints");
	check(reads_as(1, 0, 8, out), "hints do nothing");
	r[255].nlb = htole32(BLOCKS);
	check(nvm(.opcode = GMX_NVM_DSM, .nsid = 1, .cdw10 = 255, .cdw11 = GMX_DSM_AD, .data = r, .len = sizeof(r)) ==
		      DNR(GMX_SC_LBA_RANGE),
	      "the last range is bad");
	r[255] = (struct gmx_dsm_range){ .nlb = htole32(1), .slba = htole64(UINT64_MAX) };
	check(nvm(.opcode = GMX_NVM_DSM, .nsid = 1, .cdw10 = 255, .cdw11 = GMX_DSM_AD, .data = r, .len = sizeof(r)) ==
		      DNR(GMX_SC_LBA_RANGE),
	      "the last range is far away");
	check(reads_as(1, 0, 256, out), "then none is applied");
	r[255] = (struct gmx_dsm_range){ .nlb = 0, .slba = htole64(BLOCKS) };
	check(!nvm(.opcode = GMX_NVM_DSM, .nsid = 1, .cdw10 = 255, .cdw11 = GMX_DSM_AD, .data = r, .len = sizeof(r)),
	      "255 and an empty one");
	for (uint32_t i = 0; i < 255; i++)
		check(reads_zero(1, i * 8, 1) && reads_as(1, i * 8 + 1, 7, out + (i * 8 + 1) % 256 * 512), "range %u", i);
	check(reads_as(1, 255 * 8, 8, out + 248 * 512), "the empty one");
	check(!rw(GMX_NVM_WRITE, 1, 0, 64, out, 0) && !deallocate(1, 0, BLOCKS) && reads_zero(1, 0, 64), "what was only cached");
	check(!rw(GMX_NVM_WRITE, 1, 5, 1, out, 0) && reads_as(1, 5, 1, out), "written after it");
	check(nvm(.opcode = GMX_NVM_DSM, .nsid = 1, .cdw11 = GMX_DSM_AD), "no data pointer");
	bed_end();
	tap_group("dataset management");
}

static void flush(void)
{
	bed_new("g2", plain);
	fill(out, 4096, 1);
	check(!rw(GMX_NVM_WRITE, 1, 0, 8, out, 0) && !rw(GMX_NVM_WRITE, 2, 0, 1, out, 0), "write");
	check(!nvm(.opcode = GMX_NVM_FLUSH, .nsid = 2), "flush of one");
	bed_again(false);
	check(reads_zero(1, 0, 8), "nothing ran, so what was not flushed is lost");
	check(reads_as(2, 0, 1, out), "what was flushed is there");
	check(!rw(GMX_NVM_WRITE, 1, 0, 8, out, 0) && !rw(GMX_NVM_WRITE, 2, 1, 1, out, 0), "write");
	check(!nvm(.opcode = GMX_NVM_FLUSH, .nsid = NONE), "flush of all");
	bed_again(false);
	check(reads_as(1, 0, 8, out) && reads_as(2, 1, 1, out), "both are there");
	bed_end();
	tap_group("flush");
}

static void protected(void)
{
	bed_new("g2", plain);
	fill(out, 4096, 1);
	check(!rw(GMX_NVM_WRITE, 1, 0, 8, out, 0), "write");
	bed->ns[0].read_only = true;
	check(attempt(0, GMX_NVM_WRITE, 1, 0) == DNR(GMX_SC_NS_WRITE_PROTECTED), "write");
	check(attempt(0, GMX_NVM_WRITE_ZEROES, 1, 0) == DNR(GMX_SC_NS_WRITE_PROTECTED), "write zeroes");
	check(attempt(0, GMX_NVM_WRITE_UNCOR, 1, 0) == DNR(GMX_SC_NS_WRITE_PROTECTED), "write uncorrectable");
	check(attempt(0, GMX_NVM_DSM, 1, 0) == DNR(GMX_SC_NS_WRITE_PROTECTED), "deallocate");
	check(reads_as(1, 0, 8, out), "read");
	check(!rw(GMX_NVM_COMPARE, 1, 0, 8, out, 0) && !attempt(0, GMX_NVM_VERIFY, 1, 0) && !attempt(0, GMX_NVM_FLUSH, 1, 0),
	      "the rest");
	check(!rw(GMX_NVM_WRITE, 2, 0, 1, out, 0), "the other namespace");
	bed->ns[0].read_only = false;
	check(!attempt(0, GMX_NVM_WRITE, 1, 0), "write");
	bed_end();
	tap_group("a write-protected namespace");
}

static void failed_drive(void)
{
	bed_new("g2", plain);
	fill(out, 4096, 1);
	check(!rw(GMX_NVM_WRITE, 1, 0, 8, out, GMX_RW_FUA) && !rw(GMX_NVM_WRITE, 2, 0, 1, out, GMX_RW_FUA), "write");
	emu_drive_set_failed(bed->drives[bed->ns[0].drive_idx], true);
	for (unsigned int again = 0; again < 2; again++) {
		for (unsigned int i = 0; i < ARRAY_SIZE(commands); i++)
			check(attempt(0, commands[i], 1, 0) == DNR(GMX_SC_NS_NOT_READY), "opcode %02x", commands[i]);
		check(reads_as(2, 0, 1, out), "the other drive");
		bed_again(!again);
	}
	emu_drive_set_failed(bed->drives[bed->ns[0].drive_idx], false);
	check(reads_as(1, 0, 8, out), "repaired");
	bed_end();
	tap_group("a drive that has failed");
}

static void media_errors(void)
{
	struct emu_drive *d;

	bed_new("g2", plain);
	d = bed->drives[bed->ns[1].drive_idx];
	fill(out, 3 * 4096, 1);
	check(!rw(GMX_NVM_WRITE, 2, 0, 3, out, 0), "write");
	emu_drive_media_error(d, 4096 + 1500, true);
	check(GMX_STS_CODE(rw(GMX_NVM_READ, 2, 0, 3, in, 0)) == GMX_SC_READ_ERROR, "read over it");
	check(reads_as(2, 0, 1, out) && reads_as(2, 2, 1, out + 8192), "its neighbours");
	emu_drive_media_error(d, 4096 + 1500, false);
	check(reads_as(2, 0, 3, out), "taken back, the data is there");
	emu_drive_media_error(d, 4096, true);
	emu_drive_media_error(d, 1 << 20, true);
	bed_again(false);
	check(GMX_STS_CODE(rw(GMX_NVM_READ, 2, 1, 1, in, 0)) == GMX_SC_READ_ERROR, "after a power cut");
	check(!rw(GMX_NVM_WRITE, 2, 1, 1, out, 0) && reads_as(2, 1, 1, out), "written again");
	bed_end();
	tap_group("media errors");
}

static uint16_t rwm(uint8_t opcode, uint32_t lba, uint32_t nr, uint32_t block, uint32_t ms, bool extended)
{
	bool write = opcode != GMX_NVM_READ;

	if (extended)
		return nvm(.opcode = opcode, .nsid = 1, .cdw10 = lba, .cdw12 = nr - 1, .data = write ? out : in,
			   .len = nr * (block + ms));
	return nvm(.opcode = opcode, .nsid = 1, .cdw10 = lba, .cdw12 = nr - 1, .data = write ? out : in, .len = nr * block,
		   .meta = write ? tags : back, .meta_len = nr * ms);
}

static void with_metadata(void)
{
	bed_new("g3", plain);
	for (unsigned int f = 0; f < emu_family_nr_lbaf(bed->traits); f++) {
		uint32_t block = 1u << emu_lbafs[f].shift, ms = emu_lbafs[f].ms,
			 most = (4096u << bed->traits->mdts) / (block + ms);

		if (!ms)
			continue;
		for (unsigned int ext = 0; ext < 2; ext++) {
			static const uint32_t sizes[] = { 1, 3, 4, 17 };
			uint32_t len = block + (ext ? ms : 0);

			check(!admin(.opcode = GMX_ADM_FORMAT, .nsid = 1, .cdw10 = f | ext << 4), "format %u/%u", f, ext);
			check(bed->ns[0].ms == ms && bed->ns[0].ms_extended == ext && bed->ns[0].lba_shift == emu_lbafs[f].shift,
			      "geometry");
			for (unsigned int i = 0; i <= ARRAY_SIZE(sizes); i++) {
				uint32_t nr = i < ARRAY_SIZE(sizes) ? sizes[i] : most;

				fill(out, (size_t)nr * len, i);
				fill(tags, nr * ms, i + 99);
				check(!rwm(GMX_NVM_WRITE, 7, nr, block, ms, ext), "write of %u", nr);
				memset(in, 0, (size_t)nr * len);
				memset(back, 0, nr * ms);
				check(!rwm(GMX_NVM_READ, 7, nr, block, ms, ext) && !memcmp(in, out, (size_t)nr * len),
				      "read of %u", nr);
				check(ext || !memcmp(back, tags, nr * ms), "metadata of %u", nr);
				check(!rwm(GMX_NVM_COMPARE, 7, nr, block, ms, ext), "compare of %u", nr);
				(ext ? out + len * nr : tags + nr * ms)[-1] ^= 1;
				check(GMX_STS_CODE(rwm(GMX_NVM_COMPARE, 7, nr, block, ms, ext)) == GMX_SC_COMPARE_FAILED,
				      "metadata differs");
				(ext ? out + len * nr : tags + nr * ms)[-1] ^= 1;
				if (i % 2)
					bed_again(true);
			}
			if (ext)
				check(rwm(GMX_NVM_READ, 0, most + 1, block, ms, ext) == DNR(GMX_SC_INVALID_FIELD),
				      "above MDTS with metadata");
			check(!deallocate(1, 8, 1), "deallocate");
			memset(in, 1, len * 3);
			memset(back, 1, ms * 3);
			check(!rwm(GMX_NVM_READ, 8, 1, block, ms, ext), "read");
			for (uint32_t i = 0; i < ms; i++)
				check(!(ext ? in + block : back)[i], "metadata of a deallocated block");
		}
	}
	bed_end();
	tap_group("metadata, apart and with the data");
}

static void late(void)
{
	static const char config[] = "{ \"latency\": \"ssd\", \"namespaces\": [ { \"size\": \"256M\" },"
				     " { \"size\": \"256M\", \"rotational\": true } ] }";
	uint64_t sum[2] = { 0 }, start;

	bed_new("g1", config);
	for (unsigned int drive = 0; drive < 2; drive++) {
		for (uint32_t i = 0; i < 50; i++) {
			start = bed_now();
			check(!nvm(.opcode = GMX_NVM_READ, .nsid = drive + 1, .cdw10 = i * 104729 % 520000, .cdw12 = 7,
				   .data = in, .len = 4096),
			      "read");
			sum[drive] += bed_now() - start;
		}
	}
	check(sum[0] / 50 > 50000 && sum[0] / 50 < 300000, "a solid-state drive takes %llu ns", (unsigned long long)sum[0] / 50);
	check(sum[1] / 50 > 2000000 && sum[1] / 50 < 20000000, "a rotating drive takes %llu ns", (unsigned long long)sum[1] / 50);
	start = bed_now();
	for (uint32_t i = 0; i < 16; i++)
		check(!nvm(.opcode = GMX_NVM_READ, .nsid = 2, .cdw10 = 64 + i * 8, .cdw12 = 7, .data = in, .len = 4096), "read");
	check(bed_now() - start < 16u * 4000000, "in a row it need not seek: %llu ns", (unsigned long long)(bed_now() - start));
	bed_end();
	tap_group("media take their time");
}

/* Memory that ends at 2^64 and goes on at 0 is nobody's, but a controller of 64 bits lives on. */
static void wrapped(void)
{
	uint16_t status = 0;

	bed_new("g3", plain);
	vnd_submit(&(struct vnd_cmd){ .queue = 1, .opcode = GMX_NVM_READ, .nsid = 1, .cdw12 = 7, .len = 4096 },
		   0xfffffffffffff200ull, 7);
	emu_subsys_run(vnd);
	check(bed_take(0, 1, 7, &status) && GMX_STS_CODE(status) == GMX_SC_DATA_XFER, "status %03x", status);
	check(!(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_CFS), "fatal");
	check(!rw(GMX_NVM_READ, 1, 0, 1, in, 0), "the next command");
	bed_end();
	tap_group("an address that wraps");
}

int main(void)
{
	round_trip();
	bad_nsid();
	not_attached();
	fused();
	ranges();
	fields();
	compare();
	write_zeroes();
	uncorrectable();
	dsm();
	flush();
	protected();
	failed_drive();
	media_errors();
	with_metadata();
	late();
	wrapped();
	bed_clean();
	return tap_done();
}
