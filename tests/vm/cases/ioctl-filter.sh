# SPDX-License-Identifier: GPL-2.0-or-later
# an unprivileged user may read and identify where the node's mode lets him, and nothing else, as with inbox
# driver: gmx
one_disk
expect_log
as_user() {
	chmod "$1" "$CTRL" "$DISK" "$GEN"
	setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all "$TESTS/uringcmd" filter "$CTRL" "$DISK" "$GEN"
	chmod 600 "$CTRL" "$DISK" "$GEN"
}
modes() { for mode in 444 666; do echo "mode $mode"; as_user $mode; done; }
modes > $VM/filter.gmx
as_driver nvme rp0
modes > $VM/filter.nvme
as_driver gmx rp0
inbox_gone
grep -q EACCES $VM/filter.gmx || die "nothing was refused"
# the inbox driver before 6.2 refuses an unprivileged user everything; ours does on any kernel as inbox since then
diff -u "$TESTS_DIR/cases/ioctl-filter.want" $VM/filter.gmx
if grep -q '^ctrl identify controller ioctl: 0x0' $VM/filter.nvme; then diff -u $VM/filter.nvme $VM/filter.gmx; fi
