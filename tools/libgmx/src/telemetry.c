// SPDX-License-Identifier: LGPL-2.1-or-later
/* Telemetry: log pages 07h and 08h. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <libgmx/admin.h>
#include <libgmx/driver.h>
#include <libgmx/log.h>
#include <libgmx/telemetry.h>

#include "wire.h"

#define BLOCK GMX_TELEMETRY_BLOCK
#define PART  (64u * 1024)
#define AGAIN 5
#define OP_MS 300

struct capture {
	struct libgmx_ctrl *ctrl;
	unsigned int lid;
	bool host;
};

static int read_header(const struct capture *c, bool create, uint8_t head[BLOCK])
{
	/* the capture takes place before the header is sent */
	return libgmx_log(c->ctrl, c->lid, LIBGMX_ALL_NAMESPACES, create ? 1 : 0, true, 0, head, BLOCK);
}

static uint8_t generation(const struct capture *c, const uint8_t *head)
{
	struct wire w = wire_of(head, BLOCK);

	return c->host ? GET8(&w, gmx_log_telemetry, host_generation) : GET8(&w, gmx_log_telemetry, ctrl_generation);
}

static size_t bytes_up_to(const uint8_t *head, unsigned int area)
{
	struct wire w = wire_of(head, BLOCK);

	return (1 + (size_t)wire_get(&w, offsetof(struct gmx_log_telemetry, last_block) + 2 * (area - 1), 2)) * BLOCK;
}

typedef int (*telemetry_progress)(void *arg, uint64_t done, uint64_t total);

/* The page itself */
static int capture_page(struct libgmx_ctrl *ctrl, bool host, unsigned int areas, uint8_t **data, size_t *len,
			telemetry_progress progress, void *arg)
{
	struct capture c = { ctrl, host ? GMX_LOG_TELEMETRY_HOST : GMX_LOG_TELEMETRY_CTRL, host };
	uint8_t head[BLOCK], *more;
	struct wire w = wire_of(head, BLOCK);
	int rc = 0;

	for (unsigned int attempt = 0; attempt < AGAIN; attempt++) {
		rc = read_header(&c, host && !attempt, head);
		if (rc)
			return rc;
		if (head[0] != c.lid)
			return -EBADMSG;
		if (!host && !GET8(&w, gmx_log_telemetry, ctrl_available))
			return -ENODATA;
		*len = bytes_up_to(head, areas);
		more = realloc(*data, *len);
		if (!more)
			return -ENOMEM;
		*data = more;
		for (size_t at = 0; at < *len; at += PART) {
			size_t n = *len - at < PART ? *len - at : PART;

			rc = libgmx_log(ctrl, c.lid, LIBGMX_ALL_NAMESPACES, 0, true, at, *data + at, n);
			if (rc)
				return rc;
			if (progress && progress(arg, at + n, *len))
				return -ECANCELED;
		}
		rc = read_header(&c, false, head);
		if (rc)
			return rc;
		/* one that was released meanwhile made room for another */
		if (generation(&c, head) == generation(&c, *data) && (host || GET8(&w, gmx_log_telemetry, ctrl_available)))
			return 0;
	}
	return -EAGAIN;
}

/* What the driver read when the controller had captured, and released there; -ENODATA also where it keeps none */
static int begin_kept(struct libgmx_ctrl *ctrl, unsigned int areas, struct gmx_ioc_op *op)
{
	struct gmx_ioc_telemetry io = { .source = GMX_IOC_TELEMETRY_KEPT, .area = (uint8_t)areas };
	int rc = libgmx_drv_telemetry(ctrl, &io);

	while (!rc) {
		memset(op, 0, sizeof(*op));
		op->id = io.id;
		op->timeout_ms = OP_MS;
		rc = libgmx_drv_op(ctrl, op);
		if (rc == -EINTR)
			rc = 0;
		else if (!rc && op->state != GMX_IOC_OP_RUNNING)
			break;
	}
	if (rc == -ENOTTY || rc == -EOPNOTSUPP)
		return -ENODATA;
	if (!rc && op->state != GMX_IOC_OP_DONE)
		rc = op->error ? op->error : -ECANCELED;
	return rc;
}

static int read_kept(struct libgmx_ctrl *ctrl, unsigned int areas, uint8_t **data, size_t *len, telemetry_progress progress,
		     void *arg)
{
	struct gmx_ioc_op op;
	int rc = begin_kept(ctrl, areas, &op);

	if (rc)
		return rc;
	if (op.result < BLOCK || op.result > GMX_IOC_TELEMETRY_MAX)
		return -EBADMSG;
	free(*data);
	*len = (size_t)op.result;
	*data = malloc(*len);
	if (!*data)
		return -ENOMEM;
	for (size_t at = 0; at < *len;) {
		struct gmx_ioc_telemetry_read io = {
			.id = op.id,
			.offset = at,
			.data = (uintptr_t)(*data + at),
			.bytes = (uint32_t)(*len - at < PART ? *len - at : PART),
		};

		rc = libgmx_drv_telemetry_read(ctrl, &io);
		if (rc)
			return rc;
		if (!io.bytes || io.bytes > *len - at)
			return -EBADMSG;
		/* all areas are kept: no more than was asked for */
		if (!at && io.bytes >= BLOCK && bytes_up_to(*data, areas) < *len)
			*len = bytes_up_to(*data, areas);
		at += io.bytes;
		if (progress && progress(arg, at < *len ? at : *len, *len))
			return -ECANCELED;
	}
	return 0;
}

int libgmx_telemetry_capture(struct libgmx_ctrl *ctrl, enum libgmx_telemetry_source source, unsigned int areas, void **data,
			     size_t *len, int (*progress)(void *arg, uint64_t done, uint64_t total), void *arg)
{
	bool host = source == LIBGMX_TELEMETRY_HOST;
	uint8_t *buf = NULL;
	int rc;

	*data = NULL;
	*len = 0;
	if (areas < 1 || areas > 3)
		return -EINVAL;
	rc = capture_page(ctrl, host, areas, &buf, len, progress, arg);
	if (rc == -ENODATA && !host)
		rc = read_kept(ctrl, areas, &buf, len, progress, arg);
	if (rc) {
		free(buf);
		*len = 0;
		return rc;
	}
	*data = buf;
	return 0;
}

/* What an entry of a kind has since version 1; those that are not known have any */
static size_t least_entry(unsigned int kind)
{
	switch (kind) {
	case GMX_VND_TELEMETRY_STATE: return sizeof(struct gmx_vnd_telemetry_state);
	case GMX_VND_TELEMETRY_CTRLS: return sizeof(struct gmx_vnd_telemetry_ctrl);
	case GMX_VND_TELEMETRY_QUEUES: return sizeof(struct gmx_vnd_telemetry_queue);
	case GMX_VND_TELEMETRY_SMART: return sizeof(struct gmx_log_smart);
	case GMX_VND_TELEMETRY_FW_SLOTS: return sizeof(struct gmx_log_fw_slot);
	case GMX_VND_TELEMETRY_FW_UPDATE: return sizeof(struct gmx_vnd_log_fw);
	case GMX_VND_TELEMETRY_FAULTS: return sizeof(struct gmx_vnd_telemetry_fault);
	case GMX_VND_TELEMETRY_COMMANDS: return sizeof(struct gmx_vnd_telemetry_cmd);
	case GMX_VND_TELEMETRY_EVENTS: return sizeof(struct gmx_vnd_event);
	case GMX_VND_TELEMETRY_SPACES: return sizeof(struct gmx_vnd_telemetry_ns);
	default: return 1;
	}
}

int libgmx_decode_telemetry(const void *data, size_t len, struct libgmx_telemetry *out)
{
	struct wire w = wire_of(data, len), v;
	uint64_t total = 0;
	unsigned int nr;

	memset(out, 0, sizeof(*out));
	if (w.len < BLOCK || (w.data[0] != GMX_LOG_TELEMETRY_HOST && w.data[0] != GMX_LOG_TELEMETRY_CTRL))
		return -EBADMSG;
	out->lid = w.data[0];
	for (unsigned int i = 0; i < 3; i++)
		out->area_bytes[i] = (1 + (uint32_t)wire_get(&w, offsetof(struct gmx_log_telemetry, last_block) + 2 * i, 2)) *
				     BLOCK;
	out->generation = out->lid == GMX_LOG_TELEMETRY_HOST ? GET8(&w, gmx_log_telemetry, host_generation)
							     : GET8(&w, gmx_log_telemetry, ctrl_generation);
	TEXT(&w, gmx_log_telemetry, reason, out->reason);
	v = wire_sub(&w, BLOCK, len);
	if (v.len < sizeof(struct gmx_vnd_telemetry_header) || memcmp(v.data, GMX_VND_TELEMETRY_MAGIC, 8) ||
	    GET16(&v, gmx_vnd_telemetry_header, version) != GMX_VND_TELEMETRY_VERSION)
		return -ENOTSUP;
	out->family = GET8(&v, gmx_vnd_telemetry_header, family);
	out->controller_initiated = GET8(&v, gmx_vnd_telemetry_header, ctrl_initiated);
	out->captured_ms = GET(&v, gmx_vnd_telemetry_header, captured);
	out->uptime_ns = GET(&v, gmx_vnd_telemetry_header, uptime);
	out->missed = GET32(&v, gmx_vnd_telemetry_header, missed);
	TEXT(&v, gmx_vnd_telemetry_header, serial, out->serial);
	TEXT(&v, gmx_vnd_telemetry_header, revision, out->firmware);
	TEXT(&v, gmx_vnd_telemetry_header, reason, out->reason);
	nr = GET8(&v, gmx_vnd_telemetry_header, nr_sections);
	for (unsigned int i = 0; i < nr && i < GMX_VND_TELEMETRY_SECTIONS; i++) {
		struct wire s = wire_sub(
			&v, offsetof(struct gmx_vnd_telemetry_header, section) + i * sizeof(struct gmx_vnd_telemetry_section),
			sizeof(struct gmx_vnd_telemetry_section));
		struct libgmx_telemetry_section *o = &out->section[out->nr_sections];
		uint64_t offset = GET32(&s, gmx_vnd_telemetry_section, offset), bytes;

		o->kind = GET16(&s, gmx_vnd_telemetry_section, kind);
		o->area = GET16(&s, gmx_vnd_telemetry_section, area);
		o->entry_bytes = GET32(&s, gmx_vnd_telemetry_section, entry_size);
		o->count = GET32(&s, gmx_vnd_telemetry_section, count);
		if (!o->kind)
			continue;
		/* 64 bits hold the product of two of 32; sections on top of each other would have more entries than there is data */
		bytes = (uint64_t)o->entry_bytes * o->count;
		if (offset > v.len || bytes > v.len - offset || total + bytes > v.len ||
		    (o->count && o->entry_bytes < least_entry(o->kind))) {
			out->nr_cut++;
			continue;
		}
		total += bytes;
		o->data = v.data + offset;
		out->nr_sections++;
	}
	return 0;
}

const char *libgmx_telemetry_kind_name(unsigned int kind)
{
	static const char *const names[] = { NULL,	 "state",	   "controllers",     "queues",
					     "smart",	 "firmware-slots", "firmware-update", "faults",
					     "commands", "events",	   "namespaces" };

	return kind < sizeof(names) / sizeof(names[0]) ? names[kind] : NULL;
}

static int entry_of(const struct libgmx_telemetry_section *s, unsigned int kind, unsigned int i, struct wire *w)
{
	if (s->kind != kind || i >= s->count)
		return -ERANGE;
	*w = wire_of(s->data + (size_t)i * s->entry_bytes, s->entry_bytes);
	return 0;
}

int libgmx_telemetry_command(const struct libgmx_telemetry_section *s, unsigned int i, struct libgmx_telemetry_cmd *out)
{
	struct wire w;
	int rc = entry_of(s, GMX_VND_TELEMETRY_COMMANDS, i, &w);

	memset(out, 0, sizeof(*out));
	if (rc)
		return rc;
	out->time_ns = GET(&w, gmx_vnd_telemetry_cmd, time);
	out->cntlid = GET16(&w, gmx_vnd_telemetry_cmd, cntlid);
	out->sqid = GET16(&w, gmx_vnd_telemetry_cmd, sqid);
	out->cid = GET16(&w, gmx_vnd_telemetry_cmd, cid);
	out->status = GET16(&w, gmx_vnd_telemetry_cmd, status);
	out->opcode = GET8(&w, gmx_vnd_telemetry_cmd, opcode);
	out->nsid = GET32(&w, gmx_vnd_telemetry_cmd, nsid);
	for (unsigned int n = 0; n < 6; n++)
		out->cdw[n] = (uint32_t)wire_get(&w, offsetof(struct gmx_vnd_telemetry_cmd, cdw) + 4 * n, 4);
	return 0;
}

int libgmx_telemetry_queue(const struct libgmx_telemetry_section *s, unsigned int i, struct libgmx_telemetry_queue *out)
{
	struct wire w;
	int rc = entry_of(s, GMX_VND_TELEMETRY_QUEUES, i, &w);
	uint8_t flags;

	memset(out, 0, sizeof(*out));
	if (rc)
		return rc;
	flags = GET8(&w, gmx_vnd_telemetry_queue, flags);
	out->completion = flags & GMX_VND_TELEMETRY_CQ;
	out->stalled = flags & GMX_VND_TELEMETRY_STALLED;
	out->cntlid = GET16(&w, gmx_vnd_telemetry_queue, cntlid);
	out->qid = GET16(&w, gmx_vnd_telemetry_queue, qid);
	out->peer = GET16(&w, gmx_vnd_telemetry_queue, peer);
	out->size = GET32(&w, gmx_vnd_telemetry_queue, size);
	out->head = GET32(&w, gmx_vnd_telemetry_queue, head);
	out->tail = GET32(&w, gmx_vnd_telemetry_queue, tail);
	out->pending = GET32(&w, gmx_vnd_telemetry_queue, pending);
	return 0;
}

int libgmx_telemetry_ctrl(const struct libgmx_telemetry_section *s, unsigned int i, struct libgmx_telemetry_ctrl *out)
{
	struct wire w;
	int rc = entry_of(s, GMX_VND_TELEMETRY_CTRLS, i, &w);

	memset(out, 0, sizeof(*out));
	if (rc)
		return rc;
	out->cntlid = GET16(&w, gmx_vnd_telemetry_ctrl, cntlid);
	out->nr_queues = GET16(&w, gmx_vnd_telemetry_ctrl, nr_queues);
	out->function = GET8(&w, gmx_vnd_telemetry_ctrl, function);
	out->power_state = GET8(&w, gmx_vnd_telemetry_ctrl, power_state);
	out->life = GET32(&w, gmx_vnd_telemetry_ctrl, life);
	out->cc = GET32(&w, gmx_vnd_telemetry_ctrl, cc);
	out->csts = GET32(&w, gmx_vnd_telemetry_ctrl, csts);
	return 0;
}

int libgmx_telemetry_fault(const struct libgmx_telemetry_section *s, unsigned int i, struct libgmx_telemetry_fault *out)
{
	struct wire w;
	int rc = entry_of(s, GMX_VND_TELEMETRY_FAULTS, i, &w);

	memset(out, 0, sizeof(*out));
	if (rc)
		return rc;
	out->time_ms = GET(&w, gmx_vnd_telemetry_fault, time);
	out->count = GET32(&w, gmx_vnd_telemetry_fault, count);
	TEXT(&w, gmx_vnd_telemetry_fault, text, out->text);
	return 0;
}

int libgmx_telemetry_ns(const struct libgmx_telemetry_section *s, unsigned int i, struct libgmx_telemetry_ns *out)
{
	struct wire w;
	int rc = entry_of(s, GMX_VND_TELEMETRY_SPACES, i, &w);
	uint8_t shift;

	memset(out, 0, sizeof(*out));
	if (rc)
		return rc;
	shift = GET8(&w, gmx_vnd_telemetry_ns, lba_shift);
	out->nsid = GET32(&w, gmx_vnd_telemetry_ns, nsid);
	out->drive = GET32(&w, gmx_vnd_telemetry_ns, drive);
	out->block_bytes = shift < 32 ? 1u << shift : 0;
	out->blocks = GET(&w, gmx_vnd_telemetry_ns, nsze);
	out->used_blocks = GET(&w, gmx_vnd_telemetry_ns, nuse);
	out->reads = GET(&w, gmx_vnd_telemetry_ns, reads);
	out->writes = GET(&w, gmx_vnd_telemetry_ns, writes);
	return 0;
}
