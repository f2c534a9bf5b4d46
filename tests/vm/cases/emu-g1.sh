# SPDX-License-Identifier: GPL-2.0-or-later
# an emulated G1 is bound by its id, verifies what fio writes, answers nvme-cli and survives a reset and an unplug
# driver: gmx
# limit: 300
expect_log
emu_plug g1 rp0 g1
is "$(cat /sys/bus/pci/devices/$BDF/device)" 0x0100 "device id"
is "$(cat "$SYS/model" | tr -d ' ')" "GigamaxG1" "model"
verify --ioengine=io_uring --rw=randwrite --bsrange=4k-256k --iodepth=16
nvme smart-log "$CTRL" > /tmp/smart
grep -q "^available_spare" /tmp/smart || die "no SMART log: $(head -n 1 /tmp/smart)"
emu ctl g1 status > /tmp/status
grep -q '"ok": *true' /tmp/status || die "status: $(head -c 200 /tmp/status)"
echo 1 > "$SYS/reset_controller"
wait_for 20 "live after a reset" reads "$SYS/state" live
read_ok
emu_unplug g1 rp0
