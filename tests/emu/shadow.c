// SPDX-License-Identifier: GPL-2.0-or-later
/* Shadow doorbells: when the host is asked to ring, and that nothing is forgotten when it is not. */
#include "vnd.h"

#define DEPTH 32u
#define LOOK  200000u /* ns, the most that a command waits which was not rung for */
#define BURST 3u      /* commands in a pass of the loop after which more are expected */

static const char config[] = "{ \"capacity\": \"16M\", \"namespaces\": [ { \"size\": \"1M\" } ] }";

static uint64_t shadow, events; /* the two pages, for the controller */
static unsigned int rung, rung_cq, inflight;
static uint16_t tail, head;
static bool phase;

static uint32_t *word(uint64_t page, unsigned int index)
{
	return (uint32_t *)(void *)(vnd_ram + (page - VND_RAM)) + index;
}

static void begin(void)
{
	static uint8_t none[8192];

	vnd_start("g2", config);
	memset(none, 0, sizeof(none));
	check(!admin(.opcode = GMX_ADM_DBBUF, .data = none, .len = sizeof(none)), "Doorbell Buffer Config");
	shadow = vnd_buffer;
	events = shadow + 4096;
	vnd_buffer = vnd_alloc(1 << 20);
	tail = (uint16_t)vnd_fn[0].q[1].tail;
	head = (uint16_t)vnd_fn[0].q[1].head;
	phase = vnd_fn[0].q[1].phase;
	*word(shadow, 2) = *word(events, 2) = tail;
	*word(shadow, 3) = *word(events, 3) = head;
	rung = rung_cq = inflight = 0;
	emu_subsys_run(vnd);
}

/* As a host does it (7.13): the shadow, then the register if the event index lies in what was passed over */
static void ring(unsigned int index, uint16_t value)
{
	uint16_t old = (uint16_t)*word(shadow, index), event = (uint16_t)*word(events, index);

	*word(shadow, index) = value;
	if ((uint16_t)(value - event - 1) >= (uint16_t)(value - old))
		return;
	if (index & 1)
		rung_cq++;
	else
		rung++;
	vnd_set_reg(0, GMX_REG_DBS + index * 4, value);
}

static void submit(unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++) {
		struct gmx_sqe sqe = { .opcode = GMX_NVM_VERIFY, .cid = htole16(tail), .nsid = htole32(1) };

		memcpy(vnd_ram + (vnd_fn[0].q[1].sq - VND_RAM) + tail * sizeof(sqe), &sqe, sizeof(sqe));
		tail = (uint16_t)((tail + 1) % VND_ENTRIES);
		inflight++;
	}
	ring(2, tail);
}

static unsigned int reap(void)
{
	unsigned int nr = 0;

	for (;;) {
		struct gmx_cqe *cqe = (struct gmx_cqe *)(void *)(vnd_ram + (vnd_fn[0].q[1].cq - VND_RAM)) + head;

		if ((le16toh(cqe->status) & 1) != phase)
			break;
		check(le16toh(cqe->status) >> 1 == 0, "status %#x", le16toh(cqe->status) >> 1);
		head = (uint16_t)((head + 1) % VND_ENTRIES);
		phase ^= !head;
		nr++;
	}
	inflight -= nr;
	if (nr)
		ring(3, head);
	return nr;
}

static void few(void)
{
	begin();
	for (unsigned int i = 0; i < 3 * VND_ENTRIES; i++) {
		submit(1);
		check(rung == i + 1, "%u of %u rings", rung, i + 1);
		check(emu_subsys_run(vnd) > vnd_time + LOOK, "one command makes nobody wait for more");
		check(reap() == 1, "command %u", i);
	}
	/* the index that nobody moves is passed once a turn of the queue */
	check(rung_cq <= 2 + 3, "%u rings for completions", rung_cq);
	vnd_stop();
	tap_group("a host that sends one command at a time is asked to ring for each, and not for completions");
}

static void many(void)
{
	uint64_t due;

	begin();
	submit(BURST);
	check(rung == 1, "the first of many is rung for");
	for (unsigned int i = 0; i < 10; i++) {
		due = emu_subsys_run(vnd);
		check(reap() == BURST, "round %u", i);
		check(due <= vnd_time + LOOK, "the model wants to look again after %llu ns",
		      (unsigned long long)(due - vnd_time));
		submit(BURST);
		check(rung == 1, "%u rings while the model is about to look", rung);
		vnd_time = due;
	}
	due = emu_subsys_run(vnd);
	check(reap() == BURST, "the last round");
	vnd_time = due;
	due = emu_subsys_run(vnd);
	check(due > vnd_time + LOOK, "nothing came: it waits to be rung");
	submit(BURST);
	check(rung == 2, "and is");
	emu_subsys_run(vnd);
	check(reap() == BURST, "all of it");
	vnd_stop();
	tap_group("after a burst the host need not ring, until a look finds nothing");
}

/* Whatever the host does, what it was not asked to ring for comes when the model said that it wants to run. */
static void any(void)
{
	uint64_t random = 88172645463325252ull, due = 0;
	unsigned int done = 0, wrong = 0;

	begin();
	for (unsigned int i = 0; i < 200000; i++) {
		unsigned int before = rung, room = DEPTH - inflight;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		if (room && random % 3)
			submit(1 + (unsigned int)(random >> 8) % (random % 5 ? EMU_MIN(room, 3) : room));
		if (random >> 16 & 1)
			vnd_time += (random >> 20) % (2 * LOOK);
		/* the loop sleeps unless it is rung for or the time has come */
		if (rung != before || vnd_time >= due)
			due = emu_subsys_run(vnd);
		if (random >> 40 & 1)
			done += reap();
		if (random >> 44 & 15)
			continue;
		while (due <= vnd_time + LOOK) {
			vnd_time = due > vnd_time ? due : vnd_time + 1;
			due = emu_subsys_run(vnd);
		}
		done += reap();
		wrong += inflight != 0;
	}
	check(!wrong, "%u times a command was left lying", wrong);
	check(done > 200000, "%u commands", done);
	check(rung < done / 3, "%u rings for %u commands", rung, done);
	vnd_stop();
	tap_group("no command is left lying, whether it is rung for or not");
}

static void ends(void)
{
	begin();
	submit(BURST);
	emu_subsys_run(vnd);
	reap();
	*word(shadow, 2) = (tail + 1) % VND_ENTRIES;
	vnd_set_reg(0, GMX_REG_CC, 0);
	vnd_time += LOOK;
	check(emu_subsys_run(vnd) > vnd_time + LOOK, "a controller that is disabled looks at nothing");
	check(!vnd->ctrls[0]->dbbuf && !reap(), "and has no shadow any more");
	vnd_stop();
	tap_group("a reset ends the looking, and the shadows");
}

int main(void)
{
	few();
	many();
	any();
	ends();
	return tap_done();
}
