# SPDX-License-Identifier: GPL-2.0-or-later
# with sgl_threshold=1 data goes by SGL and reads back right
# driver: gmx
MODULE_PARAMS="sgl_threshold=1"
one_disk
device_watch sgl
verify --ioengine=io_uring --rw=randwrite --bsrange=512-2m --iodepth=8 --size=$((SIZE / 4))
"$TESTS/unaligned" "$DISK" $((SIZE / 16))
device_saw 10
device_unwatch
