# SPDX-License-Identifier: GPL-2.0-or-later
# the root file system is on a partition of a disk of gmx's, and every unit of the system has started
systemctl is-system-running --wait || { systemctl --failed; journalctl -p 4 -b --no-pager | tail -n 40; die "the system is not all up"; }
ctrl=$(ctrl_of GMXROOT)
disk=/dev/${ctrl}n1
[ "$(findmnt -no SOURCE /)" = "${disk}p1" ]
[ "$(findmnt -no FSTYPE /)" = ext4 ]
device=$(readlink -f "/sys/class/gmx/$ctrl/device")
[ "$(basename "$(readlink -f "$device/driver")")" = gmx ]
[ "$(cat "$device/vendor") $(cat "$device/device")" = "0x474d 0x0300" ]
dd if=/dev/urandom of=/root/written bs=64k count=16 conv=fsync status=none
echo 3 >/proc/sys/vm/drop_caches
cmp -s /root/written <(cat /root/written)
sync
[ -z "${WANT_KERNEL:-}" ] || [ "$(uname -r)" = "$WANT_KERNEL" ]
[ "$(cat /sys/module/gmx/version)" = "${WANT_VERSION:-$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' /repo/dkms.conf)}" ]
