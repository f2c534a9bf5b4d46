/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Variables of EFI and shim, as the kernel shows them. */
#ifndef GMXCTL_EFI_H
#define GMXCTL_EFI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/x509.h>

enum efi_boot {
	EFI_NONE,     /* not started by EFI */
	EFI_UNKNOWN,  /* its variables can't be read */
	EFI_INSECURE, /* Secure Boot is off */
	EFI_SHIM_OFF, /* it is on, and shim has been told to check nothing: the kernel takes that for off */
	EFI_SECURE,
};

enum efi_boot efi_boot(void);

/* Certificates of a variable: of the machine's owner, and those that are to become so at the next start */
enum efi_list { EFI_MOK, EFI_MOK_NEW };

/* The first that @match takes, freed by X509_free(), or NULL. @there: the variable can be read */
X509 *efi_find(enum efi_list list, bool (*match)(X509 *cert, const void *arg), const void *arg, bool *there);

#endif
