// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A physical drive: drive-NN.img holds the blocks, .meta their metadata, .bad a bit per sector that cannot be read, .jnl
 * the journal. All are sparse; what is a hole reads as zeroes.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drive.h"

#define DRIVE_FILL	(64u << 10)

static const char *const drive_suffix[EMU_NR_AREAS] = {
	[EMU_AREA_IMG] = "img", [EMU_AREA_META] = "meta", [EMU_AREA_BAD] = "bad"
};

static const uint8_t drive_zeroes[DRIVE_FILL];

void emu_drive_name(char name[32], unsigned int idx, const char *suffix)
{
	snprintf(name, 32, "drive-%02u.%s", idx, suffix);
}

int emu_drive_pwrite(int fd, const void *data, size_t len, uint64_t off)
{
	const uint8_t *p = data;

	while (len) {
		ssize_t n = pwrite(fd, p, len, (off_t)off);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		p += n;
		off += (uint64_t)n;
		len -= (size_t)n;
	}
	return 0;
}

static void area_unmap(struct emu_area *a)
{
	if (a->map)
		munmap((void *)a->map, a->len);
	a->map = NULL;
	a->len = 0;
}

static int area_resize(struct emu_area *a, uint64_t len)
{
	struct stat st;
	void *map;

	area_unmap(a);
	if (fstat(a->fd, &st))
		return -errno;
	if ((uint64_t)st.st_size != len && ftruncate(a->fd, (off_t)len))
		return -errno;
	if (!len)
		return 0;
	map = mmap(NULL, len, PROT_READ, MAP_SHARED | MAP_NORESERVE, a->fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	a->map = map;
	a->len = len;
	return 0;
}

/* Zeroes, by a hole where the file system can make one. The journal's replay needs it before the map is there. */
int emu_drive_punch(struct emu_area *a, uint64_t off, uint64_t len)
{
	struct stat st;
	int ret = 0;

	if (!len || !fallocate(a->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)off, (off_t)len))
		return 0;
	if (errno != EOPNOTSUPP || fstat(a->fd, &st))
		return -errno;
	for (uint64_t end = EMU_MIN(off + len, (uint64_t)st.st_size), step; off < end && !ret; off += step) {
		step = EMU_MIN(end - off, DRIVE_FILL);
		ret = emu_drive_pwrite(a->fd, drive_zeroes, step, off);
	}
	return ret;
}

static uint64_t drive_count_bad(struct emu_drive *d)
{
	struct emu_area *a = &d->area[EMU_AREA_BAD];
	uint64_t nr = 0;
	off_t from = 0, to;

	while ((from = lseek(a->fd, from, SEEK_DATA)) >= 0) {
		to = lseek(a->fd, from, SEEK_HOLE);
		for (; from < to && (uint64_t)from < a->len; from++)
			nr += (unsigned int)__builtin_popcount(a->map[from]);
		if (from < to)
			break;
	}
	return nr;
}

static void drive_fail(struct emu_drive *d, const char *what, int err)
{
	emu_log(d->s, EMU_LOG_ERROR, "drive %u fails: %s: %s", d->idx, what, strerror(-err));
	emu_drive_set_failed(d, true);
}

static void drive_free(struct emu_drive *d)
{
	emu_cache_detach(d);
	emu_journal_close(d);
	for (unsigned int i = 0; i < EMU_NR_AREAS; i++) {
		area_unmap(&d->area[i]);
		if (d->area[i].fd >= 0)
			close(d->area[i].fd);
	}
	free(d);
}

static int drive_open_files(struct emu_drive *d, char *error)
{
	struct stat st;
	char name[32];
	int ret;

	for (unsigned int i = 0; i < EMU_NR_AREAS; i++) {
		emu_drive_name(name, d->idx, drive_suffix[i]);
		d->area[i].fd = openat(d->s->dir_fd, name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (d->area[i].fd < 0 || fstat(d->area[i].fd, &st)) {
			ret = -errno;
			snprintf(error, EMU_ERROR_SIZE, "%.100s/%s: %s", d->s->dir, name, strerror(-ret));
			return ret;
		}
		if (i == EMU_AREA_IMG && st.st_size && (uint64_t)st.st_size < d->bytes) {
			snprintf(error, EMU_ERROR_SIZE, "%.100s/%s is too short (%llu of %llu bytes): restore it", d->s->dir, name,
				 (unsigned long long)st.st_size, (unsigned long long)d->bytes);
			return -EINVAL;
		}
	}
	ret = area_resize(&d->area[EMU_AREA_IMG], d->bytes);
	if (!ret)
		ret = area_resize(&d->area[EMU_AREA_BAD], d->bytes >> EMU_SECTOR_SHIFT >> 3);
	if (ret)
		snprintf(error, EMU_ERROR_SIZE, "%.100s/drive-%02u.img: %s", d->s->dir, d->idx, strerror(-ret));
	return ret;
}

int emu_drive_open(struct emu_subsys *s, unsigned int idx, uint64_t bytes, bool rotational, char *error)
{
	struct emu_drive *d;
	int ret;

	if (idx >= EMU_MAX_DRIVES || s->drives[idx] || !bytes || bytes % EMU_PAGE || bytes > INT64_MAX) {
		snprintf(error, EMU_ERROR_SIZE, "drive %u of %llu bytes cannot be", idx, (unsigned long long)bytes);
		return -EINVAL;
	}
	d = calloc(1, sizeof(*d));
	if (!d) {
		snprintf(error, EMU_ERROR_SIZE, "drive %u: no memory", idx);
		return -ENOMEM;
	}
	d->s = s;
	d->idx = idx;
	d->bytes = bytes;
	d->rotational = rotational;
	d->shift = EMU_SECTOR_SHIFT;
	d->nuse_stale = true;
	d->journal_fd = -1;
	EMU_LIST_INIT(&d->recs);
	for (unsigned int i = 0; i < EMU_NR_AREAS; i++)
		d->area[i].fd = -1;
	ret = drive_open_files(d, error);
	if (!ret)
		ret = emu_journal_open(d, error);
	if (!ret) {
		ret = emu_cache_attach(d);
		if (ret)
			snprintf(error, EMU_ERROR_SIZE, "drive %u: %s", idx, strerror(-ret));
	}
	if (ret) {
		drive_free(d);
		return ret;
	}
	d->failed = emu_journal_failed(d);
	d->nr_bad = drive_count_bad(d);
	s->drives[idx] = d;
	return 0;
}

void emu_drive_close(struct emu_drive *d, bool orderly)
{
	if (orderly && !d->failed && emu_cache_flush(d))
		for (unsigned int i = 0; i < EMU_NR_AREAS; i++)
			if (fdatasync(d->area[i].fd))
				emu_log(d->s, EMU_LOG_WARN, "drive %u: %s", d->idx, strerror(errno));
	emu_cache_drop(d);
	d->s->drives[d->idx] = NULL;
	drive_free(d);
}

void emu_drive_power_cut(struct emu_drive *d)
{
	emu_cache_drop(d);
}

/* Also where only its files are: left by a creation or deletion that was cut short. */
void emu_drive_remove(struct emu_subsys *s, unsigned int idx)
{
	static const char *const suffix[] = { "img", "meta", "bad", "jnl" };
	char name[32];

	if (s->drives[idx])
		emu_drive_close(s->drives[idx], false);
	for (unsigned int i = 0; i < ARRAY_SIZE(suffix); i++) {
		emu_drive_name(name, idx, suffix[i]);
		if (unlinkat(s->dir_fd, name, 0) && errno != ENOENT)
			emu_log(s, EMU_LOG_WARN, "%s/%s: %s", s->dir, name, strerror(errno));
	}
}

static int drive_resize_meta(struct emu_drive *d)
{
	return area_resize(&d->area[EMU_AREA_META], (d->bytes >> d->shift) * d->ms);
}

/* The cache must be empty: what is in it was counted in the old geometry. */
void emu_drive_set_geometry(struct emu_drive *d, uint8_t shift, uint16_t ms)
{
	int ret;

	d->shift = shift;
	d->ms = ms;
	ret = drive_resize_meta(d);
	if (ret)
		drive_fail(d, "metadata", ret);
}

int emu_drive_resize(struct emu_drive *d, uint64_t bytes)
{
	uint64_t old = d->bytes;
	int ret;

	if (!bytes || bytes % EMU_PAGE || bytes > INT64_MAX)
		return -EINVAL;
	if (bytes < old)
		emu_cache_trim(d, bytes >> EMU_SECTOR_SHIFT, (old - bytes) >> EMU_SECTOR_SHIFT);
	d->bytes = bytes;
	ret = area_resize(&d->area[EMU_AREA_IMG], bytes);
	if (!ret)
		ret = area_resize(&d->area[EMU_AREA_BAD], bytes >> EMU_SECTOR_SHIFT >> 3);
	if (!ret)
		ret = drive_resize_meta(d);
	if (ret)
		drive_fail(d, "resize", ret);
	else
		d->nr_bad = drive_count_bad(d);
	d->nuse_stale = true;
	return ret;
}

uint64_t emu_drive_bytes(const struct emu_drive *d)
{
	return d->bytes;
}

bool emu_drive_rotational(const struct emu_drive *d)
{
	return d->rotational;
}

uint64_t emu_drive_allocated(const struct emu_drive *d)
{
	struct stat st;

	if (fstat(d->area[EMU_AREA_IMG].fd, &st))
		return 0;
	return EMU_MIN((uint64_t)st.st_blocks * 512, d->bytes);
}

bool emu_drive_failed(const struct emu_drive *d)
{
	return d->failed;
}

/* What was only cached is lost with the drive. */
void emu_drive_set_failed(struct emu_drive *d, bool failed)
{
	if (!failed && emu_journal_settle(d)) {
		emu_log(d->s, EMU_LOG_WARN, "drive %u stays failed: its files cannot be written", d->idx);
		return;
	}
	if (d->failed == failed)
		return;
	d->failed = failed;
	emu_journal_set_failed(d, failed);
	if (failed)
		emu_cache_drop(d);
	emu_event_add(d->s, failed ? GMX_VND_EV_DRIVE_FAILED : GMX_VND_EV_DRIVE_REPAIRED, d->idx, 0,
		      failed ? "drive failed" : "drive repaired");
	if (d->s->health)
		emu_health_check(d->s);
}

static bool sector_bad(const struct emu_drive *d, uint64_t sector)
{
	return d->area[EMU_AREA_BAD].map[sector >> 3] >> (sector & 7) & 1;
}

/* Appends a piece of the bad map with bits set or cleared; bits holds it. Returns how many changed. */
static unsigned int bad_piece(struct emu_drive *d, uint64_t sector, uint32_t mask, struct emu_piece *piece, uint8_t bits[8])
{
	uint64_t first = sector >> 3;
	unsigned int len = EMU_ATOMIC_SECTORS / 8 + 1, nr = 0;

	len = (unsigned int)EMU_MIN(len, d->area[EMU_AREA_BAD].len - first);
	memcpy(bits, d->area[EMU_AREA_BAD].map + first, len);
	for (unsigned int i = 0; i < EMU_ATOMIC_SECTORS; i++) {
		uint64_t at = sector + i - first * 8;

		if (!(mask >> i & 1) || !(bits[at >> 3] >> (at & 7) & 1))
			continue;
		bits[at >> 3] &= (uint8_t)~(1u << (at & 7));
		nr++;
	}
	*piece = (struct emu_piece) { EMU_AREA_BAD, first, len, bits };
	return nr;
}

bool emu_drive_land(struct emu_drive *d, uint64_t sector, uint32_t mask, const void *data, const void *meta)
{
	struct emu_piece pieces[EMU_MAX_PIECES];
	unsigned int nr = 0, cleared = 0, block = 1u << (d->shift - EMU_SECTOR_SHIFT);
	uint8_t bits[8];
	int ret;

	for (unsigned int i = 0, end; i < EMU_ATOMIC_SECTORS; i = end) {
		end = i + 1;
		if (!(mask >> i & 1))
			continue;
		while (end < EMU_ATOMIC_SECTORS && mask >> end & 1)
			end++;
		pieces[nr++] = (struct emu_piece) {
			EMU_AREA_IMG, (sector + i) * EMU_SECTOR, (end - i) * EMU_SECTOR, (const uint8_t *)data + i * EMU_SECTOR
		};
		if (d->ms)
			pieces[nr++] = (struct emu_piece) {
				EMU_AREA_META, (sector + i) / block * d->ms, (end - i) / block * d->ms,
				(const uint8_t *)meta + (size_t)(i / block) * d->ms
			};
	}
	if (d->nr_bad) {
		cleared = bad_piece(d, sector, mask, &pieces[nr], bits);
		nr += cleared != 0;
	}
	if (d->failed)
		return false;
	ret = emu_journal_write(d, pieces, nr);
	if (ret) {
		drive_fail(d, "write", ret);
		return false;
	}
	d->nr_bad -= cleared;
	d->nuse_stale = true;
	return true;
}

/* A drive that has failed takes no commands; one that fails in a command says so once. */
static uint16_t drive_ready(struct emu_ns *ns, uint64_t lba, uint64_t nr)
{
	struct emu_drive *d = ns->drive;

	if (d->failed)
		return GMX_SC_NS_NOT_READY | GMX_STS_DNR;
	if (lba > d->bytes >> d->shift || nr > (d->bytes >> d->shift) - lba)
		return GMX_SC_LBA_RANGE | GMX_STS_DNR;
	return 0;
}

static uint64_t ns_sector(const struct emu_ns *ns, uint64_t lba)
{
	return lba << (ns->drive->shift - EMU_SECTOR_SHIFT);
}

static bool drive_find_bad(struct emu_drive *d, uint64_t sector, uint64_t nr, uint64_t *found)
{
	uint64_t end = sector + nr;

	while (d->nr_bad && sector < end) {
		if (!d->area[EMU_AREA_BAD].map[sector >> 3]) {
			sector = (sector | 7) + 1;
			continue;
		}
		if (sector_bad(d, sector) && !emu_cache_has(d, sector)) {
			*found = sector;
			return true;
		}
		sector++;
	}
	return false;
}

uint64_t emu_drive_first_bad(struct emu_ns *ns, uint64_t lba, uint32_t nr)
{
	uint64_t sector;

	if (drive_ready(ns, lba, nr) || !drive_find_bad(ns->drive, ns_sector(ns, lba), ns_sector(ns, nr), &sector))
		return lba;
	return sector >> (ns->drive->shift - EMU_SECTOR_SHIFT);
}

uint16_t emu_drive_read(struct emu_ns *ns, uint64_t lba, uint32_t nr, void *data, void *meta)
{
	struct emu_drive *d = ns->drive;
	uint16_t status = drive_ready(ns, lba, nr);
	uint64_t bad;

	if (status)
		return status;
	if (drive_find_bad(d, ns_sector(ns, lba), ns_sector(ns, nr), &bad))
		return GMX_SC_READ_ERROR;
	if (!data || !nr)
		return 0;
	memcpy(data, d->area[EMU_AREA_IMG].map + (lba << d->shift), (size_t)nr << d->shift);
	if (meta && d->ms)
		memcpy(meta, d->area[EMU_AREA_META].map + lba * d->ms, (size_t)nr * d->ms);
	if (d->nr_recs)
		emu_cache_read(d, ns_sector(ns, lba), (uint32_t)ns_sector(ns, nr), data, d->ms ? meta : NULL);
	return 0;
}

/* data or meta NULL: zeroes */
uint16_t emu_drive_write(struct emu_ns *ns, uint64_t lba, uint32_t nr, const void *data, const void *meta, bool fua)
{
	struct emu_drive *d = ns->drive;
	uint32_t step = EMU_ATOMIC_BYTES >> d->shift;
	uint16_t status = drive_ready(ns, lba, nr);
	bool through = fua || !d->s->config.write_cache || d->s->cache_off;

	for (uint32_t i = 0; i < nr && !status; i += step) {
		const void *from = data ? (const uint8_t *)data + ((size_t)i << d->shift) : drive_zeroes;
		const void *tags = meta ? (const uint8_t *)meta + (size_t)i * d->ms : drive_zeroes;

		if (!emu_cache_write(d, ns_sector(ns, lba + i), (unsigned int)ns_sector(ns, EMU_MIN(step, nr - i)), from, tags, through))
			status = GMX_SC_INTERNAL;
	}
	return status;
}

uint16_t emu_drive_commit(struct emu_ns *ns, uint64_t lba, uint32_t nr)
{
	uint16_t status = drive_ready(ns, lba, nr);

	if (!status && !emu_cache_commit(ns->drive, ns_sector(ns, lba), ns_sector(ns, nr)))
		status = GMX_SC_INTERNAL;
	return status;
}

/*
 * Marks go: all, or those under what was only cached, which the host believes overwritten. What they cover must be on the
 * medium already.
 */
static int drive_clear_marks(struct emu_drive *d, uint64_t sector, uint64_t nr, bool cached)
{
	uint64_t end = sector + nr;

	while (d->nr_bad && sector < end) {
		struct emu_piece piece;
		uint32_t mask = 0;
		uint8_t bits[8];
		unsigned int cleared;
		int ret;

		if (!d->area[EMU_AREA_BAD].map[sector >> 3]) {
			sector = (sector | 7) + 1;
			continue;
		}
		for (unsigned int i = 0; i < EMU_ATOMIC_SECTORS && sector + i < end; i++)
			if (sector_bad(d, sector + i) && (!cached || emu_cache_has(d, sector + i)))
				mask |= 1u << i;
		cleared = bad_piece(d, sector, mask, &piece, bits);
		ret = cleared ? emu_journal_write(d, &piece, 1) : 0;
		if (ret)
			return ret;
		d->nr_bad -= cleared;
		sector += EMU_ATOMIC_SECTORS;
	}
	return 0;
}

static uint16_t drive_deallocate(struct emu_ns *ns, uint64_t lba, uint64_t nr, bool all_marks)
{
	struct emu_drive *d = ns->drive;
	uint64_t sector = ns_sector(ns, lba), sectors = ns_sector(ns, nr);
	struct emu_piece pieces[] = {
		{ EMU_AREA_IMG, lba << d->shift, nr << d->shift, NULL }, { EMU_AREA_META, lba * d->ms, nr * d->ms, NULL }
	};
	int ret = emu_journal_write(d, pieces, d->ms ? 2 : 1);

	if (!ret && (all_marks || d->nr_recs))
		ret = drive_clear_marks(d, sector, sectors, !all_marks);
	d->nuse_stale = true;
	if (ret) {
		drive_fail(d, "deallocate", ret);
		return GMX_SC_INTERNAL;
	}
	emu_cache_trim(d, sector, sectors);
	return 0;
}

/* Not cached: on the medium at once. An unreadable block stays so. */
uint16_t emu_drive_deallocate(struct emu_ns *ns, uint64_t lba, uint64_t nr)
{
	uint16_t status = drive_ready(ns, lba, nr);

	return status || !nr ? status : drive_deallocate(ns, lba, nr, false);
}

/* As if zeroes were written. More than what is atomic becomes a hole, and with dealloc anything does. */
uint16_t emu_drive_zero(struct emu_ns *ns, uint64_t lba, uint32_t nr, bool dealloc, bool fua)
{
	bool small = nr <= EMU_ATOMIC_BYTES >> ns->drive->shift;
	uint16_t status = drive_ready(ns, lba, nr);

	if (!status && small)
		status = emu_drive_write(ns, lba, nr, NULL, NULL, fua || dealloc);
	return status || (small && !dealloc) ? status : drive_deallocate(ns, lba, nr, true);
}

static int drive_mark_bad(struct emu_drive *d, uint64_t sector, uint64_t nr)
{
	static uint8_t bits[EMU_ATOMIC_BYTES];
	const struct emu_area *a = &d->area[EMU_AREA_BAD];
	uint64_t end = sector + nr;

	while (sector < end) {
		uint64_t first = sector >> 3, stop = EMU_MIN(end, (first + sizeof(bits)) * 8);
		struct emu_piece piece = { EMU_AREA_BAD, first, ((stop + 7) >> 3) - first, bits };
		uint64_t added = 0;
		int ret;

		memcpy(bits, a->map + first, piece.len);
		for (; sector < stop; sector++) {
			uint8_t bit = (uint8_t)(1u << (sector & 7)), *at = &bits[(sector >> 3) - first];

			added += !(*at & bit);
			*at |= bit;
		}
		ret = emu_journal_write(d, &piece, 1);
		if (ret)
			return ret;
		d->nr_bad += added;
	}
	return 0;
}

uint16_t emu_drive_uncorrectable(struct emu_ns *ns, uint64_t lba, uint32_t nr)
{
	struct emu_drive *d = ns->drive;
	uint16_t status = drive_ready(ns, lba, nr);
	int ret;

	if (status)
		return status;
	emu_cache_trim(d, ns_sector(ns, lba), ns_sector(ns, nr));
	ret = drive_mark_bad(d, ns_sector(ns, lba), ns_sector(ns, nr));
	if (!ret)
		return 0;
	drive_fail(d, "write uncorrectable", ret);
	return GMX_SC_INTERNAL;
}

/* Like Write Uncorrectable, one sector: gone when it is written again, or by set = false. */
void emu_drive_media_error(struct emu_drive *d, uint64_t byte, bool set)
{
	uint64_t sector = byte >> EMU_SECTOR_SHIFT;
	struct emu_piece piece;
	uint8_t bits[8];
	unsigned int cleared;
	int ret;

	if (byte >= d->bytes || d->failed || !emu_cache_commit(d, sector, 1))
		return;
	if (set) {
		ret = drive_mark_bad(d, sector, 1);
	} else {
		cleared = bad_piece(d, sector, 1, &piece, bits);
		ret = cleared ? emu_journal_write(d, &piece, 1) : 0;
		if (!ret)
			d->nr_bad -= cleared;
	}
	if (ret)
		drive_fail(d, "media error", ret);
}

uint16_t emu_drive_flush(struct emu_ns *ns)
{
	if (ns->drive->failed)
		return GMX_SC_NS_NOT_READY | GMX_STS_DNR;
	if (ns->s->config.flush_lies)
		return 0;
	return emu_cache_flush(ns->drive) ? 0 : GMX_SC_INTERNAL;
}

void emu_drive_erase(struct emu_drive *d)
{
	emu_cache_drop(d);
	for (unsigned int i = 0; i < EMU_NR_AREAS; i++) {
		int ret = emu_drive_punch(&d->area[i], 0, d->area[i].len);

		if (ret) {
			drive_fail(d, "erase", ret);
			return;
		}
	}
	d->nr_bad = 0;
	d->nuse_stale = true;
}

static int area_fill(struct emu_area *a, uint64_t off, uint64_t len, uint32_t pattern)
{
	static uint8_t buf[DRIVE_FILL + 4];
	int ret = 0;

	if (off >= a->len)
		return 0;
	len = EMU_MIN(len, a->len - off);
	for (unsigned int i = 0; i < sizeof(buf); i++)
		buf[i] = (uint8_t)(pattern >> (i % 4 * 8));
	while (len && !ret) {
		size_t step = EMU_MIN(len, DRIVE_FILL);

		ret = emu_drive_pwrite(a->fd, buf + off % 4, step, off);
		off += step;
		len -= step;
	}
	return ret;
}

/* The pattern lies at multiples of four bytes, little endian; metadata of the same blocks gets it too. */
int emu_drive_overwrite(struct emu_drive *d, uint64_t off, uint64_t len, uint32_t pattern)
{
	uint64_t first, last;
	int ret;

	if (off > d->bytes || len > d->bytes - off)
		return -EINVAL;
	if (d->failed)
		return -EIO;
	if (!len)
		return 0;
	first = off >> d->shift;
	last = (off + len - 1) >> d->shift;
	emu_cache_trim(d, off >> EMU_SECTOR_SHIFT, ((off + len - 1) >> EMU_SECTOR_SHIFT) + 1 - (off >> EMU_SECTOR_SHIFT));
	ret = area_fill(&d->area[EMU_AREA_IMG], off, len, pattern);
	if (!ret)
		ret = area_fill(&d->area[EMU_AREA_META], first * d->ms, (last - first + 1) * d->ms, pattern);
	if (!ret && d->nr_bad) {
		ret = emu_drive_punch(&d->area[EMU_AREA_BAD], off / EMU_PAGE, len / EMU_PAGE);
		d->nr_bad = drive_count_bad(d);
	}
	d->nuse_stale = true;
	if (ret)
		drive_fail(d, "overwrite", ret);
	return ret;
}
