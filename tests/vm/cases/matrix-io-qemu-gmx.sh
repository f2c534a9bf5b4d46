# SPDX-License-Identifier: GPL-2.0-or-later
# QEMU's nvme under gmx: fio verifies, discard, write zeroes, flush and FUA reach it, the kernel log is clean
. "$TESTS_DIR/matrix.sh"
cell qemu gmx
matrix_io
