# SPDX-License-Identifier: GPL-2.0-or-later
# gmxctl event and telemetry: the log is listed, faults are followed live, classes are silenced; a capture is taken and decoded
# limit: 600
# driver: gmx
. /repo/tests/vm/gmxctl.sh

emu_plug gevent rp0 g3
exits 0 event list
is "$(jq -r '.result[0].event' "$STATE/json")" power-on "first event"
is "$(ctl event list --severity critical -o json | jq '.result | length')" 0 "critical events"
is "$(ctl event list --last 1 -o json | jq '.result | length')" 1 "the last event"

expect_log "critical warning"
say "followed while it happens"
"$TESTS/gmxctl" event follow "$NAME" --timeout 200 -o json > "$STATE/follow" 2> "$STATE/follow.err" &
pid=$!
following() { ls -l /proc/$pid/fd 2> /dev/null | grep -q "$CTRL"; }
followed() { grep -q "\"$1\"" "$STATE/follow"; }
wait_for 10 "gmxctl to open $CTRL" following
sleep 1
emu_ctl gevent drive-fail drive=0
wait_for 20 "the failed drive to be followed" followed drive-failed
emu_ctl gevent event code=$((0x07ff)) object=5 value=6 text="hello there"
wait_for 20 "the event to be followed" followed "hello there"
kill $pid
wait $pid 2> /dev/null || true
jq -e .format.name "$STATE/follow" > /dev/null || die "not a document a line: $(head -n 3 "$STATE/follow")"
is "$(ctl event list --class drive -o json | jq -r '.result[-1].event')" drive-failed "event in the log"
is "$(ctl event list --last 1 -o json | jq -rc '.result[0] | [.event, .object, .value, .text]')" '["test",5,6,"hello there"]' "event in the log"

say "the mask"
is "$(field 'silent | length' event mask)" 0 "silent classes"
exits 0 event mask "$NAME" --set thermal,drive
is "$(jq -c '.result[0].classes' "$STATE/json")" '["drive","thermal"]' "classes"
exits 2 event mask "$NAME" --set weather
exits 0 event mask "$NAME" --set all

say "telemetry"
exits 0 telemetry capture "$STATE/telemetry" "$NAME" --progress json
grep -q '"stage":"telemetry"' "$STATE/err" || die "no progress: $(cat "$STATE/err")"
exits 0 telemetry decode "$STATE/telemetry"
is "$(jq -r '.result | .serial' "$STATE/json")" "$(cat "$SYS/serial")" "serial number"
[ "$(jq '.result.commands | length' "$STATE/json")" -gt 10 ] || die "commands: $(jq -c .result.commands "$STATE/json")"
[ "$(jq '.result.events | length' "$STATE/json")" -gt 2 ] || die "events: $(jq -c .result.events "$STATE/json")"
ctl telemetry decode "$STATE/telemetry" > "$STATE/table"
grep -q "^commands:" "$STATE/table" || die "no table of commands: $(head -n 5 "$STATE/table")"
exits 1 telemetry decode /etc/passwd
head -c 2000 "$STATE/telemetry" > "$STATE/cut"
exits 0 telemetry decode "$STATE/cut"
[ "$(jq .result.cut "$STATE/json")" -gt 0 ] || die "nothing is missing in a cut capture"
say "begun, and read later"
exits 0 telemetry start "$NAME"
id=$(got id)
exits 0 operation wait "$NAME" --id "$id" --timeout 60
is "$(got kind) $(got state)" "telemetry done" "operation"
size=$(got capture_bytes)
exits 0 telemetry capture "$STATE/started" "$NAME" --id "$id"
is "$(stat -c %s "$STATE/started")" "$size" "bytes"
exits 0 telemetry decode "$STATE/started"
is "$(jq -r '.result | .serial' "$STATE/json")" "$(cat "$SYS/serial")" "serial number"
exits 0 operation cancel "$NAME" --id "$id"
is "$(got state)" done "an operation that has ended"
exits 0 telemetry capture "$STATE/own" "$NAME" --source controller
is "$(got reason)" "drive failed" "why the controller kept telemetry of its own accord"
emu_unplug gevent rp0
