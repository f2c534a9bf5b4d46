# SPDX-License-Identifier: GPL-2.0-or-later
# autonomous power state transitions that another host has saved: the controller falls asleep by itself, I/O wakes it, nothing is late
# driver: gmx
# limit: 300
emu_plug ap rp0 g2
power_is() { [ "$(emu ctl ap status | grep -oE '"power_state": *[0-9]+' | head -n 1 | grep -oE '[0-9]+$')" = "$1" ]; }
# idle for 100 ms: state 3; for another 200 ms: state 4
entry() { printf "\\x$(printf %02x $(($1 << 3)))\\x$(printf %02x "$2")\\0\\0\\0\\0\\0\\0"; }
{ entry 3 100; entry 3 100; entry 3 100; entry 4 200; head -c 224 /dev/zero; } > "$STATE/apst"
is "$(stat -c %s "$STATE/apst")" 256 "bytes of the table"

as_driver nvme rp0
nvme set-feature "$CTRL" -f 0x0c -V 1 -s -l 256 -d "$STATE/apst" > "$STATE/out" 2>&1 || die "set-feature: $(cat "$STATE/out")"
as_driver gmx rp0
inbox_gone
for i in 1 2; do
	read_ok
	wait_for 20 "sleep $i" power_is 4
	load_start
	wait_for 20 "awake $i" power_is 0
	load_stop
	wait_for 20 "sleep after load $i" power_is 4
	echo 1 > "$SYS/reset_controller"
	wait_for 20 "live $i" reads "$SYS/state" live
done
is "$(stat_of timeout_count)" 0 "time-outs"
is "$(stat_of command_error_count)" 0 "errors"
emu_unplug ap rp0
