// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl queue: queues of a controller, their processors and interrupts. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "queue.h"
#include "sys.h"

#define MAX_QUEUES 4096

static const struct ctl_field fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "queue", K_NUMBER, "queue, 0: the admin queue", F_LABEL, NULL },
	{ "use", K_TEXT, "admin, default, read or poll", 0, NULL },
	{ "depth", K_NUMBER, "commands that it holds, null: not known", 0, NULL },
	{ "cpus", K_TEXT, "processors that submit to it, null: not known", 0, NULL },
	{ "irq", K_NUMBER, "interrupt, null: none", 0, NULL },
	{ "irq_cpus", K_TEXT, "processors that take the interrupt", 0, NULL },
	{ "interrupts", K_NUMBER, "interrupts since the queue was made", F_COUNTER, NULL },
	{ NULL },
};

/* A line of /proc/interrupts: "NUMBER: COUNT... TYPE NAME[, NAME]"; the names of several on one line are all looked at */
static bool take_line(const char *line, const char *name, struct queue_irq *out)
{
	size_t len = strlen(name);
	const char *p = strstr(line, name);
	char *end;

	while (p && (isalnum((unsigned char)p[len]) || (p > line && !isspace((unsigned char)p[-1]))))
		p = strstr(p + 1, name);
	if (!p)
		return false;
	while (isspace((unsigned char)*line))
		line++;
	if (!isdigit((unsigned char)*line))
		return false;
	out->irq = (unsigned int)strtoul(line, &end, 10);
	out->count = 0;
	if (*end != ':')
		return false;
	for (line = end + 1;;) {
		uint64_t v = strtoull(line, &end, 10);

		if (end == line || !isspace((unsigned char)*end))
			break;
		out->count += v;
		line = end;
	}
	return true;
}

bool queue_irq(const char *ctrl, unsigned int queue, struct queue_irq *out)
{
	char path[256], name[48], *line = NULL;
	size_t room = 0;
	bool found = false;
	FILE *f;

	memset(out, 0, sizeof(*out));
	snprintf(name, sizeof(name), "%sq%u", ctrl, queue);
	if (sys_path(path, sizeof(path), "/proc/interrupts"))
		return false;
	f = fopen(path, "re");
	while (f && !found && getline(&line, &room, f) > 0)
		found = take_line(line, name, out);
	free(line);
	if (f)
		fclose(f);
	if (found && !sys_read(out->cpus, sizeof(out->cpus), "/proc/irq/%u/effective_affinity_list", out->irq))
		sys_read(out->cpus, sizeof(out->cpus), "/proc/irq/%u/smp_affinity_list", out->irq);
	return found;
}

void queue_map(const char *ctrl, unsigned int counts[3])
{
	char text[128];

	counts[0] = counts[1] = counts[2] = 0;
	if (sys_read(text, sizeof(text), "/sys/class/gmx/%s/queue_map", ctrl))
		sscanf(text, "default %u read %u poll %u", &counts[0], &counts[1], &counts[2]);
}

static const char *use_of(unsigned int queue, const unsigned int counts[3])
{
	if (!queue)
		return "admin";
	if (queue <= counts[0])
		return "default";
	return queue <= counts[0] + counts[1] ? "read" : "poll";
}

static void put_queue(struct json_object *r, const char *ctrl, const char *disk, unsigned int queue, const unsigned int counts[3])
{
	struct queue_irq irq;
	char cpus[256] = "";
	uint64_t depth = UINT64_MAX;

	if (queue && disk[0]) {
		sys_read(cpus, sizeof(cpus), "/sys/block/%s/mq/%u/cpu_list", disk, queue - 1);
		depth = sys_number(UINT64_MAX, "/sys/block/%s/mq/%u/nr_tags", disk, queue - 1);
	}
	put_text(r, "name", ctrl);
	put_number(r, "queue", queue);
	put_text(r, "use", use_of(queue, counts));
	if (depth == UINT64_MAX)
		put_null(r, "depth");
	else
		put_number(r, "depth", depth);
	put_text(r, "cpus", cpus);
	if (queue_irq(ctrl, queue, &irq)) {
		put_number(r, "irq", irq.irq);
		put_text(r, "irq_cpus", irq.cpus);
		put_number(r, "interrupts", irq.count);
	} else {
		put_null(r, "irq");
		put_null(r, "irq_cpus");
		put_null(r, "interrupts");
	}
}

static int run_show(struct ctl *ctl)
{
	struct libgmx_ctrl_info *ctrls;
	size_t n;
	int status = ctl_controllers(ctl, &ctrls, &n);

	if (status)
		return status;
	ctl_list(ctl);
	for (size_t i = 0; i < n; i++) {
		struct libgmx_disk *disks = NULL;
		unsigned int counts[3];
		size_t nr_disks = 0;

		queue_map(ctrls[i].name, counts);
		libgmx_disks(ctrls[i].name, &disks, &nr_disks);
		for (unsigned int q = 0; q < ctrls[i].queue_count && q < MAX_QUEUES; q++)
			put_queue(ctl_record(ctl_list(ctl)), ctrls[i].name, nr_disks ? disks[0].name : "", q, counts);
		free(disks);
	}
	free(ctrls);
	return CTL_OK;
}

const struct ctl_command cmd_queue[] = {
	{ "queue", "show", "[TARGET]...", "show the queues of controllers, their processors and interrupts", NULL, NULL, fields,
	  SHAPE_LIST, 0, run_show },
	{ NULL },
};
