# SPDX-License-Identifier: GPL-2.0-or-later
# an O_DIRECT|O_DSYNC write carries the FUA bit, and one without O_DSYNC does not
# driver: gmx
# By what the driver put into its queue: QEMU does not look at the bit. That a controller that does is given it, the boots with
# power cuts show: their careless driver forgets it and loses data.
one_disk
ftrace_start gmx/gmx_setup_cmd
dd if=/dev/zero of="$DISK" bs=4k count=4 oflag=direct,dsync status=none
dd if=/dev/zero of="$DISK" bs=4k count=4 oflag=direct status=none
ftrace_stop
is "$(ftrace_count 'qid=[1-9].*opcode=0x1 ')" 8 "writes"
is "$(ftrace_count 'qid=[1-9].*opcode=0x1 .*cdw12=0x40000007')" 4 "writes with FUA"
