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

#define DRIVE_FILL (64u << 10)

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

uint64_t emu_drive_count_bad(struct emu_drive *d)
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

void emu_drive_fail(struct emu_drive *d, const char *what, int err)
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
			snprintf(error, EMU_ERROR_SIZE, "%.100s/%s is too short (%llu of %llu bytes): restore it", d->s->dir,
				 name, (unsigned long long)st.st_size, (unsigned long long)d->bytes);
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
	d->nr_bad = emu_drive_count_bad(d);
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
		emu_drive_fail(d, "metadata", ret);
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
		emu_drive_fail(d, "resize", ret);
	else
		d->nr_bad = emu_drive_count_bad(d);
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
	if (failed)
		emu_telemetry_capture(d->s, true, "drive failed");
}
