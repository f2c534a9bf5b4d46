/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The controller model as its transport sees it. One emu_subsys is one NVM subsystem on one state folder; it has one or
 * more controllers (functions). The model knows no transport and no threads: everything runs in the caller's, and every
 * function here must be called from one thread. Time is what the caller says it is.
 */
#ifndef EMU_MODEL_H
#define EMU_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct emu_subsys;
struct emu_ctrl;

#define EMU_MAX_FUNCTIONS 9 /* physical functions and virtual functions of a subsystem */
#define EMU_NEVER	  UINT64_MAX

enum emu_irq_mode { EMU_IRQ_PIN, EMU_IRQ_MSI, EMU_IRQ_MSIX };

enum emu_log_level { EMU_LOG_ERROR, EMU_LOG_WARN, EMU_LOG_INFO, EMU_LOG_DEBUG };

/* What a subsystem needs from its surroundings. */
struct emu_subsys_ops {
	uint64_t (*now)(void *host);  /* ns, monotonic */
	uint64_t (*wall)(void *host); /* ms since 1970 */
	void (*log)(void *host, enum emu_log_level level, const char *text);
};

/* What a controller needs: the host's memory and the wires to it. */
struct emu_ctrl_ops {
	/* 0, or a negative errno when the address (or part of it) is nobody's. */
	int (*dma_read)(void *host, uint64_t addr, void *buf, size_t len);
	int (*dma_write)(void *host, uint64_t addr, const void *buf, size_t len);
	/* The memory itself, valid until the caller of the model runs again; NULL: only the two calls above reach it. */
	void *(*dma_ptr)(void *host, uint64_t addr, size_t len);
	enum emu_irq_mode (*irq_mode)(void *host);
	unsigned int (*irq_vectors)(void *host);	    /* that the host switched on, at least 1 */
	void (*irq_raise)(void *host, unsigned int vector); /* a message; masking is the transport's */
	void (*irq_pin)(void *host, bool asserted);	    /* a level */
	/* A link error to be shown in the AER capability: severity 0 correctable, 1 non-fatal, 2 fatal; that status register's bits. */
	void (*link_error)(void *host, unsigned int severity, uint32_t status);
	/* The function has (or has no longer) vanished from the bus: all ones, also in configuration space. */
	void (*gone)(void *host, bool gone);
};

/* Identity in configuration space */
struct emu_pci_info {
	uint16_t vendor, device, subsystem_vendor, subsystem;
	uint32_t class_code; /* 24 bits */
	uint8_t revision;
	uint8_t link_speed;    /* PCIe generation, 1..5 */
	uint8_t link_width;    /* lanes */
	uint16_t msix_vectors; /* 0: no MSI-X */
	uint8_t msi_vectors;   /* power of two, up to 32; 0: no MSI */
	uint64_t serial;       /* device serial number */
	uint32_t bar_size;     /* bytes of BAR 0 that the model serves; the transport puts its tables behind it */
	uint64_t cmb_size;     /* bytes of BAR 2 (controller memory buffer), 0: none */
};

enum emu_reset {
	EMU_RESET_POWER, /* all of it: the function was just plugged */
	EMU_RESET_HOT,	 /* conventional reset, secondary bus reset */
	EMU_RESET_FLR,
	EMU_RESET_DISCONNECT, /* the host is not there any more */
};

/* Error texts name the thing and the way out; text has room for 256 bytes. */
#define EMU_ERROR_SIZE 256

/*
 * Open or create the subsystem in folder state_dir. config: JSON text of the configuration file or NULL; family "g1",
 * "g2", "g3", or NULL where the state folder knows. NULL: error says why, and nothing was changed.
 */
struct emu_subsys *emu_subsys_open(const char *family, const char *state_dir, const char *config,
				   const struct emu_subsys_ops *ops, void *host, char *error);
/* An orderly power down: the write cache is flushed. */
void emu_subsys_close(struct emu_subsys *s);
/* As if the power had gone: frees all, without writing anything that a dead process would not have written. */
void emu_subsys_power_cut(struct emu_subsys *s);
/* Do what is due; returns when it wants to be called again at the latest (ns as of now()), EMU_NEVER: when there is news. */
uint64_t emu_subsys_run(struct emu_subsys *s);
/* One command of the control socket, a JSON object; the answer is a JSON object too, to be freed by the caller. */
char *emu_subsys_control(struct emu_subsys *s, const char *line);

unsigned int emu_subsys_nr_ctrls(struct emu_subsys *s);
/* Function index (0: first physical) to controller; attaches the transport, or with no ops detaches it. */
struct emu_ctrl *emu_ctrl_attach(struct emu_subsys *s, unsigned int function, const struct emu_ctrl_ops *ops, void *host);
void emu_ctrl_pci_info(struct emu_ctrl *c, struct emu_pci_info *info);
void emu_ctrl_reset(struct emu_ctrl *c, enum emu_reset kind);
/* BAR 0 below bar_size. Accesses of 4 and 8 bytes, aligned; anything else reads zeroes and writes nothing. */
void emu_ctrl_read(struct emu_ctrl *c, uint64_t offset, void *buf, size_t len);
void emu_ctrl_write(struct emu_ctrl *c, uint64_t offset, const void *buf, size_t len);
/* BAR 2 */
void emu_ctrl_cmb(struct emu_ctrl *c, uint64_t offset, void *buf, size_t len, bool write);
/* Bus mastering off: no memory access, no message. */
void emu_ctrl_set_bus_master(struct emu_ctrl *c, bool on);
/* The host changed its interrupt set-up (enabled, mode, pin masked). */
void emu_ctrl_irq_changed(struct emu_ctrl *c);
/* PCI power state D0..D3 */
void emu_ctrl_set_power(struct emu_ctrl *c, unsigned int dstate);

#endif
