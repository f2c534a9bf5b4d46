# SPDX-License-Identifier: GPL-2.0-or-later
# suspend to idle and back, with an fio before, across and after it
one_disk
expect_log
[ -e /sys/power/pm_test ] || die "this kernel has no /sys/power/pm_test"
# All but the idling itself: after the late and the interruptless part, in which the bus saves configuration space and
# takes the power away, a second passes and all is undone; no clock has to wake a machine that has none awake.
echo platform > /sys/power/pm_test
echo 1 > /sys/module/suspend/parameters/pm_test_delay
echo 'func pci_pm_suspend_noirq +p' > /sys/kernel/debug/dynamic_debug/control
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
is "$(log_count "gmx $BDF: PCI PM: Suspend power state: D3hot")" 3 "times without power"
echo 'func pci_pm_suspend_noirq -p' > /sys/kernel/debug/dynamic_debug/control
echo none > /sys/power/pm_test
channel_revive
load_stop
read_ok
