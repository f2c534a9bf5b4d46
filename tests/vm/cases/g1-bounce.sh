# SPDX-License-Identifier: GPL-2.0-or-later
# a G1 in a guest with memory above 4 GiB: what fio writes goes through bounce buffers, is right and is counted; a G3's does not
# driver: gmx
grep -q '^100000000-.* : System RAM' /proc/iomem || die "this guest has no memory above 4 GiB"
emu_plug g1 rp0 g1
requests=$(stat_of bounced_request_count) bytes=$(stat_of bounced_bytes)
verify --ioengine=io_uring --rw=randwrite --bsrange=4k-256k --iodepth=16 --size=$((SIZE / 4))
ge "$(stat_of bounced_request_count)" $((requests + 1)) "bounced requests"
ge "$(stat_of bounced_bytes)" $((bytes + 4096)) "bounced bytes"
say "$(stat_of bounced_request_count) requests, $(stat_of bounced_bytes) bytes went through bounce buffers"
write_pattern x 0 $((1 << 20))
holds x 0 $((1 << 20)) || die "what was written did not come back"
emu ctl g1 status > "$STATE/status"
! grep -q '"fatal": *true' "$STATE/status" || die "the controller met an address that it does not reach"
emu_unplug g1 rp0

emu_plug g3 rp0 g3
verify --ioengine=libaio --rw=randwrite --bsrange=4k-256k --iodepth=16 --size=$((SIZE / 8))
is "$(stat_of bounced_request_count) $(stat_of bounced_bytes)" "0 0" "what a G3 bounced"
emu_unplug g3 rp0
