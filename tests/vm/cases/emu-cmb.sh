# SPDX-License-Identifier: GPL-2.0-or-later
# submission queues lie in the controller's memory through resets and a rebind under fio, and in the host's where that can't be
# driver: gmx
# limit: 400
cmb_of() { emu_part cmb cmb "$1"; }
cmb_above() { [ "$(cmb_of "$1")" -gt "$2" ]; }
# plug_cmb SIZE: a G3 with that much
plug_cmb() {
	echo "{ \"cmb_bytes\": \"$1\" }" > $VM/cmb.json
	emu_plug cmb rp0 g3 --config /vm/cmb.json
}

plug_cmb 1M
[ "$(stat_of cmbsz)" -gt 0 ] || die "cmbsz is $(stat_of cmbsz)"
is "$(cat "$SYS/cmb")" "$(printf 'cmbloc : x%08x\ncmbsz  : x%08x' "$(stat_of cmbloc)" "$(stat_of cmbsz)")" "cmb"
log_has "controller memory buffer: 1 submission queues in it" || die "no line about the queues"
is "$(cmb_of enabled)" true "enabled"
verify --ioengine=io_uring --rw=randwrite --bsrange=512-256k --iodepth=32
commands=$(cmb_of commands)
ge "$commands" "$(writes "$DISK")" "commands fetched from it"
ge "$(cmb_of host_writes)" $((8 * commands)) "writes of 8 bytes to it"
load_start
for i in 1 2 3 4 5; do
	commands=$(cmb_of commands)
	echo 1 > "$SYS/reset_controller"
	wait_for 10 "live after reset $i" reads "$SYS/state" live
	wait_for 20 "commands through it after reset $i" cmb_above commands $((commands + 40))
done
load_stop
# a function level reset makes the controller forget where its buffer is
echo 1 > "/sys/bus/pci/devices/$BDF/reset"
wait_for 10 "live after a function reset" reads "$SYS/state" live
commands=$(cmb_of commands)
read_ok
cmb_above commands "$commands" || die "not used after a function reset"
echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
is "$(cmb_of enabled)" false "enabled without a driver"

# refused there: in the host's memory, with one line
expect_log "gmx .*controller memory buffer.* going on in host memory"
expect_log "gmx .*Create I/O Submission Queue .* failed"
emu ctl cmb fault-add kind=status set=admin opcode=1 status=18 count=1 > /dev/null
echo "$BDF" > /sys/bus/pci/drivers/gmx/bind
attached rp0
commands=$(cmb_of commands)
verify --ioengine=io_uring --rw=randwrite --bs=4k --iodepth=8 --size=$((SIZE / 16))
is "$(cmb_of commands)" "$commands" "commands fetched from it after a refusal"
is "$(log_count 'controller memory buffer.* refused')" 1 "lines about the refusal"
emu_unplug cmb rp0

# too small for a queue
expect_log "gmx .*controller memory buffer.* not used: it has no room for a queue"
plug_cmb 8K
verify --ioengine=io_uring --rw=randwrite --bs=4k --iodepth=8 --size=$((SIZE / 16))
is "$(cmb_of enabled) $(cmb_of commands)" "false 0" "too small, used"
emu_unplug cmb rp0

MODULE_PARAMS=use_cmb_sqes=0
plug_cmb 1M
[ "$(stat_of cmbsz)" -gt 0 ] || die "cmbsz is not shown where the buffer is not used"
read_ok
is "$(cmb_of enabled) $(cmb_of commands)" "false 0" "switched off, used"
emu_unplug cmb rp0
