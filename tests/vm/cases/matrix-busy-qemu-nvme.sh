# SPDX-License-Identifier: GPL-2.0-or-later
# QEMU's nvme under the inbox driver: fio verifies through changes of queue attributes, resets and scans; odd ranges are refused
. "$TESTS_DIR/matrix.sh"
cell qemu nvme
"$TESTS/ranges" "$DISK"
matrix_attributes
matrix_resets
