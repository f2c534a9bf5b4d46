// SPDX-License-Identifier: GPL-2.0-or-later
/* Namespace Management (5.20) and Namespace Attachment (5.19) */
#include <errno.h>

#include "emu.h"

#define MGMT_CREATE   0
#define MGMT_DELETE   1
#define ATTACH	      0
#define DETACH	      1
#define CTRL_LIST_MAX 2047u

struct ctrl_list { /* (4.11) */
	__le16 nr;
	__le16 id[CTRL_LIST_MAX];
};

static_assert(sizeof(struct ctrl_list) == GMX_IDENTIFY_SIZE, "a controller list is 4096 bytes");

static uint16_t mgmt_create(struct emu_cmd *cmd)
{
	struct emu_subsys *s = cmd->ctrl->s;
	struct gmx_id_ns id;
	char error[EMU_ERROR_SIZE];
	unsigned int lbaf;
	uint64_t nsze, bytes;
	struct emu_ns *ns;
	uint16_t status;

	if (emu_nsid(cmd))
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	status = emu_cmd_from_host(cmd, &id, sizeof(id));
	if (status)
		return status;
	nsze = le64toh(id.nsze);
	lbaf = GMX_FLBAS_INDEX(id.flbas);
	if (lbaf >= emu_family_nr_lbaf(s->traits) || id.flbas & 0x80 || id.dps)
		return GMX_SC_FORMAT_INVALID | GMX_STS_DNR;
	if (!nsze || le64toh(id.ncap) > nsze || id.nmic & ~GMX_NMIC_SHARED || id.anagrpid || id.nvmsetid || id.endgid)
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	if (le64toh(id.ncap) < nsze)
		return GMX_SC_THIN_UNSUPPORTED | GMX_STS_DNR;
	bytes = nsze > (uint64_t)INT64_MAX >> emu_lbafs[lbaf].shift ? INT64_MAX : nsze << emu_lbafs[lbaf].shift;
	if (bytes > emu_ns_unallocated(s)) {
		cmd->error_info = bytes;
		return GMX_SC_NS_NO_CAPACITY | GMX_STS_DNR;
	}
	for (ns = s->ns; ns < s->ns + EMU_MAX_NS && ns->nsid;)
		ns++;
	if (ns == s->ns + EMU_MAX_NS)
		return GMX_SC_NS_ID_UNAVAILABLE | GMX_STS_DNR;
	ns = emu_ns_create(s, bytes, lbaf, id.flbas & GMX_FLBAS_EXTENDED, id.nmic, false, error);
	if (!ns) {
		emu_log(s, EMU_LOG_ERROR, "namespace not created: %s", error);
		return GMX_SC_INTERNAL;
	}
	emu_ns_save(s);
	emu_event_add(s, GMX_VND_EV_NS_CREATED, ns->nsid, ns->nsze, "namespace created");
	cmd->dw0 = ns->nsid;
	return 0;
}

static uint16_t mgmt_delete_one(struct emu_ns *ns, struct emu_ctrl *by)
{
	return emu_ns_delete(ns, by) ? GMX_SC_INTERNAL : 0;
}

static uint16_t mgmt_deletable(const struct emu_ns *ns)
{
	if (ns->formatting)
		return GMX_SC_FORMAT_IN_PROGRESS;
	return ns->read_only ? GMX_SC_NS_WRITE_PROTECTED | GMX_STS_DNR : 0;
}

static uint16_t mgmt_delete(struct emu_cmd *cmd)
{
	struct emu_subsys *s = cmd->ctrl->s;
	struct emu_ns *ns = emu_ns_find(s, emu_nsid(cmd));
	uint16_t status = 0;

	if (ns) {
		status = mgmt_deletable(ns);
		return status ? status : mgmt_delete_one(ns, cmd->ctrl);
	}
	if (emu_nsid(cmd) != GMX_NSID_ALL)
		return (emu_nsid(cmd) && emu_nsid(cmd) <= EMU_MAX_NS ? GMX_SC_INVALID_FIELD : GMX_SC_INVALID_NS) | GMX_STS_DNR;
	for (unsigned int i = 0; i < EMU_MAX_NS && !status; i++)
		if (s->ns[i].nsid)
			status = mgmt_deletable(&s->ns[i]);
	for (unsigned int i = 0; i < EMU_MAX_NS && !status; i++)
		if (s->ns[i].nsid)
			status = mgmt_delete_one(&s->ns[i], cmd->ctrl);
	return status;
}

uint16_t emu_ns_mgmt_cmd(struct emu_cmd *cmd)
{
	switch (emu_cdw10(cmd) & 0xf) {
	case MGMT_CREATE: return mgmt_create(cmd);
	case MGMT_DELETE: return mgmt_delete(cmd);
	default: return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	}
}

/* The functions that a controller list names, as bits. The list has to be in ascending order. */
static uint16_t attach_list(struct emu_cmd *cmd, uint32_t *functions)
{
	struct emu_subsys *s = cmd->ctrl->s;
	struct ctrl_list list;
	unsigned int nr;
	uint16_t status = emu_cmd_from_host(cmd, &list, sizeof(list));

	if (status)
		return status;
	nr = le16toh(list.nr);
	if (!nr || nr > CTRL_LIST_MAX)
		return GMX_SC_CTRL_LIST | GMX_STS_DNR;
	*functions = 0;
	for (unsigned int i = 0; i < nr; i++) {
		unsigned int f = 0;

		while (f < s->nr_ctrls && s->ctrls[f]->cntlid != le16toh(list.id[i]))
			f++;
		if (f == s->nr_ctrls || (i && le16toh(list.id[i]) <= le16toh(list.id[i - 1])))
			return GMX_SC_CTRL_LIST | GMX_STS_DNR;
		*functions |= 1u << s->ctrls[f]->function;
	}
	return 0;
}

uint16_t emu_ns_attach_cmd(struct emu_cmd *cmd)
{
	struct emu_subsys *s = cmd->ctrl->s;
	struct emu_ns *ns = emu_ns_find(s, emu_nsid(cmd));
	unsigned int sel = emu_cdw10(cmd) & 0xf;
	uint32_t functions;
	uint16_t status;

	if (sel != ATTACH && sel != DETACH)
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	if (!emu_nsid(cmd) || (emu_nsid(cmd) > EMU_MAX_NS && emu_nsid(cmd) != GMX_NSID_ALL))
		return GMX_SC_INVALID_NS | GMX_STS_DNR;
	if (!ns)
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	status = attach_list(cmd, &functions);
	if (status)
		return status;
	if (sel == DETACH && functions & ~ns->attached)
		return GMX_SC_NS_NOT_ATTACHED | GMX_STS_DNR;
	if (sel == ATTACH && functions & ns->attached)
		return GMX_SC_NS_ATTACHED | GMX_STS_DNR;
	if (sel == ATTACH && !(ns->nmic & GMX_NMIC_SHARED) && (ns->attached || functions & (functions - 1)))
		return GMX_SC_NS_PRIVATE | GMX_STS_DNR;
	ns->attached ^= functions;
	emu_ns_save(s);
	for (unsigned int i = 0; i < s->nr_ctrls; i++)
		if (functions >> s->ctrls[i]->function & 1)
			emu_event_add(s, sel == ATTACH ? GMX_VND_EV_NS_ATTACHED : GMX_VND_EV_NS_DETACHED, ns->nsid,
				      s->ctrls[i]->cntlid, sel == ATTACH ? "namespace attached" : "namespace detached");
	emu_log_ns_changed(s, ns->nsid, cmd->ctrl);
	return 0;
}
