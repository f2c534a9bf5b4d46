# SPDX-License-Identifier: GPL-2.0-or-later
# a write-protected namespace is a read-only disk: seen after a scan and from the start, written by nobody, and as before when it is over
# driver: gmx
echo '{"namespaces": [{"size": "64M"}, {"size": "64M"}]}' > $VM/ro.json
emu_plug ro rp0 g3 --config ro.json
wait_for 10 "its neighbour" test -b "/dev/${NAME}n2"
protect() {
	nvme set-feature "$CTRL" --namespace-id=1 --feature-id=0x84 --value="$1" > "$STATE/feature" || die "$(head -n 1 "$STATE/feature")"
	echo 1 > "$SYS/rescan_controller"
	wait_for 10 "ro to be $1" reads "/sys/block/$BLK/ro" "$1"
}
# refused WHAT COMMAND...: by the host, before the controller is asked
refused() {
	local what=$1
	shift
	fails "$@" 2> "$STATE/err"
	grep -qi "not permitted" "$STATE/err" || die "$what: $(head -n 1 "$STATE/err")"
}
all_refused() {
	device=$(stat_of command_error_count)
	refused write dd if=/dev/zero of="$DISK" bs=4k count=1 oflag=direct status=none
	refused discard blkdiscard -f "$DISK"
	refused zeroes blkdiscard -f -z "$DISK"
	is "$(stat_of command_error_count)" "$device" "commands that the controller refused"
	fails nvme io-passthru "$GEN" --namespace-id=1 --opcode=1 --data-len=512 --write --input-file=/dev/zero > "$STATE/write" 2>&1
	grep -qi "write protected" "$STATE/write" || die "a write by hand: $(head -n 1 "$STATE/write")"
	holds P 0 65536 || die "the data is not what it was"
	is "$(cat "/sys/block/${NAME}n2/ro")" 0 "ro of the neighbour"
}
is "$(cat "/sys/block/$BLK/ro")" 0 "ro at first"
write_pattern P 0 65536
protect 1
all_refused

say "from the start"
echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
echo "$BDF" > /sys/bus/pci/drivers/gmx/bind
attached rp0
is "$(cat "/sys/block/$BLK/ro")" 1 "ro of a new disk"
wait_for 10 "its neighbour" test -b "/dev/${NAME}n2"
all_refused

say "no longer"
protect 0
write_pattern Q 0 65536
holds Q 0 65536 || die "what was written is not there"
emu_unplug ro rp0
