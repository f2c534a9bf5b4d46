#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# User space is formatted by clang-format as .clang-format says.
set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
. tests/static/tap.sh
need rootfs
log=$(mktemp)
trap 'rm -f "$log"' EXIT

printf 'int f(void) {return 0 ;}\n' | clang-format --style=file:.clang-format | grep -qx '	return 0;'
ok "clang-format formats"
# the planted module is the kernel's affair
find tools tests scripts -name '*.[ch]' ! -path 'tests/vm/planted/*' -print0 | sort -z |
	xargs -0 clang-format --style=file:.clang-format --dry-run --Werror 2>&1 | grep 'error:' >"$log"
empty "$log"; ok "all files are formatted (if not: clang-format -i FILE)" "$log"
finish
