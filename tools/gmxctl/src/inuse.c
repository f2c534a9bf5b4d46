// SPDX-License-Identifier: GPL-2.0-or-later
/* What uses the disks that a plan is about: mounts, holders, somebody who has one alone; and where / is. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "ctl.h"
#include "sys.h"

#define MAX_ROOT  16
#define MAX_DEPTH 8

/* "gmx0n1" or its partition "gmx0n1p2" */
static bool is_of_disk(const char *name, const char *disk)
{
	size_t len = strlen(disk);

	return !strncmp(name, disk, len) && (!name[len] || (name[len] == 'p' && name[len + 1]));
}

static unsigned int mounts(struct plan *plan, const char *disk)
{
	unsigned int n = 0;
	struct mntent *m;
	char path[600];
	FILE *f;

	if (sys_path(path, sizeof(path), "/proc/self/mounts"))
		return 0;
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
	return n;
}

/* Names in holders/ of the disk or of a partition: device mapper, md, and the like */
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

/* What leaves no trace to see here: swap, mounts of other namespaces, programs that want it alone */
static unsigned int held_alone(struct plan *plan, const char *disk)
{
	char path[600];
	int fd;

	if (sys_path(path, sizeof(path), "/dev/%s", disk))
		return 0;
	fd = open(path, O_RDONLY | O_EXCL | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0)
		close(fd);
	if (fd >= 0 || errno != EBUSY)
		return 0;
	plan_danger(plan, "  %s is in use: swap, a mount elsewhere, or a program that has it alone", disk);
	return 1;
}

unsigned int plan_disk(struct plan *plan, const char *disk)
{
	char path[600], sub[600];
	unsigned int n = mounts(plan, disk);
	struct dirent *d;
	DIR *dir;

	if (sys_path(path, sizeof(path), "/sys/block/%s", disk))
		return n;
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
	return n ? n : held_alone(plan, disk);
}

static bool is_concerned(const struct libgmx_ctrl_info *info, const uint16_t *cntlids, unsigned int nr)
{
	for (unsigned int i = 0; cntlids && i < nr; i++)
		if (cntlids[i] == info->cntlid)
			return true;
	return !cntlids;
}

size_t ctl_subsystem(const char *ctrl, struct libgmx_ctrl_info **list)
{
	struct libgmx_ctrl_info self;
	size_t n, kept = 0;

	*list = NULL;
	if (libgmx_info(ctrl, &self) || libgmx_list(list, &n))
		return 0;
	for (size_t i = 0; i < n; i++)
		if (!strcmp((*list)[i].name, ctrl) || (self.subnqn[0] && !strcmp((*list)[i].subnqn, self.subnqn)))
			(*list)[kept++] = (*list)[i];
	return kept;
}

void plan_namespace(struct plan *plan, const char *ctrl, uint32_t nsid, const uint16_t *cntlids, unsigned int nr)
{
	struct libgmx_ctrl_info *ctrls;
	struct libgmx_disk *disks;
	size_t n = ctl_subsystem(ctrl, &ctrls), nr_disks;

	for (size_t i = 0; i < n; i++) {
		if (!is_concerned(&ctrls[i], cntlids, nr) || libgmx_disks(ctrls[i].name, &disks, &nr_disks))
			continue;
		for (size_t k = 0; k < nr_disks; k++) {
			if (nsid != LIBGMX_ALL_NAMESPACES && disks[k].nsid != nsid)
				continue;
			plan_line(plan, "  %s, %llu bytes", disks[k].name, (unsigned long long)disks[k].bytes);
			plan_disk(plan, disks[k].name);
		}
		free(disks);
	}
	free(ctrls);
}

struct roots {
	char name[MAX_ROOT][32];
	unsigned int nr;
};

/* The disk gmx<N>n<M> whose folder a path leads through */
static void add_root(struct roots *roots, const char *real)
{
	for (const char *p = real; (p = strstr(p, "/gmx")); p++) {
		size_t len = strcspn(p + 1, "/");
		const char *n = strchr(p + 1, 'n');

		if (!n || n >= p + 1 + len || strcspn(p + 1, "p") < len || len >= 32 || roots->nr >= MAX_ROOT)
			continue;
		snprintf(roots->name[roots->nr], 32, "%.*s", (int)len, p + 1);
		for (unsigned int i = 0; i <= roots->nr; i++) {
			if (strcmp(roots->name[i], roots->name[roots->nr]))
				continue;
			roots->nr += i == roots->nr;
			return;
		}
	}
}

/* All that a device is made of, down to disks: a mirror is on each of its halves */
static void leaves(struct roots *roots, const char *folder, unsigned int depth)
{
	char path[600], real[PATH_MAX];
	struct dirent *d;
	bool slaves = false;
	DIR *dir;

	snprintf(path, sizeof(path), "%.500s/slaves", folder);
	dir = depth < MAX_DEPTH ? opendir(path) : NULL;
	while (dir && (d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		slaves = true;
		snprintf(path, sizeof(path), "%.400s/slaves/%.100s", folder, d->d_name);
		leaves(roots, path, depth + 1);
	}
	if (dir)
		closedir(dir);
	if (!slaves && realpath(folder, real))
		add_root(roots, real);
}

static void leaves_of_number(struct roots *roots, unsigned int major_, unsigned int minor_)
{
	char path[600];

	if (!sys_path(path, sizeof(path), "/sys/dev/block/%u:%u", major_, minor_))
		leaves(roots, path, 0);
}

/* Each device of the btrfs that @name is one of */
static void leaves_of_btrfs(struct roots *roots, const char *name)
{
	char folder[600], path[600];
	struct dirent *fs, *d;
	DIR *all, *dir;

	if (sys_path(folder, sizeof(folder), "/sys/fs/btrfs"))
		return;
	all = opendir(folder);
	while (all && (fs = readdir(all))) {
		snprintf(path, sizeof(path), "%.300s/%.64s/devices/%.100s", folder, fs->d_name, name);
		if (fs->d_name[0] == '.' || access(path, F_OK))
			continue;
		snprintf(path, sizeof(path), "%.300s/%.64s/devices", folder, fs->d_name);
		dir = opendir(path);
		while (dir && (d = readdir(dir))) {
			snprintf(path, sizeof(path), "%.300s/%.64s/devices/%.100s", folder, fs->d_name, d->d_name);
			if (d->d_name[0] != '.')
				leaves(roots, path, 0);
		}
		if (dir)
			closedir(dir);
	}
	if (all)
		closedir(all);
}

/* A node in /dev, or several with colons between */
static void leaves_of_source(struct roots *roots, const char *source)
{
	char word[300], path[600], real[PATH_MAX];

	for (const char *p = source; *p; p += strcspn(p, ":"), p += *p == ':') {
		const char *name;

		snprintf(word, sizeof(word), "%.*s", (int)strcspn(p, ":"), p);
		if (word[0] != '/' || sys_path(path, sizeof(path), "%s", word))
			continue;
		name = strrchr(realpath(path, real) ? real : word, '/') + 1;
		leaves_of_btrfs(roots, name);
		if (!sys_path(path, sizeof(path), "/sys/class/block/%s", name))
			leaves(roots, path, 0);
	}
}

/* The layers of an overlay, as far as they can be seen from here */
static void leaves_of_overlay(struct roots *roots, const char *options)
{
	static const char *const keys[] = { "lowerdir=", "upperdir=" };
	struct stat st;
	char path[600];

	for (unsigned int i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *p = strstr(options, keys[i]);

		for (p = p ? p + strlen(keys[i]) : ""; *p && *p != ','; p += strcspn(p, ":,"), p += *p == ':')
			if (!sys_path(path, sizeof(path), "%.*s", (int)strcspn(p, ":,"), p) && !stat(path, &st))
				leaves_of_number(roots, major(st.st_dev), minor(st.st_dev));
	}
}

/* ID PARENT MAJOR:MINOR ROOT / OPTIONS... - TYPE SOURCE OPTIONS: what was mounted last lies on top */
static void find_roots(struct roots *roots)
{
	unsigned int major_ = 0, minor_ = 0, a, b;
	char path[600], point[8], source[4096] = "", options[4096] = "", *line = NULL, *rest;
	size_t room = 0;
	FILE *f;

	roots->nr = 0;
	if (sys_path(path, sizeof(path), "/proc/self/mountinfo"))
		return;
	f = fopen(path, "re");
	while (f && getline(&line, &room, f) > 0) {
		if (sscanf(line, "%*u %*u %u:%u %*s %7s", &a, &b, point) != 3 || strcmp(point, "/"))
			continue;
		major_ = a;
		minor_ = b;
		source[0] = options[0] = 0;
		rest = strstr(line, " - ");
		if (rest)
			sscanf(rest, " - %*s %4095s %4095s", source, options);
	}
	free(line);
	if (f)
		fclose(f);
	if (major_) {
		leaves_of_number(roots, major_, minor_);
	} else {
		leaves_of_source(roots, source);
		leaves_of_overlay(roots, options);
	}
}

static bool is_of_ctrl(const char *disk, const char *ctrl)
{
	size_t len = strlen(ctrl);

	return !strncmp(disk, ctrl, len) && disk[len] == 'n';
}

void plan_root(struct plan *plan, const char *ctrl, bool subsystem)
{
	struct libgmx_ctrl_info *ctrls = NULL;
	size_t n = subsystem ? ctl_subsystem(ctrl, &ctrls) : 0;
	struct roots roots;

	find_roots(&roots);
	for (size_t i = 0; i < n; i++)
		if (strcmp(ctrls[i].name, ctrl))
			plan_line(plan, "  %s is of the same subsystem, and reset too", ctrls[i].name);
	for (unsigned int k = 0; k < roots.nr; k++) {
		if (is_of_ctrl(roots.name[k], ctrl))
			plan_danger(plan, "  / is on %s, a disk of this controller", roots.name[k]);
		for (size_t i = 0; i < n; i++)
			if (strcmp(ctrls[i].name, ctrl) && is_of_ctrl(roots.name[k], ctrls[i].name))
				plan_danger(plan, "  / is on %s, a disk of %s", roots.name[k], ctrls[i].name);
	}
	free(ctrls);
}

bool ctl_root_disk(char *out, size_t room)
{
	struct roots roots;

	find_roots(&roots);
	for (unsigned int i = 0; i < roots.nr; i++) {
		if (strncmp(roots.name[i], "gmx", 3))
			continue;
		snprintf(out, room, "%s", roots.name[i]);
		return true;
	}
	return false;
}
