/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libgmx: Gigamax controllers from a program. Each header is the manual of its part:
 *
 *	error.h		what functions return, and texts for it
 *	ctrl.h		finding, opening, resetting controllers; their disks
 *	admin.h		NVMe admin commands
 *	log.h		log pages of NVMe, decoded
 *	vendor.h	the vendor page and log pages of Gigamax, decoded
 *	firmware.h	images, signatures, updates
 *	telemetry.h	telemetry, captured and decoded
 *	dump.h		core dumps of the driver, decoded
 *	driver.h	the vendor ioctls of <linux/gmx.h>
 *
 * Structures keep their size as long as the library is libgmx.so.1: what is new takes from their room, rsvd, which is 0.
 * Those of <linux/gmx.h> may grow; the library is told the size that the program knows.
 *
 * No function writes to standard output or error, exits, or keeps state of the process. A handle is used by one thread at
 * a time; handles do not share anything.
 */
#ifndef LIBGMX_H
#define LIBGMX_H

#include <libgmx/error.h>
#include <libgmx/ctrl.h>
#include <libgmx/admin.h>
#include <libgmx/log.h>
#include <libgmx/vendor.h>
#include <libgmx/firmware.h>
#include <libgmx/telemetry.h>
#include <libgmx/dump.h>
#include <libgmx/driver.h>

#endif
