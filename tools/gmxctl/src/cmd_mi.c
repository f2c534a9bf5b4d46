// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl mi: NVMe-MI commands through the controller itself. */
#include <string.h>

#include "commands.h"
#include "mi.h"

#define MI_SUBSYS_HEALTH 0x01
#define MI_VPD_READ	 0x05
#define VPD_BYTES	 256

static const struct ctl_field health_fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "functional", K_BOOL, "the subsystem works", F_METRIC, NULL },
	{ "reset_required", K_BOOL, "it needs a reset", F_METRIC, NULL },
	{ "links", K_NUMBER, "PCIe links that are up", F_METRIC, NULL },
	{ "temperature_celsius", K_CELSIUS, "temperature", F_METRIC, NULL },
	{ "used_percent", K_PERCENT, "of the endurance", F_METRIC, NULL },
	{ "warnings", K_HEX, "critical warnings, bits as in the SMART log", 0, NULL },
	{ "changed", K_HEX, "what changed since it was cleared, bits of NVMe-MI", 0, NULL },
	{ "changes", K_TEXTS, "the same by the names that mi clear takes", 0, NULL },
	{ NULL },
};

static int run_health(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	struct json_object *r, *names;
	uint8_t d[8] = { 0 };
	uint32_t answer = 0, changed;
	int status = ctl_open_one(ctl, &target, &ctrl);

	if (status)
		return status;
	status = mi_call(ctl, ctrl, false, "health poll", MI_SUBSYS_HEALTH, 0, ctl_option(ctl, "clear") ? 1u << 31 : 0, d,
			 sizeof(d), &answer);
	libgmx_close(ctrl);
	if (status)
		return status;
	changed = d[4] | (uint32_t)d[5] << 8;
	r = ctl_record(ctl_list(ctl));
	put_text(r, "name", target.ctrl);
	put_bool(r, "functional", d[0] & 0x20);
	put_bool(r, "reset_required", !(d[0] & 0x10));
	put_number(r, "links", !!(d[0] & 0x08) + !!(d[0] & 0x04));
	/* 80h and above are special: no reading, or below zero */
	if (d[2] >= 0x80 && d[2] < 0xc4)
		put_null(r, "temperature_celsius");
	else
		put_signed(r, "temperature_celsius", (int8_t)d[2]);
	put_number(r, "used_percent", d[3]);
	put_number(r, "warnings", (uint8_t)~d[1]);
	put_number(r, "changed", changed);
	names = put_array(r, "changes");
	for (unsigned int i = 0; i < MI_NR_CHANGES; i++)
		if (changed & 1u << mi_changes[i].bit)
			json_object_array_add(names, json_object_new_string(mi_changes[i].name));
	return CTL_OK;
}

static const struct ctl_field info_fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "port", K_NUMBER, "port of the subsystem", F_LABEL, NULL },
	{ "type", K_TEXT, "pcie, smbus or none", 0, NULL },
	{ "mi_version", K_TEXT, "version of NVMe-MI", 0, NULL },
	{ "max_mtu", K_NUMBER, "MCTP transmission unit, bytes", 0, NULL },
	{ "link_speed", K_NUMBER, "PCIe generation as trained", 0, NULL },
	{ "link_width", K_NUMBER, "lanes as trained", 0, NULL },
	{ NULL },
};

static void put_port(struct ctl *ctl, const char *name, unsigned int port, const char *version, const struct mi_port *p)
{
	struct json_object *r = ctl_record(ctl_list(ctl));

	put_text(r, "name", name);
	put_number(r, "port", port);
	put_name(r, "type", mi_port_name(p->type), p->type);
	put_text(r, "mi_version", version);
	put_number(r, "max_mtu", p->max_mtu);
	if (p->type == MI_PORT_PCIE) {
		put_number(r, "link_speed", p->speed);
		put_number(r, "link_width", p->width);
	} else {
		put_null(r, "link_speed");
		put_null(r, "link_width");
	}
}

static int run_info(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	unsigned int n = 0;
	char version[16];
	struct mi_port port;
	int status = ctl_open_one(ctl, &target, &ctrl);

	if (status)
		return status;
	status = mi_ports(ctl, ctrl, &n, version);
	for (unsigned int i = 0; i < n && !status; i++) {
		status = mi_read_port(ctl, ctrl, i, &port);
		if (!status)
			put_port(ctl, target.ctrl, i, version, &port);
	}
	libgmx_close(ctrl);
	return status;
}

static int run_vpd(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	uint8_t data[VPD_BYTES] = { 0 };
	uint32_t answer = 0;
	int status = ctl_open_one(ctl, &target, &ctrl);

	if (status)
		return status;
	status = mi_call(ctl, ctrl, false, "VPD", MI_VPD_READ, 0, VPD_BYTES, data, sizeof(data), &answer);
	libgmx_close(ctrl);
	if (!status)
		mi_put_data(ctl, target.ctrl, answer, data, sizeof(data));
	return status;
}

static int run_receive(struct ctl *ctl)
{
	uint64_t opcode = UINT64_MAX, dw0 = 0, dw1 = 0, len = 0;
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	uint8_t data[MI_DATA_BYTES] = { 0 };
	uint32_t answer = 0;
	int status = ctl_option_number(ctl, "opcode", 0, 255, &opcode);

	if (!status && opcode == UINT64_MAX)
		return ctl_usage(ctl, "which command? --opcode says it");
	if (!status)
		status = ctl_option_number(ctl, "dword0", 0, 0xffffffff, &dw0);
	if (!status)
		status = ctl_option_number(ctl, "dword1", 0, 0xffffffff, &dw1);
	if (!status)
		status = ctl_option_number(ctl, "length", 0, sizeof(data), &len);
	if (!status)
		status = ctl_open_one(ctl, &target, &ctrl);
	if (status)
		return status;
	len = (len + 3) & ~3ull;
	status = mi_call(ctl, ctrl, false, "command", (unsigned int)opcode, (uint32_t)dw0, (uint32_t)dw1, data, len, &answer);
	libgmx_close(ctrl);
	if (!status)
		mi_put_data(ctl, target.ctrl, answer, data, len);
	return status;
}

static const struct ctl_option health_options[] = {
	{ "clear", 0, NULL, "and forget what changed", NULL },
	{ NULL },
};

static const struct ctl_option receive_options[] = {
	{ "opcode", 0, "N", "of the NVMe-MI command set", NULL },
	{ "dword0", 0, "N", "management dword 0 (0)", NULL },
	{ "dword1", 0, "N", "management dword 1 (0)", NULL },
	{ "length", 0, "BYTES", "of the answer's data, up to 4096 (0)", NULL },
	{ NULL },
};

const struct ctl_command cmd_mi[] = {
	{ "mi", "health", "[TARGET]", "show the subsystem's health as NVMe-MI has it", NULL, health_options, health_fields,
	  SHAPE_RECORDS, 0, run_health },
	{ "mi", "clear", "CHANGES [TARGET]", "forget that something of the health changed",
	  "CHANGES are what gmxctl mi health shows, with commas between: ready, fatal, shutdown, subsystem-reset, enable, namespaces, firmware,\n"
	  "status, temperature, used, spare, warning; or all. Whoever polls the health does not see these changes any more.",
	  NULL, mi_clear_fields, SHAPE_RECORDS, 0, run_mi_clear },
	{ "mi", "info", "[TARGET]", "list the management ports", NULL, NULL, info_fields, SHAPE_LIST, 0, run_info },
	{ "mi", "get", "[TARGET]", "list the settings of the management ports", NULL, NULL, mi_get_fields, SHAPE_LIST, 0,
	  run_mi_get },
	{ "mi", "set", "SETTING VALUE [TARGET]", "change a setting of a management port",
	  "SETTING is frequency, of the SMBus in kHz (100, 400 or 1000), or mtu, the MCTP transmission unit in bytes (64 and up). A management\n"
	  "controller that does not follow the change loses the subsystem.",
	  mi_set_options, mi_set_fields, SHAPE_RECORDS, C_DESTROYS, run_mi_set },
	{ "mi", "vpd", "[TARGET]", "show the vital product data", NULL, NULL, mi_data_fields, SHAPE_RECORDS, 0, run_vpd },
	{ "mi", "receive", "[TARGET]", "send any NVMe-MI command that gives data or none", NULL, receive_options, mi_data_fields,
	  SHAPE_RECORDS, 0, run_receive },
	{ "mi", "send", "[TARGET]", "send any NVMe-MI command that takes data or changes something",
	  "What it does is the command's affair: gmxctl shows what is sent, and asks.", mi_send_options, mi_data_fields,
	  SHAPE_RECORDS, C_DESTROYS, run_mi_send },
	{ NULL },
};
