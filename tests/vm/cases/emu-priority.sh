# SPDX-License-Identifier: GPL-2.0-or-later
# priority queues: two loads of different I/O priority have their shares by the weights, which a reset keeps; an abort finds its command; round robin treats them alike
# driver: gmx
# limit: 400
# Few commands at once, each of which takes its time: whoever is next is the controller's choice. Less than any kernel asks for.
MS=$((10 * ${SLOW:-1}))
echo '{ "namespaces": [ { "size": "64M" }, { "size": "64M" } ], "commands": 4 }' > $VM/priority.json
emu_plug priority rp0 g3 --config priority.json
emu_ctl priority fault-add kind=delay us=$((MS * 1000)) set=io opcode=read
wait_for 10 "the second disk" test -b "/dev/${NAME}n2"
for d in 1 2; do echo none > "/sys/block/${NAME}n$d/queue/scheduler"; done

refused() { # FILE VALUE
	local said
	said=$({ echo "$2" > "$SYS/$1"; } 2>&1) && die "$1 takes '$2'"
	[[ $said = *"Invalid argument"* ]] || die "$1 with '$2': $said"
}
current() { nvme get-feature "$CTRL" -f 1 | sed -n 's/.*Current value: *0x0*\([0-9a-f]*\)$/\1/p'; }
completed() {
	local stat
	read -ra stat < "/sys/block/${NAME}n$1/stat"
	echo "${stat[0]}"
}
completed_more() { [ "$(completed "$1")" -gt "$2" ]; }
# compete CLASS CLASS: SHARE is what the first has of a thousand reads, while both have more than the controller can take
compete() {
	local d class=("" "$1" "$2") pids=() from=() n=()
	for d in 1 2; do
		from[d]=$(completed $d)
		fio --name=$d --filename="/dev/${NAME}n$d" --direct=1 --ioengine=libaio --rw=randread --bs=4k --iodepth=100 --norandommap \
			--prioclass="${class[d]}" --prio=4 --time_based --runtime=$((120 * ${SLOW:-1})) --minimal --output=/dev/null &
		pids+=($!)
	done
	for d in 1 2; do wait_for 60 "reads of $d" completed_more $d $((from[d] + 100)); done
	for d in 1 2; do from[d]=$(completed $d); done
	nap 10
	for d in 1 2; do n[d]=$(($(completed $d) - from[d])); done
	kill -INT "${pids[@]}"
	wait "${pids[@]}" || true
	SHARE=$((n[1] * 1000 / (n[1] + n[2])))
	say "classes $1 and $2: ${n[1]} and ${n[2]} reads, $SHARE and $((1000 - SHARE)) of a thousand"
}
# follows FIRST SECOND WHAT: either share is what these weights make it, to a tenth
follows() {
	local want=$(($1 * 1000 / ($1 + $2)))
	[ $((10 * (SHARE > want ? SHARE - want : want - SHARE))) -le $((want < 500 ? want : 1000 - want)) ] ||
		die "$3: $SHARE of a thousand, not $want"
}

is "$(cat "$SYS/arbitration") $(cat "$SYS/arbitration_in_use") $(cat "$SYS/arbitration_weights")" "parameter round-robin default" "to begin with"
for wrong in "" wrr Priority 1 "priority round-robin"; do refused arbitration "$wrong"; done
for wrong in "" 1 "1 2" "1 2 3 4" "0 1 1" "257 1 1" "1 1 -1" "a b c" "1,2,3" "4294967297 1 1" "1 1 1 priority of mine, if I may"; do
	refused arbitration_weights "$wrong"
done
timeout=$(cat "$SYS/io_timeout_ms")
echo $((30000 * ${SLOW:-1})) > "$SYS/io_timeout_ms"
compete 1 2
follows 1 1 "round robin"

echo priority > "$SYS/arbitration"
is "$(cat "$SYS/arbitration") $(cat "$SYS/arbitration_in_use")" "priority round-robin" "before the reset"
echo 1 > "$SYS/reset_controller"
is "$(cat "$SYS/arbitration_in_use")" priority "after the reset"
is "$(cat "$SYS/arbitration_weights")" "32 16 8" "the controller's own weights"
is "$(awk '$2 == 1' "/sys/kernel/debug/gmx/$NAME/queues" | wc -l)" 3 "submission queues of the first completion queue"
burst=$(current)
echo "6 3 1" > "$SYS/arbitration_weights"
is "$(cat "$SYS/arbitration_weights")" "6 3 1" "weights that were set"
is "$(current)" "50200${burst: -2}" "feature 01h, with the burst as it was"
compete 1 2
follows 6 3 "realtime and best effort"

say "a reset under load keeps weights and order"
LOAD_DISK=/dev/${NAME}n2 load_start --prioclass=1 --prio=4
echo 1 > "$SYS/reset_controller"
LOAD_DISK=/dev/${NAME}n2 load_stop
is "$(cat "$SYS/arbitration_in_use") $(cat "$SYS/arbitration_weights")" "priority 6 3 1" "after a reset"
is "$(current)" "50200${burst: -2}" "feature 01h after a reset"
compete 2 3
follows 3 1 "best effort and idle"

say "an abort names the queue that its command is in"
expect_log "gmx .*(time-out, aborting|abort: status)"
echo "$timeout" > "$SYS/io_timeout_ms"
for class in 1 2 3; do
	aborts=$(stat_of abort_count)
	emu_ctl priority fault-add kind=delay us=600000000 set=io opcode=write count=1
	ftrace_start gmx/gmx_setup_cmd
	ionice -c $class dd if=/dev/zero of="$DISK" bs=4k count=1 oflag=direct status=none
	ftrace_stop
	is "$(stat_of abort_count)" $((aborts + 1)) "aborts of class $class"
	# medium, high and low, in this order, of each completion queue
	place=$((class == 1 ? 2 : class == 2 ? 1 : 3))
	sq=$(sed -n 's/.* sq=\([0-9]*\) .*opcode=0x1 .*/\1/p' $TRACEFS/trace | sort -u)
	is $(((sq - 1) % 3 + 1)) $place "place of the queue of class $class, which is $sq"
done
found() { [ "$(log_count 'abort: status 0x0, result 0x0')" = 3 ]; }
wait_for 5 "three aborts that found their command" found
is "$(stat_of reset_count)" 2 "resets"
emu_unplug priority rp0
