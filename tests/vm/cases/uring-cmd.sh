# SPDX-License-Identifier: GPL-2.0-or-later
# uring_cmd: admin commands on the controller node, verified fio on the generic node
# driver: gmx
one_disk
expect_log
"$TESTS/uringcmd" work "$CTRL" "$DISK" "$GEN" > /tmp/uring.gmx || { cat /tmp/uring.gmx; die "uring_cmd"; }
# fio 3.39 wants the name ng*; any other name is a matter of the same node
DISK=$GEN
timeout $((100 * ${SLOW:-1})) fio --name=u --filename="$GEN" --ioengine=io_uring_cmd --cmd_type=nvme --rw=randwrite --bs=4k \
	--iodepth=8 --size=$((SIZE / 16)) --verify=crc32c --verify_fatal=1 --minimal > "$STATE/fio.out" 2>&1 ||
	{ tail -n 5 "$STATE/fio.out"; die "fio"; }
as_driver nvme rp0
"$TESTS/uringcmd" work "$CTRL" "$DISK" "$GEN" > /tmp/uring.nvme
as_driver gmx rp0
inbox_gone
diff -u /tmp/uring.nvme /tmp/uring.gmx
