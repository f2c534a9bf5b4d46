// SPDX-License-Identifier: GPL-2.0-or-later
/* gmx-client SERIAL: a program of somebody who has libgmx-dev. Prints name, serial and disks of the controller. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libgmx/libgmx.h>

int main(int argc, char **argv)
{
	struct libgmx_ctrl *ctrl;
	struct libgmx_ctrl_info info;
	struct libgmx_disk *disks;
	size_t nr;
	int rc;

	if (argc < 2)
		return 2;
	rc = libgmx_open(argv[1], &ctrl);
	if (!rc)
		rc = libgmx_info(libgmx_name(ctrl), &info);
	if (!rc)
		rc = libgmx_disks(info.name, &disks, &nr);
	if (rc) {
		fprintf(stderr, "gmx-client: %s: %s\n", argv[1], libgmx_strerror(rc));
		return 1;
	}
	printf("%s %s %s %zu\n", info.name, info.serial, nr ? disks[0].name : "-", nr);
	free(disks);
	libgmx_close(ctrl);
	return 0;
}
