# SPDX-License-Identifier: GPL-2.0-or-later
# write, read and poll queues have the asked counts, and each kind of I/O takes its own
# driver: gmx
MODULE_PARAMS="write_queues=1 poll_queues=1"
one_disk
is "$(cat "$SYS/queue_map")" "default 1 read 2 poll 1" "queue_map"
is "$(find "/sys/block/$BLK/mq" -maxdepth 1 -name '[0-9]*' | wc -l)" 4 "hardware queues"
# by CPU KIND QUEUE COMMAND...: all reads or writes that the command makes on a CPU go by one queue
by() {
	local cpu=$1 opcode=$2 queue=$3 all
	shift 3
	ftrace_start gmx/gmx_setup_cmd
	taskset -c "$cpu" "$@"
	ftrace_stop
	all=$(ftrace_count "qid=[1-9].*opcode=$opcode ")
	ge "$all" 16 "commands $opcode"
	is "$(ftrace_count "qid=$queue .*opcode=$opcode ")" "$all" "commands $opcode of CPU $cpu by queue $queue"
}
# Which of the two CPUs has which of the read queues is the kernel's affair.
read_queue() { # CPU
	local hctx
	for hctx in 1 2; do
		[[ ", $(cat "/sys/block/$BLK/mq/$hctx/cpu_list")," != *", $1,"* ]] || echo $((hctx + 1))
	done
}
is "$(printf '%s\n' $(read_queue 0) $(read_queue 1) | sort | xargs)" "2 3" "read queues of the CPUs"
polled=(fio --name=p --filename="$DISK" --direct=1 --ioengine=io_uring --hipri=1 --bs=4k --size=64k --minimal --output=/dev/null)
for cpu in 0 1; do
	by $cpu 0x1 1 dd if=/dev/zero of="$DISK" bs=4k count=16 oflag=direct status=none
	by $cpu 0x2 "$(read_queue $cpu)" dd if="$DISK" of=/dev/null bs=4k count=16 iflag=direct status=none
	by $cpu 0x1 4 "${polled[@]}" --rw=write
	by $cpu 0x2 4 "${polled[@]}" --rw=read
done
verify --ioengine=io_uring --rw=randwrite --bs=4k --iodepth=16 --size=$((SIZE / 8))
verify --ioengine=io_uring --hipri=1 --rw=randwrite --bs=4k --iodepth=4 --size=$((SIZE / 32))
