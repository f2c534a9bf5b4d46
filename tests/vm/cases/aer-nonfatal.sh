# SPDX-License-Identifier: GPL-2.0-or-later
# a non-fatal PCI error at the root port: the driver's callbacks run, the controller is looked at and not reset, I/O goes on
# driver: gmx
one_disk
expect_log
ftrace_start gmx/gmx_pci_error
seen() { ftrace_seen "gmx_pci_error.*event=$1"; }
resets=$(stat_of reset_count)
load_start
aer_inject rp0 nonfatal
for event in error-detected mmio-enabled resume; do wait_for 10 "$event" seen $event; done
not seen slot-reset || die "a non-fatal error reset the slot"
is "$(stat_of reset_count)" "$resets" "reset_count"
wait_for 20 "live" reads "$SYS/state" live
load_stop
read_ok
ftrace_stop
