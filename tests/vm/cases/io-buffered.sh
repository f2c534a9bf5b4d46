# SPDX-License-Identifier: GPL-2.0-or-later
# buffered writes, sync and a re-read after dropping the cache give the same bytes
one_disk
head -c $((8 << 20)) /dev/urandom > /tmp/data
dd if=/tmp/data of="$DISK" bs=1M conv=fsync status=none
echo 3 > /proc/sys/vm/drop_caches
cmp -n $((8 << 20)) /tmp/data "$DISK"
rm /tmp/data
