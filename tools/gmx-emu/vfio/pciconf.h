/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configuration space of one function: a pure state machine, the effects are its caller's. */
#ifndef VFIO_PCICONF_H
#define VFIO_PCICONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model.h"

#define PCICONF_SIZE 4096u

/* Where the registers are that others ask for */
#define PCICONF_COMMAND 0x04
#define PCICONF_STATUS	0x06
#define PCICONF_BAR0	0x10
#define PCICONF_PM	0x40
#define PCICONF_MSI	0x50
#define PCICONF_EXP	0x70
#define PCICONF_MSIX	0xb0
#define PCICONF_AER	0x100
#define PCICONF_DSN	0x150

#define PCICONF_MSI_CONTROL  (PCICONF_MSI + 0x02)
#define PCICONF_MSI_ADDRESS  (PCICONF_MSI + 0x04)
#define PCICONF_MSI_DATA     (PCICONF_MSI + 0x0c)
#define PCICONF_MSI_MASK     (PCICONF_MSI + 0x10)
#define PCICONF_MSI_PENDING  (PCICONF_MSI + 0x14)
#define PCICONF_MSIX_CONTROL (PCICONF_MSIX + 0x02)

/* What a write has changed or asks for */
#define PCICONF_BUS_MASTER 0x01
#define PCICONF_INTERRUPTS 0x02 /* enabled, disabled, masked or unmasked */
#define PCICONF_POWER	   0x04
#define PCICONF_FLR	   0x08

struct pciconf {
	uint8_t bytes[PCICONF_SIZE];
	uint8_t initial[PCICONF_SIZE];
	uint8_t writable[PCICONF_SIZE];
	uint8_t clearable[PCICONF_SIZE]; /* by writing ones */
	uint8_t sticky[PCICONF_SIZE];	 /* kept through every reset but that of power */
	bool hidden;			 /* message interrupts, see pciconf_hide() */
	bool has_msi, has_msix;
};

/* The layout of BAR 0 behind the model's registers */
struct pciconf_bar {
	uint64_t table, pba, size;
};

void pciconf_layout(const struct emu_pci_info *info, struct pciconf_bar *bar);
void pciconf_init(struct pciconf *conf, const struct emu_pci_info *info);
void pciconf_reset(struct pciconf *conf, enum emu_reset kind);
/*
 * QEMU's vfio-user-pci must not find MSI and MSI-X when it takes the device: it would handle them itself, and abort when
 * the device is unplugged. What the guest reads later comes from here and has them.
 */
void pciconf_hide(struct pciconf *conf, bool hidden);
/* Both take any range; what lies behind the end reads zeroes. */
void pciconf_read(const struct pciconf *conf, uint64_t offset, void *buf, size_t len);
unsigned int pciconf_write(struct pciconf *conf, uint64_t offset, const void *buf, size_t len); /* PCICONF_* bits */

bool pciconf_bus_master(const struct pciconf *conf);
bool pciconf_pin_disabled(const struct pciconf *conf);
unsigned int pciconf_power(const struct pciconf *conf);
bool pciconf_msi(const struct pciconf *conf); /* enabled */
bool pciconf_msix(const struct pciconf *conf);
unsigned int pciconf_msi_vectors(const struct pciconf *conf);
void pciconf_set_pin(struct pciconf *conf, bool asserted); /* Interrupt Status */
void pciconf_link_error(struct pciconf *conf, unsigned int severity, uint32_t status);

static inline uint16_t pciconf_get16(const struct pciconf *conf, unsigned int offset)
{
	return (uint16_t)(conf->bytes[offset] | conf->bytes[offset + 1] << 8);
}

static inline uint32_t pciconf_get32(const struct pciconf *conf, unsigned int offset)
{
	return pciconf_get16(conf, offset) | (uint32_t)pciconf_get16(conf, offset + 2) << 16;
}

static inline void pciconf_set16(uint8_t *bytes, unsigned int offset, uint16_t value)
{
	bytes[offset] = (uint8_t)value;
	bytes[offset + 1] = (uint8_t)(value >> 8);
}

static inline void pciconf_set32(uint8_t *bytes, unsigned int offset, uint32_t value)
{
	pciconf_set16(bytes, offset, (uint16_t)value);
	pciconf_set16(bytes, offset + 2, (uint16_t)(value >> 16));
}

#endif
