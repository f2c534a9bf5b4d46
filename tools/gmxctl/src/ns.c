// SPDX-License-Identifier: GPL-2.0-or-later
/* Namespaces, as Identify has them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ns.h"
#include "wait.h"

#define CNS_NS		   0x00
#define CNS_CTRL	   0x01
#define CNS_ACTIVE_LIST	   0x02
#define CNS_ALLOCATED_LIST 0x10
#define CNS_ALLOCATED	   0x11
#define DISK_MS		   10000

int ns_identify_ctrl(struct ctl *ctl, struct libgmx_ctrl *ctrl, struct libgmx_id_ctrl *id)
{
	uint8_t data[LIBGMX_IDENTIFY_BYTES];
	int rc = libgmx_identify(ctrl, CNS_CTRL, 0, 0, data);

	if (!rc)
		rc = libgmx_decode_id_ctrl(data, sizeof(data), id);
	return rc ? ctl_fail_rc(ctl, rc, "Identify of %s", libgmx_name(ctrl)) : CTL_OK;
}

int ns_identify(struct ctl *ctl, struct libgmx_ctrl *ctrl, uint32_t nsid, struct libgmx_id_ns *id)
{
	uint8_t data[LIBGMX_IDENTIFY_BYTES];
	int rc = libgmx_identify(ctrl, CNS_NS, nsid, 0, data);

	if (!rc)
		rc = libgmx_decode_id_ns(data, sizeof(data), id);
	/* zeroes: it is not attached here */
	if (!rc && !id->blocks && nsid != LIBGMX_ALL_NAMESPACES) {
		rc = libgmx_identify(ctrl, CNS_ALLOCATED, nsid, 0, data);
		if (!rc)
			rc = libgmx_decode_id_ns(data, sizeof(data), id);
		if (!rc && !id->blocks)
			return ctl_fail(ctl, CTL_NO_DEVICE, "gmxctl ns list --all shows what there is", "%s has no namespace %u",
					libgmx_name(ctrl), nsid);
	}
	return rc ? ctl_fail_rc(ctl, rc, "Identify of namespace %u of %s", nsid, libgmx_name(ctrl)) : CTL_OK;
}

/*
 * The list by what everybody may ask: Identify of each namespace, until there are as many as the driver serves. Zeroes are
 * the answer for one that is not attached.
 */
static int list_one_by_one(struct ctl *ctl, struct libgmx_ctrl *ctrl, uint32_t *out, unsigned int *count)
{
	struct gmx_ioc_info info = { .flags = 0 };
	unsigned int served = libgmx_drv_info(ctrl, &info) ? LIBGMX_MAX_NAMESPACES : info.nr_namespaces;
	uint8_t data[LIBGMX_IDENTIFY_BYTES];
	struct libgmx_id_ctrl ctrl_id;
	struct libgmx_id_ns id;
	int status = ns_identify_ctrl(ctl, ctrl, &ctrl_id), rc;

	for (uint32_t nsid = 1; !status && nsid <= ctrl_id.max_namespaces && nsid <= LIBGMX_MAX_NAMESPACES && *count < served;
	     nsid++) {
		rc = libgmx_identify(ctrl, CNS_NS, nsid, 0, data);
		if (!rc)
			rc = libgmx_decode_id_ns(data, sizeof(data), &id);
		if (rc)
			status = ctl_fail_rc(ctl, rc, "Identify of namespace %u of %s", nsid, libgmx_name(ctrl));
		else if (id.blocks)
			out[(*count)++] = nsid;
	}
	return status;
}

int ns_list(struct ctl *ctl, struct libgmx_ctrl *ctrl, bool all, uint32_t *out, unsigned int *count)
{
	uint8_t data[LIBGMX_IDENTIFY_BYTES];
	int rc = libgmx_identify(ctrl, all ? CNS_ALLOCATED_LIST : CNS_ACTIVE_LIST, 0, 0, data);

	*count = 0;
	if (rc == -EACCES && !all)
		return list_one_by_one(ctl, ctrl, out, count);
	if (rc)
		return ctl_fail_may(ctl, rc, "gmxctl ns list without --all lists those that are attached",
				    "list of all namespaces of %s", libgmx_name(ctrl));
	*count = libgmx_decode_ns_list(data, sizeof(data), out, LIBGMX_MAX_NAMESPACES);
	return CTL_OK;
}

int ns_is_attached(struct ctl *ctl, struct libgmx_ctrl *ctrl, uint32_t nsid, bool *attached)
{
	static uint32_t active[LIBGMX_MAX_NAMESPACES];
	unsigned int n;
	int status = ns_list(ctl, ctrl, false, active, &n);

	*attached = false;
	for (unsigned int i = 0; i < n && !status; i++)
		*attached |= active[i] == nsid;
	return status;
}

int ns_await_disk(struct ctl *ctl, struct libgmx_ctrl *ctrl, uint32_t nsid, uint32_t block_bytes, bool *attached)
{
	uint64_t end = clock_ms() + DISK_MS;
	struct libgmx_disk disk;
	int status;

	libgmx_rescan(ctrl);
	status = ns_is_attached(ctl, ctrl, nsid, attached);
	if (status || !*attached)
		return status;
	while (!disk_find(libgmx_name(ctrl), nsid, &disk) || (block_bytes && disk.block_bytes != block_bytes)) {
		if (clock_ms() >= end)
			return ctl_fail(ctl, CTL_FAILED, "its format may give none: gmxctl ns show; the kernel's log says why",
					disk.name[0] ? "the disk of namespace %u of %s has not taken the format over"
						     : "namespace %u of %s is there, and no disk appeared",
					nsid, libgmx_name(ctrl));
		sleep_ms(50);
	}
	return CTL_OK;
}

int ns_format_index(struct ctl *ctl, const struct libgmx_id_ns *id, uint64_t block, uint64_t metadata)
{
	char all[256];
	size_t n = 0;

	all[0] = 0;
	for (unsigned int i = 0; i < id->nr_formats; i++) {
		if (!id->formats[i].block_bytes)
			continue;
		if (id->formats[i].block_bytes == block && id->formats[i].metadata_bytes == metadata)
			return (int)i;
		if (n < sizeof(all))
			n += (size_t)snprintf(all + n, sizeof(all) - n, "%s%u+%u", n ? ", " : "", id->formats[i].block_bytes,
					      id->formats[i].metadata_bytes);
	}
	ctl_fail(ctl, CTL_USAGE, all,
		 "there is no format with blocks of %llu and %llu bytes of metadata; there are (block+metadata)",
		 (unsigned long long)block, (unsigned long long)metadata);
	return -CTL_USAGE;
}

const struct ctl_field ns_fields[] = {
	{ "controller", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "nsid", K_NUMBER, "namespace identifier", F_LABEL, NULL },
	{ "disk", K_TEXT, "name of the disk, null: none", 0, NULL },
	{ "size_bytes", K_BYTES, "size", F_METRIC, NULL },
	{ "used_bytes", K_BYTES, "allocated", F_METRIC, NULL },
	{ "block_bytes", K_BYTES, "logical block", 0, NULL },
	{ "metadata_bytes", K_BYTES, "metadata of a block", F_MORE, NULL },
	{ "protection", K_NUMBER, "type of protection information, 0: none", F_MORE, NULL },
	{ "attached", K_BOOL, "attached to this controller", 0, NULL },
	{ "shared", K_BOOL, "several controllers may attach it", F_MORE, NULL },
	{ "write_protected", K_BOOL, "takes no writes", F_MORE, NULL },
	{ "nguid", K_TEXT, "globally unique identifier", F_MORE, NULL },
	{ "eui64", K_TEXT, "EUI-64", F_MORE, NULL },
	{ "uuid", K_TEXT, "UUID", F_MORE, NULL },
	{ "format_percent", K_PERCENT, "how far a format is; null: none runs, or the controller does not say", F_METRIC | F_MORE,
	  NULL },
	{ NULL },
};

uint64_t ns_used_bytes(const struct libgmx_id_ns *id)
{
	uint64_t bytes;

	return __builtin_mul_overflow(id->used_blocks, (uint64_t)id->block_bytes, &bytes) ? UINT64_MAX : bytes;
}

void ns_describe(struct plan *plan, const char *ctrl, uint32_t nsid, const struct libgmx_id_ns *id, const uint16_t *cntlids,
		 unsigned int nr)
{
	plan_line(plan, "  %llu bytes, %llu of them in use", (unsigned long long)id->bytes,
		  (unsigned long long)ns_used_bytes(id));
	plan_namespace(plan, ctrl, nsid, cntlids, nr);
}

void ns_put(struct json_object *r, const char *ctrl, uint32_t nsid, const struct libgmx_id_ns *id, bool attached)
{
	struct libgmx_disk disk;
	bool found = disk_find(ctrl, nsid, &disk);

	put_text(r, "controller", ctrl);
	put_number(r, "nsid", nsid);
	put_text(r, "disk", found ? disk.name : "");
	put_number(r, "size_bytes", id->bytes);
	put_number(r, "used_bytes", ns_used_bytes(id));
	put_number(r, "block_bytes", id->block_bytes);
	put_number(r, "metadata_bytes", id->metadata_bytes);
	put_number(r, "protection", id->protection);
	put_bool(r, "attached", attached);
	put_bool(r, "shared", id->shared);
	put_bool(r, "write_protected", id->write_protected);
	put_text(r, "nguid", id->nguid);
	put_text(r, "eui64", id->eui64);
	put_text(r, "uuid", found ? disk.uuid : "");
	if (id->format_left)
		put_number(r, "format_percent", 100u - id->format_left);
	else
		put_null(r, "format_percent");
}
