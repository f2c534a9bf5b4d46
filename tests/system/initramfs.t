#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The installed system boots from a Gigamax disk through initramfs-tools; names, tools and monitoring work as on any disk, and
# RAID and LVM come up by themselves when it boots again.
REPO_DIR=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
. "$REPO_DIR/tests/system/lib.sh"
fresh
below install
disk "$(ls "$(part_dir "$RELEASE")/root/usr/lib/modules")"
ok "its root is on a disk" "$DIR/log"
lap "making the disk"
in_packaging gcc -O2 -Wall -Wextra -Werror -o /vm/nvme-client /repo/tests/system/helpers/nvme-client.c -lnvme
ok "a program that uses libnvme compiles" "$DIR/log"
cp "$BASE"/packages/{libgmx1,libgmx-dev}_*.deb "$DIR/"
in_packaging bash -ec 'for deb in /vm/libgmx*.deb; do dpkg-deb -x "$deb" /vm/dev; done
	export PKG_CONFIG_SYSROOT_DIR=/vm/dev PKG_CONFIG_PATH=$(echo /vm/dev/usr/lib/*/pkgconfig)
	flags=$(pkg-config --cflags --libs libgmx)
	gcc -O2 -Wall -Wextra -Werror -o /vm/gmx-client /repo/tests/system/helpers/gmx-client.c $flags'
ok "a program that uses libgmx-dev compiles" "$DIR/log"
echo '{"serial":"GMXDATA","namespaces":[{"size":"64M"},{"size":"64M"},{"size":"64M"},{"size":"64M"},{"size":"64M"}]}' >"$DIR/data.json"
VM=(-e 'data -p rp1 --family g3 --config /vm/data.json')
boot root links bind watch tools gmxctl alias manual smartd arrays-made log
lap "boot"
boot root arrays-there log
lap "second boot"
finish
