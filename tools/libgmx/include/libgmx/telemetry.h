/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Telemetry (log pages 07h and 08h): captured as the controller gives it, decoded section by section. */
#ifndef LIBGMX_TELEMETRY_H
#define LIBGMX_TELEMETRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct libgmx_ctrl;

enum libgmx_telemetry_source {
	LIBGMX_TELEMETRY_HOST,	     /* captured now */
	LIBGMX_TELEMETRY_CONTROLLER, /* what the controller has captured by itself */
};

/*
 * Captures all data areas up to @areas (1 to 3). The result is freed by free(). A capture that was replaced while it was
 * read is read again, at most 5 times: -EAGAIN. -ENODATA: the controller has captured nothing by itself. What it has
 * captured by itself is the driver's copy where the driver has fetched it already.
 */
int libgmx_telemetry_capture(struct libgmx_ctrl *ctrl, enum libgmx_telemetry_source source, unsigned int areas, void **data,
			     size_t *len, int (*progress)(void *arg, uint64_t done, uint64_t total), void *arg);

struct libgmx_telemetry_section {
	uint16_t kind, area;
	const uint8_t *data; /* first entry, within what was decoded */
	uint32_t entry_bytes, count;
};

struct libgmx_telemetry {
	uint8_t lid, generation, family;
	bool controller_initiated;
	uint32_t area_bytes[3]; /* where each ends, with the 512 bytes of header */
	uint64_t captured_ms, uptime_ns;
	uint32_t missed;
	char serial[24], firmware[12], reason[132];
	unsigned int nr_sections;
	struct libgmx_telemetry_section section[16]; /* only those that lie within the data */
	unsigned int nr_cut;			     /* sections that do not, or contradict themselves */
	uint64_t rsvd[8];			     /* 0 */
};

/* -EBADMSG: no telemetry log page; -ENOTSUP: one, but not of a Gigamax controller (areas are known, sections are not). */
int libgmx_decode_telemetry(const void *data, size_t len, struct libgmx_telemetry *out);
const char *libgmx_telemetry_kind_name(unsigned int kind);

struct libgmx_telemetry_cmd {
	uint64_t time_ns;
	uint16_t cntlid, sqid, cid, status;
	uint8_t opcode;
	uint32_t nsid, cdw[6];
};

struct libgmx_telemetry_queue {
	uint16_t cntlid, qid, peer;
	bool completion, stalled;
	uint32_t size, head, tail, pending;
};

struct libgmx_telemetry_ctrl {
	uint16_t cntlid, nr_queues;
	uint8_t function, power_state;
	uint32_t life, cc, csts;
};

struct libgmx_telemetry_fault {
	uint64_t time_ms;
	uint32_t count;
	char text[116];
};

struct libgmx_telemetry_ns {
	uint32_t nsid, drive, block_bytes;
	uint64_t blocks, used_blocks, reads, writes;
};

/* Entry @i of a section of the kind that the name says; -ERANGE: there is none. */
int libgmx_telemetry_command(const struct libgmx_telemetry_section *s, unsigned int i, struct libgmx_telemetry_cmd *out);
int libgmx_telemetry_queue(const struct libgmx_telemetry_section *s, unsigned int i, struct libgmx_telemetry_queue *out);
int libgmx_telemetry_ctrl(const struct libgmx_telemetry_section *s, unsigned int i, struct libgmx_telemetry_ctrl *out);
int libgmx_telemetry_fault(const struct libgmx_telemetry_section *s, unsigned int i, struct libgmx_telemetry_fault *out);
int libgmx_telemetry_ns(const struct libgmx_telemetry_section *s, unsigned int i, struct libgmx_telemetry_ns *out);

#ifdef __cplusplus
}
#endif

#endif
