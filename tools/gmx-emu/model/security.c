// SPDX-License-Identifier: GPL-2.0-or-later
/* Security Send and Receive (5.25, 5.26): which protocols there are, and a certificate that says there is none */
#include "emu.h"

#define SECURITY_INVALID (GMX_SC_INVALID_FIELD | GMX_STS_DNR)
/* SPC-4, 7.7.1: protocol 00h */
enum { SECURITY_INFO = 0x00 };
enum { SECURITY_LIST = 0x0000, SECURITY_CERTIFICATE = 0x0001 };

static unsigned int security_protocol(const struct emu_cmd *cmd)
{
	return emu_cdw10(cmd) >> 24;
}

static bool security_nsid_valid(const struct emu_cmd *cmd)
{
	return emu_nsid(cmd) == GMX_NSID_ALL || emu_nsid(cmd) <= EMU_MAX_NS;
}

uint16_t emu_security_send_cmd(struct emu_cmd *cmd)
{
	if (!security_nsid_valid(cmd))
		return GMX_SC_INVALID_NS | GMX_STS_DNR;
	/* Protocol 00h only answers, and there is no other. */
	return SECURITY_INVALID;
}

uint16_t emu_security_recv_cmd(struct emu_cmd *cmd)
{
	/* Reserved bytes, a length of 16 bits with the high byte first, the protocols in ascending order */
	static const uint8_t list[] = { 0, 0, 0, 0, 0, 0, 0, 1, SECURITY_INFO };
	static const uint8_t certificate[] = { 0, 0, 0, 0 };
	unsigned int specific = emu_cdw10(cmd) >> 8 & 0xffff;
	uint32_t len = emu_cdw11(cmd);
	uint16_t status;
	uint8_t *buf;

	if (!security_nsid_valid(cmd))
		return GMX_SC_INVALID_NS | GMX_STS_DNR;
	if (security_protocol(cmd) != SECURITY_INFO || specific > SECURITY_CERTIFICATE ||
	    len > 4096ull << cmd->ctrl->s->traits->mdts)
		return SECURITY_INVALID;
	if (!len)
		return 0;
	buf = calloc(1, len);
	if (!buf)
		return GMX_SC_INTERNAL;
	if (specific == SECURITY_LIST)
		memcpy(buf, list, EMU_MIN(len, (uint32_t)sizeof(list)));
	else
		memcpy(buf, certificate, EMU_MIN(len, (uint32_t)sizeof(certificate)));
	status = emu_cmd_to_host(cmd, buf, len);
	free(buf);
	return status;
}
