# SPDX-License-Identifier: GPL-2.0-or-later
# a controller that cannot be used is refused without a reset of its subsystem: the other one serves fio, and sees nothing of it
# driver: gmx
echo '{"functions": 2}' > $VM/pair.json
expect_log 'queue entry sizes|controller start failed'
emu_plug pair rp0 g3 -n 2 --config pair.json
asys=$SYS
LOAD_DISK=$DISK load_start
emu_ctl pair fault-add kind=corrupt what=identify:01 offset=512 bytes=1 value=0x77
emu plug pair rp1 pair-b 1 > /dev/null
slot_on rp1
echo "pair-b emu" > "$STATE/plugged.rp1"
bdf=$(bdf_of rp1)
wait_for 20 "PCI device $bdf" present "$bdf"
wait_for 30 "the refusal" log_has 'gmx.*controller start failed'
log_has 'queue entry sizes' || die "no line says why"
not log_has 'function level reset' || die "reset for what it says it is"
not bound "$bdf" || die "bound"
emu_ctl pair fault-clear all=true
echo "$bdf" > /sys/bus/pci/drivers/gmx/bind
attached rp1
read_ok
SYS=$asys
load_stop
is "$(stat_of reset_count) $(stat_of timeout_count)" "0 0" "resets and time-outs of the other"
unplug rp1
emu_unplug pair rp0
