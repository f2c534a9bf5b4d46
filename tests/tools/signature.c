// SPDX-License-Identifier: GPL-2.0-or-later
/* Signatures: what minisign 0.11 made verifies, what we make verifies, and nothing that was changed does. */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include <libgmx/firmware.h>

#include "tap.h"

static const char key[] = "untrusted comment: minisign public key E7A6856C086F9AE7\n"
			  "RWTnmm8IbIWm5z45Nyw9kgNsywxsSiuDKmAyRnGfTiWkJWHkpuTwWSTO\n";
static const char bare[] = "RWTnmm8IbIWm5z45Nyw9kgNsywxsSiuDKmAyRnGfTiWkJWHkpuTwWSTO";
static const char hashed[] =
	"untrusted comment: c1\n"
	"RUTnmm8IbIWm50IUfYJkw+XwRQjehvRxqxBTtXnLeJuRGZhxvUZWrjyMqBTb7ajJmcfEKG9Nzmzi4cs2U6goip777397gl6Riw4=\n"
	"trusted comment: trusted text\n"
	"HT+iJtprbCP8WA9LhLvEADQW8/0DRu5V1PExpxa/ztmBS57I9Dt1i0j0qCzH7Mz+oRzXg3kPwnrtGd/eKHYmAQ==\n";
static const char legacy[] =
	"untrusted comment: signature from minisign secret key\n"
	"RWTnmm8IbIWm5/vnmygFhMI7DJJSwYtxkoWj0+xqXNRmMAh8FauP7JP8Ojs50uqVVpdqkV9/MVSJ4eUjAX/s897twn0ggqQoQg8=\n"
	"trusted comment: trusted text\n"
	"ABWurtcE0xLZjvYpJLRUYKmDxz5cmzW9LYRmBoYM+vI/arFkJP8kv80hzdPN5nbksHypR09JUyu4bEVFA4lYAw==\n";
static const char message[] = "hello firmware";

static int verify(const char *k, const char *s, const char *m, char comment[256])
{
	return libgmx_sig_verify(k, strlen(k), s, strlen(s), m, strlen(m), comment);
}

int main(void)
{
	uint8_t secret[32] = { 1, 2, 3 }, other[32] = { 4 };
	char comment[256], text[1024], mine[1024], pub[256], pub2[256];
	unsigned int wrong = 0;

	check(!verify(key, hashed, message, comment) && !strcmp(comment, "trusted text"), "ED: '%s'", comment);
	check(!verify(key, legacy, message, comment) && !strcmp(comment, "trusted text"), "Ed: '%s'", comment);
	check(!verify(bare, hashed, message, NULL), "a key that is one line");
	check(verify(key, hashed, "hello Firmware", comment) == -EKEYREJECTED && !comment[0], "another message");
	check(verify(key, legacy, "hello firmware ", comment) == -EKEYREJECTED, "a longer message");
	tap_group("signatures of minisign");

	/* each byte of what is signed or signs; in the untrusted comment nothing matters */
	for (size_t i = strlen("untrusted comment: c1\n"); i < strlen(hashed); i++) {
		strcpy(text, hashed);
		text[i] ^= 1;
		/* the last characters of base64 have bits that say nothing */
		if (!verify(key, text, message, comment) && !strchr("=\n", hashed[i]) && !strchr("=\n", hashed[i + 1]))
			wrong++;
	}
	check(!wrong, "%u changed characters went unnoticed", wrong);
	for (size_t i = 0; i < strlen(hashed) - 1; i++)
		check(libgmx_sig_verify(key, strlen(key), hashed, i, message, strlen(message), comment), "cut to %zu", i);
	for (size_t i = 0; i < strlen(bare); i++)
		check(libgmx_sig_verify(bare, i, hashed, strlen(hashed), message, strlen(message), comment) == -EBADMSG,
		      "key cut to %zu", i);
	tap_group("what was changed or cut");

	check(!libgmx_sig_public(secret, pub, sizeof(pub)) && !libgmx_sig_public(other, pub2, sizeof(pub2)), "public keys");
	check(!libgmx_sig_make(secret, message, strlen(message), "of mine", mine, sizeof(mine)), "sign");
	check(!verify(pub, mine, message, comment) && !strcmp(comment, "of mine"), "own signature: '%s'", comment);
	check(verify(pub2, mine, message, comment) == -ENOKEY, "another key");
	check(verify(key, mine, message, comment) == -ENOKEY, "minisign's key");
	check(libgmx_sig_make(secret, message, 1, "two\nlines", mine, sizeof(mine)) == -EINVAL, "a comment of two lines");
	check(libgmx_sig_make(secret, message, 1, "x", mine, 100) == -ENOSPC && libgmx_sig_public(secret, pub, 20) == -ENOSPC,
	      "no room");
	tap_group("own signatures");
	return tap_done();
}
