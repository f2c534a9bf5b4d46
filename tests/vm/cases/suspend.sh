# SPDX-License-Identifier: GPL-2.0-or-later
# suspend to idle and back, with an fio before, across and after it
# limit: 400
one_disk
expect_log
load_start
echo freeze > /sys/power/mem_sleep 2>/dev/null || true
rtcwake -m freeze -s 3 || die "rtcwake: no suspend"
wait_for 20 "live" reads "$SYS/state" live
log_has 'PM: suspend exit' || die "the system did not suspend"
load_stop
read_ok
