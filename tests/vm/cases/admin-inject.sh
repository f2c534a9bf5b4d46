# SPDX-License-Identifier: GPL-2.0-or-later
# faults on demand by debugfs: completions that are changed, lost or late, of I/O and of administration, against resets, verified I/O and unbinding
# driver: gmx
emu_plug ain rp0 g3
mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
dir=/sys/kernel/debug/gmx/$NAME/inject
# inject FILE=VALUE...: armed with that, and the rest as it was at first
inject() {
	local pair
	echo 0 > "$dir/armed"
	for pair in queue=io opcode=2 nth=1 count=1 action=status status=0 delay_ms=0 "$@"; do
		echo "${pair#*=}" > "$dir/${pair%%=*}"
	done
	echo 1 > "$dir/armed"
}
fired() { cat "$dir/fired"; }
one_read() { dd if="$DISK" of=/tmp/read bs=4096 count=1 iflag=direct status=none 2> /dev/null; }
ms() { echo $((${EPOCHREALTIME/./} / 1000)); }
write_pattern i 0 65536
# looks of others at the disk are over
udevadm settle 2> /dev/null || true

for f in "$dir"/*; do grep -q "^| .${f##*/}. |" /repo/docs/abi/debugfs-gmx.md || die "${f##*/} is not documented"; done
is "$(cat "$dir/queue") $(cat "$dir/opcode") $(cat "$dir/action") $(cat "$dir/armed") $(fired)" "io 2 status 0 0" "at first"

say "another status"
expect_log "failed: |I/O error|medium error|time-out|abort|reset: |admin queue"
inject status=0x4281
not one_read || die "a read that failed did not"
is "$(fired) $(stat_of command_error_count)" "1 1" "fired, errors"
one_read || die "a read after it"
inject status=0x281
one_read || die "a read that may be repeated"
is "$(fired) $(stat_of command_retries_count)" "1 1" "fired, retries"
inject status=0x4281 nth=3 count=2
one_read && one_read || die "before the third"
not one_read || die "the third"
not one_read || die "the fourth"
one_read || die "the fifth"
is "$(fired)" 2 "fired"
inject queue=admin opcode=6 status=0x4002
not nvme id-ctrl "$CTRL" > /dev/null 2>&1 || die "Identify did not fail"
nvme id-ctrl "$CTRL" > /dev/null

say "late"
inject action=delay delay_ms=300
from=$(ms)
one_read || die "a read that is late"
ge "$(($(ms) - from))" 300 "ms"
is "$(fired) $(stat_of timeout_count)" "1 0" "fired, time-outs"
inject action=delay delay_ms=3 opcode=256 count=0
verify --ioengine=io_uring --rw=randrw --bs=4k --iodepth=32 --size=4m
ge "$(fired)" 100 "late completions"
is "$(stat_of timeout_count) $(stat_of stale_completion_count)" "0 0" "time-outs, stale completions"

say "later than a reset, which takes the command back"
inject action=delay delay_ms=1500
one_read &
sleep 0.3
echo 1 > "$SYS/reset_controller"
wait $! || die "the read that a reset repeated"
sleep 1.5
is "$(fired) $(stat_of timeout_count) $(stat_of stale_completion_count)" "1 0 0" "fired, time-outs, stale completions"

say "lost: found out, and repeated"
echo 500 > "$SYS/io_timeout_ms"
inject action=drop
one_read || die "a read whose completion was lost"
is "$(fired)" 1 "fired"
ge "$(stat_of timeout_count)" 1 "time-outs"
wait_for 20 live reads "$SYS/state" live
read_ok

say "refused; and unbound with one late"
fails inject status=0x8000 2> /dev/null
fails inject opcode=257 2> /dev/null
fails inject delay_ms=600001 2> /dev/null
fails sh -c "echo nobody > $dir/queue" 2> /dev/null
inject queue=admin opcode=6 action=delay delay_ms=60000
echo 120000 > "$SYS/admin_timeout_ms"
nvme id-ctrl "$CTRL" > /dev/null 2>&1 &
wait_for 10 "the late command" eval '[ "$(fired)" = 1 ]'
from=$(ms)
echo "$BDF" > /sys/bus/pci/drivers/gmx/unbind
wait $! || true
ge 10000 $((($(ms) - from) / ${SLOW:-1})) "ms for the unbinding"
emu_unplug ain rp0
