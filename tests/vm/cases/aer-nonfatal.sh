# SPDX-License-Identifier: GPL-2.0-or-later
# a non-fatal PCI error at the root port: the driver's callback runs, I/O goes on
# driver: gmx
one_disk
expect_log
ftrace_start gmx/gmx_pci_error
load_start
aer_inject rp0 nonfatal
wait_for 10 "gmx_pci_error" ftrace_seen gmx_pci_error
wait_for 20 "live" reads "$SYS/state" live
load_stop
read_ok
ftrace_stop
