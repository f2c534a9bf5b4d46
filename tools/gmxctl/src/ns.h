/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Namespaces of a controller, as Identify has them; what the commands about them share. */
#ifndef GMXCTL_NS_H
#define GMXCTL_NS_H

#include "ctl.h"

int ns_identify_ctrl(struct ctl *ctl, struct libgmx_ctrl *ctrl, struct libgmx_id_ctrl *id);
/* LIBGMX_ALL_NAMESPACES: what all have in common */
int ns_identify(struct ctl *ctl, struct libgmx_ctrl *ctrl, uint32_t nsid, struct libgmx_id_ns *id);
/* Namespaces there are (@all) or that are attached to this controller */
int ns_list(struct ctl *ctl, struct libgmx_ctrl *ctrl, bool all, uint32_t *out, unsigned int *count);
/* Whether it is in the active list */
int ns_is_attached(struct ctl *ctl, struct libgmx_ctrl *ctrl, uint32_t nsid, bool *attached);
/* After a change: looks again, and where the namespace is attached waits for its disk, with blocks of this size (0: any) */
int ns_await_disk(struct ctl *ctl, struct libgmx_ctrl *ctrl, uint32_t nsid, uint32_t block_bytes, bool *attached);
/* The format with these sizes: its index, or an exit code below 0 as what was said */
int ns_format_index(struct ctl *ctl, const struct libgmx_id_ns *id, uint64_t block, uint64_t metadata);
/* UINT64_MAX where it does not fit */
uint64_t ns_used_bytes(const struct libgmx_id_ns *id);
/* Its size and what uses its disks, for a plan; @cntlids: on these controllers, NULL: on all of the subsystem */
void ns_describe(struct plan *plan, const char *ctrl, uint32_t nsid, const struct libgmx_id_ns *id, const uint16_t *cntlids,
		 unsigned int nr);
void ns_put(struct json_object *r, const char *ctrl, uint32_t nsid, const struct libgmx_id_ns *id, bool attached);

extern const struct ctl_field ns_fields[];

int run_ns_create(struct ctl *ctl);
int run_ns_delete(struct ctl *ctl);
int run_ns_attach(struct ctl *ctl);
int run_ns_detach(struct ctl *ctl);
int run_ns_format(struct ctl *ctl);
int run_ns_resize(struct ctl *ctl);
int run_ns_sanitize(struct ctl *ctl);

extern const struct ctl_option ns_create_options[], ns_delete_options[], ns_attach_options[], ns_detach_options[],
	ns_format_options[], ns_resize_options[], ns_sanitize_options[];
extern const struct ctl_field ns_sanitize_fields[];

#endif
