/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices and PCI. */
#ifndef GMX_COMPAT_DEVICE_H
#define GMX_COMPAT_DEVICE_H

#include <linux/device.h>
#include <linux/pci.h>

/* Callbacks of a class: fn(GMX_CLASS_CONST struct device *dev, ...). */
#ifdef GMX_HAVE_CLASS_CONST_DEV
#define GMX_CLASS_CONST	const
#else /* remove when minimum >= 6.2 */
#define GMX_CLASS_CONST
#endif

/* A line of struct pci_error_handlers. */
#ifdef GMX_HAVE_AER_COR_ERROR
#define GMX_COR_ERROR(fn)	.cor_error_detected = (fn),
#else /* remove when minimum >= 6.2 */
#define GMX_COR_ERROR(fn)
#endif

/* An image that the controller refuses. */
#ifdef GMX_HAVE_FW_UPLOAD_INVALID
#define FW_UPLOAD_ERR_INVALID_IMAGE	FW_UPLOAD_ERR_FW_INVALID
#else /* remove when minimum >= 6.12 */
#define FW_UPLOAD_ERR_INVALID_IMAGE	FW_UPLOAD_ERR_HW_ERROR
#endif

#ifndef GMX_HAVE_PCI_IRQ_INTX /* remove when minimum >= 6.8 */
#define PCI_IRQ_INTX		PCI_IRQ_LEGACY
#endif

#endif
