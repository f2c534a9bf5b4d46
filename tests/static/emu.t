#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What gmx-emu takes is what its manual and section 10 of the host interface's document say, both ways; structures of the
# wire have their sizes asserted.
set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
. tests/static/tap.sh
need
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
man=docs/man/gmx-emu.8 doc=docs/design/host-interface.md model=tools/gmx-emu/model

# table FILE BEGIN: the names that begin the rows of a C table
table() { sed -n "/$2/,/^}/p" "$1" | grep -oE '\{ *(\.name = )?"[a-z0-9_-]+"' | cut -d'"' -f2; }
# same NAME GOT WANT: two lists of words, not empty, are the same
same() {
	sort -u "$2" >"$2.sorted"
	sort -u "$3" >"$3.sorted"
	diff "$2.sorted" "$3.sorted" >"$tmp/log" && [ "$(wc -l <"$2.sorted")" -ge "$4" ]
	ok "$1" "$tmp/log"
}

table $model/config.c '} config_keys\[\] = {' >"$tmp/keys"
sed -n '/^\.Sh CONFIGURATION/,/^\.Sh EXIT/p' $man | sed -n 's/^\.It Cm //p' | tr -d ' ' | tr , '\n' >"$tmp/man-keys"
same "the configuration's keys (< the manual, > config.c)" "$tmp/man-keys" "$tmp/keys" 20
# those of a namespace, in the text of their key
grep -oE 'strcmp\(key, "[a-z]+"' $model/config.c | cut -d'"' -f2 >"$tmp/ns"
sed -n '/^\.It Cm namespaces/,/^\.It Cm write_cache/p' $man | sed -n 's/^\.Cm \([a-z]*\).*/\1/p' >"$tmp/man-ns"
same "a namespace's keys (< the manual, > config.c)" "$tmp/man-ns" "$tmp/ns" 4
sed -n '/^ \* key /,/^ \*\//p' $model/config.c | sed -n 's/^ \* \( *[a-z_]*\) *|.*/\1/p' | tr -d ' ' | grep -v '^key$' | grep . >"$tmp/comment"
cat "$tmp/ns" >>"$tmp/keys"
same "the table at the head of config.c (<) and its keys (>)" "$tmp/comment" "$tmp/keys" 24

grep -oE '\{ "[a-z-]+", (required|no)_argument' tools/gmx-emu/vfio/main.c | cut -d'"' -f2 >"$tmp/options"
sed -n '/^\.Sh SYNOPSIS/,/^\.Sh CONFIGURATION/p' $man | grep -oE 'Fl Fl [a-z-]+' | cut -d' ' -f3 >"$tmp/man-options"
same "options (< the manual, > main.c)" "$tmp/man-options" "$tmp/options" 7

# "hang" is the controller's as a command, and one command's as a rule
{
	table $model/control.c '} control_verbs\[\] = {'
	sed -n '/actions\[EMU_NR_ACTIONS\] = {/,/^};/p' $model/action.c | grep -oE '\{ "[a-z-]+"' | cut -d'"' -f2 | sed 's/^hang-controller$/hang/'
} >"$tmp/verbs"
sed -n '/^## 10\. /,$p' $doc | sed -n '/^| command | keys/,/^$/p' | sed -n 's/^| \(`[^|]*\) |.*/\1/p' | cut -d'|' -f1 | tr -d '` ' | tr , '\n' >"$tmp/doc-verbs"
same "commands of the control socket (< the document, > the model)" "$tmp/doc-verbs" "$tmp/verbs" 25
table $model/rule.c 'fault_kinds\[\] = {' >"$tmp/kinds"
sed -n '/^## 10\. /,$p' $doc | sed -n '/^| kind | keys/,/^$/p' | sed -n 's/^| `\([a-z-]*\)` |.*/\1/p' >"$tmp/doc-kinds"
same "kinds of rules (< the document, > the model)" "$tmp/doc-kinds" "$tmp/kinds" 13

for name in $(sed -nE 's/^(struct|union) (gmx_[a-z0-9_]+) \{.*/\2/p' include/gmx/*.h); do
	grep -qE "static_assert\(sizeof\((struct|union) $name\)" include/gmx/*.h || echo "$name: its size is not asserted"
done >"$tmp/log"
empty "$tmp/log"; ok "structures in include/gmx have their sizes asserted" "$tmp/log"
finish
