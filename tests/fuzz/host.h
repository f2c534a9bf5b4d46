/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host that doubts everything its controller does: it knows the memory that each of its commands named, and the
 * controller may write nowhere else; each completion must be one it waits for, in its place and with its phase.
 */
#ifndef TESTS_FUZZ_HOST_H
#define TESTS_FUZZ_HOST_H

#include "../emu/vnd.h"

#include "input.h"
#include "walk.h"

#undef check
#undef admin
#undef nvm

/* The host's memory from VND_RAM on: rings, lists, data, metadata, shadow doorbells, and what is nobody's */
#define HOST_QUEUES	8u
#define HOST_SLOT	0x10000u /* of a ring: 64 KiB, the largest page */
#define HOST_LISTS	(VND_RAM + 0x100000)
#define HOST_LISTS_SIZE 0x40000u
#define HOST_DATA	(VND_RAM + 0x140000)
#define HOST_DATA_SIZE	0x80000u
#define HOST_META	(VND_RAM + 0x1c0000)
#define HOST_META_SIZE	0x10000u
#define HOST_SHADOW	(VND_RAM + 0x1d0000)
#define HOST_FAR	(VND_RAM + 0x200000) /* rings that nobody uses, the host memory buffer */
#define HOST_FAR_SIZE	0x200000u
#define HOST_CMB	0x8000000ull /* where the controller's own memory is, if the harness wants some */
#define HOST_CMB_SIZE	0x10000u
#define HOST_INFLIGHT	256u
#define HOST_STEPS	3000u /* that the model may want within one stretch of time */

struct host_cmd {
	bool used;
	unsigned int age; /* commands that came before it */
	unsigned int qid;
	uint16_t cid;
	struct gmx_sqe sqe;
	bool writes; /* the controller may write into these: */
	struct pieces data, meta;
};

struct host_queue {
	uint32_t sq_size, cq_size; /* 0: not there */
	uint32_t tail, head, sq_head;
	uint16_t cqid;
	bool phase;
};

static struct host {
	struct emu_ctrl *c;
	struct host_queue q[HOST_QUEUES];
	struct host_cmd cmds[HOST_INFLIGHT];
	unsigned int nr_cmds;
	struct pieces standing; /* rings, shadow doorbells, host memory buffer: until the life ends */
	uint32_t life;
	uint64_t shadow; /* doorbells in memory, 0: none */
	bool cmb;	 /* the controller memory buffer is at HOST_CMB */
	bool cmb_queues; /* and has the I/O submission queues */
	bool small_cq;	 /* of the admin queue: less than its submission queue */
	bool lenient;	 /* faults are injected: completions may be wrong */
	uint16_t cid;
	unsigned int watched; /* queue << 16 | identifier of the command that somebody waits for */
	uint16_t answer;      /* its status, 0xffff: none yet */
	uint16_t status;      /* of the last completion */
	unsigned int sent, completions;
	unsigned int irqs;
	uint8_t dirty[VND_RAM_SIZE / 4096];
	char dir[64];
	char error[EMU_ERROR_SIZE];
} host;

/* I/O queues in the controller's memory, if there is any; what lies there is the harness's to say */
static inline uint64_t host_sq(unsigned int qid)
{
	if (host.cmb && host.cmb_queues && qid)
		return HOST_CMB + qid * (HOST_CMB_SIZE / HOST_QUEUES);
	return VND_RAM + 2ull * qid * HOST_SLOT;
}

static inline uint64_t host_cq(unsigned int qid)
{
	return VND_RAM + (2ull * qid + 1) * HOST_SLOT;
}

static inline bool host_in_cmb(uint64_t addr, size_t len)
{
	return host.cmb && addr >= HOST_CMB && addr - HOST_CMB <= HOST_CMB_SIZE && len <= HOST_CMB_SIZE - (addr - HOST_CMB);
}

static inline bool host_there(uint64_t addr, size_t len)
{
	return addr >= VND_RAM && addr - VND_RAM <= VND_RAM_SIZE && len <= VND_RAM_SIZE - (addr - VND_RAM);
}

static inline void host_touch(uint64_t addr, size_t len)
{
	for (uint64_t page = (addr - VND_RAM) / 4096; len && page <= (addr - VND_RAM + len - 1) / 4096; page++)
		host.dirty[page] = 1;
}

/* The host's own store */
static inline void host_put(uint64_t addr, const void *buf, size_t len)
{
	if (host_in_cmb(addr, len)) {
		emu_ctrl_cmb(host.c, addr - HOST_CMB, (void *)(uintptr_t)buf, len, true);
		return;
	}
	must(host_there(addr, len), "the harness writes at %llx", (unsigned long long)addr);
	host_touch(addr, len);
	memcpy(vnd_ram + (addr - VND_RAM), buf, len);
}

static inline void *host_at(uint64_t addr, size_t len)
{
	must(host_there(addr, len), "the harness looks at %llx", (unsigned long long)addr);
	host_touch(addr, len);
	return vnd_ram + (addr - VND_RAM);
}

static inline bool host_peek(uint64_t addr, void *buf, size_t len)
{
	if (host_in_cmb(addr, len)) {
		emu_ctrl_cmb(host.c, addr - HOST_CMB, buf, len, false);
		return true;
	}
	if (!host_there(addr, len))
		return false;
	memcpy(buf, vnd_ram + (addr - VND_RAM), len);
	return true;
}

static inline bool pieces_have(const struct pieces *p, uint64_t addr, size_t len)
{
	for (unsigned int i = 0; i < p->nr; i++)
		if (addr >= p->at[i].addr && addr - p->at[i].addr <= p->at[i].len && len <= p->at[i].len - (addr - p->at[i].addr))
			return true;
	return p->unsure;
}

static inline bool host_may_write(uint64_t addr, size_t len)
{
	if (pieces_have(&host.standing, addr, len))
		return true;
	for (unsigned int i = 0; i < host.nr_cmds; i++) {
		const struct host_cmd *c = &host.cmds[i];

		if (c->used && c->writes && (pieces_have(&c->data, addr, len) || pieces_have(&c->meta, addr, len)))
			return true;
	}
	return false;
}

static inline int host_op_read(void *h, uint64_t addr, void *buf, size_t len)
{
	(void)h;
	/* what is the controller's own it does not ask the host for */
	must(!host_in_cmb(addr, len), "the controller reads its own memory from the host");
	return host_peek(addr, buf, len) ? 0 : -14;
}

static inline int host_op_write(void *h, uint64_t addr, const void *buf, size_t len)
{
	(void)h;
	if (!host_there(addr, len))
		return -14;
	must(host_may_write(addr, len), "the controller writes %zu bytes at %llx, which no command named", len,
	     (unsigned long long)addr);
	host_put(addr, buf, len);
	return 0;
}

/* Only what stays the controller's: all else goes through the call above. */
static inline void *host_op_ptr(void *h, uint64_t addr, size_t len)
{
	(void)h;
	return host_there(addr, len) && pieces_have(&host.standing, addr, len) ? host_at(addr, len) : NULL;
}

static inline void host_op_raise(void *h, unsigned int vector)
{
	(void)h;
	must(vector < 2048, "vector %u", vector);
	host.irqs++;
}

static inline void host_op_gone(void *h, bool gone)
{
	(void)h;
	(void)gone;
}

static inline void host_op_log(void *h, enum emu_log_level level, const char *text)
{
	(void)h;
	must(!strchr(text, '\n'), "a log line of several lines");
	if (level <= EMU_LOG_WARN && getenv("FUZZ_LOG"))
		fprintf(stderr, "# %s\n", text);
}

static const struct emu_subsys_ops host_subsys_ops = { vnd_op_now, vnd_op_wall, host_op_log };
static const struct emu_ctrl_ops host_ctrl_ops = {
	host_op_read,  host_op_write,  host_op_ptr,	  vnd_op_irq_mode, vnd_op_irq_vectors,
	host_op_raise, vnd_op_irq_pin, vnd_op_link_error, host_op_gone,
};

static inline uint32_t host_reg(uint32_t offset)
{
	uint32_t value;

	emu_ctrl_read(host.c, offset, &value, sizeof(value));
	return le32toh(value);
}

static inline void host_set_reg(uint32_t offset, uint32_t value)
{
	value = htole32(value);
	emu_ctrl_write(host.c, offset, &value, sizeof(value));
}

static inline uint64_t host_page(void)
{
	return 4096ull << (host.c->cc >> 7 & 0xf);
}

static inline struct host_cmd *host_new_cmd(void)
{
	for (unsigned int i = 0; i < host.nr_cmds; i++)
		if (!host.cmds[i].used)
			return &host.cmds[i];
	must(host.nr_cmds < HOST_INFLIGHT, "more commands in flight than the rings have entries");
	return &host.cmds[host.nr_cmds++];
}

/* Everything that a life had is gone with it. */
static inline void host_forget(void)
{
	memset(host.q, 0, sizeof(host.q));
	for (unsigned int i = 0; i < host.nr_cmds; i++)
		host.cmds[i].used = false;
	host.nr_cmds = 0;
	host.shadow = 0;
	host.standing.nr = 0;
	host.standing.unsure = false;
	host.life = host.c ? host.c->generation : 0;
}

static inline unsigned int host_waiting(void)
{
	unsigned int nr = 0;

	for (unsigned int i = 0; i < host.nr_cmds; i++)
		nr += host.cmds[i].used && !(!host.cmds[i].qid && host.cmds[i].sqe.opcode == GMX_ADM_ASYNC_EVENT);
	return nr;
}

/* The one that a completion is for: of two with one identifier the younger is the one that was refused. */
static inline struct host_cmd *host_find(unsigned int qid, uint16_t cid, bool youngest)
{
	struct host_cmd *found = NULL;

	for (unsigned int i = 0; i < host.nr_cmds; i++) {
		if (host.cmds[i].used && host.cmds[i].qid == qid && host.cmds[i].cid == cid) {
			if (!found || (host.cmds[i].age > found->age) == youngest)
				found = &host.cmds[i];
		}
	}
	return found;
}

/* The shadow first, as the specification wants it (7.13); the register always, which is allowed */
static inline void host_doorbell(unsigned int index, uint32_t value)
{
	__le32 raw = htole32(value);

	if (host.shadow && index > 1 && host_there(host.shadow + index * 4, sizeof(raw)))
		host_put(host.shadow + index * 4, &raw, sizeof(raw));
	host_set_reg(GMX_REG_DBS + index * 4, value);
}

/* What follows for the host from an admin command that went well */
static inline void host_admin_done(const struct gmx_sqe *sqe)
{
	uint32_t cdw10 = le32toh(sqe->cdw10), qid = cdw10 & 0xffff, size = (cdw10 >> 16) + 1;

	if (sqe->opcode == GMX_ADM_DBBUF) {
		host.shadow = le64toh(sqe->dptr.prp1);
		for (unsigned int i = 1; i < HOST_QUEUES; i++) {
			if (host.q[i].sq_size)
				host_doorbell(2 * i, host.q[i].tail);
			if (host.q[i].cq_size)
				host_doorbell(2 * i + 1, host.q[i].head);
		}
	}
	if (qid >= HOST_QUEUES)
		return;
	switch (sqe->opcode) {
	case GMX_ADM_CREATE_CQ:
		host.q[qid].cq_size = size;
		host.q[qid].head = 0;
		host.q[qid].phase = true;
		if (host.shadow)
			host_doorbell(2 * qid + 1, 0);
		break;
	case GMX_ADM_CREATE_SQ:
		host.q[qid].sq_size = le32toh(sqe->cdw11) >> 16 < HOST_QUEUES ? size : 0;
		host.q[qid].cqid = (uint16_t)(le32toh(sqe->cdw11) >> 16);
		host.q[qid].tail = host.q[qid].sq_head = 0;
		if (host.shadow && host.q[qid].sq_size)
			host_doorbell(2 * qid, 0);
		break;
	case GMX_ADM_DELETE_SQ: host.q[qid].sq_size = 0; break;
	case GMX_ADM_DELETE_CQ: host.q[qid].cq_size = 0; break;
	default: break;
	}
}

static inline void host_completed(const struct gmx_cqe *cqe, unsigned int cqid)
{
	unsigned int qid = le16toh(cqe->sq_id);
	uint16_t status = le16toh(cqe->status) >> 1;
	struct host_cmd *cmd;

	if (host.lenient && (qid >= HOST_QUEUES || !host_find(qid, le16toh(cqe->cid), false)))
		return;
	/* what a deleted queue had in flight may be found later than that it is deleted */
	must(qid < HOST_QUEUES && host.q[qid].cqid == cqid, "completion queue %u: entry of queue %u", cqid, qid);
	must(!host.q[qid].sq_size || le16toh(cqe->sq_head) < host.q[qid].sq_size, "head %u of queue %u", le16toh(cqe->sq_head),
	     qid);
	cmd = host_find(qid, le16toh(cqe->cid), GMX_STS_CODE(status) == GMX_SC_CID_CONFLICT);
	must(cmd, "queue %u: completion of %04x, which is not in flight", qid, le16toh(cqe->cid));
	must(!(status & 0x1800), "status %04x with bits that are reserved", status);
	host.q[qid].sq_head = le16toh(cqe->sq_head);
	host.status = status;
	if (host.watched == (qid << 16 | cmd->cid))
		host.answer = status;
	host.completions++;
	cmd->used = false;
	if (getenv("FUZZ_LOG"))
		fprintf(stderr, "# queue %u: cid %04x has %04x\n", qid, le16toh(cqe->cid), status);
	if (!qid && !status)
		host_admin_done(&cmd->sqe);
}

/* Up to this many entries; the head is told to the controller. */
static inline unsigned int host_reap(unsigned int cqid)
{
	struct host_queue *q = &host.q[cqid];
	unsigned int n = 0;

	while (q->cq_size) {
		struct gmx_cqe cqe;

		must(host_peek(host_cq(cqid) + q->head * sizeof(cqe), &cqe, sizeof(cqe)), "ring");
		if ((le16toh(cqe.status) & 1) != q->phase)
			break;
		q->head = q->head + 1 == q->cq_size ? 0 : q->head + 1;
		q->phase ^= !q->head;
		n++;
		host_completed(&cqe, cqid);
		must(n <= 4096, "queue %u: completions without end", cqid);
	}
	if (n)
		host_doorbell(2 * cqid + 1, q->head);
	return n;
}

static inline void host_reap_all(void)
{
	unsigned int n, rounds = 0;

	if (host.life != host.c->generation)
		host_forget();
	/* a host that was told a wrong phase takes old entries for new ones, round and round */
	do {
		n = 0;
		for (unsigned int i = 0; i < HOST_QUEUES; i++)
			n += host_reap(i);
		emu_subsys_run(vnd);
		must(host.lenient || rounds < 10000, "completions without end");
	} while (n && host.life == host.c->generation && (++rounds < 16 || !host.lenient));
}

static inline void host_run(void)
{
	emu_subsys_run(vnd);
	host_reap_all();
}

/* Time goes by; the model may ask to be called often, but not for ever. */
static inline void host_advance(uint64_t ns)
{
	uint64_t end = vnd_time + ns, next;

	for (unsigned int steps = 0; (next = emu_subsys_run(vnd)) <= end; steps++) {
		vnd_time = next > vnd_time ? next : vnd_time + 1000;
		host_reap_all();
		if (steps == HOST_STEPS)
			break;
	}
	vnd_time = end > vnd_time ? end : vnd_time;
	host_run();
}

static inline bool host_usable(unsigned int qid)
{
	const struct host_queue *q = &host.q[qid];

	return qid < HOST_QUEUES && q->sq_size && host.q[q->cqid].cq_size && host.life == host.c->generation;
}

/* Which way, and how many bytes of data; filled in by the harness: it knows the formats. */
static uint64_t host_data_len(unsigned int qid, const struct gmx_sqe *sqe, bool *writes, uint64_t *meta);

static inline void host_stand(uint64_t addr, uint64_t len)
{
	walk_add(&host.standing, addr, len);
}

static inline void host_note_hmb(const struct gmx_sqe *sqe)
{
	uint64_t list = (uint64_t)le32toh(sqe->cdw14) << 32 | (le32toh(sqe->cdw13) & ~0xfu);
	unsigned int nr = le32toh(sqe->cdw15);

	for (unsigned int i = 0; i < nr && i < 128; i++) {
		struct gmx_hmb_desc d;

		if (host_peek(list + i * sizeof(d), &d, sizeof(d)))
			host_stand(le64toh(d.addr), le32toh(d.pages) * host_page());
	}
}

/* Before the controller may look at it: what it names may be written from now on. */
static inline struct host_cmd *host_note(unsigned int qid, const struct gmx_sqe *sqe)
{
	struct host_cmd *cmd = host_new_cmd();
	uint64_t meta = 0, len;

	cmd->used = true;
	cmd->age = host.sent++;
	cmd->qid = qid;
	cmd->cid = le16toh(sqe->cid);
	cmd->sqe = *sqe;
	cmd->writes = false;
	len = host_data_len(qid, sqe, &cmd->writes, &meta);
	walk(&cmd->data, sqe, len, host_page(), host_peek);
	walk_meta(&cmd->meta, sqe, meta, host_peek);
	if (qid)
		return cmd;
	if (sqe->opcode == GMX_ADM_CREATE_CQ)
		host_stand(le64toh(sqe->dptr.prp1), ((uint64_t)(le32toh(sqe->cdw10) >> 16) + 1) * sizeof(struct gmx_cqe));
	if (sqe->opcode == GMX_ADM_DBBUF) {
		host_stand(le64toh(sqe->dptr.prp1), 4096);
		host_stand(le64toh(sqe->dptr.prp2), 4096);
	}
	if (sqe->opcode == GMX_ADM_SET_FEATURES && (le32toh(sqe->cdw10) & 0xff) == GMX_FEAT_HMB)
		host_note_hmb(sqe);
	return cmd;
}

static inline bool host_has_room(unsigned int qid)
{
	const struct host_queue *q = &host.q[qid];
	unsigned int used = 0;

	if (!host_usable(qid) || (q->tail + 1) % q->sq_size == q->sq_head)
		return false;
	for (unsigned int i = 0; i < host.nr_cmds; i++)
		used += host.cmds[i].used;
	return used < HOST_INFLIGHT - 1;
}

/* Into the ring; the doorbell is another step. */
static inline struct host_cmd *host_queue(unsigned int qid, const struct gmx_sqe *sqe)
{
	struct host_queue *q = &host.q[qid];

	if (!host_has_room(qid))
		return NULL;
	if (getenv("FUZZ_LOG"))
		fprintf(stderr, "# queue %u: opcode %02x flags %02x cid %04x nsid %x, %08x %08x %08x %08x %08x %08x\n", qid,
			sqe->opcode, sqe->flags, le16toh(sqe->cid), le32toh(sqe->nsid), le32toh(sqe->cdw10), le32toh(sqe->cdw11),
			le32toh(sqe->cdw12), le32toh(sqe->cdw13), le32toh(sqe->cdw14), le32toh(sqe->cdw15));
	host_put(host_sq(qid) + q->tail * sizeof(*sqe), sqe, sizeof(*sqe));
	q->tail = q->tail + 1 == q->sq_size ? 0 : q->tail + 1;
	return host_note(qid, sqe);
}

static inline void host_ring(unsigned int qid)
{
	if (host_usable(qid))
		host_doorbell(2 * qid, host.q[qid].tail);
}

static inline uint16_t host_next_cid(void)
{
	host.cid = (uint16_t)(host.cid % 0x7fff + 1);
	return host.cid;
}

static inline void host_watch(unsigned int qid, uint16_t cid)
{
	host.watched = qid << 16 | cid;
	host.answer = 0xffff;
}

/* Sends, waits for up to ten seconds; 0xffff: no answer */
static inline uint16_t host_wait(unsigned int qid, struct gmx_sqe sqe)
{
	uint16_t cid = host_next_cid();

	sqe.cid = htole16(cid);
	host_watch(qid, cid);
	if (!host_queue(qid, &sqe))
		return 0xffff;
	host_ring(qid);
	host_run();
	for (unsigned int i = 0; i < 20 && host_find(qid, cid, false); i++)
		host_advance(500000000);
	return host.answer;
}

static inline bool host_wait_ready(uint32_t want)
{
	for (unsigned int i = 0; i < 40 && host_reg(GMX_REG_CSTS) != ~0u; i++) {
		if ((host_reg(GMX_REG_CSTS) & (GMX_CSTS_RDY | GMX_CSTS_CFS)) == want)
			return true;
		host_advance(2000000ull << (i < 10 ? i : 10));
	}
	return false;
}

/* A life of its own with an admin queue; pages of 4 KiB << mps. False where faults forbid it. */
static inline bool host_enable(unsigned int mps, bool weighted)
{
	uint32_t entries = host.small_cq ? 16 : 64;

	emu_ctrl_set_bus_master(host.c, true);
	host_set_reg(GMX_REG_CC, 0);
	if (!host_wait_ready(0))
		return false;
	host_forget();
	memset(host_at(host_cq(0), entries * sizeof(struct gmx_cqe)), 0, entries * sizeof(struct gmx_cqe));
	host_stand(host_cq(0), entries * sizeof(struct gmx_cqe));
	host.q[0] = (struct host_queue){ .sq_size = 32, .cq_size = entries, .phase = true };
	host_set_reg(GMX_REG_AQA, (entries - 1) << 16 | 31);
	host_set_reg(GMX_REG_ASQ, (uint32_t)host_sq(0));
	host_set_reg(GMX_REG_ASQ + 4, 0);
	host_set_reg(GMX_REG_ACQ, (uint32_t)host_cq(0));
	host_set_reg(GMX_REG_ACQ + 4, 0);
	host_set_reg(GMX_REG_CC, GMX_CC_EN | GMX_CC_IOSQES(GMX_SQE_SHIFT) | GMX_CC_IOCQES(GMX_CQE_SHIFT) | mps << 7 |
					 (weighted ? 1u << 11 : 0));
	return host_wait_ready(GMX_CSTS_RDY);
}

static inline bool host_create_queues(unsigned int qid, uint32_t sq_size, uint32_t cq_size, unsigned int prio)
{
	struct gmx_sqe cq = {
		.opcode = GMX_ADM_CREATE_CQ, .dptr.prp1 = htole64(host_cq(qid)), .cdw10 = htole32((cq_size - 1) << 16 | qid),
		.cdw11 = htole32(qid << 16 | GMX_CQ_IEN | GMX_QUEUE_PC),
	}, sq = {
		.opcode = GMX_ADM_CREATE_SQ, .dptr.prp1 = htole64(host_sq(qid)), .cdw10 = htole32((sq_size - 1) << 16 | qid),
		.cdw11 = htole32(qid << 16 | prio << 1 | GMX_QUEUE_PC),
	};

	memset(host_at(host_cq(qid), cq_size * 16), 0, cq_size * 16);
	return !host_wait(0, cq) && !host_wait(0, sq);
}

/* The controller's memory is asked for; all resets but that by CC.EN take it away again. */
static inline void host_use_cmb(bool queues)
{
	host_set_reg(GMX_REG_CMBMSC + 4, 0);
	host_set_reg(GMX_REG_CMBMSC, HOST_CMB | GMX_CMBMSC_CRE | GMX_CMBMSC_CMSE);
	must(host_reg(GMX_REG_CMBSZ) && !host_reg(GMX_REG_CMBSTS), "no controller memory buffer");
	host.cmb = true;
	host.cmb_queues = queues;
}

static inline void host_wipe_dir(void)
{
	DIR *dir = opendir(host.dir);
	struct dirent *e;

	while (dir && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			unlinkat(dirfd(dir), e->d_name, 0);
	if (dir)
		closedir(dir);
}

static inline bool host_start_again(const char *family, const char *config)
{
	vnd = emu_subsys_open(family, host.dir, config, &host_subsys_ops, NULL, host.error);
	must(vnd, "%s", host.error);
	host.c = emu_ctrl_attach(vnd, 0, &host_ctrl_ops, NULL);
	for (unsigned int f = 1; f < emu_subsys_nr_ctrls(vnd); f++)
		emu_ctrl_attach(vnd, f, &host_ctrl_ops, NULL);
	emu_ctrl_reset(host.c, EMU_RESET_POWER);
	host_forget();
	return true;
}

static inline void host_make_dir(void)
{
	if (host.dir[0])
		return;
	snprintf(host.dir, sizeof(host.dir), "%s/fuzz-XXXXXX", getenv("FUZZ_STATE") ? getenv("FUZZ_STATE") : "/tmp");
	must(mkdtemp(host.dir), "%s: no state folder", host.dir);
}

/* Fresh: memory of zeroes, a state folder with nothing in it */
static inline void host_start(const char *family, const char *config)
{
	for (unsigned int i = 0; i < sizeof(host.dirty); i++)
		if (host.dirty[i])
			memset(vnd_ram + i * 4096ull, 0, 4096);
	host_make_dir();
	memset(host.dirty, 0, sizeof(host.dirty));
	host.c = NULL;
	host.lenient = host.small_cq = host.cmb = host.cmb_queues = false;
	host.cid = 0;
	host.sent = host.completions = 0;
	vnd_time = 1000000000ull;
	host_wipe_dir();
	host_start_again(family, config);
}

/* Time enough for all that is in flight, also at a rotating drive */
static inline void host_drain(void)
{
	for (unsigned int i = 0; i < 12 && host_waiting(); i++)
		host_advance(100000000ull << i);
}

/* Nothing may be left in flight but event requests, where the controller works and no fault was asked for. */
static inline void host_finish(void)
{
	if (host.life == host.c->generation && !host.lenient) {
		host_drain();
		if (host.life == host.c->generation && (host_reg(GMX_REG_CSTS) & ~GMX_CSTS_NSSRO) == GMX_CSTS_RDY &&
		    host.c->bus_master && !host.c->dstate && host.c->cc & GMX_CC_EN)
			must(!host_waiting(), "%u commands are lost", host_waiting());
	}
	emu_subsys_close(vnd);
	vnd = NULL;
	host.c = NULL;
}

#endif
