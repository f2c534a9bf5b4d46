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

# exits CODE CMD...: it ends so, and has said what is in /run/said
exits() {
	local code=$1 got=0
	shift
	"$@" >/run/said 2>&1 || got=$?
	[ $got = "$code" ] || { cat /run/said; die "$*: exit status $got, not $code"; }
}
said() { grep -qi -- "$1" /run/said || { cat /run/said; die "not said: $1"; }; }
# field_in FILE FIELD: of a document
field_in() { sed -n "s/.*\"$2\": *\"\([^\"]*\)\".*/\1/p" "$1" | head -n 1; }
