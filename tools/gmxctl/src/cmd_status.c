// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl status: what is the matter with a controller, and what to do, each with an id that the documentation explains. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "health.h"

static const struct ctl_field message_fields[] = {
	{ "id", K_TEXT, "GMX-1000 and up, explained in docs/operations/messages.md", 0, NULL },
	{ "severity", K_TEXT, "info, warning, error or critical", 0, NULL },
	{ "message", K_TEXT, "what is the matter", 0, NULL },
	{ "action", K_TEXT, "what to do", 0, NULL },
	{ NULL },
};

static const struct ctl_field status_fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "state", K_TEXT, "state of the driver", 0, NULL },
	{ "health", K_TEXT, "good, degraded, failing, failed or unknown", 0, NULL },
	{ "firmware", K_TEXT, "firmware that runs", 0, NULL },
	{ "last_reset", K_TEXT, "why the last reset was begun", 0, NULL },
	{ "messages", K_RECORDS, "what is the matter, and what to do", 0, message_fields },
	{ NULL },
};

struct state_text {
	const char *state;
	unsigned int id;
	unsigned int severity;
	const char *message;
	const char *action;
};

static const struct state_text states[] = {
	{ "new", 1001, 0, "the driver is still starting it", "wait" },
	{ "resetting", 1002, 1, "a reset runs, I/O waits for it",
	  "wait; gmxctl event list --driver says why if it comes back again and again" },
	{ "recovering", 1003, 3, "a reset takes longer than the recovery budget: I/O fails",
	  "look at the kernel's log; a power cycle may help" },
	{ "admin-only", 1004, 3, "there are no I/O queues, so there are no disks",
	  "gmxctl controller reset; if that does not help, update the firmware" },
	{ "deleting", 1005, 1, "the driver lets go of it", "wait" },
	{ "dead", 1006, 3, "it was given up: there is no I/O",
	  "gmxctl telemetry capture if it still answers, gmxctl controller reset, then a power cycle" },
};

static void say(struct json_object *list, unsigned int id, unsigned int severity, const char *message, const char *action)
{
	struct json_object *m = ctl_record(list);
	char text[16];

	snprintf(text, sizeof(text), "GMX-%u", id);
	put_text(m, "id", text);
	put_text(m, "severity", libgmx_severity_name(severity));
	put_text(m, "message", message);
	put_text(m, "action", action);
}

static void say_problems(struct json_object *list, const struct health *h)
{
	static const char *const messages[] = {
		"spare blocks are below their threshold",
		"a temperature is beyond its threshold",
		"media errors make it unreliable",
		"the medium takes no writes",
		"a drive has failed",
		"the PCIe link had uncorrected errors",
		"the rated endurance is used up",
	};
	static const unsigned int severity[] = { 2, 1, 2, 3, 2, 1, 1 };

	for (unsigned int bit = 0; h->read && bit < LIBGMX_NR_PROBLEMS; bit++)
		if (h->data.problems & (1u << bit))
			say(list, 2000 + bit + 1, severity[bit], messages[bit], libgmx_problem_name(bit, true));
	if (h->read && h->data.problems >> LIBGMX_NR_PROBLEMS)
		say(list, 2000, 2, "it reports a problem that this version of gmxctl does not know", "update gmxctl");
}

static void say_driver(struct json_object *list, const struct libgmx_ctrl_info *info)
{
	char text[160];

	if (info->max_link_width && info->link_width && info->link_width < info->max_link_width) {
		snprintf(text, sizeof(text), "the link has %u of %u lanes", info->link_width, info->max_link_width);
		say(list, 3001, 1, text, "seat it again, try another slot");
	}
	if (info->link_speed[0] && info->max_link_speed[0] && atof(info->link_speed) < atof(info->max_link_speed)) {
		snprintf(text, sizeof(text), "the link runs at %s, it could at %s", info->link_speed, info->max_link_speed);
		say(list, 3002, 1, text, "the slot or a riser may be of an older generation");
	}
	if (info->stale_completions)
		say(list, 3003, 2, "it completes commands that nobody sent",
		    "update the firmware; keep a telemetry capture for support");
	if (info->missed_interrupts)
		say(list, 3004, 1, "interrupts got lost",
		    "look at the kernel's log for the interrupt controller; pci=nomsi is a test");
	if (info->timeouts) {
		snprintf(text, sizeof(text), "%llu commands did not come back in time since the driver was bound",
			 (unsigned long long)info->timeouts);
		say(list, 3005, 1, text, "gmxctl event list --driver and gmxctl telemetry capture show what it was busy with");
	}
}

static const char *reset_advice(unsigned int kind)
{
	static const char *const advices[] = {
		"gmxctl controller reset",
		"gmxctl controller reset",
		"reboot, or switch the power of its slot off and on",
		"gmxctl controller reset --subsystem, or reboot",
	};

	return advices[kind < ARRAY_SIZE(advices) ? kind : 2];
}

static void say_firmware(struct json_object *list, const struct health *h)
{
	struct gmx_ioc_fw_info io = { .flags = 0 };
	struct libgmx_fw_state fw = { .next_slot = 0 };
	struct libgmx_ctrl *ctrl;
	uint8_t data[64];
	char text[160];

	if (!h->read || libgmx_open(h->info.name, &ctrl))
		return;
	/* by the driver: needs no privilege */
	if (!libgmx_drv_fw_info(ctrl, &io)) {
		fw.next_slot = io.next_slot;
		fw.running_slot = io.running_slot;
		fw.next_reset = io.next_reset;
	} else if (!libgmx_log(ctrl, LIBGMX_LOG_FIRMWARE, 0, 0, true, 0, data, sizeof(data))) {
		libgmx_decode_fw_state(data, sizeof(data), &fw);
	}
	if (fw.next_slot && fw.next_slot != fw.running_slot) {
		snprintf(text, sizeof(text), "firmware in slot %u waits for a %s reset", fw.next_slot,
			 libgmx_fw_reset_name(fw.next_reset) ? libgmx_fw_reset_name(fw.next_reset) : "special");
		say(list, 4001, 0, text, reset_advice(fw.next_reset));
	}
	libgmx_close(ctrl);
}

static int run_status(struct ctl *ctl)
{
	struct json_object *list = ctl_list(ctl), *r, *messages;
	struct libgmx_ctrl_info *ctrls;
	struct health h;
	char text[200];
	size_t n;
	int status = ctl_controllers(ctl, &ctrls, &n), rc;

	if (status)
		return status;
	for (size_t i = 0; i < n; i++) {
		rc = health_read(&ctrls[i], &h);
		r = ctl_record(list);
		put_text(r, "name", ctrls[i].name);
		put_text(r, "state", ctrls[i].state);
		put_text(r, "health", health_name(&h));
		put_text(r, "firmware", ctrls[i].firmware);
		put_text(r, "last_reset", ctrls[i].last_reset);
		messages = put_array(r, "messages");
		for (unsigned int k = 0; k < ARRAY_SIZE(states); k++)
			if (!strcmp(states[k].state, ctrls[i].state))
				say(messages, states[k].id, states[k].severity, states[k].message, states[k].action);
		say_problems(messages, &h);
		say_driver(messages, &ctrls[i]);
		say_firmware(messages, &h);
		if (rc) {
			snprintf(text, sizeof(text), "nothing is known of its health: %s", libgmx_strerror(rc));
			say(messages, 1007, 1, text, libgmx_hint(rc) ? libgmx_hint(rc) : "gmxctl health, the kernel's log");
		}
		if (!json_object_array_length(messages))
			say(messages, 1000, 0, "it works", "nothing");
	}
	free(ctrls);
	return CTL_OK;
}

const struct ctl_command cmd_status[] = {
	{ "status", NULL, "[TARGET]...", "say what is the matter with controllers, and what to do",
	  "The exit status does not depend on what is found: gmxctl health is for that.", NULL, status_fields, SHAPE_RECORDS, 0,
	  run_status },
	{ NULL },
};
