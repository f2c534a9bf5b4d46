// SPDX-License-Identifier: LGPL-2.1-or-later
/* Decoders of NVMe's own data structures. */
#include <errno.h>
#include <stdio.h>

#include <libgmx/log.h>

#include "wire.h"

/* Counts of units of 512000 bytes */
static uint64_t data_units(uint64_t units)
{
	return units > UINT64_MAX / 512000 ? UINT64_MAX : units * 512000;
}

/* Power in mW: the unit is 10 mW, or 0.1 mW with MXPS */
static void power_state(const struct wire *w, struct libgmx_power_state *out)
{
	uint32_t power = GET16(w, gmx_psd, max_power);
	uint8_t flags = GET8(w, gmx_psd, flags);

	out->max_mw = flags & GMX_PSD_MXPS ? power / 10 : power * 10;
	out->non_operational = flags & GMX_PSD_NOPS;
	out->entry_us = GET32(w, gmx_psd, entry_lat_us);
	out->exit_us = GET32(w, gmx_psd, exit_lat_us);
}

int libgmx_decode_id_ctrl(const void *data, size_t len, struct libgmx_id_ctrl *out)
{
	struct wire w = wire_of(data, len), psd;
	uint16_t oacs = GET16(&w, gmx_id_ctrl, oacs);
	uint32_t sanicap = GET32(&w, gmx_id_ctrl, sanicap);
	uint8_t frmw = GET8(&w, gmx_id_ctrl, frmw), npss = GET8(&w, gmx_id_ctrl, npss), fwug = GET8(&w, gmx_id_ctrl, fwug);

	memset(out, 0, sizeof(*out));
	if (w.len < offsetof(struct gmx_id_ctrl, psd))
		return -EBADMSG;
	TEXT(&w, gmx_id_ctrl, sn, out->serial);
	TEXT(&w, gmx_id_ctrl, mn, out->model);
	TEXT(&w, gmx_id_ctrl, fr, out->firmware);
	TEXT(&w, gmx_id_ctrl, subnqn, out->subnqn);
	out->vendor = GET16(&w, gmx_id_ctrl, vid);
	out->subsystem_vendor = GET16(&w, gmx_id_ctrl, ssvid);
	out->cntlid = GET16(&w, gmx_id_ctrl, cntlid);
	out->version = GET32(&w, gmx_id_ctrl, ver);
	out->max_namespaces = GET32(&w, gmx_id_ctrl, nn);
	out->capacity_bytes = GET(&w, gmx_id_ctrl, tnvmcap);
	out->free_bytes = GET(&w, gmx_id_ctrl, unvmcap);
	out->max_transfer_shift = GET8(&w, gmx_id_ctrl, mdts);
	out->warning_celsius = wire_celsius(GET(&w, gmx_id_ctrl, wctemp));
	out->critical_celsius = wire_celsius(GET(&w, gmx_id_ctrl, cctemp));
	out->activation_ms = (uint32_t)GET16(&w, gmx_id_ctrl, mtfa) * 100;
	out->fw_granularity_bytes = fwug == 0xff ? 4 : fwug * 4096u;
	out->fw_slots = (frmw >> 1) & 7;
	out->fw_slot1_read_only = frmw & GMX_FRMW_SLOT1_RO;
	out->fw_no_reset = frmw & GMX_FRMW_NO_RESET;
	out->ns_management = oacs & GMX_OACS_NS_MGMT;
	out->format = oacs & GMX_OACS_FORMAT;
	out->firmware_update = oacs & GMX_OACS_FIRMWARE;
	out->self_test = oacs & GMX_OACS_SELF_TEST;
	out->mi = oacs & GMX_OACS_MI;
	out->security = oacs & GMX_OACS_SECURITY;
	out->virtualization = oacs & GMX_OACS_VIRT_MGMT;
	out->sanitize_crypto = sanicap & GMX_SANICAP_CRYPTO;
	out->sanitize_block = sanicap & GMX_SANICAP_BLOCK;
	out->sanitize_overwrite = sanicap & GMX_SANICAP_OVERWRITE;
	out->telemetry = GET8(&w, gmx_id_ctrl, lpa) & GMX_LPA_TELEMETRY;
	out->volatile_cache = GET8(&w, gmx_id_ctrl, vwc) & GMX_VWC_PRESENT;
	out->self_test_minutes = GET16(&w, gmx_id_ctrl, edstt);
	out->nr_power_states = npss < 32 ? npss + 1 : 32;
	for (unsigned int i = 0; i < out->nr_power_states; i++) {
		psd = wire_sub(&w, offsetof(struct gmx_id_ctrl, psd) + i * sizeof(struct gmx_psd), sizeof(struct gmx_psd));
		power_state(&psd, &out->power[i]);
	}
	return 0;
}

int libgmx_decode_id_ns(const void *data, size_t len, struct libgmx_id_ns *out)
{
	struct wire w = wire_of(data, len), f;
	uint8_t formats, zero[16] = { 0 };

	memset(out, 0, sizeof(*out));
	if (w.len < offsetof(struct gmx_id_ns, lbaf) + 16 * sizeof(struct gmx_lbaf))
		return -EBADMSG;
	out->blocks = GET(&w, gmx_id_ns, nsze);
	out->capacity_blocks = GET(&w, gmx_id_ns, ncap);
	out->used_blocks = GET(&w, gmx_id_ns, nuse);
	formats = GET8(&w, gmx_id_ns, nlbaf);
	out->nr_formats = formats < 16 ? formats + 1 : 16;
	out->format = GET8(&w, gmx_id_ns, flbas) & 15;
	for (unsigned int i = 0; i < out->nr_formats; i++) {
		uint8_t shift;

		f = wire_sub(&w, offsetof(struct gmx_id_ns, lbaf) + i * sizeof(struct gmx_lbaf), sizeof(struct gmx_lbaf));
		shift = GET8(&f, gmx_lbaf, ds);
		out->formats[i].block_bytes = shift >= 9 && shift < 32 ? 1u << shift : 0;
		out->formats[i].metadata_bytes = GET16(&f, gmx_lbaf, ms);
		out->formats[i].performance = GET8(&f, gmx_lbaf, rp) & 3;
	}
	out->block_bytes = out->formats[out->format].block_bytes;
	out->metadata_bytes = out->formats[out->format].metadata_bytes;
	if (__builtin_mul_overflow(out->blocks, (uint64_t)out->block_bytes, &out->bytes))
		out->bytes = UINT64_MAX;
	out->protection = GET8(&w, gmx_id_ns, dps) & 7;
	out->shared = GET8(&w, gmx_id_ns, nmic) & 1;
	out->write_protected = GET8(&w, gmx_id_ns, nsattr) & 1;
	out->thin = GET8(&w, gmx_id_ns, nsfeat) & 1;
	out->tells_format = GET8(&w, gmx_id_ns, fpi) & GMX_FPI_SUPPORTED;
	out->format_left = out->tells_format ? GET8(&w, gmx_id_ns, fpi) & 0x7f : 0;
	if (out->format_left > 100)
		out->format_left = 100;
	if (memcmp(w.data + offsetof(struct gmx_id_ns, nguid), zero, 16))
		wire_hex(&w, offsetof(struct gmx_id_ns, nguid), 16, out->nguid, sizeof(out->nguid));
	if (memcmp(w.data + offsetof(struct gmx_id_ns, eui64), zero, 8))
		wire_hex(&w, offsetof(struct gmx_id_ns, eui64), 8, out->eui64, sizeof(out->eui64));
	return 0;
}

int libgmx_decode_smart(const void *data, size_t len, struct libgmx_smart *out)
{
	struct wire w = wire_of(data, len);

	memset(out, 0, sizeof(*out));
	if (w.len < offsetof(struct gmx_log_smart, rsvd216))
		return -EBADMSG;
	out->warnings = GET8(&w, gmx_log_smart, critical_warning);
	out->temperature_celsius = wire_celsius(GET(&w, gmx_log_smart, temperature));
	out->spare_percent = GET8(&w, gmx_log_smart, avail_spare);
	out->spare_threshold_percent = GET8(&w, gmx_log_smart, spare_thresh);
	out->used_percent = GET8(&w, gmx_log_smart, percent_used);
	out->read_bytes = data_units(GET(&w, gmx_log_smart, data_units_read));
	out->written_bytes = data_units(GET(&w, gmx_log_smart, data_units_written));
	out->read_commands = GET(&w, gmx_log_smart, host_reads);
	out->write_commands = GET(&w, gmx_log_smart, host_writes);
	out->busy_minutes = GET(&w, gmx_log_smart, busy_time);
	out->power_cycles = GET(&w, gmx_log_smart, power_cycles);
	out->power_on_hours = GET(&w, gmx_log_smart, power_on_hours);
	out->unsafe_shutdowns = GET(&w, gmx_log_smart, unsafe_shutdowns);
	out->media_errors = GET(&w, gmx_log_smart, media_errors);
	out->error_log_entries = GET(&w, gmx_log_smart, error_log_entries);
	out->warning_minutes = GET32(&w, gmx_log_smart, warning_temp_time);
	out->critical_minutes = GET32(&w, gmx_log_smart, critical_temp_time);
	for (unsigned int i = 0; i < 8; i++)
		out->sensor_celsius[i] = wire_celsius(wire_get(&w, offsetof(struct gmx_log_smart, temp_sensor) + 2 * i, 2));
	return 0;
}

int libgmx_decode_fw_slots(const void *data, size_t len, struct libgmx_fw_slots *out)
{
	struct wire w = wire_of(data, len);
	uint8_t afi = GET8(&w, gmx_log_fw_slot, afi);

	memset(out, 0, sizeof(*out));
	if (w.len < offsetof(struct gmx_log_fw_slot, rsvd64))
		return -EBADMSG;
	out->running = afi & 7;
	out->next = (afi >> 4) & 7;
	for (size_t i = 0; i < 7; i++)
		wire_text(&w, offsetof(struct gmx_log_fw_slot, frs) + 8 * i, 8, out->revision[i], sizeof(out->revision[i]));
	return 0;
}

int libgmx_decode_selftest(const void *data, size_t len, struct libgmx_selftest_log *out)
{
	struct wire w = wire_of(data, len), r;

	memset(out, 0, sizeof(*out));
	if (w.len < sizeof(struct gmx_log_selftest))
		return -EBADMSG;
	out->running = GET8(&w, gmx_log_selftest, running) & 15;
	out->percent = GET8(&w, gmx_log_selftest, percent) & 127;
	for (unsigned int i = 0; i < 20; i++) {
		struct libgmx_selftest_entry *e = &out->entry[out->nr];
		uint8_t status, valid;

		r = wire_sub(&w, offsetof(struct gmx_log_selftest, result) + i * sizeof(struct gmx_selftest_result),
			     sizeof(struct gmx_selftest_result));
		status = GET8(&r, gmx_selftest_result, status);
		valid = GET8(&r, gmx_selftest_result, valid);
		if ((status & 15) == GMX_SELFTEST_UNUSED)
			continue;
		e->result = status & 15;
		e->code = status >> 4;
		e->segment = GET8(&r, gmx_selftest_result, segment);
		e->power_on_hours = GET(&r, gmx_selftest_result, power_on_hours);
		e->nsid_valid = valid & GMX_SELFTEST_NSID_VALID;
		e->lba_valid = valid & GMX_SELFTEST_LBA_VALID;
		e->nsid = GET32(&r, gmx_selftest_result, nsid);
		e->lba = GET(&r, gmx_selftest_result, lba);
		out->nr++;
	}
	return 0;
}

int libgmx_decode_sanitize(const void *data, size_t len, struct libgmx_sanitize_log *out)
{
	struct wire w = wire_of(data, len);
	uint16_t status = GET16(&w, gmx_log_sanitize, status), progress = GET16(&w, gmx_log_sanitize, progress);

	memset(out, 0, sizeof(*out));
	if (w.len < offsetof(struct gmx_log_sanitize, overwrite_nd_time))
		return -EBADMSG;
	out->state = status & GMX_SANITIZED_MASK;
	out->percent = (uint8_t)(progress == 0xffff ? 100 : progress * 100u / 65536);
	out->erased = status & GMX_SANITIZED_ERASED;
	out->overwrite_seconds = GET32(&w, gmx_log_sanitize, overwrite_time);
	out->block_seconds = GET32(&w, gmx_log_sanitize, block_erase_time);
	out->crypto_seconds = GET32(&w, gmx_log_sanitize, crypto_erase_time);
	return 0;
}

unsigned int libgmx_decode_errors(const void *data, size_t len, struct libgmx_error_entry *out, unsigned int max)
{
	struct wire w = wire_of(data, len), e;
	unsigned int n = 0;

	for (size_t at = 0; at + sizeof(struct gmx_log_error) <= w.len && n < max; at += sizeof(struct gmx_log_error)) {
		e = wire_sub(&w, at, sizeof(struct gmx_log_error));
		if (!GET(&e, gmx_log_error, count))
			continue;
		out[n].count = GET(&e, gmx_log_error, count);
		out[n].sqid = GET16(&e, gmx_log_error, sqid);
		out[n].cid = GET16(&e, gmx_log_error, cid);
		out[n].status = GET16(&e, gmx_log_error, status) >> 1;
		out[n].lba = GET(&e, gmx_log_error, lba);
		out[n].nsid = GET32(&e, gmx_log_error, nsid);
		n++;
	}
	return n;
}

unsigned int libgmx_decode_ns_list(const void *data, size_t len, uint32_t *out, unsigned int max)
{
	struct wire w = wire_of(data, len);
	unsigned int n = 0;
	uint32_t nsid;

	for (size_t at = 0; at + 4 <= w.len && n < max; at += 4) {
		nsid = (uint32_t)wire_get(&w, at, 4);
		/* ascending up to a zero: what is not, is no list */
		if (!nsid || (n && nsid <= out[n - 1]))
			break;
		out[n++] = nsid;
	}
	return n;
}

unsigned int libgmx_decode_ctrl_list(const void *data, size_t len, uint16_t *out, unsigned int max)
{
	struct wire w = wire_of(data, len);
	unsigned int n = 0, count = (unsigned int)wire_get(&w, 0, 2);

	for (size_t at = 2; at + 2 <= w.len && n < max && n < count; at += 2)
		out[n++] = (uint16_t)wire_get(&w, at, 2);
	return n;
}

#define NS_UUID 3 /* type of a descriptor */

void libgmx_decode_ns_uuid(const void *data, size_t len, char *out)
{
	struct wire w = wire_of(data, len);

	out[0] = 0;
	for (size_t at = 0; at + 4 <= w.len && w.data[at]; at += 4u + w.data[at + 1]) {
		const uint8_t *u = w.data + at + 4;

		if (w.data[at] != NS_UUID || w.data[at + 1] != 16 || at + 20 > w.len)
			continue;
		snprintf(out, 37, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", u[0], u[1], u[2], u[3],
			 u[4], u[5], u[6], u[7], u[8], u[9], u[10], u[11], u[12], u[13], u[14], u[15]);
		return;
	}
}
