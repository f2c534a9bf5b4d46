#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# libgmx as others see it: headers that compile alone in C and C++, symbols with a version and nothing else, a program that finds
# it by pkg-config, shared and static.
set -u
here=$(dirname "$(readlink -f "$0")")
repo=$(readlink -f "$here/../..")

if [ -z "${GMX_INSIDE:-}" ]; then
	"$repo/scripts/lab" tools >&2
	exec "$repo/scripts/lab" enter -- env TOOLS="$("$repo/scripts/lab" path tools)" /repo/tests/unit/libgmx-abi.t
fi
. "$repo/tests/static/tap.sh"
PATH=$TOOLS/bin:$PATH
lib=$repo/tools/libgmx
log=$(mktemp)
out=$(mktemp -d)
trap 'rm -rf "$log" "$out"' EXIT

for h in "$lib"/include/libgmx/*.h; do
	name=libgmx/$(basename "$h")
	for how in "gcc -std=c11 -x c" "g++ -std=c++11 -x c++"; do
		printf '#include <%s>\n#include <%s>\n' "$name" "$name" |
			$how -Wall -Wextra -Wpedantic -Werror -I"$lib/include" -I"$repo/include/uapi" -fsyntax-only - >"$log" 2>&1
		ok "$name: ${how##* }" "$log"
	done
done

make -s -C "$lib" O="$out" >"$log" 2>&1 && make -s -C "$lib" O="$out" DESTDIR="$out/root" install >>"$log" 2>&1
ok "it builds and installs" "$log"
# functions: "libgmx_name(" where a line of a header declares one; comments name some too, and some are made in the program
cat "$lib"/include/libgmx/*.h | sed 's,/\*.*\*/,,; /^\/\*/,/\*\//d; /static inline/d' | grep -oE '\blibgmx_[a-z0-9_]+\(' | tr -d '(' | sort -u >"$out/declared"
nm -D --defined-only "$out/libgmx.so.1" | awk '$2 == "T" { print $3 }' | sed 's/@@.*//' | sort >"$out/exported"
[ "$(wc -l <"$out/declared")" -gt 50 ]; ok "the headers declare functions"
diff "$out/declared" "$out/exported" >"$log"; ok "what is declared is exported, and nothing else" "$log"
nm -D --defined-only "$out/libgmx.so.1" | awk '$2 == "T" && $3 !~ /@@LIBGMX_[0-9.]+$/' >"$log"; empty "$log"; ok "each symbol has a version" "$log"
readelf -d "$out/libgmx.so.1" | grep -q 'SONAME.*\[libgmx.so.1\]'; ok "soname"
nm -D --undefined-only "$out/libgmx.so.1" | grep -wE 'printf|puts|putchar|exit|abort|perror' >"$log"; empty "$log"; ok "it does not print or exit" "$log"

# a program that was built with an older library gives the newer one its own structures
{
	printf '#include <libgmx/libgmx.h>\n'
	while read -r name bytes; do printf '_Static_assert(sizeof(struct libgmx_%s) == %s, "%s");\n' "$name" "$bytes" "$name"; done <<-END
	ctrl_info 1144
	disk 448
	target 68
	id_ctrl 1056
	id_ns 360
	smart 240
	fw_slots 86
	selftest_log 648
	error_entry 32
	sanitize_log 16
	vendor_page 184
	health 272
	event 160
	event_log 32
	drive 288
	fw_state 128
	power 432
	telemetry 664
	dump 776
	fw_image 368
	END
} | gcc -std=c11 -I"$lib/include" -I"$repo/include/uapi" -fsyntax-only -x c - >"$log" 2>&1
ok "structures have the size that libgmx.so.1 gave them" "$log"

cat >"$out/program.c" <<'END'
#include <libgmx/libgmx.h>
int main(void)
{
	struct libgmx_target t;

	return libgmx_resolve("gmx99", &t) != -19 || !libgmx_strerror(-19)[0];
}
END
pc() { /usr/bin/env PKG_CONFIG_PATH="$out/root/usr/lib/pkgconfig:$TOOLS/root/usr/lib/x86_64-linux-gnu/pkgconfig:/usr/lib/x86_64-linux-gnu/pkgconfig" /usr/bin/pkg-config --define-variable=prefix="$out/root/usr" --define-variable=libdir="$out/root/usr/lib" "$@" libgmx; }
gcc -o "$out/shared" "$out/program.c" $(pc --cflags --libs) >"$log" 2>&1 && LD_LIBRARY_PATH=$out/root/usr/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} "$out/shared"
ok "a program with the shared library" "$log"
gcc -o "$out/static" "$out/program.c" $(pc --cflags) "$out/root/usr/lib/libgmx.a" $(pkg-config --libs libnvme json-c libcrypto 2>/dev/null || echo -lnvme -ljson-c -lcrypto -L"$TOOLS/root/usr/lib/x86_64-linux-gnu") >"$log" 2>&1 && "$out/static"
ok "a program with the static library" "$log"
finish
