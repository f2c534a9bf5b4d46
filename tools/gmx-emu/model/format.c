// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Format NVM (5.23). What a namespace is to become is in NVRAM before the command takes effect, and its blocks go when its
 * time is over: cut short at any instant, the format is finished at the next start (ns.c).
 */
#include "emu.h"

#define FORMAT_STEPS  10u
#define FORMAT_STEP   100000000u /* ns */
#define FORMAT_WARPED 500000u

#define FORMAT_LBAF(cdw10) ((cdw10) & 0xf)
#define FORMAT_MSET(cdw10) ((cdw10) >> 4 & 1)
#define FORMAT_PI(cdw10)   ((cdw10) >> 5 & 0xf) /* PI and PIL */
#define FORMAT_SES(cdw10)  ((cdw10) >> 9 & 7)

enum { SES_NONE, SES_USER_DATA, SES_CRYPTO };

struct emu_format {
	struct emu_format *next;
	struct emu_subsys *s;
	struct emu_cmd *cmd; /* NULL: its controller was reset, which stops no format */
	struct emu_timer timer;
	uint64_t step;	   /* ns */
	unsigned int left; /* steps */
	bool of[EMU_MAX_NS];
};

static void format_cmd_gone(void *priv)
{
	struct emu_format *f = priv;

	f->cmd = NULL;
}

static uint16_t format_finish(struct emu_format *f)
{
	struct emu_subsys *s = f->s;
	uint16_t status = 0;

	for (unsigned int i = 0; i < EMU_MAX_NS; i++) {
		struct emu_ns *ns = &s->ns[i];

		if (!f->of[i])
			continue;
		emu_drive_erase(ns->drive);
		ns->formatting = false;
		ns->format_percent_left = 0;
		if (emu_drive_failed(ns->drive))
			status = GMX_SC_INTERNAL;
		else
			emu_ns_set_format(ns, ns->format_lbaf, ns->format_extended, 0);
	}
	emu_ns_save(s);
	return emu_nvram_save(s) ? GMX_SC_INTERNAL : status;
}

static void format_unlink(struct emu_format *f)
{
	struct emu_format **link = &f->s->formats;

	while (*link != f)
		link = &(*link)->next;
	*link = f->next;
}

static void format_tick(struct emu_timer *t)
{
	struct emu_format *f = EMU_ENTRY(t, struct emu_format, timer);
	struct emu_subsys *s = f->s;
	struct emu_ctrl *by = f->cmd ? f->cmd->ctrl : NULL;
	uint16_t status;

	f->left--;
	for (unsigned int i = 0; i < EMU_MAX_NS; i++)
		if (f->of[i])
			s->ns[i].format_percent_left = (uint8_t)(100 * f->left / FORMAT_STEPS);
	if (f->left) {
		emu_timer_set(s, t, emu_now(s) + f->step);
		return;
	}
	status = format_finish(f);
	format_unlink(f);
	for (unsigned int i = 0; i < EMU_MAX_NS; i++) {
		if (!f->of[i])
			continue;
		emu_event_add(s, GMX_VND_EV_FORMAT_DONE, i + 1, status, status ? "format failed" : "format done");
		emu_log_ns_changed(s, i + 1, by);
	}
	if (f->cmd)
		emu_cmd_complete(f->cmd, status);
	free(f);
}

static uint16_t format_check(struct emu_cmd *cmd)
{
	const struct emu_traits *traits = cmd->ctrl->s->traits;
	uint32_t cdw10 = emu_cdw10(cmd), nsid = emu_nsid(cmd);

	if (!nsid || (nsid > EMU_MAX_NS && nsid != GMX_NSID_ALL))
		return GMX_SC_INVALID_NS | GMX_STS_DNR;
	if (nsid != GMX_NSID_ALL && !emu_ns_find(cmd->ctrl->s, nsid))
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	if (FORMAT_LBAF(cdw10) >= emu_family_nr_lbaf(traits) || FORMAT_PI(cdw10))
		return GMX_SC_FORMAT_INVALID | GMX_STS_DNR;
	if (FORMAT_SES(cdw10) > SES_CRYPTO || (FORMAT_SES(cdw10) == SES_CRYPTO && traits->id != EMU_G3))
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	return 0;
}

static uint16_t format_check_ns(const struct emu_ns *ns)
{
	if (ns->formatting)
		return GMX_SC_FORMAT_IN_PROGRESS;
	if (ns->read_only)
		return GMX_SC_NS_WRITE_PROTECTED | GMX_STS_DNR;
	return emu_drive_failed(ns->drive) ? GMX_SC_NS_NOT_READY | GMX_STS_DNR : 0;
}

static void format_begin(struct emu_format *f, uint32_t cdw10)
{
	for (unsigned int i = 0; i < EMU_MAX_NS; i++) {
		struct emu_ns *ns = &f->s->ns[i];

		if (!f->of[i])
			continue;
		emu_selftest_abort(f->s, GMX_SELFTEST_ABORTED_FORMAT, ns->nsid);
		ns->formatting = true;
		ns->format_percent_left = 100;
		ns->format_lbaf = FORMAT_LBAF(cdw10);
		ns->format_extended = FORMAT_MSET(cdw10);
		emu_event_add(f->s, GMX_VND_EV_FORMAT_START, ns->nsid, cdw10, "format begun");
	}
	emu_ns_save(f->s);
}

/* Any allocated namespace, or all that are attached (FNA 0). */
uint16_t emu_format_cmd(struct emu_cmd *cmd)
{
	struct emu_subsys *s = cmd->ctrl->s;
	uint16_t status = format_check(cmd);
	struct emu_format *f;

	if (status)
		return status;
	f = calloc(1, sizeof(*f));
	if (!f)
		return GMX_SC_INTERNAL;
	for (unsigned int i = 0; i < EMU_MAX_NS && !status; i++) {
		const struct emu_ns *ns = &s->ns[i];

		f->of[i] = ns->nsid &&
			   (emu_nsid(cmd) == GMX_NSID_ALL ? emu_ns_attached(ns, cmd->ctrl) : ns->nsid == emu_nsid(cmd));
		status = f->of[i] ? format_check_ns(ns) : 0;
	}
	if (status) {
		free(f);
		return status;
	}
	f->s = s;
	f->cmd = cmd;
	f->left = FORMAT_STEPS;
	f->step = s->config.time_warp ? FORMAT_WARPED : FORMAT_STEP;
	f->next = s->formats;
	s->formats = f;
	cmd->priv = f;
	cmd->free_priv = format_cmd_gone;
	emu_timer_init(&f->timer, format_tick);
	emu_timer_set(s, &f->timer, emu_now(s) + f->step);
	format_begin(f, emu_cdw10(cmd));
	emu_nvram_save(s);
	return EMU_PENDING;
}

void emu_format_close(struct emu_subsys *s)
{
	while (s->formats) {
		struct emu_format *f = s->formats;

		s->formats = f->next;
		if (f->cmd)
			f->cmd->free_priv = NULL;
		emu_timer_cancel(s, &f->timer);
		free(f);
	}
}
