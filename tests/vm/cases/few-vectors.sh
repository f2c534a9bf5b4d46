# SPDX-License-Identifier: GPL-2.0-or-later
# a controller with two vectors for two CPUs: the admin queue has one, one I/O queue the other, and both CPUs use it
plug c2 rp2 "drive=d4,msix_qsize=2"
is "$(find "/sys/bus/pci/devices/$BDF/msi_irqs" -type f | wc -l)" 2 "vectors"
is "$(cat "$SYS/queue_count")" 2 "queue_count"
is "$(cat "/sys/block/$BLK/mq/"*/cpu_list)" "0, 1" "CPUs of the queues"
for cpu in $(seq 0 $(($(nproc) - 1))); do taskset -c "$cpu" dd if="$DISK" of=/dev/null bs=4k count=64 iflag=direct status=none; done
verify --ioengine=io_uring --rw=randwrite --bs=4k --iodepth=16 --size=$((SIZE / 8))
unplug rp2
