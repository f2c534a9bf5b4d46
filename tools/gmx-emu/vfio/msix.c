// SPDX-License-Identifier: GPL-2.0-or-later
/* PCI Local Bus 3.0, section 6.8. */
#include <endian.h>
#include <string.h>

#include "msix.h"

#define CONTROL_MASKED 0x1u
#define MSIX_MASK_ALL  0x4000

void msix_init(struct msix *m, struct pciconf *conf, unsigned int vectors, msix_send_fn *send, void *host)
{
	memset(m, 0, sizeof(*m));
	m->conf = conf;
	m->send = send;
	m->host = host;
	m->vectors = vectors < MSIX_MAX_VECTORS ? vectors : MSIX_MAX_VECTORS;
	msix_reset(m);
}

void msix_reset(struct msix *m)
{
	memset(m->table, 0, m->vectors * sizeof(m->table[0]));
	memset(m->pending, 0, sizeof(m->pending));
	m->nr_pending = 0;
	for (unsigned int i = 0; i < m->vectors; i++)
		m->table[i][3] = htole32(CONTROL_MASKED);
}

static bool msix_is_pending(const struct msix *m, unsigned int vector)
{
	return m->pending[vector / 64] >> vector % 64 & 1;
}

/* MSI has at most 32 vectors and shows them in configuration space, too. */
static void msix_set_pending(struct msix *m, unsigned int vector, bool pending)
{
	uint64_t bit = 1ull << vector % 64;

	if (pending == msix_is_pending(m, vector))
		return;
	m->pending[vector / 64] ^= bit;
	if (pending)
		m->nr_pending++;
	else
		m->nr_pending--;
	if (pciconf_msi(m->conf))
		pciconf_set32(m->conf->bytes, PCICONF_MSI_PENDING, (uint32_t)m->pending[0]);
}

/* The message of a vector; false: masked */
static bool msix_message(const struct msix *m, unsigned int vector, uint64_t *address, uint32_t *data)
{
	const struct pciconf *conf = m->conf;

	if (pciconf_msix(conf)) {
		const uint32_t *entry = m->table[vector];

		*address = le32toh(entry[0]) | (uint64_t)le32toh(entry[1]) << 32;
		*data = le32toh(entry[2]);
		return !(pciconf_get16(conf, PCICONF_MSIX_CONTROL) & MSIX_MASK_ALL) && !(le32toh(entry[3]) & CONTROL_MASKED);
	}
	*address = pciconf_get32(conf, PCICONF_MSI_ADDRESS) | (uint64_t)pciconf_get32(conf, PCICONF_MSI_ADDRESS + 4) << 32;
	*data = (pciconf_get16(conf, PCICONF_MSI_DATA) & ~(pciconf_msi_vectors(conf) - 1)) | vector;
	return !(pciconf_get32(conf, PCICONF_MSI_MASK) >> vector & 1);
}

static unsigned int msix_nr_vectors(const struct msix *m)
{
	if (pciconf_msix(m->conf))
		return m->vectors;
	return pciconf_msi(m->conf) ? pciconf_msi_vectors(m->conf) : 0;
}

void msix_raise(struct msix *m, unsigned int vector)
{
	uint64_t address;
	uint32_t data;

	if (vector >= msix_nr_vectors(m))
		return;
	if (!msix_message(m, vector, &address, &data))
		msix_set_pending(m, vector, true);
	else if (pciconf_bus_master(m->conf))
		msix_set_pending(m, vector, !m->send(m->host, address, data));
}

bool msix_flush(struct msix *m)
{
	unsigned int vectors = msix_nr_vectors(m);

	if (!m->nr_pending)
		return false;
	if (!vectors) {
		memset(m->pending, 0, sizeof(m->pending));
		m->nr_pending = 0;
		return false;
	}
	if (!pciconf_bus_master(m->conf))
		return false;
	for (unsigned int word = 0; word * 64 < vectors; word++) {
		for (uint64_t bits = m->pending[word]; bits; bits &= bits - 1) {
			unsigned int vector = word * 64 + (unsigned int)__builtin_ctzll(bits);
			uint64_t address;
			uint32_t data;

			if (vector >= vectors || !msix_message(m, vector, &address, &data))
				continue;
			if (!m->send(m->host, address, data))
				return true;
			msix_set_pending(m, vector, false);
		}
	}
	return false;
}

void msix_table_access(struct msix *m, uint64_t offset, void *buf, size_t len, bool write)
{
	uint64_t size = m->vectors * sizeof(m->table[0]);
	size_t there = offset < size ? (size_t)(size - offset) : 0;

	if (there > len)
		there = len;
	if (!write) {
		memset(buf, 0, len);
		memcpy(buf, (uint8_t *)m->table + offset, there);
		return;
	}
	if (!there)
		return;
	memcpy((uint8_t *)m->table + offset, buf, there);
	for (uint64_t i = offset / 16; i <= (offset + there - 1) / 16; i++) {
		m->table[i][0] &= htole32(~3u);
		m->table[i][3] &= htole32(CONTROL_MASKED);
	}
	msix_flush(m);
}

void msix_pba_read(const struct msix *m, uint64_t offset, void *buf, size_t len)
{
	uint8_t *out = buf;

	memset(out, 0, len);
	if (!pciconf_msix(m->conf))
		return;
	for (size_t i = 0; i < len && offset + i < (m->vectors + 63u) / 64 * 8; i++)
		out[i] = (uint8_t)(m->pending[(offset + i) / 8] >> (offset + i) % 8 * 8);
}
