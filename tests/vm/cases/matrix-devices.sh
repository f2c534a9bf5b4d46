# SPDX-License-Identifier: GPL-2.0-or-later
# an emulated G2 and QEMU's nvme differ in what matrix.want lists and explains, and in nothing else
# limit: 400
. "$TESTS_DIR/matrix-tools.sh"
for device in g2 qemu; do
	[ -s "$VM/matrix-$device.gmx" ] || matrix_tools $device gmx
done
"$TESTS_DIR/matrix-table" "$VM/matrix-g2.gmx" "$VM/matrix-qemu.gmx" | sort > /tmp/table
grep -Ev '^(#|$)' "$TESTS_DIR/cases/matrix.want" | sort | diff -u - /tmp/table ||
	die "the devices differ in another way: find out why, then tests/vm/cases/matrix.want (-) says so (+)"
