// SPDX-License-Identifier: GPL-2.0-or-later
/* Which submission queue is served next: round robin, or weighted with an urgent class (NVMe 1.4, 4.13). */
#include "emu.h"

#define CLASS_ALL 4

static unsigned int arbiter_burst(struct emu_ctrl *c)
{
	unsigned int ab = c->feat[GMX_FEAT_ARBITRATION] & 7;

	return ab == 7 ? UINT32_MAX : 1u << ab;
}

static unsigned int arbiter_serve(struct emu_sq *sq, unsigned int limit)
{
	unsigned int n = 0;

	while (n < limit && emu_queue_fetch(sq))
		n++;
	return n;
}

/* Up to limit commands of one class, a burst from each of its queues in turn. */
static unsigned int arbiter_class(struct emu_ctrl *c, unsigned int class, unsigned int limit)
{
	unsigned int *next = &c->rr_next[class == CLASS_ALL ? 0 : class];
	unsigned int done = 0, idle = 0, burst = arbiter_burst(c);

	while (done < limit && idle < c->max_qid) {
		struct emu_sq *sq;
		unsigned int n;

		*next = *next % c->max_qid + 1;
		sq = &c->sq[*next];
		if (!sq->active || (class != CLASS_ALL && sq->prio != class)) {
			idle++;
			continue;
		}
		n = arbiter_serve(sq, EMU_MIN(burst, limit - done));
		idle = n ? 0 : idle + 1;
		done += n;
	}
	return done;
}

static unsigned int arbiter_weighted(struct emu_ctrl *c, unsigned int budget)
{
	uint32_t feat = c->feat[GMX_FEAT_ARBITRATION];
	unsigned int done = arbiter_class(c, GMX_SQ_PRIO_URGENT, budget), n;

	/* one round of the three weights, then the urgent are asked again */
	for (unsigned int i = GMX_SQ_PRIO_HIGH; i <= GMX_SQ_PRIO_LOW && done < budget; i++) {
		if (!c->wrr_left) {
			c->wrr_class = c->wrr_class % GMX_SQ_PRIO_LOW + 1;
			c->wrr_left = ((feat >> (32 - 8 * c->wrr_class)) & 0xff) + 1;
		}
		n = arbiter_class(c, c->wrr_class, EMU_MIN(c->wrr_left, budget - done));
		done += n;
		c->wrr_left -= n;
		/* its turn goes on when a command has completed, or it would always be the first's */
		if (emu_queue_busy(c))
			break;
		/* it has no more */
		if (done < budget)
			c->wrr_left = 0;
	}
	return done;
}

static bool arbiter_may(struct emu_ctrl *c)
{
	return (c->csts & (GMX_CSTS_RDY | GMX_CSTS_CFS | GMX_CSTS_SHST_MASK)) == GMX_CSTS_RDY && !c->hang && !c->paused &&
	       !c->gone && c->bus_master && c->dstate == 0;
}

bool emu_arbiter_run(struct emu_ctrl *c, unsigned int budget)
{
	bool weighted = ((c->cc >> 11) & 7) == 1;
	unsigned int done, n;

	c->refetch = false;
	c->fetched = 0;
	c->lingers = false;
	if (!arbiter_may(c))
		return false;
	/* the admin queue goes first in every scheme */
	done = c->sq[0].active ? arbiter_serve(&c->sq[0], budget) : 0;
	do {
		n = 0;
		if (c->max_qid && done < budget && arbiter_may(c))
			n = weighted ? arbiter_weighted(c, budget - done) : arbiter_class(c, CLASS_ALL, budget - done);
		done += n;
	} while (n);
	/* it has looked at all of them */
	c->refetch = false;
	return done >= budget;
}
