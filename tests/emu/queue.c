// SPDX-License-Identifier: GPL-2.0-or-later
/* Registers and queues: what resets keep, wrap, a full completion queue, identifiers, doorbells with and without shadows, arbitration. */
/* Covers: GMX_ADM_DELETE_SQ GMX_ADM_CREATE_SQ GMX_ADM_DELETE_CQ GMX_ADM_CREATE_CQ GMX_ADM_DBBUF GMX_FEAT_ARBITRATION
 * */
#include "vnd.h"

#define MAX_PAIR_ENTRIES 128u

static const char plain[] = "{ \"capacity\": \"16M\", \"namespaces\": [ { \"size\": \"1M\" } ] }";
static const char slow[] = "{ \"capacity\": \"16M\", \"namespaces\": [ { \"size\": \"1M\" } ], \"latency\": \"ssd\" }";

/* A queue pair that vnd.h does not know; several submission queues may share what is after sqid */
struct pair {
	uint16_t sqid, cqid;
	uint64_t sq, cq;
	uint32_t sqs, cqs, tail, head;
	bool phase;
};

static uint8_t *at(uint64_t addr)
{
	return vnd_ram + (addr - VND_RAM);
}

/* An admin command whose PRPs are given; they are taken from the queue of vnd.h. */
static uint16_t raw(uint8_t opcode, uint64_t prp1, uint64_t prp2, uint32_t cdw10, uint32_t cdw11)
{
	struct vnd_queue *q = &vnd_fn[0].q[0];
	uint16_t cid = vnd_next_cid(q);
	struct gmx_sqe sqe = {
		.opcode = opcode,
		.cid = htole16(cid),
		.dptr.prp1 = htole64(prp1),
		.dptr.prp2 = htole64(prp2),
		.cdw10 = htole32(cdw10),
		.cdw11 = htole32(cdw11),
	};

	memcpy(at(q->sq) + q->tail * sizeof(sqe), &sqe, sizeof(sqe));
	q->tail = (q->tail + 1) % VND_ENTRIES;
	vnd_set_reg(0, GMX_REG_DBS, q->tail);
	for (unsigned int i = 0; i < 100; i++) {
		vnd_peek(0, 0);
		for (unsigned int k = 0; k < q->nr; k++) {
			if (le16toh(q->stash[k].cid) == cid)
				return le16toh(vnd_take(q, k).status) >> 1;
		}
		vnd_advance(1);
	}
	return 0xffff;
}

static struct pair pair_make(uint16_t qid, uint32_t sqs, uint32_t cqs)
{
	struct pair p = { .sqid = qid, .cqid = qid, .sqs = sqs, .cqs = cqs, .phase = true };

	p.sq = vnd_alloc(MAX_PAIR_ENTRIES * sizeof(struct gmx_sqe));
	p.cq = vnd_alloc(MAX_PAIR_ENTRIES * sizeof(struct gmx_cqe));
	memset(at(p.cq), 0, MAX_PAIR_ENTRIES * sizeof(struct gmx_cqe));
	check(!raw(GMX_ADM_CREATE_CQ, p.cq, 0, (cqs - 1) << 16 | qid, 1u << 16 | GMX_CQ_IEN | GMX_QUEUE_PC),
	      "completion queue %u", qid);
	check(!raw(GMX_ADM_CREATE_SQ, p.sq, 0, (sqs - 1) << 16 | qid, (uint32_t)qid << 16 | GMX_QUEUE_PC), "submission queue %u",
	      qid);
	return p;
}

/* A Verify of one block; the doorbell is the caller's affair. */
static void pair_put(struct pair *p, uint16_t cid)
{
	struct gmx_sqe sqe = { .opcode = GMX_NVM_VERIFY, .cid = htole16(cid), .nsid = htole32(1) };

	memcpy(at(p->sq) + p->tail * sizeof(sqe), &sqe, sizeof(sqe));
	p->tail = (p->tail + 1) % p->sqs;
}

static void pair_ring(struct pair *p)
{
	vnd_set_reg(0, GMX_REG_DBS + 2 * p->sqid * 4, p->tail);
}

static bool pair_get(struct pair *p, struct gmx_cqe *cqe)
{
	memcpy(cqe, at(p->cq) + p->head * sizeof(*cqe), sizeof(*cqe));
	if ((le16toh(cqe->status) & 1) != p->phase)
		return false;
	p->head = (p->head + 1) % p->cqs;
	p->phase ^= !p->head;
	return true;
}

static void pair_took(struct pair *p)
{
	vnd_set_reg(0, GMX_REG_DBS + (2 * p->cqid + 1) * 4, p->head);
}

static bool enable(uint32_t cc)
{
	vnd_set_reg(0, GMX_REG_CC, 0);
	vnd_wait_csts(0, GMX_CSTS_RDY | GMX_CSTS_CFS, 0);
	vnd_clear_queue(&vnd_fn[0].q[0]);
	/* as Linux does since 5.19: the settings first */
	vnd_set_reg(0, GMX_REG_CC, cc);
	vnd_set_reg(0, GMX_REG_CC, cc | GMX_CC_EN);
	return vnd_wait_csts(0, GMX_CSTS_RDY | GMX_CSTS_CFS, GMX_CSTS_RDY);
}

#define CC_GOOD	  (GMX_CC_IOSQES(GMX_SQE_SHIFT) | GMX_CC_IOCQES(GMX_CQE_SHIFT))
#define CC_MPS(n) ((uint32_t)(n) << 7)
#define CC_CSS(n) ((uint32_t)(n) << 4)
#define CC_AMS(n) ((uint32_t)(n) << 11)

static void registers(void)
{
	uint64_t cap = 0, eight = 0;
	uint32_t asq;

	vnd_start("g2", plain);
	emu_ctrl_read(vnd_fn[0].ctrl, GMX_REG_CAP, &cap, 8);
	cap = le64toh(cap);
	check((cap & 0xffff) == 1023 && cap >> 16 & 1 && GMX_CAP_MPSMAX(cap) == 4, "CAP %llx", (unsigned long long)cap);
	check(vnd_reg(0, GMX_REG_VS) == GMX_VS(1, 4, 0), "VS");
	asq = vnd_reg(0, GMX_REG_ASQ);
	emu_ctrl_read(vnd_fn[0].ctrl, GMX_REG_ASQ, &eight, 8);
	check(asq == vnd_fn[0].q[0].sq && le64toh(eight) == asq && vnd_reg(0, GMX_REG_ACQ) == vnd_fn[0].q[0].cq, "ASQ and ACQ");
	emu_ctrl_read(vnd_fn[0].ctrl, GMX_REG_ASQ + 2, &eight, 4);
	check(!(uint32_t)eight, "an access that is not aligned");
	emu_ctrl_write(vnd_fn[0].ctrl, GMX_REG_AQA, &asq, 2);
	check(vnd_reg(0, GMX_REG_AQA) == ((VND_ENTRIES - 1) << 16 | (VND_ENTRIES - 1)), "a write of two bytes");
	check(!vnd_reg(0, 0x100) && !vnd_reg(0, GMX_REG_NSSR), "reserved, and NSSR");

	check(enable(CC_GOOD) && vnd_reg(0, GMX_REG_ASQ) == asq && vnd_reg(0, GMX_REG_AQA),
	      "a controller reset keeps the admin queue");
	for (unsigned int mps = 1; mps <= 4; mps++) {
		vnd_set_reg(0, GMX_REG_ACQ, asq + (64 << 10));
		check(enable(CC_GOOD | CC_MPS(mps)), "CC.MPS %u", mps);
		vnd_set_reg(0, GMX_REG_ACQ, asq + (4096u << mps) / 2);
		check(!enable(CC_GOOD | CC_MPS(mps)), "CC.MPS %u, and a queue at half a page", mps);
	}
	vnd_set_reg(0, GMX_REG_ACQ, (uint32_t)vnd_fn[0].q[0].cq);
	check(!enable(CC_GOOD | CC_MPS(5)), "CC.MPS 5");
	check(!enable(CC_GOOD | CC_CSS(1)), "CC.CSS 1");
	check(!enable(CC_GOOD | CC_AMS(2)), "CC.AMS 2");
	check(enable(CC_GOOD | CC_AMS(1)), "CC.AMS 1");
	vnd_set_reg(0, GMX_REG_ASQ, asq + 64);
	check(!enable(CC_GOOD), "ASQ not at the start of a page");
	vnd_set_reg(0, GMX_REG_ASQ, asq);
	vnd_set_reg(0, GMX_REG_AQA, 0xf000f000);
	check(!vnd_reg(0, GMX_REG_AQA) && !enable(CC_GOOD), "queues of one entry");
	vnd_set_reg(0, GMX_REG_AQA, 63 << 16 | 63);
	check(enable(CC_GOOD), "good again");

	vnd_set_reg(0, GMX_REG_NSSR, 0x4e564d65);
	vnd_set_reg(0, GMX_REG_NSSR, 1);
	vnd_advance(100);
	check(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_NSSRO && !vnd_reg(0, GMX_REG_CC) && !vnd_reg(0, GMX_REG_AQA),
	      "subsystem reset");
	vnd_set_reg(0, GMX_REG_CSTS, GMX_CSTS_NSSRO);
	check(!(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_NSSRO), "CSTS.NSSRO is cleared by a 1");
	vnd_enable(0);
	emu_ctrl_reset(vnd_fn[0].ctrl, EMU_RESET_FLR);
	check(!vnd_reg(0, GMX_REG_ASQ) && !vnd_reg(0, GMX_REG_CSTS), "FLR clears all");
	vnd_stop();

	vnd_start("g1", plain);
	check(!enable(CC_GOOD | CC_AMS(1)), "CC.AMS 1 on a family without");
	vnd_stop();
	tap_group("registers");
}

static void rounds(void)
{
	static bool seen[4096];
	struct gmx_cqe cqe;
	struct pair p;
	uint16_t next = 0, done = 0;

	vnd_start("g2", plain);
	p = pair_make(2, 7, 5);
	memset(seen, 0, sizeof(seen));
	while (done < 2000) {
		unsigned int nr = 1 + next % 6;

		/* never more than the completion queue holds, nor than fits */
		while (nr-- && next - done < 4 && next < 2000)
			pair_put(&p, next++);
		pair_ring(&p);
		emu_subsys_run(vnd);
		while (pair_get(&p, &cqe)) {
			uint16_t cid = le16toh(cqe.cid);

			check(cid < next && !seen[cid] && le16toh(cqe.sq_id) == 2 && !(le16toh(cqe.status) >> 1), "command %u",
			      cid);
			seen[cid] = true;
			check(le16toh(cqe.sq_head) < 7, "head %u", le16toh(cqe.sq_head));
			done++;
		}
		pair_took(&p);
	}
	vnd_stop();
	tap_group("queues wrap");
}

static void full(void)
{
	unsigned int done = 0, passes = 0;
	struct gmx_cqe cqe;
	struct pair p;

	vnd_start("g2", plain);
	p = pair_make(2, 32, 4);
	for (uint16_t cid = 0; cid < 31; cid++)
		pair_put(&p, cid);
	pair_ring(&p);
	for (; done < 31 && passes < 100; passes++) {
		unsigned int n = 0;

		emu_subsys_run(vnd);
		emu_subsys_run(vnd);
		for (; pair_get(&p, &cqe); n++)
			check(le16toh(cqe.cid) == done + n, "command %u, not %u", le16toh(cqe.cid), done + n);
		check(n <= 3, "%u completions in a queue of 4", n);
		done += n;
		pair_took(&p);
	}
	check(done == 31, "%u of 31", done);
	vnd_stop();
	tap_group("a completion queue that is full");
}

static uint64_t tick;

static uint64_t ticking_now(void *host)
{
	(void)host;
	return vnd_time += tick;
}

/*
 * More commands than a controller takes at once from a small queue: those that wait are fetched when others complete,
 * also when they do so while the controller is just about to rest.
 */
static void crowd(void)
{
	static const struct emu_subsys_ops ops = { ticking_now, vnd_op_wall, vnd_op_log };
	unsigned int done = 0;
	struct gmx_cqe cqe;
	uint16_t cid = 0;
	struct pair p;

	for (tick = 1000; tick < 200000; tick += 7000) {
		uint64_t step = tick, end;

		tick = 0;
		vnd_start("g2", slow);
		vnd->ops = &ops;
		p = pair_make(2, 4, 64);
		for (cid = 0; cid < 23; cid++) {
			pair_put(&p, cid);
			pair_ring(&p);
			if (cid < 20)
				emu_subsys_run(vnd);
		}
		tick = step;
		/* as the program does: again when it is due, and only then; nothing takes 10 ms */
		for (end = vnd_time + 10000000; vnd_time < end;) {
			uint64_t next = emu_subsys_run(vnd);

			vnd_time = EMU_MAX(next, vnd_time + step) - step;
		}
		for (done = 0; pair_get(&p, &cqe); done++)
			;
		check(done == 23, "steps of %llu ns: %u of 23", (unsigned long long)step, done);
		tick = 0;
		vnd_stop();
		tick = step;
	}
	tick = 0;
	tap_group("more commands than are taken at once");
}

static void identifiers(void)
{
	struct vnd_queue *q = &vnd_fn[0].q[1];
	uint16_t status[2] = { 0xffff, 0xffff };
	static uint8_t block[512];

	vnd_start("g2", slow);
	for (unsigned int i = 0; i < 2; i++)
		vnd_submit(&(struct vnd_cmd){ .queue = 1, .opcode = GMX_NVM_VERIFY, .nsid = 1 }, 0, 0x55);
	vnd_advance(100);
	vnd_peek(0, 1);
	for (unsigned int i = 0; i < q->nr && i < 2; i++)
		status[i] = le16toh(q->stash[i].status) >> 1;
	check(q->nr == 2 && status[0] == (GMX_SC_CID_CONFLICT | GMX_STS_DNR) && !status[1], "%u answers, %04x %04x", q->nr,
	      status[0], status[1]);
	q->nr = 0;
	check(!nvm(.opcode = GMX_NVM_READ, .nsid = 1, .data = block, .len = sizeof(block)), "the queue goes on");

	/* abort, and a queue that is deleted under its commands */
	vnd_submit(&(struct vnd_cmd){ .queue = 1, .opcode = GMX_NVM_VERIFY, .nsid = 1 }, 0, 0x66);
	emu_subsys_run(vnd);
	check(vnd_abort(1, 0x66) == 0, "aborted");
	check(vnd_peek(0, 1) && le16toh(vnd_take(q, 0).status) >> 1 == GMX_SC_ABORT_REQ, "and says so");
	check(vnd_abort(1, 0x66) == 1, "no longer there");
	for (unsigned int i = 0; i < 3; i++)
		vnd_submit(&(struct vnd_cmd){ .queue = 1, .opcode = GMX_NVM_VERIFY, .nsid = 1 }, 0, (uint16_t)(0x70 + i));
	emu_subsys_run(vnd);
	check(!raw(GMX_ADM_DELETE_SQ, 0, 0, 1, 0), "deleted");
	vnd_pull(0, 1);
	check(q->nr == 3, "%u of 3 were answered", q->nr);
	for (unsigned int i = 0; i < q->nr; i++)
		check(le16toh(q->stash[i].status) >> 1 == GMX_SC_ABORT_SQ_DELETED, "command %u: %04x", i,
		      le16toh(q->stash[i].status) >> 1);
	check(!raw(GMX_ADM_DELETE_CQ, 0, 0, 1, 0), "and the completion queue");
	vnd_stop();
	tap_group("identifiers, abort, deletion");
}

static void bad_doorbell(unsigned int index, uint32_t value, unsigned int info)
{
	struct gmx_log_error error;

	vnd_set_reg(0, GMX_REG_DBS + index * 4, value);
	check(vnd_event() == (GMX_AEN_ERROR | info << 8 | GMX_LOG_ERROR << 16), "doorbell %u, %u: event", index, value);
	check(!vnd_log(GMX_LOG_ERROR, 0, &error, sizeof(error)), "log page 01h");
	vnd_post_events(1);
}

static void doorbells(void)
{
	vnd_start("g2", plain);
	vnd_quiet();
	vnd_post_events(2);
	bad_doorbell(2 * 9, 1, GMX_AEN_ERROR_DOORBELL);
	bad_doorbell(2 * 9 + 1, 1, GMX_AEN_ERROR_DOORBELL);
	bad_doorbell(2, VND_ENTRIES, GMX_AEN_ERROR_DOORBELL_VALUE);
	bad_doorbell(2, 0xffff, GMX_AEN_ERROR_DOORBELL_VALUE);
	bad_doorbell(3, VND_ENTRIES, GMX_AEN_ERROR_DOORBELL_VALUE);
	/* beyond what was completed */
	bad_doorbell(3, 1, GMX_AEN_ERROR_DOORBELL_VALUE);
	check(!nvm(.opcode = GMX_NVM_VERIFY, .nsid = 1), "the queue goes on");
	check(vnd_event() == NO_EVENT, "a good doorbell");
	vnd_stop();
	tap_group("doorbells that are wrong");
}

/* virtio's rule: did the index go past the one that was asked for? */
static bool need_event(uint32_t event, uint32_t new, uint32_t old)
{
	return (uint16_t)(new - event - 1) < (uint16_t)(new - old);
}

static uint32_t *shadow(uint64_t page, unsigned int index)
{
	return (uint32_t *)(void *)at(page) + index;
}

static void shadows(void)
{
	uint64_t db, ei;
	unsigned int done = 0, writes = 0;
	uint16_t next = 0;
	struct gmx_cqe cqe;
	struct pair p;

	vnd_start("g2", plain);
	db = vnd_alloc(4096);
	ei = vnd_alloc(4096);
	memset(at(db), 0, 8192);
	p = pair_make(2, 16, 16);
	check(!raw(GMX_ADM_DBBUF, db, ei, 0, 0), "Doorbell Buffer Config");
	while (done < 500) {
		unsigned int nr = 1 + next % 5;
		uint32_t old = p.tail, head = p.head;

		while (nr-- && next - done < 14 && next < 500)
			pair_put(&p, next++);
		*shadow(db, 4) = htole32(p.tail);
		if (need_event(le32toh(*shadow(ei, 4)), p.tail, old)) {
			pair_ring(&p);
			writes++;
		}
		emu_subsys_run(vnd);
		while (pair_get(&p, &cqe)) {
			check(le16toh(cqe.cid) == done, "command %u, not %u", le16toh(cqe.cid), done);
			done++;
		}
		*shadow(db, 5) = htole32(p.head);
		if (need_event(le32toh(*shadow(ei, 5)), p.head, head))
			pair_took(&p);
		if (!nr && next == done)
			break;
	}
	check(done == 500 && writes, "%u of 500 commands, %u writes", done, writes);

	/* A reset ends them: what is in the pages then is nobody's. */
	check(enable(CC_GOOD), "reset");
	memset(at(db), 0x11, 4096);
	p = pair_make(2, 16, 16);
	pair_put(&p, 7);
	pair_ring(&p);
	emu_subsys_run(vnd);
	check(pair_get(&p, &cqe) && le16toh(cqe.cid) == 7, "a register is a register again");

	/* Pages of 8 KiB */
	vnd_fn[0].q[0].cq = (vnd_alloc(12288) + 8191) & ~8191ull;
	vnd_set_reg(0, GMX_REG_ACQ, (uint32_t)vnd_fn[0].q[0].cq);
	check(enable(CC_GOOD | CC_MPS(1)), "CC.MPS 1");
	db = (vnd_alloc(20480) + 8191) & ~8191ull;
	check(raw(GMX_ADM_DBBUF, db, db + 4096, 0, 0) == (GMX_SC_INVALID_FIELD | GMX_STS_DNR), "half a page");
	check(!raw(GMX_ADM_DBBUF, db, db + 8192, 0, 0), "whole pages");
	vnd_stop();
	tap_group("shadow doorbells");
}

/* Submission queues of these priorities, up to 4, which share a completion queue; each is full of commands. */
static void classes(struct pair *p, const unsigned int *prio, unsigned int nr, uint16_t commands)
{
	check(enable(CC_GOOD | CC_AMS(1)), "weighted round robin");
	/* HPW 4, MPW 2, LPW 1, a burst is one command */
	check(!raw(GMX_ADM_SET_FEATURES, 0, 0, GMX_FEAT_ARBITRATION, 3u << 24 | 1 << 16 | 0 << 8), "weights");
	for (unsigned int i = 0; i < nr; i++) {
		p[i] = (struct pair){ .sqid = (uint16_t)(i + 1), .cqid = 1, .sqs = 64, .cqs = 128, .phase = true };
		p[i].sq = vnd_alloc(MAX_PAIR_ENTRIES * sizeof(struct gmx_sqe));
		p[i].cq = i ? p[0].cq : vnd_alloc(MAX_PAIR_ENTRIES * sizeof(struct gmx_cqe));
		if (!i) {
			memset(at(p[0].cq), 0, MAX_PAIR_ENTRIES * sizeof(struct gmx_cqe));
			check(!raw(GMX_ADM_CREATE_CQ, p[0].cq, 0, 127 << 16 | 1, GMX_QUEUE_PC), "completion queue");
		}
		check(!raw(GMX_ADM_CREATE_SQ, p[i].sq, 0, 63 << 16 | p[i].sqid, 1 << 16 | GMX_SQ_PRIO(prio[i]) | GMX_QUEUE_PC),
		      "queue %u", i);
		for (uint16_t cid = 0; cid < commands; cid++)
			pair_put(&p[i], cid);
	}
	for (unsigned int i = 0; i < nr; i++)
		pair_ring(&p[i]);
}

static void weights(void)
{
	static const unsigned int prio[] = { GMX_SQ_PRIO_LOW, GMX_SQ_PRIO_URGENT, GMX_SQ_PRIO_MEDIUM, GMX_SQ_PRIO_HIGH };
	unsigned int nr = 0, of[5] = { 0 };
	struct pair p[4];
	struct gmx_cqe cqe;

	vnd_start("g2", plain);
	classes(p, prio, 4, 24);
	emu_subsys_run(vnd);
	while (pair_get(&p[0], &cqe)) {
		unsigned int sqid = le16toh(cqe.sq_id);

		check(sqid >= 1 && sqid <= 4, "queue %u", sqid);
		of[sqid % 5]++;
		if (++nr == 24)
			check(of[2] == 24, "%u of the first 24 were urgent", of[2]);
		/* then rounds of 4, 2 and 1 */
		if (nr > 24 && nr <= 24 + 5 * 7 && !((nr - 24) % 7)) {
			unsigned int round = (nr - 24) / 7;

			check(of[4] == 4 * round && of[3] == 2 * round && of[1] == round, "round %u: %u high, %u medium, %u low",
			      round, of[4], of[3], of[1]);
		}
	}
	check(nr == 96, "%u of 96", nr);
	vnd_stop();
	tap_group("weighted round robin");
}

/* Room for one at a time: a round goes on where it was, and nobody has more than his share. */
static void few(void)
{
	static const unsigned int prio[] = { GMX_SQ_PRIO_HIGH, GMX_SQ_PRIO_MEDIUM, GMX_SQ_PRIO_LOW };
	unsigned int most = 0, nr = 0, of[4] = { 0 };
	struct pair p[3];
	struct gmx_cqe cqe;

	vnd_start("g2", "{ \"namespaces\": [ { \"size\": \"1M\" } ], \"latency\": \"ssd\", \"commands\": 3 }");
	classes(p, prio, 3, 60);
	for (unsigned int i = 0; i < 10000 && nr < 180; i++) {
		uint64_t next = emu_subsys_run(vnd);

		most = EMU_MAX(most, vnd_fn[0].ctrl->working);
		while (pair_get(&p[0], &cqe)) {
			of[le16toh(cqe.sq_id) % 4]++;
			/* 13 rounds, but for what ends in another order than it began */
			if (++nr == 13 * 7)
				check(of[1] >= 50 && of[1] <= 54 && of[2] >= 24 && of[2] <= 28 && of[3] >= 11 && of[3] <= 15,
				      "%u high, %u medium, %u low", of[1], of[2], of[3]);
		}
		pair_took(&p[0]);
		vnd_time = next > vnd_time && next != EMU_NEVER ? next : vnd_time + 1000;
	}
	check(nr == 180 && most == 3, "%u of 180, %u at once", nr, most);
	check(!vnd_fn[0].ctrl->working, "%u are left", vnd_fn[0].ctrl->working);
	vnd_stop();
	tap_group("few commands at once");
}

int main(void)
{
	registers();
	rounds();
	full();
	crowd();
	identifiers();
	doorbells();
	shadows();
	weights();
	few();
	return tap_done();
}
