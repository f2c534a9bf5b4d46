# SPDX-License-Identifier: GPL-2.0-or-later
# interrupt profile adaptive: a deep load gathers completions and a shallow one does not, on each vector by itself; few commands do it; a reset keeps it
# driver: gmx
. /repo/tests/vm/gmxctl.sh
emu_plug gad rp0 g3
# reads that take their time, so that many are in the controller and end one by one
emu_ctl gad fault-add kind=delay us=5000 set=io opcode=read
coalescing() { nvme get-feature "$CTRL" -f 8 | sed -n 's/.*Current value: *0x0*\([0-9a-f]*\)$/\1/p'; }
# those vectors of I/O queues that do not gather
apart() {
	local v n=0
	for ((v = 1; v <= $(nproc); v++)); do
		! nvme get-feature "$CTRL" -f 9 --cdw11=$v | grep -q 'Current value: *0x0*1[0-9a-f]\{4\}$' || n=$((n + 1))
	done
	echo $n
}
interrupts() { awk -v name="gmx${NUM}q" '$NF ~ name && $NF !~ name "0$" { for (i = 2; i <= NF; i++) if ($i ~ /^[0-9]+$/) n += $i } END { print n + 0 }' /proc/interrupts; }
# load DEPTH READS: interrupts for a thousand reads go to RATE, what feature 08h was meanwhile to DURING
load() {
	local before after pid
	before=$(interrupts)
	fio --name=l --filename="$DISK" --direct=1 --ioengine=io_uring --rw=randread --bs=4k --iodepth="$1" --size="$SIZE" --io_size=$(($2 * 4096)) \
		--norandommap --minimal --output=/dev/null &
	pid=$!
	DURING=
	while kill -0 $pid 2> /dev/null; do
		nap 0.2
		now=$(coalescing)
		[ -z "$now" ] || DURING=$now
	done
	wait $pid
	after=$(interrupts)
	RATE=$(((after - before) * 1000 / $2))
	say "depth $1: $RATE interrupts for a thousand reads, feature 08h ${DURING:-0}"
}
# a sanitizer kernel is never fast enough: there it goes through the motions
reads=$((${SLOW:-1} > 1 ? 1500 : 30000))
gathered() { [ "${SLOW:-1}" -gt 1 ] || [[ $DURING = 6[01]? ]] || die "feature 08h $1: '$DURING'"; }
is "$(cat "$SYS/interrupt_profile")" latency "profile to begin with"
echo adaptive > "$SYS/interrupt_profile"
is "$(cat "$SYS/interrupt_profile")" adaptive "profile"
ftrace_start gmx/gmx_setup_cmd
load 128 $reads
ftrace_stop
# zeroes based completions, or 6 times 100 us
gathered "at depth 128"
# the first tenth of a second included, in which nothing is gathered yet
[ "${SLOW:-1}" -gt 1 ] || ge 400 "$RATE" "interrupts for a thousand reads at depth 128"
commands=$(ftrace_count 'opcode=0x9 ')
ge 60 "$commands" "Set Features of a steady load"

say "it ends with the load, and a shallow one waits for nobody"
wait_for 10 "gathering to end" eval '[ -z "$(coalescing)" ]'
load 1 300
is "$DURING" "" "feature 08h at depth 1"
[ "${SLOW:-1}" -gt 1 ] || ge "$RATE" 900 "interrupts for a thousand reads at depth 1"

say "a reset keeps it"
echo 1 > "$SYS/reset_controller"
is "$(cat "$SYS/interrupt_profile")" adaptive "profile after a reset"
load 128 $reads
gathered "after a reset"

say "refused, it ends and takes back what it had set; a profile set then is what the controller does"
# only a load that was told of can be taken back
if [ "${SLOW:-1}" = 1 ]; then
	fio --name=l --filename="$DISK" --direct=1 --ioengine=io_uring --rw=randread --bs=4k --iodepth=128 --size="$SIZE" --time_based \
		--runtime=60 --norandommap --minimal --output=/dev/null &
	pid=$!
	wait_for 20 "gathering" eval '[[ "$(coalescing)" = 6* ]]'
	expect_log "interrupt profile adaptive ends|Set Features .* failed"
	emu_ctl gad fault-add kind=status status=0x4002 set=admin opcode=9 count=1
	kill -INT $pid
	wait $pid || true
	wait_for 20 "its end" reads "$SYS/interrupt_profile" latency
	is "$(coalescing)" "" "feature 08h after a refusal"
	is "$(apart)" 0 "vectors that do not gather after a refusal"
	echo throughput > "$SYS/interrupt_profile"
	is "$(coalescing)" 51f "feature 08h in profile throughput"
	echo adaptive > "$SYS/interrupt_profile"
fi

say "left, it leaves nothing behind"
echo latency > "$SYS/interrupt_profile"
is "$(coalescing)" "" "feature 08h"
is "$(apart)" 0 "vectors that do not gather"
exits 0 tune show "$NAME"
emu_unplug gad rp0
