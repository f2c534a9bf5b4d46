/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What Gigamax adds to NVMe, decoded: the vendor page and the log pages C0h to C9h. docs/design/host-interface.md
 * explains each field. Decoders are as in log.h; -ENOTSUP: this is no such page, or one of another major version.
 */
#ifndef LIBGMX_VENDOR_H
#define LIBGMX_VENDOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct libgmx_ctrl;

enum libgmx_vendor_log {
	LIBGMX_LOG_HEALTH = 0xc0,
	LIBGMX_LOG_VOLUMES = 0xc1,
	LIBGMX_LOG_DRIVES = 0xc2,
	LIBGMX_LOG_EVENTS = 0xc4,
	LIBGMX_LOG_FIRMWARE = 0xc8,
	LIBGMX_LOG_POWER = 0xc9,
};

struct libgmx_vendor_page {
	uint16_t version; /* major << 8 | minor */
	uint8_t family, function, dma_bits, form_factor, link_speed, link_width, nr_rails;
	uint64_t features, log_pages, feature_ids;
	uint32_t events, event_entries;
	uint16_t max_drives, max_volumes;
	uint64_t rsvd[16]; /* 0 */
};

/* @data: all of Identify Controller */
int libgmx_decode_vendor_page(const void *data, size_t len, struct libgmx_vendor_page *out);
/* A name like wrr for bit @bit of the features, or NULL */
const char *libgmx_feature_name(unsigned int bit);

struct libgmx_health {
	uint8_t state;	   /* enum libgmx_health_state; an unknown value is as bad as failed */
	uint32_t problems; /* LIBGMX_PROBLEM_* */
	int16_t temperature_celsius, lowest_celsius, highest_celsius, warning_celsius, critical_celsius;
	uint16_t nr_drives, nr_drives_failed;
	uint8_t link_speed, link_width, spare_percent, used_percent;
	uint64_t uptime_ms, power_on_seconds, power_cycles, unsafe_shutdowns, controller_resets, fatal_errors;
	uint64_t bytes_read, bytes_written, media_errors, commands_failed, link_errors[3], event_sequence;
	uint64_t rsvd[16]; /* 0 */
};

enum libgmx_health_state { LIBGMX_STATE_GOOD, LIBGMX_STATE_DEGRADED, LIBGMX_STATE_FAILING, LIBGMX_STATE_FAILED };

#define LIBGMX_PROBLEM_SPARE	   (1u << 0)
#define LIBGMX_PROBLEM_TEMPERATURE (1u << 1)
#define LIBGMX_PROBLEM_RELIABILITY (1u << 2)
#define LIBGMX_PROBLEM_READ_ONLY   (1u << 3)
#define LIBGMX_PROBLEM_DRIVE	   (1u << 4)
#define LIBGMX_PROBLEM_LINK	   (1u << 5)
#define LIBGMX_PROBLEM_WORN	   (1u << 6)
#define LIBGMX_NR_PROBLEMS	   7

/*
 * The health of a controller by the best way there is: the driver's copy, which needs no privilege beyond the open node,
 * else log page C0h, else the SMART log, from which state and problems are concluded then.
 */
int libgmx_health_read(struct libgmx_ctrl *ctrl, struct libgmx_health *out);

int libgmx_decode_health(const void *data, size_t len, struct libgmx_health *out);
const char *libgmx_health_state_name(unsigned int state);
/* What bit @bit of the problems says: a short name, or with @advice what to do about it. NULL: not known. */
const char *libgmx_problem_name(unsigned int bit, bool advice);

struct libgmx_event {
	uint64_t sequence, time_ms, power_on_ms, value;
	uint16_t code;
	uint8_t severity; /* 0 info, 1 warning, 2 error, 3 critical */
	uint8_t class_;
	uint32_t object;
	char text[84];	  /* UTF-8 */
	uint64_t rsvd[4]; /* 0 */
};

struct libgmx_event_log {
	uint64_t first, last, lost;
	uint32_t capacity, count;
};

#define LIBGMX_NR_EVENT_CLASSES 8

int libgmx_decode_event(const void *data, size_t len, struct libgmx_event *out);
int libgmx_decode_event_head(const void *data, size_t len, struct libgmx_event_log *out, size_t *entry_bytes);
/* All of the log page; entries are handed out by libgmx_event_read(). A name of a code like drive-failed, or NULL. */
const char *libgmx_event_name(unsigned int code);
const char *libgmx_event_class_name(unsigned int class_);
const char *libgmx_severity_name(unsigned int severity);
/*
 * Reads events with a sequence number of at least @from, oldest first, at most @max. Needs no more than the log page; the
 * asynchronous event stays the driver's. @head may be NULL. -EAGAIN: the log moved faster than it could be read.
 */
int libgmx_event_read(struct libgmx_ctrl *ctrl, uint64_t from, struct libgmx_event *out, unsigned int max, unsigned int *count,
		      struct libgmx_event_log *head);

struct libgmx_drive {
	uint16_t id, rpm, volume, bay;
	uint8_t state, medium, bus, flags, spare_percent, used_percent;
	uint64_t bytes, used_bytes, bad_sectors, reads, writes, power_on_seconds;
	uint32_t block_bytes, nsid;
	int16_t temperature_celsius;
	char serial[24], model[44], firmware[12];
	uint64_t rsvd[16]; /* 0 */
};

struct libgmx_fw_state { /* C8h */
	uint8_t stage, slot, running_slot, next_slot, next_reset, previous_slot, percent;
	uint16_t last_status;
	uint32_t bytes_received, bytes_total, activations, failures;
	char running_revision[12], last_revision[12];
	uint64_t changed_ms;
	uint64_t rsvd[8]; /* 0 */
};

int libgmx_decode_fw_state(const void *data, size_t len, struct libgmx_fw_state *out);
const char *libgmx_fw_stage_name(unsigned int stage);
const char *libgmx_fw_reset_name(unsigned int kind);

struct libgmx_rail {
	char name[20];
	uint16_t status_word;
	uint32_t vin_mv, iin_ma, vout_mv, iout_ma, pin_mw, pout_mw;
};

struct libgmx_power {
	uint8_t power_state, nr_rails;
	uint32_t age_ms, power_mw, average_mw, peak_mw, limit_mw;
	uint64_t energy_mj;
	struct libgmx_rail rail[7];
	uint64_t rsvd[8]; /* 0 */
};

int libgmx_decode_power(const void *data, size_t len, struct libgmx_power *out);

/* Lists of drives (C2h): entries there are in @data, at most @max. -EBADMSG: the head contradicts the data. */
int libgmx_decode_drives(const void *data, size_t len, struct libgmx_drive *out, unsigned int max, unsigned int *count);

#ifdef __cplusplus
}
#endif

#endif
