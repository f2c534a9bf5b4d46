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
#include "doctor.h"
#include "queue.h"
#include "sys.h"

static const struct ctl_field fields[] = {
	{ "check", K_TEXT, "what was looked at", 0, NULL },
	{ "name", K_TEXT, "controller or device, null: the machine", 0, NULL },
	{ "result", K_TEXT, "ok, note, warning or failed", 0, NULL },
	{ "id", K_TEXT, "of the message, as in docs/operations/messages.md; null: nothing to do", 0, NULL },
	{ "finding", K_TEXT, "what was found", 0, NULL },
	{ "advice", K_TEXT, "what to do, null: nothing", 0, NULL },
	{ NULL },
};

static int worst;

void doctor_say(struct ctl *ctl, const char *check, const char *name, enum doctor_result result, unsigned int id,
		const char *advice, const char *format, ...)
{
	static const char *const names[] = { "ok", "note", "warning", "failed" };
	struct json_object *r = ctl_record(ctl_list(ctl));
	char text[400], number[16] = "";
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (id)
		snprintf(number, sizeof(number), "GMX-%u", id);
	put_text(r, "check", check);
	put_text(r, "name", name);
	put_text(r, "result", names[result]);
	put_text(r, "id", number);
	put_text(r, "finding", text);
	put_text(r, "advice", advice ? advice : "");
	if ((int)result > worst)
		worst = (int)result;
}

static void check_module(struct ctl *ctl)
{
	char version[64];

	if (!sys_exists("/sys/module/gmx")) {
		doctor_say(ctl, "module", NULL, DOCTOR_FAILED, 5001, "modprobe gmx; the kernel's log says why it fails",
			   "the module gmx is not loaded");
		return;
	}
	sys_read(version, sizeof(version), "/sys/module/gmx/version");
	doctor_say(ctl, "module", NULL, DOCTOR_OK, 0, NULL, "gmx %s is loaded", version[0] ? version : "(no version)");
	if (strcmp(version, GMX_VERSION) && version[0])
		doctor_say(ctl, "version", NULL, DOCTOR_WARNING, 5002, "reload the module, or install both from one package",
			   "the module is %s, gmxctl is " GMX_VERSION, version);
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
		doctor_say(ctl, "binding", bdf, DOCTOR_FAILED, 5003,
			   "echo the address into /sys/bus/pci/drivers_probe; the kernel's log says why it is refused",
			   "Gigamax device %s has no driver", device);
	else if (strcmp(driver, "gmx"))
		doctor_say(ctl, "binding", bdf, DOCTOR_WARNING, 5004,
			   "the package's udev rule and softdep bind gmx first: is the package whole, and in the initramfs?",
			   "Gigamax device %s is bound to %s", device, driver);
	else
		doctor_say(ctl, "binding", bdf, DOCTOR_OK, 0, NULL, "bound to gmx");
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

static void check_aspm(struct ctl *ctl)
{
	char policy[128], chosen[64];

	if (!sys_read(policy, sizeof(policy), "/sys/module/pcie_aspm/parameters/policy"))
		return;
	sys_chosen(policy, chosen, sizeof(chosen));
	if (!strcmp(chosen, "powersave") || !strcmp(chosen, "powersupersave"))
		doctor_say(ctl, "aspm", NULL, DOCTOR_NOTE, 5006, "pcie_aspm.policy=performance where latency matters",
			   "ASPM policy is %s: links take time to wake", chosen);
	else
		doctor_say(ctl, "aspm", NULL, DOCTOR_OK, 0, NULL, "ASPM policy is %s", chosen);
}

static void check_link(struct ctl *ctl, const struct libgmx_ctrl_info *info)
{
	if (!info->link_speed[0])
		return;
	if ((info->max_link_width && info->link_width < info->max_link_width) ||
	    atof(info->link_speed) < atof(info->max_link_speed))
		doctor_say(ctl, "link", info->name, DOCTOR_WARNING, 5012,
			   "seat it again, try another slot: slots differ in generation and lanes",
			   "the link is %s x%u, it could be %s x%u", info->link_speed, info->link_width, info->max_link_speed,
			   info->max_link_width);
	else
		doctor_say(ctl, "link", info->name, DOCTOR_OK, 0, NULL, "the link is %s x%u", info->link_speed, info->link_width);
}

static void check_state(struct ctl *ctl, const struct libgmx_ctrl_info *info)
{
	if (!strcmp(info->state, "live"))
		doctor_say(ctl, "state", info->name, DOCTOR_OK, 0, NULL, "it serves I/O");
	else
		doctor_say(ctl, "state", info->name,
			   !strcmp(info->state, "dead") || !strcmp(info->state, "admin-only") ? DOCTOR_FAILED : DOCTOR_WARNING,
			   5008, "gmxctl status says what to do", "its state is %s", info->state);
	if (info->timeouts || info->stale_completions || info->missed_interrupts)
		doctor_say(ctl, "errors", info->name, DOCTOR_WARNING, 5009, "gmxctl status says what to do",
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
		doctor_say(ctl, "interrupts", info->name, DOCTOR_NOTE, 5013,
			   "MSI-X gives each queue its own: is pci=nomsi on the kernel's command line?",
			   "the queues have no interrupts of their own");
	else if (with > 1 && same == with)
		doctor_say(ctl, "interrupts", info->name, DOCTOR_WARNING, 5014,
			   "is irqbalance off or misled? Let the kernel spread them: the driver's are managed",
			   "the interrupts of all %u queues go to processor %s", with, first);
	else
		doctor_say(ctl, "interrupts", info->name, DOCTOR_OK, 0, NULL, "%u queues with interrupts of their own", with);
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
		doctor_say(ctl, "firmware", info->name, DOCTOR_FAILED, 5015, "gmxctl fw update with a newer image",
			   "firmware %s is known to be bad: %s", info->firmware, why);
		bad = true;
	}
	free(line);
	if (f)
		fclose(f);
	if (!bad)
		doctor_say(ctl, "firmware", info->name, DOCTOR_OK, 0, NULL, "nothing bad is known of firmware %s",
			   info->firmware);
}

static void check_access(struct ctl *ctl, const struct libgmx_ctrl_info *info)
{
	struct libgmx_ctrl *ctrl;
	struct gmx_ioc_info io = { .flags = 0 };
	int rc = libgmx_open(info->name, &ctrl);

	if (rc) {
		doctor_say(ctl, "access", info->name, rc == -EACCES ? DOCTOR_NOTE : DOCTOR_FAILED, 5010,
			   rc == -EACCES ? "run gmxctl doctor as root to see more" : "is udev running?", "/dev/%s: %s",
			   info->name, libgmx_strerror(rc));
		return;
	}
	rc = libgmx_drv_info(ctrl, &io);
	libgmx_close(ctrl);
	if (rc)
		doctor_say(ctl, "access", info->name, DOCTOR_NOTE, 5011, "a newer driver has them",
			   "the driver has no vendor ioctls: %s", libgmx_strerror(rc));
	else
		doctor_say(ctl, "access", info->name, DOCTOR_OK, 0, NULL, "the driver answers, its ioctls are of version %u.%u",
			   io.abi_version >> 8, io.abi_version & 255);
}

static int run_doctor(struct ctl *ctl)
{
	struct libgmx_ctrl_info *ctrls;
	size_t n;
	int status = ctl_controllers(ctl, &ctrls, &n);

	if (status)
		return status;
	worst = DOCTOR_OK;
	ctl_list(ctl);
	check_module(ctl);
	doctor_boot(ctl);
	check_devices(ctl);
	doctor_initramfs(ctl);
	check_aspm(ctl);
	if (!n)
		doctor_say(ctl, "controllers", NULL, DOCTOR_WARNING, 5007, "lspci -d 474d: shows whether the machine sees one",
			   "no controller is driven by gmx");
	for (size_t i = 0; i < n; i++) {
		check_state(ctl, &ctrls[i]);
		check_access(ctl, &ctrls[i]);
		check_link(ctl, &ctrls[i]);
		check_irqs(ctl, &ctrls[i]);
		check_firmware(ctl, &ctrls[i]);
	}
	free(ctrls);
	if (worst == DOCTOR_FAILED)
		return ctl_fail(ctl, CTL_FAILED, "the advice of each is above, or in the result", "something is wrong");
	return CTL_OK;
}

const struct ctl_command cmd_doctor[] = {
	{ "doctor", NULL, "[TARGET]...", "look for what is wrong around the driver, and say what to do",
	  "The exit status is 1 when a check failed.", NULL, fields, SHAPE_LIST, 0, run_doctor },
	{ NULL },
};
