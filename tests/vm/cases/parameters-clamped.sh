# SPDX-License-Identifier: GPL-2.0-or-later
# module parameters out of range are clamped, each with one line that says so
# driver: gmx
expect_log
unplug rp0
p=/sys/module/gmx/parameters
for try in io_queue_depth=1 io_queue_depth=100000 io_timeout_ms=1 poll_queues=99999 write_queues=99999 \
	abort_limit=100000 recovery_budget_ms=1 admin_timeout_ms=1 io_timeout_ms=-1 io_queue_depth=99999999999999999999 \
	max_transfer_kb=4 max_transfer_kb=100000 sgl_threshold=99999999 max_host_mem_size_mb=99999 max_queues=-5; do
	unload
	mark=$("$TESTS_DIR/kmsg" last)
	insmod /gmx/gmx.ko "$try"
	lines=$("$TESTS_DIR/kmsg" since "$mark" | grep -c "gmx.*${try%=*}" || true)
	is "$lines" 1 "lines about $try"
	[ "$(cat "$p/${try%=*}")" != "${try#*=}" ] || die "$try is taken as it is"
done
unload
fails insmod /gmx/gmx.ko io_queue_depth=many
fails insmod /gmx/gmx.ko io_queue_depth=-
load
for try in max_queues=0 poll_queues=99999 abort_limit=0 abort_limit=-1 max_host_mem_size_mb=99999; do
	mark=$("$TESTS_DIR/kmsg" last)
	old=$(cat "$p/${try%=*}")
	echo "${try#*=}" > "$p/${try%=*}"
	lines=$("$TESTS_DIR/kmsg" since "$mark" | grep -c "gmx.*${try%=*}" || true)
	is "$lines" 1 "lines about $try, set while loaded"
	[ "$(cat "$p/${try%=*}")" != "${try#*=}" ] || die "$try is taken as it is while loaded"
	echo "$old" > "$p/${try%=*}"
done
fails sh -c "echo few > $p/max_queues"
one_disk
read_ok
