// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Telemetry (5.14.1.7, 5.14.1.8, 8.14): snapshots of what the controllers are and did. The host's is memory; that of the
 * controller's own initiative is a file, and stays as it is until a host has taken it.
 */
#include <errno.h>

#include "emu.h"

#define TEL_FILE     "telemetry.bin"
#define TEL_MAX	     (1u << 20)
#define TEL_COMMANDS 256u
#define TEL_FAULTS   32u
#define TEL_EVENTS   64u

struct tel_page {
	uint8_t *buf; /* with the log page's header; NULL: never captured */
	size_t len, room;
	bool full; /* out of memory */
	struct gmx_vnd_telemetry_header head;
	unsigned int area;
};

struct emu_telemetry {
	struct emu_subsys *s;
	struct gmx_vnd_telemetry_cmd ring[TEL_COMMANDS];
	uint64_t nr_commands;
	struct gmx_vnd_telemetry_fault fault[TEL_FAULTS]; /* the one that fired last is the last */
	unsigned int nr_faults;
	struct tel_page host, ctrl;
	uint8_t host_generation, ctrl_generation;
	bool available; /* the controller's was not read yet */
	uint32_t missed;
};

void emu_telemetry_trace(const struct emu_cmd *cmd, uint16_t status)
{
	struct emu_telemetry *t = cmd->ctrl->s->telemetry;
	struct gmx_vnd_telemetry_cmd *e;

	if (!t)
		return;
	e = &t->ring[t->nr_commands++ % TEL_COMMANDS];
	e->time = htole64(t->s->now);
	e->cntlid = htole16(cmd->ctrl->cntlid);
	e->sqid = htole16(cmd->sq ? cmd->sq->qid : 0);
	e->cid = htole16(cmd->cid);
	e->status = htole16(status);
	e->opcode = cmd->sqe.opcode;
	e->flags = cmd->sqe.flags;
	e->nsid = cmd->sqe.nsid;
	memcpy(e->cdw, &cmd->sqe.cdw10, sizeof(e->cdw));
	e->result[0] = htole32(cmd->dw0);
	e->result[1] = htole32(cmd->dw1);
}

void emu_telemetry_fault(struct emu_subsys *s, const char *text)
{
	struct emu_telemetry *t = s->telemetry;
	struct gmx_vnd_telemetry_fault e = { 0 };
	unsigned int i = 0;

	if (!t)
		return;
	memcpy(e.text, text, strnlen(text, sizeof(e.text) - 1));
	while (i < t->nr_faults && strcmp(t->fault[i].text, e.text))
		i++;
	if (i < t->nr_faults)
		e.count = t->fault[i].count;
	else if (t->nr_faults < TEL_FAULTS)
		i = t->nr_faults++;
	else
		i = 0;
	e.time = htole64(s->ops->wall(s->host));
	e.count = htole32(le32toh(e.count) + 1);
	memmove(&t->fault[i], &t->fault[i + 1], (t->nr_faults - 1 - i) * sizeof(e));
	t->fault[t->nr_faults - 1] = e;
}

static void *tel_room(struct tel_page *p, size_t len)
{
	void *at;

	if (p->len + len > p->room) {
		size_t room = EMU_MAX(p->room * 2, p->len + len + 4096);
		uint8_t *buf = room > TEL_MAX ? NULL : realloc(p->buf, room);

		if (!buf) {
			p->full = true;
			return NULL;
		}
		p->buf = buf;
		p->room = room;
	}
	at = p->buf + p->len;
	memset(at, 0, len);
	p->len += len;
	return at;
}

/* Room for count entries, to be filled; NULL: none */
static void *tel_section(struct tel_page *p, unsigned int kind, size_t entry, size_t count)
{
	struct gmx_vnd_telemetry_section *sec = &p->head.section[p->head.nr_sections];
	size_t offset = p->len - GMX_TELEMETRY_BLOCK;
	void *at;

	if (p->full || p->head.nr_sections == GMX_VND_TELEMETRY_SECTIONS)
		return NULL;
	at = tel_room(p, (entry * count + 7) / 8 * 8);
	if (!at)
		return NULL;
	sec->kind = htole16((uint16_t)kind);
	sec->area = htole16((uint16_t)p->area);
	sec->offset = htole32((uint32_t)offset);
	sec->entry_size = htole32((uint32_t)entry);
	sec->count = htole32((uint32_t)count);
	p->head.nr_sections++;
	return count ? at : NULL;
}

static void tel_next_area(struct tel_page *p, struct gmx_log_telemetry *log)
{
	size_t blocks;

	tel_room(p, (GMX_TELEMETRY_BLOCK - p->len % GMX_TELEMETRY_BLOCK) % GMX_TELEMETRY_BLOCK);
	blocks = p->len / GMX_TELEMETRY_BLOCK - 1;
	for (unsigned int i = p->area - 1; i < ARRAY_SIZE(log->last_block); i++)
		log->last_block[i] = htole16((uint16_t)blocks);
	p->area++;
}

static void tel_state(struct emu_subsys *s, struct tel_page *p)
{
	struct gmx_vnd_telemetry_state *e = tel_section(p, GMX_VND_TELEMETRY_STATE, sizeof(*e), 1);
	uint64_t failed = 0;
	uint32_t drives = 0, spaces = 0;

	if (!e)
		return;
	for (unsigned int i = 0; i < EMU_MAX_DRIVES; i++) {
		drives += s->drives[i] != NULL;
		if (s->drives[i] && emu_drive_failed(s->drives[i]))
			failed |= 1ull << i;
	}
	for (unsigned int i = 0; i < EMU_MAX_NS; i++)
		spaces += s->ns[i].nsid != 0;
	e->temperature = htole16((uint16_t)(s->health ? emu_health_temperature(s) : 0));
	e->warning_temp = htole16(EMU_WCTEMP);
	e->critical_temp = htole16(EMU_CCTEMP);
	e->sanitize = (uint8_t)(s->sanitize ? emu_sanitize_status(s) : 0);
	e->selftest = (uint8_t)(s->selftest ? emu_selftest_running(s) : 0);
	e->failed_drives = htole64(failed);
	e->nr_drives = htole32(drives);
	e->nr_ns = htole32(spaces);
}

static void tel_ctrls(struct emu_subsys *s, struct tel_page *p)
{
	struct gmx_vnd_telemetry_ctrl *e = tel_section(p, GMX_VND_TELEMETRY_CTRLS, sizeof(*e), s->nr_ctrls);

	for (unsigned int i = 0; e && i < s->nr_ctrls; i++, e++) {
		const struct emu_ctrl *c = s->ctrls[i];

		e->cntlid = htole16(c->cntlid);
		e->function = (uint8_t)c->function;
		e->power_state = c->power_state;
		e->flags = (c->bus_master ? GMX_VND_TELEMETRY_BUS_MASTER : 0) | (c->is_virtual ? GMX_VND_TELEMETRY_VIRTUAL : 0);
		e->dstate = (uint8_t)c->dstate;
		e->nr_aers = (uint8_t)c->nr_aers;
		e->life = htole32(c->generation);
		e->cc = htole32(c->cc);
		e->csts = htole32(c->csts);
		e->aqa = htole32(c->aqa);
		e->cap = htole64(c->cap);
		e->asq = htole64(c->asq);
		e->acq = htole64(c->acq);
		e->intm = htole32(c->intm);
		e->nr_queues = htole16(c->nr_queues);
	}
}

static void tel_sq(const struct emu_sq *sq, struct gmx_vnd_telemetry_queue *e)
{
	e->qid = htole16(sq->qid);
	e->flags = sq->stalled ? GMX_VND_TELEMETRY_STALLED : 0;
	e->prio = sq->prio;
	e->peer = htole16(sq->cqid);
	e->size = htole32(sq->size);
	e->head = htole32(sq->head);
	e->tail = htole32(sq->tail);
	e->pending = htole32(sq->inflight);
	e->base = htole64(sq->base);
}

static void tel_cq(const struct emu_cq *cq, struct gmx_vnd_telemetry_queue *e)
{
	uint32_t waiting = 0;

	for (const struct emu_list *l = cq->waiting.next; l && l != &cq->waiting; l = l->next)
		waiting++;
	e->qid = htole16(cq->cqid);
	e->flags = GMX_VND_TELEMETRY_CQ | (cq->phase ? GMX_VND_TELEMETRY_PHASE : 0);
	e->peer = htole16(cq->vector);
	e->size = htole32(cq->size);
	e->head = htole32(cq->head);
	e->tail = htole32(cq->tail);
	e->pending = htole32(waiting);
	e->base = htole64(cq->base);
}

static void tel_queues(struct emu_subsys *s, struct tel_page *p)
{
	struct gmx_vnd_telemetry_queue *e;
	size_t nr = 0;

	for (unsigned int i = 0; i < s->nr_ctrls; i++) {
		for (unsigned int q = 0; q < EMU_MAX_QUEUES; q++)
			nr += (s->ctrls[i]->sq[q].size != 0) + (s->ctrls[i]->cq[q].size != 0);
	}
	e = tel_section(p, GMX_VND_TELEMETRY_QUEUES, sizeof(*e), nr);
	for (unsigned int i = 0; e && i < s->nr_ctrls; i++) {
		const struct emu_ctrl *c = s->ctrls[i];

		for (unsigned int q = 0; q < EMU_MAX_QUEUES; q++) {
			if (c->sq[q].size) {
				e->cntlid = htole16(c->cntlid);
				tel_sq(&c->sq[q], e++);
			}
			if (c->cq[q].size) {
				e->cntlid = htole16(c->cntlid);
				tel_cq(&c->cq[q], e++);
			}
		}
	}
}

static void tel_commands(struct emu_telemetry *t, struct tel_page *p)
{
	size_t nr = EMU_MIN(t->nr_commands, TEL_COMMANDS);
	struct gmx_vnd_telemetry_cmd *e = tel_section(p, GMX_VND_TELEMETRY_COMMANDS, sizeof(*e), nr);

	for (uint64_t i = t->nr_commands - nr; e && i < t->nr_commands; i++)
		*e++ = t->ring[i % TEL_COMMANDS];
}

/* The end of log page C4h. The read is made up, and too short to count as one. */
static void tel_events(struct emu_subsys *s, struct tel_page *p)
{
	struct emu_cmd cmd = { .ctrl = s->ctrls[0] };
	const size_t entry = sizeof(struct gmx_vnd_event), head = sizeof(struct gmx_vnd_log_events);
	uint8_t *buf;
	size_t len, nr;
	void *e;

	if (!s->events || !cmd.ctrl || emu_event_vendor_log(&cmd, &buf, &len))
		return;
	nr = EMU_MIN((len - head) / entry, TEL_EVENTS);
	e = tel_section(p, GMX_VND_TELEMETRY_EVENTS, entry, nr);
	if (e)
		memcpy(e, buf + len - nr * entry, nr * entry);
	free(buf);
}

static void tel_spaces(struct emu_subsys *s, struct tel_page *p)
{
	struct gmx_vnd_telemetry_ns *e;
	size_t nr = 0;

	for (unsigned int i = 0; i < EMU_MAX_NS; i++)
		nr += s->ns[i].nsid != 0;
	e = tel_section(p, GMX_VND_TELEMETRY_SPACES, sizeof(*e), nr);
	for (unsigned int i = 0; e && i < EMU_MAX_NS; i++) {
		const struct emu_ns *ns = &s->ns[i];

		if (!ns->nsid)
			continue;
		e->nsid = htole32(ns->nsid);
		e->drive = htole32(ns->drive_idx);
		e->nsze = htole64(ns->nsze);
		e->nuse = htole64(ns->nuse);
		e->reads = htole64(ns->reads);
		e->writes = htole64(ns->writes);
		e->lba_shift = ns->lba_shift;
		e->flags = (uint8_t)(ns->read_only | ns->formatting << 1 | (ns->drive && emu_drive_failed(ns->drive)) << 2);
		e->ms = htole16(ns->ms);
		e->attached = htole32(ns->attached);
		e++;
	}
}

static void tel_area_1(struct emu_telemetry *t, struct tel_page *p)
{
	struct emu_subsys *s = t->s;
	void *e;

	tel_state(s, p);
	tel_ctrls(s, p);
	tel_queues(s, p);
	e = tel_section(p, GMX_VND_TELEMETRY_SMART, sizeof(struct gmx_log_smart), s->health && s->ctrls[0]);
	if (e)
		emu_health_smart(s->ctrls[0], e);
	e = tel_section(p, GMX_VND_TELEMETRY_FW_SLOTS, sizeof(struct gmx_log_fw_slot), s->fw != NULL);
	if (e)
		emu_fw_slot_info(s, e);
	e = tel_section(p, GMX_VND_TELEMETRY_FW_UPDATE, sizeof(struct gmx_vnd_log_fw), s->fw != NULL);
	if (e)
		emu_fw_update_info(s, e);
	e = tel_section(p, GMX_VND_TELEMETRY_FAULTS, sizeof(t->fault[0]), t->nr_faults);
	if (e)
		memcpy(e, t->fault, t->nr_faults * sizeof(t->fault[0]));
}

static void tel_head(struct emu_telemetry *t, struct tel_page *p, bool controller, const char *why)
{
	struct emu_subsys *s = t->s;
	struct gmx_vnd_telemetry_header *h = &p->head;

	memset(h, 0, sizeof(*h));
	memcpy(h->magic, GMX_VND_TELEMETRY_MAGIC, sizeof(h->magic));
	h->version = htole16(GMX_VND_TELEMETRY_VERSION);
	h->header_length = htole16(sizeof(*h));
	h->family = (uint8_t)s->traits->id;
	h->ctrl_initiated = controller;
	h->generation = controller ? t->ctrl_generation : t->host_generation;
	h->captured = htole64(s->ops->wall(s->host));
	h->uptime = htole64(emu_now(s));
	memcpy(h->serial, s->config.serial, strnlen(s->config.serial, sizeof(h->serial)));
	if (s->fw)
		memcpy(h->revision, emu_fw_revision(s), strnlen(emu_fw_revision(s), sizeof(h->revision)));
	h->missed = htole32(t->missed);
	memcpy(h->reason, why, strnlen(why, sizeof(h->reason) - 1));
}

static void tel_ieee(struct emu_subsys *s, struct gmx_log_telemetry *log)
{
	struct gmx_id_ctrl *id = s->ctrls[0] ? calloc(1, sizeof(*id)) : NULL;

	if (!id)
		return;
	emu_identify_ctrl(s->ctrls[0], id);
	memcpy(log->ieee, id->ieee, sizeof(log->ieee));
	free(id);
}

/* A new snapshot, or false and *p is what it was */
static bool tel_take(struct emu_telemetry *t, struct tel_page *p, bool controller, const char *why)
{
	struct tel_page fresh = { .area = 1 };
	struct gmx_log_telemetry log = { .lid = controller ? GMX_LOG_TELEMETRY_CTRL : GMX_LOG_TELEMETRY_HOST };

	tel_head(t, &fresh, controller, why);
	tel_room(&fresh, sizeof(log));
	tel_room(&fresh, sizeof(fresh.head));
	tel_area_1(t, &fresh);
	tel_next_area(&fresh, &log);
	tel_commands(t, &fresh);
	tel_next_area(&fresh, &log);
	tel_events(t->s, &fresh);
	if (emu_fw_has(t->s, GMX_VND_FW_TELEMETRY_NS))
		tel_spaces(t->s, &fresh);
	tel_next_area(&fresh, &log);
	if (fresh.full) {
		free(fresh.buf);
		emu_log(t->s, EMU_LOG_WARN, "no memory for a telemetry snapshot");
		return false;
	}
	tel_ieee(t->s, &log);
	log.host_generation = t->host_generation;
	log.ctrl_generation = t->ctrl_generation;
	log.ctrl_available = controller;
	memcpy(log.reason, why, strnlen(why, sizeof(log.reason) - 1));
	memcpy(fresh.buf, &log, sizeof(log));
	memcpy(fresh.buf + sizeof(log), &fresh.head, sizeof(fresh.head));
	free(p->buf);
	*p = fresh;
	return true;
}

static void tel_save(struct emu_telemetry *t)
{
	json_object *o = json_object_new_object();

	json_object_object_add(o, "generation", json_object_new_int(t->ctrl_generation));
	json_object_object_add(o, "available", json_object_new_boolean(t->available));
	emu_nvram_set(t->s, "telemetry", o);
}

/* The file first: a kill before NVRAM knows of it is seen by its generation. */
static void tel_take_ctrl(struct emu_telemetry *t, const char *why)
{
	if (t->available) {
		t->missed++;
		return;
	}
	t->ctrl_generation++;
	if (!tel_take(t, &t->ctrl, true, why))
		return;
	t->available = true;
	t->missed = 0;
	emu_file_replace(t->s, TEL_FILE, t->ctrl.buf, t->ctrl.len);
	tel_save(t);
	emu_nvram_save(t->s);
	emu_aer_send_all(t->s, GMX_AEN_NOTICE, GMX_AEN_NOTICE_TELEMETRY, GMX_LOG_TELEMETRY_CTRL);
}

void emu_telemetry_capture(struct emu_subsys *s, bool controller, const char *why)
{
	struct emu_telemetry *t = s->telemetry;

	if (!t)
		return;
	if (controller) {
		tel_take_ctrl(t, why);
	} else {
		t->host_generation++;
		tel_take(t, &t->host, false, why);
	}
	emu_event_add(s, GMX_VND_EV_TELEMETRY, 0, controller, why);
}

/* The log page as it is now; what says how things stand is of now, the rest of the capture. */
static uint16_t tel_log(struct emu_cmd *cmd, struct tel_page *p, uint8_t lid, uint8_t **buf, size_t *len)
{
	struct emu_telemetry *t = cmd->ctrl->s->telemetry;
	struct gmx_log_telemetry *log;

	*len = p->buf ? p->len : sizeof(*log);
	*buf = calloc(1, *len);
	if (!*buf)
		return GMX_SC_INTERNAL;
	if (p->buf)
		memcpy(*buf, p->buf, p->len);
	log = (struct gmx_log_telemetry *)*buf;
	log->lid = lid;
	if (!p->buf)
		tel_ieee(t->s, log);
	log->host_generation = t->host_generation;
	log->ctrl_available = t->available;
	log->ctrl_generation = t->ctrl_generation;
	return 0;
}

/* Only whole blocks (5.14.1.7) */
static bool tel_in_blocks(const struct emu_cmd *cmd)
{
	uint64_t len = (((uint64_t)(emu_cdw11(cmd) & 0xffff) << 16 | emu_cdw10(cmd) >> 16) + 1) * 4;

	return !(len % GMX_TELEMETRY_BLOCK) && !(emu_cdw12(cmd) % GMX_TELEMETRY_BLOCK);
}

uint16_t emu_telemetry_host_log(struct emu_cmd *cmd, uint8_t **buf, size_t *len)
{
	struct emu_telemetry *t = cmd->ctrl->s->telemetry;

	if (!tel_in_blocks(cmd))
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	if (emu_cdw10(cmd) & GMX_TELEMETRY_CREATE)
		emu_telemetry_capture(t->s, false, "asked for by a host");
	return tel_log(cmd, &t->host, GMX_LOG_TELEMETRY_HOST, buf, len);
}

uint16_t emu_telemetry_ctrl_log(struct emu_cmd *cmd, uint8_t **buf, size_t *len)
{
	if (!tel_in_blocks(cmd))
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	return tel_log(cmd, &cmd->ctrl->s->telemetry->ctrl, GMX_LOG_TELEMETRY_CTRL, buf, len);
}

void emu_telemetry_taken(struct emu_subsys *s)
{
	if (!s->telemetry->available)
		return;
	s->telemetry->available = false;
	tel_save(s->telemetry);
}

static void tel_restore(struct emu_telemetry *t)
{
	json_object *o = emu_nvram_get(t->s, "telemetry"), *v;
	struct gmx_log_telemetry log;

	if (json_object_object_get_ex(o, "generation", &v))
		t->ctrl_generation = (uint8_t)json_object_get_int(v);
	if (json_object_object_get_ex(o, "available", &v))
		t->available = json_object_get_boolean(v);
	if (emu_file_load(t->s, TEL_FILE, TEL_MAX, &t->ctrl.buf, &t->ctrl.len)) {
		t->available = false;
		return;
	}
	if (t->ctrl.len >= sizeof(log))
		memcpy(&log, t->ctrl.buf, sizeof(log));
	if (t->ctrl.len < sizeof(log) || log.lid != GMX_LOG_TELEMETRY_CTRL ||
	    (le16toh(log.last_block[2]) + 1u) * GMX_TELEMETRY_BLOCK != t->ctrl.len) {
		emu_log(t->s, EMU_LOG_WARN, "%s/" TEL_FILE " is no telemetry: not used", t->s->dir);
		free(t->ctrl.buf);
		t->ctrl = (struct tel_page){ 0 };
		t->available = false;
	} else if (log.ctrl_generation != t->ctrl_generation) {
		t->ctrl_generation = log.ctrl_generation;
		t->available = true;
	}
}

int emu_telemetry_open(struct emu_subsys *s)
{
	struct emu_telemetry *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->s = s;
	s->telemetry = t;
	tel_restore(t);
	return 0;
}

void emu_telemetry_close(struct emu_subsys *s)
{
	if (!s->telemetry)
		return;
	free(s->telemetry->host.buf);
	free(s->telemetry->ctrl.buf);
	free(s->telemetry);
	s->telemetry = NULL;
}
