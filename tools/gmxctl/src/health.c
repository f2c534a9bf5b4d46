// SPDX-License-Identifier: GPL-2.0-or-later
/* The verdict about a controller: the worse of what it says and what the driver sees. */
#include <string.h>

#include "health.h"

int health_read(const struct libgmx_ctrl_info *info, struct health *h)
{
	struct libgmx_ctrl *ctrl;
	int rc;

	memset(h, 0, sizeof(*h));
	h->info = *info;
	h->level = -1;
	if (!strcmp(info->state, "dead") || !strcmp(info->state, "recovering")) {
		h->state_problem = true;
		h->level = LIBGMX_STATE_FAILED;
		return 0;
	}
	rc = libgmx_open(info->name, &ctrl);
	if (!rc) {
		rc = libgmx_health_read(ctrl, &h->data);
		libgmx_close(ctrl);
	}
	if (rc)
		return rc;
	h->read = true;
	h->level = h->data.state <= LIBGMX_STATE_FAILED ? h->data.state : LIBGMX_STATE_FAILED;
	if (!strcmp(info->state, "admin-only")) {
		h->state_problem = true;
		h->level = LIBGMX_STATE_FAILED;
	}
	return 0;
}

const char *health_name(const struct health *h)
{
	return h->level < 0 ? "unknown" : libgmx_health_state_name((unsigned int)h->level);
}

int health_exit(const struct health *h)
{
	return h->level < 0 ? CTL_UNKNOWN : h->level == 0 ? CTL_OK : h->level == 1 ? CTL_DEGRADED : CTL_CRITICAL;
}

int health_worse(int a, int b)
{
	static const int order[] = { CTL_CRITICAL, CTL_DEGRADED, CTL_UNKNOWN };

	for (unsigned int i = 0; i < ARRAY_SIZE(order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return a;
}
