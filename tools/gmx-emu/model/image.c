// SPDX-License-Identifier: GPL-2.0-or-later
/* Firmware images: is it one, is it whole, and what does it say of itself? The layout is in gmx/vendor.h. */
#include "emu.h"

#define IMAGE_ACTIVATION_MS 300

static uint32_t image_crc(const uint8_t *buf, size_t len)
{
	static uint32_t table[256];
	uint32_t crc = ~0u;

	if (!table[1]) {
		for (uint32_t i = 0; i < 256; i++) {
			uint32_t v = i;

			for (int bit = 0; bit < 8; bit++)
				v = v >> 1 ^ (v & 1 ? 0x82f63b78u : 0);
			table[i] = v;
		}
	}
	while (len--)
		crc = crc >> 8 ^ table[(crc ^ *buf++) & 0xff];
	return ~crc;
}

static bool image_features(json_object *list, struct emu_image *image)
{
	size_t nr;

	if (!json_object_is_type(list, json_type_array))
		return false;
	nr = json_object_array_length(list);
	if (nr > ARRAY_SIZE(image->features))
		return false;
	for (size_t i = 0; i < nr; i++) {
		json_object *name = json_object_array_get_idx(list, i);
		int len;

		if (!json_object_is_type(name, json_type_string))
			return false;
		len = json_object_get_string_len(name);
		if (len < 1 || len >= (int)sizeof(image->features[0]))
			return false;
		memcpy(image->features[i], json_object_get_string(name), (size_t)len);
	}
	image->nr_features = (unsigned int)nr;
	return true;
}

static bool image_activation(const char *text, struct emu_image *image)
{
	static const char *const names[] = {
		[GMX_VND_FW_IMMEDIATE] = "immediate",
		[GMX_VND_FW_CONTROLLER_RESET] = "controller",
		[GMX_VND_FW_CONVENTIONAL_RESET] = "conventional",
		[GMX_VND_FW_SUBSYSTEM_RESET] = "subsystem",
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		if (text && !strcmp(text, names[i])) {
			image->activation = i;
			return true;
		}
	}
	return false;
}

static bool image_manifest(const uint8_t *text, uint32_t len, struct emu_image *image)
{
	json_tokener *tok = json_tokener_new();
	json_object *root, *v;
	bool good;

	if (!tok)
		return false;
	root = json_tokener_parse_ex(tok, (const char *)text, (int)len);
	good = json_tokener_get_error(tok) == json_tokener_success && json_object_is_type(root, json_type_object);
	json_tokener_free(tok);
	if (good && json_object_object_get_ex(root, "features", &v))
		good = image_features(v, image);
	if (good && json_object_object_get_ex(root, "activation", &v))
		good = json_object_is_type(v, json_type_string) && image_activation(json_object_get_string(v), image);
	if (good && json_object_object_get_ex(root, "activation-ms", &v)) {
		int64_t ms = json_object_get_int64(v);

		good = json_object_is_type(v, json_type_int) && ms >= 0 && ms <= 3600000;
		image->activation_ms = good ? (uint32_t)ms : 0;
	}
	if (good && json_object_object_get_ex(root, "no-downgrade", &v))
		image->no_downgrade = json_object_get_boolean(v);
	if (good && json_object_object_get_ex(root, "fails-activation", &v))
		image->fails_activation = json_object_get_boolean(v);
	json_object_put(root);
	return good;
}

static const char *image_check(const struct emu_traits *traits, const uint8_t *buf, size_t len, struct emu_image *image)
{
	struct gmx_vnd_fw_header h;
	uint32_t header, manifest;

	if (len < sizeof(h))
		return "it is shorter than a header";
	memcpy(&h, buf, sizeof(h));
	header = le16toh(h.header_length);
	manifest = le32toh(h.manifest_length);
	if (memcmp(h.magic, GMX_VND_FW_MAGIC, sizeof(h.magic)))
		return "it is no firmware image";
	if (le16toh(h.format) != GMX_VND_FW_FORMAT || header < sizeof(h) || header > EMU_FW_GRANULARITY || header > len)
		return "its format is not known";
	memcpy(&h.header_crc, buf + header - sizeof(h.header_crc), sizeof(h.header_crc));
	if (image_crc(buf, header - sizeof(h.header_crc)) != le32toh(h.header_crc))
		return "the checksum of its header is wrong";
	if (le32toh(h.image_length) != len || len % EMU_FW_GRANULARITY || len > GMX_VND_FW_MAX_IMAGE)
		return "its length is wrong";
	if (h.family != traits->id)
		return "it is for another family";
	if (manifest > GMX_VND_FW_MAX_MANIFEST || manifest > len - header)
		return "its manifest is too long";
	if (image_crc(buf + header, len - header) != le32toh(h.body_crc))
		return "the checksum of its body is wrong";
	for (size_t i = 0; i < sizeof(h.revision); i++) {
		if (h.revision[i] < 0x20 || h.revision[i] > 0x7e)
			return "its revision is not text";
	}
	if (!image_manifest(buf + header, manifest, image))
		return "its manifest can't be understood";
	memcpy(image->revision, h.revision, sizeof(h.revision));
	image->version = le32toh(h.version);
	image->minimum = le32toh(h.minimum);
	return NULL;
}

/* NULL: it is good; otherwise why not, and *image says that there is none */
const char *emu_image_parse(const struct emu_traits *traits, const uint8_t *buf, size_t len, struct emu_image *image)
{
	const char *why;

	memset(image, 0, sizeof(*image));
	image->activation_ms = IMAGE_ACTIVATION_MS;
	why = image_check(traits, buf, len, image);
	image->valid = !why;
	return why;
}

/* What slot 1 holds when the device is made; malloc'ed */
uint8_t *emu_image_factory(const struct emu_traits *traits, size_t *len)
{
	static const char manifest[] = "{\"features\":[]}";
	struct gmx_vnd_fw_header h = {
		.header_length = htole16(sizeof(h)),
		.format = htole16(GMX_VND_FW_FORMAT),
		.family = (uint8_t)traits->id,
		.version = htole32(1 << 16),
		.image_length = htole32(EMU_FW_GRANULARITY),
		.manifest_length = htole32(sizeof(manifest) - 1),
	};
	uint8_t *buf = calloc(1, EMU_FW_GRANULARITY);
	char revision[16];

	if (!buf)
		return NULL;
	memcpy(h.magic, GMX_VND_FW_MAGIC, sizeof(h.magic));
	snprintf(revision, sizeof(revision), "G%u-1.0.0", (unsigned int)traits->id & 7);
	memcpy(h.revision, revision, sizeof(h.revision));
	memcpy(buf + sizeof(h), manifest, sizeof(manifest) - 1);
	h.body_crc = htole32(image_crc(buf + sizeof(h), EMU_FW_GRANULARITY - sizeof(h)));
	h.header_crc = htole32(image_crc((const uint8_t *)&h, offsetof(struct gmx_vnd_fw_header, header_crc)));
	memcpy(buf, &h, sizeof(h));
	*len = EMU_FW_GRANULARITY;
	return buf;
}
