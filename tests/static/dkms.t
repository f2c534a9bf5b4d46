#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# DKMS itself builds the module from what an installation copies.
set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
. tests/static/tap.sh
need rootfs 6.12
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
part=$(scripts/lab kdir 6.12)
kver=$(cat "$(dirname "$part")/KVER")
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

mkdir -p "$tmp/src/gmx-$version" "$tmp/tree"
cp -r Kbuild dkms.conf LICENSE drivers include "$tmp/src/gmx-$version/"
dkms() { command dkms "$@" --dkmstree "$tmp/tree" --sourcetree "$tmp/src" -m gmx -v "$version"; }
dkms add >"$tmp/log" 2>&1; ok "DKMS takes the source" "$tmp/log"
dkms build -k "$kver" --kernelsourcedir "$part" --no-depmod >"$tmp/log" 2>&1; ok "DKMS builds it for $kver" "$tmp/log"
ko=$(find "$tmp/tree/gmx/$version/$kver" -name 'gmx.ko*' | head -n 1)
[ -n "$ko" ] && modinfo -F vermagic "$ko" | grep -q "^$kver "; ok "the module is that kernel's" "$tmp/log"
if dkms build -k 5.10.0-30-amd64 --kernelsourcedir "$part" --no-depmod >"$tmp/log" 2>&1; then false; else
	grep -qi 'exclusive' "$tmp/log"
fi
ok "DKMS refuses 5.10 and says why" "$tmp/log"
finish
