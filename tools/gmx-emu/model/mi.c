// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * NVMe-MI Send and Receive (5.18, 5.19): the management interface of NVMe-MI 1.1 through the admin queue. What is
 * wrong with the message is said in the message's own status; the NVMe command itself succeeds then.
 */
#include <errno.h>
#include <gmx/mi.h>

#include "emu.h"
#include "hash.h"

#define MI_MAJOR	1
#define MI_MINOR	1
#define MI_MIN_MTU	64
#define MI_MAX_MTU	250
#define MI_NR_FLAGS	13	/* GMX_MI_CCS_*, by bit */
#define MI_FLAGS_STATUS 0x00f7u /* those that make up GMX_MI_CCS_STATUS */
/* Where the parts of a request message begin, for Invalid Parameter */
enum { MI_AT_DW0 = 8, MI_AT_DW1 = 12 };

/* What is seen of a controller, by the bit of its flag; the flag is set while that is not as when it was cleared. */
struct mi_seen {
	uint32_t value[MI_NR_FLAGS];
};

struct emu_mi {
	struct mi_seen by_subsys[EMU_MAX_FUNCTIONS], by_ctrl[EMU_MAX_FUNCTIONS];
	uint8_t frequency;
	uint16_t mtu[EMU_MAX_FUNCTIONS + 1];
};

/* Each physical function has a PCIe port, numbered like it; the port after those is the SMBus. */
static unsigned int mi_smbus(const struct emu_subsys *s)
{
	return s->config.functions;
}

static uint16_t mi_fail(struct emu_cmd *cmd, uint8_t status)
{
	cmd->dw0 = status;
	return 0;
}

static uint16_t mi_invalid(struct emu_cmd *cmd, unsigned int byte)
{
	cmd->dw0 = GMX_MI_INVALID_PARAMETER | byte << 16;
	return 0;
}

static uint16_t mi_answer(struct emu_cmd *cmd, uint32_t response, const void *data, size_t len)
{
	uint16_t status = len ? emu_cmd_to_host(cmd, data, (uint32_t)len) : 0;

	if (!status)
		cmd->dw0 = GMX_MI_SUCCESS | response << 8;
	return status;
}

static void mi_look(struct emu_ctrl *c, struct mi_seen *seen)
{
	const char *revision = emu_fw_revision(c->s);
	struct gmx_log_smart smart;

	memset(seen, 0, sizeof(*seen));
	emu_health_smart(c, &smart);
	seen->value[0] = c->csts & GMX_CSTS_RDY;
	seen->value[1] = c->csts & GMX_CSTS_CFS;
	seen->value[2] = c->csts & GMX_CSTS_SHST_MASK;
	seen->value[4] = c->csts & GMX_CSTS_NSSRO;
	seen->value[5] = c->generation;
	seen->value[6] = c->ns_changes;
	seen->value[7] = (uint32_t)emu_hash(revision, strnlen(revision, 8), 0);
	seen->value[9] = smart.temperature[0] | (uint32_t)smart.temperature[1] << 8;
	seen->value[10] = smart.percent_used;
	seen->value[11] = smart.avail_spare;
	seen->value[12] = smart.critical_warning;
}

static uint32_t mi_flags(const struct mi_seen *now, const struct mi_seen *then)
{
	uint32_t flags = 0;

	for (unsigned int i = 0; i < MI_NR_FLAGS; i++) {
		if (now->value[i] != then->value[i])
			flags |= 1u << i;
	}
	return flags & MI_FLAGS_STATUS ? flags | GMX_MI_CCS_STATUS : flags;
}

static void mi_clear(const struct mi_seen *now, struct mi_seen *then, uint32_t flags)
{
	if (flags & GMX_MI_CCS_STATUS)
		flags |= MI_FLAGS_STATUS;
	for (unsigned int i = 0; i < MI_NR_FLAGS; i++) {
		if (flags & 1u << i)
			then->value[i] = now->value[i];
	}
}

/* Nothing has changed yet; controllers are disabled and there may be none so far. */
static void mi_begin(struct emu_subsys *s, struct mi_seen *seen)
{
	const char *revision = emu_fw_revision(s);

	seen->value[7] = (uint32_t)emu_hash(revision, strnlen(revision, 8), 0);
	seen->value[9] = emu_health_temperature(s);
	seen->value[10] = EMU_MIN(emu_health_used(s), 255u);
	seen->value[11] = emu_health_spare(s);
}

int emu_mi_open(struct emu_subsys *s)
{
	struct emu_mi *mi = calloc(1, sizeof(*mi));

	if (!mi)
		return -ENOMEM;
	s->mi = mi;
	mi->frequency = GMX_MI_100_KHZ;
	for (unsigned int i = 0; i < ARRAY_SIZE(mi->mtu); i++)
		mi->mtu[i] = MI_MIN_MTU;
	for (unsigned int i = 0; i < EMU_MAX_FUNCTIONS; i++) {
		mi_begin(s, &mi->by_subsys[i]);
		mi_begin(s, &mi->by_ctrl[i]);
	}
	return 0;
}

void emu_mi_close(struct emu_subsys *s)
{
	free(s->mi);
	s->mi = NULL;
}

static uint16_t mi_read_port(struct emu_cmd *cmd, unsigned int port)
{
	struct emu_subsys *s = cmd->ctrl->s;
	struct gmx_mi_port info = { .max_mtu = htole16(MI_MAX_MTU) };

	if (port > mi_smbus(s))
		return mi_invalid(cmd, MI_AT_DW0 + 2);
	if (port == mi_smbus(s)) {
		info.type = GMX_MI_PORT_SMBUS;
		info.smbus.vpd_address = 0xa6;
		info.smbus.vpd_frequency = GMX_MI_400_KHZ;
		info.smbus.address = 0x3a;
		info.smbus.frequency = GMX_MI_400_KHZ;
	} else {
		info.type = GMX_MI_PORT_PCIE;
		info.pcie.max_payload = 1;
		info.pcie.speeds = (uint8_t)((1u << s->config.link_speed) - 1);
		info.pcie.speed = (uint8_t)s->config.link_speed;
		info.pcie.max_width = info.pcie.width = (uint8_t)s->config.link_width;
		info.pcie.number = (uint8_t)port;
	}
	return mi_answer(cmd, sizeof(info), &info, sizeof(info));
}

static uint16_t mi_read_ctrls(struct emu_cmd *cmd, unsigned int from)
{
	struct emu_subsys *s = cmd->ctrl->s;
	__le16 list[1 + EMU_MAX_FUNCTIONS] = { 0 };
	unsigned int nr = 0;

	for (unsigned int i = 0; i < s->nr_ctrls; i++) {
		if (s->ctrls[i]->cntlid >= from)
			list[++nr] = htole16(s->ctrls[i]->cntlid);
	}
	list[0] = htole16((uint16_t)nr);
	return mi_answer(cmd, (nr + 1) * 2, list, (nr + 1) * 2);
}

static uint16_t mi_read_ctrl(struct emu_cmd *cmd, unsigned int cntlid)
{
	struct emu_subsys *s = cmd->ctrl->s;
	struct emu_pci_info pci;
	struct gmx_mi_ctrl info = { 0 };

	for (unsigned int i = 0; i < s->nr_ctrls; i++) {
		if (s->ctrls[i]->cntlid != cntlid)
			continue;
		emu_ctrl_pci_info(s->ctrls[i], &pci);
		info.port = s->ctrls[i]->is_virtual ? 0 : (uint8_t)s->ctrls[i]->function;
		info.vid = htole16(pci.vendor);
		info.did = htole16(pci.device);
		info.ssvid = htole16(pci.subsystem_vendor);
		info.ssid = htole16(pci.subsystem);
		return mi_answer(cmd, sizeof(info), &info, sizeof(info));
	}
	return mi_invalid(cmd, MI_AT_DW0);
}

static uint16_t mi_read_commands(struct emu_cmd *cmd)
{
	static const uint8_t optional[] = {
		GMX_MI_SUBSYS_HEALTH, GMX_MI_CTRL_HEALTH, GMX_MI_CONFIG_SET, GMX_MI_CONFIG_GET, GMX_MI_VPD_READ, GMX_MI_VPD_WRITE,
	};
	uint8_t list[2 + 2 * sizeof(optional)] = { sizeof(optional) };

	for (unsigned int i = 0; i < sizeof(optional); i++) {
		list[2 + 2 * i] = 1 << 3;
		list[3 + 2 * i] = optional[i];
	}
	return mi_answer(cmd, sizeof(list), list, sizeof(list));
}

static uint16_t mi_read_data(struct emu_cmd *cmd, uint32_t dw0, uint32_t dw1)
{
	struct gmx_mi_subsys subsys = {
		.nr_ports = (uint8_t)mi_smbus(cmd->ctrl->s),
		.major = MI_MAJOR,
		.minor = MI_MINOR,
	};

	(void)dw1;
	switch (dw0 >> 24) {
	case GMX_MI_DATA_SUBSYS: return mi_answer(cmd, sizeof(subsys), &subsys, sizeof(subsys));
	case GMX_MI_DATA_PORT: return mi_read_port(cmd, dw0 >> 16 & 0xff);
	case GMX_MI_DATA_CTRL_LIST: return mi_read_ctrls(cmd, dw0 & 0xffff);
	case GMX_MI_DATA_CTRL: return mi_read_ctrl(cmd, dw0 & 0xffff);
	case GMX_MI_DATA_COMMANDS: return mi_read_commands(cmd);
	default: return mi_invalid(cmd, MI_AT_DW0 + 3);
	}
}

static uint8_t mi_celsius(unsigned int kelvin)
{
	int celsius = (int)kelvin - 273;

	return (uint8_t)(celsius < -60 ? 0xc4 : EMU_MIN(celsius, 0x7f));
}

static bool mi_functional(const struct emu_subsys *s)
{
	bool any = false;

	for (unsigned int i = 0; i < EMU_MAX_DRIVES; i++) {
		if (!s->drives[i])
			continue;
		if (!emu_drive_failed(s->drives[i]))
			return true;
		any = true;
	}
	return !any;
}

static uint16_t mi_subsys_health(struct emu_cmd *cmd, uint32_t dw0, uint32_t dw1)
{
	struct emu_subsys *s = cmd->ctrl->s;
	struct gmx_mi_subsys_health health = { .status = GMX_MI_NSS_PORT0_LINK | GMX_MI_NSS_NO_RESET };
	struct mi_seen now[EMU_MAX_FUNCTIONS];
	uint32_t flags = 0, warnings = 0;
	uint16_t status;

	(void)dw0;
	for (unsigned int i = 0; i < s->nr_ctrls; i++) {
		mi_look(s->ctrls[i], &now[i]);
		flags |= mi_flags(&now[i], &s->mi->by_subsys[i]);
		warnings |= now[i].value[12];
		if (s->ctrls[i]->csts & GMX_CSTS_CFS)
			health.status &= (uint8_t)~GMX_MI_NSS_NO_RESET;
	}
	if (s->config.functions > 1)
		health.status |= GMX_MI_NSS_PORT1_LINK;
	if (mi_functional(s))
		health.status |= GMX_MI_NSS_FUNCTIONAL;
	health.warnings = (uint8_t)~warnings;
	health.temperature = mi_celsius(emu_health_temperature(s));
	health.used_percent = (uint8_t)EMU_MIN(emu_health_used(s), 255u);
	health.changed = htole16((uint16_t)flags);
	status = mi_answer(cmd, 0, &health, sizeof(health));
	for (unsigned int i = 0; !status && dw1 & GMX_MI_CLEAR && i < s->nr_ctrls; i++)
		mi_clear(&now[i], &s->mi->by_subsys[i], GMX_MI_CCS_MASK);
	return status;
}

/* Whether the poll wants controllers of this kind, and with such flags. */
static bool mi_poll_wants(const struct emu_ctrl *c, uint32_t dw0, uint32_t dw1, uint32_t flags)
{
	static const uint32_t selects[] = {
		GMX_MI_CCS_STATUS, GMX_MI_CCS_TEMPERATURE, GMX_MI_CCS_USED, GMX_MI_CCS_SPARE, GMX_MI_CCS_WARNING,
	};
	uint32_t kind = GMX_MI_POLL_FUNCTIONS;

	if (c->is_virtual)
		kind = GMX_MI_POLL_VIRTUAL;
	else if (c->s->traits->sriov && !c->function)
		kind = GMX_MI_POLL_PHYSICAL;
	if (c->cntlid < GMX_MI_POLL_START(dw0) || !(dw0 & kind))
		return false;
	if (dw0 & GMX_MI_POLL_ALL)
		return true;
	for (unsigned int i = 0; i < ARRAY_SIZE(selects); i++) {
		if (dw1 & 1u << i && flags & selects[i])
			return true;
	}
	return false;
}

static void mi_poll_fill(struct emu_ctrl *c, const struct mi_seen *now, uint32_t flags, struct gmx_mi_ctrl_health *e)
{
	uint32_t changed = GMX_MI_CCS_ENABLE | GMX_MI_CCS_NS | GMX_MI_CCS_FIRMWARE;

	e->cntlid = htole16(c->cntlid);
	e->status = htole16(
		(uint16_t)((c->csts & (GMX_CSTS_RDY | GMX_CSTS_CFS | GMX_CSTS_SHST_MASK | GMX_CSTS_NSSRO)) | (flags & changed)));
	e->temperature = htole16((uint16_t)now->value[9]);
	e->used_percent = (uint8_t)now->value[10];
	e->spare_percent = (uint8_t)now->value[11];
	e->warnings = (uint8_t)now->value[12];
}

static uint16_t mi_ctrl_health(struct emu_cmd *cmd, uint32_t dw0, uint32_t dw1)
{
	struct emu_subsys *s = cmd->ctrl->s;
	struct gmx_mi_ctrl_health list[EMU_MAX_FUNCTIONS] = { 0 };
	struct mi_seen now[EMU_MAX_FUNCTIONS];
	unsigned int reported[EMU_MAX_FUNCTIONS], nr = 0;
	uint16_t status;

	if (GMX_MI_POLL_START(dw0) > s->ctrls[s->nr_ctrls - 1]->cntlid)
		return mi_invalid(cmd, MI_AT_DW0);
	for (unsigned int i = 0; i < s->nr_ctrls && nr <= GMX_MI_POLL_MAX(dw0); i++) {
		uint32_t flags;

		mi_look(s->ctrls[i], &now[i]);
		flags = mi_flags(&now[i], &s->mi->by_ctrl[i]);
		if (!mi_poll_wants(s->ctrls[i], dw0, dw1, flags))
			continue;
		mi_poll_fill(s->ctrls[i], &now[i], flags, &list[nr]);
		reported[nr++] = i;
	}
	status = mi_answer(cmd, nr << 16, list, nr * sizeof(list[0]));
	for (unsigned int i = 0; !status && dw1 & GMX_MI_CLEAR && i < nr; i++)
		mi_clear(&now[reported[i]], &s->mi->by_ctrl[reported[i]], GMX_MI_CCS_MASK);
	return status;
}

static uint16_t mi_config_get(struct emu_cmd *cmd, uint32_t dw0, uint32_t dw1)
{
	struct emu_subsys *s = cmd->ctrl->s;
	unsigned int port = dw0 >> 24;

	(void)dw1;
	switch (dw0 & 0xff) {
	case GMX_MI_CONFIG_FREQUENCY:
		if (port != mi_smbus(s))
			return mi_invalid(cmd, MI_AT_DW0 + 3);
		return mi_answer(cmd, s->mi->frequency, NULL, 0);
	case GMX_MI_CONFIG_HEALTH: return mi_answer(cmd, 0, NULL, 0);
	case GMX_MI_CONFIG_MTU:
		if (port > mi_smbus(s))
			return mi_invalid(cmd, MI_AT_DW0 + 3);
		return mi_answer(cmd, s->mi->mtu[port], NULL, 0);
	default: return mi_invalid(cmd, MI_AT_DW0);
	}
}

/* The bits of the request have no gap where those of the answers have one. */
static uint16_t mi_config_health(struct emu_cmd *cmd, uint32_t dw1)
{
	struct emu_subsys *s = cmd->ctrl->s;
	struct mi_seen now;
	uint32_t flags = (dw1 & 7) | (dw1 & GMX_MI_HSC_MASK & ~7u) << 1;

	for (unsigned int i = 0; i < s->nr_ctrls; i++) {
		mi_look(s->ctrls[i], &now);
		mi_clear(&now, &s->mi->by_subsys[i], flags);
	}
	return mi_answer(cmd, 0, NULL, 0);
}

static uint16_t mi_config_set(struct emu_cmd *cmd, uint32_t dw0, uint32_t dw1)
{
	unsigned int port = dw0 >> 24, frequency = dw0 >> 8 & 0xf, mtu = dw1 & 0xffff;
	struct emu_subsys *s = cmd->ctrl->s;

	switch (dw0 & 0xff) {
	case GMX_MI_CONFIG_FREQUENCY:
		if (port != mi_smbus(s))
			return mi_invalid(cmd, MI_AT_DW0 + 3);
		if (frequency < GMX_MI_100_KHZ || frequency > GMX_MI_400_KHZ)
			return mi_invalid(cmd, MI_AT_DW0 + 1);
		s->mi->frequency = (uint8_t)frequency;
		return mi_answer(cmd, 0, NULL, 0);
	case GMX_MI_CONFIG_HEALTH: return mi_config_health(cmd, dw1);
	case GMX_MI_CONFIG_MTU:
		if (port > mi_smbus(s))
			return mi_invalid(cmd, MI_AT_DW0 + 3);
		if (mtu < MI_MIN_MTU || mtu > MI_MAX_MTU)
			return mi_invalid(cmd, MI_AT_DW1);
		s->mi->mtu[port] = (uint16_t)mtu;
		return mi_answer(cmd, 0, NULL, 0);
	default: return mi_invalid(cmd, MI_AT_DW0);
	}
}

static uint16_t mi_vpd(struct emu_cmd *cmd, uint32_t offset, uint32_t len, bool write)
{
	struct emu_subsys *s = cmd->ctrl->s;
	uint8_t vpd[GMX_MI_VPD_SIZE];
	uint16_t status;

	if (offset >= sizeof(vpd))
		return mi_invalid(cmd, MI_AT_DW0);
	if (len > sizeof(vpd) - offset)
		return mi_invalid(cmd, MI_AT_DW1);
	emu_vpd_read(s, vpd);
	if (!write)
		return mi_answer(cmd, 0, vpd + offset, len);
	status = len ? emu_cmd_from_host(cmd, vpd + offset, len) : 0;
	if (status)
		return status;
	if (len)
		emu_vpd_write(s, vpd);
	return mi_answer(cmd, 0, NULL, 0);
}

static uint16_t mi_vpd_read(struct emu_cmd *cmd, uint32_t dw0, uint32_t dw1)
{
	return mi_vpd(cmd, dw0 & 0xffff, dw1 & 0xffff, false);
}

static uint16_t mi_vpd_write(struct emu_cmd *cmd, uint32_t dw0, uint32_t dw1)
{
	return mi_vpd(cmd, dw0 & 0xffff, dw1 & 0xffff, true);
}

static const struct {
	uint8_t opcode;
	bool send;
	uint16_t (*fn)(struct emu_cmd *cmd, uint32_t dw0, uint32_t dw1);
} mi_commands[] = {
	{ GMX_MI_READ_DATA, false, mi_read_data },     { GMX_MI_SUBSYS_HEALTH, false, mi_subsys_health },
	{ GMX_MI_CTRL_HEALTH, false, mi_ctrl_health }, { GMX_MI_CONFIG_SET, true, mi_config_set },
	{ GMX_MI_CONFIG_GET, false, mi_config_get },   { GMX_MI_VPD_READ, false, mi_vpd_read },
	{ GMX_MI_VPD_WRITE, true, mi_vpd_write },
};

static uint16_t mi_cmd(struct emu_cmd *cmd, bool send)
{
	uint8_t opcode = emu_cdw11(cmd) & 0xff;

	if ((emu_cdw10(cmd) & GMX_MI_HEADER_MASK) != GMX_MI_HEADER)
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	for (unsigned int i = 0; i < ARRAY_SIZE(mi_commands); i++) {
		if (mi_commands[i].opcode == opcode && mi_commands[i].send == send)
			return mi_commands[i].fn(cmd, emu_cdw12(cmd), emu_cdw13(cmd));
	}
	return mi_fail(cmd, GMX_MI_INVALID_OPCODE);
}

uint16_t emu_mi_send_cmd(struct emu_cmd *cmd)
{
	return mi_cmd(cmd, true);
}

uint16_t emu_mi_recv_cmd(struct emu_cmd *cmd)
{
	return mi_cmd(cmd, false);
}
