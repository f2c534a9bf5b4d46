/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A function's socket: what its client, QEMU's vfio-user-pci, and the model say to each other. */
#ifndef VFIO_PORT_H
#define VFIO_PORT_H

#include <libvfio-user.h>

#include "memory.h"
#include "model.h"
#include "msix.h"
#include "pciconf.h"

struct port {
	struct emu_subsys *s;
	unsigned int function;
	const char *path;
	vfu_ctx_t *vfu;
	bool connected;
	bool plugged; /* the client has reset it once: the guest may see it */
	bool cut;     /* the power is gone: the model is told nothing more */
	struct emu_ctrl *ctrl;
	struct emu_pci_info info;
	struct pciconf_bar bar;
	struct pciconf conf;
	struct msix msix;
	struct memory memory;
	bool gone;
	bool pin;      /* what the model wants */
	bool pin_sent; /* the client has been told, and has not asked for more */
	bool full;     /* its socket takes no message now */
	uint64_t mmio_reads, mmio_writes, messages;
};

/* NULL: a text on standard error has said why */
struct port *port_open(struct emu_subsys *s, unsigned int function, const char *path);
void port_close(struct port *p);
/* Takes all that has been sent and tells the client that nothing more is read: it survives our end. */
void port_drain(struct port *p);
int port_fd(const struct port *p);
/* Reads what the client says, up to a bound; false: there was nothing. */
bool port_receive(struct port *p);
/* After the model ran: what waits for the client */
void port_flush(struct port *p);

#endif
