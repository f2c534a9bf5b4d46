// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Firmware slots: their files, which of them runs, and which waits for a reset; log pages 03h and C8h. A slot's file is
 * whole before NVRAM names it, so every instant is a valid state.
 */
#include <errno.h>

#include "firmware.h"

#define FW_TELL_MS    20
#define FW_TELL_TRIES 3000

void emu_slot_stage(struct emu_fw *fw, enum gmx_vnd_fw_stage stage)
{
	fw->stage = stage;
	fw->stage_begun = emu_now(fw->s);
	fw->changed = fw->s->ops->wall(fw->s->host);
}

void emu_slot_save(struct emu_fw *fw)
{
	json_object *o = json_object_new_object();

	json_object_object_add(o, "running", json_object_new_int((int)fw->running_slot));
	json_object_object_add(o, "previous", json_object_new_int((int)fw->previous_slot));
	json_object_object_add(o, "next", json_object_new_int((int)fw->next_slot));
	json_object_object_add(o, "next-reset", json_object_new_int((int)fw->next_reset));
	json_object_object_add(o, "activations", json_object_new_int64(fw->activations));
	json_object_object_add(o, "failures", json_object_new_int64(fw->failures));
	json_object_object_add(o, "last-slot", json_object_new_int((int)fw->last_slot));
	json_object_object_add(o, "last-status", json_object_new_int(fw->last_status));
	json_object_object_add(o, "last-revision", json_object_new_string_len(fw->last_revision, sizeof(fw->last_revision)));
	emu_nvram_set(fw->s, "firmware", o);
	emu_nvram_save(fw->s);
}

/* 0..max, or 0 for what is not there */
static unsigned int slot_number(json_object *o, const char *key, uint32_t max)
{
	json_object *v;
	int64_t n;

	if (!json_object_object_get_ex(o, key, &v))
		return 0;
	n = json_object_get_int64(v);
	return n < 0 || n > max ? 0 : (unsigned int)n;
}

static void slot_restore(struct emu_fw *fw)
{
	json_object *o = emu_nvram_get(fw->s, "firmware"), *v;

	fw->running_slot = slot_number(o, "running", EMU_FW_SLOTS);
	fw->previous_slot = slot_number(o, "previous", EMU_FW_SLOTS);
	fw->next_slot = slot_number(o, "next", EMU_FW_SLOTS);
	fw->next_reset = slot_number(o, "next-reset", GMX_VND_FW_SUBSYSTEM_RESET);
	fw->activations = slot_number(o, "activations", UINT32_MAX);
	fw->failures = slot_number(o, "failures", UINT32_MAX);
	fw->last_slot = slot_number(o, "last-slot", EMU_FW_SLOTS);
	fw->last_status = (uint16_t)slot_number(o, "last-status", 0x7fff);
	if (json_object_object_get_ex(o, "last-revision", &v) && json_object_get_string_len(v) == sizeof(fw->last_revision))
		memcpy(fw->last_revision, json_object_get_string(v), sizeof(fw->last_revision));
	if (!fw->running_slot)
		fw->running_slot = FW_READONLY;
	if (!fw->previous_slot)
		fw->previous_slot = FW_READONLY;
}

void emu_slot_name(unsigned int slot, char *name, size_t size)
{
	snprintf(name, size, "fw-slot%u.img", slot);
}

void emu_slot_load(struct emu_fw *fw, unsigned int slot)
{
	struct emu_image *image = &fw->slot[slot - 1];
	const char *why = NULL;
	uint8_t *buf = NULL;
	char name[32];
	size_t len;
	int ret;

	emu_slot_name(slot, name, sizeof(name));
	memset(image, 0, sizeof(*image));
	ret = emu_file_load(fw->s, name, GMX_VND_FW_MAX_IMAGE, &buf, &len);
	if (!ret)
		why = emu_image_parse(fw->s->traits, buf, len, image);
	if (why || (ret && ret != -ENOENT))
		emu_log(fw->s, EMU_LOG_WARN, "firmware slot %u (%s/%s) counts as empty: %s", slot, fw->s->dir, name,
			why ? why : strerror(-ret));
	free(buf);
}

static int slot_factory(struct emu_fw *fw)
{
	size_t len;
	uint8_t *buf = emu_image_factory(fw->s->traits, &len);
	char name[32];
	int ret = -ENOMEM;

	emu_slot_name(FW_READONLY, name, sizeof(name));
	if (buf)
		ret = emu_file_replace(fw->s, name, buf, len);
	free(buf);
	if (!ret)
		emu_slot_load(fw, FW_READONLY);
	return ret;
}

/* Does the image of this slot start? fresh: it did not run before, so a fault may stop it. */
static bool slot_starts(struct emu_fw *fw, unsigned int slot, bool fresh)
{
	const struct emu_image *image = &fw->slot[slot - 1];

	if (!image->valid || image->fails_activation)
		return false;
	return !(fresh && fw->s->faults && emu_fault_fw_activation_fails(fw->s));
}

void emu_slot_result(struct emu_fw *fw, unsigned int slot, uint16_t status, const char *revision)
{
	fw->last_slot = slot;
	fw->last_status = GMX_STS_CODE(status);
	memset(fw->last_revision, 0, sizeof(fw->last_revision));
	memcpy(fw->last_revision, revision, strnlen(revision, sizeof(fw->last_revision)));
}

void emu_slot_tell(struct emu_fw *fw)
{
	struct emu_subsys *s = fw->s;
	char text[80];

	if (fw->untold_activated) {
		fw->untold_activated = false;
		emu_event_add(s, GMX_VND_EV_FW_ACTIVATED, fw->running_slot, 0, fw->running.revision);
	}
	if (fw->untold_failed) {
		snprintf(text, sizeof(text), "firmware of slot %u did not start, slot %u runs on", fw->untold_failed,
			 fw->running_slot);
		emu_event_add(s, GMX_VND_EV_FW_FAILED, fw->untold_failed, GMX_SC_FW_IMAGE, text);
		emu_telemetry_capture(s, true, text);
		fw->untold_failed = 0;
	}
	for (unsigned int i = 0; i < EMU_MAX_FUNCTIONS; i++) {
		struct emu_ctrl *c = i < s->nr_ctrls ? s->ctrls[i] : NULL;

		if (c && !(c->csts & GMX_CSTS_RDY))
			continue;
		if (c && fw->untold_ctrls & 1u << i)
			emu_error_report(c, GMX_AEN_ERROR_FW_LOAD, 0xffff, GMX_SC_FW_IMAGE);
		fw->untold_ctrls &= ~(1u << i);
	}
}

/* A controller in reset can't be told: it is tried again until it is ready, for a minute. */
static void slot_tell_timer(struct emu_timer *t)
{
	struct emu_fw *fw = EMU_ENTRY(t, struct emu_fw, tell_timer);

	emu_slot_tell(fw);
	if (fw->untold_ctrls && fw->tell_tries--)
		emu_timer_set(fw->s, t, emu_now(fw->s) + FW_TELL_MS * 1000000ull);
}

void emu_slot_tell_later(struct emu_fw *fw)
{
	fw->tell_tries = FW_TELL_TRIES;
	emu_timer_set(fw->s, &fw->tell_timer, emu_now(fw->s));
}

bool emu_slot_activate(struct emu_fw *fw, unsigned int slot)
{
	bool good = slot_starts(fw, slot, true);

	if (good) {
		if (slot != fw->running_slot)
			fw->previous_slot = fw->running_slot;
		fw->running_slot = slot;
		fw->running = fw->slot[slot - 1];
		fw->activations++;
		fw->untold_activated = true;
		emu_log(fw->s, EMU_LOG_INFO, "firmware %s of slot %u runs", fw->running.revision, slot);
	} else {
		fw->failures++;
		fw->untold_failed = slot;
		fw->untold_ctrls = (1u << EMU_MAX_FUNCTIONS) - 1;
		emu_log(fw->s, EMU_LOG_WARN, "firmware of slot %u does not start: slot %u runs on", slot, fw->running_slot);
	}
	fw->next_slot = 0;
	fw->next_reset = GMX_VND_FW_IMMEDIATE;
	emu_slot_result(fw, slot, good ? 0 : GMX_SC_FW_IMAGE, fw->slot[slot - 1].revision);
	emu_slot_save(fw);
	return good;
}

/* The slot that ran, else the one before it, else what the device was made with; then what waits for this */
static void slot_power_on(struct emu_fw *fw)
{
	unsigned int ran = fw->running_slot, waits = fw->next_slot;

	if (!slot_starts(fw, fw->running_slot, false))
		fw->running_slot = slot_starts(fw, fw->previous_slot, false) ? fw->previous_slot : FW_READONLY;
	fw->running = fw->slot[fw->running_slot - 1];
	if (!waits && fw->running_slot != ran)
		waits = ran;
	if (!waits)
		return;
	emu_slot_activate(fw, waits);
	emu_slot_tell_later(fw);
}

/* What the image being downloaded says it has, once its first granule is there */
static uint32_t slot_total(const struct emu_fw *fw)
{
	struct gmx_vnd_fw_header h;

	if (!(fw->map[0] & 1))
		return 0;
	memcpy(&h, fw->area, sizeof(h));
	if (memcmp(h.magic, GMX_VND_FW_MAGIC, sizeof(h.magic)) || le32toh(h.image_length) > GMX_VND_FW_MAX_IMAGE)
		return 0;
	return le32toh(h.image_length);
}

static uint8_t slot_percent(const struct emu_fw *fw)
{
	uint64_t total = slot_total(fw), done = fw->received;

	if (emu_fw_busy(fw)) {
		done = emu_now(fw->s) - fw->stage_begun;
		total = fw->timer.due == EMU_NEVER ? 0 : fw->timer.due - fw->stage_begun;
	} else if (fw->stage == GMX_VND_FW_IDLE) {
		return 0;
	}
	return total ? (uint8_t)EMU_MIN(100, done * 100 / total) : 0;
}

void emu_fw_update_info(struct emu_subsys *s, struct gmx_vnd_log_fw *u)
{
	struct emu_fw *fw = s->fw;

	memset(u, 0, sizeof(*u));
	u->length = htole16(sizeof(*u));
	u->version = htole16(GMX_VND_VERSION);
	u->stage = (uint8_t)fw->stage;
	u->slot = (uint8_t)(emu_fw_busy(fw) ? fw->job_slot : fw->last_slot);
	u->last_status = htole16(fw->last_status);
	u->bytes_received = htole32(fw->received);
	u->bytes_total = htole32(slot_total(fw));
	u->running_slot = (uint8_t)fw->running_slot;
	u->next_slot = (uint8_t)fw->next_slot;
	u->next_reset = (uint8_t)fw->next_reset;
	u->previous_slot = (uint8_t)fw->previous_slot;
	u->percent = slot_percent(fw);
	u->activations = htole32(fw->activations);
	u->failures = htole32(fw->failures);
	memcpy(u->running_revision, fw->running.revision, sizeof(u->running_revision));
	memcpy(u->last_revision, fw->last_revision, sizeof(u->last_revision));
	u->changed = htole64(fw->changed);
}

uint16_t emu_fw_log(struct emu_cmd *cmd, uint8_t **buf, size_t *len)
{
	*len = sizeof(struct gmx_log_fw_slot);
	*buf = malloc(*len);
	if (!*buf)
		return GMX_SC_INTERNAL;
	emu_fw_slot_info(cmd->ctrl->s, (struct gmx_log_fw_slot *)*buf);
	return 0;
}

uint16_t emu_fw_update_log(struct emu_cmd *cmd, uint8_t **buf, size_t *len)
{
	*len = sizeof(struct gmx_vnd_log_fw);
	*buf = malloc(*len);
	if (!*buf)
		return GMX_SC_INTERNAL;
	emu_fw_update_info(cmd->ctrl->s, (struct gmx_vnd_log_fw *)*buf);
	return 0;
}

const char *emu_fw_revision(struct emu_subsys *s)
{
	return s->fw->running.revision;
}

unsigned int emu_fw_running_slot(struct emu_subsys *s)
{
	return s->fw->running_slot;
}

bool emu_fw_has(struct emu_subsys *s, const char *feature)
{
	for (unsigned int i = 0; s->fw && i < s->fw->running.nr_features; i++) {
		if (!strcmp(s->fw->running.features[i], feature))
			return true;
	}
	return false;
}

void emu_fw_slot_info(struct emu_subsys *s, struct gmx_log_fw_slot *info)
{
	struct emu_fw *fw = s->fw;

	memset(info, 0, sizeof(*info));
	info->afi = (uint8_t)(fw->running_slot | fw->next_slot << 4);
	for (unsigned int i = 0; i < EMU_FW_SLOTS; i++)
		memcpy(info->frs[i], fw->slot[i].revision, sizeof(info->frs[i]));
}

int emu_fw_open(struct emu_subsys *s)
{
	struct emu_fw *fw = calloc(1, sizeof(*fw));
	int ret = 0;

	if (!fw)
		return -ENOMEM;
	fw->s = s;
	emu_timer_init(&fw->timer, emu_fw_timer);
	emu_timer_init(&fw->tell_timer, slot_tell_timer);
	s->fw = fw;
	slot_restore(fw);
	emu_slot_stage(fw, GMX_VND_FW_IDLE);
	for (unsigned int slot = 1; slot <= EMU_FW_SLOTS; slot++)
		emu_slot_load(fw, slot);
	if (!fw->slot[FW_READONLY - 1].valid)
		ret = slot_factory(fw);
	if (ret)
		emu_fw_close(s);
	else
		slot_power_on(fw);
	return ret;
}

void emu_fw_close(struct emu_subsys *s)
{
	struct emu_fw *fw = s->fw;

	if (!fw)
		return;
	emu_timer_cancel(s, &fw->timer);
	emu_timer_cancel(s, &fw->tell_timer);
	if (fw->cmd)
		fw->cmd->free_priv = NULL;
	free(fw->area);
	free(fw);
	s->fw = NULL;
}
