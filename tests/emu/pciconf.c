// SPDX-License-Identifier: GPL-2.0-or-later
/* Configuration space and message interrupts, as a host sees them. */
#include <stdlib.h>
#include <string.h>

#include "../../tools/gmx-emu/vfio/msix.h"
#include "../unit/tap.h"

static const struct emu_pci_info info = {
	.vendor = 0x474d,
	.device = 0x0300,
	.subsystem_vendor = 0x474d,
	.subsystem = 0x0301,
	.class_code = 0x010802,
	.revision = 2,
	.link_speed = 4,
	.link_width = 8,
	.msix_vectors = 129,
	.msi_vectors = 32,
	.serial = 0x1122334455667788ull,
	.bar_size = 0x2000,
	.cmb_size = 1 << 20,
};

static struct pciconf conf;
static struct msix msix;
static struct {
	uint64_t address;
	uint32_t data;
} sent[300];
static unsigned int nr_sent;
static bool blocked;

static bool send_message(void *host, uint64_t address, uint32_t data)
{
	(void)host;
	if (blocked)
		return false;
	if (nr_sent < ARRAY_SIZE(sent)) {
		sent[nr_sent].address = address;
		sent[nr_sent].data = data;
	}
	nr_sent++;
	return true;
}

static void plug(const struct emu_pci_info *what)
{
	pciconf_init(&conf, what);
	pciconf_hide(&conf, false);
	msix_init(&msix, &conf, what->msix_vectors, send_message, NULL);
	nr_sent = 0;
	blocked = false;
}

static uint32_t get(unsigned int offset, unsigned int len)
{
	uint32_t value = 0;

	pciconf_read(&conf, offset, &value, len);
	return value;
}

static unsigned int put(unsigned int offset, uint32_t value, unsigned int len)
{
	return pciconf_write(&conf, offset, &value, len);
}

/* What a host does: the list from 34h on */
static unsigned int find(uint8_t id)
{
	unsigned int at = get(0x34, 1);

	for (int i = 0; at && i < 48; i++, at = get(at + 1, 1))
		if (get(at, 1) == id)
			return at;
	return 0;
}

static unsigned int find_extended(uint16_t id)
{
	unsigned int at = 0x100;

	for (int i = 0; at && i < 64; i++, at = get(at, 4) >> 20)
		if (get(at, 2) == id)
			return at;
	return 0;
}

static void test_identity(void)
{
	plug(&info);
	check(get(0, 4) == 0x0300474d, "id %08x", get(0, 4));
	check(get(8, 4) == 0x01080202, "class and revision %08x", get(8, 4));
	check(get(0x2c, 4) == 0x0301474d, "subsystem %08x", get(0x2c, 4));
	check(get(0x3d, 1) == 1, "pin %u", get(0x3d, 1));
	put(0, 0xffffffff, 4);
	put(8, 0, 4);
	put(0x2c, 0, 4);
	check(get(0, 4) == 0x0300474d && get(8, 4) == 0x01080202 && get(0x2c, 4) == 0x0301474d, "a write changes the identity");
	tap_group("identity, and nobody writes to it");
}

static void test_bars(void)
{
	struct pciconf_bar bar;

	plug(&info);
	pciconf_layout(&info, &bar);
	put(0x10, 0xffffffff, 4);
	put(0x14, 0xffffffff, 4);
	check((get(0x10, 4) & 0xf) == 4, "BAR 0 is 64 bits and not prefetchable: %08x", get(0x10, 4));
	check(~((uint64_t)get(0x14, 4) << 32 | (get(0x10, 4) & ~0xfu)) + 1 == bar.size, "BAR 0 says it has %#x", get(0x10, 4));
	check(bar.size == 0x4000 && bar.table == 0x2000 && bar.pba == 0x3000, "table %#lx, PBA %#lx, size %#lx", bar.table,
	      bar.pba, bar.size);
	put(0x18, 0xffffffff, 4);
	put(0x1c, 0xffffffff, 4);
	check((get(0x18, 4) & 0xf) == 0xc, "BAR 2 is 64 bits and prefetchable: %08x", get(0x18, 4));
	check((get(0x18, 4) & ~0xfu) == 0xfff00000, "BAR 2 has a size of %08x", get(0x18, 4));
	put(0x20, 0xffffffff, 4);
	put(0x30, 0xffffffff, 4);
	check(!get(0x20, 4) && !get(0x24, 4) && !get(0x30, 4), "BAR 4, BAR 5 or a ROM is there");
	put(0x10, 0xfebf0000, 4);
	put(0x14, 1, 4);
	pciconf_reset(&conf, EMU_RESET_FLR);
	check(get(0x10, 4) == 0xfebf0004 && get(0x14, 4) == 1, "a reset moves BAR 0 to %08x", get(0x10, 4));
	tap_group("base addresses: size, type, and they stay");

	for (unsigned int vectors = 0; vectors <= 2048; vectors++) {
		struct emu_pci_info i = info;

		i.msix_vectors = (uint16_t)vectors;
		pciconf_layout(&i, &bar);
		check(bar.table >= i.bar_size && bar.pba >= bar.table + vectors * 16 && bar.size >= bar.pba + vectors / 8 &&
			      !(bar.size & (bar.size - 1)) && !(bar.table & 0xfff) && !(bar.pba & 0xfff),
		      "%u vectors overlap", vectors);
	}
	tap_group("tables of any number of vectors have their place");
}

static void test_caps(void)
{
	unsigned int exp;

	plug(&info);
	exp = find(0x10);
	check(find(0x01) && find(0x05) && find(0x11) && exp, "PM %x MSI %x MSI-X %x PCIe %x", find(0x01), find(0x05), find(0x11),
	      exp);
	check(get(0x06, 2) & 0x10, "no capability list in Status");
	check((get(exp + 0xc, 4) & 0x3ff) == (8 << 4 | 4) && (get(exp + 0x12, 2) & 0x3ff) == (8 << 4 | 4), "link %x",
	      get(exp + 0xc, 4));
	check(get(exp + 0x2c, 4) == 0x1e, "link speeds %x", get(exp + 0x2c, 4));
	check(get(exp + 4, 4) & 1 << 28, "no FLR");
	check(find_extended(1) == 0x100 && find_extended(3), "AER %x, DSN %x", find_extended(1), find_extended(3));
	check(get(find_extended(3) + 4, 4) == 0x55667788 && get(find_extended(3) + 8, 4) == 0x11223344, "serial number");
	check(get(find(0x11) + 2, 2) == 128, "MSI-X of %u entries", get(find(0x11) + 2, 2) + 1);
	check((get(find(0x05) + 2, 2) & 0x18e) == 0x18a, "MSI control %x", get(find(0x05) + 2, 2));
	tap_group("capabilities, the link as configured");

	for (int i = 0; i < 4; i++) {
		struct emu_pci_info less = info;

		less.msix_vectors = i & 1 ? info.msix_vectors : 0;
		less.msi_vectors = i & 2 ? info.msi_vectors : 0;
		plug(&less);
		check(!!find(0x11) == !!(i & 1) && !!find(0x05) == !!(i & 2) && find(0x01) && find(0x10), "combination %d", i);
	}
	tap_group("MSI and MSI-X are there as asked for");

	plug(&info);
	pciconf_hide(&conf, true);
	check(!find(0x05) && !find(0x11) && find(0x10), "hidden: %x %x", find(0x05), find(0x11));
	pciconf_hide(&conf, false);
	check(find(0x05) && find(0x11), "not back");
	tap_group("message interrupts can be hidden");
}

static void test_effects(void)
{
	unsigned int exp;

	plug(&info);
	exp = find(0x10);
	check(put(4, 0x0006, 2) == PCICONF_BUS_MASTER && pciconf_bus_master(&conf), "bus master on");
	check(!put(4, 0x0006, 2), "the same again has an effect");
	check(put(4, 0x0402, 2) == (PCICONF_BUS_MASTER | PCICONF_INTERRUPTS) && !pciconf_bus_master(&conf) &&
		      pciconf_pin_disabled(&conf),
	      "bus master and pin off");
	put(4, 0xffff, 2);
	check(get(4, 2) == 0x0546, "command bits %04x", get(4, 2));
	check(put(0x45, 0xff, 1) == 0 && put(0x44, 3, 1) == PCICONF_POWER && pciconf_power(&conf) == 3, "D3");
	check(!put(0x44, 1, 2) && pciconf_power(&conf) == 3, "D1 does not exist");
	check(put(0x44, 0, 2) == PCICONF_POWER && pciconf_power(&conf) == 0, "D0");
	check(put(exp + 8, 0xa810, 2) == PCICONF_FLR, "FLR by a word");
	check(put(exp + 9, 0x80, 1) == PCICONF_FLR && !(get(exp + 8, 2) & 0x8000), "FLR by a byte, reads as 0");
	check(put(exp + 8, 0x0000ffff, 4) == PCICONF_FLR, "FLR by a dword");
	check(put(0x52, 0x01, 2) == PCICONF_INTERRUPTS && pciconf_msi(&conf), "MSI on");
	check(put(0xb0 + 2, 0x8000, 2) == PCICONF_INTERRUPTS && pciconf_msix(&conf), "MSI-X on");
	check(put(0xb0 + 3, 0xc0, 1) == PCICONF_INTERRUPTS && get(0xb2, 2) == (0xc000 | 128), "function mask");
	check(!put(4096, 0xff, 4) && !put(0xffffffff, 0xff, 4), "behind the end");
	pciconf_set_pin(&conf, true);
	check(get(6, 2) & 8, "Interrupt Status");
	pciconf_set_pin(&conf, false);
	check(!(get(6, 2) & 8), "Interrupt Status");
	tap_group("what a write asks for");

	plug(&info);
	put(4, 0x0406, 2);
	put(0x44, 3, 2);
	put(exp + 8, 0x5fff, 2);
	put(0x54, 0xfee00000, 4);
	put(0x3c, 11, 1);
	pciconf_reset(&conf, EMU_RESET_HOT);
	check(!get(4, 2) && !pciconf_power(&conf) && get(exp + 8, 2) == 0x2810 && !get(0x54, 4) && !get(0x3c, 1),
	      "after a reset");
	tap_group("a reset undoes all of it");
}

static void test_aer(void)
{
	unsigned int aer, sta;

	plug(&info);
	aer = find_extended(1);
	sta = find(0x10) + 0xa;
	put(0x10, 0xfe000000, 4);
	pciconf_link_error(&conf, 0, 1 << 6 | 1 << 0);
	check(get(aer + 0x10, 4) == 0x41 && get(sta, 2) == 1, "correctable %x, %x", get(aer + 0x10, 4), get(sta, 2));
	pciconf_link_error(&conf, 1, 1 << 14);
	check(get(aer + 4, 4) == 1 << 14 && get(sta, 2) == 3 && (get(aer + 0x18, 4) & 0x1f) == 14, "completion time-out %x",
	      get(aer + 4, 4));
	check(get(aer + 0x1c, 4) == 1 && get(aer + 0x24, 4) == 0xfe000000, "header log");
	pciconf_link_error(&conf, 2, 1 << 4);
	check(get(aer + 4, 4) == (1 << 14 | 1 << 4) && get(sta, 2) == 7 && (get(aer + 0x18, 4) & 0x1f) == 14,
	      "the first stays first");
	pciconf_reset(&conf, EMU_RESET_HOT);
	check(get(aer + 4, 4) == (1 << 14 | 1 << 4) && get(aer + 0x10, 4) == 0x41 && !get(sta, 2), "kept through a hot reset");
	put(aer + 4, 1 << 14, 4);
	check(get(aer + 4, 4) == 1 << 4, "one bit cleared");
	put(aer + 4, 0xffffffff, 4);
	put(aer + 0x10, 0x40, 4);
	check(!get(aer + 4, 4) && get(aer + 0x10, 4) == 1 && !(get(aer + 0x18, 4) & 0x1f), "cleared by ones");
	put(aer + 8, 0xffffffff, 4);
	put(aer + 0x1c, 0, 4);
	pciconf_link_error(&conf, 1, 1 << 20);
	check(get(aer + 4, 4) == 1 << 20 && !(get(aer + 0x18, 4) & 0x1f), "a masked error is not the first");
	pciconf_link_error(&conf, 1, 0xffffffff);
	check(get(aer + 4, 4) == 0x07fff030, "reserved bits %x", get(aer + 4, 4));
	pciconf_reset(&conf, EMU_RESET_POWER);
	check(!get(aer + 4, 4) && !get(aer + 0x10, 4), "power takes it");
	tap_group("link errors");
}

static void entry(unsigned int vector, uint64_t address, uint32_t data, uint32_t control)
{
	uint32_t words[4] = { (uint32_t)address, (uint32_t)(address >> 32), data, control };

	msix_table_access(&msix, vector * 16, words, sizeof(words), true);
}

static uint64_t pba(unsigned int word)
{
	uint64_t bits;

	msix_pba_read(&msix, word * 8, &bits, 8);
	return bits;
}

static void test_msix(void)
{
	uint32_t word, zero = 0;

	plug(&info);
	msix_table_access(&msix, 128 * 16 + 12, &word, 4, false);
	check(word == 1, "vectors begin masked");
	msix_raise(&msix, 0);
	check(!nr_sent && !pba(0), "not switched on");
	put(4, 6, 2);
	put(0xb2, 0x8000, 2);
	entry(0, 0xfee01000, 0x41, 0);
	entry(128, 0x1fee02000, 0x99, 0);
	msix_raise(&msix, 0);
	msix_raise(&msix, 128);
	check(nr_sent == 2 && sent[0].address == 0xfee01000 && sent[0].data == 0x41 && sent[1].address == 0x1fee02000 &&
		      sent[1].data == 0x99,
	      "%u messages", nr_sent);
	msix_raise(&msix, 1);
	msix_raise(&msix, 1);
	msix_raise(&msix, 129);
	msix_raise(&msix, 0xffffffff);
	check(nr_sent == 2 && pba(0) == 2, "masked: %u messages, %lx pending", nr_sent, pba(0));
	entry(1, 0xfee03000, 0x42, 0);
	check(nr_sent == 3 && sent[2].data == 0x42 && !pba(0), "unmasked: %u messages", nr_sent);
	tap_group("MSI-X: messages, and a masked vector is pending until unmasked");

	put(0xb2, 0xc000, 2);
	msix_raise(&msix, 0);
	msix_raise(&msix, 128);
	check(nr_sent == 3 && pba(0) == 1 && pba(2) == 1, "function mask: %lx %lx", pba(0), pba(2));
	put(0xb2, 0x8000, 2);
	check(!msix_flush(&msix) && nr_sent == 5 && !pba(0) && !pba(2), "unmasked: %u", nr_sent);
	tap_group("MSI-X: function mask");

	blocked = true;
	msix_raise(&msix, 0);
	check(pba(0) == 1 && msix_flush(&msix), "a full socket leaves it pending");
	blocked = false;
	check(!msix_flush(&msix) && nr_sent == 6 && !pba(0), "sent later");
	put(4, 2, 2);
	msix_raise(&msix, 0);
	check(nr_sent == 6, "no bus master, no message");
	put(4, 6, 2);
	tap_group("MSI-X: what can't go out now");

	entry(3, ~0ull, ~0u, ~0u);
	msix_table_access(&msix, 3 * 16, &word, 4, false);
	check(word == 0xfffffffc, "address %x", word);
	msix_table_access(&msix, 3 * 16 + 12, &word, 4, false);
	check(word == 1, "control %x", word);
	msix_table_access(&msix, 129 * 16, &zero, 4, true);
	word = 7;
	msix_table_access(&msix, 129 * 16, &word, 4, false);
	check(!word, "behind the table");
	msix_table_access(&msix, 1ull << 40, &word, 4, true);
	msix_pba_read(&msix, 1ull << 40, &word, 4);
	msix_raise(&msix, 5);
	msix_reset(&msix);
	check(!pba(0) && !msix.nr_pending, "reset");
	tap_group("MSI-X: table bits, bounds, reset");
}

static void test_msi(void)
{
	plug(&info);
	put(4, 6, 2);
	put(0x54, 0xfee04003, 4);
	put(0x58, 2, 4);
	put(0x5c, 0x4321, 2);
	put(0x52, 3 << 4 | 1, 2);
	check(pciconf_msi_vectors(&conf) == 8, "%u vectors", pciconf_msi_vectors(&conf));
	msix_raise(&msix, 7);
	check(nr_sent == 1 && sent[0].address == 0x2fee04000 && sent[0].data == 0x4327, "%lx %x", sent[0].address, sent[0].data);
	msix_raise(&msix, 8);
	check(nr_sent == 1, "a vector too many");
	put(0x60, 1 << 7, 4);
	msix_raise(&msix, 7);
	check(nr_sent == 1 && get(0x64, 4) == 1 << 7, "masked: pending %x", get(0x64, 4));
	put(0x64, 0, 4);
	check(get(0x64, 4) == 1 << 7, "pending bits can't be written");
	put(0x60, 0, 4);
	check(!msix_flush(&msix) && nr_sent == 2 && !get(0x64, 4), "unmasked");
	put(0x52, 7 << 4 | 1, 2);
	check(pciconf_msi_vectors(&conf) == 32, "more than there are: %u", pciconf_msi_vectors(&conf));
	put(0x52, 0, 2);
	msix_raise(&msix, 0);
	check(nr_sent == 2, "switched off");
	tap_group("MSI: several messages, masks, pending bits");
}

/* A reader that depends on ranges would show another byte than one that reads bytes. */
static void test_ranges(void)
{
	uint8_t whole[PCICONF_SIZE], part[64];

	plug(&info);
	pciconf_hide(&conf, true);
	pciconf_read(&conf, 0, whole, sizeof(whole));
	srand(1);
	for (int i = 0; i < 20000; i++) {
		unsigned int at = (unsigned int)rand() % PCICONF_SIZE, len = 1 + (unsigned int)rand() % 64;

		memset(part, 0xee, sizeof(part));
		pciconf_read(&conf, at, part, len);
		for (unsigned int j = 0; j < len; j++)
			check(part[j] == (at + j < PCICONF_SIZE ? whole[at + j] : 0), "byte %x of a read at %x", at + j, at);
	}
	for (int i = 0; i < 200000; i++) {
		uint32_t value = (uint32_t)rand() << 16 ^ (uint32_t)rand();
		unsigned int at = (unsigned int)rand() % (PCICONF_SIZE + 8);

		pciconf_write(&conf, at, &value, 1u << rand() % 3);
	}
	check(get(0, 4) == 0x0300474d && get(0x34, 1) == 0x40, "noise changed what is fixed");
	tap_group("any range reads and writes the same bytes");
}

int main(void)
{
	test_identity();
	test_bars();
	test_caps();
	test_effects();
	test_aer();
	test_msix();
	test_msi();
	test_ranges();
	return tap_done();
}
