/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * What Gigamax adds to NVMe 1.4: GHI 1.0. docs/design/host-interface.md explains every field; the section numbers here
 * are its. Everything on the wire is little endian; what is reserved is zero when written and ignored when read.
 */
#ifndef GMX_VENDOR_H
#define GMX_VENDOR_H

#include <linux/types.h>

#ifndef __KERNEL__
#include <assert.h>
#include <stddef.h>
#endif

/* PCI identity (section 1) */
#define GMX_PCI_VENDOR		0x474d		/* provisional: not assigned by the PCI-SIG */
#define GMX_PCI_G1		0x0100
#define GMX_PCI_G2		0x0200
#define GMX_PCI_G3		0x0300
#define GMX_PCI_G3_VF		0x0310
#define GMX_PCI_CLASS_G1	0x010400	/* RAID controller */
#define GMX_PCI_CLASS_NVME	0x010802

/* Vendor page: Identify Controller, bytes 3072 to 4095 (section 2) */
#define GMX_VND_MAGIC		"GMXC"
#define GMX_VND_VERSION		0x0100		/* major << 8 | minor */

struct gmx_vnd_id {
	char	magic[4];
	__le16	length;			/* bytes of the page that mean something */
	__le16	version;
	__u8	family;
	__u8	function;
	__u8	dma_bits;
	__u8	form_factor;
	__u8	link_speed;		/* PCIe generation */
	__u8	link_width;		/* lanes */
	__u8	nr_rails;
	__u8	rsvd15;
	__le64	features;		/* GMX_VND_F_* */
	__le64	log_pages;		/* bit n: page C0h + n */
	__le64	feature_ids;		/* bit n: feature C0h + n */
	__le32	events;			/* bit n: class n of events */
	__le16	max_drives;
	__le16	max_volumes;
	__le16	max_spares;
	__le16	max_volume_drives;
	__le16	raid_levels;		/* bit n: enum gmx_vnd_raid_level */
	__le16	key_slots;
	__le16	ciphers;		/* bit n: enum gmx_vnd_cipher */
	__le16	qos_policies;
	__le16	tenants;
	__le16	strip_sizes;		/* bit n: 4 KiB << n */
	__le32	event_entries;
	__le32	pmbus_interval_ms;
	__le64	journal_bytes;
	__u8	rsvd80[944];
};

#define GMX_VND_ID_LENGTH	80		/* gmx_vnd_id::length of version 1.0 */

enum gmx_vnd_family { GMX_VND_FAMILY_G1 = 1, GMX_VND_FAMILY_G2, GMX_VND_FAMILY_G3 };
enum gmx_vnd_function { GMX_VND_FUNCTION_PHYSICAL, GMX_VND_FUNCTION_VIRTUAL };

enum gmx_vnd_form_factor {
	GMX_VND_FORM_UNKNOWN, GMX_VND_FORM_ADD_IN, GMX_VND_FORM_U2, GMX_VND_FORM_M2, GMX_VND_FORM_E1S, GMX_VND_FORM_E3S,
};

#define GMX_VND_F_RAID		(1ull << 0)	/* C1h */
#define GMX_VND_F_SCSI_TUNNEL	(1ull << 1)	/* D0h to D2h */
#define GMX_VND_F_PI		(1ull << 2)	/* checks protection information end to end */
#define GMX_VND_F_ENCRYPTION	(1ull << 3)	/* C2h, C5h, encryption fields of I/O commands */
#define GMX_VND_F_QOS		(1ull << 4)	/* CDh */
#define GMX_VND_F_SRIOV		(1ull << 5)
#define GMX_VND_F_WRR		(1ull << 6)
#define GMX_VND_F_COALESCING	(1ull << 7)
#define GMX_VND_F_ROTATIONAL	(1ull << 8)	/* may have drives that rotate */
#define GMX_VND_F_DRIVE_MGMT	(1ull << 9)	/* C9h */
#define GMX_VND_F_EVENT_LOG	(1ull << 10)	/* log page C4h, feature C0h */
#define GMX_VND_F_HEALTH	(1ull << 11)	/* log page C0h */
#define GMX_VND_F_INVENTORY	(1ull << 12)	/* log pages C1h, C2h */
#define GMX_VND_F_FW_STATE	(1ull << 13)	/* log page C8h */
#define GMX_VND_F_POWER		(1ull << 14)	/* log page C9h */
#define GMX_VND_F_JOURNAL	(1ull << 15)	/* log page C3h */

/* Vendor admin commands (section 3) */
enum gmx_vnd_opcode {
	GMX_VND_ADM_VOLUME	= 0xc1,
	GMX_VND_ADM_KEY_EXPORT	= 0xc2,
	GMX_VND_ADM_KEY		= 0xc5,
	GMX_VND_ADM_DRIVE	= 0xc9,
	GMX_VND_ADM_QOS		= 0xcd,
	GMX_VND_ADM_SCSI_NONE	= 0xd0,
	GMX_VND_ADM_SCSI_OUT	= 0xd1,
	GMX_VND_ADM_SCSI_IN	= 0xd2,
};

/* Status codes of the vendor commands: command specific, C0h and above */
enum gmx_vnd_status {
	GMX_VND_SC_NO_VOLUME	= 0x1c0,
	GMX_VND_SC_NO_DRIVE	= 0x1c1,
	GMX_VND_SC_VOLUME_STATE	= 0x1c2,	/* not in the state that the volume is in */
	GMX_VND_SC_DRIVE_STATE	= 0x1c3,
	GMX_VND_SC_DRIVE_USED	= 0x1c4,
	GMX_VND_SC_TOO_FEW	= 0x1c5,	/* drives for the level, or bytes on one of them */
	GMX_VND_SC_NO_KEY	= 0x1c6,	/* the slot is empty */
	GMX_VND_SC_KEY_USED	= 0x1c7,
	GMX_VND_SC_KEY_WRAP	= 0x1c8,	/* the wrapped form does not verify */
	GMX_VND_SC_NO_POLICY	= 0x1c9,
	GMX_VND_SC_POLICY_USED	= 0x1ca,
	GMX_VND_SC_SCSI		= 0x1cb,	/* the drive's status is not GOOD; completion dwords 0 and 1 say more */
	GMX_VND_SC_LIMIT	= 0x1cc,	/* as many as the vendor page allows */
};

/* CDW10 of C1h, C2h, C5h, C9h and CDh: an operation and what it is done to; CDW12 is the length of the data in bytes */
#define GMX_VND_CDW10(op, id)	((__u32)(op) | (__u32)(id) << 16)
#define GMX_VND_CDW10_OP(cdw10)	((cdw10) & 0xff)
#define GMX_VND_CDW10_ID(cdw10)	((cdw10) >> 16)

enum gmx_vnd_raid_level {
	GMX_VND_RAID_0, GMX_VND_RAID_1, GMX_VND_RAID_5, GMX_VND_RAID_6, GMX_VND_RAID_10, GMX_VND_RAID_PLAIN = 0xff,
};

enum gmx_vnd_cache_policy { GMX_VND_CACHE_WRITE_THROUGH, GMX_VND_CACHE_WRITE_BACK };
enum gmx_vnd_journal_policy { GMX_VND_JOURNAL_OFF, GMX_VND_JOURNAL_METADATA, GMX_VND_JOURNAL_DATA };

enum gmx_vnd_volume_op {
	GMX_VND_VOLUME_CREATE,
	GMX_VND_VOLUME_DELETE,
	GMX_VND_VOLUME_EXPAND,
	GMX_VND_VOLUME_SET_SPARE,
	GMX_VND_VOLUME_CLEAR_SPARE,
	GMX_VND_VOLUME_FAIL_DRIVE,
	GMX_VND_VOLUME_REPLACE_DRIVE,
	GMX_VND_VOLUME_START_REBUILD,
	GMX_VND_VOLUME_STOP_REBUILD,
	GMX_VND_VOLUME_START_SCRUB,
	GMX_VND_VOLUME_STOP_SCRUB,
	GMX_VND_VOLUME_SET_POLICY,
};

struct gmx_vnd_volume_req {		/* C1h: create, expand, set policy (3.1) */
	__le16	length;
	__u8	level;
	__u8	cache_policy;
	__u8	journal_policy;
	__u8	rebuild_percent;	/* 0: as feature C1h says */
	__u8	scrub_percent;
	__u8	rsvd7;
	__le64	bytes;			/* 0: all there is */
	__le32	strip_bytes;
	__le16	nr_drives;
	__le16	nr_spares;
	__le32	block_bytes;
	__u8	rsvd28[4];
	char	name[32];
	__le16	drive[64];		/* members, then spares */
	__u8	rsvd192[64];
};

enum gmx_vnd_key_op {
	GMX_VND_KEY_PROGRAM,
	GMX_VND_KEY_GENERATE,
	GMX_VND_KEY_IMPORT,
	GMX_VND_KEY_EVICT,
	GMX_VND_KEY_SET_MEDIA,
};

enum gmx_vnd_cipher { GMX_VND_AES_128_XTS, GMX_VND_AES_256_XTS };

struct gmx_vnd_key_req {		/* C5h: program, generate, import (3.3) */
	__le16	length;
	__u8	cipher;
	__u8	unit_shift;		/* data unit is 2 ^ n bytes */
	__le16	key_bytes;		/* of key[], 0 for generate */
	__le16	wrapping_slot;		/* import: what unwraps it */
	__u8	id[16];			/* the host's name for the key */
	__u8	key[128];
	__u8	rsvd152[104];
};

struct gmx_vnd_key_blob {		/* C2h (3.2); C5h import takes it as gmx_vnd_key_req::key */
	__le16	length;
	__u8	cipher;
	__u8	unit_shift;
	__le16	blob_bytes;
	__le16	wrapping_slot;
	__u8	id[16];
	__u8	blob[128];
	__u8	rsvd152[104];
};

enum gmx_vnd_drive_op {
	GMX_VND_DRIVE_LOCATE,		/* CDW11: seconds, 0: off, ffffffffh: until it is switched off */
	GMX_VND_DRIVE_PREPARE_REMOVAL,
	GMX_VND_DRIVE_SECURE_ERASE,	/* CDW11: enum gmx_vnd_erase */
	GMX_VND_DRIVE_OFFLINE,
	GMX_VND_DRIVE_ONLINE,
};

enum gmx_vnd_erase { GMX_VND_ERASE_OVERWRITE, GMX_VND_ERASE_BLOCK, GMX_VND_ERASE_CRYPTO };

enum gmx_vnd_qos_op {
	GMX_VND_QOS_CREATE,
	GMX_VND_QOS_CHANGE,
	GMX_VND_QOS_DELETE,
	GMX_VND_QOS_BIND,		/* CDW11: enum gmx_vnd_qos_target, CDW13: which one */
	GMX_VND_QOS_UNBIND,
};

enum gmx_vnd_qos_target { GMX_VND_QOS_NAMESPACE, GMX_VND_QOS_TENANT, GMX_VND_QOS_FUNCTION };

struct gmx_vnd_qos_req {		/* CDh: create, change (3.5) */
	__le16	length;
	__le16	weight;			/* 1 to 1000 */
	__le32	burst_ms;
	__le64	max_read_iops;		/* 0: no limit, here and below */
	__le64	max_write_iops;
	__le64	max_read_bytes;		/* a second */
	__le64	max_write_bytes;
	__le64	min_iops;
	__le32	target_latency_us;
	__le16	tenant;			/* 0: none */
	__u8	rsvd54[2];
	char	name[32];
	__u8	rsvd88[40];
};

/* D0h to D2h: CDW10 to 13 hold the CDB, CDW14 the length of the data in bytes (3.6) */
#define GMX_VND_SCSI_CDW15(drive, cdb_bytes, seconds) \
	((__u32)(drive) | (__u32)(cdb_bytes) << 16 | (__u32)(seconds) << 24)
#define GMX_VND_SCSI_DRIVE(cdw15)	((cdw15) & 0xffff)
#define GMX_VND_SCSI_CDB_BYTES(cdw15)	(((cdw15) >> 16) & 0x1f)
#define GMX_VND_SCSI_SECONDS(cdw15)	((cdw15) >> 24)
/* Completion dword 0; dword 1 is the residual in bytes */
#define GMX_VND_SCSI_STATUS(dw0)	((dw0) & 0xff)
#define GMX_VND_SCSI_SENSE_KEY(dw0)	(((dw0) >> 8) & 0xf)
#define GMX_VND_SCSI_ASC(dw0)		(((dw0) >> 16) & 0xff)
#define GMX_VND_SCSI_ASCQ(dw0)		((dw0) >> 24)

/* Log pages (section 4) */
enum gmx_vnd_log {
	GMX_VND_LOG_HEALTH	= 0xc0,
	GMX_VND_LOG_VOLUMES	= 0xc1,
	GMX_VND_LOG_DRIVES	= 0xc2,
	GMX_VND_LOG_JOURNAL	= 0xc3,
	GMX_VND_LOG_EVENTS	= 0xc4,
	GMX_VND_LOG_KEYS	= 0xc5,
	GMX_VND_LOG_QOS		= 0xc6,
	GMX_VND_LOG_TENANTS	= 0xc7,
	GMX_VND_LOG_FW		= 0xc8,
	GMX_VND_LOG_POWER	= 0xc9,
};

struct gmx_vnd_log_health {		/* C0h (4.1) */
	__le16	length;
	__le16	version;
	__u8	state;
	__u8	rsvd5[3];
	__le32	problems;		/* GMX_VND_PROBLEM_* */
	__le16	temperature;		/* kelvin, this and the next four */
	__le16	temperature_low;
	__le16	temperature_high;
	__le16	temperature_warning;
	__le16	temperature_critical;
	__le16	nr_drives;
	__le16	nr_drives_failed;
	__u8	link_speed;
	__u8	link_width;
	__u8	spare_percent;
	__u8	used_percent;
	__u8	rsvd30[2];
	__le64	uptime_ms;
	__le64	power_on_seconds;
	__le64	power_cycles;
	__le64	unsafe_shutdowns;
	__le64	controller_resets;
	__le64	fatal_errors;
	__le64	bytes_read;
	__le64	bytes_written;
	__le64	media_errors;
	__le64	commands_failed;
	__le64	link_errors[3];		/* correctable, non-fatal, fatal */
	__le64	event_sequence;		/* newest entry of the event log */
	__u8	rsvd144[368];
};

enum gmx_vnd_state {
	GMX_VND_STATE_GOOD,
	GMX_VND_STATE_DEGRADED,
	GMX_VND_STATE_FAILING,
	GMX_VND_STATE_FAILED,
};

#define GMX_VND_PROBLEM_SPARE		(1u << 0)
#define GMX_VND_PROBLEM_TEMPERATURE	(1u << 1)
#define GMX_VND_PROBLEM_RELIABILITY	(1u << 2)
#define GMX_VND_PROBLEM_READ_ONLY	(1u << 3)
#define GMX_VND_PROBLEM_DRIVE		(1u << 4)
#define GMX_VND_PROBLEM_LINK		(1u << 5)
#define GMX_VND_PROBLEM_WORN		(1u << 6)

/* Pages that list things: this head, then count entries of entry_bytes each */
struct gmx_vnd_log_head {
	__le32	length;			/* of the page in bytes, with this head */
	__le16	version;
	__le16	entry_bytes;
	__le32	count;
	__le32	generation;		/* another one: the content is another */
	__u8	rsvd16[16];
};

struct gmx_vnd_volume {			/* C1h (4.2) */
	__le16	id;
	__u8	level;
	__u8	state;
	__le32	nsid;
	__le64	bytes;
	__le64	used_bytes;
	__le32	block_bytes;
	__le32	strip_bytes;
	__le16	nr_drives;
	__le16	nr_spares;
	__u8	operation;
	__u8	cache_policy;
	__u8	journal_policy;
	__u8	rsvd39;
	__le16	progress;		/* of the operation, 65536ths */
	__u8	rsvd42[2];
	__le32	remaining_seconds;
	__le64	scrub_errors;
	__le64	scrub_end;		/* ms since 1970, of the last one */
	char	name[32];
	__le16	drive[64];
	__u8	rsvd224[32];
};

enum gmx_vnd_volume_state {
	GMX_VND_VOLUME_OPTIMAL, GMX_VND_VOLUME_DEGRADED, GMX_VND_VOLUME_CRITICAL, GMX_VND_VOLUME_FAILED,
	GMX_VND_VOLUME_OFFLINE,
};

enum gmx_vnd_volume_operation {
	GMX_VND_OPERATION_NONE, GMX_VND_OPERATION_INIT, GMX_VND_OPERATION_REBUILD, GMX_VND_OPERATION_SCRUB,
	GMX_VND_OPERATION_EXPAND,
};

struct gmx_vnd_drive {			/* C2h (4.3) */
	__le16	id;
	__u8	state;
	__u8	medium;
	__u8	bus;
	__u8	flags;			/* GMX_VND_DRIVE_F_* */
	__le16	rpm;			/* 0: does not rotate */
	__le64	bytes;
	__le64	used_bytes;		/* that were ever written and not deallocated */
	__le32	block_bytes;
	__le32	nsid;			/* that lies on it, 0: none */
	__le16	volume;			/* that it is a member of, ffffh: none */
	__le16	bay;
	__le16	temperature;		/* kelvin */
	__u8	spare_percent;
	__u8	used_percent;
	__le64	bad_sectors;		/* of 512 bytes, that cannot be read until they are written */
	__le64	reads;			/* commands since power on */
	__le64	writes;
	__le64	power_on_seconds;
	char	serial[20];
	char	model[40];
	char	firmware[8];
	__u8	wwn[8];
	__u8	rsvd148[108];
};

enum gmx_vnd_drive_state {
	GMX_VND_DRIVE_IS_ONLINE, GMX_VND_DRIVE_IS_OFFLINE, GMX_VND_DRIVE_IS_FAILED, GMX_VND_DRIVE_IS_SPARE,
	GMX_VND_DRIVE_IS_REBUILDING, GMX_VND_DRIVE_IS_REMOVABLE, GMX_VND_DRIVE_IS_FOREIGN,
};

enum gmx_vnd_medium { GMX_VND_MEDIUM_SOLID = 1, GMX_VND_MEDIUM_ROTATING };
enum gmx_vnd_bus { GMX_VND_BUS_INTERNAL = 1, GMX_VND_BUS_SAS, GMX_VND_BUS_SATA };

#define GMX_VND_DRIVE_F_LOCATE		0x01
#define GMX_VND_DRIVE_F_PREDICTED	0x02	/* it will fail soon, it says */

#define GMX_VND_NO_VOLUME		0xffff

struct gmx_vnd_log_journal {		/* C3h (4.4) */
	__le16	length;
	__le16	version;
	__u8	state;
	__u8	policy;
	__u8	rsvd6[2];
	__le64	bytes;
	__le64	used_bytes;
	__le64	sequence;
	__le64	replays;
	__le64	replayed_bytes;
	__le64	replay_end;		/* ms since 1970 */
	__u8	rsvd56[72];
};

enum gmx_vnd_journal_state {
	GMX_VND_JOURNAL_IS_OFF,
	GMX_VND_JOURNAL_IS_CLEAN,
	GMX_VND_JOURNAL_IS_DIRTY,
	GMX_VND_JOURNAL_IS_FAILED,
};

struct gmx_vnd_log_events {		/* C4h (4.5): this head, then entries, oldest first */
	__le32	length;
	__le16	version;
	__le16	entry_bytes;
	__le32	count;
	__le32	capacity;		/* entries */
	__le64	first;			/* sequence number of the oldest entry, 0: there is none */
	__le64	last;
	__le64	lost;			/* left the ring before any host had read them */
	__le64	rsvd40[3];
};

struct gmx_vnd_event {
	__le64	sequence;		/* 1 and up, never twice */
	__le64	time_ms;		/* since 1970 */
	__le64	power_on_ms;		/* since the controller has power */
	__le16	code;			/* enum gmx_vnd_event_code */
	__u8	class;
	__u8	severity;
	__le32	object;
	__le64	value;
	__u8	rsvd40[8];
	char	text[80];		/* UTF-8, padded with zeroes */
};

enum gmx_vnd_severity { GMX_VND_SEV_INFO, GMX_VND_SEV_WARNING, GMX_VND_SEV_ERROR, GMX_VND_SEV_CRITICAL };

/* Classes of events are bits of feature C0h; the high byte of an event's code is its class */
enum gmx_vnd_event_class {
	GMX_VND_CLASS_DRIVE,
	GMX_VND_CLASS_VOLUME,
	GMX_VND_CLASS_JOURNAL,
	GMX_VND_CLASS_KEY,
	GMX_VND_CLASS_QOS,
	GMX_VND_CLASS_THERMAL,
	GMX_VND_CLASS_FIRMWARE,
	GMX_VND_CLASS_CONTROLLER,
	GMX_VND_NR_CLASSES,
};

#define GMX_VND_EVENT_CLASS(code)	((code) >> 8)

enum gmx_vnd_event_code {		/* object; value (4.5) */
	GMX_VND_EV_DRIVE_FAILED		= 0x0001, /* drive; 0 */
	GMX_VND_EV_DRIVE_REPAIRED	= 0x0002, /* drive; 0 */
	GMX_VND_EV_DRIVE_MEDIA_ERROR	= 0x0003, /* drive; byte */
	GMX_VND_EV_DRIVE_ADDED		= 0x0004, /* drive; bytes */
	GMX_VND_EV_DRIVE_REMOVED	= 0x0005, /* drive; 0 */
	GMX_VND_EV_DRIVE_SPARE_LOW	= 0x0006, /* 0; percent */
	GMX_VND_EV_NS_CREATED		= 0x0101, /* nsid; blocks */
	GMX_VND_EV_NS_DELETED		= 0x0102, /* nsid; 0 */
	GMX_VND_EV_NS_ATTACHED		= 0x0103, /* nsid; controller */
	GMX_VND_EV_NS_DETACHED		= 0x0104, /* nsid; controller */
	GMX_VND_EV_NS_RESIZED		= 0x0105, /* nsid; blocks */
	GMX_VND_EV_NS_IDENTITY		= 0x0106, /* nsid; 0 */
	GMX_VND_EV_FORMAT_START		= 0x0107, /* nsid; CDW10 */
	GMX_VND_EV_FORMAT_DONE		= 0x0108, /* nsid; status */
	GMX_VND_EV_SANITIZE_START	= 0x0109, /* 0; CDW11 << 32 | CDW10 */
	GMX_VND_EV_SANITIZE_DONE	= 0x010a, /* 0; SSTAT << 16 | SPROG */
	GMX_VND_EV_VOLUME_DEGRADED	= 0x0110, /* volume; drive */
	GMX_VND_EV_VOLUME_FAILED	= 0x0111, /* volume; drive */
	GMX_VND_EV_VOLUME_OPTIMAL	= 0x0112, /* volume; 0 */
	GMX_VND_EV_REBUILD_START	= 0x0113, /* volume; drive */
	GMX_VND_EV_REBUILD_DONE		= 0x0114, /* volume; drive */
	GMX_VND_EV_SCRUB_START		= 0x0115, /* volume; 0 */
	GMX_VND_EV_SCRUB_DONE		= 0x0116, /* volume; errors */
	GMX_VND_EV_JOURNAL_REPLAYED	= 0x0201, /* 0; bytes */
	GMX_VND_EV_JOURNAL_FAILED	= 0x0202, /* 0; 0 */
	GMX_VND_EV_KEY_PROGRAMMED	= 0x0301, /* slot; 0 */
	GMX_VND_EV_KEY_EVICTED		= 0x0302, /* slot; 0 */
	GMX_VND_EV_QOS_CHANGED		= 0x0401, /* policy; 0 */
	GMX_VND_EV_QOS_MISSED		= 0x0402, /* policy; latency in us */
	GMX_VND_EV_THERMAL_WARNING	= 0x0501, /* 0; kelvin */
	GMX_VND_EV_THERMAL_CRITICAL	= 0x0502, /* 0; kelvin */
	GMX_VND_EV_THERMAL_NORMAL	= 0x0503, /* 0; kelvin */
	GMX_VND_EV_FW_DOWNLOADED	= 0x0601, /* 0; bytes */
	GMX_VND_EV_FW_COMMITTED		= 0x0602, /* slot; status << 16 | commit action; text: the slot's revision */
	GMX_VND_EV_FW_ACTIVATED		= 0x0603, /* slot; 0; text: its revision */
	GMX_VND_EV_FW_FAILED		= 0x0604, /* slot; status */
	GMX_VND_EV_POWER_ON		= 0x0701, /* 0; power cycles */
	GMX_VND_EV_RESET		= 0x0702, /* function; 0 */
	GMX_VND_EV_SHUTDOWN		= 0x0703, /* function; CC.SHN */
	GMX_VND_EV_UNSAFE_SHUTDOWN	= 0x0704, /* 0; unsafe shutdowns */
	GMX_VND_EV_FATAL		= 0x0705, /* function; 0 */
	GMX_VND_EV_LINK_ERROR		= 0x0706, /* function; severity << 32 | status register */
	GMX_VND_EV_TIMESTAMP		= 0x0707, /* function; the timestamp before */
	GMX_VND_EV_SELF_TEST_START	= 0x0708, /* function; code */
	GMX_VND_EV_SELF_TEST_DONE	= 0x0709, /* function; result */
	GMX_VND_EV_TELEMETRY		= 0x070a, /* 0; 1: the controller's own initiative */
	GMX_VND_EV_TEST			= 0x07ff, /* anything; anything */
};

struct gmx_vnd_key_slot {		/* C5h (4.6), after a gmx_vnd_log_head */
	__le16	slot;
	__u8	state;
	__u8	cipher;
	__u8	unit_shift;
	__u8	rsvd5[3];
	__le32	nsid;			/* whose media key it is, 0: none */
	__u8	rsvd12[4];
	__u8	id[16];
	__le64	uses;			/* commands */
	__u8	rsvd40[24];
};

enum gmx_vnd_key_state {
	GMX_VND_KEY_IS_EMPTY,
	GMX_VND_KEY_IS_PROGRAMMED,
	GMX_VND_KEY_IS_GENERATED,
	GMX_VND_KEY_IS_IMPORTED,
};

struct gmx_vnd_qos_stats {		/* C6h (4.7), after a gmx_vnd_log_head */
	__le16	policy;
	__le16	tenant;
	__le32	bindings;
	__le64	reads;
	__le64	writes;
	__le64	bytes_read;
	__le64	bytes_written;
	__le64	throttled;		/* commands that had to wait */
	__le64	throttled_us;
	__le64	read_latency[16];	/* commands below 16 us << n; the last one: all others */
	__le64	write_latency[16];
	char	name[32];
	__u8	rsvd344[40];
};

struct gmx_vnd_tenant {			/* C7h (4.8), after a gmx_vnd_log_head */
	__le16	id;
	__le16	policy;
	__le32	nr_namespaces;
	__le64	reads;
	__le64	writes;
	__le64	bytes_read;
	__le64	bytes_written;
	__le64	throttled_us;
	char	name[32];
	__u8	rsvd80[48];
};

struct gmx_vnd_rail {
	char	name[16];
	__u8	page;			/* PMBus PAGE */
	__u8	vout_mode;		/* PMBus VOUT_MODE: linear, exponent in [4:0] */
	__le16	status_word;		/* PMBus STATUS_WORD */
	__le16	read_vin;		/* LINEAR11 */
	__le16	read_iin;		/* LINEAR11 */
	__le16	read_vout;		/* LINEAR16 */
	__le16	read_iout;		/* LINEAR11 */
	__le16	read_temperature;	/* LINEAR11, degrees Celsius */
	__le16	read_pin;		/* LINEAR11 */
	__le16	read_pout;		/* LINEAR11 */
	__u8	rsvd34[2];
	__le32	vin_mv;
	__le32	iin_ma;
	__le32	vout_mv;
	__le32	iout_ma;
	__le32	pin_mw;
	__le32	pout_mw;
	__u8	rsvd60[4];
};

#define GMX_VND_MAX_RAILS	7

struct gmx_vnd_log_power {		/* C9h (4.10) */
	__le16	length;
	__le16	version;
	__u8	nr_rails;
	__u8	rail_bytes;
	__u8	power_state;
	__u8	rsvd7;
	__le32	age_ms;			/* of the sample */
	__le32	power_mw;
	__le32	power_average_mw;	/* of the last 10 s */
	__le32	power_peak_mw;		/* since power on */
	__le32	limit_mw;		/* of the power state */
	__u8	rsvd28[4];
	__le64	energy_mj;		/* since power on */
	__u8	rsvd40[24];
	struct gmx_vnd_rail rail[GMX_VND_MAX_RAILS];
};

/* Features (section 5) */
enum gmx_vnd_feature {
	GMX_VND_FEAT_EVENT_MASK	= 0xc0,		/* bit per class: sends asynchronous events */
	GMX_VND_FEAT_RATES	= 0xc1,
	GMX_VND_FEAT_RECOVERY	= 0xc2,
};

#define GMX_VND_EVENT_MASK_ALL		((1u << GMX_VND_NR_CLASSES) - 1)
#define GMX_VND_RATES_REBUILD(dw11)	((dw11) & 0xff)		/* percent, 1 to 100 */
#define GMX_VND_RATES_SCRUB(dw11)	(((dw11) >> 8) & 0xff)	/* percent, 0 to 100 */
#define GMX_VND_RECOVERY_LIMIT(dw11)	((dw11) & 0xffff)	/* 100 ms, 0: none */
#define GMX_VND_RECOVERY_AUTO_REBUILD	(1u << 16)
#define GMX_VND_RECOVERY_AUTO_REPLACE	(1u << 17)		/* by a drive put into the bay of one that failed */
#define GMX_VND_RECOVERY_PREDICT	(1u << 18)		/* copy from a drive that says it will fail */

/* Encryption fields of I/O commands (section 7) */
#define GMX_VND_CETYPE_SHIFT		16			/* CDW12[19:16] */
#define GMX_VND_CETYPE(cdw12)		(((cdw12) >> 16) & 0xf)
#define GMX_VND_CETYPE_KEY		1u			/* CDW13[15:0] slot, CDW3:2 data unit number */
#define GMX_VND_KEY_SLOT(cdw13)		((cdw13) & 0xffff)

#include <gmx/vendor_data.h>

static_assert(sizeof(struct gmx_vnd_id) == 1024, "vendor page is 1024 bytes");
static_assert(offsetof(struct gmx_vnd_id, rsvd80) == GMX_VND_ID_LENGTH, "vendor page 1.0 ends at 80");
static_assert(offsetof(struct gmx_vnd_id, features) == 16, "feature bits at 16");
static_assert(sizeof(struct gmx_vnd_volume_req) == 256, "volume request is 256 bytes");
static_assert(sizeof(struct gmx_vnd_key_req) == 256, "key request is 256 bytes");
static_assert(sizeof(struct gmx_vnd_key_blob) == 256, "wrapped key is 256 bytes");
static_assert(sizeof(struct gmx_vnd_qos_req) == 128, "QoS request is 128 bytes");
static_assert(sizeof(struct gmx_vnd_log_health) == 512, "extended health is 512 bytes");
static_assert(sizeof(struct gmx_vnd_log_head) == 32, "head of a list is 32 bytes");
static_assert(sizeof(struct gmx_vnd_volume) == 256, "volume is 256 bytes");
static_assert(sizeof(struct gmx_vnd_drive) == 256, "drive is 256 bytes");
static_assert(sizeof(struct gmx_vnd_log_journal) == 128, "journal state is 128 bytes");
static_assert(sizeof(struct gmx_vnd_log_events) == 64, "head of the event log is 64 bytes");
static_assert(sizeof(struct gmx_vnd_event) == 128, "event is 128 bytes");
static_assert(offsetof(struct gmx_vnd_event, text) == 48, "text of an event at 48");
static_assert(sizeof(struct gmx_vnd_key_slot) == 64, "key slot is 64 bytes");
static_assert(sizeof(struct gmx_vnd_qos_stats) == 384, "QoS statistics are 384 bytes");
static_assert(sizeof(struct gmx_vnd_tenant) == 128, "tenant is 128 bytes");
static_assert(sizeof(struct gmx_vnd_rail) == 64, "rail is 64 bytes");
static_assert(sizeof(struct gmx_vnd_log_power) == 512, "power readings are 512 bytes");
static_assert(sizeof(struct gmx_vnd_fw_header) == 64, "firmware image header is 64 bytes");
static_assert(sizeof(struct gmx_vnd_log_fw) == 64, "firmware update log is 64 bytes");
static_assert(sizeof(struct gmx_vnd_telemetry_section) == 16, "telemetry section is 16 bytes");
static_assert(sizeof(struct gmx_vnd_telemetry_header) == 512, "telemetry header is 512 bytes");
static_assert(sizeof(struct gmx_vnd_telemetry_state) == 32, "telemetry state is 32 bytes");
static_assert(sizeof(struct gmx_vnd_telemetry_ctrl) == 64, "telemetry controller is 64 bytes");
static_assert(sizeof(struct gmx_vnd_telemetry_queue) == 32, "telemetry queue is 32 bytes");
static_assert(sizeof(struct gmx_vnd_telemetry_cmd) == 64, "telemetry command is 64 bytes");
static_assert(sizeof(struct gmx_vnd_telemetry_fault) == 128, "telemetry fault is 128 bytes");
static_assert(sizeof(struct gmx_vnd_telemetry_ns) == 64, "telemetry namespace is 64 bytes");

#endif
