#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gmx builds without a warning against the headers of every flavour of the registry that matters, and for arm64.
set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
. tests/static/tap.sh
need rootfs headers
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

scripts/lab headers-list >"$tmp/list"; ok "the lab names its headers" "$tmp/list"
for want in '6\.1\.0-.*[0-9]-amd64' '6\.1\.0-.*-rt-amd64' '6\.12.*[0-9]-amd64' '6\.12.*-rt-amd64' '7\.2.*[0-9]-amd64' '7\.2.*-rt-amd64' \
	'7\.3.*[0-9]-amd64' '7\.3.*-rt-amd64' '.*-arm64'; do
	cut -d' ' -f1 "$tmp/list" | grep -qE "^$want\$"; ok "among them $want" "$tmp/list"
done

# The newest tree of each series and flavour; all of them where time is no matter.
[ "${LONG:-}" ] || {
	sort -V "$tmp/list" | awk '{ split($1, n, "."); split(n[2], m, /[^0-9]/); f = $1; sub(/^.*[0-9](-|\+deb[0-9]+-)/, "", f); last[n[1] "." m[1] f] = $0 }
		END { for (k in last) print last[k] }' | sort -V >"$tmp/newest"
	mv "$tmp/newest" "$tmp/list"
}
while read -r name path; do
	# Without debug information it takes half the time; warnings are the same.
	scripts/lab module "$name" KCFLAGS='-Werror -g0' CONFIG_DEBUG_INFO_BTF_MODULES= >"$tmp/out" 2>"$tmp/log"
	status=$?
	(exit $status); ok "$name builds" "$tmp/log"
	[ $status = 0 ] || continue
	empty "$tmp/log"; ok "$name: nothing is said on the way" "$tmp/log"
	ko=$(tail -n 1 "$tmp/out")
	modinfo -F vermagic "$ko" 2>/dev/null | grep -qF "$name "; ok "$name: the module is for it"
	case $name in *-arm64) want='ARM aarch64' ;; *) want='x86-64' ;; esac
	file -b "$ko" | grep -q "$want"; ok "$name: in its machine's code"
done <"$tmp/list"
finish
