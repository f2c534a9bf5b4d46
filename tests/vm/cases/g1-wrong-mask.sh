# SPDX-License-Identifier: GPL-2.0-or-later
# a G1 bound as if it reached all 64 bits meets its fatal error and is refused; with its own mask it serves again
# driver: gmx
MODULE_PARAMS="admin_timeout_ms=2000" # how soon a controller that went fatal at its first command is noticed
load $MODULE_PARAMS
expect_log
ids=/sys/bus/pci/drivers/gmx
# an id of seven numbers goes before the driver's own; the last one is its driver_data: no limit
echo "474d 0100 ffffffff ffffffff 0 0 0" > $ids/new_id
PLUG_UNBOUND=1 emu_plug g1 rp0 g1
BDF=$(bdf_of rp0)
wait_for 60 "the driver to refuse it" log_has "gmx $BDF: controller start failed"
grep -q 'fatal: DMA address beyond' $VM/g1.log || die "no address above 4 GiB: $(tail -n 3 $VM/g1.log)"
log_has 'controller fatal status' || die "the driver's log does not name the controller's status"
[ ! -e /sys/bus/pci/devices/"$BDF"/gmx ] || die "a controller that was refused has its nodes"

echo "474d 0100" > $ids/remove_id
echo "$BDF" > /sys/bus/pci/drivers_probe
attached rp0
verify --ioengine=libaio --rw=randwrite --bsrange=4k-64k --iodepth=8 --size=$((SIZE / 16))
ge "$(stat_of bounced_request_count)" 1 "bounced requests"
emu_unplug g1 rp0
