// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl tune: settings by profile, with a baseline to go back to. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "sys.h"
#include "tune.h"

#define FOLDER	     "/var/lib/gmx/tune"
#define MAX_BASELINE 65536

static const struct ctl_field show_fields[] = {
	{ "name", K_TEXT, "disk or controller", F_LABEL, NULL },
	{ "setting", K_TEXT, "setting", 0, NULL },
	{ "value", K_TEXT, "what it is", 0, NULL },
	{ "baseline", K_TEXT, "what it was before gmxctl changed it, null: not changed", 0, NULL },
	{ "help", K_TEXT, "what it does", F_MORE, NULL },
	{ NULL },
};

static const struct ctl_field plan_fields[] = {
	{ "name", K_TEXT, "disk or controller", 0, NULL }, { "setting", K_TEXT, "setting", 0, NULL },
	{ "from", K_TEXT, "what it is", 0, NULL },	   { "to", K_TEXT, "what it becomes, or should be", 0, NULL },
	{ "done", K_BOOL, "it is so", 0, NULL },	   { NULL },
};

/* One controller's: what was found before a profile was applied, and which was applied to what */
struct baseline {
	struct json_object *values;  /* "ctrl" or the disk's "nN", a slash, the setting: its value */
	struct json_object *applied; /* "ctrl" or "nN": the profile */
	char boot[64];
	char path[300];
};

static struct json_object *object_of(struct json_object *root, const char *key)
{
	struct json_object *v;

	if (json_object_object_get_ex(root, key, &v) && json_object_is_type(v, json_type_object))
		return json_object_get(v);
	return json_object_new_object();
}

/* A serial number names the file; what could leave the folder is replaced */
static void baseline_open(struct ctl *ctl, const struct libgmx_ctrl_info *info, struct baseline *b)
{
	char safe[32], *data;
	struct json_object *root = NULL, *v;
	size_t len;

	memset(b, 0, sizeof(*b));
	snprintf(safe, sizeof(safe), "%s", info->serial);
	for (char *p = safe; *p; p++)
		if (!strchr("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_", *p))
			*p = '_';
	sys_path(b->path, sizeof(b->path), FOLDER "/%s-%u.json", safe, info->cntlid);
	sys_read(b->boot, sizeof(b->boot), "/proc/sys/kernel/random/boot_id");
	if (!access(b->path, R_OK) && !file_read(ctl, b->path, MAX_BASELINE, &data, &len)) {
		char *text = realloc(data, len + 1);

		if (text) {
			text[len] = 0;
			root = json_tokener_parse(text);
		}
		free(text ? text : data);
	}
	/* of an earlier boot: the settings have gone with it, and what was before them is no baseline any more */
	if (json_object_object_get_ex(root, "boot", &v) && json_object_is_type(v, json_type_string) &&
	    !strcmp(json_object_get_string(v), b->boot))
		b->values = object_of(root, "values");
	else
		b->values = json_object_new_object();
	b->applied = object_of(root, "applied");
	json_object_put(root);
}

static void baseline_close(struct baseline *b)
{
	json_object_put(b->values);
	json_object_put(b->applied);
}

static const char *baseline_of(const char *name)
{
	return strchr(name, 'n') ? strchr(name, 'n') : "ctrl";
}

static const char *baseline_profile(const struct baseline *b, const char *name)
{
	struct json_object *v;

	if (!json_object_object_get_ex(b->applied, baseline_of(name), &v) || !json_object_is_type(v, json_type_string))
		return NULL;
	return json_object_get_string(v);
}

static const char *baseline_get(const struct baseline *b, const char *name, const char *setting)
{
	char key[128];
	struct json_object *v;

	snprintf(key, sizeof(key), "%s/%s", baseline_of(name), setting);
	return json_object_object_get_ex(b->values, key, &v) ? json_object_get_string(v) : NULL;
}

static void baseline_drop(struct baseline *b, const char *name, const char *setting)
{
	char key[128];

	snprintf(key, sizeof(key), "%s/%s", baseline_of(name), setting);
	json_object_object_del(b->values, key);
}

/* What was found first stays */
static void baseline_note(struct baseline *b, const char *name, const char *setting, const char *value)
{
	char key[128];

	if (baseline_get(b, name, setting))
		return;
	snprintf(key, sizeof(key), "%s/%s", baseline_of(name), setting);
	json_object_object_add(b->values, key, json_object_new_string(value));
}

static int baseline_save(struct ctl *ctl, struct baseline *b)
{
	struct json_object *root = json_object_new_object();
	char folder[300];
	const char *text;
	int status;

	for (const char *p = FOLDER + 1; p; p = strchr(p + 1, '/')) {
		const char *end = strchr(p + 1, '/');

		sys_path(folder, sizeof(folder), "%.*s", end ? (int)(end - FOLDER) : (int)strlen(FOLDER), FOLDER);
		mkdir(folder, 0755);
	}
	json_object_object_add(root, "boot", json_object_new_string(b->boot));
	json_object_object_add(root, "applied", json_object_get(b->applied));
	json_object_object_add(root, "values", json_object_get(b->values));
	text = json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY);
	status = file_write(ctl, b->path, text, strlen(text));
	/* no secret: gmxctl tune show is for others too */
	if (!status && chmod(b->path, 0644))
		status = ctl_fail_rc(ctl, -errno, "%s", b->path);
	json_object_put(root);
	return status;
}

typedef int (*each_setting)(struct ctl *ctl, struct baseline *b, const struct tune_setting *s, const char *name,
			    const char *value, void *arg);

/* All settings of a controller and of its disks, or those of one disk */
static int for_each(struct ctl *ctl, struct baseline *b, const struct libgmx_ctrl_info *info, const char *only, each_setting each,
		    void *arg)
{
	struct libgmx_disk *disks;
	char value[TUNE_VALUE];
	int status = CTL_OK;
	size_t n;

	if (libgmx_disks(info->name, &disks, &n))
		return CTL_OK;
	for (const struct tune_setting *s = tune_settings; s->name && !status; s++) {
		if (s->where == TUNE_CTRL) {
			/* what is common to all disks is not one's own */
			if (!only[0] && tune_read(s, info->name, value))
				status = each(ctl, b, s, info->name, value, arg);
			continue;
		}
		for (size_t i = 0; i < n && !status; i++)
			if ((!only[0] || !strcmp(only, disks[i].name)) && tune_read(s, disks[i].name, value))
				status = each(ctl, b, s, disks[i].name, value, arg);
	}
	free(disks);
	return status;
}

static int one(struct ctl *ctl, struct libgmx_target *target, struct libgmx_ctrl_info *info)
{
	struct libgmx_ctrl *ctrl;
	int status = ctl_open_one(ctl, target, &ctrl);

	if (status)
		return status;
	libgmx_close(ctrl);
	return libgmx_info(target->ctrl, info) ? ctl_fail_rc(ctl, -ENODEV, "%s", target->ctrl) : CTL_OK;
}

static int show_each(struct ctl *ctl, struct baseline *b, const struct tune_setting *s, const char *name, const char *value,
		     void *arg)
{
	struct json_object *r = ctl_record(ctl_list(ctl));
	const char *was = baseline_get(b, name, s->name);

	(void)arg;
	put_text(r, "name", name);
	put_text(r, "setting", s->name);
	put_text(r, "value", value);
	put_text(r, "baseline", was ? was : "");
	put_text(r, "help", s->help);
	return CTL_OK;
}

static int run_show(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_ctrl_info info;
	struct baseline b;
	int status = one(ctl, &target, &info);

	if (status)
		return status;
	ctl_list(ctl);
	baseline_open(ctl, &info, &b);
	status = for_each(ctl, &b, &info, target.disk, show_each, NULL);
	baseline_close(&b);
	return status;
}

/* "max" stands for what the controller takes */
static void resolve(const struct tune_setting *s, const char *name, const char *wanted, char out[TUNE_VALUE])
{
	uint64_t most = strcmp(s->name, "max_sectors_kb") ? 0 : sys_number(0, "/sys/block/%s/queue/max_hw_sectors_kb", name);

	if (most && (!strcmp(wanted, "max") || strtoull(wanted, NULL, 10) > most))
		snprintf(out, TUNE_VALUE, "%llu", (unsigned long long)most);
	else
		snprintf(out, TUNE_VALUE, "%s", wanted);
}

struct change {
	const char *profile; /* NULL: back to the baseline, or what was applied to each */
	bool apply;
	unsigned int left; /* that are not as they should be */
	int status;
};

static const char *change_wanted(const struct change *c, const struct baseline *b, const struct tune_setting *s, const char *name)
{
	const char *profile = c->profile;

	if (!profile && c->apply)
		return baseline_get(b, name, s->name);
	if (!profile)
		profile = baseline_profile(b, name);
	return profile ? tune_wanted(s, profile) : NULL;
}

static int change_each(struct ctl *ctl, struct baseline *b, const struct tune_setting *s, const char *name, const char *value,
		       void *arg)
{
	struct change *c = arg;
	const char *wanted = change_wanted(c, b, s, name);
	char to[TUNE_VALUE], now[TUNE_VALUE];
	struct json_object *r;
	int rc;

	if (c->apply && !c->profile)
		json_object_object_del(b->applied, baseline_of(name));
	if (!wanted)
		return CTL_OK;
	resolve(s, name, wanted, to);
	snprintf(now, sizeof(now), "%s", value);
	if (c->apply && strcmp(value, to)) {
		rc = tune_write(s, name, to);
		if (rc)
			c->status = ctl_fail_rc(ctl, rc, "%s of %s can't be set to %s", s->name, name, to);
		tune_read(s, name, now);
		if (!rc && strcmp(now, to))
			c->status = ctl_fail(ctl, CTL_FAILED, NULL, "%s of %s is %s after it was set to %s", s->name, name, now,
					     to);
	}
	if (strcmp(now, to))
		c->left++;
	r = ctl_record(ctl_list(ctl));
	put_text(r, "name", name);
	put_text(r, "setting", s->name);
	put_text(r, "from", value);
	put_text(r, "to", to);
	put_bool(r, "done", !strcmp(now, to));
	/* it is as it was */
	if (c->apply && !c->profile && !strcmp(now, to))
		baseline_drop(b, name, s->name);
	return CTL_OK;
}

/* What a profile is about to change */
static int note_each(struct ctl *ctl, struct baseline *b, const struct tune_setting *s, const char *name, const char *value,
		     void *arg)
{
	const struct change *c = arg;
	char to[TUNE_VALUE];

	(void)ctl;
	resolve(s, name, tune_wanted(s, c->profile), to);
	json_object_object_add(b->applied, baseline_of(name), json_object_new_string(c->profile));
	if (strcmp(value, to))
		baseline_note(b, name, s->name, value);
	return CTL_OK;
}

static int run_plan(struct ctl *ctl)
{
	struct change c = { .profile = ctl_option(ctl, "profile") ? ctl_option(ctl, "profile") : "balanced" };
	struct libgmx_target target;
	struct libgmx_ctrl_info info;
	struct baseline b;
	int status = one(ctl, &target, &info);

	if (status)
		return status;
	baseline_open(ctl, &info, &b);
	status = for_each(ctl, &b, &info, target.disk, change_each, &c);
	baseline_close(&b);
	return status;
}

static int run_apply(struct ctl *ctl)
{
	struct change c = { .profile = ctl_option(ctl, "profile") ? ctl_option(ctl, "profile") : "balanced",
			    .apply = !ctl_option(ctl, "dry-run") };
	struct libgmx_target target;
	struct libgmx_ctrl_info info;
	struct baseline b;
	int status = one(ctl, &target, &info);

	if (status)
		return status;
	if (c.apply && geteuid())
		return ctl_fail_rc(ctl, -EACCES, "settings of %s", target.ctrl);
	baseline_open(ctl, &info, &b);
	/* first: what can't be taken back is not done */
	if (c.apply) {
		status = for_each(ctl, &b, &info, target.disk, note_each, &c);
		if (!status)
			status = baseline_save(ctl, &b);
	}
	if (!status)
		status = for_each(ctl, &b, &info, target.disk, change_each, &c);
	baseline_close(&b);
	return status ? status : c.status ? CTL_PARTIAL : CTL_OK;
}

static int run_revert(struct ctl *ctl)
{
	struct change c = { .apply = true };
	struct libgmx_target target;
	struct libgmx_ctrl_info info;
	struct baseline b;
	int status = one(ctl, &target, &info);

	if (status)
		return status;
	if (geteuid())
		return ctl_fail_rc(ctl, -EACCES, "settings of %s", target.ctrl);
	ctl_list(ctl);
	baseline_open(ctl, &info, &b);
	if (!json_object_object_length(b.values) && !json_object_object_length(b.applied))
		status = ctl_fail(ctl, CTL_FAILED, NULL,
				  "there is nothing to go back to: gmxctl tune apply has changed nothing on %s", target.ctrl);
	else
		status = for_each(ctl, &b, &info, target.disk, change_each, &c);
	if (!status && !json_object_object_length(b.values))
		unlink(b.path);
	else if (!status)
		status = baseline_save(ctl, &b);
	baseline_close(&b);
	return status ? status : c.status ? CTL_PARTIAL : CTL_OK;
}

static int run_verify(struct ctl *ctl)
{
	struct change c = { .profile = NULL };
	struct libgmx_target target;
	struct libgmx_ctrl_info info;
	struct baseline b;
	int status = one(ctl, &target, &info);

	if (status)
		return status;
	ctl_list(ctl);
	baseline_open(ctl, &info, &b);
	c.profile = ctl_option(ctl, "profile");
	if (!c.profile && !json_object_object_length(b.applied))
		status = ctl_fail(ctl, CTL_FAILED, "gmxctl tune apply, or name one by --profile", "no profile was applied to %s",
				  target.ctrl);
	else
		status = for_each(ctl, &b, &info, target.disk, change_each, &c);
	baseline_close(&b);
	if (!status && c.left)
		return ctl_fail(ctl, CTL_FAILED, "gmxctl tune apply sets them again",
				"%u settings are not as the profile %s has them", c.left,
				c.profile ? c.profile : "that was applied");
	return status;
}

#define PROFILE { "profile", 'p', "PROFILE", "what matters (balanced)", "latency balanced throughput" }

static const struct ctl_option plan_options[] = { PROFILE, { NULL } };

static const struct ctl_option apply_options[] = {
	PROFILE,
	{ "dry-run", 'n', NULL, "show what would change", NULL },
	{ NULL },
};

static const struct ctl_option verify_options[] = {
	{ "profile", 'p', "PROFILE", "as this one has them (the one that was applied)", "latency balanced throughput" },
	{ NULL },
};

const struct ctl_command cmd_tune[] = {
	{ "tune", "show", "[TARGET]", "show settings that matter for speed", NULL, NULL, show_fields, SHAPE_LIST, 0, run_show },
	{ "tune", "plan", "[TARGET]", "show what a profile would change", NULL, plan_options, plan_fields, SHAPE_LIST, 0,
	  run_plan },
	{ "tune", "apply", "[TARGET]", "set what a profile has",
	  "What was found is kept for tune revert. The settings last until a reboot, or until the driver lets the controller go;\n"
	  "gmxctl tune verify says whether they still hold.",
	  apply_options, plan_fields, SHAPE_LIST, 0, run_apply },
	{ "tune", "revert", "[TARGET]", "set what was found before tune apply", NULL, NULL, plan_fields, SHAPE_LIST, 0,
	  run_revert },
	{ "tune", "verify", "[TARGET]", "say whether all is as a profile has it; exit status 1 if not", NULL, verify_options,
	  plan_fields, SHAPE_LIST, 0, run_verify },
	{ NULL },
};
