// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Power cuts: random commands, the power goes at a random instant, and every block is looked at. What was flushed or
 * written with FUA is there (or something newer), nothing is torn inside of the atomic unit, and every block is one of its
 * versions since the last flush; counters and the event log go on. Formats and sanitize operations have erased all or
 * nothing, and what else outlives power (lasting.h) is what the last command wrote.
 * With LONG=1 10000 hosts are killed, two at a time; POWER_CUTS= is another number of cuts, a sixth of them kills.
 */
/* Covers: GMX_ADM_NS_MGMT GMX_ADM_FW_COMMIT GMX_ADM_FW_DOWNLOAD GMX_ADM_SELF_TEST GMX_ADM_MI_SEND GMX_ADM_FORMAT
 * GMX_ADM_SANITIZE GMX_NVM_FLUSH GMX_NVM_WRITE GMX_NVM_READ GMX_NVM_WRITE_UNCOR GMX_NVM_WRITE_ZEROES GMX_NVM_DSM
 * GMX_LOG_SMART GMX_LOG_FW_SLOT GMX_LOG_SELF_TEST GMX_LOG_SANITIZE GMX_VND_LOG_EVENTS GMX_VND_FEAT_RECOVERY */
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "lasting.h"

#define ALL	   0xffffffffu
#define NR_NS	   4u
#define EXTRA	   (NR_NS + 1) /* the namespace that comes and goes */
#define BLOCKS	   256u	       /* of each namespace */
#define ROUND	   300u	       /* commands, at most, between two cuts */
#define VERSIONS   (ROUND + 2)
#define ZEROES	   0 /* what a block holds when it is not a command's number */
#define UNREADABLE UINT64_MAX
#define TORN	   (UINT64_MAX - 1)
#define SHOW	   5

static const char honest[] =
	"{ \"seed\": 7, \"cache_bytes\": \"256K\", \"namespaces\": [ { \"size\": \"128K\" }, { \"size\": \"1M\", \"block\": 4096 },"
	" { \"size\": \"128K\", \"metadata\": 8 }, { \"size\": \"1M\", \"block\": 4096, \"metadata\": 64 } ] }";
static const char lying[] =
	"{ \"seed\": 7, \"cache_bytes\": \"256K\", \"flush_lies\": true, \"namespaces\": [ { \"size\": \"128K\" },"
	" { \"size\": \"1M\", \"block\": 4096 }, { \"size\": \"128K\", \"metadata\": 8 },"
	" { \"size\": \"1M\", \"block\": 4096, \"metadata\": 64 } ] }";

enum kind {
	WRITE,
	FUA,
	FLUSH,
	DEALLOCATE,
	WRITE_ZEROES,
	UNCORRECTABLE,
	RUN,
	MANAGE,
	FORMAT,
	SANITIZE,
	SELF_TEST,
	LASTING, /* and those behind it, in the order of enum lasting */
	NR_KINDS = LASTING + NR_LASTING,
};

static const char *const kind_names[] = {
	"writes",  "writes with FUA", "flushes",    "deallocations",  "zeroes",	  "write uncorrectable", "nothing", "namespaces",
	"formats", "sanitize",	      "self-tests", "saved features", "firmware", "product data",
};

struct op {
	enum kind kind;
	uint32_t nsid, lba, nr, extra;
};

struct version {
	uint64_t number;
	enum kind kind;
};

static struct block {
	unsigned int nr;
	struct version v[VERSIONS]; /* [0]: what is on the medium for sure, then all that came after it */
	uint64_t found;		    /* number of the newest version that it can be */
} blocks[NR_NS][BLOCKS];

static struct op ops[ROUND];
static uint64_t first_number; /* of ops[0]; numbers are never used again */
static bool extra_there, extra_unsure;
static bool careless; /* the host forgets FUA and flushes */
static unsigned int wrong, lost;
static unsigned int killed_in[NR_KINDS], killed_opening;
static unsigned int kept, erased; /* blocks, of an erasing command that was cut short */
static uint64_t last_of[NR_LASTING], next_of[NR_LASTING];
static bool test_done, test_unsure;
static bool quiet;
static uint64_t cycles, unsafe, last_event; /* as the controller told before the cut */
static uint64_t random_state;

static uint32_t below(uint32_t n)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (uint32_t)((random_state * 2685821657736338717ull >> 32) % n);
}

__attribute__((format(printf, 1, 2))) static void violation(const char *fmt, ...)
{
	va_list args;

	if (wrong++ >= SHOW || quiet)
		return;
	va_start(args, fmt);
	printf("# ");
	vprintf(fmt, args);
	putchar('\n');
	va_end(args);
}

static uint32_t shift_of(uint32_t nsid)
{
	return nsid % 2 ? 9 : 12;
}

static uint32_t ms_of(uint32_t nsid)
{
	return nsid == 3 ? 8 : nsid == 4 ? 64 : 0;
}

static enum kind rare_kind(void)
{
	enum kind kind = MANAGE + below(NR_KINDS - MANAGE);

	/* it takes everything away, and so most of what the others could do wrong */
	return kind == SANITIZE && below(4) ? MANAGE : kind;
}

static struct op random_op(void)
{
	uint32_t dice = below(1000), nsid = 1 + below(NR_NS), atomic = EMU_ATOMIC_BYTES >> shift_of(nsid);
	uint32_t most = below(4) ? atomic : EMU_MIN(4 * atomic, 131072u >> shift_of(nsid)) - atomic / 2,
		 span = below(2) ? BLOCKS : 24;
	struct op op = { .nsid = nsid, .extra = below(1000) };

	op.kind = dice < 550   ? WRITE
		  : dice < 670 ? FUA
		  : dice < 720 ? FLUSH
		  : dice < 770 ? DEALLOCATE
		  : dice < 810 ? WRITE_ZEROES
		  : dice < 840 ? UNCORRECTABLE
		  : dice < 990 ? RUN
			       : rare_kind();
	most = below(5) ? most : 3;
	op.nr = 1 + below(EMU_MIN(most, span));
	if (!below(4))
		op.nr = EMU_MIN(atomic, span);
	op.lba = below(span - op.nr + 1);
	if (op.kind == FLUSH && !below(3))
		op.nsid = ALL;
	return op;
}

static void stamp(uint8_t *data, uint8_t *meta, uint64_t number, uint32_t nsid, uint32_t lba)
{
	uint64_t word = number << 16 | nsid << 12 | lba;

	for (uint32_t i = 0; i < 1u << shift_of(nsid); i += 8)
		memcpy(data + i, &word, 8);
	for (uint32_t i = 0; i < ms_of(nsid); i++)
		meta[i] = (uint8_t)(number * 31 + lba * 7 + i);
}

/* Which command's block this is */
static uint64_t decode(const uint8_t *data, const uint8_t *meta, uint32_t nsid, uint32_t lba)
{
	static uint8_t want[4096], tags[64];
	uint64_t word;

	memcpy(&word, data, 8);
	memset(want, 0, sizeof(want));
	memset(tags, 0, sizeof(tags));
	if (word)
		stamp(want, tags, word >> 16, nsid, lba);
	if (memcmp(data, want, 1u << shift_of(nsid)) || memcmp(meta, tags, ms_of(nsid)))
		return TORN;
	return word >> 16;
}

static uint16_t block_io(uint8_t opcode, uint32_t nsid, uint32_t lba, uint32_t nr, uint8_t *data, uint8_t *meta, uint32_t control)
{
	return nvm(.opcode = opcode, .nsid = nsid, .cdw10 = lba, .cdw12 = (nr - 1) | control << 16, .data = data,
		   .len = data ? nr << shift_of(nsid) : 0, .meta = ms_of(nsid) ? meta : NULL,
		   .meta_len = data ? nr * ms_of(nsid) : 0);
}

static uint16_t manage(void)
{
	struct gmx_id_ns id = { .nsze = htole64(8), .ncap = htole64(8) };

	if (emu_ns_find(bed, EXTRA))
		return admin(.opcode = GMX_ADM_NS_MGMT, .nsid = EXTRA, .cdw10 = 1);
	return admin(.opcode = GMX_ADM_NS_MGMT, .data = &id, .len = sizeof(id));
}

static uint16_t execute(const struct op *op, uint64_t number)
{
	static uint8_t data[128 << 10], meta[256 * 64];
	struct gmx_dsm_range range = { .nlb = htole32(op->nr), .slba = htole64(op->lba) };

	switch (op->kind) {
	case WRITE:
	case FUA:
		for (uint32_t i = 0; i < op->nr; i++)
			stamp(data + ((size_t)i << shift_of(op->nsid)), meta + i * ms_of(op->nsid), number, op->nsid,
			      op->lba + i);
		return block_io(GMX_NVM_WRITE, op->nsid, op->lba, op->nr, data, meta,
				op->kind == FUA && !careless ? GMX_RW_FUA : 0);
	case FLUSH: return careless ? 0 : nvm(.opcode = GMX_NVM_FLUSH, .nsid = op->nsid);
	case DEALLOCATE:
		return nvm(.opcode = GMX_NVM_DSM, .nsid = op->nsid, .cdw11 = GMX_DSM_AD, .data = &range, .len = sizeof(range));
	case WRITE_ZEROES:
		return block_io(GMX_NVM_WRITE_ZEROES, op->nsid, op->lba, op->nr, NULL, NULL, op->extra % 2 ? GMX_RW_DEAC : 0);
	case UNCORRECTABLE: return block_io(GMX_NVM_WRITE_UNCOR, op->nsid, op->lba, op->nr, NULL, NULL, 0);
	case RUN: bed_run(op->extra * 10000ull); return 0;
	case MANAGE: return manage();
	case FORMAT: return lasting_format(op->nsid);
	case SANITIZE: return lasting_sanitize();
	case SELF_TEST: return lasting_self_test();
	default: return lasting_write((enum lasting)(op->kind - LASTING), number);
	}
}

static void settle(struct block *b, struct version v)
{
	b->nr = 1;
	b->v[0] = v;
}

static void account_erased(uint32_t nsid, struct version v, bool done)
{
	for (uint32_t i = 0; i < BLOCKS; i++) {
		struct block *b = &blocks[nsid - 1][i];

		if (done)
			settle(b, v);
		else
			b->v[b->nr++] = v;
	}
}

/* What a command leaves possible; done: it was completed. */
static void account(const struct op *op, uint64_t number, bool done)
{
	if (op->kind >= LASTING) {
		next_of[op->kind - LASTING] = number;
		if (done)
			last_of[op->kind - LASTING] = number;
		return;
	}
	switch (op->kind) {
	case FORMAT: account_erased(op->nsid, (struct version){ number, op->kind }, done); return;
	case SANITIZE:
		for (uint32_t nsid = 1; nsid <= NR_NS; nsid++)
			account_erased(nsid, (struct version){ number, op->kind }, done);
		return;
	case SELF_TEST:
		test_done |= done;
		test_unsure |= !done;
		return;
	case RUN: return;
	case MANAGE:
		extra_unsure = !done;
		extra_there ^= done;
		return;
	case FLUSH:
		for (uint32_t n = 0; n < NR_NS; n++)
			for (uint32_t i = 0; done && i < BLOCKS; i++)
				if (op->nsid == ALL || op->nsid == n + 1)
					settle(&blocks[n][i], blocks[n][i].v[blocks[n][i].nr - 1]);
		return;
	default: break;
	}
	for (uint32_t i = op->lba; i < op->lba + op->nr; i++) {
		struct block *b = &blocks[op->nsid - 1][i];
		struct version v = { number, op->kind };

		if (op->kind == DEALLOCATE && b->v[b->nr - 1].kind == UNCORRECTABLE)
			continue;
		if (op->kind == FUA && done)
			settle(b, v);
		else
			b->v[b->nr++] = v;
	}
}

static uint64_t content(const struct version *v)
{
	return v->kind == UNCORRECTABLE ? UNREADABLE : v->kind == WRITE || v->kind == FUA ? v->number : ZEROES;
}

/* The newest version is an erasure that was cut short: is this block for it, or against it? */
static void look_erased(const struct block *b, unsigned int found)
{
	enum kind kind = b->v[b->nr - 1].kind;
	bool other = false;

	if (b->nr < 2 || (kind != FORMAT && kind != SANITIZE))
		return;
	for (unsigned int i = 0; i < b->nr - 1; i++)
		other |= content(&b->v[i]) == ZEROES;
	kept += found < b->nr - 1;
	erased += found == b->nr - 1 && !other;
}

static void look_at(uint32_t nsid, uint32_t lba, uint64_t holds, bool newest)
{
	struct block *b = &blocks[nsid - 1][lba];
	unsigned int i = b->nr;

	while (i && content(&b->v[i - 1]) != holds)
		i--;
	if (!i || (newest && holds != content(&b->v[b->nr - 1])))
		violation("namespace %u block %u holds %llx, %s%llu..%llu", nsid, lba, (unsigned long long)holds,
			  newest ? "before the cut " : "", (unsigned long long)b->v[0].number,
			  (unsigned long long)b->v[b->nr - 1].number);
	lost += !newest && i && i < b->nr;
	i = i ? i - 1 : b->nr - 1;
	if (!newest)
		look_erased(b, i);
	b->found = b->v[i].number;
	if (!newest)
		settle(b, b->v[i]);
}

static void read_blocks(bool newest)
{
	static uint8_t data[16 * 4096], meta[16 * 64];

	for (uint32_t nsid = 1; nsid <= NR_NS; nsid++) {
		for (uint32_t lba = 0; lba < BLOCKS; lba += 16) {
			uint16_t all = block_io(GMX_NVM_READ, nsid, lba, 16, data, meta, 0);

			for (uint32_t i = 0; i < 16; i++) {
				uint8_t *d = data + ((size_t)i << shift_of(nsid)), *m = meta + i * ms_of(nsid);
				uint16_t status = all ? block_io(GMX_NVM_READ, nsid, lba + i, 1, d, m, 0) : 0;

				if (status && GMX_STS_CODE(status) != GMX_SC_READ_ERROR)
					violation("namespace %u block %u: status %04x", nsid, lba + i, status);
				look_at(nsid, lba + i, status ? UNREADABLE : decode(d, m, nsid, lba + i), newest);
			}
		}
	}
}

/* If one block of an atomic unit is this command's, none may be older. */
static void look_for_torn(unsigned int nr)
{
	for (unsigned int n = 0; n < nr; n++) {
		const struct op *op = &ops[n];
		uint64_t number = first_number + n;
		uint32_t unit;

		if (op->kind != WRITE && op->kind != FUA)
			continue;
		unit = EMU_ATOMIC_BYTES >> shift_of(op->nsid);
		for (uint32_t at = 0; at < op->nr; at += unit) {
			bool some = false, older = false;

			for (uint32_t i = at; i < EMU_MIN(at + unit, op->nr); i++) {
				uint64_t found = blocks[op->nsid - 1][op->lba + i].found;

				some |= found == number;
				older |= found < number;
			}
			if (some && older)
				violation("command %llu, namespace %u, %u blocks at %u, is torn behind %u",
					  (unsigned long long)number, op->nsid, op->nr, op->lba, at);
		}
	}
}

static uint16_t log_page(unsigned int page, uint32_t offset, void *buf, uint32_t len)
{
	return admin(.opcode = GMX_ADM_GET_LOG, .nsid = ALL, .cdw10 = page | GMX_LOG_RAE | (len / 4 - 1) << 16, .cdw12 = offset,
		     .data = buf, .len = len);
}

static uint64_t counter(const uint8_t bytes[16])
{
	uint64_t value;

	memcpy(&value, bytes, sizeof(value));
	return le64toh(value);
}

static void read_lasting(void)
{
	uint64_t test = lasting_test_result(), passed = GMX_SELFTEST_SHORT << 4 | GMX_SELFTEST_PASSED;

	for (unsigned int i = 0; i < NR_LASTING; i++) {
		uint64_t holds = lasting_read((enum lasting)i);

		if (lasting_same((enum lasting)i, holds, next_of[i]))
			last_of[i] = next_of[i];
		else if (!lasting_same((enum lasting)i, holds, last_of[i]))
			violation("%s is of command %llx, not %llx or %llx", lasting_names[i], (unsigned long long)holds,
				  (unsigned long long)last_of[i], (unsigned long long)next_of[i]);
		next_of[i] = last_of[i];
	}
	if (test_unsure ? test == LASTING_NONE : test_done && test != passed)
		violation("the newest self-test %s %llx", test_unsure ? "still runs:" : "that was done has the result",
			  (unsigned long long)test);
	test_done = test_unsure = false;
}

/* lives: how often the power came since the last time, at most; least: at least */
static void read_counters(unsigned int least, unsigned int lives)
{
	uint64_t cuts;
	static struct gmx_vnd_event events[64];
	struct gmx_log_smart smart;
	struct gmx_vnd_log_events head;
	uint32_t count, nr;

	if (log_page(GMX_LOG_SMART, 0, &smart, sizeof(smart)) || log_page(GMX_VND_LOG_EVENTS, 0, &head, sizeof(head))) {
		violation("log pages cannot be read");
		return;
	}
	cuts = counter(smart.power_cycles) - cycles;
	if (lives && (cuts < least || cuts > lives || counter(smart.unsafe_shutdowns) != unsafe + cuts))
		violation("%u cuts: power cycles %llu to %llu, unsafe shutdowns %llu to %llu", lives, (unsigned long long)cycles,
			  (unsigned long long)counter(smart.power_cycles), (unsigned long long)unsafe,
			  (unsigned long long)counter(smart.unsafe_shutdowns));
	if (lives && le64toh(head.last) <= last_event)
		violation("event %llu was the last, now it is %llu", (unsigned long long)last_event,
			  (unsigned long long)le64toh(head.last));
	cycles = counter(smart.power_cycles);
	unsafe = counter(smart.unsafe_shutdowns);
	last_event = le64toh(head.last);
	count = le32toh(head.count);
	nr = EMU_MIN(count, (uint32_t)ARRAY_SIZE(events));
	if (nr && log_page(GMX_VND_LOG_EVENTS, sizeof(head) + (count - nr) * sizeof(events[0]), events, nr * sizeof(events[0])))
		violation("events cannot be read");
	for (uint32_t i = 0; i < nr; i++)
		if (le64toh(events[i].sequence) != last_event - nr + 1 + i)
			violation("event %llu is %llu", (unsigned long long)(last_event - nr + 1 + i),
				  (unsigned long long)le64toh(events[i].sequence));
}

/* After the power is back: nr commands were begun since the last cut. */
static void inspect(unsigned int nr, unsigned int least, unsigned int lives)
{
	bool there = emu_ns_find(bed, EXTRA);

	read_counters(least, lives);
	if (!lasting_sanitize_end())
		violation("a sanitize operation does not end");
	read_lasting();
	kept = erased = 0;
	read_blocks(false);
	if (kept && erased)
		violation("%u blocks were erased, %u were not", erased, kept);
	look_for_torn(nr);
	if (there != extra_there && !extra_unsure)
		violation("the extra namespace %s", there ? "is back" : "is gone");
	extra_there = there;
	extra_unsure = false;
	first_number += nr;
}

static void start(const char *config, uint64_t seed)
{
	random_state = seed * 0x9e3779b97f4a7c15ull + 1;
	first_number = 1;
	extra_there = extra_unsure = false;
	wrong = lost = 0;
	for (uint32_t n = 0; n < NR_NS; n++)
		for (uint32_t i = 0; i < BLOCKS; i++)
			settle(&blocks[n][i], (struct version){ 0, WRITE_ZEROES });
	memset(last_of, 0, sizeof(last_of));
	memset(next_of, 0, sizeof(next_of));
	bed_new("g3", config);
	lasting_begin();
}

/* In this process: what a dead one would not have written is thrown away. */
static void cut_here(void)
{
	unsigned int nr = 1 + below(ROUND);

	for (unsigned int i = 0; i < nr; i++) {
		uint16_t status;

		ops[i] = random_op();
		status = execute(&ops[i], first_number + i);
		if (status)
			violation("command %llu: status %04x", (unsigned long long)first_number + i, status);
		account(&ops[i], first_number + i, true);
		if (!below(100))
			read_blocks(true);
	}
	read_counters(0, 0);
	bed_again(false);
	inspect(nr, 1, 1);
}

/* A process that is killed, at any instruction or in any system call. */
static void cut_child(void)
{
	static volatile struct shared {
		unsigned int open, begun, done;
	} *shared;
	struct timespec delay = { 0, (long)below(6000000) };
	/* some while it finds out what the one before has left, some while it does what is rare */
	bool opening = !below(4), rare = !below(3);
	int status;
	pid_t pid;

	if (!shared)
		shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	shared->open = shared->begun = shared->done = 0;
	for (unsigned int i = 0; i < ROUND; i++)
		ops[i] = random_op();
	for (unsigned int i = 0; i < ROUND && rare; i++) {
		if (!below(3))
			ops[i] = (struct op){ .kind = rare_kind(), .nsid = 1 + below(NR_NS) };
	}
	read_counters(0, 0);
	bed_cut();
	fflush(stdout);
	pid = fork();
	if (!pid) {
		bed_open("g3", honest);
		shared->open = 1;
		for (unsigned int i = 0; i < ROUND; i++) {
			shared->begun = i + 1;
			if (execute(&ops[i], first_number + i))
				_exit(1);
			shared->done = i + 1;
		}
		for (;;)
			pause();
	}
	while (!opening && !shared->open && !waitpid(pid, &status, WNOHANG))
		sched_yield();
	nanosleep(&delay, NULL);
	if (kill(pid, SIGKILL) || waitpid(pid, &status, 0) != pid || !WIFSIGNALED(status))
		violation("the child ended by itself");
	for (unsigned int i = 0; i < shared->begun; i++)
		account(&ops[i], first_number + i, i < shared->done);
	killed_opening += !shared->open;
	if (shared->begun > shared->done)
		killed_in[ops[shared->done].kind]++;
	bed_open("g3", honest);
	inspect(shared->begun, shared->open ? 2 : 1, 2);
}

/* Half of the kills each, in a process and a folder of its own */
static struct kills {
	unsigned int wrong, lost, opening, in[NR_KINDS];
	bool ended;
} *kills;

static void kill_some(struct kills *k, uint64_t seed, unsigned int nr)
{
	vnd_dir[0] = 0;
	start(honest, seed);
	for (unsigned int i = 0; i < nr; i++)
		cut_child();
	k->wrong = wrong;
	k->lost = lost;
	k->opening = killed_opening;
	memcpy(k->in, killed_in, sizeof(k->in));
	bed_end();
	bed_clean();
	k->ended = true;
}

static void kill_hosts(unsigned int nr)
{
	struct kills all = { .ended = true };
	pid_t pid[2];

	kills = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	fflush(stdout);
	for (unsigned int i = 0; i < 2; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			kill_some(&kills[i], nr + 1 + i, (nr + i) / 2);
			fflush(stdout);
			_exit(0);
		}
	}
	for (unsigned int i = 0; i < 2; i++) {
		waitpid(pid[i], NULL, 0);
		all.ended &= kills[i].ended;
		all.wrong += kills[i].wrong;
		all.lost += kills[i].lost;
		all.opening += kills[i].opening;
		for (unsigned int k = 0; k < NR_KINDS; k++)
			all.in[k] += kills[i].in[k];
	}
	printf("# %u hosts killed, %u of them while they opened the device; in the middle of", nr, all.opening);
	for (unsigned int k = 0; k < NR_KINDS; k++) {
		printf("%s %u %s", k ? "," : "", all.in[k], kind_names[k]);
		check(all.in[k] || nr < 1000, "none was killed in %s", kind_names[k]);
	}
	printf("\n");
	check(all.ended, "a killer died itself");
	check(!all.wrong, "%u violations", all.wrong);
	check(all.lost > nr / 2, "only %u blocks lost something: the kills prove nothing", all.lost);
	check(all.opening > nr / 20, "%u of %u killed while they opened", all.opening, nr);
	tap_group("power cuts by killing a process");
}

int main(void)
{
	const char *cuts = getenv("POWER_CUTS"), *longer = getenv("LONG");
	unsigned int nr = cuts ? (unsigned int)strtoul(cuts, NULL, 10) : 0, killed = nr / 6, bad_round = 0;

	if (!nr) {
		killed = longer && !strcmp(longer, "1") ? 10000 : 60;
		nr = killed + (killed > 1000 ? 1000 : 240);
	}
	start(honest, nr);
	for (unsigned int i = 0; i < nr - killed; i++)
		cut_here();
	check(!wrong, "%u violations", wrong);
	check(lost > nr - killed, "only %u blocks lost something: the cuts prove nothing", lost);
	bed_end();
	tap_group("power cuts in this process");
	kill_hosts(killed);

	quiet = true;
	start(lying, 3);
	while (!wrong && ++bad_round < 100)
		cut_here();
	check(wrong, "a flush that lies is not seen");
	bed_end();
	tap_group("the test sees a flush that lies");

	careless = true;
	start(honest, 4);
	for (bad_round = 0; !wrong && bad_round < 100; bad_round++)
		cut_here();
	check(wrong, "a host without flush and FUA is not seen");
	bed_end();
	tap_group("the test sees a host that neither flushes nor writes through");
	bed_clean();
	return tap_done();
}
