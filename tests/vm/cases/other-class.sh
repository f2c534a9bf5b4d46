# SPDX-License-Identifier: GPL-2.0-or-later
# a device that is neither a Gigamax controller nor of NVMe's class is refused by its name and left alone, whoever binds it
# driver: gmx
expect_log 'is no Gigamax controller'
load
unplug rp2
hmp "device_add edu,id=edu0,bus=rp2"
echo "edu0 edu" > "$STATE/plugged.rp2"
slot_on rp2
bdf=$(bdf_of rp2)
wait_for 10 "PCI device $bdf" present "$bdf"
before=$(setpci -s "$bdf" COMMAND)
echo gmx > "/sys/bus/pci/devices/$bdf/driver_override"
fails sh -c "echo $bdf > /sys/bus/pci/drivers/gmx/bind" 2> /dev/null
log_has "gmx $bdf: 1234:11e8 is no Gigamax controller, and its class 00ff00 " || die "no line names it"
is "$(setpci -s "$bdf" COMMAND)" "$before" "its command register"
not bound "$bdf" || die "bound"
unplug rp2
