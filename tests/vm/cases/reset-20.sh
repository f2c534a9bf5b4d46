# SPDX-License-Identifier: GPL-2.0-or-later
# 20 resets under a verifying fio: no error reaches it, no data is wrong
# limit: 400
one_disk
expect_log
load_start
before=$(writes "$DISK")
for i in $(seq 20); do
	echo 1 > "$SYS/reset_controller"
	wait_for 10 "live after reset $i" reads "$SYS/state" live
	nap 0.1
done
after=$(writes "$DISK")
[ "$after" -gt "$before" ] || die "no write completed between the resets"
load_stop
if [ $DRIVER = gmx ]; then ge "$(stat_of reset_count)" 20 "reset_count"; fi
