// SPDX-License-Identifier: GPL-2.0-only
/* Status codes and opcodes as words, and as what the block layer and the log make of them. */
#include "gmx.h"

#include <linux/ratelimit.h>

static const char * const gmx_nvm_names[] = {
	[GMX_NVM_FLUSH]			= "Flush",
	[GMX_NVM_WRITE]			= "Write",
	[GMX_NVM_READ]			= "Read",
	[GMX_NVM_WRITE_UNCOR]		= "Write Uncorrectable",
	[GMX_NVM_COMPARE]		= "Compare",
	[GMX_NVM_WRITE_ZEROES]		= "Write Zeroes",
	[GMX_NVM_DSM]			= "Dataset Management",
	[GMX_NVM_VERIFY]		= "Verify",
	[GMX_NVM_RESV_REGISTER]		= "Reservation Register",
	[GMX_NVM_RESV_REPORT]		= "Reservation Report",
	[GMX_NVM_RESV_ACQUIRE]		= "Reservation Acquire",
	[GMX_NVM_RESV_RELEASE]		= "Reservation Release",
};

static const char * const gmx_admin_names[] = {
	[GMX_ADM_DELETE_SQ]		= "Delete I/O Submission Queue",
	[GMX_ADM_CREATE_SQ]		= "Create I/O Submission Queue",
	[GMX_ADM_GET_LOG]		= "Get Log Page",
	[GMX_ADM_DELETE_CQ]		= "Delete I/O Completion Queue",
	[GMX_ADM_CREATE_CQ]		= "Create I/O Completion Queue",
	[GMX_ADM_IDENTIFY]		= "Identify",
	[GMX_ADM_ABORT]			= "Abort",
	[GMX_ADM_SET_FEATURES]		= "Set Features",
	[GMX_ADM_GET_FEATURES]		= "Get Features",
	[GMX_ADM_ASYNC_EVENT]		= "Asynchronous Event Request",
	[GMX_ADM_NS_MGMT]		= "Namespace Management",
	[GMX_ADM_FW_COMMIT]		= "Firmware Commit",
	[GMX_ADM_FW_DOWNLOAD]		= "Firmware Image Download",
	[GMX_ADM_SELF_TEST]		= "Device Self-test",
	[GMX_ADM_NS_ATTACH]		= "Namespace Attachment",
	[GMX_ADM_KEEP_ALIVE]		= "Keep Alive",
	[GMX_ADM_DIRECTIVE_SEND]	= "Directive Send",
	[GMX_ADM_DIRECTIVE_RECV]	= "Directive Receive",
	[GMX_ADM_VIRT_MGMT]		= "Virtualization Management",
	[GMX_ADM_MI_SEND]		= "NVMe-MI Send",
	[GMX_ADM_MI_RECV]		= "NVMe-MI Receive",
	[GMX_ADM_DBBUF]			= "Doorbell Buffer Config",
	[GMX_ADM_FORMAT]		= "Format NVM",
	[GMX_ADM_SECURITY_SEND]		= "Security Send",
	[GMX_ADM_SECURITY_RECV]		= "Security Receive",
	[GMX_ADM_SANITIZE]		= "Sanitize",
};

static const char * const gmx_status_names[] = {
	[GMX_SC_SUCCESS]		= "Successful Completion",
	[GMX_SC_INVALID_OPCODE]		= "Invalid Command Opcode",
	[GMX_SC_INVALID_FIELD]		= "Invalid Field in Command",
	[GMX_SC_CID_CONFLICT]		= "Command ID Conflict",
	[GMX_SC_DATA_XFER]		= "Data Transfer Error",
	[GMX_SC_POWER_LOSS]		= "Aborted due to Power Loss Notification",
	[GMX_SC_INTERNAL]		= "Internal Error",
	[GMX_SC_ABORT_REQ]		= "Abort Requested",
	[GMX_SC_ABORT_SQ_DELETED]	= "Aborted due to Queue Deletion",
	[GMX_SC_ABORT_FUSED_FAIL]	= "Aborted due to Failed Fused Command",
	[GMX_SC_ABORT_FUSED_MISSING]	= "Aborted due to Missing Fused Command",
	[GMX_SC_INVALID_NS]		= "Invalid Namespace or Format",
	[GMX_SC_CMD_SEQ]		= "Command Sequence Error",
	[GMX_SC_SGL_INVALID_SEG]	= "Invalid SGL Segment Descriptor",
	[GMX_SC_SGL_COUNT]		= "Invalid Number of SGL Descriptors",
	[GMX_SC_SGL_DATA_LEN]		= "Data SGL Length Invalid",
	[GMX_SC_SGL_META_LEN]		= "Metadata SGL Length Invalid",
	[GMX_SC_SGL_TYPE]		= "SGL Descriptor Type Invalid",
	[GMX_SC_CMB_USE]		= "Invalid Use of Controller Memory Buffer",
	[GMX_SC_PRP_OFFSET]		= "PRP Offset Invalid",
	[GMX_SC_ATOMIC_WRITE]		= "Atomic Write Unit Exceeded",
	[GMX_SC_OP_DENIED]		= "Operation Denied",
	[GMX_SC_SGL_OFFSET]		= "SGL Offset Invalid",
	[GMX_SC_HOSTID_FORMAT]		= "Host Identifier Inconsistent Format",
	[GMX_SC_KA_EXPIRED]		= "Keep Alive Timer Expired",
	[GMX_SC_KA_INVALID]		= "Keep Alive Timeout Invalid",
	[GMX_SC_ABORT_PREEMPT]		= "Aborted due to Preempt and Abort",
	[GMX_SC_SANITIZE_FAILED]	= "Sanitize Failed",
	[GMX_SC_SANITIZE_BUSY]		= "Sanitize In Progress",
	[GMX_SC_SGL_GRANULARITY]	= "SGL Data Block Granularity Invalid",
	[GMX_SC_CMB_QUEUE]		= "Command Not Supported for Queue in CMB",
	[GMX_SC_NS_WRITE_PROTECTED]	= "Namespace is Write Protected",
	[GMX_SC_CMD_INTERRUPTED]	= "Command Interrupted",
	[GMX_SC_TRANSIENT]		= "Transient Transport Error",
	[GMX_SC_LBA_RANGE]		= "LBA Out of Range",
	[GMX_SC_CAP_EXCEEDED]		= "Capacity Exceeded",
	[GMX_SC_NS_NOT_READY]		= "Namespace Not Ready",
	[GMX_SC_RESV_CONFLICT]		= "Reservation Conflict",
	[GMX_SC_FORMAT_IN_PROGRESS]	= "Format In Progress",
	[GMX_SC_CQ_INVALID]		= "Completion Queue Invalid",
	[GMX_SC_QID_INVALID]		= "Invalid Queue Identifier",
	[GMX_SC_QUEUE_SIZE]		= "Invalid Queue Size",
	[GMX_SC_ABORT_LIMIT]		= "Abort Command Limit Exceeded",
	[GMX_SC_AER_LIMIT]		= "Asynchronous Event Request Limit Exceeded",
	[GMX_SC_FW_SLOT]		= "Invalid Firmware Slot",
	[GMX_SC_FW_IMAGE]		= "Invalid Firmware Image",
	[GMX_SC_INT_VECTOR]		= "Invalid Interrupt Vector",
	[GMX_SC_LOG_PAGE]		= "Invalid Log Page",
	[GMX_SC_FORMAT_INVALID]		= "Invalid Format",
	[GMX_SC_FW_NEEDS_CONV_RESET]	= "Firmware Activation Requires Conventional Reset",
	[GMX_SC_QUEUE_DELETE]		= "Invalid Queue Deletion",
	[GMX_SC_FEATURE_NOT_SAVEABLE]	= "Feature Identifier Not Saveable",
	[GMX_SC_FEATURE_NOT_CHANGEABLE]	= "Feature Not Changeable",
	[GMX_SC_FEATURE_NOT_PER_NS]	= "Feature Not Namespace Specific",
	[GMX_SC_FW_NEEDS_SUBSYS_RESET]	= "Firmware Activation Requires NVM Subsystem Reset",
	[GMX_SC_FW_NEEDS_RESET]		= "Firmware Activation Requires Controller Level Reset",
	[GMX_SC_FW_NEEDS_MAX_TIME]	= "Firmware Activation Requires Maximum Time Violation",
	[GMX_SC_FW_PROHIBITED]		= "Firmware Activation Prohibited",
	[GMX_SC_OVERLAPPING_RANGE]	= "Overlapping Range",
	[GMX_SC_NS_NO_CAPACITY]		= "Namespace Insufficient Capacity",
	[GMX_SC_NS_ID_UNAVAILABLE]	= "Namespace Identifier Unavailable",
	[GMX_SC_NS_ATTACHED]		= "Namespace Already Attached",
	[GMX_SC_NS_PRIVATE]		= "Namespace Is Private",
	[GMX_SC_NS_NOT_ATTACHED]	= "Namespace Not Attached",
	[GMX_SC_THIN_UNSUPPORTED]	= "Thin Provisioning Not Supported",
	[GMX_SC_CTRL_LIST]		= "Controller List Invalid",
	[GMX_SC_SELF_TEST_BUSY]		= "Device Self-test In Progress",
	[GMX_SC_BP_WRITE_PROHIBITED]	= "Boot Partition Write Prohibited",
	[GMX_SC_CTRL_ID]		= "Invalid Controller Identifier",
	[GMX_SC_SECONDARY_STATE]	= "Invalid Secondary Controller State",
	[GMX_SC_CTRL_RESOURCES]		= "Invalid Number of Controller Resources",
	[GMX_SC_RESOURCE_ID]		= "Invalid Resource Identifier",
	[GMX_SC_CONFLICTING_ATTRS]	= "Conflicting Attributes",
	[GMX_SC_INVALID_PI]		= "Invalid Protection Information",
	[GMX_SC_READ_ONLY]		= "Attempted Write to Read Only Range",
	[GMX_SC_WRITE_FAULT]		= "Write Fault",
	[GMX_SC_READ_ERROR]		= "Unrecovered Read Error",
	[GMX_SC_GUARD_CHECK]		= "End-to-end Guard Check Error",
	[GMX_SC_APPTAG_CHECK]		= "End-to-end Application Tag Check Error",
	[GMX_SC_REFTAG_CHECK]		= "End-to-end Reference Tag Check Error",
	[GMX_SC_COMPARE_FAILED]		= "Compare Failure",
	[GMX_SC_ACCESS_DENIED]		= "Access Denied",
	[GMX_SC_UNWRITTEN_BLOCK]	= "Deallocated or Unwritten Logical Block",
	[GMX_SC_HOST_PATH_ERROR]	= "Host Pathing Error",
	[GMX_SC_HOST_ABORTED]		= "Command Aborted By Host",
};

static const char *gmx_log_name(const char * const *names, size_t nr, unsigned int code, const char *otherwise)
{
	return code < nr && names[code] ? names[code] : otherwise;
}

const char *gmx_status_text(u16 status)
{
	unsigned int code = GMX_STS_CODE(status);

	return gmx_log_name(gmx_status_names, ARRAY_SIZE(gmx_status_names), code,
			    code >= 0x700 ? "Vendor Specific" : "Unknown");
}

const char *gmx_opcode_text(bool admin, u8 opcode)
{
	if (admin)
		return gmx_log_name(gmx_admin_names, ARRAY_SIZE(gmx_admin_names), opcode,
				    opcode >= GMX_ADM_VENDOR_FIRST ? "Vendor Specific" : "Unknown");
	return gmx_log_name(gmx_nvm_names, ARRAY_SIZE(gmx_nvm_names), opcode,
			    opcode >= GMX_NVM_VENDOR_FIRST ? "Vendor Specific" : "Unknown");
}

blk_status_t gmx_status_to_blk(u16 status)
{
	switch (GMX_STS_CODE(status)) {
	case GMX_SC_SUCCESS:
		return BLK_STS_OK;
	case GMX_SC_CAP_EXCEEDED:
		return BLK_STS_NOSPC;
	case GMX_SC_LBA_RANGE:
	case GMX_SC_CMD_INTERRUPTED:
	case GMX_SC_NS_NOT_READY:
		return BLK_STS_TARGET;
	case GMX_SC_CONFLICTING_ATTRS:
	case GMX_SC_INVALID_OPCODE:
	case GMX_SC_INVALID_FIELD:
	case GMX_SC_INVALID_NS:
		return BLK_STS_NOTSUPP;
	case GMX_SC_WRITE_FAULT:
	case GMX_SC_READ_ERROR:
	case GMX_SC_UNWRITTEN_BLOCK:
	case GMX_SC_ACCESS_DENIED:
	case GMX_SC_READ_ONLY:
	case GMX_SC_COMPARE_FAILED:
		return BLK_STS_MEDIUM;
	case GMX_SC_GUARD_CHECK:
	case GMX_SC_APPTAG_CHECK:
	case GMX_SC_REFTAG_CHECK:
	case GMX_SC_INVALID_PI:
		return BLK_STS_PROTECTION;
	case GMX_SC_RESV_CONFLICT:
		return BLK_STS_RESV_CONFLICT;
	case GMX_SC_HOST_PATH_ERROR:
		return BLK_STS_TRANSPORT;
	default:
		return BLK_STS_IOERR;
	}
}

u8 gmx_rq_opcode(struct request *rq)
{
	switch (req_op(rq)) {
	case REQ_OP_READ:
		return GMX_NVM_READ;
	case REQ_OP_WRITE:
		return GMX_NVM_WRITE;
	case REQ_OP_FLUSH:
		return GMX_NVM_FLUSH;
	case REQ_OP_DISCARD:
		return GMX_NVM_DSM;
	case REQ_OP_WRITE_ZEROES:
		return GMX_NVM_WRITE_ZEROES;
	default:
		return gmx_req(rq)->sqe.opcode;
	}
}

static bool gmx_log_has_range(struct request *rq)
{
	switch (req_op(rq)) {
	case REQ_OP_READ:
	case REQ_OP_WRITE:
	case REQ_OP_DISCARD:
	case REQ_OP_WRITE_ZEROES:
		return true;
	default:
		return false;
	}
}

/* One line says what failed, where and why; a broken device must not fill the log with them. */
void gmx_log_error(struct request *rq)
{
	struct gmx_ctrl *ctrl = ((struct gmx_hwq *)rq->mq_hctx->driver_data)->ctrl;
	static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);
	struct gmx_req *req = gmx_req(rq);
	struct gmx_ns *ns = rq->q->queuedata;
	u8 opcode = gmx_rq_opcode(rq);
	u16 status = req->status;
	char where[64] = "";

	if (!__ratelimit(&limit))
		return;
	if (ns && gmx_log_has_range(rq))
		scnprintf(where, sizeof(where), " at LBA %llu, %u blocks", gmx_ns_lba(ns, blk_rq_pos(rq)),
			  blk_rq_bytes(rq) >> ns->lba_shift);
	dev_err(&ctrl->pdev->dev, "%s: %s (%#x)%s failed: %s (sct %#x / sc %#x)%s%s, %u retries\n",
		ns ? ns->disk->disk_name : dev_name(&ctrl->dev), gmx_opcode_text(!ns, opcode), opcode, where,
		gmx_status_text(status), GMX_STS_CODE(status) >> 8, GMX_STS_CODE(status) & 0xff,
		status & GMX_STS_MORE ? " MORE" : "", status & GMX_STS_DNR ? " DNR" : "", req->retries);
}
