# SPDX-License-Identifier: GPL-2.0-or-later
# faults under a verifying fio, which sees none of them
# limit: 400
. "$TESTS_DIR/faults.sh"
faults_begin
fault_rows load
# the one that the controller keeps of its own accord is the driver's (admin-telemetry)
[ "${ROWS:-}${DEBUG:-}" ] || telemetry_names "-g 1 -d 3" "reason: asked for by a host" \
	"fault: "{fatal,hang-controller,storm,link-error}" \(rule [0-9]+\), [0-9]+ times"
faults_end
