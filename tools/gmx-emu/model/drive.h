/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside of a drive: its files, the journal before them (journal.c), the volatile cache above them (cache.c). All three
 * count in sectors of 512 bytes, whatever the namespace's format.
 */
#ifndef EMU_DRIVE_H
#define EMU_DRIVE_H

#include "emu.h"

#define EMU_SECTOR_SHIFT   9
#define EMU_SECTOR	   (1u << EMU_SECTOR_SHIFT)
#define EMU_PAGE	   4096u /* of the page cache: a write inside of one is whole or not at all */
#define EMU_PAGE_SECTORS   (EMU_PAGE / EMU_SECTOR)
#define EMU_ATOMIC_SECTORS (EMU_ATOMIC_BYTES / EMU_SECTOR)
#define EMU_MAX_MS	   64u /* metadata bytes a block */
#define EMU_ATOMIC_META	   (EMU_ATOMIC_SECTORS * EMU_MAX_MS)

enum emu_area_id { EMU_AREA_IMG, EMU_AREA_META, EMU_AREA_BAD, EMU_NR_AREAS };

/* A file of the drive. Reads go through the map, writes through the descriptor: a kill may split copies into a map. */
struct emu_area {
	int fd;
	const uint8_t *map; /* NULL: empty */
	uint64_t len;
};

struct emu_piece {
	enum emu_area_id area;
	uint64_t off, len;
	const void *data; /* NULL: a hole */
};

#define EMU_MAX_PIECES (EMU_ATOMIC_SECTORS + 1) /* every other sector, its metadata, and the bad map */

struct emu_drive {
	struct emu_subsys *s;
	unsigned int idx;
	uint64_t bytes;
	bool rotational;
	bool failed;
	bool nuse_stale;
	uint8_t shift; /* geometry of the present format */
	uint16_t ms;
	struct emu_area area[EMU_NR_AREAS];
	uint64_t nr_bad; /* sectors marked as not readable */
	uint64_t stored; /* how often something was, since the start; it need not have been all that a command has */
	int journal_fd;
	struct emu_journal *journal;
	struct emu_list recs; /* cache.c: oldest first */
	unsigned int nr_recs;
	bool cached;	     /* the cache counts this drive */
	uint64_t busy_until; /* latency.c: ns */
	uint64_t head;	     /* sector behind the last access */
};

/* drive.c, medium.c */
void emu_drive_name(char name[32], unsigned int idx, const char *suffix);
void emu_drive_set_geometry(struct emu_drive *d, uint8_t shift, uint16_t ms);
/* Sectors of mask from sector on, whole or not at all. A failure of the files is one of the drive. */
bool emu_drive_land(struct emu_drive *d, uint64_t sector, uint32_t mask, const void *data, const void *meta);
/* What is cached of it is on the medium when this returns. */
uint16_t emu_drive_commit(struct emu_ns *ns, uint64_t lba, uint32_t nr);
/* Write Zeroes: unlike deallocation it also makes unreadable blocks readable. */
uint16_t emu_drive_zero(struct emu_ns *ns, uint64_t lba, uint32_t nr, bool dealloc, bool fua);
/* Block that a read error was about */
uint64_t emu_drive_first_bad(struct emu_ns *ns, uint64_t lba, uint32_t nr);
void emu_drive_fail(struct emu_drive *d, const char *what, int err);
uint64_t emu_drive_count_bad(struct emu_drive *d);
int emu_drive_punch(struct emu_area *a, uint64_t off, uint64_t len);
int emu_drive_pwrite(int fd, const void *data, size_t len, uint64_t off);

/* journal.c */
int emu_journal_open(struct emu_drive *d, char *error);
void emu_journal_close(struct emu_drive *d);
int emu_journal_write(struct emu_drive *d, const struct emu_piece *pieces, unsigned int nr);
int emu_journal_settle(struct emu_drive *d); /* what an error left is put in place */
void emu_journal_set_failed(struct emu_drive *d, bool failed);
bool emu_journal_failed(const struct emu_drive *d);

/* cache.c */
int emu_cache_attach(struct emu_drive *d);
void emu_cache_detach(struct emu_drive *d);
bool emu_cache_write(struct emu_drive *d, uint64_t sector, unsigned int nr, const void *data, const void *meta, bool through);
void emu_cache_read(struct emu_drive *d, uint64_t sector, uint32_t nr, uint8_t *data, uint8_t *meta);
/* Some of these sectors may be cached. */
bool emu_cache_covers(struct emu_drive *d, uint64_t sector, uint64_t nr);
bool emu_cache_has(struct emu_drive *d, uint64_t sector);
void emu_cache_trim(struct emu_drive *d, uint64_t sector, uint64_t nr);
bool emu_cache_commit(struct emu_drive *d, uint64_t sector, uint64_t nr);
bool emu_cache_flush(struct emu_drive *d);
void emu_cache_drop(struct emu_drive *d);

#endif
