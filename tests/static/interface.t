#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tables of the host interface's document against include/gmx/vendor*.h: every structure, field and constant.
set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
. tests/static/tap.sh
need rootfs
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
doc=docs/design/host-interface.md

# "struct NAME SIZE" and "field NAME OFFSET SIZE FIELD" of each structure's table, "constant NAME VALUE" of the others
tables() {
	awk '
	function trim(s) { gsub(/^[ \t`]+|[ \t`]+$/, "", s); return s }
	/^#+ `struct gmx_vnd_[a-z_0-9]+` \([0-9]+ bytes\)/ {
		name = $0; sub(/^#+ `struct /, "", name); sub(/`.*/, "", name)
		size = $0; sub(/^[^(]*\(/, "", size); sub(/ .*/, "", size)
		print "struct", name, size; inside = 1; next
	}
	/^#/ { inside = 0 }
	/^\| offset / { fields = inside; next }
	/^$/ { fields = 0 }
	/^\|/ {
		split($0, cell, "|")
		first = trim(cell[2]); second = trim(cell[3]); third = trim(cell[4])
		if (fields && first ~ /^[0-9]+$/) {
			print "field", name, first, second, third
		} else if (second ~ /^GMX_[A-Z0-9_]+$/) {
			if (first ~ /^bit [0-9]+$/) value = "(1ull<<" substr(first, 5) ")"
			else if (first ~ /^[0-9A-F]+h$/) value = "0x" substr(first, 1, length(first) - 1)
			else value = first
			print "constant", second, value
		}
	}' "$doc"
}

tables >"$tmp/doc"
[ "$(grep -c '^field' "$tmp/doc")" -gt 200 ] && [ "$(grep -c '^constant' "$tmp/doc")" -gt 150 ]
ok "the document has its tables" "$tmp/doc"

{
	echo '#include <stdio.h>'
	for header in include/gmx/vendor*.h; do echo "#include <${header#include/}>"; done
	printf '#define SIZE(s, f) sizeof(((struct s *)0)->f)\nint main(void)\n{\n'
	while read -r what name a b c; do
		case $what,$c in
		struct,*) echo "if (sizeof(struct $name) != $a) printf(\"$name is %zu bytes, not $a\\n\", sizeof(struct $name));" ;;
		field,reserved) ;;
		field,*) echo "if (offsetof(struct $name, $c) != $a || SIZE($name, $c) != $b)" \
			"printf(\"$name.$c is at %zu with %zu bytes, not at $a with $b\\n\", offsetof(struct $name, $c), SIZE($name, $c));" ;;
		constant,*) echo "if ((unsigned long long)$name != $a) printf(\"$name is %#llx, not $a\\n\", (unsigned long long)$name);" ;;
		esac
	done <"$tmp/doc"
	printf 'return 0;\n}\n'
} >"$tmp/check.c"
gcc -std=gnu11 -Wall -Iinclude -o "$tmp/check" "$tmp/check.c" 2>"$tmp/log"; ok "what the document names is in the header" "$tmp/log"
"$tmp/check" >"$tmp/log" 2>&1 && empty "$tmp/log"; ok "offsets, sizes and values are the header's" "$tmp/log"

# Rows follow each other without a gap, so no field can be missing.
awk '
	$1 == "struct" { if (name && at != size) print name " ends at " at ", not at " size; name = $2; size = $3; at = 0 }
	$1 == "field" { if ($3 != at) print name ": " $5 " is at " $3 ", the row before ends at " at; at = $3 + $4 }
	END { if (at != size) print name " ends at " at ", not at " size }
' "$tmp/doc" >"$tmp/log"
empty "$tmp/log"; ok "the rows of a structure have no gap" "$tmp/log"

# Telemetry's entries and masks of fields are explained in the header alone.
awk '/^struct gmx_vnd_[a-z_0-9]+ \{/ { print $2 }' include/gmx/vendor*.h | grep -vE '^gmx_vnd_telemetry_(state|ctrl|queue|cmd|fault|ns)$' |
	while read -r name; do grep -q "^struct $name " "$tmp/doc" || echo "struct $name is not in $doc"; done >"$tmp/log"
empty "$tmp/log"; ok "the document has every structure of the header" "$tmp/log"
awk '/^enum gmx_vnd_/,/\};/' include/gmx/vendor*.h | grep -oE '\bGMX_VND_[A-Z0-9_]+' | sort -u | grep -vE '^GMX_VND_NR_' |
	while read -r name; do grep -q "^constant $name " "$tmp/doc" || echo "$name is not in $doc"; done >"$tmp/log"
empty "$tmp/log"; ok "the document has every value of the header" "$tmp/log"

# The driver's uevents and the library have the names of events each for itself.
names() { sed -n 's/.*{ \(GMX_VND_EV_[A-Z_0-9]*\), "\([a-z-]*\)" }.*/\1 \2/p' "$1"; }
names drivers/gmx/evname.c >"$tmp/names"
[ "$(wc -l <"$tmp/names")" -gt 40 ] && names tools/libgmx/src/event.c | diff "$tmp/names" - >"$tmp/log" &&
	grep -oE '\bGMX_VND_EV_[A-Z0-9_]+' include/gmx/vendor.h | sort -u | diff <(cut -d' ' -f1 "$tmp/names" | sort) - >"$tmp/log"
ok "driver and library name the same events alike, and all of them" "$tmp/log"
finish
