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

/* Steps name themselves in what they say went wrong */
int fw_open(struct ctl *ctl, int arg, struct fw *fw);
int fw_refresh(struct ctl *ctl, struct fw *fw);
void fw_close(struct fw *fw);
int fw_load(struct ctl *ctl, const char *path, char **data, size_t *len, struct libgmx_fw_image *image);
int fw_verify(struct ctl *ctl, const char *path, const char *data, size_t len, char comment[256], bool must);
int fw_fits(struct ctl *ctl, const struct fw *fw, const struct libgmx_fw_image *image, const char *path);
int fw_download(struct ctl *ctl, struct fw *fw, const char *data, size_t len);
/* @action as Firmware Commit has it; @waits: the reset that has still to come, 0 none */
int fw_commit(struct ctl *ctl, struct fw *fw, unsigned int slot, unsigned int action, bool reset, unsigned int *waits);

#endif
