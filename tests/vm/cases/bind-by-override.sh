# SPDX-License-Identifier: GPL-2.0-or-later
# driver_override alone binds a controller whose id the driver does not know
# driver: gmx
unload
insmod /gmx/gmx.ko io_timeout_ms=2000
echo override > "$STATE/loaded"
unplug rp0
hmp "device_add nvme,id=c0,bus=rp0,serial=Sc0,drive=d0"
echo "c0 bare" > "$STATE/plugged.rp0"
slot_on rp0
bdf=$(bdf_of rp0)
wait_for 10 "$bdf" present "$bdf"
sleep 0.5
not test -e "/sys/bus/pci/devices/$bdf/driver" || die "bound without being asked"
echo gmx > "/sys/bus/pci/devices/$bdf/driver_override"
echo "$bdf" > /sys/bus/pci/drivers_probe
attached rp0
read_ok
unplug rp0
unload
