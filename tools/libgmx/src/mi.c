// SPDX-License-Identifier: LGPL-2.1-or-later
/* NVMe-MI commands through the controller's own admin queue. */
#include <errno.h>
#include <string.h>

#include <gmx/nvme.h>
#include <gmx/mi.h>

#include <libgmx/admin.h>

#define MI_BYTES 4096u

/* How much a command answers is the controller's to say: there is always room for all of it */
int libgmx_mi(struct libgmx_ctrl *ctrl, bool send, unsigned int opcode, uint32_t dword0, uint32_t dword1, void *data, size_t len,
	      uint32_t *answer)
{
	uint8_t page[MI_BYTES] = { 0 };
	struct libgmx_cmd cmd = {
		.opcode = send ? GMX_ADM_MI_SEND : GMX_ADM_MI_RECV,
		.cdw10 = GMX_MI_HEADER,
		.cdw11 = opcode,
		.cdw12 = dword0,
		.cdw13 = dword1,
		.data = !send ? page
			: len ? data
			      : NULL,
		.len = send ? (uint32_t)len : sizeof(page),
	};
	int rc;

	if (opcode > 255 || len > MI_BYTES || len % 4)
		return -EINVAL;
	rc = libgmx_admin(ctrl, &cmd, answer);
	if (!send && !rc && len)
		memcpy(data, page, len);
	return rc;
}
