# SPDX-License-Identifier: GPL-2.0-or-later
# What the cases of gmxctl share.
ctl() { "$TESTS/gmxctl" "$@"; }
# field EXPRESSION ARGUMENTS...: of the first record of the result
field() { ctl "${@:2}" -o json | jq -r ".result[0].$1"; }
exits() { # CODE ARGUMENTS...: gmxctl ends so; $STATE/err is what it said, $STATE/json its document
	local code=$1 got=0
	shift
	ctl "$@" -o json > "$STATE/json" 2> "$STATE/err" || got=$?
	is "$got" "$code" "exit code of gmxctl $*: $(cat "$STATE/err" <(head -c 1500 "$STATE/json"))"
	jq -e '.format.major == 1 and ((.errors | length) > 0) == '"$(case $code in 0 | 16 | 17) echo false ;; *) echo true ;; esac)" "$STATE/json" > /dev/null ||
		die "document of gmxctl $*: $(cat "$STATE/json")"
}
# said WORDS: the last exits explained itself so
said() { grep -qi -- "$1" "$STATE/err" || die "not said: '$1', but: $(cat "$STATE/err")"; }
got() { jq -r ".result[0].$1" "$STATE/json"; }
