#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each header of the wire compiles alone in user space, twice in one unit, and has no padding that nobody wrote.
set -u
here=$(dirname "$(readlink -f "$0")")
repo=$(readlink -f "$here/../..")

if [ -z "${GMX_INSIDE:-}" ]; then
	exec "$repo/scripts/lab" enter -- /repo/tests/unit/headers.t
fi

headers=$(cd "$repo/include" && find gmx -name '*.h' | sort)
count=$(echo "$headers" | wc -w)
[ "$count" -gt 0 ] || { echo "Bail out! no header in include/gmx"; exit 1; }
echo "1..$count"
n=0
bad=0
for h in $headers; do
	n=$((n + 1))
	if printf '#include <%s>\n#include <%s>\n' "$h" "$h" |
		gcc -std=gnu11 -Wall -Wextra -Wpadded -Wundef -Werror -I"$repo/include" -fsyntax-only -x c - 2> "/tmp/headers.$$"; then
		echo "ok $n - $h"
	else
		echo "not ok $n - $h"
		sed 's/^/# /' "/tmp/headers.$$"
		bad=1
	fi
done
rm -f "/tmp/headers.$$"
exit $bad
