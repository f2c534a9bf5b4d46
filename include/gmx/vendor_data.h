/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/* Vendor data of variable shape: firmware images and telemetry. Comes with vendor.h, which also asserts the sizes. */
#ifndef GMX_VENDOR_DATA_H
#define GMX_VENDOR_DATA_H

#include <linux/types.h>

/*
 * Firmware image: what Firmware Image Download carries and a slot holds. Sizes are bytes.
 *
 *	0		struct gmx_vnd_fw_header
 *	header_length	manifest: a JSON object of manifest_length bytes, at most GMX_VND_FW_MAX_MANIFEST
 *	...		code, or whatever a family keeps there; zeroes up to image_length
 *
 * image_length is a multiple of 4096 (FWUG). header_crc covers the header up to itself, body_crc everything from
 * header_length to image_length; both are CRC32C (Castagnoli, reflected, initial value and final xor ffffffffh).
 * Versions are major << 16 | minor << 8 | patch.
 *
 * The manifest's members, all optional:
 *	"features"		array of up to 8 names (1 to 31 characters): behaviour that this image switches on
 *	"activation"		"immediate", "controller", "conventional", "subsystem": the least reset that it needs
 *	"activation-ms"		how long an activation without reset pauses the controllers
 *	"no-downgrade"		true: while this image runs, none of a lower version is activated
 *	"fails-activation"	true: the image is sound and still does not start
 */
#define GMX_VND_FW_MAGIC		"GMXFWIMG"
#define GMX_VND_FW_FORMAT		1
#define GMX_VND_FW_MAX_IMAGE	(4u << 20)
#define GMX_VND_FW_MAX_MANIFEST	4096

struct gmx_vnd_fw_header {
	__u8	magic[8];
	__le16	header_length;		/* of this structure; a longer one has fields that a reader may ignore */
	__le16	format;
	__u8	family;			/* 1 to 3 */
	__u8	rsvd13[3];
	char	revision[8];		/* printable, padded with spaces */
	__le32	version;
	__le32	minimum;		/* lowest version that may be running when this one is activated; 0: any */
	__le32	image_length;
	__le32	manifest_length;
	__le32	body_crc;
	__u8	rsvd44[16];
	__le32	header_crc;		/* always the last of header_length */
};

enum gmx_vnd_fw_activation {		/* the least reset that an activation needs */
	GMX_VND_FW_IMMEDIATE,
	GMX_VND_FW_CONTROLLER_RESET,
	GMX_VND_FW_CONVENTIONAL_RESET,
	GMX_VND_FW_SUBSYSTEM_RESET,
};

/* Behaviour: telemetry data area 3 also has the namespaces' section */
#define GMX_VND_FW_TELEMETRY_NS	"telemetry-namespaces"

enum gmx_vnd_fw_stage {
	GMX_VND_FW_IDLE,
	GMX_VND_FW_DOWNLOADING,
	GMX_VND_FW_VERIFYING,
	GMX_VND_FW_COMMITTING,
	GMX_VND_FW_ACTIVATING,
};

struct gmx_vnd_log_fw {			/* C8h (4.9): firmware update state */
	__le16	length;
	__le16	version;
	__u8	stage;			/* enum gmx_vnd_fw_stage */
	__u8	slot;			/* that the commit in progress, or the last one, is about; 0: none yet */
	__le16	last_status;		/* of the last Firmware Commit or activation: SCT << 8 | SC */
	__le32	bytes_received;		/* by Firmware Image Download since the last image began */
	__le32	bytes_total;		/* that the image says it has; 0: its header has not come yet */
	__u8	running_slot;
	__u8	next_slot;		/* activated by the next reset of the kind below; 0: none */
	__u8	next_reset;		/* enum gmx_vnd_fw_activation */
	__u8	previous_slot;		/* what an activation that fails goes back to */
	__u8	percent;		/* of the stage */
	__u8	rsvd21[3];
	__le32	activations;		/* that succeeded, since the device was made */
	__le32	failures;		/* activations that were rolled back */
	char	running_revision[8];
	char	last_revision[8];	/* of the image that last_status is about */
	__le64	changed;		/* ms since 1970: last change of stage */
	__u8	rsvd56[8];
};

/*
 * Telemetry (log pages 07h and 08h): data area 1 begins, in block 1, with this header; section offsets are bytes from
 * its start. A section is an array of count entries of entry_size bytes, of which a reader uses min(known, given).
 */
#define GMX_VND_TELEMETRY_MAGIC	"GMXTELEM"
#define GMX_VND_TELEMETRY_VERSION	1
#define GMX_VND_TELEMETRY_SECTIONS	16

enum gmx_vnd_telemetry_kind {
	GMX_VND_TELEMETRY_STATE	= 1,	/* area 1: struct gmx_vnd_telemetry_state */
	GMX_VND_TELEMETRY_CTRLS	= 2,	/* area 1: struct gmx_vnd_telemetry_ctrl */
	GMX_VND_TELEMETRY_QUEUES	= 3,	/* area 1: struct gmx_vnd_telemetry_queue */
	GMX_VND_TELEMETRY_SMART	= 4,	/* area 1: struct gmx_log_smart */
	GMX_VND_TELEMETRY_FW_SLOTS	= 5,	/* area 1: struct gmx_log_fw_slot */
	GMX_VND_TELEMETRY_FW_UPDATE	= 6,	/* area 1: struct gmx_vnd_log_fw */
	GMX_VND_TELEMETRY_FAULTS	= 7,	/* area 1: struct gmx_vnd_telemetry_fault, newest last */
	GMX_VND_TELEMETRY_COMMANDS	= 8,	/* area 2: struct gmx_vnd_telemetry_cmd, newest last */
	GMX_VND_TELEMETRY_EVENTS	= 9,	/* area 3: struct gmx_vnd_event, newest last */
	GMX_VND_TELEMETRY_SPACES	= 10,	/* area 3: struct gmx_vnd_telemetry_ns */
};

struct gmx_vnd_telemetry_section {
	__le16	kind;			/* enum gmx_vnd_telemetry_kind; 0: entry not used */
	__le16	area;			/* data area, 1 to 3 */
	__le32	offset;
	__le32	entry_size;
	__le32	count;
};

struct gmx_vnd_telemetry_header {
	__u8	magic[8];
	__le16	version;
	__le16	header_length;
	__u8	family;
	__u8	ctrl_initiated;
	__u8	generation;		/* of the log page that this is in */
	__u8	nr_sections;
	__le64	captured;		/* ms since 1970 */
	__le64	uptime;			/* ns of the controller's clock */
	char	serial[20];
	char	revision[8];
	__le32	missed;			/* captures that found the last one not read yet */
	char	reason[128];		/* as in the log page's header */
	__u8	rsvd192[64];
	struct gmx_vnd_telemetry_section section[GMX_VND_TELEMETRY_SECTIONS];
};

struct gmx_vnd_telemetry_state {
	__le16	temperature;		/* kelvin */
	__le16	warning_temp;
	__le16	critical_temp;
	__u8	sanitize;		/* GMX_SANITIZED_* */
	__u8	selftest;		/* test that runs, GMX_SELFTEST_* */
	__le64	failed_drives;		/* bit by drive */
	__le32	nr_drives;
	__le32	nr_ns;
	__u8	rsvd24[8];
};

#define GMX_VND_TELEMETRY_BUS_MASTER	(1u << 0)
#define GMX_VND_TELEMETRY_VIRTUAL		(1u << 1)

struct gmx_vnd_telemetry_ctrl {
	__le16	cntlid;
	__u8	function;
	__u8	power_state;
	__u8	flags;			/* GMX_VND_TELEMETRY_* */
	__u8	dstate;
	__u8	nr_aers;		/* outstanding Asynchronous Event Requests */
	__u8	rsvd7;
	__le32	life;			/* resets since the process began */
	__le32	cc;
	__le32	csts;
	__le32	aqa;
	__le64	cap;
	__le64	asq;
	__le64	acq;
	__le32	intm;
	__le16	nr_queues;		/* I/O queue pairs granted */
	__u8	rsvd54[10];
};

#define GMX_VND_TELEMETRY_CQ		(1u << 0)
#define GMX_VND_TELEMETRY_STALLED		(1u << 1)
#define GMX_VND_TELEMETRY_PHASE		(1u << 2)

struct gmx_vnd_telemetry_queue {
	__le16	cntlid;
	__le16	qid;
	__u8	flags;			/* GMX_VND_TELEMETRY_* */
	__u8	prio;
	__le16	peer;			/* submission: its completion queue; completion: its vector */
	__le32	size;			/* entries */
	__le32	head;
	__le32	tail;
	__le32	pending;		/* submission: fetched and not completed; completion: waiting for room */
	__le64	base;
};

struct gmx_vnd_telemetry_cmd {
	__le64	time;			/* ns of the controller's clock, at completion */
	__le16	cntlid;
	__le16	sqid;
	__le16	cid;
	__le16	status;			/* SCT << 8 | SC, M, DNR */
	__u8	opcode;
	__u8	flags;
	__u8	rsvd18[2];
	__le32	nsid;
	__le32	cdw[6];			/* dwords 10 to 15 */
	__le32	result[2];		/* dwords 0 and 1 of the completion */
	__u8	rsvd56[8];
};

struct gmx_vnd_telemetry_fault {
	__le64	time;			/* ms since 1970, when it last fired */
	__le32	count;
	__u8	rsvd12[4];
	char	text[112];		/* zero terminated */
};

struct gmx_vnd_telemetry_ns {
	__le32	nsid;
	__le32	drive;
	__le64	nsze;
	__le64	nuse;
	__le64	reads;
	__le64	writes;
	__u8	lba_shift;
	__u8	flags;			/* [0] write protected, [1] being formatted, [2] drive failed */
	__le16	ms;
	__le32	attached;		/* bit by function */
	__u8	rsvd48[16];
};

#endif
