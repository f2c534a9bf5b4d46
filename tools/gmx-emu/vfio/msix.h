/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Message interrupts of one function, MSI-X and MSI: table, masks, pending bits. */
#ifndef VFIO_MSIX_H
#define VFIO_MSIX_H

#include "pciconf.h"

#define MSIX_MAX_VECTORS 2048u

/* Writes data to the host's address; false: not now, the message stays pending. */
typedef bool msix_send_fn(void *host, uint64_t address, uint32_t data);

struct msix {
	struct pciconf *conf;
	msix_send_fn *send;
	void *host;
	unsigned int vectors;		     /* of the MSI-X table */
	uint32_t table[MSIX_MAX_VECTORS][4]; /* address, its upper half, data, control */
	uint64_t pending[MSIX_MAX_VECTORS / 64];
	unsigned int nr_pending;
};

void msix_init(struct msix *m, struct pciconf *conf, unsigned int vectors, msix_send_fn *send, void *host);
void msix_reset(struct msix *m);
/* Sends the message of this vector, in the mode that is switched on; a masked one is remembered. */
void msix_raise(struct msix *m, unsigned int vector);
/* Sends what is pending and masked no more; true: something could not go out, try again. */
bool msix_flush(struct msix *m);
/* The tables in BAR 0, offsets into each */
void msix_table_access(struct msix *m, uint64_t offset, void *buf, size_t len, bool write);
void msix_pba_read(const struct msix *m, uint64_t offset, void *buf, size_t len);

#endif
