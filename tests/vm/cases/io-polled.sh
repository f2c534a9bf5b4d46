# SPDX-License-Identifier: GPL-2.0-or-later
# polled io_uring works on a poll queue, and without interrupts
MODULE_PARAMS="poll_queues=1"
one_disk
is "$(cat "/sys/block/$BLK/queue/io_poll")" 1 "the disk can poll"
before=$(awk -v d="$NAME" '$0 ~ d {for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++) n += $i} END {print n + 0}' /proc/interrupts)
verify --ioengine=io_uring --hipri=1 --rw=randwrite --bs=4k --iodepth=8 --size=$((SIZE / 16))
after=$(awk -v d="$NAME" '$0 ~ d {for (i = 2; i <= NF && $i ~ /^[0-9]+$/; i++) n += $i} END {print n + 0}' /proc/interrupts)
[ $((after - before)) -lt $((SIZE / 16 / 4096)) ] || die "$((after - before)) interrupts for polled I/O"
