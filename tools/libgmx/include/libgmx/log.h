/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Data structures of NVMe, decoded into the host's numbers. A decoder takes what was read and how many bytes that is,
 * and never looks behind it: fields beyond the end are 0. Texts are printable ASCII, trimmed, whatever the controller
 * sent. Return -EBADMSG where the data contradicts itself, else 0. Temperatures are degrees Celsius; counters of 128
 * bits that do not fit read as UINT64_MAX.
 */
#ifndef LIBGMX_LOG_H
#define LIBGMX_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LIBGMX_NO_TEMPERATURE (-32768)

struct libgmx_power_state {
	uint32_t max_mw;
	bool non_operational;
	uint32_t entry_us;
	uint32_t exit_us;
};

struct libgmx_id_ctrl { /* Identify Controller */
	char serial[24];
	char model[44];
	char firmware[12];
	char subnqn[260];
	uint16_t vendor, subsystem_vendor, cntlid;
	uint32_t version; /* of NVMe: major << 16 | minor << 8 | tertiary */
	uint32_t max_namespaces;
	uint64_t capacity_bytes; /* all, and not allocated */
	uint64_t free_bytes;
	uint32_t max_transfer_shift; /* MDTS, 0: no limit */
	int16_t warning_celsius, critical_celsius;
	uint32_t activation_ms;	       /* MTFA */
	uint32_t fw_granularity_bytes; /* FWUG, 0: not known */
	uint8_t fw_slots;
	bool fw_slot1_read_only, fw_no_reset;
	bool ns_management, format, firmware_update, self_test, mi, security, virtualization;
	bool sanitize_crypto, sanitize_block, sanitize_overwrite, telemetry;
	bool volatile_cache;
	uint16_t self_test_minutes; /* extended */
	uint8_t nr_power_states;
	struct libgmx_power_state power[32];
	uint64_t rsvd[16]; /* 0 */
};

struct libgmx_lba_format {
	uint32_t block_bytes; /* 0: not available */
	uint16_t metadata_bytes;
	uint8_t performance; /* 0 best, 3 worst */
};

struct libgmx_id_ns { /* Identify Namespace */
	uint64_t blocks, capacity_blocks, used_blocks;
	uint64_t bytes; /* UINT64_MAX where it does not fit */
	uint32_t block_bytes;
	uint16_t metadata_bytes;
	uint8_t format, nr_formats;
	struct libgmx_lba_format formats[16];
	uint8_t protection; /* type, 0: none */
	bool shared, write_protected, thin;
	char nguid[36], eui64[20]; /* hexadecimal, empty: none */
	bool tells_format;	   /* it says how far a format is */
	uint8_t format_left;	   /* percent that are left of one, 0: none runs */
	uint64_t rsvd[16];	   /* 0 */
};

struct libgmx_smart {	  /* log page 02h */
	uint8_t warnings; /* LIBGMX_SMART_* */
	int16_t temperature_celsius;
	uint8_t spare_percent, spare_threshold_percent, used_percent;
	uint64_t read_bytes, written_bytes; /* from units of 512000 bytes */
	uint64_t read_commands, write_commands;
	uint64_t busy_minutes, power_cycles, power_on_hours, unsafe_shutdowns, media_errors, error_log_entries;
	uint32_t warning_minutes, critical_minutes;
	int16_t sensor_celsius[8]; /* LIBGMX_NO_TEMPERATURE: no such sensor */
	uint64_t rsvd[16];	   /* 0 */
};

#define LIBGMX_SMART_SPARE	 0x01
#define LIBGMX_SMART_TEMPERATURE 0x02
#define LIBGMX_SMART_RELIABILITY 0x04
#define LIBGMX_SMART_READ_ONLY	 0x08
#define LIBGMX_SMART_BACKUP	 0x10

struct libgmx_fw_slots {      /* log page 03h */
	uint8_t running;      /* slot */
	uint8_t next;	      /* 0: the same */
	char revision[7][12]; /* empty: no image */
};

struct libgmx_selftest_entry {
	uint8_t code;	/* 1 short, 2 extended */
	uint8_t result; /* 0 passed; 15: the entry is not used */
	uint8_t segment;
	uint64_t power_on_hours;
	bool nsid_valid, lba_valid;
	uint32_t nsid;
	uint64_t lba;
};

struct libgmx_selftest_log { /* log page 06h */
	uint8_t running;     /* 0: none */
	uint8_t percent;
	unsigned int nr;
	struct libgmx_selftest_entry entry[20]; /* newest first */
};

struct libgmx_error_entry { /* one of log page 01h */
	uint64_t count;
	uint16_t sqid, cid, status; /* without the phase */
	uint64_t lba;
	uint32_t nsid;
};

struct libgmx_sanitize_log { /* log page 81h */
	uint8_t state;	     /* 0 never, 1 done, 2 runs, 3 failed, 4 done and deallocated */
	uint8_t percent;
	bool erased;						   /* nothing was written since */
	uint32_t overwrite_seconds, block_seconds, crypto_seconds; /* UINT32_MAX: not known */
};

struct libgmx_ctrl;

/* The SMART log of a controller, by the driver's copy or by the log page */
int libgmx_smart_read(struct libgmx_ctrl *ctrl, struct libgmx_smart *out);

int libgmx_decode_id_ctrl(const void *data, size_t len, struct libgmx_id_ctrl *out);
int libgmx_decode_id_ns(const void *data, size_t len, struct libgmx_id_ns *out);
int libgmx_decode_smart(const void *data, size_t len, struct libgmx_smart *out);
int libgmx_decode_fw_slots(const void *data, size_t len, struct libgmx_fw_slots *out);
int libgmx_decode_selftest(const void *data, size_t len, struct libgmx_selftest_log *out);
int libgmx_decode_sanitize(const void *data, size_t len, struct libgmx_sanitize_log *out);

/* Entries of log page 01h that are in use, newest first; returns how many were written to @out, at most @max. */
unsigned int libgmx_decode_errors(const void *data, size_t len, struct libgmx_error_entry *out, unsigned int max);

/* A list of namespaces (CNS 02h, 10h) up to its end, at most @max. */
unsigned int libgmx_decode_ns_list(const void *data, size_t len, uint32_t *out, unsigned int max);

/* A list of controllers (CNS 12h, 13h) */
unsigned int libgmx_decode_ctrl_list(const void *data, size_t len, uint16_t *out, unsigned int max);

/* The UUID of CNS 03h in its usual form (37 bytes with the end), or an empty text */
void libgmx_decode_ns_uuid(const void *data, size_t len, char *out);

#ifdef __cplusplus
}
#endif

#endif
