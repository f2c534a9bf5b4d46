// SPDX-License-Identifier: LGPL-2.1-or-later
/* Texts of a controller go to terminals, files and the kernel: nothing but characters leaves here. */
#include <stdio.h>

#include <libgmx/log.h>

#include "wire.h"

void wire_text(const struct wire *w, size_t offset, size_t size, char *out, size_t room)
{
	struct wire in = wire_sub(w, offset, size);
	size_t begin = 0, end = in.len, n = 0;

	for (size_t i = 0; i < end; i++)
		if (!in.data[i])
			end = i;
	while (begin < end && in.data[begin] == ' ')
		begin++;
	while (end > begin && in.data[end - 1] == ' ')
		end--;
	for (size_t i = begin; i < end && n + 1 < room; i++)
		out[n++] = in.data[i] >= ' ' && in.data[i] < 0x7f ? (char)in.data[i] : '?';
	out[n] = 0;
}

/* Length of the character at @p, 0: it is none, or a control character */
static size_t utf8_length(const uint8_t *p, size_t left)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = p[0] < 0x80 ? 1 : p[0] >> 5 == 6 ? 2 : p[0] >> 4 == 14 ? 3 : p[0] >> 3 == 30 ? 4 : 0;
	uint32_t c;

	if (!len || len > left)
		return 0;
	if (len == 1)
		return p[0] >= ' ' && p[0] != 0x7f;
	c = p[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if (p[i] >> 6 != 2)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	return c < least[len] || c < 0xa0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ? 0 : len;
}

void wire_utf8(const struct wire *w, size_t offset, size_t size, char *out, size_t room)
{
	struct wire in = wire_sub(w, offset, size);
	size_t n = 0, len;

	for (size_t i = 0; i < in.len && in.data[i]; i += len ? len : 1) {
		len = utf8_length(in.data + i, in.len - i);
		if (n + (len ? len : 1) >= room)
			break;
		if (len)
			memcpy(out + n, in.data + i, len);
		else
			out[n] = '?';
		n += len ? len : 1;
	}
	while (n && out[n - 1] == ' ')
		n--;
	out[n] = 0;
}

void wire_hex(const struct wire *w, size_t offset, size_t size, char *out, size_t room)
{
	struct wire in = wire_sub(w, offset, size);

	out[0] = 0;
	for (size_t i = 0; i < in.len && 2 * i + 2 < room; i++)
		snprintf(out + 2 * i, 3, "%02x", in.data[i]);
}

int16_t wire_celsius(uint64_t kelvin)
{
	return kelvin && kelvin < 32768 ? (int16_t)((int)kelvin - 273) : LIBGMX_NO_TEMPERATURE;
}
