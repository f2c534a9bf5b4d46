// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of the host's memory against a plain array of who owns which page. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/gmx-emu/vfio/memory.h"
#include "../unit/tap.h"

#define PAGE  4096u
#define PAGES 64u

static uint8_t pages[PAGES][PAGE];

static void test_regions(void)
{
	struct memory m = { 0 };
	uint8_t buf[3 * PAGE];

	check(memory_read(&m, 0, buf, 1) == -EFAULT && !memory_at(&m, 0, 1), "an empty table");
	check(!memory_read(&m, 0, buf, 0), "nothing of an empty table");
	check(!memory_add(&m, 0x1000, 2 * PAGE, pages[0], true, true), "first region");
	check(!memory_add(&m, 0x3000, PAGE, pages[8], true, true), "its neighbour");
	check(!memory_add(&m, 0x5000, PAGE, pages[9], true, false), "a read-only one");
	check(!memory_add(&m, 0x6000, PAGE, NULL, true, true), "one that is not shared");
	check(memory_add(&m, 0x2000, PAGE, pages[1], true, true) == -EINVAL, "overlap inside");
	check(memory_add(&m, 0, 0x10000, pages[1], true, true) == -EINVAL, "overlap around");
	check(memory_add(&m, ~0ull - 5, 100, pages[1], true, true) == -EINVAL, "around the end");
	check(memory_add(&m, 0x9000, 0, pages[1], true, true) == -EINVAL, "of no bytes");
	memset(pages[0], 1, PAGE);
	memset(pages[1], 2, PAGE);
	memset(pages[8], 3, PAGE);
	check(!memory_read(&m, 0x1fff, buf, 2 + PAGE) && buf[0] == 1 && buf[1] == 2 && buf[PAGE + 1] == 3, "across two regions");
	memset(buf, 7, sizeof(buf));
	check(memory_write(&m, 0x3800, buf, PAGE) == -EFAULT && pages[8][0x800] == 3, "into a hole: nothing is written");
	check(memory_write(&m, 0x5000, buf, 16) == -EACCES, "read-only");
	check(!memory_read(&m, 0x5000, buf, 16), "read-only may be read");
	check(memory_read(&m, 0x6000, buf, 1) == -EFAULT && memory_read(&m, 0x5fff, buf, 2) == -EFAULT, "not shared");
	check(memory_read(&m, ~0ull, buf, 2) == -EFAULT && memory_write(&m, ~0ull - 1, buf, 16) == -EFAULT, "around the end");
	check(memory_at(&m, 0x1ff0, 0x20) == &pages[0][0xff0], "a pointer inside");
	check(!memory_at(&m, 0x2ff0, 0x20) && !memory_at(&m, 0x5000, 1) && !memory_at(&m, 0x6000, 1) && !memory_at(&m, 0, 1),
	      "no pointer across, to read-only, unshared or absent memory");
	memory_remove(&m, 0x2000);
	check(memory_at(&m, 0x1000, 1), "removing what does not begin there");
	memory_remove(&m, 0x1000);
	check(memory_read(&m, 0x1000, buf, 1) == -EFAULT && !memory_read(&m, 0x3000, buf, 1), "removed");
	memory_free(&m);

	check(!memory_add(&m, ~0ull - PAGE + 1, PAGE, pages[0], true, true), "the last page of all");
	check(!memory_read(&m, ~0ull, buf, 1) && memory_read(&m, ~0ull, buf, 2) == -EFAULT &&
		      !memory_read(&m, ~0ull - 9, buf, 10),
	      "its last byte");
	memory_free(&m);
	tap_group("regions, holes, rights and ends");
}

static void test_random(void)
{
	int owner[PAGES]; /* -1: nobody; else where in pages[] */
	struct memory m = { 0 };
	uint8_t buf[4 * PAGE];

	srand(3);
	for (unsigned int i = 0; i < PAGES; i++) {
		owner[i] = -1;
		for (unsigned int j = 0; j < PAGE; j++)
			pages[i][j] = (uint8_t)(i * 7 + j);
	}
	for (int n = 0; n < 50000; n++) {
		unsigned int page = (unsigned int)rand() % PAGES, to = (unsigned int)rand() % PAGES;
		uint64_t at = (uint64_t)rand() % (PAGES * PAGE);
		size_t len = 1 + (size_t)rand() % sizeof(buf);
		bool there = true;

		if (rand() & 1) {
			int ret = memory_add(&m, page * PAGE, PAGE, pages[to], true, true);

			check(ret == (owner[page] < 0 ? 0 : -EINVAL), "page %u is added: %d", page, ret);
			if (!ret)
				owner[page] = (int)to;
		} else if (rand() & 1) {
			memory_remove(&m, page * PAGE);
			owner[page] = -1;
		}
		for (uint64_t p = at / PAGE; p <= (at + len - 1) / PAGE; p++)
			there = there && p < PAGES && owner[p] >= 0;
		check(memory_read(&m, at, buf, len) == (there ? 0 : -EFAULT), "%zu bytes at %lx", len, at);
		for (size_t i = 0; there && i < len; i += 61) {
			uint64_t a = at + i;

			check(buf[i] == (uint8_t)(owner[a / PAGE] * 7 + (int)(a % PAGE)), "byte at %lx", a);
		}
	}
	memory_free(&m);
	tap_group("any order of mapping and unmapping");
}

int main(void)
{
	test_regions();
	test_random();
	return tap_done();
}
