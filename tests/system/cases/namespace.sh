# SPDX-License-Identifier: GPL-2.0-or-later
# a namespace is created, formatted, mounted, resized while it is mounted, and deleted; not while somebody uses it
ctrl=$(ctrl_of GMXADMIN)
gmxctl ns create "$ctrl" --size 64M -o json >/run/created
disk=$(field_in /run/created disk)
[ -b "/dev/$disk" ]
mkfs.ext4 -q "/dev/$disk"
mkdir -p /srv/new
mount "/dev/$disk" /srv/new
dd if=/dev/urandom of=/srv/new/file bs=64k count=64 conv=fsync status=none
sum=$(sha256sum </srv/new/file)
exits 5 gmxctl ns delete "$disk" --yes
said "mounted on /srv/new"

# the controller's side of it, as NVMe has no command
emu ctl admin ns-resize nsid="$(cat "/sys/block/$disk/nsid")" bytes=$((128 << 20))
exits 0 gmxctl ns resize "$disk" --size 128M
[ "$(blockdev --getsize64 "/dev/$disk")" = $((128 << 20)) ]
before=$(df --output=size /srv/new | tail -n 1)
resize2fs "/dev/$disk"
[ "$(df --output=size /srv/new | tail -n 1)" -gt $((before * 3 / 2)) ] || die "the file system has not grown: $(df /srv/new)"
# more than it had room for before
dd if=/dev/zero of=/srv/new/more bs=1M count=80 conv=fsync status=none
echo 3 >/proc/sys/vm/drop_caches
[ "$(sha256sum </srv/new/file)" = "$sum" ]
umount /srv/new
e2fsck -fn "/dev/$disk"
exits 0 gmxctl ns format "$disk" --yes
cmp -n 1048576 "/dev/$disk" /dev/zero
exits 0 gmxctl ns delete "$disk" --yes
not test -e "/dev/$disk"
