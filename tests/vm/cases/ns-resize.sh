# SPDX-License-Identifier: GPL-2.0-or-later
# a namespace that comes back smaller or larger under the same id has the new size, after a rescan too
NO_DISK=1 plug c2 rp2 "mdts=7,subsys=s2"
ns_add c2 c2a "drive=d4,nsid=1"
wait_for 10 "${NAME}n1" test -b "/dev/${NAME}n1"
is "$(cat "/sys/block/${NAME}n1/size")" 524288 "sectors at first"
small_node d5 $((64 << 20))
ns_del c2 c2a
ns_add c2 c2b "drive=small,nsid=1"
echo 1 > "$SYS/rescan_controller"
wait_for 10 "64 MiB" reads "/sys/block/${NAME}n1/size" 131072
DISK=/dev/${NAME}n1
read_ok
is "$(dd if="$DISK" bs=4k skip=$((64 << 8)) count=1 iflag=direct status=none | wc -c)" 0 "bytes behind the end"
ns_del c2 c2b
ns_add c2 c2c "drive=d4,nsid=1"
echo 1 > "$SYS/rescan_controller"
wait_for 10 "256 MiB again" reads "/sys/block/${NAME}n1/size" 524288
write_pattern L $((192 << 20)) 65536
holds L $((192 << 20)) 65536 || die "what lies behind the former end does not hold what was written"
ns_del c2 c2c
echo 1 > "$SYS/rescan_controller"
wait_for 10 "the disk to vanish" not test -e "/dev/${NAME}n1"
qmp '{"execute":"blockdev-del","arguments":{"node-name":"small"}}' > /dev/null
unplug rp2
