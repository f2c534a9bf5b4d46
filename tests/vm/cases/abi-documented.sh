# SPDX-License-Identifier: GPL-2.0-or-later
# every sysfs attribute, module parameter, trace event and state of ours is in docs/abi, and nothing else is
# driver: gmx
one_disk
docs=/repo/docs/abi
[ -d $docs ] || die "no docs/abi"
missing=0
report() { echo "not documented: $*"; missing=1; }
common=' uevent power device subsystem dev '
for f in "$SYS"/*; do
	a=${f##*/}
	[[ $common != *" $a "* ]] && [[ $a != "${GENERIC}"* ]] && [[ $a != "$NAME"n* ]] && [[ $a != hwmon* ]] && [[ ! -L $f || $a = device ]] || continue
	grep -rqw -- "$a" $docs || report "controller attribute $a"
done
for a in nsid wwid nguid uuid eui; do
	[ ! -e "/sys/block/$BLK/$a" ] || grep -rqw -- "$a" $docs || report "disk attribute $a"
done
for f in /sys/module/gmx/parameters/*; do grep -rqw -- "${f##*/}" $docs || report "module parameter ${f##*/}"; done
for f in $TRACEFS/events/gmx/*/; do grep -rqw -- "$(basename "$f")" $docs || report "trace event $(basename "$f")"; done
# and what the pages promise is there, but what they call absent at times
absent=$(awk '/^What:/ { n = split($2, part, "/"); name = part[n] } /Absent (when|where)/ { print name }' $docs/sysfs-class-gmx)
[[ $absent = *hmb* ]] || die "nothing is absent at times"
for a in $(sed -n 's|^What:.*/sys/class/gmx/gmx[^/]*/\([a-z_0-9]*\)$|\1|p' $docs/sysfs-*); do
	[[ $'\n'$absent$'\n' = *$'\n'$a$'\n'* ]] || [ -e "$SYS/$a" ] || report "$a is documented and absent"
done
[ $missing = 0 ] || die "docs/abi and the driver differ"
for f in "$SYS"/*; do
	[ ! -f "$f" ] || [ ! -r "$f" ] || [ "$(stat -c %a "$f")" = 200 ] || cat "$f" > /dev/null || die "$f can't be read"
done
