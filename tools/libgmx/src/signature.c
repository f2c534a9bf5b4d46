// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Signatures in minisign's format.
 *
 *	key		untrusted comment: TEXT
 *			base64 of "Ed", key number (8 bytes), public key (32)
 *	signature	untrusted comment: TEXT
 *			base64 of "ED" (of the BLAKE2b-512 of the file) or "Ed" (of the file), key number, signature (64)
 *			trusted comment: TEXT
 *			base64 of the signature (64) of signature and trusted comment
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include <libgmx/firmware.h>

#include "wire.h"

#define UNTRUSTED   "untrusted comment: "
#define TRUSTED	    "trusted comment: "
#define KEY_BYTES   42
#define SIG_BYTES   74
#define SIGNATURE   64
#define HASH_BYTES  64
#define MAX_COMMENT 255

struct text {
	const char *at;
	const char *end;
};

/* The next line without its end; a line too long to be one counts as none */
static bool line_of(struct text *t, const char **line, size_t *len)
{
	const char *end;

	if (t->at >= t->end)
		return false;
	end = memchr(t->at, '\n', (size_t)(t->end - t->at));
	if (!end)
		end = t->end;
	*line = t->at;
	*len = (size_t)(end - t->at);
	t->at = end < t->end ? end + 1 : end;
	if (*len && (*line)[*len - 1] == '\r')
		--*len;
	return *len <= 1024;
}

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* A line that is base64 of exactly @want bytes, padding included */
static bool base64_line(struct text *t, uint8_t *out, size_t want)
{
	size_t len, full = (want + 2) / 3 * 4, n = 0;
	const char *line;
	uint32_t bits = 0;

	if (!line_of(t, &line, &len) || len != full)
		return false;
	for (size_t i = 0; i < full; i++) {
		int d = base64_digit(line[i]);

		if (d < 0 && !(line[i] == '=' && i >= (want * 8 + 5) / 6))
			return false;
		bits = bits << 6 | (uint32_t)(d < 0 ? 0 : d);
		if (i % 4 == 3) {
			for (int s = 16; s >= 0 && n < want; s -= 8)
				out[n++] = (uint8_t)(bits >> s);
			bits = 0;
		}
	}
	return n == want;
}

static void base64_put(const uint8_t *data, size_t len, char *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		uint32_t v = (uint32_t)data[i] << 16 | (i + 1 < len ? (uint32_t)data[i + 1] << 8 : 0) |
			     (i + 2 < len ? data[i + 2] : 0);

		*out++ = digits[v >> 18];
		*out++ = digits[v >> 12 & 63];
		*out++ = i + 1 < len ? digits[v >> 6 & 63] : '=';
		*out++ = i + 2 < len ? digits[v & 63] : '=';
	}
	*out = 0;
}

static bool comment_line(struct text *t, const char *begin, const char **comment, size_t *comment_len)
{
	const char *line;
	size_t len;

	if (!line_of(t, &line, &len) || len < strlen(begin) || strncmp(line, begin, strlen(begin)))
		return false;
	*comment = line + strlen(begin);
	*comment_len = len - strlen(begin);
	return *comment_len <= MAX_COMMENT;
}

static int verify(const uint8_t key[32], const uint8_t sig[SIGNATURE], const void *data, size_t len)
{
	EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, 32);
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	int rc = -ENOMEM;

	if (md && !pkey)
		rc = -EBADMSG;
	else if (md && EVP_DigestVerifyInit(md, NULL, NULL, NULL, pkey) == 1)
		rc = EVP_DigestVerify(md, sig, SIGNATURE, data, len) == 1 ? 0 : -EKEYREJECTED;
	EVP_MD_CTX_free(md);
	EVP_PKEY_free(pkey);
	return rc;
}

int libgmx_sig_verify(const char *key, size_t key_len, const char *sig, size_t sig_len, const void *data, size_t len,
		      char comment[256])
{
	struct text k = { key, key + key_len }, s = { sig, sig + sig_len };
	uint8_t pub[KEY_BYTES], main_sig[SIG_BYTES], global[SIGNATURE], hash[HASH_BYTES], signed_text[SIGNATURE + MAX_COMMENT];
	const char *text;
	size_t text_len;
	struct wire w;
	int rc;

	if (comment)
		comment[0] = 0;
	/* a key may come as its line alone, as minisign -P takes it */
	if (key_len >= strlen(UNTRUSTED) && !strncmp(key, UNTRUSTED, strlen(UNTRUSTED)) &&
	    !comment_line(&k, UNTRUSTED, &text, &text_len))
		return -EBADMSG;
	if (!base64_line(&k, pub, KEY_BYTES) || memcmp(pub, "Ed", 2))
		return -EBADMSG;
	if (!comment_line(&s, UNTRUSTED, &text, &text_len) || !base64_line(&s, main_sig, SIG_BYTES) ||
	    !comment_line(&s, TRUSTED, &text, &text_len) || !base64_line(&s, global, SIGNATURE) || main_sig[0] != 'E' ||
	    (main_sig[1] != 'D' && main_sig[1] != 'd'))
		return -EBADMSG;
	if (memcmp(main_sig + 2, pub + 2, 8))
		return -ENOKEY;
	if (main_sig[1] == 'D') {
		if (!EVP_Digest(data, len, hash, NULL, EVP_blake2b512(), NULL))
			return -ENOMEM;
		data = hash;
		len = sizeof(hash);
	}
	rc = verify(pub + 10, main_sig + 10, data, len);
	if (rc)
		return rc;
	memcpy(signed_text, main_sig + 10, SIGNATURE);
	memcpy(signed_text + SIGNATURE, text, text_len);
	rc = verify(pub + 10, global, signed_text, SIGNATURE + text_len);
	if (!rc && comment) {
		w = wire_of(text, text_len);
		wire_text(&w, 0, text_len, comment, 256);
	}
	return rc;
}

/* The number of a key follows from the key, so that nobody has to keep it */
static int public_of(const uint8_t secret[32], EVP_PKEY **pkey, uint8_t pub[KEY_BYTES])
{
	uint8_t hash[HASH_BYTES];
	size_t n = 32;

	*pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, 32);
	if (!*pkey || EVP_PKEY_get_raw_public_key(*pkey, pub + 10, &n) != 1 || n != 32 ||
	    !EVP_Digest(pub + 10, 32, hash, NULL, EVP_blake2b512(), NULL)) {
		EVP_PKEY_free(*pkey);
		*pkey = NULL;
		return -ENOMEM;
	}
	memcpy(pub, "Ed", 2);
	memcpy(pub + 2, hash, 8);
	return 0;
}

int libgmx_sig_public(const uint8_t secret[32], char *out, size_t room)
{
	uint8_t pub[KEY_BYTES];
	char line[KEY_BYTES * 2];
	EVP_PKEY *pkey;
	int rc = public_of(secret, &pkey, pub);

	if (rc)
		return rc;
	EVP_PKEY_free(pkey);
	base64_put(pub, sizeof(pub), line);
	rc = snprintf(out, room, UNTRUSTED "minisign public key\n%s\n", line);
	return rc < 0 || (size_t)rc >= room ? -ENOSPC : 0;
}

static int sign(EVP_PKEY *pkey, const void *data, size_t len, uint8_t sig[SIGNATURE])
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	size_t n = SIGNATURE;
	bool good = md && EVP_DigestSignInit(md, NULL, NULL, NULL, pkey) == 1 && EVP_DigestSign(md, sig, &n, data, len) == 1;

	EVP_MD_CTX_free(md);
	return good && n == SIGNATURE ? 0 : -ENOMEM;
}

int libgmx_sig_make(const uint8_t secret[32], const void *data, size_t len, const char *comment, char *out, size_t room)
{
	uint8_t pub[KEY_BYTES], main_sig[SIG_BYTES], global[SIGNATURE], hash[HASH_BYTES], signed_text[SIGNATURE + MAX_COMMENT];
	char first[SIG_BYTES * 2], second[SIGNATURE * 2];
	size_t comment_len = strlen(comment);
	EVP_PKEY *pkey;
	int rc;

	if (comment_len > MAX_COMMENT || strpbrk(comment, "\r\n"))
		return -EINVAL;
	rc = public_of(secret, &pkey, pub);
	if (rc)
		return rc;
	memcpy(main_sig, "ED", 2);
	memcpy(main_sig + 2, pub + 2, 8);
	rc = EVP_Digest(data, len, hash, NULL, EVP_blake2b512(), NULL) ? sign(pkey, hash, sizeof(hash), main_sig + 10) : -ENOMEM;
	memcpy(signed_text, main_sig + 10, SIGNATURE);
	memcpy(signed_text + SIGNATURE, comment, comment_len);
	if (!rc)
		rc = sign(pkey, signed_text, SIGNATURE + comment_len, global);
	EVP_PKEY_free(pkey);
	if (rc)
		return rc;
	base64_put(main_sig, sizeof(main_sig), first);
	base64_put(global, sizeof(global), second);
	rc = snprintf(out, room, UNTRUSTED "signature of a firmware image\n%s\n" TRUSTED "%s\n%s\n", first, comment, second);
	return rc < 0 || (size_t)rc >= room ? -ENOSPC : 0;
}
