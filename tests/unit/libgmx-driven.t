#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# libgmx's vendor ioctls, answered as the driver has answered them on an emulated G3 (tests/tools/record driver writes it down)
set -u
here=$(dirname "$(readlink -f "$0")")
repo=$(readlink -f "$here/../..")

if [ -z "${GMX_INSIDE:-}" ]; then
	driven=$("$repo/tests/tools/run" driven) || { echo "Bail out! driven does not build"; exit 1; }
	exec "$repo/scripts/lab" enter -- env GMX_DRIVEN="$driven" /repo/tests/unit/libgmx-driven.t
fi
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
# no more than it takes to open the node
mkdir -p "$root/sys/class/gmx/gmx0" "$root/dev"
echo live >"$root/sys/class/gmx/gmx0/state"
: >"$root/dev/gmx0"
LIBGMX_ROOT=$root GMX_REPLAY=$repo/tests/tools/recordings/driver.ioctl "$GMX_DRIVEN" gmx0
