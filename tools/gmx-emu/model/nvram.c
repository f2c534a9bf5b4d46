// SPDX-License-Identifier: GPL-2.0-or-later
/* What outlives power: one JSON object, written whole beside the old one and renamed over it. */
#include <errno.h>

#include "emu.h"

#define NVRAM_FILE    "nvram.json"
#define NVRAM_VERSION 1
#define NVRAM_MAX     (64u << 20)

struct emu_nvram {
	json_object *root;
};

static int nvram_fail(struct emu_subsys *s, char *error, const char *why, int ret)
{
	snprintf(error, EMU_ERROR_SIZE, "%.100s/" NVRAM_FILE " %.60s: restore it, or start with an empty state folder", s->dir,
		 why);
	emu_nvram_close(s);
	return ret;
}

static json_object *nvram_parse(const char *text, size_t len)
{
	json_tokener *tok = json_tokener_new();
	json_object *root;

	if (!tok)
		return NULL;
	json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
	root = json_tokener_parse_ex(tok, text, (int)len);
	if (json_tokener_get_error(tok) != json_tokener_success || !json_object_is_type(root, json_type_object)) {
		json_object_put(root);
		root = NULL;
	}
	json_tokener_free(tok);
	return root;
}

/* Missing is a fresh state; anything else that does not load would be somebody's state lost. */
int emu_nvram_open(struct emu_subsys *s, char *error)
{
	json_object *version;
	uint8_t *text;
	size_t len;
	int ret;

	s->nvram_dirty = false;
	s->nvram = calloc(1, sizeof(*s->nvram));
	if (!s->nvram)
		return nvram_fail(s, error, "does not fit into memory", -ENOMEM);
	ret = emu_file_load(s, NVRAM_FILE, NVRAM_MAX, &text, &len);
	if (ret == -ENOENT) {
		s->nvram->root = json_object_new_object();
		emu_nvram_set(s, "version", json_object_new_int(NVRAM_VERSION));
		return 0;
	}
	if (ret)
		return nvram_fail(s, error, ret == -EFBIG ? "is too large to be one" : strerror(-ret), ret);
	s->nvram->root = nvram_parse((const char *)text, len);
	free(text);
	if (!s->nvram->root)
		return nvram_fail(s, error, "is damaged", -EINVAL);
	version = emu_nvram_get(s, "version");
	if (!json_object_is_type(version, json_type_int) || json_object_get_int64(version) != NVRAM_VERSION)
		return nvram_fail(s, error, "is of another version of gmx-emu", -EINVAL);
	return 0;
}

void emu_nvram_close(struct emu_subsys *s)
{
	if (!s->nvram)
		return;
	json_object_put(s->nvram->root);
	free(s->nvram);
	s->nvram = NULL;
}

json_object *emu_nvram_get(struct emu_subsys *s, const char *key)
{
	json_object *value;

	return json_object_object_get_ex(s->nvram->root, key, &value) ? value : NULL;
}

void emu_nvram_set(struct emu_subsys *s, const char *key, json_object *value)
{
	json_object_object_add(s->nvram->root, key, value);
	emu_nvram_changed(s);
}

void emu_nvram_changed(struct emu_subsys *s)
{
	s->nvram_dirty = true;
}

/* No fsync: what has to be survived is the end of this process, not of the machine. */
int emu_nvram_save(struct emu_subsys *s)
{
	size_t len;
	const char *text = json_object_to_json_string_length(s->nvram->root, JSON_C_TO_STRING_PLAIN, &len);
	int ret = text ? emu_file_replace(s, NVRAM_FILE, text, len) : -ENOMEM;

	if (!ret)
		s->nvram_dirty = false;
	return ret;
}
