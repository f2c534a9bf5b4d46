// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl fw. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "fw.h"

static const struct ctl_field list_fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "slot", K_NUMBER, "firmware slot", F_LABEL, NULL },
	{ "revision", K_TEXT, "revision of the image in it, null: none", F_INFO, NULL },
	{ "running", K_BOOL, "it runs", F_METRIC, NULL },
	{ "next", K_BOOL, "it runs after the reset that it waits for", F_METRIC, NULL },
	{ "waits_for", K_TEXT, "the kind of that reset: controller, conventional or subsystem", 0, NULL },
	{ "read_only", K_BOOL, "it can't be written", 0, NULL },
	{ NULL },
};

static int put_slots(struct ctl *ctl, const struct fw *fw)
{
	for (unsigned int slot = 1; slot <= fw->id.fw_slots && slot <= 7; slot++) {
		struct json_object *r = ctl_record(ctl_list(ctl));
		bool next = fw->slots.next == slot && slot != fw->slots.running;

		put_text(r, "name", fw->name);
		put_number(r, "slot", slot);
		put_text(r, "revision", fw->slots.revision[slot - 1]);
		put_bool(r, "running", slot == fw->slots.running);
		put_bool(r, "next", next);
		put_text(r, "waits_for",
			 next ? (fw->has_state && fw->state.next_reset && libgmx_fw_reset_name(fw->state.next_reset)
					 ? libgmx_fw_reset_name(fw->state.next_reset)
					 : "controller")
			      : "");
		put_bool(r, "read_only", slot == 1 && fw->id.fw_slot1_read_only);
	}
	return CTL_OK;
}

static int run_list(struct ctl *ctl)
{
	struct libgmx_ctrl_info *ctrls;
	size_t n, done = 0;
	int status = ctl_controllers(ctl, &ctrls, &n), worst = CTL_OK;

	if (status)
		return status;
	ctl_list(ctl);
	for (size_t i = 0; i < n; i++) {
		struct ctl one = *ctl;
		char *name = ctrls[i].name;
		struct fw fw;

		one.args = &name;
		one.nr_args = 1;
		status = fw_open(&one, 0, &fw);
		if (!status) {
			put_slots(ctl, &fw);
			fw_close(&fw);
		}
		done += !status;
		worst = status ? status : worst;
	}
	free(ctrls);
	return worst && done ? CTL_PARTIAL : worst;
}

static const struct ctl_field image_fields[] = {
	{ "file", K_TEXT, "name of the file", 0, NULL },
	{ "family", K_TEXT, "the family that it is for", 0, NULL },
	{ "revision", K_TEXT, "revision", 0, NULL },
	{ "version", K_TEXT, "version", 0, NULL },
	{ "minimum", K_TEXT, "lowest version that may run when it is activated, null: any", 0, NULL },
	{ "size_bytes", K_BYTES, "size", 0, NULL },
	{ "activation", K_TEXT, "the least reset that it needs: immediate, controller, conventional or subsystem", 0, NULL },
	{ "features", K_TEXTS, "what it switches on", 0, NULL },
	{ "no_downgrade", K_BOOL, "while it runs, no older one is taken", 0, NULL },
	{ "signed", K_BOOL, "the signature was made with a key that is trusted here", 0, NULL },
	{ "comment", K_TEXT, "comment that was signed with it", 0, NULL },
	{ NULL },
};

static void version_text(uint32_t v, char out[32])
{
	out[0] = 0;
	if (v)
		snprintf(out, 32, "%u.%u.%u", v >> 16, v >> 8 & 255, v & 255);
}

static int run_show(struct ctl *ctl)
{
	struct libgmx_fw_image image;
	struct json_object *r, *features;
	char *data, comment[256], text[32];
	bool verified;
	size_t len;
	int status = fw_load(ctl, ctl->args[0], &data, &len, &image);

	if (status)
		return status;
	status = fw_verify(ctl, ctl->args[0], data, len, comment, ctl_option(ctl, "signature") || ctl_option(ctl, "key"),
			   &verified);
	free(data);
	ctl->result = r = json_object_new_object();
	put_text(r, "file", ctl->args[0]);
	snprintf(text, sizeof(text), "G%u", image.family);
	put_text(r, "family", text);
	put_text(r, "revision", image.revision);
	version_text(image.version, text);
	put_text(r, "version", text);
	version_text(image.minimum, text);
	put_text(r, "minimum", text);
	put_number(r, "size_bytes", image.bytes);
	put_text(r, "activation", libgmx_fw_reset_name((unsigned int)image.activation));
	features = put_array(r, "features");
	for (unsigned int i = 0; i < image.nr_features; i++)
		json_object_array_add(features, json_object_new_string(image.feature[i]));
	put_bool(r, "no_downgrade", image.no_downgrade);
	put_bool(r, "signed", verified);
	put_text(r, "comment", comment);
	return status;
}

static const struct ctl_field change_fields[] = {
	{ "name", K_TEXT, "name of the controller", 0, NULL },
	{ "from", K_TEXT, "revision that ran before", 0, NULL },
	{ "running", K_TEXT, "revision that runs now", 0, NULL },
	{ "slot", K_NUMBER, "slot that runs now", 0, NULL },
	{ "waits_for", K_TEXT, "the reset that has still to come: controller, conventional or subsystem; null: none", 0, NULL },
	{ "stored_slot", K_NUMBER, "slot that the image was written to; null: none was written, or not known", 0, NULL },
	{ NULL },
};

static int put_change(struct ctl *ctl, struct fw *fw, const char *from, unsigned int waits, unsigned int stored)
{
	struct json_object *r;
	int status;

	fw_stage(ctl, "identify");
	status = fw_refresh(ctl, fw);
	if (status)
		return status;
	r = ctl_record(ctl_list(ctl));
	put_text(r, "name", fw->name);
	put_text(r, "from", from);
	put_text(r, "running", fw->id.firmware);
	put_number(r, "slot", fw->slots.running);
	put_text(r, "waits_for", waits ? libgmx_fw_reset_name(waits) : "");
	if (stored)
		put_number(r, "stored_slot", stored);
	else
		put_null(r, "stored_slot");
	return CTL_OK;
}

/* How an image gets to run */
struct way {
	unsigned int action; /* as Firmware Commit has it */
	enum fw_reset reset;
	unsigned int kind; /* enum libgmx_activation: what it needs */
};

static bool is_wish(const struct ctl *ctl, const char *word)
{
	const char *how = ctl_option(ctl, "activate");

	return !strcmp(how ? how : "auto", word);
}

/* What an image and a wish make of the commit's action; other resets than the controller's hit more than it: only when asked for */
static struct way choose(const struct ctl *ctl, const struct fw *fw, const struct libgmx_fw_image *image)
{
	struct way way = { .action = 1, .reset = FW_NO_RESET, .kind = image->activation };

	if (way.kind == LIBGMX_IMMEDIATE && !fw->id.fw_no_reset)
		way.kind = LIBGMX_CONTROLLER_RESET;
	if (is_wish(ctl, "never"))
		way.action = 0;
	else if (is_wish(ctl, "now") || (is_wish(ctl, "auto") && way.kind == LIBGMX_IMMEDIATE))
		way.action = 3;
	else if (is_wish(ctl, "reset"))
		way.reset = way.kind > LIBGMX_CONTROLLER_RESET ? FW_ANY_RESET : FW_CONTROLLER_RESET;
	else if (is_wish(ctl, "auto") && way.kind == LIBGMX_CONTROLLER_RESET)
		way.reset = FW_CONTROLLER_RESET;
	return way;
}

static const char *kind_name(unsigned int kind)
{
	return libgmx_fw_reset_name(kind == LIBGMX_IMMEDIATE ? LIBGMX_CONTROLLER_RESET : kind);
}

static void plan_way(struct plan *plan, const struct ctl *ctl, const struct fw *fw, const struct way *way)
{
	if (way->action == 0)
		plan_line(plan, "  it is stored in a slot, and not activated");
	else if (way->action == 3)
		plan_line(plan, "  it is stored in a slot, and runs at once: I/O waits meanwhile");
	else if (way->reset != FW_NO_RESET)
		plan_line(plan, "  it is stored in a slot, and runs after a %s reset, which gmxctl makes: I/O waits meanwhile",
			  kind_name(way->kind));
	else if (is_wish(ctl, "auto"))
		plan_line(plan,
			  "  it is stored in a slot, and runs after a %s reset, which is left to you: --activate reset makes it",
			  kind_name(way->kind));
	else
		plan_line(plan, "  it is stored in a slot, and runs after the next %s reset", kind_name(way->kind));
	if (way->action == 3 || way->reset != FW_NO_RESET)
		plan_root(plan, fw->name, way->reset == FW_ANY_RESET);
}

/* Slot of --slot; 0: the controller chooses */
static int take_slot(struct ctl *ctl, const struct fw *fw, unsigned int *out)
{
	uint64_t slot = 0;
	int status = ctl_option_number(ctl, "slot", 1, 7, &slot);

	*out = (unsigned int)slot;
	if (!status && slot == 1 && fw->id.fw_slot1_read_only)
		return ctl_fail(ctl, CTL_REJECTED, "gmxctl fw list shows which can be written", "slot 1 of %s can't be written",
				fw->name);
	if (!status && slot > fw->id.fw_slots)
		return ctl_fail(ctl, CTL_REJECTED, "gmxctl fw list shows them", "%s has slots 1 to %u", fw->name,
				fw->id.fw_slots);
	return status;
}

static int went_back(struct ctl *ctl, const struct fw *fw, const char *wanted)
{
	return ctl_fail(ctl, CTL_REJECTED, "gmxctl event list says why; gmxctl fw list shows the slots; the controller runs on",
			"%s runs %s of slot %u, not %s: the controller went back", fw->name, fw->id.firmware, fw->slots.running,
			wanted);
}

static int update(struct ctl *ctl, struct fw *fw, const char *data, size_t len, const struct libgmx_fw_image *image)
{
	struct way way = choose(ctl, fw, image);
	char from[12];
	unsigned int slot, waits = 0;
	struct plan *plan;
	int status = take_slot(ctl, fw, &slot);

	if (status)
		return status;
	if (way.action == 3 && way.kind != LIBGMX_IMMEDIATE)
		return ctl_fail(ctl, CTL_REJECTED, "--activate reset makes the reset, --activate later leaves it to you",
				"%s runs on %s only after a %s reset", image->revision, fw->name, kind_name(way.kind));
	snprintf(from, sizeof(from), "%s", fw->id.firmware);
	plan = plan_new(ctl, "firmware %s of %s (G%u) is replaced by %s:", from, fw->name, image->family, image->revision);
	plan_way(plan, ctl, fw, &way);
	fw_stage(ctl, "confirm");
	status = plan_confirm(plan, fw->name);
	if (!status)
		status = fw_download(ctl, fw, data, len);
	if (!status)
		status = fw_commit(ctl, fw, slot, way.action, way.reset, &waits);
	if (!status)
		status = put_change(ctl, fw, from, waits, slot ? slot : fw_stored_slot(fw));
	if (!status && way.action && !waits && strcmp(fw->id.firmware, image->revision))
		status = went_back(ctl, fw, image->revision);
	return status;
}

/* What is only downloaded is lost with the next image: it is stored */
static int download(struct ctl *ctl, struct fw *fw, const char *data, size_t len, const struct libgmx_fw_image *image)
{
	unsigned int slot, waits = 0;
	struct plan *plan;
	char from[12];
	int status = take_slot(ctl, fw, &slot);

	if (status)
		return status;
	snprintf(from, sizeof(from), "%s", fw->id.firmware);
	if (slot)
		plan = plan_new(ctl, "firmware %s is stored in slot %u of %s, and not activated:", image->revision, slot,
				fw->name);
	else
		plan = plan_new(ctl, "firmware %s is stored in a slot that %s chooses, and not activated:", image->revision,
				fw->name);
	if (slot && fw->slots.revision[slot - 1][0])
		plan_line(plan, "  %s is in this slot, and lost", fw->slots.revision[slot - 1]);
	if (slot && slot == fw->slots.running)
		plan_danger(plan, "  slot %u holds the firmware that runs", slot);
	fw_stage(ctl, "confirm");
	status = plan_confirm(plan, fw->name);
	if (!status)
		status = fw_download(ctl, fw, data, len);
	if (!status)
		status = fw_commit(ctl, fw, slot, 0, FW_NO_RESET, &waits);
	if (!status)
		status = put_change(ctl, fw, from, 0, slot ? slot : fw_stored_slot(fw));
	return status;
}

typedef int (*with_image)(struct ctl *ctl, struct fw *fw, const char *data, size_t len, const struct libgmx_fw_image *image);

/* An image that is sound, signed, and for this controller */
static int checked(struct ctl *ctl, with_image run)
{
	struct libgmx_fw_image image;
	char *data = NULL, comment[256];
	struct fw fw = { .ctrl = NULL };
	size_t len = 0;
	int status = fw_load(ctl, ctl->args[0], &data, &len, &image);

	if (!status)
		status = fw_verify(ctl, ctl->args[0], data, len, comment, true, NULL);
	if (!status)
		fw_stage(ctl, "fit");
	if (!status)
		status = fw_open(ctl, 1, &fw);
	if (!status)
		status = fw_fits(ctl, &fw, &image, ctl->args[0]);
	if (!status)
		status = run(ctl, &fw, data, len, &image);
	fw_close(&fw);
	free(data);
	return status == PLAN_DRY ? CTL_OK : status;
}

static int run_update(struct ctl *ctl)
{
	return checked(ctl, update);
}

static int run_download(struct ctl *ctl)
{
	return checked(ctl, download);
}

/* Which reset the image of a slot needs, the controller says at the commit: others than its own are left to somebody else */
static int activate(struct ctl *ctl, struct fw *fw, unsigned int slot)
{
	enum fw_reset reset = ctl_option(ctl, "no-reset") ? FW_NO_RESET : FW_CONTROLLER_RESET;
	char from[12], wanted[12];
	unsigned int waits = 0;
	struct plan *plan;
	int status;

	snprintf(from, sizeof(from), "%s", fw->id.firmware);
	if (slot > fw->id.fw_slots || !fw->slots.revision[slot - 1][0])
		return ctl_fail(ctl, CTL_REJECTED, "gmxctl fw list shows the slots", "there is no image in slot %u of %s", slot,
				fw->name);
	snprintf(wanted, sizeof(wanted), "%.8s", fw->slots.revision[slot - 1]);
	plan = plan_new(ctl, "firmware %s of %s is replaced by %s of slot %u:", from, fw->name, wanted, slot);
	if (reset == FW_NO_RESET)
		plan_line(plan, "  it runs after the next reset of the kind that it needs");
	else
		plan_line(plan, "  with a controller reset: I/O waits meanwhile. Another kind, if it needs one, is left to you");
	if (reset != FW_NO_RESET)
		plan_root(plan, fw->name, false);
	fw_stage(ctl, "confirm");
	status = plan_confirm(plan, fw->name);
	if (!status)
		status = fw_commit(ctl, fw, slot, 2, reset, &waits);
	if (!status)
		status = put_change(ctl, fw, from, waits, 0);
	if (!status && !waits && fw->slots.running != slot)
		status = went_back(ctl, fw, wanted);
	return status;
}

static int run_commit(struct ctl *ctl)
{
	uint64_t slot = 0;
	struct fw fw;
	int status = ctl_option_number(ctl, "slot", 1, 7, &slot);

	if (!status && !slot)
		return ctl_usage(ctl, "which slot? --slot says it");
	fw_stage(ctl, "fit");
	if (!status)
		status = fw_open(ctl, 0, &fw);
	if (status)
		return status;
	status = activate(ctl, &fw, (unsigned int)slot);
	fw_close(&fw);
	return status == PLAN_DRY ? CTL_OK : status;
}

static int run_rollback(struct ctl *ctl)
{
	unsigned int slot = 0;
	struct fw fw;
	int status;

	fw_stage(ctl, "fit");
	status = fw_open(ctl, 0, &fw);
	if (status)
		return status;
	if (fw.has_state && fw.state.previous_slot != fw.slots.running)
		slot = fw.state.previous_slot;
	if (slot < 1 || slot > 7)
		status = ctl_fail(ctl, CTL_REJECTED, "gmxctl fw list shows the slots; gmxctl fw commit --slot N runs one of them",
				  "%s does not know what ran before", fw.name);
	else
		status = activate(ctl, &fw, slot);
	fw_close(&fw);
	return status == PLAN_DRY ? CTL_OK : status;
}

#define KEY_OPTIONS \
	{ "key", 'k', "FILE", "public key to check with, in place of those of /etc/gmx/keys and /usr/share/gmx/keys", NULL }, \
	{ \
		"signature", 0, "FILE", "signature of the image (IMAGE.minisig)", NULL \
	}

static const struct ctl_option update_options[] = {
	KEY_OPTIONS,
	{ "slot", 0, "N", "slot to write, 1 to 7; the controller chooses without it", NULL },
	{ "activate", 0, "WHEN",
	  "auto: as the image allows; now: without a reset; reset: with the one that it needs; later: at the next one; never: only stored",
	  "auto now reset later never" },
	{ "force", 'f', NULL, "also when / is on a disk of what is reset", NULL },
	{ NULL },
};

static const struct ctl_option download_options[] = {
	KEY_OPTIONS,
	{ "slot", 0, "N", "slot to write, 1 to 7; the controller chooses without it", NULL },
	{ "force", 'f', NULL, "also over the firmware that runs", NULL },
	{ NULL },
};

static const struct ctl_option show_options[] = { KEY_OPTIONS, { NULL } };

static const struct ctl_option commit_options[] = {
	{ "slot", 0, "N", "the slot to run", NULL },
	{ "no-reset", 0, NULL, "leave the reset to somebody else", NULL },
	{ "force", 'f', NULL, "also when / is on a disk of the controller", NULL },
	{ NULL },
};

static const struct ctl_option rollback_options[] = {
	{ "no-reset", 0, NULL, "leave the reset to somebody else", NULL },
	{ "force", 'f', NULL, "also when / is on a disk of the controller", NULL },
	{ NULL },
};

const struct ctl_command cmd_fw[] = {
	{ "fw", "list", "[TARGET]...", "list firmware slots", NULL, NULL, list_fields, SHAPE_LIST, 0, run_list },
	{ "fw", "show", "IMAGE", "show what an image is, and whether its signature verifies", NULL, show_options, image_fields,
	  SHAPE_RECORD, 0, run_show },
	{ "fw", "update", "IMAGE [TARGET]", "check an image, download it, activate it, and see that it runs",
	  "Signature, integrity and family are checked before anything is sent. Every failure names its stage (check, signature, fit, confirm, download,\n"
	  "commit, activate, reset, identify) and the next step; until the commit nothing has changed on the controller.\n"
	  "With --activate auto gmxctl makes a reset of the controller; a conventional one or the subsystem's, which others may feel, only with\n"
	  "--activate reset.",
	  update_options, change_fields, SHAPE_RECORDS, C_DESTROYS | C_PROGRESS, run_update },
	{ "fw", "download", "IMAGE [TARGET]", "check an image and store it in a slot, and no more", NULL, download_options,
	  change_fields, SHAPE_RECORDS, C_DESTROYS | C_PROGRESS, run_download },
	{ "fw", "commit", "[TARGET]", "run the image of a slot",
	  "gmxctl makes a reset of the controller; an image that needs another kind waits for it.", commit_options, change_fields,
	  SHAPE_RECORDS, C_DESTROYS | C_PROGRESS, run_commit },
	{ "fw", "rollback", "[TARGET]", "run the image that ran before", NULL, rollback_options, change_fields, SHAPE_RECORDS,
	  C_DESTROYS | C_PROGRESS, run_rollback },
	{ NULL },
};
