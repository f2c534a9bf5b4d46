# SPDX-License-Identifier: GPL-2.0-or-later
# random writes of 512 bytes to 2 MiB read back right (libaio)
one_disk
verify --ioengine=libaio --rw=randwrite --bsrange=512-2m --iodepth=16
