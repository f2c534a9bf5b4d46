# SPDX-License-Identifier: GPL-2.0-or-later
# a controller is lent host memory, finds in it what it wrote through resets and a rebind under fio, and gives it back when told
# driver: gmx
# limit: 400
emu_plug hmb rp0 g3
limit=/sys/module/gmx/parameters/max_host_mem_size_mb
hmb_of() { emu_part hmb hmb "$1"; }
hmb_is() { [ "$(hmb_of "$1")" = "$2" ]; }
hmb_above() { [ "$(hmb_of "$1")" -gt "$2" ]; }
all_written() { hmb_is written "$1" && hmb_is pages "$1"; }

is "$(stat_of hmb)" 1 "hmb at first"
log_has "host memory buffer: 16384 KiB in [0-9]+ parts" || die "no line about the memory"
wait_for 30 "all of it to be used" all_written 4096
load_start
for i in 1 2 3 4 5; do
	echo 1 > "$SYS/reset_controller"
	wait_for 10 "live after reset $i" reads "$SYS/state" live
	is "$(hmb_of enabled)" true "enabled after reset $i"
	is "$(hmb_of returns)" "$i" "memory that returned with its content, after reset $i"
	checked=$(hmb_of checked)
	wait_for 20 "pages to be checked after reset $i" hmb_above checked $((checked + 64))
done
load_stop
echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
is "$(hmb_of enabled)" false "enabled without a driver"
echo "$BDF" > /sys/bus/pci/drivers/gmx/bind
attached rp0
wait_for 30 "all of it to be used after a rebind" all_written 4096
echo 0 > "$SYS/hmb"
is "$(hmb_of enabled) $(stat_of hmb)" "false 0" "switched off"
echo 1 > "$SYS/reset_controller"
is "$(hmb_of enabled)" false "off stays off over a reset"
echo 1 > "$SYS/hmb"
is "$(hmb_of enabled) $(stat_of hmb)" "true 1" "switched on"
fails sh -c "echo much > $SYS/hmb" 2> /dev/null

# switched on while a reset is under way, whose own offer comes after it
echo 0 > "$SYS/hmb"
emu_ctl hmb fault-add kind=delay us=1000000 set=admin opcode=identify count=1
echo 1 > "$SYS/reset_controller" &
wait_for 10 "the reset" reads "$SYS/state" resetting
echo 1 > "$SYS/hmb"
wait $!
wait_for 10 live reads "$SYS/state" live
is "$(hmb_of enabled) $(stat_of hmb)" "true 1" "switched on during a reset"
! log_has "offered and refused" || die "memory was offered twice"
wait_for 30 "all of it to be used" all_written 4096

# less than is wanted, less than is needed, none
echo 2 > $limit
echo 1 > "$SYS/reset_controller"
wait_for 20 "2 MiB to be used" all_written 512
echo 0 > $limit
echo 1 > "$SYS/reset_controller"
is "$(hmb_of enabled) $(stat_of hmb)" "false 0" "none by parameter"
echo 128 > $limit
verify --ioengine=io_uring --rw=randwrite --bs=64k --iodepth=8 --size=$((SIZE / 4))
is "$(hmb_of errors)" 0 "pages that came back changed"
emu_unplug hmb rp0
