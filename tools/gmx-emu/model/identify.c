// SPDX-License-Identifier: GPL-2.0-or-later
/* Identify (5.15): what the controller says of itself, its namespaces and its neighbours */
#include "emu.h"

#define IDENTIFY_INVALID     (GMX_SC_INVALID_FIELD | GMX_STS_DNR)
#define IDENTIFY_INVALID_NS  (GMX_SC_INVALID_NS | GMX_STS_DNR)
#define IDENTIFY_ABORTS	     3 /* ACL, zeroes based */
#define IDENTIFY_BURST	     4 /* RAB: 2^n commands */
#define IDENTIFY_RTD3_US     1000000
#define IDENTIFY_GRANULARITY 4096u  /* bytes: of a namespace's size, of a good write and of a hole */
#define IDENTIFY_OPTIMAL     65536u /* bytes of a very good write */

#if __BYTE_ORDER == __LITTLE_ENDIAN
#define LE16(x) (x)
#define LE32(x) (x)
#else
#define LE16(x) __builtin_bswap16(x)
#define LE32(x) __builtin_bswap32(x)
#endif

#define STATE(centiwatts, entry_us, exit_us, flag, rank) \
	{ \
		.max_power = LE16(centiwatts), \
		.entry_lat_us = LE32(entry_us), \
		.exit_lat_us = LE32(exit_us), \
		.flags = (flag), \
		.rrt = (rank), \
		.rrl = (rank), \
		.rwt = (rank), \
		.rwl = (rank), \
	}

const struct gmx_psd emu_power_states[EMU_NPSS + 1] = {
	STATE(2500, 0, 0, 0, 0),
	STATE(1800, 100, 100, 0, 1),
	STATE(1200, 200, 200, 0, 2),
	STATE(250, 2000, 3000, GMX_PSD_NOPS, 3),
	STATE(50, 8000, 20000, GMX_PSD_NOPS, 4),
};

static void identify_text(char *field, size_t size, const char *text)
{
	size_t len = strnlen(text, size);

	memset(field, ' ', size);
	memcpy(field, text, len);
}

static void identify_bytes(uint8_t field[16], uint64_t value)
{
	uint64_t le = htole64(value);

	memcpy(field, &le, sizeof(le));
}

/* Bits for commands, each as far as there is such a command */
static uint16_t identify_oacs(struct emu_ctrl *c)
{
	static const struct {
		uint8_t opcode;
		uint16_t bit;
	} bits[] = {
		{ GMX_ADM_SECURITY_RECV, GMX_OACS_SECURITY },
		{ GMX_ADM_FORMAT, GMX_OACS_FORMAT },
		{ GMX_ADM_FW_COMMIT, GMX_OACS_FIRMWARE },
		{ GMX_ADM_NS_MGMT, GMX_OACS_NS_MGMT },
		{ GMX_ADM_SELF_TEST, GMX_OACS_SELF_TEST },
		{ GMX_ADM_DIRECTIVE_RECV, GMX_OACS_DIRECTIVES },
		{ GMX_ADM_MI_RECV, GMX_OACS_MI },
		{ GMX_ADM_VIRT_MGMT, GMX_OACS_VIRT_MGMT },
		{ GMX_ADM_DBBUF, GMX_OACS_DBBUF },
	};
	uint16_t oacs = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(bits); i++) {
		if (emu_cmd_find(c, true, bits[i].opcode))
			oacs |= bits[i].bit;
	}
	return oacs;
}

static uint16_t identify_oncs(struct emu_ctrl *c)
{
	static const struct {
		uint8_t opcode;
		uint16_t bit;
	} bits[] = {
		{ GMX_NVM_COMPARE, GMX_ONCS_COMPARE },
		{ GMX_NVM_WRITE_UNCOR, GMX_ONCS_WRITE_UNCOR },
		{ GMX_NVM_DSM, GMX_ONCS_DSM },
		{ GMX_NVM_WRITE_ZEROES, GMX_ONCS_WRITE_ZEROES },
		{ GMX_NVM_RESV_REPORT, GMX_ONCS_RESERVATIONS },
		{ GMX_NVM_VERIFY, GMX_ONCS_VERIFY },
	};
	uint16_t oncs = GMX_ONCS_SAVE | GMX_ONCS_TIMESTAMP;

	for (unsigned int i = 0; i < ARRAY_SIZE(bits); i++) {
		if (emu_cmd_find(c, false, bits[i].opcode))
			oncs |= bits[i].bit;
	}
	return oncs;
}

static uint8_t identify_cmic(struct emu_ctrl *c)
{
	uint8_t cmic = c->is_virtual ? GMX_CMIC_VIRTUAL : 0;

	if (c->s->config.functions > 1)
		cmic |= GMX_CMIC_PORTS | GMX_CMIC_CTRLS;
	if (c->s->traits->nr_vfs)
		cmic |= GMX_CMIC_CTRLS;
	return cmic;
}

/* Atomic for every format: counted in the largest blocks there are */
static uint16_t identify_awupf(const struct emu_traits *traits)
{
	unsigned int shift = 0;

	for (unsigned int i = 0; i < emu_family_nr_lbaf(traits); i++)
		shift = EMU_MAX(shift, (unsigned int)emu_lbafs[i].shift);
	return (uint16_t)((EMU_ATOMIC_BYTES >> shift) - 1);
}

static void identify_power(struct gmx_id_ctrl *id)
{
	id->npss = EMU_NPSS;
	id->apsta = 1;
	memcpy(id->psd, emu_power_states, sizeof(emu_power_states));
	id->wctemp = htole16(EMU_WCTEMP);
	id->cctemp = htole16(EMU_CCTEMP);
}

static void identify_capabilities(struct emu_ctrl *c, struct gmx_id_ctrl *id)
{
	const struct emu_traits *traits = c->s->traits;

	/* Telemetry notices have no bit here (bit 10 is reserved): they come with LPA bit 3. */
	id->oaes = htole32(GMX_OAES_NS_ATTR | GMX_OAES_FW_ACT);
	id->ctratt = htole32(GMX_CTRATT_NOPSPM | GMX_CTRATT_GRANULARITY);
	id->oacs = htole16(identify_oacs(c));
	id->acl = IDENTIFY_ABORTS;
	id->aerl = EMU_MAX_AENS - 1;
	id->frmw = GMX_FRMW_SLOT1_RO | GMX_FRMW_SLOTS(EMU_FW_SLOTS) | GMX_FRMW_NO_RESET;
	id->lpa = GMX_LPA_EFFECTS | GMX_LPA_EXTENDED | GMX_LPA_TELEMETRY | GMX_LPA_PERSISTENT;
	id->pels = htole32(EMU_PELS);
	id->elpe = EMU_MAX_ERRORS - 1;
	id->mtfa = htole16(EMU_FW_MTFA);
	id->fwug = EMU_FW_GRANULARITY / 4096;
	id->kas = htole16(EMU_KAS);
	if (traits->hmb) {
		id->hmpre = htole32(EMU_HMPRE);
		id->hmmin = htole32(EMU_HMMIN);
		id->hmminds = htole32(EMU_HMMINDS);
		id->hmmaxd = htole16(EMU_HMMAXD);
	}
	if (emu_cmd_find(c, true, GMX_ADM_SELF_TEST)) {
		id->edstt = htole16(EMU_EDSTT);
		id->dsto = 1;
	}
	if (emu_cmd_find(c, true, GMX_ADM_SANITIZE))
		id->sanicap = htole32(emu_sanitize_caps(traits));
	if (emu_cmd_find(c, true, GMX_ADM_MI_RECV))
		id->mec = GMX_MEC_SMBUS | GMX_MEC_PCIE;
	id->nvmsr = GMX_NVMSR_STORAGE;
	identify_bytes(id->tnvmcap, c->s->config.capacity);
	identify_bytes(id->unvmcap, emu_ns_unallocated(c->s));
}

static void identify_nvm(struct emu_ctrl *c, struct gmx_id_ctrl *id)
{
	const struct emu_traits *traits = c->s->traits;

	id->sqes = GMX_SQE_SHIFT << 4 | GMX_SQE_SHIFT;
	id->cqes = GMX_CQE_SHIFT << 4 | GMX_CQE_SHIFT;
	id->nn = htole32(EMU_MAX_NS);
	id->mnan = htole32(EMU_MAX_NS);
	id->oncs = htole16(identify_oncs(c));
	/* crypto erase */
	id->fna = traits->id == EMU_G3 ? 1u << 2 : 0;
	id->vwc = GMX_VWC_FLUSH_ALL | (c->s->config.write_cache ? GMX_VWC_PRESENT : 0);
	id->awupf = id->awun = htole16(identify_awupf(traits));
	id->nwpc = GMX_NWPC_SUPPORTED;
	if (traits->sgl)
		id->sgls = htole32(EMU_SGLS);
}

void emu_identify_ctrl(struct emu_ctrl *c, struct gmx_id_ctrl *id)
{
	const struct emu_subsys *s = c->s;
	struct emu_pci_info pci;

	memset(id, 0, sizeof(*id));
	emu_ctrl_pci_info(c, &pci);
	id->vid = htole16(pci.vendor);
	id->ssvid = htole16(pci.subsystem_vendor);
	identify_text(id->sn, sizeof(id->sn), s->config.serial);
	identify_text(id->mn, sizeof(id->mn), s->traits->model);
	identify_text(id->fr, sizeof(id->fr), emu_fw_revision(c->s));
	id->rab = IDENTIFY_BURST;
	/* Locally administered, as in the EUI-64 of the namespaces; low byte first here */
	memcpy(id->ieee, (const uint8_t[]){ 0x4d, 0x47, 0x52 }, sizeof(id->ieee));
	id->cmic = identify_cmic(c);
	id->mdts = s->traits->mdts;
	id->cntlid = htole16(c->cntlid);
	id->ver = htole32(GMX_VS(1, 4, 0));
	id->rtd3r = id->rtd3e = htole32(IDENTIFY_RTD3_US);
	id->cntrltype = GMX_CNTRLTYPE_IO;
	identify_capabilities(c, id);
	identify_nvm(c, id);
	identify_power(id);
	memcpy(id->subnqn, s->config.subnqn, strnlen(s->config.subnqn, sizeof(s->config.subnqn)));
	emu_vendor_identify(c, id->vs);
}

/* What is the same for all namespaces, which is all there is of NSID ffffffffh */
static void identify_ns_common(struct emu_ctrl *c, struct gmx_id_ns *id)
{
	unsigned int nr = emu_family_nr_lbaf(c->s->traits);

	id->nsfeat = GMX_NSFEAT_ATOMICS | GMX_NSFEAT_OPTPERF;
	id->nlbaf = (uint8_t)(nr - 1);
	for (unsigned int i = 0; i < nr; i++) {
		id->lbaf[i].ds = emu_lbafs[i].shift;
		id->lbaf[i].ms = htole16(emu_lbafs[i].ms);
		id->lbaf[i].rp = emu_lbafs[i].rp;
		if (emu_lbafs[i].ms)
			id->mc = GMX_MC_EXTENDED | GMX_MC_SEPARATE;
	}
	id->fpi = emu_cmd_find(c, true, GMX_ADM_FORMAT) ? GMX_FPI_SUPPORTED : 0;
	id->dlfeat = GMX_DLFEAT_READ_ZERO | GMX_DLFEAT_DEAC;
}

/* Bytes in blocks, zeroes based, at least one block */
static __le16 identify_blocks(const struct emu_ns *ns, unsigned int bytes)
{
	unsigned int blocks = bytes >> ns->lba_shift;

	return htole16((uint16_t)(blocks ? blocks - 1 : 0));
}

static void identify_ns_fill(const struct emu_ns *ns, struct gmx_id_ns *id)
{
	id->nsze = htole64(ns->nsze);
	id->ncap = htole64(ns->ncap);
	id->nuse = htole64(ns->nuse);
	id->flbas = ns->lbaf | (ns->ms_extended ? GMX_FLBAS_EXTENDED : 0);
	id->dps = ns->dps;
	id->nmic = ns->nmic;
	if (ns->formatting)
		id->fpi |= ns->format_percent_left & 0x7f;
	id->nawun = id->nawupf = identify_blocks(ns, EMU_ATOMIC_BYTES);
	id->npwg = id->npwa = id->npdg = id->npda = identify_blocks(ns, IDENTIFY_GRANULARITY);
	id->nows = identify_blocks(ns, IDENTIFY_OPTIMAL);
	identify_bytes(id->nvmcap, ns->bytes);
	id->nsattr = ns->read_only ? GMX_NSATTR_WRITE_PROT : 0;
	memcpy(id->nguid, ns->nguid, sizeof(id->nguid));
	memcpy(id->eui64, ns->eui64, sizeof(id->eui64));
}

static bool identify_nsid_valid(uint32_t nsid)
{
	return nsid && nsid <= EMU_MAX_NS;
}

/* CNS 00h, 11h: zeroes for what is not active, or not allocated */
static uint16_t identify_ns(struct emu_cmd *cmd, uint8_t *buf, bool allocated)
{
	const struct emu_ns *ns = emu_ns_find(cmd->ctrl->s, emu_nsid(cmd));
	struct gmx_id_ns *id = (struct gmx_id_ns *)buf;

	if (emu_nsid(cmd) == GMX_NSID_ALL && !allocated && emu_cmd_find(cmd->ctrl, true, GMX_ADM_NS_MGMT)) {
		identify_ns_common(cmd->ctrl, id);
		return 0;
	}
	if (!identify_nsid_valid(emu_nsid(cmd)))
		return IDENTIFY_INVALID_NS;
	if (!ns || (!allocated && !emu_ns_attached(ns, cmd->ctrl)))
		return 0;
	identify_ns_common(cmd->ctrl, id);
	identify_ns_fill(ns, id);
	return 0;
}

/* CNS 02h, 10h: ascending, and above the one that is given */
static uint16_t identify_ns_list(struct emu_cmd *cmd, uint8_t *buf, bool allocated)
{
	struct emu_subsys *s = cmd->ctrl->s;
	__le32 *list = (__le32 *)buf;

	if (emu_nsid(cmd) >= GMX_NSID_ALL - 1)
		return IDENTIFY_INVALID_NS;
	for (uint32_t i = emu_nsid(cmd); i < EMU_MAX_NS; i++) {
		if (s->ns[i].nsid && (allocated || emu_ns_attached(&s->ns[i], cmd->ctrl)))
			*list++ = htole32(i + 1);
	}
	return 0;
}

static bool identify_any(const uint8_t *p, size_t len)
{
	while (len--) {
		if (*p++)
			return true;
	}
	return false;
}

static uint8_t *identify_desc(uint8_t *p, uint8_t type, const uint8_t *id, uint8_t len)
{
	if (!identify_any(id, len))
		return p;
	p[0] = type;
	p[1] = len;
	memcpy(p + 4, id, len);
	return p + 4 + len;
}

static uint16_t identify_ns_descs(struct emu_cmd *cmd, uint8_t *buf)
{
	const struct emu_ns *ns = emu_ns_find(cmd->ctrl->s, emu_nsid(cmd));

	if (!identify_nsid_valid(emu_nsid(cmd)))
		return IDENTIFY_INVALID_NS;
	if (!ns || !emu_ns_attached(ns, cmd->ctrl))
		return IDENTIFY_INVALID;
	buf = identify_desc(buf, GMX_NIDT_EUI64, ns->eui64, sizeof(ns->eui64));
	buf = identify_desc(buf, GMX_NIDT_NGUID, ns->nguid, sizeof(ns->nguid));
	identify_desc(buf, GMX_NIDT_UUID, ns->uuid, sizeof(ns->uuid));
	return 0;
}

/* CNS 12h, 13h: from the given identifier up */
static uint16_t identify_ctrl_list(struct emu_cmd *cmd, uint8_t *buf, bool attached)
{
	struct emu_subsys *s = cmd->ctrl->s;
	const struct emu_ns *ns = emu_ns_find(s, emu_nsid(cmd));
	uint16_t nr = 0, *list = (uint16_t *)buf;

	if (attached && emu_nsid(cmd) == GMX_NSID_ALL)
		return IDENTIFY_INVALID;
	if (attached && !identify_nsid_valid(emu_nsid(cmd)))
		return IDENTIFY_INVALID_NS;
	if (attached && !ns)
		return IDENTIFY_INVALID;
	for (unsigned int i = 0; i < s->nr_ctrls; i++) {
		const struct emu_ctrl *c = s->ctrls[i];

		if (c->cntlid >= emu_cdw10(cmd) >> 16 && (!attached || emu_ns_attached(ns, c)))
			list[++nr] = htole16(c->cntlid);
	}
	list[0] = htole16(nr);
	return 0;
}

static uint16_t identify_granularity(uint8_t *buf)
{
	struct gmx_granularity *g = (struct gmx_granularity *)buf;

	g->desc[0].size = g->desc[0].capacity = htole64(IDENTIFY_GRANULARITY);
	return 0;
}

static uint16_t identify_fill(struct emu_cmd *cmd, uint8_t *buf)
{
	struct emu_ctrl *c = cmd->ctrl;
	bool virt = emu_cmd_find(c, true, GMX_ADM_VIRT_MGMT);

	switch (emu_cdw10(cmd) & 0xff) {
	case GMX_CNS_NS: return identify_ns(cmd, buf, false);
	case GMX_CNS_CTRL: emu_identify_ctrl(c, (struct gmx_id_ctrl *)buf); return 0;
	case GMX_CNS_NS_ACTIVE_LIST: return identify_ns_list(cmd, buf, false);
	case GMX_CNS_NS_DESC_LIST: return identify_ns_descs(cmd, buf);
	case GMX_CNS_NS_ALLOC_LIST: return identify_ns_list(cmd, buf, true);
	case GMX_CNS_NS_ALLOCATED: return identify_ns(cmd, buf, true);
	case GMX_CNS_CTRL_NS_LIST: return identify_ctrl_list(cmd, buf, true);
	case GMX_CNS_CTRL_LIST: return identify_ctrl_list(cmd, buf, false);
	case GMX_CNS_PRIMARY_CAPS:
		if (!virt)
			return IDENTIFY_INVALID;
		emu_virt_primary_caps(c, buf);
		return 0;
	case GMX_CNS_SECONDARY_LIST:
		if (!virt)
			return IDENTIFY_INVALID;
		emu_virt_secondary_list(c, (uint16_t)(emu_cdw10(cmd) >> 16), buf);
		return 0;
	case GMX_CNS_NS_GRANULARITY: return identify_granularity(buf);
	default: return IDENTIFY_INVALID;
	}
}

uint16_t emu_identify_cmd(struct emu_cmd *cmd)
{
	char what[] = "identify:00";
	uint64_t buf[GMX_IDENTIFY_SIZE / 8] = { 0 };
	uint16_t status = identify_fill(cmd, (uint8_t *)buf);

	if (status)
		return status;
	snprintf(what, sizeof(what), "identify:%02x", emu_cdw10(cmd) & 0xff);
	emu_fault_data(cmd->ctrl, what, buf, sizeof(buf));
	return emu_cmd_to_host(cmd, buf, sizeof(buf));
}
