# SPDX-License-Identifier: GPL-2.0-or-later
# a controller with one I/O queue serves every CPU
plug c2 rp2 "drive=d4,max_ioqpairs=1"
is "$(cat "$SYS/queue_count")" 2 "queue_count"
for cpu in $(seq 0 $(($(nproc) - 1))); do taskset -c "$cpu" dd if="$DISK" of=/dev/null bs=4k count=64 iflag=direct status=none; done
verify --ioengine=io_uring --rw=randwrite --bs=4k --iodepth=16 --size=$((SIZE / 8))
unplug rp2
