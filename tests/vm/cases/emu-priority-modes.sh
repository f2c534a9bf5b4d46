# SPDX-License-Identifier: GPL-2.0-or-later
# priority queues with polled queues, in the controller's memory, by the module parameter; where they can't be had it is round robin and one line
# driver: gmx
# limit: 400
in_use() { is "$(cat "$SYS/arbitration_in_use")" "$1" "$2"; }
reset() { echo 1 > "$SYS/reset_controller"; }
# mixed ARGUMENTS...: data of all classes at once, read back
mixed() {
	local class pids=() pid
	for class in 1 2 3; do
		mkdir -p "$STATE/$class"
		(
			STATE=$STATE/$class
			verify --ioengine=io_uring --rw=randwrite --bsrange=4k-64k --iodepth=16 --size=$((SIZE / 16)) \
				--offset=$((class * SIZE / 8)) --prio=4 --prioclass=$class "$@"
		) &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do wait "$pid" || die "data, see above"; done
}
# of this slot: the parameter is for all controllers
not_used() { log_count "$BDF: priority queues not used${1:-}"; }

emu_plug modes rp0 g3
cpus=$(nproc)
echo priority > "$SYS/arbitration"
echo 1 > "$SYS/poll_queues"
# its pages, of which those whose reclaim may do I/O: I/O that waits for this reset, maybe
ftrace_start kmem/mm_page_alloc workqueue/workqueue_execute_start workqueue/workqueue_execute_end
reset
ftrace_stop
pages=$(awk '/workqueue_execute_start: .* gmx_recovery_reset_work/ { task = $1 }
	/workqueue_execute_end: .* gmx_recovery_reset_work/ { task = "" }
	task && $1 == task && / mm_page_alloc: / { all++; io += /gfp_flags=.*(GFP_KERNEL|USER|TRANSHUGE|GFP_NOFS|GFP_IO)/ }
	END { print all + 0, io + 0 }' $TRACEFS/trace)
say "pages of a reset, with I/O: $pages"
ge "${pages% *}" 1 "pages of a reset"
is "${pages#* }" 0 "pages of a reset that may wait for I/O"
in_use priority "with a polled queue"
is "$(cat "$SYS/queue_map")" "default $cpus read 0 poll 1" "queues"
is "$(stat_of queue_count)" $((cpus + 2)) "queues, the admin queue included"
is "$(awk 'NR > 1 && $1' "/sys/kernel/debug/gmx/$NAME/queues" | wc -l)" $((3 * (cpus + 1))) "submission queues"
mixed
mixed --hipri=1
load_start --prioclass=3
for word in round-robin priority round-robin priority; do
	echo $word > "$SYS/arbitration"
	reset
	in_use $word "under load"
done
load_stop
is "$(stat_of missed_interrupt_count) $(stat_of stale_completion_count)" "0 0" "missed interrupts, stale completions"
echo parameter > "$SYS/poll_queues"
mixed

say "by the module parameter"
parameter=/sys/module/gmx/parameters/priority_queues
echo parameter > "$SYS/arbitration"
reset
in_use round-robin "parameter off"
echo Y > $parameter
reset
in_use priority "parameter on"
echo N > $parameter

say "a queue that is refused"
expect_log "gmx .*(priority queues not used|I/O queue .* could not be made|Create I/O Submission Queue .* failed)"
emu_ctl modes fault-add kind=status set=admin opcode=1 status=6 nth=2 count=1
echo priority > "$SYS/arbitration"
reset
in_use round-robin "a queue was refused"
is "$(not_used)" 1 "lines about it"
mixed
reset
in_use priority "at the next reset"
emu_unplug modes rp0

say "in the controller's memory"
echo '{ "cmb_bytes": "1M" }' > $VM/modes.json
MODULE_PARAMS=priority_queues=1
emu_plug modes-cmb rp0 g3 --config modes.json
in_use priority "from the beginning"
log_has "controller memory buffer: $((3 * cpus)) submission queues in it, I/O queues are $((3 * cpus))" || die "no line about the queues"
mixed
ge "$(emu_part modes-cmb cmb commands)" "$(writes "$DISK")" "commands fetched from it"
emu_unplug modes-cmb rp0

say "no weighted round robin"
lines=$(not_used)
emu_plug modes-g1 rp0 g1
in_use round-robin "on a G1"
[ ! -e "$SYS/arbitration_weights" ] || die "a G1 has weights"
reset
mixed
is "$(not_used ': the controller has no weighted round robin: going on by round robin')" 1 "lines about it"
is "$(not_used)" $((lines + 1)) "lines in all"
emu_unplug modes-g1 rp0
