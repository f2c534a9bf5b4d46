# SPDX-License-Identifier: GPL-2.0-or-later
# What the cases of gmxctl share.
ctl() { "$TESTS/gmxctl" "$@"; }
# field EXPRESSION ARGUMENTS...: of the first record of the result
field() { ctl "${@:2}" -o json | jq -r ".result[0].$1"; }
exits() { # CODE ARGUMENTS...: gmxctl ends so; $STATE/err is what it said, $STATE/json its document
	local code=$1 got=0
	shift
	ctl "$@" -o json > "$STATE/json" 2> "$STATE/err" || got=$?
	is "$got" "$code" "exit code of gmxctl $*: $(cat "$STATE/err")"
	jq -e '.format.major == 1 and ((.errors | length) > 0) == '"$([ "$code" = 0 ] && echo false || echo true)" "$STATE/json" > /dev/null ||
		die "document of gmxctl $*: $(cat "$STATE/json")"
}
# said WORDS: the last exits explained itself so
said() { grep -qi -- "$1" "$STATE/err" || die "not said: '$1', but: $(cat "$STATE/err")"; }
got() { jq -r ".result[0].$1" "$STATE/json"; }
# matches_schema ARGUMENTS...: the document of a command against the command's own schema
matches_schema() {
	local verb=${2:-}
	case $1 in status | health | smart) verb= ;; esac
	ctl generate schema "$1${verb:+.$verb}" > "$STATE/schema"
	ctl "$@" -o json > "$STATE/json" 2> /dev/null || true
	python3 /repo/tests/tools/schema "$STATE/schema" "$STATE/json" || die "gmxctl $* does not match its schema"
}
