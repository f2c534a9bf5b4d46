# SPDX-License-Identifier: GPL-2.0-or-later
# a namespace of a format that no disk can have: no disk, one line with the reason, a node that takes commands; a format that one can have: a disk
# driver: gmx
expect_log
echo '{"namespaces": [{"size": "64M"}]}' > $VM/formats.json
emu_plug formats rp0 g2 --config formats.json
write_pattern O 0 65536
GEN=/dev/${GENERIC}${NUM}n1
unbound() { echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind; }
bind() {
	echo "$BDF" > /sys/bus/pci/drivers/gmx/bind
	NO_DISK=1 attached rp0
	wait_for 10 "$GEN" test -c "$GEN"
}
# odd SHIFT REASON: what the format of blocks of that size is said to be; empty where a disk is right
odd() {
	local shift=$1 reason=$2 lines line
	emu_ctl formats fault-add kind=corrupt what=identify:00 offset=130 bytes=1 value="$shift"
	line="gmx${NUM}: namespace 1: no disk: $reason .*blocks of 2.$shift "
	say "from the start: 2^$shift"
	unbound
	lines=$(log_count "$line")
	bind
	if [ "$reason" ]; then
		wait_for 10 "the line" log_has "$line"
		echo 1 > "$SYS/rescan_controller"
		nvme id-ns "$GEN" > "$STATE/id" || die "its node takes no commands: $(head -n 1 "$STATE/id")"
		is "$(log_count "$line")" $((lines + 1)) "lines after two scans"
		[ ! -e "/sys/block/$BLK" ] || die "there is a disk"
	else
		wait_for 10 "$DISK" test -b "$DISK"
		is "$(cat "/sys/block/$BLK/queue/logical_block_size")" $((1 << shift)) "block size"
		is "$(blockdev --getsize64 "$DISK")" $(((64 << 20 >> 9) << shift)) "bytes"
	fi
	emu_ctl formats fault-clear all=true
	echo 1 > "$SYS/rescan_controller"
	wait_for 10 "the disk, with the format that it has" reads "/sys/block/$BLK/queue/logical_block_size" 512
	wait_for 10 "$DISK" test -b "$DISK"
	holds O 0 65536 || die "its data"
	[ "$reason" ] || return 0

	say "while it is in use: 2^$shift"
	exec 7< "$DISK"
	emu_ctl formats fault-add kind=corrupt what=identify:00 offset=130 bytes=1 value="$shift"
	lines=$(log_count "$line")
	echo 1 > "$SYS/rescan_controller"
	wait_for 10 "an empty disk" reads "/sys/block/$BLK/size" 0
	is "$(log_count "$line")" $((lines + 1)) "lines"
	[ "$(dd if=/dev/fd/7 bs=4k count=1 iflag=direct status=none | wc -c)" = 0 ] || die "a read of it gives something"
	exec 7<&-
	nvme id-ns "$GEN" > "$STATE/id" || die "its node takes no commands: $(head -n 1 "$STATE/id")"
	emu_ctl formats fault-clear all=true
	echo 1 > "$SYS/rescan_controller"
	wait_for 10 "the disk again" reads "/sys/block/$BLK/size" $((64 << 11))
	holds O 0 65536 || die "its data"
}
# blocks larger than a page are served since 6.15
large=
case $(uname -r) in 6.1.* | 6.12.*) large="blocks larger than this kernel serves" ;; esac
odd 8 "unusable block size"
odd 12 ""
odd 13 "$large"
odd 31 "blocks larger than this kernel serves"
emu_unplug formats rp0
