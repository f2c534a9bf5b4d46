// SPDX-License-Identifier: GPL-2.0-or-later
/* Registers as in PCI Express Base 4.0, chapter 7, and PCI Power Management 1.2. */
#include <string.h>

#include "pciconf.h"

#define CAP_PM	   0x01
#define CAP_MSI	   0x05
#define CAP_EXP	   0x10
#define CAP_MSIX   0x11
#define CAP_HIDDEN 0x0b /* CompactPCI resource control: QEMU passes it on without a thought */

#define COMMAND_BUS_MASTER  0x0004
#define COMMAND_PIN_DISABLE 0x0400
#define STATUS_PIN	    0x0008
#define STATUS_CAP_LIST	    0x0010

#define PM_CONTROL (PCICONF_PM + 4)

#define MSI_ENABLE    0x0001
#define MSI_64	      0x0080
#define MSI_MASKS     0x0100
#define MSIX_ENABLE   0x8000
#define MSIX_MASK_ALL 0x4000

#define EXP_DEVCTL	       (PCICONF_EXP + 0x08)
#define EXP_DEVSTA	       (PCICONF_EXP + 0x0a)
#define DEVCTL_FLR	       0x80 /* in its upper byte */
#define DEVSTA_ERROR(severity) (1u << (severity))

#define AER_UNCOR_STATUS (PCICONF_AER + 0x04)
#define AER_UNCOR_MASK	 (PCICONF_AER + 0x08)
#define AER_COR_STATUS	 (PCICONF_AER + 0x10)
#define AER_COR_MASK	 (PCICONF_AER + 0x14)
#define AER_CONTROL	 (PCICONF_AER + 0x18)
#define AER_HEADER	 (PCICONF_AER + 0x1c)
#define AER_UNCOR_BITS	 0x07fff030u
#define AER_COR_BITS	 0x0000f1c1u

#define PAGE 4096u

static uint64_t pciconf_page_align(uint64_t value)
{
	return (value + PAGE - 1) & ~(uint64_t)(PAGE - 1);
}

void pciconf_layout(const struct emu_pci_info *info, struct pciconf_bar *bar)
{
	uint64_t end;

	bar->table = pciconf_page_align(info->bar_size);
	bar->pba = bar->table + pciconf_page_align(info->msix_vectors * 16u);
	end = bar->pba + (info->msix_vectors + 63u) / 64 * 8;
	for (bar->size = PAGE; bar->size < end; bar->size *= 2)
		;
}

static void pciconf_define16(struct pciconf *conf, unsigned int offset, uint16_t value, uint16_t writable)
{
	pciconf_set16(conf->initial, offset, value);
	pciconf_set16(conf->writable, offset, writable);
}

static void pciconf_define32(struct pciconf *conf, unsigned int offset, uint32_t value, uint32_t writable)
{
	pciconf_set32(conf->initial, offset, value);
	pciconf_set32(conf->writable, offset, writable);
}

static void pciconf_define_bar(struct pciconf *conf, unsigned int bar, uint32_t flags, uint64_t size)
{
	unsigned int offset = PCICONF_BAR0 + 4 * bar;

	pciconf_define32(conf, offset, flags, (uint32_t)~(size - 1));
	pciconf_define32(conf, offset + 4, 0, (uint32_t)(~(size - 1) >> 32));
	memset(conf->sticky + offset, 0xff, 8); /* QEMU keeps its own and never writes them again */
}

static void pciconf_define_header(struct pciconf *conf, const struct emu_pci_info *info, const struct pciconf_bar *bar)
{
	pciconf_define16(conf, 0x00, info->vendor, 0);
	pciconf_define16(conf, 0x02, info->device, 0);
	pciconf_define16(conf, PCICONF_COMMAND, 0, 0x0546);
	pciconf_define16(conf, PCICONF_STATUS, STATUS_CAP_LIST, 0);
	pciconf_set16(conf->clearable, PCICONF_STATUS, 0xf900);
	pciconf_define32(conf, 0x08, info->revision | info->class_code << 8, 0);
	conf->writable[0x0c] = 0xff; /* cache line size: a scratch register in PCI Express */
	pciconf_define_bar(conf, 0, 0x4, bar->size);
	if (info->cmb_size)
		pciconf_define_bar(conf, 2, 0xc, info->cmb_size);
	pciconf_define16(conf, 0x2c, info->subsystem_vendor, 0);
	pciconf_define16(conf, 0x2e, info->subsystem, 0);
	conf->initial[0x34] = PCICONF_PM;
	conf->writable[0x3c] = 0xff;
	conf->initial[0x3d] = 1; /* INTA */
}

static void pciconf_define_caps(struct pciconf *conf, const struct emu_pci_info *info, const struct pciconf_bar *bar)
{
	uint8_t next = conf->has_msix ? PCICONF_MSIX : 0;
	unsigned int msi_log = 0;

	/* D1, D2 and PME are not there; D3hot to D0 is no reset */
	pciconf_define16(conf, PCICONF_PM, CAP_PM | (conf->has_msi ? PCICONF_MSI : PCICONF_EXP) << 8, 0);
	pciconf_define16(conf, PCICONF_PM + 2, 0x0003, 0);
	pciconf_define16(conf, PM_CONTROL, 0x0008, 0x0003);

	if (conf->has_msi) {
		while (2u << msi_log <= info->msi_vectors)
			msi_log++;
		pciconf_define16(conf, PCICONF_MSI, CAP_MSI | PCICONF_EXP << 8, 0);
		pciconf_define16(conf, PCICONF_MSI_CONTROL, (uint16_t)(MSI_64 | MSI_MASKS | msi_log << 1), 0x0071);
		pciconf_define32(conf, PCICONF_MSI_ADDRESS, 0, ~3u);
		pciconf_define32(conf, PCICONF_MSI_ADDRESS + 4, 0, ~0u);
		pciconf_define16(conf, PCICONF_MSI_DATA, 0, 0xffff);
		pciconf_define32(conf, PCICONF_MSI_MASK, 0, (uint32_t)((2ull << ((1u << msi_log) - 1)) - 1));
	}
	if (conf->has_msix) {
		pciconf_define16(conf, PCICONF_MSIX, CAP_MSIX, 0);
		pciconf_define16(conf, PCICONF_MSIX_CONTROL, info->msix_vectors - 1u, MSIX_ENABLE | MSIX_MASK_ALL);
		pciconf_define32(conf, PCICONF_MSIX + 4, (uint32_t)bar->table, 0);
		pciconf_define32(conf, PCICONF_MSIX + 8, (uint32_t)bar->pba, 0);
	}

	pciconf_define16(conf, PCICONF_EXP, (uint16_t)(CAP_EXP | next << 8), 0);
	pciconf_define16(conf, PCICONF_EXP + 0x02, 0x0002, 0);	   /* version 2, endpoint */
	pciconf_define32(conf, PCICONF_EXP + 0x04, 0x10008021, 0); /* FLR, role based errors, tags of 8 bits, payload 256 */
	pciconf_define16(conf, EXP_DEVCTL, 0x2810, 0x7fff);
	pciconf_set16(conf->clearable, EXP_DEVSTA, 0x000f);
	pciconf_define32(conf, PCICONF_EXP + 0x0c, 1u << 22 | (uint32_t)info->link_width << 4 | info->link_speed, 0);
	pciconf_define16(conf, PCICONF_EXP + 0x10, 0, 0x02cb);
	pciconf_define16(conf, PCICONF_EXP + 0x12, (uint16_t)(0x1000 | info->link_width << 4 | info->link_speed), 0);
	pciconf_define32(conf, PCICONF_EXP + 0x24, 0x0000001f, 0); /* completion time-outs of all ranges */
	pciconf_define16(conf, PCICONF_EXP + 0x28, 0, 0x001f);
	pciconf_define32(conf, PCICONF_EXP + 0x2c, ((1u << info->link_speed) - 1) << 1, 0);
	pciconf_define16(conf, PCICONF_EXP + 0x30, info->link_speed, 0x000f);
	conf->sticky[PCICONF_EXP + 0x30] = 0x0f;
	pciconf_define16(conf, PCICONF_EXP + 0x32, info->link_speed >= 3 ? 0x001e : 0, 0);
}

static void pciconf_define_extended(struct pciconf *conf, const struct emu_pci_info *info)
{
	pciconf_define32(conf, PCICONF_AER, 0x00020001u | PCICONF_DSN << 20, 0);
	pciconf_set32(conf->clearable, AER_UNCOR_STATUS, AER_UNCOR_BITS);
	pciconf_define32(conf, AER_UNCOR_MASK, 0x00400000, AER_UNCOR_BITS);
	pciconf_define32(conf, PCICONF_AER + 0x0c, 0x00462030, AER_UNCOR_BITS);
	pciconf_set32(conf->clearable, AER_COR_STATUS, AER_COR_BITS);
	pciconf_define32(conf, AER_COR_MASK, 0x0000e000, AER_COR_BITS);
	memset(conf->sticky + AER_UNCOR_STATUS, 0xff, PCICONF_AER + 0x48 - AER_UNCOR_STATUS);

	pciconf_define32(conf, PCICONF_DSN, 0x00010003, 0);
	pciconf_define32(conf, PCICONF_DSN + 4, (uint32_t)info->serial, 0);
	pciconf_define32(conf, PCICONF_DSN + 8, (uint32_t)(info->serial >> 32), 0);
}

void pciconf_init(struct pciconf *conf, const struct emu_pci_info *info)
{
	struct pciconf_bar bar;

	memset(conf, 0, sizeof(*conf));
	pciconf_layout(info, &bar);
	conf->has_msi = info->msi_vectors;
	conf->has_msix = info->msix_vectors;
	conf->hidden = true;
	pciconf_define_header(conf, info, &bar);
	pciconf_define_caps(conf, info, &bar);
	pciconf_define_extended(conf, info);
	memcpy(conf->bytes, conf->initial, sizeof(conf->bytes));
}

void pciconf_reset(struct pciconf *conf, enum emu_reset kind)
{
	for (unsigned int i = 0; i < PCICONF_SIZE; i++) {
		uint8_t keep = kind == EMU_RESET_POWER || kind == EMU_RESET_DISCONNECT ? 0 : conf->sticky[i];

		conf->bytes[i] = (conf->bytes[i] & keep) | (conf->initial[i] & ~keep);
	}
}

void pciconf_hide(struct pciconf *conf, bool hidden)
{
	conf->hidden = hidden;
}

void pciconf_read(const struct pciconf *conf, uint64_t offset, void *buf, size_t len)
{
	static const uint8_t ids[] = { PCICONF_MSI, PCICONF_MSIX };
	uint8_t *out = buf;

	memset(out, 0, len);
	if (offset >= PCICONF_SIZE)
		return;
	if (len > PCICONF_SIZE - offset)
		len = PCICONF_SIZE - offset;
	memcpy(out, conf->bytes + offset, len);
	for (unsigned int i = 0; conf->hidden && i < sizeof(ids); i++)
		if (conf->bytes[ids[i]] && ids[i] >= offset && ids[i] - offset < len)
			out[ids[i] - offset] = CAP_HIDDEN;
}

/* What of the interrupt set-up a write may change, in one number */
static uint64_t pciconf_interrupts(const struct pciconf *conf)
{
	return (uint64_t)pciconf_get32(conf, PCICONF_MSI_MASK) << 32 | (pciconf_get16(conf, PCICONF_MSI_CONTROL) & 0x71u) << 16 |
	       (pciconf_get16(conf, PCICONF_MSIX_CONTROL) & (MSIX_ENABLE | MSIX_MASK_ALL)) | pciconf_pin_disabled(conf);
}

unsigned int pciconf_write(struct pciconf *conf, uint64_t offset, const void *buf, size_t len)
{
	const uint8_t *in = buf;
	bool master = pciconf_bus_master(conf);
	unsigned int power = pciconf_power(conf), effects = 0;
	uint64_t interrupts = pciconf_interrupts(conf);

	if (offset >= PCICONF_SIZE)
		return 0;
	if (len > PCICONF_SIZE - offset)
		len = PCICONF_SIZE - offset;
	for (size_t i = 0; i < len; i++) {
		size_t at = offset + i;
		uint8_t mask = conf->writable[at];

		conf->bytes[at] = (conf->bytes[at] & ~mask) | (in[i] & mask);
		conf->bytes[at] &= ~(in[i] & conf->clearable[at]);
		if (at == EXP_DEVCTL + 1 && in[i] & DEVCTL_FLR)
			effects |= PCICONF_FLR;
	}
	/* the first error is history once its status is cleared */
	if (!pciconf_get32(conf, AER_UNCOR_STATUS))
		conf->bytes[AER_CONTROL] &= 0xe0;
	/* a state that is not there leaves the present one */
	if (pciconf_power(conf) == 1 || pciconf_power(conf) == 2)
		conf->bytes[PM_CONTROL] = (uint8_t)((conf->bytes[PM_CONTROL] & ~3u) | power);
	if (master != pciconf_bus_master(conf))
		effects |= PCICONF_BUS_MASTER;
	if (power != pciconf_power(conf))
		effects |= PCICONF_POWER;
	if (interrupts != pciconf_interrupts(conf))
		effects |= PCICONF_INTERRUPTS;
	return effects;
}

bool pciconf_bus_master(const struct pciconf *conf)
{
	return pciconf_get16(conf, PCICONF_COMMAND) & COMMAND_BUS_MASTER;
}

bool pciconf_pin_disabled(const struct pciconf *conf)
{
	return pciconf_get16(conf, PCICONF_COMMAND) & COMMAND_PIN_DISABLE;
}

unsigned int pciconf_power(const struct pciconf *conf)
{
	return conf->bytes[PM_CONTROL] & 3;
}

bool pciconf_msi(const struct pciconf *conf)
{
	return conf->has_msi && pciconf_get16(conf, PCICONF_MSI_CONTROL) & MSI_ENABLE;
}

bool pciconf_msix(const struct pciconf *conf)
{
	return conf->has_msix && pciconf_get16(conf, PCICONF_MSIX_CONTROL) & MSIX_ENABLE;
}

/* More than there are can be asked for; reserved values count as the most. */
unsigned int pciconf_msi_vectors(const struct pciconf *conf)
{
	unsigned int control = pciconf_get16(conf, PCICONF_MSI_CONTROL), most = control >> 1 & 7, asked = control >> 4 & 7;

	return 1u << (asked < most ? asked : most);
}

void pciconf_set_pin(struct pciconf *conf, bool asserted)
{
	if (asserted)
		conf->bytes[PCICONF_STATUS] |= STATUS_PIN;
	else
		conf->bytes[PCICONF_STATUS] &= (uint8_t)~STATUS_PIN;
}

void pciconf_link_error(struct pciconf *conf, unsigned int severity, uint32_t status)
{
	uint32_t old = pciconf_get32(conf, AER_UNCOR_STATUS);

	conf->bytes[EXP_DEVSTA] |= DEVSTA_ERROR(severity);
	if (!severity) {
		pciconf_set32(conf->bytes, AER_COR_STATUS, pciconf_get32(conf, AER_COR_STATUS) | (status & AER_COR_BITS));
		return;
	}
	status &= AER_UNCOR_BITS;
	pciconf_set32(conf->bytes, AER_UNCOR_STATUS, old | status);
	/* the log belongs to the first error: one packet, a read of a dword at the start of BAR 0 */
	if (!old && status & ~pciconf_get32(conf, AER_UNCOR_MASK)) {
		uint32_t first = status & ~pciconf_get32(conf, AER_UNCOR_MASK);

		conf->bytes[AER_CONTROL] = (uint8_t)((conf->bytes[AER_CONTROL] & 0xe0) | __builtin_ctz(first));
		pciconf_set32(conf->bytes, AER_HEADER, 0x00000001);
		pciconf_set32(conf->bytes, AER_HEADER + 4, 0x0000000f);
		pciconf_set32(conf->bytes, AER_HEADER + 8, pciconf_get32(conf, PCICONF_BAR0) & ~0xfu);
		pciconf_set32(conf->bytes, AER_HEADER + 12, 0);
	}
}
