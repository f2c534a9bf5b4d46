// SPDX-License-Identifier: GPL-2.0-or-later
/* Get and Set Features (5.14, 5.21): which there are; current, default and saved values; the scope rules of 7.8 */
#include "feature.h"

#define SAVE   GMX_FEAT_CAP_SAVE
#define NS     GMX_FEAT_CAP_NS
#define CHANGE GMX_FEAT_CAP_CHANGE

const char *emu_feature_owner(struct emu_ctrl *c, const struct emu_feature *f, char *owner)
{
	if (f->subsys)
		return "subsystem";
	snprintf(owner, FEATURE_OWNER_SIZE, "c%u", c->cntlid);
	return owner;
}

const char *emu_feature_key(const struct emu_feature *f)
{
	static char key[4];

	snprintf(key, sizeof(key), "%02x", f->id);
	return key;
}

struct emu_ctrl *emu_feature_other(struct emu_ctrl *c)
{
	for (unsigned int i = 0; i < c->s->nr_ctrls; i++) {
		struct emu_ctrl *other = c->s->ctrls[i];

		if (other && other != c && other->csts & GMX_CSTS_RDY)
			return other;
	}
	return NULL;
}

static bool power_valid(struct emu_ctrl *c, uint32_t value)
{
	(void)c;
	return GMX_POWER_PS(value) <= EMU_NPSS && GMX_POWER_WH(value) <= 2;
}

static uint16_t power_apply(struct emu_ctrl *c, uint32_t value)
{
	return emu_power_set_state(c, GMX_POWER_PS(value));
}

/* Temperature Threshold, 04h: two for the composite temperature and two for each sensor */

static uint16_t *temp_value(struct emu_ctrl *c, unsigned int type, unsigned int sensor)
{
	return type == GMX_TEMP_OVER ? &c->temp_over[sensor] : &c->temp_under[sensor];
}

static uint16_t temp_initial(unsigned int type, unsigned int sensor)
{
	if (type == GMX_TEMP_UNDER)
		return 0;
	return sensor ? 0xffff : EMU_WCTEMP;
}

static const char *temp_key(unsigned int type, unsigned int sensor)
{
	static char key[8];

	snprintf(key, sizeof(key), "04%c%x", type == GMX_TEMP_OVER ? 'o' : 'u', sensor & 0xf);
	return key;
}

static uint16_t temp_saved(struct emu_ctrl *c, const struct emu_feature *f, unsigned int type, unsigned int sensor)
{
	char owner[FEATURE_OWNER_SIZE];
	uint32_t value;

	if (!emu_saved_get(c->s, emu_feature_owner(c, f, owner), temp_key(type, sensor), &value) || value > 0xffff)
		return temp_initial(type, sensor);
	return (uint16_t)value;
}

static uint16_t temp_set(struct emu_cmd *cmd, const struct emu_feature *f, bool save)
{
	uint32_t value = emu_cdw11(cmd);
	unsigned int type = GMX_TEMP_TYPE(value), first = GMX_TEMP_SENSOR(value), last = first;
	struct emu_ctrl *c = cmd->ctrl;
	char owner[FEATURE_OWNER_SIZE];

	if (first == GMX_TEMP_ALL) {
		first = 0;
		last = EMU_TEMP_SENSORS;
	}
	if (type > GMX_TEMP_UNDER || last > EMU_TEMP_SENSORS)
		return FEATURE_INVALID;
	for (unsigned int i = first; i <= last; i++) {
		*temp_value(c, type, i) = GMX_TEMP_VALUE(value);
		if (save)
			emu_saved_set(c->s, emu_feature_owner(c, f, owner), temp_key(type, i), GMX_TEMP_VALUE(value));
	}
	/* It may be too hot, or too cold, from now on. */
	emu_health_check(c->s);
	return 0;
}

static uint16_t temp_get(struct emu_cmd *cmd, const struct emu_feature *f, unsigned int sel)
{
	unsigned int type = GMX_TEMP_TYPE(emu_cdw11(cmd)), sensor = GMX_TEMP_SENSOR(emu_cdw11(cmd));

	if (type > GMX_TEMP_UNDER || sensor > EMU_TEMP_SENSORS)
		return FEATURE_INVALID;
	if (sel == GMX_SEL_CURRENT)
		cmd->dw0 = *temp_value(cmd->ctrl, type, sensor);
	else
		cmd->dw0 = sel == GMX_SEL_SAVED ? temp_saved(cmd->ctrl, f, type, sensor) : temp_initial(type, sensor);
	return 0;
}

static void temp_reset(struct emu_ctrl *c, const struct emu_feature *f)
{
	for (unsigned int i = 0; i <= EMU_TEMP_SENSORS; i++) {
		c->temp_over[i] = temp_saved(c, f, GMX_TEMP_OVER, i);
		c->temp_under[i] = temp_saved(c, f, GMX_TEMP_UNDER, i);
	}
}

static bool cache_there(struct emu_ctrl *c)
{
	return c->s->config.write_cache;
}

static uint16_t cache_apply(struct emu_ctrl *c, uint32_t value)
{
	if (c->s->cache_off == !!value)
		emu_drive_cache_enable(c->s, value);
	return 0;
}

/* Number of Queues, 07h: only as long as there are none */
static uint16_t queues_set(struct emu_cmd *cmd, const struct emu_feature *f, bool save)
{
	uint32_t nsq = emu_cdw11(cmd) & 0xffff, ncq = emu_cdw11(cmd) >> 16;
	struct emu_ctrl *c = cmd->ctrl;

	(void)f;
	(void)save;
	if (nsq == 0xffff || ncq == 0xffff)
		return FEATURE_INVALID;
	for (unsigned int i = 1; i < EMU_MAX_QUEUES; i++) {
		if (c->sq[i].size || c->cq[i].size)
			return GMX_SC_CMD_SEQ | GMX_STS_DNR;
	}
	c->nr_queues = (uint16_t)EMU_MIN(EMU_MAX(nsq, ncq) + 1, emu_virt_nr_queues(c));
	cmd->dw0 = (c->nr_queues - 1u) * 0x10001u;
	return 0;
}

static uint16_t queues_get(struct emu_cmd *cmd, const struct emu_feature *f, unsigned int sel)
{
	unsigned int nr = sel == GMX_SEL_CURRENT ? cmd->ctrl->nr_queues : emu_virt_nr_queues(cmd->ctrl);

	(void)f;
	cmd->dw0 = (nr - 1) * 0x10001u;
	return 0;
}

static void queues_reset(struct emu_ctrl *c, const struct emu_feature *f)
{
	(void)f;
	c->nr_queues = (uint16_t)emu_virt_nr_queues(c);
}

/* Interrupt Vector Configuration, 09h: dword 11 says which vector, of both commands */

static unsigned int vector_nr(struct emu_ctrl *c)
{
	struct emu_pci_info info;

	emu_ctrl_pci_info(c, &info);
	return EMU_MIN(EMU_MAX(1u, EMU_MAX((unsigned int)info.msix_vectors, (unsigned int)info.msi_vectors)),
		       (unsigned int)EMU_MAX_QUEUES);
}

static uint16_t vector_set(struct emu_cmd *cmd, const struct emu_feature *f, bool save)
{
	uint32_t vector = emu_cdw11(cmd) & 0xffff;

	(void)save;
	if (vector >= vector_nr(cmd->ctrl))
		return FEATURE_INVALID;
	cmd->ctrl->irq_config[vector] = emu_cdw11(cmd) & f->mask;
	return 0;
}

static uint16_t vector_get(struct emu_cmd *cmd, const struct emu_feature *f, unsigned int sel)
{
	uint32_t vector = emu_cdw11(cmd) & 0xffff;

	(void)f;
	if (vector >= vector_nr(cmd->ctrl))
		return FEATURE_INVALID;
	cmd->dw0 = vector | (sel == GMX_SEL_CURRENT ? cmd->ctrl->irq_config[vector] : 0);
	return 0;
}

static void vector_reset(struct emu_ctrl *c, const struct emu_feature *f)
{
	(void)f;
	memset(c->irq_config, 0, sizeof(c->irq_config));
}

static bool hmb_there(struct emu_ctrl *c)
{
	return c->s->traits->hmb;
}

/* Keep Alive Timer, 0Fh: in steps of KAS; who is late finds a controller that has failed (7.12) */

static void keep_alive_arm(struct emu_ctrl *c, uint64_t ms)
{
	uint64_t step = EMU_KAS * 100;

	if (!ms) {
		emu_timer_cancel(c->s, &c->keep_alive);
		return;
	}
	ms = (ms + step - 1) / step * step;
	emu_timer_set(c->s, &c->keep_alive, emu_now(c->s) + ms * 1000000);
}

static void keep_alive_expired(struct emu_timer *t)
{
	struct emu_ctrl *c = EMU_ENTRY(t, struct emu_ctrl, keep_alive);

	emu_error_report(c, GMX_AEN_ERROR_PERSISTENT, 0xffff, GMX_SC_KA_EXPIRED);
	emu_regs_fatal(c, "keep alive timeout");
}

static uint16_t keep_alive_apply(struct emu_ctrl *c, uint32_t value)
{
	keep_alive_arm(c, value);
	return 0;
}

uint16_t emu_feature_keep_alive_cmd(struct emu_cmd *cmd)
{
	keep_alive_arm(cmd->ctrl, cmd->ctrl->feat[GMX_FEAT_KATO]);
	return 0;
}

static bool sanitize_there(struct emu_ctrl *c)
{
	return emu_cmd_find(c, true, GMX_ADM_SANITIZE);
}

static bool rates_valid(struct emu_ctrl *c, uint32_t value)
{
	(void)c;
	return GMX_VND_RATES_REBUILD(value) >= 1 && GMX_VND_RATES_REBUILD(value) <= 100 && GMX_VND_RATES_SCRUB(value) <= 100;
}

static const struct emu_feature features[] = {
	{ .id = GMX_FEAT_ARBITRATION, .caps = SAVE | CHANGE, .mask = 0xffffff07, .initial = 0x1f0f0704 },
	{ .id = GMX_FEAT_POWER, .caps = SAVE | CHANGE, .mask = 0xff, .valid = power_valid, .apply = power_apply },
	{ .id = GMX_FEAT_TEMP_THRESHOLD, .caps = SAVE | CHANGE, .set = temp_set, .get = temp_get, .reset = temp_reset },
	{ .id = GMX_FEAT_ERROR_RECOVERY,
	  .caps = SAVE | NS | CHANGE,
	  .mask = EMU_RECOVERY_MASK,
	  .set = emu_feature_recovery_set,
	  .get = emu_feature_recovery_get,
	  .reset = emu_feature_recovery_reset },
	{ .id = GMX_FEAT_VWC,
	  .caps = SAVE | CHANGE,
	  .subsys = true,
	  .mask = 1,
	  .initial = 1,
	  .there = cache_there,
	  .apply = cache_apply },
	{ .id = GMX_FEAT_NUM_QUEUES, .caps = CHANGE, .set = queues_set, .get = queues_get, .reset = queues_reset },
	{ .id = GMX_FEAT_IRQ_COALESCE, .caps = SAVE | CHANGE, .mask = 0xffff },
	{ .id = GMX_FEAT_IRQ_CONFIG,
	  .caps = CHANGE,
	  .mask = GMX_IRQ_CONFIG_CD | 0xffff,
	  .set = vector_set,
	  .get = vector_get,
	  .reset = vector_reset },
	{ .id = GMX_FEAT_ATOMICITY, .caps = SAVE | CHANGE, .mask = 1 },
	{ .id = GMX_FEAT_ASYNC_EVENT, .caps = SAVE | CHANGE, .mask = EMU_AEC_MASK, .initial = EMU_AEC_MASK },
	{ .id = GMX_FEAT_APST,
	  .caps = SAVE | CHANGE,
	  .mask = GMX_APST_ENABLE,
	  .set = emu_feature_apst_set,
	  .get = emu_feature_apst_get,
	  .reset = emu_feature_apst_reset },
	{ .id = GMX_FEAT_HMB, .caps = CHANGE, .there = hmb_there, .set = emu_feature_hmb_set, .get = emu_feature_hmb_get },
	{ .id = GMX_FEAT_TIMESTAMP,
	  .caps = CHANGE,
	  .set = emu_feature_timestamp_set,
	  .get = emu_feature_timestamp_get,
	  .reset = emu_feature_timestamp_reset },
	{ .id = GMX_FEAT_KATO, .caps = CHANGE, .mask = 0xffffffff, .apply = keep_alive_apply },
	{ .id = GMX_FEAT_NOPSC, .caps = SAVE | CHANGE, .mask = 1, .initial = 1 },
	{ .id = GMX_FEAT_HOST_BEHAVIOR,
	  .caps = CHANGE,
	  .set = emu_feature_behavior_set,
	  .get = emu_feature_behavior_get,
	  .reset = emu_feature_behavior_reset },
	{ .id = GMX_FEAT_SANITIZE, .caps = SAVE | CHANGE, .subsys = true, .mask = 1, .there = sanitize_there },
	{ .id = GMX_FEAT_WRITE_PROTECT,
	  .caps = NS | CHANGE,
	  .mask = GMX_WRITE_PROTECT_MASK,
	  .set = emu_feature_protect_set,
	  .get = emu_feature_protect_get },
	{ .id = GMX_VND_FEAT_EVENT_MASK,
	  .caps = SAVE | CHANGE,
	  .mask = GMX_VND_EVENT_MASK_ALL,
	  .initial = GMX_VND_EVENT_MASK_ALL },
	{ .id = GMX_VND_FEAT_RATES,
	  .caps = SAVE | CHANGE,
	  .subsys = true,
	  .mask = 0xffff,
	  .initial = 20 << 8 | 50,
	  .valid = rates_valid },
	{ .id = GMX_VND_FEAT_RECOVERY,
	  .caps = SAVE | CHANGE,
	  .subsys = true,
	  .mask = 0x7ffff,
	  .initial = GMX_VND_RECOVERY_AUTO_REBUILD | GMX_VND_RECOVERY_PREDICT | 70 },
};

static const struct emu_feature *feature_find(struct emu_ctrl *c, uint8_t id)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(features); i++) {
		if (features[i].id == id)
			return !features[i].there || features[i].there(c) ? &features[i] : NULL;
	}
	return NULL;
}

/* A family that does not coalesce still shows the feature, with nothing in it. */
static uint8_t feature_caps(struct emu_ctrl *c, const struct emu_feature *f)
{
	return f->id == GMX_FEAT_IRQ_COALESCE && !c->s->traits->coalescing ? 0 : f->caps;
}

static uint32_t feature_saved(struct emu_ctrl *c, const struct emu_feature *f)
{
	char owner[FEATURE_OWNER_SIZE];
	uint32_t value;

	if (!(feature_caps(c, f) & SAVE) || !emu_saved_get(c->s, emu_feature_owner(c, f, owner), emu_feature_key(f), &value))
		return f->initial;
	value &= f->mask;
	return f->valid && !f->valid(c, value) ? f->initial : value;
}

static uint16_t feature_set_plain(struct emu_cmd *cmd, const struct emu_feature *f, bool save)
{
	uint32_t value = emu_cdw11(cmd) & f->mask;
	struct emu_ctrl *c = cmd->ctrl;
	char owner[FEATURE_OWNER_SIZE];
	uint16_t status;

	if (f->valid && !f->valid(c, value))
		return FEATURE_INVALID;
	status = f->apply ? f->apply(c, value) : 0;
	if (status)
		return status;
	c->feat[f->id] = value;
	for (unsigned int i = 0; f->subsys && i < c->s->nr_ctrls; i++)
		c->s->ctrls[i]->feat[f->id] = value;
	if (save)
		emu_saved_set(c->s, emu_feature_owner(c, f, owner), emu_feature_key(f), value);
	return 0;
}

static uint16_t feature_get_plain(struct emu_cmd *cmd, const struct emu_feature *f, unsigned int sel)
{
	if (sel == GMX_SEL_CURRENT)
		cmd->dw0 = cmd->ctrl->feat[f->id];
	else
		cmd->dw0 = sel == GMX_SEL_SAVED ? feature_saved(cmd->ctrl, f) : f->initial;
	return 0;
}

static void feature_reset_plain(struct emu_ctrl *c, const struct emu_feature *f)
{
	struct emu_ctrl *other = f->subsys ? emu_feature_other(c) : NULL;

	c->feat[f->id] = other ? other->feat[f->id] : feature_saved(c, f);
	if (f->apply && !other)
		f->apply(c, c->feat[f->id]);
}

/* ALL stands for every attached namespace when a value is set, and for none of them when it is read (7.8). */
static uint16_t feature_check_nsid(struct emu_cmd *cmd, const struct emu_feature *f, bool set)
{
	uint32_t nsid = emu_nsid(cmd);
	const struct emu_ns *ns;

	if (!(f->caps & NS)) {
		if (!nsid || nsid == GMX_NSID_ALL)
			return 0;
		if (nsid > EMU_MAX_NS)
			return GMX_SC_INVALID_NS | GMX_STS_DNR;
		return set ? GMX_SC_FEATURE_NOT_PER_NS | GMX_STS_DNR : 0;
	}
	if (nsid == GMX_NSID_ALL && set)
		return 0;
	if (!nsid || nsid > EMU_MAX_NS)
		return GMX_SC_INVALID_NS | GMX_STS_DNR;
	ns = emu_ns_find(cmd->ctrl->s, nsid);
	return ns && emu_ns_attached(ns, cmd->ctrl) ? 0 : FEATURE_INVALID;
}

uint16_t emu_feature_set_cmd(struct emu_cmd *cmd)
{
	const struct emu_feature *f = feature_find(cmd->ctrl, emu_cdw10(cmd) & 0xff);
	bool save = emu_cdw10(cmd) & GMX_SET_FEAT_SAVE;
	uint16_t status;

	if (!f)
		return FEATURE_INVALID;
	if (!(feature_caps(cmd->ctrl, f) & CHANGE))
		return GMX_SC_FEATURE_NOT_CHANGEABLE | GMX_STS_DNR;
	if (save && !(f->caps & SAVE))
		return GMX_SC_FEATURE_NOT_SAVEABLE | GMX_STS_DNR;
	status = feature_check_nsid(cmd, f, true);
	if (status)
		return status;
	return f->set ? f->set(cmd, f, save) : feature_set_plain(cmd, f, save);
}

uint16_t emu_feature_get_cmd(struct emu_cmd *cmd)
{
	const struct emu_feature *f = feature_find(cmd->ctrl, emu_cdw10(cmd) & 0xff);
	unsigned int sel = (emu_cdw10(cmd) >> 8) & 7;
	uint16_t status;

	if (!f || sel > GMX_SEL_CAPS)
		return FEATURE_INVALID;
	/* What can be done with it is the same for all namespaces. */
	if (sel == GMX_SEL_CAPS) {
		cmd->dw0 = feature_caps(cmd->ctrl, f);
		return 0;
	}
	status = feature_check_nsid(cmd, f, false);
	if (status)
		return status;
	return f->get ? f->get(cmd, f, sel) : feature_get_plain(cmd, f, sel);
}

void emu_feature_reset(struct emu_ctrl *c)
{
	if (!c->keep_alive.fn)
		emu_timer_init(&c->keep_alive, keep_alive_expired);
	emu_virt_reset(c);
	for (const struct emu_feature *f = features; f < features + ARRAY_SIZE(features); f++) {
		if (f->there && !f->there(c))
			continue;
		if (f->reset)
			f->reset(c, f);
		else if (!f->set)
			feature_reset_plain(c, f);
	}
}
