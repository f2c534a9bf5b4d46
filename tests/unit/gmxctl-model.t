#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gmxctl under sanitizers against the model of a controller, both in one process: each command does what it says on the controller,
# what is wrong is refused with the exit code and the stage, and the controller runs on.
set -u
here=$(dirname "$(readlink -f "$0")")
repo=$(readlink -f "$here/../..")

if [ -z "${GMX_INSIDE:-}" ]; then
	"$repo/scripts/lab" tools >&2
	model=$("$repo/tests/tools/run" model) && fwsign=$("$repo/tests/tools/run" fwsign) || { echo "Bail out! gmxctl does not build"; exit 1; }
	exec "$repo/scripts/lab" enter -- env GMX_MODEL="$model" GMX_FWSIGN="$fwsign" /repo/tests/unit/gmxctl-model.t
fi
. "$repo/tests/static/tap.sh"
root=$(mktemp -d)
log=$root/log
trap 'rm -rf "$root"' EXIT
export LC_ALL=C TZ=UTC
coproc MODEL { exec "$GMX_MODEL" "$root" g3 '{"serial":"GMXMODEL","seed":1,"capacity":"256M","namespaces":[{"size":"64M"}],"time_warp":true}' 2>"$root/model.err"; }
model_pid=$MODEL_PID
model_in=${MODEL[1]}
ask() { # LINE: the answer is in $answer
	echo "$1" >&"$model_in"
	read -r -t 60 -u "${MODEL[0]}" answer && return
	echo "Bail out! the model is gone: $(head -n 20 "$root/model.err" | tr '\n' ' ')"
	exit 1
}
# ctl CODE ARGUMENTS...: with -o json; true if it ends so, and its document is as its schema says and has errors if and only if that is one
declare -A schemas
schema_of() { # OBJECT VERB: where it is, nothing for commands that print no document
	local name=$1
	[ -n "${schemas[$name]+known}" ] || name=$1.$2
	echo "${schemas[$name]:-}"
}
ctl() {
	local schema
	ask "ctl ${*:2} -o json"
	{ echo "gmxctl ${*:2}: exit $answer, not $1"; cat "$root/err" "$root/out"; } >"$log"
	[ "$answer" = "$1" ] || return 1
	jq -e --argjson code "$1" '.format.major == 1 and ((.errors | length) > 0) == ($code > 0 and ($code < 16 or $code == 18))' "$root/out" >/dev/null || return 1
	# a change of firmware says in which stage it failed, and what to do
	case "$1 $2 ${3:-}" in [13-9]' 'fw' 'update | [13-9]' 'fw' 'download | [13-9]' 'fw' 'commit | [13-9]' 'fw' 'rollback)
		jq -e '.errors | all((.message | test("^stage (check|signature|fit|confirm|download|commit|activate|reset|identify): ")) and (.hint | length > 0))' "$root/out" >/dev/null ||
			{ echo "no stage, or no way out" >>"$log"; return 1; } ;;
	esac
	schema=$(schema_of "${@:2:2}")
	[ -z "$schema" ] || "$repo/tests/tools/schema" "$schema" "$root/out" >>"$log" 2>&1
}
got() { jq -c "$1" "$root/out"; }
is() { # EXPRESSION VALUE: of the last document
	local is
	is=$(got "$1")
	[ "$is" = "$2" ] || { echo "$1 is $is, not $2" >>"$log"; return 1; }
}
said() { grep -qi -- "$1" "$root/err" || { echo "not said: $1" >>"$log"; return 1; }; }
emu() { ask "emu $1"; [[ $answer == *'"ok":true'* ]] || { echo "$answer" >"$log"; return 1; }; }

ask "ctl generate commands"
while read -r name; do
	ask "ctl generate schema $name" && [ "$answer" = 0 ] && cp "$root/out" "$root/schema-$name" && schemas[$name]=$root/schema-$name
done < <(cat "$root/out")
[ "${#schemas[@]}" -gt 35 ]; ok "${#schemas[@]} schemas, which hold all documents below"

ctl 0 controller list && is '.result[0].serial' '"GMXMODEL"' && is '.result[0].capacity_bytes' 67108864; ok "controller list" "$log"
ctl 0 controller show GMXMODEL && is '.result[0].capacity_bytes' 268435456 && is '.result[0].disks[0].name' '"gmx0n1"'; ok "controller show" "$log"
ctl 3 controller show gmx9 && said "no Gigamax controller"; ok "a controller that is not there" "$log"
ctl 8 controller reset gmx0 && said -- --yes; ok "a reset that nobody confirms" "$log"
ctl 0 controller reset gmx0 --dry-run && is '.plan[0]' "$(jq -nc --arg s "$(head -n 1 "$root/err")" '$s')" && is '.result' null && ctl 0 controller list && ctl 0 controller reset gmx0 --yes && is '.result[0].resets' 1; ok "controller reset" "$log"
ctl 0 controller reset gmx0 --subsystem -y && is '.result[0].resets' 2; ok "controller reset --subsystem" "$log"
ctl 0 controller rescan; ok "controller rescan" "$log"
ctl 2 controller list -o xml; ok "an unknown format" "$log"
ctl 2 ns list --columns nothing && said "size_bytes"; ok "an unknown column" "$log"

ctl 0 health && is '.result[0].health' '"good"'; ok "health" "$log"
emu '{"command":"temperature","kelvin":400}' && ctl 16 health && is '.result[0].problems' '["temperature"]' && ctl 0 status &&
	is '.result[0].messages[0].id' '"GMX-2002"'
ok "health: too hot" "$log"
emu '{"command":"temperature","kelvin":0}' && emu '{"command":"spare","percent":1}' && ctl 17 health && is '.result[0].health' '"failing"'; ok "health: worn" "$log"
mv "$root/dev/gmx0" "$root/dev/away" && ctl 18 health && is '.result[0].health' '"unknown"' && ctl 0 status && is '[.result[0].health, .result[0].messages[0].id]' '["unknown","GMX-1007"]'; ok "health: not known" "$log"
mv "$root/dev/away" "$root/dev/gmx0"
emu '{"command":"spare","percent":100}' && ctl 0 smart && is '.result[0].power_cycles' 1; ok "smart" "$log"
for what in smart power.show health; do ask "ctl ${what/./ } -o prom" && cat "$root/out"; done >"$root/prom"
grep -q '^gmx_smart_power_on_seconds_total{' "$root/prom" && grep -q '^gmx_smart_busy_seconds_total{' "$root/prom" && grep -q '^gmx_power_.*_watts{' "$root/prom" &&
	! grep -E '^gmx_[a-z_]*_(hours|minutes|ms|mw|mj|percent)(_total)?[{ ]' "$root/prom" >"$log"
ok "metrics are in base units" "$log"

ctl 0 ns create gmx0 --size 32M --block 4096 && is '[.result[0].nsid, .result[0].disk, .result[0].block_bytes]' '[2,"gmx0n2",4096]'; ok "ns create" "$log"
ctl 6 ns create gmx0 --size 1T && said free; ok "ns create: too large" "$log"
ctl 2 ns create gmx0 --size 32M --block 1234 && said 4096; ok "ns create: no such block" "$log"
mkdir -p "$root/proc/self"
echo "/dev/gmx0n2 /data ext4 rw 0 0" >"$root/proc/self/mounts"
ctl 5 ns delete gmx0n2 -y && said "mounted on /data" && ctl 5 ns format gmx0n2 -y && ctl 5 ns detach gmx0n2 -y && ctl 5 ns sanitize gmx0 -y; ok "what is in use is not destroyed" "$log"
: >"$root/proc/self/mounts"
mkdir -p "$root/sys/block/gmx0n2/holders/dm-0"
ctl 5 ns delete gmx0n2 -y && said "held by dm-0"; ok "nor what is held" "$log"
rmdir "$root/sys/block/gmx0n2/holders/dm-0"
: >"$root/dev/gmx0n2.busy"
ctl 5 ns delete gmx0n2 -y && said "gmx0n2 is in use: swap" && ctl 5 ns sanitize gmx0 -y; ok "nor what somebody has alone" "$log"
rm "$root/dev/gmx0n2.busy"
# another controller of the subsystem, with the same namespaces
second() { mkdir -p "$root/sys/class/gmx/gmx1" && for f in state subsysnqn serial; do cp "$root/sys/class/gmx/gmx0/$f" "$root/sys/class/gmx/gmx1"; done && echo 77 >"$root/sys/class/gmx/gmx1/cntlid"
	mkdir -p "$root/sys/block/gmx1n2" && echo 2 >"$root/sys/block/gmx1n2/nsid"; }
alone() { rm -r "$root/sys/class/gmx/gmx1" "$root/sys/block/gmx1n2"; }
second
echo "/dev/gmx1n2p1 /data ext4 rw 0 0" >"$root/proc/self/mounts"
ctl 5 ns delete gmx0n2 -y && said "gmx1n2p1 is mounted on /data" && ctl 5 ns format gmx0n2 -y && ctl 5 ns sanitize gmx0 -y && ctl 5 ns detach gmx0 --nsid 2 --controllers 77 -y &&
	ctl 0 ns detach gmx0n2 --dry-run && ! grep -q gmx1n2 "$root/err"
ok "nor what another controller of the subsystem has mounted" "$log"
: >"$root/proc/self/mounts"
mkdir -p "$root/sys/block/gmx0n2/holders"
for i in {1..70}; do mkdir -p "$root/sys/block/gmx0n2/gmx0n2p$i"; done
mkdir -p "$root/sys/block/gmx1n2/holders/md7"
ctl 5 ns sanitize gmx0 -y && said "held by md7"; ok "a plan of many lines has all of them" "$log"
rm -r "$root"/sys/block/gmx0n2/gmx0n2p*
alone
# MOUNT LINE: / as mountinfo has it
rootfs() { mkdir -p "$root/proc/self" && echo "$1" >"$root/proc/self/mountinfo"; }
link() { mkdir -p "$(dirname "$root/$2")" && ln -sfn "$root/$1" "$root/$2"; }
mkdir -p "$root/sys/block/gmx0n1/gmx0n1p2" "$root/sys/block/sda/sda1"
link sys/block/gmx0n1/gmx0n1p2 sys/dev/block/259:2
rootfs "22 1 259:2 / / rw - ext4 /dev/gmx0n1p2 rw"
ctl 5 controller reset gmx0 -y && said "/ is on gmx0n1" && ctl 0 controller reset gmx0 --yes --dry-run; ok "controller reset: / is on it" "$log"
mkdir -p "$root/sys/block/dm-0/slaves" && link sys/block/sda/sda1 sys/block/dm-0/slaves/sda1 && link sys/block/gmx0n1/gmx0n1p2 sys/block/dm-0/slaves/gmx0n1p2 && link sys/block/dm-0 sys/dev/block/253:0
rootfs "22 1 253:0 / / rw - ext4 /dev/mapper/root rw"
ctl 5 controller reset gmx0 -y && said "/ is on gmx0n1"; ok "/ is on a mirror with a half of it" "$log"
mkdir -p "$root/sys/fs/btrfs/01234567-89ab-4def-8123-456789abcdef/devices" && for d in sda/sda1 gmx0n1/gmx0n1p2; do link sys/block/$d "sys/fs/btrfs/01234567-89ab-4def-8123-456789abcdef/devices/${d#*/}"; done
rootfs "22 1 0:24 /@ / rw shared:1 - btrfs /dev/sda1 rw,subvol=/@"
ctl 5 controller reset gmx0 -y && said "/ is on gmx0n1"; ok "/ is on a btrfs of several devices" "$log"
rootfs "22 1 8:1 / / rw - ext4 /dev/sda1 rw"
ctl 0 controller reset gmx0 -y; ok "/ is elsewhere" "$log"
second
mkdir -p "$root/sys/block/gmx1n2" && link sys/block/gmx1n2 sys/dev/block/259:9
rootfs "22 1 259:9 / / rw - ext4 /dev/gmx1n2 rw"
ctl 5 controller reset gmx0 --subsystem -y && said "gmx1 is of the same subsystem" && said "/ is on gmx1n2, a disk of gmx1" && ctl 0 controller reset gmx0 -y; ok "/ is on another controller of the subsystem" "$log"
alone
rm "$root/proc/self/mountinfo"
ctl 8 ns delete gmx0n2; ok "ns delete unconfirmed" "$log"
emu '{"command":"ns-resize","nsid":2,"bytes":50331648}' && ctl 0 ns resize gmx0n2 --size 48M && is '.result[0].size_bytes' 50331648; ok "ns resize" "$log"
ctl 7 ns resize gmx0n2 --size 64M && said "NVMe has no command"; ok "ns resize to another size" "$log"
ctl 0 ns format gmx0n2 --block 512 -y && is '.result[0].block_bytes' 512; ok "ns format" "$log"
ctl 0 ns detach gmx0n2 -y && ctl 0 ns list && is '.result | length' 1 && ctl 0 ns list --all && is '.result | length' 2; ok "ns detach, list" "$log"
ctl 0 ns attach gmx0 --nsid 2 && is '.result[0].disk' '"gmx0n2"' && ctl 6 ns attach gmx0 --nsid 2; ok "ns attach" "$log"
ctl 0 ns detach gmx0n2 -y && begin=$SECONDS && ctl 6 ns attach gmx0 --nsid 2 --controllers 77 && ctl 0 ns format gmx0 --nsid 2 -y && is '.result[0].attached' false && is '.result[0].disk' null &&
	[ $((SECONDS - begin)) -lt 8 ] && ctl 0 ns attach gmx0 --nsid 2 && is '.result[0].attached' true
ok "a namespace that is not attached has no disk to wait for" "$log"
ctl 2 ns attach gmx0 --nsid 2 --force && ctl 2 ns sanitize gmx0 --passes 2 -y && ctl 2 ns sanitize gmx0 --status --action block; ok "options that would do nothing" "$log"
echo "/dev/gmx0n2 /data ext4 rw 0 0" >"$root/proc/self/mounts"
ctl 5 ns format gmx0n2 -y && said -- --force && ctl 0 ns format gmx0n2 -y --force && said "mounted on /data" && ctl 0 ns detach gmx0n2 -y --force && ctl 0 ns attach gmx0 --nsid 2
ok "ns format and detach with --force: what is in use all the same, and it is said" "$log"
: >"$root/proc/self/mounts"
emu '{"command":"fault-add","kind":"status","set":"admin","opcode":21,"status":2,"count":1}' && ctl 9 ns create gmx0 --size 8M && said "was created, and can't be attached" && is '.result[0].attached' false &&
	nsid=$(got '.result[0].nsid') && ctl 0 ns list --all && is '.result | length' 3 && ctl 0 ns delete gmx0 --nsid "$nsid" -y --force
ok "ns create: created, and attached nowhere" "$log"
ask slow && ask interrupt && ctl 5 ns format gmx0n2 -y && said "goes on" && said "ns format gmx0 --nsid 2 --status --wait waits for its end" && ctl 0 ns format gmx0n2 --status && is '.result[0].format_percent' 40 &&
	ctl 0 ns show gmx0n2 && is '.result[0].format_percent' 40 && ctl 5 ns format gmx0n2 -y && said "already\|in progress"
ok "ns format is left, and goes on" "$log"
ask interrupt && ctl 5 ns format gmx0n2 --status --wait --progress json && said '"stage":"format","done":40,"total":100' && said "goes on"; ok "so is waiting for it" "$log"
ask release && ctl 0 ns format gmx0n2 --status --wait && is '.result[0] | [.format_percent, .attached]' '[null,true]' && ctl 0 ns show gmx0n2 && is '.result[0].format_percent' null; ok "ns format --status --wait: to its end" "$log"
ask slow && ctl 0 ns format gmx0n2 -y --no-wait && is '.result[0].format_percent' 40 && ask release && ctl 0 ns format gmx0n2 --status --wait && is '.result[0].format_percent' null; ok "ns format --no-wait" "$log"
emu '{"command":"fault-add","kind":"status","set":"admin","opcode":128,"status":2,"count":1}' && ctl 6 ns format gmx0n2 -y --no-wait && said "not formatted" && ctl 2 ns format gmx0n2 -y --wait && ctl 2 ns format gmx0n2 --status --no-wait
ok "ns format --no-wait: a refusal all the same" "$log"
ask "terminal gmx0n2" && ctl 0 ns format gmx0n2 && said "type gmx0n2 to go on: " && said "all data on it is lost"; ok "on a terminal: the name confirms" "$log"
for word in gmx0 gmx0n22 y ""; do
	before=$(ctl 0 event list && got '.result | length') && ask "terminal $word" && ctl 8 ns format gmx0n2 && said "type gmx0n2 to go on: " && said "nothing was done" && ctl 0 event list && is '.result | length' "$before" || break
	word=done
done
[ "$word" = done ]; ok "on a terminal: another word does not, nor none" "$log"
ask terminal && ctl 8 ns delete gmx0n2 && said "nothing was done" && ctl 0 ns show gmx0n2; ok "on a terminal: end of file does not" "$log"
ask slow && ask "terminal -" && ask interrupt && ctl 5 ns format gmx0n2 -y && grep -q 'format \[#\{12\} \{18\}\] 40 %' "$root/err" && ask release && ctl 0 ns format gmx0n2 --status --wait; ok "on a terminal: a bar" "$log"
second
ctl 9 ns list && is '.result | length' 2 && said gmx1 && ctl 9 power show && ctl 3 ns list gmx1 && ctl 9 controller rescan && ctl 9 fw list && is '.result | length > 1' true && ctl 9 event list && is '.result | length > 0' true &&
	ctl 9 smart && is '.result | length' 1 && ctl 3 smart gmx1; ok "two controllers, of which one has no node: what the other says, and exit 9" "$log"
alone
ctl 0 ns show gmx0n2 && is '.result[0].nsid' 2 && ctl 3 ns show gmx0 --nsid 9; ok "ns show" "$log"
ctl 0 ns delete gmx0n2 -y && ctl 0 ns list --all && is '.result | length' 1; ok "ns delete" "$log"
ctl 0 ns create gmx0 --block 4096 && is '.result[0].size_bytes % 4096' 0 && is '.result[0].size_bytes > 134217728' true && ctl 0 ns delete gmx0n2 -y; ok "ns create: all that is free" "$log"
ctl 0 ns sanitize gmx0 -y --wait && is '.result[0].state' '"done"' && ctl 0 ns sanitize gmx0 --status --wait; ok "ns sanitize" "$log"
echo "/dev/gmx0n1 /data ext4 rw 0 0" >"$root/proc/self/mounts"
ctl 5 ns sanitize gmx0 -y --wait && said "mounted on /data" && said -- --force && ctl 8 ns sanitize gmx0 --force && ctl 0 ns sanitize gmx0 -y --wait --force && said "mounted on /data" && is '.result[0].state' '"done"'; ok "ns sanitize --force: in use all the same" "$log"
ctl 0 ns create gmx0 --size 8M && echo "/dev/gmx0n2 /data ext4 rw 0 0" >"$root/proc/self/mounts" && ask "terminal gmx0n2" && ctl 5 ns delete gmx0n2 && said "not done, as gmx0n2 is mounted on /data" && ! grep -q "type gmx0n2" "$root/err" &&
	ctl 8 ns delete gmx0n2 --force && ask "terminal gmx0n1" && ctl 8 ns delete gmx0n2 --force && ctl 0 ns show gmx0n2 && ask "terminal gmx0n2" && ctl 0 ns delete gmx0n2 --force && said "type gmx0n2 to go on" && ctl 3 ns show gmx0n2
ok "ns delete --force: in use all the same, and only by its name" "$log"
: >"$root/proc/self/mounts"
# one whose last user does not let it go
mkdir -p "$root/sys/block/gmx0n9999" && ctl 0 ns create gmx0 --size 8M && echo 2 >"$root/sys/block/gmx0n9999/nsid" && ctl 9 ns delete gmx0n2 -y && said "is deleted, and its disk still there" && ctl 0 ns list --all && is '.result | length' 1; ok "ns delete: its disk stays" "$log"
rm -r "$root/sys/block/gmx0n9999"

ctl 1 telemetry capture "$root/none" --source controller && said none; ok "telemetry that nobody captured" "$log"

fw=$root/fw
mkdir -p "$fw" "$root/etc/gmx/keys"
"$GMX_FWSIGN" key "$fw/secret" "$root/etc/gmx/keys/test.pub"; ok "keys"
image() { "$GMX_FWSIGN" image "$fw/$1" "${@:2}" && "$GMX_FWSIGN" sign "$fw/secret" "$fw/$1" "$1"; }
image now --revision NOW1 --version 9.1.0
image reset --revision RST1 --version 9.2.0 --manifest '{"activation":"controller"}'
image fails --revision BAD1 --version 9.3.0 --manifest '{"activation":"controller","fails-activation":true}'
image conventional --revision CONV1 --version 9.4.0 --manifest '{"activation":"conventional"}'
image new --revision NEW1 --version 10.0.0 --manifest '{"no-downgrade":true}'
image g2 --family 2
"$GMX_FWSIGN" image "$fw/unsigned"
head -c 8192 "$fw/now" >"$fw/cut" && cp "$fw/now.minisig" "$fw/cut.minisig"
cp "$fw/now" "$fw/other" && cp "$fw/reset.minisig" "$fw/other.minisig"
refused() { # CODE IMAGE STAGE WORDS
	ctl "$1" fw update "$fw/$2" -y && said "stage $3" && said "$4" && ctl 0 controller list && is '.result[0].firmware' "\"$runs\""
	ok "fw update refuses: $2" "$log"
}
ctl 0 fw list && is '[.result[] | select(.running) | .slot]' '[1]'; ok "fw list" "$log"
runs=$(got '.result[0].revision' | tr -d '"')
refused 1 cut check truncated
refused 1 unsigned signature "not signed"
refused 1 nowhere check "No such file"
cp "$fw/now" "$fw/long" && head -c 5000 /dev/zero >"$fw/long.minisig"
refused 1 long signature "longer than"
refused 1 other signature "not what was signed"
refused 6 g2 fit family
mv "$root/etc/gmx/keys/test.pub" "$fw/public"
refused 1 now signature "not trusted"
ctl 0 fw show "$fw/now" --key "$fw/public" && is '[.result.revision, .result.signed, .result.comment]' '["NOW1",true,"now"]'; ok "fw show" "$log"
mv "$fw/public" "$root/etc/gmx/keys/test.pub"
mkdir "$root/etc/gmx/keys/a.pub" && cp "$fw/now" "$fw/silent" && "$GMX_FWSIGN" sign "$fw/secret" "$fw/silent" ""
ctl 0 fw show "$fw/silent" && is '[.result.signed, .result.comment]' '[true,null]' && ctl 0 fw show "$fw/unsigned" && is '.result.signed' false && ctl 1 fw show "$fw/now" --key "$fw/nothing" && said "can't be read"
ok "fw show: signed without a comment; a key that can't be read beside it" "$log"
rmdir "$root/etc/gmx/keys/a.pub"
ctl 8 fw update "$fw/now"; ok "fw update unconfirmed" "$log"
ctl 3 fw update "$fw/now" gmx9 -y && said "stage fit" && ctl 8 fw update "$fw/now" && said "stage confirm" && ctl 6 fw update "$fw/now" --slot 7 -y && said "stage fit" && ctl 6 fw rollback -y && said "does not know what ran before"
ok "fw: no stage without a name" "$log"
fails() { # OPCODE NTH STATUS CODE STAGE: this command of that number is answered so
	emu "{\"command\":\"fault-add\",\"kind\":\"status\",\"set\":\"admin\",\"opcode\":$1,\"nth\":$2,\"status\":$3,\"count\":1}" && ctl "$4" fw update "$fw/now" -y && said "stage $5: " && emu '{"command":"fault-clear","all":true}'
}
fails 2 1 6 6 fit && fails 17 1 6 6 download && fails 16 1 6 6 commit && ctl 6 fw update "$fw/now" -y && said "stage download" && said "controller reset drops" && ctl 0 controller reset gmx0 -y && fails 16 1 263 6 commit && ctl 0 controller reset gmx0 -y; ok "fw update: the stage of what the controller answers" "$log"
: >"$root/dev/gmx0.denied"
ctl 4 fw update "$fw/now" -y && said "stage fit" && ctl 4 fw rollback -y; ok "fw update: a node that can't be opened" "$log"
rm "$root/dev/gmx0.denied"
ctl 0 fw update "$fw/now" -y --progress json && is '.result[0].running' '"NOW1"' && said '"stage":"download"'; ok "fw update without a reset" "$log"
fails 2 4 6 6 identify && ctl 0 fw list && is '[.result[] | select(.running) | .revision]' '["NOW1"]'; ok "fw update: it runs, and does not say so" "$log"
ctl 0 fw update "$fw/now" -y && ! grep -q $'\r\|download\|%' "$root/err" && ask "terminal gmx0" && ctl 0 fw update "$fw/now" && grep -q 'download \[#\{30\}\] 100 %' "$root/err" &&
	ask "terminal gmx0" && ctl 0 fw update "$fw/now" --progress none && ! grep -q "download" "$root/err" && ask "terminal gmx0" && ctl 0 fw update "$fw/now" --progress json && said '"stage":"download"' && ! grep -q "%" "$root/err"
ok "progress is a bar on a terminal, and nothing where there is none" "$log"
ctl 0 fw update "$fw/reset" -y && is '[.result[0].running, .result[0].waits_for]' '["RST1",null]'; ok "fw update with a reset" "$log"
ctl 0 fw rollback -y && is '.result[0].running' '"NOW1"'; ok "fw rollback" "$log"
ctl 0 fw update "$fw/reset" -y --activate later && is '[.result[0].running, .result[0].waits_for]' '["NOW1","controller"]' && ctl 0 status &&
	is '[.result[0].messages[].id] | contains(["GMX-4001"])' true && ctl 0 controller reset gmx0 -y && ctl 0 fw list && is '[.result[] | select(.running) | .revision]' '["RST1"]'
ok "fw update --activate later" "$log"
rootfs "22 1 259:2 / / rw - ext4 /dev/gmx0n1p2 rw"
ctl 5 fw update "$fw/now" -y && said "/ is on gmx0n1" && ctl 0 fw update "$fw/now" -y --activate later && ctl 5 fw update "$fw/reset" -y && ctl 0 controller reset gmx0 -y --force &&
	ctl 0 controller list && is '.result[0].firmware' '"NOW1"' && ctl 0 fw update "$fw/reset" -y --force && is '.result[0].running' '"RST1"' && ctl 5 fw rollback -y && ctl 0 fw rollback -y --force && is '.result[0].running' '"NOW1"' &&
	ctl 5 fw commit --slot 1 -y && ctl 0 fw commit --slot 1 -y --force && is '.result[0].slot' 1 && ctl 0 fw update "$fw/reset" -y --force && is '.result[0].running' '"RST1"'
ok "fw update where / is on the controller: later, or with --force" "$log"
rm "$root/proc/self/mountinfo"
ctl 6 fw update "$fw/fails" -y && said "stage identify" && ctl 0 controller list && is '.result[0].firmware' '"RST1"'; ok "an image that does not start" "$log"
ctl 0 fw update "$fw/conventional" -y && is '.result[0].waits_for' '"conventional"'; ok "an image that wants a conventional reset" "$log"
ctl 6 fw update "$fw/reset" -y --activate now && said "only after a controller reset" && ctl 0 controller list && is '.result[0].firmware' '"RST1"'; ok "fw update --activate now makes no reset" "$log"
ctl 0 fw list && slot=$(got '[.result[] | select(.running) | .slot][0]') && ctl 5 fw download "$fw/now" --slot "$slot" -y && said "slot $slot holds the firmware that runs"; ok "fw download over what runs" "$log"
ctl 6 fw commit --slot 7 -y && ctl 0 fw commit --slot 1 -y && is '.result[0].slot' 1; ok "fw commit" "$log"
ctl 8 fw download "$fw/now" && ctl 0 fw download "$fw/now" --dry-run && ctl 6 fw download "$fw/now" --slot 1 -y && said "slot 1 of gmx0 can't be written" &&
	ctl 0 fw download "$fw/now" --slot 2 -y && is '[.result[0].slot, .result[0].stored_slot]' '[1,2]' && ctl 0 fw download "$fw/now" -y && is '.result[0].stored_slot > 1' true
ok "fw download" "$log"
ctl 0 fw download "$fw/fails" --slot 3 -y && ctl 6 fw commit --slot 3 -y && said "stage identify" && said "of slot 1"; ok "fw commit of an image that does not start" "$log"
ctl 0 fw update "$fw/new" -y && is '.result[0].running' '"NEW1"' && ctl 6 fw update "$fw/now" -y && said "does not allow" && ctl 0 controller list && is '.result[0].firmware' '"NEW1"'
ok "an older image is refused" "$log"

ctl 0 event list && is '.result[0].event' '"power-on"' && ctl 0 event list --class firmware --last 2 && is '[.result[].class]' '["firmware","firmware"]' && ctl 7 event list --driver; ok "event list" "$log"
emu '{"command":"event","code":2047,"object":5,"value":6,"text":"hello"}' && ctl 0 event list --last 1 && is '[.result[0].event, .result[0].text]' '["test","hello"]'; ok "an event" "$log"
ask "ctl event follow --from 1 --count 1 --timeout 20 -o json"; [ "$answer" = 0 ] && is '.result[0].event' '"power-on"'; ok "event follow" "$root/err"
ctl 2 event follow --no-headings && ask "ctl event follow --timeout 1 -o csv" && [ "$answer" = 2 ]; ok "event follow has no columns" "$log"
ctl 0 event mask --set drive,thermal && is '.result[0].classes' '["drive","thermal"]' && ctl 2 event mask --set rain && ctl 2 event mask --save && ctl 2 event mask --set= && ctl 0 event mask --set all; ok "event mask" "$log"
ctl 0 telemetry capture "$root/capture" && ctl 0 telemetry decode "$root/capture" && is '.result.serial' '"GMXMODEL"' && is '.result.commands | length > 10' true &&
	is '.result.cut' 0
ok "telemetry capture, decode" "$log"
mkfifo "$root/pipe" && ln -s capture "$root/link" && ln -s linked "$root/dangling"
cat "$root/pipe" >"$root/piped" &
ctl 0 telemetry capture "$root/pipe" && [ -p "$root/pipe" ] && wait $! && ctl 0 telemetry decode "$root/piped" && is '.result.cut' 0; ok "a capture into a pipe, which stays one" "$log"
ctl 0 telemetry capture /dev/null && [ -c /dev/null ]; ok "a capture into a device, which stays one" "$log"
ctl 0 telemetry capture "$root/link" && ctl 0 telemetry capture "$root/dangling" && [ "$(readlink "$root/link") $(readlink "$root/dangling")" = "capture linked" ] && ctl 0 telemetry decode "$root/linked"
ok "a capture to where a link leads" "$log"
cp "$root/capture" "$root/late" && printf '\377\377\377\377\377\377\377\177' | dd of="$root/late" bs=1 seek=$((512 + 16)) conv=notrunc status=none
ctl 0 telemetry decode "$root/late" && is '.result.captured_ms_string | length > 15' true; ok "a time beyond what readers of JSON hold" "$log"
head -c 2000 "$root/capture" >"$root/half"
ctl 0 telemetry decode "$root/half" && is '.result.cut > 0' true && ctl 1 telemetry decode "$0"; ok "half a capture" "$log"
ctl 0 telemetry capture "$root/own" --source controller && is '.result[0].reason | contains("did not start")' true; ok "what the controller captured by itself" "$log"

emu '{"command":"power-readings","power_mw":7654}' && ctl 0 power show && is '.result[0].power_mw' 7654 && is '.result[0].rails | length > 0' true; ok "power show" "$log"
ctl 0 power set --state 1 && is '.result[0].power_state' 1 && ctl 6 power set --state 31; ok "power set" "$log"
ctl 0 mi health && is '.result[0].functional' true && ctl 0 mi info && is '.result[0].type' '"pcie"' && ctl 0 mi vpd && is '.result[0].size_bytes' 256; ok "mi" "$log"
ctl 7 mi receive --opcode 0x7f && said "no such command"; ok "mi: no such command" "$log"
ctl 0 mi get && is '[.result[] | [.type, .mtu, .max_mtu, .frequency_khz, .max_frequency_khz]]' '[["pcie",64,250,null,null],["smbus",64,250,100,400]]'; ok "mi get" "$log"
ctl 8 mi set frequency 400 && said -- --yes && ctl 0 mi set frequency 400 --dry-run && said "set from 100 to 400 kHz" && ctl 0 mi get && is '.result[1].frequency_khz' 100 &&
	ctl 0 mi set frequency 400 gmx0 -y && is '.result[0] | [.port, .setting, .from, .to]' '[1,"frequency",100,400]' && ctl 0 mi get && is '.result[1].frequency_khz' 400
ok "mi set frequency" "$log"
ctl 0 mi set mtu 128 --port 0 -y && is '.result[0] | [.port, .from, .to]' '[0,64,128]' && ctl 0 mi get && is '[.result[].mtu]' '[128,64]'; ok "mi set mtu" "$log"
ctl 6 mi set frequency 1000 -y && said "400 kHz at most" && ctl 6 mi set mtu 251 --port 1 -y && said "250 bytes at most" && ctl 7 mi set frequency 100 --port 0 -y && said "no SMBus" &&
	ctl 2 mi set frequency 200 -y && ctl 2 mi set mtu 63 --port 0 -y && ctl 2 mi set mtu 128 -y && said "mi get lists" && ctl 2 mi set mtu 128 --port 2 -y && said "ports 0 to 1" && ctl 2 mi set weather 1 && said frequency
ok "mi set: what can't be" "$log"
ctl 0 mi health && is '.result[0].changes | contains(["temperature", "status"])' true && ctl 0 mi clear temperature && is '.result[0].cleared' '["temperature"]' && ctl 0 mi health &&
	is '.result[0].changes | (contains(["temperature"]) | not) and contains(["status"])' true && ctl 0 mi clear status,used gmx0 && ctl 0 mi health && is '.result[0].changes | contains(["status"])' false &&
	ctl 0 mi clear all && ctl 0 mi health && is '.result[0] | [.changed, .changes]' '[0,[]]' && ctl 2 mi clear rain && said subsystem-reset && ctl 2 mi clear ,
ok "mi clear" "$log"
printf 'spam' >"$root/vpd" && printf 'odd' >"$root/odd" && : >"$root/nothing"
ctl 8 mi send --opcode 06h --dword0 252 --dword1 4 --data "$root/vpd" && said "command 06h is sent to gmx0" && ctl 0 mi send --opcode 06h --dword0 252 --dword1 4 --data "$root/vpd" --dry-run && ctl 0 mi vpd &&
	is '.result[0].hex | endswith("7370616d")' false && ctl 0 mi send gmx0 --opcode 06h --dword0 252 --dword1 4 --data "$root/vpd" -y && ctl 0 mi vpd && is '.result[0].hex | endswith("7370616d")' true
ok "mi send" "$log"
ctl 7 mi send --opcode 07h -y && said "no such command" && ctl 6 mi send --opcode 03h --dword0 0x0f000001 -y && said "byte 11 of the request" && ctl 2 mi send -y && ctl 2 mi send --opcode 06h --data "$root/odd" -y &&
	said "multiple of 4" && ctl 2 mi send --opcode 06h --data "$root/nothing" -y && ctl 1 mi send --opcode 06h --data "$root/none-such" -y && ctl 2 mi send --opcode 100h -y
ok "mi send: what is refused" "$log"
ctl 0 log get smart && is '.result[0].size_bytes' 512 && ctl 0 log get C2h --length 32 && ctl 7 log get FEh && ctl 2 log get rubbish; ok "log get" "$log"
ctl 0 log get smart --file "$root/page" && [ "$(stat -c %s "$root/page")" = 512 ]; ok "log get --file" "$log"
ctl 0 log get smart --offset 128 && is '.result[0].size_bytes' 384 && ctl 2 log get smart --offset 512 && ctl 0 log get events && whole=$(got '.result[0].hex' | tr -d '"') && ctl 0 log get events --offset 64 &&
	is '.result[0].hex' "\"${whole:128}\"" && ctl 2 log get events --offset 1000000
ok "log get --offset" "$log"
ask "ctl log get smart --file - -o json"; [ "$answer" = 0 ] && [ "$(stat -c %s "$root/out")" = 512 ]; ok "log get --file -: the data and nothing else" "$root/err"
ctl 0 log errors && is '.result[0].status' 265; ok "log errors" "$log"
ctl 0 drive list && is '.result[0].state' '"online"' && emu '{"command":"drive-fail","drive":0}' && ctl 0 drive list && is '.result[0].failed' true && ctl 17 health &&
	emu '{"command":"drive-repair","drive":0}'
ok "drive list" "$log"
ctl 0 feature set C0h 0x0f && ctl 0 feature get event-mask && is '.result[0].value' 15 && ctl 0 feature get 192 --select default && is '.result[0].value' 255 &&
	ctl 6 feature get C7h && ctl 2 feature get weather
ok "feature" "$log"
ctl 0 selftest start --wait && is '[.result[0].results[0].test, .result[0].results[0].passed]' '["short",true]'; ok "selftest start" "$log"
emu '{"command":"fault-add","kind":"self-test","segment":2}' && ctl 1 selftest start --extended --wait && said segment && ctl 0 selftest status &&
	is '.result[0].results[0].segment' 2 && ctl 0 selftest abort
ok "a self-test that fails" "$log"
ctl 0 queue show && is '.result[1].use' '"default"'; ok "queue show" "$log"
mkdir -p "$root/sys/block/gmx0n1/queue"
echo "[none] mq-deadline" >"$root/sys/block/gmx0n1/queue/scheduler"
echo 128 >"$root/sys/block/gmx0n1/queue/read_ahead_kb"
ctl 0 tune plan -p throughput && is '[.result[] | select(.setting == "read_ahead_kb") | .to]' '["4096"]' && [ "$(cat "$root/sys/block/gmx0n1/queue/read_ahead_kb")" = 128 ]; ok "tune plan" "$log"
ctl 1 tune revert && said "nothing to go back to"; ok "tune revert of nothing" "$log"
if [ "$(id -u)" = 0 ]; then
	mkdir -p "$root/var/lib" && : >"$root/var/lib/gmx"
	ctl 1 tune apply -p throughput && [ "$(cat "$root/sys/block/gmx0n1/queue/read_ahead_kb")" = 128 ]; ok "tune apply: nothing that can't be taken back" "$log"
	rm "$root/var/lib/gmx"
	ctl 0 tune apply -p throughput && [ "$(cat "$root/sys/block/gmx0n1/queue/read_ahead_kb")" = 4096 ] && [ "$(stat -c %a "$root"/var/lib/gmx/tune/*)" = 644 ] && ctl 0 tune verify; ok "tune apply, verify" "$log"
	echo 64 >"$root/sys/block/gmx0n1/queue/read_ahead_kb"
	ctl 1 tune verify && said "1 settings"; ok "tune verify finds what changed" "$log"
	ctl 0 tune apply gmx0n1 -p latency && ctl 0 tune verify && ctl 1 tune verify -p throughput && ctl 0 tune apply gmx0n1 -p throughput; ok "tune verify: to each what was applied to it" "$log"
	ctl 0 tune revert gmx0n1 && [ "$(cat "$root/sys/block/gmx0n1/queue/read_ahead_kb")" = 128 ]; ok "tune revert of a disk" "$log"
	ctl 0 tune apply gmx0n1 -p throughput && echo 64 >"$root/sys/block/gmx0n1/queue/read_ahead_kb"
	ctl 0 tune revert && [ "$(cat "$root/sys/block/gmx0n1/queue/read_ahead_kb")" = 128 ]; ok "tune revert" "$log"
	mkdir -p "$root/proc/sys/kernel/random" && echo one >"$root/proc/sys/kernel/random/boot_id"
	ctl 0 tune apply -p throughput && echo two >"$root/proc/sys/kernel/random/boot_id" && echo 100 >"$root/sys/block/gmx0n1/queue/read_ahead_kb" && ctl 1 tune verify &&
		ctl 0 tune revert && is '.result' '[]' && [ "$(cat "$root/sys/block/gmx0n1/queue/read_ahead_kb")" = 100 ] && ctl 1 tune revert
	ok "tune revert: what was found in an earlier boot is no baseline" "$log"
	echo 2 >"$root/sys/block/gmx0n1/queue/nomerges" && ctl 0 tune apply -p throughput && ln -sf /proc/sys/kernel/random/boot_id "$root/sys/block/gmx0n1/queue/nomerges" && ctl 9 tune revert && said "nomerges of gmx0n1 can't be set to 2" &&
		[ "$(cat "$root/sys/block/gmx0n1/queue/read_ahead_kb")" = 100 ]
	ok "tune revert: one setting can't be had" "$log"
	rm "$root/sys/block/gmx0n1/queue/nomerges"
	echo 0 >"$root/sys/block/gmx0n1/queue/nomerges" && ctl 0 tune revert && [ "$(cat "$root/sys/block/gmx0n1/queue/nomerges")" = 2 ] && ctl 1 tune revert; ok "and is gone back to when it can be" "$log"
	rm "$root/sys/block/gmx0n1/queue/nomerges"
	# it can be read, and not written
	ln -s /proc/sys/kernel/random/boot_id "$root/sys/block/gmx0n1/queue/nomerges"
	ctl 9 tune apply -p throughput && said "nomerges of gmx0n1 can't be set to 0" && [ "$(cat "$root/sys/block/gmx0n1/queue/read_ahead_kb")" = 4096 ]; ok "tune apply: one setting can't be had" "$log"
	rm "$root/sys/block/gmx0n1/queue/nomerges"
	ctl 0 tune revert; ok "tune revert after that" "$log"
fi
mkdir -p "$root/sys/module/gmx" "$root/sys/bus/pci/devices/0000:05:00.0"
echo 0x474d >"$root/sys/bus/pci/devices/0000:05:00.0/vendor"
ctl 1 doctor && is '[.result[] | select(.check == "binding") | .result]' '["failed"]'; ok "doctor" "$log"
printf 'Gigamax G3\tNEW*\tloses the time\n' >"$root/known" && mkdir -p "$root/usr/share/gmx" && mv "$root/known" "$root/usr/share/gmx/firmware-known-bad"
ctl 1 doctor && is '[.result[] | select(.check == "firmware") | .result]' '["failed"]'; ok "doctor: firmware that is known bad" "$log"

ctl 7 operation list && said "no such call" && ctl 7 telemetry start; ok "operations, of a driver without any" "$log"

# the same through the driver's own calls
ask driver
ctl 0 operation list && is .result '[]' && ctl 3 operation wait && said "no long operation" && ctl 3 operation show --id 4; ok "by the driver: no operation yet" "$log"
ctl 0 event list --driver && is '[.result[] | [.class, .event, .text]]' '[["driver","reset","I/O timeout"],["driver","state","live"]]' && ctl 0 event list --driver --last 1 --severity warning && is '.result[0].event' '"reset"'
ok "by the driver: events" "$log"
ctl 0 event mask --set drive --save && is '.result[0].classes' '["drive"]' && ctl 0 feature get event-mask --select saved && is '.result[0].value' 1 && ctl 0 event mask --set all --save; ok "by the driver: event mask --save" "$log"
if [ "$(id -u)" = 0 ]; then
	interrupts() { ctl 0 tune show && is '[.result[] | select(.setting == "interrupt_profile") | .value]' "[\"$1\"]"; }
	interrupts latency && ctl 0 tune apply -p throughput && interrupts adaptive && ctl 0 tune revert gmx0n1 && interrupts adaptive && ctl 0 tune revert && interrupts latency
	ok "by the driver: tune has the controller's interrupt profile, which a disk's revert leaves alone" "$log"
fi
ctl 0 power show && is '.result[0].power_mw' 7654 && is '[.result[0].rails[].rail] | length > 0' true && ctl 0 power set --state 0 && is '.result[0].power_state' 0; ok "by the driver: power" "$log"
ctl 0 fw list && is '[.result[] | select(.running) | .revision]' '["NEW1"]'; ok "by the driver: fw list" "$log"
image now2 --revision NOW2 --version 11.0.0
image reset2 --revision RST2 --version 12.0.0 --manifest '{"activation":"controller"}'
image subsystem2 --revision SUB2 --version 12.2.0 --manifest '{"activation":"subsystem"}'
image conventional2 --revision CONV2 --version 12.1.0 --manifest '{"activation":"conventional"}'
ctl 0 telemetry capture "$root/kept" --source controller --progress json && is '.result[0].reason | contains("did not start")' true && said '"stage":"telemetry"' && ctl 0 telemetry decode "$root/kept" && is '.result.cut' 0 &&
	is '.result.source' '"controller"' && ctl 0 telemetry capture "$root/less" --source controller --area 1 && [ "$(stat -c %s "$root/less")" -lt "$(stat -c %s "$root/kept")" ]
ok "by the driver: what the controller captured, and the driver has released there" "$log"
ctl 0 fw update "$fw/now2" -y --progress json && is '.result[0].running' '"NOW2"' && said '"stage":"commit"'; ok "by the driver: without a reset" "$log"
ctl 0 fw update "$fw/reset2" -y && is '[.result[0].running, .result[0].waits_for]' '["RST2",null]'; ok "by the driver: with a reset" "$log"
ctl 0 fw rollback -y && is '.result[0].running' '"NOW2"'; ok "by the driver: rollback" "$log"
ctl 0 fw update "$fw/conventional2" -y && is '.result[0].waits_for' '"conventional"' && is '.result[0].running' '"NOW2"'; ok "by the driver: a conventional reset is not made unasked" "$log"
ctl 0 fw update "$fw/conventional2" -y --activate reset && is '[.result[0].running, .result[0].waits_for]' '["CONV2",null]'; ok "by the driver: a conventional reset" "$log"
ctl 0 fw update "$fw/subsystem2" -y && is '.result[0].waits_for' '"subsystem"'; ok "by the driver: a reset of the subsystem is not made unasked" "$log"
second
mkdir -p "$root/sys/block/gmx1n2" && link sys/block/gmx1n2 sys/dev/block/259:9
rootfs "22 1 259:9 / / rw - ext4 /dev/gmx1n2 rw"
ctl 0 fw update "$fw/subsystem2" gmx0 --dry-run --activate reset && said "subsystem reset, which gmxctl makes" && ctl 5 fw update "$fw/subsystem2" gmx0 -y --activate reset && said "/ is on gmx1n2"
ok "by the driver: / is on another controller of the subsystem" "$log"
alone
rm "$root/proc/self/mountinfo"
ctl 0 fw update "$fw/subsystem2" -y --activate reset && is '[.result[0].running, .result[0].waits_for]' '["SUB2",null]'; ok "by the driver: a reset of the subsystem" "$log"
emu '{"command":"fault-add","kind":"status","opcode":16,"set":"admin","status":262,"count":1}' && ctl 6 fw update "$fw/reset2" -y && said "stage commit" && said "106h"
ok "by the driver: a refusal" "$log"

ctl 0 operation list && is '.result[0] | [.kind, .state, .stage, .waits_for]' '["firmware","failed","commit",null]' && is '.result[0].error | contains("106h")' true && is '.result | length > 5' true &&
	is '[.result[].kind] | contains(["telemetry"])' true && ctl 6 operation wait && said "106h"
ok "by the driver: operation list, and the end of one that failed" "$log"
ask hold && ask interrupt && ctl 5 fw commit --slot 1 -y && said "goes on" && id=$(grep -o 'operation wait gmx0 --id [0-9]*' "$root/err" | grep -o '[0-9]*$') && [ -n "$id" ]; ok "by the driver: an operation is left" "$log"
begin=$SECONDS
ctl 0 operation show --id "$id" && is '.result[0] | [.state, .percent, .ended_ms]' '["running",50,null]' && ctl 5 operation wait --timeout 1 && said "goes on" && [ $((SECONDS - begin)) -ge 1 ] &&
	ctl 5 operation cancel --id "$id" && said "can't be stopped" && ctl 2 operation cancel && ctl 3 operation cancel --id 9999
ok "by the driver: operation show, wait not for ever, cancel too late" "$log"
ask release && ctl 0 operation wait gmx0 --id "$id" && is '.result[0] | [.state, .waits_for]' '["done","controller"]' && ctl 0 operation cancel --id "$id" && is '.result[0].state' '"done"' && ctl 0 controller reset gmx0 -y &&
	ctl 0 fw list && is '[.result[] | select(.running) | .slot]' '[1]'
ok "by the driver: operation wait" "$log"
ask hold && ctl 0 telemetry start && is '.result[0] | [.kind, .state]' '["telemetry","running"]' && id=$(got '.result[0].id') && ctl 5 telemetry start && said "already" && ctl 0 operation cancel --id "$id" &&
	is '.result[0].state' '"cancelled"' && ctl 1 operation wait --id "$id" && said cancelled && ctl 1 telemetry capture "$root/never" --id "$id" && [ ! -e "$root/never" ]
ok "by the driver: operation cancel" "$log"
ctl 0 telemetry start --area 2 && id=$(got '.result[0].id') && ctl 0 operation wait --progress json && is '.result[0].capture_bytes > 512' true && bytes=$(got '.result[0].capture_bytes') &&
	ctl 0 telemetry capture "$root/started" --id "$id" && [ "$(stat -c %s "$root/started")" = "$bytes" ] && ctl 0 telemetry decode "$root/started" && is '[.result.source, .result.cut]' '["host",0]' &&
	ctl 2 telemetry capture "$root/never" --id "$id" --area 1 && ctl 0 telemetry start && ctl 1 telemetry capture "$root/never" --id "$id" && said "a later one" && ctl 3 telemetry capture "$root/never" --id 9999 &&
	ctl 0 operation list && firmware=$(got '[.result[] | select(.kind == "firmware") | .id][0]') && ctl 2 telemetry capture "$root/never" --id "$firmware" && said "none of telemetry"
ok "by the driver: telemetry start, and the file later" "$log"
ctl 0 ns create gmx0 --size 8M --no-attach && ctl 0 ns create gmx0 --size 8M && ctl 0 ns list && got .result >"$root/ns-root" && is '[.result[].nsid]' '[1,3]' && ctl 0 ns show gmx0n3 && got .result >"$root/ns-3"; ok "namespaces, as root sees them" "$log"

# who may do what is in the page
ask user
ctl 0 ns list && got .result | cmp - "$root/ns-root" && ctl 0 ns show gmx0n3 && got .result | cmp - "$root/ns-3"; ok "and as members of the group disk see them" "$log"
ctl 4 ns list --all && said "root alone" && said "without --all" && ctl 4 ns show gmx0 --nsid 2; ok "those that are not attached are root's" "$log"
ctl 4 log get smart && said "root alone (CAP_SYS_ADMIN); gmxctl smart" && ctl 4 log get C4h && said "event list --driver" && ctl 4 log get effects && said "root alone (CAP_SYS_ADMIN)$" && ctl 4 event list && said -- --driver &&
	ctl 4 feature get power && said "power show" && ctl 4 mi set frequency 100 -y && ctl 4 mi send --opcode 06h -y && ctl 4 mi clear all && ctl 4 telemetry start && ctl 4 fw commit --slot 1 -y
ok "a refusal has its reason and what there is in place of it" "$log"
id=$(ctl 0 operation list && got '.result[0].id') && ctl 0 operation show --id "$id"; ok "operations can be looked at" "$log"
: >"$root/dev/gmx0.denied"
ctl 4 ns list && said "group disk"; ok "a node that can't be opened" "$log"
rm "$root/dev/gmx0.denied"
may() { # WHO: the commands of the page, as they are typed
	sed -n "s/^| ${1} | \(.*\) |$/\1/p" "$repo/docs/user/first-steps.md" | grep -o '`[^`]*`' | tr -d '`' | while read -r c; do
		case $c in
		"ns show") c="ns show gmx0n1" ;;
		"ns sanitize --status") c="ns sanitize gmx0 --status" ;;
		"log get") c="log get smart" ;;
		"feature get") c="feature get power" ;;
		"telemetry capture") c="telemetry capture $root/denied" ;;
		"event follow") c="event follow --from 1 --count 1 --timeout 1" ;;
		esac
		echo "$c"
	done
}
may 'group `disk`' >"$root/may" && may root >"$root/root-only"
while read -r c; do ask "ctl $c"; [ "$answer" = 4 ] && echo "gmxctl $c: exit $answer: $(cat "$root/err")"; grep -qi "root\|permi" "$root/err" && cat "$root/err"; done <"$root/may" >"$log"
[ "$(wc -l <"$root/may")" -gt 10 ] && [ ! -s "$log" ]; ok "what members of the group disk may do" "$log"
while read -r c; do ask "ctl $c"; [ "$answer" = 4 ] || echo "gmxctl $c: exit $answer"; done <"$root/root-only" >"$log"
[ "$(wc -l <"$root/root-only")" -gt 10 ] && [ ! -s "$log" ]; ok "what only root may do" "$log"

exec {model_in}>&-
wait "$model_pid"; ok "no leak, no complaint of a sanitizer" "$root/model.err"
finish
