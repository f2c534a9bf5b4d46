# SPDX-License-Identifier: GPL-2.0-or-later
# QEMU's nvme: nvme-cli and smartctl say the same of it under gmx and under the inbox driver
# limit: 400
. "$TESTS_DIR/matrix-tools.sh"
expect_log
matrix_tools qemu gmx
matrix_tools qemu nvme
matrix_compare qemu
