// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl doctor: the module in the initramfs, by the tools of whoever made that. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"
#include "sys.h"

enum listed { LISTED_NOT, LISTED_WITHOUT, LISTED_WITH };

static const char *maker(void)
{
	if (sys_exists("/usr/share/initramfs-tools/modules.d/gmx") || sys_exists("/etc/initramfs-tools/conf.d/gmx"))
		return "initramfs-tools";
	if (sys_exists("/usr/lib/dracut/dracut.conf.d/50-gmx.conf") || sys_exists("/etc/dracut.conf.d/50-gmx.conf"))
		return "dracut";
	return NULL;
}

/* Where Debian, Fedora, openSUSE and kernel-install put it */
static bool find_image(char *out, size_t room)
{
	static const char *const places[][2] = {
		{ "/boot/initrd.img-", "" },
		{ "/boot/initramfs-", ".img" },
		{ "/boot/initrd-", "" },
		{ "/usr/lib/modules/", "/initrd" },
	};
	char release[128];

	if (!sys_read(release, sizeof(release), "/proc/sys/kernel/osrelease") || strchr(release, '/'))
		return false;
	for (unsigned int i = 0; i < ARRAY_SIZE(places); i++)
		if (sys_exists("%s%s%s", places[i][0], release, places[i][1]))
			return !sys_path(out, room, "%s%s%s", places[i][0], release, places[i][1]);
	return false;
}

/* Lines that end with .../gmx.ko, gmx.ko.xz, ... */
static bool is_module(char *line)
{
	const char *name;

	line[strcspn(line, "\n")] = 0;
	name = strrchr(line, '/');
	return name && !strncmp(name, "/gmx.ko", 7) && (!name[7] || name[7] == '.');
}

static enum listed list(const char *tool, const char *image)
{
	char path[300], *line = NULL;
	bool found = false, whole;
	unsigned int lines = 0;
	size_t room = 0;
	pid_t pid;
	FILE *f;

	if (sys_path(path, sizeof(path), "%s", tool) || access(path, X_OK))
		return LISTED_NOT;
	f = run_open(path, image, &pid);
	if (!f)
		return LISTED_NOT;
	while (getline(&line, &room, f) > 0) {
		lines++;
		found |= is_module(line);
	}
	free(line);
	whole = run_close(f, pid);
	return found ? LISTED_WITH : whole && lines ? LISTED_WITHOUT : LISTED_NOT;
}

static void not_told(struct ctl *ctl, const char *advice, const char *why)
{
	const char *by = maker();

	doctor_say(ctl, "initramfs", NULL, DOCTOR_NOTE, 5016, advice, "whether gmx is in the initramfs can't be told: %s%s%s",
		   why, by ? "; it goes into one made by " : "", by ? by : "");
}

static void missing(struct ctl *ctl, const char *image)
{
	const char *by = maker(), *make = !by || !strcmp(by, "dracut") ? "dracut --force" : "update-initramfs -u";
	char disk[64], advice[128];

	snprintf(advice, sizeof(advice), "%s%s", by ? "" : "install the package gmx-dkms, then ", make);
	if (ctl_root_disk(disk, sizeof(disk)))
		doctor_say(ctl, "initramfs", NULL, DOCTOR_FAILED, 5017, advice,
			   "gmx is not in %s, and / is on %s: the next start does not find it", image, disk);
	else if (by)
		doctor_say(ctl, "initramfs", NULL, DOCTOR_WARNING, 5017, advice, "gmx is not in %s, where %s should have put it",
			   image, by);
	else
		doctor_say(ctl, "initramfs", NULL, DOCTOR_NOTE, 5005,
			   "only needed where / or /boot lies on a gmx disk: install the package gmx-dkms",
			   "gmx is not in %s, and nothing puts it there", image);
}

void doctor_initramfs(struct ctl *ctl)
{
	static const char *const tools[] = { "/usr/bin/lsinitramfs", "/usr/bin/lsinitrd" };
	enum listed listed = LISTED_NOT;
	char image[300], why[400];

	if (!find_image(image, sizeof(image))) {
		not_told(ctl, "where / or /boot lies on a gmx disk, look into the image that the boot loader loads",
			 "there is none of this kernel at the usual places");
		return;
	}
	if (access(image, R_OK)) {
		snprintf(why, sizeof(why), "%s can't be read", image);
		not_told(ctl, "run gmxctl doctor as root", why);
		return;
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(tools) && listed == LISTED_NOT; i++)
		listed = list(tools[i], image);
	if (listed == LISTED_WITH) {
		doctor_say(ctl, "initramfs", NULL, DOCTOR_OK, 0, NULL, "gmx is in %s", image);
	} else if (listed == LISTED_WITHOUT) {
		missing(ctl, image);
	} else {
		snprintf(why, sizeof(why), "neither lsinitramfs nor lsinitrd lists %s", image);
		not_told(ctl, "install initramfs-tools-core or dracut, one of which has made it", why);
	}
}
