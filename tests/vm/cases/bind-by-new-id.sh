# SPDX-License-Identifier: GPL-2.0-or-later
# vendor and device written to new_id are enough to bind a controller the driver does not know
# driver: gmx
unload
insmod /gmx/gmx.ko io_timeout_ms=2000
echo new-id > "$STATE/loaded"
unplug rp0
hmp "device_add nvme,id=c0,bus=rp0,serial=Sc0,drive=d0"
echo "c0 bare" > "$STATE/plugged.rp0"
slot_on rp0
wait_for 10 "$(bdf_of rp0)" present "$(bdf_of rp0)"
echo "$NVME_QEMU_ID" > /sys/bus/pci/drivers/gmx/new_id
wait_for 10 "$(bdf_of rp0)" bound "$(bdf_of rp0)"
attached rp0
read_ok
unplug rp0
unload
