# SPDX-License-Identifier: GPL-2.0-or-later
# a format through the controller node is followed by the disk at once, whatever the effects log says of it
# driver: gmx
NO_DISK=1 plug c2 rp2 "mdts=7,subsys=s2"
ns_add c2 c2a "drive=d4,nsid=1"
DISK=/dev/${NAME}n1
wait_for 10 "$DISK" test -b "$DISK"
is "$(blockdev --getss "$DISK")" 512 "block size before"
lbaf=$(nvme id-ns "$CTRL" -n 1 | sed -n 's/^lbaf *\([0-9]*\) *: *ms:0 *lbads:12.*/\1/p' | head -1)
nvme admin-passthru "$CTRL" --opcode=0x80 --namespace-id=1 --cdw10=$((lbaf))
wait_for 10 "4096-byte blocks" reads "/sys/block/${NAME}n1/queue/logical_block_size" 4096
write_pattern F 0 65536
holds F 0 65536 || die "data after the format"
unplug rp2
