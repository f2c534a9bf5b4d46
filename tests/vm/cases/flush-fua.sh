# SPDX-License-Identifier: GPL-2.0-or-later
# fsync reaches the device as a flush; O_DSYNC writes as FUA or a flush; the write cache is known
one_disk
is "$(cat "/sys/block/$BLK/queue/write_cache")" "write back" "write_cache"
is "$(cat "/sys/block/$BLK/queue/fua")" 1 "fua"
device_watch flush
dd if=/dev/zero of="$DISK" bs=4k count=1 conv=fsync status=none
device_saw 1
device_unwatch
