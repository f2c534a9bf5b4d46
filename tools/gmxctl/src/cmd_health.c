// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl health and smart. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "health.h"

static const struct ctl_field health_fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "health", K_TEXT, "good, degraded, failing, failed or unknown", 0, NULL },
	{ "level", K_NUMBER, "0 good, 1 degraded, 2 failing, 3 failed; null: unknown", F_METRIC | F_MORE, NULL },
	{ "problems", K_TEXTS, "why", 0, NULL },
	{ "temperature_celsius", K_CELSIUS, "temperature", F_METRIC, NULL },
	{ "warning_celsius", K_CELSIUS, "temperature of a warning", F_METRIC | F_MORE, NULL },
	{ "critical_celsius", K_CELSIUS, "temperature that is critical", F_METRIC | F_MORE, NULL },
	{ "lowest_celsius", K_CELSIUS, "lowest temperature ever", F_METRIC | F_MORE, NULL },
	{ "highest_celsius", K_CELSIUS, "highest temperature ever", F_METRIC | F_MORE, NULL },
	{ "spare_percent", K_PERCENT, "spare that is left", F_METRIC, NULL },
	{ "used_percent", K_PERCENT, "of the endurance, may exceed 100", F_METRIC, NULL },
	{ "drives", K_NUMBER, "drives", F_METRIC, NULL },
	{ "drives_failed", K_NUMBER, "drives that have failed", F_METRIC, NULL },
	{ "media_errors", K_NUMBER, "reads that found an unreadable block", F_COUNTER, NULL },
	{ "bytes_read", K_BYTES, "read by hosts", F_COUNTER | F_MORE, NULL },
	{ "bytes_written", K_BYTES, "written by hosts", F_COUNTER | F_MORE, NULL },
	{ "power_on_seconds", K_SECONDS, "time with power, of its life", F_COUNTER | F_MORE, NULL },
	{ "power_cycles", K_NUMBER, "times power came", F_COUNTER | F_MORE, NULL },
	{ "unsafe_shutdowns", K_NUMBER, "times power went without a shutdown", F_COUNTER | F_MORE, NULL },
	{ "fatal_errors", K_NUMBER, "times the controller reported a fatal error", F_COUNTER | F_MORE, NULL },
	{ NULL },
};

static void put_health(struct json_object *r, const struct health *h)
{
	struct json_object *problems;

	put_text(r, "name", h->info.name);
	put_text(r, "health", health_name(h));
	if (h->level < 0)
		put_null(r, "level");
	else
		put_number(r, "level", (uint64_t)h->level);
	problems = put_array(r, "problems");
	for (unsigned int bit = 0; bit < 32; bit++) {
		const char *name = libgmx_problem_name(bit, false);

		if (h->read && h->data.problems & (1u << bit))
			json_object_array_add(problems, json_object_new_string(name ? name : "other"));
	}
	if (h->state_problem)
		json_object_array_add(problems, json_object_new_string(h->info.state));
	if (!h->read) {
		for (const struct ctl_field *f = health_fields + 4; f->key; f++)
			put_null(r, f->key);
		return;
	}
	put_celsius(r, "temperature_celsius", h->data.temperature_celsius);
	put_celsius(r, "warning_celsius", h->data.warning_celsius);
	put_celsius(r, "critical_celsius", h->data.critical_celsius);
	put_celsius(r, "lowest_celsius", h->data.lowest_celsius);
	put_celsius(r, "highest_celsius", h->data.highest_celsius);
	put_number(r, "spare_percent", h->data.spare_percent);
	put_number(r, "used_percent", h->data.used_percent);
	put_number(r, "drives", h->data.nr_drives);
	put_number(r, "drives_failed", h->data.nr_drives_failed);
	put_number(r, "media_errors", h->data.media_errors);
	put_number(r, "bytes_read", h->data.bytes_read);
	put_number(r, "bytes_written", h->data.bytes_written);
	put_number(r, "power_on_seconds", h->data.power_on_seconds);
	put_number(r, "power_cycles", h->data.power_cycles);
	put_number(r, "unsafe_shutdowns", h->data.unsafe_shutdowns);
	put_number(r, "fatal_errors", h->data.fatal_errors);
}

static int run_health(struct ctl *ctl)
{
	struct json_object *list = ctl_list(ctl);
	struct libgmx_ctrl_info *ctrls;
	struct health h;
	size_t n;
	int status = ctl_controllers(ctl, &ctrls, &n), worst = CTL_OK, rc;

	if (status)
		return status;
	for (size_t i = 0; i < n; i++) {
		rc = health_read(&ctrls[i], &h);
		if (rc)
			ctl_fail_rc(ctl, rc, "health of %s", ctrls[i].name);
		put_health(ctl_record(list), &h);
		worst = health_worse(worst, health_exit(&h));
	}
	free(ctrls);
	return worst;
}

const struct ctl_command cmd_health[] = {
	{ "health", NULL, "[TARGET]...", "say how well controllers are",
	  "The exit status is 0 when all are good, 17 when one fails or has failed, 16 when one needs attention, 18 when one did not say;\n"
	  "the first of these that holds.",
	  NULL, health_fields, SHAPE_LIST, 0, run_health },
	{ NULL },
};

static const struct ctl_field smart_fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "warnings", K_TEXTS, "critical warnings: spare, temperature, reliability, read-only, backup", 0, NULL },
	{ "temperature_celsius", K_CELSIUS, "composite temperature", F_METRIC, NULL },
	{ "spare_percent", K_PERCENT, "spare that is left", F_METRIC, NULL },
	{ "spare_threshold_percent", K_PERCENT, "below this there is a warning", F_METRIC, NULL },
	{ "used_percent", K_PERCENT, "of the endurance, may exceed 100", F_METRIC, NULL },
	{ "read_bytes", K_BYTES, "read by hosts", F_COUNTER, NULL },
	{ "written_bytes", K_BYTES, "written by hosts", F_COUNTER, NULL },
	{ "read_commands", K_NUMBER, "reads by hosts", F_COUNTER, NULL },
	{ "write_commands", K_NUMBER, "writes by hosts", F_COUNTER, NULL },
	{ "busy_minutes", K_NUMBER, "time with I/O", F_COUNTER, NULL },
	{ "power_cycles", K_NUMBER, "times power came", F_COUNTER, NULL },
	{ "power_on_hours", K_NUMBER, "time with power", F_COUNTER, NULL },
	{ "unsafe_shutdowns", K_NUMBER, "times power went without a shutdown", F_COUNTER, NULL },
	{ "media_errors", K_NUMBER, "unrecovered data integrity errors", F_COUNTER, NULL },
	{ "error_log_entries", K_NUMBER, "entries ever made in the error log", F_COUNTER, NULL },
	{ "warning_minutes", K_NUMBER, "time above the temperature of a warning", F_COUNTER, NULL },
	{ "critical_minutes", K_NUMBER, "time above the critical temperature", F_COUNTER, NULL },
	{ NULL },
};

static void put_smart(struct json_object *r, const char *name, const struct libgmx_smart *s)
{
	static const char *const warnings[] = { "spare", "temperature", "reliability", "read-only", "backup" };
	struct json_object *a;

	put_text(r, "name", name);
	a = put_array(r, "warnings");
	for (unsigned int i = 0; i < ARRAY_SIZE(warnings); i++)
		if (s->warnings & (1u << i))
			json_object_array_add(a, json_object_new_string(warnings[i]));
	put_celsius(r, "temperature_celsius", s->temperature_celsius);
	put_number(r, "spare_percent", s->spare_percent);
	put_number(r, "spare_threshold_percent", s->spare_threshold_percent);
	put_number(r, "used_percent", s->used_percent);
	put_number(r, "read_bytes", s->read_bytes);
	put_number(r, "written_bytes", s->written_bytes);
	put_number(r, "read_commands", s->read_commands);
	put_number(r, "write_commands", s->write_commands);
	put_number(r, "busy_minutes", s->busy_minutes);
	put_number(r, "power_cycles", s->power_cycles);
	put_number(r, "power_on_hours", s->power_on_hours);
	put_number(r, "unsafe_shutdowns", s->unsafe_shutdowns);
	put_number(r, "media_errors", s->media_errors);
	put_number(r, "error_log_entries", s->error_log_entries);
	put_number(r, "warning_minutes", s->warning_minutes);
	put_number(r, "critical_minutes", s->critical_minutes);
}

static int run_smart(struct ctl *ctl)
{
	struct json_object *list = ctl_list(ctl);
	struct libgmx_ctrl_info *ctrls;
	struct libgmx_smart smart;
	struct libgmx_ctrl *ctrl;
	size_t n, done = 0;
	int status = ctl_controllers(ctl, &ctrls, &n), worst = CTL_OK;

	if (status)
		return status;
	for (size_t i = 0; i < n; i++) {
		status = ctl_open(ctl, ctrls[i].name, &ctrl);
		if (!status) {
			int rc = libgmx_smart_read(ctrl, &smart);

			if (rc)
				status = ctl_fail_rc(ctl, rc, "SMART log of %s", ctrls[i].name);
			else
				put_smart(ctl_record(list), ctrls[i].name, &smart);
			libgmx_close(ctrl);
		}
		done += !status;
		worst = status ? status : worst;
	}
	free(ctrls);
	return worst && done ? CTL_PARTIAL : worst;
}

const struct ctl_command cmd_smart[] = {
	{ "smart", NULL, "[TARGET]...", "show the SMART log of controllers", NULL, NULL, smart_fields, SHAPE_RECORDS, 0,
	  run_smart },
	{ NULL },
};
