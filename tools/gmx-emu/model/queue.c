// SPDX-License-Identifier: GPL-2.0-or-later
/* Queue pairs: made and deleted, fetched from, completed to; doorbells with and without shadows. */
#include "cmb.h"
#include "emu.h"

#define CID_WORDS	(65536 / 64)
#define LINGER_COMMANDS 3u  /* fetched in one pass: more will come soon */
#define SPARE_COMMANDS	16u /* beside a queue's size, for event requests on small admin queues */

static void cmd_timer(struct emu_timer *t)
{
	struct emu_cmd *cmd = EMU_ENTRY(t, struct emu_cmd, timer);

	emu_cmd_complete(cmd, cmd->status);
}

bool emu_queue_busy(const struct emu_ctrl *c)
{
	return c->s->config.commands && c->working >= c->s->config.commands;
}

static struct emu_cmd *cmd_new(struct emu_sq *sq)
{
	struct emu_subsys *s = sq->ctrl->s;
	struct emu_cmd *cmd;

	if (emu_list_empty(&s->free_cmds)) {
		cmd = malloc(sizeof(*cmd));
		if (!cmd)
			abort();
	} else {
		cmd = EMU_ENTRY(s->free_cmds.next, struct emu_cmd, of_sq);
		emu_list_del(&cmd->of_sq);
	}
	memset(cmd, 0, sizeof(*cmd));
	cmd->ctrl = sq->ctrl;
	cmd->sq = sq;
	cmd->generation = sq->ctrl->generation;
	EMU_LIST_INIT(&cmd->of_cq);
	emu_timer_init(&cmd->timer, cmd_timer);
	emu_list_add_tail(&cmd->of_sq, &sq->commands);
	sq->inflight++;
	sq->ctrl->working += !!sq->qid;
	return cmd;
}

/* Whoever carries it out is done with it. */
static void cmd_release(struct emu_cmd *cmd)
{
	void (*free_priv)(void *priv) = cmd->free_priv;

	cmd->free_priv = NULL;
	if (free_priv)
		free_priv(cmd->priv);
}

static void cmd_free(struct emu_cmd *cmd)
{
	struct emu_subsys *s = cmd->ctrl->s;
	struct emu_sq *sq = cmd->sq;

	emu_timer_cancel(s, &cmd->timer);
	cmd_release(cmd);
	emu_list_del(&cmd->of_cq);
	emu_list_del(&cmd->of_sq);
	sq->inflight--;
	/* whichever queue has its turn */
	if (sq->qid && emu_queue_busy(cmd->ctrl))
		cmd->ctrl->refetch = true;
	cmd->ctrl->working -= !!sq->qid;
	/* an id that was used twice leaves the first one's mark */
	if (sq->cids && cmd->status != (GMX_SC_CID_CONFLICT | GMX_STS_DNR))
		sq->cids[cmd->cid / 64] &= ~(1ull << cmd->cid % 64);
	emu_list_add_tail(&cmd->of_sq, &s->free_cmds);
}

void emu_queue_init(struct emu_ctrl *c)
{
	for (unsigned int i = 0; i < EMU_MAX_QUEUES; i++) {
		c->sq[i].ctrl = c->cq[i].ctrl = c;
		EMU_LIST_INIT(&c->sq[i].commands);
		EMU_LIST_INIT(&c->cq[i].waiting);
		c->cq[i].coalesce.due = EMU_NEVER;
	}
}

static void sq_drop(struct emu_sq *sq)
{
	while (!emu_list_empty(&sq->commands))
		cmd_free(EMU_ENTRY(sq->commands.next, struct emu_cmd, of_sq));
	free(sq->cids);
	sq->cids = NULL;
	sq->size = 0;
	sq->active = false;
	sq->stalled = false;
	sq->lingers = false;
}

void emu_queue_stop(struct emu_ctrl *c)
{
	for (unsigned int i = 0; i < EMU_MAX_QUEUES; i++)
		sq_drop(&c->sq[i]);
	for (unsigned int i = 0; i < EMU_MAX_QUEUES; i++) {
		emu_timer_cancel(c->s, &c->cq[i].coalesce);
		c->cq[i].size = 0;
		c->cq[i].users = 0;
		c->cq[i].uncounted = 0;
	}
	memset(c->irq_due, 0, sizeof(c->irq_due));
	c->irq_masked = 0;
	c->max_qid = 0;
	c->wrr_class = c->wrr_left = 0;
	c->dbbuf = c->dbbuf_ei = 0;
	emu_irq_update(c);
}

static void sq_start(struct emu_sq *sq, uint16_t qid, uint16_t cqid, uint32_t size, uint64_t base, uint8_t prio)
{
	sq->qid = qid;
	sq->cqid = cqid;
	sq->size = size;
	sq->base = base;
	sq->prio = prio;
	sq->head = sq->tail = 0;
	sq->inflight = 0;
	sq->cids = calloc(CID_WORDS, sizeof(*sq->cids));
	if (!sq->cids)
		abort();
	sq->in_cmb = emu_cmb_has(sq->ctrl, base, 1);
	sq->ctrl->cq[cqid].users++;
	if (qid > sq->ctrl->max_qid)
		sq->ctrl->max_qid = qid;
}

static void cq_start(struct emu_cq *cq, uint16_t cqid, uint32_t size, uint64_t base, uint16_t vector, bool ien)
{
	cq->cqid = cqid;
	cq->size = size;
	cq->base = base;
	cq->vector = vector;
	cq->ien = ien;
	cq->head = cq->tail = 0;
	cq->phase = true;
	cq->uncounted = 0;
}

static uint64_t queue_page(const struct emu_ctrl *c)
{
	return 4096u << ((c->cc >> 7) & 0xf);
}

uint16_t emu_queue_create_admin(struct emu_ctrl *c)
{
	uint32_t sqs = (c->aqa & 0xfff) + 1, cqs = ((c->aqa >> 16) & 0xfff) + 1;

	if (sqs < 2 || cqs < 2)
		return GMX_SC_QUEUE_SIZE;
	if ((c->asq | c->acq) & (queue_page(c) - 1))
		return GMX_SC_PRP_OFFSET;
	if (emu_cmb_queue(c, c->acq, cqs * sizeof(struct gmx_cqe), false) ||
	    emu_cmb_queue(c, c->asq, sqs * sizeof(struct gmx_sqe), true))
		return GMX_SC_CMB_USE;
	cq_start(&c->cq[0], 0, cqs, c->acq, 0, true);
	sq_start(&c->sq[0], 0, 0, sqs, c->asq, 0);
	return 0;
}

/* What the controller has of the kind that the host switched on; 0 is always there. */
static unsigned int queue_vectors(struct emu_ctrl *c)
{
	enum emu_irq_mode mode = c->ops->irq_mode(c->host);
	struct emu_pci_info info;

	emu_ctrl_pci_info(c, &info);
	return mode == EMU_IRQ_MSIX ? info.msix_vectors : mode == EMU_IRQ_MSI ? info.msi_vectors : 1;
}

static uint16_t queue_check(struct emu_cmd *cmd, bool submission)
{
	struct emu_ctrl *c = cmd->ctrl;
	uint32_t size = emu_cdw10(cmd) >> 16;
	uint64_t base = le64toh(cmd->sqe.dptr.prp1);

	if (!size || size > c->s->traits->mqes)
		return GMX_SC_QUEUE_SIZE | GMX_STS_DNR;
	/* CAP.CQR is set */
	if (!(emu_cdw11(cmd) & GMX_QUEUE_PC))
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	if (base & (queue_page(c) - 1))
		return GMX_SC_PRP_OFFSET | GMX_STS_DNR;
	return emu_cmb_queue(c, base, (size + 1ull) * (submission ? sizeof(struct gmx_sqe) : sizeof(struct gmx_cqe)), submission);
}

static uint16_t queue_create_cq(struct emu_cmd *cmd)
{
	struct emu_ctrl *c = cmd->ctrl;
	uint16_t qid = emu_cdw10(cmd) & 0xffff, vector = (uint16_t)(emu_cdw11(cmd) >> 16), status;

	if (!qid || qid > c->nr_queues || c->cq[qid].size)
		return GMX_SC_QID_INVALID | GMX_STS_DNR;
	status = queue_check(cmd, false);
	if (status)
		return status;
	if (vector && vector >= queue_vectors(c))
		return GMX_SC_INT_VECTOR | GMX_STS_DNR;
	cq_start(&c->cq[qid], qid, (emu_cdw10(cmd) >> 16) + 1, le64toh(cmd->sqe.dptr.prp1), vector, emu_cdw11(cmd) & GMX_CQ_IEN);
	return 0;
}

static uint16_t queue_create_sq(struct emu_cmd *cmd)
{
	struct emu_ctrl *c = cmd->ctrl;
	uint16_t qid = emu_cdw10(cmd) & 0xffff, cqid = (uint16_t)(emu_cdw11(cmd) >> 16), status;

	if (!qid || qid > c->nr_queues || c->sq[qid].size)
		return GMX_SC_QID_INVALID | GMX_STS_DNR;
	if (!cqid || cqid > c->nr_queues)
		return GMX_SC_QID_INVALID | GMX_STS_DNR;
	if (!c->cq[cqid].size)
		return GMX_SC_CQ_INVALID | GMX_STS_DNR;
	status = queue_check(cmd, true);
	if (status)
		return status;
	sq_start(&c->sq[qid], qid, cqid, (emu_cdw10(cmd) >> 16) + 1, le64toh(cmd->sqe.dptr.prp1), (emu_cdw11(cmd) >> 1) & 3);
	return 0;
}

static uint16_t queue_delete_sq(struct emu_cmd *cmd)
{
	struct emu_ctrl *c = cmd->ctrl;
	uint16_t qid = emu_cdw10(cmd) & 0xffff;
	struct emu_sq *sq;

	if (!qid || qid >= EMU_MAX_QUEUES || !c->sq[qid].size)
		return GMX_SC_QID_INVALID | GMX_STS_DNR;
	sq = &c->sq[qid];
	for (struct emu_list *n = sq->commands.next, *next; n != &sq->commands; n = next) {
		struct emu_cmd *victim = EMU_ENTRY(n, struct emu_cmd, of_sq);

		next = n->next;
		if (victim->done || victim->faults & EMU_CMD_DROP)
			continue;
		victim->aborted = true;
		emu_cmd_complete(victim, GMX_SC_ABORT_SQ_DELETED);
	}
	c->cq[sq->cqid].users--;
	sq_drop(sq);
	/* others of the same completion queue rested because its commands waited */
	emu_queue_resume(c);
	return 0;
}

static uint16_t queue_delete_cq(struct emu_cmd *cmd)
{
	struct emu_ctrl *c = cmd->ctrl;
	uint16_t qid = emu_cdw10(cmd) & 0xffff;

	if (!qid || qid >= EMU_MAX_QUEUES || !c->cq[qid].size)
		return GMX_SC_QID_INVALID | GMX_STS_DNR;
	if (c->cq[qid].users)
		return GMX_SC_QUEUE_DELETE | GMX_STS_DNR;
	emu_timer_cancel(c->s, &c->cq[qid].coalesce);
	c->cq[qid].size = 0;
	emu_irq_update(c);
	return 0;
}

uint16_t emu_queue_cmd(struct emu_cmd *cmd)
{
	switch (cmd->sqe.opcode) {
	case GMX_ADM_CREATE_CQ: return queue_create_cq(cmd);
	case GMX_ADM_CREATE_SQ: return queue_create_sq(cmd);
	case GMX_ADM_DELETE_SQ: return queue_delete_sq(cmd);
	default: return queue_delete_cq(cmd);
	}
}

uint16_t emu_queue_abort(struct emu_cmd *cmd)
{
	struct emu_ctrl *c = cmd->ctrl;
	uint16_t qid = emu_cdw10(cmd) & 0xffff, cid = (uint16_t)(emu_cdw10(cmd) >> 16);
	struct emu_sq *sq;

	cmd->dw0 = 1;
	if (qid >= EMU_MAX_QUEUES || !c->sq[qid].size)
		return qid > c->nr_queues ? GMX_SC_INVALID_FIELD | GMX_STS_DNR : 0;
	sq = &c->sq[qid];
	for (struct emu_list *n = sq->commands.next; n != &sq->commands; n = n->next) {
		struct emu_cmd *victim = EMU_ENTRY(n, struct emu_cmd, of_sq);

		/* a command that is lost stays lost */
		if (victim->cid != cid || victim == cmd || victim->done || victim->faults & EMU_CMD_DROP)
			continue;
		victim->aborted = true;
		emu_cmd_complete(victim, GMX_SC_ABORT_REQ);
		cmd->dw0 = 0;
		break;
	}
	return 0;
}

/* Shadow doorbells: two pages of the host, doorbells and event indices, laid out as the registers (7.13). */
uint16_t emu_dbbuf_cmd(struct emu_cmd *cmd)
{
	uint64_t db = le64toh(cmd->sqe.dptr.prp1), ei = le64toh(cmd->sqe.dptr.prp2);

	if (!db || !ei || (db | ei) & (queue_page(cmd->ctrl) - 1))
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	cmd->ctrl->dbbuf = db;
	cmd->ctrl->dbbuf_ei = ei;
	return 0;
}

static uint32_t *dbbuf_at(struct emu_ctrl *c, uint64_t base, unsigned int index)
{
	return base && index * 4ull < 4096 ? emu_dma_ptr(c, base + index * 4ull, 4) : NULL;
}

/* False: the queue has no shadow. */
static bool dbbuf_read(struct emu_ctrl *c, unsigned int index, uint32_t *value)
{
	uint32_t *p = dbbuf_at(c, c->dbbuf, index), raw;

	if (p) {
		*value = le32toh(__atomic_load_n(p, __ATOMIC_SEQ_CST));
		return true;
	}
	if (!c->dbbuf || index * 4ull >= 4096 || emu_dma_read(c, c->dbbuf + index * 4ull, &raw, 4))
		return false;
	*value = le32toh(raw);
	return true;
}

static void dbbuf_expect(struct emu_ctrl *c, unsigned int index, uint32_t value)
{
	uint32_t *p = dbbuf_at(c, c->dbbuf_ei, index), raw = htole32(value);

	if (p)
		__atomic_store_n(p, raw, __ATOMIC_SEQ_CST);
	else if (c->dbbuf_ei && index * 4ull < 4096)
		emu_dma_write(c, c->dbbuf_ei + index * 4ull, &raw, 4);
}

static void sq_look(struct emu_sq *sq)
{
	uint32_t tail;

	if (sq->qid && sq->ctrl->dbbuf && dbbuf_read(sq->ctrl, 2u * sq->qid, &tail) && tail < sq->size)
		sq->tail = tail;
}

bool emu_queue_has_work(struct emu_sq *sq)
{
	if (sq->head != sq->tail)
		return true;
	if (!sq->qid || !sq->ctrl->dbbuf)
		return false;
	sq_look(sq);
	if (sq->head != sq->tail)
		return true;
	if (sq->ctrl->fetched >= LINGER_COMMANDS) {
		sq->lingers = true;
		return false;
	}
	/* say from where on a register write is wanted, and look again: the host does the mirror image */
	dbbuf_expect(sq->ctrl, 2u * sq->qid, sq->tail);
	sq_look(sq);
	return sq->head != sq->tail;
}

static bool cq_full(struct emu_cq *cq)
{
	return (cq->tail + 1) % cq->size == cq->head;
}

static void cq_look(struct emu_cq *cq)
{
	uint32_t head;

	if (cq->cqid && cq->ctrl->dbbuf && dbbuf_read(cq->ctrl, 2u * cq->cqid + 1, &head) && head < cq->size)
		cq->head = head;
}

/* Full for good: the host's next doorbell must come as a register write. */
static bool cq_no_room(struct emu_cq *cq)
{
	if (!cq_full(cq))
		return false;
	cq_look(cq);
	if (!cq_full(cq) || !cq->ctrl->dbbuf)
		return cq_full(cq);
	dbbuf_expect(cq->ctrl, 2u * cq->cqid + 1, cq->head);
	cq_look(cq);
	return cq_full(cq);
}

void emu_queue_cq_sync(struct emu_cq *cq)
{
	if (!cq->cqid || !cq->ctrl->dbbuf)
		return;
	cq_look(cq);
	dbbuf_expect(cq->ctrl, 2u * cq->cqid + 1, cq->head);
	cq_look(cq);
}

bool emu_queue_fetch(struct emu_sq *sq)
{
	struct emu_ctrl *c = sq->ctrl;
	struct emu_cmd *cmd;
	struct gmx_sqe sqe;
	uint16_t status;

	/* the command before may have been the last of a burst that goes on */
	if (c->hang || c->csts & GMX_CSTS_CFS || (sq->qid && emu_queue_busy(c)))
		return false;
	sq->lingers = false;
	if (!sq->size || sq->stalled || !emu_list_empty(&c->cq[sq->cqid].waiting) || !emu_queue_has_work(sq) ||
	    sq->inflight >= sq->size + SPARE_COMMANDS) {
		sq->active = sq->lingers;
		c->lingers |= sq->lingers;
		return false;
	}
	c->fetched++;
	if (emu_dma_read(c, sq->base + sq->head * sizeof(sqe), &sqe, sizeof(sqe))) {
		emu_regs_fatal(c, "a submission queue cannot be read");
		return false;
	}
	if (sq->in_cmb)
		emu_cmb_fetched(c);
	sq->head = sq->head + 1 == sq->size ? 0 : sq->head + 1;
	cmd = cmd_new(sq);
	cmd->sqe = sqe;
	cmd->cid = le16toh(sqe.cid);
	if (sq->cids[cmd->cid / 64] & 1ull << cmd->cid % 64) {
		emu_cmd_complete(cmd, GMX_SC_CID_CONFLICT | GMX_STS_DNR);
		return true;
	}
	sq->cids[cmd->cid / 64] |= 1ull << cmd->cid % 64;
	status = emu_cmd_execute(cmd);
	/* what a command saves is saved before it is answered */
	if (c->s->nvram_dirty)
		emu_nvram_save(c->s);
	if (status != EMU_PENDING)
		emu_cmd_complete(cmd, status);
	return true;
}

/* The phase bit last, and in one piece: the host's processors look while this is written. */
static bool cqe_write(struct emu_cq *cq, const struct gmx_cqe *cqe)
{
	uint64_t addr = cq->base + cq->tail * sizeof(*cqe);
	uint32_t word;
	uint8_t *p;

	memcpy(&word, &cqe->cid, 4);
	p = emu_dma_ptr(cq->ctrl, addr, sizeof(*cqe));
	if (p && !((uintptr_t)p & 3)) {
		memcpy(p, cqe, 12);
		__atomic_store_n((uint32_t *)(void *)(p + 12), word, __ATOMIC_RELEASE);
		return true;
	}
	return !emu_dma_write(cq->ctrl, addr, cqe, 12) && !emu_dma_write(cq->ctrl, addr + 12, &word, 4);
}

static void cq_post(struct emu_cq *cq, const struct emu_cmd *cmd, uint16_t cid, bool phase)
{
	struct gmx_cqe cqe = {
		.dw0 = htole32(cmd->dw0),
		.dw1 = htole32(cmd->dw1),
		.sq_head = htole16((uint16_t)cmd->sq->head),
		.sq_id = htole16(cmd->sq->qid),
		.cid = htole16(cid),
		.status = htole16((uint16_t)(cmd->status << 1 | phase)),
	};

	if (!cqe_write(cq, &cqe)) {
		emu_regs_fatal(cq->ctrl, "a completion queue cannot be written");
		return;
	}
	if (++cq->tail == cq->size) {
		cq->tail = 0;
		cq->phase = !cq->phase;
	}
}

static void cmd_post(struct emu_cmd *cmd)
{
	struct emu_ctrl *c = cmd->ctrl;
	struct emu_cq *cq = &c->cq[cmd->sq->cqid];
	uint16_t cid = cmd->cid;

	if (cmd->faults & EMU_CMD_WRONG_CID)
		cid ^= 0x4000;
	if (cmd->faults & EMU_CMD_STALE_CID)
		cid = c->last_cid;
	cq_post(cq, cmd, cid, cmd->faults & EMU_CMD_WRONG_PHASE ? !cq->phase : cq->phase);
	if (cmd->faults & EMU_CMD_DOUBLE && !cq_no_room(cq))
		cq_post(cq, cmd, cid, cq->phase);
	c->last_cid = cmd->cid;
	if (!(cmd->faults & EMU_CMD_NO_IRQ))
		emu_irq_cq(cq, !cmd->sq->qid);
	/* room for one more, where many had filled the queue of commands */
	if (cmd->sq->head != cmd->sq->tail)
		cmd->sq->active = c->refetch = true;
	cmd_free(cmd);
}

void emu_cmd_complete(struct emu_cmd *cmd, uint16_t status)
{
	struct emu_ctrl *c = cmd->ctrl;
	struct emu_cq *cq = &c->cq[cmd->sq->cqid];

	if (cmd->done)
		return;
	cmd_release(cmd);
	if (cmd->delay && !cmd->aborted) {
		emu_cmd_complete_after(cmd, status, 0);
		return;
	}
	/* it may stay: until there is room in its completion queue, or for good */
	cmd->done = true;
	cmd->status = status;
	emu_timer_cancel(c->s, &cmd->timer);
	if (status && !cmd->aborted)
		emu_error_add(cmd, status, 0xffff, UINT64_MAX);
	emu_telemetry_trace(cmd, status);
	if (cmd->faults & EMU_CMD_DROP)
		return;
	if (c->hang || !emu_list_empty(&cq->waiting) || cq_no_room(cq)) {
		emu_list_add_tail(&cmd->of_cq, &cq->waiting);
		return;
	}
	cmd_post(cmd);
}

void emu_cmd_complete_after(struct emu_cmd *cmd, uint16_t status, uint64_t ns)
{
	cmd->status = status;
	emu_timer_set(cmd->ctrl->s, &cmd->timer, emu_now(cmd->ctrl->s) + ns + cmd->delay);
	cmd->delay = 0;
}

void emu_queue_resume(struct emu_ctrl *c)
{
	for (unsigned int i = 0; i <= c->s->traits->nr_queues && !c->hang; i++) {
		struct emu_cq *cq = &c->cq[i];

		while (cq->size && !emu_list_empty(&cq->waiting) && !cq_no_room(cq)) {
			struct emu_cmd *cmd = EMU_ENTRY(cq->waiting.next, struct emu_cmd, of_cq);

			emu_list_del(&cmd->of_cq);
			cmd_post(cmd);
		}
	}
	for (unsigned int i = 0; i <= c->max_qid; i++)
		c->sq[i].active = c->sq[i].size;
}

void emu_queue_doorbell(struct emu_ctrl *c, unsigned int index, uint32_t value)
{
	unsigned int qid = index / 2;
	struct emu_cq *cq;

	c->doorbells++;
	if (qid >= EMU_MAX_QUEUES || !(index & 1 ? c->cq[qid].size : c->sq[qid].size)) {
		emu_error_report(c, GMX_AEN_ERROR_DOORBELL, (uint16_t)qid, 0);
		return;
	}
	if (!(index & 1)) {
		struct emu_sq *sq = &c->sq[qid];

		if (value >= sq->size) {
			emu_error_report(c, GMX_AEN_ERROR_DOORBELL_VALUE, (uint16_t)qid, 0);
			return;
		}
		/* with a shadow, the register may be the older of the two */
		sq->tail = value;
		sq_look(sq);
		sq->active = true;
		return;
	}
	cq = &c->cq[qid];
	if (c->dbbuf && qid) {
		cq_look(cq);
	} else if (value >= cq->size || (value + cq->size - cq->head) % cq->size > (cq->tail + cq->size - cq->head) % cq->size) {
		/* the head moves towards the tail, and no further */
		emu_error_report(c, GMX_AEN_ERROR_DOORBELL_VALUE, (uint16_t)qid, 0);
		return;
	} else {
		cq->head = value;
	}
	if (!emu_list_empty(&cq->waiting))
		emu_queue_resume(c);
	if (c->pin)
		emu_irq_update(c);
}
