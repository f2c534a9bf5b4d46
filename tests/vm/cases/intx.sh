# SPDX-License-Identifier: GPL-2.0-or-later
# without MSI-X and MSI the one INTx line serves admin and I/O
MODULE_PARAMS=$([ $DRIVER = gmx ] && grep -q pci=nomsi /proc/cmdline || [ $DRIVER = nvme ] || echo use_msix=0 use_msi=0)
one_disk
[ "$(cat "/sys/bus/pci/devices/$BDF/irq")" != 0 ] || die "no INTx line"
# 6.1 makes the folder before it has asked for any
[ -z "$(ls "/sys/bus/pci/devices/$BDF/msi_irqs" 2> /dev/null)" ] || die "message interrupts are in use"
verify --ioengine=io_uring --rw=randwrite --bsrange=512-256k --iodepth=16 --size=$((SIZE / 4))
