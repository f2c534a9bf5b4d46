// SPDX-License-Identifier: GPL-2.0-or-later
/* One-shot timers in a heap: the next one is at its top. */
#include "emu.h"

void emu_timer_init(struct emu_timer *t, void (*fn)(struct emu_timer *t))
{
	t->due = EMU_NEVER;
	t->slot = 0;
	t->fn = fn;
}

static void timer_put(struct emu_timers *ts, struct emu_timer *t, unsigned int slot)
{
	ts->heap[slot] = t;
	t->slot = slot;
}

static void timer_up(struct emu_timers *ts, struct emu_timer *t)
{
	unsigned int slot = t->slot;

	for (; slot && ts->heap[(slot - 1) / 2]->due > t->due; slot = (slot - 1) / 2)
		timer_put(ts, ts->heap[(slot - 1) / 2], slot);
	timer_put(ts, t, slot);
}

static void timer_down(struct emu_timers *ts, struct emu_timer *t)
{
	unsigned int slot = t->slot, child;

	while ((child = 2 * slot + 1) < ts->nr) {
		if (child + 1 < ts->nr && ts->heap[child + 1]->due < ts->heap[child]->due)
			child++;
		if (ts->heap[child]->due >= t->due)
			break;
		timer_put(ts, ts->heap[child], slot);
		slot = child;
	}
	timer_put(ts, t, slot);
}

void emu_timer_cancel(struct emu_subsys *s, struct emu_timer *t)
{
	struct emu_timers *ts = &s->timers;
	struct emu_timer *last;

	if (t->due == EMU_NEVER)
		return;
	t->due = EMU_NEVER;
	last = ts->heap[--ts->nr];
	if (last == t)
		return;
	timer_put(ts, last, t->slot);
	timer_up(ts, last);
	timer_down(ts, last);
}

void emu_timer_set(struct emu_subsys *s, struct emu_timer *t, uint64_t due)
{
	struct emu_timers *ts = &s->timers;

	emu_timer_cancel(s, t);
	if (due == EMU_NEVER)
		return;
	if (ts->nr == ts->room) {
		unsigned int room = ts->room ? 2 * ts->room : 64;
		struct emu_timer **heap = realloc(ts->heap, room * sizeof(*heap));

		if (!heap)
			abort();
		ts->heap = heap;
		ts->room = room;
	}
	t->due = due;
	timer_put(ts, t, ts->nr++);
	timer_up(ts, t);
}

uint64_t emu_timers_run(struct emu_subsys *s, uint64_t now)
{
	struct emu_timers *ts = &s->timers;

	while (ts->nr && ts->heap[0]->due <= now) {
		struct emu_timer *t = ts->heap[0];

		emu_timer_cancel(s, t);
		t->fn(t);
	}
	return ts->nr ? ts->heap[0]->due : EMU_NEVER;
}
