# SPDX-License-Identifier: GPL-2.0-or-later
# suspend to idle and back, with an fio before, across and after it
one_disk
expect_log
[ -e /sys/power/pm_test ] || die "this kernel has no /sys/power/pm_test"
# devices are suspended, stay so for a second and are resumed: no clock has to wake a machine that has none awake
echo devices > /sys/power/pm_test
echo 1 > /sys/module/suspend/parameters/pm_test_delay
# 7.3's virtio_console asks for the state of its ports before it can hear the answer: after a resume the host seems gone
channel_revive() {
	local port device
	port=$(grep -lx result /sys/class/virtio-ports/*/name)
	port=${port%/name}
	device=$(basename "$(readlink -f "$port/device")")
	grep -qx 'host_connected: 0' "/sys/kernel/debug/virtio-ports/${port##*/}" || return 0
	echo "$device" > /sys/bus/virtio/drivers/virtio_console/unbind
	echo "$device" > /sys/bus/virtio/drivers/virtio_console/bind
}

load_start
for i in 1 2 3; do
	echo freeze > /sys/power/state
	wait_for 20 "live" reads "$SYS/state" live
done
is "$(log_count 'PM: suspend exit')" 3 "suspensions"
echo none > /sys/power/pm_test
channel_revive
load_stop
read_ok
