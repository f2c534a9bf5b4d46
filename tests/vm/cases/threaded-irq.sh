# SPDX-License-Identifier: GPL-2.0-or-later
# use_threaded_interrupts=1 serves I/O the same
# driver: gmx
MODULE_PARAMS="use_threaded_interrupts=1"
one_disk
verify --ioengine=io_uring --rw=randwrite --bsrange=512-256k --iodepth=16 --size=$((SIZE / 4))
