# SPDX-License-Identifier: GPL-2.0-or-later
# ioctls with bad pointers, sizes, opcodes and namespace ids answer as the inbox driver's, and write nothing
# driver: gmx
one_disk
expect_log
"$TESTS/badioctl" "$CTRL" "$DISK" "$GEN" > /tmp/bad.gmx || { grep written /tmp/bad.gmx; die "a refused command wrote to its buffer"; }
for node in ctrl disk generic; do echo "$node identify of 4 GiB: EINVAL"; done > /tmp/huge.want
"$TESTS/badioctl" "$CTRL" "$DISK" "$GEN" huge | diff -u /tmp/huge.want - || die "more than all memory is not refused"
as_driver nvme rp0
"$TESTS/badioctl" "$CTRL" "$DISK" "$GEN" > /tmp/bad.nvme || say "the inbox driver writes too"
as_driver gmx rp0
inbox_gone
grep -q "^ctrl unknown ioctl.*ENOTTY" /tmp/bad.gmx || die "an unknown ioctl is not ENOTTY"
grep -q "^ctrl namespace id: ENOTTY" /tmp/bad.gmx || die "NVME_IOCTL_ID on the controller is not ENOTTY"
# what inbox lets kernel buffers see after a failed read is its own affair
grep -v written /tmp/bad.nvme > /tmp/bad.want
diff -u /tmp/bad.want /tmp/bad.gmx
