# SPDX-License-Identifier: GPL-2.0-or-later
# nvme reset and ns-rescan on the controller node do what they say; no subsystem reset is offered
one_disk
expect_log
if [ $DRIVER = gmx ]; then before=$(stat_of reset_count); fi
nvme reset "$CTRL"
wait_for 10 "live" reads "$SYS/state" live
if [ $DRIVER = gmx ]; then is "$(stat_of reset_count)" $((before + 1)) "reset_count"; fi
if [ $DRIVER = gmx ]; then ftrace_start gmx/gmx_setup_cmd; fi
nvme ns-rescan "$CTRL"
if [ $DRIVER = gmx ]; then
	wait_for 5 "the list of namespaces to be read" ftrace_seen 'qid=0 .*opcode=0x6 .*cdw10=0x2 '
	ftrace_stop
fi
fails nvme subsystem-reset "$CTRL"
read_ok
