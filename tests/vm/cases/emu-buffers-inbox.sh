# SPDX-License-Identifier: GPL-2.0-or-later
# the inbox driver lends the emulated controller host memory, and puts its queues into the controller's where its kernel can
# driver: gmx
# limit: 300
part() { emu_part both "$1" "$2"; }
part_above() { [ "$(part "$1" "$2")" -gt "$3" ]; }
echo '{ "cmb_bytes": "1M" }' > $VM/both.json
emu_plug both rp0 g2 --config /vm/both.json
as_driver nvme rp0
is "$(part hmb enabled)" true "host memory buffer"
commands=$(part cmb commands)
load_start
for i in 1 2 3 4 5; do
	echo 1 > "$SYS/reset_controller"
	wait_for 20 "live after reset $i" reads "$SYS/state" live
	is "$(part hmb enabled)" true "host memory buffer after reset $i"
	checked=$(part hmb checked)
	wait_for 20 "pages to be checked after reset $i" part_above hmb checked "$checked"
done
load_stop
is "$(part hmb errors)" 0 "pages that came back changed"
if [ -d "/sys/bus/pci/devices/$BDF/p2pmem" ]; then
	part_above cmb commands "$commands" || die "the kernel has P2PDMA, and no command was fetched from the controller's memory"
else
	say "this kernel has no P2PDMA: the inbox driver leaves the controller's memory alone"
	is "$(part cmb commands)" "$commands" "commands fetched from it"
fi
as_driver gmx rp0
inbox_gone
read_ok
part_above cmb commands "$commands" || die "gmx does not use what the inbox driver had"
emu_unplug both rp0
