#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The RPM packages can be made, have the module for their kernel, and can be installed and erased.
REPO_DIR=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
. "$REPO_DIR/tests/system/lib.sh"
fresh
make -s -C "$REPO_DIR" rpm >"$DIR/log" 2>&1
ok "make rpm, and rpmlint has no error to name" "$DIR/log"
lap "make rpm"
cp "$REPO_DIR"/build/rpm/*.rpm "$DIR/"
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$REPO_DIR/dkms.conf")
kernel=$(cat "$(part_dir 6.12)/KVER")
in_packaging bash -ec 'cd /vm; rpm -qp --requires kmod-gmx-*.rpm | tee requires; grep -qx "kernel-uname-r = $1" requires; grep -q "^gmx-utils = $2-" requires
	rpm -qp --provides kmod-gmx-*.rpm | grep -q "^kmod(gmx.ko) = $2-"; rpm -qp --scripts kmod-gmx-*.rpm | grep -q "depmod -a $1"' - "$kernel" "$version"
ok "kmod-gmx wants this kernel and gmx-utils $version" "$DIR/log"
in_packaging bash -ec 'cd /vm; export TMPDIR=/vm; rpm --root /vm/root --initdb; rpm --root /vm/root --nodeps --noscripts -i kmod-gmx-*.rpm gmx-utils-*.rpm libgmx-[0-9]*.rpm
	module=root/lib/modules/$1/extra/gmx/gmx.ko; modinfo -F vermagic $module | grep "^$1 "; [ "$(modinfo -F version $module)" = "$2" ]
	[ -e root/usr/lib/udev/rules.d/40-gmx-bind.rules ]; [ -e root/usr/lib/dracut/modules.d/71gmx/module-setup.sh ]
	LD_LIBRARY_PATH=$(dirname "$(ls root/usr/lib*/libgmx.so.1 root/usr/lib/*/libgmx.so.1 2>/dev/null | head -n 1)") root/usr/sbin/gmxctl controller list --help >/dev/null
	rpm --root /vm/root --nodeps --noscripts -e kmod-gmx gmx-utils libgmx; [ -z "$(find root -path root/var -prune -o -type f -print | tee /dev/stderr)" ]' - "$kernel" "$version"
ok "what is installed is the module for $kernel and the system's part, and erasing takes all of it" "$DIR/log"
finish
