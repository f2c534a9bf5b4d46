/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The newest kernel's API on the older ones. Include it first; it brings all of compat but dma.h.
 *
 * The driver reads as code of the newest kernel (the table "probes" says what differs where, and why):
 *  - a call that changed its arguments keeps its name and takes its newest arguments;
 *  - a callback whose arguments changed is written with the newest ones, and GMX_OP_*(name, fn) defines "name" with the
 *    arguments of this kernel, calling fn;
 *  - what exists in no form on an older kernel is asked for with #ifdef GMX_HAVE_NAME;
 *  - names of our own, gmx_*, only where none of these can be done.
 *
 *  gmx_disk_limits_set, gmx_admin_queue_alloc, struct gmx_limits	limits.h
 *  gmx_rqlist_*, GMX_OP_END_IO, freeze, maps, batches, polls	block.h
 *  GMX_OP_BDEV_OPEN, GMX_OP_BDEV_RELEASE, GMX_OP_GETGEO, blk_mode_t, BLK_STS_*	bdev.h
 *  gmx_uring_*, GMX_OP_URING_TASK_WORK						uring.h
 *  GMX_CLASS_CONST, GMX_COR_ERROR, PCI_IRQ_INTX					device.h
 */
#ifndef GMX_COMPAT_H
#define GMX_COMPAT_H

#ifndef GMX_PROBES
#error "gmx: the kernel was not probed. Build with Kbuild (make), which runs drivers/gmx/compat/probe.sh"
#endif

#include "limits.h"
#include "block.h"
#include "bdev.h"
#include "uring.h"
#include "device.h"

#endif
