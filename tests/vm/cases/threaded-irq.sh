# SPDX-License-Identifier: GPL-2.0-or-later
# use_threaded_interrupts=1 has a thread for each vector, and serves I/O the same
# driver: gmx
MODULE_PARAMS="use_threaded_interrupts=1"
one_disk
# how many interrupts of this controller have one
threads() { cat /proc/[0-9]*/comm 2> /dev/null | grep -Ec "^irq/[0-9]+-gmx${NUM}q[0-9]" || true; }
is "$(threads)" "$(find "/sys/bus/pci/devices/$BDF/msi_irqs" -type f | wc -l)" "interrupt threads"
verify --ioengine=io_uring --rw=randwrite --bsrange=512-256k --iodepth=16 --size=$((SIZE / 4))
