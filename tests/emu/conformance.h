/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of what is wrong with a command and which status that gets (NVMe 1.4): a row names the opcode, what is wrong,
 * the status, and what differs from a good command of that opcode. The good ones are run, too: a row's mistake is its own.
 */
#ifndef TESTS_EMU_CONFORMANCE_H
#define TESTS_EMU_CONFORMANCE_H

#include "ops.h"

#define DNR(code) ((uint16_t)((code) | GMX_STS_DNR))
#define PENDING	  0xffffu		   /* no completion */
#define CONF_LIST (VND_RAM + 0x8000)	   /* vnd_list, as a constant */
#define NOWHERE	  (VND_RAM + VND_RAM_SIZE) /* an address that is nobody's */

/* The namespaces of the bed */
enum { NS_SHARED = 1, NS_LARGE, NS_DETACHED, NS_META, NS_FOREIGN, NS_FREE = 60, NS_NEVER = EMU_MAX_NS + 1 };

#define NS_BLOCKS 2048u /* of NS_SHARED */

/* Where a command differs: a field, or bytes of its data, or of its PRP or SGL list */
enum where {
	SAME,
	FLAGS,
	NSID,
	CDW10,
	CDW11,
	CDW12,
	CDW13,
	CDW14,
	CDW15,
	PRP1,
	PRP2,
	MPTR,
	IN16 = 0x10000,
	IN32 = 0x20000,
	IN64 = 0x30000,
	LIST64 = 0x40000
};

#define SGL(type, len) ((uint64_t)(type) << 56 | (len))

struct row {
	uint32_t opcode;
	const char *wrong;
	uint16_t want;
	struct {
		unsigned int where;
		uint64_t value;
	} but[6];
	void (*before)(void); /* what has to have happened; the bed is made anew for it */
	const char *family;   /* g3, unless said */
	uint8_t dw0;	      /* that the completion has, in its lowest byte */
};

#define ROW(op, text, status, ...) { .opcode = (op), .wrong = (text), .want = (status), __VA_ARGS__ }
#define BUT(...)		   .but = { __VA_ARGS__ }

struct good {
	uint8_t opcode;
	uint32_t nsid, cdw10, cdw11, cdw12, cdw13;
	uint32_t len; /* of its data */
	void (*fill)(uint8_t *data);
	void (*before)(void);
	uint16_t want;
};

static bool conf_open;
static char conf_family[8];
static uint32_t conf_dw0;
static uint64_t conf_meta;

static inline uint8_t *conf_at(uint64_t addr)
{
	return vnd_ram + (addr - VND_RAM);
}

static inline uint16_t conf_exec(const struct gmx_sqe *sqe, unsigned int qid)
{
	struct vnd_queue *q = &vnd_fn[0].q[qid];
	uint64_t end = vnd_time + 60000000000ull;

	memcpy(conf_at(q->sq) + q->tail * sizeof(*sqe), sqe, sizeof(*sqe));
	q->tail = (q->tail + 1) % VND_ENTRIES;
	vnd_set_reg(0, GMX_REG_DBS + 2 * qid * 4, q->tail);
	for (;;) {
		uint64_t next = emu_subsys_run(vnd);

		vnd_pull(0, qid);
		for (unsigned int i = 0; i < q->nr; i++) {
			struct gmx_cqe cqe;

			if (q->stash[i].cid != sqe->cid)
				continue;
			cqe = vnd_take(q, i);
			conf_dw0 = le32toh(cqe.dw0);
			return le16toh(cqe.status) >> 1;
		}
		if (next > end)
			return PENDING;
		vnd_time = next > vnd_time ? next : vnd_time + 1000;
	}
}

static inline uint16_t conf_attach(uint32_t nsid, bool on, uint16_t cntlid)
{
	__le16 list[2048] = { htole16(1), htole16(cntlid) };

	return admin(.opcode = GMX_ADM_NS_ATTACH, .nsid = nsid, .cdw10 = !on, .data = list, .len = sizeof(list));
}

static inline void conf_close(void)
{
	if (conf_open)
		vnd_stop();
	conf_open = false;
}

static inline void conf_begin(const char *family)
{
	static const char plain[] =
		"{ \"functions\": 2, \"capacity\": \"64M\", \"time_warp\": true, \"namespaces\": [ { \"size\": \"1M\" }, "
		"{ \"size\": \"1M\", \"block\": 4096 }, { \"size\": \"1M\" }, { \"size\": \"1M\"%s } ] }";
	static char config[512];
	struct gmx_id_ns id = { .nsze = htole64(NS_BLOCKS), .ncap = htole64(NS_BLOCKS) };

	conf_close();
	snprintf(conf_family, sizeof(conf_family), "%s", family);
	snprintf(config, sizeof(config), plain, strcmp(family, "g1") ? ", \"metadata\": 8" : "");
	vnd_start(family, config);
	conf_meta = vnd_alloc(16384);
	conf_open = true;
	vnd_quiet();
	check(vnd_list == CONF_LIST, "the list is at %llx", (unsigned long long)vnd_list);
	for (uint16_t c = 1; c <= 2; c++)
		check(!conf_attach(NS_DETACHED, false, c), "namespace %u is detached", NS_DETACHED);
	check(!admin(.opcode = GMX_ADM_NS_MGMT, .data = &id, .len = sizeof(id)) && vnd_dw0 == NS_FOREIGN, "a private namespace");
	check(!conf_attach(NS_FOREIGN, true, 2), "that the other controller has");
}

/* The good command, with its data in the host's memory */
static inline struct gmx_sqe conf_good(const struct good *g, unsigned int qid)
{
	uint64_t *list = (uint64_t *)conf_at(vnd_list);
	struct gmx_sqe sqe = {
		.opcode = g->opcode,
		.cid = htole16(vnd_next_cid(&vnd_fn[0].q[qid])),
		.nsid = htole32(g->nsid),
		.cdw10 = htole32(g->cdw10),
		.cdw11 = htole32(g->cdw11),
		.cdw12 = htole32(g->cdw12),
		.cdw13 = htole32(g->cdw13),
		.mptr = htole64(conf_meta),
	};

	memset(conf_at(vnd_list), 0, 4096);
	memset(conf_at(vnd_buffer), 0, 64 << 10);
	memset(conf_at(conf_meta), 0, 16384);
	for (uint32_t i = 0; i < 15; i++)
		list[i] = htole64(vnd_buffer + 4096 * (i + 1));
	if (g->fill)
		g->fill(conf_at(vnd_buffer));
	if (g->len) {
		sqe.dptr.prp1 = htole64(vnd_buffer);
		sqe.dptr.prp2 = htole64(vnd_buffer + 4096);
	}
	return sqe;
}

static inline void conf_change(struct gmx_sqe *sqe, unsigned int where, uint64_t value)
{
	uint64_t addr = (where & 0x70000) == LIST64 ? vnd_list : vnd_buffer, le = htole64(value);
	__le32 *dword[] = { &sqe->cdw10, &sqe->cdw11, &sqe->cdw12, &sqe->cdw13, &sqe->cdw14, &sqe->cdw15 };

	if (where >= IN16)
		memcpy(conf_at(addr) + (where & 0xffff), &le, (where & 0x70000) == IN16 ? 2 : (where & 0x70000) == IN32 ? 4 : 8);
	else if (where == FLAGS)
		sqe->flags = (uint8_t)value;
	else if (where == NSID)
		sqe->nsid = htole32((uint32_t)value);
	else if (where == PRP1)
		sqe->dptr.prp1 = le;
	else if (where == PRP2)
		sqe->dptr.prp2 = le;
	else if (where == MPTR)
		sqe->mptr = le;
	else if (where != SAME)
		*dword[where - CDW10] = htole32((uint32_t)value);
}

/* The bed of a command's rows: what it needs is there. */
static inline void conf_begin_for(const char *family, const struct good *g)
{
	conf_begin(family);
	if (g->before)
		g->before();
}

static inline void conf_row(const struct row *r, const struct good *g, unsigned int qid)
{
	const char *family = r->family ? r->family : "g3";
	struct gmx_sqe sqe;
	uint16_t status;

	if (!conf_open || r->before || strcmp(conf_family, family))
		conf_begin_for(family, g);
	if (r->before)
		r->before();
	sqe = conf_good(g, qid);
	for (unsigned int i = 0; i < ARRAY_SIZE(r->but); i++)
		conf_change(&sqe, r->but[i].where, r->but[i].value);
	status = conf_exec(&sqe, qid);
	check(status == r->want && (!r->dw0 || (conf_dw0 & 0xff) == r->dw0), "%s %02x, %s: %04x, dword 0 %x; not %04x",
	      qid ? "I/O" : "admin", g->opcode, r->wrong, status, conf_dw0, r->want);
	if (r->before)
		conf_close();
}

/* After all that was wrong: the command as it should be */
static inline void conf_run_good(const struct good *g, unsigned int qid)
{
	struct gmx_sqe sqe;
	uint16_t status;

	if (!conf_open || strcmp(conf_family, "g3"))
		conf_begin_for("g3", g);
	sqe = conf_good(g, qid);
	status = conf_exec(&sqe, qid);
	check(status == g->want, "%s %02x, nothing wrong: %04x, not %04x", qid ? "I/O" : "admin", g->opcode, status, g->want);
	conf_close();
}

/* The bits that every command has: no fused operations, SGLs only for I/O and where there are any */
static inline void conf_flags(const struct good *g, unsigned int qid, const char *family)
{
	for (unsigned int flags = 0; flags < 256; flags++) {
		bool sgl = flags & GMX_SQE_PSDT_MASK &&
			   (!qid || !strcmp(family, "g1") || (flags & GMX_SQE_PSDT_MASK) == GMX_SQE_PSDT_MASK);
		struct gmx_sqe sqe;
		uint16_t status;

		/* bits 5:2 are reserved, and are not looked at */
		if (!(flags & GMX_SQE_FUSE_MASK) && !sgl)
			continue;
		sqe = conf_good(g, qid);
		sqe.flags = (uint8_t)flags;
		status = conf_exec(&sqe, qid);
		check(status == DNR(GMX_SC_INVALID_FIELD), "%s: %s %02x, flags %02x: %04x", family, qid ? "I/O" : "admin",
		      g->opcode, flags, status);
	}
}

/* Log page 05h says which commands there are: each has rows, and the others are refused. */
static inline void conf_effects(const char *family, bool is_admin, uint32_t effects[256])
{
	struct gmx_log_effects log;

	check(!vnd_log(GMX_LOG_EFFECTS, 0, &log, sizeof(log)), "%s: log page 05h", family);
	for (unsigned int i = 0; i < 256; i++) {
		struct good none = { .opcode = (uint8_t)i, .nsid = is_admin ? 0 : NS_SHARED };
		struct gmx_sqe sqe = conf_good(&none, !is_admin);
		uint16_t status;

		effects[i] = le32toh(is_admin ? log.acs[i] : log.iocs[i]);
		if (effects[i] & GMX_EFFECTS_CSUPP)
			continue;
		status = conf_exec(&sqe, !is_admin);
		check(status == DNR(GMX_SC_INVALID_OPCODE), "%s: %s %02x: %04x", family, is_admin ? "admin" : "I/O", i, status);
	}
}

#endif
