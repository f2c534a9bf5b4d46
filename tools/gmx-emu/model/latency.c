// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How long a medium takes. A solid-state drive works on many commands at once and is limited by its bandwidth; a rotating
 * one has a single arm, which seeks, waits for the sector, and transfers.
 */
#include "drive.h"

#define SSD_READ       80000u /* ns */
#define SSD_CACHED     20000u
#define SSD_PROGRAM    350000u /* of what is not cached */
#define SSD_READ_RATE  3000u   /* bytes per us: MB/s */
#define SSD_WRITE_RATE 1800u
#define HDD_CACHED     60000u
#define HDD_SEEK_TRACK 800000u
#define HDD_SEEK_FULL  9000000u /* from the first sector to the last */
#define HDD_TURN       8333333u /* 7200 rpm */
#define HDD_RATE       200u
#define HDD_NEAR       2048u /* sectors ahead that pass under the head without a seek */

static bool is_write(uint8_t opcode)
{
	return opcode == GMX_NVM_WRITE || opcode == GMX_NVM_WRITE_ZEROES || opcode == GMX_NVM_WRITE_UNCOR;
}

static uint32_t jitter(struct emu_subsys *s, uint32_t ns)
{
	return ns - ns / 16 + emu_random(s, ns / 8 + 1);
}

/* Waits for its turn, then holds the medium for ns. */
static uint64_t queue_for(struct emu_drive *d, uint64_t ns)
{
	uint64_t now = emu_now(d->s), start = EMU_MAX(now, d->busy_until);

	d->busy_until = start + ns;
	return d->busy_until - now;
}

static uint64_t ssd_latency(struct emu_drive *d, uint8_t opcode, uint64_t bytes, bool cached)
{
	if (opcode == GMX_NVM_FLUSH)
		return d->nr_recs ? queue_for(d, jitter(d->s, SSD_PROGRAM)) : jitter(d->s, SSD_CACHED);
	if (opcode == GMX_NVM_DSM || opcode == GMX_NVM_WRITE_UNCOR || opcode == GMX_NVM_WRITE_ZEROES)
		return jitter(d->s, SSD_READ);
	if (is_write(opcode))
		return queue_for(d, bytes * 1000 / SSD_WRITE_RATE) + jitter(d->s, cached ? SSD_CACHED : SSD_PROGRAM);
	return queue_for(d, bytes * 1000 / SSD_READ_RATE) + jitter(d->s, SSD_READ);
}

static uint64_t root(uint64_t x)
{
	uint64_t r = 0;

	for (uint64_t bit = 1ull << 31; bit; bit >>= 1)
		if ((r | bit) * (r | bit) <= x)
			r |= bit;
	return r;
}

/* An arm that accelerates all the way: the root of the distance */
static uint64_t hdd_seek(uint64_t distance, uint64_t total)
{
	return HDD_SEEK_TRACK + (HDD_SEEK_FULL - HDD_SEEK_TRACK) * root((distance << 20) / total) / 1024;
}

static uint64_t hdd_latency(struct emu_drive *d, uint8_t opcode, uint64_t sector, uint64_t bytes, bool cached)
{
	uint64_t total = d->bytes >> EMU_SECTOR_SHIFT, from = d->head, transfer = bytes * 1000 / HDD_RATE, seek;

	if (opcode == GMX_NVM_FLUSH)
		return d->nr_recs ? queue_for(d, HDD_SEEK_TRACK + emu_random(d->s, HDD_TURN)) : jitter(d->s, HDD_CACHED);
	if (opcode == GMX_NVM_DSM)
		return jitter(d->s, HDD_CACHED);
	if (is_write(opcode) && cached)
		return queue_for(d, transfer) + jitter(d->s, HDD_CACHED);
	d->head = sector + (bytes >> EMU_SECTOR_SHIFT);
	if (sector >= from && sector - from < HDD_NEAR)
		return queue_for(d, transfer + (sector - from) * EMU_SECTOR * 1000 / HDD_RATE);
	seek = hdd_seek(sector > from ? sector - from : from - sector, total);
	return queue_for(d, seek + emu_random(d->s, HDD_TURN) + transfer);
}

/* To be asked before the command is executed: a flush costs what it finds in the cache. */
uint64_t emu_latency(struct emu_ns *ns, uint8_t opcode, uint64_t lba, uint32_t nr)
{
	struct emu_subsys *s = ns->s;
	struct emu_drive *d = ns->drive;
	bool cached = s->config.write_cache && !s->cache_off;

	if (s->config.latency == EMU_MEDIUM_NONE)
		return 0;
	if (d->rotational || s->config.latency == EMU_MEDIUM_HDD)
		return hdd_latency(d, opcode, lba << (d->shift - EMU_SECTOR_SHIFT), (uint64_t)nr << d->shift, cached);
	return ssd_latency(d, opcode, (uint64_t)nr << d->shift, cached);
}
