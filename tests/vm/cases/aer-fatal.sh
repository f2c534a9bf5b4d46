# SPDX-License-Identifier: GPL-2.0-or-later
# a fatal PCI error at the root port: link reset, slot reset, and the controller serves again
# driver: gmx
# limit: 400
one_disk
expect_log
ftrace_start gmx/gmx_pci_error
seen() { ftrace_seen "gmx_pci_error.*event=$1"; }
resets=$(stat_of reset_count)
# those of other cases
for old in /sys/class/devcoredump/devcd*; do [ ! -e "$old/data" ] || echo 1 > "$old/data"; done
load_start
aer_inject rp0 fatal
for event in error-detected slot-reset resume; do wait_for 30 "$event" seen $event; done
not seen mmio-enabled || die "registers behind a dead link were looked at"
wait_for 30 "live" reads "$SYS/state" live
ge "$(stat_of reset_count)" $((resets + 1)) "reset_count"
load_stop
read_ok

# the dump has the queues as they were when the error came, before they were taken down
dump=$(readlink -f "/sys/bus/pci/devices/$BDF/devcoredump")/data
wait_for 10 "the dump" test -e "$dump"
cat "$dump" > "$STATE/dump"
echo 1 > "$dump"
"$TESTS/gmxctl" telemetry decode "$STATE/dump" -o json > "$STATE/decoded" || die "gmxctl does not read the dump"
is "$(jq '[.result.driver_queues[] | select(.created)] | length' "$STATE/decoded")" "$(cat "$SYS/queue_count")" "queues in the dump"
[ "$(jq '[.result.driver_commands[] | select(.queue > 0)] | length' "$STATE/decoded")" -gt 8 ] ||
	die "no commands in the dump: $(jq -c .result.driver_queues "$STATE/decoded")"
ftrace_stop
