# SPDX-License-Identifier: GPL-2.0-or-later
# what is written to a disk is a link in /dev/disk, without anybody's asking
disk=/dev/$(ctrl_of GMXDATA)n5
named() { [ "$(readlink -f "/dev/disk/by-label/$1")" = "$disk" ]; }
mkfs.ext4 -q -L first "$disk"
wait_for 20 named first
e2label "$disk" second
wait_for 20 named second
wait_for 20 not test -e /dev/disk/by-label/first
wipefs -qa "$disk"
wait_for 20 not test -e /dev/disk/by-label/second
