#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An administrator's day with the installed packages: namespaces, firmware, events and tuning on a controller beside the one of the root.
REPO_DIR=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
. "$REPO_DIR/tests/system/lib.sh"
fresh
below install
disk "$(ls "$(part_dir "$RELEASE")/root/usr/lib/modules")"
ok "its root is on a disk" "$DIR/log"
lap "making the disk"
echo '{"serial":"GMXADMIN","capacity":"512M","namespaces":[{"size":"64M"}]}' >"$DIR/admin.json"
VM=(-e 'admin -p rp1 --family g3 --config /vm/admin.json')
boot root namespace firmware events tune log
lap "boot"
finish
