// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A file of records of one size, each with its sequence number and a checksum, the oldest overwritten by the newest. A
 * record is written where none is that counts: one torn by a kill is the only one lost, and no host had seen it.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "emu.h"
#include "hash.h"

struct ring_head {
	uint64_t sequence;
	uint64_t sum; /* of the sequence number and the record */
};

struct emu_ring {
	struct emu_subsys *s;
	int fd;
	uint32_t record; /* bytes, without the head */
	uint32_t nr;	 /* records that count; the file has room for one more */
	uint64_t first, last;
	char *name;
	bool complained;
	uint8_t *slots;
};

static uint8_t *ring_slot(const struct emu_ring *r, uint64_t sequence)
{
	return r->slots + (size_t)((sequence - 1) % (r->nr + 1)) * (sizeof(struct ring_head) + r->record);
}

static uint64_t ring_sum(const struct emu_ring *r, uint64_t sequence, const void *record)
{
	return emu_hash(record, r->record, sequence);
}

static bool ring_valid(const struct emu_ring *r, uint64_t sequence)
{
	const uint8_t *slot = ring_slot(r, sequence);
	struct ring_head head;

	memcpy(&head, slot, sizeof(head));
	return head.sequence == sequence && head.sum == ring_sum(r, sequence, slot + sizeof(head));
}

/* The newest, and from it back as far as the numbers have no gap */
static void ring_find(struct emu_ring *r)
{
	for (uint32_t i = 0; i <= r->nr; i++) {
		uint64_t sequence;

		memcpy(&sequence, ring_slot(r, i + 1), sizeof(sequence));
		if (sequence > r->last && sequence < UINT64_MAX && (sequence - 1) % (r->nr + 1) == i && ring_valid(r, sequence))
			r->last = sequence;
	}
	if (!r->last)
		return;
	r->first = r->last;
	while (r->first > 1 && r->last - r->first + 1 < r->nr && ring_valid(r, r->first - 1))
		r->first--;
}

struct emu_ring *emu_ring_open(struct emu_subsys *s, const char *name, uint32_t record, uint32_t nr)
{
	size_t size = (size_t)(nr + 1) * (sizeof(struct ring_head) + record), done = 0;
	struct emu_ring *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->s = s;
	r->record = record;
	r->nr = nr;
	r->slots = calloc(1, size);
	r->name = strdup(name);
	r->fd = openat(s->dir_fd, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (!r->slots || !r->name || r->fd < 0) {
		emu_log(s, EMU_LOG_ERROR, "%s/%s cannot be opened: %s", s->dir, name, strerror(errno));
		emu_ring_close(r);
		return NULL;
	}
	while (done < size) {
		ssize_t n = pread(r->fd, r->slots + done, size - done, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	ring_find(r);
	return r;
}

void emu_ring_close(struct emu_ring *r)
{
	if (!r)
		return;
	if (r->fd >= 0)
		close(r->fd);
	free(r->slots);
	free(r->name);
	free(r);
}

static bool ring_write(struct emu_ring *r, const uint8_t *slot)
{
	size_t len = sizeof(struct ring_head) + r->record, done = 0;
	off_t at = slot - r->slots;

	while (done < len) {
		ssize_t n = pwrite(r->fd, slot + done, len - done, at + (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

uint64_t emu_ring_add(struct emu_ring *r, const void *record)
{
	uint64_t sequence = r->last + 1;
	struct ring_head head = { sequence, ring_sum(r, sequence, record) };
	uint8_t *slot = ring_slot(r, sequence);

	memcpy(slot, &head, sizeof(head));
	memcpy(slot + sizeof(head), record, r->record);
	if (!ring_write(r, slot)) {
		if (!r->complained)
			emu_log(r->s, EMU_LOG_ERROR, "%s/%s cannot be written: %s", r->s->dir, r->name, strerror(errno));
		r->complained = true;
		memset(slot, 0, sizeof(head));
		return 0;
	}
	r->last = sequence;
	if (!r->first)
		r->first = sequence;
	if (r->last - r->first >= r->nr)
		r->first = r->last - r->nr + 1;
	return sequence;
}

uint64_t emu_ring_first(const struct emu_ring *r)
{
	return r->first;
}

uint64_t emu_ring_last(const struct emu_ring *r)
{
	return r->last;
}

const void *emu_ring_get(const struct emu_ring *r, uint64_t sequence)
{
	if (!r->first || sequence < r->first || sequence > r->last)
		return NULL;
	return ring_slot(r, sequence) + sizeof(struct ring_head);
}
