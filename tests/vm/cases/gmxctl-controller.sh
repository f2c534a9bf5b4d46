# SPDX-License-Identifier: GPL-2.0-or-later
# gmxctl lists, shows, resets and rescans a controller, named in each way there is; what is no controller is said so with the exit code
# limit: 600
# driver: gmx
. /repo/tests/vm/gmxctl.sh

emu_plug gctl rp0 g3
is "$(ctl controller list --no-headings --columns name,state,family)" "$NAME live G3" "list"
is "$(field serial controller list)" "$(cat "$SYS/serial")" "serial"
is "$(field capacity_bytes controller list)" "$(($(cat "/sys/block/$BLK/size") * 512))" "capacity"
say "a target is a name, a node, a disk, an address, a serial number, a UUID"
for target in "$NAME" "$CTRL" "$BLK" "$DISK" "$GEN" "$BDF" "${BDF#0000:}" "$(cat "$SYS/serial")" "$(cat "/sys/block/$BLK/uuid")"; do
	is "$(field name controller show "$target")" "$NAME" "target $target"
done
is "$(field 'disks[0].name' controller show "$NAME")" "$BLK" "disks"
[ "$(field capacity_bytes controller show "$NAME")" -gt 0 ] || die "no capacity from Identify"

expect_log "gmxctl: resetting the controller"
say "reset asks, shows a plan, and does it"
before=$(stat_of reset_count)
exits 8 controller reset "$NAME"
exits 0 controller reset "$NAME" --dry-run
is "$(stat_of reset_count)" "$before" "resets that nobody confirmed"
exits 0 controller reset "$NAME" --yes
is "$(stat_of reset_count)" $((before + 1)) "resets"
is "$(field state controller list)" live "state"
emu_ctl gctl ns-delete nsid=1
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
emu_unplug gctl rp0
is "$(ctl controller list -o json | jq -c .result)" "[]" "list without controllers"
