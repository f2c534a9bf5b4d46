# SPDX-License-Identifier: GPL-2.0-or-later
# fsync reaches the device as a flush, O_DSYNC writes as FUA, and flushes as the block device asks; neither where the user says so; the write cache is known
one_disk
queue=/sys/block/$BLK/queue
is "$(cat $queue/write_cache)" "write back" "write_cache"
is "$(cat $queue/fua)" 1 "fua"
device_watch flush
dd if=/dev/zero of="$DISK" bs=4k count=1 conv=fsync status=none
device_saw 1
device_unwatch
# sync_writes: O_DSYNC ones, watched; how many had FUA, and how many flushes there were
sync_writes() {
	device_watch flush
	case $DRIVER in
	gmx) ftrace_start gmx/gmx_setup_cmd ;;
	nvme) ftrace_start nvme/nvme_setup_cmd ;;
	esac
	dd if=/dev/zero of="$DISK" bs=4k count=4 oflag=direct,dsync status=none
	ftrace_stop
	echo "$(ftrace_count 'opcode=0x1 .*cdw12=0x40000007|nvme_cmd_write .*ctrl=0x4000') $(device_count)"
	device_unwatch
}
is "$(sync_writes)" "4 4" "O_DSYNC writes with FUA, and flushes"
echo "write through" > $queue/write_cache
is "$(sync_writes)" "0 0" "the same when the user says that they need not wait"
echo "write back" > $queue/write_cache
is "$(sync_writes)" "4 4" "the same when he says that they do"
