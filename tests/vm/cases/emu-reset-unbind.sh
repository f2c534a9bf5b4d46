# SPDX-License-Identifier: GPL-2.0-or-later
# subsystem resets by ioctl against unbinding: those who hold the node open get an error, and never reach registers that are no longer mapped; removal ends though a scan waits for the reset that it has overtaken
# driver: gmx
expect_log
emu_plug races rp0 g2

# resetter: NVME_IOCTL_SUBSYS_RESET, until it is killed; its process is $resetter
resetter() {
	local before
	before=$(log_count 'perl: resetting the NVM subsystem')
	perl -e 'open(my $node, "<", $ARGV[0]) or die; $| = 1; print "open\n"; while (1) { ioctl($node, 0x4e45, 0); }' "$CTRL" \
		> "$STATE/opened" 2>&1 &
	resetter=$!
	wait_for 10 "the node to be open" grep -q open "$STATE/opened"
	wait_for 20 "a reset" more_resets "$before"
}
more_resets() { [ "$(log_count 'perl: resetting the NVM subsystem')" -gt "$1" ]; }

# unbind_bind: away and back, with the node still open
unbind_bind() {
	echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
	[ -d "/proc/$resetter" ] || die "the process has died"
	kill $resetter
	wait $resetter || true
	echo "$BDF" > /sys/bus/pci/drivers/gmx/bind
	attached rp0
}

for i in $(seq 8); do
	resetter
	unbind_bind
done

# A reset that takes its time, as the controller does not stop, and a scan that has its next command meanwhile
emu_ctl races fault-add kind=hang set=admin opcode=0x02
emu_ctl races storm type=namespace events=1
wait_for 10 "the scan to wait for the log" grep -qs gmx_ns_scan /proc/[0-9]*/stack
emu_ctl races fault-clear all=true
emu_ctl races hang side=registers until=subsystem-reset
resetter
unbind_bind
read_ok
emu_unplug races rp0
