# SPDX-License-Identifier: GPL-2.0-or-later
# gmxctl tune: a profile is planned, applied, verified and taken back; it makes sequential buffered reads of fio faster, as measured
# limit: 600
# driver: gmx
. /repo/tests/vm/gmxctl.sh
queue() { cat "/sys/block/$BLK/queue/$1"; }
# KiB a second that one reader gets without the page cache
speed() {
	echo 3 > /proc/sys/vm/drop_caches
	fio --name=read --allow_file_create=0 --filename="$DISK" --rw=read --bs=4k --ioengine=psync --size=32M --readonly --output-format=json \
		--output="$STATE/speed" > /dev/null
	jq '.jobs[0].read.bw' "$STATE/speed"
}

mountpoint -q /var/lib || mount -t tmpfs tmpfs /var/lib
emu_plug gtune rp0 g3
dd if=/dev/urandom of="$DISK" bs=1M count=32 oflag=direct status=none
# a medium that takes its time, as read-ahead hides it: more than a busy machine takes for the rest
emu_ctl gtune fault-add kind=delay us=2000 set=io opcode=read
before=$(queue read_ahead_kb)
echo balanced > "$SYS/interrupt_profile"
exits 0 tune plan "$NAME" --profile throughput
is "$(jq -r '.result[] | select(.setting == "read_ahead_kb") | .to' "$STATE/json")" 4096 "plan"
is "$(queue read_ahead_kb)" "$before" "read-ahead after a plan"
exits 1 tune revert "$NAME"
said "nothing to go back to"
exits 1 tune verify "$NAME"
exits 0 tune apply "$NAME" --profile latency
slow=$(speed)
exits 0 tune verify "$NAME"
exits 0 tune apply "$NAME" --profile throughput
is "$(queue read_ahead_kb)" 4096 "read-ahead"
is "$(cat "$SYS/interrupt_profile")" adaptive "interrupt profile"
fast=$(speed)
say "buffered reads: $slow KiB/s with the profile latency, $fast with throughput"
[ "$fast" -gt $((slow * 6 / 5)) ] || die "no faster: $slow and $fast KiB/s"
exits 0 tune verify "$NAME"
exits 0 tune apply "$BLK" --profile latency
exits 0 tune verify "$NAME"
exits 1 tune verify "$NAME" --profile throughput
exits 0 tune apply "$BLK" --profile throughput
echo 64 > "/sys/block/$BLK/queue/read_ahead_kb"
exits 1 tune verify "$NAME"
said "1 settings"

say "back to what was found first"
exits 0 tune revert "$NAME"
is "$(queue read_ahead_kb)" "$before" "read-ahead"
is "$(cat "$SYS/interrupt_profile")" balanced "interrupt profile"
is "$(jq '[.result[] | select(.done | not)] | length' "$STATE/json")" 0 "settings that did not go back"
exits 1 tune revert "$NAME"
emu_unplug gtune rp0
umount /var/lib
