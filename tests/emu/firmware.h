/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Firmware images for tests, made by other code than the controller checks them with. */
#ifndef TEST_FIRMWARE_H
#define TEST_FIRMWARE_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <endian.h>
#include <gmx/vendor.h>

struct test_image {
	uint8_t *data;
	uint32_t len;
};

static inline uint32_t test_crc(const uint8_t *p, size_t len)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < len * 8; i++) {
		unsigned int bit = (p[i / 8] >> (i % 8) ^ crc) & 1;

		crc = crc >> 1 ^ (bit ? 0x82f63b78 : 0);
	}
	return ~crc;
}

/* After a change to header or body */
static inline void test_image_seal(struct test_image *image)
{
	struct gmx_vnd_fw_header *h = (struct gmx_vnd_fw_header *)image->data;

	h->body_crc = htole32(test_crc(image->data + sizeof(*h), image->len - sizeof(*h)));
	h->header_crc = htole32(test_crc(image->data, sizeof(*h) - 4));
}

/* pages: of 4096 bytes; revision: 8 characters */
static inline struct test_image test_image_make(unsigned int family, const char *revision, uint32_t version, unsigned int pages,
						const char *manifest)
{
	struct test_image image = { calloc(pages, 4096), pages * 4096 };
	struct gmx_vnd_fw_header *h = (struct gmx_vnd_fw_header *)image.data;

	memcpy(h->magic, "GMXFWIMG", 8);
	h->header_length = htole16(64);
	h->format = htole16(1);
	h->family = (uint8_t)family;
	memcpy(h->revision, revision, 8);
	h->version = htole32(version);
	h->image_length = htole32(image.len);
	h->manifest_length = htole32((uint32_t)strlen(manifest));
	memcpy(image.data + 64, manifest, strlen(manifest));
	for (uint32_t i = 2048; i < image.len; i++)
		image.data[i] = (uint8_t)(i * 7 + (i >> 8));
	test_image_seal(&image);
	return image;
}

#endif
