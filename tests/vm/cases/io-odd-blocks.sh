# SPDX-License-Identifier: GPL-2.0-or-later
# blocks of 4608 bytes at depth 16 cross pages at every offset and read back right
one_disk
verify --ioengine=io_uring --rw=randwrite --bs=4608 --iodepth=16 --iomem_align=512 --size=$((SIZE / 4))
