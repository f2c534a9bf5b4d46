# SPDX-License-Identifier: GPL-2.0-or-later
# an emulated G2 without bus mastering under I/O: a reset brings it back, no error reaches fio
# driver: gmx
. "$TESTS_DIR/matrix.sh"
cell g2 gmx
expect_log
load_start
before=$(stat_of reset_count)
setpci -s "$BDF" COMMAND=0:4
wait_for 40 "a reset" count_above reset_count "$before"
wait_for 30 "live" reads "$SYS/state" live
more_after_this
load_stop
