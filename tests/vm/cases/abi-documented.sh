# SPDX-License-Identifier: GPL-2.0-or-later
# every sysfs attribute, module parameter, trace event, state and ioctl of ours is in docs/abi, and nothing else is
# driver: gmx
one_disk
expect_log "uringcmd: (resetting the (controller|NVM subsystem)|I/O commands on the controller)"
docs=/repo/docs/abi
[ -d $docs ] || die "no docs/abi"
missing=0
report() { echo "$*"; missing=1; }
# described FOLDER: the names directly below it that the pages have an entry for; "Absent when" marks those absent at times
described() { sed -n "s|^What:[[:space:]]*$1/\([^/]*\)\$|\1|p" $docs/* | sort; }
at_times() {
	awk -v folder="$1/" 'function last() { if (name && text ~ /Absent[[:space:]]+(when|where)/) print name }
		/^What:/ { last(); name = index($2, folder) == 1 ? substr($2, length(folder) + 1) : ""; text = "" }
		{ text = text " " $0 }
		END { last() }' $docs/sysfs-* | sort -u
}
# compare FOLDER NAMES...: what is there against what is described
compare() {
	local folder=$1 name
	shift
	printf '%s\n' "$@" | sort > /tmp/there
	described "$folder" > /tmp/described
	[ -s /tmp/described ] || die "docs/abi describes nothing in $folder"
	for name in $(comm -23 /tmp/there /tmp/described); do report "$folder/$name is not documented"; done
	for name in $(comm -13 /tmp/there /tmp/described | grep -vxFf <(absences "$folder"; echo)); do report "$folder/$name is documented and absent"; done
}
# absences FOLDER: what may be absent of this controller. A G3 has all but the memory buffer, which is to be configured.
absences() { at_times "$1" | grep -xE "$([ "${ONE:-}" = g3 ] && echo 'cmb|cmbloc|cmbsz' || echo .+)" || true; }
grep -qx hmb <(at_times '/sys/class/gmx/gmx<N>') || die "nothing is absent at times"

# what another class of device or disk has too is the kernel's
ours() {
	local f a
	for f in "$1"/*; do
		a=${f##*/}
		[ -e "$2/$a" ] || [[ $a = "$GENERIC"* || $a = "$NAME"n* || $a = hwmon* || $a = gmx || $a = health || $a = device ]] || echo "$a"
	done
}
other=$(find /sys/block/vd* -prune | head -n 1)
compare '/sys/class/gmx/gmx<N>' $(ours "$SYS" /sys/class/mem/null)
compare '/sys/block/gmx<N>n<M>' $(ours "/sys/block/$BLK" "$other")
[ ! -e "$SYS/gmx" ] || compare '/sys/class/gmx/gmx<N>/gmx' $(ls "$SYS/gmx")
compare '/sys/class/gmx/gmx<N>/health' $(ls "$SYS/health")
compare /sys/module/gmx/parameters $(ls /sys/module/gmx/parameters)
compare /sys/kernel/tracing/events/gmx $(cd $TRACEFS/events/gmx && printf '%s\n' */ | tr -d /)

# the states, by the driver's own table of names
grep -o '__print_symbolic(REC->to[^)]*)' $TRACEFS/events/gmx/gmx_ctrl_state/format | grep -o '"[a-z-]*"' | tr -d '"' | sort > /tmp/there
ge "$(wc -l < /tmp/there)" 5 "states in the trace event's format"
awk '/^What:/ { on = $2 ~ "/gmx<N>/state$" } on' $docs/sysfs-class-gmx > /tmp/page
while read -r state; do grep -qw -- "$state" /tmp/page || report "state $state is not documented"; done < /tmp/there

# ioctls: "NODE REQUEST yes|no", of the page's table and of the nodes; one that depends on the controller is not compared
"$TESTS/uringcmd" ioctls "$CTRL" "$DISK" "$GEN" | sort > /tmp/there
wait_for 10 live reads "$SYS/state" live
awk -F'|' '/^## /{ on = $0 == "## ioctl" } on && /NVME_IOCTL_/ && NF == 5 {
	n = split($2, part, "`")
	for (i = 2; i <= n; i += 2) {
		if (part[i] !~ /^NVME_IOCTL_/) part[i] = "NVME_IOCTL_" part[i]
		print "ctrl", part[i], $3 ~ /ENOTTY where/ ? "depends" : $3 ~ /^ ENOTTY/ ? "no" : "yes"
		for (k = 1; k <= 2; k++) print k == 1 ? "disk" : "generic", part[i], $4 ~ /^ ENOTTY/ ? "no" : "yes"
	}
}' $docs/ioctl-nvme.md | sort > /tmp/described
ge "$(wc -l < /tmp/described)" 24 "answers in the page's table"
depends=$(sed -n 's/^ctrl \(.*\) depends$/\1/p' /tmp/described)
is "$depends" NVME_IOCTL_SUBSYS_RESET "what depends on the controller"
diff -u <(grep -v "^ctrl $depends " /tmp/described) <(grep -v "^ctrl $depends " /tmp/there) || report "the ioctls differ"

[ $missing = 0 ] || die "docs/abi and the driver differ"
for f in "$SYS"/*; do
	[ ! -f "$f" ] || [ ! -r "$f" ] || [ "$(stat -c %a "$f")" = 200 ] || cat "$f" > /dev/null || die "$f can't be read"
done
