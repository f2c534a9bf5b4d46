# SPDX-License-Identifier: GPL-2.0-or-later
# a profile is applied, found to hold, and taken back to what was there
ctrl=$(ctrl_of GMXADMIN)
profile=/sys/class/gmx/$ctrl/interrupt_profile
ahead=/sys/block/${ctrl}n1/queue/read_ahead_kb
echo balanced >"$profile"
was=$(cat "$ahead")
exits 0 gmxctl tune apply "$ctrl" --profile throughput
[ "$(cat "$profile") $(cat "$ahead")" = "adaptive 4096" ]
exits 0 gmxctl tune verify "$ctrl"
exits 0 gmxctl tune revert "$ctrl"
[ "$(cat "$profile") $(cat "$ahead")" = "balanced $was" ]
echo latency >"$profile"
exits 0 gmxctl status "$ctrl"
exits 0 gmxctl doctor
