/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much data a command has, and which way it goes: what host.h asks before a command is shown to the controller. */
#ifndef TESTS_FUZZ_CMDS_H
#define TESTS_FUZZ_CMDS_H

#include "host.h"

static const uint8_t cmds_admin[] = {
	GMX_ADM_DELETE_SQ,  GMX_ADM_CREATE_SQ,	   GMX_ADM_GET_LOG,	  GMX_ADM_DELETE_CQ,	GMX_ADM_CREATE_CQ,
	GMX_ADM_IDENTIFY,   GMX_ADM_ABORT,	   GMX_ADM_SET_FEATURES,  GMX_ADM_GET_FEATURES, GMX_ADM_ASYNC_EVENT,
	GMX_ADM_NS_MGMT,    GMX_ADM_FW_COMMIT,	   GMX_ADM_FW_DOWNLOAD,	  GMX_ADM_SELF_TEST,	GMX_ADM_NS_ATTACH,
	GMX_ADM_KEEP_ALIVE, GMX_ADM_VIRT_MGMT,	   GMX_ADM_MI_SEND,	  GMX_ADM_MI_RECV,	GMX_ADM_DBBUF,
	GMX_ADM_FORMAT,	    GMX_ADM_SECURITY_SEND, GMX_ADM_SECURITY_RECV, GMX_ADM_SANITIZE,
};

static const uint8_t cmds_io[] = {
	GMX_NVM_FLUSH,	 GMX_NVM_WRITE,	       GMX_NVM_READ, GMX_NVM_WRITE_UNCOR,
	GMX_NVM_COMPARE, GMX_NVM_WRITE_ZEROES, GMX_NVM_DSM,  GMX_NVM_VERIFY,
};

/* Bytes that come back from Get Features (5.14.1) */
static inline uint64_t cmds_feature_len(uint8_t fid)
{
	switch (fid) {
	case GMX_FEAT_APST: return 256;
	case GMX_FEAT_HMB: return 4096;
	case GMX_FEAT_TIMESTAMP: return 8;
	case GMX_FEAT_HOST_BEHAVIOR: return 512;
	default: return 0;
	}
}

/* Only what goes to the host: the rest is the controller's to read. */
static inline uint64_t cmds_admin_len(const struct gmx_sqe *sqe)
{
	uint32_t cdw10 = le32toh(sqe->cdw10), cdw11 = le32toh(sqe->cdw11);

	switch (sqe->opcode) {
	case GMX_ADM_GET_LOG: return ((uint64_t)(cdw11 & 0xffff) << 16 | cdw10 >> 16) * 4 + 4;
	case GMX_ADM_IDENTIFY:
	case GMX_ADM_MI_RECV: return 4096;
	case GMX_ADM_GET_FEATURES: return cmds_feature_len(cdw10 & 0xff);
	case GMX_ADM_SECURITY_RECV: return cdw11;
	default: return 0;
	}
}

static inline const struct emu_ns *cmds_ns(uint32_t nsid)
{
	return nsid && nsid <= EMU_MAX_NS && vnd->ns[nsid - 1].nsid ? &vnd->ns[nsid - 1] : NULL;
}

static uint64_t host_data_len(unsigned int qid, const struct gmx_sqe *sqe, bool *writes, uint64_t *meta)
{
	const struct emu_ns *ns = qid ? cmds_ns(le32toh(sqe->nsid)) : NULL;
	uint64_t nr = (le32toh(sqe->cdw12) & 0xffff) + 1ull, len;

	*meta = 0;
	if (!qid) {
		len = cmds_admin_len(sqe);
		*writes = len;
		/* more than any transfer may have is refused */
		return len > 1u << 20 ? 0 : len;
	}
	*writes = sqe->opcode == GMX_NVM_READ;
	if (sqe->opcode == GMX_NVM_DSM)
		return ((le32toh(sqe->cdw10) & 0xff) + 1) * sizeof(struct gmx_dsm_range);
	if (!ns || (sqe->opcode != GMX_NVM_READ && sqe->opcode != GMX_NVM_WRITE && sqe->opcode != GMX_NVM_COMPARE))
		return 0;
	*meta = ns->ms_extended ? 0 : nr * ns->ms;
	len = nr * ((1u << ns->lba_shift) + (ns->ms_extended ? ns->ms : 0u));
	if (len <= 4096ull << vnd->traits->mdts)
		return len;
	*meta = 0;
	return 0;
}

/* A buffer for len bytes, by PRPs: at any offset that is a multiple of 4, in the data area, its list in the list area */
static inline void cmds_prps(struct gmx_sqe *sqe, uint64_t addr, uint64_t len, uint64_t list)
{
	uint64_t page = host_page(), second = (addr & ~(page - 1)) + page, nr = 0;

	sqe->dptr.prp1 = htole64(addr);
	if (addr + len <= second)
		return;
	sqe->dptr.prp2 = htole64(second);
	if (addr + len <= second + page)
		return;
	sqe->dptr.prp2 = htole64(list);
	for (uint64_t at = second; at < addr + len && nr < 512; at += page, nr++) {
		__le64 entry = htole64(at);

		host_put(list + nr * 8, &entry, sizeof(entry));
	}
}

#endif
