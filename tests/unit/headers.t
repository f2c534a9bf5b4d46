#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each header of the wire and of the ioctls compiles alone in user space, twice in one unit, and has no padding that nobody
# wrote; those of the ioctls in C++ too, and for 32-bit programs.
set -u
here=$(dirname "$(readlink -f "$0")")
repo=$(readlink -f "$here/../..")

if [ -z "${GMX_INSIDE:-}" ]; then
	exec "$repo/scripts/lab" enter -- /repo/tests/unit/headers.t
fi

headers=$(cd "$repo/include" && find gmx -name '*.h' | sort)
uapi=$(cd "$repo/include/uapi" && find . -name '*.h' -printf '%P\n' | sort)
[ "$headers" ] && [ "$uapi" ] || { echo "Bail out! no header in include/gmx, or none in include/uapi"; exit 1; }
echo "1..$(($(echo "$headers" | wc -w) + 3 * $(echo "$uapi" | wc -w)))"
n=0
bad=0
# alone HEADER FOLDER OPTIONS...
alone() {
	local h=$1 folder=$2
	shift 2
	n=$((n + 1))
	if printf '#include <%s>\n#include <%s>\n' "$h" "$h" |
		gcc -Wall -Wextra -Wpadded -Wundef -Werror -I"$repo/include$folder" -fsyntax-only "$@" - 2> "/tmp/headers.$$"; then
		echo "ok $n - $h $*"
	else
		echo "not ok $n - $h $*"
		sed 's/^/# /' "/tmp/headers.$$"
		bad=1
	fi
}
for h in $headers; do alone "$h" '' -std=gnu11 -x c; done
for h in $uapi; do
	alone "$h" /uapi -std=c11 -Wpedantic -x c
	alone "$h" /uapi -std=c++11 -Wpedantic -x c++
	alone "$h" /uapi -std=c11 -m32 -I/usr/include/x86_64-linux-gnu -x c
done
rm -f "/tmp/headers.$$"
exit $bad
