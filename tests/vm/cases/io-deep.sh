# SPDX-License-Identifier: GPL-2.0-or-later
# a queue takes 400 small commands at once, and 256 that need a list; what waits for one is served, on two disks that share it
# driver: gmx
# limit: 400
MODULE_PARAMS=io_timeout_ms=60000
throttled_disk
unplug rp3
NO_DISK=1 plug c3 rp3 "mdts=7,subsys=s2"
ns_add c3 slow "drive=t5,nsid=1"
ns_add c3 quick "drive=d4,nsid=2"
DISK=/dev/${NAME}n1 BLK=${NAME}n1
for n in 1 2; do wait_for 10 "namespace $n" test -b "/dev/${NAME}n$n"; done
mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
in_flight() { awk 'NR > 1 && $2 > 0 { n += $9 } END { print n + 0 }' "/sys/kernel/debug/gmx/$NAME/queues"; }
in_flight_least() { [ "$(in_flight)" -ge "$1" ]; }
in_flight_none() { [ "$(in_flight)" = 0 ]; }
is "$(cat "$SYS/sqsize")" 1023 "commands of a queue"
# a scheduler has requests of its own, and fewer
for n in 1 2; do echo none > "/sys/block/${NAME}n$n/queue/scheduler"; done

# deep DEPTH ARGUMENTS…: that many writes at once, in the background
deep() {
	local depth=$1
	shift
	SIZE=16M verify --ioengine=io_uring --rw=randwrite --iodepth="$depth" --number_ios="$depth" --iodepth_batch="$depth" "$@" &
	DEEP_PID=$!
}

throttle 65536
deep 500 --bs=4k
wait_for 20 "400 commands in flight" in_flight_least 400
throttle 0
wait $DEEP_PID || die "500 writes of 4 KiB"

throttle 65536
deep 500 --bs=12k
wait_for 20 "256 commands in flight" in_flight_least 256
is "$(in_flight)" 256 "commands in flight that need a list"
# the other disk has nothing in flight whose end would tell it that there is a list again
read_ok "/dev/${NAME}n2" &
READ_PID=$!
nap 1
throttle 0
wait $READ_PID || die "reads of the other disk"
wait $DEEP_PID || die "500 writes of 12 KiB"
wait_for 10 "nothing in flight" in_flight_none
unplug rp3
