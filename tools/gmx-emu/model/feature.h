/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the features share. */
#ifndef EMU_FEATURE_H
#define EMU_FEATURE_H

#include "emu.h"

#define FEATURE_INVALID	   (GMX_SC_INVALID_FIELD | GMX_STS_DNR)
#define FEATURE_OWNER_SIZE 16

struct emu_feature {
	uint8_t id;
	uint8_t caps;  /* GMX_FEAT_CAP_* */
	bool subsys;   /* one value for all controllers */
	uint32_t mask; /* bits of dword 11 that mean something */
	uint32_t initial;
	bool (*there)(struct emu_ctrl *c);
	bool (*valid)(struct emu_ctrl *c, uint32_t value);
	uint16_t (*apply)(struct emu_ctrl *c, uint32_t value);
	/* Where one dword of the controller is not all of it */
	uint16_t (*set)(struct emu_cmd *cmd, const struct emu_feature *f, bool save);
	uint16_t (*get)(struct emu_cmd *cmd, const struct emu_feature *f, unsigned int sel);
	void (*reset)(struct emu_ctrl *c, const struct emu_feature *f);
};

/* Names in saved.c; owner has room for FEATURE_OWNER_SIZE */
const char *emu_feature_owner(struct emu_ctrl *c, const struct emu_feature *f, char *owner);
const char *emu_feature_key(const struct emu_feature *f);
/* Another controller that the host works with; what belongs to the subsystem is not reset under it. */
struct emu_ctrl *emu_feature_other(struct emu_ctrl *c);

/* feature_data.c: values that are a buffer of the host's */
uint16_t emu_feature_apst_set(struct emu_cmd *cmd, const struct emu_feature *f, bool save);
uint16_t emu_feature_apst_get(struct emu_cmd *cmd, const struct emu_feature *f, unsigned int sel);
void emu_feature_apst_reset(struct emu_ctrl *c, const struct emu_feature *f);
uint16_t emu_feature_hmb_set(struct emu_cmd *cmd, const struct emu_feature *f, bool save);
uint16_t emu_feature_hmb_get(struct emu_cmd *cmd, const struct emu_feature *f, unsigned int sel);
uint16_t emu_feature_timestamp_set(struct emu_cmd *cmd, const struct emu_feature *f, bool save);
uint16_t emu_feature_timestamp_get(struct emu_cmd *cmd, const struct emu_feature *f, unsigned int sel);
void emu_feature_timestamp_reset(struct emu_ctrl *c, const struct emu_feature *f);
uint16_t emu_feature_behavior_set(struct emu_cmd *cmd, const struct emu_feature *f, bool save);
uint16_t emu_feature_behavior_get(struct emu_cmd *cmd, const struct emu_feature *f, unsigned int sel);
void emu_feature_behavior_reset(struct emu_ctrl *c, const struct emu_feature *f);

/* feature_ns.c: a value a namespace */
uint16_t emu_feature_recovery_set(struct emu_cmd *cmd, const struct emu_feature *f, bool save);
uint16_t emu_feature_recovery_get(struct emu_cmd *cmd, const struct emu_feature *f, unsigned int sel);
void emu_feature_recovery_reset(struct emu_ctrl *c, const struct emu_feature *f);
uint16_t emu_feature_protect_set(struct emu_cmd *cmd, const struct emu_feature *f, bool save);
uint16_t emu_feature_protect_get(struct emu_cmd *cmd, const struct emu_feature *f, unsigned int sel);

#endif
