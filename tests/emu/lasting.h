/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a controller keeps beside its blocks, for power cuts: a feature that is saved, a firmware slot, the vital product
 * data. Each holds the number of the command that wrote it last; while a command is cut short it may hold the one before.
 */
#ifndef TESTS_EMU_LASTING_H
#define TESTS_EMU_LASTING_H

#include <gmx/mi.h>

#include "firmware.h"
#include "media.h"

#define LASTING_SLOT 2u
#define LASTING_NONE UINT64_MAX /* none of these commands wrote what is there */

enum lasting { LASTING_FEATURE, LASTING_FIRMWARE, LASTING_VPD, NR_LASTING };

static const char *const lasting_names[NR_LASTING] = { "the feature", "the firmware slot", "the vital product data" };
static uint8_t lasting_factory[GMX_MI_VPD_SIZE];

static inline uint16_t lasting_log(unsigned int page, void *buf, uint32_t len)
{
	return admin(.opcode = GMX_ADM_GET_LOG, .nsid = GMX_NSID_ALL, .cdw10 = page | GMX_LOG_RAE | (len / 4 - 1) << 16,
		     .data = buf, .len = len);
}

static inline uint16_t lasting_firmware(uint64_t number)
{
	struct test_image image;
	char revision[16];
	uint16_t status;

	snprintf(revision, sizeof(revision), "P%07llx", (unsigned long long)number & 0xfffffff);
	image = test_image_make(3, revision, 2 << 16, 1, "{}");
	status = admin(.opcode = GMX_ADM_FW_DOWNLOAD, .cdw10 = image.len / 4 - 1, .data = image.data, .len = image.len);
	free(image.data);
	return status ? status : admin(.opcode = GMX_ADM_FW_COMMIT, .cdw10 = GMX_FW_REPLACE << 3 | LASTING_SLOT);
}

static inline uint16_t lasting_mi(bool send, unsigned int opcode, uint8_t vpd[GMX_MI_VPD_SIZE])
{
	uint16_t status = admin(.opcode = send ? GMX_ADM_MI_SEND : GMX_ADM_MI_RECV, .cdw10 = GMX_MI_HEADER, .cdw11 = opcode,
				.cdw13 = GMX_MI_VPD_SIZE, .data = vpd, .len = GMX_MI_VPD_SIZE);

	return status ? status : GMX_MI_STATUS(bed_dw0);
}

static inline void lasting_fill(uint8_t vpd[GMX_MI_VPD_SIZE], uint64_t number)
{
	memcpy(vpd, &number, sizeof(number));
	for (unsigned int i = sizeof(number); i < GMX_MI_VPD_SIZE; i++)
		vpd[i] = (uint8_t)(number * 13 + i);
}

static inline uint16_t lasting_write(enum lasting what, uint64_t number)
{
	uint8_t vpd[GMX_MI_VPD_SIZE];

	switch (what) {
	case LASTING_FEATURE:
		return admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_VND_FEAT_RECOVERY | GMX_SET_FEAT_SAVE,
			     .cdw11 = (uint32_t)number & 0xffff);
	case LASTING_FIRMWARE: return lasting_firmware(number);
	default: lasting_fill(vpd, number); return lasting_mi(true, GMX_MI_VPD_WRITE, vpd);
	}
}

/* Whose it is; 0: as it was made. Only so much of a number is kept as lasting_same() compares. */
static inline uint64_t lasting_read(enum lasting what)
{
	uint8_t vpd[GMX_MI_VPD_SIZE], want[GMX_MI_VPD_SIZE];
	struct gmx_log_fw_slot slots;
	char text[9] = "";
	uint64_t number;
	char *end;

	switch (what) {
	case LASTING_FEATURE:
		if (admin(.opcode = GMX_ADM_GET_FEATURES, .cdw10 = GMX_VND_FEAT_RECOVERY))
			return LASTING_NONE;
		return bed_dw0 >> 16 ? 0 : bed_dw0;
	case LASTING_FIRMWARE:
		if (lasting_log(GMX_LOG_FW_SLOT, &slots, sizeof(slots)))
			return LASTING_NONE;
		memcpy(text, slots.frs[LASTING_SLOT - 1], 8);
		if (!text[0])
			return 0;
		number = strtoull(text + 1, &end, 16);
		return text[0] == 'P' && end == text + 8 ? number : LASTING_NONE;
	default:
		if (lasting_mi(false, GMX_MI_VPD_READ, vpd))
			return LASTING_NONE;
		if (!memcmp(vpd, lasting_factory, sizeof(vpd)))
			return 0;
		memcpy(&number, vpd, sizeof(number));
		lasting_fill(want, number);
		return memcmp(vpd, want, sizeof(vpd)) ? LASTING_NONE : number;
	}
}

static inline bool lasting_same(enum lasting what, uint64_t read, uint64_t number)
{
	uint64_t mask = what == LASTING_FEATURE ? 0xffff : what == LASTING_FIRMWARE ? 0xfffffff : UINT64_MAX;

	return read == (number & mask);
}

/* On a new device */
static inline void lasting_begin(void)
{
	check(!lasting_mi(false, GMX_MI_VPD_READ, lasting_factory), "vital product data");
}

/* A short self-test to its end */
static inline uint16_t lasting_self_test(void)
{
	uint16_t status = admin(.opcode = GMX_ADM_SELF_TEST, .cdw10 = GMX_SELFTEST_SHORT);
	struct gmx_log_selftest log = { .running = 1 };

	for (unsigned int i = 0; !status && log.running & 0xf && i < 1000; i++) {
		bed_run(100000000);
		status = lasting_log(GMX_LOG_SELF_TEST, &log, sizeof(log));
	}
	return status ? status : log.running & 0xf ? 0xfff : 0;
}

/* The newest result as code and outcome; NONE: one runs */
static inline uint64_t lasting_test_result(void)
{
	struct gmx_log_selftest log;

	if (lasting_log(GMX_LOG_SELF_TEST, &log, sizeof(log)) || log.running & 0xf)
		return LASTING_NONE;
	return log.result[0].status;
}

static inline bool lasting_sanitize_runs(void)
{
	struct gmx_log_sanitize log = { 0 };

	return !lasting_log(GMX_LOG_SANITIZE, &log, sizeof(log)) &&
	       (le16toh(log.status) & GMX_SANITIZED_MASK) == GMX_SANITIZED_RUNNING;
}

/* As long as one runs; false: it does not end. */
static inline bool lasting_sanitize_end(void)
{
	for (unsigned int i = 0; i < 10000; i++) {
		if (!lasting_sanitize_runs())
			return true;
		bed_run(10000000);
	}
	return false;
}

static inline uint16_t lasting_sanitize(void)
{
	uint16_t status = admin(.opcode = GMX_ADM_SANITIZE, .cdw10 = GMX_SANITIZE_BLOCK_ERASE);

	return status ? status : lasting_sanitize_end() ? 0 : 0xfff;
}

/* To the format that it has */
static inline uint16_t lasting_format(uint32_t nsid)
{
	struct gmx_id_ns id;
	uint16_t status = admin(.opcode = GMX_ADM_IDENTIFY, .nsid = nsid, .cdw10 = GMX_CNS_NS, .data = &id, .len = sizeof(id));

	return status ? status : admin(.opcode = GMX_ADM_FORMAT, .nsid = nsid, .cdw10 = id.flbas & 0x1f);
}

#endif
