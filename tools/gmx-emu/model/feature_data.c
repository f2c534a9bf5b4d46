// SPDX-License-Identifier: GPL-2.0-or-later
/* Features whose value is a buffer of the host's: power state transitions, host memory, timestamp, host behavior */
#include "feature.h"

#define APST_KEY       "apst"
#define TIMESTAMP_MASK 0xffffffffffffull

/* An entry with a time names a non-operational state (5.21.1.12). */
static bool apst_valid(const uint8_t *table)
{
	for (unsigned int i = 0; i <= EMU_NPSS; i++) {
		uint32_t entry;

		memcpy(&entry, table + 8 * i, 4);
		entry = le32toh(entry);
		if (!GMX_APST_MS(entry))
			continue;
		if (GMX_APST_STATE(entry) > EMU_NPSS || !(emu_power_states[GMX_APST_STATE(entry)].flags & GMX_PSD_NOPS))
			return false;
	}
	return true;
}

uint16_t emu_feature_apst_set(struct emu_cmd *cmd, const struct emu_feature *f, bool save)
{
	struct emu_ctrl *c = cmd->ctrl;
	uint8_t table[GMX_APST_SIZE];
	char owner[FEATURE_OWNER_SIZE];
	uint16_t status = emu_cmd_from_host(cmd, table, sizeof(table));

	if (status)
		return status;
	if (!apst_valid(table))
		return FEATURE_INVALID;
	c->feat[f->id] = emu_cdw11(cmd) & f->mask;
	memcpy(c->apst, table, sizeof(c->apst));
	if (save) {
		emu_feature_owner(c, f, owner);
		emu_saved_set(c->s, owner, emu_feature_key(f), c->feat[f->id]);
		emu_saved_set_bytes(c->s, owner, APST_KEY, table, sizeof(table));
	}
	emu_power_apst_changed(c);
	return 0;
}

static uint32_t apst_saved(struct emu_ctrl *c, const struct emu_feature *f, uint8_t *table)
{
	char owner[FEATURE_OWNER_SIZE];
	uint32_t value;

	emu_feature_owner(c, f, owner);
	if (emu_saved_get(c->s, owner, emu_feature_key(f), &value) &&
	    emu_saved_get_bytes(c->s, owner, APST_KEY, table, GMX_APST_SIZE) && apst_valid(table))
		return value & f->mask;
	memset(table, 0, GMX_APST_SIZE);
	return f->initial;
}

uint16_t emu_feature_apst_get(struct emu_cmd *cmd, const struct emu_feature *f, unsigned int sel)
{
	uint8_t table[GMX_APST_SIZE] = { 0 };
	uint32_t value = f->initial;
	uint16_t status;

	if (sel == GMX_SEL_CURRENT) {
		value = cmd->ctrl->feat[f->id];
		memcpy(table, cmd->ctrl->apst, sizeof(table));
	} else if (sel == GMX_SEL_SAVED) {
		value = apst_saved(cmd->ctrl, f, table);
	}
	status = emu_cmd_to_host(cmd, table, sizeof(table));
	if (!status)
		cmd->dw0 = value;
	return status;
}

void emu_feature_apst_reset(struct emu_ctrl *c, const struct emu_feature *f)
{
	c->feat[f->id] = apst_saved(c, f, c->apst);
	emu_power_apst_changed(c);
}

uint16_t emu_feature_hmb_set(struct emu_cmd *cmd, const struct emu_feature *f, bool save)
{
	(void)f;
	(void)save;
	return emu_hmb_set(cmd);
}

uint16_t emu_feature_hmb_get(struct emu_cmd *cmd, const struct emu_feature *f, unsigned int sel)
{
	static const struct gmx_hmb_attrs none;

	(void)f;
	return sel == GMX_SEL_CURRENT ? emu_hmb_get(cmd) : emu_cmd_to_host(cmd, &none, sizeof(none));
}

uint64_t emu_feature_timestamp(struct emu_ctrl *c)
{
	return (c->timestamp_base + (emu_now(c->s) - c->timestamp_set_at) / 1000000) & TIMESTAMP_MASK;
}

uint16_t emu_feature_timestamp_set(struct emu_cmd *cmd, const struct emu_feature *f, bool save)
{
	struct emu_ctrl *c = cmd->ctrl;
	struct gmx_timestamp stamp;
	uint16_t status = emu_cmd_from_host(cmd, &stamp, sizeof(stamp));
	uint64_t before = emu_feature_timestamp(c), ms = 0;

	(void)f;
	(void)save;
	if (status)
		return status;
	memcpy(&ms, stamp.ms, sizeof(stamp.ms));
	c->timestamp_base = le64toh(ms);
	c->timestamp_set_at = emu_now(c->s);
	c->timestamp_origin = GMX_TIMESTAMP_HOST;
	emu_event_add(c->s, GMX_VND_EV_TIMESTAMP, c->function, before, "timestamp set by the host");
	return 0;
}

uint16_t emu_feature_timestamp_get(struct emu_cmd *cmd, const struct emu_feature *f, unsigned int sel)
{
	struct gmx_timestamp stamp = { 0 };
	uint64_t ms = htole64(emu_feature_timestamp(cmd->ctrl));

	(void)f;
	if (sel == GMX_SEL_CURRENT) {
		memcpy(stamp.ms, &ms, sizeof(stamp.ms));
		stamp.attr = (uint8_t)(cmd->ctrl->timestamp_origin << 1);
	}
	return emu_cmd_to_host(cmd, &stamp, sizeof(stamp));
}

/* Counts from zero after a reset (5.21.1.14). */
void emu_feature_timestamp_reset(struct emu_ctrl *c, const struct emu_feature *f)
{
	(void)f;
	c->timestamp_base = 0;
	c->reset_at = emu_now(c->s);
	c->timestamp_set_at = c->reset_at;
	c->timestamp_origin = GMX_TIMESTAMP_RESET;
}

uint16_t emu_feature_behavior_set(struct emu_cmd *cmd, const struct emu_feature *f, bool save)
{
	uint8_t behavior[GMX_HOST_BEHAVIOR_SIZE];
	uint16_t status = emu_cmd_from_host(cmd, behavior, sizeof(behavior));

	(void)f;
	(void)save;
	if (status)
		return status;
	if (behavior[0] > 1)
		return FEATURE_INVALID;
	cmd->ctrl->host_behavior[0] = behavior[0];
	return 0;
}

uint16_t emu_feature_behavior_get(struct emu_cmd *cmd, const struct emu_feature *f, unsigned int sel)
{
	static const uint8_t none[GMX_HOST_BEHAVIOR_SIZE];

	(void)f;
	return emu_cmd_to_host(cmd, sel == GMX_SEL_CURRENT ? cmd->ctrl->host_behavior : none, sizeof(none));
}

void emu_feature_behavior_reset(struct emu_ctrl *c, const struct emu_feature *f)
{
	(void)f;
	memset(c->host_behavior, 0, sizeof(c->host_behavior));
}
