# SPDX-License-Identifier: GPL-2.0-or-later
# device_del under a running fio: the controller goes in order, and another comes in its place
one_disk
expect_log
load_start
hmp "device_del c0"
wait_for 20 "$BDF to go" not present "$BDF"
load_ended
wait_for 10 "QEMU to drop c0" not qemu_has c0
rm -f "$STATE/plugged.rp0"
slot_settled rp0
one_disk
read_ok
