// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cutlog watch CTRL FILE CUT
 *	reads counters and event log of a Gigamax controller until the power goes, and notes what it read in FILE, the host's.
 * cutlog check CTRL FILE CUT
 *	after the power is back: do they go on from the last note? CUT counts the times that the power came.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/nvme_ioctl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <gmx/nvme.h>
#include <gmx/vendor.h>

#define MAX_EVENTS 1024u
#define PART	   (64u << 10) /* of a log page, in one command */

struct note {
	unsigned int cut;
	uint64_t cycles, unsafe, units_read, units_written, reads, writes;
	uint64_t last; /* event */
	uint64_t hash; /* of that event */
};

static struct {
	struct gmx_vnd_log_events head;
	struct gmx_vnd_event event[MAX_EVENTS];
} events;

static int ctrl;
static unsigned int wrong;

static void __attribute__((format(printf, 1, 2), noreturn)) fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("FAILED: cutlog: ", stdout);
	vprintf(fmt, args);
	putchar('\n');
	exit(1);
}

static void __attribute__((format(printf, 2, 3))) violation(const char *what, const char *fmt, ...)
{
	va_list args;

	wrong++;
	va_start(args, fmt);
	printf("WRONG %s: ", what);
	vprintf(fmt, args);
	putchar('\n');
}

static void page_read(unsigned int page, uint32_t offset, void *to, uint32_t len)
{
	struct nvme_admin_cmd cmd = {
		.opcode = GMX_ADM_GET_LOG,
		.nsid = 0xffffffff,
		.addr = (uint64_t)(uintptr_t)to,
		.data_len = len,
		.cdw10 = page | GMX_LOG_RAE | (len / 4 - 1) << 16,
		.cdw11 = (len / 4 - 1) >> 16,
		.cdw12 = offset,
	};
	int ret = ioctl(ctrl, NVME_IOCTL_ADMIN_CMD, &cmd);

	if (ret)
		fail("log page %02x: %s", page, ret < 0 ? strerror(errno) : "refused");
}

static uint64_t number(const uint8_t bytes[16])
{
	uint64_t value;

	memcpy(&value, bytes, sizeof(value));
	return value;
}

static uint64_t event_hash(const struct gmx_vnd_event *event)
{
	const uint8_t *p = (const uint8_t *)event;
	uint64_t hash = 14695981039346656037ull;

	for (size_t i = 0; i < sizeof(*event); i++)
		hash = (hash ^ p[i]) * 1099511628211ull;
	return hash;
}

/* Entries move while they are read only if the ring is full and something happens: read again then. */
static void events_read(void)
{
	uint64_t first, last;
	uint32_t size;

	do {
		page_read(GMX_VND_LOG_EVENTS, 0, &events.head, sizeof(events.head));
		first = events.head.first;
		last = events.head.last;
		if (events.head.count > MAX_EVENTS || events.head.entry_bytes != sizeof(events.event[0]))
			fail("%u events of %u bytes", events.head.count, events.head.entry_bytes);
		size = events.head.count * (uint32_t)sizeof(events.event[0]);
		for (uint32_t at = 0; at < size; at += PART)
			page_read(GMX_VND_LOG_EVENTS, (uint32_t)sizeof(events.head) + at, (uint8_t *)events.event + at,
				  size - at < PART ? size - at : PART);
		page_read(GMX_VND_LOG_EVENTS, 0, &events.head, sizeof(events.head));
	} while (events.head.first != first);
	events.head.last = last;
	events.head.count = size / sizeof(events.event[0]);
}

static struct note note_take(unsigned int cut)
{
	struct gmx_log_smart smart;
	struct note note = { .cut = cut };

	page_read(GMX_LOG_SMART, 0, &smart, sizeof(smart));
	note.cycles = number(smart.power_cycles);
	note.unsafe = number(smart.unsafe_shutdowns);
	note.units_read = number(smart.data_units_read);
	note.units_written = number(smart.data_units_written);
	note.reads = number(smart.host_reads);
	note.writes = number(smart.host_writes);
	events_read();
	note.last = events.head.last;
	if (events.head.count)
		note.hash = event_hash(&events.event[events.head.count - 1]);
	return note;
}

static void note_write(const char *path, const struct note *n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644), len;
	char line[256];

	len = snprintf(line, sizeof(line),
		       "%u %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		       n->cut, n->cycles, n->unsafe, n->units_read, n->units_written, n->reads, n->writes, n->last, n->hash);
	if (fd < 0 || write(fd, line, (size_t)len) != len)
		fail("%s: %s", path, strerror(errno));
	close(fd);
}

/* The last one; false: there is none */
static bool note_read(const char *path, struct note *n)
{
	FILE *f = fopen(path, "r");
	struct note line;
	bool found = false;
	char text[256];

	while (f && fgets(text, sizeof(text), f)) {
		if (!strchr(text, '\n') ||
		    sscanf(text,
			   "%u %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64,
			   &line.cut, &line.cycles, &line.unsafe, &line.units_read, &line.units_written, &line.reads,
			   &line.writes, &line.last, &line.hash) != 9)
			break;
		*n = line;
		found = true;
	}
	if (f)
		fclose(f);
	return found;
}

static void check_counter(const char *name, uint64_t before, uint64_t now)
{
	if (now < before)
		violation("counter", "%s went back from %" PRIu64 " to %" PRIu64, name, before, now);
}

static void check_counters(const struct note *was, const struct note *now)
{
	uint64_t cuts = now->cut - was->cut;

	if (now->cycles != was->cycles + cuts)
		violation("counter", "power cycles %" PRIu64 ", then %" PRIu64 " cuts, then %" PRIu64, was->cycles, cuts,
			  now->cycles);
	if (now->unsafe != was->unsafe + cuts)
		violation("counter", "unsafe shutdowns %" PRIu64 ", then %" PRIu64 " cuts, then %" PRIu64, was->unsafe, cuts,
			  now->unsafe);
	check_counter("data units read", was->units_read, now->units_read);
	check_counter("data units written", was->units_written, now->units_written);
	check_counter("host reads", was->reads, now->reads);
	check_counter("host writes", was->writes, now->writes);
}

/* Behind the event that was noted: for each cut that the power went, and that it came, with the numbers of the cycles. */
static void check_events(const struct note *was, const struct note *now)
{
	uint64_t went = was->cycles, came = was->cycles, want = was->cycles + (now->cut - was->cut);
	bool found = false;

	for (uint32_t i = 0; i < events.head.count; i++) {
		const struct gmx_vnd_event *e = &events.event[i];

		if (e->sequence != events.head.first + i)
			violation("event", "number %" PRIu64 " is at the place of %" PRIu64, (uint64_t)e->sequence,
				  (uint64_t)events.head.first + i);
		if (e->sequence == was->last) {
			found = true;
			if (event_hash(e) != was->hash)
				violation("event", "%" PRIu64 " has changed", was->last);
		}
		if (e->sequence <= was->last)
			continue;
		if (e->code == GMX_VND_EV_UNSAFE_SHUTDOWN && e->value != went++)
			violation("event", "power loss of cycle %" PRIu64 ", expected %" PRIu64, (uint64_t)e->value, went - 1);
		if (e->code == GMX_VND_EV_POWER_ON && e->value != ++came)
			violation("event", "power on %" PRIu64 ", expected %" PRIu64, (uint64_t)e->value, came);
	}
	if (!found)
		violation("event", "%" PRIu64 " was the last and is gone", was->last);
	if (went != want || came != want)
		violation("event",
			  "cycle %" PRIu64 ", but the log has power losses before %" PRIu64 " and power on up to %" PRIu64, want,
			  went, came);
}

int main(int argc, char **argv)
{
	struct note was, now;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc != 5 || (strcmp(argv[1], "watch") && strcmp(argv[1], "check"))) {
		fprintf(stderr, "usage: cutlog watch|check CTRL FILE CUT\n");
		return 2;
	}
	ctrl = open(argv[2], O_RDWR);
	if (ctrl < 0)
		fail("%s: %s", argv[2], strerror(errno));
	now = note_take((unsigned int)strtoul(argv[4], NULL, 0));
	if (!strcmp(argv[1], "check") && note_read(argv[3], &was)) {
		check_counters(&was, &now);
		check_events(&was, &now);
	}
	note_write(argv[3], &now);
	while (!strcmp(argv[1], "watch")) {
		usleep(20000);
		now = note_take(now.cut);
		note_write(argv[3], &now);
	}
	printf("cycles=%" PRIu64 " unsafe=%" PRIu64 " units-written=%" PRIu64 " events=%" PRIu64 " bad-counters=%u\n", now.cycles,
	       now.unsafe, now.units_written, now.last, wrong);
	return wrong ? 1 : 0;
}
