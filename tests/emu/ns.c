// SPDX-License-Identifier: GPL-2.0-or-later
/* Namespaces: made, deleted, attached, resized, formatted; what of it outlives the power, and what every mistake gets. */
/* Covers: GMX_ADM_NS_MGMT GMX_ADM_NS_ATTACH GMX_ADM_FORMAT */
#include "media.h"

#define ALL	  0xffffffffu
#define DNR(code) ((code) | GMX_STS_DNR)
#define MS	  1000000ull

static const char two[] =
	"{ \"functions\": 2, \"capacity\": \"16M\", \"namespaces\": [ { \"size\": \"4M\" }, { \"size\": \"1M\", \"block\": 4096 } ] }";

static uint8_t page[4096], buf[4096];

static uint16_t create(const struct gmx_id_ns *id, uint32_t nsid)
{
	return admin(.opcode = GMX_ADM_NS_MGMT, .nsid = nsid, .data = memcpy(page, id, sizeof(*id)), .len = sizeof(page));
}

static struct gmx_id_ns wish(uint64_t blocks, unsigned int flbas)
{
	return (struct gmx_id_ns){ .nsze = htole64(blocks), .ncap = htole64(blocks), .flbas = (uint8_t)flbas };
}

static uint16_t delete(uint32_t nsid)
{
	return admin(.opcode = GMX_ADM_NS_MGMT, .nsid = nsid, .cdw10 = 1);
}

/* functions: those of the list, -1 ends it */
static uint16_t attach(uint32_t nsid, unsigned int sel, const int *functions)
{
	__le16 *list = (__le16 *)page;
	unsigned int nr = 0;

	memset(page, 0, sizeof(page));
	for (; functions[nr] >= 0; nr++)
		list[nr + 1] = htole16(bed->ctrls[functions[nr]]->cntlid);
	list[0] = htole16((uint16_t)nr);
	return admin(.opcode = GMX_ADM_NS_ATTACH, .nsid = nsid, .cdw10 = sel, .data = page, .len = sizeof(page));
}

static uint16_t block_io(uint8_t opcode, uint32_t nsid, uint64_t lba)
{
	return nvm(.opcode = opcode, .nsid = nsid, .cdw10 = (uint32_t)lba, .data = buf, .len = 512);
}

static bool holds(uint32_t nsid, uint64_t lba, uint8_t value)
{
	memset(buf, (uint8_t)~value, sizeof(buf));
	return !nvm(.opcode = GMX_NVM_READ, .nsid = nsid, .cdw10 = (uint32_t)lba, .data = buf,
		    .len = 1u << bed->ns[nsid - 1].lba_shift) &&
	       buf[0] == value && buf[511] == value;
}

static void put(uint32_t nsid, uint64_t lba, uint8_t value)
{
	memset(buf, value, sizeof(buf));
	check(!nvm(.opcode = GMX_NVM_WRITE, .nsid = nsid, .cdw10 = (uint32_t)lba, .cdw12 = GMX_RW_FUA << 16, .data = buf,
		   .len = 1u << bed->ns[nsid - 1].lba_shift),
	      "write of block %llu of namespace %u", (unsigned long long)lba, nsid);
}

static void configured(void)
{
	bed_new("g2", two);
	for (unsigned int again = 0; again < 3; again++) {
		const struct emu_ns *a = &bed->ns[0], *b = &bed->ns[1];

		check(a->nsid == 1 && a->nsze == 8192 && a->ncap == 8192 && a->lba_shift == 9 && !a->ms, "first");
		check(b->nsid == 2 && b->nsze == 256 && b->lba_shift == 12, "second");
		check(a->attached == 3 && b->attached == 3 && a->nmic == 1, "shared by both controllers");
		check(!bed->ns[2].nsid && emu_ns_unallocated(bed) == 11u << 20, "capacity");
		bed_again(again);
	}
	bed_end();
	tap_group("namespaces of the configuration");
}

static void creation(void)
{
	struct gmx_id_ns id = wish(1000, 0);
	int first[] = { 0, -1 };

	bed_new("g2", two);
	check(!create(&id, 0) && bed_dw0 == 3, "namespace %u", bed_dw0);
	check(bed->ns[2].nsze == 1000 && bed->ns[2].bytes == 512000, "as large as asked for");
	check(emu_ns_unallocated(bed) == (11u << 20) - 512000 / 4096 * 4096 - (512000 % 4096 ? 4096 : 0),
	      "its capacity is taken");
	check(block_io(GMX_NVM_READ, 3, 0) == DNR(GMX_SC_INVALID_FIELD), "attached to nobody");
	check(!attach(3, 0, first) && holds(3, 999, 0), "attached");
	check(block_io(GMX_NVM_READ, 3, 1000) == DNR(GMX_SC_LBA_RANGE), "its end");
	put(3, 999, 7);
	bed_again(false);
	check(bed->ns[2].nsze == 1000 && holds(3, 999, 7), "after a power cut");
	id = wish(2, 1);
	check(!create(&id, 0) && bed_dw0 == 4 && bed->ns[3].lba_shift == 12, "of large blocks");
	check(!delete (3) && !bed->ns[2].nsid, "delete");
	check(block_io(GMX_NVM_READ, 3, 0) == DNR(GMX_SC_INVALID_FIELD), "it is gone");
	check(delete (3) == DNR(GMX_SC_INVALID_FIELD), "deleted twice");
	bed_again(false);
	check(!bed->ns[2].nsid && bed->ns[3].nsid == 4, "after a power cut");
	id = wish(1000, 0);
	check(!create(&id, 0) && bed_dw0 == 3 && !attach(3, 0, first) && holds(3, 999, 0), "the next of its number is empty");
	bed_end();
	tap_group("creation and deletion");
}

static void creation_mistakes(void)
{
	struct gmx_id_ns id = wish(1000, 0);
	unsigned int nr_lbaf;

	bed_new("g2", two);
	nr_lbaf = emu_family_nr_lbaf(bed->traits);
	check(create(&id, 1) == DNR(GMX_SC_INVALID_FIELD), "NSID must be zero");
	check(create(&id, ALL) == DNR(GMX_SC_INVALID_FIELD), "NSID must be zero, not all");
	id = wish(0, 0);
	check(create(&id, 0) == DNR(GMX_SC_INVALID_FIELD), "no blocks");
	id = wish(1000, 0);
	id.ncap = htole64(1001);
	check(create(&id, 0) == DNR(GMX_SC_INVALID_FIELD), "capacity above size");
	id.ncap = htole64(999);
	check(create(&id, 0) == DNR(GMX_SC_THIN_UNSUPPORTED), "thin provisioning");
	id = wish(1000, nr_lbaf);
	check(create(&id, 0) == DNR(GMX_SC_FORMAT_INVALID), "format %u", nr_lbaf);
	id = wish(1000, 0x20);
	check(create(&id, 0) == DNR(GMX_SC_FORMAT_INVALID), "format 16");
	id = wish(1000, 0);
	id.dps = 1;
	check(create(&id, 0) == DNR(GMX_SC_FORMAT_INVALID), "protection");
	id = wish(1000, 0);
	id.nmic = 2;
	check(create(&id, 0) == DNR(GMX_SC_INVALID_FIELD), "NMIC");
	id = wish(1000, 0);
	id.anagrpid = htole32(1);
	check(create(&id, 0) == DNR(GMX_SC_INVALID_FIELD), "ANA group");
	id = wish(1000, 0);
	id.nvmsetid = htole16(1);
	check(create(&id, 0) == DNR(GMX_SC_INVALID_FIELD), "NVM set");
	id = wish((11u << 20) / 512 + 1, 0);
	check(create(&id, 0) == DNR(GMX_SC_NS_NO_CAPACITY), "one block too many");
	check(bed_error_info() == (11u << 20) + 512, "the error log says %llu", (unsigned long long)bed_error_info());
	id = wish(UINT64_MAX, 1);
	check(create(&id, 0) == DNR(GMX_SC_NS_NO_CAPACITY), "all blocks there are");
	check(emu_ns_unallocated(bed) == 11u << 20, "nothing was taken");
	id = wish((11u << 20) / 512, 0);
	check(!create(&id, 0), "all that is left");
	id = wish(1, 0);
	check(create(&id, 0) == DNR(GMX_SC_NS_NO_CAPACITY), "nothing is left");
	for (uint32_t sel = 2; sel < 16; sel++)
		check(admin(.opcode = GMX_ADM_NS_MGMT, .nsid = 1, .cdw10 = sel) == DNR(GMX_SC_INVALID_FIELD), "SEL %u", sel);
	check(delete (0) == DNR(GMX_SC_INVALID_NS) && delete (EMU_MAX_NS + 1) == DNR(GMX_SC_INVALID_NS), "invalid namespaces");
	check(delete (40) == DNR(GMX_SC_INVALID_FIELD), "a namespace that is not there");
	bed->ns[1].read_only = true;
	check(delete (2) == DNR(GMX_SC_NS_WRITE_PROTECTED) && delete (ALL) == DNR(GMX_SC_NS_WRITE_PROTECTED), "write-protected");
	check(bed->ns[0].nsid, "all or none");
	bed->ns[1].read_only = false;
	check(!delete (ALL) && emu_ns_unallocated(bed) == 16u << 20, "all");
	bed_again(true);
	check(emu_ns_unallocated(bed) == 16u << 20 && !bed->ns[0].nsid, "none come back");
	for (unsigned int i = 0; i < EMU_MAX_NS; i++) {
		id = wish(8, 0);
		check(!create(&id, 0) && bed_dw0 == i + 1, "namespace %u", i + 1);
	}
	check(create(&id, 0) == DNR(GMX_SC_NS_ID_UNAVAILABLE), "one too many");
	bed_again(false);
	check(bed->ns[EMU_MAX_NS - 1].nsze == 8 && !delete (ALL), "all of them come back");
	bed_end();
	tap_group("mistakes in management");
}

static void attachment(void)
{
	int none[] = { -1 }, first[] = { 0, -1 }, second[] = { 1, -1 }, both[] = { 0, 1, -1 }, wrong[] = { 1, 0, -1 },
	    twice[] = { 0, 0, -1 };
	struct gmx_id_ns id = wish(8, 0);
	__le16 *list = (__le16 *)page;

	bed_new("g2", two);
	check(attach(1, 2, first) == DNR(GMX_SC_INVALID_FIELD), "SEL 2");
	check(attach(0, 0, first) == DNR(GMX_SC_INVALID_NS), "namespace 0");
	check(attach(EMU_MAX_NS + 1, 0, first) == DNR(GMX_SC_INVALID_NS), "namespace 65");
	check(attach(5, 0, first) == DNR(GMX_SC_INVALID_FIELD), "a namespace that is not there");
	check(attach(ALL, 0, first) == DNR(GMX_SC_INVALID_FIELD), "all");
	check(attach(1, 0, first) == DNR(GMX_SC_NS_ATTACHED), "attached twice");
	check(attach(1, 1, none) == DNR(GMX_SC_CTRL_LIST), "an empty list");
	check(attach(1, 1, wrong) == DNR(GMX_SC_CTRL_LIST), "in descending order");
	check(attach(1, 1, twice) == DNR(GMX_SC_CTRL_LIST), "twice the same");
	list[0] = htole16(2048);
	check(admin(.opcode = GMX_ADM_NS_ATTACH, .nsid = 1, .cdw10 = 1, .data = page, .len = 4096) == DNR(GMX_SC_CTRL_LIST),
	      "2048 entries");
	list[0] = htole16(1);
	list[1] = htole16(0xfff0);
	check(admin(.opcode = GMX_ADM_NS_ATTACH, .nsid = 1, .cdw10 = 1, .data = page, .len = 4096) == DNR(GMX_SC_CTRL_LIST),
	      "a stranger");
	check(bed->ns[0].attached == 3, "none of it did anything");
	check(!attach(1, 1, second) && bed->ns[0].attached == 1, "detach");
	check(attach(1, 1, both) == DNR(GMX_SC_NS_NOT_ATTACHED) && bed->ns[0].attached == 1, "one of them is not attached");
	check(attach(1, 0, both) == DNR(GMX_SC_NS_ATTACHED) && bed->ns[0].attached == 1, "one of them is attached");
	bed_again(false);
	check(bed->ns[0].attached == 1, "after a power cut");
	check(!attach(1, 0, second) && !attach(1, 1, both) && !bed->ns[0].attached && !attach(1, 0, both), "back and forth");
	check(!create(&id, 0) && bed_dw0 == 3, "a private one");
	check(attach(3, 0, both) == DNR(GMX_SC_NS_PRIVATE), "to both at once");
	check(!attach(3, 0, second) && attach(3, 0, first) == DNR(GMX_SC_NS_PRIVATE), "to a second");
	check(!attach(3, 1, second) && !attach(3, 0, first), "moved");
	id.nmic = 1;
	check(!create(&id, 0) && bed_dw0 == 4 && !attach(4, 0, both), "a shared one");
	bed_end();
	tap_group("attachment");
}

struct identity {
	uint8_t eui64[8], nguid[16], uuid[16];
};

static struct identity identity_of(const struct emu_ns *ns)
{
	struct identity id;

	memcpy(id.eui64, ns->eui64, 8);
	memcpy(id.nguid, ns->nguid, 16);
	memcpy(id.uuid, ns->uuid, 16);
	return id;
}

static bool differ(const struct identity *a, const struct identity *b)
{
	return memcmp(a->eui64, b->eui64, 8) && memcmp(a->nguid, b->nguid, 16) && memcmp(a->uuid, b->uuid, 16);
}

static void identities(void)
{
	static struct identity seen[40];
	struct gmx_id_ns id = wish(8, 0);
	unsigned int nr = 0;
	char serial[21];

	bed_new("g2", two);
	strcpy(serial, bed->config.serial);
	check(strlen(serial) > 8 && !strncmp(bed->config.subnqn, "nqn.2014-08.org.nvmexpress:uuid:", 32), "%s %s", serial,
	      bed->config.subnqn);
	seen[nr++] = identity_of(&bed->ns[0]);
	seen[nr++] = identity_of(&bed->ns[1]);
	check(!(seen[0].eui64[0] & 1), "no group address");
	bed_again(false);
	check(!strcmp(serial, bed->config.serial), "the serial number stays");
	check(!memcmp(bed->ns[0].nguid, seen[0].nguid, 16) && !memcmp(bed->ns[1].uuid, seen[1].uuid, 16), "identities stay");
	for (unsigned int i = 0; i < 30; i++) {
		check(!create(&id, 0) && bed_dw0 == 3, "create");
		seen[nr++] = identity_of(&bed->ns[2]);
		check(!delete (3), "delete");
		if (i % 10 == 5)
			bed_again(i % 20 == 5);
	}
	check(!emu_ns_new_identity(&bed->ns[0]), "new identity");
	seen[nr++] = identity_of(&bed->ns[0]);
	bed_again(false);
	check(!memcmp(bed->ns[0].nguid, seen[nr - 1].nguid, 16), "it outlives a power cut");
	for (unsigned int a = 0; a < nr; a++)
		for (unsigned int b = 0; b < a; b++)
			check(differ(&seen[a], &seen[b]), "identities %u and %u", a, b);
	bed_end();
	tap_group("identities never come twice");
}

static void resize(void)
{
	bed_new("g2", two);
	put(1, 0, 1);
	put(1, 8191, 2);
	check(!emu_ns_resize(&bed->ns[0], 6 << 20) && bed->ns[0].nsze == 12288, "grow");
	check(holds(1, 8191, 2) && holds(1, 12287, 0), "old and new blocks");
	put(1, 12287, 3);
	check(emu_ns_resize(&bed->ns[0], 16 << 20) == -ENOSPC, "above the capacity");
	check(emu_ns_resize(&bed->ns[0], 0) == -EINVAL && emu_ns_resize(&bed->ns[1], (1 << 20) + 512) == -EINVAL,
	      "no number of blocks");
	bed_again(false);
	check(bed->ns[0].nsze == 12288 && holds(1, 12287, 3), "after a power cut");
	memset(buf, 9, 512);
	check(!block_io(GMX_NVM_WRITE, 1, 9000), "cached");
	check(!emu_ns_resize(&bed->ns[0], 4 << 20) && bed->ns[0].nsze == 8192, "shrink");
	check(block_io(GMX_NVM_READ, 1, 8192) == DNR(GMX_SC_LBA_RANGE) && holds(1, 8191, 2), "the new end");
	check(!emu_ns_resize(&bed->ns[0], (4 << 20) + 512) && bed->ns[0].nsze == 8193 && holds(1, 8192, 0), "an odd size");
	check(!emu_ns_resize(&bed->ns[0], 6 << 20) && holds(1, 9000, 0) && holds(1, 12287, 0), "what was cut off is gone");
	check(emu_ns_unallocated(bed) == 9u << 20, "capacity");
	bed_again(true);
	check(bed->ns[0].nsze == 12288 && holds(1, 0, 1) && holds(1, 12287, 0), "after a restart");
	bed_end();
	tap_group("a namespace grows and shrinks");
}

static uint16_t format(uint32_t nsid, uint32_t cdw10)
{
	return admin(.opcode = GMX_ADM_FORMAT, .nsid = nsid, .cdw10 = cdw10);
}

static void formats(void)
{
	static const char *const families[] = { "g1", "g2", "g3" };

	for (unsigned int i = 0; i < ARRAY_SIZE(families); i++) {
		unsigned int nr;

		bed_new(families[i], two);
		nr = emu_family_nr_lbaf(bed->traits);
		for (unsigned int f = nr; f-- > 0;) {
			put(1, 5, 1);
			check(!format(1, f), "%s: format %u", families[i], f);
			check(bed->ns[0].lbaf == f && bed->ns[0].lba_shift == emu_lbafs[f].shift &&
				      bed->ns[0].ms == emu_lbafs[f].ms,
			      "%s: format %u is not in force", families[i], f);
			check(bed->ns[0].nsze == (4u << 20) >> emu_lbafs[f].shift && !bed->ns[0].formatting, "%s: size",
			      families[i]);
			if (!bed->ns[0].ms)
				check(holds(1, 5, 0), "%s: format %u leaves data", families[i], f);
			bed_again(f % 2);
			check(bed->ns[0].lbaf == f, "%s: format %u is forgotten", families[i], f);
			check(!format(1, 0), "%s: back to the first", families[i]);
		}
		for (unsigned int f = nr; f < 16; f++)
			check(format(1, f) == DNR(GMX_SC_FORMAT_INVALID), "%s: format %u", families[i], f);
		for (unsigned int pi = 1; pi < 8; pi++)
			check(format(1, pi << 5) == DNR(GMX_SC_FORMAT_INVALID), "%s: protection %u", families[i], pi);
		for (unsigned int ses = 0; ses < 8; ses++)
			check(format(1, ses << 9) == (ses < 2 || (ses == 2 && i == 2) ? 0 : DNR(GMX_SC_INVALID_FIELD)),
			      "%s: secure erase %u", families[i], ses);
		bed_end();
	}
	tap_group("formats by family");
}

static void format_mistakes(void)
{
	int first[] = { 0, -1 };
	uint16_t status;

	bed_new("g2", two);
	check(format(0, 0) == DNR(GMX_SC_INVALID_NS) && format(EMU_MAX_NS + 1, 0) == DNR(GMX_SC_INVALID_NS),
	      "invalid namespaces");
	check(format(3, 0) == DNR(GMX_SC_INVALID_FIELD), "a namespace that is not there");
	put(1, 0, 1);
	put(2, 0, 2);
	bed->ns[1].read_only = true;
	check(format(2, 0) == DNR(GMX_SC_NS_WRITE_PROTECTED) && format(ALL, 0) == DNR(GMX_SC_NS_WRITE_PROTECTED),
	      "write-protected");
	bed->ns[1].read_only = false;
	check(!bed->ns[0].formatting && holds(1, 0, 1) && holds(2, 0, 2), "none of it did anything");
	check(!attach(2, 1, first) && !format(ALL, 1) && bed->ns[0].lbaf == 1, "all that are attached");
	check(!attach(2, 0, first) && holds(2, 0, 2), "not the other");
	check(!format(ALL, 0) && bed->ns[0].lba_shift == 9 && bed->ns[1].lba_shift == 9 && holds(2, 0, 0), "both");
	check(!bed_start((struct call){ .opcode = GMX_ADM_FORMAT, .nsid = 1, .cdw10 = 1 }, true), "it takes time");
	bed_run(500 * MS);
	check(!bed_done(&status) && bed->ns[0].formatting, "it is not done");
	check(bed->ns[0].format_percent_left >= 40 && bed->ns[0].format_percent_left <= 60, "%u %% left",
	      bed->ns[0].format_percent_left);
	bed_run(600 * MS);
	check(bed_done(&status) && !status && bed->ns[0].lbaf == 1, "it is done");
	bed_end();
	tap_group("what is formatted, and what not");
}

static void format_busy(void)
{
	bed_new("g2", two);
	check(!bed_start((struct call){ .opcode = GMX_ADM_FORMAT, .nsid = 1, .cdw10 = 1 }, true), "it takes time");
	bed_forget();
	check(block_io(GMX_NVM_READ, 1, 0) == GMX_SC_FORMAT_IN_PROGRESS, "read");
	check(block_io(GMX_NVM_WRITE, 1, 0) == GMX_SC_FORMAT_IN_PROGRESS, "write");
	check(nvm(.opcode = GMX_NVM_FLUSH, .nsid = 1) == GMX_SC_FORMAT_IN_PROGRESS, "flush");
	check(!nvm(.opcode = GMX_NVM_FLUSH, .nsid = ALL), "flush of all");
	check(format(1, 0) == GMX_SC_FORMAT_IN_PROGRESS && format(ALL, 0) == GMX_SC_FORMAT_IN_PROGRESS, "format");
	check(delete (1) == GMX_SC_FORMAT_IN_PROGRESS && delete (ALL) == GMX_SC_FORMAT_IN_PROGRESS, "delete");
	check(emu_ns_resize(&bed->ns[0], 1 << 20) == -EBUSY, "resize");
	check(!nvm(.opcode = GMX_NVM_READ, .nsid = 2, .data = buf, .len = 4096), "the other namespace");
	bed_run(2000 * MS);
	check(!bed->ns[0].formatting && bed->ns[0].lbaf == 1, "a reset of the controller stops no format");
	bed_end();
	tap_group("while a namespace is formatted");
}

static void format_cut(void)
{
	for (unsigned int part = 0; part <= 10; part++) {
		for (unsigned int orderly = 0; orderly < 2; orderly++) {
			bed_new("g2", two);
			put(1, 0, 1);
			put(1, 8191, 2);
			check(!bed_start((struct call){ .opcode = GMX_ADM_FORMAT, .nsid = 1, .cdw10 = 1 }, true),
			      "it takes time");
			bed_run(part * 99 * MS);
			bed_forget();
			bed_again(orderly);
			check(bed->ns[0].lbaf == 1 && bed->ns[0].nsze == 1024 && !bed->ns[0].formatting,
			      "cut at %u %%: not finished", part * 10);
			check(holds(1, 0, 0) && holds(1, 1023, 0), "cut at %u %%: data is left", part * 10);
			bed_again(false);
			put(1, 0, 3);
			bed_again(false);
			check(holds(1, 0, 3), "cut at %u %%: formatted again", part * 10);
			bed_end();
		}
	}
	tap_group("a format that is cut short is finished");
}

static void warp(void)
{
	uint64_t start;

	bed_new("g2", "{ \"time_warp\": true }");
	start = bed_now();
	check(!format(1, 1) && bed_now() - start < 50 * MS, "a format takes %llu ms",
	      (unsigned long long)((bed_now() - start) / MS));
	bed_end();
	tap_group("time warp");
}

int main(void)
{
	configured();
	creation();
	creation_mistakes();
	attachment();
	identities();
	resize();
	formats();
	format_mistakes();
	format_busy();
	format_cut();
	warp();
	bed_clean();
	return tap_done();
}
