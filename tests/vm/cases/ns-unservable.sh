# SPDX-License-Identifier: GPL-2.0-or-later
# a format with metadata gets no disk and a line with the reason; the generic node can format it
# driver: gmx
expect_log
NO_DISK=1 plug c2 rp2 "mdts=7,subsys=s2"
ns_add c2 c2a "drive=d4,nsid=1,ms=8,mset=0"
GEN=/dev/${GENERIC}${NUM}n1
DISK=/dev/${NAME}n1
wait_for 10 "$GEN" test -c "$GEN"
wait_for 10 "a line with the reason" log_has "gmx.*(metadata|format)"
[ ! -e "$DISK" ] || [ "$(blockdev --getsize64 "$DISK")" = 0 ] || die "a disk is there"
# its buffer would have to be passed on: a read without would make the controller write to bus address 0
fails nvme io-passthru "$GEN" --namespace-id=1 --opcode=2 --data-len=512 --read > "$STATE/read" 2>&1
grep -qi "invalid argument" "$STATE/read" || die "a read without metadata buffer: $(head -n 1 "$STATE/read")"
# nvme-cli formats, then asks this node for a rescan, which only the controller's knows, and calls that an error
nvme format "$GEN" --namespace-id=1 --lbaf=0 --force --timeout=60000 > "$STATE/format" 2>&1 ||
	grep -q "Success formatting" "$STATE/format" || die "format: $(head -n 2 "$STATE/format")"
echo 1 > "$SYS/rescan_controller"
wait_for 10 "the disk" test -b "$DISK"
read_ok
# protection information that the controller makes and strips itself is in no buffer, beside the data or behind each block
pract() { # NSID DRIVE MSET
	ns_add c2 c2p "$2,nsid=$1,ms=8,pi=1,mset=$3"
	GEN=/dev/${GENERIC}${NUM}n$1
	wait_for 10 "$GEN" test -c "$GEN"
	head -c 2048 /dev/urandom > "$STATE/pi"
	"$TESTS/submitio" "$GEN" write 8 4 2048 0x2000 "$STATE/pi" > "$STATE/said" || die "write: $(cat "$STATE/said")"
	"$TESTS/submitio" "$GEN" read 8 4 2048 0x2000 "$STATE/back" > "$STATE/said" || die "read: $(cat "$STATE/said")"
	cmp "$STATE/pi" "$STATE/back"
	ns_del c2 c2p
}
pract 2 drive=d5 0
pract 3 drive=d5 1
unplug rp2
