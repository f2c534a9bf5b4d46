// SPDX-License-Identifier: GPL-2.0-or-later
/* What lies behind the controller: log pages C1h (volumes) and C2h (drives). A namespace is one plain volume on one drive. */
#include "drive.h"
#include "hash.h"

#define INVENTORY_RPM 7200

static struct emu_ns *inventory_ns(struct emu_subsys *s, unsigned int drive)
{
	for (unsigned int i = 0; i < EMU_MAX_NS; i++) {
		if (s->ns[i].nsid && s->ns[i].drive && s->ns[i].drive_idx == drive)
			return &s->ns[i];
	}
	return NULL;
}

/* A text that ends in spaces, as in Identify Controller */
static void inventory_text(char *field, size_t len, const char *text)
{
	size_t n = strlen(text);

	memset(field, ' ', len);
	memcpy(field, text, EMU_MIN(n, len));
}

static void inventory_drive(struct emu_subsys *s, const struct emu_drive *d, struct gmx_vnd_drive *e)
{
	const struct emu_ns *ns = inventory_ns(s, d->idx);
	uint64_t id = emu_hash(s->config.serial, strlen(s->config.serial), d->idx);
	char serial[21];

	e->id = htole16((uint16_t)d->idx);
	e->state = emu_drive_failed(d) ? GMX_VND_DRIVE_IS_FAILED : GMX_VND_DRIVE_IS_ONLINE;
	e->medium = emu_drive_rotational(d) ? GMX_VND_MEDIUM_ROTATING : GMX_VND_MEDIUM_SOLID;
	e->bus = !s->traits->rotational ? GMX_VND_BUS_INTERNAL : emu_drive_rotational(d) ? GMX_VND_BUS_SAS : GMX_VND_BUS_SATA;
	if (emu_health_spare(s) < EMU_SPARE_LOW)
		e->flags = GMX_VND_DRIVE_F_PREDICTED;
	e->rpm = htole16(emu_drive_rotational(d) ? INVENTORY_RPM : 0);
	e->bytes = htole64(emu_drive_bytes(d));
	e->used_bytes = htole64(emu_drive_allocated(d));
	e->block_bytes = htole32(ns ? 1u << ns->lba_shift : EMU_SECTOR);
	e->nsid = htole32(ns ? ns->nsid : 0);
	e->volume = htole16(ns ? (uint16_t)ns->nsid : GMX_VND_NO_VOLUME);
	e->bay = htole16((uint16_t)d->idx);
	e->temperature = htole16((uint16_t)emu_health_sensor(s, 2));
	e->spare_percent = (uint8_t)emu_health_spare(s);
	e->used_percent = (uint8_t)emu_health_used(s);
	e->bad_sectors = htole64(d->nr_bad);
	e->reads = htole64(ns ? ns->reads : 0);
	e->writes = htole64(ns ? ns->writes : 0);
	e->power_on_seconds = htole64(emu_health_power_on_ms(s) / 1000);
	snprintf(serial, sizeof(serial), "D%02u-%012llX", d->idx % 100, (unsigned long long)(id & 0xffffffffffff));
	inventory_text(e->serial, sizeof(e->serial), serial);
	inventory_text(e->model, sizeof(e->model),
		       emu_drive_rotational(d) ? "Gigamax rotating drive" : "Gigamax solid-state drive");
	inventory_text(e->firmware, sizeof(e->firmware), "1.0");
	id = htobe64(5ull << 60 | id >> 4);
	memcpy(e->wwn, &id, sizeof(e->wwn));
}

static void inventory_volume(struct emu_subsys *s, const struct emu_ns *ns, struct gmx_vnd_volume *e)
{
	e->id = htole16((uint16_t)ns->nsid);
	e->level = GMX_VND_RAID_PLAIN;
	e->state = emu_drive_failed(ns->drive) ? GMX_VND_VOLUME_FAILED : GMX_VND_VOLUME_OPTIMAL;
	e->nsid = htole32(ns->nsid);
	e->bytes = htole64(ns->nsze << ns->lba_shift);
	e->used_bytes = htole64(ns->nuse << ns->lba_shift);
	e->block_bytes = htole32(1u << ns->lba_shift);
	e->nr_drives = htole16(1);
	e->operation = ns->formatting ? GMX_VND_OPERATION_INIT : GMX_VND_OPERATION_NONE;
	if (ns->formatting)
		e->progress = htole16((uint16_t)(65535u * (100u - EMU_MIN(ns->format_percent_left, 100)) / 100));
	e->cache_policy = s->config.write_cache && !s->cache_off ? GMX_VND_CACHE_WRITE_BACK : GMX_VND_CACHE_WRITE_THROUGH;
	e->journal_policy = GMX_VND_JOURNAL_OFF;
	snprintf(e->name, sizeof(e->name), "namespace %u", ns->nsid);
	e->drive[0] = htole16((uint16_t)ns->drive_idx);
}

static struct gmx_vnd_log_head *inventory_page(unsigned int max, size_t entry)
{
	return calloc(1, sizeof(struct gmx_vnd_log_head) + max * entry);
}

static void inventory_finish(struct gmx_vnd_log_head *head, unsigned int nr, size_t entry, uint8_t **buf, size_t *len)
{
	*len = sizeof(*head) + nr * entry;
	*buf = (uint8_t *)head;
	head->length = htole32((uint32_t)*len);
	head->version = htole16(GMX_VND_VERSION);
	head->entry_bytes = htole16((uint16_t)entry);
	head->count = htole32(nr);
	/* A checksum is as good as a count: who reads in parts sees that something changed. */
	head->generation = htole32((uint32_t)emu_hash(head + 1, nr * entry, nr));
}

uint16_t emu_drive_log(struct emu_cmd *cmd, uint8_t **buf, size_t *len)
{
	struct gmx_vnd_log_head *head = inventory_page(EMU_MAX_DRIVES, sizeof(struct gmx_vnd_drive));
	struct gmx_vnd_drive *entry = (struct gmx_vnd_drive *)(head + 1);
	struct emu_subsys *s = cmd->ctrl->s;
	unsigned int nr = 0;

	if (!head)
		return GMX_SC_INTERNAL;
	for (unsigned int i = 0; i < EMU_MAX_DRIVES; i++) {
		if (s->drives[i])
			inventory_drive(s, s->drives[i], &entry[nr++]);
	}
	inventory_finish(head, nr, sizeof(*entry), buf, len);
	return 0;
}

uint16_t emu_volume_log(struct emu_cmd *cmd, uint8_t **buf, size_t *len)
{
	struct gmx_vnd_log_head *head = inventory_page(EMU_MAX_NS, sizeof(struct gmx_vnd_volume));
	struct gmx_vnd_volume *entry = (struct gmx_vnd_volume *)(head + 1);
	struct emu_subsys *s = cmd->ctrl->s;
	unsigned int nr = 0;

	if (!head)
		return GMX_SC_INTERNAL;
	for (unsigned int i = 0; i < EMU_MAX_NS; i++) {
		if (s->ns[i].nsid && s->ns[i].drive)
			inventory_volume(s, &s->ns[i], &entry[nr++]);
	}
	inventory_finish(head, nr, sizeof(*entry), buf, len);
	return 0;
}
