#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
exec "$(dirname "$0")/run" pciconf tools/gmx-emu/vfio/pciconf.c tools/gmx-emu/vfio/msix.c
