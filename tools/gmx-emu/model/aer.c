// SPDX-License-Identifier: GPL-2.0-or-later
/* Asynchronous events (5.2): requests that wait, events that wait, and types that are masked until a page was read. */
#include "emu.h"

/* When the command ends in whatever way, its slot is free again. */
static void aer_forget(void *priv)
{
	struct emu_cmd *cmd = priv;
	struct emu_ctrl *c = cmd->ctrl;

	for (unsigned int i = 0; i < c->nr_aers; i++) {
		if (c->aers[i] != cmd)
			continue;
		c->nr_aers--;
		memmove(&c->aers[i], &c->aers[i + 1], (c->nr_aers - i) * sizeof(c->aers[0]));
		memmove(&c->aer_cids[i], &c->aer_cids[i + 1], (c->nr_aers - i) * sizeof(c->aer_cids[0]));
		return;
	}
}

static void aer_dequeue(struct emu_ctrl *c, unsigned int i)
{
	c->nr_aer_queue--;
	memmove(&c->aer_queue[i], &c->aer_queue[i + 1], (c->nr_aer_queue - i) * sizeof(c->aer_queue[0]));
}

/* Events in the order they came, as long as there are requests to answer with. */
static void aer_run(struct emu_ctrl *c)
{
	unsigned int i = 0;

	while (i < c->nr_aer_queue && c->nr_aers) {
		uint32_t dw0 = c->aer_queue[i].dw0;
		struct emu_cmd *cmd = c->aers[0];

		if (c->aer_masked & 1u << GMX_AEN_TYPE(dw0)) {
			i++;
			continue;
		}
		aer_dequeue(c, i);
		c->aer_masked |= 1u << GMX_AEN_TYPE(dw0);
		c->aer_page[GMX_AEN_TYPE(dw0)] = GMX_AEN_LOG(dw0);
		cmd->dw0 = dw0;
		emu_cmd_complete(cmd, GMX_SC_SUCCESS);
	}
}

/* Whether the host wants to hear of it (feature 0Bh) */
static bool aer_enabled(const struct emu_ctrl *c, unsigned int type, unsigned int info)
{
	uint32_t config = c->feat[GMX_FEAT_ASYNC_EVENT];

	switch (type) {
	case GMX_AEN_SMART:
		if (info == GMX_AEN_SMART_SPARE)
			return config & GMX_AEC_SPARE;
		if (info == GMX_AEN_SMART_TEMPERATURE)
			return config & GMX_AEC_TEMPERATURE;
		return config & (GMX_AEC_RELIABILITY | GMX_AEC_READ_ONLY | GMX_AEC_BACKUP);
	case GMX_AEN_NOTICE:
		if (info == GMX_AEN_NOTICE_NS_CHANGED)
			return config & GMX_AEC_NS_ATTR;
		if (info == GMX_AEN_NOTICE_FW_ACT)
			return config & GMX_AEC_FW_ACT;
		return config & GMX_AEC_TELEMETRY;
	default: return true;
	}
}

uint16_t emu_aer_cmd(struct emu_cmd *cmd)
{
	struct emu_ctrl *c = cmd->ctrl;

	if (c->nr_aers == EMU_MAX_AENS)
		return GMX_SC_AER_LIMIT | GMX_STS_DNR;
	cmd->priv = cmd;
	cmd->free_priv = aer_forget;
	c->aer_cids[c->nr_aers] = cmd->cid;
	c->aers[c->nr_aers++] = cmd;
	aer_run(c);
	return EMU_PENDING;
}

void emu_aer_reset(struct emu_ctrl *c)
{
	c->nr_aers = 0;
	c->nr_aer_queue = 0;
	c->aer_masked = 0;
	c->nr_changed_ns = 0;
}

void emu_aer_send(struct emu_ctrl *c, unsigned int type, unsigned int info, unsigned int page)
{
	uint32_t dw0 = (type & 7) | (info & 0xff) << 8 | (page & 0xff) << 16;

	if (!(c->csts & GMX_CSTS_RDY) || !aer_enabled(c, type, info))
		return;
	for (unsigned int i = 0; i < c->nr_aer_queue; i++) {
		if (c->aer_queue[i].dw0 == dw0)
			return;
	}
	if (c->nr_aer_queue == ARRAY_SIZE(c->aer_queue)) {
		emu_log(c->s, EMU_LOG_WARN, "function %u: async event %08x lost, %u wait already", c->function, dw0,
			c->nr_aer_queue);
		return;
	}
	c->aer_queue[c->nr_aer_queue++].dw0 = dw0;
	aer_run(c);
}

void emu_aer_send_all(struct emu_subsys *s, unsigned int type, unsigned int info, unsigned int page)
{
	for (unsigned int i = 0; i < s->nr_ctrls; i++)
		emu_aer_send(s->ctrls[i], type, info, page);
}

void emu_aer_log_read(struct emu_ctrl *c, unsigned int page, bool retain)
{
	if (retain)
		return;
	/* What waits behind the mask has just been read with the rest of the page. */
	for (unsigned int i = c->nr_aer_queue; i-- > 0;) {
		uint32_t dw0 = c->aer_queue[i].dw0;

		if (GMX_AEN_LOG(dw0) == page && c->aer_masked & 1u << GMX_AEN_TYPE(dw0))
			aer_dequeue(c, i);
	}
	for (unsigned int type = 0; type < 8; type++) {
		if (c->aer_page[type] == page)
			c->aer_masked &= ~(1u << type);
	}
	aer_run(c);
}
