// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl ns create, delete, attach, detach, resize. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ns.h"
#include "wait.h"

const struct ctl_option ns_create_options[] = {
	{ "size", 's', "SIZE", "its size; all that is free without it", NULL },
	{ "block", 'b', "BYTES", "size of a logical block (512)", NULL },
	{ "metadata", 0, "BYTES", "metadata of a block (0)", NULL },
	{ "protection", 0, "TYPE", "protection information (none)", "none 1 2 3" },
	{ "shared", 0, NULL, "several controllers may attach it", NULL },
	{ "no-attach", 0, NULL, "only create it", NULL },
	{ NULL },
};

const struct ctl_option ns_delete_options[] = {
	{ "nsid", 0, "NSID", "the namespace, where TARGET is a controller", NULL },
	{ "force", 'f', NULL, "also when it is in use", NULL },
	{ NULL },
};

const struct ctl_option ns_attach_options[] = {
	{ "nsid", 0, "NSID", "the namespace, where TARGET is a controller", NULL },
	{ "controllers", 0, "LIST", "controller identifiers of the subsystem, commas between", NULL },
	{ NULL },
};

const struct ctl_option ns_detach_options[] = {
	{ "nsid", 0, "NSID", "the namespace, where TARGET is a controller", NULL },
	{ "controllers", 0, "LIST", "controller identifiers of the subsystem, commas between", NULL },
	{ "force", 'f', NULL, "also when it is in use", NULL },
	{ NULL },
};

const struct ctl_option ns_resize_options[] = {
	{ "nsid", 0, "NSID", "the namespace, where TARGET is a controller", NULL },
	{ "size", 's', "SIZE", "fail unless this is the size afterwards", NULL },
	{ NULL },
};

static int put_one(struct ctl *ctl, struct libgmx_ctrl *ctrl, uint32_t nsid, bool attached)
{
	struct libgmx_id_ns id;
	int status = ns_identify(ctl, ctrl, nsid, &id);

	if (!status)
		ns_put(ctl_record(ctl_list(ctl)), libgmx_name(ctrl), nsid, &id, attached);
	return status;
}

static int attach_here(struct ctl *ctl, struct libgmx_ctrl *ctrl, const struct libgmx_id_ctrl *id, uint32_t nsid)
{
	int rc = libgmx_ns_attach(ctrl, nsid, &id->cntlid, 1, true);
	bool attached;

	if (rc)
		return ctl_fail_rc(ctl, rc, "namespace %u was created, and can't be attached to %s", nsid, libgmx_name(ctrl));
	return ns_await_disk(ctl, ctrl, nsid, 0, &attached);
}

static int create(struct ctl *ctl, struct libgmx_ctrl *ctrl)
{
	uint64_t size = 0, block = 512, metadata = 0;
	const char *protection = ctl_option(ctl, "protection");
	struct libgmx_ns_create want = { .shared = ctl_option(ctl, "shared") };
	struct libgmx_id_ctrl id;
	struct libgmx_id_ns common;
	int status = ctl_option_size(ctl, "size", &size), format, rc;
	uint32_t nsid;

	if (!status)
		status = ctl_option_number(ctl, "block", 512, 65536, &block);
	if (!status)
		status = ctl_option_number(ctl, "metadata", 0, 4096, &metadata);
	if (!status)
		status = ns_identify_ctrl(ctl, ctrl, &id);
	if (status)
		return status;
	if (!id.ns_management)
		return ctl_fail(ctl, CTL_UNSUPPORTED, NULL, "%s has no namespace management", libgmx_name(ctrl));
	status = ns_identify(ctl, ctrl, LIBGMX_ALL_NAMESPACES, &common);
	if (status)
		return status;
	format = ns_format_index(ctl, &common, block, metadata);
	if (format < 0)
		return -format;
	if (!ctl_option(ctl, "size"))
		size = id.free_bytes - id.free_bytes % block;
	if (!size || size % block)
		return ctl_fail(ctl, size ? CTL_USAGE : CTL_REJECTED,
				size ? "take a multiple" : "gmxctl controller show says how much is free",
				size ? "%llu bytes are no multiple of the block" : "no bytes are free", (unsigned long long)size);
	if (size > id.free_bytes && id.free_bytes)
		return ctl_fail(ctl, CTL_REJECTED, "gmxctl ns list --all shows what takes the room",
				"%llu bytes are wanted, %llu are free", (unsigned long long)size,
				(unsigned long long)id.free_bytes);
	want.blocks = want.capacity_blocks = size / block;
	want.format = (unsigned int)format;
	want.protection = protection && strcmp(protection, "none") ? (unsigned int)atoi(protection) : 0;
	rc = libgmx_ns_create(ctrl, &want, &nsid);
	if (rc)
		return ctl_fail_rc(ctl, rc, "%s does not create the namespace", libgmx_name(ctrl));
	if (!ctl_option(ctl, "no-attach"))
		status = attach_here(ctl, ctrl, &id, nsid);
	rc = put_one(ctl, ctrl, nsid, !status && !ctl_option(ctl, "no-attach"));
	return status ? CTL_PARTIAL : rc;
}

int run_ns_create(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	int status = ctl_open_one(ctl, &target, &ctrl);

	if (status)
		return status;
	status = create(ctl, ctrl);
	libgmx_close(ctrl);
	return status;
}

/* The word that confirms: the disk's name, or the controller's where there is none */
static const char *name_of(const struct libgmx_target *target)
{
	return target->disk[0] ? target->disk : target->ctrl;
}

int run_ns_delete(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_id_ns id;
	struct libgmx_ctrl *ctrl;
	struct libgmx_disk disk;
	struct plan *plan;
	int status = ctl_namespace(ctl, 0, &target), rc;

	if (!status)
		status = ctl_open(ctl, target.ctrl, &ctrl);
	if (status)
		return status;
	status = ns_identify(ctl, ctrl, target.nsid, &id);
	if (!status) {
		plan = plan_new(ctl, "deletes namespace %u of %s and all data on it:", target.nsid, target.ctrl);
		ns_describe(plan, target.ctrl, target.nsid, &id, NULL, 0);
		status = plan_confirm(plan, name_of(&target));
	}
	if (!status) {
		rc = libgmx_ns_delete(ctrl, target.nsid);
		if (rc) {
			status = ctl_fail_rc(ctl, rc, "namespace %u of %s is not deleted", target.nsid, target.ctrl);
		} else {
			libgmx_rescan(ctrl);
			if (!disk_wait(target.ctrl, target.nsid, false, &disk))
				status = ctl_fail(ctl, CTL_PARTIAL, "it goes when its last user closes it",
						  "%s is deleted, and its disk still there", disk.name);
		}
	}
	libgmx_close(ctrl);
	return status == PLAN_DRY ? CTL_OK : status;
}

static int take_controllers(struct ctl *ctl, struct libgmx_ctrl *ctrl, uint16_t *out, unsigned int *count)
{
	const char *list = ctl_option(ctl, "controllers");
	struct libgmx_id_ctrl id;
	char word[16];
	uint64_t n;
	int status;

	*count = 0;
	if (!list) {
		status = ns_identify_ctrl(ctl, ctrl, &id);
		out[(*count)++] = id.cntlid;
		return status;
	}
	for (const char *p = list; *p; p += strcspn(p, ","), p += *p == ',') {
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(p, ","), p);
		if (*count >= 64 || !ctl_number(word, &n) || n > 0xffef)
			return ctl_usage(ctl, "--controllers: '%s' is no controller identifier", word);
		out[(*count)++] = (uint16_t)n;
	}
	return *count ? CTL_OK : ctl_usage(ctl, "--controllers is empty");
}

int run_ns_attach(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	bool attached = false;
	uint16_t list[64];
	unsigned int n;
	int status = ctl_namespace(ctl, 0, &target), rc;

	if (!status)
		status = ctl_open(ctl, target.ctrl, &ctrl);
	if (status)
		return status;
	status = take_controllers(ctl, ctrl, list, &n);
	if (!status) {
		rc = libgmx_ns_attach(ctrl, target.nsid, list, n, true);
		if (rc)
			status = ctl_fail_rc(ctl, rc, "namespace %u of %s is not attached", target.nsid, target.ctrl);
	}
	if (!status) {
		status = ns_await_disk(ctl, ctrl, target.nsid, 0, &attached);
		rc = put_one(ctl, ctrl, target.nsid, attached);
		status = status ? status : rc;
	}
	libgmx_close(ctrl);
	return status;
}

int run_ns_detach(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_id_ns id;
	struct libgmx_ctrl *ctrl;
	struct libgmx_disk disk;
	struct plan *plan;
	uint16_t list[64];
	unsigned int n;
	int status = ctl_namespace(ctl, 0, &target), rc;

	if (!status)
		status = ctl_open(ctl, target.ctrl, &ctrl);
	if (status)
		return status;
	status = take_controllers(ctl, ctrl, list, &n);
	if (!status)
		status = ns_identify(ctl, ctrl, target.nsid, &id);
	if (!status) {
		plan = plan_new(ctl, "detaches namespace %u of %s; its disk goes, its data stays:", target.nsid, target.ctrl);
		ns_describe(plan, target.ctrl, target.nsid, &id, list, n);
		status = plan_confirm(plan, name_of(&target));
	}
	if (!status) {
		rc = libgmx_ns_attach(ctrl, target.nsid, list, n, false);
		if (rc) {
			status = ctl_fail_rc(ctl, rc, "namespace %u of %s is not detached", target.nsid, target.ctrl);
		} else {
			libgmx_rescan(ctrl);
			if (!ctl_option(ctl, "controllers"))
				disk_wait(target.ctrl, target.nsid, false, &disk);
		}
	}
	libgmx_close(ctrl);
	return status == PLAN_DRY ? CTL_OK : status;
}

int run_ns_resize(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_id_ns id;
	struct libgmx_ctrl *ctrl;
	struct libgmx_disk disk = { .bytes = 0 };
	uint64_t want = 0, end;
	int status = ctl_namespace(ctl, 0, &target);

	if (!status)
		status = ctl_option_size(ctl, "size", &want);
	if (!status)
		status = ctl_open(ctl, target.ctrl, &ctrl);
	if (status)
		return status;
	status = ns_identify(ctl, ctrl, target.nsid, &id);
	if (!status && want && id.bytes != want)
		status = ctl_fail(ctl, CTL_UNSUPPORTED,
				  "NVMe has no command for that: create another namespace with the size, and copy",
				  "the controller gives namespace %u %llu bytes, not %llu", target.nsid,
				  (unsigned long long)id.bytes, (unsigned long long)want);
	if (!status) {
		libgmx_rescan(ctrl);
		end = clock_ms() + 10000;
		while ((!disk_find(target.ctrl, target.nsid, &disk) || disk.bytes != id.bytes) && clock_ms() < end)
			sleep_ms(50);
		if (disk.bytes != id.bytes)
			status = ctl_fail(ctl, CTL_FAILED, "the kernel's log says why",
					  "%s has not taken the size of %llu bytes over", disk.name[0] ? disk.name : target.ctrl,
					  (unsigned long long)id.bytes);
	}
	if (!status)
		status = put_one(ctl, ctrl, target.nsid, true);
	libgmx_close(ctrl);
	return status;
}
