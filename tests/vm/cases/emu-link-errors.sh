# SPDX-License-Identifier: GPL-2.0-or-later
# link errors of the controller's own function: a correctable one is counted, a non-fatal and a fatal one are recovered, fio notices none
# driver: gmx
expect_log
emu_plug link rp0 g3
# aer_status OFFSET: of the function's AER capability, as the controller has it
aer_status() { setpci -s "$BDF" "ECAP_AER+$1.l"; }
# settled OFFSET: aer_inject stands between the kernel and these registers, so what the controller has is cleared here
settled() {
	modprobe -r aer_inject
	setpci -s "$BDF" "ECAP_AER+$1.l=ffffffff"
	is "$(aer_status "$1")" 00000000 "status after it was cleared"
}
seen() { ftrace_seen "gmx_pci_error.*$1"; }
ftrace_start gmx/gmx_pci_error
load_start

say "correctable"
emu_ctl link link-error severity=correctable
is "$(aer_status 10)" 00000001 "correctable status"
corrected=$(stat_of pci_corrected_error_count)
aer_inject_at "$BDF" correctable
if [[ $(uname -r) == 6.1.* ]]; then
	# such kernels count for themselves and tell no driver
	corrected_here() { grep -q '^TOTAL_ERR_COR [1-9]' "/sys/bus/pci/devices/$BDF/aer_dev_correctable"; }
	wait_for 10 "the kernel's own counter" corrected_here
	is "$(stat_of pci_corrected_error_count)" 0 "corrected errors"
else
	wait_for 10 "the counter" count_above pci_corrected_error_count "$corrected"
	seen corrected || die "the callback left no trace"
fi
settled 10

say "non-fatal"
emu_ctl link link-error severity=nonfatal
is "$(aer_status 4)" 00004000 "uncorrectable status"
aer_inject_at "$BDF" nonfatal
wait_for 10 "error-detected" seen error-detected
wait_for 10 "mmio-enabled" seen mmio-enabled
wait_for 10 "resume" seen resume
not seen slot-reset || die "a non-fatal error reset the slot"
wait_for 20 "live" reads "$SYS/state" live
is "$(stat_of reset_count)" 0 "resets after a non-fatal error"
settled 4

say "fatal"
echo > $TRACEFS/trace
emu_ctl link link-error severity=fatal
is "$(aer_status 4)" 00040000 "uncorrectable status"
aer_inject_at "$BDF" fatal
wait_for 20 "error-detected" seen error-detected
wait_for 30 "slot-reset" seen slot-reset
wait_for 30 "resume" seen resume
wait_for 30 "live" reads "$SYS/state" live
ge "$(stat_of reset_count)" 1 "resets after a fatal error"
load_stop
ftrace_stop
read_ok
emu_ctl link status
modprobe -r aer_inject
emu_unplug link rp0
