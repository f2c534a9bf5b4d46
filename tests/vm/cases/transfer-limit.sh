# SPDX-License-Identifier: GPL-2.0-or-later
# a controller limited to 8 KiB a transfer (mdts=1) gets no larger command
plug c2 rp2 "drive=d4,mdts=1"
is "$(cat "/sys/block/$BLK/queue/max_hw_sectors_kb")" 8 "max_hw_sectors_kb"
verify --ioengine=io_uring --rw=randwrite --bsrange=512-256k --iodepth=8 --size=$((SIZE / 16))
unplug rp2
