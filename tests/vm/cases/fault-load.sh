# SPDX-License-Identifier: GPL-2.0-or-later
# faults under a verifying fio, which sees none of them
# limit: 400
. "$TESTS_DIR/faults.sh"
faults_begin
fault_rows load
# what the controller kept of its own accord when it died
[ "${ROWS:-}${DEBUG:-}" ] || telemetry_names "-c -d 3" "reason: injected fault" "fault: fatal \(rule [0-9]+\)" \
	"fault: "{irq-lost,drop,wrong-phase,double,status}" \(rule [0-9]+\), [0-9]+ times"
[ "${ROWS:-}${DEBUG:-}" ] || telemetry_names "-g 1 -d 3" "reason: asked for by a host" \
	"fault: "{fatal,hang-controller,storm,link-error}" \(rule [0-9]+\), [0-9]+ times"
faults_end
