# SPDX-License-Identifier: GPL-2.0-or-later
# all of the vendor ioctls at once, while the device is reset, removed, unbound, or goes away: answers as the manual has them, and an end
# driver: gmx
echo '{"capacity": "512M", "namespaces": [{"size": "64M"}]}' > $VM/uabirm.json
emu_plug uabirm rp0 g3 --config uabirm.json
# what it is given is no firmware, and resets are asked for
expect_log
storm() {
	"$TESTS/uabistorm" "$CTRL" > /tmp/storm 2>&1 &
	storm=$!
	wait_for 60 "each call to work: $(cat /tmp/storm)" grep -q running /tmp/storm
}
ended() { [ ! -d "/proc/$storm" ] || grep -q '^State:.*Z' "/proc/$storm/status"; }
calm() {
	wait_for 30 "an end of the calls" ended
	wait "$storm" || die "$1: $(sort /tmp/storm | uniq -c | head -n 20)"
}
back() {
	attached rp0
	read_ok
}

say "the PCI device is removed, after three resets"
storm
for i in 1 2 3; do
	# one that the calls have asked for may run
	echo 1 > "$SYS/reset_controller" || true
	wait_for 30 live reads "$SYS/state" live
done
echo 1 > "/sys/bus/pci/devices/$BDF/remove"
calm "removed"
echo 1 > /sys/bus/pci/rescan
back

say "the driver is unbound"
storm
echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
calm "unbound"
echo "$BDF" > /sys/bus/pci/drivers/gmx/bind
back

say "commands that take half a second each are under way"
storm
emu_ctl uabirm fault-add kind=delay us=500000 set=admin
echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
calm "unbound, slow"
emu_ctl uabirm fault-clear all=true
echo "$BDF" > /sys/bus/pci/drivers/gmx/bind
back

say "the device goes without a word"
storm
emu_ctl uabirm gone
wait_for 20 dead reads "$SYS/state" dead
emu_ctl uabirm back
echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
calm "gone"
echo "$BDF" > /sys/bus/pci/drivers/gmx/bind
back

say "nothing holds the module"
emu_unplug uabirm rp0
unload
