/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the checks of gmxctl doctor share. */
#ifndef GMXCTL_DOCTOR_H
#define GMXCTL_DOCTOR_H

#include "ctl.h"

enum doctor_result { DOCTOR_OK, DOCTOR_NOTE, DOCTOR_WARNING, DOCTOR_FAILED };

/* @id: of docs/operations/messages.md, 0: nothing to do. @name: controller or device, NULL: the machine */
void doctor_say(struct ctl *ctl, const char *check, const char *name, enum doctor_result result, unsigned int id,
		const char *advice, const char *format, ...) __attribute__((format(printf, 7, 8)));

/* Secure Boot, lockdown, and whether the kernel takes the module's signature */
void doctor_boot(struct ctl *ctl);

/* Whether the initramfs of the kernel that runs has the module */
void doctor_initramfs(struct ctl *ctl);

#endif
