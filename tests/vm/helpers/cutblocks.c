// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cutblocks load DISK LEDGER SEED CUT flushes|writes-through
 *	writes DISK until the power goes, and logs to LEDGER what was acknowledged and what is durable.
 * cutblocks check DISK LEDGER MAP
 *	after the power is back: is every block what the last load allows, and no atomic write torn? MAP is what the blocks
 *	held when they were last looked at.
 * LEDGER and MAP are the host's files: a write(2) to them is done when it returns. The ledger's head makes the checker
 * draw the same operations again. Lines: "a OP" acknowledged, "f OP" acknowledged and written through, "s NR" a flush that
 * began after the first NR acknowledgements is done, "e TEXT" the load failed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/aio_abi.h>
#include <linux/fs.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#ifndef RWF_ATOMIC
#error "the headers know no atomic writes"
#endif

#define DEPTH	   16u
#define MAX_BYTES  (128u << 10) /* of one write */
#define READ_BYTES (256u << 10)
#define MAX_OPS	   (1u << 20)
#define MAGIC	   0x43585047u
#define SHOW	   8u

enum { MISSING, FOREIGN, TORN_BLOCK, TORN_WRITE, FAILED, NR_WRONG };
static const char *const wrong_names[NR_WRONG] = { "missing", "foreign", "torn-block", "torn-write", "failed" };

/* A version of a block: cut << 32 | number of the operation + 1. Never written: 0. */
struct head {
	uint32_t magic, disk;
	uint64_t version;
	uint32_t lba, nr, pad, crc;
};

struct op {
	uint32_t lba, nr;
	bool flush, through, atomic;
};

static struct {
	int fd;
	unsigned int block, unit;
	uint32_t blocks;
} disk;

static struct {
	uint64_t seed;
	uint32_t cut;
	bool through; /* the mix: rather written through than flushed */
	uint64_t state;
} draw;

static unsigned int wrong[NR_WRONG];

static void __attribute__((format(printf, 1, 2), noreturn)) fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("FAILED: cutblocks: ", stdout);
	vprintf(fmt, args);
	putchar('\n');
	exit(1);
}

static void __attribute__((format(printf, 2, 3))) violation(unsigned int kind, const char *fmt, ...)
{
	va_list args;

	if (wrong[kind]++ >= SHOW)
		return;
	va_start(args, fmt);
	printf("WRONG %s: ", wrong_names[kind]);
	vprintf(fmt, args);
	putchar('\n');
}

static uint32_t crc32_of(const void *data, size_t len)
{
	static uint32_t table[256];
	const uint8_t *p = data;
	uint32_t crc = ~0u;

	for (uint32_t i = 0; !table[255] && i < 256; i++) {
		crc = i;
		for (unsigned int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
		table[i] = crc;
	}
	for (crc = ~0u; len; len--)
		crc = crc >> 8 ^ table[(crc ^ *p++) & 0xff];
	return ~crc;
}

static uint32_t below(uint32_t n)
{
	draw.state ^= draw.state >> 12;
	draw.state ^= draw.state << 25;
	draw.state ^= draw.state >> 27;
	return (uint32_t)((draw.state * 2685821657736338717ull >> 32) % n);
}

static void draw_start(void)
{
	draw.state = (draw.seed + draw.cut * 0x9e3779b97f4a7c15ull + disk.block) * 0xd1342543de82ef95ull | 1;
}

/* The next operation. A hot part of the disk sees most of them, so that blocks have many versions. */
static struct op draw_op(void)
{
	uint32_t span = below(3) ? disk.blocks / 32 : disk.blocks, most = MAX_BYTES / disk.block, sizes = 1, dice = below(100);
	struct op op = { 0 };

	if (dice < (draw.through ? 1u : 8u)) {
		op.flush = true;
		return op;
	}
	op.through = below(100) < (draw.through ? 60u : 8u);
	op.atomic = below(10) < 7;
	if (op.atomic) {
		/* a power of two, at a multiple of itself: what RWF_ATOMIC takes */
		while (disk.block << sizes <= disk.unit)
			sizes++;
		op.nr = 1u << below(sizes);
		op.lba = below(span / op.nr) * op.nr;
	} else {
		op.nr = 1 + below(below(4) ? most / 8 : most);
		op.lba = below(span - op.nr + 1);
	}
	return op;
}

static uint64_t body_word(const struct head *h, unsigned int i)
{
	return (h->version * 0x9e3779b97f4a7c15ull ^ (uint64_t)h->crc << 32 ^ h->lba) + i * 0xd1342543de82ef95ull;
}

static void stamp(uint8_t *data, uint64_t version, uint32_t lba, uint32_t nr)
{
	struct head h = { .magic = MAGIC, .disk = disk.block, .version = version, .lba = lba, .nr = nr };

	h.crc = crc32_of(&h, offsetof(struct head, crc));
	memcpy(data, &h, sizeof(h));
	for (unsigned int i = sizeof(h) / 8; i < disk.block / 8; i++)
		memcpy(data + i * 8, &(uint64_t){ body_word(&h, i) }, 8);
}

/* Whether the block is as one write left it, and which */
static bool decode(const uint8_t *data, uint32_t lba, uint64_t *version)
{
	struct head h;
	uint64_t word;

	memcpy(&h, data, sizeof(h));
	*version = h.version;
	if (!h.magic) {
		for (unsigned int i = 0; i < disk.block; i++)
			if (data[i])
				return false;
		return true;
	}
	if (h.magic != MAGIC || h.disk != disk.block || h.lba != lba || h.crc != crc32_of(&h, offsetof(struct head, crc)))
		return false;
	for (unsigned int i = sizeof(h) / 8; i < disk.block / 8; i++) {
		memcpy(&word, data + i * 8, 8);
		if (word != body_word(&h, i))
			return false;
	}
	return true;
}

static void disk_open(const char *path)
{
	char name[128];
	uint64_t bytes;
	struct stat st;
	FILE *f;

	disk.fd = open(path, O_RDWR | O_DIRECT);
	if (disk.fd < 0 || fstat(disk.fd, &st) || ioctl(disk.fd, BLKSSZGET, &disk.block) || ioctl(disk.fd, BLKGETSIZE64, &bytes))
		fail("%s: %s", path, strerror(errno));
	disk.blocks = (uint32_t)(bytes / disk.block);
	snprintf(name, sizeof(name), "/sys/dev/block/%u:%u/queue/atomic_write_unit_max_bytes", major(st.st_rdev),
		 minor(st.st_rdev));
	f = fopen(name, "r");
	if (!f || fscanf(f, "%u", &disk.unit) != 1 || disk.unit < 2 * disk.block || disk.unit > MAX_BYTES)
		fail("%s: no atomic writes of several blocks here", name);
	fclose(f);
}

static void *pages(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		fail("no memory");
	return p;
}

/* ---- load ---- */

static struct slot {
	struct iocb iocb;
	struct op op;
	uint32_t number;
	unsigned int acked; /* flush: acknowledgements that it covers */
	bool busy;
	uint8_t *data;
} slots[DEPTH];

static int ledger;
static unsigned int acks;
static char lines[64 * DEPTH];
static size_t lines_len;

static void ledger_line(char kind, unsigned int number)
{
	lines_len += (size_t)sprintf(lines + lines_len, "%c %u\n", kind, number);
}

/* In one call, which a kill lets happen whole or not at all */
static void ledger_write(void)
{
	if (lines_len && write(ledger, lines, lines_len) != (ssize_t)lines_len)
		fail("the ledger: %s", strerror(errno));
	lines_len = 0;
}

static void ledger_open(const char *path)
{
	char fresh[256];

	snprintf(fresh, sizeof(fresh), "%s.new", path);
	ledger = open(fresh, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (ledger < 0)
		fail("%s: %s", fresh, strerror(errno));
	lines_len = (size_t)sprintf(lines, "cutblocks %" PRIu64 " %u %u %u\n", draw.seed, draw.cut, draw.through, disk.unit);
	ledger_write();
	if (rename(fresh, path))
		fail("%s: %s", path, strerror(errno));
}

static bool op_overlaps(const struct op *op)
{
	for (unsigned int i = 0; i < DEPTH; i++)
		if (slots[i].busy && !slots[i].op.flush && op->lba < slots[i].op.lba + slots[i].op.nr &&
		    slots[i].op.lba < op->lba + op->nr)
			return true;
	return false;
}

static void slot_fill(struct slot *s, const struct op *op, uint32_t number)
{
	s->op = *op;
	s->number = number;
	s->acked = acks;
	s->busy = true;
	s->iocb = (struct iocb){ .aio_data = (uint64_t)(uintptr_t)s, .aio_fildes = (uint32_t)disk.fd };
	if (op->flush) {
		s->iocb.aio_lio_opcode = IOCB_CMD_FDSYNC;
		return;
	}
	for (uint32_t i = 0; i < op->nr; i++)
		stamp(s->data + (size_t)i * disk.block, (uint64_t)draw.cut << 32 | (number + 1), op->lba + i, op->nr);
	s->iocb.aio_lio_opcode = IOCB_CMD_PWRITE;
	s->iocb.aio_buf = (uint64_t)(uintptr_t)s->data;
	s->iocb.aio_nbytes = (uint64_t)op->nr * disk.block;
	s->iocb.aio_offset = (int64_t)op->lba * disk.block;
	/* Unlike write(2), an asynchronous one is not followed by a flush: FUA is on its own. */
	s->iocb.aio_rw_flags = (op->through ? RWF_DSYNC : 0) | (op->atomic ? RWF_ATOMIC : 0);
}

static void slot_done(struct slot *s, int64_t result)
{
	int64_t want = s->op.flush ? 0 : (int64_t)s->op.nr * disk.block;

	s->busy = false;
	if (result != want) {
		lines_len += (size_t)sprintf(lines + lines_len, "e operation %u: %" PRId64 "\n", s->number, result);
		return;
	}
	if (!s->op.flush)
		acks++;
	ledger_line(s->op.flush ? 's' : s->op.through ? 'f' : 'a', s->op.flush ? s->acked : s->number);
}

static void load(void)
{
	aio_context_t context = 0;
	struct io_event events[DEPTH];
	struct op op = draw_op();
	uint32_t number = 0;

	for (unsigned int i = 0; i < DEPTH; i++)
		slots[i].data = pages(MAX_BYTES);
	if (syscall(SYS_io_setup, DEPTH, &context))
		fail("io_setup: %s", strerror(errno));
	while (number < MAX_OPS) {
		struct iocb *batch[DEPTH];
		/* not drawn: how many fit depends on the time that others took */
		long nr = 0, most = 1 + (number * 2654435761u >> 29);

		for (unsigned int i = 0; i < DEPTH && nr < most; i++) {
			if (slots[i].busy)
				continue;
			if (!op.flush && op_overlaps(&op))
				break;
			slot_fill(&slots[i], &op, number++);
			batch[nr++] = &slots[i].iocb;
			op = draw_op();
		}
		if (nr && syscall(SYS_io_submit, context, nr, batch) != nr)
			fail("io_submit: %s", strerror(errno));
		nr = syscall(SYS_io_getevents, context, 1, DEPTH, events, NULL);
		if (nr < 0)
			fail("io_getevents: %s", strerror(errno));
		for (long i = 0; i < nr; i++)
			slot_done((struct slot *)(uintptr_t)events[i].data, events[i].res);
		ledger_write();
	}
}

/* ---- check ---- */

static struct block {
	uint64_t base;	/* what it held before the load */
	uint64_t floor; /* durable: it must not be older */
	uint64_t acked; /* newest that was acknowledged */
	uint64_t found;
} *blocks;

struct map {
	uint32_t cut, blocks; /* looked at after this cut */
	uint64_t version[];
};

static struct op *ops;
static uint32_t *acked_ops;
static uint32_t nr_ops, nr_acked, completed;

static void map_load(const char *path, uint32_t *cut)
{
	size_t size = sizeof(struct map) + disk.blocks * sizeof(uint64_t);
	struct map *map = malloc(size);
	int fd = open(path, O_RDONLY);

	*cut = 0;
	if (fd < 0 && errno == ENOENT) {
		free(map);
		return;
	}
	if (!map || fd < 0 || read(fd, map, size) != (ssize_t)size || map->blocks != disk.blocks)
		fail("%s: not the map of this disk", path);
	*cut = map->cut;
	for (uint32_t i = 0; i < disk.blocks; i++)
		blocks[i].base = map->version[i];
	free(map);
	close(fd);
}

static void map_store(const char *path)
{
	size_t size = sizeof(struct map) + disk.blocks * sizeof(uint64_t);
	struct map *map = malloc(size);
	char fresh[256];
	int fd;

	snprintf(fresh, sizeof(fresh), "%s.new", path);
	fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (!map || fd < 0)
		fail("%s: %s", fresh, strerror(errno));
	map->cut = draw.cut;
	map->blocks = disk.blocks;
	for (uint32_t i = 0; i < disk.blocks; i++)
		map->version[i] = blocks[i].found;
	if (write(fd, map, size) != (ssize_t)size || close(fd) || rename(fresh, path))
		fail("%s: %s", path, strerror(errno));
	free(map);
}

static uint64_t version_of(uint32_t number)
{
	return (uint64_t)draw.cut << 32 | (number + 1);
}

static void raise_to(uint64_t *version, uint64_t to)
{
	if (*version < to)
		*version = to;
}

static void op_acked(uint32_t number, bool through)
{
	const struct op *op;

	if (number >= nr_ops || ops[number].flush)
		fail("the ledger acknowledges operation %u", number);
	op = &ops[number];
	acked_ops[nr_acked++] = number;
	for (uint32_t i = op->lba; i < op->lba + op->nr; i++) {
		raise_to(&blocks[i].acked, version_of(number));
		if (through)
			raise_to(&blocks[i].floor, version_of(number));
	}
}

static void flush_done(uint32_t acknowledged)
{
	for (uint32_t n = 0; n < acknowledged && n < nr_acked; n++) {
		const struct op *op = &ops[acked_ops[n]];

		for (uint32_t i = op->lba; i < op->lba + op->nr; i++)
			raise_to(&blocks[i].floor, version_of(acked_ops[n]));
	}
}

static void ledger_line_read(char *line, bool count_only)
{
	char *text = line + 2;

	if (count_only)
		completed += *line != 'e';
	else if (*line == 'a' || *line == 'f')
		op_acked((uint32_t)strtoul(text, NULL, 10), *line == 'f');
	else if (*line == 's')
		flush_done((uint32_t)strtoul(text, NULL, 10));
	else
		violation(FAILED, "before the cut: %s", text);
}

static void ledger_lines(char *text, bool count_only)
{
	for (char *end; (end = strchr(text, '\n')); text = end + 1) {
		*end = 0;
		ledger_line_read(text, count_only);
		*end = '\n';
	}
}

/* false: there was no load yet. What the load drew is drawn again. */
static bool ledger_read(const char *path)
{
	unsigned int through, unit;
	struct stat st;
	char *text, *body;
	int fd = open(path, O_RDONLY);

	if (fd < 0 && errno == ENOENT)
		return false;
	if (fd < 0 || fstat(fd, &st))
		fail("%s: %s", path, strerror(errno));
	text = calloc(1, (size_t)st.st_size + 1);
	if (!text || read(fd, text, (size_t)st.st_size) != st.st_size)
		fail("%s: %s", path, strerror(errno));
	close(fd);
	body = strchr(text, '\n');
	if (!body || sscanf(text, "cutblocks %" SCNu64 " %u %u %u", &draw.seed, &draw.cut, &through, &unit) != 4)
		fail("%s: not a ledger", path);
	draw.through = through;
	disk.unit = unit;
	ledger_lines(body + 1, true);
	/* at most those were under way that had not been logged */
	nr_ops = completed + DEPTH;
	ops = calloc(nr_ops, sizeof(*ops));
	acked_ops = calloc(nr_ops, sizeof(*acked_ops));
	if (!ops || !acked_ops)
		fail("no memory");
	draw_start();
	for (uint32_t i = 0; i < nr_ops; i++)
		ops[i] = draw_op();
	ledger_lines(body + 1, false);
	free(text);
	return true;
}

static void look_at(uint32_t lba, const uint8_t *data)
{
	struct block *b = &blocks[lba];
	uint32_t number;

	if (!decode(data, lba, &b->found)) {
		violation(TORN_BLOCK, "block %u of %u bytes", lba, disk.block);
		return;
	}
	number = (uint32_t)b->found - 1;
	if (b->found != b->base && (b->found >> 32 != draw.cut || number >= nr_ops || ops[number].flush ||
				    lba < ops[number].lba || lba - ops[number].lba >= ops[number].nr))
		violation(FOREIGN, "block %u holds version %" PRIx64 ", which nobody wrote there after %" PRIx64, lba, b->found,
			  b->base);
	else if (b->found < b->floor)
		violation(MISSING, "block %u holds version %" PRIx64 ", but %" PRIx64 " was durable", lba, b->found, b->floor);
}

static void look_at_all(void)
{
	uint8_t *data = pages(READ_BYTES);
	uint32_t step = READ_BYTES / disk.block;

	for (uint32_t lba = 0; lba < disk.blocks; lba += step) {
		uint32_t nr = disk.blocks - lba < step ? disk.blocks - lba : step;
		ssize_t want = (ssize_t)nr * disk.block;

		if (pread(disk.fd, data, (size_t)want, (off_t)lba * disk.block) != want)
			fail("blocks from %u cannot be read: %s", lba, strerror(errno));
		for (uint32_t i = 0; i < nr; i++)
			look_at(lba + i, data + (size_t)i * disk.block);
	}
}

/* If one block is this write's, none may be older. Returns how many writes were looked at. */
static unsigned int look_for_torn(unsigned int *torn_above)
{
	unsigned int looked = 0;

	for (uint32_t n = 0; n < nr_ops; n++) {
		bool some = false, older = false;

		for (uint32_t i = ops[n].lba; !ops[n].flush && i < ops[n].lba + ops[n].nr; i++) {
			some |= blocks[i].found == version_of(n);
			older |= blocks[i].found < version_of(n);
		}
		looked += some && ops[n].atomic && ops[n].nr > 1;
		if (!some || !older)
			continue;
		if (ops[n].atomic)
			violation(TORN_WRITE, "operation %u, blocks %u to %u", n, ops[n].lba, ops[n].lba + ops[n].nr - 1);
		else
			(*torn_above)++;
	}
	return looked;
}

static int check(const char *ledger_path, const char *map_path)
{
	unsigned int lost = 0, durable = 0, looked, torn_above = 0, all = 0;
	uint32_t seen;

	blocks = calloc(disk.blocks, sizeof(*blocks));
	if (!blocks)
		fail("no memory");
	map_load(map_path, &seen);
	/* a check that was itself cut, behind its last step, has told all */
	if (ledger_read(ledger_path) && seen == draw.cut) {
		nr_ops = nr_acked = 0;
		for (uint32_t i = 0; i < disk.blocks; i++)
			blocks[i].floor = blocks[i].acked = 0;
	}
	look_at_all();
	looked = look_for_torn(&torn_above);
	for (uint32_t i = 0; i < disk.blocks; i++) {
		durable += blocks[i].floor > 0;
		lost += blocks[i].found < blocks[i].acked && blocks[i].found >= blocks[i].floor;
	}
	map_store(map_path);
	printf("blocks=%u writes=%u durable=%u lost=%u atomic=%u torn-above=%u", disk.blocks, nr_acked, durable, lost, looked,
	       torn_above);
	for (unsigned int i = 0; i < NR_WRONG; i++) {
		printf(" %s=%u", wrong_names[i], wrong[i]);
		all += wrong[i];
	}
	putchar('\n');
	return all ? 1 : 0;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 7 && !strcmp(argv[1], "load")) {
		disk_open(argv[2]);
		draw.seed = strtoull(argv[4], NULL, 0);
		draw.cut = (uint32_t)strtoul(argv[5], NULL, 0);
		draw.through = !strcmp(argv[6], "writes-through");
		ledger_open(argv[3]);
		draw_start();
		load();
		return 0;
	}
	if (argc == 5 && !strcmp(argv[1], "check")) {
		disk_open(argv[2]);
		return check(argv[3], argv[4]);
	}
	fprintf(stderr,
		"usage: cutblocks load DISK LEDGER SEED CUT flushes|writes-through\n       cutblocks check DISK LEDGER MAP\n");
	return 2;
}
