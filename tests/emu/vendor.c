// SPDX-License-Identifier: GPL-2.0-or-later
/* The vendor page, what has to agree with it, and the inventory of drives and volumes. */
/* Covers: GMX_LOG_EFFECTS GMX_VND_LOG_VOLUMES GMX_VND_LOG_DRIVES GMX_VND_FEAT_EVENT_MASK GMX_VND_FEAT_RATES
 * GMX_VND_FEAT_RECOVERY GMX_CNS_CTRL */
#include "vnd.h"

#define DNR(code) ((code) | GMX_STS_DNR)

static uint8_t buf[128 << 10];

static struct gmx_vnd_id identify(void)
{
	struct gmx_vnd_id id;

	check(!vnd_identify(GMX_CNS_CTRL, 0, buf), "identify");
	memcpy(&id, ((struct gmx_id_ctrl *)buf)->vs, sizeof(id));
	return id;
}

static const struct family {
	const char *name;
	uint8_t id, dma_bits, form, speed, width;
	uint64_t features;
} families[] = {
	{ "g1", 1, 32, GMX_VND_FORM_ADD_IN, 3, 8, GMX_VND_F_ROTATIONAL },
	{ "g2", 2, 64, GMX_VND_FORM_U2, 4, 4, GMX_VND_F_WRR | GMX_VND_F_COALESCING },
	{ "g3", 3, 64, GMX_VND_FORM_E3S, 5, 4, GMX_VND_F_WRR | GMX_VND_F_COALESCING | GMX_VND_F_SRIOV },
};

#define EVERYWHERE (GMX_VND_F_EVENT_LOG | GMX_VND_F_HEALTH | GMX_VND_F_INVENTORY | GMX_VND_F_FW_STATE | GMX_VND_F_POWER)

static void pages(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(families); i++) {
		const struct family *f = &families[i];
		struct gmx_vnd_id id;

		vnd_start(f->name, NULL);
		id = identify();
		check(!memcmp(id.magic, "GMXC", 4) && le16toh(id.length) == 80 && le16toh(id.version) == 0x100, "%s: head",
		      f->name);
		check(id.family == f->id && id.function == 0 && id.dma_bits == f->dma_bits, "%s: family", f->name);
		check(id.form_factor == f->form && id.link_speed == f->speed && id.link_width == f->width, "%s: link and form",
		      f->name);
		check(le64toh(id.features) == (f->features | EVERYWHERE), "%s: features %llx", f->name,
		      (unsigned long long)le64toh(id.features));
		check(le16toh(id.max_drives) == 64 && le16toh(id.max_volumes) == 64 && le16toh(id.max_volume_drives) == 1 &&
			      id.nr_rails == 5 && le32toh(id.event_entries) == 1024 && le32toh(id.pmbus_interval_ms) == 100,
		      "%s: limits", f->name);
		check(!id.max_spares && !id.raid_levels && !id.key_slots && !id.ciphers && !id.qos_policies && !id.tenants &&
			      !id.strip_sizes && !id.journal_bytes,
		      "%s: no limits of what is not there", f->name);
		check(le32toh(id.events) == 0xff && le64toh(id.feature_ids) == 7, "%s: events and features", f->name);
		for (unsigned int k = 0; k < sizeof(id.rsvd80); k++)
			check(!id.rsvd80[k], "%s: byte %u is reserved", f->name, 80 + k);
		vnd_stop();
	}
	vnd_start("g2", "{ \"form_factor\": \"m.2\", \"link_speed\": 3, \"link_width\": 2 }");
	check(identify().form_factor == GMX_VND_FORM_M2 && identify().link_speed == 3 && identify().link_width == 2,
	      "as configured");
	vnd_stop();
	tap_group("vendor page by family");
}

/* What the page says is there answers, all else does not. */
static void agreement(void)
{
	static const uint8_t commands[] = { 0xc1, 0xc2, 0xc5, 0xc9, 0xcd, 0xd0, 0xd1, 0xd2 };

	for (unsigned int i = 0; i < ARRAY_SIZE(families); i++) {
		struct gmx_log_effects *effects = (struct gmx_log_effects *)buf;
		struct gmx_vnd_id id;

		vnd_start(families[i].name, NULL);
		id = identify();
		for (unsigned int n = 0; n < 64; n++) {
			uint16_t status = vnd_log((uint8_t)(0xc0 + n), 0, buf, 64);
			bool there = le64toh(id.log_pages) >> n & 1;

			check(status == (there ? 0 : DNR(GMX_SC_LOG_PAGE)), "log page %02x: %04x", 0xc0 + n, status);
			status = admin(.opcode = GMX_ADM_GET_FEATURES, .cdw10 = 0xc0 + n);
			there = le64toh(id.feature_ids) >> n & 1;
			check(status == (there ? 0 : DNR(GMX_SC_INVALID_FIELD)), "feature %02x: %04x", 0xc0 + n, status);
		}
		check(!vnd_log(GMX_LOG_EFFECTS, 0, buf, 4096), "effects");
		for (unsigned int n = 0; n < ARRAY_SIZE(commands); n++) {
			check(!effects->acs[commands[n]], "command %02x is listed", commands[n]);
			check(admin(.opcode = commands[n]) == DNR(GMX_SC_INVALID_OPCODE), "command %02x", commands[n]);
		}
		vnd_stop();
	}
	tap_group("what the page says is what there is");
}

static void rates(void)
{
	static const struct {
		uint32_t value;
		bool good;
	} values[] = {
		{ 0x0001, true },  { 0x6464, true },  { 0x1432, true },	 { 0x0000, false },
		{ 0x0065, false }, { 0x6501, false }, { 0xffff, false },
	};

	vnd_start("g1", NULL);
	check(!admin(.opcode = GMX_ADM_GET_FEATURES, .cdw10 = GMX_VND_FEAT_RATES) && vnd_dw0 == 0x1432, "default %x", vnd_dw0);
	check(!admin(.opcode = GMX_ADM_GET_FEATURES, .cdw10 = GMX_VND_FEAT_RECOVERY) && vnd_dw0 == 0x50046, "default %x",
	      vnd_dw0);
	check(!admin(.opcode = GMX_ADM_GET_FEATURES, .cdw10 = GMX_VND_FEAT_EVENT_MASK) && vnd_dw0 == 0xff, "default %x", vnd_dw0);
	for (unsigned int i = 0; i < ARRAY_SIZE(values); i++) {
		uint16_t status = admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_VND_FEAT_RATES, .cdw11 = values[i].value);

		check(status == (values[i].good ? 0 : DNR(GMX_SC_INVALID_FIELD)), "%04x: %04x", values[i].value, status);
	}
	vnd_stop();
	tap_group("features and their ranges");
}

static void drives(void)
{
	struct gmx_vnd_log_head *head = (struct gmx_vnd_log_head *)buf;
	struct gmx_vnd_drive *d = (struct gmx_vnd_drive *)(head + 1);
	uint32_t generation;

	vnd_start(
		"g1",
		"{ \"capacity\": \"64M\", \"namespaces\": [ { \"size\": \"8M\", \"rotational\": true }, { \"size\": \"4M\", \"block\": 4096 } ] }");
	check(!vnd_log(GMX_VND_LOG_DRIVES, 0, buf, 32 + 2 * 256), "log page");
	check(le32toh(head->length) == 32 + 2 * 256 && le16toh(head->version) == 0x100 && le16toh(head->entry_bytes) == 256 &&
		      le32toh(head->count) == 2,
	      "head");
	check(d[0].medium == GMX_VND_MEDIUM_ROTATING && le16toh(d[0].rpm) == 7200 && d[0].bus == GMX_VND_BUS_SAS, "the disk");
	check(d[1].medium == GMX_VND_MEDIUM_SOLID && !d[1].rpm && d[1].bus == GMX_VND_BUS_SATA &&
		      le32toh(d[1].block_bytes) == 4096,
	      "the other");
	for (unsigned int i = 0; i < 2; i++) {
		check(le16toh(d[i].id) == i && d[i].state == GMX_VND_DRIVE_IS_ONLINE && le32toh(d[i].nsid) == i + 1 &&
			      le16toh(d[i].volume) == i + 1 && le16toh(d[i].bay) == i,
		      "drive %u", i);
		check(le64toh(d[i].bytes) >= (i ? 4u : 8u) << 20 && !d[i].bad_sectors && d[i].spare_percent == 100,
		      "drive %u: counters", i);
		check(d[i].serial[0] > ' ' && !strncmp(d[i].model, "Gigamax", 7) && d[i].wwn[0] >> 4 == 5, "drive %u: identity",
		      i);
		check(le16toh(d[i].temperature) > 280 && le16toh(d[i].temperature) < 330, "drive %u: temperature", i);
	}
	check(memcmp(d[0].serial, d[1].serial, 20) && memcmp(d[0].wwn, d[1].wwn, 8), "they differ");
	generation = le32toh(head->generation);
	check(!vnd_log(GMX_VND_LOG_DRIVES, 0, buf, 32) && le32toh(head->generation) == generation, "nothing has changed");
	memset(buf, 7, 8192);
	check(!nvm(.opcode = GMX_NVM_WRITE, .nsid = 2, .cdw12 = GMX_RW_FUA << 16, .data = buf, .len = 4096), "write");
	check(vnd_ok("drive-fail", "\"drive\":0") && vnd_ok("media-error", "\"nsid\":2,\"lba\":5") &&
		      vnd_ok("spare", "\"percent\":5"),
	      "faults");
	check(!vnd_log(GMX_VND_LOG_DRIVES, 0, buf, 32 + 2 * 256) && le32toh(head->generation) != generation,
	      "something has changed");
	check(d[0].state == GMX_VND_DRIVE_IS_FAILED && d[1].state == GMX_VND_DRIVE_IS_ONLINE && le64toh(d[1].bad_sectors) >= 1 &&
		      d[1].flags == GMX_VND_DRIVE_F_PREDICTED && d[1].spare_percent == 5 && le64toh(d[1].writes) == 1,
	      "it shows");
	check(le64toh(d[1].used_bytes) >= 4096, "%llu bytes are used", (unsigned long long)le64toh(d[1].used_bytes));
	vnd_stop();
	tap_group("drives");
}

static void volumes(void)
{
	struct gmx_vnd_log_head *head = (struct gmx_vnd_log_head *)buf;
	struct gmx_vnd_volume *v = (struct gmx_vnd_volume *)(head + 1);

	vnd_start("g2",
		  "{ \"capacity\": \"64M\", \"namespaces\": [ { \"size\": \"8M\" }, { \"size\": \"4M\", \"block\": 4096 } ] }");
	check(!vnd_log(GMX_VND_LOG_VOLUMES, 0, buf, 32 + 2 * 256), "log page");
	check(le32toh(head->length) == 32 + 2 * 256 && le16toh(head->entry_bytes) == 256 && le32toh(head->count) == 2, "head");
	for (unsigned int i = 0; i < 2; i++) {
		check(le16toh(v[i].id) == i + 1 && v[i].level == GMX_VND_RAID_PLAIN && v[i].state == GMX_VND_VOLUME_OPTIMAL &&
			      le32toh(v[i].nsid) == i + 1,
		      "volume %u", i);
		check(le64toh(v[i].bytes) == (i ? 4u : 8u) << 20 && le32toh(v[i].block_bytes) == (i ? 4096 : 512) &&
			      !v[i].strip_bytes,
		      "volume %u: size", i);
		check(le16toh(v[i].nr_drives) == 1 && !v[i].nr_spares && le16toh(v[i].drive[0]) == i &&
			      v[i].operation == GMX_VND_OPERATION_NONE && v[i].cache_policy == GMX_VND_CACHE_WRITE_BACK &&
			      v[i].name[0],
		      "volume %u: members", i);
	}
	check(vnd_ok("drive-fail", "\"drive\":1"), "fail");
	check(!vnd_log(GMX_VND_LOG_VOLUMES, 0, buf, 32 + 2 * 256) && v[1].state == GMX_VND_VOLUME_FAILED &&
		      v[0].state == GMX_VND_VOLUME_OPTIMAL,
	      "it shows");
	check(!admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_VWC, .cdw11 = 0), "write cache off");
	check(!vnd_log(GMX_VND_LOG_VOLUMES, 0, buf, 32 + 256) && v[0].cache_policy == GMX_VND_CACHE_WRITE_THROUGH,
	      "write through");
	check(vnd_ok("ns-delete", "\"nsid\":1") && !vnd_log(GMX_VND_LOG_VOLUMES, 0, buf, 32 + 256) && le32toh(head->count) == 1 &&
		      le32toh(v[0].nsid) == 2,
	      "one is gone");
	check(vnd_log(GMX_VND_LOG_VOLUMES, 32 + 256, buf, 4) == DNR(GMX_SC_INVALID_FIELD), "behind the end");
	check(!vnd_log(GMX_VND_LOG_VOLUMES, 0, buf, 4096), "a read beyond the end is cut");
	vnd_stop();
	tap_group("volumes");
}

int main(void)
{
	pages();
	agreement();
	rates();
	drives();
	volumes();
	return tap_done();
}
