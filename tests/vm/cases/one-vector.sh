# SPDX-License-Identifier: GPL-2.0-or-later
# a controller with a single vector shares it between admin and I/O
plug c2 rp2 "drive=d4,msix_qsize=1"
verify --ioengine=io_uring --rw=randwrite --bs=4k --iodepth=16 --size=$((SIZE / 8))
nvme id-ctrl "$CTRL" > /dev/null
unplug rp2
