// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <syslog.h>
#include <unistd.h>
#include <vfio-user.h>

#include "log.h"
#include "port.h"
#include "unixsock.h"

#define PORT_BATCH	64	    /* messages before the model gets its turn */
#define PORT_MUCH	(16u << 20) /* bytes: no firmware is as large */
#define PORT_PATIENCE_S 5	    /* for a client that stops in the middle of a message */

static bool port_in(uint64_t offset, uint64_t start, uint64_t size)
{
	return offset >= start && offset - start < size;
}

/* What an absent or sleeping function says */
static bool port_silent(const struct port *p)
{
	return p->gone || pciconf_power(&p->conf) == 3;
}

static ssize_t port_bar0(vfu_ctx_t *vfu, char *buf, size_t len, loff_t at, bool write)
{
	struct port *p = vfu_get_private(vfu);
	uint64_t offset = (uint64_t)at;

	if (write)
		p->mmio_writes++;
	else
		p->mmio_reads++;
	if (port_silent(p)) {
		if (!write)
			memset(buf, 0xff, len);
	} else if (offset < p->info.bar_size) {
		if (write)
			emu_ctrl_write(p->ctrl, offset, buf, len);
		else
			emu_ctrl_read(p->ctrl, offset, buf, len);
	} else if (p->info.msix_vectors && port_in(offset, p->bar.table, p->bar.pba - p->bar.table)) {
		msix_table_access(&p->msix, offset - p->bar.table, buf, len, write);
	} else if (!write) {
		memset(buf, 0, len);
		if (p->info.msix_vectors && port_in(offset, p->bar.pba, p->bar.size - p->bar.pba))
			msix_pba_read(&p->msix, offset - p->bar.pba, buf, len);
	}
	return (ssize_t)len;
}

static ssize_t port_bar2(vfu_ctx_t *vfu, char *buf, size_t len, loff_t at, bool write)
{
	struct port *p = vfu_get_private(vfu);

	if (!port_silent(p))
		emu_ctrl_cmb(p->ctrl, (uint64_t)at, buf, len, write);
	else if (!write)
		memset(buf, 0xff, len);
	return (ssize_t)len;
}

/* Configuration space forgets, and the model is told what follows from that. */
static void port_reset(struct port *p, enum emu_reset kind)
{
	pciconf_reset(&p->conf, kind);
	msix_reset(&p->msix);
	p->pin_sent = false;
	if (p->cut)
		return;
	emu_ctrl_set_bus_master(p->ctrl, false);
	emu_ctrl_set_power(p->ctrl, 0);
	emu_ctrl_reset(p->ctrl, kind);
	emu_ctrl_irq_changed(p->ctrl);
}

static ssize_t port_conf(vfu_ctx_t *vfu, char *buf, size_t len, loff_t at, bool write)
{
	struct port *p = vfu_get_private(vfu);
	unsigned int effects;

	if (p->gone) {
		if (!write)
			memset(buf, 0xff, len);
		return (ssize_t)len;
	}
	if (!write) {
		pciconf_set_pin(&p->conf, p->pin);
		pciconf_read(&p->conf, (uint64_t)at, buf, len);
		return (ssize_t)len;
	}
	effects = pciconf_write(&p->conf, (uint64_t)at, buf, len);
	if (effects & PCICONF_FLR) {
		port_reset(p, EMU_RESET_FLR);
		return (ssize_t)len;
	}
	if (effects & PCICONF_POWER)
		emu_ctrl_set_power(p->ctrl, pciconf_power(&p->conf));
	if (effects & PCICONF_BUS_MASTER)
		emu_ctrl_set_bus_master(p->ctrl, pciconf_bus_master(&p->conf));
	if (effects & PCICONF_INTERRUPTS)
		emu_ctrl_irq_changed(p->ctrl);
	return (ssize_t)len;
}

/* The first reset that a client asks for is the end of its own set-up. */
static int port_reset_cb(vfu_ctx_t *vfu, vfu_reset_type_t type)
{
	struct port *p = vfu_get_private(vfu);

	if (type == VFU_RESET_LOST_CONN) {
		port_reset(p, EMU_RESET_DISCONNECT);
		p->plugged = false;
	} else {
		port_reset(p, p->plugged ? EMU_RESET_HOT : EMU_RESET_POWER);
		p->plugged = true;
	}
	pciconf_hide(&p->conf, !p->plugged);
	return 0;
}

static void port_dma_added(vfu_ctx_t *vfu, vfu_dma_info_t *info)
{
	struct port *p = vfu_get_private(vfu);
	uint64_t start = (uint64_t)(uintptr_t)info->iova.iov_base;

	log_at(info->vaddr || info->iova.iov_len < PORT_MUCH ? EMU_LOG_DEBUG : EMU_LOG_WARN, "%s: memory %#llx+%#zx%s", p->path,
	       (unsigned long long)start, info->iova.iov_len,
	       info->vaddr ? "" : " is out of reach: QEMU's memory backend needs share=on");
	if (memory_add(&p->memory, start, info->iova.iov_len, info->vaddr, info->prot & PROT_READ, info->prot & PROT_WRITE))
		log_at(EMU_LOG_ERROR, "%s: memory %#llx+%#zx can't be taken", p->path, (unsigned long long)start,
		       info->iova.iov_len);
}

static void port_dma_removed(vfu_ctx_t *vfu, vfu_dma_info_t *info)
{
	struct port *p = vfu_get_private(vfu);

	memory_remove(&p->memory, (uint64_t)(uintptr_t)info->iova.iov_base);
}

/* The client takes the pin's level as low when it unmasks, so a high one must be told again. */
static void port_pin_masked(vfu_ctx_t *vfu, uint32_t start, uint32_t count, bool mask)
{
	struct port *p = vfu_get_private(vfu);

	(void)start;
	(void)count;
	if (!mask)
		p->pin_sent = false;
}

static void port_log(vfu_ctx_t *vfu, int level, const char *text)
{
	const struct port *p = vfu_get_private(vfu);

	log_at(level <= LOG_ERR	      ? EMU_LOG_ERROR
	       : level <= LOG_WARNING ? EMU_LOG_WARN
				      : EMU_LOG_DEBUG,
	       "%s: %s", p ? p->path : "?", text);
}

static int port_dma_read(void *host, uint64_t address, void *buf, size_t len)
{
	struct port *p = host;

	return memory_read(&p->memory, address, buf, len);
}

static int port_dma_write(void *host, uint64_t address, const void *buf, size_t len)
{
	struct port *p = host;

	return memory_write(&p->memory, address, buf, len);
}

static void *port_dma_ptr(void *host, uint64_t address, size_t len)
{
	struct port *p = host;

	return memory_at(&p->memory, address, len);
}

static enum emu_irq_mode port_irq_mode(void *host)
{
	const struct port *p = host;

	return pciconf_msix(&p->conf) ? EMU_IRQ_MSIX : pciconf_msi(&p->conf) ? EMU_IRQ_MSI : EMU_IRQ_PIN;
}

static unsigned int port_irq_vectors(void *host)
{
	const struct port *p = host;

	return pciconf_msix(&p->conf) ? p->msix.vectors : pciconf_msi(&p->conf) ? pciconf_msi_vectors(&p->conf) : 1;
}

static void port_irq_raise(void *host, unsigned int vector)
{
	struct port *p = host;

	if (!p->gone)
		msix_raise(&p->msix, vector);
}

static void port_irq_pin(void *host, bool asserted)
{
	struct port *p = host;

	p->pin = asserted;
}

static void port_link_error(void *host, unsigned int severity, uint32_t status)
{
	struct port *p = host;

	pciconf_link_error(&p->conf, severity, status);
}

static void port_gone(void *host, bool gone)
{
	struct port *p = host;

	p->gone = gone;
	if (gone)
		return;
	/* its power went too */
	pciconf_reset(&p->conf, EMU_RESET_POWER);
	msix_reset(&p->msix);
	p->pin_sent = false;
}

static const struct emu_ctrl_ops port_ops = {
	.dma_read = port_dma_read,
	.dma_write = port_dma_write,
	.dma_ptr = port_dma_ptr,
	.irq_mode = port_irq_mode,
	.irq_vectors = port_irq_vectors,
	.irq_raise = port_irq_raise,
	.irq_pin = port_irq_pin,
	.link_error = port_link_error,
	.gone = port_gone,
};

/* An interrupt is a memory write by the client; no reply, so it costs no more than that. */
static bool port_send(void *host, uint64_t address, uint32_t data)
{
	struct port *p = host;
	struct {
		struct vfio_user_header header;
		struct vfio_user_dma_region_access access;
		uint32_t data;
	} __attribute__((packed)) message = {
		.header = { .cmd = VFIO_USER_DMA_WRITE, .msg_size = sizeof(message), .flags.no_reply = 1 },
		.access = { .addr = address, .count = sizeof(message.data) },
		.data = htole32(data),
	};

	if (!p->connected)
		return true;
	if (send(port_fd(p), &message, sizeof(message), MSG_DONTWAIT | MSG_NOSIGNAL) == sizeof(message)) {
		p->messages++;
		return true;
	}
	/* whatever else is wrong with the connection, reading from it will tell */
	p->full = errno == EAGAIN || errno == EWOULDBLOCK;
	return !p->full;
}

static bool port_setup(struct port *p)
{
	vfu_ctx_t *vfu = p->vfu;

	return !vfu_setup_log(vfu, port_log, log_shows(EMU_LOG_DEBUG) ? LOG_DEBUG : LOG_WARNING) &&
	       !vfu_setup_region(vfu, VFU_PCI_DEV_BAR0_REGION_IDX, p->bar.size, port_bar0,
				 VFU_REGION_FLAG_RW | VFU_REGION_FLAG_MEM, NULL, 0, -1, 0) &&
	       (!p->info.cmb_size || !vfu_setup_region(vfu, VFU_PCI_DEV_BAR2_REGION_IDX, p->info.cmb_size, port_bar2,
						       VFU_REGION_FLAG_RW | VFU_REGION_FLAG_MEM, NULL, 0, -1, 0)) &&
	       !vfu_setup_region(vfu, VFU_PCI_DEV_CFG_REGION_IDX, PCICONF_SIZE, port_conf,
				 VFU_REGION_FLAG_RW | VFU_REGION_FLAG_ALWAYS_CB, NULL, 0, -1, 0) &&
	       !vfu_setup_device_nr_irqs(vfu, VFU_DEV_INTX_IRQ, 1) &&
	       !vfu_setup_irq_state_callback(vfu, VFU_DEV_INTX_IRQ, port_pin_masked) &&
	       !vfu_setup_device_reset_cb(vfu, port_reset_cb) && !vfu_setup_device_dma(vfu, port_dma_added, port_dma_removed) &&
	       !vfu_realize_ctx(vfu);
}

struct port *port_open(struct emu_subsys *s, unsigned int function, const char *path)
{
	struct port *p;

	if (!unixsock_clear(path))
		return NULL;
	p = calloc(1, sizeof(*p));
	if (!p) {
		log_at(EMU_LOG_ERROR, "%s: no memory", path);
		return NULL;
	}
	p->s = s;
	p->function = function;
	p->path = path;
	p->ctrl = emu_ctrl_attach(s, function, &port_ops, p);
	emu_ctrl_pci_info(p->ctrl, &p->info);
	pciconf_layout(&p->info, &p->bar);
	pciconf_init(&p->conf, &p->info);
	msix_init(&p->msix, &p->conf, p->info.msix_vectors, port_send, p);
	p->vfu = vfu_create_ctx(VFU_TRANS_SOCK, path, LIBVFIO_USER_FLAG_ATTACH_NB, p, VFU_DEV_TYPE_PCI);
	if (!p->vfu) {
		log_at(EMU_LOG_ERROR, "%s: no socket there: %s", path, strerror(errno));
		emu_ctrl_attach(s, function, NULL, NULL);
		free(p);
		return NULL;
	}
	if (!port_setup(p)) {
		log_at(EMU_LOG_ERROR, "%s: %s", path, strerror(errno));
		port_close(p);
		return NULL;
	}
	return p;
}

void port_close(struct port *p)
{
	vfu_destroy_ctx(p->vfu);
	emu_ctrl_attach(p->s, p->function, NULL, NULL);
	unlink(p->path);
	memory_free(&p->memory);
	free(p);
}

/* A client that is in the middle of a write when we go would take a reset connection for the end of the world. */
void port_drain(struct port *p)
{
	char buf[4096];

	if (!p->connected)
		return;
	shutdown(port_fd(p), SHUT_RD);
	while (recv(port_fd(p), buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
}

int port_fd(const struct port *p)
{
	return vfu_get_poll_fd(p->vfu);
}

/* The library waits for the client's first message; an alarm ends that. */
static bool port_attach(struct port *p)
{
	const struct itimerval limit = { .it_value.tv_sec = PORT_PATIENCE_S, .it_interval.tv_sec = 1 }, off = { 0 };
	const struct timeval patience = { .tv_sec = PORT_PATIENCE_S };
	int ret;

	setitimer(ITIMER_REAL, &limit, NULL);
	ret = vfu_attach_ctx(p->vfu);
	setitimer(ITIMER_REAL, &off, NULL);
	if (ret) {
		if (errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOMSG)
			log_at(EMU_LOG_WARN, "%s: a client went before it began: %s", p->path, strerror(errno));
		return false;
	}
	setsockopt(port_fd(p), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(port_fd(p), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	p->connected = true;
	p->full = false;
	log_at(EMU_LOG_INFO, "%s: function %u is taken", p->path, p->function);
	return true;
}

bool port_receive(struct port *p)
{
	unsigned int n;

	if (!p->connected)
		return port_attach(p);
	for (n = 0; n < PORT_BATCH; n++) {
		int ret = vfu_run_ctx(p->vfu);

		if (!ret)
			break;
		if (ret > 0)
			continue;
		if (errno == ENOTCONN) {
			p->connected = false;
			log_at(EMU_LOG_INFO, "%s: function %u is free: %llu register reads, %llu writes, %llu interrupts",
			       p->path, p->function, (unsigned long long)p->mmio_reads, (unsigned long long)p->mmio_writes,
			       (unsigned long long)p->messages);
			p->mmio_reads = p->mmio_writes = p->messages = 0;
			return true;
		}
		/* what follows in the stream can't be told from rubbish; the library ends it at its next read */
		log_at(EMU_LOG_ERROR, "%s: the client's connection is broken: %s", p->path, strerror(errno));
		shutdown(port_fd(p), SHUT_RDWR);
	}
	return n;
}

void port_flush(struct port *p)
{
	if (p->pin && !p->pin_sent && p->connected && !p->gone && port_irq_mode(p) == EMU_IRQ_PIN &&
	    !pciconf_pin_disabled(&p->conf)) {
		p->pin_sent = !vfu_irq_trigger(p->vfu, 0);
		p->messages += p->pin_sent;
	}
	if (p->msix.nr_pending && !p->gone)
		p->full = msix_flush(&p->msix);
	else
		p->full = false;
}
