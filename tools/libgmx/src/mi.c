// SPDX-License-Identifier: LGPL-2.1-or-later
/* NVMe-MI commands through the controller's own admin queue. */
#include <errno.h>

#include <gmx/nvme.h>
#include <gmx/mi.h>

#include <libgmx/admin.h>

int libgmx_mi(struct libgmx_ctrl *ctrl, bool send, unsigned int opcode, uint32_t dword0, uint32_t dword1, void *data, size_t len,
	      uint32_t *answer)
{
	struct libgmx_cmd cmd = {
		.opcode = send ? GMX_ADM_MI_SEND : GMX_ADM_MI_RECV,
		.cdw10 = GMX_MI_HEADER,
		.cdw11 = opcode,
		.cdw12 = dword0,
		.cdw13 = dword1,
		.data = len ? data : NULL,
		.len = (uint32_t)len,
	};

	if (opcode > 255 || len > 4096 || len % 4)
		return -EINVAL;
	return libgmx_admin(ctrl, &cmd, answer);
}
