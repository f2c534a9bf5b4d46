# SPDX-License-Identifier: GPL-2.0-or-later
# corrupted Identify and log data: the driver binds, or refuses with a clear line; never a hang, never a kernel warning
# limit: 600
. "$TESTS_DIR/faults.sh"
MODULE_PARAMS="admin_timeout_ms=$FAULT_TIMEOUT recovery_budget_ms=$FAULT_BUDGET"
faults_begin
driver=/sys/bus/pci/drivers/gmx
bound_n=0 refused_n=0

# corrupt WHAT OFFSET BYTES VALUE: bound to data of which this is changed
corrupt() {
	local what=$1 offset=$2 bytes=$3 value=$4 how
	echo "gmx-test: corrupt $*" > /dev/kmsg
	bound "$BDF" && echo "$BDF" > $driver/unbind
	ctl fault-add kind=corrupt what="$what" offset="$offset" bytes="$bytes" value="$value"
	ms
	start=$NOW
	if { echo "$BDF" > $driver/bind; } 2> /dev/null; then
		how=bound
		bound_n=$((bound_n + 1))
		use rp0
		for _ in 1 2 3 4 5 6 7 8 9 10; do
			[ ! -b "$DISK" ] || break
			nap 0.05
		done
		# whatever it made of it: commands end, with or without an error
		if [ -b "$DISK" ]; then
			told dd if="$DISK" of=/dev/null bs=4096 count=8 iflag=direct
			how+=", read $RESULT"
		fi
	else
		how=refused
		refused_n=$((refused_n + 1))
		"$TESTS_DIR/kmsg" since "$mark" | sed "1,/gmx-test: corrupt $*\$/d" > "$STATE/row.log"
		grep -aqE '^3 gmx .*' "$STATE/row.log" || die "$*: refused without a line that says why"
		how+=": $(grep -aE '^3 gmx ' "$STATE/row.log" | head -n 1 | cut -d' ' -f4-)"
	fi
	ms
	say "$what+$offset, $bytes bytes $value: $how ($((NOW - start)) ms)"
	[ $((NOW - start)) -lt $((15000 * ${SLOW:-1})) ] || die "$*: took $((NOW - start)) ms"
	ctl fault-clear all=true
}

mark=$("$TESTS_DIR/kmsg" last)
# what | offset | bytes | values: where the driver looks
while IFS='|' read -r what offset bytes values; do
	for value in $values; do
		case $value in '*'*) value=${value#\*} ;; *) [ ! "${DEBUG:-}" ] || continue ;; esac
		corrupt $what $offset $bytes "$value"
	done
done << 'END'
identify:01|0|2|0xffff
identify:01|4|8|*0xffffffffffffffff 0
identify:01|24|8|*0x0a0d1b5b2025732e
identify:01|64|8|0x256e256e256e0a0a
identify:01|77|1|1 *0xff
identify:01|78|2|0xffff
identify:01|88|4|*0xffffffff
identify:01|92|4|0xffffffff 0
identify:01|128|6|*0xffffffffffff
identify:01|256|2|*0xffff 0
identify:01|258|1|0xff
identify:01|259|1|*0xff 0
identify:01|261|1|*0xff
identify:01|512|1|*0x55 0x77 0
identify:01|513|1|*0x33 0x55
identify:01|516|4|0 *0xffffffff
identify:01|520|2|*0xffff 0
identify:01|525|1|0xff 0
identify:01|526|2|*0xffff
identify:01|536|4|*0xffffffff 2
identify:01|768|8|0x0a0a0a0a25732573
identify:01|3072|8|0 *0xffffffffffffffff
identify:00|0|8|0 1 *0xffffffffffffffff 0x0100000000000000
identify:00|24|1|*0xff
identify:00|25|1|*0xff
identify:00|26|1|*0x1f 0x0f
identify:00|29|1|0x03
identify:00|33|1|*0xff
identify:00|34|8|*0xffffffffffffffff
identify:00|46|2|*0xffff 1 3
identify:00|40|6|0x010000ffff
identify:00|64|8|*0xffffffffffffffff 1
identify:00|72|2|0xffff
identify:00|99|1|1
identify:00|128|4|*0xffffffff 0x00010000 0x001f0000 0x00090008 0x000d0000 0x00080000
identify:02|0|4|0 *0xffffffff 2
identify:02|4|4|*1 2
identify:03|0|2|*0xff01 0x1000
identify:03|4|8|0
log:05|0|8|*0xffffffffffffffff
log:05|24|4|0xffffffff
END

SEED=${SEED:-$(date +%s)}
runs=50
[ ! "${DEBUG:-}" ] || runs=12
[ ! "${LONG:-}" ] || runs=$((runs * 6))
say "$runs at random: SEED=$SEED"
RANDOM=$SEED
pages=(identify:01 identify:01 identify:00 identify:00 identify:02 identify:03 log:05)
ends=(540 540 192 192 16 64 1024)
for ((n = 0; n < runs; n++)); do
	i=$((RANDOM % ${#pages[@]}))
	bytes=$((1 << RANDOM % 4))
	offset=$((RANDOM % (ends[i] - bytes)))
	value=0x
	for ((b = 0; b < bytes; b++)); do printf -v value '%s%02x' "$value" $((RANDOM % 4 ? RANDOM & 255 : 255)); done
	corrupt "${pages[i]}" $offset $bytes $value
done
say "$bound_n bound, $refused_n refused"
ge "$bound_n" 10 "bound"
# of the debug boot's shorter table two are certain
ge "$refused_n" $((${DEBUG:-0} ? 2 : 3)) "refused"

# a good one again
bound "$BDF" && echo "$BDF" > $driver/unbind
echo "$BDF" > $driver/bind
attached rp0
work_read
is "$RESULT" ok "a read at last"

# the same while it is bound: the disk stays, or the controller is given up with a line, and a reset heals it
faults_limits
while read -r what offset bytes value; do
	ctl fault-add kind=corrupt what=$what offset=$offset bytes=$bytes value=$value
	echo 1 > "$SYS/reset_controller" 2> /dev/null || true
	say "reset with $what+$offset $value: $(stat_of state)"
	ctl fault-clear all=true
	reads "$SYS/state" live || echo 1 > "$SYS/reset_controller"
	wait_for 20 live reads "$SYS/state" live
	echo 1 > "$SYS/rescan_controller"
	wait_for 10 "$DISK" test -b "$DISK"
	wait_for 10 "the right size" reads "/sys/block/$BLK/size" $((64 << 11))
	work_read
	is "$RESULT" ok "a read after $what+$offset"
done << 'END'
identify:01 4 4 0x41414141
identify:01 512 1 0x77
identify:01 77 1 1
identify:01 536 4 0
identify:00 0 8 1
identify:00 128 4 0x000c0000
identify:02 0 4 0
END

# log pages that the driver reads when an event says so: namespaces that changed (no end, not sorted, twice, out of range), SMART,
# errors. What they say is shown or not used; the disk stays as it is
fired() {
	ctl fault-list
	grep -q '"fired": *[1-9]' "$STATE/ctl"
}
while read -r event what offset bytes value line; do
	mark=$("$TESTS_DIR/kmsg" last)
	ctl fault-add kind=corrupt what=$what offset=$offset bytes=$bytes value=$value count=1
	ctl storm type=$event events=1
	wait_for 10 "$what to be read for an event" fired
	if [ "$line" ]; then
		said() { "$TESTS_DIR/kmsg" since "$mark" | grep -aqE "^4 gmx .*$line"; }
		wait_for 10 "a line '$line'" said
	fi
	echo 1 > "$SYS/rescan_controller"
	ctl fault-clear all=true
	is "$(stat_of state)" live "the state after $what+$offset $value"
	is "$(cat "/sys/block/$BLK/size")" $((64 << 11)) "the size after $what+$offset $value"
	work_read
	is "$RESULT" ok "a read after $what+$offset $value"
	say "$event event with $what+$offset $value: live"
	# lines of one kind are limited in number
	[ ! "$line" ] || nap 1
done << 'END'
namespace log:04 0 4 0xffffffff
namespace log:04 0 8 0xffffffffffffffff
namespace log:04 0 8 0x0000000100000005
namespace log:04 0 8 0x0000000100000001
namespace log:04 0 8 0xfffffffe00000000
namespace log:04 0 8 0x0000040100000400
smart log:02 0 1 0xff critical warning 0xff: spare space low, temperature out of range, reliability degraded, media read-only
smart log:02 0 8 0xffffffffffffffff critical warning 0xff:.* spare 255 %
smart log:02 1 2 0xffff
error log:01 0 8 0xffffffffffffffff
error log:01 8 8 0xffffffffffffffff
error log:01 16 8 0xffffffffffffffff
error log:01 24 4 0xffffffff
END
faults_end
