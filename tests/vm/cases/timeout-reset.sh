# SPDX-License-Identifier: GPL-2.0-or-later
# a command that no abort ends: the controller is reset, the write is repeated, data is right
# driver: gmx
# limit: 400
throttled_disk
expect_log
before=$(stat_of reset_count)
write_pattern R 0 65536
throttle 1024
write_pattern S 0 8192 &
write_pattern T 65536 8192 &
wait_for 40 "a reset" count_above reset_count "$before"
throttle 0
wait
wait_for 30 "live" reads "$SYS/state" live
is "$(stat_of last_reset_reason)" "I/O time-out" "last_reset_reason"
holds S 0 8192 || die "first write is not there"
holds T 65536 8192 || die "second write is not there"
