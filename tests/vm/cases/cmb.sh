# SPDX-License-Identifier: GPL-2.0-or-later
# submission queues lie in the memory buffer of QEMU's controller, with the handshake of NVMe 1.4 and without
# driver: gmx
# limit: 400
sq_in_bar() { # the trace has Create SQ at this address
	trace_seen "pci_nvme_create_sq create submission queue, addr=0x$1, "
}
for options in cmb_size_mb=1 cmb_size_mb=1,legacy-cmb=on; do
	one_disk $options
	read -r start _ < <(sed -n 3p "/sys/bus/pci/devices/$BDF/resource")
	is "$((start != 0))" 1 "an address of BAR 2"
	log_has "controller memory buffer: 1 submission queues in it" || die "no line about the queues"
	load_start
	for i in $(seq $((${SLOW:-1} > 1 ? 2 : 5))); do
		trace_start pci_nvme_create_sq
		echo 1 > "$SYS/reset_controller"
		wait_for 10 "live after reset $i" reads "$SYS/state" live
		wait_for 10 "a queue at the buffer's beginning after reset $i, $options" sq_in_bar "$(printf %x "$start")"
		trace_stop
	done
	load_stop
	verify --ioengine=io_uring --rw=randwrite --bsrange=512-256k --iodepth=32
	unplug rp0
done
MODULE_PARAMS=use_cmb_sqes=0
one_disk cmb_size_mb=1
read -r start _ < <(sed -n 3p "/sys/bus/pci/devices/$BDF/resource")
trace_start pci_nvme_create_sq
echo 1 > "$SYS/reset_controller"
wait_for 10 "live" reads "$SYS/state" live
wait_for 10 "a queue" trace_seen pci_nvme_create_sq
fails sq_in_bar "$(printf %x "$start")"
trace_stop
read_ok
unplug rp0
