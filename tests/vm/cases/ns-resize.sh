# SPDX-License-Identifier: GPL-2.0-or-later
# a namespace that comes back smaller or larger under the same id has the new size, after a rescan too
NO_DISK=1 plug c2 rp2 "mdts=7,subsys=s2"
hmp "device_add nvme-ns,id=c2a,bus=c2,drive=d4,nsid=1"
wait_for 10 "${NAME}n1" test -b "/dev/${NAME}n1"
is "$(cat "/sys/block/${NAME}n1/size")" 524288 "sectors at first"
small_node d5 $((64 << 20))
hmp "device_del c2a"
wait_for 10 "QEMU to drop it" not qemu_has c2a
hmp "device_add nvme-ns,id=c2b,bus=c2,drive=small,nsid=1"
echo 1 > "$SYS/rescan_controller"
wait_for 10 "64 MiB" reads "/sys/block/${NAME}n1/size" 131072
DISK=/dev/${NAME}n1
read_ok
fails dd if="$DISK" of=/dev/null bs=4k skip=$((64 << 8)) count=1 iflag=direct status=none
hmp "device_del c2b"
wait_for 10 "QEMU to drop it" not qemu_has c2b
echo 1 > "$SYS/rescan_controller"
wait_for 10 "the disk to vanish" not test -e "/dev/${NAME}n1"
qmp '{"execute":"blockdev-del","arguments":{"node-name":"small"}}' > /dev/null
unplug rp2
