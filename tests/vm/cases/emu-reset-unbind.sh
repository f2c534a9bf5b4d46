# SPDX-License-Identifier: GPL-2.0-or-later
# subsystem resets by ioctl against unbinding: those who hold the node open get an error, and never reach registers that are no longer mapped
# driver: gmx
expect_log
emu_plug races rp0 g2
for i in $(seq 8); do
	# NVME_IOCTL_SUBSYS_RESET, until it is killed
	perl -e 'open(my $node, "<", $ARGV[0]) or die; $| = 1; print "open\n"; while (1) { ioctl($node, 0x4e45, 0); }' "$CTRL" \
		> "$STATE/opened" 2>&1 &
	resetter=$!
	wait_for 10 "the node to be open" grep -q open "$STATE/opened"
	wait_for 20 "a reset" log_has 'perl: resetting the NVM subsystem'
	echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
	[ -d "/proc/$resetter" ] || die "the process has died"
	kill $resetter
	wait $resetter || true
	echo "$BDF" > /sys/bus/pci/drivers/gmx/bind
	attached rp0
done
read_ok
emu_unplug races rp0
