# SPDX-License-Identifier: GPL-2.0-or-later
# an emulated G3 under gmx: fio verifies, discard, write zeroes, flush and FUA reach it, the kernel log is clean
. "$TESTS_DIR/matrix.sh"
cell g3 gmx
matrix_io
