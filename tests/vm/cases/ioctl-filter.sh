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
# how much a Copy moves is in its data: only the controller knows, so only root may
chmod 666 "$GEN"
dd if=/dev/zero of=/tmp/range bs=32 count=1 status=none
fails setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all \
	nvme io-passthru "$GEN" --namespace-id=1 --opcode=0x19 --data-len=32 --write --input-file=/tmp/range > /tmp/copy 2>&1
grep -qi "permission denied" /tmp/copy || die "an unprivileged Copy: $(head -n 1 /tmp/copy)"
chmod 600 "$GEN"
grep -q EACCES $VM/filter.gmx || die "nothing was refused"
# ours does on any kernel as inbox since 6.2, which before refuses an unprivileged user everything
diff -u "$TESTS_DIR/cases/ioctl-filter.want" $VM/filter.gmx
if [[ $(uname -r) == 6.1.* ]]; then
	grep -q ' uring: EACCES' $VM/filter.nvme || die "inbox refuses nothing: $(head -n 3 $VM/filter.nvme)"
	not grep -E ': 0x' $VM/filter.nvme || die "inbox is no longer what the list of ours was made up for"
else
	diff -u $VM/filter.nvme $VM/filter.gmx
fi
