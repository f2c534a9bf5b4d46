// SPDX-License-Identifier: GPL-2.0-or-later
/* I/O commands, PRPs and SGLs: what can be wrong, and its status. A row's opcodes are a mask. */
/* Covers: GMX_NVM_FLUSH GMX_NVM_WRITE GMX_NVM_READ GMX_NVM_WRITE_UNCOR GMX_NVM_COMPARE GMX_NVM_WRITE_ZEROES
 * GMX_NVM_DSM GMX_NVM_VERIFY */
#include "conformance.h"

#define FIELD		DNR(GMX_SC_INVALID_FIELD)
#define NO_NS		DNR(GMX_SC_INVALID_NS)
#define OP(opcode)	(1u << GMX_NVM_##opcode)
#define MOVE		(OP(WRITE) | OP(READ) | OP(COMPARE))
#define BLOCKS		(MOVE | OP(WRITE_UNCOR) | OP(WRITE_ZEROES) | OP(VERIFY))
#define ALTER		(OP(WRITE) | OP(WRITE_UNCOR) | OP(WRITE_ZEROES) | OP(DSM))
#define DATA		(MOVE | OP(DSM))
#define ALL		(BLOCKS | OP(DSM) | OP(FLUSH))
#define CONTROL(bits)	((uint32_t)(bits) << 16 | 7) /* eight blocks */
#define RANGE(i, field) ((i) * (unsigned int)sizeof(struct gmx_dsm_range) + (unsigned int)offsetof(struct gmx_dsm_range, field))

/* Two pages, three pages; a segment of SGL descriptors where the PRP list is otherwise */
#define TWO	 { CDW12, 15 }
#define THREE	 { CDW12, 23 }
#define BY_SGL	 { FLAGS, GMX_SQE_SGL }
#define ENTRY(i) (LIST64 + 8 * (i))
#define DESC(i, addr, type, len) \
	{ LIST64 + 16 * (i), (addr) }, \
	{ \
		LIST64 + 16 * (i) + 8, SGL(type, len) \
	}
#define SEGMENT(type, nr) \
	{ PRP1, CONF_LIST }, \
	{ \
		PRP2, SGL(type, 16 * (nr)) \
	}

static void protect(void)
{
	check(!admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_WRITE_PROTECT, .cdw11 = GMX_WP_PROTECTED,
		     .nsid = NS_SHARED),
	      "protected");
}

static void format(void)
{
	vnd_post(.opcode = GMX_ADM_FORMAT, .nsid = NS_SHARED);
	emu_subsys_run(vnd);
}

static void sanitize(void)
{
	check(!admin(.opcode = GMX_ADM_SANITIZE, .cdw10 = GMX_SANITIZE_OVERWRITE), "sanitize begins");
}

static void sanitize_failed(void)
{
	sanitize();
	check(vnd_ok("drive-fail", "\"drive\":0"), "a drive fails");
	vnd_advance(1000);
	check(emu_sanitize_failed(vnd), "sanitize failed");
}

static void unreadable(void)
{
	check(vnd_ok("media-error", "\"nsid\":1,\"lba\":3"), "media error");
}

static void drive_failed(void)
{
	check(vnd_ok("drive-fail", "\"drive\":0"), "drive failed");
}

static void something(void)
{
	static uint8_t block[512] = { 1 };

	check(!nvm(.opcode = GMX_NVM_WRITE, .nsid = NS_SHARED, .cdw10 = 7, .data = block, .len = sizeof(block)), "write");
}

static void fill_range(uint8_t *data)
{
	struct gmx_dsm_range *range = (struct gmx_dsm_range *)data;

	range[0].nlb = htole32(8);
	range[1].slba = htole64(8);
	range[1].nlb = htole32(8);
}

static const struct good goods[] = {
	{ .opcode = GMX_NVM_FLUSH, .nsid = NS_SHARED },
	{ .opcode = GMX_NVM_WRITE, .nsid = NS_SHARED, .cdw12 = 7, .len = 4096 },
	{ .opcode = GMX_NVM_READ, .nsid = NS_SHARED, .cdw12 = 7, .len = 4096 },
	{ .opcode = GMX_NVM_WRITE_ZEROES, .nsid = NS_SHARED, .cdw12 = 7 },
	{ .opcode = GMX_NVM_COMPARE, .nsid = NS_SHARED, .cdw12 = 7, .len = 4096 },
	{ .opcode = GMX_NVM_DSM, .nsid = NS_SHARED, .cdw10 = 1, .cdw11 = GMX_DSM_AD, .len = 4096, .fill = fill_range },
	{ .opcode = GMX_NVM_VERIFY, .nsid = NS_SHARED, .cdw12 = 7 },
	{ .opcode = GMX_NVM_WRITE_UNCOR, .nsid = NS_SHARED, .cdw12 = 7 },
};

static const struct row rows[] = {
	ROW(ALL, "NSID 0", NO_NS, BUT({ NSID, 0 })),
	ROW(ALL, "NSID above NN", NO_NS, BUT({ NSID, NS_NEVER })),
	ROW(ALL, "NSID FFFFFFFEh", NO_NS, BUT({ NSID, 0xfffffffe })),
	ROW(ALL, "not allocated", FIELD, BUT({ NSID, NS_FREE })),
	ROW(ALL, "attached to nobody", FIELD, BUT({ NSID, NS_DETACHED })),
	ROW(ALL, "attached to another controller", FIELD, BUT({ NSID, NS_FOREIGN })),
	ROW(ALL & ~OP(FLUSH), "all namespaces", FIELD, BUT({ NSID, GMX_NSID_ALL })),
	ROW(ALL, "fused, first", FIELD, BUT({ FLAGS, 1 })),
	ROW(ALL, "reserved PSDT", FIELD, BUT({ FLAGS, GMX_SQE_PSDT_MASK })),
	ROW(ALL, "an SGL on a family without", FIELD, BUT({ FLAGS, GMX_SQE_SGL }), .family = "g1"),
	ROW(ALL & ~OP(FLUSH), "a sanitize operation runs", GMX_SC_SANITIZE_BUSY, .before = sanitize),
	ROW(OP(FLUSH), "a sanitize operation runs: nothing to be flushed", 0, .before = sanitize),
	ROW(ALL, "a sanitize operation failed", DNR(GMX_SC_SANITIZE_FAILED), .before = sanitize_failed),
	ROW(ALL, "it is formatted", GMX_SC_FORMAT_IN_PROGRESS, .before = format),

	ROW(BLOCKS, "behind the last block", DNR(GMX_SC_LBA_RANGE), BUT({ CDW10, NS_BLOCKS })),
	ROW(BLOCKS, "across the last block", DNR(GMX_SC_LBA_RANGE), BUT({ CDW10, NS_BLOCKS - 7 })),
	ROW(BLOCKS, "far behind", DNR(GMX_SC_LBA_RANGE), BUT({ CDW11, 1 })),
	ROW(BLOCKS, "beyond 64 bits", DNR(GMX_SC_LBA_RANGE), BUT({ CDW10, 0xfffffffc }, { CDW11, 0xffffffff })),
	ROW(MOVE, "above MDTS", FIELD, BUT({ CDW12, 1024 })),
	ROW(BLOCKS & ~OP(WRITE_UNCOR), "PRACT without protection information: ignored", 0, BUT({ CDW12, CONTROL(GMX_RW_PRACT) })),
	ROW(BLOCKS & ~OP(WRITE_UNCOR), "checks without protection information: ignored", 0, BUT({ CDW12, CONTROL(0x1c00) })),
	ROW(MOVE | OP(VERIFY), "a key slot without encryption", FIELD, BUT({ CDW12, CONTROL(GMX_VND_CETYPE_KEY) })),
	ROW(MOVE | OP(VERIFY), "reserved CETYPE", FIELD, BUT({ CDW12, CONTROL(15) })),
	ROW(OP(WRITE), "directive type", FIELD, BUT({ CDW12, CONTROL(1 << 4) })),
	ROW(ALTER, "write protected", DNR(GMX_SC_NS_WRITE_PROTECTED), .before = protect),
	ROW(OP(READ) | OP(COMPARE) | OP(VERIFY), "a block that cannot be read", GMX_SC_READ_ERROR, .before = unreadable),
	ROW(OP(COMPARE), "not the same", DNR(GMX_SC_COMPARE_FAILED), .before = something),
	ROW(ALL, "the drive has failed", DNR(GMX_SC_NS_NOT_READY), .before = drive_failed),

	ROW(OP(DSM), "second range behind the last block", DNR(GMX_SC_LBA_RANGE), BUT({ IN64 + RANGE(1, slba), NS_BLOCKS })),
	ROW(OP(DSM), "second range across the last block", DNR(GMX_SC_LBA_RANGE), BUT({ IN32 + RANGE(1, nlb), NS_BLOCKS - 7 })),
	ROW(OP(DSM), "range beyond 64 bits", DNR(GMX_SC_LBA_RANGE), BUT({ IN64 + RANGE(0, slba), ~0ull })),

	ROW(DATA, "PRP1 not a multiple of 4", DNR(GMX_SC_PRP_OFFSET), BUT({ PRP1, VND_RAM + 2 })),
	ROW(DATA, "PRP1 is nobody's memory", GMX_SC_DATA_XFER, BUT({ PRP1, NOWHERE })),
	ROW(MOVE, "PRP2 not at the start of a page", DNR(GMX_SC_PRP_OFFSET), BUT(TWO, { PRP2, VND_RAM + 512 })),
	ROW(MOVE, "PRP2 is nobody's memory", GMX_SC_DATA_XFER, BUT(TWO, { PRP2, NOWHERE })),
	ROW(MOVE, "PRP list not a multiple of 8", DNR(GMX_SC_PRP_OFFSET), BUT(THREE, { PRP2, CONF_LIST + 4 })),
	ROW(MOVE, "PRP list is nobody's memory", GMX_SC_DATA_XFER, BUT(THREE, { PRP2, NOWHERE })),
	ROW(MOVE, "first entry not at the start of a page", DNR(GMX_SC_PRP_OFFSET),
	    BUT(THREE, { PRP2, CONF_LIST }, { ENTRY(0), VND_RAM + 8 })),
	ROW(MOVE, "last entry not at the start of a page", DNR(GMX_SC_PRP_OFFSET),
	    BUT(THREE, { PRP2, CONF_LIST }, { ENTRY(1), VND_RAM + 4 })),
	ROW(MOVE, "last entry is nobody's memory", GMX_SC_DATA_XFER, BUT(THREE, { PRP2, CONF_LIST }, { ENTRY(1), NOWHERE })),
	ROW(MOVE, "pointer to the next list not a multiple of 8", DNR(GMX_SC_PRP_OFFSET),
	    BUT(THREE, { PRP2, CONF_LIST + 4088 }, { ENTRY(511), CONF_LIST + 4 })),
	ROW(MOVE, "next list is nobody's memory", GMX_SC_DATA_XFER,
	    BUT(THREE, { PRP2, CONF_LIST + 4088 }, { ENTRY(511), NOWHERE })),
	ROW(MOVE, "metadata pointer not a multiple of 4", FIELD, BUT({ NSID, NS_META }, { MPTR, VND_RAM + 2 })),
	ROW(MOVE, "metadata is nobody's memory", GMX_SC_DATA_XFER, BUT({ NSID, NS_META }, { MPTR, NOWHERE })),

	ROW(DATA, "SGL: bit bucket", DNR(GMX_SC_SGL_TYPE), BUT(BY_SGL, { PRP2, SGL(0x10, 4096) })),
	ROW(DATA, "SGL: keyed", DNR(GMX_SC_SGL_TYPE), BUT(BY_SGL, { PRP2, SGL(0x40, 4096) })),
	ROW(DATA, "SGL: transport", DNR(GMX_SC_SGL_TYPE), BUT(BY_SGL, { PRP2, SGL(0x50, 4096) })),
	ROW(DATA, "SGL: reserved type", DNR(GMX_SC_SGL_TYPE), BUT(BY_SGL, { PRP2, SGL(0x60, 4096) })),
	ROW(DATA, "SGL: offset, a subtype of fabrics", DNR(GMX_SC_SGL_TYPE), BUT(BY_SGL, { PRP2, SGL(0x01, 4096) })),
	ROW(MOVE, "SGL: too short", DNR(GMX_SC_SGL_DATA_LEN), BUT(BY_SGL, { PRP2, SGL(GMX_SGL_DATA_BLOCK, 4095) })),
	ROW(MOVE, "SGL: too long", DNR(GMX_SC_SGL_DATA_LEN), BUT(BY_SGL, { PRP2, SGL(GMX_SGL_DATA_BLOCK, 4097) })),
	ROW(MOVE, "SGL: nobody's memory", GMX_SC_DATA_XFER,
	    BUT(BY_SGL, { PRP1, NOWHERE }, { PRP2, SGL(GMX_SGL_DATA_BLOCK, 4096) })),
	ROW(MOVE, "SGL: segment without descriptors", DNR(GMX_SC_SGL_INVALID_SEG), BUT(BY_SGL, SEGMENT(GMX_SGL_LAST_SEGMENT, 0))),
	ROW(MOVE, "SGL: segment of half a descriptor", DNR(GMX_SC_SGL_INVALID_SEG),
	    BUT(BY_SGL, { PRP1, CONF_LIST }, { PRP2, SGL(GMX_SGL_LAST_SEGMENT, 24) })),
	ROW(MOVE, "SGL: segment is nobody's memory", GMX_SC_DATA_XFER,
	    BUT(BY_SGL, { PRP1, NOWHERE }, { PRP2, SGL(GMX_SGL_LAST_SEGMENT, 16) })),
	ROW(MOVE, "SGL: last segment too short", DNR(GMX_SC_SGL_DATA_LEN),
	    BUT(BY_SGL, SEGMENT(GMX_SGL_LAST_SEGMENT, 1), DESC(0, VND_RAM, GMX_SGL_DATA_BLOCK, 2048))),
	ROW(MOVE, "SGL: last segment too long", DNR(GMX_SC_SGL_DATA_LEN),
	    BUT(BY_SGL, SEGMENT(GMX_SGL_LAST_SEGMENT, 1), DESC(0, VND_RAM, GMX_SGL_DATA_BLOCK, 8192))),
	ROW(MOVE, "SGL: bad type in a segment", DNR(GMX_SC_SGL_TYPE),
	    BUT(BY_SGL, SEGMENT(GMX_SGL_LAST_SEGMENT, 1), DESC(0, VND_RAM, 0x70, 4096))),
	ROW(MOVE, "SGL: the last segment leads on", DNR(GMX_SC_SGL_INVALID_SEG),
	    BUT(BY_SGL, SEGMENT(GMX_SGL_LAST_SEGMENT, 1), DESC(0, CONF_LIST, GMX_SGL_LAST_SEGMENT, 16))),
	ROW(MOVE, "SGL: segment in the middle of a segment", DNR(GMX_SC_SGL_INVALID_SEG),
	    BUT(BY_SGL, SEGMENT(GMX_SGL_SEGMENT, 2), DESC(0, CONF_LIST, GMX_SGL_SEGMENT, 16))),
	ROW(MOVE, "SGL: a segment that leads nowhere", DNR(GMX_SC_SGL_INVALID_SEG),
	    BUT(BY_SGL, SEGMENT(GMX_SGL_SEGMENT, 1), DESC(0, VND_RAM, GMX_SGL_DATA_BLOCK, 4096))),
	ROW(MOVE, "SGL: a segment that leads to itself", DNR(GMX_SC_SGL_COUNT),
	    BUT(BY_SGL, SEGMENT(GMX_SGL_SEGMENT, 1), DESC(0, CONF_LIST, GMX_SGL_SEGMENT, 16))),
	ROW(MOVE, "SGL: metadata too short", DNR(GMX_SC_SGL_META_LEN),
	    BUT({ FLAGS, GMX_SQE_SGL_META }, { NSID, NS_META }, { MPTR, CONF_LIST }, { PRP2, SGL(GMX_SGL_DATA_BLOCK, 4096) },
		DESC(0, VND_RAM, GMX_SGL_DATA_BLOCK, 32))),
	ROW(MOVE, "SGL: metadata of a bad type", DNR(GMX_SC_SGL_TYPE),
	    BUT({ FLAGS, GMX_SQE_SGL_META }, { NSID, NS_META }, { MPTR, CONF_LIST }, { PRP2, SGL(GMX_SGL_DATA_BLOCK, 4096) },
		DESC(0, VND_RAM, 0x40, 64))),
};

static void each_command(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(goods); i++) {
		conf_close();
		for (unsigned int k = 0; k < ARRAY_SIZE(rows); k++) {
			if (rows[k].opcode >> goods[i].opcode & 1)
				conf_row(&rows[k], &goods[i], 1);
		}
		conf_run_good(&goods[i], 1);
	}
	tap_group("each command, each mistake");
}

static void claims(void)
{
	static const char *const families[] = { "g1", "g2", "g3" };
	uint32_t effects[256];

	for (unsigned int f = 0; f < ARRAY_SIZE(families); f++) {
		conf_begin(families[f]);
		conf_effects(families[f], false, effects);
		for (unsigned int opcode = 0; opcode < 256; opcode++) {
			unsigned int tested = 0;

			for (unsigned int k = 0; opcode < 32 && k < ARRAY_SIZE(rows); k++)
				tested += rows[k].opcode >> opcode & 1;
			/* more than what all of them share */
			check(!(effects[opcode] & GMX_EFFECTS_CSUPP) || tested > 10, "%s: I/O %02x is claimed and has %u rows",
			      families[f], opcode, tested);
		}
		for (unsigned int i = 0; i < ARRAY_SIZE(goods); i++)
			conf_flags(&goods[i], 1, families[f]);
		conf_close();
	}
	tap_group("what is claimed is in the table, and nothing else is there");
}

int main(void)
{
	claims();
	each_command();
	return tap_done();
}
