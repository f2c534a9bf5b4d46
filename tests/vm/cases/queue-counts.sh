# SPDX-License-Identifier: GPL-2.0-or-later
# queue counts of one controller: taken at its next reset under I/O, the other controller keeps its own, nonsense is refused
# driver: gmx
expect_log 'reset: '
plug c2 rp2 "drive=d4"
other=$SYS
one_disk
cpus=$(nproc)
plain="default $cpus read 0 poll 0"
is "$(cat "$SYS/queue_map") $(cat "$SYS/poll_queues")" "$plain parameter" "to begin with"
for wrong in -1 -2 1025 many ""; do
	if echo "$wrong" > "$SYS/poll_queues" 2> /dev/null; then die "poll_queues takes '$wrong'"; fi
done
fails sh -c "echo 0 > $SYS/max_queues" 2> /dev/null
echo 1 > "$SYS/write_queues"
echo 1 > "$SYS/poll_queues"
is "$(cat "$SYS/queue_map")" "$plain" "before the reset"
load_start
echo 1 > "$SYS/reset_controller"
is "$(cat "$SYS/queue_map")" "default 1 read $cpus poll 1" "queues"
load_stop
is "$(cat "$other/queue_map")" "$plain" "queues of the other controller"
verify --ioengine=io_uring --hipri=1 --rw=randwrite --bs=4k --iodepth=4 --size=$((SIZE / 32))
echo 2 > "$SYS/max_queues"
echo 1 > "$SYS/reset_controller"
is "$(cat "$SYS/queue_count")" 3 "queues, the admin queue included"
for attr in max write poll; do echo parameter > "$SYS/${attr}_queues"; done
echo 1 > "$SYS/reset_controller"
is "$(cat "$SYS/queue_map")" "$plain" "by the parameters again"
verify --ioengine=io_uring --rw=randwrite --bs=4k --iodepth=16 --size=$((SIZE / 32))
unplug rp2
