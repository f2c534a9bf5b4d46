// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The volatile write cache of a subsystem. It holds records: what one command wrote, or EMU_ATOMIC_BYTES of it, so that a
 * record which goes to the medium as a whole keeps the command whole. Records go in any order. What keeps the order of a
 * block is this: a page's chain has the newest record first, and when a record is on the medium, those behind it in the
 * chain forget the sectors that it wrote.
 */
#include <errno.h>

#include "drive.h"
#include "hash.h"

#define CACHE_SMALL EMU_PAGE
#define CACHE_BIG   EMU_ATOMIC_BYTES
#define CACHE_NODES (EMU_ATOMIC_SECTORS / EMU_PAGE_SECTORS + 1)
#define CACHE_BATCH 32u /* records, the most in one background write */

struct emu_node {
	struct emu_node *next, **link; /* of its bucket, newest first */
	struct emu_rec *rec;
	uint64_t page;
};

struct emu_rec {
	struct emu_drive *d; /* NULL: unused */
	uint64_t sector;
	uint32_t live; /* sectors that are still to be written, bit per sector */
	uint8_t nr_nodes;
	bool big;
	unsigned int slot;    /* in emu_cache::all */
	struct emu_rec *next; /* unused, or about to be */
	struct emu_list of_drive;
	struct emu_node nodes[CACHE_NODES];
	uint8_t *meta;
	uint8_t data[];
};

struct emu_cache {
	unsigned int users;	   /* drives */
	uint64_t room, used;	   /* bytes of records, unused ones too */
	struct emu_rec *unused[2]; /* small, big */
	struct emu_rec **all;
	unsigned int nr, max;
	struct emu_node **buckets;
	uint64_t mask;
	uint64_t due; /* ns, of the next background write; 0: none */
};

static size_t rec_size(bool big)
{
	return sizeof(struct emu_rec) + (big ? CACHE_BIG + EMU_ATOMIC_META : CACHE_SMALL + EMU_PAGE_SECTORS * EMU_MAX_MS);
}

static struct emu_cache *cache_new(uint64_t room)
{
	struct emu_cache *c = calloc(1, sizeof(*c));
	uint64_t buckets = 64;

	if (!c)
		return NULL;
	c->room = EMU_MAX(room, 2 * rec_size(true));
	c->max = (unsigned int)(c->room / rec_size(false));
	while (buckets < c->max)
		buckets *= 2;
	c->mask = buckets - 1;
	c->all = calloc(c->max, sizeof(*c->all));
	c->buckets = calloc(buckets, sizeof(*c->buckets));
	if (c->all && c->buckets)
		return c;
	free(c->all);
	free(c->buckets);
	free(c);
	return NULL;
}

int emu_cache_attach(struct emu_drive *d)
{
	if (!d->s->cache)
		d->s->cache = cache_new(d->s->config.cache_bytes);
	if (!d->s->cache)
		return -ENOMEM;
	d->s->cache->users++;
	d->cached = true;
	return 0;
}

void emu_cache_detach(struct emu_drive *d)
{
	struct emu_cache *c = d->s->cache;

	if (!d->cached)
		return;
	emu_cache_drop(d);
	d->cached = false;
	if (--c->users)
		return;
	for (unsigned int i = 0; i < 2; i++) {
		for (struct emu_rec *r = c->unused[i], *next; r; r = next) {
			next = r->next;
			free(r);
		}
	}
	free(c->all);
	free(c->buckets);
	free(c);
	d->s->cache = NULL;
}

static struct emu_node **cache_bucket(struct emu_drive *d, uint64_t page)
{
	struct emu_cache *c = d->s->cache;

	return &c->buckets[emu_hash_mix(page ^ (uint64_t)d->idx << 56) & c->mask];
}

/* The first record of the page at or behind n in its bucket */
static struct emu_node *node_match(struct emu_node *n, const struct emu_drive *d, uint64_t page)
{
	while (n && (n->page != page || n->rec->d != d))
		n = n->next;
	return n;
}

/* A mask that counts from one sector, as it counts from another */
static uint32_t mask_shift(uint32_t mask, uint64_t from, uint64_t to)
{
	uint64_t by = from > to ? from - to : to - from;

	if (by >= EMU_ATOMIC_SECTORS)
		return 0;
	return from > to ? mask << by : mask >> by;
}

static uint32_t mask_of(unsigned int nr)
{
	return nr >= 32 ? UINT32_MAX : (1u << nr) - 1;
}

static void rec_free(struct emu_rec *r)
{
	struct emu_cache *c = r->d->s->cache;

	for (unsigned int i = 0; i < r->nr_nodes; i++) {
		*r->nodes[i].link = r->nodes[i].next;
		if (r->nodes[i].next)
			r->nodes[i].next->link = r->nodes[i].link;
	}
	c->all[r->slot] = c->all[--c->nr];
	c->all[r->slot]->slot = r->slot;
	emu_list_del(&r->of_drive);
	r->d->nr_recs--;
	r->d = NULL;
	r->next = c->unused[r->big];
	c->unused[r->big] = r;
}

static void rec_free_all(struct emu_rec *r)
{
	for (struct emu_rec *next; r; r = next) {
		next = r->next;
		rec_free(r);
	}
}

/* r and those behind it forget sectors; what has none left is put before *dead. */
static struct emu_rec *rec_forget(struct emu_rec *r, uint64_t sector, uint32_t mask, struct emu_rec *dead)
{
	uint32_t live = r->live & ~mask_shift(mask, sector, r->sector);

	if (r->live && !live) {
		r->next = dead;
		dead = r;
	}
	r->live = live;
	return dead;
}

/* Writes a record. false: the drive has failed, and all its records are gone. */
static bool rec_land(struct emu_rec *r)
{
	struct emu_rec *dead = NULL;

	if (!emu_drive_land(r->d, r->sector, r->live, r->data, r->meta))
		return false;
	for (unsigned int i = 0; i < r->nr_nodes; i++)
		for (struct emu_node *n = r->nodes[i].next; (n = node_match(n, r->d, r->nodes[i].page)); n = n->next)
			dead = rec_forget(n->rec, r->sector, r->live, dead);
	rec_free_all(dead);
	rec_free(r);
	return true;
}

static struct emu_rec *rec_alloc(struct emu_drive *d, bool big)
{
	struct emu_cache *c = d->s->cache;
	struct emu_rec *r;

	while (!c->unused[big] && c->used + rec_size(big) > c->room) {
		r = c->unused[!big];
		if (r) {
			c->unused[!big] = r->next;
			c->used -= rec_size(!big);
			free(r);
		} else if (!rec_land(c->all[emu_random(d->s, c->nr)]) && d->failed) {
			return NULL;
		}
	}
	r = c->unused[big];
	if (r) {
		c->unused[big] = r->next;
	} else {
		r = malloc(rec_size(big));
		if (!r)
			return NULL;
		c->used += rec_size(big);
		r->big = big;
		r->meta = r->data + (big ? CACHE_BIG : CACHE_SMALL);
	}
	r->d = d;
	return r;
}

static void rec_insert(struct emu_rec *r, unsigned int nr)
{
	struct emu_cache *c = r->d->s->cache;
	uint64_t page = r->sector / EMU_PAGE_SECTORS, last = (r->sector + nr - 1) / EMU_PAGE_SECTORS;

	for (r->nr_nodes = 0; page <= last; page++, r->nr_nodes++) {
		struct emu_node *n = &r->nodes[r->nr_nodes], **bucket = cache_bucket(r->d, page);

		n->rec = r;
		n->page = page;
		n->link = bucket;
		n->next = *bucket;
		if (n->next)
			n->next->link = &n->next;
		*bucket = n;
	}
	r->slot = c->nr;
	c->all[c->nr++] = r;
	emu_list_add_tail(&r->of_drive, &r->d->recs);
	r->d->nr_recs++;
}

static void rec_fill(struct emu_rec *r, uint64_t sector, unsigned int nr, const void *data, const void *meta)
{
	unsigned int at = (unsigned int)(sector - r->sector), shift = r->d->shift - EMU_SECTOR_SHIFT;

	memcpy(r->data + at * EMU_SECTOR, data, nr * EMU_SECTOR);
	if (r->d->ms)
		memcpy(r->meta + (size_t)(at >> shift) * r->d->ms, meta, (size_t)(nr >> shift) * r->d->ms);
}

/* The record that holds the newest of all these sectors, if one does */
static struct emu_rec *cache_owner(struct emu_drive *d, uint64_t sector, unsigned int nr)
{
	struct emu_rec *owner = NULL;
	uint64_t page = sector / EMU_PAGE_SECTORS, last = (sector + nr - 1) / EMU_PAGE_SECTORS;

	for (; page <= last; page++) {
		struct emu_node *n = *cache_bucket(d, page);

		while ((n = node_match(n, d, page)) && !(n->rec->live & mask_shift(mask_of(nr), sector, n->rec->sector)))
			n = n->next;
		if (!n || (owner && owner != n->rec))
			return NULL;
		owner = n->rec;
	}
	return (mask_shift(owner->live, owner->sector, sector) & mask_of(nr)) == mask_of(nr) ? owner : NULL;
}

/* Sectors which a record that is newer than all takes from those in the cache; all: also from those that keep some. */
static void cache_supersede(struct emu_drive *d, uint64_t sector, unsigned int nr, bool all)
{
	struct emu_rec *dead = NULL;
	uint64_t page = sector / EMU_PAGE_SECTORS, last = (sector + nr - 1) / EMU_PAGE_SECTORS;

	for (; page <= last; page++)
		for (struct emu_node *n = *cache_bucket(d, page); (n = node_match(n, d, page)); n = n->next)
			if (all || !(n->rec->live & ~mask_shift(mask_of(nr), sector, n->rec->sector)))
				dead = rec_forget(n->rec, sector, mask_of(nr), dead);
	rec_free_all(dead);
}

/* At most EMU_ATOMIC_BYTES, whole or not at all. false: the drive has failed. */
bool emu_cache_write(struct emu_drive *d, uint64_t sector, unsigned int nr, const void *data, const void *meta, bool through)
{
	struct emu_rec *r = NULL;

	if (!through) {
		r = d->nr_recs ? cache_owner(d, sector, nr) : NULL;
		if (r) {
			rec_fill(r, sector, nr, data, meta);
			return true;
		}
		r = rec_alloc(d, nr > EMU_PAGE_SECTORS);
		if (d->failed)
			return false;
	}
	if (!r) {
		if (!emu_drive_land(d, sector, mask_of(nr), data, meta))
			return false;
		cache_supersede(d, sector, nr, true);
		return true;
	}
	/* What is covered in part stays whole until this record, or it, is on the medium. */
	cache_supersede(d, sector, nr, false);
	r->sector = sector;
	r->live = mask_of(nr);
	rec_fill(r, sector, nr, data, meta);
	rec_insert(r, nr);
	return true;
}

static void rec_copy(const struct emu_rec *r, uint64_t from, uint32_t mask, uint64_t sector, uint8_t *data, uint8_t *meta)
{
	unsigned int block = 1u << (r->d->shift - EMU_SECTOR_SHIFT);

	for (; mask; from++, mask >>= 1) {
		uint64_t at = from - r->sector, to = from - sector;

		if (!(mask & 1))
			continue;
		memcpy(data + to * EMU_SECTOR, r->data + at * EMU_SECTOR, EMU_SECTOR);
		if (meta && from % block == 0)
			memcpy(meta + to / block * r->d->ms, r->meta + at / block * r->d->ms, r->d->ms);
	}
}

/* Lays what is cached over what was read from the medium. */
void emu_cache_read(struct emu_drive *d, uint64_t sector, uint32_t nr, uint8_t *data, uint8_t *meta)
{
	uint64_t end = sector + nr;

	for (uint64_t at = sector, next; at < end; at = next) {
		uint64_t page = at / EMU_PAGE_SECTORS;
		uint32_t want;

		next = EMU_MIN(end, (page + 1) * EMU_PAGE_SECTORS);
		want = mask_of((unsigned int)(next - at));
		for (struct emu_node *n = *cache_bucket(d, page); want && (n = node_match(n, d, page)); n = n->next) {
			uint32_t have = want & mask_shift(n->rec->live, n->rec->sector, at);

			rec_copy(n->rec, at, have, sector, data, meta);
			want &= ~have;
		}
	}
}

bool emu_cache_covers(struct emu_drive *d, uint64_t sector, uint64_t nr)
{
	uint64_t page = sector / EMU_PAGE_SECTORS, last = (sector + nr - 1) / EMU_PAGE_SECTORS;

	for (; page <= last; page++)
		if (node_match(*cache_bucket(d, page), d, page))
			return true;
	return false;
}

bool emu_cache_has(struct emu_drive *d, uint64_t sector)
{
	struct emu_node *n = *cache_bucket(d, sector / EMU_PAGE_SECTORS);

	for (; (n = node_match(n, d, sector / EMU_PAGE_SECTORS)); n = n->next)
		if (mask_shift(n->rec->live, n->rec->sector, sector) & 1)
			return true;
	return false;
}

static bool rec_overlaps(const struct emu_rec *r, uint64_t sector, uint64_t nr)
{
	for (unsigned int i = 0; i < EMU_ATOMIC_SECTORS; i++)
		if (r->live >> i & 1 && r->sector + i >= sector && r->sector + i - sector < nr)
			return true;
	return false;
}

/* The medium has something newer in these sectors, or will have before anything else happens. */
void emu_cache_trim(struct emu_drive *d, uint64_t sector, uint64_t nr)
{
	struct emu_rec *dead = NULL;

	if (!d->nr_recs || !nr)
		return;
	if (nr / EMU_PAGE_SECTORS < d->nr_recs) {
		for (uint64_t end = sector + nr; sector < end; sector += EMU_ATOMIC_SECTORS)
			cache_supersede(d, sector, (unsigned int)EMU_MIN(end - sector, EMU_ATOMIC_SECTORS), true);
		return;
	}
	for (struct emu_list *l = d->recs.next; l != &d->recs; l = l->next) {
		struct emu_rec *r = EMU_ENTRY(l, struct emu_rec, of_drive);
		uint64_t from = EMU_MAX(sector, r->sector), to = EMU_MIN(sector + nr, r->sector + EMU_ATOMIC_SECTORS);

		if (from < to)
			dead = rec_forget(r, from, mask_of((unsigned int)(to - from)), dead);
	}
	rec_free_all(dead);
}

bool emu_cache_commit(struct emu_drive *d, uint64_t sector, uint64_t nr)
{
	struct emu_list *next;

	for (struct emu_list *l = d->recs.next; l != &d->recs; l = next) {
		struct emu_rec *r = EMU_ENTRY(l, struct emu_rec, of_drive);

		/* Oldest first, so that what this frees lies behind. */
		next = l->next;
		if (rec_overlaps(r, sector, nr) && !rec_land(r))
			return false;
	}
	return true;
}

bool emu_cache_flush(struct emu_drive *d)
{
	while (d->nr_recs)
		if (!rec_land(EMU_ENTRY(d->recs.next, struct emu_rec, of_drive)))
			return false;
	return !d->failed;
}

void emu_cache_drop(struct emu_drive *d)
{
	while (d->nr_recs)
		rec_free(EMU_ENTRY(d->recs.next, struct emu_rec, of_drive));
}

void emu_drive_cache_enable(struct emu_subsys *s, bool on)
{
	s->cache_off = !on;
	for (unsigned int i = 0; !on && i < EMU_MAX_DRIVES; i++)
		if (s->drives[i])
			emu_cache_flush(s->drives[i]);
}

static void cache_update_nuse(struct emu_subsys *s)
{
	for (unsigned int i = 0; i < EMU_MAX_NS; i++) {
		struct emu_ns *ns = &s->ns[i];

		if (!ns->nsid || !ns->drive || !ns->drive->nuse_stale)
			continue;
		ns->drive->nuse_stale = false;
		ns->nuse = EMU_MIN(emu_drive_allocated(ns->drive) >> ns->lba_shift, ns->ncap);
	}
}

static uint64_t cache_next(struct emu_subsys *s, uint64_t now)
{
	return now + 1 + emu_random(s, s->config.cache_us * 1000u);
}

/* A random part of the cache at random times: what a power cut finds on the medium is not what the host might guess. */
uint64_t emu_drive_run(struct emu_subsys *s)
{
	struct emu_cache *c = s->cache;
	uint64_t now = emu_now(s);
	bool stale = false;

	if (!c)
		return EMU_NEVER;
	for (unsigned int i = 0; i < EMU_MAX_DRIVES; i++)
		stale |= s->drives[i] && s->drives[i]->nuse_stale;
	if (!c->nr && !stale) {
		c->due = 0;
		return EMU_NEVER;
	}
	if (!c->due)
		c->due = cache_next(s, now);
	if (now < c->due)
		return c->due;
	for (unsigned int n = 1 + emu_random(s, CACHE_BATCH); n && c->nr; n--)
		rec_land(c->all[emu_random(s, c->nr)]);
	cache_update_nuse(s);
	c->due = c->nr ? cache_next(s, now) : 0;
	return c->nr ? c->due : EMU_NEVER;
}
