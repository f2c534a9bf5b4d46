# SPDX-License-Identifier: GPL-2.0-or-later
# the slot loses power without a word under fio: I/O ends at once, nothing waits for a time-out
one_disk
expect_log
load_start
port=$(basename "$(dirname "$(readlink -f "/sys/bus/pci/devices/$BDF")")")
# Slot Control: power and its indicator off, and QEMU takes the device away; hot-plug interrupts wait
# until the power is on again, since pciehp takes a slot without power for one it has emptied itself
on=$(setpci -s "$port" CAP_EXP+18.w)
start=$SECONDS
setpci -s "$port" CAP_EXP+18.w="$(printf %04x $((16#$on & ~0x1028 | 0x0700)))"
setpci -s "$port" CAP_EXP+18.w="$on"
wait_for 10 "QEMU to drop c0" not qemu_has c0
wait_for 20 "$BDF to go" not present "$BDF"
load_ended 10
[ $((SECONDS - start)) -le 20 ] || die "the removal took $((SECONDS - start)) s"
[ ! -b "$DISK" ] || die "$DISK is still there"
rm -f "$STATE/plugged.rp0"
slot_off rp0 || true
one_disk
read_ok
