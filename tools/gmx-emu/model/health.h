/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside of health: counters (health.c) and what hosts see of them (smart.c). */
#ifndef EMU_HEALTH_H
#define EMU_HEALTH_H

#include "emu.h"

#define HEALTH_TICK 1000000000ull

struct emu_health {
	struct emu_subsys *s;
	struct emu_timer timer;
	uint64_t opened, accounted, saved, last_io;
	bool dirty; /* more than time has changed since it was saved */
	bool clean; /* power may go now */
	bool was_unsafe;

	uint64_t bytes_read, bytes_written, reads, writes, busy_ns;
	uint64_t power_cycles, power_on_ns, unsafe, media_errors;
	uint64_t warning_ns, critical_ns;
	uint64_t resets, fatals, link[3];
	uint32_t low, high; /* kelvin, of its life */
	unsigned int spare;

	bool link_trouble; /* in this power cycle */
	uint32_t heat, pinned;
	unsigned int heat_state;
	bool spare_low;
	uint64_t warmed, rated, rate;	   /* bytes since then, and a second before it */
	uint8_t warned[EMU_MAX_FUNCTIONS]; /* critical warnings that the host was told of */
};

/* health.c */
void emu_health_account(struct emu_health *h); /* time has gone by */
void emu_health_store(struct emu_health *h);
uint8_t emu_health_warnings(struct emu_ctrl *c); /* critical warnings, as in SMART */
unsigned int emu_health_drives(struct emu_subsys *s, unsigned int *failed);

#endif
