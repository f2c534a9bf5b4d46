# SPDX-License-Identifier: GPL-2.0-or-later
# RAID 1 of two disks, a volume group of two more, file systems on both, to be mounted at each start
ctrl=$(ctrl_of GMXDATA)
path=/dev/disk/by-path/pci-$(cat "/sys/class/gmx/$ctrl/address")-gmx
wait_for 20 test -e "$path-4"
mdadm --create /dev/md/mirror --level=1 --raid-devices=2 --metadata=1.2 --run "$path-1" "$path-2"
mdadm --wait /dev/md/mirror || true
pvcreate "$path-3" "$path-4"
vgcreate gmxvg "$path-3" "$path-4"
lvcreate --yes -i 2 -l 100%FREE -n striped gmxvg
for disk in /dev/md/mirror /dev/gmxvg/striped; do
	name=${disk##*/}
	mkfs.ext4 -q -L "$name" "$disk"
	udevadm settle
	mkdir "/srv/$name"
	echo "LABEL=$name /srv/$name ext4 defaults 0 2" >>/etc/fstab
	systemctl daemon-reload
	mount "/srv/$name"
	dd if=/dev/urandom of="/srv/$name/data" bs=64k count=64 status=none
	sha256sum "/srv/$name/data" >>/root/sums
	umount "/srv/$name"
done
sync
