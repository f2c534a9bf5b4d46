# SPDX-License-Identifier: GPL-2.0-or-later
# the slot loses power without a word under fio: I/O ends at once, nothing waits for a time-out
one_disk
expect_log
# what waited for a time-out would be far behind the bound
[ $DRIVER = nvme ] || echo 600000 > "$SYS/io_timeout_ms"
load_start
start=$SECONDS
if by_hand; then
	# nobody tells the driver: it finds out itself
	slot_cut rp0
	wait_for 10 "QEMU to drop c0" not qemu_has c0
	load_ended 20
	echo 1 > "/sys/bus/pci/devices/$BDF/remove"
else
	# pciehp takes a slot without power for one it has emptied itself, so its interrupts wait until power is on again
	on=$(setpci -s "$(port_of rp0)" CAP_EXP+18.w)
	slot_cut rp0
	setpci -s "$(port_of rp0)" CAP_EXP+18.w="$on"
	wait_for 10 "QEMU to drop c0" not qemu_has c0
	wait_for 20 "$BDF to go" not present "$BDF"
	load_ended 10
fi
[ $((SECONDS - start)) -le $((25 * ${SLOW:-1})) ] || die "the removal took $((SECONDS - start)) s"
[ ! -b "$DISK" ] || die "$DISK is still there"
rm -f "$STATE/plugged.rp0"
slot_settled rp0
one_disk
read_ok
