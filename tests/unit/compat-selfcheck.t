#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A wrong answer of a probe stops the build with an error that names the probe. Every answer is turned round, on every
# kernel: all at once, as the checks stand alone, and one by one on the kernel that knows old and new interfaces.
set -u
cd "$(dirname "$(readlink -f "$0")")/../.." || exit 1
. tests/static/tap.sh
need rootfs 6.1 6.12 newest
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
names=$(sed -nE 's/^([A-Z0-9_]+) \|.*/\1/p' drivers/gmx/compat/probes)
mkdir "$tmp/m"
cp -r Kbuild drivers include "$tmp/m/"

# the compiler's words for a file of compat, as the kernel's own build says them
compiler() { # KDIR FILE
	local cc=
	grep -qs 'gcc-12' "$1/.kernelvariables" && cc=CC=gcc-14
	make -C "$1" M="$tmp/m" V=1 $cc "gmx-probes=-DGMX_PROBES=0 -DTHE_PROBES" "drivers/gmx/compat/$2.o" 2>&1 |
		grep -m1 -- "-DTHE_PROBES.* -c -o .*drivers/gmx/compat/$2\.o" |
		sed 's/^ *//; s/ -c -o [^ ]* / -fsyntax-only /; s/ -Wp,-MMD,[^ ]*//; s/ *;.*//; s/ # .*//; s/ -DGMX_PROBES=0 / /'
}
compile() { # COMMAND PROBES
	# newer kernels build a module from within its folder, older ones from their own tree
	local dir=$tmp/m
	case $1 in *' -I./include '*) dir=$kdir ;; esac
	(cd "$dir" && eval "${1/-DTHE_PROBES/$2}") >"$tmp/log" 2>&1
}
named() { grep -qE "wrong.probe.$1\b|GMX_[A-Z_]+\($1," "$tmp/log"; }

for k in 6.1 6.12 newest; do
	kdir=$(scripts/lab kdir $k)
	tree=$(sed -n 's,^include \(.*\)/Makefile$,\1,p' "$kdir/Makefile")
	have=" $(sh drivers/gmx/compat/probe.sh "${tree:-$kdir}") "
	check=$(compiler "$kdir" selfcheck)
	limits=$(compiler "$kdir" limits)
	[ -n "$check" ] && [ -n "$limits" ]; ok "$k: the compiler's command is known"

	compile "$check" "$have"; ok "$k: the probes' own answers pass" "$tmp/log"
	compile "$limits" "$have"; ok "$k: limits.c compiles with them" "$tmp/log"

	turned=-DGMX_PROBES=0
	for n in $names; do case $have in *" -DGMX_HAVE_$n "*) ;; *) turned+=" -DGMX_HAVE_$n" ;; esac done
	if compile "$check" "$turned"; then false; fi
	ok "$k: all answers turned round do not pass"
	for n in $names; do
		named "$n"; ok "$k: $n turned round is named" "$tmp/log"
	done

	without=${have// -DGMX_HAVE_LIMITS_FEATURES / }
	without=${without// -DGMX_HAVE_WRITE_CACHE_SETTER / }
	if compile "$limits" "$without"; then false; else grep -q 'error.*write cache and FUA in no known way' "$tmp/log"; fi
	ok "$k: no spelling of write cache and FUA stops the build" "$tmp/log"
	if compile "$limits" "$have -DGMX_HAVE_LIMITS_FEATURES -DGMX_HAVE_WRITE_CACHE_SETTER"; then false; else
		grep -q 'error.*write cache and FUA in no known way' "$tmp/log"
	fi
	ok "$k: two spellings of it stop the build" "$tmp/log"
	without=${have// -DGMX_HAVE_INTEGRITY_IN_LIMITS / }
	without=${without// -DGMX_HAVE_INTEGRITY_REGISTER / }
	if compile "$limits" "$without"; then false; else grep -q 'error.*integrity in no known way' "$tmp/log"; fi
	ok "$k: no spelling of integrity stops the build" "$tmp/log"
	if compile "$limits" "${have//-DGMX_PROBES=[0-9]*/ }"; then false; else grep -q 'error.*not probed' "$tmp/log"; fi
	ok "$k: a build that skips the probes is stopped" "$tmp/log"
done

k=6.12
kdir=$(scripts/lab kdir $k)
tree=$(sed -n 's,^include \(.*\)/Makefile$,\1,p' "$kdir/Makefile")
have=" $(sh drivers/gmx/compat/probe.sh "${tree:-$kdir}") "
check=$(compiler "$kdir" selfcheck)
for n in $names; do
	case $have in
	*" -DGMX_HAVE_$n "*) turned=${have/ -DGMX_HAVE_$n / } ;;
	*) turned="$have -DGMX_HAVE_$n" ;;
	esac
	if compile "$check" "$turned"; then false; else named "$n"; fi
	ok "$k: $n alone turned round stops the build, by its name" "$tmp/log"
done

# a tree that cannot be probed is an error of make, not a build without answers
if make -s -C "$kdir" M="$tmp/m" gmx-probes=' ' drivers/gmx/compat/selfcheck.o >"$tmp/log" 2>&1; then false; else
	grep -q 'could not be probed' "$tmp/log"
fi
ok "no answers at all stop make" "$tmp/log"
finish
