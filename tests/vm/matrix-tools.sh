# SPDX-License-Identifier: GPL-2.0-or-later
# What nvme-cli and smartctl are asked in every cell of the matrix. Sourced by the cases matrix-tools-*.

. "$TESTS_DIR/matrix.sh"

# run COMMAND…: its output under a heading
run() {
	echo "== $*"
	timeout 60 "$@" 2>&1 || echo "status $?"
}

# alike: without what is not the same in two runs: names of nodes, the clock, temperatures, what counts commands and errors
alike() {
	LC_ALL=C cat -v | sed -E "
		s,/sys/class/$CLASS/,/sys/class/CLASS/,g; s,$CTRL\b,CTRL,g; s,$DISK\b,DISK,g; s,$GEN\b,GENERIC,g
		s/\b$NAME(n[0-9]+)?\b/NODE\1/g; s/\b${GEN#/dev/}\b/GENERIC/g; s/(tach-ns .*) -c [0-9]+/\1 -c CNTLID/
		/^Local Time is:/d; /\"(time_t|asctime|temperature|current)\":/d; /^(temperature|Temperature)/d
		/\"temperature_sensors\"/,/\]/d
		/^(Data Units|Host (Read|Write)|host_(read|write)|Controller Busy|controller_busy|Power On Hours|power_on_hours)/d
		/\"(data_units|host)_(read|written|reads|writes)\":/d
		s/^((num_err_log_entries|error_count|cmdid|Error Information Log Entries)[^:]*:).*/\1/
		s/(\"(error_count|command_id|num_err_log_entries)\":).*/\1/
		s/^( *[0-9]+) +[0-9]+ ( *[01])  0x[0-9a-f]{4} /\1 \2 /
		/^Event (Number|Timestamp)|^(Total (Number|Log)|Timestamp:|Generation Number)/d"
}

settle() { wait_for 20 "live" reads "$SYS/state" live; }

tools_identify() {
	run nvme id-ctrl -H "$CTRL"
	run nvme id-ctrl -o json "$CTRL"
	run nvme id-ns -H "$DISK"
	run nvme id-ns "$GEN"
	run nvme id-ns "$CTRL" -n 1
	run nvme id-ns "$CTRL" -n 1 -f
	run nvme id-ns "$CTRL" -n 77
	run nvme ns-descs "$CTRL" -n 1
	run nvme get-ns-id "$DISK"
	run nvme get-ns-id "$GEN"
	run nvme list-ns "$CTRL"
	run nvme list-ns -a "$CTRL"
	run nvme list-ctrl "$CTRL"
	run nvme list-ctrl -n 1 "$CTRL"
	run nvme id-ns-granularity "$CTRL"
	run nvme nvm-id-ctrl "$CTRL"
	run nvme cmdset-ind-id-ns "$CTRL" -n 1
	run nvme id-iocs "$CTRL"
	run nvme id-nvmset "$CTRL"
	run nvme id-uuid "$CTRL"
	run nvme list-endgrp "$CTRL"
	run nvme primary-ctrl-caps "$CTRL"
	run nvme list-secondary "$CTRL"
	run nvme show-regs "$CTRL"
}

tools_logs() {
	run nvme smart-log -H "$CTRL"
	run nvme fw-log "$CTRL"
	run nvme self-test-log "$CTRL"
	run nvme effects-log -H -c 0 "$CTRL"
	run nvme changed-ns-list-log "$CTRL"
	run nvme sanitize-log -H "$CTRL"
	run nvme persistent-event-log -a 2 "$CTRL"
	run nvme persistent-event-log -a 0 "$CTRL"
	run nvme persistent-event-log -a 1 "$CTRL"
	# a driver's own events are resets and the time that it sets; a SMART snapshot is all counters
	run nvme persistent-event-log -a 0 "$CTRL" |
		awk 'BEGIN { RS = ""; ORS = "\n\n" } !/Event Type: (Power-on or Reset|Timestamp Change|SMART)/'
	run nvme persistent-event-log -a 2 "$CTRL"
	run nvme endurance-log -g 1 "$CTRL"
	run nvme ana-log "$CTRL"
	run nvme supported-log-pages "$CTRL"
	run nvme telemetry-log "$CTRL" -O /tmp/telemetry -g 1
	run nvme get-log "$CTRL" -i 8 -l 512
	run nvme get-log "$CTRL" -i 0xc0 -l 8
	run nvme get-log "$CTRL" -i 0xff -l 64
}

# What a driver sets as it likes is asked for by its default: power states, events, host memory, the clock, its behaviour.
tools_features() {
	local id node select
	for id in 1 2 3 4 5 6 7 8 9 0xa 0xb 0xc 0xd 0xe 0xf 0x10 0x11 0x12 0x13 0x14 0x15 0x16 0x17 0x7f 0x80 0x81 0x84 0xc0; do
		case $id in
		3 | 5 | 0x84) node=$DISK ;;
		*) node=$CTRL ;;
		esac
		case $id in
		2 | 0xb | 0xc | 0xd | 0xe | 0x16) select=1 ;;
		*) select=0 ;;
		esac
		run nvme get-feature -H "$node" -f $id -s $select
	done
	for select in 1 2 3; do run nvme get-feature "$CTRL" -f 4 -s $select; done
	run nvme set-feature "$CTRL" -f 4 -V 330
	run nvme get-feature "$CTRL" -f 4
	run nvme set-feature "$CTRL" -f 4 -V 343
	run nvme set-feature "$CTRL" -f 0x55 -V 1
	run nvme set-feature "$DISK" -n 1 -f 0x84 -V 1
	run nvme write "$DISK" -s 0 -c 0 -z 512 -d /tmp/zeroes
	run nvme set-feature "$DISK" -n 1 -f 0x84 -V 0
}

tools_io() {
	run nvme write "$DISK" -s 8 -c 7 -z 4096 -d /tmp/ones
	run nvme read "$DISK" -s 8 -c 0 -z 512
	run nvme compare "$DISK" -s 8 -c 7 -z 4096 -d /tmp/ones
	run nvme compare "$DISK" -s 8 -c 7 -z 4096 -d /tmp/zeroes
	run nvme verify "$DISK" -s 8 -c 7
	run nvme write-zeroes "$DISK" -s 8 -c 3
	run nvme compare "$DISK" -s 8 -c 3 -z 2048 -d /tmp/zeroes
	run nvme dsm "$DISK" -n 1 -s 8,16,32 -b 8,8,16 -d
	run nvme compare "$DISK" -s 8 -c 7 -z 4096 -d /tmp/zeroes
	run nvme flush "$DISK" -n 1
	run nvme flush "$DISK" -n 77
	run nvme write-uncor "$DISK" -s 64 -c 7
	run nvme read "$DISK" -s 64 -c 0 -z 512
	run nvme verify "$DISK" -s 64 -c 7
	run nvme write "$DISK" -s 64 -c 7 -z 4096 -d /tmp/zeroes
	run nvme read "$DISK" -s 64 -c 0 -z 512
	run nvme read "$DISK" -s 0xfffffff0 -c 0 -z 512
	run nvme copy "$DISK" -s 0 -b 0 -d 128
	run nvme get-lba-status "$DISK" -s 0 -m 100 -a 0x10
	run nvme resv-report "$DISK" -d 64
	run nvme io-passthru "$DISK" --opcode=0x7e -n 1
}

tools_admin() {
	run nvme security-recv "$CTRL" -p 0 -s 0 -x 256 -t 256
	run nvme security-send "$CTRL" -p 0xee -s 0 -t 512 -f /tmp/zeroes
	run nvme dir-receive "$DISK" -D 0 -O 1 -H
	run nvme nvme-mi-recv "$CTRL" -m 1 -O 0 -l 32
	run nvme nvme-mi-recv "$CTRL" -m 1 -O 1 -l 0
	run nvme nvme-mi-send "$CTRL" -m 1 -O 9 -l 0
	run nvme virt-mgmt "$CTRL" -c 5 -a 8
	run nvme lockdown "$CTRL" -o 0
	run nvme capacity-mgmt "$CTRL" -O 0 -i 0
	run nvme admin-passthru "$CTRL" --opcode=0x7e
}

tools_self_test() {
	run nvme device-self-test "$CTRL" -s 1
	self_test_done() { ! nvme self-test-log "$CTRL" 2> /dev/null | grep -Eq 'Current operation *: (0x)?[1-9a-f]'; }
	wait_for 20 "the self-test's end" self_test_done
	run nvme device-self-test "$CTRL" -s 2
	wait_for 20 "the self-test's end" self_test_done
	run nvme device-self-test "$CTRL" -s 0xf
	run nvme self-test-log -v "$CTRL"
	run smartctl -d nvme -t short "$CTRL"
	wait_for 20 "the self-test's end" self_test_done
	run smartctl -d nvme -l selftest "$CTRL"
}

tools_namespaces() {
	local id
	id=$(($(cat "$SYS/cntlid")))
	run nvme create-ns "$CTRL" -s 8192 -c 8192 -f 0 -m 1
	run nvme list-ns -a "$CTRL"
	run nvme id-ns "$CTRL" -n 2 -f
	run nvme attach-ns "$CTRL" -n 2 -c $id
	run nvme ns-rescan "$CTRL"
	if nvme list-ns "$CTRL" | grep -q 0x2; then
		wait_for 10 "the disk" test -b "/dev/${NAME}n2"
		run dd if="/dev/${NAME}n2" of=/dev/null bs=64k iflag=direct status=none
		run blockdev --getsize64 "/dev/${NAME}n2"
	fi
	run nvme detach-ns "$CTRL" -n 2 -c $id
	wait_for 10 "the disk to go" not test -e "/dev/${NAME}n2"
	run nvme delete-ns "$CTRL" -n 2
	run nvme delete-ns "$CTRL" -n 5
	run nvme create-ns "$CTRL" -s 0x10000000000 -c 0x10000000000 -f 0
	run nvme detach-ns "$CTRL" -n 1 -c $id
	wait_for 10 "the disk to go" not test -e "$DISK"
	run nvme list-ns "$CTRL"
	run nvme attach-ns "$CTRL" -n 1 -c $id
	wait_for 10 "the disk" test -b "$DISK"
	run nvme attach-ns "$CTRL" -n 1 -c $id
	run nvme list-ns "$CTRL"
}

tools_format() {
	local size
	for size in 4096 512; do
		run nvme format "$DISK" -n 1 -b $size --force
		wait_for 10 "blocks of $size" reads "/sys/block/$BLK/queue/logical_block_size" $size
		run blockdev --getss --getsize64 "$DISK"
		run nvme id-ns "$DISK"
	done
	run nvme format "$DISK" -n 1 -s 1 --force
	run nvme format "$DISK" -n 1 -l 15 --force
}

tools_sanitize() {
	write_pattern A 0 65536
	run nvme sanitize "$CTRL" -a 2
	sanitized() { ! nvme sanitize-log "$CTRL" 2> /dev/null | grep -q 'SSTAT) *: *0x.*2$'; }
	wait_for 20 "the sanitize operation's end" sanitized
	run nvme sanitize-log -H "$CTRL"
	run nvme sanitize "$CTRL" -a 4
	wait_for 20 "the sanitize operation's end" sanitized
	run nvme sanitize "$CTRL" -a 1
}

tools_firmware() {
	python3 /repo/tools/gmx-emu/mkfw --family g2 --version 1.1.0 --activation controller /tmp/firmware
	run nvme fw-download "$CTRL" -f /tmp/firmware
	run nvme fw-commit "$CTRL" -s 2 -a 1
	run nvme fw-log "$CTRL"
	run nvme reset "$CTRL"
	settle
	run nvme fw-log "$CTRL"
	run nvme id-ctrl "$CTRL"
	# gmx leaves the padding out
	run sed 's/ *$//' "$SYS/firmware_rev"
	run nvme fw-download "$CTRL" -f /tmp/ones
	run nvme fw-commit "$CTRL" -s 3 -a 1
	run nvme fw-commit "$CTRL" -s 1 -a 2
	run nvme reset "$CTRL"
	settle
	run nvme fw-log "$CTRL"
}

tools_reset() {
	run nvme reset "$CTRL"
	settle
	run nvme subsystem-reset "$CTRL"
	run nvme reset "$CTRL"
	settle
	run nvme ns-rescan "$CTRL"
	run nvme id-ns "$DISK"
	run dd if="$DISK" of=/dev/null bs=64k count=4 iflag=direct status=none
}

# three errors known, and what the log says of them
tools_errors() {
	nvme get-log "$CTRL" -i 0xff -l 64 > /dev/null 2>&1 || true
	nvme admin-passthru "$CTRL" --opcode=0x7e > /dev/null 2>&1 || true
	nvme read "$DISK" -s 0xfffffff0 -c 0 -z 512 > /dev/null 2>&1 || true
	run nvme error-log "$CTRL" -e 3
}

tools_smartctl() {
	local node
	for node in "$CTRL" "$DISK" "$GEN"; do run smartctl -d nvme -a "$node"; done
	run smartctl -d nvme -x "$CTRL"
	run smartctl -d nvme -x -j "$CTRL"
	run smartctl -d nvme -l error,3 "$CTRL"
	run smartctl -d nvme -l selftest "$CTRL"
	run smartctl -d nvme -X "$CTRL"
	run smartctl -d nvme -H "$CTRL"
}

# matrix_tools DEVICE DRIVER: all of it, on a device as it comes from the factory. What resets the controller comes first:
# the newest errors of the log are then those of the commands here.
matrix_tools() {
	local part
	matrix_plug "$1"
	cell "$1" "$2"
	head -c 4096 /dev/zero > /tmp/zeroes
	tr '\0' '\1' < /tmp/zeroes > /tmp/ones
	write_pattern '\0' 0 65536
	for part in self_test namespaces format sanitize firmware reset identify logs features io admin errors smartctl; do
		tools_$part
	done 2>&1 | alike > "$VM/matrix-$1.$2"
}

# what a controller says in the kernel log of a reset that was asked for, and of a command for another namespace
TOLD="(gmx|nvme)[0-9]+: (nvme: )?resetting (the )?(controller|NVM subsystem)|nvme: (nsid|command for namespace)"

matrix_compare() {
	ge "$(grep -c '^== ' "$VM/matrix-$1.gmx")" 150 "commands"
	! grep -B 5 '^status 124' "$VM/matrix-$1".* || die "a command took a minute"
	diff -u "$VM/matrix-$1.nvme" "$VM/matrix-$1.gmx"
	no_complaints "$TOLD"
}
