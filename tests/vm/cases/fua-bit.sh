# SPDX-License-Identifier: GPL-2.0-or-later
# an O_DIRECT|O_DSYNC write carries the FUA bit
# driver: gmx
one_disk
ftrace_start gmx/gmx_setup_cmd
dd if=/dev/zero of="$DISK" bs=4k count=4 oflag=direct,dsync status=none
ftrace_stop
ge "$(ftrace_count 'opcode=0x1 .*cdw12=0x4')" 4 "writes with FUA"
