// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl ns: the table, and what only looks. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "ns.h"

static bool is_in(const uint32_t *list, unsigned int n, uint32_t nsid)
{
	for (unsigned int i = 0; i < n; i++)
		if (list[i] == nsid)
			return true;
	return false;
}

static int list_of(struct ctl *ctl, struct libgmx_ctrl *ctrl, bool all, uint32_t only)
{
	static uint32_t active[LIBGMX_MAX_NAMESPACES], list[LIBGMX_MAX_NAMESPACES];
	struct libgmx_id_ns id;
	unsigned int n, nr_active;
	int status = ns_list(ctl, ctrl, false, active, &nr_active);

	n = nr_active;
	memcpy(list, active, sizeof(list));
	if (!status && all)
		status = ns_list(ctl, ctrl, true, list, &n);
	for (unsigned int i = 0; i < n && !status; i++) {
		if (only && list[i] != only)
			continue;
		status = ns_identify(ctl, ctrl, list[i], &id);
		if (!status)
			ns_put(ctl_record(ctl_list(ctl)), libgmx_name(ctrl), list[i], &id, is_in(active, nr_active, list[i]));
	}
	return status;
}

static int run_list(struct ctl *ctl)
{
	struct libgmx_ctrl_info *ctrls;
	struct libgmx_ctrl *ctrl;
	size_t n, done = 0;
	int status = ctl_controllers(ctl, &ctrls, &n), worst = CTL_OK;

	if (status)
		return status;
	ctl_list(ctl);
	for (size_t i = 0; i < n; i++) {
		status = ctl_open(ctl, ctrls[i].name, &ctrl);
		if (!status) {
			status = list_of(ctl, ctrl, ctl_option(ctl, "all"), 0);
			libgmx_close(ctrl);
		}
		done += !status;
		worst = status ? status : worst;
	}
	free(ctrls);
	return worst && done ? CTL_PARTIAL : worst;
}

static int run_show(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	int status = ctl_namespace(ctl, 0, &target);

	if (!status)
		status = ctl_open(ctl, target.ctrl, &ctrl);
	if (status)
		return status;
	/* one that is attached is found without the list of all, which is root's */
	status = list_of(ctl, ctrl, false, target.nsid);
	if (!status && !json_object_array_length(ctl_list(ctl)))
		status = list_of(ctl, ctrl, true, target.nsid);
	libgmx_close(ctrl);
	if (!status && !json_object_array_length(ctl_list(ctl)))
		return ctl_fail(ctl, CTL_NO_DEVICE, "gmxctl ns list --all shows what there is", "%s has no namespace %u",
				target.ctrl, target.nsid);
	return status;
}

static const struct ctl_option list_options[] = {
	{ "all", 'a', NULL, "those that are not attached to the controller too", NULL },
	{ NULL },
};

static const struct ctl_option nsid_options[] = {
	{ "nsid", 0, "NSID", "the namespace, where TARGET is a controller", NULL },
	{ NULL },
};

const struct ctl_command cmd_ns[] = {
	{ "ns", "list", "[TARGET]...", "list namespaces", NULL, list_options, ns_fields, SHAPE_LIST, 0, run_list },
	{ "ns", "show", "NAMESPACE", "show a namespace", NULL, nsid_options, ns_fields, SHAPE_RECORDS, 0, run_show },
	{ "ns", "create", "TARGET", "create a namespace, and attach it to the controller", "Waits until its disk is there.",
	  ns_create_options, ns_fields, SHAPE_RECORDS, 0, run_ns_create },
	{ "ns", "delete", "NAMESPACE", "delete a namespace and its data", NULL, ns_delete_options, NULL, SHAPE_RECORDS,
	  C_DESTROYS, run_ns_delete },
	{ "ns", "attach", "NAMESPACE", "attach a namespace to controllers",
	  "Without --controllers: to the one that is named. A namespace that is attached nowhere has no name: give the controller and --nsid.",
	  ns_attach_options, ns_fields, SHAPE_RECORDS, 0, run_ns_attach },
	{ "ns", "detach", "NAMESPACE", "detach a namespace from controllers; its data stays", NULL, ns_detach_options, NULL,
	  SHAPE_RECORDS, C_DESTROYS, run_ns_detach },
	{ "ns", "format", "NAMESPACE", "format a namespace, which destroys its data",
	  "Waits for the end, which can be left (Ctrl-C): the format goes on, and --status shows how far it is, where the controller says so.",
	  ns_format_options, ns_fields, SHAPE_RECORDS, C_DESTROYS | C_PROGRESS, run_ns_format },
	{ "ns", "resize", "NAMESPACE", "take over a size that changed at the controller",
	  "NVMe has no command that changes the size of a namespace. Where a controller has changed it, the disk follows without being closed;\n"
	  "partitions and file systems on it are grown with their own tools afterwards (growpart, resize2fs, xfs_growfs).",
	  ns_resize_options, ns_fields, SHAPE_RECORDS, 0, run_ns_resize },
	{ "ns", "sanitize", "TARGET", "erase all namespaces of the subsystem, spare and caches included",
	  "It can't be stopped, and goes on after a reset and a power cut. Without --wait the command returns when it has begun.",
	  ns_sanitize_options, ns_sanitize_fields, SHAPE_RECORDS, C_DESTROYS | C_PROGRESS, run_ns_sanitize },
	{ NULL },
};
