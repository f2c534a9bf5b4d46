/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices, their sysfs files, PCI, and the small helpers around them. */
#ifndef GMX_COMPAT_DEVICE_H
#define GMX_COMPAT_DEVICE_H

#include <linux/device.h>
#include <linux/jiffies.h>
#include <linux/pci.h>
#include <linux/sysfs.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#ifdef GMX_HAVE_STRING_CHOICES_H
#include <linux/string_choices.h>
#else /* remove when minimum >= 6.5 */
#include <linux/string_helpers.h>
#endif
#ifdef GMX_HAVE_UNALIGNED_H
#include <linux/unaligned.h>
#else /* remove when minimum >= 6.12 */
#include <asm/unaligned.h>
#endif

/* Callbacks of a class: fn(GMX_CLASS_CONST struct device *dev, ...). */
#ifdef GMX_HAVE_CLASS_CONST_DEV
#define GMX_CLASS_CONST	const
#else /* remove when minimum >= 6.2 */
#define GMX_CLASS_CONST
#endif

#ifndef GMX_HAVE_CLASS_CREATE_NAME /* remove when minimum >= 6.4 */
#undef class_create
#define class_create(name) ({				\
	static struct lock_class_key __key;		\
	__class_create(THIS_MODULE, name, &__key);	\
})
#endif

/* read and write of a binary attribute take a gmx_bin_attr_t *; .bin_attrs is an array of gmx_bin_list_t. */
#ifdef GMX_HAVE_BIN_ATTR_CONST
typedef const struct bin_attribute gmx_bin_attr_t;
#else /* remove when minimum >= 6.17 */
typedef struct bin_attribute gmx_bin_attr_t;
#endif
#ifdef GMX_HAVE_BIN_LIST_CONST
typedef const struct bin_attribute *const gmx_bin_list_t;
#else /* remove when minimum >= 6.17 */
typedef struct bin_attribute *gmx_bin_list_t;
#endif

/* A line of struct pci_error_handlers. */
#ifdef GMX_HAVE_AER_COR_ERROR
#define GMX_COR_ERROR(fn)	.cor_error_detected = (fn),
#else /* remove when minimum >= 6.2 */
#define GMX_COR_ERROR(fn)
#endif

#ifndef GMX_HAVE_PCI_IRQ_INTX /* remove when minimum >= 6.8 */
#define PCI_IRQ_INTX		PCI_IRQ_LEGACY
#endif

#ifndef GMX_HAVE_SUSPEND_RETAINS /* remove when minimum >= 7.2 */
#include <linux/suspend.h>

/* Firmware that takes over may cut the power; without ASPM the link would keep the platform awake, so it is cut. */
static inline bool pci_suspend_retains_context(struct pci_dev *pdev)
{
	return !pm_suspend_via_firmware() && pcie_aspm_enabled(pdev);
}
#endif

#ifndef GMX_HAVE_TIMER_CONTAINER_OF /* remove when minimum >= 6.16 */
#define timer_container_of(var, timer, field)	from_timer(var, timer, field)
#endif

#ifndef GMX_HAVE_WQ_PERCPU /* remove when minimum >= 6.17 */
#define WQ_PERCPU		0
#endif

#ifndef GMX_HAVE_SECS_TO_JIFFIES /* remove when minimum >= 6.13 */
#define secs_to_jiffies(secs)	((unsigned long)(secs) * HZ)
#endif

#ifndef GMX_HAVE_STR_PLURAL /* remove when minimum >= 6.9 */
static inline const char *str_plural(size_t num)
{
	return num == 1 ? "" : "s";
}
#endif

#endif
