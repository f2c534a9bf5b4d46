# SPDX-License-Identifier: GPL-2.0-or-later
# faults under a verifying fio, which sees none of them
# limit: 400
. "$TESTS_DIR/faults.sh"
faults_begin
fault_rows load
# what the controller kept of its own accord when it died
[ "${ROWS:-}${DEBUG:-}" ] || telemetry_names "-c -d 3" "reason: injected fault" "fault: fatal \(rule [0-9]+\)"
faults_end
