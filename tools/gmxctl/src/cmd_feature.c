// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl feature. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

struct feature {
	const char *name;
	unsigned int fid;
};

static const struct feature features[] = {
	{ "arbitration", 0x01 }, { "power", 0x02 },	   { "temperature", 0x04 },   { "error-recovery", 0x05 },
	{ "write-cache", 0x06 }, { "queues", 0x07 },	   { "coalescing", 0x08 },    { "vector", 0x09 },
	{ "atomicity", 0x0a },	 { "async-events", 0x0b }, { "write-protect", 0x84 }, { "event-mask", 0xc0 },
	{ "rates", 0xc1 },	 { "recovery", 0xc2 },
};

#define NAMES \
	"a number up to FFh, or arbitration, power, temperature, error-recovery, write-cache, queues, coalescing, vector, atomicity,\n" \
	"async-events, write-protect, event-mask, rates, recovery"

static const struct ctl_field fields[] = {
	{ "name", K_TEXT, "name of the controller", 0, NULL },
	{ "feature", K_HEX, "feature identifier", 0, NULL },
	{ "feature_name", K_TEXT, "its name", 0, NULL },
	{ "value", K_HEX, "its value, dword 0 of the completion", 0, NULL },
	{ "select", K_TEXT, "which value: current, default, saved or capabilities", 0, NULL },
	{ NULL },
};

static const char *const selects[] = { "current", "default", "saved", "capabilities" };

static int parse_feature(struct ctl *ctl, uint64_t *fid)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(features); i++) {
		if (!strcmp(features[i].name, ctl->args[0])) {
			*fid = features[i].fid;
			return CTL_OK;
		}
	}
	if (!ctl_number(ctl->args[0], fid) || *fid > 255)
		return ctl_fail(ctl, CTL_USAGE, NAMES, "'%s' is no feature; one is", ctl->args[0]);
	return CTL_OK;
}

static int put_feature(struct ctl *ctl, struct libgmx_ctrl *ctrl, unsigned int fid, uint32_t nsid, unsigned int select,
		       uint32_t cdw11)
{
	const char *name = NULL;
	struct json_object *r;
	uint32_t value;
	int rc = libgmx_feature_get(ctrl, fid, nsid, (enum libgmx_select)select, cdw11, NULL, 0, &value);

	if (rc)
		return ctl_fail_may(ctl, rc,
				    fid == 0x02	  ? "gmxctl power show has this one"
				    : fid == 0xc0 ? "gmxctl event mask has this one"
				    : fid == 0x08 ? "interrupt_profile in /sys/class/gmx has this one"
						  : NULL,
				    "feature %02Xh of %s", fid, libgmx_name(ctrl));
	for (unsigned int i = 0; i < ARRAY_SIZE(features); i++)
		if (features[i].fid == fid)
			name = features[i].name;
	r = ctl_record(ctl_list(ctl));
	put_text(r, "name", libgmx_name(ctrl));
	put_number(r, "feature", fid);
	put_text(r, "feature_name", name);
	put_number(r, "value", value);
	put_text(r, "select", selects[select]);
	return CTL_OK;
}

/* Arguments from @first on are the target */
static int open_rest(struct ctl *ctl, int first, struct libgmx_target *target, struct libgmx_ctrl **ctrl, uint64_t *nsid)
{
	struct ctl one = *ctl;
	int status = ctl_option_number(ctl, "nsid", 0, 0xffffffff, nsid);

	one.args += first;
	one.nr_args -= first;
	if (!status)
		status = ctl_open_one(&one, target, ctrl);
	if (!status && !*nsid)
		*nsid = target->nsid;
	return status;
}

static int run_get(struct ctl *ctl)
{
	uint64_t fid, nsid = 0, cdw11 = 0;
	const char *which = ctl_option(ctl, "select");
	unsigned int select = 0;
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	int status = parse_feature(ctl, &fid);

	if (!status)
		status = ctl_option_number(ctl, "cdw11", 0, 0xffffffff, &cdw11);
	if (!status)
		status = open_rest(ctl, 1, &target, &ctrl, &nsid);
	if (status)
		return status;
	while (which && strcmp(selects[select], which))
		select++;
	status = put_feature(ctl, ctrl, (unsigned int)fid, (uint32_t)nsid, select, (uint32_t)cdw11);
	libgmx_close(ctrl);
	return status;
}

static int run_set(struct ctl *ctl)
{
	uint64_t fid, value, nsid = 0;
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	int status = parse_feature(ctl, &fid), rc;

	if (!status && (!ctl_number(ctl->args[1], &value) || value > 0xffffffff))
		return ctl_usage(ctl, "'%s' is no value: a number of 32 bits", ctl->args[1]);
	if (!status)
		status = open_rest(ctl, 2, &target, &ctrl, &nsid);
	if (status)
		return status;
	rc = libgmx_feature_set(ctrl, (unsigned int)fid, (uint32_t)nsid, ctl_option(ctl, "save"), (uint32_t)value, NULL, 0);
	if (rc == -EINVAL)
		status = ctl_fail(ctl, CTL_UNSUPPORTED, "nvme set-feature --data gives it some",
				  "feature %02Xh of %s takes data, which gmxctl feature set can't give", (unsigned int)fid,
				  target.ctrl);
	else if (rc)
		status = ctl_fail_rc(ctl, rc, "feature %02Xh of %s is not set", (unsigned int)fid, target.ctrl);
	else
		status = put_feature(ctl, ctrl, (unsigned int)fid, (uint32_t)nsid, 0,
				     fid == 0x04 || fid == 0x09 ? (uint32_t)value & 0x3f0000 : 0);
	libgmx_close(ctrl);
	return status;
}

static const struct ctl_option get_options[] = {
	{ "select", 0, "WHICH", "which value (current)", "current default saved capabilities" },
	{ "nsid", 0, "NSID", "of a namespace", NULL },
	{ "cdw11", 0, "N", "dword 11 of the command, where a feature wants one", NULL },
	{ NULL },
};

static const struct ctl_option set_options[] = {
	{ "save", 0, NULL, "keep it when power is off", NULL },
	{ "nsid", 0, "NSID", "of a namespace", NULL },
	{ NULL },
};

const struct ctl_command cmd_feature[] = {
	{ "feature", "get", "FEATURE [TARGET]", "read a feature", NULL, get_options, fields, SHAPE_RECORDS, 0, run_get },
	{ "feature", "set", "FEATURE VALUE [TARGET]", "set a feature",
	  "Features that are the driver's own (queues, host memory buffer, keep alive, power state transition) are refused by it.",
	  set_options, fields, SHAPE_RECORDS, 0, run_set },
	{ NULL },
};
