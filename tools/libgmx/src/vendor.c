// SPDX-License-Identifier: LGPL-2.1-or-later
/* Decoders of the vendor page and of the vendor log pages. */
#include <errno.h>

#include <libgmx/log.h>
#include <libgmx/vendor.h>

#include "wire.h"

#define MAJOR(version) ((version) >> 8)

#define NAME_OF(table, index) ((index) < sizeof(table) / sizeof((table)[0]) ? (table)[index] : NULL)

/* What the page says that it has of @given bytes: its length, never more than was given */
static size_t page_len(size_t given, uint64_t length)
{
	return length < given ? (size_t)length : given;
}

int libgmx_decode_vendor_page(const void *data, size_t len, struct libgmx_vendor_page *out)
{
	struct wire all = wire_of(data, len), w = wire_sub(&all, offsetof(struct gmx_id_ctrl, vs), sizeof(struct gmx_vnd_id));

	memset(out, 0, sizeof(*out));
	if (w.len < GMX_VND_ID_LENGTH || memcmp(w.data, GMX_VND_MAGIC, 4))
		return -ENOTSUP;
	out->version = GET16(&w, gmx_vnd_id, version);
	if (MAJOR(out->version) != MAJOR(GMX_VND_VERSION))
		return -ENOTSUP;
	w.len = page_len(w.len, GET(&w, gmx_vnd_id, length));
	if (w.len < GMX_VND_ID_LENGTH)
		return -EBADMSG;
	out->family = GET8(&w, gmx_vnd_id, family);
	out->function = GET8(&w, gmx_vnd_id, function);
	out->dma_bits = GET8(&w, gmx_vnd_id, dma_bits);
	out->form_factor = GET8(&w, gmx_vnd_id, form_factor);
	out->link_speed = GET8(&w, gmx_vnd_id, link_speed);
	out->link_width = GET8(&w, gmx_vnd_id, link_width);
	out->nr_rails = GET8(&w, gmx_vnd_id, nr_rails);
	out->features = GET(&w, gmx_vnd_id, features);
	out->log_pages = GET(&w, gmx_vnd_id, log_pages);
	out->feature_ids = GET(&w, gmx_vnd_id, feature_ids);
	out->events = GET32(&w, gmx_vnd_id, events);
	out->event_entries = GET32(&w, gmx_vnd_id, event_entries);
	out->max_drives = GET16(&w, gmx_vnd_id, max_drives);
	out->max_volumes = GET16(&w, gmx_vnd_id, max_volumes);
	return 0;
}

const char *libgmx_feature_name(unsigned int bit)
{
	static const char *const names[] = { "raid",	  "scsi_tunnel", "pi",	       "encryption", "qos",	  "sriov",
					     "wrr",	  "coalescing",	 "rotational", "drive_mgmt", "event_log", "health",
					     "inventory", "fw_state",	 "power",      "journal" };

	return NAME_OF(names, bit);
}

int libgmx_decode_health(const void *data, size_t len, struct libgmx_health *out)
{
	struct wire w = wire_of(data, len);

	memset(out, 0, sizeof(*out));
	if (w.len < 4 || MAJOR(GET16(&w, gmx_vnd_log_health, version)) != MAJOR(GMX_VND_VERSION))
		return -ENOTSUP;
	w.len = page_len(w.len, GET(&w, gmx_vnd_log_health, length));
	if (w.len < offsetof(struct gmx_vnd_log_health, temperature))
		return -EBADMSG;
	out->state = GET8(&w, gmx_vnd_log_health, state);
	out->problems = GET32(&w, gmx_vnd_log_health, problems);
	out->temperature_celsius = wire_celsius(GET(&w, gmx_vnd_log_health, temperature));
	out->lowest_celsius = wire_celsius(GET(&w, gmx_vnd_log_health, temperature_low));
	out->highest_celsius = wire_celsius(GET(&w, gmx_vnd_log_health, temperature_high));
	out->warning_celsius = wire_celsius(GET(&w, gmx_vnd_log_health, temperature_warning));
	out->critical_celsius = wire_celsius(GET(&w, gmx_vnd_log_health, temperature_critical));
	out->nr_drives = GET16(&w, gmx_vnd_log_health, nr_drives);
	out->nr_drives_failed = GET16(&w, gmx_vnd_log_health, nr_drives_failed);
	out->link_speed = GET8(&w, gmx_vnd_log_health, link_speed);
	out->link_width = GET8(&w, gmx_vnd_log_health, link_width);
	out->spare_percent = GET8(&w, gmx_vnd_log_health, spare_percent);
	out->used_percent = GET8(&w, gmx_vnd_log_health, used_percent);
	out->uptime_ms = GET(&w, gmx_vnd_log_health, uptime_ms);
	out->power_on_seconds = GET(&w, gmx_vnd_log_health, power_on_seconds);
	out->power_cycles = GET(&w, gmx_vnd_log_health, power_cycles);
	out->unsafe_shutdowns = GET(&w, gmx_vnd_log_health, unsafe_shutdowns);
	out->controller_resets = GET(&w, gmx_vnd_log_health, controller_resets);
	out->fatal_errors = GET(&w, gmx_vnd_log_health, fatal_errors);
	out->bytes_read = GET(&w, gmx_vnd_log_health, bytes_read);
	out->bytes_written = GET(&w, gmx_vnd_log_health, bytes_written);
	out->media_errors = GET(&w, gmx_vnd_log_health, media_errors);
	out->commands_failed = GET(&w, gmx_vnd_log_health, commands_failed);
	for (unsigned int i = 0; i < 3; i++)
		out->link_errors[i] = wire_get(&w, offsetof(struct gmx_vnd_log_health, link_errors) + 8 * i, 8);
	out->event_sequence = GET(&w, gmx_vnd_log_health, event_sequence);
	return 0;
}

const char *libgmx_health_state_name(unsigned int state)
{
	static const char *const names[] = { "good", "degraded", "failing", "failed" };

	return NAME_OF(names, state);
}

const char *libgmx_problem_name(unsigned int bit, bool advice)
{
	static const char *const names[] = { "spare", "temperature", "reliability", "read-only", "drive", "link", "worn" };
	static const char *const advices[] = {
		"spare blocks are nearly used up: back up, and plan to replace it",
		"it is too hot or too cold: look at air flow and fans",
		"media errors make it unreliable: back up now, and replace it",
		"the medium takes no more writes: back up now, and replace it",
		"a drive has failed: gmxctl drive list says which; replace it",
		"the PCIe link had errors: seat the card or cable again, look at the slot",
		"the rated endurance is used up: plan to replace it",
	};

	return advice ? NAME_OF(advices, bit) : NAME_OF(names, bit);
}

int libgmx_decode_fw_state(const void *data, size_t len, struct libgmx_fw_state *out)
{
	struct wire w = wire_of(data, len);

	memset(out, 0, sizeof(*out));
	if (w.len < 4 || MAJOR(GET16(&w, gmx_vnd_log_fw, version)) != MAJOR(GMX_VND_VERSION))
		return -ENOTSUP;
	w.len = page_len(w.len, GET(&w, gmx_vnd_log_fw, length));
	if (w.len < offsetof(struct gmx_vnd_log_fw, bytes_received))
		return -EBADMSG;
	out->stage = GET8(&w, gmx_vnd_log_fw, stage);
	out->slot = GET8(&w, gmx_vnd_log_fw, slot);
	out->last_status = GET16(&w, gmx_vnd_log_fw, last_status);
	out->bytes_received = GET32(&w, gmx_vnd_log_fw, bytes_received);
	out->bytes_total = GET32(&w, gmx_vnd_log_fw, bytes_total);
	out->running_slot = GET8(&w, gmx_vnd_log_fw, running_slot);
	out->next_slot = GET8(&w, gmx_vnd_log_fw, next_slot);
	out->next_reset = GET8(&w, gmx_vnd_log_fw, next_reset);
	out->previous_slot = GET8(&w, gmx_vnd_log_fw, previous_slot);
	out->percent = GET8(&w, gmx_vnd_log_fw, percent);
	out->activations = GET32(&w, gmx_vnd_log_fw, activations);
	out->failures = GET32(&w, gmx_vnd_log_fw, failures);
	TEXT(&w, gmx_vnd_log_fw, running_revision, out->running_revision);
	TEXT(&w, gmx_vnd_log_fw, last_revision, out->last_revision);
	out->changed_ms = GET(&w, gmx_vnd_log_fw, changed);
	return 0;
}

const char *libgmx_fw_stage_name(unsigned int stage)
{
	static const char *const names[] = { "idle", "downloading", "verifying", "committing", "activating" };

	return NAME_OF(names, stage);
}

const char *libgmx_fw_reset_name(unsigned int kind)
{
	static const char *const names[] = { "immediate", "controller", "conventional", "subsystem" };

	return NAME_OF(names, kind);
}

int libgmx_decode_power(const void *data, size_t len, struct libgmx_power *out)
{
	struct wire w = wire_of(data, len), r;
	size_t rail_bytes;
	uint8_t nr;

	memset(out, 0, sizeof(*out));
	if (w.len < 4 || MAJOR(GET16(&w, gmx_vnd_log_power, version)) != MAJOR(GMX_VND_VERSION))
		return -ENOTSUP;
	w.len = page_len(w.len, GET(&w, gmx_vnd_log_power, length));
	nr = GET8(&w, gmx_vnd_log_power, nr_rails);
	rail_bytes = GET8(&w, gmx_vnd_log_power, rail_bytes);
	if (w.len < offsetof(struct gmx_vnd_log_power, rail) || nr > GMX_VND_MAX_RAILS ||
	    (nr && (rail_bytes < offsetof(struct gmx_vnd_rail, vin_mv) ||
		    w.len < offsetof(struct gmx_vnd_log_power, rail) + nr * rail_bytes)))
		return -EBADMSG;
	out->power_state = GET8(&w, gmx_vnd_log_power, power_state);
	out->nr_rails = nr;
	out->age_ms = GET32(&w, gmx_vnd_log_power, age_ms);
	out->power_mw = GET32(&w, gmx_vnd_log_power, power_mw);
	out->average_mw = GET32(&w, gmx_vnd_log_power, power_average_mw);
	out->peak_mw = GET32(&w, gmx_vnd_log_power, power_peak_mw);
	out->limit_mw = GET32(&w, gmx_vnd_log_power, limit_mw);
	out->energy_mj = GET(&w, gmx_vnd_log_power, energy_mj);
	for (unsigned int i = 0; i < nr; i++) {
		r = wire_sub(&w, offsetof(struct gmx_vnd_log_power, rail) + i * rail_bytes, rail_bytes);
		TEXT(&r, gmx_vnd_rail, name, out->rail[i].name);
		out->rail[i].status_word = GET16(&r, gmx_vnd_rail, status_word);
		out->rail[i].vin_mv = GET32(&r, gmx_vnd_rail, vin_mv);
		out->rail[i].iin_ma = GET32(&r, gmx_vnd_rail, iin_ma);
		out->rail[i].vout_mv = GET32(&r, gmx_vnd_rail, vout_mv);
		out->rail[i].iout_ma = GET32(&r, gmx_vnd_rail, iout_ma);
		out->rail[i].pin_mw = GET32(&r, gmx_vnd_rail, pin_mw);
		out->rail[i].pout_mw = GET32(&r, gmx_vnd_rail, pout_mw);
	}
	return 0;
}

int libgmx_decode_drives(const void *data, size_t len, struct libgmx_drive *out, unsigned int max, unsigned int *count)
{
	struct wire w = wire_of(data, len), d;
	uint32_t nr = GET32(&w, gmx_vnd_log_head, count);
	size_t entry = GET16(&w, gmx_vnd_log_head, entry_bytes);

	*count = 0;
	if (w.len < sizeof(struct gmx_vnd_log_head) || MAJOR(GET16(&w, gmx_vnd_log_head, version)) != MAJOR(GMX_VND_VERSION))
		return -ENOTSUP;
	if (nr && entry < offsetof(struct gmx_vnd_drive, serial))
		return -EBADMSG;
	if (nr > (w.len - sizeof(struct gmx_vnd_log_head)) / (entry ? entry : 1))
		return -EBADMSG;
	for (unsigned int i = 0; i < nr && i < max; i++) {
		struct libgmx_drive *o = &out[i];

		memset(o, 0, sizeof(*o));
		d = wire_sub(&w, sizeof(struct gmx_vnd_log_head) + (uint64_t)i * entry, entry);
		o->id = GET16(&d, gmx_vnd_drive, id);
		o->state = GET8(&d, gmx_vnd_drive, state);
		o->medium = GET8(&d, gmx_vnd_drive, medium);
		o->bus = GET8(&d, gmx_vnd_drive, bus);
		o->flags = GET8(&d, gmx_vnd_drive, flags);
		o->rpm = GET16(&d, gmx_vnd_drive, rpm);
		o->bytes = GET(&d, gmx_vnd_drive, bytes);
		o->used_bytes = GET(&d, gmx_vnd_drive, used_bytes);
		o->block_bytes = GET32(&d, gmx_vnd_drive, block_bytes);
		o->nsid = GET32(&d, gmx_vnd_drive, nsid);
		o->volume = GET16(&d, gmx_vnd_drive, volume);
		o->bay = GET16(&d, gmx_vnd_drive, bay);
		o->temperature_celsius = wire_celsius(GET(&d, gmx_vnd_drive, temperature));
		o->spare_percent = GET8(&d, gmx_vnd_drive, spare_percent);
		o->used_percent = GET8(&d, gmx_vnd_drive, used_percent);
		o->bad_sectors = GET(&d, gmx_vnd_drive, bad_sectors);
		o->reads = GET(&d, gmx_vnd_drive, reads);
		o->writes = GET(&d, gmx_vnd_drive, writes);
		o->power_on_seconds = GET(&d, gmx_vnd_drive, power_on_seconds);
		TEXT(&d, gmx_vnd_drive, serial, o->serial);
		TEXT(&d, gmx_vnd_drive, model, o->model);
		TEXT(&d, gmx_vnd_drive, firmware, o->firmware);
		*count = i + 1;
	}
	return 0;
}
