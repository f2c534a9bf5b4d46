// SPDX-License-Identifier: LGPL-2.1-or-later
/* The way of a firmware image to a controller. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libgmx/admin.h>
#include <libgmx/firmware.h>

#define UNIT 4096u

int libgmx_fw_send(struct libgmx_ctrl *ctrl, const void *data, size_t len, uint32_t granularity, libgmx_progress progress,
		   void *arg)
{
	uint32_t part = granularity ? granularity : UNIT;
	uint8_t *buf;
	int rc = 0;

	if (!len || len > LIBGMX_FW_MAX_BYTES || len % 4 || part % 4 || part > 1u << 20)
		return -EINVAL;
	/* a controller may want parts that its own granularity divides: a small one is sent several at a time */
	while (part < UNIT)
		part *= 2;
	buf = malloc(part);
	if (!buf)
		return -ENOMEM;
	for (size_t at = 0; at < len && !rc; at += part) {
		uint32_t n = (uint32_t)(len - at < part ? len - at : part);

		memcpy(buf, (const uint8_t *)data + at, n);
		rc = libgmx_fw_download(ctrl, (uint32_t)at, buf, n);
		if (!rc && progress && progress(arg, at + n, len))
			rc = -ECANCELED;
	}
	free(buf);
	return rc;
}
