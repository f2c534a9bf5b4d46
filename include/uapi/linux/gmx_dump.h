/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Device core dump of a Gigamax controller: the content of /sys/class/devcoredump/devcd<N>/data after a reset that
 * nobody asked for. docs/abi/devcoredump.md explains when there is one. Integers are little endian, as are the parts
 * that come from the controller. A reader uses min(known, given) bytes of header and entries, and skips kinds that it
 * does not know. Offsets are from the beginning of the dump; sections are aligned to 8 bytes. Since version 1, if
 * nothing else is said.
 */
#ifndef _UAPI_LINUX_GMX_DUMP_H
#define _UAPI_LINUX_GMX_DUMP_H

#include <linux/types.h>

#define GMX_DUMP_MAGIC		"GMXDUMP"	/* with its zero byte */
#define GMX_DUMP_VERSION	1
#define GMX_DUMP_SECTIONS	16

enum gmx_dump_kind {
	GMX_DUMP_REGISTERS = 1,		/* __le32 from offset 0 of BAR 0; all ones: could not be read */
	GMX_DUMP_PCI_CONFIG,		/* __le32 from offset 0 of configuration space */
	GMX_DUMP_QUEUES,		/* struct gmx_dump_queue */
	GMX_DUMP_COMMANDS,		/* struct gmx_dump_command, by queue, oldest first */
	GMX_DUMP_EVENTS,		/* struct gmx_ioc_event of linux/gmx.h, oldest first */
	GMX_DUMP_TELEMETRY,		/* log page 08h from its header on, as read after the reset */
};

struct gmx_dump_section {
	__le32 kind;			/* enum gmx_dump_kind; 0: not used */
	__le32 entry_bytes;
	__le64 offset;
	__le64 bytes;			/* of the section: entries times entry_bytes */
};

struct gmx_dump_header {
	char magic[8];
	__le32 version;
	__le32 header_bytes;
	__le64 bytes;			/* of the whole dump */
	__le64 time_ns;			/* CLOCK_REALTIME when it was taken, before the reset */
	__le64 boot_ns;			/* the same, CLOCK_BOOTTIME */
	__le32 reason;			/* enum gmx_ioc_reset_reason */
	__le32 nr_sections;
	char reason_text[32];
	char driver_version[16];
	char pci_address[16];
	char serial[24];
	char model[48];
	char firmware[16];
	__u8 rsvd1[56];
	struct gmx_dump_section section[GMX_DUMP_SECTIONS];
};

struct gmx_dump_queue {			/* a submission queue and the completion queue that it feeds */
	__le16 sqid;
	__le16 cqid;
	__le16 vector;			/* ffffh: polled */
	__le16 flags;			/* GMX_DUMP_QUEUE_* */
	__le16 sq_depth;
	__le16 sq_tail;			/* next entry that the driver writes */
	__le16 sq_rung;			/* what the controller was told */
	__le16 cq_depth;
	__le16 cq_head;			/* next entry that the driver looks at */
	__le16 cq_phase;		/* of a new entry there */
	__le16 in_flight;		/* commands of the completion queue's tags */
	__le16 rsvd1;
};

#define GMX_DUMP_QUEUE_CREATED	(1u << 0)	/* the controller knew it */
#define GMX_DUMP_QUEUE_ENABLED	(1u << 1)	/* it took commands */
#define GMX_DUMP_QUEUE_CMB	(1u << 2)	/* the controller read it in its own memory */

enum gmx_dump_command_state {
	GMX_DUMP_CMD_NONE,		/* the ring's entry was never used, or has no more of them */
	GMX_DUMP_CMD_DONE,		/* cqe is its completion */
	GMX_DUMP_CMD_IN_FLIGHT,
	GMX_DUMP_CMD_UNKNOWN,		/* done; its completion is no longer in the ring */
};

struct gmx_dump_command {
	__le16 sqid;
	__le16 index;			/* in the ring */
	__u8 state;			/* enum gmx_dump_command_state */
	__u8 rsvd1[3];
	__u8 sqe[64];			/* as the controller got it */
	__u8 cqe[16];			/* as it came back */
};

#endif
