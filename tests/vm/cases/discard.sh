# SPDX-License-Identifier: GPL-2.0-or-later
# discarded blocks read as zeroes, neighbours stay, several ranges go in one command
one_disk
write_pattern A 0 $((1 << 20))
device_watch deallocate
blkdiscard -o $((256 << 10)) -l $((128 << 10)) "$DISK"
device_saw 1
holds A 0 $((256 << 10)) || die "data before the range is gone"
holds '\0' $((256 << 10)) $((128 << 10)) || die "the range does not read as zeroes"
holds A $((384 << 10)) $((640 << 10)) || die "data behind the range is gone"
device_unwatch
ge "$(cat "/sys/block/$BLK/queue/discard_max_bytes")" 1 "discard_max_bytes"
