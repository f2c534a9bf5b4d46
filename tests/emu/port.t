#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The whole program, too, runs under ASan and UBSan.
lab=$(dirname "$0")/../../scripts/lab
"$lab" libvfio-user || exit 1
exec "$lab" enter -- sh -ec '
	out=/lab/build/$GMX_TREE/emu-program
	mkdir -p "$out"
	(flock 9; make -s -j2 -C /repo/tools/gmx-emu O="$out" VFIO_USER="$1" \
		CFLAGS_EXTRA="-O1 -fsanitize=address,undefined -fno-sanitize-recover=all") 9>"$out/lock" >&2
	exec python3 -B /repo/tests/emu/port.py "$out/gmx-emu"' port "$("$lab" path libvfio-user)"
