#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gmxctl under sanitizers, answered from a recording of a real run: results as in the golden files (UPDATE=1 makes them anew) and as
# their schemas say; help, manual, completions and schemas agree with the commands there are.
set -u
here=$(dirname "$(readlink -f "$0")")
repo=$(readlink -f "$here/../..")

if [ -z "${GMX_INSIDE:-}" ]; then
	"$repo/scripts/lab" tools >&2
	ctl=$("$repo/tests/tools/run" gmxctl) && fwsign=$("$repo/tests/tools/run" fwsign) || { echo "Bail out! gmxctl does not build"; exit 1; }
	GMX_BIND="$repo/tests/tools:/mnt" exec "$repo/scripts/lab" enter -- env GMX_CTL="$ctl" GMX_FWSIGN="$fwsign" ${UPDATE:+GMX_UPDATE=$UPDATE} /repo/tests/unit/gmxctl.t
fi
. "$repo/tests/static/tap.sh"
tools=$repo/tests/tools
golden=${GMX_GOLDEN:-/mnt/golden}
root=$(mktemp -d)
log=$root/log
trap 'rm -rf "$root"' EXIT
export LIBGMX_ROOT=$root LC_ALL=C TZ=UTC
"$tools/files" "$root" "$GMX_FWSIGN"
cd "$root" || exit 1
while IFS=$'\t' read -r file value; do
	[[ $file == /* ]] || continue
	mkdir -p "$root${file%/*}"
	printf '%s\n' "$value" >"$root$file"
done <"$tools/recordings/g3.sysfs"
mkdir -p "$root/dev" "$root/proc/self"
: >"$root/dev/gmx0"
ctl() { timeout 60 "$GMX_CTL" "$@" </dev/null; }

# an answer that differs between two runs of one recording has no place in a golden file
n=0
while read -r recording line; do
	case $line in '' | '#'*) continue ;; esac
	export GMX_REPLAY=$tools/recordings/$recording.ioctl GMX_REPLAY_AT=$line
	n=$((n + 1))
	name=${recording:3} name=$(tr -cs 'a-zA-Z0-9\n' - <<<"${name:+$name }$line")
	ctl $line -o json >"$root/json" 2>"$root/err"
	status=$?
	{ echo "exit $status"; cat "$root/err"; jq '.tool_version = "any"' "$root/json"; ctl $line 2>/dev/null; } >"$root/now" 2>&1
	[ -z "${GMX_UPDATE:-}" ] || { mkdir -p "$golden"; cp "$root/now" "$golden/$name.golden"; }
	diff "$tools/golden/$name.golden" "$root/now" >"$log" 2>&1
	ok "gmxctl $line" "$log"
	set -- $line
	command=$1
	case $1 in status | health | smart | doctor) ;; *) command=$1.$2 ;; esac
	if ctl generate schema "$command" >"$root/schema" 2>/dev/null; then
		"$tools/schema" "$root/schema" "$root/json" >"$log" 2>&1
		ok "its document is as $command's schema says" "$log"
	fi
done < <(sed 's/^/g3 /' "$tools/recorded"; sed 's/^/g3-driver /' "$tools/recorded-driver")
[ "$n" -gt 20 ]; ok "$n command lines"
export GMX_REPLAY=$tools/recordings/g3.ioctl GMX_REPLAY_AT=
ctl generate commands | grep -v '^generate' | tr . ' ' | while read -r command; do
	grep -qE "^$command( |$)" "$tools/recorded" "$tools/recorded-driver" || echo "$command"
done >"$log"
empty "$log"; ok "each command has a golden file" "$log"

# a locale whose numbers have a comma; the lab has no sources of any
{ printf '<code_set_name> ASCII\n<mb_cur_min> 1\n<mb_cur_max> 1\nCHARMAP\n'; for i in {0..127}; do printf '<U%04X> /x%02x\n' "$i" "$i"; done; echo 'END CHARMAP'; } >"$root/charmap"
printf 'LC_NUMERIC\ndecimal_point ","\nthousands_sep ""\ngrouping -1\nEND LC_NUMERIC\n' >"$root/numeric"
localedef --no-archive -c -f "$root/charmap" -i "$root/numeric" "$root/comma" >"$log" 2>&1
ctl power show -o prom >"$root/prom"
env -u LC_ALL LOCPATH="$root" LC_NUMERIC=comma "$GMX_CTL" power show -o prom 2>&1 | diff "$root/prom" - >>"$log"
[ "$(env -u LC_ALL LOCPATH="$root" LC_NUMERIC=comma /usr/bin/printf %.1f 1,5 2>&1)" = 1,5 ] && grep -q '[0-9]\.[0-9]' "$root/prom" && ! grep -q '^[<>]' "$log"; ok "metrics have no comma of the locale" "$log"

unset GMX_REPLAY
ctl generate commands >"$root/commands"
[ "$(wc -l <"$root/commands")" -gt 40 ]; ok "$(wc -l <"$root/commands") commands"
ctl generate man >"$root/man"
ctl generate bash >"$root/bash" && bash -n "$root/bash" 2>"$log"; ok "the completion is bash" "$log"
# where they are there, the shells themselves judge
ctl generate zsh >"$root/zsh" && { ! command -v zsh >/dev/null || zsh -n "$root/zsh"; } 2>"$log"; ok "the completion is zsh" "$log"
ctl generate fish >"$root/fish" && { "$tools/fish-parse" "$root/fish"; ! command -v fish >/dev/null || HOME=$root fish -n "$root/fish"; } >"$log" 2>&1 && empty "$log"; ok "the completion is fish" "$log"
ctl --help >"$root/help"
while IFS=. read -r object verb; do
	grep -q "^  $object${verb:+ $verb} " "$root/help" || echo "--help: no $object $verb"
	grep -q "^\.Ss gmxctl $object${verb:+ $verb} " "$root/man" || echo "manual: no $object $verb"
	grep -q "'$object${verb:+ $verb}')" "$root/bash" || echo "bash: no $object $verb"
	grep -q "'$object${verb:+ $verb}')" "$root/zsh" || echo "zsh: no $object $verb"
	[ -z "$verb" ] || grep -q "at 2 $object' -a $verb " "$root/fish" || echo "fish: no $object $verb"
	# each option that --help knows is in all of them
	ctl "$object" $verb --help | sed -n 's/^  \(-., \|    *\)--\([a-z0-9-]*\).*/\2/p' | sort -u >"$root/options"
	[ -s "$root/options" ] || echo "$object $verb --help: no options"
	while read -r o; do
		sed -n "/'$object${verb:+ $verb}') words/p" "$root/bash" | grep -q -- "--$o\b" || echo "bash: $object $verb: no --$o"
		grep -q -- "is $object${verb:+ $verb}' -l $o\b" "$root/fish" || echo "fish: $object $verb: no --$o"
		grep -q "^\.It .*Fl Fl $(sed 's/-/\\\\-/g' <<<"$o")" "$root/man" || echo "manual: no --$o"
	done <"$root/options"
done <"$root/commands" >"$log"
empty "$log"; ok "help, manual and completions have each command and option" "$log"
# the completion of bash at work
cat >"$root/complete" <<'END'
. "$1"
try() { COMP_WORDS=(gmxctl "$@"); COMP_CWORD=$#; _gmxctl; echo "${COMPREPLY[*]}"; }
try cont
try ns cr
try ns create --pro
try fw update image --activate la
try health -o pr
try fw update --key "$2/err"
END
bash "$root/complete" "$root/bash" "$root" >"$root/completed"
printf '%s\n' controller create --protection later prom "$root/err" | diff - "$root/completed" >"$log"; ok "bash completes" "$log"
# that of zsh by bash: what zsh alone has is put in bash's words, and its functions print what they are given
sed 's/(N:t)//g; s/compadd -a t }/compadd -a t; }/; s/\$words\[\([0-9]\)\]/${words[\1 - 1]}/g; s/shift words;/words=("${words[@]:1}");/; /^_gmxctl "\$@"$/d' "$root/zsh" >"$root/zsh.bash"
cat >"$root/complete-zsh" <<'END'
. "$1"
_describe() { local -n of=$2; printf '%s\n' "${of[@]}"; }
_arguments() { printf '%s\n' "$@"; }
words=("${@:2}") CURRENT=$(($# - 1))
_gmxctl
END
zsh_says() { bash "$root/complete-zsh" "$root/zsh.bash" gmxctl "$@" "" 2>&1; }
spec='(\(-[a-z] --[a-z0-9-]+\)(-[a-z]|--[a-z0-9-]+)|--[a-z0-9-]+)\[[^]]+\](:[A-Z]+:(\([a-z0-9 -]*\)|_files))?'
{
	zsh_says | sort | diff <(cut -d. -f1 "$root/commands" | sort -u) -
	while IFS=. read -r object verb; do
		[ -z "$verb" ] || zsh_says "$object" | grep -qx "$verb:.\+" || echo "zsh: $object: no $verb"
		zsh_says "$object" $verb >"$root/specs"
		grep -vxE "$spec|\*:argument:(_gmxctl_targets|_files)" "$root/specs" | sed "s/^/zsh: $object $verb: /"
		ctl "$object" $verb --help | sed -n 's/^  \(-., \|    *\)--\([a-z0-9-]*\).*/\2/p' | while read -r o; do
			grep -q -- "--$o\[" "$root/specs" || echo "zsh: $object $verb: no --$o"
		done
	done <"$root/commands"
} >"$log" 2>&1
empty "$log"; ok "the completion of zsh offers each command and option" "$log"
ctl controller show "" >"$root/out" 2>"$root/err"
{ [ $? = 2 ] && grep -q "target is empty" "$root/err"; } 2>"$log"; ok "an empty name is said so" "$root/err"
# problems are numbered by their bits
{ grep -oE '\b[134]0[0-9]{2}\b' "$repo/tools/gmxctl/src/cmd_status.c"; seq 2000 2007; grep -ohE '\b5[01][0-9]{2}\b' "$repo"/tools/gmxctl/src/*doctor*.c; } | sort -u >"$root/ids"
grep -oE '^\| GMX-[0-9]+' "$repo/docs/operations/messages.md" | tr -dc '0-9\n' | sort -u | diff "$root/ids" - >"$log"
ok "each message of status and doctor is documented" "$log"
for code in 0 2 3 8 16 17 18; do grep -qx "\.It $code" "$root/man" || echo "$code"; done >"$log"
empty "$log"; ok "the manual has the exit codes" "$log"
finish
