// SPDX-License-Identifier: GPL-2.0-or-later
/* Configuration space, MSI and MSI-X, against what the specification says of each bit and of each message. */
#include <endian.h>

#include "msix.h"

#include "input.h"

static struct pciconf conf;
static struct msix msix;
static struct emu_pci_info info;
static bool blocked;
static unsigned int sent, expected_vector;
static bool raising;

static uint16_t get16(unsigned int offset)
{
	uint8_t b[2];

	pciconf_read(&conf, offset, b, 2);
	return (uint16_t)(b[0] | b[1] << 8);
}

static uint32_t get32(unsigned int offset)
{
	return get16(offset) | (uint32_t)get16(offset + 2) << 16;
}

static bool on_msix(void)
{
	return info.msix_vectors && get16(PCICONF_MSIX + 2) & 0x8000;
}

static bool on_msi(void)
{
	return info.msi_vectors && get16(PCICONF_MSI + 2) & 1;
}

/* A message leaves only where bus mastering and a way of sending are on, and nothing masks it. */
static bool take(void *host, uint64_t address, uint32_t data)
{
	(void)host;
	must(get16(4) & 4, "a message without bus mastering");
	must(on_msix() || on_msi(), "a message, and neither MSI nor MSI-X is on");
	if (on_msix()) {
		must(!(get16(PCICONF_MSIX + 2) & 0x4000), "a message under the function mask");
		must(!(address & 3), "address %llx", (unsigned long long)address);
	} else {
		must(address == ((get32(PCICONF_MSI + 4) & ~3u) | (uint64_t)get32(PCICONF_MSI + 8) << 32), "address %llx",
		     (unsigned long long)address);
		must(!(data >> 16), "data %x", data);
	}
	if (raising && on_msix()) {
		uint32_t entry[4];

		msix_table_access(&msix, expected_vector * 16ull, entry, sizeof(entry), false);
		must(!(le32toh(entry[3]) & 1), "vector %u is masked", expected_vector);
		must(data == le32toh(entry[2]) && address == (le32toh(entry[0]) | (uint64_t)le32toh(entry[1]) << 32),
		     "another vector's message");
	}
	sent++;
	return !blocked;
}

static unsigned int pending(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < MSIX_MAX_VECTORS / 64; i++)
		n += (unsigned int)__builtin_popcountll(msix.pending[i]);
	return n;
}

/* What no write may ever change */
static void fixed(void)
{
	unsigned int at = get16(0x34) & 0xff, seen = 0;

	must(get16(0) == info.vendor && get16(2) == info.device && get32(8) == (info.revision | info.class_code << 8) &&
		     get16(0x2c) == info.subsystem_vendor && get16(0x2e) == info.subsystem,
	     "identity");
	for (; at; at = get16(at) >> 8) {
		must(at >= 0x40 && !(at & 3) && seen++ < 16, "capability list at %x", at);
		if (!conf.hidden)
			must((get16(at) & 0xff) != 0x0b, "hidden capability");
		else
			must((get16(at) & 0xff) != 0x05 && (get16(at) & 0xff) != 0x11, "MSI is not hidden");
	}
	for (at = 0x100, seen = 0; at; at = get32(at) >> 20)
		must(at >= 0x100 && at < 4096 && seen++ < 16, "extended capability at %x", at);
	must(pciconf_power(&conf) == 0 || pciconf_power(&conf) == 3, "power state %u", pciconf_power(&conf));
	must((get32(0x10) & 0xf) == 4, "BAR 0");
	must(!(get16(0x70 + 8) & 0x8000), "FLR reads as set");
	must(pending() == msix.nr_pending, "%u vectors pending, %u counted", pending(), msix.nr_pending);
	must(pciconf_msi_vectors(&conf) <= 32, "MSI vectors");
}

static void untouched(void)
{
	for (unsigned int i = 0; i < PCICONF_SIZE; i++)
		must(!((conf.bytes[i] ^ conf.initial[i]) &
		       ~(conf.writable[i] | conf.clearable[i] |
			 (i >= PCICONF_MSI_PENDING && i < PCICONF_MSI_PENDING + 4 ? 0xff : 0) | (i == PCICONF_STATUS ? 8 : 0) |
			 (i >= 0x118 && i < 0x12c ? 0xff : 0))),
		     "byte %x is %02x", i, conf.bytes[i]);
}

static void write_conf(struct input *in, unsigned int offset, unsigned int len)
{
	uint8_t buf[64];
	bool master = pciconf_bus_master(&conf);
	unsigned int power = pciconf_power(&conf), effects;

	in_bytes(in, buf, len);
	effects = pciconf_write(&conf, offset, buf, len);
	must(!!(effects & PCICONF_BUS_MASTER) == (master != pciconf_bus_master(&conf)), "bus master change not told");
	must(!!(effects & PCICONF_POWER) == (power != pciconf_power(&conf)), "power change not told");
	if (offset <= 0x79 && offset + len > 0x79)
		must(!!(effects & PCICONF_FLR) == !!(buf[0x79 - offset] & 0x80), "FLR");
	else
		must(!(effects & PCICONF_FLR), "FLR that nobody asked for");
}

static void read_conf(unsigned int offset, unsigned int len)
{
	uint8_t buf[66];

	memset(buf, 0xa5, sizeof(buf));
	pciconf_read(&conf, offset, buf, len);
	must(buf[len] == 0xa5, "read beyond the buffer");
	for (unsigned int i = 0; i < len; i++) {
		uint8_t one;

		pciconf_read(&conf, offset + i, &one, 1);
		must(one == buf[i], "byte %x differs", offset + i);
		must(offset + i < PCICONF_SIZE || !one, "something behind the end");
	}
}

static void raise_vector(unsigned int vector)
{
	unsigned int before = sent, were = msix.nr_pending;
	bool any = on_msix() || on_msi();

	expected_vector = vector;
	raising = true;
	msix_raise(&msix, vector);
	raising = false;
	must(sent - before <= 1, "one interrupt, %u messages", sent - before);
	must(any || (sent == before && msix.nr_pending == were), "interrupt while all is off");
	must(!on_msix() || vector < info.msix_vectors || (sent == before && msix.nr_pending == were), "vector %u of %u", vector,
	     info.msix_vectors);
}

static void table(struct input *in, bool write)
{
	uint64_t offset = in16(in) & (in8(in) & 1 ? 0x7f : 0xffff);
	unsigned int len = 1 + in8(in) % 32;
	uint8_t buf[34];

	memset(buf, 0x5a, sizeof(buf));
	if (write)
		in_bytes(in, buf, len);
	msix_table_access(&msix, offset, buf, len, write);
	must(write || buf[len] == 0x5a, "table read beyond the buffer");
	memset(buf, 0x5a, sizeof(buf));
	msix_pba_read(&msix, offset, buf, len);
	must(buf[len] == 0x5a, "PBA read beyond the buffer");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint16_t msix_sizes[] = { 0, 1, 9, 64, 65, 129, 2048 };
	static const uint16_t places[] = { 0x00, 0x04, 0x06, 0x0c, 0x10, 0x18,	0x3c,  0x44,  0x52,  0x54,  0x5c,  0x60,  0x64,
					   0x78, 0x7a, 0x80, 0xb0, 0xb2, 0x100, 0x104, 0x108, 0x110, 0x114, 0x118, 0x150, 0xffc };
	struct input in = { data, data + size };
	uint8_t first = in8(&in), second = in8(&in);
	struct pciconf_bar bar;

	info = (struct emu_pci_info){
		.vendor = 0x474d,
		.device = 0x0200,
		.subsystem_vendor = 0x474d,
		.subsystem = 1,
		.class_code = 0x010802,
		.revision = 1,
		.link_speed = (uint8_t)(first % 5 + 1),
		.link_width = 4,
		.msix_vectors = msix_sizes[second % 7],
		.msi_vectors = second & 0x80 ? 0 : (uint8_t)(1u << (second >> 3) % 6),
		.serial = 0x1122334455667788,
		.bar_size = 0x2000,
		.cmb_size = first & 0x80 ? 1 << 20 : 0,
	};
	blocked = false;
	sent = 0;
	pciconf_layout(&info, &bar);
	must(bar.table >= info.bar_size && bar.pba >= bar.table + info.msix_vectors * 16u &&
		     bar.size >= bar.pba + (info.msix_vectors + 7u) / 8,
	     "layout of BAR 0");
	pciconf_init(&conf, &info);
	msix_init(&msix, &conf, info.msix_vectors, take, NULL);
	for (unsigned int i = 0; i < 4 * FUZZ_RECORDS && in_more(&in); i++) {
		uint8_t what = in8(&in);

		switch (what % 12) {
		case 0: write_conf(&in, in16(&in), 1 + in8(&in) % 64); break;
		case 1: read_conf(in16(&in), 1 + in8(&in) % 64); break;
		case 2: raise_vector(what & 0x80 ? in16(&in) : in8(&in) % 70); break;
		case 3:
			blocked = what & 0x80;
			must(!msix_flush(&msix) || blocked, "all is sent, and still there is something");
			break;
		case 4: table(&in, true); break;
		case 5: table(&in, false); break;
		case 6: pciconf_link_error(&conf, what / 12 % 3, in32(&in)); break;
		case 7:
			pciconf_reset(&conf, what / 12 % 4);
			msix_reset(&msix);
			must(!pciconf_bus_master(&conf) && !on_msi() && !on_msix() && !msix.nr_pending,
			     "a reset leaves something on");
			break;
		case 8: pciconf_hide(&conf, what & 0x80); break;
		case 9:
			pciconf_set_pin(&conf, what & 0x80);
			must(!!(get16(6) & 8) == !!(what & 0x80) && pciconf_pin_disabled(&conf) == !!(get16(4) & 0x400), "pin");
			break;
		default: write_conf(&in, places[in8(&in) % (sizeof(places) / sizeof(places[0]))], what & 0x80 ? 4 : 2); break;
		}
		fixed();
	}
	untouched();
	return 0;
}
