# SPDX-License-Identifier: GPL-2.0-or-later
# with sgl_threshold=1 data goes by SGL and reads back right
# driver: gmx
MODULE_PARAMS="sgl_threshold=1"
one_disk
trace_start pci_nvme_map_sgl
verify --ioengine=io_uring --rw=randwrite --bsrange=512-2m --iodepth=8 --size=$((SIZE / 4))
"$TESTS/unaligned" "$DISK" $((SIZE / 16))
trace_stop
ge "$(trace_count pci_nvme_map_sgl)" 10 "transfers by SGL"
