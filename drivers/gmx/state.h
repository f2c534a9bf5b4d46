/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The life of a controller as one table: state x event -> state. Pure: no kernel header, so the host tests walk it.
 */
#ifndef GMX_STATE_H
#define GMX_STATE_H

enum gmx_state {
	GMX_NEW,		/* probe has not finished */
	GMX_LIVE,		/* serves I/O */
	GMX_RESETTING,		/* a reset runs, I/O waits */
	GMX_RECOVERING,		/* a reset runs, the recovery budget is spent: I/O fails */
	GMX_ADMIN_ONLY,		/* no I/O queues, the admin queue works: manageable */
	GMX_DELETING,		/* being removed */
	GMX_DEAD,		/* given up, or gone; a reset by hand may still bring it back */
	GMX_NR_STATES,
};

enum gmx_event {
	GMX_EV_RESET,		/* somebody asks for a reset */
	GMX_EV_READY,		/* queues work */
	GMX_EV_NO_IO_QUEUES,	/* the admin queue works, I/O queues could not be made */
	GMX_EV_BUDGET,		/* the recovery budget is spent */
	GMX_EV_FAILED,		/* the reset, or the first start, failed for good */
	GMX_EV_GONE,		/* the device is no longer there */
	GMX_EV_REMOVE,		/* the driver lets go */
	GMX_NR_EVENTS,
};

#define GMX_STATE_REFUSED	(-1)

int gmx_state_next(enum gmx_state from, enum gmx_event event);
const char *gmx_state_name(enum gmx_state state);
const char *gmx_event_name(enum gmx_event event);

#endif
