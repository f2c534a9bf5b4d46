# SPDX-License-Identifier: GPL-2.0-or-later
# 512-byte random writes at depth 64 read back right
one_disk
verify --ioengine=io_uring --rw=randwrite --bs=512 --iodepth=64 --size=$((SIZE / 64))
