// SPDX-License-Identifier: LGPL-2.1-or-later
/* Device core dumps of the driver. */
#include <errno.h>

#include <linux/gmx.h>
#include <linux/gmx_dump.h>

#include <libgmx/dump.h>

#include "wire.h"

/* What an entry of a kind has since version 1; those that are not known have any */
static size_t least_entry(unsigned int kind)
{
	switch (kind) {
	case GMX_DUMP_REGISTERS:
	case GMX_DUMP_PCI_CONFIG: return 4;
	case GMX_DUMP_QUEUES: return sizeof(struct gmx_dump_queue);
	case GMX_DUMP_COMMANDS: return sizeof(struct gmx_dump_command);
	case GMX_DUMP_EVENTS: return sizeof(struct gmx_ioc_event);
	default: return 1;
	}
}

int libgmx_decode_dump(const void *data, size_t len, struct libgmx_dump *out)
{
	struct wire w = wire_of(data, len), s;
	uint64_t total = 0;
	uint32_t nr;

	memset(out, 0, sizeof(*out));
	if (w.len < sizeof(struct gmx_dump_header) || memcmp(w.data, GMX_DUMP_MAGIC, 8))
		return -EBADMSG;
	out->version = GET32(&w, gmx_dump_header, version);
	if (out->version != GMX_DUMP_VERSION)
		return -EBADMSG;
	out->reason = GET32(&w, gmx_dump_header, reason);
	out->time_ns = GET(&w, gmx_dump_header, time_ns);
	TEXT(&w, gmx_dump_header, reason_text, out->reason_text);
	TEXT(&w, gmx_dump_header, driver_version, out->driver_version);
	TEXT(&w, gmx_dump_header, pci_address, out->pci_address);
	TEXT(&w, gmx_dump_header, serial, out->serial);
	TEXT(&w, gmx_dump_header, model, out->model);
	TEXT(&w, gmx_dump_header, firmware, out->firmware);
	nr = GET32(&w, gmx_dump_header, nr_sections);
	for (unsigned int i = 0; i < nr && i < GMX_DUMP_SECTIONS; i++) {
		struct libgmx_dump_section *o = &out->section[out->nr_sections];
		uint64_t offset, bytes;

		s = wire_sub(&w, offsetof(struct gmx_dump_header, section) + i * sizeof(struct gmx_dump_section),
			     sizeof(struct gmx_dump_section));
		o->kind = GET32(&s, gmx_dump_section, kind);
		if (!o->kind)
			continue;
		o->entry_bytes = GET32(&s, gmx_dump_section, entry_bytes);
		offset = GET(&s, gmx_dump_section, offset);
		bytes = GET(&s, gmx_dump_section, bytes);
		/* sections on top of each other would have more entries than there is data */
		if (o->entry_bytes < least_entry(o->kind) || offset > w.len || bytes > w.len - offset || total + bytes > w.len ||
		    bytes / o->entry_bytes > UINT32_MAX) {
			out->nr_cut++;
			continue;
		}
		total += bytes;
		o->data = w.data + offset;
		o->bytes = (size_t)bytes;
		o->count = (uint32_t)(bytes / o->entry_bytes);
		out->nr_sections++;
	}
	return 0;
}

static int entry_of(const struct libgmx_dump_section *s, unsigned int kind, unsigned int i, struct wire *w)
{
	if (s->kind != kind || i >= s->count)
		return -ERANGE;
	*w = wire_of(s->data + (size_t)i * s->entry_bytes, s->entry_bytes);
	return 0;
}

int libgmx_dump_register(const struct libgmx_dump_section *s, unsigned int i, uint32_t *out)
{
	struct wire w;
	int rc = entry_of(s, GMX_DUMP_REGISTERS, i, &w);

	*out = rc ? 0 : (uint32_t)wire_get(&w, 0, 4);
	return rc;
}

int libgmx_dump_queue(const struct libgmx_dump_section *s, unsigned int i, struct libgmx_dump_queue *out)
{
	struct wire w;
	int rc = entry_of(s, GMX_DUMP_QUEUES, i, &w);
	uint16_t flags;

	memset(out, 0, sizeof(*out));
	if (rc)
		return rc;
	flags = GET16(&w, gmx_dump_queue, flags);
	out->created = flags & GMX_DUMP_QUEUE_CREATED;
	out->enabled = flags & GMX_DUMP_QUEUE_ENABLED;
	out->sqid = GET16(&w, gmx_dump_queue, sqid);
	out->cqid = GET16(&w, gmx_dump_queue, cqid);
	out->vector = GET16(&w, gmx_dump_queue, vector);
	out->depth = GET16(&w, gmx_dump_queue, sq_depth);
	out->tail = GET16(&w, gmx_dump_queue, sq_tail);
	out->rung = GET16(&w, gmx_dump_queue, sq_rung);
	out->cq_head = GET16(&w, gmx_dump_queue, cq_head);
	out->phase = GET16(&w, gmx_dump_queue, cq_phase);
	out->in_flight = GET16(&w, gmx_dump_queue, in_flight);
	return 0;
}

int libgmx_dump_command(const struct libgmx_dump_section *s, unsigned int i, struct libgmx_dump_command *out)
{
	struct wire w;
	int rc = entry_of(s, GMX_DUMP_COMMANDS, i, &w);
	size_t sqe = offsetof(struct gmx_dump_command, sqe);

	memset(out, 0, sizeof(*out));
	if (rc)
		return rc;
	out->sqid = GET16(&w, gmx_dump_command, sqid);
	out->index = GET16(&w, gmx_dump_command, index);
	out->state = GET8(&w, gmx_dump_command, state);
	out->opcode = (uint8_t)wire_get(&w, sqe, 1);
	out->cid = (uint16_t)wire_get(&w, sqe + 2, 2);
	out->nsid = (uint32_t)wire_get(&w, sqe + 4, 4);
	for (unsigned int n = 0; n < 6; n++)
		out->cdw[n] = (uint32_t)wire_get(&w, sqe + 40 + 4 * n, 4);
	/* without the phase bit */
	out->status = (uint16_t)(wire_get(&w, offsetof(struct gmx_dump_command, cqe) + 14, 2) >> 1);
	return 0;
}
