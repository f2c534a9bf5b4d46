// SPDX-License-Identifier: GPL-2.0-or-later
/* What a drive does with blocks. Sectors that cannot be read have a mark, which goes when they are written. */
#include <errno.h>

#include "drive.h"

#define MEDIUM_FILL (64u << 10)

static const uint8_t medium_zeroes[EMU_ATOMIC_BYTES];

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
	*piece = (struct emu_piece){ EMU_AREA_BAD, first, len, bits };
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
		pieces[nr++] = (struct emu_piece){ EMU_AREA_IMG, (sector + i) * EMU_SECTOR, (end - i) * EMU_SECTOR,
						   (const uint8_t *)data + i * EMU_SECTOR };
		if (d->ms)
			pieces[nr++] = (struct emu_piece){ EMU_AREA_META, (sector + i) / block * d->ms, (end - i) / block * d->ms,
							   (const uint8_t *)meta + (size_t)(i / block) * d->ms };
	}
	if (d->nr_bad) {
		cleared = bad_piece(d, sector, mask, &pieces[nr], bits);
		nr += cleared != 0;
	}
	if (d->failed)
		return false;
	ret = emu_journal_write(d, pieces, nr);
	if (ret) {
		emu_drive_fail(d, "write", ret);
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

const void *emu_drive_peek(struct emu_ns *ns, uint64_t lba, uint32_t nr)
{
	struct emu_drive *d = ns->drive;

	if (d->ms || d->nr_bad || drive_ready(ns, lba, nr))
		return NULL;
	if (d->nr_recs && emu_cache_covers(d, ns_sector(ns, lba), ns_sector(ns, nr)))
		return NULL;
	return d->area[EMU_AREA_IMG].map + (lba << d->shift);
}

/* data or meta NULL: zeroes */
uint16_t emu_drive_write(struct emu_ns *ns, uint64_t lba, uint32_t nr, const void *data, const void *meta, bool fua)
{
	struct emu_drive *d = ns->drive;
	uint32_t step = EMU_ATOMIC_BYTES >> d->shift;
	uint16_t status = drive_ready(ns, lba, nr);
	bool through = fua || !d->s->config.write_cache || d->s->cache_off;

	d->stored += !status;
	for (uint32_t i = 0; i < nr && !status; i += step) {
		const void *from = data ? (const uint8_t *)data + ((size_t)i << d->shift) : medium_zeroes;
		const void *tags = meta ? (const uint8_t *)meta + (size_t)i * d->ms : medium_zeroes;

		if (!emu_cache_write(d, ns_sector(ns, lba + i), (unsigned int)ns_sector(ns, EMU_MIN(step, nr - i)), from, tags,
				     through))
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
	struct emu_piece pieces[] = { { EMU_AREA_IMG, lba << d->shift, nr << d->shift, NULL },
				      { EMU_AREA_META, lba * d->ms, nr * d->ms, NULL } };
	int ret = emu_journal_write(d, pieces, d->ms ? 2 : 1);

	if (!ret && (all_marks || d->nr_recs))
		ret = drive_clear_marks(d, sector, sectors, !all_marks);
	d->nuse_stale = true;
	if (ret) {
		emu_drive_fail(d, "deallocate", ret);
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

	if (!status)
		ns->drive->stored++;
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
	emu_drive_fail(d, "write uncorrectable", ret);
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
		emu_drive_fail(d, "media error", ret);
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
			emu_drive_fail(d, "erase", ret);
			return;
		}
	}
	d->nr_bad = 0;
	d->nuse_stale = true;
}

static int area_fill(struct emu_area *a, uint64_t off, uint64_t len, uint32_t pattern)
{
	static uint8_t buf[MEDIUM_FILL];
	int ret = 0;

	if (off >= a->len)
		return 0;
	len = EMU_MIN(len, a->len - off);
	for (unsigned int i = 0; i < sizeof(buf); i++)
		buf[i] = (uint8_t)(pattern >> (i % 4 * 8));
	while (len && !ret) {
		size_t step = EMU_MIN(len, MEDIUM_FILL);

		ret = emu_drive_pwrite(a->fd, buf, step, off);
		off += step;
		len -= step;
	}
	return ret;
}

/* Whole pages; the pattern is little endian, and the metadata of the same blocks gets it too. */
int emu_drive_overwrite(struct emu_drive *d, uint64_t off, uint64_t len, uint32_t pattern)
{
	int ret;

	if (off > d->bytes || len > d->bytes - off || off % EMU_PAGE || len % EMU_PAGE)
		return -EINVAL;
	if (d->failed)
		return -EIO;
	emu_cache_trim(d, off >> EMU_SECTOR_SHIFT, len >> EMU_SECTOR_SHIFT);
	ret = area_fill(&d->area[EMU_AREA_IMG], off, len, pattern);
	if (!ret)
		ret = area_fill(&d->area[EMU_AREA_META], (off >> d->shift) * d->ms, (len >> d->shift) * d->ms, pattern);
	if (!ret && d->nr_bad) {
		ret = emu_drive_punch(&d->area[EMU_AREA_BAD], off / EMU_PAGE, len / EMU_PAGE);
		d->nr_bad = emu_drive_count_bad(d);
	}
	d->nuse_stale = true;
	if (ret)
		emu_drive_fail(d, "overwrite", ret);
	return ret;
}
