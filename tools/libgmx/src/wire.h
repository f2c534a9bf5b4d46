/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading what a controller sent: never behind the end, whatever its lengths say. */
#ifndef LIBGMX_WIRE_H
#define LIBGMX_WIRE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <gmx/nvme.h>
#include <gmx/log.h>
#include <gmx/vendor.h>

struct wire {
	const uint8_t *data;
	size_t len;
};

static inline struct wire wire_of(const void *data, size_t len)
{
	return (struct wire){ data, data ? len : 0 };
}

/* A part; what is not there is left out */
static inline struct wire wire_sub(const struct wire *w, uint64_t offset, uint64_t len)
{
	if (offset > w->len)
		return (struct wire){ w->data, 0 };
	return (struct wire){ w->data + offset, len < w->len - offset ? (size_t)len : w->len - (size_t)offset };
}

/* Little endian; 0 unless all of it is there. 16 bytes that need more than 64 bits give UINT64_MAX. */
static inline uint64_t wire_get(const struct wire *w, size_t offset, size_t size)
{
	uint64_t v = 0;

	if (offset > w->len || size > w->len - offset)
		return 0;
	for (size_t i = 0; i < size; i++) {
		if (i < 8)
			v |= (uint64_t)w->data[offset + i] << 8 * i;
		else if (w->data[offset + i])
			return UINT64_MAX;
	}
	return v;
}

#define SIZE_OF(type, field) sizeof(((struct type *)0)->field)
/* A number of @type, in its whole width */
#define GET(w, type, field)	  wire_get(w, offsetof(struct type, field), SIZE_OF(type, field))
#define GET8(w, type, field)	  ((uint8_t)GET(w, type, field))
#define GET16(w, type, field)	  ((uint16_t)GET(w, type, field))
#define GET32(w, type, field)	  ((uint32_t)GET(w, type, field))
#define TEXT(w, type, field, out) wire_text(w, offsetof(struct type, field), SIZE_OF(type, field), out, sizeof(out))

/* Printable ASCII, without blanks at its ends, ended by a zero */
void wire_text(const struct wire *w, size_t offset, size_t size, char *out, size_t room);
/* The same for UTF-8: what is none becomes a question mark */
void wire_utf8(const struct wire *w, size_t offset, size_t size, char *out, size_t room);
void wire_hex(const struct wire *w, size_t offset, size_t size, char *out, size_t room);

/* Degrees of a temperature in kelvin, LIBGMX_NO_TEMPERATURE for 0 */
int16_t wire_celsius(uint64_t kelvin);

#endif
