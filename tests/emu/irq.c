// SPDX-License-Identifier: GPL-2.0-or-later
/* Interrupts: how many messages completions make, coalescing, a pin, masks. */
/* Covers: GMX_ADM_CREATE_CQ GMX_FEAT_IRQ_COALESCE GMX_FEAT_IRQ_CONFIG */
#include "vnd.h"

#define READS 8u

static const char slow[] = "{ \"capacity\": \"16M\", \"namespaces\": [ { \"size\": \"1M\" } ], \"latency\": \"ssd\" }";
static const char fast[] = "{ \"capacity\": \"16M\", \"namespaces\": [ { \"size\": \"1M\" } ] }";

static enum emu_irq_mode mode;
static bool pin;
static uint64_t tick; /* ns that go by whenever the model looks at its clock */

static enum emu_irq_mode irq_mode(void *host)
{
	(void)host;
	return mode;
}

static unsigned int irq_vectors(void *host)
{
	(void)host;
	return mode == EMU_IRQ_MSI ? 8 : 9;
}

static void irq_pin(void *host, bool asserted)
{
	(void)host;
	pin = asserted;
}

static uint64_t irq_now(void *host)
{
	(void)host;
	return vnd_time += tick;
}

static const struct emu_ctrl_ops ctrl_ops = {
	vnd_op_read, vnd_op_write, vnd_op_ptr, irq_mode, irq_vectors, vnd_op_irq_raise, irq_pin, vnd_op_link_error, vnd_op_gone,
};
static const struct emu_subsys_ops subsys_ops = { irq_now, vnd_op_wall, vnd_op_log };

static void begin(const char *family, const char *config, enum emu_irq_mode m)
{
	mode = EMU_IRQ_MSIX;
	pin = false;
	tick = 0;
	vnd_start(family, config);
	emu_ctrl_attach(vnd, 0, &ctrl_ops, &vnd_fn[0]);
	vnd->ops = &subsys_ops;
	mode = m;
	emu_ctrl_irq_changed(vnd_fn[0].ctrl);
}

static void end(void)
{
	tick = 0;
	vnd_stop();
}

static void post(unsigned int nr)
{
	static uint8_t block[512];

	for (unsigned int i = 0; i < nr; i++)
		vnd_post(.queue = 1, .opcode = GMX_NVM_READ, .nsid = 1, .cdw10 = i, .data = block, .len = sizeof(block));
}

/* The second completion queue, on this vector, and its submission queue */
static void second_queue(unsigned int vector)
{
	static uint8_t none[4096];

	check(!admin(.opcode = GMX_ADM_CREATE_CQ, .cdw10 = (VND_ENTRIES - 1) << 16 | 2, .data = none, .len = sizeof(none),
		     .cdw11 = vector << 16 | GMX_CQ_IEN | GMX_QUEUE_PC),
	      "completion queue");
	vnd->ctrls[0]->cq[2].base = vnd_alloc(4096);
	check(!admin(.opcode = GMX_ADM_CREATE_SQ, .cdw10 = (VND_ENTRIES - 1) << 16 | 2, .data = none, .len = sizeof(none),
		     .cdw11 = 2 << 16 | GMX_QUEUE_PC),
	      "submission queue");
	vnd->ctrls[0]->sq[2].base = vnd_alloc(4096);
}

static void post_second(unsigned int nr)
{
	struct emu_sq *sq = &vnd->ctrls[0]->sq[2];

	for (unsigned int i = 0; i < nr; i++) {
		struct gmx_sqe sqe = { .opcode = GMX_NVM_VERIFY, .cid = htole16((uint16_t)i), .nsid = htole32(1) };

		memcpy(vnd_ram + (sq->base - VND_RAM) + i * sizeof(sqe), &sqe, sizeof(sqe));
	}
	vnd_set_reg(0, GMX_REG_DBS + 4 * 4, nr);
}

static void one_a_pass(void)
{
	unsigned int before;

	begin("g2", fast, EMU_IRQ_MSIX);
	before = vnd_irqs(0, 1);
	post(READS);
	emu_subsys_run(vnd);
	check(vnd_irqs(0, 1) == before + 1, "%u messages for what was done at once", vnd_irqs(0, 1) - before);
	vnd_pull(0, 1);
	check(vnd_fn[0].q[1].nr == READS, "%u completions", vnd_fn[0].q[1].nr);
	end();

	/* Time passes while the model runs: what comes due meanwhile is of the same pass. */
	begin("g2", slow, EMU_IRQ_MSIX);
	post(1);
	emu_subsys_run(vnd);
	post(1);
	before = vnd_irqs(0, 1);
	tick = 10000000;
	emu_subsys_run(vnd);
	tick = 0;
	check(vnd_irqs(0, 1) == before + 1, "%u messages in one pass", vnd_irqs(0, 1) - before);
	vnd_pull(0, 1);
	check(vnd_fn[0].q[1].nr == 2, "%u completions in one pass", vnd_fn[0].q[1].nr);
	end();
	tap_group("a message a vector and pass");
}

static void set_coalescing(unsigned int threshold, unsigned int time)
{
	check(!admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_IRQ_COALESCE, .cdw11 = time << 8 | threshold),
	      "coalescing");
}

static void coalescing(void)
{
	/* time 0 or threshold 0: not at all; a vector may be left out */
	static const struct {
		unsigned int threshold, time;
		uint32_t config;
	} off[] = { { 3, 0, 0 }, { 0, 5, 0 }, { 3, 5, 1 } };
	unsigned int before, admin_before;

	begin("g2", fast, EMU_IRQ_MSIX);
	set_coalescing(3, 5);
	before = vnd_irqs(0, 1);
	for (unsigned int i = 1; i <= 4; i++) {
		post(1);
		emu_subsys_run(vnd);
		check(vnd_irqs(0, 1) == before + (i == 4), "%u of 4 completions: %u messages", i, vnd_irqs(0, 1) - before);
	}
	post(1);
	emu_subsys_run(vnd);
	check(vnd_irqs(0, 1) == before + 1, "a message too soon");
	vnd_time += 499999;
	emu_subsys_run(vnd);
	check(vnd_irqs(0, 1) == before + 1, "a message before the time");
	vnd_time += 1;
	emu_subsys_run(vnd);
	check(vnd_irqs(0, 1) == before + 2, "no message after the time");
	vnd_advance(10);
	check(vnd_irqs(0, 1) == before + 2, "a message for nothing");
	admin_before = vnd_irqs(0, 0);
	check(!admin(.opcode = GMX_ADM_KEEP_ALIVE) && vnd_irqs(0, 0) == admin_before + 1, "the admin queue does not wait");

	for (unsigned int i = 0; i < ARRAY_SIZE(off); i++) {
		set_coalescing(off[i].threshold, off[i].time);
		check(!admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_IRQ_CONFIG, .cdw11 = off[i].config << 16 | 1),
		      "vector");
		before = vnd_irqs(0, 1);
		post(1);
		emu_subsys_run(vnd);
		check(vnd_irqs(0, 1) == before + 1, "coalescing %u: %u messages", i, vnd_irqs(0, 1) - before);
		vnd_pull(0, 1);
		vnd_fn[0].q[1].nr = 0;
	}
	end();
	tap_group("coalescing by number and time");
}

static void shared_vector(void)
{
	unsigned int before;

	begin("g2", fast, EMU_IRQ_MSIX);
	second_queue(1);
	set_coalescing(3, 5);
	before = vnd_irqs(0, 1);
	post(1);
	post_second(1);
	emu_subsys_run(vnd);
	vnd_advance(5);
	check(vnd_irqs(0, 1) == before + 1, "%u messages when the time of two queues is over", vnd_irqs(0, 1) - before);
	set_coalescing(0, 0);
	before = vnd_irqs(0, 1);
	post(2);
	post_second(3);
	emu_subsys_run(vnd);
	check(vnd_irqs(0, 1) == before + 1, "%u messages of two queues", vnd_irqs(0, 1) - before);
	end();
	tap_group("queues that share a vector");
}

static void the_pin(void)
{
	begin("g2", fast, EMU_IRQ_PIN);
	check(!pin, "asserted for nothing");
	post(2);
	emu_subsys_run(vnd);
	check(pin && !vnd_irqs(0, 1), "not asserted, or a message");
	vnd_set_reg(0, GMX_REG_INTMS, 1);
	check(!pin, "masked");
	vnd_set_reg(0, GMX_REG_INTMC, 1);
	check(pin, "not masked any more");
	vnd_set_reg(0, GMX_REG_DBS + 3 * 4, 1);
	check(pin, "one of two was taken");
	vnd_pull(0, 1);
	check(!pin, "all were taken");
	post(1);
	emu_subsys_run(vnd);
	check(pin, "asserted again");
	vnd_set_reg(0, GMX_REG_CC, 0);
	check(!pin, "a reset ends it");
	end();
	tap_group("a pin");
}

static void masks(void)
{
	unsigned int before;

	begin("g2", fast, EMU_IRQ_MSI);
	before = vnd_irqs(0, 1);
	vnd_set_reg(0, GMX_REG_INTMS, 2);
	check(vnd_reg(0, GMX_REG_INTMS) == 2 && vnd_reg(0, GMX_REG_INTMC) == 2, "mask");
	post(1);
	emu_subsys_run(vnd);
	check(vnd_irqs(0, 1) == before, "a message of a masked vector");
	vnd_set_reg(0, GMX_REG_INTMC, 1);
	check(vnd_irqs(0, 1) == before, "another vector's mask");
	vnd_set_reg(0, GMX_REG_INTMC, 2);
	check(vnd_irqs(0, 1) == before + 1, "the message comes when the mask goes");
	vnd_set_reg(0, GMX_REG_INTMS, 2);
	vnd_set_reg(0, GMX_REG_INTMC, 2);
	check(vnd_irqs(0, 1) == before + 1, "and not twice");
	vnd_pull(0, 1);
	emu_ctrl_set_bus_master(vnd_fn[0].ctrl, false);
	post(1);
	emu_subsys_run(vnd);
	check(vnd_irqs(0, 1) == before + 1, "a message without bus mastering");
	end();
	tap_group("masks");
}

static uint16_t create_cq(unsigned int vector)
{
	static uint8_t none[4096];

	return admin(.opcode = GMX_ADM_CREATE_CQ, .cdw10 = (VND_ENTRIES - 1) << 16 | 2, .data = none, .len = sizeof(none),
		     .cdw11 = vector << 16 | GMX_CQ_IEN | GMX_QUEUE_PC);
}

static void vectors(void)
{
	static const struct {
		const char *family;
		enum emu_irq_mode mode;
		unsigned int nr;
	} has[] = {
		{ "g1", EMU_IRQ_MSIX, 9 }, { "g3", EMU_IRQ_MSIX, 129 }, { "g1", EMU_IRQ_MSI, 8 },
		{ "g3", EMU_IRQ_MSI, 32 }, { "g2", EMU_IRQ_PIN, 1 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(has); i++) {
		begin(has[i].family, fast, has[i].mode);
		check(create_cq(has[i].nr) == (GMX_SC_INT_VECTOR | GMX_STS_DNR), "%s: one of %u vectors too many", has[i].family,
		      has[i].nr);
		check(!create_cq(has[i].nr - 1), "%s: the last of %u vectors", has[i].family, has[i].nr);
		end();
	}
	tap_group("vectors that there are");
}

int main(void)
{
	one_a_pass();
	coalescing();
	shared_vector();
	the_pin();
	masks();
	vectors();
	return tap_done();
}
