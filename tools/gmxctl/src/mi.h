/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NVMe-MI commands; what those that look and those that change something share. */
#ifndef GMXCTL_MI_H
#define GMXCTL_MI_H

#include "ctl.h"

#define MI_DATA_BYTES 4096

/* What changed in the health, by the bits of answers; those of Configuration Set have no gap */
struct mi_change {
	const char *name;
	unsigned int bit;
};

extern const struct mi_change mi_changes[];
#define MI_NR_CHANGES 12

/* A management port, by Read NVMe-MI Data Structure */
struct mi_port {
	unsigned int type;
	unsigned int max_mtu;
	unsigned int speed, width;  /* of PCIe */
	unsigned int max_frequency; /* of the SMBus, enum of NVMe-MI: 1 is 100 kHz */
};

enum { MI_PORT_NONE, MI_PORT_PCIE, MI_PORT_SMBUS };

const char *mi_port_name(unsigned int type);

/* Sends; says what went wrong, also where NVMe-MI refused. @what names it. */
int mi_call(struct ctl *ctl, struct libgmx_ctrl *ctrl, bool send, const char *what, unsigned int opcode, uint32_t dword0,
	    uint32_t dword1, void *data, size_t len, uint32_t *answer);
/* Ports there are, and the version of NVMe-MI */
int mi_ports(struct ctl *ctl, struct libgmx_ctrl *ctrl, unsigned int *count, char version[16]);
int mi_read_port(struct ctl *ctl, struct libgmx_ctrl *ctrl, unsigned int port, struct mi_port *out);
void mi_put_data(struct ctl *ctl, const char *name, uint32_t answer, const uint8_t *data, size_t len);

int run_mi_get(struct ctl *ctl);
int run_mi_set(struct ctl *ctl);
int run_mi_clear(struct ctl *ctl);
int run_mi_send(struct ctl *ctl);

extern const struct ctl_field mi_get_fields[], mi_set_fields[], mi_clear_fields[], mi_data_fields[];
extern const struct ctl_option mi_set_options[], mi_send_options[];

#endif
