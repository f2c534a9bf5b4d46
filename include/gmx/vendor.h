/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Gigamax adds to NVMe 1.4. docs/design/host-interface.md explains every field; the section numbers here are its.
 * Everything on the wire is little endian; what is reserved is zero when written and ignored when read.
 */
#ifndef GMX_VENDOR_H
#define GMX_VENDOR_H

#include <linux/types.h>

#ifndef __KERNEL__
#include <assert.h>
#endif

/* PCI identity (section 1) */
#define GMX_PCI_VENDOR		0x474d		/* provisional: not assigned by the PCI-SIG */
#define GMX_PCI_G1		0x0100
#define GMX_PCI_G2		0x0200
#define GMX_PCI_G3		0x0300
#define GMX_PCI_G3_VF		0x0310

#endif
