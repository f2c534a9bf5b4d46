# SPDX-License-Identifier: GPL-2.0-or-later
# QEMU's nvme under the inbox driver: fio verifies, discard, write zeroes, flush and FUA reach it, the kernel log is clean
. "$TESTS_DIR/matrix.sh"
cell qemu nvme
matrix_io
