# SPDX-License-Identifier: GPL-2.0-or-later
# smartctl -d nvme gives the same report as with the inbox driver, on controller and disk
# driver: gmx
one_disk
report() {
	local node
	for node in "$CTRL" "$DISK"; do
		smartctl -d nvme -a "$node" | sed '/^Local Time/d; s/Data Units.*//; s/Host .* Commands.*//; s/^Power On.*//' || true
		smartctl -d nvme -x -j "$node" | grep -c . || true
	done
}
report > /tmp/smart.gmx
as_driver nvme rp0
report > /tmp/smart.nvme
as_driver gmx rp0
inbox_gone
grep -q 'Serial Number: *Sc0' /tmp/smart.gmx || { cat /tmp/smart.gmx; die "no serial number in the report"; }
grep -q 'overall-health' /tmp/smart.gmx || die "no health in the report"
diff -u /tmp/smart.nvme /tmp/smart.gmx
