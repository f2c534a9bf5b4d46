#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the built module says of itself, what it exports, and what it weighs.
set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
. tests/static/tap.sh
need rootfs 6.1 6.12 newest
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
LIMIT=$((272 * 1024))

params=$(grep -rhoE '^module_param(_named|_cb)?\([a-z_]+' drivers/gmx | sed 's/.*(//' | sort)
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
id() { sed -nE "s/^#define GMX_PCI_$1[[:space:]]+0x0*([0-9a-fA-F]+).*/\1/p" include/gmx/*.h drivers/gmx/*.[ch] | head -n 1; }
for family in G1 G2 G3 G3_VF; do
	printf 'pci:v%08Xd%08Xsv*sd*bc*sc*i*\n' "0x$(id VENDOR)" "0x$(id $family)"
done | sort >"$tmp/aliases"

for k in 6.1 6.12 newest; do
	scripts/lab module $k >"$tmp/log" 2>&1; status=$?
	(exit $status); ok "$k: builds with W=1 and -Werror" "$tmp/log"
	[ $status = 0 ] || continue
	ko=$(tail -n 1 "$tmp/log")
	kver=$(cat "$(scripts/lab path $k)/KVER")
	field() { modinfo -F "$1" "$ko"; }

	[ "$(field name) $(field version) $(field license)" = "gmx $version GPL" ]; ok "$k: name, version and license"
	[ -n "$(field description)" ] && [ -n "$(field author)" ]; ok "$k: description and author"
	field vermagic | grep -q "^$kver SMP "; ok "$k: built for $kver and no other"
	[ -z "$(field intree)$(field retpoline | grep -v '^Y$')$(field signer)$(field depends)" ]
	ok "$k: does not claim to be in the kernel's tree, signed, or in need of another module"

	field alias | sort | diff "$tmp/aliases" - >"$tmp/log"; ok "$k: binds to Gigamax's ids and to nothing else" "$tmp/log"
	field parm | sed 's/:.*//' | sort | diff <(echo "$params") - >"$tmp/log"; ok "$k: each parameter is described" "$tmp/log"
	for p in $params; do
		grep -qw "$p" docs/abi/module-parameters || echo "$p is not in docs/abi/module-parameters"
		field parm | grep -qE "^$p:.{10,} \((bool|uint|int|ulong|charp)\)$" || echo "$p: no words or no type"
	done >"$tmp/log"
	empty "$tmp/log"; ok "$k: with its type, here and in docs/abi" "$tmp/log"

	nm --defined-only "$ko" | grep -E ' __ksymtab' >"$tmp/log"; empty "$tmp/log"; ok "$k: exports nothing" "$tmp/log"
	nm --defined-only --extern-only "$ko" | awk '{ print $3 }' |
		grep -vE '^(gmx_|__(pfx|cfi)_gmx_|__(probestub|traceiter|tracepoint|SCT__tp_func|SCK__tp_func|SCT__|SCK__)_?_?gmx_|(__pfx_|__cfi_)?(init|cleanup)_module$|__this_module$|__mod_|__(start|stop)_alloc_tags$)' |
		grep -vE '^__(pfx___)?(traceiter|probestub|SCT__tp_func|SCK__tp_func|tracepoint)' >"$tmp/log"
	empty "$tmp/log"; ok "$k: global names begin with gmx_" "$tmp/log"

	size=$(size "$ko" | awk 'NR == 2 { print $1 + $2 + $3 }')
	[ "$size" -gt 10000 ] && [ "$size" -le $LIMIT ]; ok "$k: $size bytes in memory, at most $LIMIT"
done
finish
