# SPDX-License-Identifier: GPL-2.0-or-later
# a device slower than the time-out: commands are aborted and repeated, no error reaches fio
# limit: 400
throttled_disk
expect_log
aborts=$(stat_of abort_count)
timeouts=$(stat_of timeout_count)
throttle 1024
timeout $((100 * ${SLOW:-1})) fio --name=slow --filename="$DISK" --direct=1 --rw=write --bs=8k --size=32k --ioengine=libaio \
	--iodepth=2 --verify=crc32c --allow_file_create=0 --minimal > "$STATE/fio.out" 2>&1 &
fio=$!
wait_for 30 "an abort" count_above abort_count "$aborts"
throttle 0
wait $fio || { cat "$STATE/fio.out"; die "fio saw an error"; }
count_above timeout_count "$timeouts" || die "timeout_count stands still"
wait_for 30 "live" reads "$SYS/state" live
verify --ioengine=io_uring --rw=randwrite --bs=64k --iodepth=4 --size=$((SIZE / 16))
# driver: gmx
