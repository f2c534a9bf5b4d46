# SPDX-License-Identifier: GPL-2.0-or-later
# a 32-bit program's ioctls answer as inbox's do, and SUBMIT_IO, whose layout is another there, works
# driver: gmx
one_disk
expect_log
"$TESTS/ioctl32" "$CTRL" "$DISK" "$GEN" > /tmp/32.gmx
holds C 8192 4096 || die "what the generic node's SUBMIT_IO wrote is not there"
grep -q '^ctrl id: error 00000019' /tmp/32.gmx || die "NVME_IOCTL_ID on the controller is not ENOTTY"
for node in disk generic; do
	written=$(sed -n "s/^$node submit a write: status 00000000 data //p" /tmp/32.gmx)
	[ "$written" ] && grep -q "^$node submit a read: status 00000000 data $written$" /tmp/32.gmx ||
		die "SUBMIT_IO on the $node node: $(grep "^$node submit" /tmp/32.gmx)"
	grep -q "^$node submit beyond the end: status 00004080" /tmp/32.gmx || die "SUBMIT_IO beyond the end of the $node node"
	grep -q "^$node submit a read into no memory: error 0000000e" /tmp/32.gmx || die "SUBMIT_IO into no memory on the $node node"
done
as_driver nvme rp0
"$TESTS/ioctl32" "$CTRL" "$DISK" "$GEN" > /tmp/32.nvme
as_driver gmx rp0
inbox_gone
# inbox refuses the 32-bit SUBMIT_IO as unknown: it asks for the option without its CONFIG_
diff -u <(grep -v ' submit ' /tmp/32.nvme) <(grep -v ' submit ' /tmp/32.gmx)
