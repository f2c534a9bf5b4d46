# SPDX-License-Identifier: GPL-2.0-or-later
# with use_sgl=0 every transfer goes by PRP, also large ones
# driver: gmx
MODULE_PARAMS="use_sgl=0"
one_disk
trace_start pci_nvme_map_sgl pci_nvme_map_prp
verify --ioengine=io_uring --rw=randwrite --bsrange=512-2m --iodepth=8 --size=$((SIZE / 4))
trace_stop
is "$(trace_count pci_nvme_map_sgl)" 0 "transfers by SGL"
ge "$(trace_count pci_nvme_map_prp)" 10 "transfers by PRP"
