// SPDX-License-Identifier: LGPL-2.1-or-later
/* Firmware images. */
#include <errno.h>
#include <stdlib.h>

#include <json-c/json.h>

#include <libgmx/firmware.h>

#include "wire.h"

#define UNIT	  4096u /* of an image's length */
#define MAX_DEPTH 8
#define MAX_MS	  600000

uint32_t libgmx_crc32c(const void *data, size_t len)
{
	const uint8_t *p = data;
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < len; i++) {
		crc ^= p[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (0x82f63b78 & -(crc & 1));
	}
	return ~crc;
}

static bool take_activation(struct json_object *v, struct libgmx_fw_image *out)
{
	static const char *const names[] = { "immediate", "controller", "conventional", "subsystem" };

	if (!json_object_is_type(v, json_type_string))
		return false;
	for (unsigned int i = 0; i < 4; i++) {
		if (!strcmp(json_object_get_string(v), names[i])) {
			out->activation = (enum libgmx_activation)i;
			return true;
		}
	}
	return false;
}

static bool take_features(struct json_object *v, struct libgmx_fw_image *out)
{
	size_t n;

	if (!json_object_is_type(v, json_type_array))
		return false;
	n = json_object_array_length(v);
	if (n > 8)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct json_object *name = json_object_array_get_idx(v, i);
		struct wire w;

		if (!json_object_is_type(name, json_type_string) || json_object_get_string_len(name) < 1 ||
		    json_object_get_string_len(name) > 31)
			return false;
		w = wire_of(json_object_get_string(name), (size_t)json_object_get_string_len(name));
		wire_text(&w, 0, w.len, out->feature[i], sizeof(out->feature[i]));
	}
	out->nr_features = (unsigned int)n;
	return true;
}

static const char *take_manifest(const char *text, size_t len, struct libgmx_fw_image *out)
{
	struct json_tokener *tok;
	struct json_object *root, *v;
	const char *why = NULL;

	/* not even {}: controllers refuse that too */
	if (!len)
		return "it has no manifest";
	tok = json_tokener_new_ex(MAX_DEPTH);
	if (!tok)
		return "no memory";
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
	root = json_tokener_parse_ex(tok, text, (int)len);
	if (!json_object_is_type(root, json_type_object) || json_tokener_get_error(tok) != json_tokener_success ||
	    json_tokener_get_parse_end(tok) != len)
		why = "its manifest is not a JSON object";
	json_tokener_free(tok);
	if (!why && json_object_object_get_ex(root, "activation", &v) && !take_activation(v, out))
		why = "\"activation\" of its manifest is not known";
	if (!why && json_object_object_get_ex(root, "features", &v) && !take_features(v, out))
		why = "\"features\" of its manifest is not a list of up to 8 names";
	if (!why && json_object_object_get_ex(root, "activation-ms", &v)) {
		int64_t ms = json_object_is_type(v, json_type_int) ? json_object_get_int64(v) : -1;

		if (ms < 0 || ms > MAX_MS)
			why = "\"activation-ms\" of its manifest is out of range";
		else
			out->activation_ms = (uint32_t)ms;
	}
	if (!why && json_object_object_get_ex(root, "no-downgrade", &v)) {
		if (!json_object_is_type(v, json_type_boolean))
			why = "\"no-downgrade\" of its manifest is not true or false";
		out->no_downgrade = json_object_get_boolean(v);
	}
	json_object_put(root);
	return why;
}

static const char *parse(const uint8_t *data, size_t len, struct libgmx_fw_image *out)
{
	struct wire w = wire_of(data, len);
	size_t header = GET16(&w, gmx_vnd_fw_header, header_length);
	uint32_t manifest = GET32(&w, gmx_vnd_fw_header, manifest_length), bytes = GET32(&w, gmx_vnd_fw_header, image_length);

	if (w.len < sizeof(struct gmx_vnd_fw_header))
		return "it is shorter than the header of an image";
	if (memcmp(data, GMX_VND_FW_MAGIC, 8))
		return "it is no Gigamax firmware image";
	if (GET16(&w, gmx_vnd_fw_header, format) != GMX_VND_FW_FORMAT || header < sizeof(struct gmx_vnd_fw_header) ||
	    header > UNIT || header > len)
		return "its format is not known: a newer gmxctl may know it";
	if (libgmx_crc32c(data, header - 4) != (uint32_t)wire_get(&w, header - 4, 4))
		return "the checksum of its header is wrong";
	if (bytes > len)
		return "it is truncated";
	if (bytes != len || len % UNIT || len > LIBGMX_FW_MAX_BYTES)
		return "its length is not what its header says";
	if (manifest > GMX_VND_FW_MAX_MANIFEST || manifest > len - header)
		return "its manifest is longer than it may be";
	if (libgmx_crc32c(data + header, len - header) != GET32(&w, gmx_vnd_fw_header, body_crc))
		return "the checksum of its content is wrong";
	out->family = GET8(&w, gmx_vnd_fw_header, family);
	TEXT(&w, gmx_vnd_fw_header, revision, out->revision);
	out->version = GET32(&w, gmx_vnd_fw_header, version);
	out->minimum = GET32(&w, gmx_vnd_fw_header, minimum);
	out->bytes = bytes;
	return take_manifest((const char *)data + header, manifest, out);
}

int libgmx_fw_parse(const void *data, size_t len, struct libgmx_fw_image *out, const char **why)
{
	const char *text;

	memset(out, 0, sizeof(*out));
	text = parse(data, len, out);
	if (why)
		*why = text;
	return text ? -EBADMSG : 0;
}
