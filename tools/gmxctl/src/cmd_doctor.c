// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl doctor: looks at all that has to be right around the driver, and says what to do about what is not. */
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "queue.h"
#include "sys.h"

static const struct ctl_field fields[] = {
	{ "check", K_TEXT, "what was looked at", 0, NULL },
	{ "name", K_TEXT, "controller or device, null: the machine", 0, NULL },
	{ "result", K_TEXT, "ok, note, warning or failed", 0, NULL },
	{ "finding", K_TEXT, "what was found", 0, NULL },
	{ "advice", K_TEXT, "what to do, null: nothing", 0, NULL },
	{ NULL },
};

enum result { OK, NOTE, WARNING, FAILED };

static int worst;

__attribute__((format(printf, 6, 7))) static void say(struct ctl *ctl, const char *check, const char *name, enum result result,
						      const char *advice, const char *format, ...)
{
	static const char *const names[] = { "ok", "note", "warning", "failed" };
	struct json_object *r = ctl_record(ctl_list(ctl));
	char text[300];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put_text(r, "check", check);
	put_text(r, "name", name);
	put_text(r, "result", names[result]);
	put_text(r, "finding", text);
	put_text(r, "advice", advice ? advice : "");
	if ((int)result > worst)
		worst = (int)result;
}

static bool secure_boot(void)
{
	char path[300];
	struct dirent *d;
	DIR *dir;
	bool on = false;

	if (sys_path(path, sizeof(path), "/sys/firmware/efi/efivars"))
		return false;
	dir = opendir(path);
	while (dir && (d = readdir(dir))) {
		unsigned char value[5] = { 0 };
		FILE *f;

		if (strncmp(d->d_name, "SecureBoot-", 11))
			continue;
		sys_path(path, sizeof(path), "/sys/firmware/efi/efivars/%.100s", d->d_name);
		f = fopen(path, "re");
		/* four bytes of attributes come first */
		on = f && fread(value, 1, 5, f) == 5 && value[4] == 1;
		if (f)
			fclose(f);
	}
	if (dir)
		closedir(dir);
	return on;
}

static void check_module(struct ctl *ctl)
{
	char taint[64], version[64], lockdown[128], chosen[64];
	bool secure = secure_boot(), unsigned_;

	if (!sys_exists("/sys/module/gmx")) {
		say(ctl, "module", NULL, FAILED, "modprobe gmx; the kernel's log says why it fails",
		    "the module gmx is not loaded");
		return;
	}
	sys_read(version, sizeof(version), "/sys/module/gmx/version");
	sys_read(taint, sizeof(taint), "/sys/module/gmx/taint");
	unsigned_ = strchr(taint, 'E');
	say(ctl, "module", NULL, OK, NULL, "gmx %s is loaded", version[0] ? version : "(no version)");
	if (strcmp(version, GMX_VERSION) && version[0])
		say(ctl, "version", NULL, WARNING, "reload the module, or install both from one package",
		    "the module is %s, gmxctl is " GMX_VERSION, version);
	if (secure)
		say(ctl, "secure-boot", NULL, unsigned_ ? FAILED : OK,
		    unsigned_ ? "enroll the key that signs the module: mokutil --import" : NULL,
		    "Secure Boot is on, the module is %s", unsigned_ ? "not signed with a key that the kernel knows" : "signed");
	else
		say(ctl, "secure-boot", NULL, OK, NULL, "Secure Boot is off; the module is %s",
		    unsigned_ ? "not signed" : "signed, or the kernel does not look");
	if (sys_read(lockdown, sizeof(lockdown), "/sys/kernel/security/lockdown")) {
		sys_chosen(lockdown, chosen, sizeof(chosen));
		say(ctl, "lockdown", NULL, OK, NULL, "kernel lockdown: %s", chosen);
	}
}

/* The base name of a link's end */
static void link_name(char *out, size_t room, const char *path)
{
	char target[300], *slash;
	ssize_t n = readlink(path, target, sizeof(target) - 1);

	out[0] = 0;
	if (n <= 0)
		return;
	target[n] = 0;
	slash = strrchr(target, '/');
	snprintf(out, room, "%s", slash ? slash + 1 : target);
}

static void check_device(struct ctl *ctl, const char *bdf)
{
	char vendor[16], device[16], driver[300], path[300];

	if (!sys_read(vendor, sizeof(vendor), "/sys/bus/pci/devices/%s/vendor", bdf) || strcmp(vendor, "0x474d"))
		return;
	sys_read(device, sizeof(device), "/sys/bus/pci/devices/%s/device", bdf);
	sys_path(path, sizeof(path), "/sys/bus/pci/devices/%s/driver", bdf);
	link_name(driver, sizeof(driver), path);
	if (!driver[0])
		say(ctl, "binding", bdf, FAILED,
		    "echo the address into /sys/bus/pci/drivers_probe; the kernel's log says why it is refused",
		    "Gigamax device %s has no driver", device);
	else if (strcmp(driver, "gmx"))
		say(ctl, "binding", bdf, WARNING,
		    "the package's udev rule and softdep bind gmx first: is the package whole, and in the initramfs?",
		    "Gigamax device %s is bound to %s", device, driver);
	else
		say(ctl, "binding", bdf, OK, NULL, "bound to gmx");
}

static void check_devices(struct ctl *ctl)
{
	struct dirent **list;
	char path[300];
	int n;

	if (sys_path(path, sizeof(path), "/sys/bus/pci/devices"))
		return;
	n = scandir(path, &list, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (list[i]->d_name[0] != '.')
			check_device(ctl, list[i]->d_name);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

static void check_initramfs(struct ctl *ctl)
{
	bool initramfs_tools = sys_exists("/usr/share/initramfs-tools/modules.d/gmx") ||
			       sys_exists("/etc/initramfs-tools/conf.d/gmx");
	bool dracut = sys_exists("/usr/lib/dracut/dracut.conf.d/50-gmx.conf") || sys_exists("/etc/dracut.conf.d/50-gmx.conf");

	if (initramfs_tools || dracut)
		say(ctl, "initramfs", NULL, OK, NULL, "gmx goes into an initramfs made by %s",
		    initramfs_tools ? "initramfs-tools" : "dracut");
	else
		say(ctl, "initramfs", NULL, NOTE, "only needed where / or /boot lies on a gmx disk: install the package gmx-dkms",
		    "nothing puts gmx into the initramfs");
}

static void check_aspm(struct ctl *ctl)
{
	char policy[128], chosen[64];

	if (!sys_read(policy, sizeof(policy), "/sys/module/pcie_aspm/parameters/policy"))
		return;
	sys_chosen(policy, chosen, sizeof(chosen));
	if (!strcmp(chosen, "powersave") || !strcmp(chosen, "powersupersave"))
		say(ctl, "aspm", NULL, NOTE, "pcie_aspm.policy=performance where latency matters",
		    "ASPM policy is %s: links take time to wake", chosen);
	else
		say(ctl, "aspm", NULL, OK, NULL, "ASPM policy is %s", chosen);
}

static void check_link(struct ctl *ctl, const struct libgmx_ctrl_info *info)
{
	if (!info->link_speed[0])
		return;
	if ((info->max_link_width && info->link_width < info->max_link_width) ||
	    atof(info->link_speed) < atof(info->max_link_speed))
		say(ctl, "link", info->name, WARNING, "seat it again, try another slot: slots differ in generation and lanes",
		    "the link is %s x%u, it could be %s x%u", info->link_speed, info->link_width, info->max_link_speed,
		    info->max_link_width);
	else
		say(ctl, "link", info->name, OK, NULL, "the link is %s x%u", info->link_speed, info->link_width);
}

static void check_state(struct ctl *ctl, const struct libgmx_ctrl_info *info)
{
	if (!strcmp(info->state, "live"))
		say(ctl, "state", info->name, OK, NULL, "it serves I/O");
	else
		say(ctl, "state", info->name,
		    !strcmp(info->state, "dead") || !strcmp(info->state, "admin-only") ? FAILED : WARNING,
		    "gmxctl status says what to do", "its state is %s", info->state);
	if (info->timeouts || info->stale_completions || info->missed_interrupts)
		say(ctl, "errors", info->name, WARNING, "gmxctl status says what to do",
		    "%llu time-outs, %llu stale completions, %llu missed interrupts", (unsigned long long)info->timeouts,
		    (unsigned long long)info->stale_completions, (unsigned long long)info->missed_interrupts);
}

/* I/O queues whose interrupts all go to one processor make that one the limit */
static void check_irqs(struct ctl *ctl, const struct libgmx_ctrl_info *info)
{
	unsigned int counts[3], with = 0, same = 0;
	struct queue_irq irq;
	char first[128] = "";

	queue_map(info->name, counts);
	for (unsigned int q = 1; q <= counts[0] + counts[1]; q++) {
		if (!queue_irq(info->name, q, &irq))
			continue;
		if (!with++)
			snprintf(first, sizeof(first), "%s", irq.cpus);
		same += !strcmp(first, irq.cpus);
	}
	if (!with)
		say(ctl, "interrupts", info->name, NOTE,
		    "MSI-X gives each queue its own: is pci=nomsi on the kernel's command line?",
		    "the queues have no interrupts of their own");
	else if (with > 1 && same == with)
		say(ctl, "interrupts", info->name, WARNING,
		    "is irqbalance off or misled? Let the kernel spread them: the driver's are managed",
		    "the interrupts of all %u queues go to processor %s", with, first);
	else
		say(ctl, "interrupts", info->name, OK, NULL, "%u queues with interrupts of their own", with);
}

/* Lines "MODEL FIRMWARE REASON", each word up to a tab; a firmware that ends with * is a beginning */
static void check_firmware(struct ctl *ctl, const struct libgmx_ctrl_info *info)
{
	char path[300], *line = NULL;
	size_t room = 0;
	bool bad = false;
	FILE *f;

	sys_path(path, sizeof(path), "/usr/share/gmx/firmware-known-bad");
	f = fopen(path, "re");
	while (f && getline(&line, &room, f) > 0) {
		char *save, *model = strtok_r(line, "\t\n", &save), *firmware = strtok_r(NULL, "\t\n", &save),
			    *why = strtok_r(NULL, "\t\n", &save);
		size_t len = firmware ? strlen(firmware) : 0;

		if (!why || model[0] == '#' || strcmp(model, info->model))
			continue;
		if (firmware[len - 1] == '*' ? strncmp(firmware, info->firmware, len - 1) : strcmp(firmware, info->firmware))
			continue;
		say(ctl, "firmware", info->name, FAILED, "gmxctl fw update with a newer image",
		    "firmware %s is known to be bad: %s", info->firmware, why);
		bad = true;
	}
	free(line);
	if (f)
		fclose(f);
	if (!bad)
		say(ctl, "firmware", info->name, OK, NULL, "nothing bad is known of firmware %s", info->firmware);
}

static void check_access(struct ctl *ctl, const struct libgmx_ctrl_info *info)
{
	struct libgmx_ctrl *ctrl;
	struct gmx_ioc_info io = { .flags = 0 };
	int rc = libgmx_open(info->name, &ctrl);

	if (rc) {
		say(ctl, "access", info->name, rc == -EACCES ? NOTE : FAILED,
		    rc == -EACCES ? "run gmxctl doctor as root to see more" : "is udev running?", "/dev/%s: %s", info->name,
		    libgmx_strerror(rc));
		return;
	}
	rc = libgmx_drv_info(ctrl, &io);
	libgmx_close(ctrl);
	if (rc)
		say(ctl, "access", info->name, NOTE, "a newer driver has them", "the driver has no vendor ioctls: %s",
		    libgmx_strerror(rc));
	else
		say(ctl, "access", info->name, OK, NULL, "the driver answers, its ioctls are of version %u.%u",
		    io.abi_version >> 8, io.abi_version & 255);
}

static int run_doctor(struct ctl *ctl)
{
	struct libgmx_ctrl_info *ctrls;
	size_t n;
	int status = ctl_controllers(ctl, &ctrls, &n);

	if (status)
		return status;
	worst = OK;
	ctl_list(ctl);
	check_module(ctl);
	check_devices(ctl);
	check_initramfs(ctl);
	check_aspm(ctl);
	if (!n)
		say(ctl, "controllers", NULL, WARNING, "lspci -d 474d: shows whether the machine sees one",
		    "no controller is driven by gmx");
	for (size_t i = 0; i < n; i++) {
		check_state(ctl, &ctrls[i]);
		check_access(ctl, &ctrls[i]);
		check_link(ctl, &ctrls[i]);
		check_irqs(ctl, &ctrls[i]);
		check_firmware(ctl, &ctrls[i]);
	}
	free(ctrls);
	if (worst == FAILED)
		return ctl_fail(ctl, CTL_FAILED, "the advice of each is above, or in the result", "something is wrong");
	return CTL_OK;
}

const struct ctl_command cmd_doctor[] = {
	{ "doctor", NULL, "[TARGET]...", "look for what is wrong around the driver, and say what to do",
	  "The exit status is 1 when a check failed.", NULL, fields, SHAPE_LIST, 0, run_doctor },
	{ NULL },
};
