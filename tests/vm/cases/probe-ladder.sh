# SPDX-License-Identifier: GPL-2.0-or-later
# each allocation of a binding fails in its turn: it is refused with a line that names what failed, or works with less; nothing is left
# limit: 900
# driver: gmx
[ -e /proc/self/fail-nth ] || die "this kernel has no fault injection: the case belongs to a debug boot"
expect_log
PLUG_UNBOUND=1 plug c2 rp2 "drive=d4"
bdf=$(bdf_of rp2)
wait_for 20 "gmx on $bdf" bound "$bdf"
driver=/sys/bus/pci/drivers/gmx
# Only what our own functions ask for counts: the core's part of a binding has lines of its own.
filter() { # START END
	local fault
	for fault in failslab fail_page_alloc fail_usercopy; do
		echo "$1" > /sys/kernel/debug/$fault/require-start
		echo "$2" > /sys/kernel/debug/$fault/require-end
	done
}
read -r from < /sys/module/gmx/sections/.text
read -r size < /sys/module/gmx/coresize
filter "$from" "$(printf '%#x' $((from + size)))"
trap 'filter 0 0xffffffffffffffff' EXIT
# the interpreter of the firmware's tables takes no failure well: its objects are used after they are freed
read -r first last < <(awk '$3 ~ /^acpi_(ds|ev|ex|ns|ps|rs|ut)_/ { print $1 }' /proc/kallsyms | sort | sed -n '1p;$p' | xargs)
for fault in failslab fail_page_alloc; do
	echo N > /sys/kernel/debug/$fault/ignore-gfp-wait
	echo 0 > /sys/kernel/debug/$fault/verbose
	echo 0x$first > /sys/kernel/debug/$fault/reject-start
	echo 0x$last > /sys/kernel/debug/$fault/reject-end
	# from the allocation to who asked for it through the layers of DMA memory, and no further: what the kernel does by
	# itself has mistakes of its own (/proc/irq of an interrupt whose folder could not be made)
	echo 9 > /sys/kernel/debug/$fault/stacktrace-depth
done
echo 0 > /sys/kernel/debug/fail_page_alloc/min-order

# bind_failing NTH: LEFT is how many allocations more it would have taken; 0: the one failed. By the task that writes.
bind_failing() {
	LEFT=$(
		exec 5> $driver/bind
		echo "$1" > /proc/self/task/$BASHPID/fail-nth
		echo "$bdf" >&5 2> /dev/null || true
		read -r left < /proc/self/task/$BASHPID/fail-nth
		echo 0 > /proc/self/task/$BASHPID/fail-nth
		echo "$left"
	)
}
unbind() { ! bound "$bdf" || echo "$bdf" > $driver/unbind; }

unbind
# a device of a node is bound by a worker on it, and what is to fail is asked for by task
[ ! -e "/sys/bus/pci/devices/$bdf/numa_node" ] || echo -1 > "/sys/bus/pci/devices/$bdf/numa_node"
bind_failing 1000000
total=$((1000000 - LEFT))
bound "$bdf" || die "not bound without a failure"
ge $total 40 "allocations of a binding"
unbind

step=$((total / 40 + 1))
[ ! "${LONG:-}" ] || step=$((total / 120 + 1))
refused=0 less=0 whole=0
for ((n = 1 + RANDOM % step; n <= total; n += step)); do
	mark=$("$TESTS_DIR/kmsg" last)
	bind_failing $n
	"$TESTS_DIR/kmsg" since "$mark" | grep -aE '^[0-4] gmx' > "$STATE/ladder.log" || true
	if ! bound "$bdf"; then
		refused=$((refused + 1))
		grep -aqvE 'controller start failed|probe (of|with)' "$STATE/ladder.log" ||
			die "allocation $n of $total: refused, and no line names it: $(cat "$STATE/ladder.log")"
		continue
	fi
	use rp2
	case $(stat_of state) in
	live) whole=$((whole + 1)) ;;
	admin-only) less=$((less + 1)) ;;
	*) die "allocation $n of $total: state $(stat_of state)" ;;
	esac
	unbind
done
say "$total allocations, each ${step}th failed: $refused refused, $less admin-only, $whole served with less"
ge $refused 1 "refusals"
ge $less 1 "controllers without I/O queues"
echo "$bdf" > $driver/bind
attached rp2
read_ok
unplug rp2
