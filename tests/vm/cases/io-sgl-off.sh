# SPDX-License-Identifier: GPL-2.0-or-later
# with use_sgl=0 every transfer goes by PRP, also large ones
# driver: gmx
MODULE_PARAMS="use_sgl=0"
one_disk
device_watch sgl
verify --ioengine=io_uring --rw=randwrite --bsrange=512-2m --iodepth=8 --size=$((SIZE / 4))
device_saw_none
device_unwatch
device_watch prp
verify --ioengine=io_uring --rw=randwrite --bsrange=512-2m --iodepth=8 --size=$((SIZE / 16))
device_saw 10
device_unwatch
