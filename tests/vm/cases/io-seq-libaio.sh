# SPDX-License-Identifier: GPL-2.0-or-later
# sequential writes of 512 bytes to 2 MiB read back right (libaio)
one_disk
verify --ioengine=libaio --rw=write --bsrange=512-2m --iodepth=8
