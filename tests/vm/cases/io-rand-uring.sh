# SPDX-License-Identifier: GPL-2.0-or-later
# random writes of 512 bytes to 2 MiB read back right (io_uring)
one_disk
verify --ioengine=io_uring --rw=randwrite --bsrange=512-2m --iodepth=16
