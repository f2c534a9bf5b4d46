# SPDX-License-Identifier: GPL-2.0-or-later
# an emulated G2 under gmx: fio verifies through changes of queue attributes, resets and scans; odd ranges are refused
. "$TESTS_DIR/matrix.sh"
cell g2 gmx
"$TESTS/ranges" "$DISK"
matrix_attributes
matrix_resets
