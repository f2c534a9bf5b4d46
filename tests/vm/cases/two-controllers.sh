# SPDX-License-Identifier: GPL-2.0-or-later
# two controllers verify at once, each its own data
one_disk
first=$DISK
plug c2 rp2 "drive=d4"
second=$DISK
[ "$first" != "$second" ] || die "one name for two disks"
DISK=$first
LOAD_DISK=$second load_start
verify --ioengine=io_uring --rw=randwrite --bsrange=4k-256k --iodepth=8 --size=$((SIZE / 2))
load_stop
unplug rp2
[ -b "$first" ] || die "the first disk went with the second controller"
