# SPDX-License-Identifier: GPL-2.0-or-later
# the slot's power switched off by the guest under fio, in order, and on again with a controller
one_disk
expect_log
load_start
slot_off rp0
wait_for 20 "$BDF to go" not present "$BDF"
load_ended
rm -f "$STATE/plugged.rp0"
wait_for 10 "QEMU to drop c0" not qemu_has c0
one_disk
read_ok
