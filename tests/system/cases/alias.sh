# SPDX-License-Identifier: GPL-2.0-or-later
# the shipped rules give controllers a name that nvme-cli 3 takes
cp /usr/share/doc/gmx-utils/examples/62-gmx-nvme-alias.rules /etc/udev/rules.d/
udevadm control --reload
udevadm trigger --settle -s gmx
[ "$(readlink -f /dev/nvme1000)" = /dev/gmx0 ]
nvme id-ctrl /dev/nvme1000 >/run/id
grep -q '^sn ' /run/id
