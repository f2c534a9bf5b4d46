// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Controller memory buffer (4.7): memory behind BAR 2 that the host writes without being asked for it. Submission
 * queues, lists and data may lie there, completion queues not. The host says at which address it wants to name it
 * (CMBMSC.CBA); what a command points at in that range never goes out to the host.
 */
#include <errno.h>

#include "cmb.h"

#define CMB_BIR 2u
/* A queue in parts, lists and data in different memories: all is allowed, at any alignment. */
#define CMB_LOC	 (CMB_BIR | GMX_CMBLOC_CDPMLS | GMX_CMBLOC_CDPCILS | GMX_CMBLOC_CDMMMS | GMX_CMBLOC_CQDA)
#define CMB_UNIT 4096u

struct emu_cmb {
	uint64_t size;
	uint64_t msc;
	uint32_t sts;
	uint64_t commands, reads, writes; /* fetched there; by the controller for anything else */
	uint64_t host_reads, host_writes; /* through the BAR */
	uint8_t mem[];
};

int emu_cmb_init(struct emu_ctrl *c)
{
	uint64_t size = c->is_virtual ? 0 : c->s->config.cmb_bytes;

	if (!size)
		return 0;
	c->cmb = calloc(1, sizeof(*c->cmb) + size);
	if (!c->cmb)
		return -ENOMEM;
	c->cmb->size = size;
	c->cap |= 1ull << 57;
	return 0;
}

void emu_cmb_free(struct emu_ctrl *c)
{
	free(c->cmb);
	c->cmb = NULL;
}

/* All resets but that by CC.EN. */
void emu_cmb_reset(struct emu_ctrl *c)
{
	if (!c->cmb)
		return;
	c->cmb->msc = 0;
	c->cmb->sts = 0;
	memset(c->cmb->mem, 0, c->cmb->size);
}

uint64_t emu_cmb_size(const struct emu_ctrl *c)
{
	return c->cmb ? c->cmb->size : 0;
}

static bool cmb_shown(const struct emu_cmb *m)
{
	return m && m->msc & GMX_CMBMSC_CRE;
}

uint32_t emu_cmb_get(const struct emu_ctrl *c, uint64_t offset)
{
	const struct emu_cmb *m = c->cmb;

	if (!m)
		return 0;
	switch (offset) {
	case GMX_REG_CMBLOC: return cmb_shown(m) ? CMB_LOC : 0;
	case GMX_REG_CMBSZ:
		return cmb_shown(m) ? GMX_CMBSZ_SQS | GMX_CMBSZ_LISTS | GMX_CMBSZ_RDS | GMX_CMBSZ_WDS |
					      (uint32_t)(m->size / CMB_UNIT) << 12
				    : 0;
	case GMX_REG_CMBMSC: return (uint32_t)m->msc;
	case GMX_REG_CMBMSC + 4: return (uint32_t)(m->msc >> 32);
	default: return m->sts;
	}
}

void emu_cmb_set(struct emu_ctrl *c, uint64_t offset, uint32_t v)
{
	struct emu_cmb *m = c->cmb;
	uint64_t base;

	if (!m)
		return;
	if (offset == GMX_REG_CMBMSC)
		m->msc = (m->msc & ~0xffffffffull) | (v & ~0xffcu);
	else
		m->msc = (uint32_t)m->msc | (uint64_t)v << 32;
	base = m->msc & GMX_CMBMSC_CBA;
	m->sts = m->msc & GMX_CMBMSC_CMSE && base > UINT64_MAX - m->size + 1 ? GMX_CMBSTS_CBAI : 0;
}

/* How many bytes of [addr, addr + len) are the buffer's, as the host's addresses go */
static uint64_t cmb_overlap(const struct emu_cmb *m, uint64_t addr, uint64_t len)
{
	uint64_t base, from, to;

	if (!cmb_shown(m) || !(m->msc & GMX_CMBMSC_CMSE) || m->sts || !len)
		return 0;
	base = m->msc & GMX_CMBMSC_CBA;
	from = EMU_MAX(addr, base);
	to = EMU_MIN(addr > UINT64_MAX - len ? UINT64_MAX : addr + len - 1, base + (m->size - 1));
	return to < from ? 0 : to - from + 1;
}

bool emu_cmb_has(const struct emu_ctrl *c, uint64_t addr, uint64_t len)
{
	return cmb_overlap(c->cmb, addr, len);
}

/* Whole queues only, and only submission queues. */
uint16_t emu_cmb_queue(const struct emu_ctrl *c, uint64_t addr, uint64_t len, bool submission)
{
	uint64_t part = cmb_overlap(c->cmb, addr, len);

	return part && (part != len || !submission) ? GMX_SC_CMB_USE | GMX_STS_DNR : 0;
}

/* NULL: not all of it is the buffer's. */
uint8_t *emu_cmb_at(struct emu_ctrl *c, uint64_t addr, uint64_t len, bool write)
{
	struct emu_cmb *m = c->cmb;

	if (!len || cmb_overlap(m, addr, len) != len)
		return NULL;
	*(write ? &m->writes : &m->reads) += 1;
	return m->mem + (addr - (m->msc & GMX_CMBMSC_CBA));
}

void emu_cmb_fetched(struct emu_ctrl *c)
{
	c->cmb->commands++;
}

void emu_ctrl_cmb(struct emu_ctrl *c, uint64_t offset, void *buf, size_t len, bool write)
{
	struct emu_cmb *m = c->cmb;

	if (!write)
		memset(buf, c->gone ? 0xff : 0, len);
	if (c->gone || !cmb_shown(m) || offset > m->size || len > m->size - offset)
		return;
	*(write ? &m->host_writes : &m->host_reads) += 1;
	if (write)
		memcpy(m->mem + offset, buf, len);
	else
		memcpy(buf, m->mem + offset, len);
}

void emu_cmb_status(const struct emu_ctrl *c, json_object *out)
{
	const struct emu_cmb *m = c->cmb;
	static const struct emu_cmb none;

	json_object_object_add(out, "bytes", json_object_new_uint64(emu_cmb_size(c)));
	if (!m)
		m = &none;
	json_object_object_add(out, "enabled", json_object_new_boolean(m->size && cmb_overlap(m, m->msc & GMX_CMBMSC_CBA, 1)));
	json_object_object_add(out, "base", json_object_new_uint64(m->msc & GMX_CMBMSC_CBA));
	json_object_object_add(out, "commands", json_object_new_uint64(m->commands));
	json_object_object_add(out, "reads", json_object_new_uint64(m->reads));
	json_object_object_add(out, "writes", json_object_new_uint64(m->writes));
	json_object_object_add(out, "host_reads", json_object_new_uint64(m->host_reads));
	json_object_object_add(out, "host_writes", json_object_new_uint64(m->host_writes));
}
