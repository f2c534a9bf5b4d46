# SPDX-License-Identifier: GPL-2.0-or-later
# gmx comes before nvme, and its controllers are kept for it also from a driver that is there already
modprobe --show-depends nvme >/run/depends
awk '$2 ~ /\/gmx\.ko/ { gmx = NR } $2 ~ /\/nvme\.ko/ { nvme = NR } END { exit !(gmx && nvme && gmx < nvme) }' /run/depends || { cat /run/depends; die "not in this order"; }
modprobe nvme
ctrl=$(ctrl_of GMXDATA)
address=$(cat "/sys/class/gmx/$ctrl/address")
device=/sys/bus/pci/devices/$address
[ "$(cat "$device/driver_override")" = gmx ]
[ "$(cat "/sys/bus/pci/devices/$(cat "/sys/class/gmx/$(ctrl_of GMXROOT)/address")/driver_override")" = gmx ]
# inbox nvme would take it now if it were asked to
echo "$address" >"$device/driver/unbind"
echo "$address" >/sys/bus/pci/drivers/nvme/bind && die "nvme took it"
echo 1 >"$device/remove"
wait_for 10 not test -e "$device"
echo 1 >/sys/bus/pci/rescan
wait_for 20 test -e "$device/driver"
[ "$(basename "$(readlink -f "$device/driver")")" = gmx ]
udevadm settle
wait_for 20 test -e "/dev/disk/by-path/pci-$address-gmx-1"
[ -z "$(ls /sys/class/nvme)" ]
# modprobe would take gmx along, as it came along
rmmod nvme
