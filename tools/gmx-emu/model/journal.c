// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A kill splits a write to a file at a page. What must be whole and is not within one page is stored here first, then
 * written to its places; a record found at the next start is written again. There is one record: the next is begun when
 * the last is in place, so no older data can follow newer. The file is a shared map: stores into it survive the process in
 * their order, which is all that is needed here.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "drive.h"
#include "hash.h"

#define JOURNAL_MAGIC	0x4c4e4a47u /* "GJNL" */
#define JOURNAL_VERSION 1
#define JOURNAL_HEAD	4096u
#define JOURNAL_DATA	(EMU_ATOMIC_BYTES + EMU_ATOMIC_META + EMU_PAGE)
#define JOURNAL_SIZE	(JOURNAL_HEAD + JOURNAL_DATA)

struct emu_journal {
	uint32_t magic, version;
	uint32_t failed; /* the drive, not the journal */
	uint32_t valid;	 /* the record below is complete, and perhaps not in place */
	uint64_t sequence;
	uint64_t hash; /* of the pieces and their data */
	uint32_t nr;
	uint32_t len;
	struct {
		uint32_t area, hole;
		uint64_t off, len;
	} piece[EMU_MAX_PIECES];
};

static_assert(sizeof(struct emu_journal) <= JOURNAL_HEAD, "the head of the journal is one page");

static uint8_t *journal_data(struct emu_journal *j)
{
	return (uint8_t *)j + JOURNAL_HEAD;
}

static uint64_t journal_hash(struct emu_journal *j)
{
	return emu_hash(journal_data(j), j->len, emu_hash(j->piece, j->nr * sizeof(j->piece[0]), j->sequence));
}

static int journal_apply(struct emu_drive *d)
{
	struct emu_journal *j = d->journal;
	const uint8_t *data = journal_data(j);

	for (unsigned int i = 0; i < j->nr; i++) {
		struct emu_area *a = &d->area[j->piece[i].area];
		int ret;

		if (j->piece[i].hole) {
			ret = emu_drive_punch(a, j->piece[i].off, j->piece[i].len);
		} else {
			ret = emu_drive_pwrite(a->fd, data, j->piece[i].len, j->piece[i].off);
			data += j->piece[i].len;
		}
		if (ret)
			return ret;
	}
	__atomic_store_n(&j->valid, 0, __ATOMIC_RELEASE);
	return 0;
}

static bool journal_sound(struct emu_drive *d)
{
	struct emu_journal *j = d->journal;
	uint64_t sum = 0;

	if (j->nr > EMU_MAX_PIECES || j->len > JOURNAL_DATA)
		return false;
	for (unsigned int i = 0; i < j->nr; i++) {
		if (j->piece[i].area >= EMU_NR_AREAS || j->piece[i].off > d->bytes || j->piece[i].len > d->bytes)
			return false;
		sum += j->piece[i].hole ? 0 : j->piece[i].len;
	}
	return sum == j->len && journal_hash(j) == j->hash;
}

static int journal_fail(struct emu_drive *d, char *error, const char *why, int ret)
{
	snprintf(error, EMU_ERROR_SIZE, "%.100s/drive-%02u.jnl %s", d->s->dir, d->idx, why);
	emu_journal_close(d);
	return ret;
}

int emu_journal_open(struct emu_drive *d, char *error)
{
	struct emu_journal *j;
	char name[32];
	void *map;
	int ret;

	emu_drive_name(name, d->idx, "jnl");
	d->journal_fd = openat(d->s->dir_fd, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (d->journal_fd < 0)
		return journal_fail(d, error, strerror(errno), -errno);
	ret = posix_fallocate(d->journal_fd, 0, JOURNAL_SIZE);
	if (ret)
		return journal_fail(d, error, strerror(ret), -ret);
	map = mmap(NULL, JOURNAL_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, d->journal_fd, 0);
	if (map == MAP_FAILED)
		return journal_fail(d, error, strerror(errno), -errno);
	d->journal = map;
	j = d->journal;
	if (!j->magic) {
		j->version = JOURNAL_VERSION;
		__atomic_store_n(&j->magic, JOURNAL_MAGIC, __ATOMIC_RELEASE);
	}
	if (j->magic != JOURNAL_MAGIC || j->version != JOURNAL_VERSION)
		return journal_fail(d, error, "is no journal of this version: restore it, or remove it to go on without it",
				    -EINVAL);
	if (j->valid && !journal_sound(d))
		return journal_fail(d, error, "is damaged: restore it, or remove it to go on without the last write", -EINVAL);
	if (j->valid) {
		ret = journal_apply(d);
		if (ret)
			return journal_fail(d, error, strerror(-ret), ret);
	}
	return 0;
}

void emu_journal_close(struct emu_drive *d)
{
	if (d->journal)
		munmap(d->journal, JOURNAL_SIZE);
	if (d->journal_fd >= 0)
		close(d->journal_fd);
	d->journal = NULL;
	d->journal_fd = -1;
}

/* 0, or a negative errno: then the record stays, and nothing may be written until it is in place. */
int emu_journal_write(struct emu_drive *d, const struct emu_piece *pieces, unsigned int nr)
{
	struct emu_journal *j = d->journal;
	uint64_t len = 0;

	if (nr == 1 && pieces->data && pieces->off / EMU_PAGE == (pieces->off + pieces->len - 1) / EMU_PAGE)
		return emu_drive_pwrite(d->area[pieces->area].fd, pieces->data, pieces->len, pieces->off);
	if (j->valid)
		return -EIO;
	if (nr > EMU_MAX_PIECES)
		return -E2BIG;
	for (unsigned int i = 0; i < nr; i++) {
		j->piece[i].area = pieces[i].area;
		j->piece[i].hole = !pieces[i].data;
		j->piece[i].len = pieces[i].len;
		j->piece[i].off = pieces[i].off;
		if (!pieces[i].data)
			continue;
		if (pieces[i].len > JOURNAL_DATA - len)
			return -E2BIG;
		memcpy(journal_data(j) + len, pieces[i].data, pieces[i].len);
		len += pieces[i].len;
	}
	j->nr = nr;
	j->len = (uint32_t)len;
	j->sequence++;
	j->hash = journal_hash(j);
	__atomic_store_n(&j->valid, 1, __ATOMIC_RELEASE);
	return journal_apply(d);
}

int emu_journal_settle(struct emu_drive *d)
{
	return d->journal->valid ? journal_apply(d) : 0;
}

void emu_journal_set_failed(struct emu_drive *d, bool failed)
{
	d->journal->failed = failed;
}

bool emu_journal_failed(const struct emu_drive *d)
{
	return d->journal->failed;
}
