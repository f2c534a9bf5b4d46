# SPDX-License-Identifier: GPL-2.0-or-later
# sysfs shows the vendor page of each family as documented; a page that is none or makes no sense costs one line and its folder
# driver: gmx
shown() { cat "$SYS/gmx/$1"; }
docs=/repo/docs/abi/sysfs-class-gmx

# page FAMILY BITS FEATURES: what differs by family
page() {
	is "$(shown family) $(shown dma_bits) $(shown interface_version) $(shown function)" "${1^^} $2 1.0 physical" "vendor page of $1"
	is "$(shown features)" "$3" "features of $1"
	is "$(shown form_factor) $(shown link_width)" "m.2 4" "form of $1"
	is "$(shown link_speed)" "8.0 GT/s PCIe" "speed of $1"
	is "$(shown trained_link_speed) x$(shown trained_link_width)" \
		"$(cat "/sys/bus/pci/devices/$BDF/current_link_speed") x$(cat "/sys/bus/pci/devices/$BDF/current_link_width")" "link of $1"
}
both="event_log health inventory fw_state power"
echo '{"form_factor": "m.2", "link_speed": 3, "link_width": 4}' > $VM/vendor.json
emu_plug g1 rp0 g1 --config vendor.json
page g1 32 "rotational $both"
emu_unplug g1 rp0
emu_plug g2 rp0 g2 --config vendor.json
page g2 64 "wrr coalescing $both"
emu_unplug g2 rp0
emu_plug g3 rp0 g3 --config vendor.json
page g3 64 "sriov wrr coalescing $both"
is "$(ls "$SYS/gmx" | tr '\n' ' ')" "$(sed -n 's|^What:.*/gmx<N>/gmx/||p' $docs | sort | tr '\n' ' ')" "attributes, and those documented"

say "a value of the future is shown as its number, after a reset too"
emu_ctl g3 fault-add kind=corrupt what=identify:01 offset=$((3072 + 11)) bytes=1 value=77
echo 1 > "$SYS/reset_controller"
wait_for 20 live reads "$SYS/state" live
is "$(shown form_factor)" 77 "form factor"
emu_ctl g3 fault-clear all=true

say "a page that goes: one line, ENODATA, and I/O goes on; it may come back"
expect_log "vendor page not used"
emu_ctl g3 fault-add kind=corrupt what=identify:01 offset=3072 bytes=1 value=0
for i in 1 2; do
	echo 1 > "$SYS/reset_controller"
	wait_for 20 live reads "$SYS/state" live
done
is "$(log_count 'vendor page not used')" 1 "lines"
fails shown family 2> /dev/null
read_ok
emu_ctl g3 fault-clear all=true
echo 1 > "$SYS/reset_controller"
wait_for 20 live reads "$SYS/state" live
is "$(shown family)" G3 "family"

say "absurd pages: no folder, one line, a disk"
n=1
# offset:bytes:value: length, major version, family, address width
for bad in 4:2:8 4:2:2000 6:2:512 8:1:0 10:1:0 10:1:200; do
	IFS=: read -r offset bytes value <<< "$bad"
	echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
	emu_ctl g3 fault-add kind=corrupt what=identify:01 offset=$((3072 + offset)) bytes="$bytes" value="$value"
	echo "$BDF" > /sys/bus/pci/drivers/gmx/bind
	attached rp0
	[ ! -e "$SYS/gmx" ] || die "$bad: there is a vendor page"
	n=$((n + 1))
	is "$(log_count 'vendor page not used')" $n "lines after $bad"
	read_ok
	emu_ctl g3 fault-clear all=true
done
emu_unplug g3 rp0
