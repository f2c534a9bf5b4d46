// SPDX-License-Identifier: GPL-2.0-or-later
/* NVMe-MI Send and Receive: data structures, health polls and what clears them, configuration, vital product data. */
/* Covers: GMX_ADM_MI_SEND GMX_ADM_MI_RECV */
#include <gmx/mi.h>

#include "admin.h"

static const char two[] = "{\"functions\":2,\"serial\":\"SERIAL77\",\"namespaces\":[{\"size\":\"16M\"},{\"size\":\"16M\"}]}";
static uint8_t buf[4096];

/* The status of the message; the response and the place of an error are in a->dw0. */
static unsigned int mi(struct admin *a, bool send, unsigned int opcode, uint32_t dw0, uint32_t dw1)
{
	uint16_t status;

	if (!send)
		memset(buf, 0xcc, sizeof(buf));
	status = ADMIN(a, .opcode = send ? GMX_ADM_MI_SEND : GMX_ADM_MI_RECV, .cdw10 = GMX_MI_HEADER, .cdw11 = opcode,
		       .cdw12 = dw0, .cdw13 = dw1, .buf = buf, .len = 512);
	check(!status, "opcode %02x: NVMe status %03x", opcode, status);
	return GMX_MI_STATUS(a->dw0);
}

static bool invalid(struct admin *a, bool send, unsigned int opcode, uint32_t dw0, uint32_t dw1, unsigned int byte)
{
	return mi(a, send, opcode, dw0, dw1) == GMX_MI_INVALID_PARAMETER && GMX_MI_ERROR_BYTE(a->dw0) == byte &&
	       GMX_MI_ERROR_BIT(a->dw0) == 0 && (send || buf[0] == 0xcc);
}

static void test_message(void)
{
	static const uint32_t bad[] = {
		0, 0x0004, 0x0804 | 0x80, 0x0805, 0x1004, 0x2004, 0x8804, 0x0800, 0x7804, 0xffffffff,
	};
	static const uint8_t sent[] = { GMX_MI_CONFIG_SET, GMX_MI_VPD_WRITE };
	static const uint8_t received[] = {
		GMX_MI_READ_DATA, GMX_MI_SUBSYS_HEALTH, GMX_MI_CTRL_HEALTH, GMX_MI_CONFIG_GET, GMX_MI_VPD_READ,
	};
	struct admin a;

	admin_open(&a, "g2", two);
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		for (unsigned int opcode = GMX_ADM_MI_SEND; opcode <= GMX_ADM_MI_RECV; opcode++)
			check(ADMIN(&a, .opcode = (uint8_t)opcode, .cdw10 = bad[i], .cdw11 = 1) == GMX_SC_INVALID_FIELD && a.dnr,
			      "header %08x", bad[i]);
	}
	for (unsigned int opcode = 0; opcode < 256; opcode++) {
		check((mi(&a, false, opcode, 0xff000000, 0) == GMX_MI_INVALID_OPCODE) ==
			      !memchr(received, (int)opcode, sizeof(received)),
		      "receive %02x: %x", opcode, a.dw0);
		check((mi(&a, true, opcode, 0x00ffffff, 0) == GMX_MI_INVALID_OPCODE) == !memchr(sent, (int)opcode, sizeof(sent)),
		      "send %02x: %x", opcode, a.dw0);
	}
	check(mi(&a, false, 0x100 | GMX_MI_CONFIG_GET, GMX_MI_CONFIG_HEALTH, 0) == GMX_MI_SUCCESS, "only a byte is the opcode");
	admin_close(&a);
	tap_group("messages");
}

static void test_data(void)
{
	const struct gmx_mi_subsys *subsys = (struct gmx_mi_subsys *)buf;
	const struct gmx_mi_port *port = (struct gmx_mi_port *)buf;
	const struct gmx_mi_ctrl *ctrl = (struct gmx_mi_ctrl *)buf;
	const struct gmx_mi_commands *commands = (struct gmx_mi_commands *)buf;
	uint16_t id[2];
	struct admin a;

	admin_open(&a, "g3", two);
	id[0] = a.s->ctrls[0]->cntlid;
	id[1] = a.s->ctrls[1]->cntlid;
	check(!mi(&a, false, GMX_MI_READ_DATA, GMX_MI_DATA_SUBSYS << 24, 0), "subsystem");
	check(GMX_MI_RESPONSE(a.dw0) == 32 && buf[32] == 0xcc, "32 bytes: %x", a.dw0);
	check(subsys->nr_ports == 2 && subsys->major == 1 && subsys->minor == 1, "three ports");
	for (unsigned int p = 0; p < 2; p++) {
		check(!mi(&a, false, GMX_MI_READ_DATA, GMX_MI_DATA_PORT << 24 | p << 16, 0), "port %u", p);
		check(GMX_MI_RESPONSE(a.dw0) == 32 && port->type == GMX_MI_PORT_PCIE && port->pcie.number == p, "PCIe");
		check(port->pcie.speeds == 0x1f && port->pcie.speed == 5 && port->pcie.width == 4, "its link");
	}
	check(!mi(&a, false, GMX_MI_READ_DATA, GMX_MI_DATA_PORT << 24 | 2 << 16, 0) && port->type == GMX_MI_PORT_SMBUS, "SMBus");
	check(port->smbus.vpd_address && port->smbus.address && port->smbus.frequency == GMX_MI_400_KHZ, "its addresses");
	check(invalid(&a, false, GMX_MI_READ_DATA, GMX_MI_DATA_PORT << 24 | 3 << 16, 0, 10), "no port 3: %x", a.dw0);
	check(!mi(&a, false, GMX_MI_READ_DATA, GMX_MI_DATA_CTRL_LIST << 24, 0), "controllers");
	check(GMX_MI_RESPONSE(a.dw0) == 6 && buf[6] == 0xcc, "6 bytes");
	check(((__le16 *)buf)[0] == htole16(2) && ((__le16 *)buf)[1] == htole16(id[0]) && ((__le16 *)buf)[2] == htole16(id[1]),
	      "both");
	check(!mi(&a, false, GMX_MI_READ_DATA, GMX_MI_DATA_CTRL_LIST << 24 | id[1], 0), "from the second");
	check(GMX_MI_RESPONSE(a.dw0) == 4 && ((__le16 *)buf)[1] == htole16(id[1]), "that one");
	check(!mi(&a, false, GMX_MI_READ_DATA, GMX_MI_DATA_CTRL_LIST << 24 | 0xffff, 0) && GMX_MI_RESPONSE(a.dw0) == 2, "none");
	for (unsigned int f = 0; f < 2; f++) {
		check(!mi(&a, false, GMX_MI_READ_DATA, GMX_MI_DATA_CTRL << 24 | id[f], 0), "controller %u", f);
		check(ctrl->port == f && le16toh(ctrl->vid) == GMX_PCI_VENDOR && le16toh(ctrl->did) == GMX_PCI_G3,
		      "its identity");
	}
	check(invalid(&a, false, GMX_MI_READ_DATA, GMX_MI_DATA_CTRL << 24 | 0x7777, 0, 8), "no such controller");
	check(!mi(&a, false, GMX_MI_READ_DATA, GMX_MI_DATA_COMMANDS << 24, 0), "optional commands");
	check(le16toh(commands->nr) == 6 && GMX_MI_RESPONSE(a.dw0) == 14, "six");
	for (unsigned int i = 0; i < 6; i++)
		check(commands->command[i].type == 8 && commands->command[i].opcode == i + 1, "command %u", i);
	for (uint32_t type = 5; type < 256; type++)
		check(invalid(&a, false, GMX_MI_READ_DATA, type << 24, 0, 11), "type %u", type);
	admin_close(&a);
	tap_group("data structures");
}

/* The flags, after the poll; those that time alone changes left out */
static uint16_t subsys(struct admin *a, bool clear)
{
	const struct gmx_mi_subsys_health *h = (struct gmx_mi_subsys_health *)buf;

	check(!mi(a, false, GMX_MI_SUBSYS_HEALTH, 0, clear ? GMX_MI_CLEAR : 0), "poll");
	check(buf[8] == 0xcc, "8 bytes");
	return le16toh(h->changed) & (uint16_t)~GMX_MI_CCS_TEMPERATURE;
}

static void test_subsys_health(void)
{
	const struct gmx_mi_subsys_health *h = (struct gmx_mi_subsys_health *)buf;
	struct admin a;

	admin_open(&a, "g2", two);
	emu_health_set_temperature(a.s, 300);
	subsys(&a, true);
	check(subsys(&a, false) == 0, "nothing has changed: %x", le16toh(h->changed));
	check(h->status == 0x3c && h->warnings == 0xff && h->temperature == 27, "status %x, %u degrees", h->status,
	      h->temperature);
	emu_health_set_temperature(a.s, EMU_CCTEMP);
	check(subsys(&a, false) == GMX_MI_CCS_WARNING, "too hot: %x", le16toh(h->changed));
	check(le16toh(h->changed) & GMX_MI_CCS_TEMPERATURE && h->warnings == 0xfd && h->temperature == 85, "said twice");
	check(subsys(&a, true) == GMX_MI_CCS_WARNING, "still, as nothing was cleared");
	check(subsys(&a, false) == 0, "cleared");
	emu_health_set_temperature(a.s, 300);
	emu_health_set_spare(a.s, 5);
	check(subsys(&a, true) == (GMX_MI_CCS_WARNING | GMX_MI_CCS_SPARE), "spare: %x", le16toh(h->changed));
	check(h->warnings == 0xfe, "warning");
	emu_health_set_temperature(a.s, 200);
	check(subsys(&a, true) == 0 && h->temperature == 0xc4, "colder than can be said: %x", h->temperature);
	emu_health_set_temperature(a.s, 450);
	subsys(&a, true);
	check(h->temperature == 0x7f, "hotter than can be said");
	check(!ADMIN(&a, .opcode = GMX_ADM_NS_MGMT, .nsid = 2, .cdw10 = 1), "a namespace is deleted");
	check(subsys(&a, true) == (GMX_MI_CCS_NS | GMX_MI_CCS_STATUS), "namespaces: %x", le16toh(h->changed));
	admin_reset(&a, 1);
	check(subsys(&a, true) & GMX_MI_CCS_ENABLE && le16toh(h->changed) & GMX_MI_CCS_STATUS, "enabled anew: %x",
	      le16toh(h->changed));
	check(subsys(&a, false) == 0, "cleared");
	emu_drive_set_failed(a.s->drives[0], true);
	subsys(&a, true);
	check(!(h->status & GMX_MI_NSS_FUNCTIONAL), "the only drive has failed");
	admin_close(&a);
	tap_group("subsystem health");
}

static unsigned int polled(struct admin *a, uint32_t dw0, uint32_t dw1)
{
	check(!mi(a, false, GMX_MI_CTRL_HEALTH, dw0, dw1), "poll");
	return a->dw0 >> 24;
}

static void test_ctrl_health(void)
{
	static const uint32_t any = GMX_MI_POLL_FUNCTIONS | GMX_MI_POLL_PHYSICAL | GMX_MI_POLL_VIRTUAL;
	const struct gmx_mi_ctrl_health *h = (struct gmx_mi_ctrl_health *)buf;
	uint16_t id[2];
	struct admin a;

	admin_open(&a, "g2", two);
	id[0] = a.s->ctrls[0]->cntlid;
	id[1] = a.s->ctrls[1]->cntlid;
	emu_health_set_temperature(a.s, 300);
	check(polled(&a, GMX_MI_POLL_ALL | any | 0xff0000, GMX_MI_CLEAR) == 2, "both: %x", a.dw0);
	check(le16toh(h[0].cntlid) == id[0] && le16toh(h[1].cntlid) == id[1] && buf[32] == 0xcc, "in order");
	check((le16toh(h[0].status) & 0xf) == 1 && le16toh(h[0].temperature) == 300 && h[0].spare_percent == 100 &&
		      !h[0].warnings,
	      "ready, cool and fresh");
	check(polled(&a, GMX_MI_POLL_ALL | any, 0) == 1 && le16toh(h[0].cntlid) == id[0], "one entry is room for one");
	check(polled(&a, GMX_MI_POLL_ALL | any | 0x010000, 0) == 2, "two for two");
	check(polled(&a, GMX_MI_POLL_ALL | any | 0xff0000 | id[1], 0) == 1 && le16toh(h[0].cntlid) == id[1], "from the second");
	check(invalid(&a, false, GMX_MI_CTRL_HEALTH, GMX_MI_POLL_ALL | any | (id[1] + 1u), 0, 8), "from behind");
	check(polled(&a, GMX_MI_POLL_ALL | GMX_MI_POLL_FUNCTIONS | 0xff0000, 0) == 2, "functions");
	check(polled(&a, GMX_MI_POLL_ALL | GMX_MI_POLL_PHYSICAL | 0xff0000, 0) == 0, "none of SR-IOV");
	check(polled(&a, GMX_MI_POLL_ALL | GMX_MI_POLL_VIRTUAL | 0xff0000, 0) == 0, "none virtual");
	check(polled(&a, GMX_MI_POLL_ALL | 0xff0000, 0) == 0, "no kind at all");
	check(polled(&a, any | 0xff0000, 0x1f) == 0, "none with a change: %x", a.dw0);
	emu_health_set_temperature(a.s, 301);
	check(polled(&a, any | 0xff0000, 0x1f & ~GMX_MI_POLL_TEMPERATURE) == 0, "not what was asked for");
	check(polled(&a, any | 0xff0000, GMX_MI_POLL_TEMPERATURE) == 2, "warmer");
	check(polled(&a, any, GMX_MI_POLL_TEMPERATURE | GMX_MI_CLEAR) == 1, "one is told, and cleared");
	check(polled(&a, any, GMX_MI_POLL_TEMPERATURE | GMX_MI_CLEAR) == 1 && le16toh(h[0].cntlid) == id[1], "then the other");
	check(polled(&a, any | 0xff0000, GMX_MI_POLL_TEMPERATURE) == 0, "then none");
	emu_health_set_spare(a.s, 3);
	check(polled(&a, any | 0xff0000, GMX_MI_POLL_SPARE) == 2 && h[1].spare_percent == 3, "spare");
	check(polled(&a, any | 0xff0000, GMX_MI_POLL_WARNING | GMX_MI_CLEAR) == 2 && h[0].warnings == 1, "warning");
	admin_reset(&a, 1);
	check(polled(&a, any | 0xff0000, GMX_MI_POLL_STATUS | GMX_MI_CLEAR) == 1 && le16toh(h[0].cntlid) == id[1], "status");
	check(le16toh(h[0].status) & GMX_MI_CCS_ENABLE, "enabled anew: %x", le16toh(h[0].status));
	admin_close(&a);

	admin_open(&a, "g3", NULL);
	check(polled(&a, GMX_MI_POLL_ALL | GMX_MI_POLL_FUNCTIONS, 0) == 0 &&
		      polled(&a, GMX_MI_POLL_ALL | GMX_MI_POLL_PHYSICAL, 0) == 1,
	      "G3 is a physical function of SR-IOV");
	admin_close(&a);
	tap_group("controller health");
}

static void test_config(void)
{
	struct admin a;

	admin_open(&a, "g2", two);
	check(!mi(&a, false, GMX_MI_CONFIG_GET, 2 << 24 | GMX_MI_CONFIG_FREQUENCY, 0) && GMX_MI_RESPONSE(a.dw0) == GMX_MI_100_KHZ,
	      "slow");
	for (uint32_t f = 0; f < 16; f++) {
		bool valid = f == GMX_MI_100_KHZ || f == GMX_MI_400_KHZ;

		check(valid ? !mi(&a, true, GMX_MI_CONFIG_SET, 2 << 24 | f << 8 | GMX_MI_CONFIG_FREQUENCY, 0)
			    : invalid(&a, true, GMX_MI_CONFIG_SET, 2 << 24 | f << 8 | GMX_MI_CONFIG_FREQUENCY, 0, 9),
		      "frequency %u: %x", f, a.dw0);
	}
	check(!mi(&a, false, GMX_MI_CONFIG_GET, 2 << 24 | GMX_MI_CONFIG_FREQUENCY, 0) && GMX_MI_RESPONSE(a.dw0) == GMX_MI_400_KHZ,
	      "faster");
	for (uint32_t port = 0; port < 5; port++) {
		if (port != 2) {
			check(invalid(&a, false, GMX_MI_CONFIG_GET, port << 24 | GMX_MI_CONFIG_FREQUENCY, 0, 11), "port %u",
			      port);
			check(invalid(&a, true, GMX_MI_CONFIG_SET, port << 24 | 1 << 8 | GMX_MI_CONFIG_FREQUENCY, 0, 11),
			      "port %u", port);
		}
		if (port > 2) {
			check(invalid(&a, false, GMX_MI_CONFIG_GET, port << 24 | GMX_MI_CONFIG_MTU, 0, 11), "port %u", port);
			check(invalid(&a, true, GMX_MI_CONFIG_SET, port << 24 | GMX_MI_CONFIG_MTU, 64, 11), "port %u", port);
			continue;
		}
		check(!mi(&a, false, GMX_MI_CONFIG_GET, port << 24 | GMX_MI_CONFIG_MTU, 0) && GMX_MI_RESPONSE(a.dw0) == 64,
		      "MTU of %u", port);
		check(invalid(&a, true, GMX_MI_CONFIG_SET, port << 24 | GMX_MI_CONFIG_MTU, 63, 12), "too small");
		check(invalid(&a, true, GMX_MI_CONFIG_SET, port << 24 | GMX_MI_CONFIG_MTU, 251, 12), "too large");
		check(!mi(&a, true, GMX_MI_CONFIG_SET, port << 24 | GMX_MI_CONFIG_MTU, 100 + port), "set");
		check(!mi(&a, false, GMX_MI_CONFIG_GET, port << 24 | GMX_MI_CONFIG_MTU, 0) &&
			      GMX_MI_RESPONSE(a.dw0) == 100 + port,
		      "MTU");
	}
	for (uint32_t which = 4; which <= 256; which++) {
		check(invalid(&a, false, GMX_MI_CONFIG_GET, which & 0xff, 0, 8), "get %u", which);
		check(invalid(&a, true, GMX_MI_CONFIG_SET, which & 0xff, 0, 8), "set %u", which);
	}
	check(!mi(&a, false, GMX_MI_CONFIG_GET, GMX_MI_CONFIG_HEALTH, 0), "health status change has nothing to say");
	emu_health_set_temperature(a.s, 300);
	subsys(&a, true);
	emu_health_set_spare(a.s, 3);
	check(!ADMIN(&a, .opcode = GMX_ADM_NS_MGMT, .nsid = 2, .cdw10 = 1), "a namespace is deleted");
	check(subsys(&a, false) == (GMX_MI_CCS_SPARE | GMX_MI_CCS_WARNING | GMX_MI_CCS_NS | GMX_MI_CCS_STATUS), "four flags");
	check(!mi(&a, true, GMX_MI_CONFIG_SET, GMX_MI_CONFIG_HEALTH, 1u << 11), "clear the warning");
	check(subsys(&a, false) == (GMX_MI_CCS_SPARE | GMX_MI_CCS_NS | GMX_MI_CCS_STATUS), "three");
	check(!mi(&a, true, GMX_MI_CONFIG_SET, GMX_MI_CONFIG_HEALTH, 1u << 5), "clear namespaces");
	check(subsys(&a, false) == GMX_MI_CCS_SPARE, "one");
	check(!mi(&a, true, GMX_MI_CONFIG_SET, GMX_MI_CONFIG_HEALTH, 0xffffffff), "clear all");
	check(subsys(&a, false) == 0, "none");
	admin_close(&a);
	tap_group("configuration");
}

static uint8_t checksum(const uint8_t *p, unsigned int len)
{
	uint8_t sum = 0;

	while (len--)
		sum = (uint8_t)(sum + *p++);
	return (uint8_t)-sum;
}

static void test_vpd(void)
{
	static const struct {
		uint32_t offset, len;
		unsigned int byte;
	} bad[] = {
		{ 256, 0, 8 }, { 256, 1, 8 }, { 65535, 1, 8 }, { 0, 257, 12 }, { 255, 2, 12 }, { 1, 256, 12 }, { 0, 65535, 12 },
	};
	uint8_t vpd[256];
	struct admin a;

	admin_open(&a, "g2", two);
	check(!mi(&a, false, GMX_MI_VPD_READ, 0, 256) && buf[256] == 0xcc, "all of it");
	memcpy(vpd, buf, sizeof(vpd));
	check(vpd[0] == 1 && !checksum(vpd, 8), "common header");
	check(vpd[vpd[4] * 8] == 1 && !checksum(vpd + vpd[4] * 8, vpd[vpd[4] * 8 + 1] * 8u), "product area");
	check(memmem(vpd, 256, "Gigamax", 7) && memmem(vpd, 256, "SERIAL77", 8), "who it is");
	for (unsigned int at = vpd[5] * 8u, nr = 0, last = 0; !last; nr++) {
		check(at + 5 <= 256 && nr < 3, "record %u", nr);
		if (at + 5 > 256 || nr > 3)
			break;
		check(!checksum(vpd + at, 5), "header of record %u", nr);
		check(vpd[at + 3] == checksum(vpd + at + 5, vpd[at + 2]), "record %u", nr);
		check(vpd[at] == 0x0b + nr, "kind of record %u", nr);
		last = vpd[at + 1] & 0x80;
		at += 5u + vpd[at + 2];
	}
	for (uint32_t offset = 0; offset < 256; offset += 37) {
		check(!mi(&a, false, GMX_MI_VPD_READ, offset, 36) || offset + 36 > 256, "at %u", offset);
		check(offset + 36 > 256 || (!memcmp(buf, vpd + offset, 36) && buf[36] == 0xcc), "the same at %u", offset);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		check(invalid(&a, false, GMX_MI_VPD_READ, bad[i].offset, bad[i].len, bad[i].byte), "read case %u: %x", i, a.dw0);
		check(invalid(&a, true, GMX_MI_VPD_WRITE, bad[i].offset, bad[i].len, bad[i].byte), "write case %u: %x", i, a.dw0);
	}
	check(!mi(&a, false, GMX_MI_VPD_READ, 0, 0) && buf[0] == 0xcc, "nothing");
	memset(buf, 0x5a, 16);
	check(!mi(&a, true, GMX_MI_VPD_WRITE, 240, 16), "written");
	memset(vpd + 240, 0x5a, 16);
	admin_reopen(&a, true);
	check(!mi(&a, false, GMX_MI_VPD_READ, 0, 256) && !memcmp(buf, vpd, 256), "kept through a power cut");
	admin_close(&a);
	tap_group("vital product data");
}

int main(void)
{
	test_message();
	test_data();
	test_subsys_health();
	test_ctrl_health();
	test_config();
	test_vpd();
	return tap_done();
}
