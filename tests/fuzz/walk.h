/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of the host's memory a command names: PRPs and SGLs followed as NVMe 1.4, 4.3 and 4.4 have them, written from
 * the specification and not from the model. What is wrong with a description does not hide what came before.
 */
#ifndef TESTS_FUZZ_WALK_H
#define TESTS_FUZZ_WALK_H

#include <gmx/nvme.h>

#define WALK_PIECES 520u /* 2 MiB in pages, and a few */

struct piece {
	uint64_t addr, len;
};

struct pieces {
	struct piece at[WALK_PIECES];
	unsigned int nr;
	bool good;   /* this is a valid description of all its bytes, in memory that is there */
	bool unsure; /* more than is kept here */
};

typedef bool walk_read_fn(uint64_t addr, void *buf, size_t len);

static inline void walk_add(struct pieces *p, uint64_t addr, uint64_t len)
{
	struct piece *last = &p->at[p->nr ? p->nr - 1 : 0];

	if (!len)
		return;
	if (p->nr && last->addr + last->len == addr) {
		last->len += len;
		return;
	}
	if (p->nr == WALK_PIECES)
		p->unsure = true;
	else
		p->at[p->nr++] = (struct piece){ addr, len };
}

static inline void walk_prp_list(struct pieces *p, uint64_t list, uint64_t left, uint64_t page, walk_read_fn *read)
{
	for (unsigned int i = 0; left && i < 4096; i++) {
		bool last_of_page = (list & (page - 1)) == page - 8;
		__le64 raw;
		uint64_t entry;

		if (list & 7 || !read(list, &raw, sizeof(raw)))
			return;
		entry = le64toh(raw);
		if (entry & (page - 1))
			return;
		if (last_of_page && left > page) {
			list = entry;
			continue;
		}
		walk_add(p, entry, left < page ? left : page);
		left -= left < page ? left : page;
		list += 8;
	}
	p->good = !left;
}

static inline void walk_prp(struct pieces *p, const struct gmx_sqe *sqe, uint64_t len, uint64_t page, walk_read_fn *read)
{
	uint64_t prp1 = le64toh(sqe->dptr.prp1), prp2 = le64toh(sqe->dptr.prp2), first = page - (prp1 & (page - 1));

	if (prp1 & 3)
		return;
	if (len <= first) {
		walk_add(p, prp1, len);
		p->good = true;
		return;
	}
	walk_add(p, prp1, first);
	len -= first;
	if (len > page) {
		walk_prp_list(p, prp2, len, page, read);
	} else if (!(prp2 & (page - 1))) {
		walk_add(p, prp2, len);
		p->good = true;
	}
}

static inline void walk_sgl(struct pieces *p, struct gmx_sgl_desc d, uint64_t left, walk_read_fn *read)
{
	uint64_t at = 0, end = 0;
	bool last = true, inside = false;

	for (unsigned int i = 0; i < 4096; i++) {
		switch (d.type) {
		case GMX_SGL_DATA_BLOCK:
			if (le32toh(d.length) > left)
				return;
			walk_add(p, le64toh(d.addr), le32toh(d.length));
			left -= le32toh(d.length);
			break;
		case GMX_SGL_SEGMENT:
		case GMX_SGL_LAST_SEGMENT:
			/* the last of a segment, and of none that is itself the last */
			if (inside && (last || at != end))
				return;
			if (!d.length || le32toh(d.length) % sizeof(d))
				return;
			last = d.type == GMX_SGL_LAST_SEGMENT;
			inside = true;
			at = le64toh(d.addr);
			end = at + le32toh(d.length);
			break;
		default: return;
		}
		if (!inside || at == end) {
			p->good = last && !left;
			return;
		}
		if (!read(at, &d, sizeof(d)))
			return;
		at += sizeof(d);
	}
	p->unsure = true;
}

static inline void walk(struct pieces *p, const struct gmx_sqe *sqe, uint64_t len, uint64_t page, walk_read_fn *read)
{
	p->nr = 0;
	p->good = !len;
	p->unsure = false;
	if (!len)
		return;
	if (sqe->flags & GMX_SQE_PSDT_MASK)
		walk_sgl(p, sqe->dptr.sgl, len, read);
	else
		walk_prp(p, sqe, len, page, read);
}

static inline void walk_meta(struct pieces *p, const struct gmx_sqe *sqe, uint64_t len, walk_read_fn *read)
{
	uint64_t addr = le64toh(sqe->mptr);
	struct gmx_sgl_desc d;

	p->nr = 0;
	p->good = !len;
	p->unsure = false;
	if (!len)
		return;
	if ((sqe->flags & GMX_SQE_PSDT_MASK) != GMX_SQE_SGL_META) {
		walk_add(p, addr, len);
		p->good = !(addr & 3);
	} else if (!(addr & 7) && read(addr, &d, sizeof(d))) {
		walk_sgl(p, d, len, read);
	}
}

#endif
