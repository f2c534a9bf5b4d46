/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host in this process for the tests of the vendor part: one subsystem, its time, its control socket, queues on demand. */
#ifndef TESTS_EMU_VND_H
#define TESTS_EMU_VND_H

#include <dirent.h>
#include <unistd.h>

#include "emu.h"

#undef ARRAY_SIZE
#include "../unit/tap.h"

#define VND_RAM	      0x1000000ull /* where the host's memory is, for the controller */
#define VND_RAM_SIZE  (8u << 20)
#define VND_ENTRIES   64u
#define VND_SLOTS     32u /* buffers of 8 KiB for commands that nobody waits for */
#define VND_EVENT_CID 0x8000u
#define VND_STASH     256u
#define NO_EVENT      0xffffffffu

struct vnd_queue {
	uint64_t sq, cq;
	uint32_t tail, head;
	bool phase;
	uint16_t cid;
	struct gmx_cqe stash[VND_STASH];
	unsigned int nr;
};

struct vnd_cmd {
	unsigned int function, queue;
	uint8_t opcode, flags;
	uint32_t nsid, cdw10, cdw11, cdw12, cdw13, cdw14, cdw15;
	void *data;
	uint32_t len;
};

static struct emu_subsys *vnd;
static char vnd_dir[64], vnd_family[8];
static const char *vnd_config;
static uint64_t vnd_time = 1000000000ull;
static uint32_t vnd_dw0, vnd_link_status;
static unsigned int vnd_link_severity;
static uint8_t vnd_ram[VND_RAM_SIZE];
static uint64_t vnd_used, vnd_buffer, vnd_list, vnd_slot[VND_SLOTS];
static unsigned int vnd_next_slot, vnd_nr_events_waiting;
static uint32_t vnd_events[64];
static struct vnd_fn {
	struct emu_ctrl *ctrl;
	struct vnd_queue q[2];
	unsigned int irqs[130];
	bool gone, enabled;
} vnd_fn[2];

static inline uint64_t vnd_wall(void)
{
	return 1700000000000ull + vnd_time / 1000000;
}

static inline uint64_t vnd_op_now(void *host)
{
	(void)host;
	return vnd_time;
}

static inline uint64_t vnd_op_wall(void *host)
{
	(void)host;
	return vnd_wall();
}

static inline void vnd_op_log(void *host, enum emu_log_level level, const char *text)
{
	(void)host;
	if (level <= EMU_LOG_ERROR && getenv("VND_LOG"))
		printf("# %s\n", text);
}

static inline int vnd_op_read(void *host, uint64_t addr, void *buf, size_t len)
{
	(void)host;
	if (addr < VND_RAM || addr - VND_RAM > VND_RAM_SIZE || len > VND_RAM_SIZE - (addr - VND_RAM))
		return -14;
	memcpy(buf, vnd_ram + (addr - VND_RAM), len);
	return 0;
}

static inline int vnd_op_write(void *host, uint64_t addr, const void *buf, size_t len)
{
	(void)host;
	if (addr < VND_RAM || addr - VND_RAM > VND_RAM_SIZE || len > VND_RAM_SIZE - (addr - VND_RAM))
		return -14;
	memcpy(vnd_ram + (addr - VND_RAM), buf, len);
	return 0;
}

static inline void *vnd_op_ptr(void *host, uint64_t addr, size_t len)
{
	(void)host;
	if (addr < VND_RAM || addr - VND_RAM > VND_RAM_SIZE || len > VND_RAM_SIZE - (addr - VND_RAM))
		return NULL;
	return vnd_ram + (addr - VND_RAM);
}

static inline enum emu_irq_mode vnd_op_irq_mode(void *host)
{
	(void)host;
	return EMU_IRQ_MSIX;
}

static inline unsigned int vnd_op_irq_vectors(void *host)
{
	(void)host;
	return 9;
}

static inline void vnd_op_irq_raise(void *host, unsigned int vector)
{
	((struct vnd_fn *)host)->irqs[vector % 130]++;
}

static inline void vnd_op_irq_pin(void *host, bool asserted)
{
	(void)host;
	(void)asserted;
}

static inline void vnd_op_link_error(void *host, unsigned int severity, uint32_t status)
{
	(void)host;
	vnd_link_severity = severity;
	vnd_link_status = status;
}

static inline void vnd_op_gone(void *host, bool gone)
{
	((struct vnd_fn *)host)->gone = gone;
}

static const struct emu_subsys_ops vnd_subsys_ops = { vnd_op_now, vnd_op_wall, vnd_op_log };
static const struct emu_ctrl_ops vnd_ctrl_ops = {
	vnd_op_read,	  vnd_op_write,	  vnd_op_ptr,	     vnd_op_irq_mode, vnd_op_irq_vectors,
	vnd_op_irq_raise, vnd_op_irq_pin, vnd_op_link_error, vnd_op_gone,
};

/* Time goes by, stopping wherever the model wants to be called. */
static inline void vnd_advance(uint64_t ms)
{
	uint64_t end = vnd_time + ms * 1000000, next;

	while ((next = emu_subsys_run(vnd)) <= end)
		vnd_time = next > vnd_time ? next : vnd_time + 1000;
	vnd_time = end > vnd_time ? end : vnd_time;
	emu_subsys_run(vnd);
}

static inline uint32_t vnd_reg(unsigned int f, uint32_t offset)
{
	uint32_t value;

	emu_ctrl_read(vnd_fn[f].ctrl, offset, &value, sizeof(value));
	return le32toh(value);
}

static inline void vnd_set_reg(unsigned int f, uint32_t offset, uint32_t value)
{
	value = htole32(value);
	emu_ctrl_write(vnd_fn[f].ctrl, offset, &value, sizeof(value));
}

static inline bool vnd_gone(unsigned int f)
{
	return vnd_fn[f].gone;
}

static inline uint32_t vnd_life(unsigned int f)
{
	return vnd_fn[f].ctrl->generation;
}

static inline unsigned int vnd_irqs(unsigned int f, unsigned int vector)
{
	return vnd_fn[f].irqs[vector];
}

static inline uint64_t vnd_alloc(uint64_t len)
{
	uint64_t at = VND_RAM + vnd_used;

	vnd_used += (len + 4095) & ~4095ull;
	if (vnd_used > VND_RAM_SIZE)
		abort();
	return at;
}

/* What has come, into the stash; answers to event requests, into their own list. */
static inline void vnd_pull(unsigned int f, unsigned int qid)
{
	struct vnd_queue *q = &vnd_fn[f].q[qid];

	for (;;) {
		struct gmx_cqe *cqe = (struct gmx_cqe *)(vnd_ram + (q->cq - VND_RAM)) + q->head;

		if (!q->cq || (le16toh(cqe->status) & 1) != q->phase)
			return;
		if (!qid && le16toh(cqe->cid) >= VND_EVENT_CID && vnd_nr_events_waiting < 64)
			vnd_events[vnd_nr_events_waiting++] = le32toh(cqe->dw0);
		else if (q->nr < VND_STASH)
			q->stash[q->nr++] = *cqe;
		q->head = (q->head + 1) % VND_ENTRIES;
		q->phase ^= !q->head;
		vnd_set_reg(f, GMX_REG_DBS + (2 * qid + 1) * 4, q->head);
	}
}

static inline bool vnd_peek(unsigned int f, unsigned int qid)
{
	emu_subsys_run(vnd);
	vnd_pull(f, qid);
	return vnd_fn[f].q[qid].nr;
}

static inline struct gmx_cqe vnd_take(struct vnd_queue *q, unsigned int i)
{
	struct gmx_cqe cqe = q->stash[i];

	q->nr--;
	memmove(&q->stash[i], &q->stash[i + 1], (q->nr - i) * sizeof(cqe));
	return cqe;
}

static inline struct gmx_cqe vnd_reap(unsigned int f, unsigned int qid)
{
	struct gmx_cqe none = { .cid = 0xffff };

	return vnd_peek(f, qid) ? vnd_take(&vnd_fn[f].q[qid], 0) : none;
}

static inline uint16_t vnd_submit(const struct vnd_cmd *cmd, uint64_t data, uint16_t cid)
{
	struct vnd_queue *q = &vnd_fn[cmd->function].q[cmd->queue];
	struct gmx_sqe sqe = {
		.opcode = cmd->opcode,
		.flags = cmd->flags,
		.cid = htole16(cid),
		.nsid = htole32(cmd->nsid),
		.cdw10 = htole32(cmd->cdw10),
		.cdw11 = htole32(cmd->cdw11),
		.cdw12 = htole32(cmd->cdw12),
		.cdw13 = htole32(cmd->cdw13),
		.cdw14 = htole32(cmd->cdw14),
		.cdw15 = htole32(cmd->cdw15),
	};

	if (cmd->len) {
		sqe.dptr.prp1 = htole64(data);
		sqe.dptr.prp2 = htole64(cmd->len > 8192 ? vnd_list : cmd->len > 4096 ? data + 4096 : 0);
	}
	memcpy(vnd_ram + (q->sq - VND_RAM) + q->tail * sizeof(sqe), &sqe, sizeof(sqe));
	q->tail = (q->tail + 1) % VND_ENTRIES;
	vnd_set_reg(cmd->function, GMX_REG_DBS + 2 * cmd->queue * 4, q->tail);
	return cid;
}

static inline uint16_t vnd_next_cid(struct vnd_queue *q)
{
	q->cid = (uint16_t)(q->cid % 0x7000 + 1);
	return q->cid;
}

static inline int vnd_post_cmd(const struct vnd_cmd *cmd)
{
	uint64_t slot = vnd_slot[vnd_next_slot++ % VND_SLOTS];

	if (cmd->len)
		memcpy(vnd_ram + (slot - VND_RAM), cmd->data, cmd->len);
	return vnd_submit(cmd, slot, vnd_next_cid(&vnd_fn[cmd->function].q[cmd->queue]));
}

#define vnd_post(...) vnd_post_cmd(&(struct vnd_cmd){ __VA_ARGS__ })

/* Sends and waits, if need be until ms have gone by. 0xffff: nothing came. */
static inline uint16_t vnd_wait(const struct vnd_cmd *cmd, uint64_t ms)
{
	struct vnd_queue *q = &vnd_fn[cmd->function].q[cmd->queue];
	uint64_t end = vnd_time + ms * 1000000, *list = (uint64_t *)(vnd_ram + (vnd_list - VND_RAM));
	uint16_t cid = vnd_next_cid(q);

	for (uint32_t at = 4096; at < cmd->len; at += 4096)
		*list++ = htole64(vnd_buffer + at);
	if (cmd->len)
		memcpy(vnd_ram + (vnd_buffer - VND_RAM), cmd->data, cmd->len);
	vnd_submit(cmd, vnd_buffer, cid);
	for (;;) {
		uint64_t next = emu_subsys_run(vnd);

		vnd_pull(cmd->function, cmd->queue);
		for (unsigned int i = 0; i < q->nr; i++) {
			struct gmx_cqe cqe;

			if (le16toh(q->stash[i].cid) != cid)
				continue;
			cqe = vnd_take(q, i);
			vnd_dw0 = le32toh(cqe.dw0);
			if (cmd->len)
				memcpy(cmd->data, vnd_ram + (vnd_buffer - VND_RAM), cmd->len);
			return le16toh(cqe.status) >> 1;
		}
		if (next > end)
			return 0xffff;
		vnd_time = next > vnd_time ? next : vnd_time + 1000;
	}
}

#define admin(...) vnd_wait(&(struct vnd_cmd){ __VA_ARGS__ }, 10000)
#define nvm(...)   vnd_wait(&(struct vnd_cmd){ .queue = 1, __VA_ARGS__ }, 10000)

static inline uint16_t vnd_long(uint8_t opcode, uint32_t nsid, uint32_t cdw10)
{
	return vnd_wait(&(struct vnd_cmd){ .opcode = opcode, .nsid = nsid, .cdw10 = cdw10 }, 3600 * 1000);
}

static inline uint16_t vnd_log(uint8_t page, uint32_t offset, void *buf, uint32_t len)
{
	return admin(.opcode = GMX_ADM_GET_LOG, .nsid = GMX_NSID_ALL, .cdw10 = page | (len / 4 - 1) << 16,
		     .cdw11 = (len / 4 - 1) >> 16, .cdw12 = offset, .data = buf, .len = len);
}

static inline uint16_t vnd_identify(uint8_t cns, uint32_t nsid, void *buf)
{
	return admin(.opcode = GMX_ADM_IDENTIFY, .nsid = nsid, .cdw10 = cns, .data = buf, .len = 4096);
}

/* 0: it was aborted, 1: it was not, NO_EVENT: no answer */
static inline uint32_t vnd_abort(uint16_t qid, uint16_t cid)
{
	return admin(.opcode = GMX_ADM_ABORT, .cdw10 = (uint32_t)cid << 16 | qid) ? NO_EVENT : vnd_dw0 & 1;
}

static inline void vnd_post_events(unsigned int nr)
{
	static uint16_t next;

	while (nr--)
		vnd_submit(&(struct vnd_cmd){ .opcode = GMX_ADM_ASYNC_EVENT }, 0, (uint16_t)(VND_EVENT_CID + next++ % 0x7000));
	emu_subsys_run(vnd);
}

/* No vendor events: a host that looks for others */
static inline void vnd_quiet(void)
{
	check(!admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_VND_FEAT_EVENT_MASK), "event mask");
}

static inline uint32_t vnd_event(void)
{
	uint32_t event;

	emu_subsys_run(vnd);
	vnd_pull(0, 0);
	if (!vnd_nr_events_waiting)
		return NO_EVENT;
	event = vnd_events[0];
	memmove(vnd_events, vnd_events + 1, --vnd_nr_events_waiting * sizeof(event));
	return event;
}

static inline bool vnd_wait_csts(unsigned int f, uint32_t mask, uint32_t value)
{
	for (unsigned int ms = 0; ms < 30000; ms += 10) {
		emu_subsys_run(vnd);
		if ((vnd_reg(f, GMX_REG_CSTS) & mask) == value)
			return true;
		vnd_advance(10);
	}
	return false;
}

static inline void vnd_clear_queue(struct vnd_queue *q)
{
	memset(vnd_ram + (q->cq - VND_RAM), 0, VND_ENTRIES * sizeof(struct gmx_cqe));
	q->tail = q->head = q->nr = 0;
	q->phase = true;
}

/* Reset, admin queue, one pair of I/O queues with vector 1 */
static inline void vnd_enable(unsigned int f)
{
	struct vnd_fn *fn = &vnd_fn[f];

	emu_ctrl_set_bus_master(fn->ctrl, true);
	vnd_set_reg(f, GMX_REG_CC, 0);
	check(vnd_wait_csts(f, GMX_CSTS_RDY, 0), "function %u: disabled", f);
	vnd_clear_queue(&fn->q[0]);
	vnd_clear_queue(&fn->q[1]);
	if (!f)
		vnd_nr_events_waiting = 0;
	vnd_set_reg(f, GMX_REG_AQA, (VND_ENTRIES - 1) << 16 | (VND_ENTRIES - 1));
	vnd_set_reg(f, GMX_REG_ASQ, (uint32_t)fn->q[0].sq);
	vnd_set_reg(f, GMX_REG_ASQ + 4, 0);
	vnd_set_reg(f, GMX_REG_ACQ, (uint32_t)fn->q[0].cq);
	vnd_set_reg(f, GMX_REG_ACQ + 4, 0);
	vnd_set_reg(f, GMX_REG_CC, GMX_CC_EN | GMX_CC_IOSQES(GMX_SQE_SHIFT) | GMX_CC_IOCQES(GMX_CQE_SHIFT));
	check(vnd_wait_csts(f, GMX_CSTS_RDY | GMX_CSTS_CFS, GMX_CSTS_RDY), "function %u: ready", f);
	/* Contiguous queues that are the host's: their addresses go into PRP1 as they are. */
	for (unsigned int sq = 0; sq < 2; sq++) {
		struct gmx_sqe sqe = {
			.opcode = sq ? GMX_ADM_CREATE_SQ : GMX_ADM_CREATE_CQ,
			.cid = htole16((uint16_t)(0x7100 + sq)),
			.dptr.prp1 = htole64(sq ? fn->q[1].sq : fn->q[1].cq),
			.cdw10 = htole32((VND_ENTRIES - 1) << 16 | 1),
			.cdw11 = htole32(sq ? 1u << 16 | GMX_QUEUE_PC : 1u << 16 | GMX_CQ_IEN | GMX_QUEUE_PC),
		};
		struct gmx_cqe cqe;

		memcpy(vnd_ram + (fn->q[0].sq - VND_RAM) + fn->q[0].tail * sizeof(sqe), &sqe, sizeof(sqe));
		fn->q[0].tail++;
		vnd_set_reg(f, GMX_REG_DBS, fn->q[0].tail);
		cqe = vnd_reap(f, 0);
		check(le16toh(cqe.cid) == 0x7100 + sq && le16toh(cqe.status) >> 1 == 0, "function %u: queue %04x", f,
		      le16toh(cqe.status));
	}
	fn->enabled = true;
}

static inline void vnd_shut_down(unsigned int f)
{
	vnd_set_reg(f, GMX_REG_CC, vnd_reg(f, GMX_REG_CC) | GMX_CC_SHN_NORMAL);
	check(vnd_wait_csts(f, GMX_CSTS_SHST_MASK, GMX_CSTS_SHST_DONE), "shutdown");
}

static inline void vnd_open_again(void)
{
	char error[EMU_ERROR_SIZE] = "";

	vnd = emu_subsys_open(vnd_family, vnd_dir, vnd_config, &vnd_subsys_ops, NULL, error);
	if (!vnd) {
		printf("Bail out! %s\n", error);
		exit(1);
	}
	for (unsigned int f = 0; f < emu_subsys_nr_ctrls(vnd) && f < 2; f++) {
		vnd_fn[f].gone = false;
		vnd_fn[f].ctrl = emu_ctrl_attach(vnd, f, &vnd_ctrl_ops, &vnd_fn[f]);
		if (vnd_fn[f].ctrl->is_virtual)
			continue;
		emu_ctrl_reset(vnd_fn[f].ctrl, EMU_RESET_POWER);
		vnd_enable(f);
	}
}

static inline void vnd_start(const char *family, const char *config)
{
	snprintf(vnd_dir, sizeof(vnd_dir), "%s/gmx-vnd-XXXXXX",
		 getenv("TMPDIR") && strlen(getenv("TMPDIR")) < 40 ? getenv("TMPDIR") : "/tmp");
	if (!mkdtemp(vnd_dir))
		abort();
	snprintf(vnd_family, sizeof(vnd_family), "%s", family);
	vnd_config = config;
	vnd_used = 0;
	vnd_next_slot = 0;
	memset(vnd_fn, 0, sizeof(vnd_fn));
	for (unsigned int f = 0; f < 2; f++) {
		for (unsigned int q = 0; q < 2; q++) {
			vnd_fn[f].q[q].sq = vnd_alloc(VND_ENTRIES * 64);
			vnd_fn[f].q[q].cq = vnd_alloc(VND_ENTRIES * 16);
		}
	}
	vnd_list = vnd_alloc(4096);
	vnd_buffer = vnd_alloc(1 << 20);
	for (unsigned int i = 0; i < VND_SLOTS; i++)
		vnd_slot[i] = vnd_alloc(8192);
	vnd_open_again();
}

static inline void vnd_remove(void)
{
	DIR *dir = opendir(vnd_dir);
	struct dirent *e;

	while (dir && (e = readdir(dir)))
		unlinkat(dirfd(dir), e->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(vnd_dir);
}

static inline void vnd_stop(void)
{
	emu_subsys_close(vnd);
	vnd = NULL;
	vnd_remove();
}

static inline void vnd_close_cut(void)
{
	emu_subsys_power_cut(vnd);
	vnd = NULL;
}

static inline void vnd_power_cut(void)
{
	vnd_close_cut();
	vnd_open_again();
}

static inline void vnd_reopen(void)
{
	emu_subsys_close(vnd);
	vnd_open_again();
}

static inline bool vnd_refused(const char *family, const char *config)
{
	char error[EMU_ERROR_SIZE] = "";
	struct emu_subsys *s;

	snprintf(vnd_dir, sizeof(vnd_dir), "/tmp/gmx-vnd-XXXXXX");
	if (!mkdtemp(vnd_dir))
		abort();
	s = emu_subsys_open(family, vnd_dir, config, &vnd_subsys_ops, NULL, error);
	if (s)
		emu_subsys_close(s);
	vnd_remove();
	return !s && error[0];
}

static inline uint64_t vnd_last_event(void)
{
	return emu_event_last(vnd);
}

static inline json_object *vnd_ask(const char *line)
{
	char *text = emu_subsys_control(vnd, line);
	json_object *answer = text ? json_tokener_parse(text) : NULL;

	check(json_object_is_type(answer, json_type_object) && !strchr(text, '\n'), "%s: answer is %s", line,
	      text ? text : "none");
	free(text);
	return answer;
}

static inline bool vnd_flag(json_object *o, const char *key)
{
	json_object *value;

	return json_object_object_get_ex(o, key, &value) && json_object_get_boolean(value);
}

static inline const char *vnd_text(json_object *o, const char *key)
{
	json_object *value;

	return json_object_object_get_ex(o, key, &value) ? json_object_get_string(value) : "";
}

static inline int64_t vnd_number(json_object *o, const char *key)
{
	json_object *value;

	return json_object_object_get_ex(o, key, &value) ? json_object_get_int64(value) : -1;
}

static inline json_object *vnd_entry(json_object *o, const char *key, size_t i)
{
	json_object *list;

	return json_object_object_get_ex(o, key, &list) && i < json_object_array_length(list) ? json_object_array_get_idx(list, i)
											      : NULL;
}

/* keys: text of JSON, without braces */
static inline bool vnd_ok(const char *verb, const char *keys)
{
	char line[400];
	json_object *answer;
	bool ok;

	snprintf(line, sizeof(line), "{\"command\":\"%s\"%s%s}", verb, keys[0] ? "," : "", keys);
	answer = vnd_ask(line);
	ok = vnd_flag(answer, "ok");
	json_object_put(answer);
	return ok;
}

#endif
