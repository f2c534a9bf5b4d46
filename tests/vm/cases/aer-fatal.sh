# SPDX-License-Identifier: GPL-2.0-or-later
# a fatal PCI error at the root port: link reset, slot reset, and the controller serves again
# driver: gmx
# limit: 400
one_disk
expect_log
ftrace_start gmx/gmx_pci_error
load_start
aer_inject rp0 fatal
wait_for 20 "three callbacks" ftrace_least gmx_pci_error 3
wait_for 30 "live" reads "$SYS/state" live
load_stop
read_ok
ftrace_stop
