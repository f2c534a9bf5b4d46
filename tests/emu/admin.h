/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Admin commands, one a line, on a host without I/O queues; event requests and events by function. */
#ifndef TESTS_EMU_ADMIN_H
#define TESTS_EMU_ADMIN_H

#include "vnd.h"

/* What a message shows is looked at after the condition. */
#undef check
#define check(condition, ...) \
	do { \
		bool admin_good = (condition); \
		tap_check(admin_good, __FILE__, __LINE__, __VA_ARGS__); \
	} while (0)

#define ADMIN_EVENT_CID 0x7200u /* vnd.h's own commands stay below */

struct admin {
	struct emu_subsys *s;
	uint32_t dw0;
	bool dnr;
};

struct admin_req {
	uint8_t opcode;
	unsigned int function;
	uint32_t nsid, cdw10, cdw11, cdw12, cdw13, cdw14, cdw15;
	void *buf; /* goes to the controller and comes back, whatever the command */
	uint32_t len;
};

static uint64_t admin_memory;  /* where admin_alloc() begins */
static uint16_t admin_aer_cid; /* of the last event request */

/* The status without its flags */
static inline uint16_t admin_run(struct admin *a, struct admin_req r)
{
	struct vnd_cmd cmd = {
		.opcode = r.opcode,
		.function = r.function,
		.nsid = r.nsid,
		.cdw10 = r.cdw10,
		.cdw11 = r.cdw11,
		.cdw12 = r.cdw12,
		.cdw13 = r.cdw13,
		.cdw14 = r.cdw14,
		.cdw15 = r.cdw15,
		.data = r.buf,
		.len = r.buf ? r.len : 0,
	};
	uint16_t status = vnd_wait(&cmd, 10000);

	a->dw0 = vnd_dw0;
	a->dnr = status & GMX_STS_DNR;
	return status == 0xffff ? status : GMX_STS_CODE(status);
}

#define ADMIN(a, ...) admin_run(a, (struct admin_req){ __VA_ARGS__ })

/* vnd.h makes a pair of I/O queues; features that come before them want none. */
static inline void admin_no_queues(struct admin *a, unsigned int function)
{
	check(!ADMIN(a, .opcode = GMX_ADM_DELETE_SQ, .function = function, .cdw10 = 1), "submission queue deleted");
	check(!ADMIN(a, .opcode = GMX_ADM_DELETE_CQ, .function = function, .cdw10 = 1), "completion queue deleted");
}

static inline void admin_began(struct admin *a)
{
	a->s = vnd;
	for (unsigned int f = 0; f < emu_subsys_nr_ctrls(vnd) && f < 2; f++) {
		if (!vnd_fn[f].ctrl->is_virtual)
			admin_no_queues(a, f);
	}
}

static inline void admin_open(struct admin *a, const char *family, const char *config)
{
	memset(a, 0, sizeof(*a));
	vnd_start(family, config);
	admin_memory = vnd_used;
	admin_began(a);
}

static inline void admin_close(struct admin *a)
{
	a->s = NULL;
	vnd_stop();
}

static inline void admin_reopen(struct admin *a, bool cut)
{
	if (cut)
		vnd_power_cut();
	else
		vnd_reopen();
	admin_began(a);
}

static inline void admin_reset(struct admin *a, unsigned int function)
{
	vnd_enable(function);
	admin_no_queues(a, function);
}

static inline void admin_advance(struct admin *a, uint64_t ms)
{
	(void)a;
	vnd_advance(ms);
}

/* An I/O completion queue */
static inline uint16_t admin_queue(struct admin *a, unsigned int function)
{
	struct vnd_queue *q = &vnd_fn[function].q[0];
	uint16_t cid = vnd_next_cid(q);

	(void)a;
	vnd_submit(&(struct vnd_cmd){ .opcode = GMX_ADM_CREATE_CQ,
				      .function = function,
				      .cdw10 = 15 << 16 | 1,
				      .cdw11 = GMX_QUEUE_PC,
				      .len = 1 },
		   vnd_fn[function].q[1].cq, cid);
	return vnd_peek(function, 0) ? GMX_STS_CODE(le16toh(vnd_take(q, 0).status) >> 1) : 0xffff;
}

static inline uint16_t admin_create_ns(struct admin *a, uint64_t bytes)
{
	struct gmx_id_ns id = { .nsze = htole64(bytes / 512), .ncap = htole64(bytes / 512) };
	__le16 list[2048] = { htole16(1), htole16(a->s->ctrls[0]->cntlid) };
	uint16_t status = ADMIN(a, .opcode = GMX_ADM_NS_MGMT, .buf = &id, .len = sizeof(id));

	if (status)
		return status;
	return ADMIN(a, .opcode = GMX_ADM_NS_ATTACH, .nsid = a->dw0, .buf = list, .len = sizeof(list));
}

/* The place of the next event, or of the request cid, in the stash; -1: it has not come */
static inline int admin_find(unsigned int function, uint16_t cid)
{
	struct vnd_queue *q = &vnd_fn[function].q[0];

	vnd_peek(function, 0);
	for (unsigned int i = 0; i < q->nr; i++) {
		uint16_t at = le16toh(q->stash[i].cid);

		if (cid ? at == cid : at >= ADMIN_EVENT_CID)
			return (int)i;
	}
	return -1;
}

/* An event request: 0 as long as it was not refused */
static inline uint16_t admin_aer(struct admin *a, unsigned int function)
{
	static uint16_t next;
	uint16_t cid = (uint16_t)(ADMIN_EVENT_CID + next++ % 0x800);
	struct vnd_queue *q = &vnd_fn[function].q[0];
	int at;

	(void)a;
	admin_aer_cid = cid;
	vnd_submit(&(struct vnd_cmd){ .opcode = GMX_ADM_ASYNC_EVENT, .function = function }, 0, cid);
	at = admin_find(function, cid);
	if (at < 0 || !(le16toh(q->stash[at].status) >> 1))
		return 0;
	return GMX_STS_CODE(le16toh(vnd_take(q, (unsigned int)at).status) >> 1);
}

static inline bool admin_event(struct admin *a, unsigned int function, uint32_t *dw0)
{
	int at = admin_find(function, 0);

	(void)a;
	if (at < 0)
		return false;
	*dw0 = le32toh(vnd_take(&vnd_fn[function].q[0], (unsigned int)at).dw0);
	return true;
}

/* The host's memory, zeroes, until all of it is given back */
static inline uint64_t admin_alloc(struct admin *a, size_t len, void **at)
{
	uint64_t addr = vnd_alloc(len);

	(void)a;
	*at = vnd_ram + (addr - VND_RAM);
	memset(*at, 0, len);
	return addr;
}

static inline void admin_free_all(struct admin *a)
{
	(void)a;
	vnd_used = admin_memory;
}

#endif
