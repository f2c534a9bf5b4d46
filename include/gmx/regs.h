/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * Controller registers (NVMe 1.4, section 3.1). Offsets are bytes into BAR 0; all registers are little endian.
 */
#ifndef GMX_REGS_H
#define GMX_REGS_H

#define GMX_REG_CAP		0x00	/* 64 bit, controller capabilities */
#define GMX_REG_VS		0x08	/* version */
#define GMX_REG_INTMS		0x0c	/* interrupt mask set (not with MSI-X) */
#define GMX_REG_INTMC		0x10	/* interrupt mask clear */
#define GMX_REG_CC		0x14	/* controller configuration */
#define GMX_REG_CSTS		0x1c	/* controller status */
#define GMX_REG_NSSR		0x20	/* NVM subsystem reset */
#define GMX_REG_AQA		0x24	/* admin queue attributes */
#define GMX_REG_ASQ		0x28	/* 64 bit, admin submission queue base */
#define GMX_REG_ACQ		0x30	/* 64 bit, admin completion queue base */
#define GMX_REG_CMBLOC		0x38	/* controller memory buffer: where */
#define GMX_REG_CMBSZ		0x3c	/* and how much of what */
#define GMX_REG_CMBMSC		0x50	/* 64 bit, at which address the controller is to look for it */
#define GMX_REG_CMBSTS		0x58
#define GMX_REG_DBS		0x1000	/* doorbells: 2 * qid + (0: SQ tail, 1: CQ head), times the stride */

#define GMX_CAP_MQES(cap)	((cap) & 0xffff)		/* queue entries, zeroes based */
#define GMX_CAP_CQR(cap)	(((cap) >> 16) & 1)
#define GMX_CAP_AMS(cap)	(((cap) >> 17) & 3)
#define GMX_CAP_TO(cap)		(((cap) >> 24) & 0xff)		/* units of 500 ms */
#define GMX_CAP_DSTRD(cap)	(((cap) >> 32) & 0xf)		/* 4 << DSTRD bytes */
#define GMX_CAP_NSSRS(cap)	(((cap) >> 36) & 1)
#define GMX_CAP_CSS(cap)	(((cap) >> 37) & 0xff)
#define GMX_CAP_MPSMIN(cap)	(((cap) >> 48) & 0xf)		/* 2 ^ (12 + MPSMIN) bytes */
#define GMX_CAP_MPSMAX(cap)	(((cap) >> 52) & 0xf)

#define GMX_CAP_CMBS(cap)	(((cap) >> 57) & 1)		/* since 1.4: needs CMBMSC */

#define GMX_CAP_CSS_NVM		0x01
#define GMX_CAP_CSS_CSI		0x40
#define GMX_CAP_CSS_ADMIN	0x80
#define GMX_CAP_AMS_WRR		0x1

#define GMX_CC_EN		(1u << 0)
#define GMX_CC_CSS_NVM		(0u << 4)
#define GMX_CC_CSS_CSI		(6u << 4)
#define GMX_CC_CSS_ADMIN	(7u << 4)
#define GMX_CC_MPS(shift)	((unsigned int)((shift) - 12) << 7)
#define GMX_CC_AMS_RR		(0u << 11)
#define GMX_CC_AMS_WRR		(1u << 11)	/* weighted, with an urgent class */
#define GMX_CC_SHN_NORMAL	(1u << 14)
#define GMX_CC_SHN_ABRUPT	(2u << 14)
#define GMX_CC_SHN_MASK		(3u << 14)
#define GMX_CC_IOSQES(shift)	((unsigned int)(shift) << 16)
#define GMX_CC_IOCQES(shift)	((unsigned int)(shift) << 20)

#define GMX_CSTS_RDY		(1u << 0)
#define GMX_CSTS_CFS		(1u << 1)
#define GMX_CSTS_SHST_MASK	(3u << 2)
#define GMX_CSTS_SHST_DONE	(2u << 2)
#define GMX_CSTS_NSSRO		(1u << 4)
#define GMX_CSTS_PP		(1u << 5)
#define GMX_CSTS_GONE		0xffffffffu	/* what a read of absent hardware gives */

#define GMX_CMBLOC_BIR(loc)	((loc) & 7)
#define GMX_CMBLOC_CQMMS	(1u << 3)	/* a queue partly in it */
#define GMX_CMBLOC_CQPDS	(1u << 4)	/* a queue in pieces */
#define GMX_CMBLOC_CDPMLS	(1u << 5)	/* lists partly in it */
#define GMX_CMBLOC_CDPCILS	(1u << 6)	/* data in it, lists not */
#define GMX_CMBLOC_CDMMMS	(1u << 7)	/* data partly in it */
#define GMX_CMBLOC_CQDA		(1u << 8)	/* queues at any dword */
#define GMX_CMBLOC_OFST(loc)	((loc) >> 12)	/* in units of CMBSZ.SZU */

#define GMX_CMBSZ_SQS		(1u << 0)	/* submission queues may lie there */
#define GMX_CMBSZ_CQS		(1u << 1)	/* completion queues */
#define GMX_CMBSZ_LISTS		(1u << 2)	/* PRP lists, SGL segments */
#define GMX_CMBSZ_RDS		(1u << 3)	/* data of reads */
#define GMX_CMBSZ_WDS		(1u << 4)	/* data of writes */
#define GMX_CMBSZ_SZU(sz)	(((sz) >> 8) & 0xf)	/* units of 4 KiB << 4 * SZU */
#define GMX_CMBSZ_SZU_MAX	6
#define GMX_CMBSZ_SZ(sz)	((sz) >> 12)

#define GMX_CMBMSC_CRE		(1ull << 0)	/* show CMBLOC and CMBSZ */
#define GMX_CMBMSC_CMSE		(1ull << 1)	/* take addresses from CBA on for it */
#define GMX_CMBMSC_CBA		(~0xfffull)

#define GMX_CMBSTS_CBAI		(1u << 0)	/* CBA cannot be */

#define GMX_NSSR_MAGIC		0x4e564d65u	/* "NVMe" */

#define GMX_VS(major, minor, tertiary)	(((major) << 16) | ((minor) << 8) | (tertiary))

#define GMX_SQE_SHIFT		6
#define GMX_CQE_SHIFT		4

#endif
