// SPDX-License-Identifier: GPL-2.0-or-later
/* Values that a host saves, in NVRAM: of features (7.8) and what is like them; one object an owner. */
#include "emu.h"

#define SAVED_NVRAM "features"

static json_object *saved_owner(struct emu_subsys *s, const char *owner, bool make)
{
	json_object *all = emu_nvram_get(s, SAVED_NVRAM), *values;

	if (!json_object_is_type(all, json_type_object)) {
		if (!make)
			return NULL;
		all = json_object_new_object();
		emu_nvram_set(s, SAVED_NVRAM, all);
	}
	if (json_object_object_get_ex(all, owner, &values) && json_object_is_type(values, json_type_object))
		return values;
	if (!make)
		return NULL;
	values = json_object_new_object();
	json_object_object_add(all, owner, values);
	return values;
}

bool emu_saved_get(struct emu_subsys *s, const char *owner, const char *key, uint32_t *value)
{
	json_object *number;

	if (!json_object_object_get_ex(saved_owner(s, owner, false), key, &number) || !json_object_is_type(number, json_type_int))
		return false;
	*value = (uint32_t)json_object_get_int64(number);
	return true;
}

void emu_saved_set(struct emu_subsys *s, const char *owner, const char *key, uint32_t value)
{
	json_object_object_add(saved_owner(s, owner, true), key, json_object_new_int64(value));
	emu_nvram_changed(s);
}

bool emu_saved_get_bytes(struct emu_subsys *s, const char *owner, const char *key, uint8_t *buf, size_t len)
{
	json_object *array;

	if (!json_object_object_get_ex(saved_owner(s, owner, false), key, &array) ||
	    !json_object_is_type(array, json_type_array) || json_object_array_length(array) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		buf[i] = (uint8_t)json_object_get_int(json_object_array_get_idx(array, i));
	return true;
}

void emu_saved_set_bytes(struct emu_subsys *s, const char *owner, const char *key, const uint8_t *buf, size_t len)
{
	json_object *array = json_object_new_array();

	for (size_t i = 0; i < len; i++)
		json_object_array_add(array, json_object_new_int(buf[i]));
	json_object_object_add(saved_owner(s, owner, true), key, array);
	emu_nvram_changed(s);
}
