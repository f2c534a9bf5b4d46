// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl log and drive: log pages as they are, and those that list things. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

#define MAX_DRIVES 1024
#define LIST_HEAD  32u
#define MAX_PAGE   (1u << 20)

struct page {
	const char *name;
	unsigned int lid;
	unsigned int bytes;
	bool list;	     /* its first four bytes are its length */
	const char *instead; /* for those who may not read log pages */
};

static const struct page pages[] = {
	{ "error", 0x01, 4096, false, NULL },
	{ "smart", 0x02, 512, false, "gmxctl smart and health show what is in it" },
	{ "fw-slot", 0x03, 512, false, "gmxctl fw list shows what is in it" },
	{ "changed-ns", 0x04, 4096, false, "gmxctl ns list shows the namespaces" },
	{ "effects", 0x05, 4096, false, NULL },
	{ "selftest", 0x06, 564, false, NULL },
	{ "sanitize", 0x81, 512, false, NULL },
	{ "health", 0xc0, 512, false, "gmxctl health shows what is in it" },
	{ "volumes", 0xc1, 0, true, NULL },
	{ "drives", 0xc2, 0, true, "gmxctl health has their number and how many have failed" },
	{ "journal", 0xc3, 128, false, NULL },
	{ "events", 0xc4, 0, true, "gmxctl event list --driver has those since the driver was bound" },
	{ "keys", 0xc5, 0, true, NULL },
	{ "qos", 0xc6, 0, true, NULL },
	{ "tenants", 0xc7, 0, true, NULL },
	{ "fw-state", 0xc8, 64, false, "gmxctl fw list shows what is in it" },
	{ "power", 0xc9, 512, false, "gmxctl power show shows what is in it" },
};

static const struct ctl_field get_fields[] = {
	{ "name", K_TEXT, "name of the controller", 0, NULL },
	{ "page", K_HEX, "log page", 0, NULL },
	{ "size_bytes", K_BYTES, "data", 0, NULL },
	{ "hex", K_TEXT, "the data in hexadecimal", 0, NULL },
	{ NULL },
};

static const struct page *page_of(const char *name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(pages); i++)
		if (!strcmp(pages[i].name, name))
			return &pages[i];
	return NULL;
}

static int refused(struct ctl *ctl, int rc, unsigned int lid, const char *name)
{
	const char *instead = NULL;

	for (unsigned int i = 0; i < ARRAY_SIZE(pages); i++)
		if (pages[i].lid == lid)
			instead = pages[i].instead;
	return ctl_fail_may(ctl, rc, instead, "log page %02Xh of %s", lid, name);
}

/* A whole list page: its length first, then all of it */
static int read_list(struct ctl *ctl, struct libgmx_ctrl *ctrl, unsigned int lid, uint8_t **data, size_t *len)
{
	uint8_t head[LIST_HEAD];
	uint32_t bytes;
	int rc = libgmx_log(ctrl, lid, 0, 0, true, 0, head, sizeof(head));

	*data = NULL;
	bytes = head[0] | (uint32_t)head[1] << 8 | (uint32_t)head[2] << 16 | (uint32_t)head[3] << 24;
	if (!rc && (bytes < LIST_HEAD || bytes > MAX_PAGE))
		rc = -EBADMSG;
	if (!rc) {
		*len = (bytes + 3) & ~3u;
		*data = malloc(*len);
		rc = *data ? libgmx_log(ctrl, lid, 0, 0, true, 0, *data, *len) : -ENOMEM;
	}
	if (!rc)
		return CTL_OK;
	free(*data);
	*data = NULL;
	return refused(ctl, rc, lid, libgmx_name(ctrl));
}

static int read_page(struct ctl *ctl, struct libgmx_ctrl *ctrl, unsigned int lid, uint64_t offset, size_t want, bool list,
		     uint8_t **data, size_t *len)
{
	int rc;

	if (list && !want) {
		rc = read_list(ctl, ctrl, lid, data, len);
		if (rc || !offset)
			return rc;
		if (offset >= *len)
			return ctl_usage(ctl, "--offset is beyond the end: log page %02Xh has %zu bytes", lid, *len);
		*len -= (size_t)offset;
		memmove(*data, *data + offset, *len);
		return CTL_OK;
	}
	*len = want ? want : 512;
	*data = malloc(*len);
	rc = *data ? libgmx_log(ctrl, lid, LIBGMX_ALL_NAMESPACES, 0, true, offset, *data, *len) : -ENOMEM;
	return rc ? refused(ctl, rc, lid, libgmx_name(ctrl)) : CTL_OK;
}

static void put_hex(struct json_object *r, const uint8_t *data, size_t len)
{
	char *hex = malloc(2 * len + 1);

	for (size_t i = 0; hex && i < len; i++)
		snprintf(hex + 2 * i, 3, "%02x", data[i]);
	put_text(r, "hex", hex ? hex : "");
	free(hex);
}

static int run_get(struct ctl *ctl)
{
	const struct page *page = page_of(ctl->args[0]);
	const char *file = ctl_option(ctl, "file");
	uint64_t lid = page ? page->lid : 0, length = page ? page->bytes : 0, offset = 0;
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	struct ctl one = *ctl;
	struct json_object *r;
	uint8_t *data = NULL;
	size_t len = 0;
	int status;

	if (!page && (!ctl_number(ctl->args[0], &lid) || lid > 255))
		return ctl_fail(
			ctl, CTL_USAGE,
			"error smart fw-slot changed-ns effects selftest sanitize health volumes drives journal events keys qos tenants fw-state power",
			"'%s' is no log page: a number up to FFh, or one of", ctl->args[0]);
	status = ctl_option_number(ctl, "length", 4, MAX_PAGE, &length);
	if (!status)
		status = ctl_option_number(ctl, "offset", 0, UINT64_MAX - MAX_PAGE, &offset);
	if (!status && offset && length && !ctl_option(ctl, "length")) {
		if (offset >= length)
			return ctl_usage(ctl, "--offset is beyond the end: log page %02Xh has %llu bytes", (unsigned int)lid,
					 (unsigned long long)length);
		length -= offset;
	}
	if (!status && (length % 4 || offset % 4)) {
		if (ctl_option(ctl, "length") || offset % 4)
			return ctl_usage(ctl, "--length and --offset are multiples of 4");
		length += 4 - length % 4;
	}
	one.args++;
	one.nr_args--;
	if (!status)
		status = ctl_open_one(&one, &target, &ctrl);
	if (status)
		return status;
	status = read_page(ctl, ctrl, (unsigned int)lid, offset, length, page && page->list, &data, &len);
	libgmx_close(ctrl);
	if (!status && file)
		status = file_write(ctl, file, data, len);
	if (!status && file && !strcmp(file, "-")) {
		/* nothing behind the data */
		ctl->output = OUT_TABLE;
	} else if (!status) {
		r = ctl_record(ctl_list(ctl));
		put_text(r, "name", target.ctrl);
		put_number(r, "page", lid);
		put_number(r, "size_bytes", len);
		put_hex(r, data, len);
	}
	free(data);
	return status;
}

static const struct ctl_field error_fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "count", K_NUMBER, "number of the error", 0, NULL },
	{ "queue", K_NUMBER, "submission queue", 0, NULL },
	{ "cid", K_NUMBER, "command identifier", 0, NULL },
	{ "status", K_HEX, "status, type << 8 | code", 0, NULL },
	{ "text", K_TEXT, "what it means", 0, NULL },
	{ "nsid", K_NUMBER, "namespace", 0, NULL },
	{ "lba", K_NUMBER, "first block", 0, NULL },
	{ NULL },
};

static int run_errors(struct ctl *ctl)
{
	struct libgmx_error_entry entries[64];
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	uint8_t data[64 * 64];
	unsigned int n;
	int status = ctl_open_one(ctl, &target, &ctrl), rc;

	if (status)
		return status;
	rc = libgmx_log(ctrl, 0x01, LIBGMX_ALL_NAMESPACES, 0, true, 0, data, sizeof(data));
	libgmx_close(ctrl);
	if (rc)
		return ctl_fail_may(ctl, rc, NULL, "error log of %s", target.ctrl);
	n = libgmx_decode_errors(data, sizeof(data), entries, ARRAY_SIZE(entries));
	ctl_list(ctl);
	for (unsigned int i = 0; i < n; i++) {
		struct json_object *r = ctl_record(ctl_list(ctl));

		put_text(r, "name", target.ctrl);
		put_number(r, "count", entries[i].count);
		put_number(r, "queue", entries[i].sqid);
		put_number(r, "cid", entries[i].cid);
		put_number(r, "status", (uint64_t)LIBGMX_STATUS(entries[i].status));
		put_text(r, "text", libgmx_strerror(LIBGMX_STATUS(entries[i].status)));
		put_number(r, "nsid", entries[i].nsid);
		put_number(r, "lba", entries[i].lba);
	}
	return CTL_OK;
}

static const struct ctl_option get_options[] = {
	{ "length", 0, "BYTES", "so much of it", NULL },
	{ "offset", 0, "BYTES", "from here on (0)", NULL },
	{ "file", 0, "FILE", "write the data to this file, - is standard output", NULL },
	{ NULL },
};

const struct ctl_command cmd_log[] = {
	{ "log", "get", "PAGE [TARGET]", "read a log page",
	  "PAGE is a number (C0h, 0xc0, 192) or a name: error, smart, fw-slot, changed-ns, effects, selftest, sanitize, health, volumes, drives, journal,\n"
	  "events, keys, qos, tenants, fw-state, power.",
	  get_options, get_fields, SHAPE_RECORDS, 0, run_get },
	{ "log", "errors", "[TARGET]", "list the error log, newest first", NULL, NULL, error_fields, SHAPE_LIST, 0, run_errors },
	{ NULL },
};

static const struct ctl_field drive_fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "drive", K_NUMBER, "number of the drive", F_LABEL, NULL },
	{ "bay", K_NUMBER, "where it is plugged", 0, NULL },
	{ "state", K_TEXT, "online, offline, failed, spare, rebuilding, removable or foreign", 0, NULL },
	{ "failed", K_BOOL, "it has failed", F_METRIC | F_MORE, NULL },
	{ "bus", K_TEXT, "internal, sas or sata", 0, NULL },
	{ "rpm", K_NUMBER, "turns a minute, 0: does not rotate", F_MORE, NULL },
	{ "size_bytes", K_BYTES, "capacity", F_METRIC, NULL },
	{ "temperature_celsius", K_CELSIUS, "temperature", F_METRIC, NULL },
	{ "spare_percent", K_PERCENT, "spare that is left", F_METRIC, NULL },
	{ "used_percent", K_PERCENT, "of the endurance", F_METRIC, NULL },
	{ "bad_sectors", K_NUMBER, "that can't be read until they are written", F_METRIC, NULL },
	{ "model", K_TEXT, "model", F_INFO, NULL },
	{ "serial", K_TEXT, "serial number", F_INFO, NULL },
	{ "firmware", K_TEXT, "firmware", F_INFO | F_MORE, NULL },
	{ "nsid", K_NUMBER, "namespace that lies on it alone, 0: none", F_MORE, NULL },
	{ "predicted", K_BOOL, "it says that it will fail soon", F_METRIC | F_MORE, NULL },
	{ NULL },
};

static void put_drive(struct json_object *r, const char *name, const struct libgmx_drive *d)
{
	static const char *const states[] = { "online", "offline", "failed", "spare", "rebuilding", "removable", "foreign" };
	static const char *const buses[] = { NULL, "internal", "sas", "sata" };

	put_text(r, "name", name);
	put_number(r, "drive", d->id);
	put_number(r, "bay", d->bay);
	put_name(r, "state", d->state < ARRAY_SIZE(states) ? states[d->state] : NULL, d->state);
	put_bool(r, "failed", d->state == 2);
	put_name(r, "bus", d->bus < ARRAY_SIZE(buses) ? buses[d->bus] : NULL, d->bus);
	put_number(r, "rpm", d->rpm);
	put_number(r, "size_bytes", d->bytes);
	put_celsius(r, "temperature_celsius", d->temperature_celsius);
	put_number(r, "spare_percent", d->spare_percent);
	put_number(r, "used_percent", d->used_percent);
	put_number(r, "bad_sectors", d->bad_sectors);
	put_text(r, "model", d->model);
	put_text(r, "serial", d->serial);
	put_text(r, "firmware", d->firmware);
	put_number(r, "nsid", d->nsid);
	put_bool(r, "predicted", d->flags & 2);
}

static int run_drives(struct ctl *ctl)
{
	struct libgmx_drive *drives;
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	uint8_t *data = NULL;
	unsigned int n = 0;
	size_t len = 0;
	int status = ctl_open_one(ctl, &target, &ctrl), rc;

	if (status)
		return status;
	status = read_list(ctl, ctrl, LIBGMX_LOG_DRIVES, &data, &len);
	libgmx_close(ctrl);
	drives = status ? NULL : calloc(MAX_DRIVES, sizeof(*drives));
	if (drives) {
		rc = libgmx_decode_drives(data, len, drives, MAX_DRIVES, &n);
		if (rc)
			status = ctl_fail_rc(ctl, rc, "drives of %s", target.ctrl);
	}
	ctl_list(ctl);
	for (unsigned int i = 0; i < n; i++)
		put_drive(ctl_record(ctl_list(ctl)), target.ctrl, &drives[i]);
	free(drives);
	free(data);
	return status;
}

const struct ctl_command cmd_drive[] = {
	{ "drive", "list", "[TARGET]", "list the drives behind a controller", NULL, NULL, drive_fields, SHAPE_LIST, 0,
	  run_drives },
	{ NULL },
};
