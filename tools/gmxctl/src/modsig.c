// SPDX-License-Identifier: GPL-2.0-or-later
/* The signature of the module's file by modinfo, which knows all that modules are compressed with. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/x509v3.h>

#include "efi.h"
#include "modsig.h"
#include "sys.h"

/* gmx.ko, gmx.ko.xz, ...: its path below the folder of the release, from modules.dep */
static void find_file(struct modsig *sig)
{
	char path[300], *line = NULL;
	size_t room = 0;
	FILE *f;

	sys_path(path, sizeof(path), "/lib/modules/%s/modules.dep", sig->release);
	f = fopen(path, "re");
	while (f && !sig->path[0] && getline(&line, &room, f) > 0) {
		char *name;

		line[strcspn(line, ":")] = 0;
		name = strrchr(line, '/');
		name = name ? name + 1 : line;
		if (strncmp(name, "gmx.ko", 6) || (name[6] && name[6] != '.'))
			continue;
		if (sys_path(sig->path, sizeof(sig->path), "/lib/modules/%s/%s", sig->release, line))
			sig->path[0] = 0;
	}
	free(line);
	if (f)
		fclose(f);
}

/* Values of modinfo, cleaned: they go into messages */
static void take(char *out, size_t room, const char *line, const char *key)
{
	size_t len = strlen(key), n = 0;

	if (strncmp(line, key, len))
		return;
	line += len + strspn(line + len, " \t");
	for (; *line && *line != '\n' && n + 1 < room; line++)
		out[n++] = isprint((unsigned char)*line) ? *line : '?';
	out[n] = 0;
}

static void read_signature(struct modsig *sig)
{
	char *line = NULL, id[64] = "";
	size_t room = 0;
	pid_t pid;
	FILE *f = run_open("/usr/sbin/modinfo", sig->path, &pid);

	if (!f)
		f = run_open("/sbin/modinfo", sig->path, &pid);
	if (!f)
		return;
	while (getline(&line, &room, f) > 0) {
		take(id, sizeof(id), line, "sig_id:");
		take(sig->signer, sizeof(sig->signer), line, "signer:");
		take(sig->key, sizeof(sig->key), line, "sig_key:");
	}
	free(line);
	sig->read = run_close(f, pid);
	sig->is_signed = sig->signer[0] || sig->key[0] || id[0];
	if (!sig->signer[0])
		snprintf(sig->signer, sizeof(sig->signer), "unknown");
}

bool modsig_read(struct modsig *sig)
{
	memset(sig, 0, sizeof(*sig));
	if (!sys_read(sig->release, sizeof(sig->release), "/proc/sys/kernel/osrelease") || strchr(sig->release, '/'))
		return false;
	find_file(sig);
	if (sig->path[0])
		read_signature(sig);
	return true;
}

/* Digits alone, lower case, without zeroes at the beginning */
static void normal(const char *hex, char *out, size_t room)
{
	size_t n = 0;

	for (; *hex && n + 1 < room; hex++)
		if (isxdigit((unsigned char)*hex) && (n || *hex != '0'))
			out[n++] = (char)tolower((unsigned char)*hex);
	out[n] = 0;
}

static void hex_of(const unsigned char *data, int len, char *out, size_t room)
{
	out[0] = 0;
	for (int i = 0; i < len && 2 * (size_t)i + 3 <= room; i++)
		snprintf(out + 2 * i, 3, "%02x", data[i]);
}

static bool is_signer(X509 *cert, const void *arg)
{
	const struct modsig *sig = arg;
	const ASN1_INTEGER *serial = X509_get0_serialNumber(cert);
	char own[160], wanted[160], theirs[160];

	hex_of(ASN1_STRING_get0_data(serial), ASN1_STRING_length(serial), own, sizeof(own));
	normal(own, theirs, sizeof(theirs));
	normal(sig->key, wanted, sizeof(wanted));
	return wanted[0] && !strcmp(wanted, theirs);
}

/* The certificates that DKMS and Ubuntu's shim-signed make */
static X509 *find_certificate(const struct modsig *sig, char *file, unsigned int room)
{
	static const char *const files[] = { "/var/lib/dkms/mok.pub", "/var/lib/shim-signed/mok/MOK.der" };

	for (unsigned int i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char path[300];
		X509 *cert;
		FILE *f;

		sys_path(path, sizeof(path), "%s", files[i]);
		f = fopen(path, "re");
		if (!f)
			continue;
		cert = d2i_X509_fp(f, NULL);
		fclose(f);
		if (cert && is_signer(cert, sig)) {
			snprintf(file, room, "%s", files[i]);
			return cert;
		}
		X509_free(cert);
	}
	return NULL;
}

/* The kernel's name of a key: subject, and its identifier or else the serial number */
static void kernel_name(X509 *cert, char *out, size_t room)
{
	const ASN1_OCTET_STRING *id = X509_get0_subject_key_id(cert);

	if (!id)
		id = X509_get0_serialNumber(cert);
	hex_of(ASN1_STRING_get0_data(id), ASN1_STRING_length(id), out, room);
}

/* By the certificate where there is one, else by the signer's name. @any: the caller sees keys of the kernel at all */
static bool on_key_ring(X509 *cert, const struct modsig *sig, bool *any)
{
	char path[300], id[160] = "", *line = NULL;
	size_t room = 0, len = strlen(sig->signer);
	bool found = false;
	FILE *f;

	*any = false;
	if (cert)
		kernel_name(cert, id, sizeof(id));
	sys_path(path, sizeof(path), "/proc/keys");
	f = fopen(path, "re");
	while (f && getline(&line, &room, f) > 0) {
		const char *name = strstr(line, " asymmetri ");

		if (!name)
			continue;
		*any = true;
		name += strlen(" asymmetri ");
		if (id[0] ? strstr(name, id) != NULL : len && !strncmp(name, sig->signer, len) && name[len] == ':')
			found = true;
	}
	free(line);
	if (f)
		fclose(f);
	return found;
}

enum modsig_place modsig_find(const struct modsig *sig, char *file, unsigned int room)
{
	bool owner, pending, keys, kernel;
	X509 *mok, *asked, *cert;
	enum modsig_place place;

	file[0] = 0;
	mok = efi_find(EFI_MOK, is_signer, sig, &owner);
	asked = efi_find(EFI_MOK_NEW, is_signer, sig, &pending);
	cert = find_certificate(sig, file, room);
	kernel = on_key_ring(mok ? mok : cert, sig, &keys);
	if (kernel)
		place = MODSIG_KERNEL;
	else if (mok)
		place = MODSIG_OWNER;
	else if (asked)
		place = MODSIG_PENDING;
	else
		/* a key that was made on this machine is in no kernel by itself */
		place = sig->key[0] && (keys || (owner && cert)) ? MODSIG_NOWHERE : MODSIG_UNKNOWN;
	X509_free(mok);
	X509_free(asked);
	X509_free(cert);
	return place;
}
