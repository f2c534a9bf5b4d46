/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * The log pages of NVM Express 1.4, and the commands that are followed in them. Numbers in parentheses are sections or
 * figures of the base specification. Comes with nvme.h, which also asserts the sizes.
 */
#ifndef GMX_LOG_H
#define GMX_LOG_H

#include <linux/types.h>

/* Log pages (figure 193) */
enum gmx_log {
	GMX_LOG_ERROR		= 0x01,
	GMX_LOG_SMART		= 0x02,
	GMX_LOG_FW_SLOT		= 0x03,
	GMX_LOG_CHANGED_NS	= 0x04,
	GMX_LOG_EFFECTS		= 0x05,
	GMX_LOG_SELF_TEST	= 0x06,
	GMX_LOG_TELEMETRY_HOST	= 0x07,
	GMX_LOG_TELEMETRY_CTRL	= 0x08,
	GMX_LOG_PERSISTENT	= 0x0d,
	GMX_LOG_SANITIZE	= 0x81,
};

#define GMX_LOG_RAE		(1u << 15)	/* Get Log Page CDW10: keep the event masked */

struct gmx_log_error {			/* one entry (figure 194) */
	__le64	count;			/* 0: there is no entry */
	__le16	sqid;
	__le16	cid;
	__le16	status;			/* as in a completion, with the phase bit */
	__le16	location;		/* [7:0] byte of the command, [10:8] bit; ffffh: none */
	__le64	lba;
	__le32	nsid;
	__u8	vendor;			/* log page that says more, 0: none */
	__u8	trtype;
	__u8	rsvd30[2];
	__le64	info;			/* of the command */
	__le16	trinfo;
	__u8	rsvd42[22];
};

struct gmx_log_smart {			/* (figure 195) */
	__u8	critical_warning;
	__u8	temperature[2];		/* kelvin, not aligned */
	__u8	avail_spare;
	__u8	spare_thresh;
	__u8	percent_used;
	__u8	endurance_warning;
	__u8	rsvd7[25];
	__u8	data_units_read[16];
	__u8	data_units_written[16];
	__u8	host_reads[16];
	__u8	host_writes[16];
	__u8	busy_time[16];
	__u8	power_cycles[16];
	__u8	power_on_hours[16];
	__u8	unsafe_shutdowns[16];
	__u8	media_errors[16];
	__u8	error_log_entries[16];
	__le32	warning_temp_time;
	__le32	critical_temp_time;
	__le16	temp_sensor[8];
	__u8	rsvd216[296];
};

struct gmx_log_fw_slot {		/* (5.14.1.3) */
	__u8	afi;			/* [2:0] running slot, [6:4] slot of the next reset, 0: the same */
	__u8	rsvd1[7];
	char	frs[7][8];		/* revision by slot, zeroes: empty */
	__u8	rsvd64[448];
};

struct gmx_selftest_result {		/* (5.14.1.6) */
	__u8	status;			/* [3:0] result, [7:4] which test */
	__u8	segment;		/* that failed first */
	__u8	valid;			/* GMX_SELFTEST_*_VALID */
	__u8	rsvd3;
	__le64	power_on_hours;
	__le32	nsid;
	__le64	lba;
	__u8	sct;
	__u8	sc;
	__u8	vs[2];
} __attribute__((packed));

struct gmx_log_selftest {		/* (5.14.1.6) */
	__u8	running;		/* [3:0] */
	__u8	percent;		/* [6:0] */
	__u8	rsvd2[2];
	struct gmx_selftest_result result[20];	/* newest first */
};

enum {
	GMX_SELFTEST_NONE = 0x0,
	GMX_SELFTEST_SHORT = 0x1,
	GMX_SELFTEST_EXTENDED = 0x2,
	GMX_SELFTEST_ABORT = 0xf,
};

enum gmx_selftest_outcome {
	GMX_SELFTEST_PASSED		= 0x0,
	GMX_SELFTEST_ABORTED		= 0x1,	/* by Device Self-test */
	GMX_SELFTEST_ABORTED_RESET	= 0x2,
	GMX_SELFTEST_ABORTED_NS_GONE	= 0x3,
	GMX_SELFTEST_ABORTED_FORMAT	= 0x4,
	GMX_SELFTEST_FATAL		= 0x5,
	GMX_SELFTEST_FAILED_UNKNOWN	= 0x6,
	GMX_SELFTEST_FAILED		= 0x7,	/* in the segment that is named */
	GMX_SELFTEST_ABORTED_UNKNOWN	= 0x8,
	GMX_SELFTEST_ABORTED_SANITIZE	= 0x9,
	GMX_SELFTEST_UNUSED		= 0xf,
};

#define GMX_SELFTEST_NSID_VALID	(1u << 0)
#define GMX_SELFTEST_LBA_VALID	(1u << 1)
#define GMX_SELFTEST_SCT_VALID	(1u << 2)
#define GMX_SELFTEST_SC_VALID	(1u << 3)

struct gmx_log_telemetry {		/* header of both (5.14.1.7, 5.14.1.8) */
	__u8	lid;
	__u8	rsvd1[4];
	__u8	ieee[3];
	__le16	last_block[3];		/* of data areas 1 to 3, in blocks of 512 bytes; the header is block 0 */
	__u8	rsvd14[367];
	__u8	host_generation;	/* reserved before NVMe 2.0 */
	__u8	ctrl_available;
	__u8	ctrl_generation;
	__u8	reason[128];
};

#define GMX_TELEMETRY_BLOCK	512
#define GMX_TELEMETRY_CREATE	(1u << 8)	/* Get Log Page CDW10: capture now */

struct gmx_log_sanitize {		/* (5.14.1.16.2) */
	__le16	progress;		/* of 65536; ffffh: none runs */
	__le16	status;			/* [2:0] GMX_SANITIZED_*, [7:3] passes done, [8] global data erased */
	__le32	cdw10;			/* of the command that started it */
	__le32	overwrite_time;		/* seconds; ffffffffh: not known */
	__le32	block_erase_time;
	__le32	crypto_erase_time;
	__le32	overwrite_nd_time;	/* the same with No-Deallocate After Sanitize */
	__le32	block_erase_nd_time;
	__le32	crypto_erase_nd_time;
	__u8	rsvd32[480];
};

enum {
	GMX_SANITIZED_NEVER,
	GMX_SANITIZED_OK,
	GMX_SANITIZED_RUNNING,
	GMX_SANITIZED_FAILED,
	GMX_SANITIZED_FORCED_DEALLOC,
};

#define GMX_SANITIZED_MASK	0x7u
#define GMX_SANITIZED_PASSES(s)	(((s) >> 3) & 0x1f)
#define GMX_SANITIZED_ERASED	(1u << 8)

/* Sanitize: CDW10 (5.24) */
enum {
	GMX_SANITIZE_EXIT_FAILURE = 1,
	GMX_SANITIZE_BLOCK_ERASE,
	GMX_SANITIZE_OVERWRITE,
	GMX_SANITIZE_CRYPTO_ERASE,
};

#define GMX_SANITIZE_ACTION(dw)	((dw) & 7)
#define GMX_SANITIZE_AUSE	(1u << 3)	/* allow unrestricted sanitize exit */
#define GMX_SANITIZE_PASSES(dw)	(((dw) >> 4) & 0xf)	/* 0: 16 */
#define GMX_SANITIZE_OIPBP	(1u << 8)	/* invert the pattern between passes */
#define GMX_SANITIZE_NDAS	(1u << 9)	/* no deallocate after sanitize */
#define GMX_SANICAP_CRYPTO	(1u << 0)
#define GMX_SANICAP_BLOCK	(1u << 1)
#define GMX_SANICAP_OVERWRITE	(1u << 2)
#define GMX_SANICAP_NDI		(1u << 29)	/* no deallocate is inhibited */
#define GMX_SANICAP_NODMMAS(n)	((unsigned int)(n) << 30)

/* Firmware Commit: CDW10 (5.11) */
#define GMX_FW_SLOT(dw)		((dw) & 7)
#define GMX_FW_ACTION(dw)	(((dw) >> 3) & 7)
enum { GMX_FW_REPLACE, GMX_FW_REPLACE_ACTIVATE, GMX_FW_ACTIVATE, GMX_FW_ACTIVATE_NOW };
#define GMX_FRMW_SLOT1_RO	(1u << 0)
#define GMX_FRMW_SLOTS(n)	((unsigned int)(n) << 1)
#define GMX_FRMW_NO_RESET	(1u << 4)	/* activation without a reset */

/* Critical warnings of the SMART log */
#define GMX_SMART_SPARE		(1u << 0)
#define GMX_SMART_TEMPERATURE	(1u << 1)
#define GMX_SMART_RELIABILITY	(1u << 2)
#define GMX_SMART_READ_ONLY	(1u << 3)

struct gmx_log_persistent {		/* header of the persistent event log (5.14.1.13) */
	__u8	lid;
	__u8	rsvd1[3];
	__le32	nr_events;
	__le64	length;			/* bytes, with this header */
	__u8	revision;
	__u8	rsvd17;
	__le16	header_length;		/* of what follows this field */
	__u8	timestamp[8];
	__u8	power_on_hours[16];
	__u8	power_cycles[8];
	__le16	vid;
	__le16	ssvid;
	char	sn[20];
	char	mn[40];
	char	subnqn[256];
	__u8	rsvd372[108];
	__u8	supported[32];		/* bit per event type */
};

struct gmx_persistent_event {		/* header of an event; its data follows */
	__u8	type;
	__u8	revision;
	__u8	header_length;		/* of what follows this field */
	__u8	rsvd3;
	__le16	cntlid;
	__u8	timestamp[8];
	__u8	rsvd14[6];
	__le16	vendor_length;
	__le16	length;			/* of vendor information and data */
};

#define GMX_PERSISTENT_READ	0	/* LSP[1:0] */
#define GMX_PERSISTENT_ESTABLISH 1
#define GMX_PERSISTENT_RELEASE	2

enum gmx_persistent_type {
	GMX_PERSISTENT_SMART		= 0x01,
	GMX_PERSISTENT_FW_COMMIT	= 0x02,
	GMX_PERSISTENT_TIMESTAMP	= 0x03,
	GMX_PERSISTENT_RESET		= 0x04,
	GMX_PERSISTENT_HW_ERROR		= 0x05,
	GMX_PERSISTENT_NS_CHANGE	= 0x06,
	GMX_PERSISTENT_FORMAT_START	= 0x07,
	GMX_PERSISTENT_FORMAT_DONE	= 0x08,
	GMX_PERSISTENT_SANITIZE_START	= 0x09,
	GMX_PERSISTENT_SANITIZE_DONE	= 0x0a,
	GMX_PERSISTENT_THERMAL		= 0x0d,
};

struct gmx_persistent_fw_commit {
	char	old_revision[8];
	char	new_revision[8];
	__u8	action;
	__u8	slot;
	__u8	sct;
	__u8	sc;
	__le16	vendor_code;
};

struct gmx_persistent_timestamp {
	__le64	previous;
	__le64	since_reset_ms;
};

struct gmx_persistent_reset {		/* after the firmware revision, one a controller */
	__le16	cntlid;
	__u8	fw_activation;
	__u8	in_progress;
	__u8	rsvd4[12];
	__le32	power_cycle;
	__le64	power_on_ms;
	__le64	timestamp;
} __attribute__((packed));

enum gmx_hw_error {
	GMX_HW_PCIE_CORRECTABLE		= 0x01,
	GMX_HW_PCIE_NONFATAL		= 0x02,
	GMX_HW_PCIE_FATAL		= 0x03,
	GMX_HW_CRITICAL_WARNING		= 0x06,
	GMX_HW_UNSAFE_SHUTDOWN		= 0x08,
	GMX_HW_FATAL_STATUS		= 0x09,
	GMX_HW_MEDIA			= 0x0a,
};

struct gmx_persistent_hw_error {
	__le16	code;
	__u8	rsvd2[2];
	__le32	info;
};

struct gmx_persistent_ns_change {
	__le32	cdw10;			/* of Namespace Management */
	__u8	rsvd4[4];
	__le64	nsze;
	__u8	rsvd16[8];
	__le64	ncap;
	__u8	flbas;
	__u8	dps;
	__u8	nmic;
	__u8	rsvd35;
	__le32	anagrpid;
	__le16	nvmsetid;
	__u8	rsvd42[2];
	__le32	nsid;
};

struct gmx_persistent_format {		/* start */
	__le32	nsid;
	__u8	fna;
	__u8	rsvd5[3];
	__le32	cdw10;
};

struct gmx_persistent_format_done {
	__le32	nsid;
	__u8	smallest_fpi;
	__u8	status;			/* 0: done, 1: failed */
	__le16	info;
	__le32	status_field;
};

struct gmx_persistent_sanitize {	/* start */
	__le32	sanicap;
	__le32	cdw10;
	__le32	cdw11;
};

struct gmx_persistent_sanitize_done {
	__le16	progress;
	__le16	status;
	__le16	info;
	__u8	rsvd6[2];
};

struct gmx_persistent_thermal {
	__u8	over;			/* kelvin above the threshold */
	__u8	threshold;		/* 1: warning, 2: critical */
};

struct gmx_log_effects {		/* (figure 200) */
	__le32	acs[256];
	__le32	iocs[256];
	__u8	rsvd2048[2048];
};

#define GMX_LOG_LSP(dw)		(((dw) >> 8) & 0xf)

#define GMX_EFFECTS_CSUPP	(1u << 0)
#define GMX_EFFECTS_LBCC	(1u << 1)	/* changes logical block content */
#define GMX_EFFECTS_NCC		(1u << 2)	/* changes namespace capability */
#define GMX_EFFECTS_NIC		(1u << 3)	/* changes namespace inventory */
#define GMX_EFFECTS_CCC		(1u << 4)	/* changes controller capability */
#define GMX_EFFECTS_CSE(e)	(((e) >> 16) & 7)	/* 1: not with others in this namespace, 2: in any */
#define GMX_EFFECTS_CSER_MASK	0x0000c000u		/* NVMe 2.0: relaxations of CSE */
#define GMX_EFFECTS_CSE_MASK	0x00070000u
#define GMX_EFFECTS_UUID	(1u << 19)
#define GMX_EFFECTS_SCOPE_MASK	0xfff00000u		/* NVMe 2.0: command scope */

#endif
