# SPDX-License-Identifier: GPL-2.0-or-later
# without gmx the inbox driver runs the disk
systemctl is-system-running --wait
[ "$(findmnt -no SOURCE /)" = /dev/nvme0n1p1 ]
[ ! -e /sys/module/gmx ]
not modprobe gmx
