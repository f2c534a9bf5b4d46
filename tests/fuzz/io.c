// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * I/O commands of two namespaces, resets, flushes and power cuts, beside a copy of the medium that is kept on this side: what
 * is read must be what was written, what was flushed must be there after a cut, and nothing else may have changed.
 */
#include "cmds.h"

#define NS_BYTES   (128u << 10)
#define MAX_BLOCKS (NS_BYTES / 512)
#define QUEUES	   3u

static const struct {
	const char *family, *config;
} io_beds[] = {
	{ "g3",
	  "{\"capacity\":\"1M\",\"cache_bytes\":\"64K\",\"namespaces\":[{\"size\":\"128K\"},{\"size\":\"128K\",\"block\":4096,\"metadata\":8}]}" },
	{ "g2",
	  "{\"capacity\":\"1M\",\"cache_bytes\":\"64K\",\"latency\":\"ssd\",\"namespaces\":[{\"size\":\"128K\",\"metadata\":8},{\"size\":\"128K\",\"block\":4096}]}" },
	{ "g1",
	  "{\"capacity\":\"1M\",\"latency\":\"hdd\",\"namespaces\":[{\"size\":\"128K\"},{\"size\":\"128K\",\"block\":4096,\"rotational\":true}]}" },
	/* WRITE_THROUGH */
	{ "g3",
	  "{\"capacity\":\"1M\",\"write_cache\":false,\"namespaces\":[{\"size\":\"128K\"},{\"size\":\"128K\",\"block\":4096,\"metadata\":64}]}" },
	/* IN_CMB: the submission queues are in the controller's memory */
	{ "g3",
	  "{\"capacity\":\"1M\",\"cache_bytes\":\"64K\",\"cmb_bytes\":\"64K\",\"namespaces\":[{\"size\":\"128K\"},{\"size\":\"128K\",\"block\":4096,\"metadata\":8}]}" },
	{ "g2",
	  "{\"capacity\":\"1M\",\"cache_bytes\":\"64K\",\"latency\":\"ssd\",\"cmb_bytes\":\"64K\",\"namespaces\":[{\"size\":\"128K\",\"metadata\":8},{\"size\":\"128K\",\"block\":4096}]}" },
};

enum { WRITE_THROUGH = 3, IN_CMB = 4 };

/* A namespace as this side knows it */
static struct copy {
	unsigned int shift, ms, blocks;
	uint8_t data[NS_BYTES], meta[MAX_BLOCKS * 64];
	bool bad[MAX_BLOCKS];	 /* a read fails */
	bool unsafe[MAX_BLOCKS]; /* changed since the last flush: a cut may take that back */
	bool unknown[MAX_BLOCKS];
} copies[2];

static unsigned int bed, cuts;
static bool through; /* no volatile cache */

static void copy_open(void)
{
	for (unsigned int i = 0; i < 2; i++) {
		const struct emu_ns *ns = cmds_ns(i + 1);

		memset(&copies[i], 0, sizeof(copies[i]));
		must(ns && ns->nsze << ns->lba_shift == NS_BYTES, "namespace %u", i + 1);
		copies[i].shift = ns->lba_shift;
		copies[i].ms = ns->ms;
		copies[i].blocks = NS_BYTES >> ns->lba_shift;
	}
}

static void flushed(struct copy *c)
{
	memset(c->unsafe, 0, sizeof(c->unsafe));
}

static void changed(struct copy *c, unsigned int lba, unsigned int nr, bool safe)
{
	for (unsigned int i = lba; i < lba + nr; i++) {
		c->unknown[i] = false;
		c->unsafe[i] = !safe && !through;
	}
}

static void zeroed(struct copy *c, unsigned int lba, unsigned int nr)
{
	memset(c->data + ((size_t)lba << c->shift), 0, (size_t)nr << c->shift);
	memset(c->meta + (size_t)lba * c->ms, 0, (size_t)nr * c->ms);
}

static bool any(const bool *what, unsigned int lba, unsigned int nr)
{
	for (unsigned int i = lba; i < lba + nr; i++)
		if (what[i])
			return true;
	return false;
}

static void set(bool *what, unsigned int lba, unsigned int nr, bool value)
{
	memset(what + lba, value, nr * sizeof(*what));
}

/* What a command has to come to, from what this side knows; carried out here first. */
enum want { WANT_GOOD, WANT_ERROR, WANT_ANY };

static enum want foresee_dsm(struct copy *c, const struct gmx_sqe *sqe, const struct gmx_dsm_range *r)
{
	unsigned int nr = (le32toh(sqe->cdw10) & 0xff) + 1;

	for (unsigned int i = 0; i < nr; i++)
		if (le64toh(r[i].slba) > c->blocks || le32toh(r[i].nlb) > c->blocks - le64toh(r[i].slba))
			return WANT_ERROR;
	for (unsigned int i = 0; le32toh(sqe->cdw11) & GMX_DSM_AD && i < nr; i++) {
		unsigned int lba = (unsigned int)le64toh(r[i].slba);

		zeroed(c, lba, le32toh(r[i].nlb));
		changed(c, lba, le32toh(r[i].nlb), true);
	}
	return WANT_GOOD;
}

static enum want foresee(const struct gmx_sqe *sqe)
{
	uint32_t cdw12 = le32toh(sqe->cdw12), nsid = le32toh(sqe->nsid), psdt = sqe->flags & GMX_SQE_PSDT_MASK,
		 nr = (cdw12 & 0xffff) + 1, lba;
	uint64_t slba = le32toh(sqe->cdw10) | (uint64_t)le32toh(sqe->cdw11) << 32;
	bool moves = sqe->opcode == GMX_NVM_READ || sqe->opcode == GMX_NVM_WRITE || sqe->opcode == GMX_NVM_COMPARE,
	     fua = cdw12 >> 16 & GMX_RW_FUA;
	struct copy *c;

	if (sqe->flags & GMX_SQE_FUSE_MASK || (psdt && (!vnd->traits->sgl || psdt == GMX_SQE_PSDT_MASK)))
		return WANT_ERROR;
	if (sqe->opcode == GMX_NVM_FLUSH && nsid == GMX_NSID_ALL) {
		flushed(&copies[0]);
		flushed(&copies[1]);
		return WANT_GOOD;
	}
	if (nsid != 1 && nsid != 2)
		return WANT_ERROR;
	c = &copies[nsid - 1];
	if (sqe->opcode == GMX_NVM_FLUSH) {
		flushed(c);
		return WANT_GOOD;
	}
	if (sqe->opcode == GMX_NVM_DSM)
		return foresee_dsm(c, sqe, host_at(HOST_DATA, GMX_DSM_MAX_RANGES * sizeof(struct gmx_dsm_range)));
	if (slba >= c->blocks || nr > c->blocks - slba)
		return WANT_ERROR;
	lba = (unsigned int)slba;
	/* PRINFO means nothing to these namespaces, CETYPE asks for encryption that is not there */
	if (cdw12 >> GMX_VND_CETYPE_SHIFT & 0xf && (moves || sqe->opcode == GMX_NVM_VERIFY))
		return WANT_ERROR;
	if (sqe->opcode == GMX_NVM_WRITE && cdw12 >> 20 & 0xf)
		return WANT_ERROR;
	if (moves && (uint64_t)nr << c->shift > 4096ull << vnd->traits->mdts)
		return WANT_ERROR;
	switch (sqe->opcode) {
	case GMX_NVM_READ:
	case GMX_NVM_VERIFY:
		if (any(c->unknown, lba, nr))
			return WANT_ANY;
		/* FUA on a read brings what is cached to the medium */
		if (fua)
			set(c->unsafe, lba, nr, false);
		return any(c->bad, lba, nr) ? WANT_ERROR : WANT_GOOD;
	case GMX_NVM_COMPARE:
		if (any(c->unknown, lba, nr))
			return WANT_ANY;
		if (any(c->bad, lba, nr) ||
		    memcmp(host_at(HOST_DATA, (size_t)nr << c->shift), c->data + ((size_t)lba << c->shift),
			   (size_t)nr << c->shift) ||
		    memcmp(host_at(HOST_META, (size_t)nr * c->ms), c->meta + (size_t)lba * c->ms, (size_t)nr * c->ms))
			return WANT_ERROR;
		return WANT_GOOD;
	case GMX_NVM_WRITE:
		memcpy(c->data + ((size_t)lba << c->shift), host_at(HOST_DATA, (size_t)nr << c->shift), (size_t)nr << c->shift);
		memcpy(c->meta + (size_t)lba * c->ms, host_at(HOST_META, (size_t)nr * c->ms), (size_t)nr * c->ms);
		set(c->bad, lba, nr, false);
		changed(c, lba, nr, fua);
		return WANT_GOOD;
	case GMX_NVM_WRITE_ZEROES:
		zeroed(c, lba, nr);
		set(c->bad, lba, nr, false);
		changed(c, lba, nr, fua);
		return WANT_GOOD;
	case GMX_NVM_WRITE_UNCOR:
		set(c->bad, lba, nr, true);
		changed(c, lba, nr, true);
		return WANT_GOOD;
	default: return WANT_ERROR;
	}
}

static void look(const struct gmx_sqe *sqe)
{
	const struct copy *c = &copies[le32toh(sqe->nsid) - 1];
	unsigned int lba = le32toh(sqe->cdw10), nr = (le32toh(sqe->cdw12) & 0xffff) + 1;

	must(!memcmp(host_at(HOST_DATA, (size_t)nr << c->shift), c->data + ((size_t)lba << c->shift), (size_t)nr << c->shift),
	     "namespace %u, %u blocks at %u: other data", le32toh(sqe->nsid), nr, lba);
	must(!memcmp(host_at(HOST_META, (size_t)nr * c->ms), c->meta + (size_t)lba * c->ms, (size_t)nr * c->ms),
	     "namespace %u, %u blocks at %u: other metadata", le32toh(sqe->nsid), nr, lba);
}

static void pattern(uint8_t seed, uint64_t addr, size_t len)
{
	uint8_t *p = host_at(addr, len);

	/* each block another */
	for (size_t i = 0; i < len; i += 512) {
		memset(p + i, seed + (int)(i / 512) * 3, 512);
		p[i + i / 512 % 500] ^= 0xff;
	}
}

static struct gmx_sqe build(struct input *in)
{
	uint8_t op = in8(in), form = in8(in), nr = in8(in);
	struct gmx_sqe sqe = { .opcode = op < 0xf8 ? cmds_io[op % sizeof(cmds_io)] : in8(in), .cid = htole16(host_next_cid()) };
	uint32_t nsid = form & 1 ? 2 : 1, cdw12 = nr < 0x80 ? nr & 15 : nr < 0xf0 ? nr & 127 : in16(in);
	uint64_t len, meta;
	bool writes;

	sqe.nsid = htole32(form & 0x20 && in8(in) & 1 ? in32(in) : nsid);
	if (form & 0x20 && le32toh(sqe.nsid) & 1)
		sqe.nsid = htole32(GMX_NSID_ALL);
	sqe.cdw10 = htole32(in8(in) % copies[nsid - 1].blocks);
	if (form & 2)
		cdw12 |= GMX_RW_FUA << 16;
	if (form & 4)
		cdw12 |= GMX_RW_DEAC << 16;
	if (form & 8) {
		__le32 *dw = &sqe.cdw10 + in8(in) % 6;

		*dw = htole32(in32(in));
	}
	if (!(form & 8) || in8(in) & 1)
		sqe.cdw12 = htole32(cdw12);
	sqe.mptr = htole64(HOST_META);
	if (form & 0x10)
		sqe.flags = GMX_SQE_SGL;
	if (form & 0x40)
		sqe.flags ^= in8(in) & 0xc3;
	if (sqe.opcode == GMX_NVM_DSM) {
		struct gmx_dsm_range *r = host_at(HOST_DATA, GMX_DSM_MAX_RANGES * sizeof(*r));

		sqe.cdw10 = htole32(in8(in) & 7);
		sqe.cdw11 = htole32(form & 2 ? GMX_DSM_AD : in8(in));
		for (unsigned int i = 0; i < 8; i++)
			r[i] = (struct gmx_dsm_range){ .slba = htole64(in8(in)), .nlb = htole32(in8(in) & 31) };
	} else if (form & 0x80) {
		pattern(in8(in), HOST_DATA, HOST_DATA_SIZE / 8);
		pattern(in8(in), HOST_META, 4096);
	}
	len = host_data_len(1, &sqe, &writes, &meta);
	if (!(sqe.flags & GMX_SQE_PSDT_MASK)) {
		cmds_prps(&sqe, HOST_DATA, len, HOST_LISTS);
		return sqe;
	}
	sqe.dptr.sgl =
		(struct gmx_sgl_desc){ .addr = htole64(HOST_DATA), .length = htole32((uint32_t)len), .type = GMX_SGL_DATA_BLOCK };
	if ((sqe.flags & GMX_SQE_PSDT_MASK) == GMX_SQE_SGL_META) {
		struct gmx_sgl_desc d = { .addr = htole64(HOST_META),
					  .length = htole32((uint32_t)meta),
					  .type = GMX_SGL_DATA_BLOCK };
		/* beside the lists, and not another's that is still to be read */
		uint64_t at = HOST_LISTS + HOST_LISTS_SIZE / 2 + le16toh(sqe.cid) % HOST_INFLIGHT * sizeof(d);

		host_put(at, &d, sizeof(d));
		sqe.mptr = htole64(at);
	}
	return sqe;
}

/* One command, and everything that it did and did not */
static void command(struct input *in)
{
	unsigned int qid = 1 + in8(in) % QUEUES;
	struct gmx_sqe sqe = build(in);
	enum want want;
	uint16_t cid = le16toh(sqe.cid);

	if (!host_has_room(qid))
		return;
	want = foresee(&sqe);
	host_watch(qid, cid);
	must(host_queue(qid, &sqe), "no room");
	host_ring(qid);
	host_run();
	for (unsigned int i = 0; i < 20 && host_find(qid, cid, false); i++)
		host_advance(1000000ull << i);
	must(!host_find(qid, cid, false), "opcode %02x is lost", sqe.opcode);
	if (want == WANT_ANY)
		return;
	must(!host.answer == (want == WANT_GOOD), "opcode %02x, namespace %u, lba %x, cdw12 %x: %03x", sqe.opcode,
	     le32toh(sqe.nsid), le32toh(sqe.cdw10), le32toh(sqe.cdw12), host.answer);
	if (sqe.opcode == GMX_NVM_READ && want == WANT_GOOD)
		look(&sqe);
}

/* Many at once on several queues: each is answered. What they leave behind is looked at no further. */
static void burst(struct input *in)
{
	unsigned int nr = 2 + in8(in) % 30;

	while (nr-- && in_more(in)) {
		struct gmx_sqe sqe = build(in);
		unsigned int qid = 1 + in8(in) % QUEUES;

		if (sqe.opcode != GMX_NVM_READ && sqe.opcode != GMX_NVM_VERIFY && sqe.opcode != GMX_NVM_FLUSH &&
		    sqe.opcode != GMX_NVM_COMPARE)
			sqe.opcode = GMX_NVM_VERIFY;
		host_queue(qid, &sqe);
	}
	for (unsigned int qid = 1; qid <= QUEUES; qid++)
		host_ring(qid);
	host_run();
}

static void enable(void)
{
	if (bed >= IN_CMB)
		host_use_cmb(true);
	must(host_enable(0, bed != 2), "not ready");
	for (unsigned int qid = 1; qid <= QUEUES; qid++)
		must(host_create_queues(qid, 8 << qid, 64, qid & 3), "queue %u", qid);
}

static void feature(struct input *in)
{
	static const uint8_t ids[] = { GMX_FEAT_VWC, GMX_FEAT_ARBITRATION, GMX_FEAT_IRQ_COALESCE, GMX_FEAT_IRQ_CONFIG };
	struct gmx_sqe sqe = { .opcode = GMX_ADM_SET_FEATURES };
	uint8_t id = ids[in8(in) & 3];
	uint16_t status;

	sqe.cdw10 = htole32(id);
	sqe.cdw11 = htole32(id == GMX_FEAT_VWC ? in8(in) & 1 : id == GMX_FEAT_ARBITRATION ? in32(in) : in16(in));
	status = host_wait(0, sqe);
	if (id == GMX_FEAT_VWC && !status) {
		through = bed == WRITE_THROUGH || !le32toh(sqe.cdw11);
		if (through) {
			flushed(&copies[0]);
			flushed(&copies[1]);
		}
	}
}

static void cut(bool orderly)
{
	if (cuts++ == 3)
		return;
	for (unsigned int i = 0; i < 2; i++)
		for (unsigned int b = 0; !orderly && b < copies[i].blocks; b++)
			copies[i].unknown[b] |= copies[i].unsafe[b];
	if (orderly)
		emu_subsys_close(vnd);
	else
		emu_subsys_power_cut(vnd);
	vnd = NULL;
	host.c = NULL;
	host_start_again(io_beds[bed].family, io_beds[bed].config);
	flushed(&copies[0]);
	flushed(&copies[1]);
	through = bed == WRITE_THROUGH;
	enable();
}

/* All of it, at the end: also what no command should have touched */
static void look_at_all(void)
{
	for (unsigned int i = 0; i < 2; i++) {
		struct copy *c = &copies[i];

		for (unsigned int lba = 0; lba < c->blocks; lba += 32) {
			struct gmx_sqe sqe = { .opcode = GMX_NVM_READ,
					       .nsid = htole32(i + 1),
					       .cdw10 = htole32(lba),
					       .cdw12 = htole32(31),
					       .mptr = htole64(HOST_META) };
			unsigned int nr = c->blocks - lba < 32 ? c->blocks - lba : 32;

			sqe.cdw12 = htole32(nr - 1);
			if (any(c->unknown, lba, nr))
				continue;
			cmds_prps(&sqe, HOST_DATA, (uint64_t)nr << c->shift, HOST_LISTS);
			must(!host_wait(1, sqe) == !any(c->bad, lba, nr), "namespace %u, %u blocks at %u: %03x", i + 1, nr, lba,
			     host.answer);
			if (!host.answer)
				look(&sqe);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };

	bed = in8(&in);
	bed = bed & 4 && (bed & 3) < 2 ? IN_CMB + (bed & 1) : bed & 3;
	cuts = 0;
	through = bed == WRITE_THROUGH;
	host_start(io_beds[bed].family, io_beds[bed].config);
	copy_open();
	enable();
	for (unsigned int i = 0; i < FUZZ_RECORDS && in_more(&in); i++) {
		uint8_t what = in8(&in);

		switch (what % 16) {
		case 11: burst(&in); break;
		case 12: host_advance(1000ull << (in8(&in) % 24)); break;
		case 13: feature(&in); break;
		case 14:
			if (what & 0x80)
				emu_ctrl_reset(host.c, what & 0x40 ? EMU_RESET_HOT : EMU_RESET_FLR);
			host_run();
			enable();
			/* feature 06h is as after power on */
			through = bed == WRITE_THROUGH;
			break;
		case 15:
			if (what & 0x80)
				cut(what & 0x40);
			break;
		default: command(&in); break;
		}
	}
	/* a burst may have filled the queue */
	host_drain();
	look_at_all();
	host_finish();
	return 0;
}
