# SPDX-License-Identifier: GPL-2.0-or-later
# a controller that asks for absurd amounts of host memory, or refuses what it asked for, costs no more than that memory
# driver: gmx
# limit: 300
emu_plug hmb rp0 g3
enabled() { emu_part hmb hmb enabled; }
again() { # [OFFSET BYTES VALUE]: bound anew, with each of these bytes of Identify Controller so
	echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
	[ $# = 0 ] || emu ctl hmb fault-add kind=corrupt what=identify:01 offset="$1" bytes="$2" value="$3" > /dev/null
	echo "$BDF" > /sys/bus/pci/drivers/gmx/bind
	attached rp0
}
calm() { emu ctl hmb fault-clear all=true > /dev/null; }

again 272 4 4294967295
log_has "host memory buffer: 131072 KiB in [0-9]+ parts, 17179869180 wanted" || die "16 TiB were not cut to 128 MiB"
is "$(enabled)" true "enabled with all that there may be"
read_ok
calm

expect_log "gmx .*host memory buffer: the controller needs 17179869180 KiB and may have 16384"
again 276 4 4294967295
is "$(enabled) $(stat_of hmb)" "false 0" "less than is needed"
read_ok
calm

expect_log "gmx .*host memory buffer: no .* in parts that the controller can use: going on without"
again 332 4 4294967295
is "$(enabled) $(stat_of hmb)" "false 0" "parts that can't be"
read_ok
calm

# refused: the second Set Features of a start; the first sets the clock
expect_log "gmx .*host memory buffer: offered and refused .* going on without"
expect_log "gmx .*Set Features .* failed"
emu ctl hmb fault-add kind=status set=admin opcode=9 status=6 nth=2 count=1 > /dev/null
again
is "$(log_count 'host memory buffer: offered and refused')" 1 "lines about the refusal"
is "$(enabled) $(stat_of hmb)" "false 0" "refused"
verify --ioengine=io_uring --rw=randwrite --bs=4k --iodepth=8 --size=$((SIZE / 16))
echo 1 > "$SYS/hmb"
is "$(enabled) $(stat_of hmb)" "true 1" "asked again"
emu ctl hmb fault-add kind=status set=admin opcode=9 status=6 count=1 > /dev/null
fails sh -c "echo 0 > $SYS/hmb" 2> /dev/null
is "$(enabled) $(stat_of hmb)" "true 1" "not given back when it was not told"
emu_unplug hmb rp0
