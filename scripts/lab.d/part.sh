# SPDX-License-Identifier: GPL-2.0-or-later
# Parts: each has a recipe whose hash is its key; a part is made in a temporary folder and renamed when it is whole.
#
# A part NAME has make_FUNC (fills the folder $1), key_FUNC (prints what else its key depends on), and a line in part_table:
# name, function, MiB needed while making, what it is, parts that must be there first.

part_table() {
	cat <<-END
	rootfs|rootfs|4500|Debian trixie with tools and QEMU|
	guest|guest|400|the guests' root disk and helpers|rootfs
	6.1|stock|1200|stock kernel 6.1|rootfs
	6.12|stock|1200|stock kernel 6.12|rootfs
	newest|stock|1200|newest stock kernel|rootfs
	rt|stock|1200|6.12 with PREEMPT_RT|rootfs
	source|source|2500|kernel source of 6.12|rootfs
	source-newest|source|2500|newest kernel source|rootfs
	debug|debug|7000|debug kernel of 6.12|rootfs source
	debug-newest|debug|7000|debug kernel of the newest source|rootfs source-newest
	kcsan|kcsan|7000|6.12 with the race detector|rootfs source
	headers|headers|4000|headers of every registry flavour|rootfs
	libvfio-user|libvfio|300|the library that gmx-emu reaches QEMU with|rootfs
	clang|clang|1500|clang, libFuzzer and coverage tools|rootfs
	tools|tools|100|what libgmx and gmxctl are built with|rootfs
	packaging|packaging|1500|where trixie's packages are made|rootfs
	packaging-12|packaging|1500|where bookworm's packages are made|rootfs
	system|system|3000|trixie with systemd, and what it is upgraded with|rootfs
	system-12|system|3000|bookworm with systemd|rootfs
	END
}

part_field() { part_table | awk -F'|' -v n="$1" -v f="$2" '$1 == n { print $f }'; }
part_known() { [ -n "$1" ] && [ -n "$(part_field "$1" 2)" ]; }

# Comments and spacing don't count: a function is hashed as the shell prints it.
part_key() {
	local fn
	fn=$(part_field "$1" 2)
	{ declare -f "make_$fn"; "key_$fn" "$1"; echo "$1"; } | sha256sum | cut -c1-12
}

part_name() { echo "$1-$(part_key "$1")"; }
part_dir() { echo "$LAB/parts/$(part_name "$1")"; }
part_inside() { echo "/lab/parts/$(part_name "$1")"; }
part_made() { [ -d "$(part_dir "$1")" ]; }

part_need() {
	local p
	for p in "$@"; do
		part_known "$p" || die "no part named '$p'"
		part_made "$p" && continue
		[ -z "${GMX_INSIDE:-}" ] || die "part $p is not made, and can only be made from outside: scripts/lab $p"
		part_need $(part_field "$p" 5)
		part_make "$p"
	done
}

# A step's output goes to the part's log; a terminal sees its last line, with the time.
part_watch() { # PID NAME LOG
	local pid=$1 start=$SECONDS line
	[ -t 2 ] || { wait "$pid"; return; }
	while kill -0 "$pid" 2>/dev/null; do
		line=$(tail -n1 "$3" 2>/dev/null | tr '\r\t' '  ' | cut -c1-$((${COLUMNS:-80} - ${#2} - 16)))
		printf '\r\033[Klab: %s: %4d s  %s' "$2" $((SECONDS - start)) "$line" >&2
		sleep 0.5
	done
	printf '\r\033[K' >&2
	wait "$pid"
}

# Not to be called where the shell ignores failures (||, if): the recipes rely on "set -e".
part_make() {
	local name=$1 fn what dir tmp log start=$SECONDS rc pid
	fn=$(part_field "$name" 2) what=$(part_field "$name" 4) dir=$(part_dir "$name")
	tmp=$dir.part log=$LAB/log/$(part_name "$name").log
	exec {lock}>"$LAB/locks/$(part_name "$name")"
	if ! flock -n $lock; then
		echo "lab: $name: another process is making it, waiting" >&2
		flock $lock
	fi
	if ! part_made "$name"; then
		host_mirrors
		host_need_space "$(part_field "$name" 3)" "part $name"
		echo "lab: $name: making $what" >&2
		as_lab_root rm -rf "$tmp"
		mkdir "$tmp"
		set -m # a process group of its own, to end as a whole
		( set +m; exec {lock}>&-; set -e; "make_$fn" "$tmp" "$name" ) >"$log" 2>&1 </dev/null &
		pid=$!
		set +m
		trap 'kill -TERM -- -$pid 2>/dev/null; wait $pid 2>/dev/null; as_lab_root rm -rf "$tmp"; echo "lab: $name: interrupted; the next call goes on from here" >&2; exit 130' INT TERM
		part_watch $pid "$name" "$log"
		rc=$?
		trap - INT TERM
		if [ $rc != 0 ]; then
			as_lab_root rm -rf "$tmp"
			part_complain "$name" "$log"
			exit 1
		fi
		as_lab_root mv "$tmp" "$dir"
		echo "lab: $name: made in $((SECONDS - start)) s, $(cat "$dir/VERSION" 2>/dev/null)" >&2
	fi
	exec {lock}>&-
}

part_complain() { # NAME LOG
	tail -n 12 "$2" | sed 's/^/    /' >&2
	if grep -qE 'Temporary failure resolving|Could not resolve|Could not connect|Network is unreachable|Connection (refused|timed out)' "$2"; then
		echo "lab: $1: no way to the mirror: is there network? Then call again; what was downloaded is kept." >&2
	elif grep -qi 'no space left' "$2"; then
		echo "lab: $1: $LAB is full ($(host_free) MiB free): make room, or set GMX_LAB to a folder elsewhere." >&2
	else
		echo "lab: $1: not made; whole log: $2" >&2
	fi
}

lab_versions() {
	local p d
	for p in $(part_table | cut -d'|' -f1); do
		d=$(part_dir "$p")
		[ -r "$d/VERSION" ] && printf '%-13s %s\n' "$p" "$(cat "$d/VERSION")"
	done
	return 0
}
