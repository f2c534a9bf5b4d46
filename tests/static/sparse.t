#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the compiler does not tell apart (byte order, __user, __iomem, __bitwise) and lock contexts, by sparse.
# Not on the newest kernel, whose build turns this sparse off.
set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
. tests/static/tap.sh
need rootfs 6.1 6.12
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

mkdir "$tmp/planted"
echo 'obj-m := planted.o' >"$tmp/planted/Kbuild"
cat >"$tmp/planted/planted.c" <<'END'
#include <linux/module.h>
static __le32 planted;
static int __init planted_init(void) { return planted == 3 ? 0 : -1; }
module_init(planted_init);
MODULE_DESCRIPTION("a bug that sparse must see");
MODULE_LICENSE("GPL");
END

for k in 6.1 6.12; do
	kdir=$(scripts/lab kdir $k)
	dir=/lab/build/$GMX_TREE/sparse-$k
	cc=
	grep -qs gcc-12 "$kdir/.kernelvariables" && cc=CC=gcc-14
	make -s -C "$kdir" M="$tmp/planted" $cc C=2 CF=-D__CHECK_ENDIAN__ modules >"$tmp/log" 2>&1
	grep -q 'planted\.c.*restricted __le32' "$tmp/log"; ok "$k: sparse sees a planted bug" "$tmp/log"
	make -s -C "$kdir" M="$tmp/planted" clean

	scripts/lab.d/build-module "$kdir" "$dir" C=2 CF=-D__CHECK_ENDIAN__ >"$tmp/log" 2>&1
	ok "$k: gmx builds under sparse" "$tmp/log"
	# C=2 checks each file at each build, so that nothing hides behind an earlier one
	grep -E '(drivers|include)/gmx/.*(warning|error):' "$dir/.log" >"$tmp/log"
	empty "$tmp/log"; ok "$k: sparse finds nothing" "$tmp/log"
done
finish
