# SPDX-License-Identifier: GPL-2.0-or-later
# where interrupts are remapped, MSI gives several messages: one for each CPU's queue and the admin queue, and all are used
# driver: gmx
cpus=$(nproc)
ge "$cpus" 2 "CPUs"
echo '{"interrupts": "msi"}' > $VM/msi3.json
emu_plug msi3 rp0 g3 --config msi3.json
irq_kind msi || die "interrupts are: $(cat /sys/bus/pci/devices/"$BDF"/msi_irqs/*)"
messages=$(ls /sys/bus/pci/devices/"$BDF"/msi_irqs | wc -l)
ge "$messages" $((cpus + 1)) "messages"
count_of() { awk -v n="gmx${NUM}q$1" '$NF == n { for (i = 2; i <= 1 + '"$cpus"'; i++) sum += $i } END { print sum + 0 }' /proc/interrupts; }
for cpu in $(seq 0 $((cpus - 1))); do
	taskset -c "$cpu" dd if="$DISK" of=/dev/null bs=4k count=64 iflag=direct status=none
done
for queue in $(seq 0 "$cpus"); do ge "$(count_of "$queue")" 1 "interrupts of queue $queue"; done
verify --ioengine=io_uring --rw=randwrite --bsrange=4k-64k --iodepth=16 --size=$((SIZE / 8))
emu_unplug msi3 rp0
