/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vendor ioctls as bytes, of a program that has ask() and put_hex(): a line a call, number, error, structure, and what is
 * behind its pointer. An address is not printed. The same of programs of 32 and 64 bits.
 */
#ifndef UABIBYTES_H
#define UABIBYTES_H

#include <linux/gmx.h>

#define MI_VPD_READ  5
#define MI_VPD_WRITE 6
#define VPD_AT	     252 /* the last bytes, which mean nothing */

/* of a 32-bit program's pointer the lower half counts */
#define UPPER (sizeof(void *) == 4 ? 0xdeadbeefull << 32 : 0)

static int ask(unsigned int number, void *arg);
static void put_hex(const volatile unsigned char *from, unsigned int bytes);
static void put_end(void);

static union {
	unsigned int size;
	unsigned char byte[4096];
	struct gmx_ioc_events events;
	struct gmx_ioc_mi mi;
	struct gmx_ioc_fw_download fw;
	struct gmx_ioc_op op;
	struct gmx_ioc_telemetry_read telemetry;
} s __attribute__((aligned(8)));

static unsigned char behind[4096] __attribute__((aligned(8)));

/* no memset(): there may be no library */
static void clear(unsigned int size)
{
	unsigned int i;

	for (i = 0; i < sizeof(s); i++)
		((volatile unsigned char *)s.byte)[i] = 0;
	s.size = size;
}

static void print(unsigned int number, unsigned int size, __u64 *address, unsigned int bytes)
{
	unsigned char nr = number & 0xff, error = ask(number, &s);

	if (address)
		*(volatile __u64 *)address = 0;
	put_hex(&nr, 1);
	put_hex(&error, 1);
	put_hex(s.byte, size);
	put_hex(behind, bytes);
	put_end();
}

static void plain(unsigned int number, unsigned int size)
{
	clear(size);
	print(number, size, 0, 0);
}

static __u64 pointer(void)
{
	return (__UINTPTR_TYPE__)behind | UPPER;
}

static void events(void)
{
	clear(sizeof(s.events));
	s.events.data = pointer();
	s.events.data_bytes = 512;
	s.events.entry_bytes = 128;
	print(GMX_IOCTL_EVENTS, sizeof(s.events), &s.events.data, 512);
}

static void mi(unsigned int flags, unsigned int opcode, unsigned int bytes)
{
	clear(sizeof(s.mi));
	s.mi.flags = flags;
	s.mi.opcode = opcode;
	s.mi.dword0 = VPD_AT;
	s.mi.dword1 = 4;
	s.mi.data_bytes = bytes;
	s.mi.data = pointer();
	print(GMX_IOCTL_MI, sizeof(s.mi), &s.mi.data, bytes);
}

/* a part of nothing, and that it is given up */
static void download(unsigned int bytes)
{
	clear(sizeof(s.fw));
	s.fw.data = pointer();
	s.fw.bytes = bytes;
	print(GMX_IOCTL_FW_DOWNLOAD, sizeof(s.fw), &s.fw.data, 0);
}

/* what was captured last, from its second block on: both of its numbers are 64 bits */
static void telemetry(void)
{
	__u64 id;

	clear(sizeof(s.op));
	s.op.timeout_ms = 60000;
	print(GMX_IOCTL_OP, sizeof(s.op), 0, 0);
	id = s.op.id;
	clear(sizeof(s.telemetry));
	s.telemetry.id = id;
	s.telemetry.offset = 512;
	s.telemetry.data = pointer();
	s.telemetry.bytes = 1024;
	print(GMX_IOCTL_TELEMETRY_READ, sizeof(s.telemetry), &s.telemetry.data, 1024);
}

static void all_bytes(void)
{
	unsigned int i;

	plain(GMX_IOCTL_INFO, sizeof(struct gmx_ioc_info));
	plain(GMX_IOCTL_RECOVERY, sizeof(struct gmx_ioc_recovery));
	plain(GMX_IOCTL_EVENT_MASK, sizeof(struct gmx_ioc_event_mask));
	plain(GMX_IOCTL_IRQ, sizeof(struct gmx_ioc_irq));
	events();
	for (i = 0; i < 4; i++)
		behind[i] = 0xa0 + i;
	mi(GMX_IOC_MI_SEND, MI_VPD_WRITE, 4);
	for (i = 0; i < 4; i++)
		behind[i] = 0;
	mi(0, MI_VPD_READ, 4);
	download(4096);
	download(0);
	plain(GMX_IOCTL_FW_INFO, sizeof(struct gmx_ioc_fw_info));
	telemetry();
}

#endif
