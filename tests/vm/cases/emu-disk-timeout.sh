# SPDX-License-Identifier: GPL-2.0-or-later
# io_timeout_ms of a disk bounds the commands to it, read and passed through; 0 is the controller's, and nothing else is taken
# driver: gmx
expect_log
echo '{"namespaces": [{"size": "64M"}, {"size": "64M"}]}' > $VM/limit.json
emu_plug limit rp0 g2 --config limit.json
wait_for 10 "its neighbour" test -b "/dev/${NAME}n2"
own=/sys/block/$BLK/io_timeout_ms
is "$(cat "$own") $(cat "/sys/block/$BLK/queue/io_timeout")" "0 2000" "time-outs at first"
for bad in 1 99 600001 -1 many ''; do fails sh -c "echo '$bad' > $own" 2> /dev/null; done
is "$(cat "$own")" 0 "after values that are none"
# late COMMAND...: it comes two seconds late, as the block layer looks but once a second; says how many time-outs that made
late() {
	local before
	before=$(stat_of timeout_count)
	emu_ctl limit fault-add kind=delay us=$((2000000 * ${SLOW:-1})) set=io opcode=0x02 count=1
	"$@" > /dev/null 2>&1 || true
	wait_for 20 live reads "$SYS/state" live
	echo $(($(stat_of timeout_count) - before))
	emu_ctl limit fault-clear all=true
}
passed() { nvme io-passthru "$1" --namespace-id="$2" --opcode=2 --data-len=512 --read; }
echo $((8000 * ${SLOW:-1})) > "$SYS/io_timeout_ms"
is "$(late passed "$GEN" 1)" 0 "time-outs by the controller's value"
echo 300 > "$own"
is "$(cat "/sys/block/$BLK/queue/io_timeout")" 300 "the queue's"
ge "$(late read_ok)" 1 "time-outs of a read by the disk's value"
ge "$(late passed "$GEN" 1)" 1 "time-outs of a passed through read by the disk's value"
is "$(late read_ok "/dev/${NAME}n2")" 0 "time-outs of its neighbour"
echo $((7000 * ${SLOW:-1})) > "$SYS/io_timeout_ms"
is "$(cat "/sys/block/$BLK/queue/io_timeout")" 300 "the queue's, after the controller's was changed"
echo 0 > "$own"
is "$(cat "/sys/block/$BLK/queue/io_timeout")" $((7000 * ${SLOW:-1})) "the queue's with 0"
is "$(late read_ok)" 0 "time-outs with 0"
emu_unplug limit rp0
