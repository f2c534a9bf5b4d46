# SPDX-License-Identifier: GPL-2.0-or-later
# statuses of an emulated controller: retried, or the right error for the application
. "$TESTS_DIR/faults.sh"
faults_begin
fault_rows status
fault_rows medium
faults_end
