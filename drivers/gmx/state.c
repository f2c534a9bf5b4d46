// SPDX-License-Identifier: GPL-2.0-only
#include "state.h"

/* One more than the state, so that an entry left out means: refused. */
#define TO(state) ((state) + 1)

static const signed char gmx_state_table[GMX_NR_STATES][GMX_NR_EVENTS] = {
	[GMX_NEW] = {
		[GMX_EV_RESET]		= TO(GMX_RESETTING),
		[GMX_EV_FAILED]		= TO(GMX_DEAD),
		[GMX_EV_GONE]		= TO(GMX_DEAD),
		[GMX_EV_REMOVE]		= TO(GMX_DELETING),
	},
	[GMX_LIVE] = {
		[GMX_EV_RESET]		= TO(GMX_RESETTING),
		[GMX_EV_GONE]		= TO(GMX_DEAD),
		[GMX_EV_REMOVE]		= TO(GMX_DELETING),
	},
	[GMX_RESETTING] = {
		[GMX_EV_READY]		= TO(GMX_LIVE),
		[GMX_EV_NO_IO_QUEUES]	= TO(GMX_ADMIN_ONLY),
		[GMX_EV_BUDGET]		= TO(GMX_RECOVERING),
		[GMX_EV_FAILED]		= TO(GMX_DEAD),
		[GMX_EV_GONE]		= TO(GMX_DEAD),
		[GMX_EV_REMOVE]		= TO(GMX_DELETING),
	},
	[GMX_RECOVERING] = {
		[GMX_EV_READY]		= TO(GMX_LIVE),
		[GMX_EV_NO_IO_QUEUES]	= TO(GMX_ADMIN_ONLY),
		[GMX_EV_FAILED]		= TO(GMX_DEAD),
		[GMX_EV_GONE]		= TO(GMX_DEAD),
		[GMX_EV_REMOVE]		= TO(GMX_DELETING),
	},
	[GMX_ADMIN_ONLY] = {
		[GMX_EV_RESET]		= TO(GMX_RESETTING),
		[GMX_EV_GONE]		= TO(GMX_DEAD),
		[GMX_EV_REMOVE]		= TO(GMX_DELETING),
	},
	[GMX_DEAD] = {
		[GMX_EV_RESET]		= TO(GMX_RESETTING),
		[GMX_EV_REMOVE]		= TO(GMX_DELETING),
	},
};

static const char * const gmx_state_names[GMX_NR_STATES] = {
	[GMX_NEW]		= "new",
	[GMX_LIVE]		= "live",
	[GMX_RESETTING]		= "resetting",
	[GMX_RECOVERING]	= "recovering",
	[GMX_ADMIN_ONLY]	= "admin-only",
	[GMX_DELETING]		= "deleting",
	[GMX_DEAD]		= "dead",
};

static const char * const gmx_event_names[GMX_NR_EVENTS] = {
	[GMX_EV_RESET]		= "reset",
	[GMX_EV_READY]		= "ready",
	[GMX_EV_NO_IO_QUEUES]	= "no-io-queues",
	[GMX_EV_BUDGET]		= "budget",
	[GMX_EV_FAILED]		= "failed",
	[GMX_EV_GONE]		= "gone",
	[GMX_EV_REMOVE]		= "remove",
};

int gmx_state_next(enum gmx_state from, enum gmx_event event)
{
	if ((unsigned int)from >= GMX_NR_STATES || (unsigned int)event >= GMX_NR_EVENTS)
		return GMX_STATE_REFUSED;
	return gmx_state_table[from][event] - 1;
}

const char *gmx_state_name(enum gmx_state state)
{
	return (unsigned int)state < GMX_NR_STATES ? gmx_state_names[state] : "invalid";
}

const char *gmx_event_name(enum gmx_event event)
{
	return (unsigned int)event < GMX_NR_EVENTS ? gmx_event_names[event] : "invalid";
}
