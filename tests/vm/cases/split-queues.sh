# SPDX-License-Identifier: GPL-2.0-or-later
# write, read and poll queues are separate maps with the asked counts
# driver: gmx
MODULE_PARAMS="write_queues=1 poll_queues=1"
one_disk
is "$(cat "$SYS/queue_map")" "default 1 read 2 poll 1" "queue_map"
is "$(find "/sys/block/$BLK/mq" -maxdepth 1 -name '[0-9]*' | wc -l)" 4 "hardware queues"
verify --ioengine=io_uring --rw=randwrite --bs=4k --iodepth=16 --size=$((SIZE / 8))
verify --ioengine=io_uring --hipri=1 --rw=randwrite --bs=4k --iodepth=4 --size=$((SIZE / 32))
