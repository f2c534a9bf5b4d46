#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A kernel upgrade: the new kernel gets its module as it is installed, and boots from the Gigamax disk.
REPO_DIR=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
. "$REPO_DIR/tests/system/lib.sh"
fresh
below install
in_root bash -ec 'apt-get -y install "$1"/pool/kernel/*.deb' - "$(part_inside "$RELEASE")"
ok "apt installs a newer kernel and its headers" "$DIR/log"
lap "apt install"
old=$(ls "$(part_dir "$RELEASE")/root/usr/lib/modules")
new=$(ls "$DIR/up/usr/lib/modules" | grep -vxF "$old")
[ -n "$new" ] && in_root bash -ec 'dkms status gmx; for k; do dkms status gmx | grep -qx "gmx/.*, $k, x86_64: installed"; modinfo -k "$k" -F vermagic gmx | grep "^$k "; done
	lsinitramfs "/boot/initrd.img-$2" | grep "/gmx\.ko"' - "$old" "$new"
ok "DKMS has built gmx for $new too" "$DIR/log"
disk "$new"
ok "its root is on a disk" "$DIR/log"
lap "making the disk"
ENVIRONMENT=("WANT_KERNEL=$new")
boot root log
lap "boot"
finish
