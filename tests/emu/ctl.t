#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
exec "$(dirname "$0")/run" ctl tools/gmx-emu/vfio/control.c tools/gmx-emu/vfio/client.c tools/gmx-emu/vfio/unixsock.c tools/gmx-emu/vfio/log.c
