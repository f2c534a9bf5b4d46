// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl controller: what there is, and starting it anew. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

static const struct ctl_field list_fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "state", K_TEXT, "live, resetting, recovering, admin-only, dead, ...", 0, NULL },
	{ "family", K_TEXT, "G1, G2 or G3; null without the vendor part", F_INFO, NULL },
	{ "model", K_TEXT, "model number", F_INFO, NULL },
	{ "serial", K_TEXT, "serial number", F_INFO, NULL },
	{ "firmware", K_TEXT, "firmware revision that runs", F_INFO, NULL },
	{ "address", K_TEXT, "PCI address", F_INFO, NULL },
	{ "namespaces", K_NUMBER, "disks of the controller", F_METRIC, NULL },
	{ "capacity_bytes", K_BYTES, "size of these disks", F_METRIC, NULL },
	{ "live", K_BOOL, "it serves I/O", F_METRIC | F_MORE, NULL },
	{ "cntlid", K_NUMBER, "controller identifier in its subsystem", F_MORE, NULL },
	{ "subnqn", K_TEXT, "name of the NVM subsystem", F_MORE, NULL },
	{ "numa_node", K_NUMBER, "NUMA node, null: none", F_MORE, NULL },
	{ NULL },
};

static void disks_of(const char *name, uint64_t *count, uint64_t *bytes)
{
	struct libgmx_disk *disks;
	size_t n;

	*count = *bytes = 0;
	if (libgmx_disks(name, &disks, &n))
		return;
	for (size_t i = 0; i < n; i++)
		*bytes += disks[i].bytes;
	*count = n;
	free(disks);
}

static void put_ctrl(struct json_object *r, const struct libgmx_ctrl_info *info)
{
	uint64_t count, bytes;

	disks_of(info->name, &count, &bytes);
	put_text(r, "name", info->name);
	put_text(r, "state", info->state);
	put_text(r, "family", info->family);
	put_text(r, "model", info->model);
	put_text(r, "serial", info->serial);
	put_text(r, "firmware", info->firmware);
	put_text(r, "address", info->address);
	put_number(r, "namespaces", count);
	put_number(r, "capacity_bytes", bytes);
	put_bool(r, "live", !strcmp(info->state, "live"));
	put_number(r, "cntlid", info->cntlid);
	put_text(r, "subnqn", info->subnqn);
	if (info->numa_node < 0)
		put_null(r, "numa_node");
	else
		put_number(r, "numa_node", (uint64_t)info->numa_node);
}

static int run_list(struct ctl *ctl)
{
	struct json_object *list = ctl_list(ctl);
	struct libgmx_ctrl_info *ctrls;
	size_t n;
	int status = ctl_controllers(ctl, &ctrls, &n);

	if (status)
		return status;
	for (size_t i = 0; i < n; i++)
		put_ctrl(ctl_record(list), &ctrls[i]);
	free(ctrls);
	return CTL_OK;
}

static const struct ctl_field disk_fields[] = {
	{ "name", K_TEXT, "name of the disk", F_LABEL, NULL },
	{ "nsid", K_NUMBER, "namespace identifier", 0, NULL },
	{ "size_bytes", K_BYTES, "size", 0, NULL },
	{ "block_bytes", K_BYTES, "logical block", 0, NULL },
	{ "uuid", K_TEXT, "UUID", 0, NULL },
	{ NULL },
};

static const struct ctl_field show_fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "state", K_TEXT, "live, resetting, recovering, admin-only, dead, ...", 0, NULL },
	{ "family", K_TEXT, "G1, G2 or G3; null without the vendor part", 0, NULL },
	{ "function", K_TEXT, "physical or virtual", 0, NULL },
	{ "interface_version", K_TEXT, "version of the host interface", 0, NULL },
	{ "model", K_TEXT, "model number", 0, NULL },
	{ "serial", K_TEXT, "serial number", 0, NULL },
	{ "firmware", K_TEXT, "firmware revision that runs", 0, NULL },
	{ "subnqn", K_TEXT, "name of the NVM subsystem", 0, NULL },
	{ "cntlid", K_NUMBER, "controller identifier in its subsystem", 0, NULL },
	{ "address", K_TEXT, "PCI address", 0, NULL },
	{ "numa_node", K_NUMBER, "NUMA node, null: none", 0, NULL },
	{ "form_factor", K_TEXT, "form factor", 0, NULL },
	{ "link_speed", K_TEXT, "speed of a lane, as trained", 0, NULL },
	{ "link_width", K_NUMBER, "lanes, as trained", F_METRIC, NULL },
	{ "max_link_speed", K_TEXT, "speed that the product is made for", 0, NULL },
	{ "max_link_width", K_NUMBER, "lanes that the product is made for", 0, NULL },
	{ "features", K_TEXTS, "features of the vendor part", 0, NULL },
	{ "queues", K_NUMBER, "queues, with the admin queue", F_METRIC, NULL },
	{ "max_transfer_bytes", K_BYTES, "most bytes of a command", F_METRIC, NULL },
	{ "resets", K_NUMBER, "resets since the driver was bound", F_COUNTER, NULL },
	{ "last_reset", K_TEXT, "why the last one was begun", 0, NULL },
	{ "timeouts", K_NUMBER, "commands that did not come back in time", F_COUNTER, NULL },
	{ "missed_interrupts", K_NUMBER, "completions found without an interrupt", F_COUNTER, NULL },
	{ "aborts", K_NUMBER, "Abort commands sent", F_COUNTER, NULL },
	{ "command_errors", K_NUMBER, "commands that failed for good", F_COUNTER, NULL },
	{ "command_retries", K_NUMBER, "commands that were sent again", F_COUNTER, NULL },
	{ "stale_completions", K_NUMBER, "completions that nobody waited for", F_COUNTER, NULL },
	{ "async_events", K_NUMBER, "asynchronous events", F_COUNTER, NULL },
	{ "capacity_bytes", K_BYTES, "size of all media, null without access to the node", F_METRIC, NULL },
	{ "free_bytes", K_BYTES, "not allocated to namespaces, null without access to the node", F_METRIC, NULL },
	{ "disks", K_RECORDS, "its disks", 0, disk_fields },
	{ NULL },
};

static void put_words(struct json_object *r, const char *key, const char *words)
{
	struct json_object *a = put_array(r, key);

	for (const char *p = words; *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");

		json_object_array_add(a, json_object_new_string_len(p, (int)len));
		p += len;
	}
}

/* What only Identify says; nothing where the node can't be opened */
static void put_capacity(struct json_object *r, const char *name)
{
	uint8_t data[LIBGMX_IDENTIFY_BYTES];
	struct libgmx_id_ctrl id;
	struct libgmx_ctrl *ctrl;

	put_null(r, "capacity_bytes");
	put_null(r, "free_bytes");
	if (libgmx_open(name, &ctrl))
		return;
	if (!libgmx_identify(ctrl, 1, 0, 0, data) && !libgmx_decode_id_ctrl(data, sizeof(data), &id)) {
		put_number(r, "capacity_bytes", id.capacity_bytes);
		put_number(r, "free_bytes", id.free_bytes);
	}
	libgmx_close(ctrl);
}

static void put_disks(struct json_object *r, const char *name)
{
	struct json_object *list = put_array(r, "disks"), *d;
	struct libgmx_disk *disks;
	size_t n;

	if (libgmx_disks(name, &disks, &n))
		return;
	for (size_t i = 0; i < n; i++) {
		d = ctl_record(list);
		put_text(d, "name", disks[i].name);
		put_number(d, "nsid", disks[i].nsid);
		put_number(d, "size_bytes", disks[i].bytes);
		put_number(d, "block_bytes", disks[i].block_bytes);
		put_text(d, "uuid", disks[i].uuid);
	}
	free(disks);
}

static void put_all(struct json_object *r, const struct libgmx_ctrl_info *info)
{
	put_text(r, "name", info->name);
	put_text(r, "state", info->state);
	put_text(r, "family", info->family);
	put_text(r, "function", info->function);
	put_text(r, "interface_version", info->interface_version);
	put_text(r, "model", info->model);
	put_text(r, "serial", info->serial);
	put_text(r, "firmware", info->firmware);
	put_text(r, "subnqn", info->subnqn);
	put_number(r, "cntlid", info->cntlid);
	put_text(r, "address", info->address);
	if (info->numa_node < 0)
		put_null(r, "numa_node");
	else
		put_number(r, "numa_node", (uint64_t)info->numa_node);
	put_text(r, "form_factor", info->form_factor);
	put_text(r, "link_speed", info->link_speed);
	put_number(r, "link_width", info->link_width);
	put_text(r, "max_link_speed", info->max_link_speed);
	put_number(r, "max_link_width", info->max_link_width);
	put_words(r, "features", info->features);
	put_number(r, "queues", info->queue_count);
	put_number(r, "max_transfer_bytes", info->max_transfer_bytes);
	put_number(r, "resets", info->resets);
	put_text(r, "last_reset", info->last_reset);
	put_number(r, "timeouts", info->timeouts);
	put_number(r, "missed_interrupts", info->missed_interrupts);
	put_number(r, "aborts", info->aborts);
	put_number(r, "command_errors", info->command_errors);
	put_number(r, "command_retries", info->command_retries);
	put_number(r, "stale_completions", info->stale_completions);
	put_number(r, "async_events", info->async_events);
}

static int run_show(struct ctl *ctl)
{
	struct json_object *list = ctl_list(ctl), *r;
	struct libgmx_ctrl_info *ctrls;
	size_t n;
	int status = ctl_controllers(ctl, &ctrls, &n);

	if (status)
		return status;
	for (size_t i = 0; i < n; i++) {
		r = ctl_record(list);
		put_all(r, &ctrls[i]);
		put_capacity(r, ctrls[i].name);
		put_disks(r, ctrls[i].name);
	}
	free(ctrls);
	return CTL_OK;
}

static const struct ctl_field reset_fields[] = {
	{ "name", K_TEXT, "name of the controller", 0, NULL },
	{ "state", K_TEXT, "its state afterwards", 0, NULL },
	{ "resets", K_NUMBER, "resets since the driver was bound", 0, NULL },
	{ NULL },
};

static const struct ctl_option reset_options[] = {
	{ "subsystem", 0, NULL, "reset the NVM subsystem: all its controllers, firmware that waits for this is activated", NULL },
	{ "force", 'f', NULL, "also when / is on a disk of what is reset", NULL },
	{ NULL },
};

static int run_reset(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_ctrl_info info;
	struct libgmx_ctrl *ctrl;
	struct json_object *r;
	bool subsystem = ctl_option(ctl, "subsystem");
	int status = ctl_target(ctl, 0, &target), rc;
	struct plan *plan;

	if (status)
		return status;
	plan = plan_new(ctl, "reset of %s%s: I/O waits until it is back", target.ctrl, subsystem ? " and its subsystem" : "");
	plan_root(plan, target.ctrl, subsystem);
	status = plan_confirm(plan, target.ctrl);
	if (status)
		return status == PLAN_DRY ? CTL_OK : status;
	status = ctl_open(ctl, target.ctrl, &ctrl);
	if (status)
		return status;
	rc = subsystem ? libgmx_reset_subsystem(ctrl) : libgmx_reset(ctrl);
	libgmx_close(ctrl);
	if (rc)
		return ctl_fail_rc(ctl, rc, "reset of %s", target.ctrl);
	rc = libgmx_info(target.ctrl, &info);
	if (rc)
		return ctl_fail_rc(ctl, rc, "%s was reset, and is gone", target.ctrl);
	r = ctl_record(ctl_list(ctl));
	put_text(r, "name", target.ctrl);
	put_text(r, "state", info.state);
	put_number(r, "resets", info.resets);
	return CTL_OK;
}

static int run_rescan(struct ctl *ctl)
{
	struct libgmx_ctrl_info *ctrls;
	struct libgmx_ctrl *ctrl;
	size_t n, done = 0;
	int status = ctl_controllers(ctl, &ctrls, &n), worst = CTL_OK;

	if (status)
		return status;
	for (size_t i = 0; i < n; i++) {
		int rc;

		status = ctl_open(ctl, ctrls[i].name, &ctrl);
		if (!status) {
			rc = libgmx_rescan(ctrl);
			if (rc)
				status = ctl_fail_rc(ctl, rc, "rescan of %s", ctrls[i].name);
			libgmx_close(ctrl);
		}
		done += !status;
		if (status)
			worst = status;
	}
	free(ctrls);
	return worst && done ? CTL_PARTIAL : worst;
}

const struct ctl_command cmd_controller[] = {
	{ "controller", "list", "[TARGET]...", "list the controllers", NULL, NULL, list_fields, SHAPE_LIST, 0, run_list },
	{ "controller", "show", "[TARGET]...", "show all that is known of a controller", NULL, NULL, show_fields, SHAPE_RECORDS,
	  0, run_show },
	{ "controller", "reset", "TARGET", "reset a controller and wait until it is back", "I/O waits meanwhile and is not lost.",
	  reset_options, reset_fields, SHAPE_LIST, C_DESTROYS, run_reset },
	{ "controller", "rescan", "[TARGET]...", "look at the namespaces again", NULL, NULL, NULL, SHAPE_LIST, 0, run_rescan },
	{ NULL },
};
