/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LIBGMX_STATUS_H
#define LIBGMX_STATUS_H

/* The text of a standard NVMe status */
const char *libgmx_nvme_text(int status);

#endif
