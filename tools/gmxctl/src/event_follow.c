// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl event follow: by the driver's ring and poll(), or by looking at the controller's log where it has none. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "wait.h"

#define BATCH	    64
#define INTERVAL_MS 500

struct follow {
	struct ctl *ctl;
	struct libgmx_ctrl *ctrl;
	uint64_t left; /* to print */
	uint64_t end;  /* ms of the clock, 0: never */
	uint64_t next;
};

/* One event, at once; -o json: a document of its own */
static void print(struct follow *f, struct json_object *r)
{
	struct ctl *ctl = f->ctl;
	char cell[256];

	if (ctl->output == OUT_JSON) {
		json_object_put(ctl->result);
		ctl->result = json_object_new_array();
		json_object_array_add(ctl->result, json_object_get(r));
		ctl_envelope(ctl);
		json_object_put(ctl->result);
		ctl->result = NULL;
	} else {
		for (const struct ctl_field *field = event_fields; field->key; field++) {
			if (field->flags & F_MORE || !strcmp(field->key, "sequence"))
				continue;
			value_text(ctl, field, json_object_object_get(r, field->key), cell, sizeof(cell));
			printf("%s%s", field == event_fields ? "" : " ", cell);
		}
		putchar('\n');
	}
	fflush(stdout);
	json_object_put(r);
	f->left--;
}

static void print_ring(struct follow *f, const struct gmx_ioc_event *e)
{
	struct json_object *r;

	f->next = e->sequence + 1;
	if (!event_wanted(f->ctl, e->severity, event_ring_class(e)))
		return;
	r = json_object_new_object();
	event_put_ring(r, libgmx_name(f->ctrl), e);
	print(f, r);
}

static int read_ring(struct follow *f)
{
	struct gmx_ioc_event events[BATCH];
	struct gmx_ioc_events io = { .from = f->next, .data = (uintptr_t)events, .data_bytes = sizeof(events) };
	int rc = libgmx_drv_events(f->ctrl, &io);

	if (rc)
		return rc;
	if (io.lost)
		fprintf(stderr, "%llu events had left the ring\n", (unsigned long long)io.lost);
	for (unsigned int i = 0; i < io.count && i < BATCH && f->left; i++)
		print_ring(f, &events[i]);
	f->next = io.next;
	return 0;
}

/* ms until the end, at most @most; 0: it is over */
static int left_ms(const struct follow *f, int most)
{
	uint64_t now = clock_ms();

	if (!f->end)
		return most;
	if (now >= f->end)
		return 0;
	return most < 0 || f->end - now < (uint64_t)most ? (int)(f->end - now) : most;
}

static int follow_ring(struct follow *f)
{
	struct pollfd p = { .fd = libgmx_fd(f->ctrl), .events = POLLIN };
	int rc = 0, ms;

	while (!rc && f->left) {
		rc = read_ring(f);
		ms = left_ms(f, -1);
		if (rc || !f->left || !ms)
			break;
		if (poll(&p, 1, ms) < 0 && errno != EINTR)
			rc = -errno;
		if (p.revents & POLLHUP) {
			read_ring(f);
			rc = -ENODEV;
		}
	}
	return rc;
}

static int follow_log(struct follow *f)
{
	struct libgmx_event events[BATCH];
	unsigned int n;
	int rc = 0, ms = 1;

	while (!rc && f->left && ms) {
		rc = libgmx_event_read(f->ctrl, f->next, events, BATCH, &n, NULL);
		/* a reset is no end */
		if (rc == -EAGAIN || rc == -EINTR)
			rc = n = 0;
		for (unsigned int i = 0; i < n && f->left; i++) {
			f->next = events[i].sequence + 1;
			if (event_wanted(f->ctl, events[i].severity, libgmx_event_class_name(events[i].class_))) {
				struct json_object *r = json_object_new_object();

				event_put(r, libgmx_name(f->ctrl), &events[i]);
				print(f, r);
			}
		}
		ms = left_ms(f, INTERVAL_MS);
		if (!n && ms)
			sleep_ms((unsigned int)ms);
	}
	return rc;
}

int event_follow(struct ctl *ctl)
{
	struct follow f = { .ctl = ctl, .left = UINT64_MAX };
	struct gmx_ioc_events io = { .from = UINT64_MAX };
	struct libgmx_target target;
	struct libgmx_event_log head = { .last = 0 };
	struct libgmx_event none;
	uint64_t seconds = 0;
	unsigned int n;
	bool ring;
	int status = ctl_option_number(ctl, "count", 1, UINT64_MAX, &f.left), rc;

	if (!status && (ctl->output == OUT_CSV || ctl->output == OUT_PROM || ctl->columns || ctl->no_headings))
		return ctl_usage(ctl,
				 "event follow prints lines, or a document a line with -o json: no other format, no columns");
	if (!status)
		status = ctl_option_number(ctl, "timeout", 1, 1000000, &seconds);
	if (!status)
		status = ctl_open_one(ctl, &target, &f.ctrl);
	if (status)
		return status;
	if (seconds)
		f.end = clock_ms() + seconds * 1000;
	/* only the numbers: where the ring is now */
	rc = libgmx_drv_events(f.ctrl, &io);
	ring = rc != -ENOTTY;
	f.next = io.newest + 1;
	if (!ring) {
		rc = libgmx_event_read(f.ctrl, UINT64_MAX, &none, 1, &n, &head);
		f.next = head.last + 1;
	}
	if (!rc)
		status = ctl_option_number(ctl, "from", 0, UINT64_MAX, &f.next);
	if (!rc && !status)
		rc = ring ? follow_ring(&f) : follow_log(&f);
	if (rc)
		status = ctl_fail_rc(ctl, rc, "events of %s", target.ctrl);
	libgmx_close(f.ctrl);
	return status;
}
