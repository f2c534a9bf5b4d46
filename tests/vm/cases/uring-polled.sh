# SPDX-License-Identifier: GPL-2.0-or-later
# uring_cmd on a polled ring answers as inbox does, and its I/O goes by the poll queue, with registered buffers too
# driver: gmx
MODULE_PARAMS="poll_queues=1"
one_disk
expect_log
poll=$(($(cat "$SYS/queue_count") - 1))
"$TESTS/uringcmd" polled "$CTRL" "$DISK" "$GEN" > /tmp/polled.gmx || { cat /tmp/polled.gmx; die "polled uring_cmd"; }
for buffers in 0 1; do
	ftrace_start gmx/gmx_setup_cmd
	timeout $((100 * ${SLOW:-1})) fio --name=u --filename="$GEN" --ioengine=io_uring_cmd --cmd_type=nvme --hipri=1 --fixedbufs=$buffers \
		--rw=randwrite --bs=4k --iodepth=4 --size=$((SIZE / 64)) --verify=crc32c --verify_fatal=1 --minimal > "$STATE/fio.out" 2>&1 ||
		{ tail -n 5 "$STATE/fio.out"; die "fio"; }
	ftrace_stop
	all=$(ftrace_count 'qid=[1-9].*opcode=0x[12] ')
	ge "$all" $((SIZE / 64 / 4096)) "commands"
	is "$(ftrace_count "qid=$poll .*opcode=0x[12] ")" "$all" "commands by the poll queue"
done
INBOX_PARAMS="poll_queues=1" as_driver nvme rp0
"$TESTS/uringcmd" polled "$CTRL" "$DISK" "$GEN" > /tmp/polled.nvme
as_driver gmx rp0
inbox_gone
diff -u /tmp/polled.nvme /tmp/polled.gmx
