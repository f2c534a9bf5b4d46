# SPDX-License-Identifier: GPL-2.0-or-later
# nvme reset and ns-rescan on the controller node do what they say; no subsystem reset is offered
one_disk
expect_log
if [ $DRIVER = gmx ]; then before=$(stat_of reset_count); fi
nvme reset "$CTRL"
wait_for 10 "live" reads "$SYS/state" live
if [ $DRIVER = gmx ]; then is "$(stat_of reset_count)" $((before + 1)) "reset_count"; fi
nvme ns-rescan "$CTRL"
fails nvme subsystem-reset "$CTRL"
read_ok
