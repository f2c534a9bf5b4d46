// SPDX-License-Identifier: GPL-2.0-or-later
/* From posted completions to interrupts: coalescing, INTMS, pin (NVMe 1.4, 7.5). */
#include "emu.h"

#define COALESCE_UNIT 100000ull /* ns: TIME counts 100 us (5.21.1.8) */

static unsigned int irq_vector(struct emu_ctrl *c, const struct emu_cq *cq)
{
	unsigned int nr = c->ops->irq_mode(c->host) == EMU_IRQ_PIN ? 1 : c->ops->irq_vectors(c->host);

	return nr && cq->vector >= nr ? 0 : cq->vector;
}

static void irq_due(struct emu_cq *cq)
{
	struct emu_ctrl *c = cq->ctrl;
	unsigned int vector = irq_vector(c, cq);

	cq->uncounted = 0;
	emu_timer_cancel(c->s, &cq->coalesce);
	c->irq_due[vector / 64] |= 1ull << vector % 64;
}

static void irq_coalesced(struct emu_timer *t)
{
	irq_due(EMU_ENTRY(t, struct emu_cq, coalesce));
}

void emu_irq_cq(struct emu_cq *cq, bool admin)
{
	struct emu_ctrl *c = cq->ctrl;
	uint32_t feat = c->feat[GMX_FEAT_IRQ_COALESCE], threshold = (feat & 0xff) + 1, time = (feat >> 8) & 0xff;

	if (!cq->ien || !c->ops)
		return;
	if (!cq->coalesce.fn)
		emu_timer_init(&cq->coalesce, irq_coalesced);
	if (admin || !time || threshold < 2 || !c->s->traits->coalescing ||
	    c->irq_config[cq->vector % EMU_MAX_QUEUES] & 1u << 16) {
		irq_due(cq);
		return;
	}
	if (++cq->uncounted >= threshold)
		irq_due(cq);
	else if (cq->coalesce.due == EMU_NEVER)
		emu_timer_set(c->s, &cq->coalesce, emu_now(c->s) + time * COALESCE_UNIT);
}

/* A pin is a level: some queue has entries that the host has not taken. */
static bool irq_pin_wanted(struct emu_ctrl *c)
{
	if (c->intm & 1 || c->gone)
		return false;
	for (unsigned int i = 0; i <= c->s->traits->nr_queues; i++) {
		struct emu_cq *cq = &c->cq[i];

		if (!cq->size || !cq->ien || cq->head == cq->tail || cq->uncounted)
			continue;
		/* the next doorbell has to be seen, or the pin would stay asserted */
		emu_queue_cq_sync(cq);
		if (cq->head != cq->tail)
			return true;
	}
	return false;
}

void emu_irq_update(struct emu_ctrl *c)
{
	enum emu_irq_mode mode;
	bool pin;

	if (!c->ops)
		return;
	mode = c->ops->irq_mode(c->host);
	pin = mode == EMU_IRQ_PIN && irq_pin_wanted(c);
	if (pin != c->pin) {
		c->pin = pin;
		c->irqs += pin;
		c->ops->irq_pin(c->host, pin);
	}
	if (mode == EMU_IRQ_MSI && c->irq_masked & ~c->intm) {
		for (unsigned int v = 0; v < 32; v++)
			if ((c->irq_masked & ~c->intm) & 1u << v)
				c->irq_due[0] |= 1ull << v;
		c->irq_masked &= c->intm;
	}
}

void emu_irq_flush(struct emu_ctrl *c)
{
	enum emu_irq_mode mode;

	if (!c->ops || !(c->irq_due[0] | c->irq_due[1] | c->irq_due[2]))
		return;
	mode = c->ops->irq_mode(c->host);
	for (unsigned int w = 0; w < ARRAY_SIZE(c->irq_due); w++) {
		uint64_t due = c->irq_due[w];

		c->irq_due[w] = 0;
		while (due) {
			unsigned int vector = w * 64 + (unsigned int)__builtin_ctzll(due);

			due &= due - 1;
			if (emu_fault_irq_lost(c, vector) || c->gone || !c->bus_master)
				continue;
			if (mode == EMU_IRQ_MSI && vector < 32 && c->intm & 1u << vector) {
				c->irq_masked |= 1u << vector;
			} else if (mode != EMU_IRQ_PIN) {
				c->irqs++;
				c->ops->irq_raise(c->host, vector);
			}
		}
	}
	if (mode == EMU_IRQ_PIN)
		emu_irq_update(c);
}
