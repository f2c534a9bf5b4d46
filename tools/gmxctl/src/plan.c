// SPDX-License-Identifier: GPL-2.0-or-later
/* What is about to happen, shown and confirmed before it does. */
#include <dirent.h>
#include <mntent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "ctl.h"

#define MAX_LINES 64

struct plan {
	struct ctl *ctl;
	char *line[MAX_LINES];
	unsigned int nr;
	bool danger;
};

static void add(struct plan *plan, const char *format, va_list args)
{
	if (plan->nr < MAX_LINES && vasprintf(&plan->line[plan->nr], format, args) >= 0)
		plan->nr++;
}

struct plan *plan_new(struct ctl *ctl, const char *format, ...)
{
	struct plan *plan = calloc(1, sizeof(*plan));
	va_list args;

	if (!plan)
		abort();
	plan->ctl = ctl;
	va_start(args, format);
	add(plan, format, args);
	va_end(args);
	return plan;
}

void plan_line(struct plan *plan, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(plan, format, args);
	va_end(args);
}

void plan_danger(struct plan *plan, const char *format, ...)
{
	va_list args;

	plan->danger = true;
	va_start(args, format);
	add(plan, format, args);
	va_end(args);
}

static void root_path(char *out, size_t room, const char *path)
{
	const char *root = secure_getenv("LIBGMX_ROOT");

	snprintf(out, room, "%s%s", root ? root : "", path);
}

/* "gmx0n1" or its partition "gmx0n1p2" */
static bool is_of_disk(const char *name, const char *disk)
{
	size_t len = strlen(disk);

	return !strncmp(name, disk, len) && (!name[len] || (name[len] == 'p' && name[len + 1]));
}

/* Names in holders/ of the disk and of its partitions: device mapper, md, and the like */
static unsigned int holders(struct plan *plan, const char *folder, const char *what)
{
	unsigned int n = 0;
	struct dirent *d;
	DIR *dir = opendir(folder);

	while (dir && (d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		plan_danger(plan, "  %s is held by %s", what, d->d_name);
		n++;
	}
	if (dir)
		closedir(dir);
	return n;
}

unsigned int plan_disk(struct plan *plan, const char *disk)
{
	char path[600], sub[600], base[256];
	unsigned int n = 0;
	struct mntent *m;
	struct dirent *d;
	FILE *f;
	DIR *dir;

	root_path(path, sizeof(path), "/proc/self/mounts");
	f = setmntent(path, "r");
	while (f && (m = getmntent(f))) {
		const char *name = strrchr(m->mnt_fsname, '/');

		if (!name || !is_of_disk(name + 1, disk))
			continue;
		plan_danger(plan, "  %s is mounted on %s", name + 1, m->mnt_dir);
		n++;
	}
	if (f)
		endmntent(f);
	snprintf(base, sizeof(base), "/sys/block/%s", disk);
	root_path(path, sizeof(path), base);
	snprintf(sub, sizeof(sub), "%.560s/holders", path);
	n += holders(plan, sub, disk);
	dir = opendir(path);
	while (dir && (d = readdir(dir))) {
		if (!is_of_disk(d->d_name, disk) || strlen(d->d_name) > 40)
			continue;
		plan_line(plan, "  partition %s", d->d_name);
		snprintf(sub, sizeof(sub), "%.500s/%.40s/holders", path, d->d_name);
		n += holders(plan, sub, d->d_name);
	}
	if (dir)
		closedir(dir);
	return n;
}

/* Below what / is mounted from: a partition, or a device that is made of others */
static void find_root(const char *folder, unsigned int depth, char *out, size_t room)
{
	char path[512], real[4096];
	struct dirent *d;
	bool slaves = false;
	DIR *dir;

	snprintf(path, sizeof(path), "%.400s/slaves", folder);
	dir = depth < 8 ? opendir(path) : NULL;
	while (dir && !out[0] && (d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		slaves = true;
		snprintf(path, sizeof(path), "%.300s/slaves/%.100s", folder, d->d_name);
		find_root(path, depth + 1, out, room);
	}
	if (dir)
		closedir(dir);
	if (slaves || out[0] || !realpath(folder, real))
		return;
	for (char *p = real; (p = strstr(p, "/gmx")); p++) {
		size_t len = strcspn(p + 1, "/");
		const char *n = strchr(p + 1, 'n');

		if (n && n < p + 1 + len && strcspn(p + 1, "p") >= len)
			snprintf(out, room, "%.*s", (int)len, p + 1);
	}
}

void plan_root_disk(char *out, size_t room)
{
	char path[128], name[64];
	struct stat st;

	out[0] = 0;
	root_path(path, sizeof(path), "");
	if (path[0] || stat("/", &st))
		return;
	snprintf(name, sizeof(name), "/sys/dev/block/%u:%u", major(st.st_dev), minor(st.st_dev));
	find_root(name, 0, out, room);
}

static void plan_free(struct plan *plan)
{
	for (unsigned int i = 0; i < plan->nr; i++)
		free(plan->line[i]);
	free(plan);
}

static int decide(struct plan *plan, const char *name)
{
	struct ctl *ctl = plan->ctl;
	char answer[64];

	if (ctl->dry_run) {
		fputs("nothing was done (--dry-run)\n", stderr);
		return PLAN_DRY;
	}
	if (plan->danger && !ctl_option(ctl, "force"))
		return ctl_fail(ctl, CTL_BUSY, "stop what uses it first; --force does it all the same",
				"%s is in use, as said above", name);
	if (ctl->assume_yes)
		return CTL_OK;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return ctl_fail(ctl, CTL_UNCONFIRMED, "--yes does it without asking, --dry-run only shows what would be done",
				"not confirmed, and nobody to ask");
	fprintf(stderr, "type %s to go on: ", name);
	if (!fgets(answer, sizeof(answer), stdin))
		answer[0] = 0;
	answer[strcspn(answer, "\n")] = 0;
	if (strcmp(answer, name))
		return ctl_fail(ctl, CTL_UNCONFIRMED, NULL, "not confirmed: nothing was done");
	return CTL_OK;
}

int plan_confirm(struct plan *plan, const char *name)
{
	int status;

	if (!plan->ctl->assume_yes || plan->ctl->dry_run || plan->danger)
		for (unsigned int i = 0; i < plan->nr; i++)
			fprintf(stderr, "%s\n", plan->line[i]);
	status = decide(plan, name);
	plan_free(plan);
	return status;
}
