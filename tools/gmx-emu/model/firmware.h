/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Firmware, between firmware.c (what hosts ask for) and slot.c (what is stored, and what runs). */
#ifndef EMU_FIRMWARE_H
#define EMU_FIRMWARE_H

#include "emu.h"

#define FW_GRANULES (GMX_VND_FW_MAX_IMAGE / EMU_FW_GRANULARITY)
#define FW_READONLY 1 /* slot */

struct emu_fw {
	struct emu_subsys *s;
	struct emu_image slot[EMU_FW_SLOTS]; /* what the files hold, [slot - 1] */
	struct emu_image running;
	unsigned int running_slot;
	unsigned int previous_slot;
	unsigned int next_slot; /* 0: no activation waits */
	enum gmx_vnd_fw_activation next_reset;

	uint8_t *area;			/* the download */
	uint64_t map[FW_GRANULES / 64]; /* granules that came */
	uint32_t received, end;
	uint32_t sources; /* bit by function that sent some */
	bool committed;	  /* the next download begins a new image */

	struct emu_cmd *cmd; /* commit that runs; NULL: its controller was reset */
	struct emu_ctrl *committer;
	unsigned int action, job_slot;
	bool replace; /* with what was downloaded */
	struct emu_timer timer;
	uint64_t stage_begun;

	enum gmx_vnd_fw_stage stage;
	unsigned int last_slot;
	uint16_t last_status;
	char last_revision[8];
	uint32_t activations, failures;
	uint64_t changed;

	/* What nobody could be told when it happened: at power on, in the middle of a reset */
	struct emu_timer tell_timer;
	unsigned int tell_tries;
	bool untold_activated;
	unsigned int untold_failed; /* slot */
	uint32_t untold_ctrls;	    /* bit by function */
};

/* firmware.c */
void emu_fw_timer(struct emu_timer *t);
static inline bool emu_fw_busy(const struct emu_fw *fw)
{
	return fw->stage >= GMX_VND_FW_VERIFYING;
}

/* slot.c */
void emu_slot_name(unsigned int slot, char *name, size_t size);
void emu_slot_load(struct emu_fw *fw, unsigned int slot);
void emu_slot_save(struct emu_fw *fw);
void emu_slot_stage(struct emu_fw *fw, enum gmx_vnd_fw_stage stage);
void emu_slot_result(struct emu_fw *fw, unsigned int slot, uint16_t status, const char *revision);
/* Runs the slot's image, or stays with the one that runs. Who is told: emu_slot_tell(), now or later. */
bool emu_slot_activate(struct emu_fw *fw, unsigned int slot);
void emu_slot_tell(struct emu_fw *fw);
void emu_slot_tell_later(struct emu_fw *fw);

#endif
