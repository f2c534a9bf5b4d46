# SPDX-License-Identifier: GPL-2.0-or-later
# The rows of faults.table, run on one emulated G2. Sourced by the cases fault-*.

FAULT_COUNTERS="resets=reset_count timeouts=timeout_count missed=missed_interrupt_count aborts=abort_count
	stale=stale_completion_count errors=command_error_count retries=command_retries_count events=async_event_count"
# ms; a sanitizer kernel takes longer, but not for one command
FAULT_TIMEOUT=$((${DEBUG:-0} ? 4000 : 2000))
FAULT_BUDGET=$((6 * FAULT_TIMEOUT))
FAULT_SHOWN=$STATE/fault-table
declare -A errno_of=(["Input/output error"]=EIO ["No data available"]=ENODATA ["No space left on device"]=ENOSPC
	["Remote I/O error"]=EREMOTEIO ["Operation not supported"]=EOPNOTSUPP ["Invalid exchange"]=EBADE
	["Invalid or incomplete multibyte or wide character"]=EILSEQ ["Link has been severed"]=ENOLINK
	["No such device or address"]=ENXIO ["No such device"]=ENODEV)
export LC_ALL=C
: > "$FAULT_SHOWN"
GROUP_BAD=

ms() {
	local up
	read -r up _ < /proc/uptime
	NOW=$((10#${up/./} * 10))
}

ctl() { emu ctl f0 "$@" > "$STATE/ctl" || die "emu ctl $*: $(cat "$STATE/ctl")"; }

# faults_begin: the controller that all rows share, with limits that make a row that waits for them short
faults_begin() {
	expect_log
	echo '{"cap_to": 4, "namespaces": [{"size": "64M"}]}' > /vm/f0.json
	unplug rp0
	emu stop f0 > /dev/null 2>&1 || true
	rm -rf /vm/f0.state
	emu_plug f0 rp0 "${1:-g2}" --config /vm/f0.json
	faults_limits
	pattern_new first
	work_write
	is "$RESULT" ok "the first write"
}

faults_limits() {
	echo $FAULT_TIMEOUT > "$SYS/admin_timeout_ms"
	echo $FAULT_TIMEOUT > "$SYS/io_timeout_ms"
	echo "$FAULT_BUDGET" > "$SYS/recovery_budget_ms"
}

faults_end() {
	echo
	cat "$FAULT_SHOWN"
	[ ! "$GROUP_BAD" ] || die "the rows above"
	emu_unplug f0 rp0
}

# ---- what the application does: RESULT is ok, the error, or what is wrong with the data ----------

pattern_new() {
	local i
	for ((i = 0; i < 64; i++)); do printf '%-63.63s\n' "$1 $i $RANDOM"; done > "$STATE/pattern.new"
}

# told COMMAND...: RESULT from its status and its last words
told() {
	local words
	if timeout $((60 * ${SLOW:-1})) "$@" > "$STATE/out" 2> "$STATE/err"; then
		RESULT=ok
		return
	fi
	words=$(grep -v 'records \|copied' "$STATE/err" | head -n 1)
	RESULT=${errno_of[${words##*: }]:-${words:-no end}}
}

work_read() {
	told dd if="$DISK" of="$STATE/got" bs=4096 count=1 iflag=direct
	[ "$RESULT" != ok ] || cmp -s "$STATE/got" "$STATE/pattern" || RESULT="wrong data"
}
work_write() {
	pattern_new "${row_name:-first}"
	told dd if="$STATE/pattern.new" of="$DISK" bs=4096 count=1 oflag=direct
	[ "$RESULT" != ok ] || mv "$STATE/pattern.new" "$STATE/pattern"
}
work_flush() {
	told dd if="$STATE/pattern" of="$DISK" bs=4096 count=1 oflag=direct conv=fsync
}
# the delays that a controller asks for are what it says at its last reset
work_crd() {
	local error
	echo 1 > "$SYS/reset_controller"
	work_read
	error=$RESULT
	echo 1 > "$SYS/reset_controller"
	RESULT=$error
}
work_zeroes() { told blkdiscard -z -o 1048576 -l 65536 "$DISK"; }
work_discard() { told blkdiscard -o 1048576 -l 65536 "$DISK"; }
work_identify() {
	told nvme id-ctrl "$CTRL"
	[ "$RESULT" = ok ] || RESULT=fails
}
# a sound image that does not start: what ran before runs on
work_firmware() {
	local before
	before=$(nvme id-ctrl "$CTRL" | grep '^fr ')
	/repo/tools/gmx-emu/mkfw --family g2 --version 9.0.0 "$STATE/firmware"
	nvme fw-download "$CTRL" -f "$STATE/firmware" > "$STATE/out" || die "fw-download: $(cat "$STATE/out")"
	told nvme fw-commit "$CTRL" -s 2 -a 3
	[ "$RESULT" = ok ] || RESULT=fails
	[ "$(nvme id-ctrl "$CTRL" | grep '^fr ')" = "$before" ] || RESULT="another firmware runs"
}
# a short one, of two seconds; byte 4 of the log is code and outcome of the newest, byte 5 the segment that failed
work_self-test() {
	nvme device-self-test "$CTRL" -s 1 > "$STATE/out" 2>&1 || die "device-self-test: $(cat "$STATE/out")"
	wait_for 20 "the self-test's end" self_test_over
	set -- $(od -An -v -tu1 "$STATE/selftest")
	case $5:$6 in
	$((0x10)):*) RESULT=ok ;;
	$((0x17)):4) RESULT=fails ;;
	*) RESULT="self-test: status $5, segment $6" ;;
	esac
}
self_test_over() {
	nvme get-log "$CTRL" -i 6 -l 32 -b > "$STATE/selftest" || return
	set -- $(od -An -v -tu1 "$STATE/selftest")
	[ "$1" = 0 ]
}
# the health line has a time of its own
work_event() { work_read; }
# one that fails while its neighbour, in the same queue, goes on
work_poison() {
	dd if="$DISK" of=/dev/null bs=4096 count=1 skip=1 iflag=direct status=none & local neighbour=$!
	told dd if="$DISK" of=/dev/null bs=512 count=1 skip=64 iflag=direct
	wait $neighbour || RESULT="its neighbour fails too"
}
# a verifying fio to its end; what is to happen in it happens by the number of commands
work_load() {
	local out=$STATE/fio.out
	RESULT=ok
	timeout $((90 * ${SLOW:-1})) fio --name=load --allow_file_create=0 --filename="$DISK" --direct=1 --offset=2M \
		--size=2M --bsrange=4k-32k --rw=randwrite --ioengine=libaio --iodepth=8 --verify=crc32c \
		--verify_fatal=1 --do_verify=1 --randseed=11 --minimal > "$out" 2>&1 || RESULT="fio: $(tail -n 1 "$out" | head -c 120)"
}

# the same, when errors are right; it must end
work_load-fails() {
	work_load
	case $RESULT in *"Input/output error"* | "fio: "*) RESULT=EIO ;; esac
}
# an error, then a controller that answers again while the reset still tries
work_wake() {
	local error
	echo $((15000 * ${SLOW:-1})) > "$SYS/admin_timeout_ms"
	work_read
	error=$RESULT
	until_right 5 state state_is recovering
	ctl unhang
	until_right 20 state state_is live
	work_read
	[ "$RESULT" = ok ] && RESULT=$error || RESULT="after it was back: $RESULT"
	faults_limits
}
before_bind() { echo "$BDF" > "/sys/bus/pci/drivers/gmx/unbind"; }
work_bind() {
	RESULT=refused
	! { echo "$BDF" > /sys/bus/pci/drivers/gmx/bind; } 2> /dev/null || RESULT=ok
	use rp0
}
work_unbind() {
	echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
	bound "$BDF" || RESULT=ok
}
work_remove() {
	echo 1 > "/sys/bus/pci/devices/$BDF/remove"
	present "$BDF" || RESULT=ok
}

# ---- one row ------------------------------------------------------------------------------------

counters_read() { # into the array named $1
	local pair
	for pair in $FAULT_COUNTERS; do printf -v "$1[${pair%%=*}]" %s "$(< "$SYS/${pair#*=}")"; done
}

# counters_right WANT: each has grown as WANT says; WRONG tells of one that has not
counters_right() {
	local word pair name grown want
	counters_read now
	WRONG= GROWN=
	for pair in $FAULT_COUNTERS; do
		name=${pair%%=*} want=0
		grown=$((now[$name] - before[$name]))
		[ "$grown" = 0 ] || GROWN+=" $name=$grown"
		[ "$name" != events ] || want=any
		for word in $1; do
			case $word in
			"$name"=*) want=${word#*=} ;;
			"$name"+) want=some ;;
			"$name"'*') want=any ;;
			esac
		done
		case $want in
		any) ;;
		some) [ "$grown" -gt 0 ] || WRONG+=" $name=$grown, not above 0" ;;
		*) [ "$grown" = "$want" ] || WRONG+=" $name=$grown, not $want" ;;
		esac
	done
	[ ! "$WRONG" ]
}

# lines_right LOG: every line of it is in the log since the row began, and no other line of ours of level err or warning
lines_right() {
	local rest=$1 one
	"$TESTS_DIR/kmsg" since "$row_mark" > "$STATE/row.log"
	grep -aE '^[0-6] gmx ' "$STATE/row.log" > "$STATE/row.ours" || true
	WRONG=
	# a reset takes back the aborts too, and commands whose time is up meanwhile
	printf '%s\n' 'callbacks suppressed' 'abort: status 0x371' 'time-out while (resetting|recovering|deleting)' > "$STATE/row.allowed"
	while [ "$rest" ]; do
		one=${rest%%;;*}
		[ "$one" != "$rest" ] && rest=${rest#*;;} || rest=
		echo "${one#\~}" >> "$STATE/row.allowed"
		case $one in '~'*) continue ;; esac
		grep -aqE -- "$one" "$STATE/row.ours" || WRONG+=" no line '$one'"
	done
	one=$(grep -aE '^[0-4] ' "$STATE/row.ours" | grep -avEf "$STATE/row.allowed" | head -n 1) || true
	[ ! "$one" ] || WRONG+=" a line that is not in the table: $one"
	[ ! "$WRONG" ]
}

fault_inject() {
	local rest=$1 one
	while [ "$rest" ]; do
		one=${rest%%;*}
		[ "$one" != "$rest" ] && rest=${rest#*;} || rest=
		case $one in
		'!'*) ctl ${one#!} ;;
		*) ctl fault-add $one ;;
		esac
	done
}

# until_right WHAT COMMAND...: it becomes true in time, or the row has failed with WRONG
until_right() {
	local end=$((SECONDS + $1 * ${SLOW:-1})) what=$2
	shift 2
	until "$@"; do
		[ $SECONDS -le $end ] || { row_failed "$what:$WRONG"; return; }
		nap 0.1
	done
}

row_failed() {
	say "$row_name: $1"
	ROW_BAD=1 GROUP_BAD=1
}

state_is() {
	reads "$SYS/state" "$1" && return
	WRONG=" $(stat_of state), not $1"
	return 1
}

# fault_heal: whatever a row left behind; a controller that was given up is reset
fault_heal() {
	ctl fault-clear all=true
	case $row_fault in
	*hang-controller*) ctl unhang ;;
	*gone*) ctl back ;;
	*drive-fail*) ctl drive-repair drive=0 ;;
	esac
	# what it was told in its power-on state, it has forgotten
	case $row_fault,$row_work in
	*gone*,remove | *gone*,bind | *gone*,unbind)
		[ ! -e "/sys/bus/pci/devices/$BDF/remove" ] || echo 1 > "/sys/bus/pci/devices/$BDF/remove"
		echo 1 > "/sys/bus/pci/devices/$(port_of rp0)/rescan"
		wait_for 10 "$BDF after $row_name" present "$BDF"
		;;
	*) bound "$BDF" || echo "$BDF" > /sys/bus/pci/drivers/gmx/bind || die "$row_name: it can't be bound again" ;;
	esac
	case $row_work in
	bind | unbind | remove)
		NO_DISK=1 attached_any
		faults_limits
		;;
	esac
	reads "$SYS/state" live && return
	[ "$row_state" = live ] || echo 1 > "$SYS/reset_controller" 2> /dev/null || true
	wait_for 20 "live again after $row_name" reads "$SYS/state" live
	wait_for 10 "$DISK again after $row_name" test -b "$DISK"
	echo $FAULT_TIMEOUT > "$SYS/io_timeout_ms"
}

attached_any() {
	wait_for 20 "$row_name: bound again" bound "$BDF"
	use rp0
}

row_run() {
	local -A before=() now=()
	local start took
	row_mark=$("$TESTS_DIR/kmsg" last)
	ROW_BAD=
	[ "$row_counters" = - ] || counters_read before
	case $row_work in bind) before_bind ;; esac
	ms
	start=$NOW
	fault_inject "$row_fault"
	"work_$row_work"
	ms
	took=$((NOW - start))
	is_end "$RESULT" "${row_end%% *}"
	# what the budget bounds is counted from the first time-out
	[ $took -le $((FAULT_BUDGET + 5000 * ${SLOW:-1})) ] || [ "$row_work" = load ] || row_failed "took $took ms"
	case $row_end,$row_work in refused* | *,unbind | *,remove) ;; *)
		until_right $((FAULT_BUDGET / 1000 + 20)) state state_is "$row_state"
		;;
	esac
	GROWN=
	[ "$row_counters" = - ] || until_right 8 counters counters_right "$row_counters"
	until_right 5 log lines_right "$row_log"
	[ ! "$ROW_BAD" ] || { say "log:"; sed 's/^/# /' "$STATE/row.ours"; say "grown:$GROWN"; }
	fault_heal
	wait_for 10 "$DISK after $row_name" test -b "$DISK"
	[ "$RESULT" = ok ] || work_write
	work_read
	[ "$RESULT" = ok ] || row_failed "afterwards: $RESULT"
	# error lines are limited in number
	case $row_counters in *errors*) nap 0.5 ;; esac
	printf '%-16s %-10s %-10s %6s ms  %-60s %s\n' "$row_name" "${row_end%% *}" "$row_state" "$took" \
		"${GROWN# }" "${ROW_BAD:+FAILED}" >> "$FAULT_SHOWN"
}

is_end() { [ "$1" = "$2" ] || row_failed "ended with '$1', not '$2'"; }

# telemetry_names OPTIONS WORDS...: telemetry, read with OPTIONS of nvme telemetry-log, has a line for each of the words
telemetry_names() {
	local word
	nvme telemetry-log "$CTRL" -O "$STATE/telemetry" $1 > "$STATE/out" 2>&1 || die "telemetry-log $1: $(cat "$STATE/out")"
	"$TESTS_DIR/telemetry" "$STATE/telemetry" > "$STATE/telemetry.text" || die "$(cat "$STATE/telemetry.text")"
	shift
	for word; do
		grep -qE -- "$word" "$STATE/telemetry.text" || die "telemetry does not name '$word': $(cat "$STATE/telemetry.text")"
	done
	cat "$STATE/telemetry.text"
}

# fault_rows GROUP: all its rows, or those whose names are in ROWS; on a debug kernel those that are marked with *
fault_rows() {
	local line
	while IFS= read -r line <&8; do
		case $line in "$1|"*) ;; *) continue ;; esac
		IFS='|' read -r _ row_name row_fault row_work row_end row_counters row_log _ <<< "$line"
		case $row_name in *'*') row_name=${row_name%'*'} ;; *) [ ! "${DEBUG:-}" ] || continue ;; esac
		case " ${ROWS:-$row_name} " in *" $row_name "*) ;; *) continue ;; esac
		case $row_end in *' '*) row_state=${row_end#* } ;; *) row_state=live ;; esac
		row_run
	done 8< <(sed 's/[[:space:]]*|[[:space:]]*/|/g' "$TESTS_DIR/faults.table")
	[ -s "$FAULT_SHOWN" ] || die "no row in group $1"
}
