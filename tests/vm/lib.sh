# SPDX-License-Identifier: GPL-2.0-or-later
# Common code of the VM cases. A case is sourced after this file with `set -eu -o pipefail`,
# runs as root in the guest, and passes when it reaches its end.
#
# DRIVER=nvme runs a case against the inbox driver, which proves the case itself.

DRIVER=${DRIVER:-gmx}
SIZE=${SIZE:-$((64 << 20))}
STATE=${STATE:-/run/gmx-test}
TESTS=/gmx/tests
VM=/vm

case $DRIVER in
gmx) CLASS=gmx NODE=gmx GENERIC=gmxg ;;
nvme) CLASS=nvme NODE=nvme GENERIC=ng ;;
esac

# A fork and an exec cost a second on the debug kernel: what is polled uses the shell alone.
exec {never}<> <(:)
nap() { read -rt "$1" -u "$never" || true; }

say() { echo "# $*"; }
die() { echo "FAILED: $*"; exit 1; }
skip() { echo "$*" > "$STATE/skip"; exit 77; }

# wait_for SECONDS WHAT COMMAND…: polls until COMMAND succeeds; slow kernels get more of them
wait_for() {
	local end=$((SECONDS + $1 * ${SLOW:-1})) what=$2
	shift 2
	until "$@"; do
		[ $SECONDS -le $end ] || die "waited in vain for: $what"
		nap 0.05
	done
}

not() { ! "$@"; }
is() { [ "$1" = "$2" ] || die "$3: got '$1', expected '$2'"; }
ge() { [ "$1" -ge "$2" ] || die "$3: got '$1', expected at least '$2'"; }
reads() {
	local value=
	{ read -r value < "$1"; } 2> /dev/null || true
	[ "$value" = "$2" ]
}
fails() { if "$@"; then die "should have failed: $*"; fi; }

# The driver's own lines of level err and warning fail a case that has not announced them.
# Kernel warnings can't be announced.
expect_log() { echo "${1:-.}" >> "$STATE/expected"; }

# log_has REGEX: the kernel has logged it since this case began
log_has() { "$TESTS_DIR/kmsg" since "$(cat "$STATE/mark")" | grep -Eq -- "$1"; }
log_count() { "$TESTS_DIR/kmsg" since "$(cat "$STATE/mark")" | grep -Ec -- "$1" || true; }

# ---- the module -----------------------------------------------------------------------------

NVME_QEMU_ID="1b36 0010"

# load [PARAMETER=VALUE…]: loaded with exactly these parameters, reloaded only when they differ
load() {
	local want="$DRIVER $*"
	if [ -d /sys/module/$DRIVER ] && [ "$(cat "$STATE/loaded" 2>/dev/null)" = "$want" ]; then
		return
	fi
	unload
	case $DRIVER in
	gmx)
		insmod /gmx/gmx.ko io_timeout_ms=2000 "$@"
		watch_races gmx
		echo "$NVME_QEMU_ID" > /sys/bus/pci/drivers/gmx/new_id
		;;
	nvme) modprobe nvme_core multipath=N && modprobe nvme "$@" ;;
	esac
	echo "$want" > "$STATE/loaded"
}

# watch_races MODULE: the detector reports races of which both sides are this module's; kernels have many of their own.
RACES=/sys/kernel/debug/kcsan
watch_races() {
	local name
	[ -e $RACES ] || return 0
	echo whitelist > $RACES
	awk -v module="[$1]" '$2 ~ /[tT]/ && $4 == module && $3 !~ /^__pfx_/ { print $3 }' /proc/kallsyms | sort -u > "$STATE/functions"
	[ -s "$STATE/functions" ] || die "no functions of $1"
	while read -r name; do echo "!$name" > $RACES; done < "$STATE/functions"
	# one access of so many is watched: four times as many as by itself
	echo 1000 > /sys/module/kcsan/parameters/skip_watch
	echo on > $RACES
}

unload() {
	rm -f "$STATE/loaded"
	if [ -d /sys/module/gmx ]; then rmmod gmx; fi
	if [ -d /sys/module/nvme ]; then modprobe -r nvme; fi
}

# ---- controllers ----------------------------------------------------------------------------

# Without pciehp a slot is switched and the bus scanned by hand: with pci=nomsi the kernel takes no hot-plug from
# the firmware, and on the debug kernel the runner unbinds it, because its reset_lock makes lockdep report the
# first hot-plug of any device and fall blind. On PREEMPT_RT a slot switched off through sysfs waits for ever, since
# pciehp_request() then wakes only the primary half of pciehp's handler.
by_hand() { [ ! -d /sys/bus/pci/slots/1 ]; }
port_of() { printf '0000:00:%02x.0' $((${1#rp} + 2)); }
bdf_of() {
	local port bus
	printf -v port '0000:00:%02x.0' $((${1#rp} + 2))
	read -r bus < "/sys/bus/pci/devices/$port/secondary_bus_number"
	printf '0000:%02x:00.0' "$bus"
}
present() { [ -d "/sys/bus/pci/devices/$1" ]; }
qemu_has() { qmp '{"execute":"qom-list","arguments":{"path":"/machine/peripheral"}}' | grep -Eq "\"name\": *\"$1\""; }

# use PORT: points CTRL, DISK, GEN, SYS, NAME, BDF, BLK at the controller of that port
use() {
	BDF=$(bdf_of "$1")
	NAME=$(echo /sys/bus/pci/devices/"$BDF"/$CLASS/$NODE*)
	NAME=${NAME##*/}
	CTRL=/dev/$NAME
	NUM=${NAME#"$NODE"}
	DISK=/dev/${NAME}n1
	BLK=${NAME}n1
	GEN=/dev/$GENERIC${NUM}n1
	SYS=/sys/class/$CLASS/$NAME
}

bound() { [ -e "/sys/bus/pci/drivers/$DRIVER/$1" ]; }
live() {
	local node
	for node in /sys/bus/pci/devices/"$1"/$CLASS/$NODE*; do reads "$node/state" live && return; done
	return 1
}

# plug ID PORT [OPTIONS]: an nvme controller, kept from an earlier case when it is the same
plug() {
	local id=$1 port=$2 options=${3:-} bdf
	load ${MODULE_PARAMS:-}
	bdf=$(bdf_of "$port")
	if [ "$(cat "$STATE/plugged.$port" 2>/dev/null)" != "$id $options" ] || ! present "$bdf"; then
		unplug "$port"
		hmp "device_add nvme,id=$id,bus=$port,serial=S$id${options:+,$options}"
		echo "$id $options" > "$STATE/plugged.$port"
		slot_on "$port"
		wait_for 10 "PCI device $bdf" present "$bdf"
	fi
	[ "${PLUG_UNBOUND:-}" ] || attached "$port"
}

# attached PORT: bound to the driver under test and live; a disk is there where one is expected
attached() {
	local bdf
	bdf=$(bdf_of "$1")
	wait_for 20 "$DRIVER live on $bdf" live "$bdf"
	use "$1"
	[ "${NO_DISK:-}" ] || wait_for 10 "$DISK" test -b "$DISK"
}

# slot_on PORT: what was added to it is found, by pciehp or by hand
slot_on() {
	by_hand || return 0
	setpci -s "$(port_of "$1")" CAP_EXP+18.w=0100
	echo 1 > "/sys/bus/pci/devices/$(port_of "$1")/rescan"
}
slot_off() {
	if by_hand; then
		echo 1 > "/sys/bus/pci/devices/$(bdf_of "$1")/remove"
		slot_cut "$1"
	else
		echo 0 > /sys/bus/pci/slots/$((${1#rp} + 1))/power
	fi
}
# slot_settled PORT: after a removal that pciehp was told of, its second of rest is over
slot_settled() {
	by_hand && return
	wait_for 10 "the slot's power to go off" reads /sys/bus/pci/slots/$((${1#rp} + 1))/power 0
	sleep 1.3
}
# Slot Control: power and its indicator off, no interrupt; QEMU takes the device away at once
slot_cut() { setpci -s "$(port_of "$1")" CAP_EXP+18.w=0700; }

unplug() {
	local bdf id ns
	bdf=$(bdf_of "$1")
	id=$(cut -d' ' -f1 "$STATE/plugged.$1" 2>/dev/null || true)
	rm -f "$STATE/plugged.$1"
	[ ! "$id" ] || for ns in "$STATE/ns.$id."*; do [ ! -e "$ns" ] || ns_del "$id" "${ns##*.}"; done
	if present "$bdf"; then
		slot_off "$1" 2> /dev/null || echo 1 > "/sys/bus/pci/devices/$bdf/remove"
		wait_for 10 "$bdf to go" not present "$bdf"
	fi
	if [ "$id" ] && qemu_has "$id"; then hmp "device_del $id"; fi
	if [ "$id" ]; then wait_for 10 "QEMU to drop $id" not qemu_has "$id"; fi
}

# emu_plug NAME PORT FAMILY [OPTION...]: an emulated Gigamax controller, which the driver takes by its own ids
emu_plug() {
	local name=$1 port=$2 family=$3 bdf
	shift 3
	load ${MODULE_PARAMS:-}
	bdf=$(bdf_of "$port")
	unplug "$port"
	emu start "$name" --family "$family" "$@" > /dev/null
	emu plug "$name" "$port" > /dev/null
	slot_on "$port"
	echo "$name emu" > "$STATE/plugged.$port"
	wait_for 20 "PCI device $bdf" present "$bdf"
	[ "${PLUG_UNBOUND:-}" ] || attached "$port"
}

emu_unplug() { # NAME PORT
	unplug "$2"
	emu stop "$1" > /dev/null
}

# emu_part NAME PART FIELD: a number or truth value of the first controller's part hmb or cmb, as the model has it
emu_part() {
	emu ctl "$1" status | tr -d ' \n' | sed -n "s/.*\"$2\":{\([^}]*\)}.*/\1/p" | tr , '\n' | sed -n "s/^\"$3\"://p"
}

# emu_family FAMILY ID: an emulated controller from its binding to its end, in rp0
emu_family() {
	emu_plug "$1" rp0 "$1"
	is "$(cat "/sys/bus/pci/devices/$BDF/device")" "$2" "device id"
	is "$(tr -d ' ' < "$SYS/model")" "Gigamax${1^^}" "model"
	verify --ioengine=io_uring --rw=randwrite --bsrange=4k-256k --iodepth=16
	nvme smart-log "$CTRL" > "$STATE/smart"
	grep -q "^available_spare" "$STATE/smart" || die "no SMART log: $(head -n 1 "$STATE/smart")"
	emu ctl "$1" status > "$STATE/status"
	grep -q '"ok": *true' "$STATE/status" || die "status: $(head -c 200 "$STATE/status")"
	echo 1 > "$SYS/reset_controller"
	wait_for 20 "live after a reset" reads "$SYS/state" live
	read_ok
	emu_unplug "$1" rp0
}

# emu_ctl NAME COMMAND...: must succeed; the answer is in $STATE/emu
emu_ctl() {
	emu ctl "$@" > "$STATE/emu" 2>&1 || die "emu ctl $*: $(head -c 300 "$STATE/emu")"
	grep -q '"ok": *true' "$STATE/emu" || die "emu ctl $*: $(head -c 300 "$STATE/emu")"
}

# irq_kind KIND: all of the controller's interrupts are of this kind, msi or msix; none for the pin
irq_kind() {
	local kinds
	kinds=$(cat /sys/bus/pci/devices/"$BDF"/msi_irqs/* 2> /dev/null | sort -u | tr '\n' ' ' || true)
	[ "${kinds% }" = "$1" ]
}

# emu_interrupts KIND FAMILY: a controller whose best interrupts are of this kind, from its binding to its end
emu_interrupts() {
	local name=$1$2 line=MSI
	[ "$1" != pin ] || line=IO-APIC
	echo "{\"interrupts\": \"$1\"}" > "$VM/$name.json"
	emu_plug "$name" rp0 "$2" --config "$name.json"
	irq_kind "$([ "$1" = pin ] || echo "$1")" || die "interrupts are: $(cat /sys/bus/pci/devices/"$BDF"/msi_irqs/* 2> /dev/null)"
	grep -q "$line.*gmx${NUM}q0" /proc/interrupts || die "/proc/interrupts: $(grep gmx /proc/interrupts)"
	verify --ioengine=io_uring --rw=randwrite --bsrange=4k-128k --iodepth=16 --size=$((SIZE / 8))
	load_start
	echo 1 > "$SYS/reset_controller"
	wait_for 20 "live after a reset" reads "$SYS/state" live
	load_stop
	is "$(stat_of missed_interrupt_count)" 0 "missed interrupts"
	emu_unplug "$name" rp0
}

# one_disk: the controller most cases share: one 512-byte namespace on d0, transfers of up to 2 MiB
ONE_DISK="drive=d0,mdts=9"
# ONE=g3 (a boot's flag on-g3): an emulated G3 in its place, whose data outlives the slot's power as well
one_disk() {
	[ "${ONE:-}" ] || { plug c0 rp0 "$ONE_DISK${1:+,$1}"; return; }
	[ ! "${1:-}" ] || skip "an option of QEMU's nvme"
	load ${MODULE_PARAMS:-}
	if [ "$(cat "$STATE/plugged.rp0" 2> /dev/null)" = "c0 emu" ] && present "$(bdf_of rp0)"; then
		[ "${PLUG_UNBOUND:-}" ] || attached rp0
		return
	fi
	unplug rp0
	emu stop c0 > /dev/null 2>&1 || true
	emu_plug c0 rp0 "$ONE"
}

# Subsystems can't be plugged; every boot has s1 and s2 (see boot).

# ns_add CONTROLLER ID OPTIONS, ns_del CONTROLLER ID: a namespace of its subsystem, which outlives it
ns_add() {
	hmp "device_add nvme-ns,id=$2,bus=$1,$3"
	: > "$STATE/ns.$1.$2"
}
ns_del() {
	hmp "device_del $2"
	rm -f "$STATE/ns.$1.$2"
	wait_for 10 "QEMU to drop $2" not qemu_has "$2"
}

# three_disks: a subsystem with namespaces of 512, 4096 and 512 bytes, each shared and attached
three_disks() {
	NO_DISK=1 plug c1 rp1 "mdts=7,subsys=s1"
	local n block
	for n in 1 2 3; do
		block=$((n == 2 ? 4096 : 512))
		[ -e "$STATE/ns.c1.c1n$n" ] ||
			ns_add c1 c1n$n "drive=d$n,nsid=$n,logical_block_size=$block,physical_block_size=$block"
	done
	for n in 1 2 3; do wait_for 10 "namespace $n" test -b "/dev/${NAME}n$n"; done
}

# ---- switching between the drivers ----------------------------------------------------------

# as_driver NAME PORT: hands the device of PORT to gmx or nvme and points the variables at it
as_driver() {
	local bdf
	bdf=$(bdf_of "$2")
	if [ -e "/sys/bus/pci/devices/$bdf/driver" ]; then
		echo "$bdf" > "/sys/bus/pci/devices/$bdf/driver/unbind"
	fi
	echo "$1" > "/sys/bus/pci/devices/$bdf/driver_override"
	case $1 in
	gmx) DRIVER=gmx CLASS=gmx NODE=gmx GENERIC=gmxg ;;
	nvme)
		DRIVER=nvme CLASS=nvme NODE=nvme GENERIC=ng
		modprobe nvme_core multipath=N
		modprobe nvme ${INBOX_PARAMS:-}
		;;
	esac
	[ -e "/sys/bus/pci/devices/$bdf/driver" ] || echo "$bdf" > /sys/bus/pci/drivers_probe
	attached "$2"
}

# inbox_gone: removes the inbox driver after a comparison, so that it claims no later device
inbox_gone() { if [ -d /sys/module/nvme ]; then modprobe -r nvme; fi; }

# ---- I/O ------------------------------------------------------------------------------------

# verify ARGUMENTS…: one bounded fio run that writes $SIZE bytes and reads them back checked
verify() {
	timeout $((180 * ${SLOW:-1})) fio --name=verify --allow_file_create=0 --filename="$DISK" --direct=1 --size="$SIZE" \
		--verify=crc32c --verify_fatal=1 --do_verify=1 --randseed=7 --minimal \
		--eta=never "$@" > "$STATE/fio.out" 2>&1 || {
		tail -n 20 "$STATE/fio.out"
		die "fio $*"
	}
}

# load_start / load_stop: fio verifying in the background for as long as a fault needs it.
# LOAD_DISK is where, if not $DISK; LOAD_FILE a file on it.
# load_stop fails when fio has seen an error or wrong data, unless told that errors are right.
load_start() {
	rm -f "$STATE/load.json"
	LOAD_FROM=$(writes "${LOAD_DISK:-$DISK}")
	[ ! "${LOAD_FILE:-}" ] || fallocate -l $((SIZE / 4)) "$LOAD_FILE"
	fio --name=load --allow_file_create=0 --filename="${LOAD_FILE:-${LOAD_DISK:-$DISK}}" --direct=1 --size="$((SIZE / 4))" --bsrange=4k-64k \
		--rw=randwrite --ioengine=libaio --iodepth=8 --verify=crc32c --verify_backlog=64 \
		--verify_fatal=1 --time_based --runtime=$((120 * ${SLOW:-1})) --randseed=9 --output-format=json \
		--output="$STATE/load.json" "$@" > "$STATE/load.out" 2>&1 &
	LOAD_PID=$!
	local disk=${LOAD_DISK:-$DISK}
	wait_for 60 "fio to do I/O" more_writes "$disk" $((LOAD_FROM + 40))
}

writes() {
	local stat
	read -ra stat < "/sys/block/${1##*/}/stat"
	echo "${stat[4]}"
}
more_writes() { [ "$(writes "$1")" -gt "$2" ]; }

load_wait() {
	local end=$((SECONDS + $1 * ${SLOW:-1}))
	# a zombie has no command line
	while [ -d "/proc/$LOAD_PID" ] && [ -n "$(tr -d '\0' < "/proc/$LOAD_PID/cmdline" 2> /dev/null)" ]; do
		[ $SECONDS -le $end ] || return 1
		nap 0.1
	done
}

load_stop() {
	kill -INT "$LOAD_PID" 2>/dev/null || true
	load_wait 60 || {
		local p
		for p in $(pgrep fio); do say "$p: $(cat "/proc/$p/wchan") $(tr '\n' ' ' < "/proc/$p/stack")"; done
		die "fio does not end; requests in flight: $(cat "/sys/block/$(basename "${LOAD_DISK:-$DISK}")/inflight")"
	}
	wait "$LOAD_PID" || true
	grep -q '"error" : 0,' "$STATE/load.json" || {
		cat "$STATE/load.out"
		die "I/O errors or wrong data reached fio"
	}
	! grep -Eq 'verify:|io_u error' "$STATE/load.out" || {
		cat "$STATE/load.out"
		die "fio complains"
	}
}

# load_ended: after a removal fio must end by itself (its I/O failed), within a bound
load_ended() {
	if ! load_wait "${1:-20}"; then
		# fio can loop in its own code on a vanished disk; blocked I/O is what would be a bug
		! grep -q '^State:.*D' "/proc/$LOAD_PID/status" || die "fio is blocked in the kernel"
		kill -KILL "$LOAD_PID"
	fi
	wait "$LOAD_PID" 2>/dev/null || true
}

stat_of() {
	local value
	read -r value < "$SYS/$1"
	echo "$value"
}
read_ok() { dd if="${1:-$DISK}" of=/dev/null bs=64k count=16 iflag=direct status=none; }
write_pattern() { # write_pattern BYTE OFFSET LENGTH
	head -c "$3" /dev/zero | tr '\0' "$1" |
		dd of="$DISK" bs=4096 seek="$2" oflag=direct,seek_bytes iflag=fullblock status=none
}
holds() { # holds BYTE OFFSET LENGTH: the disk has only BYTE there
	local other
	other=$(dd if="$DISK" bs=4096 skip="$2" count="$3" iflag=direct,skip_bytes,count_bytes status=none |
		tr -d "$1" | head -c 1 | wc -c)
	[ "$other" = 0 ]
}

# ---- QEMU's own eyes ------------------------------------------------------------------------

# trace_start EVENTS…: QEMU writes these trace events to a file of this case; trace_count reads it
trace_start() {
	TRACE=$VM/trace-${CASE:-case}.log
	: > "$TRACE"
	hmp "logfile $TRACE_HOST/trace-${CASE:-case}.log"
	local e
	for e in "$@"; do hmp "trace-event $e on"; done
	TRACE_EVENTS="$*"
}
trace_stop() {
	local e
	for e in $TRACE_EVENTS; do hmp "trace-event $e off"; done
	hmp 'logfile '"$TRACE_HOST"'/trace-off.log'
}
trace_count() { grep -Ec -- "$1" "$TRACE" || true; }
trace_seen() { grep -Eq -- "$1" "$TRACE"; }

# device_watch WHAT / device_saw NUMBER: that many flushes, write-zeroes, deallocates, transfers by sgl or prp reached the
# controller, as QEMU's trace has it or rules of gmx-emu that do nothing but count. For sgl and prp, of which gmx-emu
# keeps no count, the driver's trace says what it asked for; a controller that took it otherwise would move other memory.
device_watch() {
	WATCHED=$1
	if [ "${ONE:-}" ]; then
		case $1 in
		flush) emu_ctl c0 fault-add kind=delay us=1 set=io opcode=0x00 ;;
		write-zeroes) emu_ctl c0 fault-add kind=delay us=1 set=io opcode=0x08 ;;
		deallocate) emu_ctl c0 fault-add kind=delay us=1 set=io opcode=0x09 ;;
		sgl | prp) ftrace_start gmx/gmx_setup_cmd ;;
		esac
		return
	fi
	case $1 in
	flush) trace_start pci_nvme_flush_ns ;;
	write-zeroes) trace_start pci_nvme_io_cmd ;;
	deallocate) trace_start pci_nvme_dsm_deallocate ;;
	sgl) trace_start pci_nvme_map_sgl ;;
	prp) trace_start pci_nvme_map_prp ;;
	esac
}
device_count() {
	case ${ONE:+emu-}$WATCHED in
	emu-sgl) ftrace_count 'qid=[1-9].*opcode=0x[12] flags=0x[48]0 ' ;;
	emu-prp) ftrace_count 'qid=[1-9].*opcode=0x[12] flags=0x0 ' ;;
	emu-*) emu ctl c0 fault-list | tr -d ' \n' | grep -o '"fired":[0-9]*' | cut -d: -f2 ;;
	write-zeroes) trace_count NVME_NVM_CMD_WRITE_ZEROES ;;
	*) trace_count pci_nvme_ ;;
	esac
}
device_least() { [ "$(device_count)" -ge "$1" ]; }
device_saw() { wait_for 5 "$1 of $WATCHED to reach the controller" device_least "$1"; }
device_saw_none() { is "$(device_count)" 0 "$WATCHED that reached the controller"; }
device_unwatch() {
	case ${ONE:+emu-}$WATCHED in
	emu-sgl | emu-prp) ftrace_stop ;;
	emu-*) emu_ctl c0 fault-clear all=true ;;
	*) trace_stop ;;
	esac
}

# ftrace_start EVENTS… / ftrace_count REGEX: the kernel's own trace events
TRACEFS=/sys/kernel/tracing
ftrace_start() {
	echo 0 > $TRACEFS/tracing_on
	: > $TRACEFS/trace
	local e
	for e in "$@"; do echo 1 > $TRACEFS/events/"$e"/enable; done
	echo 1 > $TRACEFS/tracing_on
}
ftrace_stop() {
	echo 0 > $TRACEFS/events/enable
	echo 1 > $TRACEFS/tracing_on
}
ftrace_count() { grep -v '^#' $TRACEFS/trace | grep -Ec -- "$1" || true; }
ftrace_seen() { grep -v '^#' $TRACEFS/trace | grep -Eq -- "$1"; }
ftrace_least() { [ "$(ftrace_count "$1")" -ge "$2" ]; }
count_above() { [ "$(stat_of "$1")" -gt "$2" ]; }

# ---- faults ---------------------------------------------------------------------------------

# throttled_disk: a controller on rp3 whose disk is slowed with `throttle BYTES_A_SECOND` (0: not at all)
throttled_disk() {
	if [ ! -e "$STATE/throttle" ]; then
		qmp '{"execute":"object-add","arguments":{"qom-type":"throttle-group","id":"slow"}}' > /dev/null
		qmp '{"execute":"blockdev-add","arguments":{"driver":"throttle","node-name":"t5","throttle-group":"slow","file":"d5"}}' > /dev/null
		: > "$STATE/throttle"
	fi
	throttle 0
	plug c3 rp3 "drive=t5"
}
throttle() {
	qmp '{"execute":"qom-set","arguments":{"path":"/objects/slow","property":"limits","value":{"bps-total":'"$1"'}}}' > /dev/null
}

# aer_inject PORT fatal|nonfatal: an uncorrectable error at the root port, by the kernel's aer_inject
aer_inject() { aer_inject_at "$(port_of "$1")" "$2"; }

# aer_inject_at ADDRESS fatal|nonfatal|correctable
# struct aer_error_inj: bus dev fn, uncor_status, cor_status, four header words, domain
aer_inject_at() {
	local bus dev fn status
	modprobe aer_inject
	bus=${1:5:2} dev=$(printf %02x $((16#${1:8:2}))) fn=0${1:11:1}
	case $2 in
	fatal) status='\x10\0\0\0\0\0\0\0' ;; # data link protocol error
	nonfatal) status='\0\x40\0\0\0\0\0\0' ;; # completion time-out
	correctable) status='\0\0\0\0\x01\0\0\0' ;; # receiver error
	esac
	wait_for 5 /dev/aer_inject test -c /dev/aer_inject
	{ printf "\\x$bus\\x$dev\\x$fn\\0$status" && head -c 20 /dev/zero; } > /tmp/aer
	dd if=/tmp/aer of=/dev/aer_inject bs=32 status=none
}

# small_node NODE BYTES: the node "small", the first BYTES of NODE
small_node() {
	qmp '{"execute":"blockdev-add","arguments":{"driver":"raw","node-name":"small","file":"'"$1"'","size":'"$2"'}}' > /dev/null
}

# leaked: what kmemleak reports; objects must be 5 s old, and the first scan may see half of a change
leaked() {
	sleep 6
	echo scan > /sys/kernel/debug/kmemleak
	echo scan > /sys/kernel/debug/kmemleak
	cat /sys/kernel/debug/kmemleak
}
