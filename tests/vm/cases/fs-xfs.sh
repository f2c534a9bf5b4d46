# SPDX-License-Identifier: GPL-2.0-or-later
# xfs: made, filled, remounted, compared, checked
# limit: 400
one_disk
mkdir -p /mnt/t
# 6.1 warns of large extent counts
mkfs.xfs --unsupported -qf -i nrext64=0 -L gmxtest "$DISK"
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
xfs_repair -n "$DISK"
mount "$DISK" /mnt/t
(cd /mnt/t && sha256sum --quiet -c /tmp/sums)
fstrim /mnt/t
rm -rf /mnt/t/*
umount /mnt/t
xfs_repair -n "$DISK"
