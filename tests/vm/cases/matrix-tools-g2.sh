# SPDX-License-Identifier: GPL-2.0-or-later
# an emulated G2: nvme-cli and smartctl say the same of it under gmx and under the inbox driver
# limit: 400
. "$TESTS_DIR/matrix-tools.sh"
expect_log
matrix_tools g2 gmx
matrix_tools g2 nvme
matrix_compare g2
