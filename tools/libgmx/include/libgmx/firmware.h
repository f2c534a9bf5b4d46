/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Firmware images: what is in one, who signed it, and the way onto a controller. An image comes from outside: all of it
 * is checked before a byte of it is used.
 */
#ifndef LIBGMX_FIRMWARE_H
#define LIBGMX_FIRMWARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct libgmx_ctrl;

enum libgmx_activation { LIBGMX_IMMEDIATE, LIBGMX_CONTROLLER_RESET, LIBGMX_CONVENTIONAL_RESET, LIBGMX_SUBSYSTEM_RESET };

struct libgmx_fw_image {
	uint8_t family;
	char revision[12];
	uint32_t version, minimum; /* major << 16 | minor << 8 | patch; minimum 0: any */
	uint32_t bytes;
	enum libgmx_activation activation; /* the least that it needs */
	uint32_t activation_ms;
	bool no_downgrade;
	unsigned int nr_features;
	char feature[8][32];
	uint64_t rsvd[8]; /* 0 */
};

#define LIBGMX_FW_MAX_BYTES (4u << 20)

/*
 * Checks an image and says what it is. -EBADMSG: it is damaged, or none; @why (may be NULL) then points to a text that
 * says what is wrong.
 */
int libgmx_fw_parse(const void *data, size_t len, struct libgmx_fw_image *out, const char **why);

/*
 * Signatures are Ed25519 in minisign's format; a key is the text of a .pub file, a signature that of a .minisig file,
 * with the prehashed (ED) and the older (Ed) algorithm. @comment (may be NULL) gets the trusted comment, printable ASCII.
 *
 * -EKEYREJECTED: the signature does not verify. -ENOKEY: it was made with another key. -EBADMSG: one of the texts is not
 * what it should be.
 */
int libgmx_sig_verify(const char *key, size_t key_len, const char *sig, size_t sig_len, const void *data, size_t len,
		      char comment[256]);

/* For test images: the public key's text and a signature's text, of an Ed25519 secret key of 32 bytes. */
int libgmx_sig_public(const uint8_t secret[32], char *out, size_t room);
int libgmx_sig_make(const uint8_t secret[32], const void *data, size_t len, const char *comment, char *out, size_t room);

/* CRC32C as headers of images have it */
uint32_t libgmx_crc32c(const void *data, size_t len);

/* Called with bytes done and in all; another value than 0 ends the download with -ECANCELED. */
typedef int (*libgmx_progress)(void *arg, uint64_t done, uint64_t total);

/* Downloads an image in parts of @granularity bytes (0: 4096). */
int libgmx_fw_send(struct libgmx_ctrl *ctrl, const void *data, size_t len, uint32_t granularity, libgmx_progress progress,
		   void *arg);

#ifdef __cplusplus
}
#endif

#endif
