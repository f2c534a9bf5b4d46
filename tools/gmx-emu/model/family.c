// SPDX-License-Identifier: GPL-2.0-or-later
/* What the families can do. */
#include "emu.h"

static const struct emu_traits families[] = {
	{
		.id = EMU_G1,
		.name = "g1",
		.model = "Gigamax G1",
		.device = GMX_PCI_G1,
		.class_code = 0x010400,
		.nr_queues = 8,
		.mqes = 1023,
		.mdts = 5,
		.dma_bits = 32,
		.rotational = true,
	},
	{
		.id = EMU_G2,
		.name = "g2",
		.model = "Gigamax G2",
		.device = GMX_PCI_G2,
		.class_code = 0x010802,
		.nr_queues = 64,
		.mqes = 1023,
		.mdts = 7,
		.dma_bits = 64,
		.sgl = true,
		.wrr = true,
		.cmb = true,
		.hmb = true,
		.dbbuf = true,
		.pi = true,
		.coalescing = true,
	},
	{
		.id = EMU_G3,
		.name = "g3",
		.model = "Gigamax G3",
		.device = GMX_PCI_G3,
		.class_code = 0x010802,
		.nr_queues = 128,
		.mqes = 1023,
		.mdts = 7,
		.dma_bits = 64,
		.sgl = true,
		.wrr = true,
		.cmb = true,
		.hmb = true,
		.dbbuf = true,
		.pi = true,
		.coalescing = true,
		.sriov = true,
		.nr_vfs = 8,
	},
};

const struct emu_lbaf_desc emu_lbafs[EMU_MAX_LBAF] = {
	{ 9, 0, 0 }, { 12, 0, 0 }, { 9, 8, 0 }, { 12, 8, 0 }, { 12, 64, 0 },
};

const struct emu_traits *emu_family_find(const char *name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(families); i++)
		if (!strcmp(families[i].name, name))
			return &families[i];
	return NULL;
}

unsigned int emu_family_nr_lbaf(const struct emu_traits *traits)
{
	return traits->pi ? 5 : 2;
}
