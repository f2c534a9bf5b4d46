// SPDX-License-Identifier: GPL-2.0-or-later
/* NVMe-MI commands and their answers. */
#include <stdio.h>
#include <string.h>

#include "mi.h"

#define MI_READ_DATA   0x00
#define DATA_SUBSYS    0u
#define DATA_PORT      1u
#define BAD_PARAMETER  0x04
#define UNKNOWN_OPCODE 0x03

const struct mi_change mi_changes[MI_NR_CHANGES] = {
	{ "ready", 0 },	   { "fatal", 1 },  { "shutdown", 2 },	  { "subsystem-reset", 4 }, { "enable", 5 }, { "namespaces", 6 },
	{ "firmware", 7 }, { "status", 8 }, { "temperature", 9 }, { "used", 10 },	    { "spare", 11 }, { "warning", 12 },
};

static const struct {
	unsigned int code;
	const char *text;
} statuses[] = {
	{ 0x02, "internal error" },
	{ UNKNOWN_OPCODE, "no such command" },
	{ BAD_PARAMETER, "a parameter is wrong" },
	{ 0x05, "the size is wrong" },
	{ 0x06, "the input is too long or too short" },
	{ 0x07, "access denied" },
	{ 0x20, "beyond the end of the VPD" },
};

/* The answer's low byte is a status of NVMe-MI; of a wrong parameter the rest says where it is */
static int refusal(struct ctl *ctl, const char *name, const char *what, uint32_t answer)
{
	unsigned int code = answer & 0xff;
	const char *text = "unknown";
	char where[64] = "";

	for (unsigned int i = 0; i < ARRAY_SIZE(statuses); i++)
		if (statuses[i].code == code)
			text = statuses[i].text;
	if (code == BAD_PARAMETER)
		snprintf(where, sizeof(where), ", byte %u of the request", answer >> 16);
	return ctl_fail(ctl, code == UNKNOWN_OPCODE ? CTL_UNSUPPORTED : CTL_REJECTED, NULL,
			"%s of %s: %s%s (NVMe-MI status %02Xh)", what, name, text, where, code);
}

int mi_call(struct ctl *ctl, struct libgmx_ctrl *ctrl, bool send, const char *what, unsigned int opcode, uint32_t dword0,
	    uint32_t dword1, void *data, size_t len, uint32_t *answer)
{
	int rc = libgmx_mi(ctrl, send, opcode, dword0, dword1, data, len, answer);

	if (rc)
		return ctl_fail_may(ctl, rc, NULL, "%s of %s", what, libgmx_name(ctrl));
	return *answer & 0xff ? refusal(ctl, libgmx_name(ctrl), what, *answer) : CTL_OK;
}

const char *mi_port_name(unsigned int type)
{
	static const char *const names[] = { "none", "pcie", "smbus" };

	return type < ARRAY_SIZE(names) ? names[type] : NULL;
}

int mi_ports(struct ctl *ctl, struct libgmx_ctrl *ctrl, unsigned int *count, char version[16])
{
	uint8_t data[32] = { 0 };
	uint32_t answer = 0;
	int status = mi_call(ctl, ctrl, false, "subsystem information", MI_READ_DATA, DATA_SUBSYS << 24, 0, data, sizeof(data),
			     &answer);

	/* no more than there are numbers for in the specification */
	*count = data[0] < 8 ? data[0] + 1u : 8;
	snprintf(version, 16, "%u.%u", data[1], data[2]);
	return status;
}

int mi_read_port(struct ctl *ctl, struct libgmx_ctrl *ctrl, unsigned int port, struct mi_port *out)
{
	uint8_t data[32] = { 0 };
	uint32_t answer = 0;
	int status = mi_call(ctl, ctrl, false, "port information", MI_READ_DATA, DATA_PORT << 24 | port << 16, 0, data,
			     sizeof(data), &answer);

	memset(out, 0, sizeof(*out));
	if (status)
		return status;
	out->type = data[0];
	out->max_mtu = data[2] | (unsigned int)data[3] << 8;
	if (out->type == MI_PORT_PCIE) {
		out->speed = data[10];
		out->width = data[12];
	} else if (out->type == MI_PORT_SMBUS) {
		out->max_frequency = data[11];
	}
	return CTL_OK;
}

const struct ctl_field mi_data_fields[] = {
	{ "name", K_TEXT, "name of the controller", 0, NULL },
	{ "response", K_HEX, "response of the command", 0, NULL },
	{ "size_bytes", K_BYTES, "data", 0, NULL },
	{ "hex", K_TEXT, "the data in hexadecimal", 0, NULL },
	{ NULL },
};

void mi_put_data(struct ctl *ctl, const char *name, uint32_t answer, const uint8_t *data, size_t len)
{
	struct json_object *r = ctl_record(ctl_list(ctl));
	char hex[2 * MI_DATA_BYTES + 1];

	hex[0] = 0;
	for (size_t i = 0; i < len; i++)
		snprintf(hex + 2 * i, 3, "%02x", data[i]);
	put_text(r, "name", name);
	put_number(r, "response", answer >> 8);
	put_number(r, "size_bytes", len);
	put_text(r, "hex", hex);
}
