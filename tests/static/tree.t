#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Rules that hold for every file of the checkout.
set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
. tests/static/tap.sh
need
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# What is checked in, and what will be, but no fuzzer's inputs; the lab has no rights on the repository's own files.
files() { git -c safe.directory='*' ls-files -co --exclude-standard "$@" ':!tests/fuzz/corpus' | while read -r f; do [ ! -f "$f" ] || echo "$f"; done; }
code() { files | grep -E '\.([chS]|sh|py|t|cocci)$|^(Kbuild|Makefile|scripts/|tests/run)|/Kbuild'; }

[ "$(files | wc -l)" -gt 50 ]; ok "the list of files is whole"

code | xargs grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION *\(|RHEL_RELEASE|linux/version\.h' |
	grep -v '^tests/static/tree\.t:' >"$log"
empty "$log"; ok "no comparison of kernel versions" "$log"

# a file's license follows from where it lies
for f in $(files | grep -vE '^((tools/libgmx/)?LICENSE|docs/.*|debian/(changelog|copyright|source/format|.*\.(dkms|install))|tests/skips|tests/vm/plan|.*\.(md|config|json|golden|want|out))$|(^|/)\.gitignore$|module-roots$'); do
	line=$(head -n 5 "$f" | grep -ao 'SPDX-License-Identifier: .*' | sed 's/ \*\/.*//; s/SPDX-License-Identifier: //')
	case $f in
	tools/libgmx/*) want=LGPL-2.1-or-later ;;
	include/uapi/*) want='GPL-2.0 WITH Linux-syscall-note' ;;
	include/gmx/*) want='GPL-2.0-only OR LGPL-2.1-or-later' ;;
	include/* | drivers/* | Kbuild) want=GPL-2.0-only ;;
	tests/vm/planted/*) want='GPL-2.0-only OR GPL-2.0-or-later' ;;
	*) want=GPL-2.0-or-later ;;
	esac
	case " OR $want OR " in
	*" OR $line OR "*) ;;
	*) echo "$f: ${line:-no SPDX line}, want $want" ;;
	esac
done >"$log"
empty "$log"; ok "each file names its license" "$log"

code | xargs wc -l | awk '$2 != "total" && $1 > 700 { print $2 ": " $1 " lines, divide it (700 at most)" }' >"$log"
empty "$log"; ok "no file is longer than 700 lines" "$log"

code | xargs grep -nE '\b(TODO|FIXME|XXX)\b' | grep -vE '^tests/(static/tree\.t|run):' >"$log"
empty "$log"; ok "nothing is left to be done" "$log"

files | grep -vE '\.(golden|want|out|patch)$' | xargs grep -nIE '[[:space:]]+$' >"$log"
empty "$log"; ok "no white space at the end of a line" "$log"

code | grep -E '\.(sh|t)$' | xargs grep -LE '^(#!/|# SPDX)' >"$log"
empty "$log"; ok "scripts begin with their interpreter or license" "$log"
files 'tests/*.t' 'tests/run' 'scripts/lab' 'scripts/vm' | while read -r f; do [ -x "$f" ] || echo "$f is not executable"; done >"$log"
empty "$log"; ok "tests and tools can be run" "$log"

for f in $(files | xargs grep -lE '^#!/bin/(ba)?sh'); do
	shell=$(sed -n '1s,^#!/bin/,,p' "$f")
	"$shell" -n "$f" 2>&1
done >"$log"
empty "$log"; ok "shell scripts have no syntax error" "$log"

sed -n 's/^gmx-files [:+]= //p' Kbuild | tr ' ' '\n' | sort >"$log.listed"
files 'drivers/gmx/*.c' | sed 's,^drivers/gmx/,,; s,\.c$,,' | sort | diff "$log.listed" - >"$log"
empty "$log"; ok "Kbuild lists the module's files" "$log"
rm -f "$log.listed"

version=$(sed -n 's/^MODULE_VERSION("\(.*\)");/\1/p' drivers/gmx/main.c)
[ -n "$version" ] && grep -qx "PACKAGE_VERSION=\"$version\"" dkms.conf
ok "module and package have one version ($version)"
[ "$(sed -n '1s/^gmx (\(.*\)) .*/\1/p' debian/changelog)" = "$version" ]
ok "so has the Debian package"

finish
