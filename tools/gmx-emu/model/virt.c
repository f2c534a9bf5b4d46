// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Virtualization Management (5.22, 8.5). Function 0 is the primary controller: half of its queues and interrupts are
 * its own, the other half is flexible and lies with it until a host gives some of them to secondary controllers.
 */
#include "emu.h"

#define VIRT_OWNER   "virtualization"
#define VIRT_MAX     17 /* at most this many of a kind a secondary controller */
#define VIRT_INVALID (GMX_SC_INVALID_FIELD | GMX_STS_DNR)

/* Queue pairs count with the admin queue, vectors one a queue. */
static unsigned int virt_flexible(const struct emu_ctrl *c)
{
	const struct emu_traits *traits = c->s->traits;

	return traits->sriov && !c->function ? traits->nr_queues / 2u : 0;
}

static unsigned int virt_private(const struct emu_ctrl *c)
{
	return c->s->traits->nr_queues + 1u - virt_flexible(c);
}

static unsigned int virt_nr_secondary(const struct emu_subsys *s)
{
	return s->traits->sriov ? EMU_MIN(s->traits->nr_vfs, EMU_MAX_FUNCTIONS - s->config.functions) : 0;
}

/* Their identifiers follow those of the physical functions. */
static uint16_t virt_cntlid(const struct emu_subsys *s, unsigned int i)
{
	return (uint16_t)(s->ctrls[s->config.functions - 1]->cntlid + 1 + i);
}

static struct emu_virt *virt_find(struct emu_subsys *s, uint16_t cntlid)
{
	for (unsigned int i = 0; i < virt_nr_secondary(s); i++) {
		if (virt_cntlid(s, i) == cntlid)
			return &s->secondary[i];
	}
	return NULL;
}

static uint16_t *virt_count(struct emu_virt *v, unsigned int resource)
{
	return resource == GMX_VIRT_VQ ? &v->vq : &v->vi;
}

static unsigned int virt_assigned(struct emu_subsys *s, unsigned int resource)
{
	unsigned int sum = 0;

	for (unsigned int i = 0; i < virt_nr_secondary(s); i++)
		sum += *virt_count(&s->secondary[i], resource);
	return sum;
}

unsigned int emu_virt_nr_queues(struct emu_ctrl *c)
{
	if (c->is_virtual) {
		struct emu_virt *v = virt_find(c->s, c->cntlid);

		return v && v->vq > 1 ? v->vq - 1u : 1;
	}
	return virt_private(c) + c->virt.vq - 1;
}

static uint16_t virt_primary_saved(struct emu_ctrl *c, unsigned int resource)
{
	uint32_t nr;

	if (!emu_saved_get(c->s, VIRT_OWNER, resource == GMX_VIRT_VQ ? "vq" : "vi", &nr) || nr > virt_flexible(c))
		nr = virt_flexible(c);
	return (uint16_t)nr;
}

/* A reset of the primary takes all resources from its secondary controllers (8.5.3). */
void emu_virt_reset(struct emu_ctrl *c)
{
	if (c->is_virtual)
		return;
	c->virt.vq = c->virt.vq_next = virt_primary_saved(c, GMX_VIRT_VQ);
	c->virt.vi = c->virt.vi_next = virt_primary_saved(c, GMX_VIRT_VI);
	c->virt.online = true;
	if (!c->function)
		memset(c->s->secondary, 0, sizeof(c->s->secondary));
}

static uint16_t virt_alloc_primary(struct emu_cmd *cmd, unsigned int resource, unsigned int nr)
{
	struct emu_ctrl *c = cmd->ctrl;

	if (GMX_VIRT_CNTLID(emu_cdw10(cmd)) != c->cntlid)
		return GMX_SC_CTRL_ID | GMX_STS_DNR;
	if (resource > GMX_VIRT_VI)
		return GMX_SC_RESOURCE_ID | GMX_STS_DNR;
	if (nr > virt_flexible(c))
		return GMX_SC_CTRL_RESOURCES | GMX_STS_DNR;
	*(resource == GMX_VIRT_VQ ? &c->virt.vq_next : &c->virt.vi_next) = (uint16_t)nr;
	emu_saved_set(c->s, VIRT_OWNER, resource == GMX_VIRT_VQ ? "vq" : "vi", nr);
	cmd->dw0 = nr;
	return 0;
}

static uint16_t virt_assign(struct emu_cmd *cmd, struct emu_virt *v, unsigned int resource, unsigned int nr)
{
	struct emu_ctrl *c = cmd->ctrl;
	unsigned int taken;
	uint16_t *count;

	if (v->online)
		return GMX_SC_SECONDARY_STATE | GMX_STS_DNR;
	if (resource > GMX_VIRT_VI)
		return GMX_SC_RESOURCE_ID | GMX_STS_DNR;
	count = virt_count(v, resource);
	taken = *virt_count(&c->virt, resource) + virt_assigned(c->s, resource) - *count;
	if (nr > VIRT_MAX || nr + taken > virt_flexible(c))
		return GMX_SC_CTRL_RESOURCES | GMX_STS_DNR;
	*count = (uint16_t)nr;
	cmd->dw0 = nr;
	return 0;
}

static uint16_t virt_online(struct emu_virt *v)
{
	/* An admin queue, an I/O queue and a vector are the least to work with. */
	if (v->vq < 2 || v->vi < 1)
		return GMX_SC_SECONDARY_STATE | GMX_STS_DNR;
	v->online = true;
	return 0;
}

uint16_t emu_virt_mgmt_cmd(struct emu_cmd *cmd)
{
	unsigned int act = GMX_VIRT_ACT(emu_cdw10(cmd)), resource = GMX_VIRT_RT(emu_cdw10(cmd));
	unsigned int nr = emu_cdw11(cmd) & 0xffff;
	struct emu_virt *v;

	if (act == GMX_VIRT_PRIMARY_ALLOC)
		return virt_alloc_primary(cmd, resource, nr);
	if (act != GMX_VIRT_OFFLINE && act != GMX_VIRT_ASSIGN && act != GMX_VIRT_ONLINE)
		return VIRT_INVALID;
	v = cmd->ctrl->function ? NULL : virt_find(cmd->ctrl->s, (uint16_t)GMX_VIRT_CNTLID(emu_cdw10(cmd)));
	if (!v)
		return GMX_SC_CTRL_ID | GMX_STS_DNR;
	if (act == GMX_VIRT_ASSIGN)
		return virt_assign(cmd, v, resource, nr);
	if (act == GMX_VIRT_ONLINE)
		return virt_online(v);
	memset(v, 0, sizeof(*v));
	return 0;
}

void emu_virt_primary_caps(struct emu_ctrl *c, uint8_t *buf)
{
	unsigned int flexible = virt_flexible(c), max = EMU_MIN(flexible, (unsigned int)VIRT_MAX);
	struct gmx_primary_caps caps = {
		.cntlid = htole16(c->cntlid),
		.portid = htole16((uint16_t)c->function),
		.crt = flexible ? 1 << GMX_VIRT_VQ | 1 << GMX_VIRT_VI : 0,
		.vqfrt = htole32(flexible),
		.vqrfa = htole32(flexible ? virt_assigned(c->s, GMX_VIRT_VQ) : 0),
		.vqrfap = htole16(c->virt.vq),
		.vqprt = htole16((uint16_t)virt_private(c)),
		.vqfrsm = htole16((uint16_t)max),
		.vqgran = htole16(flexible != 0),
		.vifrt = htole32(flexible),
		.virfa = htole32(flexible ? virt_assigned(c->s, GMX_VIRT_VI) : 0),
		.virfap = htole16(c->virt.vi),
		.viprt = htole16((uint16_t)virt_private(c)),
		.vifrsm = htole16((uint16_t)max),
		.vigran = htole16(flexible != 0),
	};

	memcpy(buf, &caps, sizeof(caps));
}

void emu_virt_secondary_list(struct emu_ctrl *c, uint16_t from, uint8_t *buf)
{
	struct gmx_secondary_list list = { 0 };

	for (unsigned int i = 0; !c->function && i < virt_nr_secondary(c->s); i++) {
		const struct emu_virt *v = &c->s->secondary[i];
		struct gmx_secondary *e = &list.entry[list.nr];

		if (virt_cntlid(c->s, i) < from)
			continue;
		e->scid = htole16(virt_cntlid(c->s, i));
		e->pcid = htole16(c->cntlid);
		e->scs = v->online;
		e->vfn = htole16((uint16_t)(i + 1));
		e->nvq = htole16(v->vq);
		e->nvi = htole16(v->vi);
		list.nr++;
	}
	memcpy(buf, &list, sizeof(list));
}
