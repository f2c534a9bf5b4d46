// SPDX-License-Identifier: LGPL-2.1-or-later
/* NVMe admin commands through libnvme 1.x. Its other major versions have other names: they are used here and nowhere else. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <libnvme.h>

#include <libgmx/admin.h>

#include "ctrl.h"
#include "status.h"

/* One command moves at most this; the controllers' MDTS is not below it */
#define LOG_PART      4096u
#define FEATURE_BYTES 4096u

static int result_of(int rc)
{
	return rc < 0 ? (errno ? -errno : -EIO) : rc;
}

const char *libgmx_nvme_text(int status)
{
	return nvme_status_to_string(status, false);
}

int libgmx_identify(struct libgmx_ctrl *ctrl, unsigned int cns, uint32_t nsid, unsigned int cntid, void *data)
{
	struct nvme_identify_args args = {
		.args_size = sizeof(args),
		.fd = ctrl->fd,
		.data = data,
		.cns = (enum nvme_identify_cns)cns,
		.csi = NVME_CSI_NVM,
		.nsid = nsid,
		.cntid = (uint16_t)cntid,
		.cns_specific_id = NVME_CNSSPECID_NONE,
		.uuidx = NVME_UUID_NONE,
	};

	memset(data, 0, LIBGMX_IDENTIFY_BYTES);
	return result_of(nvme_identify(&args));
}

int libgmx_log(struct libgmx_ctrl *ctrl, unsigned int lid, uint32_t nsid, unsigned int lsp, bool retain, uint64_t offset,
	       void *data, size_t len)
{
	uint8_t *at = data;
	int rc = 0;

	if (len % 4 || offset % 4 || !len)
		return -EINVAL;
	memset(data, 0, len);
	/* Only the last part may end the event, or the page would change between two parts */
	for (size_t done = 0; done < len && !rc; done += LOG_PART) {
		uint32_t part = (uint32_t)(len - done < LOG_PART ? len - done : LOG_PART);
		struct nvme_get_log_args args = {
			.args_size = sizeof(args),
			.fd = ctrl->fd,
			.log = at + done,
			.lid = (enum nvme_cmd_get_log_lid)lid,
			.len = part,
			.nsid = nsid,
			.csi = NVME_CSI_NVM,
			.lsi = NVME_LOG_LSI_NONE,
			/* what the field asks for is done once */
			.lsp = (uint8_t)(done ? 0 : lsp),
			.uuidx = NVME_UUID_NONE,
			.lpo = offset + done,
			.rae = retain || done + part < len,
		};

		rc = result_of(nvme_get_log(&args));
	}
	return rc;
}

/* Whatever the feature: the controller has room to send a page of data, or it would go to bus address 0 */
int libgmx_feature_get(struct libgmx_ctrl *ctrl, unsigned int fid, uint32_t nsid, enum libgmx_select select, uint32_t cdw11,
		       void *data, size_t len, uint32_t *value)
{
	uint8_t page[FEATURE_BYTES] = { 0 };
	struct nvme_get_features_args args = {
		.args_size = sizeof(args),
		.fd = ctrl->fd,
		.result = value,
		.data = page,
		.data_len = sizeof(page),
		.nsid = nsid,
		.sel = (enum nvme_get_features_sel)select,
		.cdw11 = cdw11,
		.fid = (uint8_t)fid,
		.uuidx = NVME_UUID_NONE,
	};
	int rc;

	*value = 0;
	if (len > sizeof(page))
		return -EINVAL;
	rc = result_of(nvme_get_features(&args));
	if (len && !rc)
		memcpy(data, page, len);
	return rc;
}

/* LBA Range Type, Autonomous Power State Transition, Host Memory Buffer, Timestamp, Host Behavior Support */
static bool takes_data(unsigned int fid)
{
	return fid == 0x03 || fid == 0x0c || fid == 0x0d || fid == 0x0e || fid == 0x16;
}

int libgmx_feature_set(struct libgmx_ctrl *ctrl, unsigned int fid, uint32_t nsid, bool save, uint32_t value, void *data,
		       size_t len)
{
	uint32_t result = 0;
	struct nvme_set_features_args args = {
		.args_size = sizeof(args),
		.fd = ctrl->fd,
		.result = &result,
		.data = data,
		.data_len = (uint32_t)len,
		.nsid = nsid,
		.cdw11 = value,
		.save = save,
		.fid = (uint8_t)fid,
		.uuidx = NVME_UUID_NONE,
	};

	/* the controller would fetch what it takes from bus address 0 */
	if (len > FEATURE_BYTES || (!len && takes_data(fid)))
		return -EINVAL;
	return result_of(nvme_set_features(&args));
}

/* Not by nvme_ns_mgmt(): where its data is told differs between 1.3 and 1.13 */
int libgmx_ns_create(struct libgmx_ctrl *ctrl, const struct libgmx_ns_create *want, uint32_t *nsid)
{
	struct nvme_id_ns *ns = calloc(1, sizeof(*ns));
	struct libgmx_cmd cmd = { .opcode = nvme_admin_ns_mgmt, .data = ns, .len = sizeof(*ns) };
	int rc;

	if (!ns)
		return -ENOMEM;
	*nsid = 0;
	ns->nsze = htole64(want->blocks);
	ns->ncap = htole64(want->capacity_blocks);
	ns->flbas = (uint8_t)want->format;
	ns->dps = (uint8_t)want->protection;
	ns->nmic = want->shared;
	rc = libgmx_admin(ctrl, &cmd, nsid);
	free(ns);
	return rc;
}

int libgmx_ns_delete(struct libgmx_ctrl *ctrl, uint32_t nsid)
{
	uint32_t result = 0;
	struct nvme_ns_mgmt_args args = {
		.args_size = sizeof(args),
		.fd = ctrl->fd,
		.result = &result,
		.nsid = nsid,
		.sel = NVME_NS_MGMT_SEL_DELETE,
		.csi = NVME_CSI_NVM,
	};

	return result_of(nvme_ns_mgmt(&args));
}

int libgmx_ns_attach(struct libgmx_ctrl *ctrl, uint32_t nsid, const uint16_t *cntlids, unsigned int count, bool attach)
{
	struct nvme_ctrl_list *list = calloc(1, sizeof(*list));
	uint32_t result = 0;
	struct nvme_ns_attach_args args = {
		.args_size = sizeof(args),
		.fd = ctrl->fd,
		.result = &result,
		.ctrlist = list,
		.nsid = nsid,
		.sel = attach ? NVME_NS_ATTACH_SEL_CTRL_ATTACH : NVME_NS_ATTACH_SEL_CTRL_DEATTACH,
	};
	int rc;

	if (!list)
		return -ENOMEM;
	if (!count || count > sizeof(list->identifier) / sizeof(list->identifier[0])) {
		free(list);
		return -EINVAL;
	}
	list->num = htole16((uint16_t)count);
	for (unsigned int i = 0; i < count; i++)
		list->identifier[i] = htole16(cntlids[i]);
	rc = result_of(nvme_ns_attach(&args));
	free(list);
	return rc;
}

int libgmx_format(struct libgmx_ctrl *ctrl, uint32_t nsid, unsigned int format, unsigned int secure_erase,
		  unsigned int protection, bool protection_first, bool metadata_inline, unsigned int timeout_ms)
{
	uint32_t result = 0;
	struct nvme_format_nvm_args args = {
		.args_size = sizeof(args),
		.fd = ctrl->fd,
		.result = &result,
		.timeout = timeout_ms,
		.nsid = nsid,
		.mset = metadata_inline ? NVME_FORMAT_MSET_EXTENDED : NVME_FORMAT_MSET_SEPARATE,
		.pi = (enum nvme_cmd_format_pi)protection,
		.pil = protection_first ? NVME_FORMAT_PIL_FIRST : NVME_FORMAT_PIL_LAST,
		.ses = (enum nvme_cmd_format_ses)secure_erase,
		.lbaf = (uint8_t)format,
	};

	return result_of(nvme_format_nvm(&args));
}

int libgmx_sanitize(struct libgmx_ctrl *ctrl, enum libgmx_sanitize action, unsigned int passes, uint32_t pattern,
		    bool no_deallocate)
{
	static const enum nvme_sanitize_sanact actions[] = {
		[LIBGMX_SANITIZE_EXIT_FAILURE] = NVME_SANITIZE_SANACT_EXIT_FAILURE,
		[LIBGMX_SANITIZE_BLOCK] = NVME_SANITIZE_SANACT_START_BLOCK_ERASE,
		[LIBGMX_SANITIZE_OVERWRITE] = NVME_SANITIZE_SANACT_START_OVERWRITE,
		[LIBGMX_SANITIZE_CRYPTO] = NVME_SANITIZE_SANACT_START_CRYPTO_ERASE,
	};
	uint32_t result = 0;
	struct nvme_sanitize_nvm_args args = {
		.args_size = sizeof(args),
		.fd = ctrl->fd,
		.result = &result,
		.ovrpat = pattern,
		.owpass = (uint8_t)(passes & 15),
		.nodas = no_deallocate,
	};

	if ((unsigned int)action >= sizeof(actions) / sizeof(actions[0]) || passes > 16)
		return -EINVAL;
	args.sanact = actions[action];
	return result_of(nvme_sanitize_nvm(&args));
}

int libgmx_selftest(struct libgmx_ctrl *ctrl, uint32_t nsid, unsigned int code)
{
	uint32_t result = 0;
	struct nvme_dev_self_test_args args = {
		.args_size = sizeof(args),
		.fd = ctrl->fd,
		.result = &result,
		.nsid = nsid,
		.stc = (enum nvme_dst_stc)code,
	};

	return result_of(nvme_dev_self_test(&args));
}

int libgmx_fw_download(struct libgmx_ctrl *ctrl, uint32_t offset, void *data, uint32_t len)
{
	uint32_t result = 0;
	struct nvme_fw_download_args args = {
		.args_size = sizeof(args),
		.fd = ctrl->fd,
		.result = &result,
		.data = data,
		.offset = offset,
		.data_len = len,
	};

	return offset % 4 || len % 4 || !len ? -EINVAL : result_of(nvme_fw_download(&args));
}

int libgmx_fw_commit(struct libgmx_ctrl *ctrl, unsigned int slot, unsigned int action, unsigned int timeout_ms)
{
	uint32_t result = 0;
	struct nvme_fw_commit_args args = {
		.args_size = sizeof(args),
		.fd = ctrl->fd,
		.result = &result,
		.timeout = timeout_ms,
		.action = (enum nvme_fw_commit_ca)action,
		.slot = (uint8_t)slot,
	};

	return slot > 7 || action > 7 ? -EINVAL : result_of(nvme_fw_commit(&args));
}

int libgmx_admin(struct libgmx_ctrl *ctrl, const struct libgmx_cmd *cmd, uint32_t *result)
{
	uint32_t dw0 = 0;
	int rc = nvme_admin_passthru(ctrl->fd, cmd->opcode, 0, 0, cmd->nsid, cmd->cdw2, cmd->cdw3, cmd->cdw10, cmd->cdw11,
				     cmd->cdw12, cmd->cdw13, cmd->cdw14, cmd->cdw15, cmd->len, cmd->data, 0, NULL,
				     cmd->timeout_ms, &dw0);

	if (result)
		*result = dw0;
	return result_of(rc);
}
