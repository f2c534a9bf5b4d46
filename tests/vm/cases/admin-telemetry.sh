# SPDX-License-Identifier: GPL-2.0-or-later
# telemetry by ioctl: the host's and the controller's, whole, the same as nvme-cli reads; again when it changes or is released; cancelled; kept by the driver
# driver: gmx
emu_plug atl rp0 g3
field() { sed -n "s/^$1 //p" /tmp/uabi; }
get() { "$TESTS/uabi" get "$CTRL" "$@" > /tmp/uabi; }
capture() { "$TESTS/uabitel" "$CTRL" "$@" > /tmp/uabi; }
"$TESTS/uabievents" follow "$CTRL" > /tmp/follow & # ends with the case
wait_for 10 "the follower" grep -q open /tmp/follow
blocks() { od -An -tu2 -j $((8 + 2 * ($1 - 1))) -N 2 /tmp/tel | tr -d ' '; }

say "the host's, by data area"
for area in 1 2 3; do
	capture 0 $area /tmp/tel || die "$(xargs < /tmp/uabi)"
	is "$(field result) $(stat -c %s /tmp/tel)" "$((($(blocks $area) + 1) * 512)) $(field result)" "bytes of area $area"
	is "$(head -c 520 /tmp/tel | tail -c 8)" GMXTELEM "its vendor header"
done
ge "$(blocks 3)" "$(($(blocks 2) + 1))" "blocks of area 3"
nvme telemetry-log "$CTRL" --output-file=/tmp/tel.nvme --host-generate=0 --data-area=3 > /dev/null
cmp /tmp/tel /tmp/tel.nvme || die "nvme-cli reads something else"
wait_for 5 "the operation's event" grep -q "kind=5 .*object=3 .*text=telemetry done" /tmp/follow

say "the controller's: none, then captured on its event and kept"
fails capture 1 3 /tmp/tel
is "$(field error)" -61 "no telemetry of the controller"
fails capture 3 3 /tmp/tel
is "$(field error)" -61 "none is kept"
expect_log "reset|controller fatal status"
emu_ctl atl fatal
wait_for 20 "the reset" reads "$SYS/last_reset_reason" "controller fatal status"
wait_for 20 live reads "$SYS/state" live
wait_for 20 "the driver's line" log_has "the controller captured telemetry: [0-9]* bytes are kept"
capture 3 3 /tmp/tel || die "$(xargs < /tmp/uabi)"
is "$(head -c 1 /tmp/tel | od -An -tu1 | tr -d ' ')" 8 "log page"
is "$(stat -c %s /tmp/tel)" $((($(blocks 3) + 1) * 512)) "bytes"

say "another generation on the way: read again, and given up in the end"
emu_ctl atl fault-add kind=corrupt what=log:07 offset=381 bytes=1 count=3
if capture 0 1 /tmp/tel; then :; else is "$(field error)" -11 "error of telemetry that changes for ever"; fi
emu_ctl atl fault-clear all=true

say "released by another host while it is read: what the controller captured then is read, and not lost"
# nobody is told, so that the driver keeps none of them by itself
get event_mask
async=$(field async) classes=$(field classes)
get event_mask set=3 async=0 classes=0
captured() {
	emu_ctl atl drive-fail drive=0
	emu_ctl atl drive-repair drive=0
}
header() { nvme get-log "$CTRL" --log-id=8 --log-len=512 --raw-binary "$@" > /tmp/header; }
byte() { od -An -tu1 -j "$1" -N 1 /tmp/header | tr -d ' '; }
# of a capture, until what follows is done
second_waits() { emu_ctl atl fault-add kind=delay us=$((6000000 * ${SLOW:-1})) set=admin opcode=get-log-page nth=2 count=1; }
second_came() { emu ctl atl fault-list | tr -d ' \n' | grep -q '"fired":1'; }
meanwhile() { # SOURCE
	second_waits
	capture "$1" 1 /tmp/tel &
	reader=$!
	wait_for 30 "the second command" second_came
	header
	is "$(byte 382)" 1 "available, until it is released"
}
captured
meanwhile 2
first=$(byte 383)
captured
wait $reader || die "the newer one: $(xargs < /tmp/uabi)"
is "$(field generation)" $((first + 1)) "generation"
header --rae
is "$(byte 382)" 0 "available, when it was read"
emu_ctl atl fault-clear all=true
captured
meanwhile 1
not wait $reader || die "what was released meanwhile may be anything"
is "$(field error)" -61 "nothing is left"
emu_ctl atl fault-clear all=true

say "cancelled at its last part, nothing is released"
captured
second_waits
get telemetry source=2 area=1
id=$(field id)
wait_for 30 "the second command" second_came
get op_cancel id="$id"
get op id="$id" timeout_ms=$((30000 * ${SLOW:-1}))
is "$(field state) $(field error)" "4 -125" "the operation"
header
is "$(byte 382)" 1 "available"
emu_ctl atl fault-clear all=true
get event_mask set=3 async="$async" classes="$classes"

say "cancelled, and refused"
emu_ctl atl fault-add kind=delay us=$((3000000 * ${SLOW:-1})) set=admin opcode=get-log-page
get telemetry source=0 area=3
id=$(field id)
fails get telemetry source=0 area=3
is "$(head -n 1 /tmp/uabi)" EBUSY "a second one"
fails get telemetry_read id="$id" bytes=16 data=buffer
is "$(head -n 1 /tmp/uabi)" ENOENT "what is not there yet"
get op_cancel id="$id"
emu_ctl atl fault-clear all=true
get op id="$id" timeout_ms=$((30000 * ${SLOW:-1}))
is "$(field state) $(field error)" "4 -125" "the operation"
fails get telemetry source=4 area=1
fails get telemetry source=0 area=4
is "$(head -n 1 /tmp/uabi)" EINVAL "area 4"
fails get op id=99999
is "$(head -n 1 /tmp/uabi)" ENOENT "an unknown operation"

say "cancelled while it ends, and two wait for it"
emu_ctl atl fault-add kind=delay us=10000 set=admin opcode=get-log-page
"$TESTS/uabiop" "$CTRL" 20 > /tmp/uabi || die "$(sort /tmp/uabi | uniq -c)"
emu_ctl atl fault-clear all=true
is "$(($(field done) + $(field cancelled)))" 20 "operations"
ge "$(field done)" 1 "operations that were done"
ge "$(field cancelled)" 1 "operations that were cancelled"
get op id=0
id=$(field id)

say "sixteen operations are remembered, each with its result for whoever asks"
for i in {1..16}; do
	get op id="$id"
	get telemetry source=0 area=1
	newest=$(field id)
	get op id="$newest" timeout_ms=$((30000 * ${SLOW:-1}))
	is "$(field state) $(field error)" "2 0" "operation $newest"
done
fails get op id="$id"
is "$(head -n 1 /tmp/uabi)" ENOENT "the oldest, after sixteen others"
for i in 1 2; do
	get op id=$((newest - 15))
	is "$(field id) $(field state) $(field percent)" "$((newest - 15)) 2 100" "the sixteenth, looked at $i times"
done
get op id=0
is "$(field id)" "$newest" "the newest"

say "of a device that is gone, what was kept"
expect_log "the device is gone|reset failed"
emu_ctl atl gone
wait_for 20 dead reads "$SYS/state" dead
capture 3 3 /tmp/tel.gone || die "$(xargs < /tmp/uabi)"
is "$(head -c 520 /tmp/tel.gone | tail -c 8)" GMXTELEM "its vendor header"
fails capture 0 1 /tmp/tel
is "$(head -n 1 /tmp/uabi)" ENODEV "a new one"
emu_ctl atl back
echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
emu_unplug atl rp0
