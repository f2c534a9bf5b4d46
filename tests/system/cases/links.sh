# SPDX-License-Identifier: GPL-2.0-or-later
# every way to name a disk in /dev/disk leads to it, partitions too
ctrl=$(ctrl_of GMXROOT)
disk=/dev/${ctrl}n1
model=$(tr ' ' _ <"/sys/class/gmx/$ctrl/model")
wwid=$(cat "/sys/block/${ctrl}n1/wwid")
address=$(cat "/sys/class/gmx/$ctrl/address")
leads() { [ "$(readlink -f "/dev/disk/$1")" = "$2" ] || die "/dev/disk/$1 is $(readlink -f "/dev/disk/$1"), not $2"; }
leads "by-id/gmx-${model}_GMXROOT_1" "$disk"
leads "by-id/gmx-${model}_GMXROOT_1-part1" "${disk}p1"
leads "by-id/gmx-$wwid" "$disk"
leads "by-id/gmx-$wwid-part1" "${disk}p1"
leads "by-path/pci-$address-gmx-1" "$disk"
leads "by-path/pci-$address-gmx-1-part1" "${disk}p1"
leads "by-uuid/$ROOT_UUID" "${disk}p1"
leads by-label/gmx-root "${disk}p1"
leads "by-partuuid/$ROOT_PARTUUID" "${disk}p1"
leads by-partlabel/gmx-system "${disk}p1"
leads "by-diskseq/$(cat "/sys/block/${ctrl}n1/diskseq")" "$disk"
udevadm info -q property "$disk" >/run/properties
for property in ID_BUS=gmx ID_SERIAL_SHORT=GMXROOT "ID_SERIAL=${model}_GMXROOT_1" ID_NSID=1 "ID_WWN=$wwid" "ID_MODEL=$model" \
	"ID_REVISION=$(cat "/sys/class/gmx/$ctrl/firmware_rev")" "ID_PATH=pci-$address-gmx-1" ID_PART_TABLE_TYPE=gpt; do
	grep -qxF "$property" /run/properties || die "no $property"
done
[ "$(stat -c '%U:%G %a' "/dev/$ctrl")" = "root:disk 640" ]
[ "$(stat -c '%U:%G %a' "$disk")" = "root:disk 660" ]
