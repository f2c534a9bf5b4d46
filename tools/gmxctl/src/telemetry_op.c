// SPDX-License-Identifier: GPL-2.0-or-later
/* gmxctl telemetry start, and reading what came of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "op.h"
#include "telemetry.h"

#define PART	  (256u << 10)
#define MIN_BYTES 512

int run_telemetry_start(struct ctl *ctl)
{
	const char *source = ctl_option(ctl, "source");
	struct gmx_ioc_telemetry io = { .source = source && !strcmp(source, "controller") ? GMX_IOC_TELEMETRY_CTRL
											  : GMX_IOC_TELEMETRY_HOST };
	struct libgmx_target target;
	struct libgmx_ctrl *ctrl;
	struct gmx_ioc_op op;
	uint64_t area = 3;
	int status = ctl_option_number(ctl, "area", 1, 3, &area), rc;

	if (!status)
		status = ctl_open_one(ctl, &target, &ctrl);
	if (status)
		return status;
	io.area = (uint8_t)area;
	rc = libgmx_drv_telemetry(ctrl, &io);
	if (rc == -EBUSY)
		status = ctl_fail(ctl, CTL_BUSY, "gmxctl operation list shows it, operation wait waits for it",
				  "telemetry of %s is being captured already", target.ctrl);
	else if (rc)
		status = ctl_fail_may(ctl, rc, NULL, "telemetry of %s", target.ctrl);
	if (!status) {
		rc = op_read(ctrl, io.id, &op);
		if (rc)
			status = ctl_fail_rc(ctl, rc, "operation %llu of %s", (unsigned long long)io.id, target.ctrl);
		else
			op_put(ctl_record(ctl_list(ctl)), target.ctrl, &op);
	}
	libgmx_close(ctrl);
	return status;
}

const struct ctl_option telemetry_start_options[] = {
	{ "source", 0, "WHO", "host: captured now; controller: what it has captured by itself", "host controller" },
	{ "area", 0, "N", "up to this data area, 1 to 3 (3)", NULL },
	{ NULL },
};

static int read_parts(struct ctl *ctl, struct libgmx_ctrl *ctrl, uint64_t id, uint8_t *data, size_t len)
{
	int rc = 0;

	for (size_t at = 0; at < len && !rc;) {
		struct gmx_ioc_telemetry_read io = {
			.id = id,
			.offset = at,
			.data = (uintptr_t)(data + at),
			.bytes = (uint32_t)(len - at < PART ? len - at : PART),
		};

		rc = libgmx_drv_telemetry_read(ctrl, &io);
		if (!rc && (!io.bytes || io.bytes > len - at))
			rc = -EBADMSG;
		at += io.bytes;
		if (!rc)
			progress_show(ctl, "telemetry", at, len);
	}
	progress_end(ctl);
	return rc;
}

int telemetry_of_operation(struct ctl *ctl, struct libgmx_ctrl *ctrl, uint64_t id, void **data, size_t *len)
{
	const char *name = libgmx_name(ctrl);
	struct gmx_ioc_op op;
	int rc = op_wait(ctl, ctrl, id, 0, &op), status;

	*data = NULL;
	if (rc == -ENOENT)
		return ctl_fail(ctl, CTL_NO_DEVICE, "gmxctl operation list shows them", "%s knows no operation %llu", name,
				(unsigned long long)id);
	if (rc)
		return op_left(ctl, rc, name, id, NULL);
	if (op.kind != GMX_IOC_OP_TELEMETRY)
		return ctl_usage(ctl, "operation %llu of %s is none of telemetry", (unsigned long long)id, name);
	status = op_verdict(ctl, name, &op);
	if (status)
		return status;
	*len = (size_t)op.result;
	rc = op.result < MIN_BYTES || op.result > GMX_IOC_TELEMETRY_MAX ? -EBADMSG : 0;
	*data = rc ? NULL : calloc(1, *len);
	if (!rc)
		rc = *data ? read_parts(ctl, ctrl, id, *data, *len) : -ENOMEM;
	if (!rc)
		return CTL_OK;
	free(*data);
	*data = NULL;
	if (rc == -ENOENT)
		return ctl_fail(ctl, CTL_FAILED, "gmxctl telemetry capture without --id captures anew",
				"%s does not keep what operation %llu has captured: a later one took its place", name,
				(unsigned long long)id);
	return ctl_fail_may(ctl, rc, NULL, "telemetry of %s", name);
}
