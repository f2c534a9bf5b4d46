/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What functions return. 0: done. Negative: -errno, the command was not carried out, or nobody knows whether it was.
 * Positive: status of an NVMe completion as the driver hands it out: status code in bits 7:0, its type in 10:8, More in
 * bit 13, Do Not Retry in bit 14.
 */
#ifndef LIBGMX_ERROR_H
#define LIBGMX_ERROR_H

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LIBGMX_STATUS(rc)   ((rc) & 0x7ff) /* type << 8 | code */
#define LIBGMX_DO_NOT_RETRY 0x4000

/* A text in English for what a function returned, never NULL, valid until the thread's next call. */
const char *libgmx_strerror(int rc);

/*
 * What the caller's user may do about it, or NULL. Not for parsing.
 */
const char *libgmx_hint(int rc);

/* Kinds of results, for programs that only want to tell these apart */
enum libgmx_kind {
	LIBGMX_OK,
	LIBGMX_FAILED,
	LIBGMX_NO_DEVICE,     /* there is none, or it went away */
	LIBGMX_PERMISSION,    /* the caller may not */
	LIBGMX_BUSY,	      /* something else has to end first, or it took too long */
	LIBGMX_REJECTED,      /* the controller refused */
	LIBGMX_NOT_SUPPORTED, /* the controller or the driver has no such thing */
};

enum libgmx_kind libgmx_kind(int rc);

#ifdef __cplusplus
}
#endif

#endif
