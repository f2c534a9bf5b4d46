# SPDX-License-Identifier: GPL-2.0-or-later
# write zeroes reads back as zeroes and is the device's command, not written pages
one_disk
write_pattern B 0 $((1 << 20))
device_watch write-zeroes
blkdiscard -z -o $((64 << 10)) -l $((64 << 10)) "$DISK"
device_saw 1
device_unwatch
holds B 0 $((64 << 10)) || die "data before the range is gone"
holds '\0' $((64 << 10)) $((64 << 10)) || die "the range does not read as zeroes"
holds B $((128 << 10)) $((128 << 10)) || die "data behind the range is gone"
