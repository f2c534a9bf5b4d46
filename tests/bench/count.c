// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plugin of QEMU that counts instructions: user space as one number, the kernel by address, and of its modules the
 * stores to devices. The guest opens and closes a window with instructions that do nothing else (window.h); each window
 * is appended to a file, and tests/bench/report.py finds out whose the addresses are.
 *
 * Every instruction has a counter of its own, so that leaving a translated block early counts nothing too much.
 *
 * -plugin count.so,out=FILE
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plugin.h"
#include "window.h"

/* Addresses that a kernel and its modules ever execute: a boot and a bench need less than half of them. */
#define SLOTS	     (1u << 20)
#define HASH	     (SLOTS * 2)
#define KERNEL(addr) ((addr) >> 63)
/* where x86-64 has modules */
#define MODULES	    0xffffffffc0000000ull
#define MODULES_END 0xffffffffff000000ull

QEMU_PLUGIN_EXPORT int qemu_plugin_version = QEMU_PLUGIN_VERSION;

/* slot 0 is user space, slot 1 what found no slot */
enum { SLOT_USER, SLOT_LOST, SLOT_FIRST };

static struct qemu_plugin_scoreboard *board;
static uint64_t *addr_of, *start, *io_start;
static uint64_t *io;   /* stores to devices; written from all processors */
static uint32_t *hash; /* slot of an address, 0: free */
static unsigned int used = SLOT_FIRST;
static unsigned int windows;
static bool open_window;
static FILE *out;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static qemu_plugin_u64 counter(unsigned int slot)
{
	return (qemu_plugin_u64){ board, slot * sizeof(uint64_t) };
}

/* Called with the lock held. */
static unsigned int slot_of(uint64_t addr)
{
	uint32_t at = (addr * 0x9e3779b97f4a7c15ull) >> 32;

	for (at &= HASH - 1; hash[at]; at = (at + 1) & (HASH - 1))
		if (addr_of[hash[at]] == addr)
			return hash[at];
	if (used == SLOTS)
		return SLOT_LOST;
	addr_of[used] = addr;
	hash[at] = used;
	return used++;
}

static void window_open(unsigned int cpu, void *data)
{
	unsigned int i;

	(void)cpu, (void)data;
	pthread_mutex_lock(&lock);
	for (i = 0; i < used; i++) {
		start[i] = qemu_plugin_u64_sum(counter(i));
		io_start[i] = __atomic_load_n(&io[i], __ATOMIC_RELAXED);
	}
	open_window = true;
	pthread_mutex_unlock(&lock);
}

static void window_close(unsigned int cpu, void *data)
{
	unsigned int i;

	(void)cpu, (void)data;
	pthread_mutex_lock(&lock);
	if (open_window) {
		fprintf(out, "window %u user %" PRIu64 " lost %" PRIu64 "\n", ++windows,
			qemu_plugin_u64_sum(counter(SLOT_USER)) - start[SLOT_USER],
			qemu_plugin_u64_sum(counter(SLOT_LOST)) - start[SLOT_LOST]);
		for (i = SLOT_FIRST; i < used; i++) {
			uint64_t n = qemu_plugin_u64_sum(counter(i)) - start[i];
			uint64_t stores = __atomic_load_n(&io[i], __ATOMIC_RELAXED) - io_start[i];

			if (n)
				fprintf(out, "%" PRIx64 " %" PRIu64 " %" PRIu64 "\n", addr_of[i], n, stores);
		}
		fprintf(out, "end %u\n", windows);
		fflush(out);
	}
	open_window = false;
	pthread_mutex_unlock(&lock);
}

static void store(unsigned int cpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *data)
{
	struct qemu_plugin_hwaddr *addr = qemu_plugin_get_hwaddr(info, vaddr);

	(void)cpu;
	if (addr && qemu_plugin_hwaddr_is_io(addr))
		__atomic_fetch_add(&io[(uintptr_t)data], 1, __ATOMIC_RELAXED);
}

static void mark(struct qemu_plugin_insn *insn)
{
	uint8_t code[WINDOW_SIZE];

	if (qemu_plugin_insn_size(insn) != sizeof(code) || qemu_plugin_insn_data(insn, code, sizeof(code)) != sizeof(code))
		return;
	if (!memcmp(code, (const uint8_t[]){ WINDOW_OPEN }, sizeof(code)))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, window_open, QEMU_PLUGIN_CB_NO_REGS, NULL);
	else if (!memcmp(code, (const uint8_t[]){ WINDOW_CLOSE }, sizeof(code)))
		qemu_plugin_register_vcpu_insn_exec_cb(insn, window_close, QEMU_PLUGIN_CB_NO_REGS, NULL);
}

static void translated(struct qemu_plugin_tb *tb, void *data)
{
	size_t i, n = qemu_plugin_tb_n_insns(tb);

	(void)data;
	pthread_mutex_lock(&lock);
	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uint64_t addr = qemu_plugin_insn_vaddr(insn);
		unsigned int slot = KERNEL(addr) ? slot_of(addr) : SLOT_USER;

		qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(insn, QEMU_PLUGIN_INLINE_ADD_U64, counter(slot), 1);
		if (addr >= MODULES && addr < MODULES_END)
			qemu_plugin_register_vcpu_mem_cb(insn, store, QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_W,
							 (void *)(uintptr_t)slot);
		if (!KERNEL(addr))
			mark(insn);
	}
	pthread_mutex_unlock(&lock);
}

QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4)) {
		fputs("count: the one argument is out=FILE\n", stderr);
		return -1;
	}
	out = fopen(argv[0] + 4, "w");
	if (!out) {
		perror(argv[0] + 4);
		return -1;
	}
	board = qemu_plugin_scoreboard_new(SLOTS * sizeof(uint64_t));
	addr_of = calloc(SLOTS, sizeof(*addr_of));
	start = calloc(SLOTS, sizeof(*start));
	io = calloc(SLOTS, sizeof(*io));
	io_start = calloc(SLOTS, sizeof(*io_start));
	hash = calloc(HASH, sizeof(*hash));
	if (!board || !addr_of || !start || !io || !io_start || !hash) {
		fputs("count: no memory for the counters\n", stderr);
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated, NULL);
	return 0;
}
