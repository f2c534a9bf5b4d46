# SPDX-License-Identifier: GPL-2.0-or-later
# Common code of the cases matrix-*: {gmx, the inbox nvme} on {an emulated G2, QEMU's nvme}, the same for each cell.
# A case says `cell DEVICE DRIVER`; what differs between the two devices is in cases/matrix.want.

MODULE_PARAMS="poll_queues=1" INBOX_PARAMS="poll_queues=1"

matrix_port() {
	case $1 in
	qemu) echo rp0 ;;
	g2) echo rp1 ;;
	g3) echo rp2 ;;
	*) die "the matrix has no device $1" ;;
	esac
}

# matrix_plug DEVICE: as it comes from the factory
matrix_plug() {
	local port
	port=$(matrix_port "$1")
	DRIVER=gmx CLASS=gmx NODE=gmx GENERIC=gmxg
	unplug "$port"
	case $1 in
	qemu)
		NO_DISK=1 plug mq "$port" subsys=s1
		ns_add mq mqn1 drive=d0,nsid=1
		wait_for 10 "$DISK" test -b "$DISK"
		;;
	*)
		if emu list | grep -q "^$1 runs"; then emu stop "$1"; fi
		rm -rf "${VM:?}/$1.state"
		echo '{"time_warp": true}' > "$VM/$1.json"
		emu_plug "$1" "$port" "$1" --config "/vm/$1.json"
		;;
	esac
}

# cell DEVICE DRIVER: points the variables at a device that this driver has; kept from an earlier case
cell() {
	local port
	port=$(matrix_port "$1")
	DEVICE=$1
	if [ ! -e "$STATE/plugged.$port" ] || ! present "$(bdf_of "$port")"; then matrix_plug "$1"; fi
	as_driver "$2" "$port"
}

# complaints: what the kernel says of either driver that is worse than a notice, but for lines that match $1
complaints() {
	"$TESTS_DIR/kmsg" since "$(cat "$STATE/mark")" | grep -E '^[0-4] .*(gmx|nvme)' |
		grep -Ev "^4 gmx(-vm|-test|: loading out-of-tree)${1:+|$1}" || true
}
no_complaints() {
	local all
	all=$(complaints "$@")
	[ ! "$all" ] || { echo "$all"; die "the kernel log has complaints"; }
}

# device_counts NAME OPCODE / device_count: how often the device has been given this I/O command since, by its own account
device_counts() {
	if [ "$DEVICE" = qemu ]; then
		trace_start pci_nvme_io_cmd
		COUNTED=$1
	else
		RULE=$(emu ctl "$DEVICE" fault-add kind=delay us=1 set=io opcode="$2" | jq .id)
	fi
}
device_count() {
	if [ "$DEVICE" = qemu ]; then
		trace_count "opname 'NVME_NVM_CMD_$COUNTED'"
	else
		emu ctl "$DEVICE" fault-list | jq ".rules[] | select(.id == $RULE).matched"
	fi
}
device_counted() { [ "$(device_count)" -ge "$1" ]; }
device_counts_end() {
	if [ "$DEVICE" = qemu ]; then
		trace_stop
	else
		emu ctl "$DEVICE" fault-clear id="$RULE" > /dev/null
	fi
}

matrix_verify() {
	is "$(cat "/sys/block/$BLK/queue/io_poll")" 1 "the disk can be polled"
	DISK=$DISK timeout 120 fio --output="$STATE/fio.out" --eta=never "$TESTS_DIR/matrix.fio" 2> "$STATE/fio.err" || {
		tail -n 20 "$STATE/fio.out" "$STATE/fio.err"
		die "fio"
	}
	[ ! -s "$STATE/fio.err" ] || { cat "$STATE/fio.err"; die "fio complains"; }
}

matrix_zeroes() {
	local ask name opcode option from=$((64 << 10)) length=$((128 << 10))
	for ask in "DSM 9" "WRITE_ZEROES 8 -z"; do
		read -r name opcode option <<< "$ask"
		write_pattern A 0 $((256 << 10))
		device_counts "$name" "$opcode"
		blkdiscard $option -o $from -l $length "$DISK"
		wait_for 5 "the device to be asked" device_counted 1
		device_counts_end
		holds A 0 $from || die "$name: data before the range is gone"
		holds '\0' $from $length || die "$name: the range does not read as zeroes"
		holds A $((from + length)) $from || die "$name: data behind the range is gone"
	done
}

matrix_flush() {
	is "$(cat "/sys/block/$BLK/queue/write_cache")" "write back" "write_cache"
	is "$(cat "/sys/block/$BLK/queue/fua")" 1 "fua"
	device_counts FLUSH 0
	dd if=/dev/zero of="$DISK" bs=4k count=1 conv=fsync status=none
	wait_for 5 "a flush" device_counted 1
	device_counts_end
	ftrace_start "$CLASS/${CLASS}_setup_cmd"
	dd if=/dev/zero of="$DISK" bs=4k count=4 oflag=direct,dsync status=none
	ftrace_stop
	case $DRIVER in
	gmx) ge "$(ftrace_count 'opcode=0x1 .*cdw12=0x4')" 4 "writes with FUA" ;;
	nvme) ge "$(ftrace_count 'nvme_cmd_write .*ctrl=0x4')" 4 "writes with FUA" ;;
	esac
}

matrix_io() {
	matrix_verify
	matrix_zeroes
	matrix_flush
	no_complaints
}

# every_attribute FOLDER: what can be read there is read, but for what the kernel itself calls deprecated
every_attribute() {
	local f
	for f in "$1"/*; do
		[ ! -f "$f" ] || [ "${f##*/}" = capability ] || { read -r _ < "$f"; } 2> /dev/null || true
	done
}

# set_each ATTRIBUTE VALUE…: one after another under I/O, each read back, and at the end what it was
set_each() {
	local f=/sys/block/$BLK/queue/$1 was value now
	was=$(sed 's/.*\[\(.*\)\].*/\1/' "$f")
	shift
	for value in "$@" "$was"; do
		echo "$value" > "$f" || die "$f does not take $value"
		now=$(sed 's/.*\[\(.*\)\].*/\1/' "$f")
		is "$now" "$value" "$f"
		more_after_this
	done
}
more_after_this() { wait_for 10 "I/O to go on" more_writes "$DISK" $(($(writes "$DISK") + 10)); }

# What blktests does to a disk at work (block/005, 008, 011, 013, 016, 029 to 034), and fio goes on with the right data
matrix_attributes() {
	local q=/sys/block/$BLK/queue hw
	hw=$(cat $q/max_hw_sectors_kb)
	load_start
	set_each nr_requests 4 31
	set_each scheduler mq-deadline none
	set_each max_sectors_kb 4 64 "$hw"
	set_each io_timeout 1000 30000
	set_each nomerges 2 1
	set_each rq_affinity 0 2
	set_each write_cache "write through"
	set_each wbt_lat_usec 0
	every_attribute $q
	every_attribute "$SYS"
	every_attribute "/sys/block/$BLK"
	blockdev --rereadpt "$DISK" || true
	blockdev --flushbufs "$DISK"
	blkdiscard -o $((SIZE / 2)) -l $((SIZE / 4)) "$DISK"
	more_after_this
	load_stop
	no_complaints
}

matrix_resets() {
	local i
	load_start
	for i in 1 2 3; do
		echo 1 > "$SYS/reset_controller" &
		every_attribute "$SYS"
		every_attribute "/sys/block/$BLK/queue"
		wait $!
		echo 1 > "$SYS/rescan_controller"
		wait_for 20 "live after a reset" reads "$SYS/state" live
		more_after_this
	done
	load_stop
	no_complaints
}
