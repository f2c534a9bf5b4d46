# SPDX-License-Identifier: GPL-2.0-or-later
# without memory for I/O queues a controller is admin-only: no disk, node and tools work, a reset heals it
# driver: gmx
fault=/sys/kernel/debug/fail_page_alloc
[ -d $fault ] || die "this kernel has no fault injection: the case belongs to a debug boot"
expect_log
unplug rp2
# of this transfer limit the descriptors of I/O queues are the only allocations of 64 KiB that cannot be less; the admin
# queue's are smaller, and so are stacks
MODULE_PARAMS="max_transfer_kb=2048"
echo 4 > $fault/min-order
echo N > $fault/ignore-gfp-wait
echo 0 > $fault/verbose
echo -1 > $fault/times
echo 100 > $fault/probability
trap 'echo 0 > $fault/probability' EXIT
PLUG_UNBOUND=1 plug c2 rp2 "drive=d4"
bdf=$(bdf_of rp2)
wait_for 20 "gmx on $bdf" bound "$bdf"
wait_for 20 "the node" test -d "/sys/bus/pci/devices/$bdf/gmx"
use rp2
wait_for 20 admin-only reads "$SYS/state" admin-only
[ ! -e "$DISK" ] || die "a disk without queues"
nvme id-ctrl "$CTRL" | grep -q Sc2 || die "Identify does not work"
echo 0 > $fault/probability
echo 1 > "$SYS/reset_controller"
wait_for 20 live reads "$SYS/state" live
wait_for 10 "$DISK" test -b "$DISK"
read_ok
unplug rp2
