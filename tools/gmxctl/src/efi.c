// SPDX-License-Identifier: GPL-2.0-or-later
/* Variables of EFI and shim: a file each, four bytes of attributes before the value. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "efi.h"
#include "sys.h"

#define VARS	    "/sys/firmware/efi/efivars/"
#define GUID_GLOBAL "8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define GUID_SHIM   "605dab50-e046-4300-abb6-3dd810dd8b23"
#define ATTRIBUTES  4u
#define MAX_BYTES   (1u << 20)
#define MAX_PARTS   16

static bool read_whole(const char *path, uint8_t **data, size_t *len)
{
	char full[300];
	size_t n;
	FILE *f;

	*data = NULL;
	*len = 0;
	if (sys_path(full, sizeof(full), "%s", path))
		return false;
	f = fopen(full, "re");
	if (!f)
		return false;
	*data = malloc(MAX_BYTES);
	n = *data ? fread(*data, 1, MAX_BYTES, f) : 0;
	fclose(f);
	*len = n;
	if (n)
		return true;
	free(*data);
	*data = NULL;
	return false;
}

static bool read_variable(const char *name, const char *guid, uint8_t **data, size_t *len)
{
	char path[128];

	snprintf(path, sizeof(path), VARS "%s-%s", name, guid);
	if (!read_whole(path, data, len))
		return false;
	if (*len < ATTRIBUTES) {
		free(*data);
		return false;
	}
	*len -= ATTRIBUTES;
	memmove(*data, *data + ATTRIBUTES, *len);
	return true;
}

/* A variable of one byte; -1: it can't be read */
static int read_byte(const char *name, const char *guid)
{
	uint8_t *data;
	size_t len;
	int value;

	if (!read_variable(name, guid, &data, &len))
		return -1;
	value = len ? data[0] : -1;
	free(data);
	return value;
}

enum efi_boot efi_boot(void)
{
	int secure;

	if (!sys_exists("/sys/firmware/efi"))
		return EFI_NONE;
	secure = read_byte("SecureBoot", GUID_GLOBAL);
	if (secure < 0)
		return EFI_UNKNOWN;
	if (secure != 1)
		return EFI_INSECURE;
	return read_byte("MokSBStateRT", GUID_SHIM) == 1 ? EFI_SHIM_OFF : EFI_SECURE;
}

static uint32_t le32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* EFI_CERT_X509_GUID */
static const uint8_t x509_guid[16] = { 0xa1, 0x59, 0xc0, 0xa5, 0xe4, 0x94, 0xa7, 0x4a,
				       0x87, 0xb5, 0xab, 0x15, 0x5c, 0x2b, 0xf0, 0x72 };

#define LIST_HEAD 28u /* type, and the sizes of the list, its header and an entry */
#define OWNER	  16u /* begins an entry */

/* Signature lists, one after the other; what contradicts itself ends them */
static X509 *find_in(const uint8_t *data, size_t len, bool (*match)(X509 *cert, const void *arg), const void *arg)
{
	while (len >= LIST_HEAD) {
		uint32_t list = le32(data + 16), head = le32(data + 20), entry = le32(data + 24);

		if (list < LIST_HEAD || list > len || head > list - LIST_HEAD || entry <= OWNER)
			return NULL;
		for (size_t at = LIST_HEAD + (size_t)head; !memcmp(data, x509_guid, sizeof(x509_guid)) && at + entry <= list;
		     at += entry) {
			const unsigned char *der = data + at + OWNER;
			X509 *cert = d2i_X509(NULL, &der, (long)(entry - OWNER));

			if (cert && match(cert, arg))
				return cert;
			X509_free(cert);
		}
		data += list;
		len -= list;
	}
	return NULL;
}

X509 *efi_find(enum efi_list list, bool (*match)(X509 *cert, const void *arg), const void *arg, bool *there)
{
	const char *name = list == EFI_MOK ? "MokListRT" : "MokNew";
	X509 *found = NULL;
	uint8_t *data;
	size_t len;

	*there = false;
	/* the whole list in one piece, without attributes, where the kernel and shim are new enough; for root alone */
	if (list == EFI_MOK && read_whole("/sys/firmware/efi/mok-variables/MokListRT", &data, &len)) {
		*there = true;
		found = find_in(data, len, match, arg);
		free(data);
		return found;
	}
	/* else in parts where it is too long for a variable: MokListRT, MokListRT1, ... */
	for (unsigned int i = 0; i < MAX_PARTS && !found; i++) {
		char part[32];

		snprintf(part, sizeof(part), i ? "%s%u" : "%s", name, i);
		if (!read_variable(part, GUID_SHIM, &data, &len))
			break;
		*there = true;
		found = find_in(data, len, match, arg);
		free(data);
	}
	return found;
}
