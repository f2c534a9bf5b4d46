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
for mode in 444 666; do echo "mode $mode"; as_user $mode; done > /tmp/filter.gmx
as_driver nvme rp0
for mode in 444 666; do echo "mode $mode"; as_user $mode; done > /tmp/filter.nvme
as_driver gmx rp0
inbox_gone
grep -q EACCES /tmp/filter.gmx || die "nothing was refused"
diff -u /tmp/filter.nvme /tmp/filter.gmx
