/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Controllers and their disks, as sysfs shows them: finding and reading needs no privilege and sends no command. Only
 * libgmx_open() needs access to the controller's node.
 */
#ifndef LIBGMX_CTRL_H
#define LIBGMX_CTRL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct libgmx_ctrl; /* an open controller */

/* Texts are printable ASCII without blanks at their ends; empty where there is none */
struct libgmx_ctrl_info {
	char name[32];	  /* gmx0 */
	char address[24]; /* PCI address, 0000:01:00.0 */
	char serial[24];
	char model[44];
	char firmware[12];
	char state[16]; /* live, resetting, ...: docs/abi/sysfs-class-gmx */
	char subnqn[224];
	char family[16];   /* G1, G2, G3 or a number; empty: no vendor part */
	char function[16]; /* physical, virtual */
	char interface_version[16];
	char features[256];
	char form_factor[16];
	char link_speed[32];	 /* as trained */
	char last_reset[32];	 /* why the last reset was begun */
	unsigned int link_width; /* as trained, 0: not known */
	unsigned int max_link_width;
	char max_link_speed[32];
	unsigned int cntlid;
	int numa_node;		  /* -1: none */
	unsigned int queue_count; /* with the admin queue */
	uint64_t max_transfer_bytes;
	uint64_t resets;
	uint64_t timeouts;
	uint64_t missed_interrupts;
	uint64_t aborts;
	uint64_t command_errors;
	uint64_t command_retries;
	uint64_t stale_completions;
	uint64_t async_events;
	uint64_t rsvd[32]; /* 0 */
};

struct libgmx_disk {
	char name[32]; /* gmx0n1 */
	char ctrl[32]; /* gmx0 */
	uint32_t nsid;
	uint64_t bytes;
	uint32_t block_bytes; /* logical */
	char uuid[40];	      /* empty: none */
	char wwid[192];
	uint64_t rsvd[16]; /* 0 */
};

/* All controllers that gmx drives, by number. The array is freed by free(). 0 or -errno. */
int libgmx_list(struct libgmx_ctrl_info **list, size_t *count);

/* One of them, by its name (gmx0). -ENODEV: there is none. */
int libgmx_info(const char *name, struct libgmx_ctrl_info *info);

/* The disks of a controller (NULL: of all), by number. The array is freed by free(). */
int libgmx_disks(const char *name, struct libgmx_disk **list, size_t *count);

/* What a text given by a user means */
struct libgmx_target {
	char ctrl[32]; /* gmx0 */
	char disk[32]; /* gmx0n1 where a namespace was named, else empty */
	uint32_t nsid; /* likewise, else 0 */
};

/*
 * Finds what @text names: a controller (gmx0, /dev/gmx0), a namespace (gmx0n1, /dev/gmx0n1, /dev/gmxg0n1), a PCI address
 * (0000:01:00.0, or without the domain 0), a serial number, the UUID of a namespace. Links to nodes are followed.
 *
 * -ENODEV: it names nothing. -ENOTUNIQ: several controllers have this serial number or namespace. -EINVAL: it is empty
 * or too long.
 */
int libgmx_resolve(const char *text, struct libgmx_target *target);

/*
 * Opens the controller that @text names, see libgmx_resolve(). Needs read access to /dev/gmx<N>; what the commands need
 * beyond that is in docs/abi/ioctl-nvme.md. -EAGAIN: it is just coming or going.
 */
int libgmx_open(const char *text, struct libgmx_ctrl **ctrl);
void libgmx_close(struct libgmx_ctrl *ctrl);

/* gmx0; the node's descriptor, for ioctls of one's own. Both belong to the handle. */
const char *libgmx_name(const struct libgmx_ctrl *ctrl);
int libgmx_fd(const struct libgmx_ctrl *ctrl);

/*
 * Resets the controller and waits for the end. -EBUSY: a reset runs. -ENETRESET: it did not come back. -EACCES: needs
 * CAP_SYS_ADMIN.
 */
int libgmx_reset(struct libgmx_ctrl *ctrl);

/* Resets the NVM subsystem, and waits likewise. -ENOTTY: it has no such reset. */
int libgmx_reset_subsystem(struct libgmx_ctrl *ctrl);

/* Has the namespaces looked at again, and does not wait for that. */
int libgmx_rescan(struct libgmx_ctrl *ctrl);

#ifdef __cplusplus
}
#endif

#endif
