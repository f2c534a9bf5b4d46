# SPDX-License-Identifier: GPL-2.0-or-later
# an idle controller goes into the idle states that PM QoS or the parameter allow, and is back with the first I/O; a reset keeps it
# driver: gmx
# limit: 300
plug c0 rp0 drive=d0
[ ! -e "$SYS/power/pm_qos_latency_tolerance_us" ] || die "QEMU's controller has no transitions, and a file for them"
unplug rp0
emu_plug apst rp0 g3
qos=$SYS/power/pm_qos_latency_tolerance_us
parameter=/sys/module/gmx/parameters/apst_max_latency_us

state() { emu ctl apst status | tr -d ' \n' | sed -n 's/.*"power_state":\([0-9]*\).*/\1/p'; }
in_state() { [ "$(state)" = "$1" ]; }
# targets: "STATE>STATE" of the table that the controller has; off when it makes no use of it
targets() {
	nvme get-feature "$CTRL" -f 0xc -l 256 -b > "$STATE/table"
	nvme get-feature "$CTRL" -f 0xc | grep -q 'value: *0x0*1$' || echo off
	od -An -v -tu8 -w8 "$STATE/table" | awk '$1 { printf "%d>%d\n", NR - 1, $1 / 8 % 32 }'
}
has_targets() { [ "$(targets | tr '\n' ' ')" = "$1 " ]; }
read_one() { dd if="$DISK" of=/dev/null bs=4k count=1 iflag=direct status=none; }
reset() {
	echo 1 > "$SYS/reset_controller"
	wait_for 20 live reads "$SYS/state" live
}

is "$(cat "$qos") $(cat $parameter)" "auto 100000" "to begin with"
all="0>3 1>3 2>3 3>4"
wait_for 5 "entries of all states, by the parameter" has_targets "$all"
wait_for 10 "the deepest state" in_state 4
for i in 1 2 3; do
	read_one
	wait_for 10 "the deepest state once more" in_state 4
done
load_start
nap 2
is "$(state)" 0 "state under load"
load_stop
wait_for 10 "the deepest state after it" in_state 4

say "10 ms: the deepest takes 28"
echo 10000 > "$qos"
wait_for 5 "entries up to state 3" has_targets "0>3 1>3 2>3"
read_one
wait_for 10 "state 3" in_state 3
nap 3
is "$(state)" 3 "state while idle"

say "none"
echo 0 > "$qos"
wait_for 5 "no entry, off" has_targets off
read_one
nap 2
is "$(state)" 0 "state while idle"
reset
has_targets off || die "after a reset: $(targets)"

say "any, which a reset keeps"
echo any > "$qos"
wait_for 5 "all of them" has_targets "$all"
reset
has_targets "$all" || die "after a reset: $(targets)"

say "set while a reset is behind its part of it"
echo "6 3 1" > "$SYS/arbitration_weights"
# the next of the bring-up is to look at those
emu_ctl apst fault-add kind=delay us=$((3000000 * ${SLOW:-1})) set=admin opcode=10 count=1
echo 1 > "$SYS/reset_controller" &
wait_for 10 "the reset" reads "$SYS/state" resetting
nap 1
reads "$SYS/state" resetting || die "the reset is over: too early to tell"
echo 0 > "$qos"
wait
wait_for 20 live reads "$SYS/state" live
wait_for 5 "no entry, off" has_targets off

say "auto: as the parameter, at the next reset"
echo 10000 > $parameter
echo auto > "$qos"
wait_for 5 "the parameter's" has_targets "0>3 1>3 2>3"
echo 0 > $parameter
reset
has_targets off || die "after a reset: $(targets)"
echo 100000 > $parameter
reset
has_targets "$all" || die "after a reset: $(targets)"

say "as the inbox driver has it"
as_driver nvme rp0
wait_for 5 "the same entries" has_targets "$all"
as_driver gmx rp0
inbox_gone
emu_unplug apst rp0
