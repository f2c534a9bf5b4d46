#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel's style, by its own checkpatch, strictly.
set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
. tests/static/tap.sh
need rootfs source
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
checkpatch=$(find "$(scripts/lab path source)" -path '*/scripts/checkpatch.pl' | head -n 1)

check() { "$checkpatch" --no-tree --strict --terse --no-summary --max-line-length=120 --ignore "$1" -f "${@:2}" 2>&1; }

printf '// SPDX-License-Identifier: GPL-2.0-only\nint f(void)\n{\n\tif(1) {\n\t\treturn 0 ;\n\t}\n}\n' >"$tmp/bad.c"
check '' "$tmp/bad.c" | grep -q 'ERROR'; ok "checkpatch sees bad style"

# Shims are what checkpatch warns of: they define callbacks and types.
shims=NEW_TYPEDEFS,MACRO_WITH_FLOW_CONTROL,MACRO_ARG_REUSE,MACRO_ARG_UNUSED,MACRO_ARG_PRECEDENCE,CONST_STRUCT
# Wire headers are read outside of the kernel too, which has no BIT() and no __packed.
wire=BIT_MACRO,MACRO_ARG_REUSE,PREFER_DEFINED_ATTRIBUTE_MACRO
for f in $(find drivers include -name '*.[ch]' | sort); do
	case $f in
	drivers/gmx/compat/*) check "$shims" "$f" ;;
	include/*) check "$wire" "$f" ;;
	*) check '' "$f" ;;
	esac >"$tmp/log"
	empty "$tmp/log"; ok "$f" "$tmp/log"
done
finish
