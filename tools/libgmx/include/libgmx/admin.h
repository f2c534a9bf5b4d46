/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * NVMe admin commands. Data is little endian as the controller sends it; log.h and vendor.h decode it. All functions
 * return as error.h says.
 */
#ifndef LIBGMX_ADMIN_H
#define LIBGMX_ADMIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct libgmx_ctrl;

#define LIBGMX_IDENTIFY_BYTES 4096
#define LIBGMX_ALL_NAMESPACES 0xffffffffu
#define LIBGMX_MAX_NAMESPACES 1024

/* Identify with any CNS; @data has LIBGMX_IDENTIFY_BYTES. */
int libgmx_identify(struct libgmx_ctrl *ctrl, unsigned int cns, uint32_t nsid, unsigned int cntid, void *data);

/*
 * Get Log Page. @len is a multiple of 4; what is longer than a command can move is read in parts. @lsp is the log
 * specific field; @retain leaves the asynchronous event of the page masked, so that the driver still reads the page.
 */
int libgmx_log(struct libgmx_ctrl *ctrl, unsigned int lid, uint32_t nsid, unsigned int lsp, bool retain, uint64_t offset,
	       void *data, size_t len);

enum libgmx_select { LIBGMX_CURRENT, LIBGMX_DEFAULT, LIBGMX_SAVED, LIBGMX_CAPABILITIES };

/*
 * Get and Set Features. @data may be NULL where a feature has none, or its data is not wanted; @len is at most 4096. -EINVAL:
 * the feature takes data (03h, 0Ch, 0Dh, 0Eh, 16h), and there is none.
 */
int libgmx_feature_get(struct libgmx_ctrl *ctrl, unsigned int fid, uint32_t nsid, enum libgmx_select select, uint32_t cdw11,
		       void *data, size_t len, uint32_t *value);
int libgmx_feature_set(struct libgmx_ctrl *ctrl, unsigned int fid, uint32_t nsid, bool save, uint32_t value, void *data,
		       size_t len);

struct libgmx_ns_create {
	uint64_t blocks;	  /* size */
	uint64_t capacity_blocks; /* at most the size */
	unsigned int format;	  /* LBA format */
	unsigned int protection;  /* DPS */
	bool shared;		  /* several controllers may attach it */
};

int libgmx_ns_create(struct libgmx_ctrl *ctrl, const struct libgmx_ns_create *want, uint32_t *nsid);
int libgmx_ns_delete(struct libgmx_ctrl *ctrl, uint32_t nsid);
int libgmx_ns_attach(struct libgmx_ctrl *ctrl, uint32_t nsid, const uint16_t *cntlids, unsigned int count, bool attach);

/* Format NVM; @nsid LIBGMX_ALL_NAMESPACES: all. It destroys data. Waits for the end. */
int libgmx_format(struct libgmx_ctrl *ctrl, uint32_t nsid, unsigned int format, unsigned int secure_erase,
		  unsigned int protection, bool protection_first, bool metadata_inline, unsigned int timeout_ms);

enum libgmx_sanitize {
	LIBGMX_SANITIZE_EXIT_FAILURE = 1,
	LIBGMX_SANITIZE_BLOCK,
	LIBGMX_SANITIZE_OVERWRITE,
	LIBGMX_SANITIZE_CRYPTO,
};

/* Begins to sanitize all namespaces, and does not wait: log page 81h has the progress. It destroys data. */
int libgmx_sanitize(struct libgmx_ctrl *ctrl, enum libgmx_sanitize action, unsigned int passes, uint32_t pattern,
		    bool no_deallocate);

/* Device Self-test: 1 short, 2 extended, 15 abort. Log page 06h has the progress. */
int libgmx_selftest(struct libgmx_ctrl *ctrl, uint32_t nsid, unsigned int code);

/* One part of an image, and Firmware Commit; see libgmx_fw_update() for all of it. */
int libgmx_fw_download(struct libgmx_ctrl *ctrl, uint32_t offset, void *data, uint32_t len);
int libgmx_fw_commit(struct libgmx_ctrl *ctrl, unsigned int slot, unsigned int action, unsigned int timeout_ms);

/*
 * NVMe-MI Send (@send) or Receive: opcode and management dwords; dword 0 of the completion says the MI status. @len is at
 * most 4096 and a multiple of 4.
 */
int libgmx_mi(struct libgmx_ctrl *ctrl, bool send, unsigned int opcode, uint32_t dword0, uint32_t dword1, void *data, size_t len,
	      uint32_t *answer);

struct libgmx_cmd {
	uint8_t opcode;
	uint32_t nsid;
	uint32_t cdw2, cdw3;
	uint32_t cdw10, cdw11, cdw12, cdw13, cdw14, cdw15;
	void *data; /* direction by the opcode's bits 1:0 */
	uint32_t len;
	unsigned int timeout_ms; /* 0: the driver's */
};

/* Any admin command; @result gets dword 0 of the completion. */
int libgmx_admin(struct libgmx_ctrl *ctrl, const struct libgmx_cmd *cmd, uint32_t *result);

#ifdef __cplusplus
}
#endif

#endif
