# SPDX-License-Identifier: GPL-2.0-or-later
# a controller with a single vector shares it between admin and I/O
plug c2 rp2 "drive=d4,msix_qsize=1"
is "$(find "/sys/bus/pci/devices/$BDF/msi_irqs" -type f | wc -l)" 1 "vectors"
is "$(cat "$SYS/queue_count")" 2 "queue_count"
grep -Eq " ${NAME}q0, ${NAME}q1\$" /proc/interrupts || die "not shared: $(grep "${NAME}q" /proc/interrupts)"
verify --ioengine=io_uring --rw=randwrite --bs=4k --iodepth=16 --size=$((SIZE / 8))
nvme id-ctrl "$CTRL" > /dev/null
unplug rp2
