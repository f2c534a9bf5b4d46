# SPDX-License-Identifier: GPL-2.0-or-later
# gmxctl fw: a signed image is checked, downloaded, activated with and without a reset under verified I/O, rolled back; bad ones are refused with the stage
# driver: gmx
# limit: 600
. /repo/tests/vm/gmxctl.sh
fwsign() { "$TESTS/gmx-fwsign" "$@"; }
fw=$STATE/fw
rm -rf "$fw" && mkdir -p "$fw"
image() { # NAME OPTIONS...: a signed image
	fwsign image "$fw/$1" "${@:2}" && fwsign sign "$fw/secret" "$fw/$1" "$1"
}
fwsign key "$fw/secret" "$fw/public"
image now --revision NOW1 --version 9.1.0
image reset --revision RST1 --version 9.2.0 --manifest '{"activation":"controller"}'
image late --revision LATE1 --version 9.4.0
image g2 --revision G2 --family 2
image fails --revision BAD1 --version 9.3.0 --manifest '{"activation":"controller","fails-activation":true}'
fwsign image "$fw/unsigned" --revision UNS1

emu_plug gfw rp0 g3
exits 0 fw list
was=$(jq -r '.result[] | select(.running) | .revision' "$STATE/json")
is "$was" "$(cat "$SYS/firmware_rev")" "running revision"
running() { cat "$SYS/firmware_rev"; }

say "what is refused, before anything is sent: the stage, the way out, and the controller runs on"
refused() { # CODE STAGE WORDS ARGUMENTS...
	exits "$1" fw update "${@:4}" "$NAME" --yes
	said "stage $2"
	said "$3"
	is "$(running)" "$was" "running revision after a refusal"
}
head -c 8192 "$fw/now" > "$fw/cut"
cp "$fw/now.minisig" "$fw/cut.minisig"
refused 1 check truncated "$fw/cut" -k "$fw/public"
refused 1 signature "not signed" "$fw/unsigned" -k "$fw/public"
refused 1 signature "not trusted" "$fw/now"
cp "$fw/reset.minisig" "$fw/other.minisig"
cp "$fw/now" "$fw/other"
refused 1 signature "not what was signed" "$fw/other" -k "$fw/public"
refused 6 fit "family" "$fw/g2" -k "$fw/public"
exits 1 fw update "$fw/nothing" "$NAME" --yes
exits 8 fw update "$fw/now" "$NAME" -k "$fw/public"
exits 0 fw update "$fw/now" "$NAME" -k "$fw/public" --dry-run
is "$(running)" "$was" "running revision after all that"
exits 0 fw show "$fw/now" -k "$fw/public"
is "$(jq -c '[.result.revision, .result.signed, .result.comment]' "$STATE/json")" '["NOW1",true,"now"]' "image"

say "without a reset, under load"
load_start
before=$(stat_of reset_count)
exits 0 fw update "$fw/now" "$NAME" -k "$fw/public" --yes --progress json
is "$(got running)" NOW1 "running revision"
is "$(stat_of reset_count)" "$before" "resets"
grep -q '"stage":"download"' "$STATE/err" || die "no progress: $(cat "$STATE/err")"
wait_for 10 "sysfs to say it" reads "$SYS/firmware_rev" NOW1

expect_log "resetting the controller"
say "with a reset, under load"
exits 0 fw update "$fw/reset" "$NAME" -k "$fw/public" --yes
is "$(got running) $(got waits_for)" "RST1 null" "running revision"
[ "$(stat_of reset_count)" -gt "$before" ] || die "there was no reset"
load_stop

say "back to what ran before; then by slot; then later"
exits 0 fw rollback "$NAME" --yes
is "$(got running)" NOW1 "running revision"
exits 6 fw commit "$NAME" --slot 7 --yes
exits 0 fw update "$fw/reset" "$NAME" -k "$fw/public" --yes --activate later
is "$(got running) $(got waits_for)" "NOW1 controller" "running revision"
ctl status | grep -q GMX-4001 || die "status says nothing of the firmware that waits: $(ctl status)"
exits 0 controller reset "$NAME" --yes
is "$(running)" RST1 "running revision"

say "an image that does not start: the controller goes back, and that is said"
exits 6 fw update "$fw/fails" "$NAME" -k "$fw/public" --yes
said "stage"
is "$(running)" RST1 "running revision"

say "stopped while the controller takes its time: the operation goes on, and is waited for again"
emu_ctl gfw fault-add kind=delay us=8000000 set=admin opcode=0x10 count=1
"$TESTS/gmxctl" fw update "$fw/late" "$NAME" -k "$fw/public" --yes 2> "$STATE/left" &
pid=$!
running_op() { [ "$(field state operation list "$NAME")" = running ]; }
wait_for 60 "the operation to run" running_op
kill -TERM $pid
status=0
wait $pid || status=$?
is "$status" 5 "exit code of gmxctl when it is stopped: $(cat "$STATE/left")"
id=$(sed -n 's/.*operation wait .* --id \([0-9]*\) .*/\1/p' "$STATE/left")
exits 5 operation cancel "$NAME" --id "$id"
said "can't be stopped"
exits 0 operation wait "$NAME" --id "$id"
is "$(got kind) $(got state) $(got waits_for)" "firmware done null" "operation"
wait_for 10 "sysfs to say it" reads "$SYS/firmware_rev" LATE1
read_ok
emu_unplug gfw rp0
