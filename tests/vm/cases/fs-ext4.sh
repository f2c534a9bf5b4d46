# SPDX-License-Identifier: GPL-2.0-or-later
# ext4: made, filled, remounted, compared, checked
# limit: 400
one_disk
mkdir -p /mnt/t
mkfs.ext4 -qF -L gmxtest "$DISK"
mount "$DISK" /mnt/t
if [ "${SLOW:-1}" -gt 1 ]; then
	cp -a /usr/include/linux/netfilter* /mnt/t/
else
	cp -a /usr/share/perl* /usr/lib/python3 /mnt/t/ 2>/dev/null || cp -a /usr/lib/x86_64-linux-gnu/perl* /mnt/t/
fi
(cd /mnt/t && find . -type f -print0 | xargs -0 sha256sum) > /tmp/sums
ge "$(wc -l < /tmp/sums)" 20 "files copied"
umount /mnt/t
echo 3 > /proc/sys/vm/drop_caches
fsck.ext4 -fn "$DISK"
mount "$DISK" /mnt/t
(cd /mnt/t && sha256sum --quiet -c /tmp/sums)
fstrim /mnt/t
rm -rf /mnt/t/*
umount /mnt/t
fsck.ext4 -fn "$DISK"
