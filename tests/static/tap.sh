# SPDX-License-Identifier: GPL-2.0-or-later
# Test output for the shell tests, and the way into the lab.

TAP_COUNT=0 TAP_BAD=0

# need PART...: makes the parts, then runs the test again inside the lab, unless it is there
need() {
	[ -z "${GMX_INSIDE:-}" ] || return 0
	local repo
	repo=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
	[ $# -eq 0 ] || "$repo/scripts/lab" "$@" >&2 || { echo "Bail out! scripts/lab $* failed"; exit 1; }
	exec "$repo/scripts/lab" enter -- "/repo/${0#"$repo/"}"
}

# ok NAME [LOG]: the status of the last command is the verdict; of a failure, what LOG says is shown
ok() {
	local status=$?
	TAP_COUNT=$((TAP_COUNT + 1))
	if [ "$status" = 0 ]; then
		echo "ok $TAP_COUNT - $1"
	else
		TAP_BAD=1
		echo "not ok $TAP_COUNT - $1"
		[ -z "${2:-}" ] || head -n 40 "$2" | sed 's/^/# /'
	fi
	return 0
}

# empty LOG: true if it is; findings are lines
empty() { [ -e "$1" ] && [ ! -s "$1" ]; }

finish() {
	echo "1..$TAP_COUNT"
	[ "$TAP_COUNT" -gt 0 ] || echo "Bail out! nothing was tested"
	exit "$TAP_BAD"
}
