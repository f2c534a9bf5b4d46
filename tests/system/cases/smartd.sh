# SPDX-License-Identifier: GPL-2.0-or-later
# smartd with the shipped example watches the controller and says when it gets hot
cp /usr/share/doc/gmx-utils/examples/smartd.conf /etc/smartd.conf
smartd -q onecheck -d >/run/smartd.log 2>&1 || { cat /run/smartd.log; die "smartd does not take the example"; }
grep -q 'Device: /dev/gmx0, opened' /run/smartd.log
# Debian's unit does not start in a virtual machine by itself
mkdir -p /run/systemd/system/smartmontools.service.d
printf '[Unit]\nConditionVirtualization=\n' >/run/systemd/system/smartmontools.service.d/virtual.conf
systemctl daemon-reload
echo 'smartd_opts="--interval=10"' >/etc/default/smartmontools
# no pipe: it would break under the writer
said() { journalctl -b -u smartmontools --no-pager >/run/journal; grep -q "$1" /run/journal; }
systemctl restart smartmontools
wait_for 30 said 'Monitoring .* 1 NVMe'
name=$(grep -qx GMXROOT /sys/class/gmx/gmx0/serial && echo root || echo data)
echo 'gmx gmx[0-9]+: critical warning 0x2: temperature' >>/run/expected
emu ctl $name temperature kelvin=355
wait_for 60 said 'Temperature .* reached critical limit'
systemctl is-active smartmontools
emu ctl $name temperature kelvin=0
systemctl stop smartmontools
