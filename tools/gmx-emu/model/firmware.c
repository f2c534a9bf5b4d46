// SPDX-License-Identifier: GPL-2.0-or-later
/* Firmware: download, commit, activation (8.1). */
#include "firmware.h"

#define FW_VERIFY_MS 20
#define FW_COMMIT_MS 30
#define FW_MTFA_MS   (EMU_FW_MTFA * 100u)

static uint64_t fw_ns(const struct emu_fw *fw, uint32_t ms)
{
	return ms * (fw->s->config.time_warp ? 10000ull : 1000000ull);
}

static void fw_discard(struct emu_fw *fw)
{
	memset(fw->map, 0, sizeof(fw->map));
	fw->received = 0;
	fw->end = 0;
	fw->sources = 0;
	fw->committed = false;
	if (fw->stage == GMX_VND_FW_DOWNLOADING)
		emu_slot_stage(fw, GMX_VND_FW_IDLE);
}

/* Firmware Image Download (5.12) */
uint16_t emu_fw_download_cmd(struct emu_cmd *cmd)
{
	struct emu_fw *fw = cmd->ctrl->s->fw;
	uint64_t len = ((uint64_t)emu_cdw10(cmd) + 1) * 4;
	uint64_t off = (uint64_t)emu_cdw11(cmd) * 4;
	uint64_t first = off / EMU_FW_GRANULARITY, end = first + len / EMU_FW_GRANULARITY;
	uint64_t max = EMU_MAX((uint64_t)EMU_ADMIN_MDTS, 4096ull << cmd->ctrl->s->traits->mdts);
	uint16_t status;

	if (len > max || len % EMU_FW_GRANULARITY || off % EMU_FW_GRANULARITY || off + len > GMX_VND_FW_MAX_IMAGE)
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	if (emu_fw_busy(fw))
		return GMX_SC_CMD_SEQ | GMX_STS_DNR;
	if (fw->committed)
		fw_discard(fw);
	for (uint64_t g = first; g < end; g++) {
		if (fw->map[g / 64] >> (g % 64) & 1)
			return GMX_SC_OVERLAPPING_RANGE | GMX_STS_DNR;
	}
	if (!fw->area)
		fw->area = malloc(GMX_VND_FW_MAX_IMAGE);
	if (!fw->area)
		return GMX_SC_INTERNAL;
	status = emu_cmd_from_host(cmd, fw->area + off, (uint32_t)len);
	if (status)
		return status;
	for (uint64_t g = first; g < end; g++)
		fw->map[g / 64] |= 1ull << (g % 64);
	fw->received += (uint32_t)len;
	fw->end = EMU_MAX(fw->end, (uint32_t)(off + len));
	fw->sources |= 1u << cmd->ctrl->function;
	emu_slot_stage(fw, GMX_VND_FW_DOWNLOADING);
	return 0;
}

static uint16_t fw_reset_status(enum gmx_vnd_fw_activation reset)
{
	switch (reset) {
	case GMX_VND_FW_CONVENTIONAL_RESET: return GMX_SC_FW_NEEDS_CONV_RESET;
	case GMX_VND_FW_SUBSYSTEM_RESET: return GMX_SC_FW_NEEDS_SUBSYS_RESET;
	default: return GMX_SC_FW_NEEDS_RESET;
	}
}

static bool fw_prohibited(const struct emu_fw *fw, const struct emu_image *image)
{
	return (fw->running.no_downgrade && image->version < fw->running.version) || fw->running.version < image->minimum;
}

/* Slot 0 in a command: the controller chooses; 0: there is none */
static unsigned int fw_choose(const struct emu_fw *fw, bool replace)
{
	unsigned int best = 0;

	if (!replace)
		return fw->next_slot ? fw->next_slot : fw->last_slot;
	for (unsigned int slot = FW_READONLY + 1; slot <= EMU_FW_SLOTS; slot++) {
		if (slot == fw->running_slot || slot == fw->next_slot)
			continue;
		if (!fw->slot[slot - 1].valid)
			return slot;
		if (!best)
			best = slot;
	}
	return best;
}

static void fw_cmd_gone(void *priv)
{
	struct emu_cmd *cmd = priv;
	struct emu_fw *fw = cmd->ctrl->s->fw;

	/* another function's commit may have begun since */
	if (fw->cmd == cmd)
		fw->cmd = NULL;
}

static void fw_job_end(struct emu_fw *fw, uint16_t status)
{
	struct emu_cmd *cmd = fw->cmd;

	emu_slot_stage(fw, GMX_VND_FW_IDLE);
	fw->committer = NULL;
	fw->committed |= fw->received > 0;
	emu_slot_tell(fw);
	if (cmd)
		emu_cmd_complete(cmd, status);
	if (fw->untold_ctrls)
		emu_slot_tell_later(fw);
}

static void fw_event(struct emu_fw *fw, uint16_t status)
{
	emu_event_add(fw->s, GMX_VND_EV_FW_COMMITTED, fw->job_slot, (uint64_t)GMX_STS_CODE(status) << 16 | fw->action,
		      fw->slot[fw->job_slot - 1].revision);
}

/* Refused: nothing has changed. */
static void fw_refuse(struct emu_fw *fw, uint16_t status, const char *revision, const char *why)
{
	emu_log(fw->s, EMU_LOG_WARN, "firmware for slot %u refused: %s", fw->job_slot, why);
	fw_event(fw, status);
	emu_slot_result(fw, fw->job_slot, status, revision);
	fw_job_end(fw, status | GMX_STS_DNR);
}

static void fw_stage(struct emu_fw *fw, enum gmx_vnd_fw_stage stage, uint32_t ms)
{
	emu_slot_stage(fw, stage);
	emu_timer_set(fw->s, &fw->timer, emu_now(fw->s) + fw_ns(fw, ms));
}

static void fw_pause(struct emu_fw *fw, bool pause)
{
	for (unsigned int i = 0; i < fw->s->nr_ctrls; i++) {
		if (fw->s->ctrls[i])
			emu_regs_pause(fw->s->ctrls[i], pause);
	}
}

/* The image is in its slot: does it wait for a reset, or start now? */
static void fw_decide(struct emu_fw *fw)
{
	const struct emu_image *image = &fw->slot[fw->job_slot - 1];
	bool now = fw->action == GMX_FW_ACTIVATE_NOW && image->activation == GMX_VND_FW_IMMEDIATE;
	uint16_t status = 0;

	if (now && image->activation_ms > FW_MTFA_MS) {
		status = GMX_SC_FW_NEEDS_MAX_TIME;
	} else if (now) {
		/* Paused before the event, so that a host which looks at once finds CSTS.PP set. */
		fw_event(fw, 0);
		fw_pause(fw, true);
		emu_aer_send_all(fw->s, GMX_AEN_NOTICE, GMX_AEN_NOTICE_FW_ACT, GMX_LOG_FW_SLOT);
		fw_stage(fw, GMX_VND_FW_ACTIVATING, image->activation_ms);
		return;
	} else if (fw->action != GMX_FW_REPLACE) {
		fw->next_slot = fw->job_slot;
		fw->next_reset = EMU_MAX(image->activation, GMX_VND_FW_CONTROLLER_RESET);
		if (fw->action == GMX_FW_ACTIVATE_NOW || image->activation > GMX_VND_FW_CONTROLLER_RESET)
			status = fw_reset_status(fw->next_reset);
	}
	fw_event(fw, status);
	emu_slot_result(fw, fw->job_slot, status, image->revision);
	emu_slot_save(fw);
	fw_job_end(fw, status);
}

static void fw_verify(struct emu_fw *fw)
{
	struct emu_image image = fw->slot[fw->job_slot - 1];
	const char *why = image.valid ? NULL : "the slot is empty";

	if (fw->replace && fw->received != fw->end)
		why = "parts of it did not come";
	else if (fw->replace)
		why = emu_image_parse(fw->s->traits, fw->area, fw->end, &image);
	if (fw->replace && !why)
		emu_event_add(fw->s, GMX_VND_EV_FW_DOWNLOADED, 0, fw->end, image.revision);
	if (why)
		fw_refuse(fw, GMX_SC_FW_IMAGE, "", why);
	else if (fw->action != GMX_FW_REPLACE && fw_prohibited(fw, &image))
		fw_refuse(fw, GMX_SC_FW_PROHIBITED, image.revision, "not from the version that runs");
	else if (fw->replace)
		fw_stage(fw, GMX_VND_FW_COMMITTING, FW_COMMIT_MS);
	else
		fw_decide(fw);
}

static void fw_commit(struct emu_fw *fw)
{
	char name[32];

	emu_slot_name(fw->job_slot, name, sizeof(name));
	if (emu_file_replace(fw->s, name, fw->area, fw->end)) {
		fw_refuse(fw, GMX_SC_INTERNAL, "", "it could not be stored");
		return;
	}
	emu_slot_load(fw, fw->job_slot);
	fw_decide(fw);
}

static void fw_activate(struct emu_fw *fw)
{
	bool good = emu_slot_activate(fw, fw->job_slot);

	fw_pause(fw, false);
	fw_job_end(fw, good ? 0 : GMX_SC_FW_IMAGE | GMX_STS_DNR);
}

void emu_fw_timer(struct emu_timer *t)
{
	struct emu_fw *fw = EMU_ENTRY(t, struct emu_fw, timer);

	if (fw->stage == GMX_VND_FW_VERIFYING)
		fw_verify(fw);
	else if (fw->stage == GMX_VND_FW_COMMITTING)
		fw_commit(fw);
	else if (fw->stage == GMX_VND_FW_ACTIVATING)
		fw_activate(fw);
}

/* Firmware Commit (5.11) */
uint16_t emu_fw_commit_cmd(struct emu_cmd *cmd)
{
	struct emu_fw *fw = cmd->ctrl->s->fw;
	unsigned int action = GMX_FW_ACTION(emu_cdw10(cmd)), slot = GMX_FW_SLOT(emu_cdw10(cmd));
	bool replace;

	/* Actions 4 and 5 are reserved, 6 and 7 need boot partitions, which there are none of. */
	if (action > GMX_FW_ACTIVATE_NOW)
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	if (slot > EMU_FW_SLOTS)
		return GMX_SC_FW_SLOT | GMX_STS_DNR;
	if (emu_fw_busy(fw))
		return GMX_SC_CMD_SEQ | GMX_STS_DNR;
	replace = action != GMX_FW_ACTIVATE && (action != GMX_FW_ACTIVATE_NOW || (fw->received && !fw->committed));
	if (replace && slot == FW_READONLY)
		return GMX_SC_FW_SLOT | GMX_STS_DNR;
	if (replace && !fw->received)
		return GMX_SC_FW_IMAGE | GMX_STS_DNR;
	if (!slot)
		slot = fw_choose(fw, replace);
	if (!slot)
		return GMX_SC_FW_SLOT | GMX_STS_DNR;
	fw->action = action;
	fw->job_slot = slot;
	fw->replace = replace;
	fw->committer = cmd->ctrl;
	fw->cmd = cmd;
	cmd->priv = cmd;
	cmd->free_priv = fw_cmd_gone;
	fw_stage(fw, GMX_VND_FW_VERIFYING, FW_VERIFY_MS);
	return EMU_PENDING;
}

/* A reset ends a download and a commit that is not done (5.11); an activation that has begun is finished. */
void emu_fw_ctrl_reset(struct emu_ctrl *c)
{
	struct emu_fw *fw = c->s->fw;

	if (!fw)
		return;
	if (fw->stage == GMX_VND_FW_ACTIVATING) {
		if (fw->committer == c)
			fw->cmd = NULL;
		emu_timer_cancel(fw->s, &fw->timer);
		fw_activate(fw);
	} else if (emu_fw_busy(fw) && fw->committer == c) {
		emu_timer_cancel(fw->s, &fw->timer);
		fw->cmd = NULL;
		fw->committer = NULL;
		emu_slot_stage(fw, GMX_VND_FW_IDLE);
		fw_discard(fw);
	} else if (!emu_fw_busy(fw) && fw->sources & 1u << c->function) {
		fw_discard(fw);
	}
	emu_fw_reset(c->s, GMX_VND_FW_CONTROLLER_RESET);
}

void emu_fw_reset(struct emu_subsys *s, enum gmx_vnd_fw_activation kind)
{
	struct emu_fw *fw = s->fw;

	if (!fw || !fw->next_slot || emu_fw_busy(fw) || fw->next_reset > kind)
		return;
	emu_slot_activate(fw, fw->next_slot);
	emu_slot_tell_later(fw);
}

uint16_t emu_fw_pending(struct emu_subsys *s)
{
	if (!s->fw || (!s->fw->next_slot && !emu_fw_busy(s->fw)))
		return 0;
	return s->fw->next_slot ? fw_reset_status(s->fw->next_reset) : GMX_SC_CMD_SEQ;
}
