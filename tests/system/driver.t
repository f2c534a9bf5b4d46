#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A driver upgrade where the root file system is on a Gigamax disk: after the next boot the new driver runs it.
REPO_DIR=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
. "$REPO_DIR/tests/system/lib.sh"
fresh
below install
KERNEL=$(ls "$(part_dir "$RELEASE")/root/usr/lib/modules")
cp "$BASE"/packages/next/gmx-*.deb "$DIR/"
in_root bash -ec 'cd /vm; apt-get -y install ./gmx-dkms_*.deb ./gmx-utils_*.deb'
ok "apt upgrades both" "$DIR/log"
lap "apt install"
version=$(dpkg-deb -f "$DIR"/gmx-dkms_*.deb Version)
in_root bash -ec 'dkms status gmx; [ "$(dkms status gmx)" = "gmx/$2, $1, x86_64: installed" ]; [ "$(modinfo -k "$1" -F version gmx)" = "$2" ]
	[ "$(ls -d /usr/src/gmx-*)" = "/usr/src/gmx-$2" ]' - "$KERNEL" "$version"
ok "nothing of the old version is left, the module is $version" "$DIR/log"
disk "$KERNEL"
ok "its root is on a disk" "$DIR/log"
lap "making the disk"
ENVIRONMENT=("WANT_VERSION=$version")
boot root log
lap "boot"
finish
