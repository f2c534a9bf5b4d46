// SPDX-License-Identifier: GPL-2.0-or-later
/* PRP lists and SGLs of the driver, as an independent walker sees them. */
#include <stdlib.h>

#include "desc.h"
#include "tap.h"
#include "walker.h"

#define MAX_VECS  128
#define CANARY	  0xa5
#define LIST_PAGE 0x12345000000ull /* bus address: on a page of every size */

static const unsigned int page_shifts[] = { 12, 14, 16 };

#define NR_SHIFTS ARRAY_SIZE(page_shifts)

/* xorshift64*: the same numbers on every run */
static u64 random_state = 88172645463325252ull;

static u64 random_u64(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 2685821657736338717ull;
}

static u64 random_below(u64 n)
{
	return random_u64() % n;
}

static const char *said(const char *wrong)
{
	return wrong ? wrong : "good";
}

static struct piece wanted_at[MAX_VECS], walked_at[70000];

static u64 wanted(struct pieces *out, const struct gmx_vec *vec, unsigned int nr)
{
	u64 total = 0;

	*out = (struct pieces){ wanted_at, 0, MAX_VECS };
	for (unsigned int i = 0; i < nr; i++) {
		pieces_add(out, vec[i].addr, vec[i].len);
		total += vec[i].len;
	}
	return total;
}

static u64 total_of(const struct gmx_vec *vec, unsigned int nr)
{
	u64 total = 0;

	for (unsigned int i = 0; i < nr; i++)
		total += vec[i].len;
	return total;
}

/* Where the driver would have put a list with this room: on a boundary of its size, or of the page if that is less. */
static u64 place(unsigned int room, unsigned int entry, u64 page)
{
	u64 size = entry;

	while (size < (u64)room * entry)
		size *= 2;
	return size < page ? LIST_PAGE + size * random_below(page / size) : LIST_PAGE;
}

/* How many list entries, chain pointers included, a transfer needs: counted one by one. */
static unsigned int slots_needed(u64 addr, u64 total, u64 page)
{
	u64 first = page - addr % page, pages;
	unsigned int slots = 0, in_page = 0;

	if (total <= first)
		return 0;
	pages = (total - first + page - 1) / page;
	while (pages) {
		slots++;
		if (++in_page == page / 8 && pages > 1) {
			in_page = 0;
			continue;
		}
		pages--;
	}
	return slots;
}

/*
 * Build into memory that is exactly @room entries long (ASan watches its end), with canaries in it, and walk. @room too
 * small must be refused, with nothing written beyond.
 */
static void try_prp(const struct gmx_vec *vec, unsigned int nr, unsigned int shift, unsigned int room, bool fits)
{
	u64 page = 1ull << shift;
	u64 bus = place(room, 8, page);
	size_t size = (size_t)room * 8;
	unsigned char *list = malloc(size ? size : 1);
	struct pieces want, walked = { walked_at, 0, ARRAY_SIZE(walked_at) };
	struct memory memory = { bus, list, size };
	u64 total = wanted(&want, vec, nr);
	union gmx_dptr dptr;
	unsigned int slots, needed = slots_needed(vec[0].addr, total, page);
	const char *wrong;
	int ret;

	memset(list, CANARY, size ? size : 1);
	memset(&dptr, CANARY, sizeof(dptr));
	ret = gmx_prp_build(&dptr, vec, nr, shift, (__le64 *)list, bus, room);
	check(!ret == fits, "page 2^%u, %u segments from %#llx, %llu bytes, room %u: returned %d", shift, nr,
	      (unsigned long long)vec[0].addr, (unsigned long long)total, room, ret);
	if (!ret) {
		wrong = walk_prp(&dptr, total, page, &memory, &walked, &slots);
		if (!wrong)
			wrong = pieces_differ(&walked, &want);
		check(!wrong, "page 2^%u, %u segments from %#llx, %llu bytes, room %u: %s", shift, nr,
		      (unsigned long long)vec[0].addr, (unsigned long long)total, room, said(wrong));
		check(wrong || slots == (needed > 1 ? needed : 0), "%u list entries read, %u needed", slots, needed);
		for (size_t i = (size_t)needed * 8; i < size; i++)
			if (!check(list[i] == CANARY, "entry %zu is written, %u are needed", i / 8, needed))
				break;
	}
	free(list);
}

static void test_prp_offsets(void)
{
	for (unsigned int s = 0; s < NR_SHIFTS; s++) {
		unsigned int shift = page_shifts[s];
		u64 page = 1ull << shift;

		for (u64 off = 0; off < page; off += 4) {
			const u64 lens[] = {
				4,
				page - off - 4,
				page - off,
				page - off + 4,
				page,
				2 * page - off - 4,
				2 * page - off,
				2 * page - off + 4,
				2 * page,
				3 * page - off,
				3 * page - off + 4,
				5 * page,
				8 * page - 4,
			};

			for (unsigned int i = 0; i < ARRAY_SIZE(lens); i++) {
				struct gmx_vec vec = { 0x700000000ull + off, lens[i] };
				unsigned int room = gmx_prp_room(lens[i], shift);

				if (lens[i])
					try_prp(&vec, 1, shift, room, true);
			}
		}
	}
	tap_group("PRP: every dword offset in the page, one segment");
}

/* Lists that just fit a list page, just do not, and the same one list page later. */
static void test_prp_chains(void)
{
	for (unsigned int s = 0; s < NR_SHIFTS; s++) {
		unsigned int shift = page_shifts[s];
		u64 page = 1ull << shift, per = page / 8;
		const u64 edges[] = { 1,	   2,		3,	     per - 1,	  per,
				      per + 1,	   per + 2,	2 * per - 2, 2 * per - 1, 2 * per,
				      2 * per + 1, 3 * per - 3, 3 * per - 2, 3 * per - 1, 3 * per };
		const u64 offs[] = { 0, 4, 512, page / 2, page - 512, page - 4 };
		const u64 tails[] = { 4, 512, page - 4, page };

		for (unsigned int e = 0; e < ARRAY_SIZE(edges); e++) {
			for (unsigned int o = 0; o < ARRAY_SIZE(offs); o++) {
				u64 first = page - offs[o];
				u64 total = first + (edges[e] - 1) * page + tails[(e + o) % 4];
				struct gmx_vec vec = { 0x4000000000ull + offs[o], total };
				unsigned int needed;

				if (total > UINT32_MAX)
					continue;
				needed = slots_needed(vec.addr, total, page);
				check(needed <= gmx_prp_room(total, shift), "page 2^%u, %llu bytes: room %u, needed %u", shift,
				      (unsigned long long)total, gmx_prp_room(total, shift), needed);
				try_prp(&vec, 1, shift, gmx_prp_room(total, shift), true);
				try_prp(&vec, 1, shift, needed, true);
				try_prp(&vec, 1, shift, needed - 1, false);
				try_prp(&vec, 1, shift, needed / 2, false);
			}
		}
	}
	tap_group("PRP: edges of list chaining, room exact and one short");
}

/* Segments as a virtual boundary leaves them: only the ends lie inside pages. */
static unsigned int random_vecs_prp(struct gmx_vec *vec, u64 page)
{
	unsigned int nr = 1 + random_below(random_below(4) ? 8 : MAX_VECS);

	for (unsigned int i = 0; i < nr; i++) {
		u64 base = (1 + random_below(1ull << 40)) * page;
		u64 len = (1 + random_below(6)) * page;

		/* sometimes right behind the one before */
		if (i && !random_below(3))
			base = vec[i - 1].addr + vec[i - 1].len;
		if (!i) {
			u64 off = random_below(2) ? random_below(page / 4) * 4 : 0;

			base += off;
			len -= off;
		}
		if (i + 1 == nr && random_below(2))
			len = 4 + random_below(len / 4) * 4;
		vec[i] = (struct gmx_vec){ base, len };
	}
	return nr;
}

static void test_prp_random(void)
{
	struct gmx_vec vec[MAX_VECS];

	for (unsigned int s = 0; s < NR_SHIFTS; s++) {
		unsigned int shift = page_shifts[s];
		u64 page = 1ull << shift;

		for (unsigned int n = 0; n < 20000; n++) {
			unsigned int nr = random_vecs_prp(vec, page);
			u64 total = total_of(vec, nr);
			unsigned int room = gmx_prp_room(total, shift), needed = slots_needed(vec[0].addr, total, page);

			try_prp(vec, nr, shift, room + random_below(3), true);
			if (needed)
				try_prp(vec, nr, shift, random_below(needed), false);
		}
	}
	tap_group("PRP: random scatter lists");
}

static void refuse_prp(const char *why, const struct gmx_vec *vec, unsigned int nr, unsigned int shift)
{
	unsigned int room = 4096;
	__le64 *list = malloc(room * sizeof(*list));
	union gmx_dptr dptr;

	check(gmx_prp_build(&dptr, vec, nr, shift, list, LIST_PAGE, room), "page 2^%u: taken, with %s", shift, why);
	free(list);
}

static void test_prp_refusals(void)
{
	for (unsigned int s = 0; s < NR_SHIFTS; s++) {
		unsigned int shift = page_shifts[s];
		u32 page = 1u << shift;
		u64 base = 0x10000000;

		for (u32 off = 4; off < page; off += off < 64 ? 4 : 508) {
			struct gmx_vec begins_inside[] = { { base, page }, { base + 4 * page + off, 4 } };
			struct gmx_vec ends_inside[] = { { base, off }, { base + page, page } };
			struct gmx_vec middle_ends[] = { { base, page },
							 { base + 2 * page, page + off },
							 { base + 8 * page, page } };
			struct gmx_vec middle_begins[] = { { base + off, page - off },
							   { base + 2 * page + off, page - off },
							   { base + 8 * page, page } };
			struct gmx_vec gap[] = { { base + off, page - off }, { base + page + off, 4 } };

			refuse_prp("a second segment that begins inside a page", begins_inside, 2, shift);
			refuse_prp("a first segment that ends inside a page", ends_inside, 2, shift);
			refuse_prp("a middle segment that ends inside a page", middle_ends, 3, shift);
			refuse_prp("a middle segment that begins inside a page", middle_begins, 3, shift);
			refuse_prp("a hole after a full page", gap, 2, shift);
		}

		struct gmx_vec empty = { base, 0 };
		struct gmx_vec empty_last[] = { { base, page }, { base + page, 0 } };
		struct gmx_vec wraps = { UINT64_MAX - page + 1, 2 * page };

		refuse_prp("no segment", &empty, 0, shift);
		refuse_prp("an empty segment", &empty, 1, shift);
		refuse_prp("an empty last segment", empty_last, 2, shift);
		refuse_prp("a segment past the end of the address space", &wraps, 1, shift);
	}
	tap_group("PRP: what cannot be described is refused");
}

/* Room for the worst offset is no more than needed either: a driver's descriptor space should not be wasted. */
static void test_prp_room(void)
{
	for (unsigned int s = 0; s < NR_SHIFTS; s++) {
		unsigned int shift = page_shifts[s];
		u64 page = 1ull << shift, limit = page / 8 * page * 3;

		if (limit > UINT32_MAX)
			limit = UINT32_MAX & ~(page - 1);
		for (u64 bytes = page; bytes <= limit; bytes += page) {
			unsigned int room = gmx_prp_room(bytes, shift), needed = slots_needed(page - 4, bytes, page);

			check(room == needed, "page 2^%u, %llu bytes: room %u, needed at worst %u", shift,
			      (unsigned long long)bytes, room, needed);
		}
	}
	tap_group("PRP: room for the worst offset, and not more");
}

static void test_prp_inline(void)
{
	struct pieces want, walked = { walked_at, 0, ARRAY_SIZE(walked_at) };
	struct memory none = { 0, NULL, 0 };
	unsigned int slots;

	for (unsigned int s = 0; s < NR_SHIFTS; s++) {
		unsigned int shift = page_shifts[s];
		u64 page = 1ull << shift;

		for (u64 off = 0; off < page; off += 4) {
			const u64 lens[] = { 4,
					     page - off,
					     page - off + 4,
					     page,
					     2 * page - off - 4,
					     2 * page - off,
					     2 * page - off + 4,
					     2 * page,
					     3 * page,
					     UINT32_MAX };

			for (unsigned int i = 0; i < ARRAY_SIZE(lens); i++) {
				struct gmx_vec vec = { 0x900000000ull + off, lens[i] };
				bool fits = lens[i] <= 2 * page - off;
				union gmx_dptr dptr, built;
				const char *wrong;
				__le64 entry;

				memset(&dptr, CANARY, sizeof(dptr));
				check(gmx_prp_set_inline(&dptr, vec.addr, vec.len, page) == fits,
				      "page 2^%u: %llu bytes at %#llx %s", shift, (unsigned long long)vec.len,
				      (unsigned long long)vec.addr, fits ? "fit" : "do not fit");
				if (!fits)
					continue;
				wrong = walk_prp(&dptr, wanted(&want, &vec, 1), page, &none, &walked, &slots);
				if (!wrong)
					wrong = pieces_differ(&walked, &want);
				check(!wrong, "page 2^%u: %llu bytes at %#llx: %s", shift, (unsigned long long)vec.len,
				      (unsigned long long)vec.addr, said(wrong));
				check(!gmx_prp_build(&built, &vec, 1, shift, &entry, LIST_PAGE, 1) && built.prp1 == dptr.prp1 &&
					      built.prp2 == dptr.prp2,
				      "list builder and fast path differ");
			}
		}
	}
	tap_group("PRP: one segment without a list, every dword offset");
}

static void try_sgl(const struct gmx_vec *vec, unsigned int nr, unsigned int room, bool fits)
{
	struct pieces want, walked = { walked_at, 0, ARRAY_SIZE(walked_at) };
	u64 bus = LIST_PAGE + 16 * random_below(4096);
	size_t size = (size_t)room * 16;
	unsigned char *list = malloc(size ? size : 1);
	struct memory memory = { bus, list, size };
	u64 total = wanted(&want, vec, nr);
	union gmx_dptr dptr;
	unsigned int slots, needed = nr > 1 ? nr : 0;
	const char *wrong;
	int ret;

	memset(list, CANARY, size ? size : 1);
	memset(&dptr, CANARY, sizeof(dptr));
	ret = gmx_sgl_build(&dptr, vec, nr, (struct gmx_sgl_desc *)list, bus, room);
	check(!ret == fits, "%u segments, room %u: returned %d", nr, room, ret);
	if (!ret) {
		wrong = walk_sgl(&dptr, total, &memory, &walked, &slots);
		if (!wrong)
			wrong = pieces_differ(&walked, &want);
		check(!wrong, "%u segments, %llu bytes, room %u: %s", nr, (unsigned long long)total, room, said(wrong));
		check(wrong || slots == needed, "%u descriptors read, %u needed", slots, needed);
		for (size_t i = (size_t)needed * 16; i < size; i++)
			if (!check(list[i] == CANARY, "descriptor %zu is written, %u are needed", i / 16, needed))
				break;
	}
	free(list);
}

static void test_sgl(void)
{
	struct gmx_vec vec[MAX_VECS];

	for (unsigned int nr = 1; nr <= MAX_VECS; nr++) {
		for (unsigned int n = 0; n < 200; n++) {
			for (unsigned int i = 0; i < nr; i++) {
				/* any address and length: holes are what SGLs are for */
				vec[i].addr = 4 * random_below(1ull << 60);
				vec[i].len = 1 + random_below(random_below(2) ? 1u << 24 : 8192);
			}
			try_sgl(vec, nr, nr + random_below(3), true);
			try_sgl(vec, nr, nr == 1 ? 0 : nr, true);
			if (nr > 1)
				try_sgl(vec, nr, random_below(nr), false);
		}
		vec[random_below(nr)].len = 0;
		try_sgl(vec, nr, nr, false);
	}
	try_sgl(vec, 0, 4, false);
	tap_group("SGL: random scatter lists, holes, room too small, empty segments");
}

static void test_sgl_single(void)
{
	for (u64 off = 0; off < 65536; off += 4) {
		struct pieces want, walked = { walked_at, 0, 4 };
		struct memory none = { 0, NULL, 0 };
		struct gmx_vec vec = { 0xfedcba9800000000ull + off, 1 + random_below(UINT32_MAX) };
		union gmx_dptr dptr;
		unsigned int slots;
		const char *wrong;

		memset(&dptr, CANARY, sizeof(dptr));
		gmx_sgl_set_data(&dptr.sgl, vec.addr, vec.len);
		wrong = walk_sgl(&dptr, wanted(&want, &vec, 1), &none, &walked, &slots);
		if (!wrong)
			wrong = pieces_differ(&walked, &want);
		check(!wrong, "%u bytes at %#llx: %s", vec.len, (unsigned long long)vec.addr, said(wrong));
	}
	tap_group("SGL: one segment in the command");
}

/* The judge must be able to say no. */
static void test_walker(void)
{
	struct pieces walked = { walked_at, 0, ARRAY_SIZE(walked_at) };
	u64 list[4] = { htole64(0x20000), htole64(0x30000), htole64(0x40000), htole64(0x50004) };
	struct memory memory = { LIST_PAGE, (unsigned char *)list, sizeof(list) };
	union gmx_dptr dptr = { .prp1 = htole64(0x10000), .prp2 = htole64(LIST_PAGE) };
	unsigned int slots;

	check(!walk_prp(&dptr, 4 * 4096, 4096, &memory, &walked, &slots), "a good list is refused");
	check(walked.nr == 4 && slots == 3, "%u pieces of %u entries", walked.nr, slots);
	check(walk_prp(&dptr, 5 * 4096, 4096, &memory, &walked, &slots), "an entry with an offset passes");
	check(walk_prp(&dptr, 6 * 4096, 4096, &memory, &walked, &slots), "a list that leaves its memory passes");
	check(walk_prp(&dptr, 4096, 4096, &memory, &walked, &slots), "a PRP2 that is not needed passes");
	dptr.prp2 = htole64(LIST_PAGE + 4);
	check(walk_prp(&dptr, 4 * 4096, 4096, &memory, &walked, &slots), "a list beside a quadword passes");
	dptr.prp1 = htole64(0x10002);
	check(walk_prp(&dptr, 4, 4096, &memory, &walked, &slots), "a PRP1 beside a dword passes");
	memset(&dptr, 0, sizeof(dptr));
	check(walk_sgl(&dptr, 4, &memory, &walked, &slots), "a data block of another length passes");
	dptr.sgl.type = 0x20;
	check(walk_sgl(&dptr, 0, &memory, &walked, &slots), "a segment that is not the last passes");
	tap_group("the walker itself refuses what is wrong");
}

int main(void)
{
	test_walker();
	test_prp_offsets();
	test_prp_inline();
	test_prp_chains();
	test_prp_room();
	test_prp_random();
	test_prp_refusals();
	test_sgl();
	test_sgl_single();
	return tap_done();
}
