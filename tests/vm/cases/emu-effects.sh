# SPDX-License-Identifier: GPL-2.0-or-later
# what the effects log says of a command, and nothing else, is done about it: a scan, a line, I/O that ends before it and waits for it
# driver: gmx
echo '{"namespaces": [{"size": "64M"}]}' > $VM/effects.json
emu_plug effects rp0 g2 --config effects.json
# effects VALUE: of Get Features, which has none of its own, in a log that is read when the driver is bound; bit 0: supported
effects() {
	emu_ctl effects fault-clear all=true
	emu_ctl effects fault-add kind=corrupt what=log:05 offset=$((4 * 0x0a)) bytes=4 value="$1"
	echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
	echo "$BDF" > /sys/bus/pci/drivers/gmx/bind
	attached rp0
	# longer than the delays below
	echo 60000 > "$SYS/io_timeout_ms"
	ftrace_start gmx/gmx_setup_cmd
	wait_for 10 "the scans of the beginning to end" quiet
	ftrace_stop
}
quiet() {
	: > $TRACEFS/trace
	nap 0.3
	not ftrace_seen 'qid=0 '
}
get() { nvme admin-passthru "$CTRL" --opcode=0x0a --cdw10=7 > "$STATE/feature" 2>&1; }
scans() { ftrace_count 'gmx_setup_cmd: .*qid=0 .*opcode=0x6 .*cdw10=0x2 '; }
LINE="Get Features .*may change what the controller can do"
# slow_get / slow_read: started, and known to the controller, which takes its time
slow_get() {
	emu_ctl effects fault-add kind=delay us=$((2000000 * ${SLOW:-1})) set=admin opcode=0x0a count=1
	get &
	wait_for 10 "Get Features to be sent" ftrace_seen 'gmx_setup_cmd: .*qid=0 .*opcode=0xa '
}
slow_read() {
	emu_ctl effects fault-add kind=delay us=$((2000000 * ${SLOW:-1})) set=io opcode=0x02 count=1
	read_one &
	wait_for 10 "the read to be sent" ftrace_seen 'gmx_setup_cmd: .*qid=[1-9].*opcode=0x2 '
}
read_one() { dd if="$DISK" of=/dev/null bs=4k count=1 iflag=direct status=none; }
# order: of the two commands, S and C of the admin one, s and c of the read: sent and completed
order() {
	grep -v '^#' $TRACEFS/trace | sed -En 's/.*gmx_setup_cmd: .*qid=0 .*opcode=0xa .*/S/p; s/.*gmx_complete_rq: .*qid=0 .*/C/p
		s/.*gmx_setup_cmd: .*qid=[1-9].*opcode=0x2 .*/s/p; s/.*gmx_complete_rq: .*qid=[1-9].*/c/p' | tr -d '\n'
}
# both FIRST: that one of the two is out when the other is started
both() {
	ftrace_start gmx/gmx_setup_cmd gmx/gmx_complete_rq
	"slow_$1"
	case $1 in get) read_one ;; read) get ;; esac
	wait
	ftrace_stop
}

say "none"
effects 0x1
ftrace_start gmx/gmx_setup_cmd
get
is "$(scans)" 0 "scans after a command without effects"
ftrace_stop
is "$(log_count "$LINE")" 0 "lines of a command without effects"
both get
is "$(order)" SscC "a read that need not wait for the command"
both read
is "$(order)" sSCc "a command that need not wait for the read"

say "NIC, NCC: a scan that has been when the command returns"
for bit in 0x9 0x5; do
	effects $bit
	ftrace_start gmx/gmx_setup_cmd
	get
	ge "$(scans)" 1 "scans after effects $bit"
	ftrace_stop
done

say "CCC: one line"
effects 0x11
get
get
is "$(log_count "$LINE")" 1 "lines"

say "CSE: alone"
effects 0x10001
both get
is "$(order)" SCsc "a read that has to wait for the command"
both read
is "$(order)" scSC "a command that has to wait for the read"
emu_unplug effects rp0
