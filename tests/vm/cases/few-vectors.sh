# SPDX-License-Identifier: GPL-2.0-or-later
# a controller with two vectors for two CPUs: I/O queues share, all I/O is served
plug c2 rp2 "drive=d4,msix_qsize=2"
for cpu in $(seq 0 $(($(nproc) - 1))); do taskset -c "$cpu" dd if="$DISK" of=/dev/null bs=4k count=64 iflag=direct status=none; done
verify --ioengine=io_uring --rw=randwrite --bs=4k --iodepth=16 --size=$((SIZE / 8))
unplug rp2
