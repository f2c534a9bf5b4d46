/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Firmware of a controller: what there is, and the steps of a change. */
#ifndef GMXCTL_FW_H
#define GMXCTL_FW_H

#include "ctl.h"

struct fw {
	char name[32];
	struct libgmx_ctrl *ctrl;
	struct libgmx_id_ctrl id;
	struct libgmx_fw_slots slots;
	struct libgmx_fw_state state; /* of log page C8h */
	bool has_state;
	bool driver; /* has the calls of <linux/gmx.h> */
};

/* Which resets a change may make by itself */
enum fw_reset { FW_NO_RESET, FW_CONTROLLER_RESET, FW_ANY_RESET };

/* The part of a change that begins: what goes wrong from here on names it. By name, which is one of the table's */
void fw_stage(struct ctl *ctl, const char *name);
int fw_open(struct ctl *ctl, int arg, struct fw *fw);
int fw_refresh(struct ctl *ctl, struct fw *fw);
void fw_close(struct fw *fw);
int fw_load(struct ctl *ctl, const char *path, char **data, size_t *len, struct libgmx_fw_image *image);
/* @verified (may be NULL): by a key that is trusted. Without @must an image that has no signature is none to complain of */
int fw_verify(struct ctl *ctl, const char *path, const char *data, size_t len, char comment[256], bool must, bool *verified);
int fw_fits(struct ctl *ctl, const struct fw *fw, const struct libgmx_fw_image *image, const char *path);
int fw_download(struct ctl *ctl, struct fw *fw, const char *data, size_t len);
/* @action as Firmware Commit has it; @waits: the reset that has still to come, 0 none */
int fw_commit(struct ctl *ctl, struct fw *fw, unsigned int slot, unsigned int action, enum fw_reset reset, unsigned int *waits);
/* The slot that the last commit was about; 0: not known */
unsigned int fw_stored_slot(struct fw *fw);

#endif
