# SPDX-License-Identifier: GPL-2.0-or-later
# two CPUs get two I/O queues with an interrupt each, and each CPU's I/O takes its own
one_disk
is "$(cat "$SYS/queue_count")" 3 "queue_count"
is "$(find "/sys/block/$BLK/mq" -maxdepth 1 -name '[0-9]*' | wc -l)" 2 "hardware queues"
is "$(sort "/sys/block/$BLK/mq/0/cpu_list" "/sys/block/$BLK/mq/1/cpu_list" | tr '\n' ' ')" "0 1 " "CPUs of the queues"
for cpu in 0 1; do taskset -c $cpu dd if="$DISK" of=/dev/null bs=4k count=64 iflag=direct status=none; done
verify --ioengine=io_uring --rw=randwrite --bs=4k --iodepth=16 --numjobs=2 --offset_increment=$((SIZE / 4)) --size=$((SIZE / 4))
