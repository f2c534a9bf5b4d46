# SPDX-License-Identifier: GPL-2.0-or-later
# gmxctl lists, shows, resets and rescans a controller, named in each way there is; what is no controller is said so with the exit code
# driver: gmx
ctl() { "$TESTS/gmxctl" "$@"; }
field() { ctl "${@:2}" -o json | jq -r ".result[0].$1"; }
exits() { # CODE ARGUMENTS...: gmxctl ends so, says why on stderr, and in JSON
	local code=$1 got=0
	shift
	ctl "$@" > "$STATE/out" 2> "$STATE/err" || got=$?
	is "$got" "$code" "exit code of gmxctl $*: $(cat "$STATE/err")"
	[ "$code" = 0 ] || [ -s "$STATE/err" ] || die "gmxctl $* fails and says nothing"
	got=0
	ctl "$@" -o json > "$STATE/json" 2> /dev/null || got=$?
	is "$got" "$code" "exit code of gmxctl $* -o json"
	jq -e '.format.major == 1 and (.errors | length) == '"$([ "$code" = 0 ] && echo 0 || echo 1)" "$STATE/json" > /dev/null ||
		die "document of gmxctl $*: $(cat "$STATE/json")"
}

emu_plug ctl rp0 g3
is "$(ctl controller list --no-headings --columns name,state,family)" "$NAME live  G3" "list"
is "$(field serial controller list)" "$(cat "$SYS/serial")" "serial"
is "$(field capacity_bytes controller list)" "$(($(cat "/sys/block/$BLK/size") * 512))" "capacity"
say "a target is a name, a node, a disk, an address, a serial number, a UUID"
for target in "$NAME" "$CTRL" "$BLK" "$DISK" "$GEN" "$BDF" "${BDF#0000:}" "$(cat "$SYS/serial")" "$(cat "/sys/block/$BLK/uuid")"; do
	is "$(field name controller show "$target")" "$NAME" "target $target"
done
is "$(field 'disks[0].name' controller show "$NAME")" "$BLK" "disks"
[ "$(field capacity_bytes controller show "$NAME")" -gt 0 ] || die "no capacity from Identify"

say "reset asks, shows a plan, and does it"
before=$(stat_of reset_count)
exits 8 controller reset "$NAME"
exits 0 controller reset "$NAME" --dry-run
is "$(stat_of reset_count)" "$before" "resets that nobody confirmed"
exits 0 controller reset "$NAME" --yes
is "$(stat_of reset_count)" $((before + 2)) "resets, one with text and one with JSON"
is "$(field state controller list)" live "state"
emu_ctl ctl ns-delete nsid=1
exits 0 controller rescan "$NAME"
wait_for 10 "$DISK to go" test ! -e "$DISK"

say "what is wrong"
exits 3 controller show gmx77
exits 3 controller show 0000:99:00.0
exits 2 controller show "$NAME" --columns nothing
exits 2 controller list -o xml
exits 2 controller reset
exits 2 controller resett "$NAME"
exits 2 controlle list
emu_unplug ctl rp0
is "$(ctl controller list -o json | jq -c .result)" "[]" "list without controllers"
