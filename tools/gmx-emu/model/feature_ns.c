// SPDX-License-Identifier: GPL-2.0-or-later
/* Features of a namespace: Error Recovery, 05h, and Namespace Write Protection, 84h */
#include "feature.h"

/* What is saved belongs to this namespace, not to the next of its number. */
#define NS_IDENTITY "eui64"

static const char *ns_owner(uint32_t nsid, char *owner)
{
	snprintf(owner, FEATURE_OWNER_SIZE, "n%u", nsid);
	return owner;
}

/* Whether a command is meant for this one; the caller has checked that a single one is attached. */
static bool ns_meant(const struct emu_cmd *cmd, const struct emu_ns *ns)
{
	if (!ns->nsid || !emu_ns_attached(ns, cmd->ctrl))
		return false;
	return emu_nsid(cmd) == GMX_NSID_ALL || emu_nsid(cmd) == ns->nsid;
}

static uint32_t ns_recovery_saved(const struct emu_ns *ns, const struct emu_feature *f)
{
	uint8_t id[sizeof(ns->eui64)];
	char owner[FEATURE_OWNER_SIZE];
	uint32_t value;

	ns_owner(ns->nsid, owner);
	if (!emu_saved_get_bytes(ns->s, owner, NS_IDENTITY, id, sizeof(id)) || memcmp(id, ns->eui64, sizeof(id)) ||
	    !emu_saved_get(ns->s, owner, emu_feature_key(f), &value))
		return f->initial;
	return value & f->mask;
}

static void ns_recovery_save(const struct emu_ns *ns, const struct emu_feature *f, uint32_t value)
{
	char owner[FEATURE_OWNER_SIZE];

	ns_owner(ns->nsid, owner);
	emu_saved_set_bytes(ns->s, owner, NS_IDENTITY, ns->eui64, sizeof(ns->eui64));
	emu_saved_set(ns->s, owner, emu_feature_key(f), value);
}

uint16_t emu_feature_recovery_set(struct emu_cmd *cmd, const struct emu_feature *f, bool save)
{
	struct emu_subsys *s = cmd->ctrl->s;
	uint32_t value = emu_cdw11(cmd) & f->mask;

	if (emu_cdw11(cmd) & GMX_RECOVERY_DULBE & ~f->mask)
		return FEATURE_INVALID;
	for (unsigned int i = 0; i < EMU_MAX_NS; i++) {
		struct emu_ns *ns = &s->ns[i];

		if (!ns_meant(cmd, ns))
			continue;
		ns->error_recovery = value;
		if (save)
			ns_recovery_save(ns, f, value);
	}
	return 0;
}

uint16_t emu_feature_recovery_get(struct emu_cmd *cmd, const struct emu_feature *f, unsigned int sel)
{
	const struct emu_ns *ns = emu_ns_find(cmd->ctrl->s, emu_nsid(cmd));

	if (sel == GMX_SEL_CURRENT)
		cmd->dw0 = ns->error_recovery;
	else
		cmd->dw0 = sel == GMX_SEL_SAVED ? ns_recovery_saved(ns, f) : f->initial;
	return 0;
}

void emu_feature_recovery_reset(struct emu_ctrl *c, const struct emu_feature *f)
{
	if (emu_feature_other(c))
		return;
	for (unsigned int i = 0; i < EMU_MAX_NS; i++) {
		if (c->s->ns[i].nsid)
			c->s->ns[i].error_recovery = ns_recovery_saved(&c->s->ns[i], f);
	}
}

static uint16_t ns_protect(struct emu_cmd *cmd, struct emu_ns *ns, bool on)
{
	/* What was written before has to be on the medium first. */
	uint16_t status = on && !ns->read_only ? emu_drive_flush(ns) : 0;

	if (status || ns->read_only == on)
		return status;
	ns->read_only = on;
	emu_ns_save(ns->s);
	emu_log_ns_changed(ns->s, ns->nsid, cmd->ctrl);
	return 0;
}

uint16_t emu_feature_protect_set(struct emu_cmd *cmd, const struct emu_feature *f, bool save)
{
	uint32_t state = emu_cdw11(cmd) & f->mask;
	struct emu_subsys *s = cmd->ctrl->s;
	uint16_t status = 0;

	(void)save;
	if (state > GMX_WP_PROTECTED)
		return FEATURE_INVALID;
	for (unsigned int i = 0; i < EMU_MAX_NS && !status; i++) {
		if (ns_meant(cmd, &s->ns[i]))
			status = ns_protect(cmd, &s->ns[i], state);
	}
	return status;
}

uint16_t emu_feature_protect_get(struct emu_cmd *cmd, const struct emu_feature *f, unsigned int sel)
{
	(void)f;
	if (sel == GMX_SEL_CURRENT && emu_ns_find(cmd->ctrl->s, emu_nsid(cmd))->read_only)
		cmd->dw0 = GMX_WP_PROTECTED;
	return 0;
}
