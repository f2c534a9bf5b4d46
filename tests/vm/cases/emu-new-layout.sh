# SPDX-License-Identifier: GPL-2.0-or-later
# the parameters ask for another queue layout when the controller becomes fatal under load: the layout comes, no I/O times out or fails
# limit: 600
# driver: gmx
expect_log 'reset: '
MODULE_PARAMS="max_queues=2"
p=/sys/module/gmx/parameters/poll_queues
emu_plug layout rp0 g2
echo 20000 > "$SYS/io_timeout_ms"
interrupts="default 2 read 0 poll 0"
polled="default 1 read 0 poll 1"
is "$(stat_of queue_map)" "$interrupts" "queue_map"

ends=load_stop
# change POLL_QUEUES LAYOUT [FIO...]
change() {
	local resets queues=$1 layout=$2
	resets=$(stat_of reset_count)
	shift 2
	load_start --numjobs=2 --cpus_allowed=0-1 --cpus_allowed_policy=split --offset_increment=$((SIZE / 4)) "$@"
	echo "$queues" > $p
	emu_ctl layout fault-add kind=fatal opcode=write nth=20
	wait_for 30 "the reset" count_above reset_count "$resets"
	wait_for 30 "the layout $layout" reads "$SYS/queue_map" "$layout"
	wait_for 30 "live" reads "$SYS/state" live
	$ends
	emu_ctl layout fault-clear all=true
	is "$(stat_of timeout_count) $(stat_of stale_completion_count)" "0 0" "time-outs and stale completions"
}
say "a queue with a vector becomes a polled one"
change 1 "$polled"
say "a polled one gets a vector"
change 0 "$interrupts"
change 1 "$polled"
say "under polled I/O, which the kernel refuses a disk that can no longer poll"
ends=load_ended
change 0 "$interrupts" --ioengine=io_uring --hipri=1
read_ok
"$TESTS/uabi" get "$CTRL" stats > /tmp/uabi
is "$(sed -n 's/^resets_by_reason \([0-9]*\).*/\1/p' /tmp/uabi)" 0 "resets of no known reason"
emu_unplug layout rp0
