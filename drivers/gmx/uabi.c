// SPDX-License-Identifier: GPL-2.0-only
/* The vendor ioctls of uapi/linux/gmx.h: how their structures come and go. What they do is in their nouns' files. */
#include "gmx.h"

#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

/* What begins every structure. */
struct gmx_uabi_head {
	u32 size;
	u32 flags;
};

enum gmx_uabi_needs {
	GMX_NEEDS_NOTHING,		/* also works when the driver has let the controller go */
	GMX_NEEDS_CTRL,			/* sends no command */
	GMX_NEEDS_COMMANDS,
};

struct gmx_uabi_call {
	unsigned int cmd;
	u16 least;			/* end of the last field that is read, of version 1.0 */
	u16 known;			/* bytes of the structure */
	u32 flags;			/* that have a meaning */
	u8 needs;
	bool admin;
	u8 set;				/* offset of the u32 that makes a call an administrator's; 0: none does */
	int (*fn)(struct gmx_file *file, void *arg);
};

#define GMX_UABI_STRUCT(type, last)	.least = offsetofend(struct type, last), .known = sizeof(struct type)

static const struct gmx_uabi_call gmx_uabi_calls[] = {
	{
		.cmd = GMX_IOCTL_INFO, GMX_UABI_STRUCT(gmx_ioc_info, flags),
		.needs = GMX_NEEDS_CTRL, .fn = gmx_info_call,
	}, {
		.cmd = GMX_IOCTL_HEALTH, GMX_UABI_STRUCT(gmx_ioc_health, flags),
		.needs = GMX_NEEDS_CTRL, .fn = gmx_health_call,
	}, {
		.cmd = GMX_IOCTL_STATS, GMX_UABI_STRUCT(gmx_ioc_stats, flags),
		.needs = GMX_NEEDS_CTRL, .fn = gmx_stats_call,
	}, {
		.cmd = GMX_IOCTL_RECOVERY, GMX_UABI_STRUCT(gmx_ioc_recovery, budget_ms),
		.needs = GMX_NEEDS_CTRL, .set = offsetof(struct gmx_ioc_recovery, set),
		.fn = gmx_stats_recovery_call,
	}, {
		.cmd = GMX_IOCTL_EVENTS, GMX_UABI_STRUCT(gmx_ioc_events, entry_bytes),
		.needs = GMX_NEEDS_NOTHING, .fn = gmx_events_call,
	}, {
		.cmd = GMX_IOCTL_EVENT_MASK, GMX_UABI_STRUCT(gmx_ioc_event_mask, classes),
		.needs = GMX_NEEDS_COMMANDS, .set = offsetof(struct gmx_ioc_event_mask, set),
		.fn = gmx_evlog_mask_call,
	}, {
		.cmd = GMX_IOCTL_OP, GMX_UABI_STRUCT(gmx_ioc_op, timeout_ms),
		.needs = GMX_NEEDS_CTRL, .fn = gmx_op_call,
	}, {
		.cmd = GMX_IOCTL_OP_CANCEL, GMX_UABI_STRUCT(gmx_ioc_op, timeout_ms),
		.needs = GMX_NEEDS_CTRL, .admin = true, .fn = gmx_op_cancel_call,
	}, {
		.cmd = GMX_IOCTL_FW_INFO, GMX_UABI_STRUCT(gmx_ioc_fw_info, flags),
		.needs = GMX_NEEDS_COMMANDS, .fn = gmx_fw_info_call,
	}, {
		.cmd = GMX_IOCTL_FW_DOWNLOAD, GMX_UABI_STRUCT(gmx_ioc_fw_download, offset),
		.needs = GMX_NEEDS_COMMANDS, .admin = true, .fn = gmx_fw_download_call,
	}, {
		.cmd = GMX_IOCTL_FW_COMMIT, GMX_UABI_STRUCT(gmx_ioc_fw_commit, rsvd2), .flags = GMX_IOC_FW_RESET,
		.needs = GMX_NEEDS_COMMANDS, .admin = true, .fn = gmx_fw_commit_call,
	}, {
		.cmd = GMX_IOCTL_TELEMETRY, GMX_UABI_STRUCT(gmx_ioc_telemetry, rsvd2),
		.needs = GMX_NEEDS_CTRL, .admin = true, .fn = gmx_telemetry_call,
	}, {
		.cmd = GMX_IOCTL_TELEMETRY_READ, GMX_UABI_STRUCT(gmx_ioc_telemetry_read, bytes),
		.needs = GMX_NEEDS_CTRL, .admin = true, .fn = gmx_telemetry_read_call,
	}, {
		.cmd = GMX_IOCTL_POWER, GMX_UABI_STRUCT(gmx_ioc_power, workload),
		.needs = GMX_NEEDS_COMMANDS, .set = offsetof(struct gmx_ioc_power, set),
		.fn = gmx_power_call,
	}, {
		.cmd = GMX_IOCTL_IRQ, GMX_UABI_STRUCT(gmx_ioc_irq, time_us),
		.needs = GMX_NEEDS_COMMANDS, .set = offsetof(struct gmx_ioc_irq, set),
		.fn = gmx_moderation_call,
	}, {
		.cmd = GMX_IOCTL_MI, GMX_UABI_STRUCT(gmx_ioc_mi, data), .flags = GMX_IOC_MI_SEND,
		.needs = GMX_NEEDS_COMMANDS, .admin = true, .fn = gmx_mi_call,
	}, {
		.cmd = GMX_IOCTL_NS_CREATE, GMX_UABI_STRUCT(gmx_ioc_ns_create, shared),
		.needs = GMX_NEEDS_COMMANDS, .admin = true, .fn = gmx_nsmgmt_create_call,
	}, {
		.cmd = GMX_IOCTL_NS_DELETE, GMX_UABI_STRUCT(gmx_ioc_ns, nsid),
		.needs = GMX_NEEDS_COMMANDS, .admin = true, .fn = gmx_nsmgmt_delete_call,
	}, {
		.cmd = GMX_IOCTL_NS_ATTACH, GMX_UABI_STRUCT(gmx_ioc_ns, cntlid),
		.needs = GMX_NEEDS_COMMANDS, .admin = true, .fn = gmx_nsmgmt_attach_call,
	}, {
		.cmd = GMX_IOCTL_NS_DETACH, GMX_UABI_STRUCT(gmx_ioc_ns, cntlid),
		.needs = GMX_NEEDS_COMMANDS, .admin = true, .fn = gmx_nsmgmt_detach_call,
	},
};

/* A 32-bit program's upper halves are ignored, as a 32-bit kernel would. */
void __user *gmx_uabi_ptr(u64 addr)
{
	if (in_compat_syscall())
		return compat_ptr(lower_32_bits(addr));
	return u64_to_user_ptr(addr);
}

/* Whether the controller takes commands. It may stop at any moment: then they end with an error. */
int gmx_uabi_ready(struct gmx_ctrl *ctrl)
{
	switch (gmx_ctrl_state(ctrl)) {
	case GMX_LIVE:
	case GMX_ADMIN_ONLY:
		return 0;
	case GMX_DELETING:
		return -ENODEV;
	default:
		return READ_ONCE(ctrl->gone) ? -ENODEV : -EAGAIN;
	}
}

/* What gmx_admin_sync() returned, as an ioctl's answer. */
int gmx_uabi_result(struct gmx_ctrl *ctrl, int ret, u16 *nvme_status)
{
	if (ret > 0) {
		*nvme_status = ret;
		return -EREMOTEIO;
	}
	if (ret < 0 && (READ_ONCE(ctrl->gone) || gmx_ctrl_state(ctrl) == GMX_DELETING))
		return -ENODEV;
	return ret;
}

static const struct gmx_uabi_call *gmx_uabi_find(unsigned int cmd)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(gmx_uabi_calls); i++)
		if (gmx_uabi_calls[i].cmd == cmd)
			return &gmx_uabi_calls[i];
	return NULL;
}

/* @buf: call->known bytes, zeroed. Returns the caller's size. */
static int gmx_uabi_copy_in(const struct gmx_uabi_call *call, void *buf, struct gmx_uabi_head __user *arg)
{
	struct gmx_uabi_head *head = buf;
	u32 size;
	int ret;

	if (get_user(size, &arg->size))
		return -EFAULT;
	if (size < call->least)
		return -EINVAL;
	if (size > GMX_IOC_MAX_SIZE)
		return -E2BIG;
	if (copy_from_user(buf, arg, min_t(u32, size, call->known)))
		return -EFAULT;
	/* another thread may have changed it meanwhile */
	head->size = size;
	if (size > call->known) {
		ret = check_zeroed_user((void __user *)arg + call->known, size - call->known);
		if (ret < 0)
			return ret;
		if (!ret)
			return put_user((u32)call->known, &arg->size) ? -EFAULT : -E2BIG;
	}
	if (head->flags & ~call->flags)
		return -EINVAL;
	return size;
}

static int gmx_uabi_copy_out(const struct gmx_uabi_call *call, void *buf, struct gmx_uabi_head __user *arg, u32 size)
{
	struct gmx_uabi_head *head = buf;

	head->size = min_t(u32, size, call->known);
	if (copy_to_user(arg, buf, head->size))
		return -EFAULT;
	if (size > call->known && clear_user((void __user *)arg + call->known, size - call->known))
		return -EFAULT;
	return 0;
}

static bool gmx_uabi_admin(const struct gmx_uabi_call *call, const void *buf)
{
	return call->admin || (call->set && *(const u32 *)(buf + call->set));
}

static int gmx_uabi_run(struct gmx_file *file, const struct gmx_uabi_call *call, void *buf)
{
	enum gmx_state state = gmx_ctrl_state(file->ctrl);
	int ret;

	if (gmx_uabi_admin(call, buf) && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (call->needs >= GMX_NEEDS_CTRL && state == GMX_DELETING)
		return -ENODEV;
	if (call->needs >= GMX_NEEDS_COMMANDS) {
		ret = gmx_uabi_ready(file->ctrl);
		if (ret)
			return ret;
	}
	return call->fn(file, buf);
}

long gmx_uabi_ioctl(struct gmx_file *file, unsigned int cmd, void __user *arg)
{
	const struct gmx_uabi_call *call = gmx_uabi_find(cmd);
	int size, ret;
	void *buf;

	if (!call)
		return -ENOTTY;
	buf = kzalloc(call->known, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	size = gmx_uabi_copy_in(call, buf, arg);
	if (size < 0) {
		ret = size;
		goto free;
	}
	/* what is done is told: nothing begins that could not be */
	if (fault_in_safe_writeable((const char __user *)arg, size)) {
		ret = -EFAULT;
		goto free;
	}
	ret = gmx_uabi_run(file, call, buf);
	/* a refusal's status is in the structure */
	if ((!ret || ret == -EREMOTEIO) && gmx_uabi_copy_out(call, buf, arg, size))
		ret = -EFAULT;
free:
	kfree(buf);
	return ret;
}
