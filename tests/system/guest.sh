# SPDX-License-Identifier: GPL-2.0-or-later
# What the cases have at hand.
die() { echo "FAILED: $*" >&2; exit 1; }
trap 'echo "FAILED: line $LINENO: $BASH_COMMAND" >&2' ERR
not() { ! "$@"; }

# wait_for SECONDS CMD...
wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || die "not within the time: $*"
		sleep 0.2
	done
}

# Controller with this serial number, as gmx0
ctrl_of() {
	local c
	for c in /sys/class/gmx/gmx*; do
		[ "$(cat "$c/serial")" != "$1" ] || { echo "${c##*/}"; return; }
	done
	die "no controller $1"
}
