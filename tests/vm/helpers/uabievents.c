// SPDX-License-Identifier: GPL-2.0-or-later
// flags: -I/repo/include/uapi
/*
 * uabievents read NODE FROM [ENTRY_BYTES]: the events from that number on, one a line, then "next N lost N"
 * uabievents follow NODE: says "open", then each event as it comes, and "hung up" at the end
 * uabievents ready NODE: "ready" or "idle" of a file that was just opened; then the same after each line of its input
 */
#include "uabi.h"

#include <poll.h>

#define ROOM 300

static int fd;
static unsigned char buffer[ROOM * 1024];

static void line(const struct gmx_ioc_event *e)
{
	printf("%llu kind=%u severity=%u class=%u code=%#x object=%u value=%llu log=%llu async=%u/%u/%#x text=%.80s\n",
	       (unsigned long long)e->sequence, e->kind, e->severity, e->event_class, e->code, e->object,
	       (unsigned long long)e->value, (unsigned long long)e->log_sequence, e->async_type, e->async_info, e->log_page,
	       e->text);
}

/* Prints what there is; entries may be shorter or longer than what this program knows. */
static uint64_t show(uint64_t from, unsigned int entry_bytes, uint64_t *lost)
{
	struct gmx_ioc_events req = { .size = sizeof(req),
				      .from = from,
				      .data = (uintptr_t)buffer,
				      .data_bytes = ROOM * entry_bytes,
				      .entry_bytes = entry_bytes };

	if (ioctl(fd, GMX_IOCTL_EVENTS, &req)) {
		printf("%s\n", strerrorname_np(errno));
		exit(1);
	}
	for (unsigned int i = 0; i < req.count; i++) {
		struct gmx_ioc_event e = { 0 };
		const unsigned char *at = buffer + i * entry_bytes;

		memcpy(&e, at, entry_bytes < sizeof(e) ? entry_bytes : sizeof(e));
		line(&e);
		for (unsigned int j = sizeof(e); j < entry_bytes; j++)
			if (at[j])
				puts("not zero behind the entry");
	}
	*lost = req.lost;
	fflush(stdout);
	return req.next;
}

static int state(void)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	poll(&p, 1, 0);
	printf("%s%s\n", p.revents & POLLIN ? "ready" : "idle", p.revents & POLLHUP ? " hung up" : "");
	fflush(stdout);
	return 0;
}

int main(int argc, char **argv)
{
	struct pollfd p = { .events = POLLIN };
	uint64_t next, lost;
	char input[64];

	if (argc < 3)
		return 2;
	fd = open(argv[2], O_RDONLY);
	if (fd < 0)
		return 2;
	if (!strcmp(argv[1], "read") && argc > 3) {
		next = show(strtoull(argv[3], NULL, 0), argc > 4 ? atoi(argv[4]) : (int)sizeof(struct gmx_ioc_event), &lost);
		printf("next %llu lost %llu\n", (unsigned long long)next, (unsigned long long)lost);
		return 0;
	}
	if (!strcmp(argv[1], "ready")) {
		state();
		while (fgets(input, sizeof(input), stdin)) {
			if (input[0] == 'r')
				show(1, sizeof(struct gmx_ioc_event), &lost);
			state();
		}
		return 0;
	}
	if (strcmp(argv[1], "follow"))
		return 2;
	p.fd = fd;
	next = show(UINT64_MAX, sizeof(struct gmx_ioc_event), &lost);
	puts("open");
	fflush(stdout);
	while (poll(&p, 1, -1) > 0) {
		if (p.revents & POLLIN) {
			next = show(next, sizeof(struct gmx_ioc_event), &lost);
			if (lost)
				printf("lost %llu\n", (unsigned long long)lost);
		} else if (p.revents & POLLHUP) {
			puts("hung up");
			return 0;
		}
	}
	return 1;
}
