#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The table of faults for people is the one that the tests run, and the tests run all of it.
set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
. tests/static/tap.sh
need
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
doc=docs/operations/faults.md table=tests/vm/faults.table

tests/vm/fault-table >"$tmp/want"
[ "$(wc -l <"$tmp/want")" -gt 50 ]; ok "the table is there" "$tmp/want"
sed '1,/^## The faults/d' "$doc" | grep '^|' | diff - "$tmp/want" >"$tmp/log"
ok "$doc shows it: tests/vm/fault-table writes what belongs there" "$tmp/log"

grep -E '^[a-z]+ \|' "$table" | awk -F' *[|] *' '
	NF != 8 { print $2 ": " NF " columns, not 8" }
	seen[$2]++ { print $2 ": twice" }' >"$tmp/log"
empty "$tmp/log"; ok "its rows have all columns, and names of their own" "$tmp/log"

for group in $(grep -oE '^[a-z]+ \|' "$table" | cut -d' ' -f1 | sort -u); do
	case=$(grep -lx "fault_rows $group" tests/vm/cases/fault-*.sh) || { echo "no case runs the group $group"; continue; }
	case=$(basename "$case" .sh)
	grep -E '^(@|[a-z0-9.-]+ *\|)' tests/vm/plan | grep -qw -- "$case" || echo "no boot runs $case"
done >"$tmp/log"
empty "$tmp/log"; ok "each of its groups is run" "$tmp/log"

# what the emulator can do wrong is in the table, or is somebody else's: namespaces, readings, other log entries
tools=tools/gmx-emu/model
{
	sed -n '/^static const struct fault_kind fault_kinds/,/^};/p' $tools/rule.c
	sed -n '/actions\[EMU_NR_ACTIONS\] = {/,/^};/p' $tools/action.c
} | grep -oE '\{ "[a-z-]+"' | cut -d'"' -f2 | grep -vxE 'back|unhang|event|drive-repair' >"$tmp/kinds"
[ "$(wc -l <"$tmp/kinds")" -gt 15 ]; ok "the emulator's faults are found" "$tmp/kinds"
while read -r kind; do
	grep -qE "(kind=|!)$kind\b" "$table" tests/vm/cases/fault-*.sh || echo "$kind: not tried"
done <"$tmp/kinds" >"$tmp/log"
empty "$tmp/log"; ok "each of them is tried on the driver" "$tmp/log"
finish
