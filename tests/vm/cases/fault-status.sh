# SPDX-License-Identifier: GPL-2.0-or-later
# statuses of an emulated controller: retried, or the right error for the application
. "$TESTS_DIR/faults.sh"
faults_begin
fault_rows status
fault_rows medium
[ "${ROWS:-}${DEBUG:-}" ] || telemetry_names "-g 1 -d 3" \
	"fault: "{status,self-test,media-error,drive-fail,fw-activation,temperature,spare}" \(rule [0-9]+\), [0-9]+ times" \
	"fault: media-error \(command\), [0-9]+ times"
faults_end
