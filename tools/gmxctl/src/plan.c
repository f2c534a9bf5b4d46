// SPDX-License-Identifier: GPL-2.0-or-later
/* What is about to happen, shown and confirmed before it does. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"

struct plan {
	struct ctl *ctl;
	char **line;
	unsigned int nr;
	const char *danger; /* the first line that needs --force */
};

/* None is left out: the last one may be what the refusal speaks of */
static void add(struct plan *plan, const char *format, va_list args)
{
	char **more = realloc(plan->line, (plan->nr + 1) * sizeof(*more));

	if (!more)
		abort();
	plan->line = more;
	if (vasprintf(&more[plan->nr], format, args) < 0)
		abort();
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

	va_start(args, format);
	add(plan, format, args);
	va_end(args);
	if (!plan->danger)
		plan->danger = plan->line[plan->nr - 1];
}

static void plan_free(struct plan *plan)
{
	for (unsigned int i = 0; i < plan->nr; i++)
		free(plan->line[i]);
	free(plan->line);
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
		return ctl_fail(ctl, CTL_BUSY, "put an end to that first; --force does it all the same", "%s: not done, as %s",
				name, plan->danger + strspn(plan->danger, " "));
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

	if (!plan->ctl->plan)
		plan->ctl->plan = json_object_new_array();
	for (unsigned int i = 0; i < plan->nr; i++)
		json_object_array_add(plan->ctl->plan, json_object_new_string(plan->line[i] + strspn(plan->line[i], " ")));
	if (!plan->ctl->assume_yes || plan->ctl->dry_run || plan->danger)
		for (unsigned int i = 0; i < plan->nr; i++)
			fprintf(stderr, "%s\n", plan->line[i]);
	status = decide(plan, name);
	plan_free(plan);
	return status;
}
