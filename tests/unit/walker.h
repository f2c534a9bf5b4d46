/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a controller does with a data pointer (NVMe 1.4, 4.3 and 4.4), written from the specification and not from the
 * driver: it gets the bus addresses of list memory, follows the pointer, and notes the pieces of memory that it would
 * move, neighbours joined.
 */
#ifndef GMX_UNIT_WALKER_H
#define GMX_UNIT_WALKER_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <gmx/nvme.h>

struct piece {
	uint64_t addr;
	uint64_t len;
};

struct pieces {
	struct piece *at;
	unsigned int nr, max;
};

/* List memory as the bus sees it. */
struct memory {
	uint64_t bus;
	const unsigned char *cpu;
	uint64_t len;
};

static inline bool pieces_add(struct pieces *p, uint64_t addr, uint64_t len)
{
	if (p->nr && p->at[p->nr - 1].addr + p->at[p->nr - 1].len == addr) {
		p->at[p->nr - 1].len += len;
		return true;
	}
	if (p->nr == p->max)
		return false;
	p->at[p->nr++] = (struct piece){ addr, len };
	return true;
}

static inline const char *pieces_differ(const struct pieces *a, const struct pieces *b)
{
	if (a->nr != b->nr)
		return "other number of pieces";
	for (unsigned int i = 0; i < a->nr; i++)
		if (a->at[i].addr != b->at[i].addr || a->at[i].len != b->at[i].len)
			return "other piece of memory";
	return NULL;
}

static inline bool memory_read(const struct memory *m, uint64_t bus, void *to, uint64_t len)
{
	if (bus < m->bus || bus - m->bus > m->len || len > m->len - (bus - m->bus))
		return false;
	memcpy(to, m->cpu + (bus - m->bus), len);
	return true;
}

/* NULL, or what is wrong. @slots: how many list entries were read. */
static inline const char *walk_prp(const union gmx_dptr *dptr, uint64_t total, uint64_t page, const struct memory *list,
				   struct pieces *out, unsigned int *slots)
{
	uint64_t prp1 = le64toh(dptr->prp1), prp2 = le64toh(dptr->prp2);
	uint64_t room = page - prp1 % page, entry, at;

	out->nr = 0;
	*slots = 0;
	if (prp1 % 4)
		return "PRP1 is not at a dword";
	if (total <= room) {
		pieces_add(out, prp1, total);
		return prp2 ? "PRP2 is used but not needed" : NULL;
	}
	pieces_add(out, prp1, room);
	total -= room;

	if (total <= page) {
		if (prp2 % page)
			return "PRP2 has an offset";
		return pieces_add(out, prp2, total) ? NULL : "too many pieces";
	}

	if (prp2 % 8)
		return "list is not at a quadword";
	at = prp2;
	while (total) {
		if (!memory_read(list, at, &entry, sizeof(entry)))
			return "list read outside its memory";
		(*slots)++;
		entry = le64toh(entry);
		if (entry % page)
			return "list entry has an offset";
		/* the last entry of a list page, with more than it can describe still to come */
		if (at % page == page - 8 && total > page) {
			at = entry;
			continue;
		}
		if (!pieces_add(out, entry, total < page ? total : page))
			return "too many pieces";
		total -= total < page ? total : page;
		at += 8;
	}
	return NULL;
}

static inline const char *walk_sgl(const union gmx_dptr *dptr, uint64_t total, const struct memory *list, struct pieces *out,
				   unsigned int *slots)
{
	struct {
		uint64_t addr;
		uint32_t len;
		uint8_t rsvd[3], id;
	} d;
	uint64_t at, end;

	static_assert(sizeof(d) == 16, "an SGL descriptor has 16 bytes");
	out->nr = 0;
	*slots = 0;
	memcpy(&d, dptr, sizeof(d));
	if (d.rsvd[0] || d.rsvd[1] || d.rsvd[2])
		return "reserved bytes are set in SGL1";
	if (d.id == 0x00) {
		if (le32toh(d.len) != total)
			return "SGL1 has another length than the command";
		return pieces_add(out, le64toh(d.addr), total) ? NULL : "too many pieces";
	}
	/* one segment, which is the last */
	if (d.id != 0x30)
		return "SGL1 is of another type";
	at = le64toh(d.addr);
	end = at + le32toh(d.len);
	if (at % 8 || !le32toh(d.len) || le32toh(d.len) % 16)
		return "segment is badly placed or sized";
	for (; at < end; at += 16) {
		if (!memory_read(list, at, &d, sizeof(d)))
			return "segment read outside its memory";
		(*slots)++;
		if (d.rsvd[0] || d.rsvd[1] || d.rsvd[2] || d.id)
			return "descriptor is no plain data block";
		if (le32toh(d.len) > total)
			return "more data than the command has";
		total -= le32toh(d.len);
		if (!pieces_add(out, le64toh(d.addr), le32toh(d.len)))
			return "too many pieces";
	}
	return total ? "less data than the command has" : NULL;
}

#endif
