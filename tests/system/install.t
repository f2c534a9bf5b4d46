#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# apt installs both packages; DKMS has built the module for the installed kernel, and the initramfs has it.
REPO_DIR=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
. "$REPO_DIR/tests/system/lib.sh"
fresh
below
in_root env "HELPERS=$(part_inside guest)/bin" bash /repo/tests/system/prepare
ok "the system is prepared" "$DIR/log"
cp "$BASE"/packages/{gmx,libgmx}*.deb "$DIR/"
lap "preparing"
in_root bash -ec 'cd /vm; apt-get -y install linux-headers-amd64; apt-get -y install ./gmx-dkms_*.deb ./gmx-utils_*.deb ./libgmx1_*.deb'
ok "apt install of all three" "$DIR/log"
lap "apt install"
KERNEL=$(ls "$(part_dir "$RELEASE")/root/usr/lib/modules")
in_root bash -ec 'dkms status gmx; dkms status gmx | grep -qx "gmx/.*, $1, x86_64: installed"; modinfo -k "$1" gmx
	[ "$(modinfo -k "$1" -F version gmx)" = "$(sed -n "s/^PACKAGE_VERSION=\"\(.*\)\"/\1/p" /repo/dkms.conf)" ]
	case $(modinfo -k "$1" -F filename gmx) in */updates/dkms/gmx.ko*) ;; *) exit 1 ;; esac' - "$KERNEL"
ok "DKMS has built and installed it for $KERNEL" "$DIR/log"
in_root bash -ec 'lsinitramfs /boot/initrd.img-$1 >/tmp/list.$$; grep -E "gmx" /tmp/list.$$
	grep -q "/gmx\.ko" /tmp/list.$$; grep -q "40-gmx-bind\.rules$" /tmp/list.$$; grep -q "61-gmx-persistent-storage\.rules$" /tmp/list.$$
	grep -q "modprobe\.d/gmx\.conf$" /tmp/list.$$; rm /tmp/list.$$' - "$KERNEL"
ok "the initramfs has module, rules and softdep" "$DIR/log"
[ $TAP_BAD != 0 ] || : >"$DIR/done"
finish
