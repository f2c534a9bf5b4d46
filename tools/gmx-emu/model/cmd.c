// SPDX-License-Identifier: GPL-2.0-or-later
/* Which commands there are, what they do to the rest, and who gets them. */
#include "cmb.h"
#include "emu.h"

#define SUPP	     GMX_EFFECTS_CSUPP
#define ALONE	     (1u << 16) /* CSE: not with other commands in the namespace */
#define ALONE_IN_ALL (2u << 16)

static bool has_dbbuf(struct emu_ctrl *c)
{
	/*
	 * A write to the buffer comes by the transport's messages, a shadow doorbell by memory: the doorbell would be
	 * seen before the entry that it announces.
	 */
	return c->s->traits->dbbuf && !emu_cmb_size(c);
}

static bool has_virt(struct emu_ctrl *c)
{
	return c->s->traits->sriov && !c->is_virtual;
}

static bool is_primary(struct emu_ctrl *c)
{
	return !c->is_virtual;
}

static const struct emu_opcode admin[] = {
	{ GMX_ADM_DELETE_SQ, "Delete I/O Submission Queue", emu_queue_cmd, SUPP, NULL, true, true },
	{ GMX_ADM_CREATE_SQ, "Create I/O Submission Queue", emu_queue_cmd, SUPP, NULL, true, true },
	{ GMX_ADM_GET_LOG, "Get Log Page", emu_log_cmd, SUPP, NULL, true, false },
	{ GMX_ADM_DELETE_CQ, "Delete I/O Completion Queue", emu_queue_cmd, SUPP, NULL, true, true },
	{ GMX_ADM_CREATE_CQ, "Create I/O Completion Queue", emu_queue_cmd, SUPP, NULL, true, true },
	{ GMX_ADM_IDENTIFY, "Identify", emu_identify_cmd, SUPP, NULL, true, false },
	{ GMX_ADM_ABORT, "Abort", emu_queue_abort, SUPP, NULL, true, true },
	{ GMX_ADM_SET_FEATURES, "Set Features", emu_feature_set_cmd, SUPP, NULL, true, false },
	{ GMX_ADM_GET_FEATURES, "Get Features", emu_feature_get_cmd, SUPP, NULL, true, false },
	{ GMX_ADM_ASYNC_EVENT, "Asynchronous Event Request", emu_aer_cmd, SUPP, NULL, true, true },
	{ GMX_ADM_NS_MGMT, "Namespace Management", emu_ns_mgmt_cmd, SUPP | GMX_EFFECTS_NIC, is_primary, false, false },
	{ GMX_ADM_FW_COMMIT, "Firmware Commit", emu_fw_commit_cmd, SUPP | GMX_EFFECTS_CCC, is_primary, false, true },
	{ GMX_ADM_FW_DOWNLOAD, "Firmware Image Download", emu_fw_download_cmd, SUPP, is_primary, false, true },
	{ GMX_ADM_SELF_TEST, "Device Self-test", emu_selftest_cmd, SUPP, NULL, false, false },
	{ GMX_ADM_NS_ATTACH, "Namespace Attachment", emu_ns_attach_cmd, SUPP | GMX_EFFECTS_NIC, is_primary, false, false },
	{ GMX_ADM_KEEP_ALIVE, "Keep Alive", emu_feature_keep_alive_cmd, SUPP, NULL, true, true },
	{ GMX_ADM_VIRT_MGMT, "Virtualization Management", emu_virt_mgmt_cmd, SUPP, has_virt, false, true },
	{ GMX_ADM_MI_SEND, "NVMe-MI Send", emu_mi_send_cmd, SUPP, NULL, true, true },
	{ GMX_ADM_MI_RECV, "NVMe-MI Receive", emu_mi_recv_cmd, SUPP, NULL, true, true },
	{ GMX_ADM_DBBUF, "Doorbell Buffer Config", emu_dbbuf_cmd, SUPP, has_dbbuf, false, true },
	{ GMX_ADM_FORMAT, "Format NVM", emu_format_cmd, SUPP | GMX_EFFECTS_LBCC | GMX_EFFECTS_NCC | ALONE, is_primary, false,
	  false },
	{ GMX_ADM_SECURITY_SEND, "Security Send", emu_security_send_cmd, SUPP, NULL, false, false },
	{ GMX_ADM_SECURITY_RECV, "Security Receive", emu_security_recv_cmd, SUPP, NULL, false, false },
	{ GMX_ADM_SANITIZE, "Sanitize", emu_sanitize_cmd, SUPP | GMX_EFFECTS_LBCC | ALONE_IN_ALL, is_primary, true, true },
};

static const struct emu_opcode nvm[] = {
	{ GMX_NVM_FLUSH, "Flush", emu_io_flush, SUPP, NULL, true, false },
	{ GMX_NVM_WRITE, "Write", emu_io_write, SUPP | GMX_EFFECTS_LBCC, NULL, false, false },
	{ GMX_NVM_READ, "Read", emu_io_read, SUPP, NULL, false, false },
	{ GMX_NVM_WRITE_UNCOR, "Write Uncorrectable", emu_io_write_uncor, SUPP | GMX_EFFECTS_LBCC, NULL, false, false },
	{ GMX_NVM_COMPARE, "Compare", emu_io_compare, SUPP, NULL, false, false },
	{ GMX_NVM_WRITE_ZEROES, "Write Zeroes", emu_io_write_zeroes, SUPP | GMX_EFFECTS_LBCC, NULL, false, false },
	{ GMX_NVM_DSM, "Dataset Management", emu_io_dsm, SUPP | GMX_EFFECTS_LBCC, NULL, false, false },
	{ GMX_NVM_VERIFY, "Verify", emu_io_verify, SUPP, NULL, false, false },
};

const struct emu_opcode *emu_cmd_table(bool is_admin, unsigned int *nr)
{
	*nr = is_admin ? ARRAY_SIZE(admin) : ARRAY_SIZE(nvm);
	return is_admin ? admin : nvm;
}

const struct emu_opcode *emu_cmd_find(struct emu_ctrl *c, bool is_admin, uint8_t opcode)
{
	unsigned int nr;
	const struct emu_opcode *table = emu_cmd_table(is_admin, &nr);

	for (unsigned int i = 0; i < nr; i++)
		if (table[i].opcode == opcode)
			return table[i].there && !table[i].there(c) ? NULL : &table[i];
	return NULL;
}

/* What holds for every command (NVMe 1.4, 4.2), then its handler. */
static uint16_t cmd_dispatch(struct emu_cmd *cmd)
{
	struct emu_subsys *s = cmd->ctrl->s;
	bool is_admin = !cmd->sq->qid;
	const struct emu_opcode *o = emu_cmd_find(cmd->ctrl, is_admin, cmd->sqe.opcode);
	uint8_t psdt = cmd->sqe.flags & GMX_SQE_PSDT_MASK;

	if (!o)
		return GMX_SC_INVALID_OPCODE | GMX_STS_DNR;
	/* FUSES is 0; admin commands use PRPs on PCIe (4.4) */
	if (cmd->sqe.flags & GMX_SQE_FUSE_MASK)
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	if (psdt && (is_admin || !s->traits->sgl || psdt == GMX_SQE_PSDT_MASK))
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	if (o->no_nsid && cmd->sqe.nsid)
		return GMX_SC_INVALID_FIELD | GMX_STS_DNR;
	if (!o->in_sanitize && emu_sanitize_refuses(s))
		return emu_sanitize_refuses(s);
	return o->fn(cmd);
}

uint16_t emu_cmd_execute(struct emu_cmd *cmd)
{
	struct emu_ctrl *c = cmd->ctrl;
	uint16_t status;

	if (cmd->sq->qid)
		emu_power_io(c);
	status = emu_fault_cmd(cmd, &cmd->delay);
	return status ? status : cmd_dispatch(cmd);
}
