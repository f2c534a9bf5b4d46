# SPDX-License-Identifier: GPL-2.0-or-later
# two CPUs get two I/O queues with an interrupt each, and each CPU's I/O takes its own
one_disk
is "$(cat "$SYS/queue_count")" 3 "queue_count"
is "$(find "/sys/block/$BLK/mq" -maxdepth 1 -name '[0-9]*' | wc -l)" 2 "hardware queues"
is "$(sort "/sys/block/$BLK/mq/0/cpu_list" "/sys/block/$BLK/mq/1/cpu_list" | tr '\n' ' ')" "0 1 " "CPUs of the queues"
# interrupts QUEUE CPU...: how often these CPUs were told of the queue's completions
interrupts() {
	local name=${NAME}q$1
	shift
	awk -v name="$name" -v cpus="$*" '$NF == name { n = split(cpus, c, " "); for (i = 1; i <= n; i++) sum += $(2 + c[i]) }
		END { print sum + 0 }' /proc/interrupts
}
for cpu in 0 1; do
	own=$(($(basename "$(dirname "$(grep -lx $cpu "/sys/block/$BLK/mq/"*/cpu_list)")") + 1))
	other=$((3 - own))
	mine=$(interrupts $own $cpu) strange=$(interrupts $own $((1 - cpu))) others=$(interrupts $other 0 1)
	if [ $DRIVER = gmx ]; then ftrace_start gmx/gmx_setup_cmd; fi
	taskset -c $cpu dd if="$DISK" of=/dev/null bs=4k count=64 iflag=direct status=none
	if [ $DRIVER = gmx ]; then
		ftrace_stop
		is "$(ftrace_count "qid=$own .*opcode=0x2 ")" 64 "reads of CPU $cpu by queue $own"
		is "$(ftrace_count "qid=$other ")" 0 "commands by the other queue"
	fi
	ge "$(interrupts $own $cpu)" $((mine + 1)) "interrupts of queue $own to CPU $cpu"
	is "$(interrupts $own $((1 - cpu)))" "$strange" "interrupts of queue $own to the other CPU"
	is "$(interrupts $other 0 1)" "$others" "interrupts of queue $other"
done
verify --ioengine=io_uring --rw=randwrite --bs=4k --iodepth=16 --numjobs=2 --offset_increment=$((SIZE / 4)) --size=$((SIZE / 4))
