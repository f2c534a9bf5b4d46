/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * NVMe Management Interface 1.1, as NVMe-MI Send and Receive carry it (NVMe 5.18, 5.19; section numbers are NVMe-MI's).
 * Everything is little endian.
 */
#ifndef GMX_MI_H
#define GMX_MI_H

#include <linux/types.h>

#ifndef __KERNEL__
#include <assert.h>
#endif

/* CDW10 is the message header; CDW11 the opcode; CDW12 and CDW13 the management dwords 0 and 1 */
#define GMX_MI_HEADER		0x0804u			/* NVMe-MI message, a request, type NVMe-MI command */
#define GMX_MI_HEADER_MASK	0x0000f8ffu		/* message type, integrity check, NMIMT, ROR */
/* Completion dword 0 */
#define GMX_MI_STATUS(dw0)	((dw0) & 0xff)
#define GMX_MI_RESPONSE(dw0)	((dw0) >> 8)		/* of success: what the command says */
#define GMX_MI_ERROR_BIT(dw0)	(((dw0) >> 8) & 7)	/* of Invalid Parameter: where in the request message */
#define GMX_MI_ERROR_BYTE(dw0)	((dw0) >> 16)

enum gmx_mi_opcode {
	GMX_MI_READ_DATA	= 0x00,
	GMX_MI_SUBSYS_HEALTH	= 0x01,
	GMX_MI_CTRL_HEALTH	= 0x02,
	GMX_MI_CONFIG_SET	= 0x03,
	GMX_MI_CONFIG_GET	= 0x04,
	GMX_MI_VPD_READ		= 0x05,
	GMX_MI_VPD_WRITE	= 0x06,
	GMX_MI_RESET		= 0x07,
};

enum gmx_mi_status {
	GMX_MI_SUCCESS			= 0x00,
	GMX_MI_INTERNAL			= 0x02,
	GMX_MI_INVALID_OPCODE		= 0x03,
	GMX_MI_INVALID_PARAMETER	= 0x04,
	GMX_MI_INVALID_SIZE		= 0x05,
	GMX_MI_INVALID_INPUT_SIZE	= 0x06,
	GMX_MI_ACCESS_DENIED		= 0x07,
	GMX_MI_VPD_EXCEEDED		= 0x20,
};

/* Read NVMe-MI Data Structure (5.7): dword 0 is type << 24 | port << 16 | controller; the response is a length */
enum gmx_mi_data {
	GMX_MI_DATA_SUBSYS,
	GMX_MI_DATA_PORT,
	GMX_MI_DATA_CTRL_LIST,
	GMX_MI_DATA_CTRL,
	GMX_MI_DATA_COMMANDS,
};

struct gmx_mi_subsys {
	__u8	nr_ports;		/* zeroes based */
	__u8	major;			/* version of NVMe-MI */
	__u8	minor;
	__u8	rsvd3[29];
};

enum gmx_mi_port_type { GMX_MI_PORT_NONE, GMX_MI_PORT_PCIE, GMX_MI_PORT_SMBUS };

struct gmx_mi_port {
	__u8	type;
	__u8	caps;
	__le16	max_mtu;		/* MCTP transmission unit */
	__le32	buffer_size;
	union {
		struct {
			__u8	max_payload;	/* 128 << n bytes */
			__u8	speeds;		/* bit n: PCIe generation n + 1 */
			__u8	speed;
			__u8	max_width;
			__u8	width;
			__u8	number;
			__u8	rsvd14[18];
		} pcie;
		struct {
			__u8	vpd_address;
			__u8	vpd_frequency;	/* at most, enum gmx_mi_frequency */
			__u8	address;
			__u8	frequency;	/* at most */
			__u8	basic;
			__u8	rsvd13[19];
		} smbus;
	};
};

struct gmx_mi_ctrl {
	__u8	port;
	__u8	rsvd1[4];
	__u8	routing_valid;
	__le16	routing;
	__le16	vid;
	__le16	did;
	__le16	ssvid;
	__le16	ssid;
	__u8	rsvd16[16];
};

struct gmx_mi_command {
	__u8	type;			/* [6:3] message type */
	__u8	opcode;
};

struct gmx_mi_commands {
	__le16	nr;
	struct gmx_mi_command command[];
};

/* NVM Subsystem Health Status Poll (5.6) */
#define GMX_MI_CLEAR		(1u << 31)	/* of dword 1, here and in the controller's poll */

struct gmx_mi_subsys_health {
	__u8	status;			/* GMX_MI_NSS_* */
	__u8	warnings;		/* the SMART log's critical warnings, each bit inverted */
	__u8	temperature;		/* degrees Celsius */
	__u8	used_percent;
	__le16	changed;		/* GMX_MI_CCS_* of all controllers */
	__u8	rsvd6[2];
};

#define GMX_MI_NSS_PORT1_LINK	(1u << 2)
#define GMX_MI_NSS_PORT0_LINK	(1u << 3)
#define GMX_MI_NSS_NO_RESET	(1u << 4)	/* none is required */
#define GMX_MI_NSS_FUNCTIONAL	(1u << 5)

#define GMX_MI_CCS_RDY		(1u << 0)
#define GMX_MI_CCS_CFS		(1u << 1)
#define GMX_MI_CCS_SHST		(1u << 2)
#define GMX_MI_CCS_NSSRO	(1u << 4)
#define GMX_MI_CCS_ENABLE	(1u << 5)
#define GMX_MI_CCS_NS		(1u << 6)
#define GMX_MI_CCS_FIRMWARE	(1u << 7)
#define GMX_MI_CCS_STATUS	(1u << 8)
#define GMX_MI_CCS_TEMPERATURE	(1u << 9)
#define GMX_MI_CCS_USED		(1u << 10)
#define GMX_MI_CCS_SPARE	(1u << 11)
#define GMX_MI_CCS_WARNING	(1u << 12)
#define GMX_MI_CCS_MASK		0x1ff7u

/* Controller Health Status Poll (5.3): dword 0 */
#define GMX_MI_POLL_START(dw)	((dw) & 0xffff)
#define GMX_MI_POLL_MAX(dw)	(((dw) >> 16) & 0xff)	/* zeroes based */
#define GMX_MI_POLL_FUNCTIONS	(1u << 24)	/* controllers that are not of SR-IOV */
#define GMX_MI_POLL_PHYSICAL	(1u << 25)
#define GMX_MI_POLL_VIRTUAL	(1u << 26)
#define GMX_MI_POLL_ALL		(1u << 31)	/* not only those with a change that dword 1 selects */
/* dword 1 */
#define GMX_MI_POLL_STATUS	(1u << 0)
#define GMX_MI_POLL_TEMPERATURE	(1u << 1)
#define GMX_MI_POLL_USED	(1u << 2)
#define GMX_MI_POLL_SPARE	(1u << 3)
#define GMX_MI_POLL_WARNING	(1u << 4)

struct gmx_mi_ctrl_health {
	__le16	cntlid;
	__le16	status;			/* [0] RDY, [1] CFS, [3:2] SHST, [4] and up as GMX_MI_CCS_* */
	__le16	temperature;		/* kelvin */
	__u8	used_percent;
	__u8	spare_percent;
	__u8	warnings;
	__u8	rsvd9[7];
};

/* Configuration (5.1, 5.2): dword 0 is port << 24 | frequency << 8 | identifier; dword 1 an MTU or GMX_MI_HSC_* */
enum { GMX_MI_CONFIG_FREQUENCY = 1, GMX_MI_CONFIG_HEALTH = 2, GMX_MI_CONFIG_MTU = 3 };
enum gmx_mi_frequency { GMX_MI_100_KHZ = 1, GMX_MI_400_KHZ, GMX_MI_1_MHZ };

#define GMX_MI_HSC_MASK		0xfffu		/* the bits of GMX_MI_CCS_MASK without the gap */

#define GMX_MI_VPD_SIZE		256

static_assert(sizeof(struct gmx_mi_command) == 2, "supported command is 2 bytes");
static_assert(sizeof(struct gmx_mi_commands) == 2, "head of the optionally supported command list is 2 bytes");
static_assert(sizeof(struct gmx_mi_subsys) == 32, "NVM subsystem information is 32 bytes");
static_assert(sizeof(struct gmx_mi_port) == 32, "port information is 32 bytes");
static_assert(sizeof(struct gmx_mi_ctrl) == 32, "controller information is 32 bytes");
static_assert(sizeof(struct gmx_mi_subsys_health) == 8, "NVM subsystem health is 8 bytes");
static_assert(sizeof(struct gmx_mi_ctrl_health) == 16, "controller health is 16 bytes");

#endif
