# SPDX-License-Identifier: GPL-2.0-or-later
# a fatal PCI error at the root port: link reset, slot reset, and the controller serves again
# driver: gmx
# limit: 400
one_disk
expect_log
ftrace_start gmx/gmx_pci_error
seen() { ftrace_seen "gmx_pci_error.*event=$1"; }
resets=$(stat_of reset_count)
load_start
aer_inject rp0 fatal
for event in error-detected slot-reset resume; do wait_for 30 "$event" seen $event; done
not seen mmio-enabled || die "registers behind a dead link were looked at"
wait_for 30 "live" reads "$SYS/state" live
ge "$(stat_of reset_count)" $((resets + 1)) "reset_count"
load_stop
read_ok
ftrace_stop
