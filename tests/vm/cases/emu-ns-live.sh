# SPDX-License-Identifier: GPL-2.0-or-later
# a namespace grows, shrinks below its file system, becomes another, vanishes and comes back; its neighbour, mounted and under fio, never notices
# driver: gmx
echo '{"capacity": "512M", "namespaces": [{"size": "64M"}, {"size": "64M"}]}' > $VM/ns.json
emu_plug nsl rp0 g3 --config ns.json
DISK=/dev/${NAME}n2 BLK=${NAME}n2
wait_for 10 "$DISK" test -b "$DISK"
mkdir -p /mnt/near /mnt/far
mkfs.ext4 -q -F "/dev/${NAME}n1"
mount "/dev/${NAME}n1" /mnt/near
LOAD_DISK=/dev/${NAME}n1 LOAD_FILE=/mnt/near/load load_start
: > /tmp/uevents
$TESTS/uevents /tmp/uevents & # ends with the case
wait_for 10 "the listener" grep -q listening /tmp/uevents

say "grows"
emu_ctl nsl ns-resize nsid=2 bytes=$((128 << 20))
wait_for 10 "128 MiB" reads "/sys/block/$BLK/size" $((128 << 11))
wait_for 10 "the capacity's uevent" grep -q "change@.*/$BLK .*RESIZE=1" /tmp/uevents
write_pattern g $((127 << 20)) $((1 << 20))
holds g $((127 << 20)) $((1 << 20)) || die "the new end does not hold what was written"

say "shrinks below a mounted file system"
mkfs.ext4 -q -F "$DISK"
mount "$DISK" /mnt/far
echo here > /mnt/far/file
sync -f /mnt/far/file
: > /tmp/uevents
# its file system complains of what it lost
expect_log "^[0-4] (EXT4-fs|JBD2|Aborting journal|Buffer I/O error).*$BLK"
expect_log "^[0-4] $BLK: lost filesystem"
expect_log "namespace 2 shrank from 134217728 to 33554432 bytes while in use"
emu_ctl nsl ns-resize nsid=2 bytes=$((32 << 20))
wait_for 10 "32 MiB" reads "/sys/block/$BLK/size" $((32 << 11))
wait_for 10 "the driver's line" log_has "namespace 2 shrank from 134217728 to 33554432 bytes while in use"
wait_for 10 "the capacity's uevent" grep -q "change@.*/$BLK .*RESIZE=1" /tmp/uevents
umount /mnt/far
# what it could not write is reported once to whoever asks next
blockdev --flushbufs "$DISK" || true
is "$(dd if="$DISK" bs=4k skip=$((32 << 8)) count=1 iflag=direct status=none | wc -c)" 0 "bytes behind the end"
read_ok "$DISK"

say "becomes another"
uuid=$(cat "/sys/block/$BLK/uuid")
exec 7< "$DISK"
expect_log "namespace 2 is another one than before"
emu_ctl nsl ns-identity nsid=2
wait_for 10 "the driver's line" log_has "namespace 2 is another one than before"
fails dd if=/dev/fd/7 of=/dev/null bs=4k count=1 iflag=direct status=none
exec 7<&-
other_uuid() { [ -e "/sys/block/$BLK/uuid" ] && ! reads "/sys/block/$BLK/uuid" "$uuid"; }
wait_for 20 "the new namespace" other_uuid
wait_for 10 "$DISK" test -b "$DISK"
read_ok "$DISK"

say "vanishes, comes back, and is deleted"
emu_ctl nsl ns-detach nsid=2
wait_for 10 "$BLK to vanish" not test -e "/sys/block/$BLK"
[ ! -e "/dev/${GENERIC}${NUM}n2" ] || die "its character node is still there"
emu_ctl nsl ns-attach nsid=2
wait_for 10 "$BLK to come back" test -b "$DISK"
is "$(cat "/sys/block/$BLK/size")" $((32 << 11)) "sectors"
emu_ctl nsl ns-delete nsid=2
wait_for 10 "$BLK to vanish for good" not test -e "/sys/block/$BLK"

LOAD_DISK=/dev/${NAME}n1 load_stop
is "$(stat_of reset_count) $(stat_of timeout_count) $(stat_of command_error_count)" "0 0 0" "resets, time-outs, failed commands"
umount /mnt/near
fsck.ext4 -fn "/dev/${NAME}n1" > /dev/null
emu_unplug nsl rp0
