// SPDX-License-Identifier: GPL-2.0-or-later
/* Targets that the user names. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

int ctl_target(struct ctl *ctl, int i, struct libgmx_target *target)
{
	int rc = libgmx_resolve(ctl->args[i], target);

	if (rc == -ENODEV)
		return ctl_fail(ctl, CTL_NO_DEVICE, "gmxctl controller list and gmxctl ns list show what there is",
				"'%s' is no Gigamax controller or namespace", ctl->args[i]);
	if (rc == -EINVAL)
		return ctl_usage(ctl, ctl->args[i][0] ? "the name of the target is too long" : "the name of the target is empty");
	return rc ? ctl_fail_rc(ctl, rc, "'%s'", ctl->args[i]) : CTL_OK;
}

int ctl_namespace(struct ctl *ctl, int i, struct libgmx_target *target)
{
	uint64_t nsid = 0;
	int status = ctl_target(ctl, i, target);

	if (!status)
		status = ctl_option_number(ctl, "nsid", 1, 0xfffffffe, &nsid);
	if (status)
		return status;
	if (nsid && target->nsid && nsid != target->nsid)
		return ctl_usage(ctl, "'%s' is namespace %u, and --nsid says %llu", ctl->args[i], target->nsid,
				 (unsigned long long)nsid);
	if (nsid)
		target->nsid = (uint32_t)nsid;
	if (!target->nsid)
		return ctl_usage(ctl, "which namespace of %s? Name one like %sn1, or with --nsid", target->ctrl, target->ctrl);
	return CTL_OK;
}

int ctl_open(struct ctl *ctl, const char *name, struct libgmx_ctrl **ctrl)
{
	int rc = libgmx_open(name, ctrl);

	if (rc == -EACCES)
		return ctl_fail(ctl, CTL_PERMISSION,
				"run it as root; members of the group disk may read the node, and so most commands that look",
				"/dev/%s can't be opened: %s", name, libgmx_strerror(rc));
	return rc ? ctl_fail_rc(ctl, rc, "/dev/%s", name) : CTL_OK;
}

int ctl_controllers(struct ctl *ctl, struct libgmx_ctrl_info **list, size_t *count)
{
	struct libgmx_target target;
	int rc, status;

	*list = NULL;
	*count = 0;
	if (!ctl->nr_args) {
		rc = libgmx_list(list, count);
		return rc ? ctl_fail_rc(ctl, rc, "the controllers in sysfs") : CTL_OK;
	}
	*list = calloc((size_t)ctl->nr_args, sizeof(**list));
	if (!*list)
		return ctl_fail_rc(ctl, -ENOMEM, "the list of targets");
	for (int i = 0; i < ctl->nr_args; i++) {
		bool twice = false;

		status = ctl_target(ctl, i, &target);
		if (status) {
			free(*list);
			*list = NULL;
			*count = 0;
			return status;
		}
		for (size_t k = 0; k < *count; k++)
			twice |= !strcmp((*list)[k].name, target.ctrl);
		if (twice)
			continue;
		rc = libgmx_info(target.ctrl, &(*list)[*count]);
		if (rc) {
			free(*list);
			*list = NULL;
			*count = 0;
			return ctl_fail_rc(ctl, rc, "%s", target.ctrl);
		}
		++*count;
	}
	return CTL_OK;
}

int ctl_open_one(struct ctl *ctl, struct libgmx_target *target, struct libgmx_ctrl **ctrl)
{
	struct libgmx_ctrl_info *list;
	size_t n;
	int status, rc;

	memset(target, 0, sizeof(*target));
	*ctrl = NULL;
	if (ctl->nr_args) {
		status = ctl_target(ctl, 0, target);
		return status ? status : ctl_open(ctl, target->ctrl, ctrl);
	}
	rc = libgmx_list(&list, &n);
	if (rc)
		return ctl_fail_rc(ctl, rc, "the controllers in sysfs");
	if (n == 1)
		memcpy(target->ctrl, list[0].name, sizeof(target->ctrl));
	free(list);
	if (!n)
		return ctl_fail(ctl, CTL_NO_DEVICE, "gmxctl doctor looks for the reason", "no controller is driven by gmx");
	if (n > 1)
		return ctl_usage(ctl, "which of the %zu controllers? Name it; gmxctl controller list shows them", n);
	return ctl_open(ctl, target->ctrl, ctrl);
}
