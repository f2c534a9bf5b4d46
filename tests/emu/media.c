// SPDX-License-Identifier: GPL-2.0-or-later
/* Drives: what is written is what is read, whatever the cache does meanwhile; and state folders that are not as they were. */
/* Covers: GMX_ADM_FORMAT GMX_NVM_FLUSH GMX_NVM_WRITE GMX_NVM_READ GMX_NVM_WRITE_UNCOR GMX_NVM_WRITE_ZEROES
 * GMX_NVM_DSM */
#include <signal.h>
#include <sys/resource.h>

#include "media.h"

#define BLOCKS 1024u
#define MS     1000000ull

static const char small[] = "{ \"capacity\": \"16M\", \"cache_bytes\": \"64K\", \"namespaces\": [ { \"size\": \"512K\" } ] }";

static uint64_t random_state = 88172645463325252ull;

static uint32_t below(uint32_t n)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (uint32_t)((random_state * 2685821657736338717ull >> 32) % n);
}

static uint8_t data[4 << 20], meta[1024 * 64], in[128 << 10], back[256 * 64];

static uint16_t rw(uint8_t opcode, uint32_t lba, uint32_t nr, void *buf, void *tags, uint32_t control)
{
	const struct emu_ns *ns = &bed->ns[0];

	return nvm(.opcode = opcode, .nsid = 1, .cdw10 = lba, .cdw12 = (nr - 1) | control << 16, .data = buf,
		   .len = nr << ns->lba_shift, .meta = ns->ms ? tags : NULL, .meta_len = nr * ns->ms);
}

static uint16_t flush(void)
{
	return nvm(.opcode = GMX_NVM_FLUSH, .nsid = 1);
}

static bool same(uint32_t lba, uint32_t nr)
{
	uint32_t shift = bed->ns[0].lba_shift, ms = bed->ns[0].ms;

	memset(in, 0xee, (size_t)nr << shift);
	memset(back, 0xee, nr * ms);
	return !rw(GMX_NVM_READ, lba, nr, in, back, 0) && !memcmp(in, data + ((size_t)lba << shift), (size_t)nr << shift) &&
	       !memcmp(back, meta + lba * ms, nr * ms);
}

/* One random thing, done to the drive and to data and meta */
static void step(uint32_t blocks)
{
	uint32_t shift = bed->ns[0].lba_shift, ms = bed->ns[0].ms, most = EMU_MIN(131072u >> shift, 256u);
	uint32_t span = below(2) ? blocks : 64, nr = 1 + below(below(4) ? 40 : most), lba, what = below(20);
	struct gmx_dsm_range range;

	nr = EMU_MIN(EMU_MIN(nr, span), most);
	lba = below(span - nr + 1);
	if (what < 13) {
		for (size_t i = (size_t)lba << shift; i < (size_t)(lba + nr) << shift; i += 4)
			*(uint32_t *)&data[i] = below(UINT32_MAX);
		for (uint32_t i = lba * ms; i < (lba + nr) * ms; i++)
			meta[i] = (uint8_t)below(256);
		check(!rw(GMX_NVM_WRITE, lba, nr, data + ((size_t)lba << shift), meta + lba * ms, what < 11 ? 0 : GMX_RW_FUA),
		      "write");
	} else if (what < 16) {
		memset(data + ((size_t)lba << shift), 0, (size_t)nr << shift);
		memset(meta + lba * ms, 0, nr * ms);
		range = (struct gmx_dsm_range){ .nlb = htole32(nr), .slba = htole64(lba) };
		if (what == 13)
			check(!nvm(.opcode = GMX_NVM_DSM, .nsid = 1, .cdw11 = GMX_DSM_AD, .data = &range, .len = sizeof(range)),
			      "dsm");
		else
			check(!nvm(.opcode = GMX_NVM_WRITE_ZEROES, .nsid = 1, .cdw10 = lba,
				   .cdw12 = (nr - 1) | (what == 14 ? (uint32_t)GMX_RW_DEAC << 16 : 0)),
			      "write zeroes");
	} else if (what == 16 && !below(4)) {
		check(!flush(), "flush");
	} else if (what == 17) {
		bed_run(below(20) * MS);
	} else {
		check(same(lba, nr), "%u blocks at %u", nr, lba);
	}
}

static void mixed(const char *family)
{
	bed_new(family, small);
	for (unsigned int f = 0; f < emu_family_nr_lbaf(bed->traits); f++) {
		uint32_t blocks;

		check(!admin(.opcode = GMX_ADM_FORMAT, .nsid = 1, .cdw10 = f), "format %u", f);
		memset(data, 0, sizeof(data));
		memset(meta, 0, sizeof(meta));
		blocks = (uint32_t)bed->ns[0].nsze;
		for (unsigned int i = 0; i < 3000; i++) {
			step(blocks);
			if (i % 500 == 499)
				bed_again(true);
		}
		for (uint32_t lba = 0; lba < blocks; lba += 16)
			check(same(lba, 16), "format %u, at %u", f, lba);
	}
	bed_end();
	tap_group(family);
}

static void fill(uint32_t lba, uint32_t nr, uint8_t value)
{
	memset(data, value, (size_t)nr * 512);
	check(!rw(GMX_NVM_WRITE, lba, nr, data, NULL, 0), "write at %u", lba);
}

static bool holds(uint32_t lba, uint32_t nr, uint8_t value)
{
	memset(in, (uint8_t)~value, (size_t)nr * 512);
	if (rw(GMX_NVM_READ, lba, nr, in, NULL, 0))
		return false;
	for (uint32_t i = 0; i < nr * 512; i++)
		if (in[i] != value)
			return false;
	return true;
}

static void losses(void)
{
	bed_new("g2", small);
	fill(0, 32, 1);
	bed_again(true);
	check(holds(0, 32, 1), "an orderly end writes the cache");
	fill(0, 32, 2);
	bed_again(false);
	check(holds(0, 32, 1), "a power cut loses what is cached");
	fill(0, 32, 3);
	bed_run(2000 * MS);
	bed_again(false);
	check(holds(0, 32, 3), "in the end everything is written");
	for (uint32_t lba = 0; lba < BLOCKS; lba += 32)
		fill(lba, 32, 4);
	bed_again(false);
	check(!holds(0, 256, 4) || !holds(256, 256, 4) || !holds(512, 256, 4) || !holds(768, 256, 4), "all of it was kept");
	check(holds(0, 32, 4) + holds(32, 32, 4) + holds(512, 32, 4) + holds(992, 32, 4) + holds(256, 32, 4) + holds(768, 32, 4) >
		      0,
	      "a cache that is too small has written some");
	bed_end();
	tap_group("what a power cut loses");
}

static void parts(void)
{
	unsigned int kept = 0, rounds = 30;

	bed_new("g2", small);
	for (unsigned int i = 0; i < rounds; i++) {
		for (uint32_t lba = 0; lba < 64; lba += 8)
			fill(lba, 8, (uint8_t)(i + 1));
		bed_run(8 * MS);
		bed_again(false);
		for (uint32_t lba = 0; lba < 64; lba += 8)
			kept += holds(lba, 8, (uint8_t)(i + 1));
	}
	check(kept > rounds && kept < rounds * 7, "%u of %u records were kept", kept, rounds * 8);
	bed_end();
	tap_group("a power cut loses a random part");
}

static void through(void)
{
	bed_new("g2", "{ \"write_cache\": false, \"namespaces\": [ { \"size\": \"512K\" } ] }");
	fill(0, 256, 1);
	bed_again(false);
	check(holds(0, 256, 1), "without a cache all is written");
	bed_end();
	bed_new("g2", small);
	fill(0, 32, 1);
	check(!bed_set_cache(false), "cache off");
	fill(32, 32, 2);
	bed_again(false);
	check(holds(0, 32, 1), "switched off, it is written first");
	check(holds(32, 32, 2), "switched off, nothing is cached");
	bed_end();
	tap_group("without a write cache");
}

static void lies(void)
{
	bed_new("g2", "{ \"flush_lies\": true, \"namespaces\": [ { \"size\": \"512K\" } ] }");
	fill(0, 8, 1);
	check(!flush(), "flush");
	bed_again(false);
	check(holds(0, 8, 0), "flush has not lied");
	fill(0, 8, 2);
	bed_again(true);
	check(holds(0, 8, 2), "an orderly end does not lie");
	memset(data, 3, 4096);
	check(!rw(GMX_NVM_WRITE, 0, 8, data, NULL, GMX_RW_FUA), "FUA");
	bed_again(false);
	check(holds(0, 8, 3), "FUA does not lie");
	bed_end();
	tap_group("a flush that lies");
}

static void sparse(void)
{
	struct stat st;

	bed_new("g1", "{ \"capacity\": \"1T\", \"namespaces\": [ { \"size\": \"1T\", \"block\": 4096 } ] }");
	memset(data, 1, 4096);
	check(!nvm(.opcode = GMX_NVM_WRITE, .nsid = 1, .cdw10 = (1u << 28) - 1, .data = data, .len = 4096), "the last block");
	check(!flush(), "flush");
	bed_run(100 * MS);
	check(bed->ns[0].nuse >= 1 && bed->ns[0].nuse < 64, "utilization %llu", (unsigned long long)bed->ns[0].nuse);
	check(!stat(bed_file("drive-00.img"), &st) && st.st_size == 1ll << 40 && st.st_blocks < 1024, "%lld blocks",
	      (long long)st.st_blocks);
	bed_again(true);
	check(!nvm(.opcode = GMX_NVM_READ, .nsid = 1, .cdw10 = (1u << 28) - 1, .data = in, .len = 4096) &&
		      !memcmp(in, data, 4096),
	      "read");
	bed_end();
	tap_group("drives are sparse");
}

static void wiped(void)
{
	struct emu_drive *d;

	bed_new("g2", small);
	d = bed->drives[0];
	fill(0, 64, 1);
	check(!emu_drive_overwrite(d, 8192, 4096, 0x44332211), "overwrite");
	check(holds(0, 16, 1) && holds(24, 40, 1), "outside");
	check(!rw(GMX_NVM_READ, 16, 8, in, NULL, 0) && in[0] == 0x11 && in[1] == 0x22 && in[4094] == 0x33 && in[4095] == 0x44,
	      "pattern");
	check(emu_drive_overwrite(d, 0, 516 << 10, 0) == -EINVAL && emu_drive_overwrite(d, 0, 512, 0) == -EINVAL, "too far");
	check(!nvm(.opcode = GMX_NVM_WRITE_UNCOR, .nsid = 1, .cdw10 = 40), "write uncorrectable");
	fill(48, 8, 5);
	emu_drive_erase(d);
	check(holds(0, 64, 0), "erased, cache and marks too");
	bed_again(false);
	check(holds(0, 64, 0), "after a power cut");
	bed_end();
	tap_group("overwritten and erased");
}

/* A format that the next start has to finish leaves no metadata either. */
static void metadata_formatted(void)
{
	unsigned int lbaf;

	bed_new("g2", "{ \"namespaces\": [ { \"size\": \"512K\", \"metadata\": 8 } ] }");
	lbaf = bed->ns[0].lbaf;
	memset(data, 0, sizeof(data));
	memset(meta, 0x5a, sizeof(meta));
	check(!rw(GMX_NVM_WRITE, 0, 128, data, meta, 0) && same(0, 128), "written");
	check(!flush(), "flushed");
	check(!bed_start((struct call){ .opcode = GMX_ADM_FORMAT, .nsid = 1, .cdw10 = lbaf }, true), "a format takes time");
	bed_forget();
	bed_again(false);
	memset(meta, 0, sizeof(meta));
	check(bed->ns[0].lbaf == lbaf && !bed->ns[0].formatting && same(0, 128), "all is zero");
	bed_end();
	tap_group("metadata of a namespace whose format is cut short");
}

/* The folder does not open, the error says this, and a second attempt finds the same. */
static void refused(const char *what, const char *says)
{
	for (unsigned int i = 0; i < 2; i++) {
		if (!check(!bed_try("g2", small), "%s was taken", what)) {
			bed_end();
			return;
		}
		check(strstr(bed_error, says), "%s: \"%s\" does not say \"%s\"", what, bed_error, says);
	}
}

static void write_file(const char *name, const void *text, size_t len)
{
	FILE *f = fopen(bed_file(name), "w");

	check(f && fwrite(text, 1, len, f) == len, "%s cannot be written", name);
	if (f)
		fclose(f);
}

static void write_text(const char *name, const char *text)
{
	write_file(name, text, strlen(text));
}

static size_t read_file(const char *name, char *text, size_t size)
{
	FILE *f = fopen(bed_file(name), "r");
	size_t len = f ? fread(text, 1, size, f) : 0;

	if (f)
		fclose(f);
	return len;
}

static void broken_nvram(void)
{
	static char text[256 << 10];
	size_t len;

	bed_new("g2", small);
	fill(0, 8, 1);
	bed_end();
	len = read_file("nvram.json", text, sizeof(text));
	check(len > 100 && len < sizeof(text), "nvram.json has %zu bytes", len);
	for (size_t cut = 0; cut < len; cut += 1 + len / 50) {
		write_file("nvram.json", text, cut);
		refused("a cut nvram.json", "nvram.json is damaged: restore it, or start with an empty state folder");
	}
	write_text("nvram.json", "{ \"version\": 99 }");
	refused("another version", "nvram.json is of another version");
	write_text("nvram.json", "{ \"version\": 1, \"namespaces\": [] }");
	refused("namespaces of another kind", "\"namespaces\" is damaged");
	write_text("nvram.json", "{ \"version\": 1, \"namespaces\": { \"identities\": 1, \"list\": [ { \"nsid\": 1 } ] } }");
	refused("half a namespace", "\"namespaces\" is damaged");
	unlink(bed_file("nvram.json"));
	mkdir(bed_file("nvram.json"), 0700);
	refused("a folder", "nvram.json");
	rmdir(bed_file("nvram.json"));
	refused("no nvram.json", "has drive-00.img but no nvram.json");
	write_file("nvram.json", text, len);
	bed_open("g2", small);
	check(holds(0, 8, 1), "restored, the data is there");
	bed_end();
	tap_group("nvram.json is never made anew over a state");
}

static void broken_drives(void)
{
	static char journal[64 << 10];
	size_t len;

	bed_new("g2", small);
	fill(0, 8, 1);
	check(!flush(), "flush");
	bed_end();
	rename(bed_file("drive-00.img"), bed_file("away"));
	refused("no image", "drive-00.img of namespace 1: No such file");
	rename(bed_file("away"), bed_file("drive-00.img"));
	check(!truncate(bed_file("drive-00.img"), 4096), "truncate");
	refused("a short image", "drive-00.img is too short (4096 of 524288 bytes): restore it");
	check(!truncate(bed_file("drive-00.img"), 1 << 20), "truncate");
	bed_open("g2", small);
	check(holds(0, 8, 1), "an image that is too long was cut short in growing");
	bed_end();
	len = read_file("drive-00.jnl", journal, sizeof(journal));
	check(len > 4096, "journal");
	journal[12] = 1;
	journal[40] ^= 1;
	write_file("drive-00.jnl", journal, len);
	refused("a damaged journal", "drive-00.jnl is damaged");
	journal[0] ^= 1;
	write_file("drive-00.jnl", journal, len);
	refused("another journal", "drive-00.jnl is no journal of this version");
	unlink(bed_file("drive-00.jnl"));
	write_text("drive-05.img", "stray");
	write_text("drive-05.meta", "stray");
	bed_open("g2", small);
	check(holds(0, 8, 1), "without its journal");
	check(access(bed_file("drive-05.img"), F_OK) && access(bed_file("drive-05.meta"), F_OK), "strays are removed");
	bed_end();
	tap_group("drives that are not as they were");
}

/* The file system below is full, here: has a limit. */
static void full(void)
{
	struct rlimit was, limit;

	bed_new("g2", small);
	fill(0, 8, 1);
	check(!flush(), "flush");
	getrlimit(RLIMIT_FSIZE, &was);
	limit = was;
	limit.rlim_cur = 400 << 10;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	memset(data, 2, 16384);
	check(GMX_STS_CODE(rw(GMX_NVM_WRITE, 900, 32, data, NULL, GMX_RW_FUA)) == GMX_SC_INTERNAL, "the drive fails");
	check(GMX_STS_CODE(rw(GMX_NVM_READ, 0, 8, in, NULL, 0)) == GMX_SC_NS_NOT_READY, "it has failed");
	check(GMX_STS_CODE(flush()) == GMX_SC_NS_NOT_READY, "no flush");
	emu_drive_set_failed(bed->drives[0], false);
	check(GMX_STS_CODE(rw(GMX_NVM_READ, 0, 8, in, NULL, 0)) == GMX_SC_NS_NOT_READY, "it stays failed");
	setrlimit(RLIMIT_FSIZE, &was);
	emu_drive_set_failed(bed->drives[0], false);
	check(holds(0, 8, 1) && holds(900, 32, 2), "with room it is whole again");
	setrlimit(RLIMIT_FSIZE, &limit);
	fill(900, 32, 3);
	check(GMX_STS_CODE(flush()) == GMX_SC_INTERNAL, "a flush that fails says so");
	setrlimit(RLIMIT_FSIZE, &was);
	bed_again(false);
	check(GMX_STS_CODE(rw(GMX_NVM_READ, 0, 8, in, NULL, 0)) == GMX_SC_NS_NOT_READY, "after a power cut too");
	emu_drive_set_failed(bed->drives[0], false);
	check(holds(0, 8, 1) && (holds(900, 32, 2) || holds(900, 32, 3)), "one or the other");
	bed_end();
	tap_group("the file system below is full");
}

int main(void)
{
	mixed("g1");
	mixed("g3");
	losses();
	parts();
	through();
	lies();
	sparse();
	wiped();
	metadata_formatted();
	broken_nvram();
	broken_drives();
	full();
	bed_clean();
	return tap_done();
}
