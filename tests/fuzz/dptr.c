// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PRP lists and SGLs of any shape, and I/O commands that follow them. A walker of this side says for each what it must
 * come to: refused, or carried out with exactly the bytes that are in the memory it names.
 */
#include "cmds.h"

#define DISK	   (256u << 10)
#define LIST_PAGES 16u
#define DATA_PAGES 64u

static const struct {
	const char *family, *config;
} dptr_beds[] = {
	{ "g3", "{\"capacity\":\"1M\",\"namespaces\":[{\"size\":\"256K\"}]}" },
	{ "g3", "{\"capacity\":\"1M\",\"namespaces\":[{\"size\":\"256K\",\"metadata\":8}]}" },
	{ "g2", "{\"capacity\":\"1M\",\"namespaces\":[{\"size\":\"256K\",\"block\":4096,\"metadata\":64}]}" },
	{ "g1", "{\"capacity\":\"1M\",\"namespaces\":[{\"size\":\"256K\",\"block\":4096}]}" },
	/* the first three with memory of the controller's own */
	{ "g3", "{\"capacity\":\"1M\",\"cmb_bytes\":\"64K\",\"namespaces\":[{\"size\":\"256K\"}]}" },
	{ "g3", "{\"capacity\":\"1M\",\"cmb_bytes\":\"64K\",\"namespaces\":[{\"size\":\"256K\",\"metadata\":8}]}" },
	{ "g2",
	  "{\"capacity\":\"1M\",\"cmb_bytes\":\"64K\",\"namespaces\":[{\"size\":\"256K\",\"block\":4096,\"metadata\":64}]}" },
};

static uint8_t disk[DISK], disk_meta[DISK / 512 * 64];
static bool disk_known;
static unsigned int mps;

/* An address that is likely to be something: a page of lists or of data, a few bytes off perhaps */
static uint64_t address(struct input *in)
{
	uint8_t where = in8(in), off = in8(in);
	uint64_t page;

	if (where >= 0xf8)
		return in64(in);
	if (where >= 0xe0 && where < 0xf0 && host.cmb)
		/* to its very end, and over it */
		return HOST_CMB + ((where & 15) + 1) * 4096 - (off < 0x80 ? 4096 : (off & 127) * 4ull);
	if (where >= 0xf0)
		return VND_RAM + VND_RAM_SIZE - (where & 7) * 4096 + off;
	page = where < 0x40 ? HOST_LISTS + where % LIST_PAGES * 4096 : HOST_DATA + where % DATA_PAGES * 4096;
	return page + (off < 0x80 ? 0 : off < 0xc0 ? (off & 63) * 8ull : off < 0xe0 ? 4096 - (off & 31) * 8ull : off & 31);
}

static struct gmx_sgl_desc descriptor(struct input *in)
{
	static const uint8_t types[] = { GMX_SGL_DATA_BLOCK, GMX_SGL_SEGMENT, GMX_SGL_LAST_SEGMENT, GMX_SGL_DATA_BLOCK };
	uint8_t how = in8(in), len = in8(in);
	struct gmx_sgl_desc d = { .addr = htole64(address(in)), .type = how < 0xf0 ? types[how & 3] : in8(in) };
	bool leads = d.type == GMX_SGL_SEGMENT || d.type == GMX_SGL_LAST_SEGMENT;

	d.length = htole32(how & 0x40 ? in32(in) : leads ? len % 9 * 16u + (how & 0x20 ? 4 : 0) : how & 0x20 ? len : len * 512u);
	return d;
}

/* A list entry somewhere in the list area: lists are what the bytes make of it */
static void poke(struct input *in, bool sgl)
{
	uint64_t at = address(in);
	unsigned int nr = 1 + in8(in) % 8;

	for (; nr--; at += sgl ? 16 : 8) {
		struct gmx_sgl_desc d;
		__le64 entry;

		if (!host_in_cmb(at, 16) && (!host_there(at, 16) || at < HOST_LISTS))
			return;
		if (sgl) {
			d = descriptor(in);
			host_put(at, &d, sizeof(d));
		} else {
			entry = htole64(address(in));
			host_put(at, &entry, sizeof(entry));
		}
	}
}

/* A page of entries in a row, as a driver makes it */
static void row(struct input *in)
{
	uint64_t at = HOST_LISTS + in8(in) % LIST_PAGES * 4096, page = host_page(), data = HOST_DATA;
	unsigned int skip = in8(in) * 2u;

	for (unsigned int i = skip; i < 512; i++) {
		__le64 entry = htole64(data);

		host_put(at + i * 8, &entry, 8);
		data += page;
		if (data >= HOST_DATA + HOST_DATA_SIZE)
			data = HOST_DATA;
	}
}

static bool gather(const struct pieces *p, uint8_t *to)
{
	for (unsigned int i = 0; i < p->nr; i++) {
		if (!host_peek(p->at[i].addr, to, p->at[i].len))
			return false;
		to += p->at[i].len;
	}
	return true;
}

static bool reachable(const struct pieces *p)
{
	for (unsigned int i = 0; i < p->nr; i++)
		if (!host_there(p->at[i].addr, p->at[i].len) && !host_in_cmb(p->at[i].addr, p->at[i].len))
			return false;
	return true;
}

static void fill(uint64_t addr, uint64_t len, int byte)
{
	uint8_t part[4096];

	memset(part, byte, sizeof(part));
	for (uint64_t n; len; addr += n, len -= n) {
		n = len < sizeof(part) ? len : sizeof(part);
		host_put(addr, part, n);
	}
}

/* Are all pieces apart? A read into pieces that lie over each other leaves what came last. */
static bool apart(const struct pieces *p, const struct pieces *q)
{
	for (unsigned int i = 0; i < p->nr; i++)
		for (unsigned int j = 0; j < q->nr; j++)
			if ((p != q || i != j) && p->at[i].addr < q->at[j].addr + q->at[j].len &&
			    q->at[j].addr < p->at[i].addr + p->at[i].len)
				return false;
	return true;
}

/* The command's data pointer and what it was taken for */
static const char *show(const struct gmx_sqe *sqe, const struct pieces *p)
{
	static char text[400];
	int n = snprintf(text, sizeof(text), "flags %02x, %llx %llx:", sqe->flags, (unsigned long long)le64toh(sqe->dptr.prp1),
			 (unsigned long long)le64toh(sqe->dptr.prp2));

	for (unsigned int i = 0; i < p->nr && n < 340; i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n, " %llx+%llx", (unsigned long long)p->at[i].addr,
			      (unsigned long long)p->at[i].len);
	return text;
}

static void enable(void)
{
	must(host_enable(mps, false) && host_create_queues(1, 16, 16, 0), "no queues");
}

static void command(struct input *in)
{
	static uint8_t data[512u << 10], meta[512 * 64];
	static const uint8_t opcodes[] = { GMX_NVM_READ, GMX_NVM_WRITE, GMX_NVM_COMPARE, GMX_NVM_READ };
	static struct pieces d, m;
	const struct emu_ns *ns = cmds_ns(1);
	uint8_t op = in8(in), form = in8(in), nr_form = in8(in);
	unsigned int shift = ns->lba_shift, blocks = DISK >> shift, before = host.completions, lba, nr;
	struct gmx_sqe sqe = {
		.opcode = opcodes[op & 3], .nsid = htole32(1), .cid = htole16(host_next_cid()), .flags = (form & 3) << 6
	};
	struct host_cmd *cmd;
	bool fits, allowed;

	lba = in8(in) % blocks;
	nr = nr_form < 0x80 ? nr_form % 16 + 1 : nr_form < 0xc0 ? (nr_form & 63) * 4 + 1 : in16(in) % 600 + 1;
	sqe.cdw10 = htole32(lba);
	sqe.cdw12 = htole32(nr - 1);
	sqe.mptr = htole64(form & 4 ? address(in) : HOST_META);
	if (sqe.flags) {
		sqe.dptr.sgl = descriptor(in);
	} else {
		sqe.dptr.prp1 = htole64(address(in));
		sqe.dptr.prp2 = htole64(address(in));
	}
	fits = lba + nr <= blocks && (uint64_t)nr << shift <= 4096ull << vnd->traits->mdts;
	allowed = !sqe.flags || (vnd->traits->sgl && sqe.flags != GMX_SQE_PSDT_MASK);
	if (op & 0x40 && fits && allowed) {
		/* other data, also over the lists themselves: what they are now is what counts */
		walk(&d, &sqe, (uint64_t)nr << shift, host_page(), host_peek);
		for (unsigned int i = 0; d.good && reachable(&d) && i < d.nr; i++)
			fill(d.at[i].addr, d.at[i].len, op + (int)i);
	}
	cmd = host_queue(1, &sqe);
	if (!cmd)
		return;
	d = cmd->data;
	m = cmd->meta;
	if (d.unsure || m.unsure || d.nr > 512)
		disk_known = false;
	host_ring(1);
	host_run();
	if (host_reg(GMX_REG_CSTS) & GMX_CSTS_CFS) {
		/* an address that the family cannot reach is the end of a life */
		must(vnd->traits->dma_bits == 32, "fatal");
		disk_known = disk_known && sqe.opcode != GMX_NVM_WRITE;
		enable();
		return;
	}
	must(host.completions == before + 1, "%u answers", host.completions - before);
	if (d.unsure || m.unsure)
		return;
	if (!fits || !allowed || !d.good || !m.good || !reachable(&d) || !reachable(&m)) {
		must(host.status, "opcode %02x, %u blocks at %u: carried out, in spite of%s%s%s%s%s", sqe.opcode, nr, lba,
		     fits ? "" : " its range", allowed ? "" : " its flags", d.good ? "" : " its data pointer",
		     m.good ? "" : " its metadata pointer", reachable(&d) && reachable(&m) ? "" : " memory that is not there");
		/* pieces may have been moved before the one that is not there */
		if (sqe.opcode == GMX_NVM_WRITE && fits && allowed && d.good && m.good)
			disk_known = false;
		return;
	}
	if (!disk_known || (sqe.opcode == GMX_NVM_READ && (!apart(&d, &d) || !apart(&m, &m) || !apart(&d, &m)))) {
		if (sqe.opcode != GMX_NVM_COMPARE)
			must(!host.status, "opcode %02x: %03x: %s", sqe.opcode, host.status, show(&sqe, &d));
		return;
	}
	must(gather(&d, data) && gather(&m, meta), "memory");
	if (sqe.opcode == GMX_NVM_WRITE) {
		must(!host.status, "write: %03x", host.status);
		memcpy(disk + ((size_t)lba << shift), data, (size_t)nr << shift);
		memcpy(disk_meta + (size_t)lba * ns->ms, meta, (size_t)nr * ns->ms);
		return;
	}
	allowed = !memcmp(disk + ((size_t)lba << shift), data, (size_t)nr << shift) &&
		  !memcmp(disk_meta + (size_t)lba * ns->ms, meta, (size_t)nr * ns->ms);
	if (sqe.opcode == GMX_NVM_READ)
		must(!host.status && allowed, "read: %03x, %s", host.status, allowed ? "as it should be" : "other data");
	else
		must(GMX_STS_CODE(host.status) == (allowed ? 0 : GMX_SC_COMPARE_FAILED), "compare: %03x", host.status);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };
	uint8_t first = in8(&in);
	unsigned int bed;

	mps = first >> 2 & 7;
	mps = mps > 4 ? 0 : mps;
	bed = (first & 3) + (first & 0x20 && (first & 3) < 3 ? 4 : 0);
	host_start(dptr_beds[bed].family, dptr_beds[bed].config);
	if (bed > 3)
		host_use_cmb(false);
	memset(disk, 0, sizeof(disk));
	memset(disk_meta, 0, sizeof(disk_meta));
	disk_known = true;
	enable();
	for (unsigned int i = 0; i < FUZZ_RECORDS && in_more(&in); i++) {
		uint8_t what = in8(&in);

		if (what % 8 < 4)
			command(&in);
		else if (what % 8 == 7)
			row(&in);
		else
			poke(&in, what & 1);
	}
	host_finish();
	return 0;
}
