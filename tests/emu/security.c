// SPDX-License-Identifier: GPL-2.0-or-later
/* Security Send and Receive: the list of protocols, the certificate, and nothing else. */
/* Covers: GMX_ADM_SECURITY_SEND GMX_ADM_SECURITY_RECV */
#include "admin.h"

static uint8_t buf[1024];

static uint16_t receive(struct admin *a, unsigned int protocol, unsigned int specific, uint32_t len)
{
	memset(buf, 0xcc, sizeof(buf));
	return ADMIN(a, .opcode = GMX_ADM_SECURITY_RECV, .cdw10 = protocol << 24 | specific << 8, .cdw11 = len, .buf = buf,
		     .len = sizeof(buf));
}

static void test_list(void)
{
	static const uint8_t list[] = { 0, 0, 0, 0, 0, 0, 0, 1, 0 };
	struct admin a;

	admin_open(&a, "g2", NULL);
	for (uint32_t len = 1; len <= 512; len++) {
		check(!receive(&a, 0, 0, len), "%u bytes", len);
		check(!memcmp(buf, list, EMU_MIN(len, (uint32_t)sizeof(list))) && buf[len] == 0xcc, "%u bytes of the list", len);
		check(len <= sizeof(list) || !buf[len - 1], "zeroes behind it");
	}
	check(!receive(&a, 0, 0, 0) && buf[0] == 0xcc, "nothing");
	check(!receive(&a, 0, 1, 4) && !memcmp(buf, "\0\0\0\0\xcc", 5), "no certificate");
	check(receive(&a, 0, 0, (128u << 12) + 1) == GMX_SC_INVALID_FIELD, "more than MDTS");
	check(receive(&a, 0, 0, 0xffffffff) == GMX_SC_INVALID_FIELD, "far more");
	for (uint32_t specific = 2; specific < 0x10000; specific += 97)
		check(receive(&a, 0, specific, 512) == GMX_SC_INVALID_FIELD && a.dnr, "specific %04x", specific);
	admin_close(&a);
	tap_group("protocol 00h");
}

static void test_others(void)
{
	static const struct {
		uint32_t nsid;
		uint16_t status;
	} scope[] = {
		{ 0, 0 }, { 1, 0 }, { 64, 0 }, { 65, GMX_SC_INVALID_NS }, { GMX_NSID_ALL, 0 },
	};
	struct admin a;

	admin_open(&a, "g3", NULL);
	for (uint32_t protocol = 0; protocol < 256; protocol++) {
		check(protocol == 0 || receive(&a, protocol, 0, 512) == GMX_SC_INVALID_FIELD, "receive %02x", protocol);
		check(protocol == 0 || receive(&a, protocol, 1, 512) == GMX_SC_INVALID_FIELD, "receive %02x", protocol);
		check(ADMIN(&a, .opcode = GMX_ADM_SECURITY_SEND, .cdw10 = protocol << 24, .cdw11 = 512, .buf = buf, .len = 512) ==
				      GMX_SC_INVALID_FIELD &&
			      a.dnr,
		      "send %02x", protocol);
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(scope); i++)
		check(ADMIN(&a, .opcode = GMX_ADM_SECURITY_RECV, .nsid = scope[i].nsid, .cdw11 = 16, .buf = buf, .len = 16) ==
			      scope[i].status,
		      "nsid %x", scope[i].nsid);
	admin_close(&a);
	tap_group("other protocols, and NSID");
}

int main(void)
{
	test_list();
	test_others();
	return tap_done();
}
