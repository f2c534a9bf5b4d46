/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * NVM Express 1.4 as Gigamax uses it: commands, completions, identify data, log pages. Numbers in parentheses are
 * sections or figures of the base specification. Everything on the wire is little endian.
 */
#ifndef GMX_NVME_H
#define GMX_NVME_H

#include <linux/types.h>

#ifndef __KERNEL__
#include <assert.h>
#endif

/* Admin opcodes (figure 139) */
enum gmx_admin_opcode {
	GMX_ADM_DELETE_SQ	= 0x00,
	GMX_ADM_CREATE_SQ	= 0x01,
	GMX_ADM_GET_LOG		= 0x02,
	GMX_ADM_DELETE_CQ	= 0x04,
	GMX_ADM_CREATE_CQ	= 0x05,
	GMX_ADM_IDENTIFY	= 0x06,
	GMX_ADM_ABORT		= 0x08,
	GMX_ADM_SET_FEATURES	= 0x09,
	GMX_ADM_GET_FEATURES	= 0x0a,
	GMX_ADM_ASYNC_EVENT	= 0x0c,
	GMX_ADM_NS_MGMT		= 0x0d,
	GMX_ADM_FW_COMMIT	= 0x10,
	GMX_ADM_FW_DOWNLOAD	= 0x11,
	GMX_ADM_SELF_TEST	= 0x14,
	GMX_ADM_NS_ATTACH	= 0x15,
	GMX_ADM_KEEP_ALIVE	= 0x18,
	GMX_ADM_DIRECTIVE_SEND	= 0x19,
	GMX_ADM_DIRECTIVE_RECV	= 0x1a,
	GMX_ADM_VIRT_MGMT	= 0x1c,
	GMX_ADM_MI_SEND		= 0x1d,
	GMX_ADM_MI_RECV		= 0x1e,
	GMX_ADM_DBBUF		= 0x7c,
	GMX_ADM_FORMAT		= 0x80,
	GMX_ADM_SECURITY_SEND	= 0x81,
	GMX_ADM_SECURITY_RECV	= 0x82,
	GMX_ADM_SANITIZE	= 0x84,
	GMX_ADM_VENDOR_FIRST	= 0xc0,
};

/* I/O opcodes (figure 346) */
enum gmx_nvm_opcode {
	GMX_NVM_FLUSH		= 0x00,
	GMX_NVM_WRITE		= 0x01,
	GMX_NVM_READ		= 0x02,
	GMX_NVM_WRITE_UNCOR	= 0x04,
	GMX_NVM_COMPARE		= 0x05,
	GMX_NVM_WRITE_ZEROES	= 0x08,
	GMX_NVM_DSM		= 0x09,
	GMX_NVM_VERIFY		= 0x0c,
	GMX_NVM_RESV_REGISTER	= 0x0d,
	GMX_NVM_RESV_REPORT	= 0x0e,
	GMX_NVM_RESV_ACQUIRE	= 0x11,
	GMX_NVM_RESV_RELEASE	= 0x15,
	GMX_NVM_VENDOR_FIRST	= 0x80,
};

/* An opcode's two low bits say which way data goes (figure 137) */
#define GMX_OPC_IS_WRITE(opc)	((opc) & 1)
#define GMX_OPC_HAS_DATA(opc)	((opc) & 3)

#define GMX_NSID_ALL		0xffffffffu

/* SGL descriptor (figure 113) */
struct gmx_sgl_desc {
	__le64	addr;
	__le32	length;
	__u8	rsvd[3];
	__u8	type;		/* [7:4] type, [3:0] sub type */
};

#define GMX_SGL_DATA_BLOCK	0x00
#define GMX_SGL_SEGMENT		0x20
#define GMX_SGL_LAST_SEGMENT	0x30

/* Data pointer of a command */
union gmx_dptr {
	struct {
		__le64	prp1;
		__le64	prp2;
	};
	struct gmx_sgl_desc sgl;
};

/* Submission queue entry (figure 104). The same 64 bytes are also eight words for one-pass building. */
struct gmx_sqe {
	union {
		struct {
			__u8	opcode;
			__u8	flags;		/* [1:0] FUSE, [7:6] PSDT */
			__le16	cid;
			__le32	nsid;
			__le32	cdw2;
			__le32	cdw3;
			__le64	mptr;
			union gmx_dptr dptr;
			__le32	cdw10;
			__le32	cdw11;
			__le32	cdw12;
			__le32	cdw13;
			__le32	cdw14;
			__le32	cdw15;
		};
		__le64	word[8];
	};
};

#define GMX_SQE_SGL		0x40	/* PSDT: SGL for data, contiguous metadata */
#define GMX_SQE_SGL_META	0x80	/* PSDT: SGL for data and metadata */
#define GMX_SQE_PSDT_MASK	0xc0
#define GMX_SQE_FUSE_MASK	0x03

/* Completion queue entry (figure 121) */
struct gmx_cqe {
	__le32	dw0;
	__le32	dw1;
	__le16	sq_head;
	__le16	sq_id;
	__le16	cid;
	__le16	status;		/* [0] phase, [8:1] SC, [11:9] SCT, [13:12] CRD, [14] M, [15] DNR */
};

/* Status after the phase bit has been shifted out: SCT << 8 | SC, and the three flags (figures 123 to 128) */
#define GMX_STS_CODE(s)		((s) & 0x7ff)
#define GMX_STS_CRD(s)		(((s) >> 11) & 3)
#define GMX_STS_MORE		0x2000
#define GMX_STS_DNR		0x4000

enum gmx_status {
	GMX_SC_SUCCESS			= 0x000,
	GMX_SC_INVALID_OPCODE		= 0x001,
	GMX_SC_INVALID_FIELD		= 0x002,
	GMX_SC_CID_CONFLICT		= 0x003,
	GMX_SC_DATA_XFER		= 0x004,
	GMX_SC_POWER_LOSS		= 0x005,
	GMX_SC_INTERNAL			= 0x006,
	GMX_SC_ABORT_REQ		= 0x007,
	GMX_SC_ABORT_SQ_DELETED		= 0x008,
	GMX_SC_ABORT_FUSED_FAIL		= 0x009,
	GMX_SC_ABORT_FUSED_MISSING	= 0x00a,
	GMX_SC_INVALID_NS		= 0x00b,
	GMX_SC_CMD_SEQ			= 0x00c,
	GMX_SC_SGL_INVALID_SEG		= 0x00d,
	GMX_SC_SGL_COUNT		= 0x00e,
	GMX_SC_SGL_DATA_LEN		= 0x00f,
	GMX_SC_SGL_META_LEN		= 0x010,
	GMX_SC_SGL_TYPE			= 0x011,
	GMX_SC_CMB_USE			= 0x012,
	GMX_SC_PRP_OFFSET		= 0x013,
	GMX_SC_ATOMIC_WRITE		= 0x014,
	GMX_SC_OP_DENIED		= 0x015,
	GMX_SC_SGL_OFFSET		= 0x016,
	GMX_SC_HOSTID_FORMAT		= 0x018,
	GMX_SC_KA_EXPIRED		= 0x019,
	GMX_SC_KA_INVALID		= 0x01a,
	GMX_SC_ABORT_PREEMPT		= 0x01b,
	GMX_SC_SANITIZE_FAILED		= 0x01c,
	GMX_SC_SANITIZE_BUSY		= 0x01d,
	GMX_SC_SGL_GRANULARITY		= 0x01e,
	GMX_SC_CMB_QUEUE		= 0x01f,
	GMX_SC_NS_WRITE_PROTECTED	= 0x020,
	GMX_SC_CMD_INTERRUPTED		= 0x021,
	GMX_SC_TRANSIENT		= 0x022,
	GMX_SC_LBA_RANGE		= 0x080,
	GMX_SC_CAP_EXCEEDED		= 0x081,
	GMX_SC_NS_NOT_READY		= 0x082,
	GMX_SC_RESV_CONFLICT		= 0x083,
	GMX_SC_FORMAT_IN_PROGRESS	= 0x084,

	GMX_SC_CQ_INVALID		= 0x100,
	GMX_SC_QID_INVALID		= 0x101,
	GMX_SC_QUEUE_SIZE		= 0x102,
	GMX_SC_ABORT_LIMIT		= 0x103,
	GMX_SC_AER_LIMIT		= 0x105,
	GMX_SC_FW_SLOT			= 0x106,
	GMX_SC_FW_IMAGE			= 0x107,
	GMX_SC_INT_VECTOR		= 0x108,
	GMX_SC_LOG_PAGE			= 0x109,
	GMX_SC_FORMAT_INVALID		= 0x10a,
	GMX_SC_FW_NEEDS_CONV_RESET	= 0x10b,
	GMX_SC_QUEUE_DELETE		= 0x10c,
	GMX_SC_FEATURE_NOT_SAVEABLE	= 0x10d,
	GMX_SC_FEATURE_NOT_CHANGEABLE	= 0x10e,
	GMX_SC_FEATURE_NOT_PER_NS	= 0x10f,
	GMX_SC_FW_NEEDS_SUBSYS_RESET	= 0x110,
	GMX_SC_FW_NEEDS_RESET		= 0x111,
	GMX_SC_FW_NEEDS_MAX_TIME	= 0x112,
	GMX_SC_FW_PROHIBITED		= 0x113,
	GMX_SC_OVERLAPPING_RANGE	= 0x114,
	GMX_SC_NS_NO_CAPACITY		= 0x115,
	GMX_SC_NS_ID_UNAVAILABLE	= 0x116,
	GMX_SC_NS_ATTACHED		= 0x118,
	GMX_SC_NS_PRIVATE		= 0x119,
	GMX_SC_NS_NOT_ATTACHED		= 0x11a,
	GMX_SC_THIN_UNSUPPORTED		= 0x11b,
	GMX_SC_CTRL_LIST		= 0x11c,
	GMX_SC_SELF_TEST_BUSY		= 0x11d,
	GMX_SC_BP_WRITE_PROHIBITED	= 0x11e,
	GMX_SC_CTRL_ID			= 0x11f,
	GMX_SC_SECONDARY_STATE		= 0x120,
	GMX_SC_CTRL_RESOURCES		= 0x121,
	GMX_SC_RESOURCE_ID		= 0x122,
	GMX_SC_CONFLICTING_ATTRS	= 0x180,
	GMX_SC_INVALID_PI		= 0x181,
	GMX_SC_READ_ONLY		= 0x182,

	GMX_SC_WRITE_FAULT		= 0x280,
	GMX_SC_READ_ERROR		= 0x281,
	GMX_SC_GUARD_CHECK		= 0x282,
	GMX_SC_APPTAG_CHECK		= 0x283,
	GMX_SC_REFTAG_CHECK		= 0x284,
	GMX_SC_COMPARE_FAILED		= 0x285,
	GMX_SC_ACCESS_DENIED		= 0x286,
	GMX_SC_UNWRITTEN_BLOCK		= 0x287,

	GMX_SC_HOST_PATH_ERROR		= 0x370,	/* never on the wire from our controllers: the host gave up */
	GMX_SC_HOST_ABORTED		= 0x371,
};

/* Read, Write: CDW12 upper half and CDW13 (6.9, 6.15) */
#define GMX_RW_LR		0x8000u		/* of CDW12[31:16] */
#define GMX_RW_FUA		0x4000u
#define GMX_RW_DEAC		0x0200u		/* Write Zeroes */
#define GMX_RW_PRACT		0x2000u		/* protection information: inserted, or checked and stripped */
#define GMX_RW_DSM_PREFETCH	7u		/* CDW13[3:0], access frequency: prefetch read */

/* Dataset Management (6.7) */
#define GMX_DSM_MAX_RANGES	256
#define GMX_DSM_AD		(1u << 2)	/* CDW11: attribute, deallocate */

struct gmx_dsm_range {
	__le32	attributes;
	__le32	nlb;
	__le64	slba;
};

/* Create I/O queues (5.3, 5.4): CDW11 */
#define GMX_QUEUE_PC		(1u << 0)	/* physically contiguous */
#define GMX_CQ_IEN		(1u << 1)	/* interrupts on */
#define GMX_SQ_PRIO(p)		((unsigned int)(p) << 1)
enum { GMX_SQ_PRIO_URGENT, GMX_SQ_PRIO_HIGH, GMX_SQ_PRIO_MEDIUM, GMX_SQ_PRIO_LOW };

/* Features (figure 271) */
enum gmx_feature {
	GMX_FEAT_ARBITRATION	= 0x01,
	GMX_FEAT_POWER		= 0x02,
	GMX_FEAT_LBA_RANGE	= 0x03,
	GMX_FEAT_TEMP_THRESHOLD	= 0x04,
	GMX_FEAT_ERROR_RECOVERY	= 0x05,
	GMX_FEAT_VWC		= 0x06,
	GMX_FEAT_NUM_QUEUES	= 0x07,
	GMX_FEAT_IRQ_COALESCE	= 0x08,
	GMX_FEAT_IRQ_CONFIG	= 0x09,
	GMX_FEAT_ATOMICITY	= 0x0a,
	GMX_FEAT_ASYNC_EVENT	= 0x0b,
	GMX_FEAT_APST		= 0x0c,
	GMX_FEAT_HMB		= 0x0d,
	GMX_FEAT_TIMESTAMP	= 0x0e,
	GMX_FEAT_KATO		= 0x0f,
	GMX_FEAT_HCTM		= 0x10,
	GMX_FEAT_NOPSC		= 0x11,
	GMX_FEAT_READ_RECOVERY	= 0x12,
	GMX_FEAT_HOST_BEHAVIOR	= 0x16,
	GMX_FEAT_SANITIZE	= 0x17,
	GMX_FEAT_WRITE_PROTECT	= 0x84,
};

#define GMX_SET_FEAT_SAVE	(1u << 31)	/* Set Features CDW10 */
#define GMX_GET_FEAT_SEL(s)	((unsigned int)(s) << 8)	/* Get Features CDW10 */
enum { GMX_SEL_CURRENT, GMX_SEL_DEFAULT, GMX_SEL_SAVED, GMX_SEL_CAPS };
/* What GMX_SEL_CAPS answers (figure 182) */
#define GMX_FEAT_CAP_SAVE	(1u << 0)
#define GMX_FEAT_CAP_NS		(1u << 1)	/* a namespace has its own value */
#define GMX_FEAT_CAP_CHANGE	(1u << 2)

#define GMX_POWER_PS(v)		((v) & 0x1f)	/* feature 02h */
#define GMX_POWER_WH(v)		(((v) >> 5) & 7)
#define GMX_TEMP_VALUE(v)	((v) & 0xffff)	/* feature 04h: kelvin */
#define GMX_TEMP_SENSOR(v)	(((v) >> 16) & 0xf)	/* 0: composite */
#define GMX_TEMP_TYPE(v)	(((v) >> 20) & 3)
#define GMX_TEMP_ALL		0xf
enum { GMX_TEMP_OVER, GMX_TEMP_UNDER };
#define GMX_RECOVERY_DULBE	(1u << 16)	/* feature 05h: an error for what is not written */
#define GMX_IRQ_CONFIG_CD	(1u << 16)	/* feature 09h: no coalescing */
#define GMX_APST_ENABLE		(1u << 0)	/* feature 0Ch */
#define GMX_APST_SIZE		256
#define GMX_APST_ENTRY(state, ms) ((__u64)(state) << 3 | (__u64)(ms) << 8)
#define GMX_APST_STATE(e)	(((e) >> 3) & 0x1f)
#define GMX_APST_MS(e)		(((e) >> 8) & 0xffffff)
/* Async event configuration, feature 0Bh (figure 286) */
#define GMX_AEC_SPARE		(1u << 0)
#define GMX_AEC_TEMPERATURE	(1u << 1)
#define GMX_AEC_RELIABILITY	(1u << 2)
#define GMX_AEC_READ_ONLY	(1u << 3)
#define GMX_AEC_BACKUP		(1u << 4)
#define GMX_AEC_NS_ATTR		(1u << 8)
#define GMX_AEC_FW_ACT		(1u << 9)
#define GMX_AEC_TELEMETRY	(1u << 10)
/* Host memory buffer, feature 0Dh (5.21.1.13) */
#define GMX_HMB_ENABLE		(1u << 0)	/* CDW11 */
#define GMX_HMB_RETURN		(1u << 1)	/* the memory is the same as before, and so is its content */

struct gmx_hmb_desc {			/* (figure 292) */
	__le64	addr;
	__le32	pages;			/* of CC.MPS */
	__le32	rsvd12;
};

struct gmx_hmb_attrs {			/* Get Features (figure 293) */
	__le32	pages;
	__le32	list_low;
	__le32	list_high;
	__le32	entries;
	__u8	rsvd16[4080];
};

struct gmx_timestamp {			/* feature 0Eh (figure 296) */
	__u8	ms[6];			/* since 1970 */
	__u8	attr;			/* [0] clock may have stopped, [3:1] GMX_TIMESTAMP_* */
	__u8	rsvd7;
};

enum { GMX_TIMESTAMP_RESET, GMX_TIMESTAMP_HOST };

#define GMX_HOST_BEHAVIOR_SIZE	512		/* feature 16h; byte 0: ACRE */
#define GMX_WRITE_PROTECT_MASK	7u		/* feature 84h */
enum { GMX_WP_NONE, GMX_WP_PROTECTED, GMX_WP_UNTIL_POWER_CYCLE, GMX_WP_PERMANENT };

/* Identify, CDW10[7:0] (figure 244) */
enum gmx_cns {
	GMX_CNS_NS		= 0x00,
	GMX_CNS_CTRL		= 0x01,
	GMX_CNS_NS_ACTIVE_LIST	= 0x02,
	GMX_CNS_NS_DESC_LIST	= 0x03,
	GMX_CNS_NVMSET_LIST	= 0x04,
	GMX_CNS_CS_NS		= 0x05,
	GMX_CNS_CS_CTRL		= 0x06,
	GMX_CNS_NS_INDEPENDENT	= 0x08,
	GMX_CNS_NS_ALLOC_LIST	= 0x10,
	GMX_CNS_NS_ALLOCATED	= 0x11,
	GMX_CNS_CTRL_NS_LIST	= 0x12,
	GMX_CNS_CTRL_LIST	= 0x13,
	GMX_CNS_PRIMARY_CAPS	= 0x14,
	GMX_CNS_SECONDARY_LIST	= 0x15,
	GMX_CNS_NS_GRANULARITY	= 0x16,
	GMX_CNS_UUID_LIST	= 0x17,
};

#define GMX_IDENTIFY_SIZE	4096
#define GMX_NS_LIST_ENTRIES	1024

struct gmx_psd {			/* power state descriptor (figure 248) */
	__le16	max_power;		/* centiwatts, or 0.0001 W when MXPS is set */
	__u8	rsvd2;
	__u8	flags;			/* [0] MXPS, [1] NOPS */
	__le32	entry_lat_us;
	__le32	exit_lat_us;
	__u8	rrt, rrl, rwt, rwl;
	__le16	idle_power;
	__u8	idle_scale;
	__u8	rsvd19;
	__le16	active_power;
	__u8	active_work_scale;
	__u8	rsvd23[9];
};

struct gmx_id_ctrl {			/* CNS 01h (figure 247) */
	__le16	vid;
	__le16	ssvid;
	char	sn[20];
	char	mn[40];
	char	fr[8];
	__u8	rab;
	__u8	ieee[3];
	__u8	cmic;
	__u8	mdts;			/* 2 ^ n minimum pages, 0: no limit */
	__le16	cntlid;
	__le32	ver;
	__le32	rtd3r;			/* us */
	__le32	rtd3e;			/* us */
	__le32	oaes;
	__le32	ctratt;
	__le16	rrls;
	__u8	rsvd102[9];
	__u8	cntrltype;
	__u8	fguid[16];
	__le16	crdt[3];		/* 100 ms */
	__u8	rsvd134[119];
	__u8	nvmsr;
	__u8	vwci;
	__u8	mec;
	__le16	oacs;
	__u8	acl;
	__u8	aerl;			/* zeroes based */
	__u8	frmw;
	__u8	lpa;
	__u8	elpe;
	__u8	npss;
	__u8	avscc;
	__u8	apsta;
	__le16	wctemp;			/* kelvin */
	__le16	cctemp;			/* kelvin */
	__le16	mtfa;			/* 100 ms */
	__le32	hmpre;
	__le32	hmmin;
	__u8	tnvmcap[16];
	__u8	unvmcap[16];
	__le32	rpmbs;
	__le16	edstt;			/* minutes */
	__u8	dsto;
	__u8	fwug;
	__le16	kas;
	__le16	hctma;
	__le16	mntmt;
	__le16	mxtmt;
	__le32	sanicap;
	__le32	hmminds;
	__le16	hmmaxd;
	__le16	nsetidmax;
	__le16	endgidmax;
	__u8	anatt;
	__u8	anacap;
	__le32	anagrpmax;
	__le32	nanagrpid;
	__le32	pels;
	__u8	rsvd356[156];
	__u8	sqes;
	__u8	cqes;
	__le16	maxcmd;
	__le32	nn;
	__le16	oncs;
	__le16	fuses;
	__u8	fna;
	__u8	vwc;
	__le16	awun;			/* blocks, zeroes based */
	__le16	awupf;			/* blocks, zeroes based */
	__u8	nvscc;
	__u8	nwpc;
	__le16	acwu;
	__u8	rsvd534[2];
	__le32	sgls;
	__le32	mnan;
	__u8	rsvd544[224];
	char	subnqn[256];
	__u8	rsvd1024[1024];
	struct gmx_psd psd[32];
	__u8	vs[1024];		/* Gigamax: vendor page */
};

#define GMX_PSD_MXPS		(1u << 0)	/* gmx_psd::flags */
#define GMX_PSD_NOPS		(1u << 1)
#define GMX_APSTA_OFFERED	(1u << 0)	/* feature 0Ch */
#define GMX_CMIC_PORTS		(1u << 0)	/* the subsystem has more than one PCIe port */
#define GMX_CMIC_CTRLS		(1u << 1)	/* and more than one controller */
#define GMX_CMIC_VIRTUAL	(1u << 2)	/* this controller is a virtual function */
#define GMX_CTRATT_NOPSPM	(1u << 1)	/* feature 11h */
#define GMX_CTRATT_GRANULARITY	(1u << 7)	/* CNS 16h */
#define GMX_CNTRLTYPE_IO	1
#define GMX_NVMSR_STORAGE	(1u << 0)
#define GMX_MEC_SMBUS		(1u << 0)
#define GMX_MEC_PCIE		(1u << 1)
#define GMX_OAES_NS_ATTR	(1u << 8)
#define GMX_OAES_FW_ACT		(1u << 9)
#define GMX_OACS_SECURITY	(1u << 0)
#define GMX_OACS_FORMAT		(1u << 1)
#define GMX_OACS_FIRMWARE	(1u << 2)
#define GMX_OACS_NS_MGMT	(1u << 3)
#define GMX_OACS_SELF_TEST	(1u << 4)
#define GMX_OACS_DIRECTIVES	(1u << 5)
#define GMX_OACS_MI		(1u << 6)
#define GMX_OACS_VIRT_MGMT	(1u << 7)
#define GMX_OACS_DBBUF		(1u << 8)
#define GMX_LPA_SMART_NS	(1u << 0)
#define GMX_LPA_EFFECTS		(1u << 1)
#define GMX_LPA_EXTENDED	(1u << 2)
#define GMX_LPA_TELEMETRY	(1u << 3)
#define GMX_LPA_PERSISTENT	(1u << 4)
#define GMX_ONCS_COMPARE	(1u << 0)
#define GMX_ONCS_WRITE_UNCOR	(1u << 1)
#define GMX_ONCS_DSM		(1u << 2)
#define GMX_ONCS_WRITE_ZEROES	(1u << 3)
#define GMX_ONCS_SAVE		(1u << 4)
#define GMX_ONCS_RESERVATIONS	(1u << 5)
#define GMX_ONCS_TIMESTAMP	(1u << 6)
#define GMX_ONCS_VERIFY		(1u << 7)
#define GMX_NWPC_SUPPORTED	(1u << 0)	/* feature 84h: none and protected */
#define GMX_VWC_PRESENT		(1u << 0)
#define GMX_VWC_FLUSH_ALL	(3u << 1)	/* Flush with NSID ffffffffh is understood */
#define GMX_SGLS_SUPPORT_MASK	0x3u		/* 1: any alignment, 2: dwords */
#define GMX_SGLS_DWORD		0x2u

struct gmx_lbaf {
	__le16	ms;			/* metadata bytes a block */
	__u8	ds;			/* 2 ^ n data bytes a block */
	__u8	rp;
};

struct gmx_id_ns {			/* CNS 00h (figure 245) */
	__le64	nsze;
	__le64	ncap;
	__le64	nuse;
	__u8	nsfeat;
	__u8	nlbaf;			/* zeroes based */
	__u8	flbas;
	__u8	mc;
	__u8	dpc;
	__u8	dps;
	__u8	nmic;
	__u8	rescap;
	__u8	fpi;
	__u8	dlfeat;
	__le16	nawun;			/* blocks, zeroes based */
	__le16	nawupf;
	__le16	nacwu;
	__le16	nabsn;
	__le16	nabo;
	__le16	nabspf;
	__le16	noiob;			/* blocks */
	__u8	nvmcap[16];
	__le16	npwg;			/* blocks, zeroes based */
	__le16	npwa;
	__le16	npdg;
	__le16	npda;
	__le16	nows;
	__u8	rsvd74[18];
	__le32	anagrpid;
	__u8	rsvd96[3];
	__u8	nsattr;
	__le16	nvmsetid;
	__le16	endgid;
	__u8	nguid[16];
	__u8	eui64[8];
	struct gmx_lbaf lbaf[64];
	__u8	vs[3712];
};

#define GMX_NSFEAT_ATOMICS	(1u << 1)	/* NAWUN, NAWUPF, NACWU are valid */
#define GMX_NSFEAT_OPTPERF	(1u << 4)	/* NPWG, NPWA, NPDG, NPDA, NOWS are valid */
#define GMX_MC_EXTENDED		(1u << 0)
#define GMX_MC_SEPARATE		(1u << 1)
#define GMX_NMIC_SHARED		(1u << 0)
#define GMX_FPI_SUPPORTED	(1u << 7)
#define GMX_FLBAS_INDEX(f)	(((f) & 0xf) | (((f) >> 1) & 0x30))
#define GMX_FLBAS_EXTENDED	(1u << 4)	/* metadata at the end of the data */
#define GMX_PI_SIZE		8		/* bytes of protection information a block */
#define GMX_DPS_TYPE_MASK	0x7
#define GMX_NSATTR_WRITE_PROT	(1u << 0)
#define GMX_DLFEAT_READ_MASK	0x7
#define GMX_DLFEAT_READ_ZERO	0x1
#define GMX_DLFEAT_DEAC		(1u << 3)

struct gmx_ns_desc {			/* CNS 03h (figure 249) */
	__u8	nidt;
	__u8	nidl;
	__u8	rsvd2[2];
	__u8	nid[];
};

enum { GMX_NIDT_EUI64 = 1, GMX_NIDT_NGUID = 2, GMX_NIDT_UUID = 3, GMX_NIDT_CSI = 4 };

struct gmx_primary_caps {		/* CNS 14h (figure 254) */
	__le16	cntlid;
	__le16	portid;
	__u8	crt;			/* [0] queues, [1] interrupts are flexible */
	__u8	rsvd5[27];
	__le32	vqfrt;			/* flexible queue pairs: in all */
	__le32	vqrfa;			/* assigned to secondary controllers */
	__le16	vqrfap;			/* assigned to the primary */
	__le16	vqprt;			/* private to the primary */
	__le16	vqfrsm;			/* at most a secondary */
	__le16	vqgran;
	__u8	rsvd48[16];
	__le32	vifrt;			/* the same for interrupt vectors */
	__le32	virfa;
	__le16	virfap;
	__le16	viprt;
	__le16	vifrsm;
	__le16	vigran;
	__u8	rsvd80[4016];
};

struct gmx_secondary {			/* (figure 256) */
	__le16	scid;
	__le16	pcid;
	__u8	scs;			/* [0] online */
	__u8	rsvd5[3];
	__le16	vfn;			/* 1 and up */
	__le16	nvq;
	__le16	nvi;
	__u8	rsvd14[18];
};

struct gmx_secondary_list {		/* CNS 15h (figure 255) */
	__u8	nr;
	__u8	rsvd1[31];
	struct gmx_secondary entry[127];
};

/* Virtualization Management (5.22): CDW10 and CDW11 */
enum { GMX_VIRT_PRIMARY_ALLOC = 1, GMX_VIRT_OFFLINE = 7, GMX_VIRT_ASSIGN = 8, GMX_VIRT_ONLINE = 9 };
enum { GMX_VIRT_VQ, GMX_VIRT_VI };
#define GMX_VIRT_ACT(dw)	((dw) & 0xf)
#define GMX_VIRT_RT(dw)		(((dw) >> 8) & 7)
#define GMX_VIRT_CNTLID(dw)	((dw) >> 16)

struct gmx_granularity {		/* CNS 16h (figures 258 and 259) */
	__le32	attributes;
	__u8	nr;			/* zeroes based */
	__u8	rsvd5[27];
	struct {
		__le64	size;
		__le64	capacity;
	} desc[16];
	__u8	rsvd288[3808];
};

/* Async event completion dword 0 (figure 146) */
#define GMX_AEN_TYPE(r)		((r) & 7)
#define GMX_AEN_INFO(r)		(((r) >> 8) & 0xff)
#define GMX_AEN_LOG(r)		(((r) >> 16) & 0xff)
enum { GMX_AEN_ERROR = 0, GMX_AEN_SMART = 1, GMX_AEN_NOTICE = 2, GMX_AEN_NVM = 6, GMX_AEN_VENDOR = 7 };
enum { GMX_AEN_NOTICE_NS_CHANGED = 0, GMX_AEN_NOTICE_FW_ACT = 1, GMX_AEN_NOTICE_TELEMETRY = 2 };
enum {
	GMX_AEN_ERROR_DOORBELL = 0,
	GMX_AEN_ERROR_DOORBELL_VALUE = 1,
	GMX_AEN_ERROR_DIAG = 2,
	GMX_AEN_ERROR_PERSISTENT = 3,
	GMX_AEN_ERROR_TRANSIENT = 4, GMX_AEN_ERROR_FW_LOAD = 5,
};

enum { GMX_AEN_SMART_RELIABILITY = 0, GMX_AEN_SMART_TEMPERATURE = 1, GMX_AEN_SMART_SPARE = 2 };
enum { GMX_AEN_NVM_SANITIZED = 1, GMX_AEN_NVM_SANITIZED_DEALLOC = 2 };

#include <gmx/log.h>

static_assert(sizeof(struct gmx_sgl_desc) == 16, "SGL descriptor is 16 bytes");
static_assert(sizeof(struct gmx_sqe) == 64, "submission entry is 64 bytes");
static_assert(sizeof(struct gmx_cqe) == 16, "completion entry is 16 bytes");
static_assert(sizeof(struct gmx_dsm_range) == 16, "deallocation range is 16 bytes");
static_assert(sizeof(struct gmx_psd) == 32, "power state descriptor is 32 bytes");
static_assert(sizeof(struct gmx_id_ctrl) == GMX_IDENTIFY_SIZE, "Identify Controller is 4096 bytes");
static_assert(sizeof(struct gmx_id_ns) == GMX_IDENTIFY_SIZE, "Identify Namespace is 4096 bytes");
static_assert(sizeof(struct gmx_hmb_desc) == 16, "HMB descriptor is 16 bytes");
static_assert(sizeof(struct gmx_hmb_attrs) == 4096, "HMB attributes are 4096 bytes");
static_assert(sizeof(struct gmx_timestamp) == 8, "timestamp is 8 bytes");
static_assert(sizeof(struct gmx_primary_caps) == GMX_IDENTIFY_SIZE, "primary controller capabilities are 4096 bytes");
static_assert(sizeof(struct gmx_secondary) == 32, "secondary controller entry is 32 bytes");
static_assert(sizeof(struct gmx_secondary_list) == GMX_IDENTIFY_SIZE, "secondary controller list is 4096 bytes");
static_assert(sizeof(struct gmx_granularity) == GMX_IDENTIFY_SIZE, "namespace granularity list is 4096 bytes");
static_assert(sizeof(union gmx_dptr) == 16, "data pointer is 16 bytes");
static_assert(sizeof(struct gmx_lbaf) == 4, "LBA format is 4 bytes");
static_assert(sizeof(struct gmx_ns_desc) == 4, "head of a namespace identification descriptor is 4 bytes");
static_assert(sizeof(struct gmx_log_error) == 64, "error log entry is 64 bytes");
static_assert(sizeof(struct gmx_log_smart) == 512, "SMART log is 512 bytes");
static_assert(sizeof(struct gmx_log_fw_slot) == 512, "Firmware Slot log is 512 bytes");
static_assert(sizeof(struct gmx_selftest_result) == 28, "self-test result is 28 bytes");
static_assert(sizeof(struct gmx_log_selftest) == 564, "Device Self-test log is 564 bytes");
static_assert(sizeof(struct gmx_log_telemetry) == GMX_TELEMETRY_BLOCK, "telemetry header is one block");
static_assert(sizeof(struct gmx_log_sanitize) == 512, "Sanitize Status log is 512 bytes");
static_assert(sizeof(struct gmx_log_effects) == 4096, "Commands Supported and Effects log is 4096 bytes");
static_assert(sizeof(struct gmx_log_persistent) == 512, "header of the persistent event log is 512 bytes");
static_assert(sizeof(struct gmx_persistent_event) == 24, "header of a persistent event is 24 bytes");
static_assert(sizeof(struct gmx_persistent_fw_commit) == 22, "firmware commit event is 22 bytes");
static_assert(sizeof(struct gmx_persistent_timestamp) == 16, "timestamp event is 16 bytes");
static_assert(sizeof(struct gmx_persistent_reset) == 36, "controller in a reset event is 36 bytes");
static_assert(sizeof(struct gmx_persistent_hw_error) == 8, "hardware error event is 8 bytes");
static_assert(sizeof(struct gmx_persistent_thermal) == 2, "thermal excursion event is 2 bytes");
static_assert(sizeof(struct gmx_persistent_ns_change) == 48, "namespace event is 48 bytes");
static_assert(sizeof(struct gmx_persistent_format) == 12, "format start event is 12 bytes");
static_assert(sizeof(struct gmx_persistent_format_done) == 12, "format completion event is 12 bytes");
static_assert(sizeof(struct gmx_persistent_sanitize) == 12, "sanitize start event is 12 bytes");
static_assert(sizeof(struct gmx_persistent_sanitize_done) == 8, "sanitize completion event is 8 bytes");

#endif
