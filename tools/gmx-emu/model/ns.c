// SPDX-License-Identifier: GPL-2.0-or-later
/* Namespaces: what they are, where they lie, and which controllers see them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drive.h"
#include "hash.h"

#define NS_NVRAM "namespaces"
#define NS_ERROR "nvram.json: \"namespaces\" is damaged: restore it, or start with an empty state folder"

struct emu_ns *emu_ns_find(struct emu_subsys *s, uint32_t nsid)
{
	struct emu_ns *ns = nsid && nsid <= EMU_MAX_NS ? &s->ns[nsid - 1] : NULL;

	return ns && ns->nsid ? ns : NULL;
}

bool emu_ns_attached(const struct emu_ns *ns, const struct emu_ctrl *c)
{
	return ns->attached >> c->function & 1;
}

static uint64_t ns_round(uint64_t bytes)
{
	return (bytes + EMU_PAGE - 1) / EMU_PAGE * EMU_PAGE;
}

uint64_t emu_ns_unallocated(struct emu_subsys *s)
{
	uint64_t used = 0;

	for (unsigned int i = 0; i < EMU_MAX_NS; i++)
		if (s->ns[i].nsid)
			used += ns_round(s->ns[i].bytes);
	return used < s->config.capacity ? s->config.capacity - used : 0;
}

/* EUI-64 with a locally administered OUI (7.10); the counter makes sure that no identity comes twice. */
static void ns_identify(struct emu_ns *ns)
{
	static const uint8_t oui[3] = { 0x52, 0x47, 0x4d };
	const char *of = json_object_get_string(emu_nvram_get(ns->s, "identity"));
	uint64_t number = ++ns->s->ns_identities, a = emu_hash(of, strlen(of), number), b = emu_hash_mix(a + number);

	memcpy(ns->eui64, oui, sizeof(oui));
	memcpy(ns->eui64 + 3, &a, 5);
	memcpy(ns->nguid, &b, 8);
	memcpy(ns->nguid + 8, ns->eui64, 8);
	a = emu_hash_mix(b + number);
	memcpy(ns->uuid, &a, 8);
	b = emu_hash_mix(a + number);
	memcpy(ns->uuid + 8, &b, 8);
	ns->uuid[6] = (uint8_t)((ns->uuid[6] & 0x0f) | 0x80); /* version 8: made by the vendor's rules */
	ns->uuid[8] = (uint8_t)((ns->uuid[8] & 0x3f) | 0x80);
}

static json_object *hex_new(const uint8_t *bytes, size_t len)
{
	char text[33];

	for (size_t i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return json_object_new_string(text);
}

static bool hex_get(json_object *object, const char *key, uint8_t *bytes, size_t len)
{
	json_object *value = json_object_object_get(object, key);
	const char *text = json_object_get_string(value);

	if (!json_object_is_type(value, json_type_string) || strlen(text) != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (sscanf(text + 2 * i, "%2hhx", &bytes[i]) != 1)
			return false;
	return true;
}

static bool int_get(json_object *object, const char *key, uint64_t max, uint64_t *out)
{
	json_object *value = json_object_object_get(object, key);

	*out = json_object_get_uint64(value);
	return json_object_is_type(value, json_type_int) && json_object_get_int64(value) >= 0 && *out <= max;
}

static bool bool_get(json_object *object, const char *key, bool *out)
{
	json_object *value = json_object_object_get(object, key);

	*out = json_object_get_boolean(value);
	return json_object_is_type(value, json_type_boolean);
}

static json_object *ns_to_json(const struct emu_ns *ns)
{
	json_object *o = json_object_new_object();

	json_object_object_add(o, "nsid", json_object_new_int64(ns->nsid));
	json_object_object_add(o, "drive", json_object_new_int64(ns->drive_idx));
	json_object_object_add(o, "rotational", json_object_new_boolean(emu_drive_rotational(ns->drive)));
	json_object_object_add(o, "bytes", json_object_new_uint64(ns->bytes));
	json_object_object_add(o, "lbaf", json_object_new_int64(ns->lbaf));
	json_object_object_add(o, "extended", json_object_new_boolean(ns->ms_extended));
	json_object_object_add(o, "dps", json_object_new_int64(ns->dps));
	json_object_object_add(o, "nmic", json_object_new_int64(ns->nmic));
	json_object_object_add(o, "attached", json_object_new_int64(ns->attached));
	json_object_object_add(o, "read_only", json_object_new_boolean(ns->read_only));
	json_object_object_add(o, "eui64", hex_new(ns->eui64, sizeof(ns->eui64)));
	json_object_object_add(o, "nguid", hex_new(ns->nguid, sizeof(ns->nguid)));
	json_object_object_add(o, "uuid", hex_new(ns->uuid, sizeof(ns->uuid)));
	if (ns->formatting) {
		json_object_object_add(o, "format_lbaf", json_object_new_int64(ns->format_lbaf));
		json_object_object_add(o, "format_extended", json_object_new_boolean(ns->format_extended));
	}
	return o;
}

void emu_ns_save(struct emu_subsys *s)
{
	json_object *root = json_object_new_object(), *list = json_object_new_array();

	for (unsigned int i = 0; i < EMU_MAX_NS; i++)
		if (s->ns[i].nsid)
			json_object_array_add(list, ns_to_json(&s->ns[i]));
	json_object_object_add(root, "identities", json_object_new_uint64(s->ns_identities));
	json_object_object_add(root, "list", list);
	emu_nvram_set(s, NS_NVRAM, root);
}

/* What another file is about to depend on is saved at once. */
static int ns_save_now(struct emu_subsys *s)
{
	emu_ns_save(s);
	return emu_nvram_save(s);
}

uint16_t emu_ns_set_format(struct emu_ns *ns, unsigned int lbaf, bool extended, uint8_t dps)
{
	if (lbaf >= emu_family_nr_lbaf(ns->s->traits) || emu_lbafs[lbaf].ms > EMU_MAX_MS || dps)
		return GMX_SC_FORMAT_INVALID | GMX_STS_DNR;
	ns->lbaf = (uint8_t)lbaf;
	ns->lba_shift = emu_lbafs[lbaf].shift;
	ns->ms = emu_lbafs[lbaf].ms;
	ns->ms_extended = extended && ns->ms;
	ns->dps = dps;
	ns->nsze = ns->ncap = ns->bytes >> ns->lba_shift;
	ns->nuse = EMU_MIN(ns->nuse, ns->ncap);
	emu_drive_set_geometry(ns->drive, ns->lba_shift, ns->ms);
	return 0;
}

static int ns_open_drive(struct emu_ns *ns, bool rotational, char *error)
{
	int ret = emu_drive_open(ns->s, ns->drive_idx, ns_round(ns->bytes), rotational, error);

	ns->drive = ret ? NULL : ns->s->drives[ns->drive_idx];
	return ret;
}

static bool ns_from_json(struct emu_subsys *s, json_object *o, struct emu_ns *ns, unsigned int *lbaf, bool *rotational)
{
	unsigned int nr_lbaf = emu_family_nr_lbaf(s->traits);
	uint64_t nsid, drive, format, dps, nmic, attached;

	memset(ns, 0, sizeof(*ns));
	if (!int_get(o, "nsid", EMU_MAX_NS, &nsid) || !nsid || emu_ns_find(s, (uint32_t)nsid) ||
	    !int_get(o, "drive", EMU_MAX_DRIVES - 1, &drive) || s->drives[drive] || !bool_get(o, "rotational", rotational) ||
	    !int_get(o, "bytes", INT64_MAX - EMU_PAGE, &ns->bytes) || ns->bytes < EMU_PAGE ||
	    !int_get(o, "lbaf", nr_lbaf - 1, &format) || !bool_get(o, "extended", &ns->ms_extended) ||
	    !int_get(o, "dps", 0, &dps) || !int_get(o, "nmic", GMX_NMIC_SHARED, &nmic) ||
	    !int_get(o, "attached", UINT32_MAX, &attached) || !bool_get(o, "read_only", &ns->read_only) ||
	    !hex_get(o, "eui64", ns->eui64, sizeof(ns->eui64)) || !hex_get(o, "nguid", ns->nguid, sizeof(ns->nguid)) ||
	    !hex_get(o, "uuid", ns->uuid, sizeof(ns->uuid)))
		return false;
	ns->s = s;
	ns->nsid = (uint32_t)nsid;
	ns->drive_idx = (unsigned int)drive;
	ns->nmic = (uint8_t)nmic;
	ns->attached = (uint32_t)attached;
	*lbaf = (unsigned int)format;
	if (!json_object_object_get(o, "format_lbaf"))
		return true;
	if (!int_get(o, "format_lbaf", nr_lbaf - 1, &format) || !bool_get(o, "format_extended", &ns->format_extended))
		return false;
	ns->format_lbaf = (uint8_t)format;
	ns->formatting = true;
	return true;
}

static int ns_load_one(struct emu_subsys *s, json_object *o, char *error)
{
	struct emu_ns read, *ns;
	unsigned int lbaf;
	bool rotational;
	char name[32];
	int ret;

	if (!ns_from_json(s, o, &read, &lbaf, &rotational)) {
		snprintf(error, EMU_ERROR_SIZE, NS_ERROR);
		return -EINVAL;
	}
	emu_drive_name(name, read.drive_idx, "img");
	if (faccessat(s->dir_fd, name, F_OK, 0)) {
		snprintf(error, EMU_ERROR_SIZE, "%.100s/%s of namespace %u: %s: restore it, or start with an empty state folder",
			 s->dir, name, read.nsid, strerror(errno));
		return -EINVAL;
	}
	ns = &s->ns[read.nsid - 1];
	*ns = read;
	ret = ns_open_drive(ns, rotational, error);
	if (ret) {
		memset(ns, 0, sizeof(*ns));
		return ret;
	}
	/* A format that was cut short is finished: its blocks may be anything already, their metadata what it was. */
	if (ns->formatting) {
		emu_ns_set_format(ns, lbaf, ns->ms_extended, 0);
		emu_drive_erase(ns->drive);
		lbaf = ns->format_lbaf;
		ns->ms_extended = ns->format_extended;
		ns->formatting = false;
	}
	emu_ns_set_format(ns, lbaf, ns->ms_extended, 0);
	return 0;
}

static int ns_load(struct emu_subsys *s, json_object *root, char *error)
{
	json_object *list = json_object_object_get(root, "list");
	int ret = 0;

	if (!json_object_is_type(list, json_type_array) || !int_get(root, "identities", UINT64_MAX, &s->ns_identities)) {
		snprintf(error, EMU_ERROR_SIZE, NS_ERROR);
		return -EINVAL;
	}
	for (size_t i = 0; i < json_object_array_length(list) && !ret; i++)
		ret = ns_load_one(s, json_object_array_get_idx(list, i), error);
	return ret;
}

struct emu_ns *emu_ns_create(struct emu_subsys *s, uint64_t bytes, unsigned int lbaf, bool extended, uint8_t nmic,
			     bool rotational, char *error)
{
	struct emu_ns *ns = s->ns;
	unsigned int drive = 0;

	while (ns < s->ns + EMU_MAX_NS && ns->nsid)
		ns++;
	while (drive < EMU_MAX_DRIVES && s->drives[drive])
		drive++;
	if (ns == s->ns + EMU_MAX_NS || drive == EMU_MAX_DRIVES) {
		snprintf(error, EMU_ERROR_SIZE, "no more than %u namespaces", EMU_MAX_NS);
		return NULL;
	}
	emu_drive_remove(s, drive);
	*ns = (struct emu_ns){ .s = s, .bytes = bytes, .nmic = nmic, .drive_idx = drive };
	if (ns_open_drive(ns, rotational, error))
		return NULL;
	ns->nsid = (uint32_t)(ns - s->ns) + 1;
	emu_ns_set_format(ns, lbaf, extended, 0);
	ns_identify(ns);
	return ns;
}

static int ns_create_configured(struct emu_subsys *s, char *error)
{
	const struct emu_config *config = &s->config;

	for (unsigned int i = 0; i < config->nr_ns; i++) {
		uint8_t nmic = config->functions > 1 ? GMX_NMIC_SHARED : 0;
		struct emu_ns *ns;
		unsigned int lbaf = 0;

		while (lbaf + 1 < emu_family_nr_lbaf(s->traits) &&
		       (1u << emu_lbafs[lbaf].shift != config->ns[i].block || emu_lbafs[lbaf].ms != config->ns[i].ms))
			lbaf++;
		ns = emu_ns_create(s, config->ns[i].bytes, lbaf, false, nmic, config->ns[i].rotational, error);
		if (!ns)
			return -ENOSPC;
		ns->attached = (1u << config->functions) - 1;
	}
	return 0;
}

/* Files of drives that NVRAM does not know: a creation or deletion was cut short. fresh: then none may have content. */
static int ns_remove_strays(struct emu_subsys *s, bool fresh, char *error)
{
	int fd = openat(s->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	bool stray[EMU_MAX_DRIVES] = { false };
	struct dirent *entry;

	if (!dir) {
		ret = -errno;
		snprintf(error, EMU_ERROR_SIZE, "%.100s: %s", s->dir, strerror(-ret));
		if (fd >= 0)
			close(fd);
		return ret;
	}
	while (!ret && (entry = readdir(dir))) {
		unsigned int idx;
		struct stat st;
		int end = 0;

		if (sscanf(entry->d_name, "drive-%2u.%n", &idx, &end) != 1 || !end || idx >= EMU_MAX_DRIVES || s->drives[idx])
			continue;
		stray[idx] = true;
		if (!fresh || strcmp(entry->d_name + end, "img") || fstatat(s->dir_fd, entry->d_name, &st, 0) || !st.st_blocks)
			continue;
		snprintf(error, EMU_ERROR_SIZE,
			 "%.100s has %.20s but no nvram.json: restore it, or start with an empty state folder", s->dir,
			 entry->d_name);
		ret = -EINVAL;
	}
	closedir(dir);
	for (unsigned int i = 0; i < EMU_MAX_DRIVES && !ret; i++)
		if (stray[i])
			emu_drive_remove(s, i);
	return ret;
}

int emu_ns_open(struct emu_subsys *s, char *error)
{
	json_object *saved = emu_nvram_get(s, NS_NVRAM);
	int ret = 0;

	emu_config_identity(s);
	if (saved)
		ret = ns_load(s, saved, error);
	if (!ret)
		ret = ns_remove_strays(s, !saved, error);
	if (!ret && !saved)
		ret = ns_create_configured(s, error);
	if (!ret) {
		ret = ns_save_now(s);
		if (ret)
			snprintf(error, EMU_ERROR_SIZE, "%.100s/nvram.json: %s", s->dir, strerror(-ret));
	}
	if (ret)
		emu_ns_close(s, false);
	return ret;
}

void emu_ns_close(struct emu_subsys *s, bool orderly)
{
	emu_format_close(s);
	emu_io_close(s);
	for (unsigned int i = 0; i < EMU_MAX_DRIVES; i++)
		if (s->drives[i])
			emu_drive_close(s->drives[i], orderly);
	memset(s->ns, 0, sizeof(s->ns));
}

int emu_ns_delete(struct emu_ns *ns, struct emu_ctrl *by)
{
	struct emu_subsys *s = ns->s;
	uint32_t nsid = ns->nsid;
	unsigned int drive = ns->drive_idx;
	int ret;

	if (ns->formatting)
		return -EBUSY;
	emu_selftest_abort(s, GMX_SELFTEST_ABORTED_NS_GONE, nsid);
	memset(ns, 0, sizeof(*ns));
	ret = ns_save_now(s);
	emu_drive_remove(s, drive);
	emu_event_add(s, GMX_VND_EV_NS_DELETED, nsid, 0, "namespace deleted");
	emu_log_ns_changed(s, nsid, by);
	return ret;
}

int emu_ns_resize(struct emu_ns *ns, uint64_t bytes)
{
	struct emu_subsys *s = ns->s;
	uint64_t old = ns_round(ns->bytes), room = emu_ns_unallocated(s) + old;
	int ret = 0;

	if (ns->formatting)
		return -EBUSY;
	if (bytes < EMU_PAGE || bytes % (1u << ns->lba_shift) || bytes > INT64_MAX - EMU_PAGE)
		return -EINVAL;
	if (ns_round(bytes) > room)
		return -ENOSPC;
	if (bytes < ns->bytes)
		emu_selftest_abort(s, GMX_SELFTEST_ABORTED_UNKNOWN, ns->nsid);
	/* Cut short, the files are longer than what NVRAM says, never shorter. */
	if (ns_round(bytes) > old)
		ret = emu_drive_resize(ns->drive, ns_round(bytes));
	if (ret)
		return ret;
	ns->bytes = bytes;
	ns->nsze = ns->ncap = bytes >> ns->lba_shift;
	ns->nuse = EMU_MIN(ns->nuse, ns->ncap);
	ret = ns_save_now(s);
	if (!ret && ns_round(bytes) < old)
		ret = emu_drive_resize(ns->drive, ns_round(bytes));
	emu_event_add(s, GMX_VND_EV_NS_RESIZED, ns->nsid, ns->nsze, "namespace resized");
	emu_log_ns_changed(s, ns->nsid, NULL);
	return ret;
}

int emu_ns_new_identity(struct emu_ns *ns)
{
	int ret;

	ns_identify(ns);
	ret = ns_save_now(ns->s);
	emu_event_add(ns->s, GMX_VND_EV_NS_IDENTITY, ns->nsid, 0, "namespace has a new identity");
	emu_log_ns_changed(ns->s, ns->nsid, NULL);
	return ret;
}
