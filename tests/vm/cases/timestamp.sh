# SPDX-License-Identifier: GPL-2.0-or-later
# the controller's clock is the host's, after its binding and after a reset
one_disk
controller_ms() {
	nvme get-feature "$CTRL" -f 0x0e -l 8 -b > "$STATE/timestamp"
	od -An -tu8 "$STATE/timestamp" | awk '{printf "%d", $1 % 2^48}'
}
on_time() {
	local now
	now=$(controller_ms)
	[ "$now" -ge $((from - 1000)) ] && [ "$now" -le $(($(date +%s%3N) + 1000)) ] ||
		die "the controller's clock says $now ms $1, the host's $from to $(date +%s%3N)"
}
from=$(date +%s%3N)
# a wrong time, which a reset has to mend
printf '\1\0\0\0\0\0\0\0' > "$STATE/wrong"
nvme set-feature "$CTRL" -f 0x0e -l 8 -d "$STATE/wrong" > /dev/null
[ "$(controller_ms)" -lt 600000 ] || die "the wrong time was not taken"
echo 1 > "$SYS/reset_controller"
wait_for 10 "live" reads "$SYS/state" live
on_time "after a reset"
unload
load
attached rp0
on_time "after its binding"
