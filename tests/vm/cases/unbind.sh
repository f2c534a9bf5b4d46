# SPDX-License-Identifier: GPL-2.0-or-later
# unbinding under a running fio ends its I/O at once; binding again brings the disk back
one_disk
expect_log
# what waited for a time-out would be far behind the bound
[ $DRIVER = nvme ] || echo 600000 > "$SYS/io_timeout_ms"
load_start
start=$SECONDS
echo "$BDF" > /sys/bus/pci/drivers/$DRIVER/unbind
[ $((SECONDS - start)) -le $((15 * ${SLOW:-1})) ] || die "unbind took $((SECONDS - start)) s"
load_ended
[ ! -b "$DISK" ] || die "$DISK is still there"
echo "$BDF" > /sys/bus/pci/drivers/$DRIVER/bind
attached rp0
verify --ioengine=io_uring --rw=randwrite --bs=64k --iodepth=4 --size=$((SIZE / 8))
