// SPDX-License-Identifier: GPL-2.0-or-later
/* Registers, and what begins and ends a controller's life (NVMe 1.4, 3.1 and 7.3). */
#include "cmb.h"
#include "emu.h"

#define CAP_MPSMAX 4u /* 64 KiB */
#define DOORBELLS  (2 * EMU_MAX_QUEUES)

static void regs_ready(struct emu_timer *t)
{
	struct emu_ctrl *c = EMU_ENTRY(t, struct emu_ctrl, ready_timer);

	if (c->register_hang || c->csts & GMX_CSTS_CFS)
		return;
	c->csts |= GMX_CSTS_RDY;
	emu_queue_resume(c);
}

static void regs_shut_down(struct emu_timer *t)
{
	struct emu_ctrl *c = EMU_ENTRY(t, struct emu_ctrl, shutdown_timer);
	struct emu_subsys *s = c->s;

	for (unsigned int i = 0; i < EMU_MAX_NS; i++)
		if (s->ns[i].nsid && emu_ns_attached(&s->ns[i], c))
			emu_drive_flush(&s->ns[i]);
	emu_event_add(s, GMX_VND_EV_SHUTDOWN, c->function, (c->cc & GMX_CC_SHN_MASK) >> 14, "shutdown by the host");
	emu_health_shutdown(c);
	emu_nvram_save(s);
	c->csts = (c->csts & ~GMX_CSTS_SHST_MASK) | GMX_CSTS_SHST_DONE;
}

void emu_regs_init(struct emu_ctrl *c)
{
	const struct emu_traits *t = c->s->traits;

	c->cap = t->mqes | 1u << 16 | (uint64_t)c->s->config.cap_to << 24 | 1ull << 36 | 1ull << 37 | (uint64_t)CAP_MPSMAX << 52;
	if (t->wrr)
		c->cap |= 1u << 17;
	emu_timer_init(&c->ready_timer, regs_ready);
	emu_timer_init(&c->shutdown_timer, regs_shut_down);
	emu_queue_init(c);
	c->nr_queues = t->nr_queues;
}

void emu_regs_free(struct emu_ctrl *c)
{
	emu_timer_cancel(c->s, &c->ready_timer);
	emu_timer_cancel(c->s, &c->shutdown_timer);
	emu_timer_cancel(c->s, &c->keep_alive);
	emu_queue_stop(c);
	emu_hmb_free(c);
	emu_cmb_free(c);
}

void emu_regs_fatal(struct emu_ctrl *c, const char *why)
{
	if (c->csts & GMX_CSTS_CFS)
		return;
	c->csts |= GMX_CSTS_CFS;
	emu_log(c->s, EMU_LOG_WARN, "controller %u: fatal: %s", c->cntlid, why);
	emu_health_reset(c, true);
	emu_event_add(c->s, GMX_VND_EV_FATAL, c->function, 0, why);
	emu_telemetry_capture(c->s, true, why);
}

void emu_regs_pause(struct emu_ctrl *c, bool pause)
{
	if (!(c->csts & GMX_CSTS_RDY) && pause)
		return;
	c->paused = pause;
	c->csts = pause ? c->csts | GMX_CSTS_PP : c->csts & ~GMX_CSTS_PP;
	if (!pause)
		emu_queue_resume(c);
}

void emu_ctrl_end_life(struct emu_ctrl *c, const char *why)
{
	emu_log(c->s, EMU_LOG_DEBUG, "controller %u: %s", c->cntlid, why);
	c->generation++;
	emu_timer_cancel(c->s, &c->ready_timer);
	emu_timer_cancel(c->s, &c->shutdown_timer);
	c->csts &= GMX_CSTS_NSSRO;
	c->paused = false;
	emu_queue_stop(c);
	emu_aer_reset(c);
	emu_hmb_reset(c);
	emu_feature_reset(c);
	emu_virt_reset(c);
	emu_selftest_ctrl_reset(c);
	emu_fw_ctrl_reset(c);
}

/* Whether the host's settings are such that the controller can work with them. */
static const char *regs_check(struct emu_ctrl *c)
{
	if (((c->cc >> 7) & 0xf) > CAP_MPSMAX)
		return "CC.MPS is not supported";
	if (((c->cc >> 4) & 7) != 0)
		return "CC.CSS is not supported";
	if (((c->cc >> 11) & 7) > (c->s->traits->wrr ? 1 : 0))
		return "CC.AMS is not supported";
	return emu_queue_create_admin(c) ? "the admin queues' sizes or addresses are not possible" : NULL;
}

static void regs_enable(struct emu_ctrl *c)
{
	const char *why = regs_check(c);

	if (why) {
		emu_regs_fatal(c, why);
		return;
	}
	emu_health_enabled(c->s);
	emu_timer_set(c->s, &c->ready_timer, emu_now(c->s) + c->s->config.ready_us * 1000ull);
}

static void regs_write_cc(struct emu_ctrl *c, uint32_t value)
{
	uint32_t old = c->cc;

	c->cc = value;
	if (old & ~value & GMX_CC_EN) {
		/* a controller whose registers hang stays as it is */
		if (c->register_hang)
			return;
		emu_health_reset(c, false);
		emu_ctrl_end_life(c, "disabled");
		emu_fault_cure(c, EMU_CURE_RESET);
		return;
	}
	if (value & ~old & GMX_CC_EN && !(c->csts & GMX_CSTS_RDY))
		regs_enable(c);
	if (value & GMX_CC_SHN_MASK && !(old & GMX_CC_SHN_MASK) && !c->register_hang) {
		c->csts = (c->csts & ~GMX_CSTS_SHST_MASK) | 1u << 2;
		emu_timer_set(c->s, &c->shutdown_timer, emu_now(c->s) + 1000000);
	}
}

static void regs_clear(struct emu_ctrl *c)
{
	c->cc = c->aqa = c->intm = 0;
	c->asq = c->acq = 0;
	c->csts = 0;
}

void emu_ctrl_reset(struct emu_ctrl *c, enum emu_reset kind)
{
	static const char *const names[] = { "power on", "reset by the bus", "function level reset", "the host has gone" };

	if (c->cc & GMX_CC_EN)
		emu_health_reset(c, false);
	emu_ctrl_end_life(c, names[kind]);
	emu_cmb_reset(c);
	regs_clear(c);
	emu_fault_cure(c, kind == EMU_RESET_FLR ? EMU_CURE_FLR : EMU_CURE_NSSR);
	c->dstate = 0;
	if (kind != EMU_RESET_FLR)
		c->bus_master = false;
	if (kind == EMU_RESET_HOT || kind == EMU_RESET_POWER)
		emu_fw_reset(c->s, GMX_VND_FW_CONVENTIONAL_RESET);
	if (c->s->nvram_dirty)
		emu_nvram_save(c->s);
}

void emu_subsys_nssr(struct emu_subsys *s)
{
	emu_fw_reset(s, GMX_VND_FW_SUBSYSTEM_RESET);
	for (unsigned int i = 0; i < s->nr_ctrls; i++) {
		bool master = s->ctrls[i]->bus_master;

		emu_ctrl_reset(s->ctrls[i], EMU_RESET_FLR);
		emu_fault_cure(s->ctrls[i], EMU_CURE_NSSR);
		s->ctrls[i]->bus_master = master;
		s->ctrls[i]->csts = GMX_CSTS_NSSRO;
	}
}

static uint32_t regs_get(struct emu_ctrl *c, uint64_t offset)
{
	switch (offset) {
	case GMX_REG_CAP: return (uint32_t)c->cap;
	case GMX_REG_CAP + 4: return (uint32_t)(c->cap >> 32);
	case GMX_REG_VS: return GMX_VS(1, 4, 0);
	case GMX_REG_INTMS:
	case GMX_REG_INTMC: return c->intm;
	case GMX_REG_CC: return c->cc;
	case GMX_REG_CSTS: return c->csts;
	case GMX_REG_AQA: return c->aqa;
	case GMX_REG_ASQ: return (uint32_t)c->asq;
	case GMX_REG_ASQ + 4: return (uint32_t)(c->asq >> 32);
	case GMX_REG_ACQ: return (uint32_t)c->acq;
	case GMX_REG_ACQ + 4: return (uint32_t)(c->acq >> 32);
	case GMX_REG_CMBLOC:
	case GMX_REG_CMBSZ:
	case GMX_REG_CMBMSC:
	case GMX_REG_CMBMSC + 4:
	case GMX_REG_CMBSTS: return emu_cmb_get(c, offset);
	default: return 0;
	}
}

static void regs_set(struct emu_ctrl *c, uint64_t offset, uint32_t v)
{
	switch (offset) {
	case GMX_REG_INTMS:
		c->intm |= v;
		emu_irq_update(c);
		break;
	case GMX_REG_INTMC:
		c->intm &= ~v;
		emu_irq_update(c);
		emu_irq_flush(c);
		break;
	case GMX_REG_CC: regs_write_cc(c, v & 0x00fffff1); break;
	case GMX_REG_CSTS: c->csts &= ~(v & GMX_CSTS_NSSRO); break;
	case GMX_REG_NSSR:
		if (v == GMX_NSSR_MAGIC)
			emu_subsys_nssr(c->s);
		break;
	case GMX_REG_AQA: c->aqa = v & 0x0fff0fff; break;
	case GMX_REG_ASQ: c->asq = (c->asq & ~0xffffffffull) | v; break;
	case GMX_REG_ASQ + 4: c->asq = (uint32_t)c->asq | (uint64_t)v << 32; break;
	case GMX_REG_ACQ: c->acq = (c->acq & ~0xffffffffull) | v; break;
	case GMX_REG_ACQ + 4: c->acq = (uint32_t)c->acq | (uint64_t)v << 32; break;
	case GMX_REG_CMBMSC:
	case GMX_REG_CMBMSC + 4: emu_cmb_set(c, offset, v); break;
	default: break;
	}
}

static bool regs_access_ok(uint64_t offset, size_t len)
{
	return (len == 4 || len == 8) && !(offset % len) && offset < EMU_BAR_SIZE;
}

void emu_ctrl_read(struct emu_ctrl *c, uint64_t offset, void *buf, size_t len)
{
	memset(buf, c->gone ? 0xff : 0, len);
	if (c->gone || !regs_access_ok(offset, len))
		return;
	for (size_t i = 0; i < len; i += 4) {
		uint32_t v = htole32(regs_get(c, offset + i));

		memcpy((uint8_t *)buf + i, &v, 4);
	}
}

void emu_ctrl_write(struct emu_ctrl *c, uint64_t offset, const void *buf, size_t len)
{
	if (c->gone || !regs_access_ok(offset, len))
		return;
	for (size_t i = 0; i < len; i += 4) {
		uint64_t at = offset + i;
		uint32_t v;

		memcpy(&v, (const uint8_t *)buf + i, 4);
		v = le32toh(v);
		if (at < GMX_REG_DBS)
			regs_set(c, at, v);
		else if (at < GMX_REG_DBS + DOORBELLS * 4 && c->csts & GMX_CSTS_RDY)
			emu_queue_doorbell(c, (unsigned int)(at - GMX_REG_DBS) / 4, v & 0xffff);
	}
}

void emu_ctrl_set_bus_master(struct emu_ctrl *c, bool on)
{
	c->bus_master = on;
	if (on)
		emu_queue_resume(c);
}

void emu_ctrl_irq_changed(struct emu_ctrl *c)
{
	emu_irq_update(c);
	emu_irq_flush(c);
}

void emu_ctrl_set_power(struct emu_ctrl *c, unsigned int dstate)
{
	c->dstate = dstate;
	if (!dstate)
		emu_queue_resume(c);
}
