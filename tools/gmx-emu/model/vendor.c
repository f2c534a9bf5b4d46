// SPDX-License-Identifier: GPL-2.0-or-later
/* The vendor page of Identify Controller: what this controller has beside NVMe. */
#include "emu.h"

static uint8_t vendor_form_factor(const char *name)
{
	static const struct {
		const char *name;
		uint8_t form;
	} forms[] = {
		{ "add-in", GMX_VND_FORM_ADD_IN }, { "u.2", GMX_VND_FORM_U2 },	 { "m.2", GMX_VND_FORM_M2 },
		{ "e1.s", GMX_VND_FORM_E1S },	   { "e3.s", GMX_VND_FORM_E3S },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(forms); i++) {
		if (!strcmp(forms[i].name, name))
			return forms[i].form;
	}
	return GMX_VND_FORM_UNKNOWN;
}

static uint64_t vendor_features(const struct emu_traits *t)
{
	uint64_t features = GMX_VND_F_EVENT_LOG | GMX_VND_F_HEALTH | GMX_VND_F_INVENTORY | GMX_VND_F_FW_STATE | GMX_VND_F_POWER;

	if (t->sriov)
		features |= GMX_VND_F_SRIOV;
	if (t->wrr)
		features |= GMX_VND_F_WRR;
	if (t->coalescing)
		features |= GMX_VND_F_COALESCING;
	if (t->rotational)
		features |= GMX_VND_F_ROTATIONAL;
	return features;
}

static uint64_t vendor_log_pages(void)
{
	static const uint8_t pages[] = {
		GMX_VND_LOG_HEALTH, GMX_VND_LOG_VOLUMES, GMX_VND_LOG_DRIVES,
		GMX_VND_LOG_EVENTS, GMX_VND_LOG_FW,	 GMX_VND_LOG_POWER,
	};
	uint64_t bits = 0;

	for (unsigned int i = 0; i < sizeof(pages); i++)
		bits |= 1ull << (pages[i] - 0xc0);
	return bits;
}

void emu_vendor_identify(struct emu_ctrl *c, uint8_t *page)
{
	const struct emu_traits *t = c->s->traits;
	struct gmx_vnd_id id = {
		.length = htole16(GMX_VND_ID_LENGTH),
		.version = htole16(GMX_VND_VERSION),
		.family = t->id == EMU_G1   ? GMX_VND_FAMILY_G1
			  : t->id == EMU_G2 ? GMX_VND_FAMILY_G2
					    : GMX_VND_FAMILY_G3,
		.function = c->is_virtual ? GMX_VND_FUNCTION_VIRTUAL : GMX_VND_FUNCTION_PHYSICAL,
		.dma_bits = t->dma_bits,
		.form_factor = vendor_form_factor(c->s->config.form_factor),
		.link_speed = (uint8_t)c->s->config.link_speed,
		.link_width = (uint8_t)c->s->config.link_width,
		.nr_rails = EMU_POWER_RAILS,
		.features = htole64(vendor_features(t)),
		.log_pages = htole64(vendor_log_pages()),
		.feature_ids = htole64(1ull << (GMX_VND_FEAT_EVENT_MASK - 0xc0) | 1ull << (GMX_VND_FEAT_RATES - 0xc0) |
				       1ull << (GMX_VND_FEAT_RECOVERY - 0xc0)),
		.events = htole32(GMX_VND_EVENT_MASK_ALL),
		.max_drives = htole16(EMU_MAX_DRIVES),
		.max_volumes = htole16(EMU_MAX_NS),
		.max_volume_drives = htole16(1),
		.event_entries = htole32(EMU_EVENT_ENTRIES),
		.pmbus_interval_ms = htole32(EMU_POWER_INTERVAL_MS),
	};

	memcpy(id.magic, GMX_VND_MAGIC, sizeof(id.magic));
	memcpy(page, &id, sizeof(id));
}
