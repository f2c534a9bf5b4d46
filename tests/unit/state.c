// SPDX-License-Identifier: GPL-2.0-or-later
/* The state table against a list of its own, by names, and against what must hold for any such table. */
#include <string.h>

#include "state.h"
#include "tap.h"

/* from, event, to; everything else is refused */
static const char *const allowed[][3] = {
	{ "new", "reset", "resetting" },
	{ "new", "failed", "dead" },
	{ "new", "gone", "dead" },
	{ "new", "remove", "deleting" },

	{ "live", "reset", "resetting" },
	{ "live", "gone", "dead" },
	{ "live", "remove", "deleting" },

	{ "resetting", "ready", "live" },
	{ "resetting", "no-io-queues", "admin-only" },
	{ "resetting", "budget", "recovering" },
	{ "resetting", "failed", "dead" },
	{ "resetting", "gone", "dead" },
	{ "resetting", "remove", "deleting" },

	{ "recovering", "ready", "live" },
	{ "recovering", "no-io-queues", "admin-only" },
	{ "recovering", "failed", "dead" },
	{ "recovering", "gone", "dead" },
	{ "recovering", "remove", "deleting" },

	{ "admin-only", "reset", "resetting" },
	{ "admin-only", "gone", "dead" },
	{ "admin-only", "remove", "deleting" },

	{ "dead", "reset", "resetting" },
	{ "dead", "remove", "deleting" },
};

#define NR_ALLOWED ARRAY_SIZE(allowed)

static const char *expected(const char *from, const char *event)
{
	for (size_t i = 0; i < NR_ALLOWED; i++)
		if (!strcmp(allowed[i][0], from) && !strcmp(allowed[i][1], event))
			return allowed[i][2];
	return NULL;
}

static void test_table(void)
{
	unsigned int taken = 0;

	for (int s = 0; s < GMX_NR_STATES; s++) {
		for (int e = 0; e < GMX_NR_EVENTS; e++) {
			const char *from = gmx_state_name(s), *event = gmx_event_name(e);
			const char *want = expected(from, event);
			int to = gmx_state_next(s, e);
			const char *got = to == GMX_STATE_REFUSED ? NULL : gmx_state_name(to);

			check(want ? got && !strcmp(want, got) : !got, "%s + %s: %s, expected %s", from, event,
			      got ? got : "refused", want ? want : "refused");
			taken += to != GMX_STATE_REFUSED;
		}
	}
	check(taken == NR_ALLOWED, "%u ways in the table, %zu expected", taken, NR_ALLOWED);
	tap_group("every state with every event");
}

static void test_rules(void)
{
	for (int s = 0; s < GMX_NR_STATES; s++) {
		const char *name = gmx_state_name(s);
		int to;

		check((gmx_state_next(s, GMX_EV_REMOVE) == GMX_DELETING) == (s != GMX_DELETING), "removal from %s", name);
		check((gmx_state_next(s, GMX_EV_BUDGET) != GMX_STATE_REFUSED) == (s == GMX_RESETTING), "the budget ends in %s",
		      name);
		to = gmx_state_next(s, GMX_EV_READY);
		check(to == GMX_STATE_REFUSED || (to == GMX_LIVE && (s == GMX_RESETTING || s == GMX_RECOVERING)),
		      "live from %s without a reset", name);
		to = gmx_state_next(s, GMX_EV_GONE);
		check(to == GMX_DEAD || s == GMX_DELETING || s == GMX_DEAD, "hardware gone, but %s does not end", name);
		for (int e = 0; e < GMX_NR_EVENTS; e++) {
			to = gmx_state_next(s, e);
			check(s != GMX_DELETING || to == GMX_STATE_REFUSED, "deleting left by %s", gmx_event_name(e));
			check(to != s, "%s: %s leads to itself", name, gmx_event_name(e));
			check(to != GMX_NEW, "%s: %s leads back to new", name, gmx_event_name(e));
			check(to == GMX_STATE_REFUSED || (to >= 0 && to < GMX_NR_STATES), "%s: %s leads to %d", name,
			      gmx_event_name(e), to);
		}
	}
	tap_group("rules that hold for any table");
}

static void test_reach(void)
{
	bool seen[GMX_NR_STATES] = { [GMX_NEW] = true };
	bool more = true;

	while (more) {
		more = false;
		for (int s = 0; s < GMX_NR_STATES; s++) {
			for (int e = 0; seen[s] && e < GMX_NR_EVENTS; e++) {
				int to = gmx_state_next(s, e);

				if (to < 0 || seen[to])
					continue;
				seen[to] = true;
				more = true;
			}
		}
	}
	for (int s = 0; s < GMX_NR_STATES; s++)
		check(seen[s], "%s is never reached", gmx_state_name(s));
	tap_group("every state is reached from new");
}

static void test_names(void)
{
	for (int i = 0; i < GMX_NR_STATES; i++) {
		check(gmx_state_name(i) && gmx_state_name(i)[0], "state %d has no name", i);
		for (int j = 0; j < i; j++)
			check(strcmp(gmx_state_name(i), gmx_state_name(j)), "states %d and %d are both %s", i, j,
			      gmx_state_name(i));
	}
	for (int i = 0; i < GMX_NR_EVENTS; i++) {
		check(gmx_event_name(i) && gmx_event_name(i)[0], "event %d has no name", i);
		for (int j = 0; j < i; j++)
			check(strcmp(gmx_event_name(i), gmx_event_name(j)), "events %d and %d are both %s", i, j,
			      gmx_event_name(i));
	}
	tap_group("names are there and unique");
}

static void test_outside(void)
{
	static const int wrong[] = { -1, -2, 1000, 0x7fffffff };

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		check(gmx_state_next(wrong[i], GMX_EV_RESET) == GMX_STATE_REFUSED, "state %d is taken", wrong[i]);
		check(gmx_state_next(GMX_LIVE, wrong[i]) == GMX_STATE_REFUSED, "event %d is taken", wrong[i]);
		check(!strcmp(gmx_state_name(wrong[i]), "invalid"), "state %d has a name", wrong[i]);
		check(!strcmp(gmx_event_name(wrong[i]), "invalid"), "event %d has a name", wrong[i]);
	}
	check(gmx_state_next(GMX_NR_STATES, GMX_EV_RESET) == GMX_STATE_REFUSED, "one state too many");
	check(gmx_state_next(GMX_LIVE, GMX_NR_EVENTS) == GMX_STATE_REFUSED, "one event too many");
	check(!strcmp(gmx_state_name(GMX_NR_STATES), "invalid"), "one state name too many");
	check(!strcmp(gmx_event_name(GMX_NR_EVENTS), "invalid"), "one event name too many");
	tap_group("values outside are refused");
}

int main(void)
{
	test_table();
	test_rules();
	test_reach();
	test_names();
	test_outside();
	return tap_done();
}
