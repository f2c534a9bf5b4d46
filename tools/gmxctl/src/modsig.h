/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module's file for the kernel that runs, who signed it, and whether that key is known. */
#ifndef GMXCTL_MODSIG_H
#define GMXCTL_MODSIG_H

#include <stdbool.h>

struct modsig {
	char release[80]; /* of the kernel */
	char path[300];	  /* of the module's file; empty: there is none */
	bool read;	  /* what follows is known */
	bool is_signed;
	char signer[128]; /* who made the signature */
	char key[160];	  /* serial number of the signer's certificate, hexadecimal; empty: not told */
};

enum modsig_place {
	MODSIG_NOWHERE,
	MODSIG_UNKNOWN, /* the caller may not look, or there is no telling */
	MODSIG_PENDING, /* the machine's owner is asked at the next start */
	MODSIG_OWNER,	/* enrolled by the machine's owner (MOK) */
	MODSIG_KERNEL,	/* on a key ring of the kernel */
};

/* false: not even the kernel's release is known */
bool modsig_read(struct modsig *sig);
/* @file: where the certificate lies that could be enrolled; empty: not found */
enum modsig_place modsig_find(const struct modsig *sig, char *file, unsigned int room);

#endif
