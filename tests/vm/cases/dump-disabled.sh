# SPDX-License-Identifier: GPL-2.0-or-later
# where an administrator has switched core dumps off, none is told as kept; the last case of a boot, which has none from here on
# driver: gmx
emu_plug ddd rp0 g3
expect_log "resetting the controller|reset:|fatal"
echo 1 > /sys/class/devcoredump/disabled
emu_ctl ddd fatal
wait_for 20 "the dump that is not kept" reads "$SYS/dump_not_kept_count" 1
wait_for 20 live reads "$SYS/state" live
is "$(cat "$SYS/dump_count")" 0 "dumps kept"
not log_has "core dump of" || die "a dump is said to be there"
emu_unplug ddd rp0
