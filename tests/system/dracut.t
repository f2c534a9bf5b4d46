#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# With dracut in place of initramfs-tools the system boots from a Gigamax disk as well.
REPO_DIR=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
. "$REPO_DIR/tests/system/lib.sh"
fresh
below install
KERNEL=$(ls "$(part_dir "$RELEASE")/root/usr/lib/modules")
# not what the machine that this runs on has
in_root bash -ec 'mkdir -p /etc/dracut.conf.d; echo "hostonly=no" >/etc/dracut.conf.d/test.conf
	apt-get -y install "$1"/pool/dracut/*.deb; ! dpkg-query -W -f "\${Status}" initramfs-tools | grep -q " installed"' - "$(part_inside "$RELEASE")"
ok "apt replaces initramfs-tools by dracut" "$DIR/log"
lap "apt install"
in_root bash -ec 'test -s "/boot/initrd.img-$1"; lsinitrd "/boot/initrd.img-$1" >/tmp/list.$$; grep -E "gmx|^dracut" /tmp/list.$$
	grep -q "^dracut" /tmp/list.$$; grep -q "/gmx\.ko" /tmp/list.$$; grep -q "40-gmx-bind\.rules" /tmp/list.$$
	grep -q "61-gmx-persistent-storage\.rules" /tmp/list.$$; grep -q "modprobe\.d/gmx\.conf" /tmp/list.$$; rm /tmp/list.$$' - "$KERNEL"
ok "its image has module, rules and softdep" "$DIR/log"
disk "$KERNEL"
ok "its root is on a disk" "$DIR/log"
lap "making the disk"
boot root links log
lap "boot"
finish
