// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Host memory buffer (8.9). It holds pages of a table; the controller remembers a checksum of each, looks at them in
 * turn as long as it owns them, and writes what it has looked at anew.
 */
#include "emu.h"
#include "hash.h"

#define HMB_PAGE      4096u /* of the table; CC.MPS is a multiple of it */
#define HMB_MAGIC     0x626d6847u
#define HMB_TICK_FILL 2000000ull /* ns */
#define HMB_TICK      50000000ull
#define HMB_FILL      128 /* pages a tick */
#define HMB_CHECK     16

struct hmb_part {
	uint64_t addr;
	uint64_t bytes;
};

struct hmb_page { /* as it lies in the host's memory */
	uint32_t magic, index;
	uint64_t sequence;
	uint64_t word[(HMB_PAGE - 16) / 8];
};

static_assert(sizeof(struct hmb_page) == HMB_PAGE, "a page of the table is a page");

struct emu_hmb {
	struct emu_ctrl *c;
	struct emu_timer timer;
	bool on, broken;
	uint32_t units, entries; /* as the host said */
	uint64_t list;
	struct hmb_part part[EMU_HMMAXD];
	unsigned int nr_parts;
	uint64_t sum[EMU_HMPRE]; /* of the pages below filled */
	unsigned int nr, filled, next;
	uint64_t sequence, checked, errors, returns;
};

static unsigned int hmb_shift(const struct emu_ctrl *c)
{
	return 12 + (c->cc >> 7 & 0xf);
}

static struct hmb_part *hmb_find(struct emu_hmb *h, unsigned int index, uint64_t *offset)
{
	*offset = (uint64_t)index * HMB_PAGE;
	for (unsigned int i = 0; i < h->nr_parts; i++) {
		if (*offset < h->part[i].bytes)
			return &h->part[i];
		*offset -= h->part[i].bytes;
	}
	return NULL;
}

static void hmb_give_up(struct emu_hmb *h)
{
	emu_log(h->c->s, EMU_LOG_ERROR, "function %u: host memory buffer cannot be reached", h->c->function);
	h->broken = true;
	h->errors++;
	emu_error_report(h->c, GMX_AEN_ERROR_PERSISTENT, 0xffff, GMX_SC_DATA_XFER);
}

static bool hmb_store(struct emu_hmb *h, unsigned int index)
{
	struct hmb_page page = { .magic = HMB_MAGIC, .index = index, .sequence = ++h->sequence };
	uint64_t offset;
	struct hmb_part *part = hmb_find(h, index, &offset);

	for (unsigned int i = 0; i < ARRAY_SIZE(page.word); i++)
		page.word[i] = emu_hash_mix(h->sequence << 20 ^ (uint64_t)index << 10 ^ i);
	if (emu_dma_write(h->c, part->addr + offset, &page, sizeof(page))) {
		hmb_give_up(h);
		return false;
	}
	h->sum[index] = emu_hash(&page, sizeof(page), index);
	return true;
}

static bool hmb_check(struct emu_hmb *h, unsigned int index)
{
	struct hmb_page page;
	uint64_t offset;
	struct hmb_part *part = hmb_find(h, index, &offset);

	if (emu_dma_read(h->c, part->addr + offset, &page, sizeof(page))) {
		hmb_give_up(h);
		return false;
	}
	h->checked++;
	if (emu_hash(&page, sizeof(page), index) == h->sum[index])
		return true;
	h->errors++;
	emu_log(h->c->s, EMU_LOG_WARN, "function %u: page %u of the host memory buffer, at %llx, has changed", h->c->function,
		index, (unsigned long long)(part->addr + offset));
	emu_error_report(h->c, GMX_AEN_ERROR_TRANSIENT, 0xffff, GMX_SC_INTERNAL);
	return true;
}

static bool hmb_may_run(const struct emu_ctrl *c)
{
	return c->bus_master && !c->gone && !c->dstate &&
	       (c->csts & (GMX_CSTS_RDY | GMX_CSTS_CFS | GMX_CSTS_SHST_MASK)) == GMX_CSTS_RDY;
}

static void hmb_tick(struct emu_timer *t)
{
	struct emu_hmb *h = EMU_ENTRY(t, struct emu_hmb, timer);

	if (!h->on || h->broken)
		return;
	if (hmb_may_run(h->c)) {
		for (unsigned int i = 0; i < HMB_FILL && h->filled < h->nr && hmb_store(h, h->filled); i++)
			h->filled++;
		for (unsigned int i = 0; i < HMB_CHECK && h->filled == h->nr; i++) {
			if (!hmb_check(h, h->next) || !hmb_store(h, h->next))
				break;
			h->next = (h->next + 1) % h->nr;
		}
	}
	if (!h->broken)
		emu_timer_set(h->c->s, t, emu_now(h->c->s) + (h->filled < h->nr ? HMB_TICK_FILL : HMB_TICK));
}

static bool hmb_overlap(const struct hmb_part *part, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		for (unsigned int j = i + 1; j < nr; j++) {
			if (part[i].addr < part[j].addr + part[j].bytes && part[j].addr < part[i].addr + part[i].bytes)
				return true;
		}
	}
	return false;
}

/* The parts that are large enough; a status when the list is not what HSIZE says. */
static uint16_t hmb_read_list(struct emu_cmd *cmd, struct hmb_part *part, unsigned int *nr_parts)
{
	uint64_t list = (uint64_t)emu_cdw14(cmd) << 32 | (emu_cdw13(cmd) & ~0xfu), total = 0;
	uint64_t top = cmd->ctrl->s->traits->dma_bits < 64 ? 1ull << cmd->ctrl->s->traits->dma_bits : UINT64_MAX;
	unsigned int shift = hmb_shift(cmd->ctrl), nr = emu_cdw15(cmd), all = 0;
	struct gmx_hmb_desc desc[EMU_HMMAXD];

	if (!nr || nr > EMU_HMMAXD)
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	if (emu_dma_read(cmd->ctrl, list, desc, nr * sizeof(desc[0])))
		return GMX_SC_DATA_XFER;
	for (unsigned int i = 0; i < nr; i++) {
		struct hmb_part p = {
			.addr = le64toh(desc[i].addr),
			.bytes = (uint64_t)le32toh(desc[i].pages) << shift,
		};

		if (p.addr & ((1ull << shift) - 1) || p.addr > top || p.bytes > top - p.addr)
			return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
		total += p.bytes;
		if (p.bytes)
			part[all++] = p;
	}
	if (total != (uint64_t)emu_cdw12(cmd) << shift || hmb_overlap(part, all))
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	*nr_parts = 0;
	for (unsigned int i = 0; i < all; i++) {
		if (part[i].bytes >= (uint64_t)EMU_HMMINDS * HMB_PAGE)
			part[(*nr_parts)++] = part[i];
	}
	return 0;
}

static uint16_t hmb_enable(struct emu_cmd *cmd, struct emu_hmb *h)
{
	struct hmb_part part[EMU_HMMAXD];
	uint64_t usable = 0;
	unsigned int nr;
	uint16_t status;

	if (h->on)
		return GMX_SC_CMD_SEQ | GMX_STS_DNR;
	status = hmb_read_list(cmd, part, &nr);
	if (status)
		return status;
	for (unsigned int i = 0; i < nr; i++)
		usable += part[i].bytes;
	if (usable < (uint64_t)EMU_HMMIN * HMB_PAGE)
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	/* What lies there may be gone on with only if it is the same memory. */
	if (!(emu_cdw11(cmd) & GMX_HMB_RETURN) || nr != h->nr_parts || memcmp(part, h->part, nr * sizeof(part[0]))) {
		memcpy(h->part, part, nr * sizeof(part[0]));
		h->nr_parts = nr;
		h->nr = (unsigned int)EMU_MIN(usable / HMB_PAGE, (uint64_t)EMU_HMPRE);
		h->filled = h->next = 0;
	} else {
		h->returns++;
	}
	h->units = emu_cdw12(cmd);
	h->list = (uint64_t)emu_cdw14(cmd) << 32 | (emu_cdw13(cmd) & ~0xfu);
	h->entries = emu_cdw15(cmd);
	h->on = true;
	h->broken = false;
	emu_timer_set(h->c->s, &h->timer, emu_now(h->c->s));
	return 0;
}

static void hmb_disable(struct emu_hmb *h)
{
	h->on = false;
	emu_timer_cancel(h->c->s, &h->timer);
}

uint16_t emu_hmb_set(struct emu_cmd *cmd)
{
	struct emu_ctrl *c = cmd->ctrl;

	if (!c->hmb) {
		c->hmb = calloc(1, sizeof(*c->hmb));
		if (!c->hmb)
			return GMX_SC_INTERNAL;
		c->hmb->c = c;
		emu_timer_init(&c->hmb->timer, hmb_tick);
	}
	if (emu_cdw11(cmd) & GMX_HMB_ENABLE)
		return hmb_enable(cmd, c->hmb);
	hmb_disable(c->hmb);
	return 0;
}

uint16_t emu_hmb_get(struct emu_cmd *cmd)
{
	const struct emu_hmb *h = cmd->ctrl->hmb;
	struct gmx_hmb_attrs attrs = { 0 };
	uint16_t status;

	if (h && h->on) {
		attrs.pages = htole32(h->units);
		attrs.list_low = htole32((uint32_t)h->list);
		attrs.list_high = htole32((uint32_t)(h->list >> 32));
		attrs.entries = htole32(h->entries);
	}
	status = emu_cmd_to_host(cmd, &attrs, sizeof(attrs));
	if (!status)
		cmd->dw0 = h && h->on ? GMX_HMB_ENABLE : 0;
	return status;
}

void emu_hmb_reset(struct emu_ctrl *c)
{
	if (c->hmb)
		hmb_disable(c->hmb);
}

void emu_hmb_free(struct emu_ctrl *c)
{
	emu_hmb_reset(c);
	free(c->hmb);
	c->hmb = NULL;
}

uint64_t emu_hmb_errors(struct emu_ctrl *c)
{
	return c->hmb ? c->hmb->errors : 0;
}

void emu_hmb_status(const struct emu_ctrl *c, json_object *out)
{
	const struct emu_hmb *h = c->hmb;

	json_object_object_add(out, "enabled", json_object_new_boolean(h && h->on));
	json_object_object_add(out, "pages", json_object_new_int64(h && h->on ? h->nr : 0));
	json_object_object_add(out, "written", json_object_new_int64(h && h->on ? h->filled : 0));
	json_object_object_add(out, "checked", json_object_new_int64(h ? (int64_t)h->checked : 0));
	json_object_object_add(out, "returns", json_object_new_int64(h ? (int64_t)h->returns : 0));
	json_object_object_add(out, "errors", json_object_new_int64(h ? (int64_t)h->errors : 0));
}
