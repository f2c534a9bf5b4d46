// SPDX-License-Identifier: GPL-2.0-or-later
/* Firmware images and signatures, which come from outside: the manifest gets past the checksums, as an attacker would. */
#include <libgmx/firmware.h>

#include "input.h"

#define HEADER 64u
#define BYTES  8192u

static void put32(uint8_t *p, uint32_t v)
{
	for (unsigned int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static void check_image(const uint8_t *image, size_t len)
{
	struct libgmx_fw_image i;
	const char *why = NULL;
	int rc = libgmx_fw_parse(image, len, &i, &why);

	must(!rc == !why, "a verdict without a reason");
	if (rc)
		return;
	must(i.bytes == len && i.nr_features <= 8 && i.activation <= LIBGMX_SUBSYSTEM_RESET && strlen(i.revision) <= 8,
	     "an image");
	for (unsigned int n = 0; n < i.nr_features; n++)
		must(strlen(i.feature[n]) < sizeof(i.feature[n]), "a feature");
}

/* A header as it should be, a manifest that is not */
static void manifest(const uint8_t *data, size_t size)
{
	uint8_t *image = calloc(1, BYTES);

	if (!image)
		return;
	memcpy(image, "GMXFWIMG", 8);
	image[8] = HEADER;
	image[10] = 1;
	image[12] = 3;
	memcpy(image + 16, "REVISION", 8);
	put32(image + 32, BYTES);
	put32(image + 36, (uint32_t)size);
	memcpy(image + HEADER, data, size);
	put32(image + 40, libgmx_crc32c(image + HEADER, BYTES - HEADER));
	put32(image + 60, libgmx_crc32c(image, 60));
	check_image(image, BYTES);
	free(image);
}

static void signature(const uint8_t *data, size_t size)
{
	static const uint8_t secret[32] = { 7 };
	char key[256], comment[256], *copy;
	size_t split = size ? data[0] : 0;

	if (libgmx_sig_public(secret, key, sizeof(key)))
		return;
	/* of its own size: the texts have no end */
	copy = malloc(size ? size : 1);
	if (!copy)
		return;
	memcpy(copy, data, size);
	must(libgmx_sig_verify(key, strlen(key), copy, size, "x", 1, comment), "a signature that nobody made");
	must(strlen(comment) < sizeof(comment), "comment");
	if (split < size)
		must(libgmx_sig_verify(copy, split, copy + split, size - split, "x", 1, comment),
		     "a key and a signature that nobody made");
	free(copy);
}

/* What is signed verifies, and not with a bit changed */
static void sign(const uint8_t *data, size_t size)
{
	static const uint8_t secret[32] = { 9 };
	char key[256], sig[1024], comment[256], wanted[32];
	size_t n = size < sizeof(wanted) - 1 ? size : sizeof(wanted) - 1;
	uint8_t *message = malloc(size + 1);

	if (!message)
		return;
	memcpy(message, data, size);
	memcpy(wanted, data, n);
	wanted[n] = 0;
	if (!libgmx_sig_public(secret, key, sizeof(key)) && !libgmx_sig_make(secret, message, size, wanted, sig, sizeof(sig))) {
		must(!libgmx_sig_verify(key, strlen(key), sig, strlen(sig), message, size, comment), "a signature of ours");
		message[size] = 0;
		message[size / 2] ^= 1;
		must(libgmx_sig_verify(key, strlen(key), sig, strlen(sig), message, size + !size, comment),
		     "a signature of something else");
	}
	free(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	switch (data[0] % 4) {
	case 0: manifest(data + 1, size - 1); break;
	case 1: signature(data + 1, size - 1); break;
	case 2: check_image(data + 1, size - 1); break;
	default: sign(data + 1, size - 1); break;
	}
	return 0;
}
