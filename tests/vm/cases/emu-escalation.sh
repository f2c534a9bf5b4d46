# SPDX-License-Identifier: GPL-2.0-or-later
# the stronger resets are counted and traced, each with what it answered: a function level reset, then one of the subsystem
# driver: gmx
expect_log
MODULE_PARAMS="admin_timeout_ms=2000 recovery_budget_ms=20000"
emu_plug steps rp0 g2
counts() { echo "$(stat_of reset_count) $(stat_of function_reset_count) $(stat_of subsystem_reset_count)"; }
is "$(counts)" "0 0 0" "resets of each kind"
for until in flr subsystem-reset; do
	ftrace_start gmx/gmx_escalation
	emu_ctl steps hang until=$until
	echo 1 > "$SYS/reset_controller" || die "no reset"
	wait_for 20 "live" reads "$SYS/state" live
	ftrace_seen 'gmx_escalation: gmx[0-9]+: means=function error=-[0-9]+ result=0' || die "a function level reset is not traced"
	case $until in
	flr)
		is "$(counts)" "1 1 0" "resets of each kind"
		not ftrace_seen means=subsystem || die "a subsystem reset is traced"
		;;
	*)
		is "$(counts)" "2 2 1" "resets of each kind"
		ftrace_seen 'means=subsystem error=-[0-9]+ result=0' || die "a subsystem reset is not traced"
		;;
	esac
	ftrace_stop
done
wait_for 20 "$DISK" test -b "$DISK"
read_ok
emu_unplug steps rp0
