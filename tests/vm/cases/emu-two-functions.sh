# SPDX-License-Identifier: GPL-2.0-or-later
# two controllers of one subsystem: each sees what the other wrote, both serve fio at once, one is pulled out under load of the other
# driver: gmx
echo '{"functions": 2}' > $VM/two.json
emu_plug two rp0 g3 -n 2 --config two.json
a=$NAME adisk=$DISK
emu plug two rp1 two-b 1 > /dev/null
slot_on rp1
echo "two-b emu" > "$STATE/plugged.rp1"
wait_for 20 "PCI device $(bdf_of rp1)" present "$(bdf_of rp1)"
attached rp1
b=$NAME bdisk=$DISK bsys=$SYS
is "$(cat "/sys/class/gmx/$b/subsysnqn")" "$(cat "/sys/class/gmx/$a/subsysnqn")" "subsystem"
not reads "/sys/class/gmx/$b/cntlid" "$(cat "/sys/class/gmx/$a/cntlid")" || die "both have one controller id"
is "$(cat "/sys/block/${bdisk##*/}/wwid")" "$(cat "/sys/block/${adisk##*/}/wwid")" "namespace"

DISK=$adisk write_pattern a $((200 << 20)) $((1 << 20))
DISK=$bdisk holds a $((200 << 20)) $((1 << 20)) || die "$bdisk does not hold what $adisk wrote"
DISK=$bdisk write_pattern b $((200 << 20)) $((1 << 20))
DISK=$adisk holds b $((200 << 20)) $((1 << 20)) || die "$adisk does not hold what $bdisk wrote"

LOAD_DISK=$bdisk load_start --offset=128m
DISK=$adisk verify --ioengine=io_uring --rw=randwrite --bsrange=4k-64k --iodepth=16 --size=$((SIZE / 4))
say "one is pulled out"
dd if="$adisk" of=/dev/null bs=64k iflag=direct count=3000 status=none 2> /dev/null &
reader=$!
unplug rp0
[ ! -e "/sys/class/gmx/$a" ] || die "$a is still there"
wait $reader || true
before=$(writes "$bdisk")
wait_for 20 "I/O of the other to go on" more_writes "$bdisk" $((before + 40))
say "and comes back"
emu plug two rp0 > /dev/null
slot_on rp0
echo "two emu" > "$STATE/plugged.rp0"
wait_for 20 "PCI device $(bdf_of rp0)" present "$(bdf_of rp0)"
attached rp0
DISK=$DISK holds b $((200 << 20)) $((1 << 20)) || die "$DISK does not hold what was written before"
LOAD_DISK=$bdisk load_stop
SYS=$bsys
is "$(stat_of reset_count) $(stat_of timeout_count)" "0 0" "resets and time-outs of the other"
unplug rp1
emu_unplug two rp0
