#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The header probes: the table is sound, and the reader finds what is there and nothing else.
set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
. tests/static/tap.sh
need rootfs 6.1 6.12 newest
compat=drivers/gmx/compat
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# A kernel's own headers; Debian keeps them in a tree beside the configured one.
headers() {
	local kdir tree
	kdir=$(scripts/lab kdir "$1")
	tree=$(sed -n 's,^include \(.*\)/Makefile$,\1,p' "$kdir/Makefile")
	echo "${tree:-$kdir}"
}
names=$(sed -nE 's/^([A-Z0-9_]+) \|.*/\1/p' $compat/probes)

# The table

awk -F' \\| ' '!/^(#|$)/ { n = 0; for (i = 1; i <= NF; i++) n += $i ~ /[^ ]/
	if (NF != 6 || n != 6 || $1 !~ /^[A-Z][A-Z0-9_]+$/ || $2 !~ /^linux\/[a-z0-9_\/.,-]+\.h$/ ||
	    $4 !~ /^((by|until) )?[67]\.[0-9]+$/ || $5 !~ /^(-|[0-9a-f]{12})$/) print FILENAME ":" FNR ": " $0 }' $compat/probes >"$tmp/log"
empty "$tmp/log"; ok "each line is NAME | header | pattern | since | commit | why" "$tmp/log"
echo "$names" | sort | uniq -d >"$tmp/log"; empty "$tmp/log"; ok "no name twice" "$tmp/log"
for n in $names; do
	grep -qE "GMX_HAVE_$n\b" $compat/selfcheck.c || echo "$n is not in selfcheck.c"
	grep -rlE "GMX_HAVE_$n\b" drivers/gmx --include='*.[ch]' | grep -qv selfcheck.c || echo "$n is asked by nobody"
done >"$tmp/log"
empty "$tmp/log"; ok "each answer is used, and checked" "$tmp/log"
grep -rohE '\bGMX_HAVE_[A-Z0-9_]+' drivers/gmx --include='*.[ch]' | sort -u | sed 's/^GMX_HAVE_//' | grep -vx NAME |
	grep -vxF "$names" >"$tmp/log"
empty "$tmp/log"; ok "nothing else is asked" "$tmp/log"

# The reader, on headers made for it

mkdir -p "$tmp/k/include/linux"
cat >"$tmp/k/include/linux/blkdev.h" <<'END'
int plain(int a);
/* int commented(int a); */
int broken_over
	(int a,
	 const char *b);
/*
 * int commented_lines(int a);
 */ int after_comment(int a); /* and */ int between_comments(int a); /* more */
#define MACRO_OVER_LINES(a, b) \
	plain(a)
struct outer {
	int first; /* ; */
	int second;
};
struct other { int third; };
END
echo 'int in_second_header(void);' >"$tmp/k/include/linux/second.h"
cat >"$tmp/table" <<'END'
# comment | x | y

PLAIN | linux/blkdev.h | int plain\(int a\); | 6.1 | - | w
NO_COMMENTED | linux/blkdev.h | commented\(int | 6.1 | - | w
NO_COMMENTED_LINES | linux/blkdev.h | commented_lines | 6.1 | - | w
BROKEN_OVER | linux/blkdev.h | int broken_over \(int a, const char \*b\); | 6.1 | - | w
AFTER_COMMENT | linux/blkdev.h | int after_comment\( | 6.1 | - | w
BETWEEN_COMMENTS | linux/blkdev.h | int between_comments\( | 6.1 | - | w
MACRO_OVER_LINES | linux/blkdev.h | define MACRO_OVER_LINES\(a, b\) plain | 6.1 | - | w
MEMBER | linux/blkdev.h | struct outer \{[^}]* int second; | 6.1 | - | w
NO_MEMBER_OF_OTHER | linux/blkdev.h | struct outer \{[^}]* int third; | 6.1 | - | w
SECOND | linux/blkdev.h,linux/second.h | int in_second_header | 6.1 | - | w
SECOND_AFTER_MISSING | linux/missing.h,linux/second.h | int in_second_header | 6.1 | - | w
HEADER | linux/second.h | . | 6.1 | - | w
NO_HEADER | linux/missing.h | . | 6.1 | - | w
NO_PREFIX | linux/blkdev.h | int plain\(int a, | 6.1 | - | w
END
chmod -R a-w "$tmp/k"
# whatever awk the machine that builds has
for awk in mawk gawk 'gawk --posix' 'busybox awk'; do
	mkdir -p "$tmp/bin"
	printf '#!/bin/sh\nexec %s "$@"\n' "$awk" >"$tmp/bin/awk"
	chmod +x "$tmp/bin/awk"
	PATH="$tmp/bin:$PATH" sh $compat/probe.sh "$tmp/k" "$tmp/table" >"$tmp/out" 2>"$tmp/log"
	ok "$awk reads the table" "$tmp/log"
	tr ' ' '\n' <"$tmp/out" | sort >"$tmp/got"
	{ sed -nE 's/^([A-Z_]+) \|.*/-DGMX_HAVE_\1/p' "$tmp/table" | grep -v HAVE_NO_; echo -DGMX_PROBES=14; } | sort >"$tmp/want"
	diff "$tmp/want" "$tmp/got" >"$tmp/log"
	ok "$awk finds what is there and nothing else" "$tmp/log"
	for k in 6.1 6.12 newest; do
		PATH="$tmp/bin:$PATH" sh $compat/probe.sh "$(headers $k)" >"$tmp/$k.${awk// /}"
	done
done

# What goes wrong is said, and prints no answers.
refuses() { # NAME WORDS ARGUMENTS…
	local name=$1 words=$2
	shift 2
	if sh $compat/probe.sh "$@" >"$tmp/out" 2>"$tmp/log"; then false; else
		grep -q "$words" "$tmp/log" && ! grep -q PROBES "$tmp/out"
	fi
	ok "$name" "$tmp/log"
}
mkdir "$tmp/none"
refuses "a folder without headers" 'not a kernel source' "$tmp/none" "$tmp/table"
refuses "no folder" 'usage' ''
refuses "a table that is not there" 'table' "$tmp/k" "$tmp/no-table"
echo 'NAME | linux/blkdev.h | x' >"$tmp/bad"
refuses "a line that is cut short" 'line 1: want NAME' "$tmp/k" "$tmp/bad"
echo '# nothing' >"$tmp/nothing"
if sh $compat/probe.sh "$tmp/k" "$tmp/nothing" >"$tmp/out" 2>/dev/null; then false; else [ ! -s "$tmp/out" ]; fi
ok "a table without a line"

# The kernels of the lab

for k in 6.1 6.12 newest; do
	tree=$(headers $k)
	start=$(date +%s%N)
	sh $compat/probe.sh "$tree" >"$tmp/$k" 2>"$tmp/log"; ok "probes $k" "$tmp/log"
	took=$((($(date +%s%N) - start) / 1000000))
	[ $took -lt 2000 ]; ok "in less than two seconds"
	for other in "$tmp/$k".*; do cmp -s "$tmp/$k" "$other" || echo "${other##*.} differs"; done >"$tmp/log"
	empty "$tmp/log"; ok "with the same answers by each awk" "$tmp/log"
	echo "# $k: $took ms, $(grep -o GMX_HAVE "$tmp/$k" | wc -l) of $(echo "$names" | wc -l) found"
done
has() { grep -q -- "-DGMX_HAVE_$2 " "$tmp/$1"; }
for k in 6.1 6.12 newest; do
	for pair in LIMITS_FEATURES:WRITE_CACHE_SETTER INTEGRITY_IN_LIMITS:INTEGRITY_REGISTER; do
		a=0 b=0
		has $k ${pair%:*} && a=1
		has $k ${pair#*:} && b=1
		[ $((a + b)) = 1 ]; ok "$k has one of ${pair/:/ and }"
	done
done
for n in $names; do
	case $n in WRITE_CACHE_SETTER | INTEGRITY_REGISTER | F_SHOULD_MERGE) ;; *) has newest "$n" || echo "$n" ;; esac
done >"$tmp/log"
empty "$tmp/log"; ok "the newest kernel has all but what has gone" "$tmp/log"
finish
