# SPDX-License-Identifier: GPL-2.0-or-later
# a device slower than the time-out: commands are aborted or waited for, no error reaches fio
# limit: 400
throttled_disk
expect_log
throttle 2048
timeout 100 fio --name=slow --filename="$DISK" --direct=1 --rw=write --bs=8k --size=16k --ioengine=libaio \
	--iodepth=2 --minimal > "$STATE/fio.out" || die "fio saw an error: $(tail -n 3 "$STATE/fio.out")"
throttle 0
ge "$(stat_of timeout_count)" 1 "timeout_count"
ge "$(stat_of abort_count)" 1 "abort_count"
wait_for 30 "live" reads "$SYS/state" live
verify --ioengine=io_uring --rw=randwrite --bs=64k --iodepth=4 --size=$((SIZE / 16))
# driver: gmx
