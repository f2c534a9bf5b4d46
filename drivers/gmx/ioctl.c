// SPDX-License-Identifier: GPL-2.0-only
/* The NVMe ioctls of linux/nvme_ioctl.h, on the controller's and the namespaces' nodes. */
#include "gmx.h"

#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/nvme_ioctl.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/uaccess.h>

#define GMX_OPC_FABRICS		0x7f

/* The tail of struct nvme_user_io is padded where 64-bit integers are aligned to eight bytes, and not elsewhere. */
#define GMX_USER_IO_SIZE	offsetofend(struct nvme_user_io, appmask)
#define GMX_IOCTL_SUBMIT_IO32	_IOC(_IOC_WRITE, 'N', 0x42, GMX_USER_IO_SIZE)

/*
 * Everybody who may open the node may learn what I/O needs; the rest of Identify may be sensitive. What the driver
 * itself has set is not changed behind its back, by nobody.
 */
static bool gmx_ioctl_admin_allowed(const struct gmx_sqe *cmd)
{
	u32 cdw10 = le32_to_cpu(cmd->cdw10);

	switch (cmd->opcode) {
	case GMX_ADM_IDENTIFY:
		switch (cdw10 & 0xff) {
		case GMX_CNS_NS:
		case GMX_CNS_CTRL:
		case GMX_CNS_CS_NS:
		case GMX_CNS_CS_CTRL:
		case GMX_CNS_NS_INDEPENDENT:
			return true;
		}
		break;
	case GMX_ADM_SET_FEATURES:
		switch (cdw10 & 0xff) {
		case GMX_FEAT_KATO:
		case GMX_FEAT_HOST_BEHAVIOR:
		case GMX_FEAT_HMB:
		case GMX_FEAT_NUM_QUEUES:
		case GMX_FEAT_APST:
			return false;
		}
		break;
	}
	return capable(CAP_SYS_ADMIN);
}

/* Unprivileged I/O: only commands whose effects the controller has told, and which reach no further than data. */
static bool gmx_ioctl_io_allowed(struct gmx_ns *ns, const struct gmx_sqe *cmd, unsigned int flags)
{
	u8 opcode = cmd->opcode;
	u32 effects = gmx_passthru_effects(ns->ctrl, ns, opcode);
	u32 harmless = GMX_EFFECTS_CSUPP | GMX_EFFECTS_LBCC | GMX_EFFECTS_UUID | GMX_EFFECTS_SCOPE_MASK;

	if (!(effects & GMX_EFFECTS_CSUPP) || (effects & ~harmless))
		return capable(CAP_SYS_ADMIN);
	/* nobody could keep the controller inside the caller's buffer */
	if (gmx_passthru_needs(ns, cmd) == GMX_PASSTHRU_UNKNOWN)
		return capable(CAP_SYS_ADMIN);
	if ((GMX_OPC_IS_WRITE(opcode) || (effects & GMX_EFFECTS_LBCC)) && !(flags & GMX_IOCTL_WRITE))
		return capable(CAP_SYS_ADMIN);
	return true;
}

bool gmx_ioctl_allowed(struct gmx_ns *ns, const struct gmx_sqe *cmd, unsigned int flags)
{
	/* from a partition one must not reach beside it; what vendors do, nobody knows */
	if ((flags & GMX_IOCTL_PARTITION) || cmd->opcode >= GMX_NVM_VENDOR_FIRST || cmd->opcode == GMX_OPC_FABRICS)
		return capable(CAP_SYS_ADMIN);
	return ns ? gmx_ioctl_io_allowed(ns, cmd, flags) : gmx_ioctl_admin_allowed(cmd);
}

bool gmx_ioctl_nsid_ok(struct gmx_ctrl *ctrl, struct gmx_ns *ns, u32 nsid)
{
	if (!ns || nsid == ns->nsid)
		return true;
	dev_err_ratelimited(&ctrl->dev, "%s: command for namespace %u on a node of namespace %u\n", current->comm,
			    nsid, ns->nsid);
	return false;
}

static long gmx_ioctl_submit_io(struct gmx_ns *ns, void __user *arg, unsigned int flags)
{
	struct gmx_user_data data = { };
	struct gmx_sqe cmd = { };
	struct nvme_user_io io;
	u64 blocks, len, result;

	if (copy_from_user(&io, arg, GMX_USER_IO_SIZE))
		return -EFAULT;
	if (io.flags)
		return -EINVAL;
	switch (io.opcode) {
	case GMX_NVM_WRITE:
	case GMX_NVM_READ:
	case GMX_NVM_COMPARE:
		break;
	default:
		return -EINVAL;
	}

	blocks = io.nblocks + 1;
	len = blocks << ns->lba_shift;
	data.addr = io.addr;
	data.meta = io.metadata;
	/* The controller makes and strips protection information: neither buffer has it. */
	if (!ns->ms || (ns->ms_is_pi && (io.control & GMX_RW_PRACT))) {
		if ((io.control & GMX_RW_PRACT) && io.metadata)
			return -EINVAL;
	} else if (ns->ms_extended) {
		len += blocks * ns->ms;
	} else {
		data.meta_len = blocks * ns->ms;
		if (!io.metadata || (io.metadata & 3))
			return -EINVAL;
	}
	if (len > U32_MAX)
		return -EINVAL;
	data.len = len;

	cmd.opcode = io.opcode;
	cmd.nsid = cpu_to_le32(ns->nsid);
	cmd.cdw10 = cpu_to_le32(lower_32_bits(io.slba));
	cmd.cdw11 = cpu_to_le32(upper_32_bits(io.slba));
	cmd.cdw12 = cpu_to_le32(io.nblocks | (u32)io.control << 16);
	cmd.cdw13 = cpu_to_le32(io.dsmgmt);
	cmd.cdw14 = cpu_to_le32(io.reftag);
	cmd.cdw15 = cpu_to_le32(io.apptag | (u32)io.appmask << 16);
	if (!gmx_ioctl_allowed(ns, &cmd, flags))
		return -EACCES;
	return gmx_passthru_user(ns->ctrl, ns, &cmd, &data, &result);
}

/* struct nvme_passthru_cmd and its 64-bit sister differ only behind timeout_ms, in the result. */
static long gmx_ioctl_cmd(struct gmx_ctrl *ctrl, struct gmx_ns *ns, const struct nvme_passthru_cmd *ucmd, bool vec,
			  unsigned int flags, u64 *result)
{
	struct gmx_user_data data = {
		.addr		= ucmd->addr,
		.len		= ucmd->data_len,
		.meta		= ucmd->metadata,
		.meta_len	= ucmd->metadata_len,
		.timeout_ms	= ucmd->timeout_ms,
		.vec		= vec,
	};
	struct gmx_sqe cmd = {
		.opcode	= ucmd->opcode,
		.nsid	= cpu_to_le32(ucmd->nsid),
		.cdw2	= cpu_to_le32(ucmd->cdw2),
		.cdw3	= cpu_to_le32(ucmd->cdw3),
		.cdw10	= cpu_to_le32(ucmd->cdw10),
		.cdw11	= cpu_to_le32(ucmd->cdw11),
		.cdw12	= cpu_to_le32(ucmd->cdw12),
		.cdw13	= cpu_to_le32(ucmd->cdw13),
		.cdw14	= cpu_to_le32(ucmd->cdw14),
		.cdw15	= cpu_to_le32(ucmd->cdw15),
	};

	if (ucmd->flags)
		return -EINVAL;
	if (!gmx_ioctl_nsid_ok(ctrl, ns, ucmd->nsid))
		return -EINVAL;
	if (!gmx_ioctl_allowed(ns, &cmd, flags))
		return -EACCES;
	return gmx_passthru_user(ctrl, ns, &cmd, &data, result);
}

static long gmx_ioctl_cmd32(struct gmx_ctrl *ctrl, struct gmx_ns *ns, struct nvme_passthru_cmd __user *arg,
			    unsigned int flags)
{
	struct nvme_passthru_cmd ucmd;
	u64 result = 0;
	long ret;

	if (copy_from_user(&ucmd, arg, sizeof(ucmd)))
		return -EFAULT;
	ret = gmx_ioctl_cmd(ctrl, ns, &ucmd, false, flags, &result);
	if (ret >= 0 && put_user(lower_32_bits(result), &arg->result))
		return -EFAULT;
	return ret;
}

static long gmx_ioctl_cmd64(struct gmx_ctrl *ctrl, struct gmx_ns *ns, struct nvme_passthru_cmd64 __user *arg,
			    bool vec, unsigned int flags)
{
	struct nvme_passthru_cmd64 ucmd;
	u64 result = 0;
	long ret;

	static_assert(offsetof(struct nvme_passthru_cmd64, timeout_ms) ==
		      offsetof(struct nvme_passthru_cmd, timeout_ms));
	static_assert(sizeof(ucmd) > sizeof(struct nvme_passthru_cmd));

	if (copy_from_user(&ucmd, arg, sizeof(ucmd)))
		return -EFAULT;
	ret = gmx_ioctl_cmd(ctrl, ns, (struct nvme_passthru_cmd *)&ucmd, vec, flags, &result);
	if (ret >= 0 && put_user(result, &arg->result))
		return -EFAULT;
	return ret;
}

long gmx_ioctl_ns(struct gmx_ns *ns, unsigned int cmd, void __user *arg, unsigned int flags)
{
	switch (cmd) {
	case NVME_IOCTL_ID:
		force_successful_syscall_return();
		return ns->nsid;
	case NVME_IOCTL_ADMIN_CMD:
		return gmx_ioctl_cmd32(ns->ctrl, NULL, arg, flags);
	case NVME_IOCTL_ADMIN64_CMD:
		return gmx_ioctl_cmd64(ns->ctrl, NULL, arg, false, flags);
	case NVME_IOCTL_IO_CMD:
		return gmx_ioctl_cmd32(ns->ctrl, ns, arg, flags);
	case NVME_IOCTL_IO64_CMD:
		return gmx_ioctl_cmd64(ns->ctrl, ns, arg, false, flags);
	case NVME_IOCTL_IO64_CMD_VEC:
		return gmx_ioctl_cmd64(ns->ctrl, ns, arg, true, flags);
	case NVME_IOCTL_SUBMIT_IO:
#ifdef CONFIG_COMPAT_FOR_U64_ALIGNMENT
	case GMX_IOCTL_SUBMIT_IO32:
#endif
		return gmx_ioctl_submit_io(ns, arg, flags);
	default:
		return -ENOTTY;
	}
}

/* An old habit of tools: I/O through the controller's node, where only one namespace can be meant. */
static long gmx_ioctl_only_ns(struct gmx_ctrl *ctrl, void __user *arg, unsigned int flags)
{
	struct gmx_ns *ns, *only = NULL;
	bool several = false, got;
	long ret;
	int idx;

	idx = srcu_read_lock(&ctrl->srcu);
	list_for_each_entry_srcu(ns, &ctrl->namespaces, list, srcu_read_lock_held(&ctrl->srcu)) {
		several = !!only;
		only = ns;
		if (several)
			break;
	}
	got = only && !several && gmx_ns_get(only);
	srcu_read_unlock(&ctrl->srcu, idx);

	if (!only)
		return -ENOTTY;
	if (several) {
		dev_warn_ratelimited(&ctrl->dev, "%s: I/O commands on the controller's node need exactly one namespace: use a namespace's node\n",
				     current->comm);
		return -EINVAL;
	}
	if (!got)
		return -ENXIO;
	dev_warn_once(&ctrl->dev, "%s: I/O commands on the controller's node are deprecated: use a namespace's node\n",
		      current->comm);
	ret = gmx_ioctl_cmd32(ctrl, only, arg, flags);
	gmx_ns_put(only);
	return ret;
}

static long gmx_ioctl_subsys_reset(struct gmx_ctrl *ctrl)
{
	if (!GMX_CAP_NSSRS(ctrl->cap))
		return -ENOTTY;
	if (gmx_ctrl_state(ctrl) != GMX_DELETING && !READ_ONCE(ctrl->gone))
		dev_warn(&ctrl->dev, "%s: resetting the NVM subsystem\n", current->comm);
	return gmx_recovery_subsystem_sync(ctrl, "subsystem reset");
}

long gmx_ioctl_ctrl(struct gmx_ctrl *ctrl, unsigned int cmd, void __user *arg, unsigned int flags)
{
	switch (cmd) {
	case NVME_IOCTL_ADMIN_CMD:
		return gmx_ioctl_cmd32(ctrl, NULL, arg, flags);
	case NVME_IOCTL_ADMIN64_CMD:
		return gmx_ioctl_cmd64(ctrl, NULL, arg, false, flags);
	case NVME_IOCTL_IO_CMD:
		return gmx_ioctl_only_ns(ctrl, arg, flags);
	case NVME_IOCTL_RESET:
		if (!capable(CAP_SYS_ADMIN))
			return -EACCES;
		dev_warn(&ctrl->dev, "%s: resetting the controller\n", current->comm);
		return gmx_recovery_reset_sync(ctrl, "ioctl");
	case NVME_IOCTL_SUBSYS_RESET:
		if (!capable(CAP_SYS_ADMIN))
			return -EACCES;
		return gmx_ioctl_subsys_reset(ctrl);
	case NVME_IOCTL_RESCAN:
		if (!capable(CAP_SYS_ADMIN))
			return -EACCES;
		gmx_ns_queue_scan(ctrl);
		return 0;
	default:
		return -ENOTTY;
	}
}
