#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Removed, the packages leave nothing behind, and the system boots from the same disk with the inbox driver.
REPO_DIR=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
. "$REPO_DIR/tests/system/lib.sh"
fresh
below install
KERNEL=$(ls "$(part_dir "$RELEASE")/root/usr/lib/modules")
in_root sh -ec 'mkdir -p /var/lib/gmx/tune; echo {} >/var/lib/gmx/tune/X-1.json; apt-get -y purge gmx-dkms gmx-utils libgmx1'
ok "apt purges all three" "$DIR/log"
lap "apt purge"
in_root bash -ec 'find / -xdev \( -path /proc -o -path /lab -o -path /repo -o -path /vm -o -path /gmx -o -path /tmp -o -path /sys -o -path /dev -o -path "/usr/src/linux-headers-*" \) -prune -o \
	\( -iname "*gmx*" -o -ipath "*gmx*" \) -print | grep -vE "^/(usr/local/bin/gmx-(agent|late)|etc/systemd/system/(.*/)?gmx-agent.service)$" | tee /vm/left
	lsinitramfs "/boot/initrd.img-$1" | { grep gmx || true; } | tee -a /vm/left; grep -l gmx /usr/lib/modules/*/modules.dep | tee -a /vm/left' - "$KERNEL"
empty "$DIR/left"
ok "nothing of them is left, in the initramfs neither" "$DIR/log"
disk "$KERNEL"
ok "its root is on a disk" "$DIR/log"
lap "making the disk"
boot inbox log
lap "boot"
finish
