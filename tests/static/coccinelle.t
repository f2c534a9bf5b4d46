#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel's semantic patches in report mode: use after free, missing unlock, misuse of devm, and more.
set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
. tests/static/tap.sh
need rootfs source
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
patches=$(find "$(scripts/lab path source)" -path '*/scripts/coccinelle/*' -name '*.cocci' -exec grep -l 'virtual report' {} + | sort)

# report PATCH FOLDER: what it finds, a line each; what spatch itself complains of goes to a log
report() {
	local options
	options=$(grep -m1 -oP '^//\s*Options:\s*\K.*' "$1")
	nice timeout 300 spatch -D report --very-quiet $options --cocci-file "$1" --dir "$2" 2>"$tmp/complaints" |
		grep -E '^[^ ]+:[0-9]+(:[0-9-]+)?: '
	return "${PIPESTATUS[0]}"
}

mkdir "$tmp/planted"
cat >"$tmp/planted/planted.c" <<'END'
int planted(struct item *item)
{
	kfree(item);
	return item->value;
}
END
kfree=$(grep -m1 '/kfree\.cocci$' <<<"$patches")
[ -n "$kfree" ] && report "$kfree" "$tmp/planted" | grep -q 'planted\.c:4'
ok "a planted use after free is seen" "$tmp/complaints"

for p in $patches; do
	report "$p" drivers/gmx >"$tmp/found"
	status=$?
	[ $status = 0 ] || { echo "spatch ended with status $status"; cat "$tmp/complaints"; } >>"$tmp/found"
	empty "$tmp/found"; ok "$(basename "$(dirname "$p")")/$(basename "$p" .cocci)" "$tmp/found"
done
finish
