# SPDX-License-Identifier: GPL-2.0-or-later
# controllers that are lost, for a while or for good: nothing waits for longer than the budget, probe and removal end
# limit: 400
. "$TESTS_DIR/faults.sh"
faults_begin
fault_rows lost
[ "${ROWS:-}${DEBUG:-}" ] || telemetry_names "-g 1 -d 3" "fault: "{hang-controller,fatal,gone}" \(rule [0-9]+\), [0-9]+ times"
# what probe waits for is the module's own value
MODULE_PARAMS="admin_timeout_ms=$FAULT_TIMEOUT"
emu_unplug f0 rp0
faults_begin
fault_rows bind
[ "${ROWS:-}${DEBUG:-}" ] || telemetry_names "-g 1 -d 3" \
	"fault: "{hang-controller,gone,drop,status}" \(rule [0-9]+\), [0-9]+ times"
MODULE_PARAMS=
emu_unplug f0 rp0
faults_begin
fault_rows patient
faults_end
