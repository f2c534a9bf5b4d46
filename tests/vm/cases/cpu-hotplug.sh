# SPDX-License-Identifier: GPL-2.0-or-later
# CPU 1 off and on ten times under fio on both CPUs: no error, no wrong data
one_disk
expect_log
load_start --numjobs=2 --offset_increment=$((SIZE / 4)) --cpus_allowed=0,1 --cpus_allowed_policy=shared
for i in $(seq 10); do
	echo 0 > /sys/devices/system/cpu/cpu1/online
	sleep 0.2
	echo 1 > /sys/devices/system/cpu/cpu1/online
	sleep 0.2
done
load_stop
taskset -c 1 dd if="$DISK" of=/dev/null bs=64k count=16 iflag=direct status=none
