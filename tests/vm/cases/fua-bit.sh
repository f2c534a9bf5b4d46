# SPDX-License-Identifier: GPL-2.0-or-later
# an O_DIRECT|O_DSYNC write carries the FUA bit and needs no flush
# driver: gmx
one_disk
ftrace_start gmx/gmx_setup_cmd
trace_start pci_nvme_flush_ns
dd if=/dev/zero of="$DISK" bs=4k count=4 oflag=direct,dsync status=none
trace_stop
ftrace_stop
ge "$(ftrace_count 'opcode=0x1 .*cdw12=0x4')" 4 "writes with FUA"
is "$(trace_count pci_nvme_flush)" 0 "flushes"
