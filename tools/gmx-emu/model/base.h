/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists, timers and the macros that everything in the model uses. */
#ifndef EMU_BASE_H
#define EMU_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct emu_subsys;

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define EMU_MIN(a, b) ((a) < (b) ? (a) : (b))
#define EMU_MAX(a, b) ((a) > (b) ? (a) : (b))

/* list.h: doubly linked, the head is a node too */
struct emu_list {
	struct emu_list *next, *prev;
};

#define EMU_LIST_INIT(l)	     ((l)->next = (l)->prev = (l))
#define EMU_ENTRY(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))

static inline bool emu_list_empty(const struct emu_list *l)
{
	return l->next == l;
}

static inline void emu_list_add_tail(struct emu_list *node, struct emu_list *head)
{
	node->prev = head->prev;
	node->next = head;
	head->prev->next = node;
	head->prev = node;
}

/* Leaves the node pointing at itself, so that removing it again does no harm. */
static inline void emu_list_del(struct emu_list *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
	EMU_LIST_INIT(node);
}

/* timer.c: one-shot; setting a set timer moves it. The callback may set its timer again. */
struct emu_timer {
	uint64_t due;	   /* ns; EMU_NEVER: not set */
	unsigned int slot; /* place in the heap */
	void (*fn)(struct emu_timer *t);
};

struct emu_timers {
	struct emu_timer **heap;
	unsigned int nr, room;
};

void emu_timer_init(struct emu_timer *t, void (*fn)(struct emu_timer *t));
void emu_timer_set(struct emu_subsys *s, struct emu_timer *t, uint64_t due);
void emu_timer_cancel(struct emu_subsys *s, struct emu_timer *t);
uint64_t emu_timers_run(struct emu_subsys *s, uint64_t now); /* returns the next due time */

#endif
