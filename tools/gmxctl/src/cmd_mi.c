// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl mi: NVMe-MI commands through the controller itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

#define MI_READ_DATA	 0x00
#define MI_SUBSYS_HEALTH 0x01
#define MI_VPD_READ	 0x05
#define DATA_SUBSYS	 0u
#define DATA_PORT	 1u
#define VPD_BYTES	 256

/* The answer's low byte is a status of NVMe-MI */
static int mi_status(struct ctl *ctl, const char *name, const char *what, int rc, uint32_t answer)
{
	static const struct {
		unsigned int code;
		const char *text;
	} texts[] = {
		{ 0x02, "internal error" },
		{ 0x03, "no such command" },
		{ 0x04, "a parameter is wrong" },
		{ 0x05, "the size is wrong" },
		{ 0x06, "the input is too long or too short" },
		{ 0x07, "access denied" },
		{ 0x20, "beyond the end of the VPD" },
	};
	const char *text = "unknown";

	if (rc)
		return ctl_fail_rc(ctl, rc, "%s of %s", what, name);
	if (!(answer & 0xff))
		return CTL_OK;
	for (unsigned int i = 0; i < ARRAY_SIZE(texts); i++)
		if (texts[i].code == (answer & 0xff))
			text = texts[i].text;
	return ctl_fail(ctl, (answer & 0xff) == 3 ? CTL_UNSUPPORTED : CTL_REJECTED, NULL, "%s of %s: %s (NVMe-MI status %02Xh)",
			what, name, text, (unsigned int)(answer & 0xff));
}

static const struct ctl_field health_fields[] = {
	{ "name", K_TEXT, "name of the controller", F_LABEL, NULL },
	{ "functional", K_BOOL, "the subsystem works", F_METRIC, NULL },
	{ "reset_required", K_BOOL, "it needs a reset", F_METRIC, NULL },
	{ "links", K_NUMBER, "PCIe links that are up", F_METRIC, NULL },
	{ "temperature_celsius", K_CELSIUS, "temperature", F_METRIC, NULL },
	{ "used_percent", K_PERCENT, "of the endurance", F_METRIC, NULL },
	{ "warnings", K_HEX, "critical warnings, bits as in the SMART log", 0, NULL },
	{ "changed", K_HEX, "what changed since it was cleared, bits of NVMe-MI", 0, NULL },
	{ NULL },
};

static int run_health(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	struct json_object *r;
	uint8_t d[8] = { 0 };
	uint32_t answer = 0;
	int status = ctl_open_one(ctl, &target, &ctrl), rc;

	if (status)
		return status;
	rc = libgmx_mi(ctrl, false, MI_SUBSYS_HEALTH, 0, ctl_option(ctl, "clear") ? 1u << 31 : 0, d, sizeof(d), &answer);
	libgmx_close(ctrl);
	status = mi_status(ctl, target.ctrl, "health poll", rc, answer);
	if (status)
		return status;
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
	put_number(r, "changed", d[4] | (uint32_t)d[5] << 8);
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

static int run_info(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	uint8_t subsys[32] = { 0 }, port[32];
	uint32_t answer = 0;
	char version[16];
	int status = ctl_open_one(ctl, &target, &ctrl), rc;

	if (status)
		return status;
	rc = libgmx_mi(ctrl, false, MI_READ_DATA, DATA_SUBSYS << 24, 0, subsys, sizeof(subsys), &answer);
	status = mi_status(ctl, target.ctrl, "subsystem information", rc, answer);
	snprintf(version, sizeof(version), "%u.%u", subsys[1], subsys[2]);
	for (unsigned int i = 0; i <= subsys[0] && i < 8 && !status; i++) {
		static const char *const types[] = { "none", "pcie", "smbus" };
		struct json_object *r;

		memset(port, 0, sizeof(port));
		rc = libgmx_mi(ctrl, false, MI_READ_DATA, DATA_PORT << 24 | i << 16, 0, port, sizeof(port), &answer);
		status = mi_status(ctl, target.ctrl, "port information", rc, answer);
		if (status)
			break;
		r = ctl_record(ctl_list(ctl));
		put_text(r, "name", target.ctrl);
		put_number(r, "port", i);
		put_name(r, "type", port[0] < 3 ? types[port[0]] : NULL, port[0]);
		put_text(r, "mi_version", version);
		put_number(r, "max_mtu", port[2] | (uint32_t)port[3] << 8);
		if (port[0] == 1) {
			put_number(r, "link_speed", port[10]);
			put_number(r, "link_width", port[12]);
		} else {
			put_null(r, "link_speed");
			put_null(r, "link_width");
		}
	}
	libgmx_close(ctrl);
	return status;
}

static const struct ctl_field data_fields[] = {
	{ "name", K_TEXT, "name of the controller", 0, NULL },
	{ "response", K_HEX, "response of the command", 0, NULL },
	{ "size_bytes", K_BYTES, "data", 0, NULL },
	{ "hex", K_TEXT, "the data in hexadecimal", 0, NULL },
	{ NULL },
};

static void put_data(struct ctl *ctl, const char *name, uint32_t answer, const uint8_t *data, size_t len)
{
	struct json_object *r = ctl_record(ctl_list(ctl));
	char hex[2 * 4096 + 1];

	hex[0] = 0;
	for (size_t i = 0; i < len; i++)
		snprintf(hex + 2 * i, 3, "%02x", data[i]);
	put_text(r, "name", name);
	put_number(r, "response", answer >> 8);
	put_number(r, "size_bytes", len);
	put_text(r, "hex", hex);
}

static int run_vpd(struct ctl *ctl)
{
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	uint8_t data[VPD_BYTES] = { 0 };
	uint32_t answer = 0;
	int status = ctl_open_one(ctl, &target, &ctrl), rc;

	if (status)
		return status;
	rc = libgmx_mi(ctrl, false, MI_VPD_READ, 0, VPD_BYTES, data, sizeof(data), &answer);
	libgmx_close(ctrl);
	status = mi_status(ctl, target.ctrl, "VPD", rc, answer);
	if (!status)
		put_data(ctl, target.ctrl, answer, data, sizeof(data));
	return status;
}

static int run_send(struct ctl *ctl)
{
	uint64_t opcode = UINT64_MAX, dw0 = 0, dw1 = 0, len = 0;
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	uint8_t data[4096] = { 0 };
	uint32_t answer = 0;
	int status = ctl_option_number(ctl, "opcode", 0, 255, &opcode), rc;

	if (!status && opcode == UINT64_MAX)
		return ctl_usage(ctl, "which command? --opcode says it");
	if (!status)
		status = ctl_option_number(ctl, "dword0", 0, 0xffffffff, &dw0);
	if (!status)
		status = ctl_option_number(ctl, "dword1", 0, 0xffffffff, &dw1);
	if (!status)
		status = ctl_option_number(ctl, "length", 0, 4096, &len);
	if (!status)
		status = ctl_open_one(ctl, &target, &ctrl);
	if (status)
		return status;
	len = (len + 3) & ~3ull;
	rc = libgmx_mi(ctrl, false, (unsigned int)opcode, (uint32_t)dw0, (uint32_t)dw1, data, len, &answer);
	libgmx_close(ctrl);
	status = mi_status(ctl, target.ctrl, "command", rc, answer);
	if (!status)
		put_data(ctl, target.ctrl, answer, data, len);
	return status;
}

static const struct ctl_option health_options[] = {
	{ "clear", 0, NULL, "and forget what changed", NULL },
	{ NULL },
};

static const struct ctl_option send_options[] = {
	{ "opcode", 0, "N", "of the NVMe-MI command set", NULL },
	{ "dword0", 0, "N", "management dword 0 (0)", NULL },
	{ "dword1", 0, "N", "management dword 1 (0)", NULL },
	{ "length", 0, "BYTES", "of the answer's data, up to 4096 (0)", NULL },
	{ NULL },
};

const struct ctl_command cmd_mi[] = {
	{ "mi", "health", "[TARGET]", "show the subsystem's health as NVMe-MI has it", NULL, health_options, health_fields,
	  SHAPE_RECORDS, 0, run_health },
	{ "mi", "info", "[TARGET]", "list the management ports", NULL, NULL, info_fields, SHAPE_LIST, 0, run_info },
	{ "mi", "vpd", "[TARGET]", "show the vital product data", NULL, NULL, data_fields, SHAPE_RECORDS, 0, run_vpd },
	{ "mi", "receive", "[TARGET]", "send any NVMe-MI command that gives data or none", NULL, send_options, data_fields,
	  SHAPE_RECORDS, 0, run_send },
	{ NULL },
};
