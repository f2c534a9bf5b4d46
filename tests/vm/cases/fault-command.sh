# SPDX-License-Identifier: GPL-2.0-or-later
# commands of an emulated controller that go wrong one by one: aborted, reset, sent again or failed, as the table says
. "$TESTS_DIR/faults.sh"
faults_begin
fault_rows command
[ "${ROWS:-}${DEBUG:-}" ] || telemetry_names "-g 1 -d 3" "reason: asked for by a host" \
	"fault: "{delay,hang,drop,no-irq,irq-lost,wrong-cid,stale-cid,wrong-phase,double}" \(rule [0-9]+\), [0-9]+ times"
faults_end
