// SPDX-License-Identifier: GPL-2.0-or-later
/* The steps of a firmware change, by the driver's calls where it has them, else by NVMe commands. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fw.h"
#include "ns.h"
#include "op.h"
#include "wait.h"

#define LOG_FW_SLOT 0x03
#define COMMIT_MS   60000
#define OP_POLL_MS  300
#define RESET_MS    60000

static const struct ctl_stage stages[] = {
	{ "check", "is the name right, and the file whole? The controller runs on unchanged" },
	{ "signature", "get the image and its signature again; the controller runs on unchanged" },
	{ "fit", "gmxctl controller list and gmxctl fw list show what there is; the controller runs on unchanged" },
	{ "confirm", "--yes does it without asking, --dry-run only shows what would be done" },
	{ "download",
	  "gmxctl status says how the controller is, which runs on unchanged; gmxctl controller reset drops what it has of the image" },
	{ "commit", "gmxctl event list says why, gmxctl fw list shows the slots; the controller runs on" },
	{ "activate", "gmxctl event list says why, gmxctl fw list shows which image runs" },
	{ "reset", "gmxctl status says how the controller is; gmxctl controller reset makes the reset again" },
	{ "identify", "gmxctl fw list shows which image runs, gmxctl status how the controller is" },
};

static const struct ctl_stage *stage_of(const char *name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(stages); i++)
		if (!strcmp(stages[i].name, name))
			return &stages[i];
	return NULL;
}

void fw_stage(struct ctl *ctl, const char *name)
{
	ctl->stage = stage_of(name);
}

/* Where the driver says that its operation ended; what it has more of than the table belongs to the commit */
static void stage_of_op(struct ctl *ctl, unsigned int stage)
{
	fw_stage(ctl, stage == GMX_IOC_STAGE_REFRESH ? "identify" : op_stage_name(stage));
	if (!ctl->stage)
		fw_stage(ctl, "commit");
}

/* By the driver: needs no privilege beyond the open node */
static bool refresh_by_driver(struct fw *fw)
{
	struct gmx_ioc_fw_info io = { .flags = 0 };

	if (libgmx_drv_fw_info(fw->ctrl, &io))
		return false;
	fw->slots.running = fw->state.running_slot = io.running_slot;
	fw->slots.next = fw->state.next_slot = io.next_slot;
	fw->state.next_reset = io.next_reset;
	fw->state.previous_slot = io.previous_slot;
	for (unsigned int i = 0; i < 7; i++)
		snprintf(fw->slots.revision[i], sizeof(fw->slots.revision[i]), "%.8s", io.revision[i + 1]);
	fw->has_state = true;
	return true;
}

int fw_refresh(struct ctl *ctl, struct fw *fw)
{
	uint8_t data[512];
	int status = ns_identify_ctrl(ctl, fw->ctrl, &fw->id), rc;

	if (status)
		return status;
	memset(&fw->slots, 0, sizeof(fw->slots));
	memset(&fw->state, 0, sizeof(fw->state));
	fw->driver = refresh_by_driver(fw);
	if (fw->driver)
		return CTL_OK;
	rc = libgmx_log(fw->ctrl, LOG_FW_SLOT, LIBGMX_ALL_NAMESPACES, 0, true, 0, data, sizeof(data));
	if (!rc)
		rc = libgmx_decode_fw_slots(data, sizeof(data), &fw->slots);
	if (rc)
		return ctl_fail_rc(ctl, rc, "firmware slots of %s", fw->name);
	fw->has_state = !libgmx_log(fw->ctrl, LIBGMX_LOG_FIRMWARE, 0, 0, true, 0, data, 64) &&
			!libgmx_decode_fw_state(data, 64, &fw->state);
	return CTL_OK;
}

unsigned int fw_stored_slot(struct fw *fw)
{
	struct libgmx_fw_state state;
	uint8_t data[64];

	if (libgmx_log(fw->ctrl, LIBGMX_LOG_FIRMWARE, 0, 0, true, 0, data, sizeof(data)) ||
	    libgmx_decode_fw_state(data, sizeof(data), &state))
		return 0;
	return state.slot;
}

int fw_open(struct ctl *ctl, int arg, struct fw *fw)
{
	struct libgmx_target target;
	struct ctl one = *ctl;
	int status;

	memset(fw, 0, sizeof(*fw));
	/* the arguments from this one on */
	one.args = ctl->args + arg;
	one.nr_args = ctl->nr_args - arg;
	status = ctl_open_one(&one, &target, &fw->ctrl);
	if (status)
		return status;
	snprintf(fw->name, sizeof(fw->name), "%s", target.ctrl);
	status = fw_refresh(ctl, fw);
	if (status)
		fw_close(fw);
	return status;
}

void fw_close(struct fw *fw)
{
	libgmx_close(fw->ctrl);
	fw->ctrl = NULL;
}

static int download_progress(void *arg, uint64_t done, uint64_t total)
{
	progress_show(arg, "download", done, total);
	return 0;
}

static int driver_download(struct ctl *ctl, struct fw *fw, const char *data, size_t len)
{
	struct gmx_ioc_fw_info info = { .flags = 0 };
	size_t part;
	int rc = libgmx_drv_fw_info(fw->ctrl, &info);

	part = info.max_part && info.max_part < 65536 ? info.max_part : 65536;
	if (info.granularity && part > info.granularity)
		part -= part % info.granularity;
	for (size_t at = 0; at < len && !rc; at += part) {
		struct gmx_ioc_fw_download io = {
			.data = (uintptr_t)(data + at),
			.bytes = (uint32_t)(len - at < part ? len - at : part),
			.offset = (uint32_t)at,
		};

		rc = libgmx_drv_fw_download(fw->ctrl, &io);
		if (!rc)
			progress_show(ctl, "download", at + io.bytes, len);
	}
	return rc;
}

int fw_download(struct ctl *ctl, struct fw *fw, const char *data, size_t len)
{
	int rc;

	fw_stage(ctl, "download");
	rc = fw->driver ? driver_download(ctl, fw, data, len)
			: libgmx_fw_send(fw->ctrl, data, len, fw->id.fw_granularity_bytes, download_progress, ctl);
	progress_end(ctl);
	return rc ? ctl_fail_rc(ctl, rc, "%s", fw->name) : CTL_OK;
}

static int driver_commit(struct ctl *ctl, struct fw *fw, unsigned int slot, unsigned int action, enum fw_reset reset,
			 unsigned int *waits)
{
	struct gmx_ioc_fw_commit io = { .flags = reset == FW_ANY_RESET ? GMX_IOC_FW_RESET : 0,
					.slot = (uint8_t)slot,
					.action = (uint8_t)action };
	struct gmx_ioc_op op;
	int rc = libgmx_drv_fw_commit(fw->ctrl, &io);

	if (rc)
		return ctl_fail_rc(ctl, rc, "%s", fw->name);
	rc = op_wait(ctl, fw->ctrl, io.id, 0, &op);
	if (rc == -ECANCELED)
		return op_left(ctl, rc, fw->name, io.id,
			       reset == FW_NO_RESET ? NULL : "a reset that its waits_for names is left to you");
	if (rc)
		return ctl_fail_rc(ctl, rc, "%s", fw->name);
	if (op_result(&op)) {
		stage_of_op(ctl, op.stage);
		return ctl_fail_rc(ctl, op_result(&op), "%s", fw->name);
	}
	*waits = (unsigned int)GMX_IOC_FW_RESULT_WAITS(op.result);
	return CTL_OK;
}

/* Statuses that say: stored, and a reset is needed */
static unsigned int reset_of_status(int rc)
{
	switch (rc > 0 ? LIBGMX_STATUS(rc) : 0) {
	case 0x111: return LIBGMX_CONTROLLER_RESET;
	case 0x10b: return LIBGMX_CONVENTIONAL_RESET;
	case 0x110: return LIBGMX_SUBSYSTEM_RESET;
	default: return 0;
	}
}

static int nvme_commit(struct ctl *ctl, struct fw *fw, unsigned int slot, unsigned int action, enum fw_reset reset,
		       unsigned int *waits)
{
	int rc = libgmx_fw_commit(fw->ctrl, slot, action, COMMIT_MS), status;

	*waits = reset_of_status(rc);
	if (rc && !*waits)
		return ctl_fail_rc(ctl, rc, "%s", fw->name);
	if (!rc && (action == 1 || action == 2)) {
		*waits = LIBGMX_CONTROLLER_RESET;
		status = fw_refresh(ctl, fw);
		if (status)
			return status;
		/* the controller knows better which reset the image in the slot needs */
		if (fw->has_state && fw->state.next_slot && fw->state.next_reset)
			*waits = fw->state.next_reset;
	}
	if (reset != FW_ANY_RESET || *waits != LIBGMX_SUBSYSTEM_RESET)
		return CTL_OK;
	fw_stage(ctl, "reset");
	rc = libgmx_reset_subsystem(fw->ctrl);
	if (rc)
		return ctl_fail_rc(ctl, rc, "%s", fw->name);
	*waits = 0;
	return CTL_OK;
}

/* A reset that runs already does as well, once it has ended */
static int controller_reset(struct fw *fw)
{
	uint64_t end = clock_ms() + RESET_MS;
	struct libgmx_ctrl_info info;
	int rc = libgmx_reset(fw->ctrl);

	while (rc == -EBUSY && clock_ms() < end) {
		sleep_ms(OP_POLL_MS);
		if (libgmx_info(fw->name, &info))
			return -ENODEV;
		if (!strcmp(info.state, "live") || !strcmp(info.state, "admin-only"))
			return 0;
	}
	return rc;
}

int fw_commit(struct ctl *ctl, struct fw *fw, unsigned int slot, unsigned int action, enum fw_reset reset, unsigned int *waits)
{
	int status, rc;

	*waits = 0;
	fw_stage(ctl, "commit");
	status = fw->driver ? driver_commit(ctl, fw, slot, action, reset, waits)
			    : nvme_commit(ctl, fw, slot, action, reset, waits);
	/* here, and not by the driver's flag: that makes whatever reset the controller names */
	if (status || reset == FW_NO_RESET || *waits != LIBGMX_CONTROLLER_RESET)
		return status;
	fw_stage(ctl, "reset");
	progress_show(ctl, "reset", 0, 100);
	rc = controller_reset(fw);
	progress_end(ctl);
	if (rc)
		return ctl_fail_rc(ctl, rc, "%s", fw->name);
	*waits = 0;
	return CTL_OK;
}
