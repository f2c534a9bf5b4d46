// SPDX-License-Identifier: GPL-2.0-or-later
/* The error information log, page 01h (5.14.1.1): a ring of entries and a count for life, each controller its own. */
#include <errno.h>

#include "emu.h"

#define ERROR_NVRAM "errors"
/* The count in NVRAM runs ahead by up to this many, so that not every error is a write and none is counted twice. */
#define ERROR_AHEAD  64
#define ERROR_NO_LBA UINT64_MAX
#define ERROR_NONE   0xffffu

struct emu_errors {
	struct error_ring {
		uint64_t count, stored;
		unsigned int newest, nr;
		struct gmx_log_error entry[EMU_MAX_ERRORS];
	} ring[EMU_MAX_FUNCTIONS];
};

static void error_store(struct emu_subsys *s)
{
	json_object *counts = json_object_new_array();

	for (unsigned int i = 0; i < EMU_MAX_FUNCTIONS; i++)
		json_object_array_add(counts, json_object_new_int64((int64_t)s->errors->ring[i].stored));
	emu_nvram_set(s, ERROR_NVRAM, counts);
}

int emu_error_open(struct emu_subsys *s)
{
	json_object *counts = emu_nvram_get(s, ERROR_NVRAM);

	s->errors = calloc(1, sizeof(*s->errors));
	if (!s->errors)
		return -ENOMEM;
	if (!json_object_is_type(counts, json_type_array))
		return 0;
	for (unsigned int i = 0; i < EMU_MAX_FUNCTIONS && i < json_object_array_length(counts); i++) {
		int64_t count = json_object_get_int64(json_object_array_get_idx(counts, i));

		s->errors->ring[i].count = s->errors->ring[i].stored = count > 0 ? (uint64_t)count : 0;
	}
	return 0;
}

void emu_error_close(struct emu_subsys *s)
{
	if (!s->errors)
		return;
	if (s->nvram) {
		for (unsigned int i = 0; i < EMU_MAX_FUNCTIONS; i++)
			s->errors->ring[i].stored = s->errors->ring[i].count;
		error_store(s);
	}
	free(s->errors);
	s->errors = NULL;
}

static struct gmx_log_error *error_new(struct emu_ctrl *c, uint16_t status, uint16_t location, uint64_t lba)
{
	struct error_ring *ring = &c->s->errors->ring[c->function];
	struct gmx_log_error *e;

	if (ring->count++ == ring->stored) {
		ring->stored = ring->count + ERROR_AHEAD;
		error_store(c->s);
	}
	ring->newest = (ring->newest + 1) % EMU_MAX_ERRORS;
	ring->nr = EMU_MIN(ring->nr + 1, (unsigned int)EMU_MAX_ERRORS);
	e = &ring->entry[ring->newest];
	memset(e, 0, sizeof(*e));
	e->count = htole64(ring->count);
	e->status = htole16((uint16_t)(status << 1));
	e->location = htole16(location);
	e->lba = htole64(lba == ERROR_NO_LBA ? 0 : lba);
	return e;
}

void emu_error_add(struct emu_cmd *cmd, uint16_t status, uint16_t location, uint64_t lba)
{
	struct gmx_log_error *e;

	if (cmd->error_logged)
		return;
	cmd->error_logged = true;
	e = error_new(cmd->ctrl, status, location, lba);
	e->sqid = htole16(cmd->sq ? cmd->sq->qid : ERROR_NONE);
	e->cid = htole16(cmd->cid);
	e->nsid = cmd->sqe.nsid;
	e->info = htole64(cmd->error_info);
}

void emu_error_report(struct emu_ctrl *c, unsigned int info, uint16_t qid, uint16_t status)
{
	struct gmx_log_error *e = error_new(c, status, ERROR_NONE, ERROR_NO_LBA);

	e->sqid = htole16(qid);
	e->cid = htole16(ERROR_NONE);
	emu_aer_send(c, GMX_AEN_ERROR, info, GMX_LOG_ERROR);
}

uint64_t emu_error_count(struct emu_ctrl *c)
{
	return c->s->errors->ring[c->function].count;
}

uint16_t emu_error_log(struct emu_cmd *cmd, uint8_t **buf, size_t *len)
{
	const struct error_ring *ring = &cmd->ctrl->s->errors->ring[cmd->ctrl->function];
	struct gmx_log_error *page = calloc(EMU_MAX_ERRORS, sizeof(*page));
	bool no_lba = emu_sanitize_refuses(cmd->ctrl->s); /* (8.15.1) */

	if (!page)
		return GMX_SC_INTERNAL;
	for (unsigned int i = 0; i < ring->nr; i++) {
		page[i] = ring->entry[(ring->newest + EMU_MAX_ERRORS - i) % EMU_MAX_ERRORS];
		if (no_lba)
			page[i].lba = 0;
	}
	*buf = (uint8_t *)page;
	*len = EMU_MAX_ERRORS * sizeof(*page);
	return 0;
}
