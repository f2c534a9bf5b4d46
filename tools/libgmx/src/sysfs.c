// SPDX-License-Identifier: LGPL-2.1-or-later
/* Controllers and disks as sysfs shows them. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libgmx/ctrl.h>

#include "ctrl.h"
#include "wire.h"

int libgmx_path(char *out, size_t room, const char *format, ...)
{
	const char *root = secure_getenv("LIBGMX_ROOT");
	int head = snprintf(out, room, "%s", root ? root : ""), tail;
	va_list args;

	if (head < 0 || (size_t)head >= room)
		return -ENAMETOOLONG;
	va_start(args, format);
	tail = vsnprintf(out + head, room - (size_t)head, format, args);
	va_end(args);
	return tail < 0 || (size_t)tail >= room - (size_t)head ? -ENAMETOOLONG : 0;
}

int libgmx_read_text(const char *path, char *out, size_t room)
{
	char buf[512];
	struct wire w;
	ssize_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	out[0] = 0;
	if (fd < 0)
		return -errno;
	n = read(fd, buf, sizeof(buf));
	if (n < 0) {
		n = -errno;
		close(fd);
		return (int)n;
	}
	close(fd);
	w = wire_of(buf, (size_t)n);
	for (size_t i = 0; i < w.len; i++)
		if (buf[i] == '\n')
			w.len = i;
	wire_text(&w, 0, w.len, out, room);
	return 0;
}

uint64_t libgmx_read_number(const char *path, uint64_t otherwise)
{
	char text[32], *end;
	uint64_t v;

	if (libgmx_read_text(path, text, sizeof(text)) || !isdigit((unsigned char)text[0]))
		return otherwise;
	errno = 0;
	v = strtoull(text, &end, 10);
	return errno || *end ? otherwise : v;
}

/* "gmx" NUMBER, and nothing else */
static bool is_ctrl_name(const char *s)
{
	if (strncmp(s, "gmx", 3) || !isdigit((unsigned char)s[3]) || strlen(s) > 15)
		return false;
	return s[3 + strspn(s + 3, "0123456789")] == 0;
}

/* "gmx" NUMBER "n" NUMBER; the controller's part goes to @ctrl */
static bool is_disk_name(const char *s, char ctrl[32])
{
	size_t digits;

	if (strncmp(s, "gmx", 3) || strlen(s) > 31)
		return false;
	digits = strspn(s + 3, "0123456789");
	if (!digits || s[3 + digits] != 'n' || !s[4 + digits] || s[4 + digits + strspn(s + 4 + digits, "0123456789")])
		return false;
	snprintf(ctrl, 32, "%.*s", (int)(3 + digits), s);
	return true;
}

static void attr(const char *name, const char *file, char *out, size_t room)
{
	char path[512];

	out[0] = 0;
	if (!libgmx_path(path, sizeof(path), "/sys/class/gmx/%s/%s", name, file))
		libgmx_read_text(path, out, room);
}

static uint64_t number(const char *name, const char *file, uint64_t otherwise)
{
	char path[512];

	if (libgmx_path(path, sizeof(path), "/sys/class/gmx/%s/%s", name, file))
		return otherwise;
	return libgmx_read_number(path, otherwise);
}

int libgmx_info(const char *name, struct libgmx_ctrl_info *info)
{
	char path[512], numa[16];

	memset(info, 0, sizeof(*info));
	if (!is_ctrl_name(name) || libgmx_path(path, sizeof(path), "/sys/class/gmx/%s/state", name))
		return -ENODEV;
	if (libgmx_read_text(path, info->state, sizeof(info->state)))
		return -ENODEV;
	snprintf(info->name, sizeof(info->name), "%s", name);
#define TEXT_ATTR(field, file) attr(name, file, info->field, sizeof(info->field))
	TEXT_ATTR(address, "address");
	TEXT_ATTR(serial, "serial");
	TEXT_ATTR(model, "model");
	TEXT_ATTR(firmware, "firmware_rev");
	TEXT_ATTR(subnqn, "subsysnqn");
	TEXT_ATTR(family, "gmx/family");
	TEXT_ATTR(function, "gmx/function");
	TEXT_ATTR(interface_version, "gmx/interface_version");
	TEXT_ATTR(features, "gmx/features");
	TEXT_ATTR(form_factor, "gmx/form_factor");
	TEXT_ATTR(max_link_speed, "gmx/link_speed");
	TEXT_ATTR(link_speed, "gmx/trained_link_speed");
	if (!info->link_speed[0])
		TEXT_ATTR(link_speed, "device/current_link_speed");
	TEXT_ATTR(last_reset, "last_reset_reason");
	attr(name, "numa_node", numa, sizeof(numa));
	info->numa_node = numa[0] ? atoi(numa) : -1;
	info->link_width = (unsigned int)number(name, "gmx/trained_link_width", number(name, "device/current_link_width", 0));
	info->max_link_width = (unsigned int)number(name, "gmx/link_width", 0);
	info->cntlid = (unsigned int)number(name, "cntlid", 0);
	info->queue_count = (unsigned int)number(name, "queue_count", 0);
	info->max_transfer_bytes = number(name, "max_transfer_bytes", 0);
	info->resets = number(name, "reset_count", 0);
	info->timeouts = number(name, "timeout_count", 0);
	info->missed_interrupts = number(name, "missed_interrupt_count", 0);
	info->aborts = number(name, "abort_count", 0);
	info->command_errors = number(name, "command_error_count", 0);
	info->command_retries = number(name, "command_retries_count", 0);
	info->stale_completions = number(name, "stale_completion_count", 0);
	info->async_events = number(name, "async_event_count", 0);
	return 0;
}

/* Numbers in names count as numbers: gmx10 comes after gmx9 */
static int by_name(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

static void names_free(char **names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

/* Names in a folder of sysfs that @wanted takes, sorted */
static int names_in(const char *folder, bool (*wanted)(const char *name), char ***out, size_t *count)
{
	char path[512], **names = NULL, **more;
	struct dirent *d;
	size_t n = 0;
	DIR *dir;
	int rc = libgmx_path(path, sizeof(path), "%s", folder);

	*out = NULL;
	*count = 0;
	if (rc)
		return rc;
	dir = opendir(path);
	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	while ((d = readdir(dir))) {
		if (!wanted(d->d_name))
			continue;
		more = realloc(names, (n + 1) * sizeof(*names));
		if (more)
			names = more;
		if (!more || !(names[n] = strdup(d->d_name))) {
			names_free(names, n);
			closedir(dir);
			return -ENOMEM;
		}
		n++;
	}
	closedir(dir);
	if (n)
		qsort(names, n, sizeof(*names), by_name);
	*out = names;
	*count = n;
	return 0;
}

int libgmx_list(struct libgmx_ctrl_info **list, size_t *count)
{
	char **names;
	size_t n, got = 0;
	int rc = names_in("/sys/class/gmx", is_ctrl_name, &names, &n);

	*list = NULL;
	*count = 0;
	if (rc || !n)
		return rc;
	*list = calloc(n, sizeof(**list));
	if (*list) {
		for (size_t i = 0; i < n; i++)
			got += !libgmx_info(names[i], *list + got);
		*count = got;
	}
	names_free(names, n);
	return *list ? 0 : -ENOMEM;
}

static bool is_disk(const char *s)
{
	char ctrl[32];

	return is_disk_name(s, ctrl);
}

static void disk_attr(const char *name, const char *file, char *out, size_t room)
{
	char path[512];

	out[0] = 0;
	if (!libgmx_path(path, sizeof(path), "/sys/block/%s/%s", name, file))
		libgmx_read_text(path, out, room);
}

static bool disk_read(const char *name, struct libgmx_disk *disk)
{
	char text[32];

	memset(disk, 0, sizeof(*disk));
	snprintf(disk->name, sizeof(disk->name), "%s", name);
	is_disk_name(name, disk->ctrl);
	disk_attr(name, "nsid", text, sizeof(text));
	disk->nsid = (uint32_t)strtoul(text, NULL, 10);
	disk_attr(name, "size", text, sizeof(text));
	disk->bytes = strtoull(text, NULL, 10) * 512;
	disk_attr(name, "queue/logical_block_size", text, sizeof(text));
	disk->block_bytes = (uint32_t)strtoul(text, NULL, 10);
	disk_attr(name, "uuid", disk->uuid, sizeof(disk->uuid));
	disk_attr(name, "wwid", disk->wwid, sizeof(disk->wwid));
	return disk->nsid;
}

int libgmx_disks(const char *name, struct libgmx_disk **list, size_t *count)
{
	char **names;
	size_t n, got = 0;
	int rc = names_in("/sys/block", is_disk, &names, &n);

	*list = NULL;
	*count = 0;
	if (rc || !n)
		return rc;
	*list = calloc(n, sizeof(**list));
	if (*list) {
		for (size_t i = 0; i < n; i++)
			if (disk_read(names[i], *list + got) && (!name || !strcmp((*list)[got].ctrl, name)))
				got++;
		*count = got;
	}
	names_free(names, n);
	return *list ? 0 : -ENOMEM;
}

/* A controller must be there, and a disk too */
static int take_ctrl(const char *name, struct libgmx_target *target)
{
	struct libgmx_ctrl_info info;

	if (libgmx_info(name, &info))
		return -ENODEV;
	snprintf(target->ctrl, sizeof(target->ctrl), "%s", name);
	return 0;
}

static int take_disk(const char *name, struct libgmx_target *target)
{
	struct libgmx_disk disk;

	if (!disk_read(name, &disk))
		return -ENODEV;
	snprintf(target->ctrl, sizeof(target->ctrl), "%s", disk.ctrl);
	snprintf(target->disk, sizeof(target->disk), "%s", disk.name);
	target->nsid = disk.nsid;
	return 0;
}

/* What the name of a node, without its folder, means */
static int take_name(const char *name, struct libgmx_target *target)
{
	char ctrl[32], disk[32];

	if (is_ctrl_name(name))
		return take_ctrl(name, target);
	if (is_disk_name(name, ctrl))
		return take_disk(name, target);
	if (!strncmp(name, "gmxg", 4)) {
		snprintf(disk, sizeof(disk), "gmx%.26s", name + 4);
		if (is_disk_name(disk, ctrl))
			return take_disk(disk, target);
	}
	return -ENODEV;
}

static int by_ctrl(const char *text, struct libgmx_target *target)
{
	struct libgmx_ctrl_info *list;
	char full[32];
	size_t n, hits = 0;
	int rc = libgmx_list(&list, &n);

	if (rc)
		return rc;
	snprintf(full, sizeof(full), "0000:%.24s", text);
	for (size_t i = 0; i < n; i++) {
		if (strcasecmp(list[i].address, text) && strcasecmp(list[i].address, full) && strcmp(list[i].serial, text))
			continue;
		snprintf(target->ctrl, sizeof(target->ctrl), "%s", list[i].name);
		hits++;
	}
	free(list);
	return hits == 1 ? 0 : hits ? -ENOTUNIQ : -ENODEV;
}

static int by_uuid(const char *text, struct libgmx_target *target)
{
	struct libgmx_disk *list;
	size_t n, hits = 0;
	int rc = libgmx_disks(NULL, &list, &n);

	if (rc)
		return rc;
	for (size_t i = 0; i < n; i++) {
		if (!list[i].uuid[0] || strcasecmp(list[i].uuid, text))
			continue;
		snprintf(target->ctrl, sizeof(target->ctrl), "%s", list[i].ctrl);
		snprintf(target->disk, sizeof(target->disk), "%s", list[i].name);
		target->nsid = list[i].nsid;
		hits++;
	}
	free(list);
	return hits == 1 ? 0 : hits ? -ENOTUNIQ : -ENODEV;
}

int libgmx_resolve(const char *text, struct libgmx_target *target)
{
	struct libgmx_target found = { .nsid = 0 };
	char *real = NULL;
	const char *name;
	int rc;

	memset(target, 0, sizeof(*target));
	if (!text || !text[0] || strlen(text) > 255)
		return -EINVAL;
	name = text;
	if (strchr(text, '/')) {
		real = realpath(text, NULL);
		name = strrchr(real ? real : text, '/') + 1;
	}
	rc = take_name(name, &found);
	if (rc && !strchr(text, '/'))
		rc = by_ctrl(text, &found);
	if (rc == -ENODEV && !strchr(text, '/'))
		rc = by_uuid(text, &found);
	free(real);
	if (!rc)
		*target = found;
	return rc;
}
