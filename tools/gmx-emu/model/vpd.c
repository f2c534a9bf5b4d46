// SPDX-License-Identifier: GPL-2.0-or-later
/* Vital product data (NVMe-MI 9.2): a FRU image as IPMI lays it out, with NVMe-MI's records; hosts may change it. */
#include <gmx/mi.h>

#include "emu.h"

#define VPD_OWNER	 "vpd"
#define VPD_KEY		 "data"
#define VPD_PRODUCT	 8
#define VPD_PRODUCT_SIZE 144
#define VPD_RECORDS	 (VPD_PRODUCT + VPD_PRODUCT_SIZE)
#define VPD_ENGLISH	 0x19
#define VPD_TEXT	 0xc0 /* type of a field: 8 bit characters */
#define VPD_END		 0xc1
#define VPD_RECORD_NVME	 0x0b
#define VPD_RECORD_PORT	 0x0c
#define VPD_LAST	 0x80

static uint8_t vpd_checksum(const uint8_t *p, size_t len)
{
	uint8_t sum = 0;

	while (len--)
		sum = (uint8_t)(sum + *p++);
	return (uint8_t)-sum;
}

static uint8_t *vpd_text(uint8_t *p, const char *text)
{
	size_t len = EMU_MIN(strlen(text), (size_t)40);

	*p++ = (uint8_t)(VPD_TEXT | len);
	memcpy(p, text, len);
	return p + len;
}

static void vpd_product(struct emu_subsys *s, uint8_t *area)
{
	uint8_t *p = area;

	*p++ = 1;
	*p++ = VPD_PRODUCT_SIZE / 8;
	*p++ = VPD_ENGLISH;
	p = vpd_text(p, "Gigamax");
	p = vpd_text(p, s->traits->model);
	p = vpd_text(p, s->traits->name);
	p = vpd_text(p, "1.0");
	p = vpd_text(p, s->config.serial);
	p = vpd_text(p, "");
	p = vpd_text(p, "");
	*p = VPD_END;
	area[VPD_PRODUCT_SIZE - 1] = vpd_checksum(area, VPD_PRODUCT_SIZE - 1);
}

/* A record: five bytes of header, then len bytes */
static void vpd_record(uint8_t *p, uint8_t type, uint8_t version, uint8_t len)
{
	p[0] = type;
	p[1] = version;
	p[2] = len;
	p[3] = vpd_checksum(p + 5, len);
	p[4] = vpd_checksum(p, 4);
}

static uint8_t vpd_form_factor(const char *name)
{
	static const struct {
		const char *name;
		uint8_t form;
	} forms[] = {
		{ "m.2", 0x10 }, { "u.2", 0x20 }, { "add-in", 0x30 }, { "e1.s", 0x38 }, { "e3.s", 0x39 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(forms); i++) {
		if (!strcmp(forms[i].name, name))
			return forms[i].form;
	}
	return 0;
}

static void vpd_records(struct emu_subsys *s, uint8_t *p)
{
	uint64_t capacity = htole64(s->config.capacity);
	uint8_t *port = p + 64;

	p[6] = vpd_form_factor(s->config.form_factor);
	p[21] = p[22] = p[23] = 25; /* W of 12 V at first and at most, and of heat */
	memcpy(p + 24, &capacity, sizeof(capacity));
	vpd_record(p, VPD_RECORD_NVME, 2, 59);

	port[7] = 0;
	port[8] = (uint8_t)((1u << s->config.link_speed) - 1);
	port[9] = (uint8_t)s->config.link_width;
	port[11] = 1; /* common reference clock */
	vpd_record(port, VPD_RECORD_PORT, 2 | VPD_LAST, 11);
}

static void vpd_factory(struct emu_subsys *s, uint8_t *vpd)
{
	memset(vpd, 0, GMX_MI_VPD_SIZE);
	vpd[0] = 1;
	vpd[4] = VPD_PRODUCT / 8;
	vpd[5] = VPD_RECORDS / 8;
	vpd[7] = vpd_checksum(vpd, 7);
	vpd_product(s, vpd + VPD_PRODUCT);
	vpd_records(s, vpd + VPD_RECORDS);
}

void emu_vpd_read(struct emu_subsys *s, uint8_t *vpd)
{
	if (!emu_saved_get_bytes(s, VPD_OWNER, VPD_KEY, vpd, GMX_MI_VPD_SIZE))
		vpd_factory(s, vpd);
}

void emu_vpd_write(struct emu_subsys *s, const uint8_t *vpd)
{
	emu_saved_set_bytes(s, VPD_OWNER, VPD_KEY, vpd, GMX_MI_VPD_SIZE);
}
