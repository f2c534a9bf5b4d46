/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Device core dumps of the driver (docs/abi/devcoredump.md), decoded. Nothing is read behind the end; a section that is not
 * within the data is left out and counted.
 */
#ifndef LIBGMX_DUMP_H
#define LIBGMX_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum libgmx_dump_kind {
	LIBGMX_DUMP_REGISTERS = 1,
	LIBGMX_DUMP_PCI_CONFIG,
	LIBGMX_DUMP_QUEUES,
	LIBGMX_DUMP_COMMANDS,
	LIBGMX_DUMP_EVENTS,
	LIBGMX_DUMP_TELEMETRY, /* what libgmx_decode_telemetry() takes */
};

struct libgmx_dump_section {
	uint32_t kind, entry_bytes, count;
	const uint8_t *data; /* within what was decoded */
	size_t bytes;
};

struct libgmx_dump {
	uint32_t version, reason;
	uint64_t time_ns;
	char reason_text[36], driver_version[20], pci_address[20], serial[28], model[52], firmware[20];
	unsigned int nr_sections, nr_cut;
	struct libgmx_dump_section section[16];
	uint64_t rsvd[8]; /* 0 */
};

struct libgmx_dump_queue {
	uint16_t sqid, cqid, vector, depth, tail, rung, cq_head, in_flight; /* vector ffffh: polled */
	bool created, enabled, phase;
};

struct libgmx_dump_command {
	uint16_t sqid, index, cid, status;
	uint8_t state; /* 0 not used, 1 done, 2 in flight, 3 done and its completion lost */
	uint8_t opcode;
	uint32_t nsid, cdw[6];
};

/* -EBADMSG: no dump, or one of another version */
int libgmx_decode_dump(const void *data, size_t len, struct libgmx_dump *out);
/* Entry @i of a section of the kind that the name says; -ERANGE: there is none. */
int libgmx_dump_register(const struct libgmx_dump_section *s, unsigned int i, uint32_t *out);
int libgmx_dump_queue(const struct libgmx_dump_section *s, unsigned int i, struct libgmx_dump_queue *out);
int libgmx_dump_command(const struct libgmx_dump_section *s, unsigned int i, struct libgmx_dump_command *out);

#ifdef __cplusplus
}
#endif

#endif
